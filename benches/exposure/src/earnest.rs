//! Everything the engine answers about a ledger, part by part.

use crate::ledger::ledger;
use komainu_exposure::{
    AttackGraph, Effort, Levers, Options, Sampler, Table, UNCUTTABLE, min_cut, plan, radii, rank, read,
    restoration, stories,
};
use std::error::Error;

pub fn ask(connections: usize, seed: u64) -> Result<(), Box<dyn Error>> {
    let table = Table::embedded().map_err(|faults| format!("{faults:?}"))?;
    let options = Options::default();
    let text = serde_json::to_vec(&ledger(connections, seed))?;
    eprintln!("{connections} connections, a file of {} MB", text.len() >> 20);
    let network = timed("read and check", || read(&text)).map_err(|faults| format!("{faults:?}"))?;
    let attack = timed("attack graph", || AttackGraph::of(&network, &table));
    let (starts, ends) = (attack.starts(), attack.ends());
    eprintln!(
        "{} nodes, {} states, {} steps, {} entrances, {} goals",
        network.nodes.len(),
        attack.graph.states(),
        attack.graph.steps(),
        starts.len(),
        ends.len()
    );
    let told = timed("paths", || stories(&network, &table, &attack, options.stories));
    let far = timed("blast radius", || radii(&network, &attack, options.least));
    let hits = timed("goals sampled", || Sampler::new(&attack.graph, &starts, &ends).count(options.worlds));
    let capacity = |place: usize| if attack.step(place).code.is_in_table() { 1 } else { UNCUTTABLE };
    let cut = timed("smallest cut", || min_cut(&attack.graph, &starts, &ends, capacity));
    let levers = timed("fixes found", || Levers::of(&network, &table, &attack));
    let ranked = timed("fixes ranked", || rank(&levers, &attack.goals, options.fixes, Effort::default()));
    let planned = timed("plan", || plan(&levers, &attack.goals, options.budget, Effort::default()));
    let order = timed("restoring", || restoration(&network, &table));
    eprintln!(
        "{} paths, {} radii, {:?} hits, cut {:?}, {} of {} fixes ranked, harm {:.2} to {:.2}, bound {:.2}, {} to restore",
        told.len(),
        far.len(),
        &hits[..hits.len().min(4)],
        cut.map(|cut| cut.value),
        ranked.len(),
        levers.fixes.len(),
        planned.before,
        planned.after,
        planned.bound,
        order.len()
    );
    eprintln!("peak memory {:?} MB", crate::peak());
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = crate::cpu();
    let result = work();
    eprintln!("{what:>16} {:10.1} ms", 1e3 * (crate::cpu() - start));
    result
}
