//! `/ledger/contacts`: the list, the chart, outside parties to take over, adding, changing, removing.

pub(crate) mod chart;
mod device;
mod edit;
mod gaps;
mod list;

pub use chart::{cards_pdf, chart, chart_pdf};
pub use device::{device, device_add, device_remove, device_test};
pub(crate) use edit::read;
pub use edit::{contact, contact_create, contact_new, contact_remove_ask, contact_remove_do, contact_save};
pub use gaps::contact_gaps;
pub use list::{contact_move_do, contacts, suggestions, suggestions_take};

use crate::ContactId;
use komainu_web::{Failure, Member, NoticeKind, redirect, with_flash};

const LIST: &str = "/ledger/contacts";

fn parse(id: &str) -> Result<ContactId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

fn done(member: &Member, text: &str) -> axum::response::Response {
    with_flash(&member.app, redirect(LIST), NoticeKind::Success, text)
}
