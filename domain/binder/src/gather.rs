//! Gathering: one moment of the database becomes a pack.

pub(crate) mod connected;
mod evidence;
mod form;
pub(crate) mod ledger;
mod plan;

use crate::model::Order;
use crate::pack::Pack;
use crate::t;
use chrono::{DateTime, Utc};
use evidence::Papers;
use form::{Sheet, sheets_of_year};
use komainu_access::{Permission, Scope};
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, Edition};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::Institution;
use komainu_map::paper::picture;
use komainu_vendor::VendorId;
use komainu_web::{Failure, date_text, moment_text};
use std::collections::BTreeMap;

/// The names of the house's vendors.
type VendorNames = BTreeMap<VendorId, String>;

/// Gathers a pack.
///
/// # Errors
/// [`Failure::NotFound`] where the year has no round of the institution.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    order: Order,
    made_at: DateTime<Utc>,
) -> Result<Pack, Failure> {
    scope.require(Permission::PackMake)?;
    let lang = order.lang;
    let institution = komainu_institution::actions::institution_get(tx, scope)?;
    let members = komainu_people::actions::members(tx, scope)?;
    let names = members.into_iter().map(|member| (member.person, member.name)).collect();
    let vendors = komainu_vendor::actions::vendors(tx, scope)?;
    let vendor_names: VendorNames = vendors.iter().map(|vendor| (vendor.id, vendor.name.clone())).collect();
    let sheets = sheets_of_year(tx, scope, catalog, order, &vendor_names)?;
    let papers = Papers::of(tx, scope, &sheets)?;

    let mut parts: Vec<_> = sheets.iter().map(|sheet| form::part(lang, sheet)).collect();
    parts.push(plan::part(lang, catalog, &sheets, institution.kind, &names));
    let (connected, spots) = komainu_map::actions::map(tx, scope)?;
    parts.push(ledger::systems_part(lang, catalog, &connected.systems, &vendor_names));
    parts.push(connected::things_part(lang, &connected));
    let today = komainu_clock::in_japan(made_at).date_naive();
    parts.push(connected::map_part(lang, picture(&connected, &spots, lang, today)));
    parts.push(connected::lines_part(lang, &connected));
    parts.push(connected::cut_part(lang, &connected));
    parts.push(ledger::vendors_part(lang, &vendors));
    parts.push(ledger::contacts_part(lang, &komainu_contact::actions::contacts(tx, scope)?));
    parts.push(papers.rules_part(lang));
    parts.push(papers.index_part(lang));

    Ok(Pack {
        lang,
        title: t!(lang, "pack-title", year = year_text(lang, order.fiscal_year)),
        owner: institution.name.clone(),
        facts: cover_facts(lang, &institution, &sheets[0], made_at),
        note: cover_note(lang, &sheets[0]),
        parts,
        files: papers.files(),
        front: None,
    })
}

/// A fiscal year as the language writes it.
pub(crate) fn year_text(lang: Lang, fiscal_year: i32) -> String {
    FiscalYear::try_from(fiscal_year).map_or_else(|_| fiscal_year.to_string(), |year| year.name(lang))
}

fn cover_facts(
    lang: Lang,
    institution: &Institution,
    sheet: &Sheet<'_>,
    made_at: DateTime<Utc>,
) -> Vec<(String, String)> {
    let place = format!("{}{}", institution.prefecture.name(lang), institution.address);
    let year = year_text(lang, sheet.view.round.fiscal_year);
    let edition =
        t!(lang, "pack-edition-value", year = year, published = published(lang, sheet.form.edition));
    let (needed, answered, yes) = sheet.counts();
    let state = t!(
        lang,
        "pack-state-value",
        answered = answered.to_string(),
        needed = needed.to_string(),
        yes = yes.to_string()
    );
    vec![
        (t!(lang, "pack-kind"), komainu_institution::words::kind_text(lang, institution.kind)),
        (t!(lang, "pack-place"), place),
        (t!(lang, "pack-code"), institution.code.clone()),
        (t!(lang, "pack-edition"), edition),
        (t!(lang, "pack-state"), state),
        (t!(lang, "pack-made"), moment_text(lang, made_at)),
    ]
}

/// When an edition was published, marked where that is not certain.
fn published(lang: Lang, edition: &Edition) -> String {
    let text = edition.published.date().map_or_else(
        || {
            let (year, month) = edition.published.year_month();
            t!(lang, "pack-month", year = year.to_string(), month = month)
        },
        |day| date_text(lang, day),
    );
    if edition.published_confirmed { text } else { t!(lang, "with-unconfirmed", text = text) }
}

fn cover_note(lang: Lang, sheet: &Sheet<'_>) -> String {
    let official = sheet.view.all().any(|row| row.official.is_some());
    let words = if official { t!(lang, "pack-note-official") } else { t!(lang, "pack-note-plain") };
    if sheet.view.all().all(|row| row.confirmed) {
        words
    } else {
        format!("{words}\n{}", t!(lang, "pack-note-unconfirmed"))
    }
}
