//! Measures: what is done so that it does not happen again, by whom and until when.

use super::{MEASURE, log, near_miss_get};
use crate::model::{Measure, MeasureDetail, MeasureId, MeasureState, NearMissId};
use crate::store;
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Scope};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_people::actions::members;
use komainu_web::{Conflict, Failure, Refused};
use serde_json::{Value, json};

/// Somebody else changed the measure first; this is how it is now.
pub type MeasureChanged = Refused<Conflict<Measure>>;

/// How a member is called; empty where nobody was chosen.
fn name_of(tx: &mut Tx<'_>, scope: &Scope, owner: Option<PersonId>) -> Result<String, Failure> {
    let Some(id) = owner else { return Ok(String::new()) };
    let known = members(tx, scope)?;
    Ok(known.into_iter().find(|member| member.person == id).ok_or(Failure::NotFound)?.name)
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
    let new = Measure {
        id: MeasureId(nature.id()),
        near_miss,
        detail: MeasureDetail { what: what.to_owned(), result: String::new() },
        owner,
        owner_name: name_of(tx, scope, owner)?,
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

/// How many measures of a near miss are open: whoever ends the case is told of them and asked once more.
pub fn measures_open_of(tx: &mut Tx<'_>, scope: &Scope, id: NearMissId) -> Result<usize, Failure> {
    near_miss_get(tx, scope, id)?;
    let all = store::measures(tx, scope, id)?;
    Ok(all.iter().filter(|measure| measure.state == MeasureState::Open).count())
}

fn conflict<T>(tx: &mut Tx<'_>, scope: &Scope, id: MeasureId) -> Result<T, MeasureChanged> {
    Err(Refused::Because(Conflict(Box::new(measure_get(tx, scope, id)?))))
}

/// Writes anew what is done, by whom and until when.
///
/// # Errors
/// A conflict where somebody else changed it first; [`Failure::Over`] for one that is settled, which is opened again before;
/// [`Failure::NotFound`] for an owner who is no member here.
pub fn measure_change(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (MeasureId, i64),
    (what, owner, due_on): (&str, Option<PersonId>, Option<NaiveDate>),
) -> Result<(), MeasureChanged> {
    let old = measure_get(tx, scope, id)?;
    if old.version != version {
        return conflict(tx, scope, id);
    }
    if old.state != MeasureState::Open {
        return Err(Failure::Over.into());
    }
    // Who left the house stays named until somebody else is chosen.
    let owner_name = if owner == old.owner { old.owner_name.clone() } else { name_of(tx, scope, owner)? };
    let new = Measure {
        detail: MeasureDetail { what: what.to_owned(), ..old.detail.clone() },
        owner,
        owner_name,
        due_on,
        ..old.clone()
    };
    if new == old {
        return Ok(());
    }
    if !store::measure_save(tx, scope, version, &new)? {
        return conflict(tx, scope, id);
    }
    let number = near_miss_get(tx, scope, old.near_miss)?.number_text();
    let said = |measure: &Measure| -> Value {
        json!({
            "number": number, "what": measure.detail.what, "owner": measure.owner_name, "due_on": measure.due_on,
        })
    };
    let states = (said(&old), said(&new));
    Ok(log(tx, nature, scope, ("near_miss_measure_change", MEASURE, &id.to_string()), states)?)
}

/// Says that a measure is done, given up, or open after all. Why it is given up or open again stands as its result.
///
/// # Errors
/// A conflict where somebody else changed it first.
pub fn measure_settle(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (id, version): (MeasureId, i64),
    (state, result): (MeasureState, &str),
) -> Result<(), MeasureChanged> {
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
        return conflict(tx, scope, id);
    }
    let said = |measure: &Measure| -> Value {
        json!({
            "what": measure.detail.what, "state": measure.state.code(), "result": measure.detail.result,
        })
    };
    let states = (said(&old), said(&new));
    Ok(log(tx, nature, scope, ("near_miss_measure_settle", MEASURE, &id.to_string()), states)?)
}
