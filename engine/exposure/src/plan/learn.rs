//! What has been learnt so far: for each goal in each world, the clauses that must be hit to keep it safe.

use super::clause::Finder;
use super::master::{Demand, Master, fill};
use super::set::{MOST_FIXES, Set};
use crate::graph::StateId;
use crate::harm::{Choice, Judge, World};
use std::collections::BTreeMap;

/// Numbers of clauses in the pool, in rising order.
type Clauses = Vec<u32>;

pub(super) struct Learner {
    finder: Finder,
    /// Where each step starts.
    tails: Vec<StateId>,
    /// Every clause learnt, as fixes in rising order.
    pool: Vec<Vec<u32>>,
    numbers: BTreeMap<Vec<u32>, u32>,
    /// For each goal and world the clauses of the goals that are reached and can be kept safe.
    demands: BTreeMap<(usize, u32), Clauses>,
    /// The weight of each goal.
    weights: Vec<u64>,
    /// For each goal and word of worlds, where it is reached whatever is fixed.
    lost: Vec<Vec<u64>>,
    /// The harm of that.
    lost_harm: u64,
    minutes: Vec<u32>,
}

impl Learner {
    /// Finds out what no fix at all can change.
    pub fn new(judge: &mut Judge<'_>) -> Learner {
        let levers = judge.levers;
        let mut tails = vec![0; levers.graph.steps()];
        for state in (0_u32..).take(levers.graph.states()) {
            tails[levers.graph.row(state)].fill(state);
        }
        let everything = vec![true; levers.fixes.len()];
        let lost_harm = judge.judge(&everything).harm;
        let mut lost = vec![Vec::new(); judge.goals().len()];
        for block in judge.worlds.blocks() {
            judge.spread(block);
            for (at, words) in lost.iter_mut().enumerate() {
                words.extend(&judge.reached(judge.goals()[at].0)[..block.words as usize]);
            }
        }
        Learner {
            finder: Finder::new(levers.graph.states()),
            tails,
            pool: Vec::new(),
            numbers: BTreeMap::new(),
            demands: BTreeMap::new(),
            weights: judge.goals().iter().map(|goal| goal.1).collect(),
            lost,
            lost_harm,
            minutes: levers.fixes.iter().map(|fix| fix.minutes).collect(),
        }
    }

    /// Learns a clause for each goal that a choice leaves open in a world although it hits all clauses known for it.
    /// Says whether there was any.
    pub fn learn(&mut self, judge: &mut Judge<'_>, choice: &Choice) -> bool {
        judge.choose(choice);
        let goals = judge.goals().to_vec();
        let mut learnt = false;
        for block in judge.worlds.blocks() {
            judge.spread(block);
            for lane in 0..block.words {
                let mut any = goals.iter().fold(0, |any, goal| any | judge.reached(goal.0)[lane as usize]);
                while any != 0 {
                    let bit = any.trailing_zeros();
                    any &= any - 1;
                    let world = World { seed: block.seed, word: block.first_word + lane, bit };
                    learnt |= self.learn_world(judge, choice, world, &goals, lane);
                }
            }
        }
        learnt
    }

    fn learn_world(
        &mut self,
        judge: &Judge<'_>,
        choice: &Choice,
        world: World,
        goals: &[(StateId, u64)],
        lane: u32,
    ) -> bool {
        let number = world.word * 64 + world.bit;
        let mut searched = false;
        let mut learnt = false;
        for (at, goal) in goals.iter().enumerate() {
            let bit = |word: u64| word >> world.bit & 1 == 1;
            let reached = bit(judge.reached(goal.0)[lane as usize]);
            if !reached || bit(self.lost[at][world.word as usize]) || !self.thinks_safe((at, number), choice)
            {
                continue;
            }
            if !std::mem::replace(&mut searched, true) {
                self.finder.search(judge, choice, world);
            }
            let clause = self.finder.clause(judge, &self.tails, choice, world, goal.0);
            if let Some(clause) = clause {
                let clause = self.number(clause);
                self.demands.entry((at, number)).or_default().push(clause);
                learnt = true;
            }
        }
        learnt
    }

    fn thinks_safe(&self, demand: (usize, u32), choice: &Choice) -> bool {
        let hit = |clause: &u32| self.pool[*clause as usize].iter().any(|&fix| choice[fix as usize]);
        self.demands.get(&demand).is_none_or(|clauses| clauses.iter().all(hit))
    }

    fn number(&mut self, clause: Vec<u32>) -> u32 {
        if let Some(&number) = self.numbers.get(&clause) {
            return number;
        }
        let number = u32::try_from(self.pool.len()).unwrap_or(u32::MAX);
        self.pool.push(clause.clone());
        self.numbers.insert(clause, number);
        number
    }

