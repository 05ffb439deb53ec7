//! The commands of the program, and the house they open.

pub(crate) mod backup;
pub(crate) mod catalog;
pub(crate) mod exposure;
pub(crate) mod key;
pub(crate) mod log;
pub(crate) mod migrate;
mod place;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod user;

use crate::Trouble;
use crate::config::Settings;
use komainu_archive::Stage;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::{Db, DbError, Url};
use komainu_files::{Files, Key};
use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// The note by which a database says that it is a demo's.
const DEMO: &str = "demo";

/// An opened data folder and database.
pub(crate) struct House {
    /// The database, brought up to the program's schema.
    pub(crate) db: Db,
    /// The sealed files.
    pub(crate) files: Files,
    /// Time and chance.
    pub(crate) nature: Nature,
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// Where the database is.
    pub(crate) url: Url,
}

impl House {
    /// Opens the data folder and the database, or makes them.
    ///
    /// A demo and a real installation never share a database: each refuses what belongs to the other.
    pub(crate) fn open(settings: &Settings, demo: bool) -> Result<House, Trouble> {
        let folder = folder(settings, demo);
        place::make(&folder)?;
        let (url, db) = open_database(settings, &folder)?;
        place::refuse_half_restored(&folder, &db)?;
        let nature = Nature::real();
        db.migrate(nature.now()).map_err(|error| match error {
            DbError::Newer(_) => Trouble::Settings(format!("the database was {error}")),
            other => Trouble::Failed(anyhow::Error::new(other).context("bringing the database up to date")),
        })?;
        place::refuse_moved(&db)?;
        claim(&db, demo, &folder)?;
        House::finish((url, db), nature, folder)
    }

    /// Opens what is there, without making anything and without bringing the schema up to date: for a backup before an
    /// upgrade, and beside a running program of an earlier version.
    pub(crate) fn as_it_is(settings: &Settings, demo: bool) -> Result<House, Trouble> {
        let folder = folder(settings, demo);
        let none = || Trouble::Settings(format!("there is no installation in {}", folder.display()));
        let file = folder.join(place::DATABASE);
        if !folder.join(komainu_archive::FILES_KEY).exists()
            || (settings.database.is_none() && !file.exists())
        {
            return Err(none());
        }
        let (url, db) = open_database(settings, &folder)?;
        place::refuse_half_restored(&folder, &db)?;
        if db.read(|tx| tx.schema().map(|steps| steps.is_empty()))? {
            return Err(none());
        }
        place::refuse_moved(&db)?;
        claim(&db, demo, &folder)?;
        House::finish((url, db), Nature::real(), folder)
    }

    fn finish((url, db): (Url, Db), nature: Nature, folder: PathBuf) -> Result<House, Trouble> {
        let key = Key::open(&folder.join(komainu_archive::FILES_KEY), &nature)?;
        let files = Files::open(&folder.join(place::FILES), key.clone())?;
        Ok(House { db: db.with_key(key), files, nature, folder, url })
    }
}

/// The data folder.
fn folder(settings: &Settings, demo: bool) -> PathBuf {
    settings.data.clone().unwrap_or_else(|| PathBuf::from(if demo { "data-demo" } else { "data" }))
}

fn open_database(settings: &Settings, folder: &std::path::Path) -> Result<(Url, Db), Trouble> {
    let url = settings.database.clone().unwrap_or_else(|| Url::Sqlite(folder.join(place::DATABASE)));
    match Db::open(&url) {
        Ok(db) => Ok((url, db)),
        Err(error) => Err(Trouble::Settings(format!("the database cannot be opened: {error}"))),
    }
}

/// Shows on a terminal how far long work is.
fn watched(silent: bool) -> impl Fn(Stage, u64, u64) -> ControlFlow<()> {
    let last = Cell::new((Stage::Rows, u64::MAX));
    move |stage, done, of| {
        let percent = done.saturating_mul(100) / of.max(1);
        if !silent && std::io::stderr().is_terminal() && last.replace((stage, percent)) != (stage, percent) {
            let word = match stage {
                Stage::Rows => "rows",
                Stage::Files => "evidence",
                Stage::Reading => "reading",
                Stage::Comparing => "comparing",
            };
            let mut out = std::io::stderr();
            // A terminal that went away is no reason to stop.
            let _ = write!(out, "\r{word} {percent} %        \r").and_then(|()| out.flush());
        }
        ControlFlow::Continue(())
    }
}

/// Marks a fresh database as a demo's or as a real one, and refuses the other kind.
fn claim(db: &Db, demo: bool, folder: &std::path::Path) -> Result<(), Trouble> {
    let word = if demo { "yes" } else { "no" };
    let found = db.write(|tx| {
        let found = tx.note(DEMO)?;
        if found.is_none() {
            tx.set_note(DEMO, word)?;
        }
        Ok::<_, DbError>(found)
    })?;
    match found.as_deref() {
        Some(other) if other != word && demo => Err(Trouble::Settings(format!(
            "{} holds a real installation; the demo needs a folder of its own (--data)",
            folder.display()
        ))),
        Some(other) if other != word => Err(Trouble::Settings(format!(
            "{} holds a demo; start it with `komainu demo`, or choose another folder (--data)",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// The outside world's rules, as built in.
pub(crate) fn catalog() -> Result<Catalog, Trouble> {
    Catalog::embedded().map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Trouble::Failed(anyhow::anyhow!("the catalogue has faults:\n{}", lines.join("\n")))
    })
}
