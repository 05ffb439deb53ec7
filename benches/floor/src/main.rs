//! The bare floors beneath the program's figures, and what puts load on all of them.

mod copy;
mod grow;
mod load;
mod postgres;
mod script;
mod serve;
mod sqlite;
mod took;
mod value;

use std::process::ExitCode;

type Trouble = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "komainu-floor serve [sqlite:PATH | postgres://…] | load | types URL | copy URL FROM TO
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
        ["serve"] => serve::hello(),
        ["serve", database] => serve::bare(database),
        ["load"] => load::load()?.print(),
        ["types", url] => copy::types(url),
        ["copy", url, from, to] => copy::copy(url, from, to),
        ["grow", path, name, count] => grow::grow(path, name, count.parse()?),
        ["real", path] => grow::real(path),
        _ => Err(USAGE.into()),
    }
}
