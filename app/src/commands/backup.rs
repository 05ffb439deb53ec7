//! Backups: making one, proving one, and the key that opens them.

use super::{House, place, watched};
use crate::config::Settings;
use crate::{Done, Trouble};
use clap::{Args, Subcommand};
use komainu_archive::{
    Archive, ArchiveError, Made, Origin, RECOVERY_KEY, RecoveryKey, Report, Secret, Source,
};
use komainu_clock::{Nature, in_japan};
use komainu_i18n::Lang;
use komainu_operations::actions::backup_note;
use komainu_operations::model::{Amount, Backup, BackupId, Cause};
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// Make an encrypted backup while people go on working.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to: a folder, or a file that is not there yet [default: the folder of the daily backups]
    to: Option<PathBuf>,
    #[command(flatten)]
    way: Way,
}

/// How a command answers, and about which installation.
#[derive(Args, Clone, Copy)]
pub(crate) struct Way {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// The data folder is a demo's
    #[arg(long)]
    demo: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Prove a backup: restore it into a temporary place, compare everything, and throw it away
    Verify {
        /// The backup
        file: PathBuf,
        /// A file with the recovery key [default: the data folder's, or else the first line of standard input]
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the recovery key, to be kept on paper away from the server: without it no backup opens
    Key {
        /// Make a page to print of it, as a PDF
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
        /// The language of that page: ja, en or zh
        #[arg(long, default_value = "ja", value_parser = lang)]
        lang: Lang,
        /// The data folder is a demo's
        #[arg(long)]
        demo: bool,
    },
}

fn lang(code: &str) -> Result<Lang, String> {
    code.parse().map_err(|_| "one of ja, en, zh".to_owned())
}

/// `komainu backup …`.
pub(crate) fn run(settings: &Settings, arguments: Arguments) -> Done {
    match arguments.command {
        None => make(settings, arguments.to, arguments.way),
        Some(Command::Verify { file, key_file, json }) => verify(settings, &file, key_file.as_deref(), json),
        Some(Command::Key { pdf, lang, demo }) => key(settings, pdf.as_deref(), lang, demo),
    }
}

fn make(settings: &Settings, to: Option<PathBuf>, way: Way) -> Done {
    let house = House::as_it_is(settings, way.demo)?;
    let to = to.or_else(|| settings.backup.as_ref().map(|backup| backup.folder.clone()));
    let to =
        to.ok_or_else(|| Trouble::Settings("name a folder or a file to write the backup to".to_owned()))?;
    let origin = Origin {
        id: house.nature.id(),
        at: house.nature.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let to = if to.is_dir() {
        komainu_archive::clear_halves(&to)?;
        to.join(komainu_archive::file_name(origin.at))
    } else {
        to
    };
    let fresh = !house.folder.join(RECOVERY_KEY).exists();
    let key = RecoveryKey::open(&house.folder.join(RECOVERY_KEY), &house.nature)?;
    let secrets = Secret::all(&house.folder).map_err(told)?;
    let source = Source { files: Some(&house.files), secrets: &secrets, origin: origin.clone() };
    let made = komainu_archive::backup(&house.db, &source, &key, &to, &watched(way.json)).map_err(told)?;
    note(&house, &origin, &made);
    if way.json {
        println!("{}", made_json(&made));
    } else {
        let Made { path, size, rows, files, unreadable } = &made;
        println!("{}: {size} bytes, {rows} rows, {files} evidence files", path.display());
        if *unreadable > 0 {
            println!("FOUND: {unreadable} evidence files could not be opened and are not in it");
        }
    }
    if fresh {
        eprintln!(
            "A recovery key was made. Print it now and keep it away from the server: komainu backup key"
        );
    }
    Ok(if made.unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the backup down for the administrator's page. The backup is made whatever comes of this: a database of an
/// earlier version has no table for it yet.
fn note(house: &House, origin: &Origin, made: &Made) {
    let backup = Backup {
        id: BackupId(origin.id),
        cause: Cause::Console,
        by_name: String::new(),
        begun_at: origin.at,
        ended_at: house.nature.now(),
        file: made.path.display().to_string(),
        outcome: Ok(Amount::from(made)),
    };
    if let Err(error) = house.db.write(|tx| backup_note(tx, &backup)) {
        eprintln!("the backup could not be noted in the database: {error}");
    }
}

fn made_json(made: &Made) -> serde_json::Value {
    let Made { path, size, rows, files, unreadable } = made;
    serde_json::json!({ "file": path, "size": size, "rows": rows, "files": files, "unreadable": unreadable })
}

fn verify(settings: &Settings, file: &Path, key_file: Option<&Path>, json: bool) -> Done {
    let folder = settings.data.clone().unwrap_or_else(|| PathBuf::from("data"));
    let own = folder.join(RECOVERY_KEY);
    let key = recovery_key(key_file.or(own.exists().then_some(&*own)))?;
    let archive = open(file, &key)?;
    let place = if folder.is_dir() { folder } else { std::env::temp_dir() };
    let report = komainu_archive::prove(archive, &place, &Nature::real(), &watched(json)).map_err(told)?;
    Ok(tell(&report, json))
}

fn key(settings: &Settings, pdf: Option<&Path>, lang: Lang, demo: bool) -> Done {
    let house = House::as_it_is(settings, demo)?;
    let key = RecoveryKey::open(&house.folder.join(RECOVERY_KEY), &house.nature)?;
    if let Some(path) = pdf {
        let place = settings.public_url.clone().unwrap_or_else(|| house.folder.display().to_string());
        let page = komainu_operations::key_page(&key, lang, &place, house.nature.now())?;
        place::write(path, &page.bytes)
            .map_err(|error| Trouble::Settings(format!("{}: {error}", path.display())))?;
        println!("{}: print it, lock it away, and delete this file", path.display());
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "\n    狛犬 Komainu 復元の鍵 / recovery key\n\n        {}\n\n    \
         この紙がないと、控えは開けません。印刷か書き写しをして、サーバーから離れた所に鍵をかけてしまってください。\n    \
         Without this paper no backup opens. Print it or copy it by hand and lock it away from the server.\n    \
         戻す / To restore: komainu restore FILE --data NEW-FOLDER\n",
        *key.text()
    );
    Ok(ExitCode::SUCCESS)
}

/// Opens an archive; what is wrong with it from the outside is wrong with the command.
pub(crate) fn open(file: &Path, key: &RecoveryKey) -> Result<Archive, Trouble> {
    Archive::open(file, key).map_err(|error| match error {
        ArchiveError::Io(name, error) => Trouble::Settings(format!("{name}: {error}")),
        other => told(other),
    })
}

/// The recovery key from a file, or as it is typed.
pub(crate) fn recovery_key(file: Option<&Path>) -> Result<RecoveryKey, Trouble> {
    let trouble = |error: &dyn std::fmt::Display| Trouble::Settings(error.to_string());
    if let Some(file) = file {
        return RecoveryKey::read(file).map_err(|error| trouble(&error));
    }
    let mut input = std::io::stdin();
    let mut text = Zeroizing::new(String::new());
    if input.is_terminal() {
        eprintln!("Recovery key, from the paper (it shows while you type), then Enter:");
        input.read_line(&mut text)?;
    } else {
        input.take(1_000).read_to_string(&mut text)?;
    }
    text.lines().next().unwrap_or_default().parse().map_err(|error| trouble(&error))
}

/// A failure of an archive: what was refused before anything began is told apart from what went wrong.
pub(crate) fn told(error: ArchiveError) -> Trouble {
    if error.is_refusal() { Trouble::Settings(error.to_string()) } else { Trouble::Failed(error.into()) }
}

/// Prints what a proof found.
pub(crate) fn tell(report: &Report, json: bool) -> ExitCode {
    if json {
        println!("{}", serde_json::json!({ "sound": report.is_sound(), "report": report }));
    } else {
        let made = in_japan(report.origin.at).format("%Y-%m-%d %H:%M");
        println!("made {made} by Komainu {}, schema step {}", report.origin.program, report.schema);
        println!("{} rows in {} tables, equal to what was archived", report.rows(), report.tables.len());
        println!("{} evidence files ({} bytes) open and hash right", report.files, report.bytes);
        println!("{} logs, {} entries proved", report.logs, report.entries);
        for file in &report.unreadable {
            println!("FOUND: the evidence {} of {} was unreadable before", file.digest, file.organisation);
        }
        for chain in &report.broken {
            println!(
                "FOUND: the log of {} is broken at entry {} and was before",
                chain.organisation, chain.entry
            );
        }
    }
    if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
