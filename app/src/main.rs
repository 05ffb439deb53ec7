//! The program: one file that serves, keeps and proves everything.

mod commands;
mod config;
mod tls;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// 狛犬 Komainu: cybersecurity support for medical institutions.
///
/// Everything works from this one file. Settings come from flags, from KOMAINU_… variables or from a TOML file
/// (see `komainu config`), in this order.
#[derive(Parser)]
#[command(name = "komainu", version, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    options: config::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages
    Serve,
    /// Serve a filled-in demo from a data folder of its own
    Demo,
    /// Accounts: make one, list them, help someone back in
    #[command(subcommand)]
    User(commands::user::Command),
    /// The catalogue of checklists
    #[command(subcommand)]
    Catalog(commands::catalog::Command),
    /// Attack paths, their harm and the best fixes of a network in a file
    Exposure(commands::exposure::Arguments),
    /// The log of changes
    #[command(subcommand)]
    Log(commands::log::Command),
    /// The key that seals what lies in the database and the evidence
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Make an encrypted backup while people go on working; prove one; print the key that opens them
    Backup(commands::backup::Arguments),
    /// Restore a backup into an empty data folder and an empty database
    Restore(commands::restore::Arguments),
    /// Move the database between SQLite and PostgreSQL
    Migrate(commands::migrate::Arguments),
    /// Print a settings file with every setting and its meaning
    Config,
}

/// What a command answers: success, a fault it found (1), or something it could not begin (2).
pub(crate) type Done = Result<ExitCode, Trouble>;

/// Why a command stopped.
pub(crate) enum Trouble {
    /// The settings or arguments are wrong: exit code 2.
    Settings(String),
    /// It failed while working: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Trouble::Failed(error.into())
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Config => {
            print!("{}", config::EXAMPLE);
            Ok(ExitCode::SUCCESS)
        }
        command => arguments.options.settle().map_err(Trouble::Settings).and_then(|settings| match command {
            Command::Serve => commands::serve::serve(&settings),
            Command::Demo => commands::serve::demo(&settings),
            Command::User(command) => commands::user::run(&settings, command),
            Command::Catalog(command) => commands::catalog::run(&settings, command),
            Command::Exposure(arguments) => commands::exposure::run(&arguments),
            Command::Log(command) => commands::log::run(&settings, &command),
            Command::Key(command) => commands::key::run(&settings, &command),
            Command::Backup(arguments) => commands::backup::run(&settings, arguments),
            Command::Restore(arguments) => commands::restore::run(&settings, &arguments),
            Command::Migrate(arguments) => commands::migrate::run(&arguments),
            Command::Config => Ok(ExitCode::SUCCESS),
        }),
    };
    match done {
        Ok(code) => code,
        Err(Trouble::Settings(line)) => {
            eprintln!("komainu: {line}");
            ExitCode::from(2)
        }
        Err(Trouble::Failed(error)) => {
            eprintln!("komainu: {error:#}");
            ExitCode::FAILURE
        }
    }
}
