//! `/plan/steps/…`: how one step is done, why, by whom; and saying that it is done, for later, or not for us.

use super::{StepView, destination, due_text, step_path};
use crate::actions::{self, MarkInput, MarkRefusal, NOTE_MAX, Seen};
use crate::model::{Mark, MarkState, PlannedStep, Reason, Score, StepKey};
use crate::{rules, t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use komainu_access::{Permission, Scope};
use komainu_catalog::Catalog;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{
    Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, date_text, page,
    page_with_status, redirect, with_flash,
};

/// What "later" offers where nothing was typed.
const OFFERED_DAYS: u64 = 14;

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    path: String,
    purpose: String,
    how: Vec<String>,
    who: String,
    minutes: String,
    due: String,
    /// Why it stands where it stands; empty where it is not in the plan.
    why: String,
    hold: String,
    form_unconfirmed: bool,
    story: Option<Story>,
    needs: Vec<Crumb>,
    then: Vec<Crumb>,
    item: Option<(String, String)>,
    ask: String,
    go: Option<(String, String)>,
    points: Vec<(String, i32)>,
    marks: Marks,
    errors: FieldErrors,
    /// Somebody else was first; who.
    changed: String,
    /// What the person had typed, which is not lost by that.
    typed: String,
}

/// What really happened.
struct Story {
    title: String,
    text: String,
    inferred: bool,
    sources: Vec<(String, String)>,
}

/// What was said about the step, and what may be said.
#[derive(Default)]
struct Marks {
    said: String,
    note: String,
    version: i64,
    /// What the person may say of it now.
    may: Vec<MarkState>,
    typed_until: String,
    typed_note: String,
    /// What the person was saying when something was wrong.
    saying: Option<MarkState>,
}

impl Marks {
    fn may(&self, state: MarkState) -> bool {
        self.may.contains(&state)
    }

    fn says(&self, state: MarkState) -> bool {
        self.saying == Some(state)
    }
}

/// One step.
pub async fn step(member: Member, Path(id): Path<String>) -> Outcome {
    let key = key_of(&id)?;
    let seen = see_for(&member, &key).await?;
    page(&step_page(&member, &seen, &key)?)
}

/// Says something about the step.
pub async fn step_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, key) = (member.lang, key_of(&id)?);
    let nature = member.app.nature.clone();
    let Some(state) = form.parse::<MarkState>("state") else {
        return Err(Failure::Malformed("no such state of a step".to_owned()));
    };
    let typed = form.text("until");
    let until = if state == MarkState::Later {
        komainu_calendar::parse_date(typed, nature.today()).map(Some).map_err(|_| t!(lang, "fault-day"))
    } else {
        Ok(None)
    };
    let until = match until {
        Ok(until) => until,
        Err(message) => return again(&member, &key, &form, state, ("until", message)).await,
    };
    let input = MarkInput {
        step: key.clone(),
        state,
        until,
        note: form.text("note").to_owned(),
        version: form.parse("version").unwrap_or_default(),
    };
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    match member.write(move |tx| actions::step_mark(tx, &nature, &scope, &catalog, &input)).await {
        Ok(mark) => {
            let to = if mark.state == MarkState::Open { step_path(&key) } else { "/".to_owned() };
            Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &thanks(lang, &mark)))
        }
        Err(Refused::Failed(failure)) => Err(failure),
        Err(Refused::Because(MarkRefusal::Day(last))) => {
            let message = t!(lang, "fault-day-past", last = date_text(lang, last));
            again(&member, &key, &form, state, ("until", message)).await
        }
        Err(Refused::Because(MarkRefusal::Note)) => {
            again(&member, &key, &form, state, ("note", t!(lang, "fault-note-long"))).await
        }
        Err(Refused::Because(MarkRefusal::Changed(theirs))) => {
            let seen = see_for(&member, &key).await?;
            let mut filled = step_page(&member, &seen, &key)?;
            filled.changed = t!(lang, "fault-changed", name = theirs.by_name.as_str());
            filled.typed = match form.text("note") {
                "" => String::new(),
                note => t!(lang, "fault-changed-note", note = note),
            };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
    }
}

