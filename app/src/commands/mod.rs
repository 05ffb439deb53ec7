//! The commands of the program, and the house they open.

pub(crate) mod log;
pub(crate) mod serve;
pub(crate) mod user;

use crate::Trouble;
use crate::config::Settings;
use anyhow::Context as _;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::{Db, DbError, Url};
use komainu_files::{Files, Key};
use std::os::unix::fs::DirBuilderExt as _;
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
}

impl House {
    /// Opens the data folder and the database, or makes them.
    ///
    /// A demo and a real installation never share a database: each refuses what belongs to the other.
    pub(crate) fn open(settings: &Settings, demo: bool) -> Result<House, Trouble> {
        let folder = settings.data.clone().unwrap_or_else(|| PathBuf::from(if demo { "data-demo" } else { "data" }));
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| Trouble::Settings(format!("the data folder {}: {error}", folder.display())))?;
        let nature = Nature::real();
        let url = settings.database.clone().unwrap_or_else(|| Url::Sqlite(folder.join("komainu.db")));
        let db = Db::open(&url).map_err(|error| Trouble::Settings(format!("the database cannot be opened: {error}")))?;
        db.migrate(nature.now()).context("bringing the database up to date")?;
        claim(&db, demo, &folder)?;
        let key = Key::open(&folder.join("files.key"), &nature)?;
        let files = Files::open(&folder.join("files"), key)?;
        Ok(House { db, files, nature })
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
