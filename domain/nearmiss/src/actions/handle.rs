//! Handling: judging, answering, measures, the board.

use super::{Changed, MEASURE, NEAR_MISS, log, log_change};
use crate::model::{
    Board, Level, Measure, MeasureDetail, MeasureId, MeasureState, Message, Nature as Kind, NearMiss,
    NearMissId, Photo, PhotoId, State, Triage,
};
use crate::rules::{may_follow, telltale};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Scope};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_people::actions::members;
use komainu_web::{Conflict, Failure, Refused};
use serde_json::json;

/// Reports that the list shows; older ones are read over the API.
const LIST: i64 = 500;
/// Cases on the board.
const BOARD: i64 = 200;

/// A near miss with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The report and its judgement.
    pub near_miss: NearMiss,
    /// Its photographs.
    pub photos: Vec<Photo>,
    /// What was said both ways, oldest first.
    pub messages: Vec<Message>,
    /// What is done about it.
    pub measures: Vec<Measure>,
}

/// The newest reports, newest first.
pub fn near_misses(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<NearMiss>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::all(tx, scope, LIST)?)
}

/// A part of them, oldest first.
pub fn near_misses_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<NearMissId>,
) -> Result<Vec<NearMiss>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::part(tx, scope, part)?)
}

/// How many reports nobody has judged yet; none for who does not handle them.
pub fn near_miss_count_new(tx: &mut Tx<'_>, scope: &Scope) -> Result<i64, Failure> {
    if scope.may(Permission::NearMissHandle) { Ok(store::new_count(tx, scope)?) } else { Ok(0) }
}

/// One of them.
pub fn near_miss_get(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<NearMiss, Failure> {
    scope.require(Permission::NearMissHandle)?;
    store::get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// One of them with all that belongs to it.
pub fn near_miss_see(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<Seen, Failure> {
    Ok(Seen {
        near_miss: near_miss_get(tx, scope, id)?,
        photos: store::photos(tx, scope, id)?,
        messages: store::messages(tx, scope, id)?,
        measures: store::measures(tx, scope, id)?,
    })
}

/// A photograph of a report.
pub fn near_miss_photo(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
    photo: PhotoId,
) -> Result<Photo, Failure> {
    near_miss_get(tx, scope, id)?;
    let photos = store::photos(tx, scope, id)?;
    photos.into_iter().find(|known| known.id == photo).ok_or(Failure::NotFound)
}

/// A judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgeInput {
    /// How far it went.
    pub level: Level,
    /// What it was.
    pub nature: Kind,
    /// In words.
    pub triage: Triage,
}

/// Judges a report, or judges it anew.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn near_miss_judge(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (NearMissId, i64),
    input: &JudgeInput,
) -> Result<(), Changed> {
    let old = current(tx, scope, id, version)?;
    let state = if matches!(old.state, State::New | State::SetAside) { State::Triaged } else { old.state };
    let new = NearMiss {
        state,
        level: Some(input.level),
        nature: Some(input.nature),
        triage: input.triage.clone(),
        // When and by whom it was judged first.
        triaged_by_name: match old.triaged_at {
            Some(_) => old.triaged_by_name.clone(),
            None => scope.person_name().to_owned(),
        },
        ..old.clone()
    };
    let saved = store::triage(tx, scope, version, &new, nature.now())?;
    settled(tx, scope, id, saved)?;
    Ok(log_change(tx, nature, scope, "near_miss_judge", (&old, &new))?)
}

/// Moves it on, or back.
///
/// # Errors
/// A conflict where somebody else changed it first; [`Failure::NotFound`] for a state that cannot follow.
pub fn near_miss_state_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (NearMissId, i64),
    state: State,
) -> Result<(), Changed> {
    let old = current(tx, scope, id, version)?;
    if !may_follow(&old, state) {
        return Err(Failure::NotFound.into());
    }
    let over = matches!(state, State::Closed | State::SetAside);
    let new = NearMiss { state, closed_at: over.then(|| nature.now()), ..old.clone() };
    let saved = store::state_set(tx, scope, version, &new)?;
    settled(tx, scope, id, saved)?;
    Ok(log_change(tx, nature, scope, "near_miss_state_set", (&old, &new))?)
}

/// What of a board's words may tell whom they are about: pieces that whoever publishes them is asked to look at once more.
pub fn board_telltale(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
    board: &Board,
) -> Result<Vec<String>, Failure> {
    let near_miss = near_miss_get(tx, scope, id)?;
    let colleagues = members(tx, scope)?;
    let names = colleagues.iter().map(|colleague| colleague.name.as_str());
    let known: Vec<&str> = names.chain([near_miss.detail.name.as_str()]).collect();
    let words = [&board.title, &board.happened, &board.learned, &board.doing].map(String::as_str).join("\n");
    Ok(telltale(&words, &known))
}

