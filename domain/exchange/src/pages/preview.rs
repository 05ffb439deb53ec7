//! What becomes of the rows: looked at, decided, and taken.

use super::{IMPORT, Shown, crumbs, desk, find};
use crate::actions::{ApplyRefusal, Preview, import_apply, import_choose, import_let_go, import_preview};
use crate::model::{
    Body, Candidate, Choices, Column, Counts, Creation, Decision, Every, ImportId, Outcome, Seen, State,
};
use crate::rules::{Namer, body_cell};
use crate::t;
use crate::vocabulary::Vocabulary;
use crate::words::{
    badge, column_label, evidence_text, fault_text, outcome_text, reason_text, remark_text, row_place,
    warning_text,
};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, connection_kind_text};
use komainu_inventory::{AssetId, End, Thing};
use komainu_web::{
    Choice, Conflict, Crumb, Form, Member, NoticeKind, Outcome as Answer, Refused, Section, Shell,
    page_with_status, redirect, with_flash,
};

/// Rows on a page.
const ROWS: usize = 50;

/// What a person is told above the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    /// The ledger or the import changed after they looked.
    Stale,
    /// Something is still to be decided.
    NotReady,
    /// Why the changes do not stand together, and where.
    Fault(String),
}

/// A field that changes.
struct Difference {
    column: String,
    old: String,
    new: String,
}

/// A row on the page.
struct Line {
    /// Its place among all rows.
    number: usize,
    place: String,
    title: String,
    what: String,
    sign: &'static str,
    state: String,
    notes: Vec<String>,
    faults: Vec<String>,
    changes: Vec<Difference>,
    ways: Vec<Choice>,
}

/// Something that rows name and nobody has written down.
struct Making {
    key: String,
    words: String,
    wanted: bool,
}

#[derive(Template)]
#[template(path = "import_preview.html")]
struct PreviewPage {
    page: Shell,
    lang: Lang,
    path: Vec<Crumb>,
    address: String,
    version: i64,
    revision: i64,
    show: String,
    at: usize,
    told_title: String,
    told_do: String,
    /// Where it is said what the columns are; empty where there are none.
    to_columns: String,
    findings: bool,
    remarks: Vec<String>,
    ready: bool,
    any: bool,
    removes: usize,
    /// Outcomes: word, how many, address, whether shown now.
    views: Vec<(String, usize, String, bool)>,
    every: Vec<Choice>,
    /// Whether any row may be something that is there.
    asks: bool,
    makings: Vec<Making>,
    lines: Vec<Line>,
    back: String,
    on: String,
    taken: String,
}

pub(super) async fn page_of(member: &Member, id: ImportId, shown: &Shown, told: Told) -> Answer {
    let (app, scope, lang) = (member.app.clone(), member.scope.clone(), member.lang);
    let preview = member.read(move |tx| import_preview(tx, desk(&app, lang), &scope, id)).await?;
    let status = if told == Told::Nothing { StatusCode::OK } else { StatusCode::CONFLICT };
    page_with_status(status, &view(member, &preview, shown, told))
}

fn view(member: &Member, preview: &Preview, shown: &Shown, told: Told) -> PreviewPage {
    let (lang, settled, import) = (member.lang, &preview.settled, &preview.import);
    let namer = Namer::new(Vocabulary::of(lang), &preview.ledger, &settled.names);
    let only: Option<Outcome> = shown.show.parse().ok();
    let wanted = |(_, seen): &(usize, &Seen)| only.is_none_or(|only| seen.outcome == only);
    let fits: Vec<(usize, &Seen)> = settled.rows.iter().enumerate().filter(wanted).collect();
    let last = fits.len().div_ceil(ROWS).max(1);
    let at = shown.page.clamp(1, last);
    let address = format!("{IMPORT}/{}", import.id);
    let show = only.map(Outcome::code).unwrap_or_default();
    let part = |page: usize| format!("{address}?show={show}&page={page}");
    let counts = settled.counts;
    let (told_title, told_do) = told_text(lang, told);
    let lines = fits.iter().skip((at - 1) * ROWS).take(ROWS);
    PreviewPage {
        page: member.shell(&t!(lang, "preview-title"), Section::Ledger),
        lang,
        path: crumbs(lang),
        version: import.version,
        revision: settled.revision,
        show: show.to_owned(),
        at,
        told_title,
        told_do,
        to_columns: if import.detail.mappings.is_empty() {
            String::new()
        } else {
            format!("{address}/columns")
        },
        findings: preview.sources.len() > import.detail.mappings.len(),
        remarks: preview.remarks.iter().map(|remark| remark_text(lang, remark)).collect(),
        ready: counts.ready(),
        any: counts.any(),
        removes: counts.remove,
        views: views(lang, &address, &counts, settled.rows.len(), only),
        every: every(lang, import.detail.choices.every),
        asks: settled.rows.iter().any(|seen| !seen.candidates.is_empty()),
        makings: settled.creations.iter().map(|creation| making(lang, creation)).collect(),
        lines: lines.map(|(place, seen)| line(lang, *place, seen, preview, &namer)).collect(),
        back: if at > 1 { part(at - 1) } else { String::new() },
        on: if at < last { part(at + 1) } else { String::new() },
        taken: taken(lang, &counts),
        address,
    }
}

