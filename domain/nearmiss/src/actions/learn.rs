//! Learning: the analysis of a case, meetings of the committee, a year in figures.

use super::{MEETING, NEAR_MISS, log, near_miss_get};
use crate::model::{Analysed, Analysis, Meeting, MeetingContent, MeetingId, NearMiss, NearMissId, State};
use crate::rules::{Figures, MOST_CASES, figures};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_calendar::FiscalYear;
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_web::{Conflict, Failure, Refused};
use serde_json::{Value, json};

/// Meetings that the list shows; older ones are read over the API.
const LIST: i64 = 200;
/// Reports among which cases for a meeting are chosen.
const CANDIDATES: i64 = 500;

/// The analysis of a case; an empty one where nobody wrote one yet.
pub fn analysis_get(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<Analysed, Failure> {
    near_miss_get(tx, scope, id)?;
    Ok(store::analysis_get(tx, scope, id)?.unwrap_or_else(|| Analysed::none(id)))
}

/// Keeps the analysis of a case.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn analysis_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (NearMissId, i64),
    analysis: &Analysis,
) -> Result<(), Refused<Conflict<Analysed>>> {
    let of = near_miss_get(tx, scope, id)?;
    let old = analysis_get(tx, scope, id)?;
    if old.version == version && old.analysis == *analysis {
        return Ok(());
    }
    let now = nature.now();
    let new = Analysed {
        near_miss: id,
        analysis: analysis.clone(),
        saved_at: Some(now),
        saved_by_name: scope.person_name().to_owned(),
        version: version + 1,
    };
    if old.version != version || !store::analysis_save(tx, scope, version, (&new, now))? {
        // Of two who save at once the second finds what the first saved.
        return Err(Refused::Because(Conflict(Box::new(analysis_get(tx, scope, id)?))));
    }
    let states = (weight(&of, &old.analysis), weight(&of, analysis));
    Ok(log(tx, nature, scope, ("near_miss_analysis_save", NEAR_MISS, &id.to_string()), states)?)
}

/// What the log keeps of an analysis: how much there is of it, and none of its words.
fn weight(of: &NearMiss, analysis: &Analysis) -> Value {
    json!({
        "number": of.number_text(),
        "timeline": analysis.timeline.len(),
        "whys": analysis.whys.len(),
        "shel": analysis.shel.len(),
        "grid": analysis.grid.filled(),
    })
}

/// A meeting with its cases, in their order.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// The meeting.
    pub meeting: Meeting,
    /// The cases on its list.
    pub cases: Vec<NearMiss>,
}

/// The newest meetings, newest first.
pub fn meetings(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Meeting>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::meetings(tx, scope, LIST)?)
}

/// A part of them, oldest first.
pub fn meetings_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<MeetingId>,
) -> Result<Vec<Meeting>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::meetings_part(tx, scope, part)?)
}

/// A meeting.
pub fn meeting_get(tx: &mut Tx<'_>, scope: &Scope, id: MeetingId) -> Result<Meeting, Failure> {
    scope.require(Permission::NearMissHandle)?;
    store::meeting_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// A meeting with its cases.
pub fn meeting_see(tx: &mut Tx<'_>, scope: &Scope, id: MeetingId) -> Result<Sitting, Failure> {
    let meeting = meeting_get(tx, scope, id)?;
    let cases = meeting_cases(tx, scope, &meeting.content)?;
    Ok(Sitting { meeting, cases })
}

/// The cases of a list, in its order.
///
/// # Errors
/// [`Failure::NotFound`] where one of them is not there.
pub fn meeting_cases(
    tx: &mut Tx<'_>,
    scope: &Scope,
    content: &MeetingContent,
) -> Result<Vec<NearMiss>, Failure> {
    // A list is short, so each case is read by its key.
    content.cases.iter().take(MOST_CASES).map(|case| near_miss_get(tx, scope, case.near_miss)).collect()
}

/// What may come on a list: the newest reports that were not set aside, newest first.
pub fn meeting_candidates(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<NearMiss>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    let all = store::all(tx, scope, CANDIDATES)?;
    Ok(all.into_iter().filter(|one| one.state != State::SetAside).collect())
}

/// Plans a meeting.
///
/// # Errors
/// [`Failure::NotFound`] for a case that is not there.
pub fn meeting_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (held_on, content): (NaiveDate, &MeetingContent),
) -> Result<MeetingId, Failure> {
    scope.require(Permission::NearMissHandle)?;
    meeting_cases(tx, scope, content)?;
    let new = Meeting {
        id: MeetingId(nature.id()),
        held_on,
        content: content.clone(),
        saved_at: nature.now(),
        saved_by_name: scope.person_name().to_owned(),
        version: 1,
    };
    store::meeting_add(tx, scope, &new)?;
    let id = new.id.to_string();
    log(tx, nature, scope, ("near_miss_meeting_add", MEETING, &id), ((), logged(&new)))?;
    Ok(new.id)
}

/// Writes what a meeting is to talk about, or what was said.
///
/// # Errors
/// A conflict where somebody else changed it first; [`Failure::NotFound`] for a case that is not there.
pub fn meeting_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (MeetingId, i64),
    (held_on, content): (NaiveDate, &MeetingContent),
) -> Result<(), Refused<Conflict<Meeting>>> {
    let old = meeting_get(tx, scope, id)?;
    meeting_cases(tx, scope, content)?;
    if old.version == version && old.held_on == held_on && old.content == *content {
        return Ok(());
    }
    let new = Meeting {
        held_on,
        content: content.clone(),
        saved_at: nature.now(),
        saved_by_name: scope.person_name().to_owned(),
        ..old.clone()
    };
    if old.version != version || !store::meeting_save(tx, scope, version, &new)? {
        return Err(Refused::Because(Conflict(Box::new(meeting_get(tx, scope, id)?))));
    }
    let states = (logged(&old), logged(&new));
    Ok(log(tx, nature, scope, ("near_miss_meeting_save", MEETING, &id.to_string()), states)?)
}

/// What the log keeps of a meeting: which one, and none of what was said.
fn logged(meeting: &Meeting) -> Value {
    let content = &meeting.content;
    json!({ "name": content.title, "held_on": meeting.held_on, "cases": content.cases.len() })
}

/// A case of the board, which everybody of the house may read.
pub fn board_entry(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<NearMiss, Failure> {
    scope.require(Permission::NearMissReport)?;
    store::get(tx, scope, id)?.filter(|one| one.board_at.is_some()).ok_or(Failure::NotFound)
}

/// A part of the board, oldest report first.
pub fn board_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<NearMissId>) -> Result<Vec<NearMiss>, Failure> {
    scope.require(Permission::NearMissReport)?;
    Ok(store::on_board_part(tx, scope, part)?)
}

/// The fiscal years in which something came in, the newest first.
pub fn figure_years(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<FiscalYear>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::years(tx, scope)?)
}

/// A fiscal year in figures.
pub fn figures_get(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (year, today): (FiscalYear, NaiveDate),
) -> Result<Figures, Failure> {
    scope.require(Permission::NearMissHandle)?;
    let near_misses = store::of_year(tx, scope, year)?;
    let measures = store::measures_of_year(tx, scope, year)?;
    Ok(figures(year, &near_misses, &measures, today))
}
