//! The log of changes: its proof.

use super::House;
use crate::Done;
use crate::config::Settings;
use clap::Subcommand;
use komainu_audit::Broken;
use std::process::ExitCode;

/// What can be done with the log.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Prove every organisation's chain; name the first broken entry
    Verify {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
        /// The data folder is a demo's
        #[arg(long)]
        demo: bool,
    },
}

/// `komainu log …`.
pub(crate) fn run(settings: &Settings, command: &Command) -> Done {
    let Command::Verify { json, demo } = command;
    let house = House::open(settings, *demo)?;
    let mut verdicts = Vec::new();
    house.db.read(|tx| komainu_audit::verify_all(tx, |verdict| verdicts.push(verdict)))?;
    for verdict in &verdicts {
        let (state, entry) = match verdict.broken {
            None => ("whole", None),
            Some(Broken::Changed(entry)) => ("changed", Some(entry)),
            Some(Broken::Missing(entry)) => ("missing", Some(entry)),
            Some(Broken::Beyond(entry)) => ("beyond the end", Some(entry)),
        };
        if *json {
            let line = serde_json::json!({
                "organisation": verdict.organisation, "sound": verdict.sound, "end": verdict.end,
                "state": state, "first_broken": entry,
            });
            println!("{line}");
        } else if let Some(entry) = entry {
            println!(
                "{}  BROKEN: entry {entry} is {state} ({} sound before it)",
                verdict.organisation, verdict.sound
            );
        } else {
            println!("{}  whole: {} entries, end {}", verdict.organisation, verdict.sound, verdict.end);
        }
    }
    let broken = verdicts.iter().filter(|verdict| verdict.broken.is_some()).count();
    if !json {
        println!("{} chains, {broken} broken", verdicts.len());
    }
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
