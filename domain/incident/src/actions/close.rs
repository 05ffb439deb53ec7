//! The end: with what was learned, which becomes learning for everybody.

use super::{current, lead};
use crate::model::{Filled, Incident, IncidentId, Sheet, State};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::Files;
use komainu_i18n::Lang;
use komainu_institution::parts::LONG;
use komainu_nearmiss::actions::{
    NewReport, analysis_get, analysis_save, board_save, measure_add, near_miss_see, report_take,
};
use komainu_nearmiss::rules::Receipt;
use komainu_nearmiss::{Analysed, Board, Detail as ReportDetail, NearMissId};
use komainu_web::{Conflict, Failure, Refused};

/// Why an incident was not closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloseRefusal {
    /// Nobody wrote what was learned.
    NoLessons,
    /// Somebody else changed it first; this is how it is now.
    Changed(Box<Incident>),
}

/// What of the lessons goes to everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// What happened and was learned, for a report among the near misses, in words that name nobody; empty for what the
    /// lessons themselves say.
    pub words: String,
    /// What is to be done, each with its day: they become measures of that report.
    pub measures: Vec<(String, Option<NaiveDate>)>,
    /// The language in which it is written.
    pub lang: Lang,
}

/// The field of the lessons that must be written.
pub(crate) const LEARNED: &str = "learned";

/// Closes an incident. With `shared` its lessons are taken over among the near misses; an exercise has none for them. Whoever
/// may close may hand them in, as anybody may report: those who handle near misses find them as a new report to be judged,
/// whose measures are open.
///
/// # Errors
/// [`CloseRefusal`].
pub fn close(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    (id, version): (IncidentId, i64),
    shared: Option<&Shared>,
) -> Result<(), Refused<CloseRefusal>> {
    let old = current(tx, scope, id, version).map_err(changed)?;
    if old.state == State::Closed {
        return Err(Failure::Over.into());
    }
    let sheets = store::sheets(tx, scope, id)?;
    let lessons: Option<Filled> =
        sheets.into_iter().find(|(sheet, _)| *sheet == Sheet::Lessons).map(|(_, lessons)| lessons);
    let learned = lessons.map(|lessons| lessons.of(LEARNED).to_owned()).unwrap_or_default();
    if learned.is_empty() {
        return Err(Refused::Because(CloseRefusal::NoLessons));
    }
    let near_miss = match shared {
        Some(shared) if !old.drill => {
            let words = if shared.words.is_empty() { learned } else { shared.words.clone() };
            let shared = Shared { words, ..shared.clone() };
            Some(learning(tx, nature, &handing_in(scope), files, (&old, &shared))?)
        }
        _ => old.near_miss,
    };
    let with_learning = Incident { near_miss, ..old };
    lead::state_to(tx, nature, scope, "incident_close", (&with_learning, State::Closed, "")).map_err(changed)
}

fn changed(refused: Refused<Conflict<Incident>>) -> Refused<CloseRefusal> {
    match refused {
        Refused::Because(Conflict(now)) => Refused::Because(CloseRefusal::Changed(now)),
        Refused::Failed(failure) => Refused::Failed(failure),
    }
}

/// The symptom under which an incident of a kind stands among the near misses.
fn symptom(kind: &str) -> &'static str {
    match kind {
        "ransomware" => "ransom-note",
        "lost-media" => "lost-device",
        "mis-sent" => "mis-sent",
        "website" => "website",
        _ => "other",
    }
}

/// Who hands the lessons in: whoever closes or, where they may not handle near misses, as a service that leads incidents and
/// nothing else, the program in their name. What they may not see stays unseen.
fn handing_in(scope: &Scope) -> Scope {
    let may = [Permission::NearMissReport, Permission::NearMissHandle].into_iter().all(|one| scope.may(one));
    if may { scope.clone() } else { Scope::of_program(scope.organisation()).named(scope.person_name()) }
}

/// The report that holds the lessons: that from which the incident was declared, or a new one.
fn learning(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    (incident, shared): (&Incident, &Shared),
) -> Result<NearMissId, Failure> {
    let report = if let Some(report) = incident.near_miss {
        conclude(tx, nature, scope, report, &shared.words)?;
        report
    } else {
        let new = NewReport {
            sent_id: nature.id(),
            receipt: Receipt::new(nature.bytes()),
            symptom: symptom(&incident.kind).to_owned(),
            detail: ReportDetail { words: shared.words.clone(), ..ReportDetail::default() },
            lang: shared.lang,
            seen_at: incident.first_knew_at,
            written_at: nature.now(),
            photo: None,
            alarm: None,
        };
        let taken = report_take(tx, nature, scope, files, &new);
        taken
            .map_err(|refused| match refused {
                Refused::Failed(failure) => failure,
                Refused::Because(reason) => Failure::internal(format!("{reason:?}")),
            })?
            .id
    };
    let seen = near_miss_see(tx, scope, report)?;
    // An incident that was opened again and closes anew adds what is new.
    let is_known = |what: &str| seen.measures.iter().any(|known| known.detail.what == what);
    for (what, due_on) in shared.measures.iter().filter(|(what, _)| !is_known(what)) {
        measure_add(tx, nature, scope, report, (what, None, *due_on))?;
    }
    // A draft for the board, which those who handle near misses read and put there.
    let near_miss = &seen.near_miss;
    if near_miss.board_at.is_none() && near_miss.board.learned.is_empty() {
        let board = Board { learned: shared.words.clone(), ..near_miss.board.clone() };
        let saved = board_save(tx, nature, scope, (report, near_miss.version), (&board, false));
        saved.map_err(|refused| match refused {
            Refused::Failed(failure) => failure,
            Refused::Because(_) => Failure::Stale,
        })?;
    }
    Ok(report)
}

/// Writes what was learned into the analysis of a report that was there before, behind what stands in it. What has no room there
/// still stands beside the incident.
fn conclude(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    report: NearMissId,
    words: &str,
) -> Result<(), Failure> {
    let Analysed { mut analysis, version, .. } = analysis_get(tx, scope, report)?;
    let room = LONG.saturating_sub(analysis.conclusion.chars().count());
    if analysis.conclusion.contains(words) || words.chars().count() > room {
        return Ok(());
    }
    if !analysis.conclusion.is_empty() {
        analysis.conclusion.push('\n');
    }
    analysis.conclusion.push_str(words);
    analysis_save(tx, nature, scope, (report, version), &analysis).map_err(|refused| match refused {
        Refused::Failed(failure) => failure,
        Refused::Because(_) => Failure::Stale,
    })
}