fn thanks(lang: Lang, mark: &Mark) -> String {
    match mark.state {
        MarkState::Done => t!(lang, "marked-done"),
        MarkState::NotForUs => t!(lang, "marked-not-for-us"),
        MarkState::Later => {
            let day = mark.until.map(|day| date_text(lang, day)).unwrap_or_default();
            t!(lang, "marked-later", day = day)
        }
        MarkState::Open => t!(lang, "marked-open"),
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn again(
    member: &Member,
    key: &StepKey,
    form: &Form,
    state: MarkState,
    (field, message): (&str, String),
) -> Outcome {
    let seen = see_for(member, key).await?;
    let mut filled = step_page(member, &seen, key)?;
    let form_of = if state == MarkState::Later { "later-" } else { "not-" };
    filled.errors.add(&format!("{form_of}{field}"), message);
    filled.marks.saying = Some(state);
    form.text("until").clone_into(&mut filled.marks.typed_until);
    form.text("note").clone_into(&mut filled.marks.typed_note);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled)
}

fn key_of(id: &str) -> Result<StepKey, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

/// The plan, for a step that the member may see.
async fn see_for(member: &Member, key: &StepKey) -> Result<Seen, Failure> {
    let (scope, catalog, key) = (member.scope.clone(), member.app.catalog.clone(), key.clone());
    let today = member.app.nature.today();
    member.read(move |tx| see_step(tx, &scope, &catalog, today, &key)).await
}

/// The plan, for a step that whoever asks may see.
pub(crate) fn see_step(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    today: NaiveDate,
    key: &StepKey,
) -> Result<Seen, Failure> {
    let seen = actions::plan_see(tx, scope, catalog, today)?;
    let known = match key {
        StepKey::Catalog(id) => catalog.step(id).is_some(),
        StepKey::House(_) => planned(&seen, key).is_some() || seen.facts.situation.mark(key).is_some(),
    };
    if known && actions::concerns(&seen.facts, catalog, key) { Ok(seen) } else { Err(Failure::NotFound) }
}

pub(crate) fn planned<'a>(seen: &'a Seen, key: &StepKey) -> Option<&'a PlannedStep> {
    let held = seen.plan.held.iter().map(|(step, _)| step);
    seen.plan.steps.iter().chain(held).find(|step| step.key == *key)
}

fn step_page(member: &Member, seen: &Seen, key: &StepKey) -> Result<StepPage, Failure> {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let in_plan = planned(seen, key);
    let view = in_plan.map(|step| StepView::new(lang, catalog, &seen.facts, step));
    let of_catalog = match key {
        StepKey::Catalog(id) => Some(catalog.step(id).ok_or(Failure::NotFound)?),
        StepKey::House(_) => None,
    };
    let link = |id: &komainu_catalog::StepId| {
        let key = StepKey::Catalog(id.clone());
        Crumb { href: step_path(&key), label: words::title(lang, catalog, &key) }
    };
    let hold = seen.plan.held.iter().find(|(step, _)| step.key == *key).map(|(_, hold)| hold);
    let step_minutes = of_catalog.map(|step| t!(lang, "minutes", minutes = step.minutes));
    let step_who = of_catalog.and_then(|step| step.who.first()).map(|doer| words::doer(lang, *doer));
    Ok(StepPage {
        page: member.shell(&words::title(lang, catalog, key), Section::Plan),
        lang,
        crumbs: vec![Crumb { href: "/plan".to_owned(), label: t!(lang, "plan-title") }],
        path: step_path(key),
        purpose: words::purpose(lang, catalog, key),
        how: words::how(lang, catalog, key),
        who: view.as_ref().map(|view| view.who.clone()).or(step_who).unwrap_or_default(),
        minutes: view.as_ref().map(|view| view.minutes.clone()).or(step_minutes).unwrap_or_default(),
        due: in_plan
            .and_then(|step| step.due)
            .map(|due| due_text(lang, due, due < seen.facts.situation.today))
            .unwrap_or_default(),
        why: view.as_ref().map(|view| view.why.clone()).unwrap_or_default(),
        hold: hold.map(|hold| words::hold(lang, catalog, hold)).unwrap_or_default(),
        form_unconfirmed: in_plan.is_some_and(|step| step.form_unconfirmed),
        story: in_plan.and_then(|step| story(lang, catalog, step)),
        needs: of_catalog.map(|step| step.after.iter().map(|id| link(id)).collect()).unwrap_or_default(),
        then: followers(catalog, key).into_iter().map(|id| link(&id)).collect(),
        item: item_link(member, seen, key),
        ask: ask_link(member, seen, key).unwrap_or_default(),
        go: in_plan
            .filter(|step| step.action != crate::model::Action::Step)
            .map(|step| (words::button(lang, &step.action), destination(&seen.facts, step))),
        points: in_plan.map(|step| points(lang, step.score)).unwrap_or_default(),
        marks: marks(member, seen, key),
        errors: FieldErrors::default(),
        changed: String::new(),
        typed: String::new(),
    })
}

