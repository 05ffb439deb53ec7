//! Handling: judging, answering, the board.

use super::{Changed, NEAR_MISS, log, log_change};
use crate::model::{
    Board, Level, Measure, Message, Nature as Kind, NearMiss, NearMissId, Photo, PhotoId, State, Triage,
};
use crate::rules::{ends, may_follow, telltale};
use crate::store;
use komainu_access::{Permission, Scope};
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
    let new = NearMiss { state, closed_at: ends(state).then(|| nature.now()), ..old.clone() };
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
