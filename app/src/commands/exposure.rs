//! Attack paths, their harm and the best fixes of a network in a file. It needs no database.

use crate::{Done, Trouble};
use anyhow::Context as _;
use clap::Args;
use komainu_exposure::{Change, Checked, Fault, Options, Report, SUGGESTED_MAX_BYTES, Table, read, what_if};
use serde::Serialize;
use serde_json::json;
use std::fmt::Display;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The largest table of probabilities that is read.
pub(super) const MAX_TABLE_BYTES: u64 = 4 << 20;

/// What to ask about a network.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The network (docs/exposure-network.schema.json)
    file: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// How much work a plan of fixes may take
    #[arg(long, value_name = "MINUTES", default_value_t = 2400)]
    budget: u32,
    /// How many worlds to sample for the goals
    #[arg(long, default_value_t = 8192, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    worlds: u32,
    /// The seed of the sampling: the same seed gives the same answer
    #[arg(long)]
    seed: Option<u64>,
    /// A table of probabilities of your own (TOML) instead of the built-in one
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// What if this line were cut? May be given again
    #[arg(long, value_name = "LINE")]
    cut: Vec<String>,
    /// What if this thing were unplugged? May be given again
    #[arg(long, value_name = "THING")]
    unplug: Vec<String>,
}

/// `komainu exposure …`. It touches neither the data folder nor the database.
pub(crate) fn run(arguments: &Arguments) -> Done {
    let table = match &arguments.table {
        None => Table::embedded(),
        Some(path) => Table::read(&String::from_utf8_lossy(&read_bounded(path, MAX_TABLE_BYTES)?)),
    };
    let table = match table {
        Ok(table) => table,
        Err(faults) => {
            return refuse(arguments.table.as_ref().unwrap_or(&arguments.file), &faults, arguments.json);
        }
    };
    match read(&read_bounded(&arguments.file, SUGGESTED_MAX_BYTES)?) {
        Ok(network) => answer(arguments, &network, &table),
        Err(faults) => refuse(&arguments.file, &faults, arguments.json),
    }
}

fn answer(arguments: &Arguments, network: &Checked, table: &Table) -> Done {
    let mut options = Options { budget: arguments.budget, ..Options::default() };
    options.worlds.count = arguments.worlds;
    if let Some(seed) = arguments.seed {
        options.worlds.seed = seed;
        options.effort.worlds.seed = seed;
        options.effort.ranking.seed = seed;
    }
    let lines = arguments.cut.iter().cloned().map(Change::CutLine);
    let things = arguments.unplug.iter().cloned().map(Change::Unplug);
    let changes: Vec<Change> = lines.chain(things).collect();
    if !changes.is_empty() {
        return match what_if(network, table, &changes, options.worlds) {
            Ok(outcome) => tell(&outcome, arguments.json),
            Err(faults) => refuse(&arguments.file, &faults, arguments.json),
        };
    }
    tell(&Report::of(network, table, options), arguments.json)
}

/// Prints an answer. Whoever has read enough (`| head`) may close the other end.
fn tell(answer: &(impl Display + Serialize), json: bool) -> Done {
    let text = if json { serde_json::to_string_pretty(answer)? + "\n" } else { answer.to_string() };
    written(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn refuse(file: &Path, faults: &[Fault], json: bool) -> Done {
    let text = if json {
        format!("{}\n", json!({ "faults": faults }))
    } else {
        faults.iter().map(|fault| format!("{fault}\n")).collect()
    };
    written(&text)?;
    eprintln!("komainu: {}: {} faults", file.display(), faults.len());
    Ok(ExitCode::FAILURE)
}

fn written(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// The whole file, unless it is larger than `most` bytes: then not a byte of it.
pub(super) fn read_bounded(file: &Path, most: u64) -> Result<Vec<u8>, Trouble> {
    let refused = |problem: String| Trouble::Settings(format!("{}: {problem}", file.display()));
    let open = fs::File::open(file).map_err(|error| refused(error.to_string()))?;
    let size = open.metadata().map_err(|error| refused(error.to_string()))?.len();
    let too_large = || refused(format!("larger than the {} MB that are read", most >> 20));
    if size > most {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // A pipe, and a file that grows meanwhile, do not say how large they are.
    open.take(most + 1).read_to_end(&mut bytes).with_context(|| file.display().to_string())?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}
