//! Chores that a plain `cargo build` must not need: run as `cargo xtask <chore>`.

mod fonts;

use clap::{Parser, Subcommand};

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Fonts => fonts::run(),
    }
}
