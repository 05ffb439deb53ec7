//! The next best fix of a synthetic ledger, and what a library needs to judge the first few fixes in the same worlds.

use crate::ledger::ledger;
use komainu_exposure::{AttackGraph, Effort, Levers, Table, Worlds, accept, rank};
use serde_json::{Value, json};
use std::error::Error;

/// Fixes that the libraries judge; the engine looks for the best of all.
const FIRST: usize = 5;
const WORLDS: Worlds = Worlds { count: 64, seed: 1 };

/// The engine's answer, and by name the arrays that describe the question.
pub fn next_best(
    connections: usize,
    seed: u64,
) -> Result<(Value, Vec<(&'static str, Vec<u32>)>), Box<dyn Error>> {
    let table = Table::embedded().map_err(|faults| format!("{faults:?}"))?;
    let network = accept(ledger(connections, seed)).map_err(|faults| format!("{faults:?}"))?;
    let attack = AttackGraph::of(&network, &table);
    let levers = Levers::of(&network, &table, &attack);
    // Enough to judge every fix that could be the best, as the libraries would have to.
    let effort = Effort { ranking: WORLDS, judged: usize::MAX, ..Effort::default() };
    let (seconds, ranked) = crate::took(|| rank(&levers, &attack.goals, FIRST, effort));
    let graph = &levers.graph;
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for state in 0..graph.states() as u32 {
        for arc in graph.arcs(state) {
            from.push(state);
            to.push(arc.to);
        }
    }
    let place_of = |id: &str| levers.fixes.iter().position(|fix| fix.id == id);
    let choices = std::iter::once(None).chain(ranked.iter().map(|ranked| place_of(&ranked.fix.id)));
    let mut open = Vec::new();
    for choice in choices {
        for place in 0..graph.steps() {
            let chance = levers.chance(place, |fix| Some(fix) == choice);
            for word in 0..WORLDS.drawn() / 32 {
                let bit =
                    |bit: u32| u32::from(WORLDS.succeeds(word * 32 + bit, graph.cause(place), chance)) << bit;
                open.push((0..32).map(bit).sum());
            }
        }
    }
    let answer = json!({
        "seconds": seconds, "states": graph.states(), "steps": graph.steps(), "fixes": levers.fixes.len(),
        "starts": levers.starts, "goals": levers.goals, "worlds": WORLDS.drawn(),
        "weights": attack.goals.iter().map(|goal| goal.weight).collect::<Vec<f64>>(),
        "best": ranked.iter().map(|ranked| ranked.fix.id.clone()).collect::<Vec<String>>(),
        "gains": ranked.iter().map(|ranked| ranked.gain).collect::<Vec<f64>>(),
    });
    Ok((answer, vec![("fix_from.u32", from), ("fix_to.u32", to), ("fix_open.u32", open)]))
}
