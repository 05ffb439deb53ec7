//! The next best fix, and plans of fixes under a budget of work.
//!
//! The aim is the least [harm](crate::harm) on the sampled worlds, which one fix can lower on many lines at once, and
//! which two fixes may lower only together. A plan comes with a bound that no plan within the budget can beat:
//!
//! - *Exactly* where the fixes are few: integer programming by decomposition. A master problem chooses fixes against the
//!   clauses learnt so far ([`clause`]) and is solved by branch and bound ([`master`]); the choice is judged on all
//!   worlds; each goal that it leaves open where the master thought it safe teaches a further clause. When nothing is
//!   left to teach, or the master cannot promise more than the best choice judged so far, that choice is optimal.
//! - *Greedily* otherwise: again and again the fix that takes away most harm a minute, or the one best single fix. The
//!   bound then is the fractional knapsack over the clauses learnt.

mod clause;
mod learn;
mod master;
mod set;

use crate::attack::Goal;
use crate::fix::{Fix, Levers};
use crate::harm::{Choice, Judge, Verdict};
use crate::sample::{Estimate, Worlds};
use learn::Learner;

use serde::{Deserialize, Serialize};

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// The worlds on which plans are judged.
    pub worlds: Worlds,
    /// The worlds on which single fixes are ranked.
    pub ranking: Worlds,
    /// Steps of the graph above which plans are greedy.
    pub exact_steps: usize,
    /// Looks at a demand (goals in worlds that need the same) in the search trees of all rounds, and rounds of learning, after
    /// which an exact search gives up and says so. Looks are counted and not nodes of the tree, since a node takes as long
    /// as there are demands.
    pub looks: u32,
    /// See [`Effort::looks`].
    pub rounds: u32,
    /// Fixes that a greedy plan tries at each step: those that stand in most clauses for their work.
    pub tried: usize,
    /// Fixes that are judged for a ranking: those that stand in most clauses.
    pub judged: usize,
}

impl Default for Effort {
    fn default() -> Self {
        let worlds = Worlds { count: 2048, ..Worlds::default() };
        let ranking = Worlds { count: 16_384, ..worlds };
        Effort {
            worlds,
            ranking,
            exact_steps: 20_000,
            looks: 20_000_000,
            rounds: 400,
            tried: 48,
            judged: 1000,
        }
    }
}

impl Effort {
    /// What is affordable for a graph of so many steps: fewer worlds for larger ones, so that the work hardly grows, but
    /// never so few that nothing can be told; and fewer tries for those that are planned greedily.
    fn for_steps(self, steps: usize) -> Effort {
        let affordable = u32::try_from(STEPS_IN_WORLDS / steps.max(1)).unwrap_or(u32::MAX).max(LEAST_WORLDS);
        let few = |worlds: Worlds| Worlds { count: worlds.count.min(affordable), ..worlds };
        let tried = if steps > self.exact_steps { self.tried.min(6) } else { self.tried };
        let judged = self.judged.min((JUDGED_STEPS / steps.max(1)).max(16));
        Effort { worlds: few(self.worlds), ranking: few(self.ranking), tried, judged, ..self }
    }
}

/// Steps times worlds of one judgement that are affordable.
const STEPS_IN_WORLDS: usize = 1 << 24;
const LEAST_WORLDS: u32 = 512;
/// Steps times fixes judged that are affordable.
const JUDGED_STEPS: usize = 1 << 23;

/// A fix and what it does by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The fix.
    pub fix: Fix,
    /// How much harm it takes away, in the table's unit of weight.
    pub gain: f64,
}

/// A step of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// The fix.
    pub fix: Fix,
    /// The harm that is left after it and those before it.
    pub harm: f64,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The minutes it may take.
    pub budget: u32,
    /// The minutes it takes.
    pub minutes: u32,
    /// What to do, in order: at each step what takes away most harm a minute.
    pub fixes: Vec<Planned>,
    /// The harm without it.
    pub before: f64,
    /// The harm with it.
    pub after: f64,
    /// No plan within the budget leaves less harm than this on the same worlds.
    pub bound: f64,
    /// The plan is proved to be the best: `after` is `bound`.
    pub exact: bool,
    /// For each goal of the attack graph, how likely it is reached without the plan.
    pub goals_before: Vec<Estimate>,
    /// And with it.
    pub goals_after: Vec<Estimate>,
}

