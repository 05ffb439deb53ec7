//! How likely each goal is reached, by sampling worlds.
//!
//! In a world every cause has one lot, a number between 0 and 1, and a step succeeds where its chance is greater than
//! its cause's lot. Worlds are drawn [`Lanes`] at a time, one to a bit: a state's word says in which worlds it was
//! reached, and one AND carries all of them over a step. Lots are made by hashing seed, cause and block of worlds, so
//! a step is drawn only when somebody comes to it, the same again whenever it is asked, and whatever else is in the
//! graph. Two networks that differ in one control can thus be compared world by world.

mod interval;
mod kept;
mod lanes;

pub use interval::{Estimate, wilson};
pub use lanes::{LANES, Lanes};

use crate::chance::Chance;
use crate::graph::{Graph, StateId};
use kept::Kept;
use lanes::{draw, is_none, none, whole};
pub(crate) use lanes::{lot, mix, succeeds};

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

    /// Whether a step of this cause and chance succeeds in one world, by its number. The sampler draws the same.
    pub fn succeeds(self, world: u32, cause: u64, chance: Chance) -> bool {
        succeeds(self.seed, world / 64, world % 64, cause, chance)
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

/// A graph made ready for sampling.
///
/// Kept is only what lies on some way from a start to a goal, in the order of likelihood from the starts. States are
/// taken up in that order, in sweeps: most worlds then arrive at a state before it is taken up, and few after. A step is
/// drawn once a block, when the first world comes to it. Memory is 48 bytes a step and 80 a state.
#[derive(Clone, Debug)]
pub struct Sampler<'a> {
    graph: &'a Graph,
    kept: Kept,
    starts: Vec<u32>,
    goals: Vec<Option<u32>>,
    /// The worlds in which a step succeeds, and the number of the block for which that was drawn.
    open: Vec<Lanes>,
    drawn: Vec<u32>,
    block: u32,
    reached: Vec<Lanes>,
    fresh: Vec<Lanes>,
    /// One bit a state: worlds have arrived that it has not passed on.
    waiting: Vec<u64>,
}

impl<'a> Sampler<'a> {
    /// Prepares to sample whether `goals` are reached from any of `starts`. O(m + n log n).
    pub fn new(graph: &'a Graph, starts: &[StateId], goals: &[StateId]) -> Sampler<'a> {
        let kept = Kept::of(graph, starts, goals);
        let (states, steps) = (kept.states(), kept.ways.len());
        Sampler {
            graph,
            starts: starts.iter().filter_map(|&start| kept.number(start)).collect(),
            goals: goals.iter().map(|&goal| kept.number(goal)).collect(),
            open: vec![none(); steps],
            drawn: vec![0; steps],
            block: 0,
            reached: vec![none(); states],
            fresh: vec![none(); states],
            waiting: vec![0; states.div_ceil(64)],
            kept,
        }
    }

    /// In how many of the worlds each goal is reached, in the order of the goals. O(worlds/256 · m) words in practice:
    /// a state is taken up again only when worlds arrive that had not reached it before.
    pub fn count(&mut self, worlds: Worlds) -> Vec<u32> {
        let mut counts = vec![0; self.goals.len()];
        let graph = self.graph;
        for block in worlds.blocks() {
            self.spread(block, &|place| (graph.cause(place), graph.chance(place)));
            for (count, goal) in counts.iter_mut().zip(&self.goals) {
                let lanes = goal.map_or(none(), |goal| self.reached[goal as usize]);
                *count += lanes.iter().map(|lane| lane.count_ones()).sum::<u32>();
            }
        }
        counts
    }

    /// Where each state is reached in the worlds of a block, with lots as `law` says for the step at a place.
    pub(crate) fn spread(&mut self, block: Block, law: &impl Fn(usize) -> (u64, Chance)) {
        self.block += 1;
        self.reached.fill(none());
        let all = block.all();
        for at in 0..self.starts.len() {
            self.arrive(self.starts[at], &all);
        }
        let mut left = true;
        while std::mem::take(&mut left) {
            for word in 0..self.waiting.len() {
                while self.waiting[word] != 0 {
                    let bit = self.waiting[word].trailing_zeros();
                    self.waiting[word] &= self.waiting[word] - 1;
                    self.pass_on(word * 64 + bit as usize, block, law);
                    left = true;
                }
            }
        }
    }

    /// Passes the worlds that are new at a state along its steps.
    fn pass_on(&mut self, at: usize, block: Block, law: &impl Fn(usize) -> (u64, Chance)) {
        let here = std::mem::replace(&mut self.fresh[at], none());
        for step in self.kept.row(at) {
            let way = self.kept.ways[step];
            let known = &self.reached[way.to as usize];
            let mut new = none();
            for lane in 0..new.len() {
                new[lane] = here[lane] & !known[lane];
            }
            if is_none(&new) {
                continue;
            }
            if self.drawn[step] != self.block {
                self.drawn[step] = self.block;
                let (cause, chance) = law(way.place as usize);
                self.open[step] = block.lots(cause, chance);
            }
            let open = &self.open[step];
            for lane in 0..new.len() {
                new[lane] &= open[lane];
            }
            if !is_none(&new) {
                self.arrive(way.to, &new);
            }
        }
    }

    /// Notes that these worlds, which it had not, have reached a state.
    #[inline]
    fn arrive(&mut self, state: u32, new: &Lanes) {
        let at = state as usize;
        for (lane, new) in new.iter().enumerate() {
            self.reached[at][lane] |= new;
            self.fresh[at][lane] |= new;
        }
        self.waiting[at / 64] |= 1 << (at % 64);
    }

    /// In which worlds of the last block a state was reached; of a state that is on no way to a goal, none.
    pub(crate) fn reached(&self, state: StateId) -> Lanes {
        self.kept.number(state).map_or(none(), |at| self.reached[at as usize])
    }
}