/// What is told above the rows, and what to do; empty where nothing is.
fn told_text(lang: Lang, told: Told) -> (String, String) {
    match told {
        Told::Nothing => (String::new(), String::new()),
        Told::Stale => (t!(lang, "told-stale"), t!(lang, "told-stale-do")),
        Told::NotReady => (t!(lang, "told-not-ready"), t!(lang, "told-not-ready-do")),
        Told::Fault(fault) => (t!(lang, "told-fault"), fault),
    }
}

fn making(lang: Lang, creation: &Creation) -> Making {
    let (kind, count) = (asset_kind_text(lang, creation.kind), creation.rows.to_string());
    Making {
        key: creation.key(),
        words: t!(lang, "making", kind = kind, name = creation.name.as_str(), count = count),
        wanted: creation.wanted,
    }
}

/// What the button does.
fn taken(lang: Lang, counts: &Counts) -> String {
    let (new, change) = ((counts.new + counts.made).to_string(), counts.change.to_string());
    t!(lang, "apply", new = new, change = change, remove = counts.remove.to_string())
}

fn views(
    lang: Lang,
    address: &str,
    counts: &Counts,
    all: usize,
    only: Option<Outcome>,
) -> Vec<(String, usize, String, bool)> {
    let mut views = vec![(t!(lang, "view-all"), all, address.to_owned(), only.is_none())];
    let some = Outcome::ALL.into_iter().filter(|outcome| outcome.of(counts) > 0 || only == Some(*outcome));
    views.extend(some.map(|outcome| {
        let href = format!("{address}?show={}", outcome.code());
        (outcome_text(lang, outcome), outcome.of(counts), href, only == Some(outcome))
    }));
    views
}

fn every(lang: Lang, chosen: Option<Every>) -> Vec<Choice> {
    [
        (Every::Same, t!(lang, "every-same")),
        (Every::Other, t!(lang, "every-other")),
        (Every::Skip, t!(lang, "every-skip")),
    ]
    .into_iter()
    .map(|(every, label)| Choice::new(every.code(), label).chosen(chosen == Some(every)))
    .collect()
}

fn line(lang: Lang, place: usize, seen: &Seen, preview: &Preview, namer: &Namer<'_>) -> Line {
    let file = preview.sources.get(seen.source).map(String::as_str).unwrap_or_default();
    let body = seen.after.as_ref().or(seen.before.as_ref());
    let (title, what) = body.map(|body| named(lang, body, namer)).unwrap_or_default();
    let mut notes: Vec<String> =
        seen.evidence.iter().map(|evidence| evidence_text(lang, *evidence)).collect();
    notes.extend(seen.warnings.iter().map(|warning| warning_text(lang, warning)));
    if seen.outcome == Outcome::Undecided && seen.candidates.is_empty() {
        notes.push(t!(lang, "line-waits"));
    }
    let difference = |column: &Column| Difference {
        column: column_label(lang, *column),
        old: seen.before.as_ref().map(|body| body_cell(lang, *column, body, namer)).unwrap_or_default(),
        new: seen.after.as_ref().map(|body| body_cell(lang, *column, body, namer)).unwrap_or_default(),
    };
    Line {
        number: place,
        place: row_place(lang, file, seen.number),
        title: if title.is_empty() { t!(lang, "line-nameless") } else { title },
        what,
        sign: badge(seen.outcome),
        state: outcome_text(lang, seen.outcome),
        notes,
        faults: seen.faults.iter().map(|fault| fault_text(lang, fault)).collect(),
        changes: seen.changes.iter().map(difference).collect(),
        ways: ways(lang, seen, namer),
    }
}

/// What a record is called, and what it is.
pub(crate) fn named(lang: Lang, body: &Body, namer: &Namer<'_>) -> (String, String) {
    match body {
        Body::Thing(details) => (details.name.clone(), asset_kind_text(lang, details.kind)),
        Body::Line(details) => {
            let kind = connection_kind_text(lang, details.kind);
            let end = |column| body_cell(lang, column, body, namer);
            (format!("{} → {}", end(Column::From), end(Column::To)), kind)
        }
    }
}

