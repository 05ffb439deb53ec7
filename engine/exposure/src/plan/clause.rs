//! Why a choice of fixes does not keep a goal safe in a world: a path that stays open there.
//!
//! From such a path follows a *clause*, a set of fixes of which at least one must be added. It holds for every better
//! choice: with none of them the path's steps stay as open as they are.

use crate::chance::Chance;
use crate::graph::StateId;
use crate::harm::{Choice, Judge, World};
use std::collections::VecDeque;

/// Finds open paths, world by world, under the choice that a [`Judge`] has in place.
pub(super) struct Finder {
    /// For each state the place by which it was found, and how many steps with fixes lead there.
    by: Vec<usize>,
    dear: Vec<u32>,
    queue: VecDeque<(u32, StateId)>,
}

const START: usize = usize::MAX;

impl Finder {
    pub fn new(states: usize) -> Finder {
        Finder { by: vec![START; states], dear: vec![u32::MAX; states], queue: VecDeque::new() }
    }

    /// Searches one world: breadth first by the number of steps that some fix not yet chosen makes harder, as few such
    /// steps make a short clause.
    pub fn search(&mut self, judge: &Judge<'_>, choice: &Choice, world: World) {
        let graph = &judge.levers.graph;
        self.dear.fill(u32::MAX);
        for &start in &judge.levers.starts {
            self.dear[start as usize] = 0;
            self.by[start as usize] = START;
            self.queue.push_back((0, start));
        }
        while let Some((dear, at)) = self.queue.pop_front() {
            if dear > self.dear[at as usize] {
                continue;
            }
            for place in graph.row(at) {
                let to = graph.arc(place).to;
                let more = judge.terms(place).fixes().any(|fix| !choice[fix as usize]);
                let through = dear + u32::from(more);
                if through < self.dear[to as usize] && judge.is_open(place, world) {
                    self.dear[to as usize] = through;
                    self.by[to as usize] = place;
                    if more {
                        self.queue.push_back((through, to));
                    } else {
                        self.queue.push_front((through, to));
                    }
                }
            }
        }
    }

    /// A clause of the path found to a goal, in rising order; none where the goal was not reached. It is empty only
    /// where the goal is reached whatever is fixed.
    ///
    /// Fixes that leave the path open even together with all others so dropped are taken for granted, the cheapest
    /// first; those that remain each close it. Any choice without them is no better than what was taken for granted.
    pub fn clause(
        &self,
        judge: &Judge<'_>,
        tails: &[StateId],
        choice: &Choice,
        world: World,
        goal: StateId,
    ) -> Option<Vec<u32>> {
        if self.dear[goal as usize] == u32::MAX {
            return None;
        }
        let mut steps = Vec::new();
        let mut clause = Vec::new();
        let mut at = goal;
        while self.by[at as usize] != START {
            let place = self.by[at as usize];
            let open = judge.terms(place).fixes().filter(|&fix| !choice[fix as usize]);
            let before = clause.len();
            clause.extend(open);
            if clause.len() > before {
                steps.push((judge.terms(place), world.lot(judge.levers.graph.cause(place))));
            }
            at = tails[place];
        }
        let fixes = &judge.levers.fixes;
        clause.sort_unstable_by_key(|&fix| (fixes[fix as usize].minutes, fix));
        clause.dedup();
        let mut granted = Vec::new();
        clause.retain(|&fix| {
            granted.push(fix);
            let closed = steps.iter().any(|(terms, lot)| {
                let touched = terms.fixes().any(|own| own == fix);
                let chance = || terms.chance(|fix| choice[fix as usize] || granted.contains(&fix));
                touched && !Chance::new(chance()).exceeds(*lot)
            });
            if closed {
                granted.pop();
            }
            closed
        });
        clause.sort_unstable();
        Some(clause)
    }
}