/// The fixes that take away most harm alone, at most so many, the best first; among equals the least work, then the id.
///
/// A fix can only help where it stands in the clause of an open path, which bounds what it can do: fixes are judged from
/// the highest bound on, until no bound is above the worst that is to be named. What is named is therefore exact on the
/// sampled worlds, unless [`Effort::judged`] ended it before, and fixes that change nothing on them are not named.
pub fn rank(levers: &Levers, goals: &[Goal], most: usize, effort: Effort) -> Vec<Ranked> {
    let effort = effort.for_steps(levers.graph.steps());
    let mut judge = Judge::new(levers, goals, effort.ranking);
    let nothing = judge.nothing();
    let before = judge.judge(&nothing).harm;
    let mut learner = Learner::new(&mut judge);
    learner.learn(&mut judge, &nothing);
    let key = |&(gain, fix): &(u64, usize)| (std::cmp::Reverse(gain), levers.fixes[fix].minutes, fix);
    let mut ranked: Vec<(u64, usize)> = Vec::new();
    for (bound, fix) in learner.weights(&nothing).into_iter().take(effort.judged) {
        if ranked.len() == most && ranked.last().is_none_or(|worst| bound < worst.0) {
            break;
        }
        let gain = before - judge.judge(&with(&nothing, fix)).harm;
        if gain > 0 {
            let at = ranked.partition_point(|known| key(known) < key(&(gain, fix)));
            ranked.insert(at, (gain, fix));
            ranked.truncate(most);
        }
    }
    let tell =
        |(gain, fix): (u64, usize)| Ranked { fix: levers.fixes[fix].clone(), gain: judge.in_weights(gain) };
    ranked.into_iter().map(tell).collect()
}

/// A plan within a budget of minutes.
pub fn plan(levers: &Levers, goals: &[Goal], budget: u32, effort: Effort) -> Plan {
    let effort = effort.for_steps(levers.graph.steps());
    let mut judge = Judge::new(levers, goals, effort.worlds);
    let nothing = judge.nothing();
    let before = judge.judge(&nothing);
    let mut learner = Learner::new(&mut judge);
    learner.learn(&mut judge, &nothing);
    let mut best = greedy(&mut judge, &mut learner, budget, effort);
    let mut bound = learner.bound(budget);
    if levers.graph.steps() <= effort.exact_steps {
        (best, bound) = exact(&mut judge, &mut learner, budget, effort, best);
    }
    let (choice, verdict) = tidy(&mut judge, best);
    describe(&mut judge, budget, &before, (&choice, &verdict), bound.min(verdict.harm))
}

type Judged = (Choice, Verdict);

/// Again and again the fix that takes away most harm a minute, until the budget is spent; or the one best fix, if that
/// is better.
fn greedy(judge: &mut Judge<'_>, learner: &mut Learner, budget: u32, effort: Effort) -> Judged {
    let mut choice = judge.nothing();
    let mut verdict = judge.judge(&choice);
    let (mut left, mut single) = (budget, (choice.clone(), verdict.clone()));
    // Learning is dear on a large graph, and what is known leads on for some steps.
    let always = judge.levers.graph.steps() <= effort.exact_steps;
    let mut stale = false;
    loop {
        let candidates = learner.candidates(&choice, left, effort.tried);
        let Some((fix, found)) = densest(judge, (&choice, &verdict), candidates, &mut single) else {
            if !stale || !learner.learn(judge, &choice) {
                break;
            }
            stale = false;
            continue;
        };
        left -= judge.levers.fixes[fix].minutes;
        choice[fix] = true;
        verdict = found;
        stale = !always || !learner.learn(judge, &choice);
    }
    if single.1.harm < verdict.harm { single } else { (choice, verdict) }
}

