//! What is done from the page of a report about its measures: a new one, one written anew, one that is settled or open again.

use super::one::{Typed, shown};
use super::{MEASURES, UNPROCESSABLE, id_of, path_of, version_of};
use crate::actions::{self, MeasureChanged, measure_get};
use crate::model::{Measure, MeasureId, MeasureState, NearMissId};
use crate::rules::{is_late, wants_reason};
use crate::{t, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use komainu_access::PersonId;
use komainu_calendar::parse_date;
use komainu_i18n::Lang;
use komainu_institution::parts::{LONG, differences, text};
use komainu_people::actions::members;
use komainu_people::model::Membership;
use komainu_web::{
    Choice, Conflict, Failure, FieldErrors, Form, Member, NoticeKind, Once, Outcome, Refused, date_text,
    redirect, with_flash,
};

/// A measure on the page of its report, with its two forms.
pub(super) struct MeasureView {
    /// Keeps the fields of its forms apart from those of others.
    pub(super) idp: String,
    pub(super) action: String,
    pub(super) version: i64,
    pub(super) what: String,
    pub(super) who: String,
    pub(super) due: String,
    pub(super) late: bool,
    pub(super) open: bool,
    pub(super) state: String,
    pub(super) sign: &'static str,
    pub(super) result: String,
    /// What the form that settles it holds.
    pub(super) said: String,
    pub(super) said_fault: String,
    /// What the form that writes it anew holds, and whether it is open.
    pub(super) typed: MeasureTyped,
    pub(super) owners: Vec<Choice>,
    pub(super) what_fault: String,
    pub(super) due_fault: String,
    pub(super) changing: bool,
}

/// A measure as it is typed.
#[derive(Clone, Default)]
pub(super) struct MeasureTyped {
    pub(super) what: String,
    pub(super) owner: String,
    pub(super) due: String,
}

/// What a form at a measure that is there held when it could not be taken.
pub(super) struct AtMeasure {
    id: MeasureId,
    /// Of the form that writes it anew.
    change: Option<MeasureTyped>,
    /// Of the form that settles it.
    result: String,
}

/// Who may be chosen.
pub(super) fn owners(colleagues: &[Membership], chosen: &str) -> Vec<Choice> {
    let those = colleagues.iter().filter(|colleague| !colleague.disabled);
    those
        .map(|colleague| {
            let id = colleague.person.to_string();
            let chosen = id == chosen;
            Choice::new(id, colleague.name.clone()).chosen(chosen)
        })
        .collect()
}

/// The same with whoever has the measure now, also where they left.
fn owners_of(colleagues: &[Membership], measure: &Measure, chosen: &str) -> Vec<Choice> {
    let mut all = owners(colleagues, chosen);
    if let Some(id) = measure.owner.map(|owner| owner.to_string())
        && all.iter().all(|choice| choice.value != id)
    {
        let is_chosen = id == chosen;
        all.push(Choice::new(id, measure.owner_name.clone()).chosen(is_chosen));
    }
    all
}

fn idp_of(id: MeasureId) -> String {
    format!("m-{id}-")
}

pub(super) fn measure_view(
    member: &Member,
    measure: &Measure,
    colleagues: &[Membership],
    at: Option<&AtMeasure>,
    errors: &FieldErrors,
) -> MeasureView {
    let (lang, idp) = (member.lang, idp_of(measure.id));
    let at = at.filter(|at| at.id == measure.id);
    let change = at.and_then(|at| at.change.clone());
    let changing = change.is_some();
    let typed = change.unwrap_or_else(|| MeasureTyped {
        what: measure.detail.what.clone(),
        owner: measure.owner.map(|owner| owner.to_string()).unwrap_or_default(),
        due: measure.due_on.map(|day| date_text(lang, day)).unwrap_or_default(),
    });
    let fault = |field: &str| errors.of(&format!("{idp}{field}")).to_owned();
    MeasureView {
        action: format!("{MEASURES}/{}", measure.id),
        version: measure.version,
        what: measure.detail.what.clone(),
        who: if measure.owner_name.is_empty() {
            t!(lang, "measure-ownerless")
        } else {
            measure.owner_name.clone()
        },
        due: measure.due_on.map(|day| date_text(lang, day)).unwrap_or_default(),
        late: is_late(measure, member.app.nature.today()),
        open: measure.state == MeasureState::Open,
        state: words::measure_state_text(lang, measure.state),
        sign: words::measure_badge(measure.state),
        result: measure.detail.result.clone(),
        said: at.map(|at| at.result.clone()).unwrap_or_default(),
        said_fault: fault("result"),
        owners: owners_of(colleagues, measure, &typed.owner),
        typed,
        what_fault: fault("what"),
        due_fault: fault("due"),
        changing,
        idp,
    }
}

/// Reads what the form for a measure holds.
fn read(
    form: &Form,
    lang: Lang,
    errors: &mut FieldErrors,
    today: NaiveDate,
) -> (MeasureTyped, Option<NaiveDate>) {
    let typed = MeasureTyped {
        what: text(form, lang, errors, "what", LONG, true),
        owner: form.text("owner").to_owned(),
        due: form.text("due").to_owned(),
    };
    if typed.due.is_empty() {
        return (typed, None);
    }
    let day = parse_date(&typed.due, today).ok();
    if day.is_none() {
        errors.add("due", t!(lang, "measure-day"));
    }
    (typed, day)
}

/// What came of a measure, or why it is given up or open again.
pub(crate) fn result_text(form: &Form, lang: Lang, errors: &mut FieldErrors, state: MeasureState) -> String {
    let result = text(form, lang, errors, "result", LONG, false);
    if result.is_empty() && wants_reason(state) {
        errors.add("result", t!(lang, "measure-reason-missing"));
    }
    result
}

/// The faults of a form at a measure, at its own fields.
fn at_own_fields(mut errors: FieldErrors, id: MeasureId) -> FieldErrors {
    for error in &mut errors.0 {
        error.field.insert_str(0, &idp_of(id));
    }
    errors
}

async fn report_of(member: &Member, id: MeasureId) -> Result<NearMissId, Failure> {
    let scope = member.scope.clone();
    member.read(move |tx| Ok(measure_get(tx, &scope, id)?.near_miss)).await
}

/// Where the measures of a report stand on its page.
fn measures_of(id: NearMissId) -> String {
    format!("{}#measures", path_of(id))
}

fn done(member: &Member, to: &str, text: &str) -> Response {
    with_flash(&member.app, redirect(to), NoticeKind::Success, text)
}

/// `POST /near-miss/{id}/measures`
pub async fn measure_new(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let (typed, due) = read(&form, lang, &mut errors, member.app.nature.today());
    if !errors.is_empty() {
        let typed = Typed { measure: Some(typed), errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    let owner: Option<PersonId> = form.parse("owner");
    let (scope, app) = (member.scope.clone(), member.app.clone());
    let place = measures_of(id);
    let once = Once::of(&form, &place);
    let to = member
        .write(move |tx| {
            once.done(tx, &app.nature, &scope, |tx| {
                actions::measure_add(tx, &app.nature, &scope, id, (&typed.what, owner, due))?;
                Ok::<_, Failure>(place)
            })
        })
        .await?;
    Ok(done(&member, &to, &t!(lang, "measure-added")))
}

/// `POST /near-miss/measures/{id}/edit`: what, by whom and until when, written anew.
pub async fn measure_edit(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let lang = member.lang;
    let id: MeasureId = id.parse().map_err(|_| Failure::NotFound)?;
    let of = report_of(&member, id).await?;
    let mut errors = FieldErrors::default();
    let (typed, due) = read(&form, lang, &mut errors, member.app.nature.today());
    if !errors.is_empty() {
        let at = AtMeasure { id, change: Some(typed), result: String::new() };
        let errors = at_own_fields(errors, id);
        let typed = Typed { at_measure: Some(at), errors, ..Typed::default() };
        return shown(&member, of, UNPROCESSABLE, typed).await;
    }
    let owner: Option<PersonId> = form.parse("owner");
    let (scope, app, version) = (member.scope.clone(), member.app.clone(), version_of(&form));
    let what = typed.what.clone();
    let saved = member
        .write(move |tx| {
            let wish = (what.as_str(), owner, due);
            actions::measure_change(tx, &app.nature, &scope, (id, version), wish)
        })
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &measures_of(of), &t!(lang, "measure-changed"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let scope = member.scope.clone();
            let colleagues = member.read(move |tx| members(tx, &scope)).await?;
            let chosen = colleagues.into_iter().find(|one| Some(one.person) == owner);
            let day = |due: Option<NaiveDate>| due.map(|day| date_text(lang, day)).unwrap_or_default();
            let rows = vec![
                (
                    t!(lang, "field-state"),
                    words::measure_state_text(lang, MeasureState::Open),
                    words::measure_state_text(lang, theirs.state),
                ),
                (t!(lang, "measure-what"), typed.what.clone(), theirs.detail.what.clone()),
                (
                    t!(lang, "measure-owner"),
                    chosen.map(|one| one.name).unwrap_or_default(),
                    theirs.owner_name.clone(),
                ),
                (t!(lang, "measure-due"), day(due), day(theirs.due_on)),
            ];
            let at = AtMeasure { id, change: Some(typed), result: String::new() };
            let typed = Typed { at_measure: Some(at), differences: differences(rows), ..Typed::default() };
            shown(&member, of, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /near-miss/measures/{id}`: done, given up, or open again.
pub async fn measure_settle(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let lang = member.lang;
    let id: MeasureId = id.parse().map_err(|_| Failure::NotFound)?;
    let state: MeasureState = form.parse("state").ok_or(Failure::NotFound)?;
    let of = report_of(&member, id).await?;
    let mut errors = FieldErrors::default();
    let result = result_text(&form, lang, &mut errors, state);
    let at = AtMeasure { id, change: None, result: result.clone() };
    if !errors.is_empty() {
        let errors = at_own_fields(errors, id);
        let typed = Typed { at_measure: Some(at), errors, ..Typed::default() };
        return shown(&member, of, UNPROCESSABLE, typed).await;
    }
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), result.clone());
    let saved: Result<(), MeasureChanged> = member
        .write(move |tx| {
            actions::measure_settle(tx, &app.nature, &scope, (id, version), (state, wish.as_str()))
        })
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &measures_of(of), &t!(lang, "measure-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let rows = differences(vec![
                (
                    t!(lang, "field-state"),
                    words::measure_state_text(lang, state),
                    words::measure_state_text(lang, theirs.state),
                ),
                (t!(lang, "measure-result"), result, theirs.detail.result.clone()),
            ]);
            let typed = Typed { at_measure: Some(at), differences: rows, ..Typed::default() };
            shown(&member, of, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
