//! The key that seals what must not be read from a stolen disk.

use super::House;
use crate::config::Settings;
use crate::{Done, Trouble};
use clap::Subcommand;
use komainu_clock::Nature;
use komainu_files::Key;
use std::process::ExitCode;
use std::time::Duration;

/// How often it is looked whether the program runs, and how long after one another.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

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
    let (url, path) = (house.url.clone(), house.folder.join(komainu_archive::FILES_KEY));
    // Our own hold on the database is let go before others are looked for; a server may take a moment to notice.
    drop(house);
    let mut looks = 0;
    while url.in_use()? {
        looks += 1;
        if looks == LOOKS {
            return Err(Trouble::Settings(
                "Komainu is running: stop it first, since it would go on sealing with the older key"
                    .to_owned(),
            ));
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
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