    /// Demands with the same clauses, together.
    fn merged(&self) -> BTreeMap<Clauses, u64> {
        let mut merged: BTreeMap<Clauses, u64> = BTreeMap::new();
        for (&(goal, _), clauses) in &self.demands {
            let mut clauses = clauses.clone();
            clauses.sort_unstable();
            clauses.dedup();
            *merged.entry(clauses).or_default() += self.weights[goal];
        }
        merged
    }

    /// The harm that some fix could take away, as far as is known: everything that was ever seen reached.
    fn at_stake(&self) -> u64 {
        self.demands.keys().map(|&(goal, _)| self.weights[goal]).sum()
    }

    /// The choice that the clauses known let look best, and the least harm that any choice within the budget can leave;
    /// none where more fixes stand in clauses than can be chosen among exactly. Counts the looks of the search down.
    pub fn choose(&self, budget: u32, looks: &mut u32) -> Option<(Choice, u64)> {
        // Fixes that stand in no clause change nothing, so only the others need a number in the sets.
        let mut fixes: Vec<u32> = self.pool.iter().flatten().copied().collect();
        fixes.sort_unstable();
        fixes.dedup();
        if fixes.len() > MOST_FIXES {
            return None;
        }
        let number = |fix: &u32| fixes.partition_point(|known| known < fix);
        let sets: Vec<Set> = self.pool.iter().map(|clause| clause.iter().map(number).collect()).collect();
        let set = |&clause: &u32| sets[clause as usize];
        let demand =
            |(clauses, weight): (Clauses, u64)| Demand { clauses: clauses.iter().map(set).collect(), weight };
        let demands: Vec<Demand> = self.merged().into_iter().map(demand).collect();
        let minutes: Vec<u32> = fixes.iter().map(|&fix| self.minutes[fix as usize]).collect();
        let best = Master::solve(&minutes, budget, &demands, looks);
        let mut choice = vec![false; self.minutes.len()];
        for at in best.choice.members() {
            choice[fixes[at] as usize] = true;
        }
        Some((choice, self.lost_harm + self.at_stake().saturating_sub(best.bound)))
    }

    /// The least harm that any choice within the budget can leave, by the fractional knapsack alone.
    pub fn bound(&self, budget: u32) -> u64 {
        let mut value = vec![0_u64; self.minutes.len()];
        for (clauses, weight) in self.merged() {
            let smallest =
                clauses.iter().map(|&at| &self.pool[at as usize]).min_by_key(|clause| clause.len());
            for &fix in smallest.into_iter().flatten() {
                if self.minutes[fix as usize] <= budget {
                    value[fix as usize] += weight;
                }
            }
        }
        let won = fill(&value, &self.minutes, budget);
        self.lost_harm + self.at_stake().saturating_sub(won)
    }

    /// At most so many fixes that could be added to a choice within a budget: those on which most weight hangs for
    /// their work, of what the choice does not keep safe.
    pub fn candidates(&self, choice: &Choice, budget: u32, most: usize) -> Vec<usize> {
        let mut weights = self.weights(choice);
        weights.retain(|&(_, fix)| self.minutes[fix] <= budget);
        let minutes = |fix: usize| u128::from(self.minutes[fix].max(1));
        weights.sort_by(|a, b| {
            let (a_dense, b_dense) = (u128::from(a.0) * minutes(b.1), u128::from(b.0) * minutes(a.1));
            b_dense.cmp(&a_dense).then(a.1.cmp(&b.1))
        });
        weights.into_iter().take(most).map(|(_, fix)| fix).collect()
    }

    /// Each fix that stands in a clause which a choice does not hit, with the weight of what hangs on it, the greatest
    /// first. As long as nothing but the first clause of each goal and world was learnt, no fix alone takes away more
    /// harm than that.
    pub fn weights(&self, choice: &Choice) -> Vec<(u64, usize)> {
        let mut value = vec![0_u64; self.minutes.len()];
        for (clauses, weight) in self.merged() {
            let open = clauses.iter().map(|&at| &self.pool[at as usize]);
            for clause in open.filter(|clause| !clause.iter().any(|&fix| choice[fix as usize])) {
                for &fix in clause {
                    value[fix as usize] += weight;
                }
            }
        }
        let mut order: Vec<(u64, usize)> =
            value.into_iter().zip(0..).filter(|&(value, _)| value > 0).collect();
        order.sort_by_key(|&(value, fix)| (std::cmp::Reverse(value), fix));
        order
    }
}
