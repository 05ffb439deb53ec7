//! `/checklist`: a year's form, its rows, evidence, letters to vendors and their replies, who answers what, what happened.

mod ask;
mod ask_link;
mod assign;
mod conflict;
mod evidence;
mod history;
mod item;
mod item_save;
mod item_view;
mod overview;
mod reply;
mod reply_settle;
mod rounds;
mod suggest;

pub use ask::{ask, ask_save};
pub use ask_link::ask_link;
pub use assign::{assign, assign_save, mine};
pub use evidence::{evidence_add, evidence_download, evidence_link, evidence_open, evidence_remove};
pub use history::{item_history, round_history, year_history};
pub use item::{item, item_changed};
pub use item_save::{item_confirm, item_replied, item_save};
pub use overview::{next, overview, overview_of_form, overview_of_year};
pub use reply::{reply, reply_save};
pub use reply_settle::{item_reply_set_aside, item_reply_take};
pub use rounds::{carry, close, open, reopen};
pub use suggest::item_suggestion_take;

pub(crate) use ask::{Read as LetterRead, Wish, draft, refusal as ask_refusal};
pub(crate) use assign::refusal as assign_refusal;
pub(crate) use evidence::{refusal as evidence_refusal, sealed};
pub(crate) use rounds::refusal as open_refusal;

use crate::model::{FormKey, Round, RowView};
use crate::neighbours::{Colleague, Supplier};
use crate::{t, words};
use komainu_access::PersonId;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{Crumb, Failure};

/// The largest body that the upload of evidence takes, in bytes: a file of 25 MB and what a form puts around it.
pub const UPLOAD_BODY: usize = 26_000_000;

/// A year in an address.
pub(crate) fn year_of(text: &str) -> Result<i32, Failure> {
    text.parse().ok().filter(|year| (1900..=2200).contains(year)).ok_or(Failure::NotFound)
}

/// A year and a form in an address.
pub(crate) fn form_of(year: &str, form: &str) -> Result<(i32, FormKey), Failure> {
    Ok((year_of(year)?, form.parse().map_err(|_| Failure::NotFound)?))
}

/// A year, a form and a row in an address.
fn row_of(path: &(String, String, String)) -> Result<(i32, FormKey, PlacementId), Failure> {
    let (year, key) = form_of(&path.0, &path.1)?;
    Ok((year, key, path.2.parse().map_err(|_| Failure::NotFound)?))
}

fn item_path(round: &Round, placement: &PlacementId) -> String {
    format!("{}/items/{placement}", round.path())
}

/// The way back: the checklist, and the round.
fn crumbs(lang: Lang, round: &Round, form_title: &str) -> Vec<Crumb> {
    let year = words::year(lang, round.fiscal_year);
    vec![
        Crumb {
            href: format!("/checklist/{}", round.fiscal_year),
            label: t!(lang, "crumb-year", year = year),
        },
        Crumb { href: round.path(), label: form_title.to_owned() },
    ]
}

/// The name of a member, or that it is somebody who left.
fn name_of(lang: Lang, colleagues: &[Colleague], person: PersonId) -> String {
    let found = colleagues.iter().find(|colleague| colleague.person == person);
    found.map_or_else(|| t!(lang, "person-gone"), |colleague| colleague.name.clone())
}

/// The name of a vendor, or that it is no longer in the ledger.
fn vendor_name(lang: Lang, suppliers: &[Supplier], id: crate::neighbours::VendorId) -> String {
    let found = suppliers.iter().find(|supplier| supplier.id == id);
    found.map_or_else(|| t!(lang, "vendor-gone"), |supplier| supplier.name.clone())
}

/// The form's title, with the vendor's name where the round speaks of one.
fn form_title(lang: Lang, title: &str, round: &Round, suppliers: &[Supplier]) -> String {
    match round.vendor {
        Some(vendor) => {
            t!(lang, "form-of-vendor", form = title, vendor = vendor_name(lang, suppliers, vendor))
        }
        None => title.to_owned(),
    }
}

/// Number and title of a row, in one line.
fn numbered(number: Option<&str>, title: &str) -> String {
    number.map_or_else(|| title.to_owned(), |number| format!("{number}　{title}"))
}

/// The asker's part of a row's states, for going on to the next that waits.
fn waiting_states(rows: &[&RowView]) -> Vec<(komainu_catalog::Level, crate::model::RowState)> {
    rows.iter().map(|row| (row.level, row.state.clone())).collect()
}
