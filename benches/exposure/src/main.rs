//! Measures the exposure engine beside bare programs on one synthetic hospital, and writes the hospital and the answers
//! for the libraries to do the same: `komainu-exposure-bench CONNECTIONS SEED FOLDER`. With `ledger` for the folder, the
//! engine is asked everything about a synthetic ledger instead.

mod bare;
mod dice;
mod earnest;
mod hospital;
mod ledger;
mod next;

use komainu_exposure::{Sampler, ToGoal, Worlds, cost_of, min_cut, unlimited, within};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;

/// What counts as likely in the blast radius within a budget.
const LEAST: f64 = 0.3;
const WORLDS: u32 = 10_000;
const ROUNDS: usize = 5;

/// Seconds that this thread has worked. Everything here runs on one thread, so on an idle machine this is the time that
/// passes, and on a busy one it is what the work costs.
fn cpu() -> f64 {
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 * 1e-9
}

/// The median of some rounds in seconds, with the last result. Long work is done once.
fn took<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let mut times = Vec::new();
    loop {
        let start = cpu();
        let result = black_box(work());
        times.push(cpu() - start);
        if times.len() == ROUNDS || times[0] > 2.0 {
            times.sort_by(f64::total_cmp);
            return (times[times.len() / 2], result);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let connections: usize = arguments.next().ok_or("how many connections?")?.parse()?;
    let seed: u64 = arguments.next().ok_or("which seed?")?.parse()?;
    let folder = arguments.next();
    if folder.as_deref() == Some("ledger") {
        return earnest::ask(connections, seed);
    }
    let hospital = hospital::hospital(connections, seed);
    let rows = bare::rows(&hospital);
    let (build, graph) = took(|| hospital::graph(&hospital));
    let (entries, goals) = (&hospital.entries, &hospital.goals);
    let every: Vec<u32> = (0..hospital.states).collect();
    let counted = vec![true; graph.states()];
    let budget = cost_of(LEAST);

    let (paths, costs) = took(|| {
        let back = graph.backwards();
        let mut costs = vec![u64::MAX; entries.len() * goals.len()];
        let mut length = 0;
        for (nth, &goal) in goals.iter().enumerate() {
            let ways = ToGoal::search(&back, graph.states(), goal, entries);
            for (at, &entry) in entries.iter().enumerate() {
                costs[at * goals.len() + nth] = ways.cost(entry).unwrap_or(u64::MAX);
                length += ways.path(&graph, entry).map_or(0, |path| path.len());
            }
        }
        (costs, length)
    });
    let (bare_paths, bare_costs) = took(|| bare::paths(&rows, entries, goals));
    assert_eq!(costs.0, bare_costs.0, "paths");

    let (blast, all) = took(|| unlimited(&graph, &counted));
    let (bare_blast, bare_all) = took(|| bare::blast(&rows));
    assert_eq!(all, bare_all, "blast radius");

    let (near, likely) = took(|| within(&graph, &every, budget, &counted));
    let (bare_near, bare_likely) = took(|| bare::within(&rows, budget));
    assert_eq!(likely, bare_likely, "blast radius within a budget");

    let (cut, found) = took(|| min_cut(&graph, entries, goals, |_| 1));
    let (bare_cut, bare_found) = took(|| bare::cut(&hospital));
    assert_eq!(found.as_ref().map(|cut| cut.value), Some(bare_found), "cut");

    let worlds = Worlds { count: WORLDS, seed: 1 };
    let (sample, hits) = took(|| Sampler::new(&graph, entries, goals).count(worlds));
    let (bare_some, bare_hits) = took(|| bare::worlds(&rows, entries, goals, WORLDS / 100));
    let few = Worlds { count: 128, seed: 1 };
    let few_hits = Sampler::new(&graph, entries, goals).count(few);

    // One world after another, by the plainest search, for the libraries to be compared with.
    let by_world: Vec<Vec<u32>> = (0..few.drawn())
        .map(|world| {
            let open = |at: usize| few.succeeds(world, at as u64 + 1, hospital.lines[at].chance);
            bare::reached(&rows, entries, goals, open)
        })
        .collect();
    for (nth, &hits) in few_hits.iter().enumerate() {
        assert_eq!(by_world.iter().map(|world| world[nth]).sum::<u32>(), hits, "worlds");
    }

    let mean =
        |counts: &[u32]| counts.iter().map(|&count| f64::from(count)).sum::<f64>() / counts.len() as f64;
    let answer = json!({
        "connections": hospital.lines.len(), "states": hospital.states, "seed": seed, "least": LEAST, "budget": budget,
        "entries": entries, "goals": goals, "worlds": worlds.drawn(),
        "seconds": { "build": build, "paths": paths, "blast": blast, "within": near, "cut": cut, "sample": sample },
        "bare": { "paths": bare_paths, "blast": bare_blast, "within": bare_near, "cut": bare_cut,
            "sample": bare_some * 100.0 },
        "mean_blast": mean(&all), "mean_within": mean(&likely), "path_steps": costs.1,
        "hits": hits, "bare_hits_of_a_hundredth": bare_hits, "few_worlds": few.drawn(), "by_world": by_world,
        "cut": found.as_ref().map(|cut| cut.value), "costs": costs.0, "peak_mb": peak(),
    });
    eprintln!("{}", summary(&answer));
    if let Some(folder) = folder {
        let mut answer = answer;
        std::fs::create_dir_all(&folder)?;
        // Larger ones would take the libraries hours.
        if connections <= 100_000 {
            let (next, arrays) = next::next_best(connections, seed)?;
            answer["next"] = next;
            for (name, words) in arrays {
                put(&folder, name, &words)?;
            }
        }
        write(&folder, &hospital, &answer, (&all, &likely), few)?;
    }
    Ok(())
}

/// The highest resident memory of this process, in megabytes; bare programs and rounds included.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

fn summary(answer: &Value) -> String {
    let mut text = format!(
        "{} connections, {} states, mean blast {:.0}, mean within {:.1}\n",
        answer["connections"],
        answer["states"],
        answer["mean_blast"].as_f64().unwrap_or(0.0),
        answer["mean_within"].as_f64().unwrap_or(0.0)
    );
    for what in ["build", "paths", "blast", "within", "cut", "sample"] {
        let ours = answer["seconds"][what].as_f64().unwrap_or(0.0);
        let bare = answer["bare"][what].as_f64();
        text += &format!("{what:>8} {:10.3} ms", 1e3 * ours);
        if let Some(bare) = bare {
            text += &format!("   bare {:10.3} ms   ours/bare {:.2}", 1e3 * bare, ours / bare);
        }
        text += "\n";
    }
    text
}

fn put(folder: &str, name: &str, words: &[u32]) -> std::io::Result<()> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    std::fs::write(format!("{folder}/{name}"), bytes)
}

