//! Restoring a backup into an empty place.

use super::backup::{open, recovery_key, tell, told};
use super::place::{DATABASE, Restoring};
use super::watched;
use crate::config::Settings;
use crate::{Done, Trouble};
use clap::Args;
use komainu_clock::Nature;
use komainu_db::{Db, Url};
use std::path::PathBuf;

/// Restore a backup into an empty data folder and an empty database: all of it, proved, or nothing.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The backup
    file: PathBuf,
    /// A file with the recovery key [default: the first line of standard input]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// `komainu restore`.
pub(crate) fn run(settings: &Settings, arguments: &Arguments) -> Done {
    let key = recovery_key(arguments.key_file.as_deref())?;
    let archive = open(&arguments.file, &key)?;
    let nature = Nature::real();
    let folder = settings.data.clone().unwrap_or_else(|| PathBuf::from("data"));
    let url = settings.database.clone().unwrap_or_else(|| Url::Sqlite(folder.join(DATABASE)));
    let file = if let Url::Sqlite(path) = &url { Some(path.as_path()) } else { None };
    let mut place = Restoring::begin(&folder, file, &nature)?;
    let word = place.word();
    let outcome = Db::open(&url)
        .map_err(|error| Trouble::Settings(format!("the database cannot be opened: {error}")))
        .and_then(|db| {
            let (watch, settle) = (watched(arguments.json), Restoring::settle(&word, nature.now()));
            komainu_archive::restore(archive, &db, &mut place, &nature, &watch, settle).map_err(told)
        });
    match outcome {
        Ok(report) => {
            place.done()?;
            let code = tell(&report, arguments.json);
            if !arguments.json {
                println!(
                    "restored into {} and {url}; everybody signs in again, and programs need new tokens",
                    folder.display()
                );
            }
            Ok(code)
        }
        Err(trouble) => {
            place.clear()?;
            Err(trouble)
        }
    }
}
