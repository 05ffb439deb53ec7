//! Pages: `/l/report/…` for whoever stands at a poster, `/near-miss/…` for members.

mod analysis;
mod board;
mod figures;
mod follow;
mod list;
mod measure;
mod measures;
mod meetings;
mod one;
mod posters;
mod report;

pub(crate) use analysis::field_errors as analysis_errors;
pub use analysis::{analysis, analysis_submit};
pub(crate) use board::sheet;
pub use board::{board, board_sheet};
pub(crate) use figures::{csv as figures_lines, paper as figures_sheet};
pub use figures::{figures, figures_csv, figures_paper};
pub use follow::{follow, follow_linked, follow_linked_submit, follow_submit};
pub use list::near_misses;
pub(crate) use measure::result_text;
pub use measure::{measure_edit, measure_new, measure_settle};
pub use measures::measures;
pub(crate) use meetings::{field_errors as meeting_errors, paper as meeting_paper};
pub use meetings::{meeting, meeting_create, meeting_list, meeting_minutes, meeting_submit, meetings};
pub use one::{board_publish, judge, message, near_miss, photo, state_set};
pub(crate) use posters::{MOST as MOST_POSTERS, set as posters_set};
pub use posters::{poster_withdraw, posters, posters_print};
pub use report::{
    REPORT_BODY, report, report_kept, report_linked, report_linked_send, report_send, symptom, symptom_kept,
    symptom_linked,
};

use crate::model::{NearMiss, NearMissId};
use crate::t;
use axum::http::StatusCode;
use komainu_access::{Permission, Scope};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{Crumb, Failure, Form, Linked, Member, Section, Shell, Tab, Visit};
use std::ops::Deref;

/// Where members report and handlers work.
const HOME: &str = "/near-miss";
/// Every open measure.
const MEASURES: &str = "/near-miss/measures";
/// The committee's meetings.
const MEETINGS: &str = "/near-miss/meetings";
/// A year in figures.
const FIGURES: &str = "/near-miss/figures";

/// Whoever has the page before them: a member, or somebody at a poster.
pub(crate) enum Who {
    /// Somebody at a poster, with the secret at the end of its address.
    Linked(Box<Linked>, String),
    /// A member.
    Member(Box<Member>),
}

impl Who {
    /// The address below which their pages are.
    fn base(&self) -> String {
        match self {
            Who::Linked(_, token) => format!("/l/report/{token}"),
            Who::Member(_) => format!("{HOME}/report"),
        }
    }

    fn shell(&self, title: &str) -> Shell {
        match self {
            Who::Linked(linked, _) => linked.shell(title),
            Who::Member(member) => member.shell(title, Section::NearMiss),
        }
    }

    /// The place of the poster, where it hangs at one; its field is asked for otherwise.
    fn place(&self) -> String {
        match self {
            Who::Linked(linked, _) if !linked.link().subject.is_empty() => linked.link().name.clone(),
            _ => String::new(),
        }
    }

    async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, &Scope) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        match self {
            Who::Linked(linked, _) => linked.look(work).await,
            Who::Member(member) => {
                let scope = member.scope.clone();
                member.read(move |tx| work(tx, &scope)).await
            }
        }
    }
}

impl Deref for Who {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        match self {
            Who::Linked(linked, _) => linked,
            Who::Member(member) => member,
        }
    }
}

fn id_of(text: &str) -> Result<NearMissId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn path_of(id: NearMissId) -> String {
    format!("{HOME}/{id}")
}

/// The pages that stand side by side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Report,
    Follow,
    Board,
    List,
    Measures,
    Meetings,
    Figures,
    Posters,
}

fn tabs(lang: Lang, scope: &Scope, current: Side) -> Vec<Tab> {
    let tab = |side, href: &str, label| Tab { href: href.to_owned(), label, current: side == current };
    let mut tabs = vec![
        tab(Side::Report, "/near-miss/report", t!(lang, "tab-report")),
        tab(Side::Follow, "/near-miss/receipt", t!(lang, "tab-follow")),
        tab(Side::Board, "/near-miss/board", t!(lang, "tab-board")),
    ];
    if scope.may(Permission::NearMissHandle) {
        tabs.insert(0, tab(Side::List, HOME, t!(lang, "tab-list")));
        tabs.push(tab(Side::Measures, MEASURES, t!(lang, "tab-measures")));
        tabs.push(tab(Side::Meetings, MEETINGS, t!(lang, "tab-meetings")));
        tabs.push(tab(Side::Figures, FIGURES, t!(lang, "tab-figures")));
        tabs.push(tab(Side::Posters, "/near-miss/posters", t!(lang, "tab-posters")));
    }
    tabs
}

fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb { href: HOME.to_owned(), label: t!(lang, "tab-list") }]
}

/// The way back from what belongs to a case.
fn case_crumbs(lang: Lang, near_miss: &NearMiss) -> Vec<Crumb> {
    let mut all = crumbs(lang);
    all.push(Crumb { href: path_of(near_miss.id), label: near_miss.number_text() });
    all
}

fn version_of(form: &Form) -> i64 {
    form.parse("version").unwrap_or_default()
}

/// What is wrong with what was sent.
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
