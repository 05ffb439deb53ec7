//! Walking through one place: each thing with large tiles, saved at each tap.

use super::one::see_open;
use super::{Place, by_place, crumbs, line_of, path_of, see, take_of};
use crate::actions::{MarkRefusal, Seen, line_mark};
use crate::model::{Finding, Line, Mark, Outcome as Found};
use crate::{t, words};
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use komainu_access::Permission;
use komainu_calendar::fold;
use komainu_i18n::Lang;
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_inventory::words::asset_kind_text;
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Visit,
    page, page_with_status, redirect, with_flash,
};
use serde::Deserialize;
use serde_json::json;

/// Things on one page; a store room with more has several.
const SHOWN: usize = 60;
/// The longest serial number, as the ledger takes it.
const SERIAL: usize = 60;
/// The most of one kind, as the ledger takes it.
const MOST: u32 = 1_000_000;

/// Where somebody walks.
#[derive(Debug, Default, Deserialize)]
pub struct Way {
    /// `none`, or the id of a place; empty for the first with something left to see.
    #[serde(default)]
    place: String,
    /// Things of it that are on earlier pages.
    #[serde(default)]
    from: usize,
}

/// The fields of a thing as they are shown.
pub(crate) struct MarkFields {
    /// What was found.
    pub(crate) mark: Mark,
    /// How many, as typed.
    pub(crate) count: String,
}

/// A thing with its form.
struct Card {
    id: String,
    title: String,
    about: String,
    marks: String,
    question: String,
    action: String,
    version: i64,
    outcomes: Vec<Choice>,
    place: String,
    count: String,
    serial: String,
    words: String,
    state: StatePart,
    errors: FieldErrors,
    /// Before every id of this thing's fields.
    idp: String,
}

/// What stands beside a thing after each save.
#[derive(Template)]
#[template(path = "line_state.html")]
struct StatePart {
    badge: &'static str,
    outcome: String,
    by: String,
}

#[derive(Template)]
#[template(path = "walk.html")]
struct WalkPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    progress: String,
    things: Vec<Card>,
    /// Names to choose a place from.
    places: Vec<String>,
    may_edit: bool,
    add: String,
    back: String,
    earlier: String,
    more: String,
    next: Option<(String, String)>,
}

/// Two people said different things of one line.
#[derive(Template)]
#[template(path = "line_conflict.html")]
struct ConflictPart {
    lang: Lang,
    who: String,
    theirs: String,
    theirs_findings: Vec<String>,
    version: i64,
}

/// The things of a place.
pub async fn walk(member: Member, Path(id): Path<String>, Query(way): Query<Way>) -> Outcome {
    let Some(seen) = see_open(&member, &id).await? else {
        return Ok(redirect(&path_of(take_of(&id)?)));
    };
    let places = by_place(member.lang, seen.lines.clone());
    let left = |place: &Place| place.lines.iter().any(|line| line.mark.outcome == Found::NotChecked);
    let at = match way.place.as_str() {
        "" => Some(places.iter().position(left).unwrap_or(0)).filter(|_| !places.is_empty()),
        key => places.iter().position(|place| place.key == key),
    };
    let Some(at) = at else { return Ok(redirect(&path_of(seen.take.id))) };
    page(&walk_page(&member, &seen, &places, (at, way.from), None))
}

/// What was typed into one thing's form and could not be kept.
struct Faulty<'a> {
    line: &'a Line,
    fields: MarkFields,
    errors: FieldErrors,
}

