//! The key that seals what must not be read from a stolen disk.

use super::{House, folder};
use crate::config::Settings;
use crate::{Done, Trouble};
use clap::Subcommand;
use komainu_clock::Nature;
use komainu_files::Key;
use std::process::ExitCode;

/// What can be done with the key.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Add a generation, which seals from the next start on; what older ones sealed still opens. Stop the program first
    Rotate {
        /// The data folder is a demo's
        #[arg(long)]
        demo: bool,
    },
}

/// `komainu key …`.
pub(crate) fn run(settings: &Settings, command: &Command) -> Done {
    let Command::Rotate { demo } = *command;
    // An installation must be there: a key beside no database would only confuse a later restore.
    let house = House::as_it_is(settings, demo)?;
    if house.url.in_use()? {
        return Err(Trouble::Settings(
            "Komainu is running: stop it first, since it would go on sealing with the older key".to_owned(),
        ));
    }
    let path = folder(settings, demo).join(komainu_archive::FILES_KEY);
    let key = Key::rotate(&path, &Nature::real()).map_err(|error| Trouble::Settings(error.to_string()))?;
    println!(
        "{}: {} generations; the newest seals from the next start on.",
        path.display(),
        key.generations()
    );
    println!("Backups made before today hold the older key file: make a new one (komainu backup).");
    println!("Where several nodes share a database, copy the key file to each before it is started.");
    Ok(ExitCode::SUCCESS)
}
