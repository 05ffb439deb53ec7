//! Settings: by flag, by variable, by file, in this order. A wrong one is one clear line.

mod backup;
mod openid;
mod service;
mod short;

pub(crate) use service::{Service, TlsFiles};
pub(crate) use short::ShortWays;

use clap::Args;
use komainu_db::Url;
use komainu_web::BackupSettings;
use serde::Deserialize;
use service::ServiceOptions;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

/// The settings file with every setting, as `komainu config` prints it.
pub(crate) const EXAMPLE: &str = include_str!("../komainu.example.toml");

const PORT: u16 = 8420;
/// Requests a minute: ten a second, which no program of a house needs and no server here feels.
const API_RATE: u32 = 600;

/// Settings as they may be given; each also as a variable or in the file.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Settings file (TOML); `komainu config` prints one
    #[arg(long, global = true, env = "KOMAINU_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for the database, the sealed files and the keys [default: ./data, for the demo ./data-demo]
    #[arg(long, global = true, env = "KOMAINU_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// postgres://… or sqlite:PATH [default: a SQLite file in the data folder]
    #[arg(long, global = true, env = "KOMAINU_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Address to listen on [default: 127.0.0.1, this computer only]
    #[arg(long, global = true, env = "KOMAINU_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    /// Port to listen on [default: 8420]
    #[arg(long, global = true, env = "KOMAINU_PORT", value_name = "N")]
    port: Option<String>,
    /// Address under which people reach it, such as <https://komainu.example.jp>; links and QR codes begin with it
    #[arg(long, global = true, env = "KOMAINU_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Requests a minute that one token of the API may make; 0 for no limit [default: 600]
    #[arg(long, global = true, env = "KOMAINU_API_RATE", value_name = "N")]
    api_rate: Option<String>,
    /// What goes into the log: error, warn, info, debug
    #[arg(long, global = true, env = "KOMAINU_LOG", value_name = "LEVEL")]
    log: Option<String>,
    #[command(flatten)]
    backup: backup::Options,
    #[command(flatten)]
    service: ServiceOptions,
}

/// The same, as the file writes them.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    database_url: Option<String>,
    listen: Option<String>,
    port: Option<u16>,
    public_url: Option<String>,
    api_rate: Option<u32>,
    log: Option<String>,
    backup_folder: Option<PathBuf>,
    backup_hour: Option<u32>,
    backup_daily: Option<u32>,
    backup_weekly: Option<u32>,
    backup_monthly: Option<u32>,
    #[serde(skip)]
    service: ServiceOptions,
}

/// Settings that hold together.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The data folder, where one was asked for.
    pub(crate) data: Option<PathBuf>,
    /// The database, where another than the data folder's was asked for.
    pub(crate) database: Option<Url>,
    /// Where to listen.
    pub(crate) listen: IpAddr,
    /// Which port; 0 takes a free one.
    pub(crate) port: u16,
    /// Where people reach it, without a slash at the end.
    pub(crate) public_url: Option<String>,
    /// Requests a minute that one token of the API may make; 0 for no limit.
    pub(crate) api_rate: u32,
    /// The log's level.
    pub(crate) log: String,
    /// Daily backups, where a folder was chosen for them.
    pub(crate) backup: Option<BackupSettings>,
    /// What only a serving program needs.
    pub(crate) service: Service,
}

impl Settings {
    /// Whether others than whoever sits at this computer can reach the program: over the network, or through a proxy,
    /// which an address for people hints at.
    pub(crate) fn reached_by_others(&self) -> bool {
        !self.listen.is_loopback() || self.public_url.is_some()
    }
}