fn walk_page(
    member: &Member,
    seen: &Seen,
    places: &[Place],
    (at, from): (usize, usize),
    mut faulty: Option<Faulty<'_>>,
) -> WalkPage {
    let (lang, path, place) = (member.lang, path_of(seen.take.id), &places[at]);
    let from = from.min(place.lines.len());
    let from = from - from % SHOWN;
    let shown = place.lines.iter().skip(from).take(SHOWN);
    let things = shown
        .map(|line| match faulty.take_if(|faulty| faulty.line.asset == line.asset) {
            Some(Faulty { fields, errors, .. }) => card(lang, &path, line, fields, errors),
            None => card(lang, &path, line, fields_of(&line.mark), FieldErrors::default()),
        })
        .collect();
    let counts = crate::rules::counts(&place.lines);
    let part = |from: usize| format!("{path}/walk?place={}&from={from}", place.key);
    WalkPage {
        page: member.shell(&place.name, Section::Ledger),
        lang,
        crumbs: crumbs(member, seen),
        ledger: ledger_name(lang),
        progress: t!(
            lang,
            "progress-text",
            checked = counts.checked().to_string(),
            all = counts.lines.to_string()
        ),
        things,
        places: seen.places().into_iter().map(str::to_owned).collect(),
        may_edit: member.scope.may(Permission::LedgerEdit),
        add: format!("{path}/add?place={}", place.key),
        earlier: from.checked_sub(SHOWN).map(part).unwrap_or_default(),
        more: if place.lines.len() > from + SHOWN { part(from + SHOWN) } else { String::new() },
        next: places.get(at + 1).map(|next| (format!("{path}/walk?place={}", next.key), next.name.clone())),
        back: path,
    }
}

fn fields_of(mark: &Mark) -> MarkFields {
    MarkFields {
        count: mark.finding.count.map(|count| count.to_string()).unwrap_or_default(),
        mark: mark.clone(),
    }
}

fn card(lang: Lang, path: &str, line: &Line, fields: MarkFields, errors: FieldErrors) -> Card {
    let Mark { outcome, finding } = fields.mark;
    Card {
        id: format!("line-{}", line.asset),
        title: line.was.name.clone(),
        about: asset_kind_text(lang, line.kind),
        marks: words::marks_text(lang, &line.was),
        question: t!(lang, "walk-question", name = line.was.name.as_str()),
        action: format!("{path}/lines/{}", line.asset),
        version: line.version,
        outcomes: Found::ALL
            .into_iter()
            .map(|one| Choice::new(one.code(), words::outcome_text(lang, one)).chosen(one == outcome))
            .collect(),
        place: finding.place,
        count: fields.count,
        serial: finding.serial,
        words: finding.words,
        state: state_part(lang, line),
        errors,
        idp: format!("{}-", line.asset),
    }
}

fn state_part(lang: Lang, line: &Line) -> StatePart {
    let outcome = line.mark.outcome;
    StatePart {
        badge: words::outcome_badge(outcome),
        outcome: words::outcome_text(lang, outcome),
        by: words::checked_text(lang, line),
    }
}

/// Reads what was said of a thing; every fault at once.
pub(crate) fn read_mark(lang: Lang, form: &Form) -> (MarkFields, FieldErrors) {
    let mut errors = FieldErrors::default();
    let outcome: Found = form.parse("outcome").unwrap_or_default();
    let different = outcome == Found::Different;
    let count = form.text("count").to_owned();
    let number: Option<u32> = fold(&count).parse::<u32>().ok().filter(|number| (1..=MOST).contains(number));
    if different && number.is_none() && !count.is_empty() {
        errors.add("count", t!(lang, "fault-count"));
    }
    // What belongs to another answer is let go, so it cannot be wrong either.
    let mut own = FieldErrors::default();
    let place = text(form, lang, &mut own, "place", SHORT, false);
    let serial = text(form, lang, &mut own, "serial", SERIAL, false);
    if different {
        errors.0.append(&mut own.0);
    }
    let words = text(form, lang, &mut errors, "words", LONG, false);
    let finding = Finding { place, count: number, serial, words };
    (MarkFields { mark: Mark { outcome, finding }, count }, errors)
}

