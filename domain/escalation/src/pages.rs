//! `/escalations`: the list, plans, the board; `/ack/…`: the page behind a message.

mod ack;
mod board;
mod list;
mod plan;

pub use ack::{ack, ack_submit};
pub use board::{board, board_csv, board_live, board_stop, board_told, own_known};
pub use list::{escalations, start, start_form, test, test_schedule};
pub(crate) use plan::read as read_plan;
pub use plan::{plan, plan_add, plan_new, plan_remove, plan_save};

use crate::{EscalationId, PlanId};
use komainu_web::{Failure, Member, NoticeKind, redirect, with_flash};

const HERE: &str = "/escalations";

fn parse(id: &str) -> Result<EscalationId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

fn parse_plan(id: &str) -> Result<PlanId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

fn path_of(id: EscalationId) -> String {
    format!("{HERE}/{id}")
}

fn done(member: &Member, to: &str, text: &str) -> axum::response::Response {
    with_flash(&member.app, redirect(to), NoticeKind::Success, text)
}