/// What can be decided about a row.
fn ways(lang: Lang, seen: &Seen, namer: &Namer<'_>) -> Vec<Choice> {
    if seen.outcome == Outcome::Same && seen.candidates.is_empty() {
        return Vec::new();
    }
    let is_line = matches!(seen.after.as_ref().or(seen.before.as_ref()), Some(Body::Line(_)));
    let name = |id: Uuid| {
        let plain = namer.plain(End::Thing(Thing::Asset(AssetId(id))));
        if plain.is_empty() { t!(lang, "way-line") } else { plain.to_owned() }
    };
    let same = |candidate: &Candidate| {
        let label = t!(
            lang,
            "way-same",
            name = if is_line { t!(lang, "way-line") } else { name(candidate.id) },
            reason = reason_text(lang, candidate.reason)
        );
        let chosen = seen.decision == Some(Decision::Same(candidate.id));
        Choice::new(format!("same:{}", candidate.id), label).chosen(chosen)
    };
    let mut ways: Vec<Choice> = seen.candidates.iter().map(same).collect();
    if !ways.is_empty() {
        let other = seen.decision == Some(Decision::Other);
        ways.push(Choice::new("other", t!(lang, "way-other")).chosen(other));
    }
    let skip = seen.decision == Some(Decision::Skip);
    ways.push(Choice::new("skip", t!(lang, "way-skip")).chosen(skip));
    ways
}

/// Notes what was decided.
pub async fn choose(member: Member, Path(id): Path<String>, form: Form) -> Answer {
    let import = find(&member, &id).await?;
    let (scope, id) = (member.scope.clone(), import.id);
    let shown = Shown { show: form.text("show").to_owned(), page: form.parse("page").unwrap_or_default() };
    let version = form.parse("version").unwrap_or_default();
    let choices = read(&form, import.detail.choices);
    match member.write(move |tx| import_choose(tx, &scope, (id, version), &choices)).await {
        Ok(()) => {
            let to = format!("{IMPORT}/{id}?show={}&page={}", word(&shown.show), shown.page);
            Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &t!(member.lang, "choices-saved")))
        }
        Err(Refused::Because(Conflict(now))) if now.state == State::Preview => {
            page_of(&member, id, &shown, Told::Stale).await
        }
        Err(Refused::Because(_)) => Ok(redirect(&format!("{IMPORT}/{id}"))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// An outcome's word, or nothing: what stands in an address is ours.
fn word(show: &str) -> &'static str {
    show.parse().map(Outcome::code).unwrap_or_default()
}

/// What a form says of the rows on its page; others stay as they are.
fn read(form: &Form, old: Choices) -> Choices {
    let mut choices = old;
    for place in form.all("row").filter_map(|text| text.parse::<usize>().ok()) {
        let said = form.text(&format!("r{place}"));
        let decision = match said.split_once(':') {
            Some(("same", id)) => id.parse().ok().map(Decision::Same),
            _ if said == "other" => Some(Decision::Other),
            _ if said == "skip" => Some(Decision::Skip),
            _ => None,
        };
        match decision {
            Some(decision) => drop(choices.rows.insert(place, decision)),
            None => drop(choices.rows.remove(&place)),
        }
    }
    choices.every = form.parse("every");
    let made: Vec<&str> = form.all("make").collect();
    choices.not_made = form.all("making").filter(|key| !made.contains(key)).map(str::to_owned).collect();
    choices
}

/// Takes everything, or nothing.
pub async fn apply(member: Member, Path(id): Path<String>, form: Form) -> Answer {
    let import = find(&member, &id).await?;
    let (lang, id, organisation) = (member.lang, import.id, member.scope.organisation());
    let address = format!("{IMPORT}/{id}");
    if import.state == State::Applied {
        return Ok(redirect(&address));
    }
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let (version, revision) =
        (form.parse("version").unwrap_or_default(), form.parse("revision").unwrap_or(-1));
    let taken =
        member.write(move |tx| import_apply(tx, desk(&app, lang), &scope, (id, version), revision)).await;
    let told = match taken {
        Ok(_) => {
            import_let_go(&member.app.files, organisation, id);
            return Ok(redirect(&address));
        }
        Err(Refused::Failed(failure)) => return Err(failure),
        Err(Refused::Because(ApplyRefusal::Stale)) => Told::Stale,
        Err(Refused::Because(ApplyRefusal::NotReady)) => Told::NotReady,
        Err(Refused::Because(ApplyRefusal::Row(row, fault))) => {
            Told::Fault(place_of(&member, id, row).await? + &fault_text(lang, &fault))
        }
    };
    if find(&member, &id.to_string()).await?.state != State::Preview {
        return Ok(redirect(&address));
    }
    page_of(&member, id, &Shown::default(), told).await
}

/// Where a row is found, with a space behind it; empty where it is no one row.
async fn place_of(member: &Member, id: ImportId, row: Option<usize>) -> Result<String, komainu_web::Failure> {
    let Some(row) = row else { return Ok(String::new()) };
    let (app, scope, lang) = (member.app.clone(), member.scope.clone(), member.lang);
    let preview = member.read(move |tx| import_preview(tx, desk(&app, lang), &scope, id)).await?;
    let seen = preview.settled.rows.get(row);
    let place = seen.map(|seen| {
        let file = preview.sources.get(seen.source).map(String::as_str).unwrap_or_default();
        row_place(lang, file, seen.number) + " "
    });
    Ok(place.unwrap_or_default())
}
