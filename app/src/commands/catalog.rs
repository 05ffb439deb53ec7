//! The catalogue: what it holds, whether its files are sound, its export, and the ministry's workbook held against it.

use super::catalog as embedded;
use crate::config::Settings;
use crate::{Done, Trouble};
use anyhow::Context as _;
use clap::Subcommand;
use komainu_catalog::{Catalog, Variant, oscal};
use komainu_checklist::official::{Recognised, Unrecognised, recognise_form, unrecognised};
use komainu_clock::Nature;
use komainu_i18n::Lang;
use komainu_workbook::{Confidence, RecognisedRow};
use serde_json::{Value, json};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What can be done with the catalogue.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the editions and their forms
    List {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the data files, those of a folder together with the built-in ones; name file and line of every fault
    Check {
        /// A folder of further .toml files; one with a built-in name stands in its place
        folder: Option<PathBuf>,
    },
    /// Recognise the ministry's Excel workbook and print what its rows are
    Official {
        /// The workbook
        file: PathBuf,
        /// The fiscal year, where the workbook does not say it
        #[arg(long)]
        fiscal_year: Option<i32>,
        /// The form, where the workbook does not say it
        #[arg(long, value_name = "FORM", value_parser = variant)]
        variant: Option<Variant>,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
        /// The language of messages
        #[arg(long, default_value = "en", value_parser = lang)]
        lang: Lang,
    },
    /// Export a form as an OSCAL catalog (JSON)
    Oscal {
        /// The fiscal year, by its first calendar year
        #[arg(long)]
        fiscal_year: i32,
        /// The form; the first of the edition where none is named
        #[arg(long, value_name = "FORM", value_parser = variant)]
        variant: Option<Variant>,
        /// The language of the texts
        #[arg(long, default_value = "ja", value_parser = lang)]
        lang: Lang,
        /// Where to write it; the terminal where nothing is named
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
}

fn variant(code: &str) -> Result<Variant, String> {
    code.parse().map_err(|error: komainu_catalog::UnknownCode| error.to_string())
}

fn lang(code: &str) -> Result<Lang, String> {
    code.parse().map_err(|_| "one of ja, en, zh".to_owned())
}

/// `komainu catalog …`. It touches neither the data folder nor the database.
pub(crate) fn run(_settings: &Settings, command: Command) -> Done {
    match command {
        Command::List { json } => list(json),
        Command::Check { folder } => check(folder.as_deref()),
        Command::Official { file, fiscal_year, variant, json, lang } => {
            official(&file, (fiscal_year, variant), json, lang)
        }
        Command::Oscal { fiscal_year, variant, lang, output } => {
            export(fiscal_year, variant, lang, output.as_deref())
        }
    }
}

fn list(json: bool) -> Done {
    let catalog = embedded()?;
    let forms: Vec<Value> = catalog
        .editions()
        .iter()
        .flat_map(|edition| edition.form.iter().map(move |form| (edition, form)))
        .map(|(edition, form)| {
            json!({
                "fiscal_year": *edition.fiscal_year, "variant": form.variant.code(), "title": form.title.ja,
                "rows": form.rows.len(), "rows_confirmed": edition.items_confirmed,
            })
        })
        .collect();
    for form in &forms {
        if json {
            println!("{form}");
        } else {
            let mark = if form["rows_confirmed"] == true { "" } else { "  (rows not confirmed)" };
            let text = |name: &str| form[name].as_str().unwrap_or_default().to_owned();
            println!(
                "{}  {:<20}  {:>2} rows  {}{mark}",
                form["fiscal_year"],
                text("variant"),
                form["rows"],
                text("title")
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check(folder: Option<&Path>) -> Done {
    let own = folder.map(toml_files).transpose()?.unwrap_or_default();
    let own: Vec<(&str, &str)> = own.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let replaced = |name: &str| own.iter().any(|(own, _)| *own == name);
    let built_in = Catalog::embedded_files().iter().copied().filter(|(name, _)| !replaced(name));
    let files: Vec<(&str, &str)> = built_in.chain(own.iter().copied()).collect();
    match Catalog::load(&files) {
        Ok(catalog) => {
            let (editions, items) = (catalog.editions().len(), catalog.items().len());
            println!("{} files, {editions} editions, {items} items: no fault", files.len());
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in &faults {
                println!("{fault}");
            }
            eprintln!("komainu: {} faults in {} files", faults.len(), files.len());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The `.toml` files below a folder, by their name inside it.
fn toml_files(folder: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let entries =
            fs::read_dir(&at).map_err(|error| Trouble::Settings(format!("{}: {error}", at.display())))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push((name, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

fn official(file: &Path, said: (Option<i32>, Option<Variant>), json: bool, lang: Lang) -> Done {
    let catalog = embedded()?;
    let bytes = read_bounded(file)?;
    match recognise_form(&catalog, &bytes, said.0, said.1) {
        Ok(found) => {
            if json {
                println!("{}", found_json(&found));
            } else {
                print_found(&catalog, &found, lang);
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            let told = unrecognised(lang, &catalog, &why);
            let (what, todo) = (told.what, told.todo);
            let todo = if matches!(why, Unrecognised::Which { .. }) {
                "Say it with --fiscal-year and --variant.".to_owned()
            } else {
                todo
            };
            if json {
                println!("{}", json!({ "refused": format!("{why:?}"), "message": what, "do": todo }));
            }
            eprintln!("komainu: {}: {what}. {todo}", file.display());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// The file, and one byte more than is ever taken, so that nothing larger fills the memory.
fn read_bounded(file: &Path) -> Result<Vec<u8>, Trouble> {
    let open =
        fs::File::open(file).map_err(|error| Trouble::Settings(format!("{}: {error}", file.display())))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(komainu_workbook::MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    open.take(limit).read_to_end(&mut bytes).with_context(|| file.display().to_string())?;
    Ok(bytes)
}

fn certainty(row: &RecognisedRow) -> &'static str {
    match row.confidence {
        Confidence::Sure => "sure",
        Confidence::Likely => "likely",
        Confidence::Unsure => "unsure",
        Confidence::Unknown => "unknown",
    }
}

fn found_json(found: &Recognised) -> Value {
    json!({
        "fiscal_year": found.fiscal_year, "variant": found.variant.code(), "recognition": found.recognition,
    })
}

fn print_found(catalog: &Catalog, found: &Recognised, lang: Lang) {
    let recognition = &found.recognition;
    println!("{} {}  sheet {}", found.fiscal_year, found.variant, recognition.sheet);
    let form = catalog.form_of(found.fiscal_year, found.variant);
    let title = |key: &str| {
        let row = key.parse().ok().and_then(|id| form.as_ref()?.row(&id).map(|row| row.item.title.get(lang)));
        row.unwrap_or_default().to_owned()
    };
    for row in &recognition.rows {
        let key = row.key.as_deref().unwrap_or("-");
        let sentence: String = row.sentence.chars().take(40).collect();
        let (at, number) = (row.at.to_string(), &row.number_text);
        println!("{at:<6} {number:<8} {:<8} {key:<28} {}  | {sentence}", certainty(row), title(key));
    }
    for key in &recognition.missing {
        println!("not in the workbook: {key} {}", title(key));
    }
    let count = |confidence| recognition.rows.iter().filter(|row| row.confidence == confidence).count();
    println!(
        "{} rows: {} sure, {} likely, {} unsure, {} unknown; {} of ours missing",
        recognition.rows.len(),
        count(Confidence::Sure),
        count(Confidence::Likely),
        count(Confidence::Unsure),
        count(Confidence::Unknown),
        recognition.missing.len()
    );
}

fn export(fiscal_year: i32, variant: Option<Variant>, lang: Lang, output: Option<&Path>) -> Done {
    let catalog = embedded()?;
    let edition = catalog.edition(fiscal_year).ok_or_else(|| {
        let years: Vec<String> =
            catalog.editions().iter().map(|edition| edition.fiscal_year.to_string()).collect();
        Trouble::Settings(format!("no edition of {fiscal_year}; there are {}", years.join(", ")))
    })?;
    let variant = variant.or_else(|| edition.form.first().map(|form| *form.variant));
    let variant = variant.ok_or_else(|| Trouble::Settings(format!("{fiscal_year} has no form")))?;
    let export = oscal::Export { fiscal_year, variant, lang, last_modified: Nature::real().now() };
    let document = oscal::catalog(&catalog, export).ok_or_else(|| {
        let forms: Vec<&str> = edition.form.iter().map(|form| form.variant.code()).collect();
        Trouble::Settings(format!("{fiscal_year} has no form {variant}; it has {}", forms.join(", ")))
    })?;
    let text = serde_json::to_string_pretty(&document)?;
    match output {
        Some(path) => fs::write(path, text + "\n").with_context(|| path.display().to_string())?,
        None => println!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}
