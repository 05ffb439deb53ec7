//! What every handler can reach: the database, time and chance, the catalogue, the files, the settings.

use crate::api::Rates;
use crate::live::Listeners;
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::Db;
use komainu_files::{Files, Key};
use komainu_notify::{IpNet, MailQueue, Outbound, Providers};
use komainu_openid::Provider;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use subtle::ConstantTimeEq as _;

use crate::Metrics;

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
    /// The installation's key, which seals the files and every other secret at rest.
    pub key: Key,
    /// How this installation is set up.
    pub settings: Settings,
    /// The program's figures.
    pub metrics: Metrics,
    /// Whether the program is asked to stop.
    stop: tokio::sync::watch::Sender<bool>,
    /// Whether the first administrator exists; once true it stays so.
    pub(crate) settled: AtomicBool,
    /// How much was asked over the API lately.
    pub(crate) rates: Rates,
    /// The pages that listen for news.
    pub(crate) listeners: Listeners,
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
    /// The data folder.
    pub data: PathBuf,
    /// The database's address, without user and password.
    pub database: String,
    /// Where and when daily backups are made; none are where no folder was chosen.
    pub backup: Option<BackupSettings>,
    /// Proxies of our own, whose word for whom they ask is believed.
    pub proxies: Vec<IpNet>,
    /// What opens the figures; without it only this very computer sees them.
    pub metrics_token: Option<Secret>,
    /// Where mails go, where mail is switched on.
    pub mail: Option<MailQueue>,
    /// The way to other programs, where it is switched on.
    pub outbound: Option<Outbound>,
    /// The ways by which short messages go at once, as far as they are switched on.
    pub providers: Providers,
    /// The house's own sign-in service, where one is named.
    pub openid: Option<Provider>,
}

impl Settings {
    /// Whether links lead to this very computer and work on no other.
    pub fn only_here(&self) -> bool {
        let url = url::Url::parse(&self.public_url).ok();
        match url.as_ref().and_then(url::Url::host) {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => true,
        }
    }
}

/// Daily backups.
#[derive(Clone, Debug)]
pub struct BackupSettings {
    /// The folder, on another disk.
    pub folder: PathBuf,
    /// The full hour, by the clock in Japan.
    pub hour: u32,
    /// Of how many days the newest is kept.
    pub daily: u32,
    /// Of how many weeks.
    pub weekly: u32,
    /// Of how many months.
    pub monthly: u32,
}

/// A word that opens something; never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A word from the settings.
    pub fn new(word: String) -> Secret {
        Secret(word)
    }

    /// Whether this is the word; how much of it fits cannot be told from the time it takes.
    pub fn matches(&self, word: &str) -> bool {
        self.0.as_bytes().ct_eq(word.as_bytes()).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(db: Db, nature: Nature, catalog: Arc<Catalog>, files: Files, settings: Settings) -> App {
        let key = files.key().clone();
        let rates = Rates::new(settings.api_rate);
        App(Arc::new(AppParts {
            db,
            nature,
            catalog,
            files,
            key,
            settings,
            metrics: Metrics::default(),
            stop: tokio::sync::watch::Sender::new(false),
            settled: AtomicBool::new(false),
            rates,
            listeners: Listeners::default(),
        }))
    }

    /// Ends what would go on for long, such as streams of news, as the program is about to stop.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Becomes true when the program is about to stop.
    pub(crate) fn stopping(&self) -> tokio::sync::watch::Receiver<bool> {
        self.stop.subscribe()
    }
}

impl Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
