//! Fixes against every set of fixes, judged by changing the network itself.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod common;

use common::random_network;
use komainu_exposure::model::{Network, Place, State};
use komainu_exposure::{
    AttackGraph, Change, Checked, Effort, Fix, Levers, Sampler, Table, Worlds, accept, plan, rank, what_if,
};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Read once: the properties ask for it many times.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::embedded().unwrap());

const WORLDS: Worlds = Worlds { count: 256, seed: 11 };

fn effort() -> Effort {
    Effort { worlds: WORLDS, ranking: WORLDS, looks: u32::MAX, rounds: 10_000, ..Effort::default() }
}

/// The network with a fix in place.
fn fixed(network: &Checked, fixes: &[&Fix]) -> Checked {
    let mut changed = Network::clone(network);
    for fix in fixes {
        for place in &fix.places {
            let controls = match place.is {
                Place::Node => {
                    &mut changed.nodes.iter_mut().find(|node| node.id == place.id).unwrap().controls
                }
                Place::Connection => {
                    &mut changed.connections.iter_mut().find(|line| line.id == place.id).unwrap().controls
                }
                Place::Credential => {
                    &mut changed.credentials.iter_mut().find(|secret| secret.id == place.id).unwrap().controls
                }
            };
            controls.insert(fix.control, State::Present);
        }
    }
    accept(changed).unwrap()
}

/// Harm by sampling the attack graph of the network as it is.
fn harm(network: &Checked, table: &Table) -> f64 {
    let attack = AttackGraph::of(network, table);
    let hits = Sampler::new(&attack.graph, &attack.starts(), &attack.ends()).count(WORLDS);
    let weighed = attack.goals.iter().zip(hits).map(|(goal, hits)| goal.weight * f64::from(hits));
    weighed.sum::<f64>() / f64::from(WORLDS.drawn())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn an_exact_plan_is_the_best_of_all_sets(seed: u64, budget in 0_u32..3000) {
        let (network, table) = (random_network(seed), &*TABLE);
        let attack = AttackGraph::of(&network, table);
        let levers = Levers::of(&network, table, &attack);
        let fixes = levers.fixes.len();
        prop_assume!((1..=9).contains(&fixes));
        let sets = (0..1_usize << fixes).map(|set| {
            (0..fixes).filter(|at| set >> at & 1 == 1).map(|at| &levers.fixes[at]).collect::<Vec<&Fix>>()
        });
        let minutes = |set: &Vec<&Fix>| set.iter().map(|fix| fix.minutes).sum::<u32>();
        let best = sets.filter(|set| minutes(set) <= budget).map(|set| harm(&fixed(&network, &set), table));
        let best = best.fold(f64::INFINITY, f64::min);
        let found = plan(&levers, &attack.goals, budget, effort());
        prop_assert!(found.exact);
        prop_assert!((found.after - best).abs() < 1e-4, "{} against {best}", found.after);
        prop_assert!((found.bound - best).abs() < 1e-4);
        prop_assert!(found.minutes <= budget);
        let chosen: Vec<&Fix> = found.fixes.iter().map(|planned| &planned.fix).collect();
        prop_assert!((harm(&fixed(&network, &chosen), table) - best).abs() < 1e-4);
        let steps: Vec<f64> = found.fixes.iter().map(|planned| planned.harm).collect();
        prop_assert!(steps.windows(2).all(|pair| pair[1] <= pair[0]));

        let hasty = Effort { exact_steps: 0, ..effort() };
        let greedy = plan(&levers, &attack.goals, budget, hasty);
        prop_assert!(greedy.after >= best - 1e-4 && greedy.bound <= best + 1e-4, "{} {} {best}", greedy.after, greedy.bound);
        prop_assert!(greedy.minutes <= budget);
    }

    #[test]
    fn the_gain_of_a_fix_is_what_changing_the_network_brings(seed: u64) {
        let (network, table) = (random_network(seed), &*TABLE);
        let attack = AttackGraph::of(&network, table);
        let levers = Levers::of(&network, table, &attack);
        let before = harm(&network, table);
        let ranked = rank(&levers, &attack.goals, usize::MAX, effort());
        let unranked = levers.fixes.iter().filter(|fix| ranked.iter().all(|known| known.fix.id != fix.id));
        for fix in unranked {
            prop_assert!(before - harm(&fixed(&network, &[fix]), table) < 1e-4, "{} helps too", fix.id);
        }
        prop_assert_eq!(&rank(&levers, &attack.goals, 3, effort()), &ranked[..ranked.len().min(3)]);
        for fix in &ranked {
            let after = harm(&fixed(&network, &[&fix.fix]), table);
            prop_assert!((before - after - fix.gain).abs() < 1e-4, "{:?}", fix.fix.id);
            prop_assert!(fix.gain >= 0.0);
        }
        prop_assert!(ranked.windows(2).all(|pair| pair[0].gain >= pair[1].gain));
    }

    #[test]
    fn what_is_taken_away_never_helps_the_attacker(seed: u64, at: prop::sample::Index) {
        let (network, table) = (random_network(seed), &*TABLE);
        let line = &network.connections[at.index(network.connections.len())].id;
        let node = &network.nodes[at.index(network.nodes.len())];
        for change in [Change::CutLine(line.clone()), Change::Unplug(node.id.clone())] {
            let outcome = what_if(&network, table, &[change], WORLDS).unwrap();
            for shift in outcome.shifts {
                if let (Some(before), Some(after)) = (shift.before, shift.after) {
                    prop_assert!(after.hits <= before.hits, "{:?}", shift.goal);
                }
            }
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let (network, table) = (random_network(5), &*TABLE);
    let ask = || {
        let attack = AttackGraph::of(&network, table);
        let levers = Levers::of(&network, table, &attack);
        plan(&levers, &attack.goals, 1000, effort())
    };
    assert_eq!(ask(), ask());
}
