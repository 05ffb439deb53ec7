//! How much harm a choice of fixes leaves: what plans make smallest.
//!
//! Harm is the sum over goals of how bad the goal is times the share of sampled worlds in which it is reached. All
//! choices are judged on the same worlds, so their differences are not blurred by chance, and one more fix never makes
//! things worse. Internally weights are whole numbers: sums are exact and equal is equal.

use crate::attack::Goal;
use crate::chance::Chance;
use crate::fix::{Levers, Terms};
use crate::graph::StateId;
use crate::sample::{Block, Estimate, Lanes, Sampler, Worlds, lot, succeeds, wilson};

/// Units of weight in one of the table's.
const UNITS: f64 = 1_048_576.0;

/// Which fixes are in place, by their numbers.
pub(crate) type Choice = Vec<bool>;

/// Judges choices of fixes.
pub(crate) struct Judge<'a> {
    pub levers: &'a Levers,
    pub worlds: Worlds,
    /// For each goal its state and its weight in whole units; goals that no entrance leads to are left out.
    goals: Vec<(StateId, u64)>,
    /// For each goal of the attack graph its place in `goals`.
    places: Vec<Option<usize>>,
    sampler: Sampler<'a>,
    chances: Vec<Chance>,
    /// Evaluations so far.
    pub judged: u32,
}

/// In how many worlds each goal is reached, and what that weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub hits: Vec<u32>,
    pub harm: u64,
}

impl<'a> Judge<'a> {
    pub fn new(levers: &'a Levers, goals: &[Goal], worlds: Worlds) -> Judge<'a> {
        let (mut kept, mut places) = (Vec::new(), Vec::new());
        for (goal, state) in goals.iter().zip(&levers.goals) {
            places.push(state.map(|state| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "0 to a million"
                )]
                kept.push((state, (goal.weight * UNITS).round() as u64));
                kept.len() - 1
            }));
        }
        let states: Vec<StateId> = kept.iter().map(|goal| goal.0).collect();
        Judge {
            levers,
            worlds,
            goals: kept,
            places,
            sampler: Sampler::new(&levers.graph, &levers.starts, &states),
            chances: (0..levers.graph.steps()).map(|place| levers.graph.chance(place)).collect(),
            judged: 0,
        }
    }

    /// Nothing in place.
    pub fn nothing(&self) -> Choice {
        vec![false; self.levers.fixes.len()]
    }

    /// The goals that count: state and weight.
    pub fn goals(&self) -> &[(StateId, u64)] {
        &self.goals
    }

    /// A harm in the table's unit of weight.
    pub fn in_weights(&self, harm: u64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far below 2⁵³ for any sensible table")]
        let harm = harm as f64;
        harm / UNITS / f64::from(self.worlds.drawn())
    }

    /// Puts a choice in place, for [`Judge::spread`] and what follows.
    pub fn choose(&mut self, choice: &Choice) {
        for (place, terms) in
            self.levers.terms.iter().enumerate().filter(|(_, terms)| !terms.terms.is_empty())
        {
            self.chances[place] = Chance::new(terms.chance(|fix| choice[fix as usize]));
        }
    }

    /// Samples one block under the choice in place.
    pub fn spread(&mut self, block: Block) {
        let (graph, chances) = (&self.levers.graph, &self.chances);
        self.sampler.spread(block, &|place| (graph.cause(place), chances[place]));
    }

    /// In which worlds of the last block a state was reached.
    pub fn reached(&self, state: StateId) -> Lanes {
        self.sampler.reached(state)
    }

    /// Judges a choice. One sampling.
    pub fn judge(&mut self, choice: &Choice) -> Verdict {
        self.judged += 1;
        self.choose(choice);
        let mut hits = vec![0_u32; self.goals.len()];
        for block in self.worlds.blocks() {
            self.spread(block);
            for (hits, goal) in hits.iter_mut().zip(&self.goals) {
                *hits += self.sampler.reached(goal.0).iter().map(|lane| lane.count_ones()).sum::<u32>();
            }
        }
        let harm = hits.iter().zip(&self.goals).map(|(&hits, goal)| u64::from(hits) * goal.1).sum();
        Verdict { hits, harm }
    }

    /// A verdict's estimate for each goal of the attack graph.
    pub fn estimates(&self, verdict: &Verdict) -> Vec<Estimate> {
        let hits = |place: &Option<usize>| place.map_or(0, |place| verdict.hits[place]);
        self.places.iter().map(|place| wilson(hits(place), self.worlds.drawn())).collect()
    }

    /// Whether a step succeeds in one world under the choice in place.
    pub fn is_open(&self, place: usize, world: World) -> bool {
        world.succeeds(self.levers.graph.cause(place), self.chances[place])
    }

    /// What makes the chance of a step.
    pub fn terms(&self, place: usize) -> &'a Terms {
        &self.levers.terms[place]
    }
}

/// One world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub seed: u64,
    pub word: u32,
    pub bit: u32,
}

impl World {
    /// Whether a step of this cause and chance succeeds.
    pub fn succeeds(self, cause: u64, chance: Chance) -> bool {
        succeeds(self.seed, self.word, self.bit, cause, chance)
    }

    /// The lot of a cause.
    pub fn lot(self, cause: u64) -> u32 {
        lot(self.seed, self.word, self.bit, cause)
    }
}
