//! Chores that a plain `cargo build` must not need: run as `cargo xtask <chore>`.

mod fonts;
mod guide;
mod licences;
mod messages;
mod structure;
mod tree;
mod ui;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The chores of this repository.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Take the document fonts from the npm packages into target/fonts, compressed
    Fonts,
    /// Check the guide's two books and write their pages to target/guide
    Guide,
    /// Check that every dependency's licence fits ours and write target/notices
    Licences,
    /// Check that every message exists in every language and is used
    Messages,
    /// Check who depends on whom, where SQL stands and what stays pure
    Structure,
    /// Bundle the front end into target/ui
    Ui,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().chore {
        Chore::Fonts => fonts::run(),
        Chore::Guide => guide::run(),
        Chore::Licences => licences::run(),
        Chore::Messages => messages::run(),
        Chore::Structure => structure::run(),
        Chore::Ui => ui::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