/// Of some fixes the one that, added to a choice, takes away most harm a minute; none where none takes away any. Notes
/// the best single fix while nothing is chosen.
fn densest(
    judge: &mut Judge<'_>,
    (choice, verdict): (&Choice, &Verdict),
    candidates: Vec<usize>,
    single: &mut Judged,
) -> Option<(usize, Verdict)> {
    let mut best: Option<(usize, Verdict)> = None;
    let none_yet = !choice.contains(&true);
    for fix in candidates {
        let found = judge.judge(&with(choice, fix));
        let better = best.as_ref().map_or(found.harm < verdict.harm, |(known, known_verdict)| {
            let gain = |harm: u64| u128::from(verdict.harm - harm.min(verdict.harm));
            let minutes = |fix: usize| u128::from(judge.levers.fixes[fix].minutes.max(1));
            gain(found.harm) * minutes(*known) > gain(known_verdict.harm) * minutes(fix)
        });
        if none_yet && found.harm < single.1.harm {
            *single = (with(choice, fix), found.clone());
        }
        if better {
            best = Some((fix, found));
        }
    }
    best
}

/// The best choice, and the least harm that any can leave.
fn exact(
    judge: &mut Judge<'_>,
    learner: &mut Learner,
    budget: u32,
    effort: Effort,
    start: Judged,
) -> (Judged, u64) {
    let (mut best, mut bound, mut looks) = (start, learner.bound(budget), effort.looks);
    for _ in 0..effort.rounds {
        let Some((choice, promised)) = learner.choose(budget, &mut looks) else { break };
        bound = bound.max(promised);
        if bound >= best.1.harm {
            break;
        }
        let verdict = judge.judge(&choice);
        if verdict.harm < best.1.harm {
            best = (choice.clone(), verdict);
        }
        // Where the search was cut short there may be nothing to learn from what it found.
        if bound >= best.1.harm || !learner.learn(judge, &choice) || looks == 0 {
            break;
        }
    }
    (best, bound)
}

/// Takes out what does nothing, the dearest first.
fn tidy(judge: &mut Judge<'_>, (mut choice, mut verdict): Judged) -> Judged {
    let mut chosen: Vec<usize> = (0..choice.len()).filter(|&fix| choice[fix]).collect();
    chosen.sort_by_key(|&fix| (std::cmp::Reverse(judge.levers.fixes[fix].minutes), fix));
    for fix in chosen {
        choice[fix] = false;
        let without = judge.judge(&choice);
        if without.harm > verdict.harm {
            choice[fix] = true;
        } else {
            verdict = without;
        }
    }
    (choice, verdict)
}

fn describe(
    judge: &mut Judge<'_>,
    budget: u32,
    before: &Verdict,
    best: (&Choice, &Verdict),
    bound: u64,
) -> Plan {
    let levers = judge.levers;
    let (choice, after) = best;
    let mut left: Vec<usize> = (0..choice.len()).filter(|&fix| choice[fix]).collect();
    let (mut done, mut harm) = (judge.nothing(), before.harm);
    let mut fixes = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let mut next: Option<(usize, u64)> = None;
        for (at, &fix) in left.iter().enumerate() {
            let found = judge.judge(&with(&done, fix)).harm;
            let minutes = |fix: usize| u128::from(levers.fixes[fix].minutes.max(1));
            let denser = |&(known, least): &(usize, u64)| {
                u128::from(harm - found) * minutes(left[known]) > u128::from(harm - least) * minutes(fix)
            };
            if next.as_ref().is_none_or(denser) {
                next = Some((at, found));
            }
        }
        let Some((at, found)) = next else { break };
        let fix = left.remove(at);
        done[fix] = true;
        harm = found;
        fixes.push(Planned { fix: levers.fixes[fix].clone(), harm: judge.in_weights(found) });
    }
    Plan {
        budget,
        minutes: fixes.iter().map(|planned| planned.fix.minutes).sum(),
        fixes,
        before: judge.in_weights(before.harm),
        after: judge.in_weights(after.harm),
        bound: judge.in_weights(bound),
        exact: bound == after.harm,
        goals_before: judge.estimates(before),
        goals_after: judge.estimates(after),
    }
}

fn with(choice: &Choice, fix: usize) -> Choice {
    let mut choice = choice.clone();
    choice[fix] = true;
    choice
}