/// The attack behind the step, with where it was read.
fn story(lang: Lang, catalog: &Catalog, step: &PlannedStep) -> Option<Story> {
    let route = step.reasons.iter().find_map(|reason| match reason {
        Reason::Route { route, .. } => Some(route),
        _ => None,
    })?;
    let route = catalog.routes().into_iter().find(|known| *known.id == *route)?;
    let sources = catalog.sources(&route.sources).into_iter();
    Some(Story {
        title: route.title.get(lang).to_owned(),
        text: format!("{} {}", route.text.get(lang), route.reasoning.get(lang)),
        inferred: !route.confirmed,
        sources: sources
            .map(|source| (source.what.get(lang).to_owned(), source.url.clone().unwrap_or_default()))
            .collect(),
    })
}

/// The catalogue's steps that need this one.
fn followers(catalog: &Catalog, key: &StepKey) -> Vec<komainu_catalog::StepId> {
    let StepKey::Catalog(id) = key else { return Vec::new() };
    let needs = |step: &&komainu_catalog::Step| step.after.iter().any(|before| **before == *id);
    catalog.steps().iter().filter(needs).map(|step| (*step.id).clone()).collect()
}

/// The row of the form that the step is for, where the member sees one: its name and its address.
fn item_link(member: &Member, seen: &Seen, key: &StepKey) -> Option<(String, String)> {
    let (item, row) = item_row(member, seen, key)?;
    let title = words::item_title(member.lang, &member.app.catalog, &item);
    let round = seen.facts.round.as_ref()?;
    Some((title, format!("{}/items/{row}", round.path())))
}

fn ask_link(member: &Member, seen: &Seen, key: &StepKey) -> Option<String> {
    let (item, row) = item_row(member, seen, key)?;
    let round = seen.facts.round.as_ref().filter(|round| round.closed_at.is_none())?;
    member.app.catalog.item(&item)?.ask_vendor.as_ref()?;
    let may = member.scope.may(Permission::ChecklistAnswer);
    may.then(|| format!("{}/ask?item={row}", round.path()))
}

fn item_row(
    member: &Member,
    seen: &Seen,
    key: &StepKey,
) -> Option<(komainu_catalog::ItemId, komainu_catalog::PlacementId)> {
    let item = match key {
        StepKey::Catalog(id) => (*member.app.catalog.step(id)?.item).clone(),
        StepKey::House(_) => planned(seen, key)?.item.clone()?,
    };
    let row = match planned(seen, key).and_then(|step| step.rows.first()) {
        Some(row) => row.clone(),
        None => seen.facts.situation.rows.iter().find(|row| row.item == item)?.placement.clone(),
    };
    Some((item, row))
}

fn points(lang: Lang, score: Score) -> Vec<(String, i32)> {
    vec![
        (t!(lang, "points-exposure"), score.exposure),
        (t!(lang, "points-danger"), score.danger),
        (t!(lang, "points-deadline"), score.deadline),
        (t!(lang, "points-finish"), score.finish),
        (t!(lang, "points-needed"), score.needed),
        (t!(lang, "points-effort"), score.effort),
        (t!(lang, "points-total"), score.total()),
    ]
}

fn marks(member: &Member, seen: &Seen, key: &StepKey) -> Marks {
    let lang = member.lang;
    let mark = seen.facts.situation.mark(key);
    let live = mark.filter(|mark| mark.state != MarkState::Open);
    // A step that was put off and has come back can be said anything of again.
    let settled = seen.facts.situation.is_over(key) || seen.facts.situation.postponed(key).is_some();
    let answers = member.scope.may(Permission::ChecklistAnswer) || !seen.facts.situation.whole;
    let fits = |state: &MarkState| match state {
        MarkState::Open => live.is_some(),
        _ => !settled,
    };
    let may =
        MarkState::ALL.into_iter().filter(|state| answers && rules::may_mark(key, *state) && fits(state));
    Marks {
        said: live.map(|mark| words::mark(lang, mark)).unwrap_or_default(),
        note: live.map(|mark| mark.note.clone()).unwrap_or_default(),
        version: mark.map_or(0, |mark| mark.version),
        may: may.collect(),
        typed_until: offered(seen.facts.situation.today),
        ..Marks::default()
    }
}

fn offered(today: NaiveDate) -> String {
    today.checked_add_days(Days::new(OFFERED_DAYS)).map(|day| day.to_string()).unwrap_or_default()
}

// The note's limit stands in the message that tells it.
const _: () = assert!(NOTE_MAX == 500);