impl Options {
    /// Puts flags, variables and file together and checks every setting.
    pub(crate) fn settle(self) -> Result<Settings, String> {
        let file = self.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let backup = self.backup.settle(&file)?;
        let port = match self.port {
            Some(text) => {
                text.parse().map_err(|_| format!("--port {text}: a port is a number from 0 to 65535"))?
            }
            None => file.port.unwrap_or(PORT),
        };
        let listen = match self.listen.or(file.listen) {
            Some(text) => text
                .parse()
                .map_err(|_| format!("--listen {text}: an address is like 127.0.0.1 or 0.0.0.0"))?,
            None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let database = self.database_url.or(file.database_url);
        let database = database
            .map(|text| text.parse().map_err(|error| format!("--database-url: {error}")))
            .transpose()?;
        let public_url = self.public_url.or(file.public_url).map(|text| public(&text)).transpose()?;
        let api_rate = match self.api_rate {
            Some(text) => text
                .parse()
                .map_err(|_| format!("--api-rate {text}: a rate is a number of requests a minute, or 0"))?,
            None => file.api_rate.unwrap_or(API_RATE),
        };
        let log = self.log.or(file.log).unwrap_or_else(|| "info".to_owned());
        if !["error", "warn", "info", "debug", "trace"].contains(&log.as_str()) {
            return Err(format!("--log {log}: a level is error, warn, info or debug"));
        }
        let service = self.service.settle(file.service)?;
        if let (Some(url), true) = (&public_url, service.tls.is_some())
            && !url.starts_with("https://")
        {
            return Err(format!("--public-url {url}: with --tls-certificate it begins with https://"));
        }
        if service.signs_in_elsewhere() && public_url.is_none() && !listen.is_loopback() {
            return Err(
                "--oidc-issuer: --public-url belongs to it, as browsers are sent back there".to_owned()
            );
        }
        Ok(Settings {
            data: self.data.or(file.data),
            database,
            listen,
            port,
            public_url,
            api_rate,
            log,
            backup,
            service,
        })
    }
}

fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let fault = |at: usize, what: &str| {
        let line = 1 + text.get(..at).unwrap_or_default().matches('\n').count();
        format!("{}:{line}: {}", path.display(), what.replace('\n', " "))
    };
    let wrong = |error: toml::de::Error| fault(error.span().map_or(0, |span| span.start), error.message());
    let table: toml::Table = toml::from_str(&text).map_err(wrong)?;
    // A file knows the same names as the command line.
    let known = Options::augment_args(clap::Command::new("komainu"));
    let is_known = |name: &str| name != "config" && known.get_arguments().any(|a| a.get_long() == Some(name));
    if let Some(unknown) = table.keys().find(|name| !is_known(name)) {
        let mut lines = text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some((*end - line.len(), line))
        });
        let at =
            lines.find(|(_, line)| line.trim_start_matches(['[', '"', ' ']).starts_with(unknown.as_str()));
        return Err(fault(at.map_or(0, |(at, _)| at), &format!("there is no setting {unknown}")));
    }
    let service = toml::from_str(&text).map_err(wrong)?;
    Ok(File { service, ..toml::from_str(&text).map_err(wrong)? })
}

fn public(text: &str) -> Result<String, String> {
    let wrong =
        || format!("--public-url {text}: an address is like https://komainu.example.jp, without a path");
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty() && url.has_host();
    if plain && matches!(url.scheme(), "http" | "https") {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_valid_file_with_every_setting() {
        let uncommented: String =
            EXAMPLE.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("komainu.toml");
        std::fs::write(&path, &uncommented).unwrap();
        assert!(read(&path).is_ok_and(|file| file.service.settle(ServiceOptions::default()).is_ok()));
        let table: toml::Table = toml::from_str(&uncommented).unwrap();
        let known = Options::augment_args(clap::Command::new("komainu"));
        let names: Vec<&str> = known.get_arguments().filter_map(clap::Arg::get_long).collect();
        assert!(names.len() > 15, "{names:?}");
        for name in names.into_iter().filter(|name| *name != "config") {
            assert!(table.contains_key(name), "the example lacks {name}");
        }
    }

    #[test]
    fn a_wrong_setting_is_one_line_that_names_it() {
        let options = |change: fn(&mut Options)| {
            let mut options = Options::default();
            change(&mut options);
            options.settle().err().unwrap()
        };
        for (error, name) in [
            (options(|o| o.port = Some("99999".into())), "--port"),
            (options(|o| o.listen = Some("everywhere".into())), "--listen"),
            (options(|o| o.database_url = Some("mysql://x".into())), "--database-url"),
            (options(|o| o.public_url = Some("komainu.example.jp".into())), "--public-url"),
            (options(|o| o.public_url = Some("https://a.example/path".into())), "--public-url"),
            (options(|o| o.api_rate = Some("fast".into())), "--api-rate"),
            (
                options(|o| {
                    o.public_url = Some("http://komainu.example.jp".into());
                    o.service.tls_certificate = Some("certificate.pem".into());
                    o.service.tls_key = Some("key.pem".into());
                }),
                "--public-url",
            ),
            (options(|o| o.log = Some("loud".into())), "--log"),
            (options(|o| o.backup.backup_hour = Some("24".into())), "--backup-hour"),
            (options(|o| o.backup.backup_daily = Some("many".into())), "--backup-daily"),
        ] {
            assert!(error.starts_with(name) && error.lines().count() == 1, "{error}");
        }
    }

    #[test]
    fn a_network_or_a_proxy_lets_others_in() {
        let settle = |listen: Option<&str>, public_url: Option<&str>| {
            let (listen, public_url) = (listen.map(str::to_owned), public_url.map(str::to_owned));
            Options { listen, public_url, ..Options::default() }.settle().unwrap().reached_by_others()
        };
        let proxied = Some("https://komainu.example.jp");
        assert!(!settle(None, None) && !settle(Some("::1"), None), "nobody but this computer");
        assert!(settle(Some("0.0.0.0"), None) && settle(Some("192.168.1.5"), None));
        assert!(settle(None, proxied) && settle(Some("0.0.0.0"), proxied));
    }

    #[test]
    fn a_fault_in_the_file_names_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("komainu.toml");
        std::fs::write(&path, "port = 8420\n\nprot = 1\n").unwrap();
        let options = Options { config: Some(path), ..Options::default() };
        let error = options.settle().err().unwrap();
        assert!(error.contains("komainu.toml:3:") && error.lines().count() == 1, "{error}");
    }
}
