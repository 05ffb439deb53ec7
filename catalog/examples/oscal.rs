//! Writes every form of every edition in every language as OSCAL into a folder, for a validator to read.

use std::path::PathBuf;
use std::{env, fs};

use chrono::DateTime;
use komainu_catalog::{Catalog, oscal};
use komainu_language::Lang;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("give the folder to write to")?);
    let catalog = Catalog::embedded().map_err(|errors| errors[0].clone())?;
    for edition in catalog.editions() {
        for form in &edition.form {
            for lang in Lang::ALL {
                let export = oscal::Export {
                    fiscal_year: *edition.fiscal_year,
                    variant: *form.variant,
                    lang,
                    last_modified: DateTime::UNIX_EPOCH,
                };
                let document = oscal::catalog(&catalog, export).ok_or("a form of the edition is missing")?;
                let name = format!("{}-{}-{lang}.json", *edition.fiscal_year, *form.variant);
                fs::write(folder.join(name), serde_json::to_vec_pretty(&document)?)?;
            }
        }
    }
    Ok(())
}
