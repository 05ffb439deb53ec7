//! Synthetic hospitals of any size, as a bare graph: what every library can be asked about.
//!
//! Departments of 20 to 90 things, each with some servers that its terminals talk to; lines to the central servers and
//! between neighbouring departments; a share of one-way lines (results that only flow out, logs, copies); islands (closed
//! device networks that reach nothing else, or that nothing reaches). So not everything reaches everything.

use crate::dice::Dice;
use komainu_exposure::{Chance, Graph, GraphBuilder};

/// The chances of the built-in table, with and without a control or two.
const CHANCES: [f64; 16] =
    [0.95, 0.9, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05, 0.02];

pub struct Line {
    pub from: u32,
    pub to: u32,
    pub chance: Chance,
}

pub struct Hospital {
    pub states: u32,
    pub lines: Vec<Line>,
    pub entries: Vec<u32>,
    pub goals: Vec<u32>,
}

pub fn hospital(connections: usize, seed: u64) -> Hospital {
    let mut dice = Dice(seed);
    let states = (connections as u32 * 10 / 51).max(60);
    let central = (states / 200).max(6);
    let mut lines = Vec::with_capacity(connections);
    // Departments: first thing, number of servers, size, whether it is an island.
    let mut departments: Vec<(u32, u32, u32, bool)> = Vec::new();
    let mut at = central;
    while at < states {
        let size = (20 + dice.below(70)).min(states - at);
        departments.push((at, (size / 10).max(1), size, dice.percent(8)));
        at += size;
    }
    let chance = |dice: &mut Dice| Chance::new(dice.one(&CHANCES));
    let line = |lines: &mut Vec<Line>, dice: &mut Dice, from: u32, to: u32, two_way: u32| {
        if from != to {
            lines.push(Line { from, to, chance: chance(dice) });
            if dice.percent(two_way) {
                lines.push(Line { from: to, to: from, chance: chance(dice) });
            }
        }
    };
    // Every department joins the centre, unless it is an island; some only send.
    for &(first, servers, _, island) in &departments {
        if !island {
            let (server, centre) = (first + dice.below(servers), dice.below(central));
            let two_way = if dice.percent(75) { 100 } else { 0 };
            line(&mut lines, &mut dice, server, centre, two_way);
        }
    }
    while lines.len() < connections {
        let number = dice.below(departments.len() as u32) as usize;
        let (first, servers, size, island) = departments[number];
        let thing = first + dice.below(size);
        match dice.below(100) {
            0..62 => {
                let server = first + dice.below(servers);
                line(&mut lines, &mut dice, thing, server, 55);
            }
            62..88 => {
                let other = first + dice.below(size);
                line(&mut lines, &mut dice, thing, other, 40);
            }
            88..96 if !island => {
                let centre = dice.below(central);
                line(&mut lines, &mut dice, thing, centre, 20);
            }
            96.. if !island => {
                let (next, servers, _, closed) = departments[(number + 1) % departments.len()];
                if !closed {
                    let to = next + dice.below(servers);
                    line(&mut lines, &mut dice, thing, to, 30);
                }
            }
            _ => {}
        }
    }
    lines.truncate(connections);
    let open: Vec<_> = departments.iter().filter(|department| !department.3).collect();
    let entries = (0..8)
        .map(|_| {
            let d = dice.one(&open);
            d.0 + dice.below(d.2)
        })
        .collect();
    let goals = (0..6)
        .map(|at| {
            if at < 3 {
                at % central
            } else {
                let d = dice.one(&open);
                d.0
            }
        })
        .collect();
    Hospital { states, lines, entries, goals }
}

pub fn graph(hospital: &Hospital) -> Graph {
    let mut builder = GraphBuilder::with_states(hospital.states);
    for (cause, line) in (1..).zip(&hospital.lines) {
        builder.step(line.from, line.to, line.chance, cause);
    }
    builder.build()
}