/// Keeps what was said of a thing.
pub async fn mark_save(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let (take, asset) = line_of(&path)?;
    let lang = member.lang;
    let (fields, errors) = read_mark(lang, &form);
    if !errors.is_empty() {
        return faults(&member, (&path.0, asset), fields, errors).await;
    }
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature, mark) = (member.scope.clone(), member.app.nature.clone(), fields.mark);
    let saved = member.write(move |tx| line_mark(tx, &nature, &scope, (take, asset), version, &mark)).await;
    match saved {
        Ok(line) if member.fragment => saved_fragment(lang, &line),
        Ok(line) => Ok(redirect(&place_of(&member, &path.0, &line).await?)),
        Err(Refused::Because(MarkRefusal::Closed)) => {
            if member.fragment {
                return conflict_fragment(&ClosedPart { text: t!(lang, "refused-closed") });
            }
            let to = redirect(&path_of(take));
            Ok(with_flash(&member.app, to, NoticeKind::Warning, &t!(lang, "refused-closed")))
        }
        Err(Refused::Because(MarkRefusal::Changed(theirs))) => {
            if member.fragment {
                return conflict_fragment(&conflict_part(&member, &theirs));
            }
            let to = redirect(&place_of(&member, &path.0, &theirs).await?);
            let text = t!(lang, "mark-changed", name = theirs.checked_by_name.as_str());
            Ok(with_flash(&member.app, to, NoticeKind::Warning, &text))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// The stock-take was closed while somebody walked.
#[derive(Template)]
#[template(path = "line_closed.html")]
struct ClosedPart {
    text: String,
}

fn saved_fragment(lang: Lang, line: &Line) -> Outcome {
    let html = state_part(lang, line).render().map_err(Failure::internal)?;
    let text = words::checked_text(lang, line);
    let body = json!({ "ok": true, "version": line.version, "saved_at_text": text, "html": html });
    Ok(Json(body).into_response())
}

fn conflict_fragment(part: &impl Template) -> Outcome {
    let html = part.render().map_err(Failure::internal)?;
    Ok((StatusCode::CONFLICT, Json(json!({ "conflict": { "html": html } }))).into_response())
}

fn conflict_part(visit: &Visit, theirs: &Line) -> ConflictPart {
    let lang = visit.lang;
    ConflictPart {
        lang,
        who: words::checked_text(lang, theirs),
        theirs: words::outcome_text(lang, theirs.mark.outcome),
        theirs_findings: words::finding_lines(lang, &theirs.was, &theirs.mark.finding),
        version: theirs.version,
    }
}

/// Where a line is found among the places.
async fn place_of(member: &Member, take: &str, line: &Line) -> Result<String, Failure> {
    let seen = see(member, take_of(take)?).await?;
    let path = path_of(seen.take.id);
    for place in by_place(member.lang, seen.lines) {
        if let Some(at) = place.lines.iter().position(|other| other.asset == line.asset) {
            let from = at - at % SHOWN;
            return Ok(format!("{path}/walk?place={}&from={from}#line-{}", place.key, line.asset));
        }
    }
    Ok(path)
}

async fn faults(
    member: &Member,
    (take, asset): (&str, komainu_inventory::AssetId),
    fields: MarkFields,
    errors: FieldErrors,
) -> Outcome {
    if member.fragment {
        let faults: serde_json::Map<String, serde_json::Value> =
            errors.0.iter().map(|error| (error.field.clone(), json!(error.message))).collect();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "errors": faults }))).into_response());
    }
    let Some(seen) = see_open(member, take).await? else {
        return Ok(closed(member, take_of(take)?));
    };
    let places = by_place(member.lang, seen.lines.clone());
    for (at, place) in places.iter().enumerate() {
        if let Some(index) = place.lines.iter().position(|line| line.asset == asset) {
            let faulty = Faulty { line: &place.lines[index], fields, errors };
            let filled = walk_page(member, &seen, &places, (at, index), Some(faulty));
            return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
        }
    }
    Err(Failure::NotFound)
}

/// It can no longer be written into.
pub(super) fn closed(member: &Member, take: crate::model::StockTakeId) -> Response {
    let text = t!(member.lang, "refused-closed");
    with_flash(&member.app, redirect(&path_of(take)), NoticeKind::Warning, &text)
}