/// The hospital and the answers as plain little-endian arrays beside `answer.json`.
fn write(
    folder: &str,
    hospital: &hospital::Hospital,
    answer: &Value,
    (all, likely): (&[u32], &[u32]),
    few: Worlds,
) -> Result<(), Box<dyn Error>> {
    let column = |of: fn(&hospital::Line) -> u32| hospital.lines.iter().map(of).collect::<Vec<u32>>();
    put(folder, "from.u32", &column(|line| line.from))?;
    put(folder, "to.u32", &column(|line| line.to))?;
    put(folder, "cost.u32", &column(|line| line.chance.cost()))?;
    put(folder, "blast.u32", all)?;
    put(folder, "within.u32", likely)?;
    // Which lines are open in the few worlds that the libraries do one by one: four words of 32 a line.
    let mut open = Vec::with_capacity(hospital.lines.len() * 4);
    for (cause, line) in (1_u64..).zip(&hospital.lines) {
        for word in 0..few.drawn() / 32 {
            let bit = |bit: u32| u32::from(few.succeeds(word * 32 + bit, cause, line.chance)) << bit;
            open.push((0..32).map(bit).sum());
        }
    }
    put(folder, "open.u32", &open)?;
    std::fs::write(format!("{folder}/answer.json"), serde_json::to_string_pretty(answer)?)?;
    Ok(())
}
