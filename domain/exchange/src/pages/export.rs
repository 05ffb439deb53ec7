//! The ledger taken out.

use super::crumbs;
use crate::actions::ledger_export;
use crate::export::{XLSX, csv, workbook};
use crate::model::Sheet;
use crate::rules::{Encoding, bill_of_materials};
use crate::t;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_inventory::Ledger;
use komainu_inventory::actions::ledger;
use komainu_web::{App, Crumb, Failure, Member, Outcome, Section, Shell, attachment, page};
use serde::Deserialize;
use std::str::FromStr;
use utoipa::ToSchema;

/// How the ledger is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LedgerExportFormat)]
pub enum ExportForm {
    /// A sheet as text in UTF-8.
    Csv,
    /// A sheet as text in Shift_JIS.
    CsvShiftJis,
    /// A workbook.
    Excel,
    /// A bill of materials.
    CycloneDx,
}

impl ExportForm {
    /// The word in addresses and in the log.
    pub const fn code(self) -> &'static str {
        match self {
            ExportForm::Csv => "csv",
            ExportForm::CsvShiftJis => "csv_shift_jis",
            ExportForm::Excel => "excel",
            ExportForm::CycloneDx => "cyclone_dx",
        }
    }
}

impl FromStr for ExportForm {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        [ExportForm::Csv, ExportForm::CsvShiftJis, ExportForm::Excel, ExportForm::CycloneDx]
            .into_iter()
            .find(|form| form.code() == code)
            .ok_or(())
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wish {
    #[serde(default)]
    format: String,
    #[serde(default)]
    sheet: String,
    #[serde(default)]
    addresses: String,
}

/// A file of the ledger.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// Characters that the encoding does not have.
    pub(crate) replaced: usize,
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    page: Shell,
    lang: Lang,
    path: Vec<Crumb>,
    things: usize,
    ways: usize,
    /// Characters that Shift_JIS does not have.
    replaced: usize,
}

/// What can be taken out.
pub async fn export(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let ledger = member.read(move |tx| ledger(tx, &scope)).await?;
    let replaced = Sheet::ALL.into_iter().map(|sheet| csv(lang, &ledger, sheet, Encoding::ShiftJis).replaced);
    page(&ExportPage {
        page: member.shell(&t!(lang, "export-title"), Section::Ledger),
        lang,
        path: crumbs(lang).into_iter().take(1).collect(),
        things: ledger.assets.len(),
        ways: ledger.connections.len(),
        replaced: replaced.sum(),
    })
}

/// A file.
pub async fn export_file(member: Member, Query(wish): Query<Wish>) -> Outcome {
    let form: ExportForm = wish.format.parse().map_err(|()| Failure::NotFound)?;
    let sheet = if wish.sheet.is_empty() { Ok(Sheet::Things) } else { wish.sheet.parse() };
    let sheet = sheet.map_err(|()| Failure::NotFound)?;
    let (app, scope, lang) = (member.app.clone(), member.scope.clone(), member.lang);
    let made = member
        .write(move |tx| {
            let ledger = ledger_export(tx, &app.nature, &scope, form.code())?;
            make(&app, lang, &ledger, (form, sheet), wish.addresses == "yes")
        })
        .await?;
    Ok(file_of(made))
}

/// The file as an answer.
pub(crate) fn file_of(made: Made) -> Response {
    attachment(&made.name, made.media_type, made.bytes)
}

/// Makes a file of the ledger.
pub(crate) fn make(
    app: &App,
    lang: Lang,
    ledger: &Ledger,
    (form, sheet): (ExportForm, Sheet),
    addresses: bool,
) -> Result<Made, Failure> {
    let (now, today) = (app.nature.now(), app.nature.today());
    Ok(match form {
        ExportForm::Csv | ExportForm::CsvShiftJis => {
            let shift_jis = form == ExportForm::CsvShiftJis;
            let encoding = if shift_jis { Encoding::ShiftJis } else { Encoding::Utf8 };
            let written = csv(lang, ledger, sheet, encoding);
            Made {
                name: named(lang, today, &format!("-{}.csv", sheet.code())),
                media_type: if shift_jis { "text/csv; charset=shift_jis" } else { "text/csv; charset=utf-8" },
                bytes: written.bytes,
                replaced: written.replaced,
            }
        }
        ExportForm::Excel => Made {
            name: named(lang, today, ".xlsx"),
            media_type: XLSX,
            bytes: workbook(lang, ledger, now)?,
            replaced: 0,
        },
        ExportForm::CycloneDx => {
            let serial: Uuid = app.nature.id();
            let bom = bill_of_materials(ledger, addresses, now, serial, &app.settings.version);
            Made {
                name: named(lang, today, ".cdx.json"),
                media_type: "application/vnd.cyclonedx+json; version=1.6",
                bytes: serde_json::to_vec_pretty(&bom).map_err(Failure::internal)?,
                replaced: 0,
            }
        }
    })
}

fn named(lang: Lang, today: NaiveDate, rest: &str) -> String {
    format!("{}-{today}{rest}", t!(lang, "export-file"))
}
