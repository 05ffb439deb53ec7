//! What every handler can reach: the database, time and chance, the catalogue, the files, the settings.

use crate::api::Rates;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::Db;
use komainu_files::Files;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The running program; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts of a running program.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// Time and chance.
    pub nature: Nature,
    /// The outside world's rules.
    pub catalog: Arc<Catalog>,
    /// Sealed files.
    pub files: Files,
    /// How this installation is set up.
    pub settings: Settings,
    /// Whether the first administrator exists; once true it stays so.
    pub(crate) settled: AtomicBool,
    /// How much was asked over the API lately.
    pub(crate) rates: Rates,
}

/// How this installation is set up.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where people reach it, such as `http://127.0.0.1:8420`; links and QR codes begin with it.
    pub public_url: String,
    /// Whether it is reached over TLS, so that cookies may demand it.
    pub secure: bool,
    /// Whether this is a demo: sign-in cards, a band above every page.
    pub demo: bool,
    /// A word that the first run asks for; needed where others than this computer can reach the address.
    pub setup_code: Option<String>,
    /// How many requests a minute a token may make; 0 for no limit.
    pub api_rate: u32,
    /// The program's version.
    pub version: String,
}

impl App {
    /// Puts the parts together.
    pub fn new(db: Db, nature: Nature, catalog: Arc<Catalog>, files: Files, settings: Settings) -> App {
        let rates = Rates::new(settings.api_rate);
        let settled = AtomicBool::new(false);
        App(Arc::new(AppParts { db, nature, catalog, files, settings, settled, rates }))
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
