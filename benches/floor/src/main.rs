//! The bare floor beneath the program's figures, and what puts load on both.

mod grow;
mod load;
mod rows;
mod serve;
mod took;

use std::process::ExitCode;

type Trouble = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str =
    "komainu-floor serve | load | rows sqlite PATH COUNT | rows postgres URL COUNT CONNECTIONS
    | grow DATABASE NAME COUNT | real DATABASE";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("komainu-floor {}: {error}", words.first().unwrap_or(&""));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Trouble> {
    match *words {
        ["serve"] => Ok(serve::serve()?),
        ["load"] => load::load()?.print(),
        ["rows", "sqlite", path, count] => rows::sqlite(path, count.parse()?)?.print(),
        ["rows", "postgres", url, count, connections] => {
            rows::postgres(url, count.parse()?, connections.parse()?)?.print()
        }
        ["grow", path, name, count] => grow::grow(path, name, count.parse()?),
        ["real", path] => grow::real(path),
        _ => Err(USAGE.into()),
    }
}