/// Writes what the board says, and puts it there or takes it away.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn board_save(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (NearMissId, i64),
    (board, shown): (&Board, bool),
) -> Result<(), Changed> {
    let old = current(tx, scope, id, version)?;
    let board_at = shown.then(|| old.board_at.unwrap_or_else(|| nature.now()));
    let new = NearMiss { board: board.clone(), board_at, ..old.clone() };
    let saved = store::board_save(tx, scope, version, &new)?;
    settled(tx, scope, id, saved)?;
    Ok(log_change(tx, nature, scope, "near_miss_board_save", (&old, &new))?)
}

fn current(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId, version: i64) -> Result<NearMiss, Changed> {
    let stored = near_miss_get(tx, scope, id)?;
    if stored.version == version { Ok(stored) } else { Err(Refused::Because(Conflict(Box::new(stored)))) }
}

/// Of two who save at once the second finds what the first saved.
fn settled(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId, saved: bool) -> Result<(), Changed> {
    if saved { Ok(()) } else { Err(Refused::Because(Conflict(Box::new(near_miss_get(tx, scope, id)?)))) }
}

/// What everybody of the house may learn from, newest first.
pub fn board(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<NearMiss>, Failure> {
    scope.require(Permission::NearMissReport)?;
    Ok(store::on_board(tx, scope, BOARD)?)
}

/// Answers whoever reported; they read it with their receipt code.
pub fn message_send(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: NearMissId,
    words: &str,
) -> Result<(), Failure> {
    let near_miss = near_miss_get(tx, scope, id)?;
    let new = Message {
        from_house: true,
        name: scope.person_name().to_owned(),
        words: words.to_owned(),
        written_at: nature.now(),
    };
    store::message_add(tx, scope, (nature.id(), id), &new)?;
    let after = json!({ "number": near_miss.number_text() });
    log(tx, nature, scope, ("near_miss_message_send", NEAR_MISS, &id.to_string()), ((), after))
}

/// Adds a measure.
///
/// # Errors
/// [`Failure::NotFound`] for an owner who is no member here.
pub fn measure_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    near_miss: NearMissId,
    (what, owner, due_on): (&str, Option<PersonId>, Option<NaiveDate>),
) -> Result<MeasureId, Failure> {
    let of = near_miss_get(tx, scope, near_miss)?;
    let owner_name = match owner {
        None => String::new(),
        Some(id) => {
            let known = members(tx, scope)?;
            known.into_iter().find(|member| member.person == id).ok_or(Failure::NotFound)?.name
        }
    };
    let new = Measure {
        id: MeasureId(nature.id()),
        near_miss,
        detail: MeasureDetail { what: what.to_owned(), result: String::new() },
        owner,
        owner_name,
        due_on,
        state: MeasureState::Open,
        settled_at: None,
        settled_by_name: String::new(),
        version: 1,
    };
    store::measure_add(tx, scope, &new, nature.now())?;
    let after =
        json!({ "number": of.number_text(), "what": what, "owner": new.owner_name, "due_on": due_on });
    log(tx, nature, scope, ("near_miss_measure_add", MEASURE, &new.id.to_string()), ((), after))?;
    Ok(new.id)
}

/// A measure.
pub fn measure_get(tx: &mut Tx<'_>, scope: &Scope, id: MeasureId) -> Result<Measure, Failure> {
    scope.require(Permission::NearMissHandle)?;
    store::measure_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// A part of all measures, oldest first.
pub fn measures_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<MeasureId>,
) -> Result<Vec<Measure>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::measures_part(tx, scope, part)?)
}

/// Every open measure, the earliest day first.
pub fn measures_open(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Measure>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::measures_open(tx, scope)?)
}

/// Says that a measure is done, given up, or open after all.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn measure_settle(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (MeasureId, i64),
    (state, result): (MeasureState, &str),
) -> Result<(), Refused<Conflict<Measure>>> {
    let old = measure_get(tx, scope, id)?;
    let over = state != MeasureState::Open;
    let new = Measure {
        detail: MeasureDetail { result: result.to_owned(), ..old.detail.clone() },
        state,
        settled_at: over.then(|| nature.now()),
        settled_by_name: if over { scope.person_name().to_owned() } else { String::new() },
        ..old.clone()
    };
    if old.version != version || !store::measure_save(tx, scope, version, &new)? {
        return Err(Refused::Because(Conflict(Box::new(measure_get(tx, scope, id)?))));
    }
    let said = |measure: &Measure| json!({ "what": measure.detail.what, "state": measure.state.code(), "result": measure.detail.result });
    let states = (said(&old), said(&new));
    Ok(log(tx, nature, scope, ("near_miss_measure_settle", MEASURE, &id.to_string()), states)?)
}
