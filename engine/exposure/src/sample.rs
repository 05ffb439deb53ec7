//! How likely each goal is reached, by sampling worlds.
//!
//! In a world every cause has one lot, a number between 0 and 1, and a step succeeds where its chance is greater than
//! its cause's lot. Worlds are drawn [`Lanes`] at a time, one to a bit: a state's word says in which worlds it was
//! reached, and one AND carries all of them over a step. Lots are made by hashing seed, cause and block of worlds, so
//! a step is drawn only when somebody comes to it, the same again whenever it is asked, and whatever else is in the
//! graph. Two networks that differ in one control can thus be compared world by world.

mod interval;
mod lanes;

pub use interval::{Estimate, wilson};
pub use lanes::{LANES, Lanes};

use crate::chance::Chance;
use crate::graph::{Graph, StateId};
use lanes::{draw, none, whole};
pub(crate) use lanes::{lot, mix};

/// How many worlds, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worlds {
    /// How many worlds; rounded up to whole words of 64.
    pub count: u32,
    /// The same seed gives the same worlds, on every machine.
    pub seed: u64,
}

impl Default for Worlds {
    fn default() -> Self {
        Worlds { count: 8192, seed: 0x6b6f_6d61_696e_7500 }
    }
}

impl Worlds {
    /// How many worlds are really drawn: whole words of 64.
    pub fn drawn(self) -> u32 {
        self.count.max(1).div_ceil(64) * 64
    }

    /// Blocks of [`LANES`] worlds; the last may be partly used.
    pub(crate) fn blocks(self) -> impl Iterator<Item = Block> {
        let words = self.drawn() / 64;
        (0..words.div_ceil(LANES)).map(move |at| Block {
            seed: self.seed,
            first_word: at * LANES,
            words: LANES.min(words - at * LANES),
        })
    }
}

/// Some worlds at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub seed: u64,
    pub first_word: u32,
    pub words: u32,
}

impl Block {
    /// All worlds of the block.
    pub fn all(self) -> Lanes {
        let mut lanes = none();
        for lane in lanes.iter_mut().take(self.words as usize) {
            *lane = u64::MAX;
        }
        lanes
    }

    /// The worlds in which a step of this cause and chance succeeds.
    #[inline]
    pub fn lots(self, cause: u64, chance: Chance) -> Lanes {
        if chance == Chance::CERTAIN { whole() } else { draw(self.seed, self.first_word, cause, chance) }
    }
}

/// A graph made ready for sampling: only what lies on some way from a start to a goal.
#[derive(Clone, Debug)]
pub struct Sampler<'a> {
    graph: &'a Graph,
    useful: Vec<bool>,
    starts: Vec<StateId>,
    goals: Vec<StateId>,
    reached: Vec<Lanes>,
    fresh: Vec<Lanes>,
    waiting: Vec<bool>,
    queue: std::collections::VecDeque<StateId>,
}

impl<'a> Sampler<'a> {
    /// Prepares to sample whether `goals` are reached from any of `starts`. Memory is 64 bytes a state. O(n + m).
    pub fn new(graph: &'a Graph, starts: &[StateId], goals: &[StateId]) -> Sampler<'a> {
        let states = graph.states();
        Sampler {
            graph,
            useful: useful(graph, goals),
            starts: starts.to_vec(),
            goals: goals.to_vec(),
            reached: vec![none(); states],
            fresh: vec![none(); states],
            waiting: vec![false; states],
            queue: std::collections::VecDeque::new(),
        }
    }

    /// In how many of the worlds each goal is reached, in the order of the goals. O(worlds/256 · m) words in practice:
    /// a state is taken up again only when worlds arrive that had not reached it before.
    pub fn count(&mut self, worlds: Worlds) -> Vec<u32> {
        let mut counts = vec![0; self.goals.len()];
        for block in worlds.blocks() {
            self.spread(block, &|place| (self.graph.cause(place), self.graph.chance(place)));
            for (count, &goal) in counts.iter_mut().zip(&self.goals) {
                *count += self.reached[goal as usize].iter().map(|lane| lane.count_ones()).sum::<u32>();
            }
        }
        counts
    }
}

impl Sampler<'_> {
    /// Where each state is reached in the worlds of a block, with lots as `law` says for the step at a place.
    pub(crate) fn spread(&mut self, block: Block, law: &impl Fn(usize) -> (u64, Chance)) {
        self.reached.fill(none());
        let (graph, all) = (self.graph, block.all());
        for &start in &self.starts {
            arrive(start, &all, &mut self.reached, &mut self.fresh, &mut self.waiting, &mut self.queue);
        }
        while let Some(at) = self.queue.pop_front() {
            self.waiting[at as usize] = false;
            let here = std::mem::replace(&mut self.fresh[at as usize], none());
            for place in graph.row(at) {
                let to = graph.arc(place).to;
                if !self.useful[to as usize] {
                    continue;
                }
                let known = &self.reached[to as usize];
                let mut new = none();
                let mut any = 0;
                for lane in 0..new.len() {
                    new[lane] = here[lane] & !known[lane];
                    any |= new[lane];
                }
                if any == 0 {
                    continue;
                }
                let (cause, chance) = law(place);
                if chance == Chance::NEVER {
                    continue;
                }
                let open = block.lots(cause, chance);
                for lane in 0..new.len() {
                    new[lane] &= open[lane];
                }
                arrive(to, &new, &mut self.reached, &mut self.fresh, &mut self.waiting, &mut self.queue);
            }
        }
    }

    /// In which worlds of the last block a state was reached.
    pub(crate) fn reached(&self, state: StateId) -> &Lanes {
        &self.reached[state as usize]
    }
}

/// Notes that these worlds reached a state, and that it must be taken up (again) where some are new.
#[inline]
fn arrive(
    state: StateId,
    worlds: &Lanes,
    reached: &mut [Lanes],
    fresh: &mut [Lanes],
    waiting: &mut [bool],
    queue: &mut std::collections::VecDeque<StateId>,
) {
    let at = state as usize;
    let mut any = 0;
    for (lane, &worlds) in worlds.iter().enumerate() {
        let new = worlds & !reached[at][lane];
        any |= new;
        reached[at][lane] |= new;
        fresh[at][lane] |= new;
    }
    if any != 0 && !std::mem::replace(&mut waiting[at], true) {
        queue.push_back(state);
    }
}

/// From which states a goal can be reached at all.
fn useful(graph: &Graph, goals: &[StateId]) -> Vec<bool> {
    let back = graph.backwards();
    crate::blast::flood(graph.states(), goals, |at| back.arcs(at))
}
