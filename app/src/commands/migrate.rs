//! Moving an installation's database between SQLite and PostgreSQL.

use super::backup::{tell, told};
use super::{place, watched};
use crate::{Done, Trouble};
use clap::Args;
use komainu_archive::{Origin, Source};
use komainu_clock::Nature;
use komainu_db::{Db, Url, UrlError};

/// Move the database into an empty one of either kind; data folder, evidence and keys stay where they are.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The database with the data: sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL", value_parser = url)]
    from: Url,
    /// The empty database
    #[arg(long, value_name = "URL", value_parser = url)]
    to: Url,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn url(text: &str) -> Result<Url, UrlError> {
    text.parse()
}

/// `komainu migrate`. Cut off at any moment it leaves the target empty, so that it can be run again.
pub(crate) fn run(arguments: &Arguments) -> Done {
    let Arguments { from, to, json } = arguments;
    let nature = Nature::real();
    if let Url::Sqlite(path) = from
        && !path.exists()
    {
        return Err(Trouble::Settings(format!("--from: there is no {}", path.display())));
    }
    let open = |name: &str, url: &Url| {
        Db::open(url)
            .map_err(|error| Trouble::Settings(format!("{name}: the database cannot be opened: {error}")))
    };
    if from.in_use().map_err(|error| Trouble::Settings(format!("--from: {error}")))? {
        return Err(Trouble::Settings(
            "Komainu is running on this database: stop it first, on every node, so that nothing is written \
             that would stay behind"
                .to_owned(),
        ));
    }
    let source = open("--from", from)?;
    if source.read(|tx| tx.schema().map(|steps| steps.is_empty()))? {
        return Err(Trouble::Settings("--from: there is no installation in this database".to_owned()));
    }
    let target = open("--to", to)?;
    let origin = Origin { id: nature.id(), at: nature.now(), program: env!("CARGO_PKG_VERSION").to_owned() };
    let only_rows = Source { files: None, secrets: &[], origin };
    let watch = watched(*json);
    let pair = (&source, &target);
    let report = komainu_archive::copy_over(pair, &only_rows, &nature, &watch, |tx| {
        // What stood in the source about an earlier move is not true of this one.
        Ok(place::note_moved(tx, "")?)
    })
    .map_err(told)?;
    source.write(|tx| place::note_moved(tx, &to.to_string()))?;
    let code = tell(&report, *json);
    if !json {
        println!("moved to {to}; name it with --database-url from now on");
    }
    Ok(code)
}
