//! `/ledger/connections/…`: choosing a kind, the form of a line, removing it.

use super::fields::{Fields, Shown, fields, read_controls, read_facts, tell_stale};
use super::part::{self, CONNECTIONS, Group, KindsPage, Linked, Mentions, RemovePage, end_groups, line_name};
use crate::actions::{
    self, ConnectionRefusal, connection_add, connection_change, connection_get, connection_remove,
};
use crate::words::{connection_kind_hint, connection_kind_text, end_text};
use crate::{Connection, ConnectionDetails, ConnectionId, End, Facts, Index, Ledger, Subject, t};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use komainu_catalog::Catalog;
use komainu_exposure::model::{ConnectionKind, Controls, Place};
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text};
use komainu_vendor::VendorId;
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Conflict, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section,
    Shell, Visit, page, page_with_status, redirect, with_flash,
};
use serde::Deserialize;

/// What a new line begins with.
#[derive(Debug, Default, Deserialize)]
pub struct Begin {
    /// Its kind; without one the page asks for it. For a stored line: the kind that it shall have.
    #[serde(default)]
    kind: String,
    /// The end that opens it.
    #[serde(default)]
    from: String,
    /// The end that answers.
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "connection.html")]
struct ConnectionPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    kind_code: &'static str,
    kind_words: String,
    kind_help: String,
    /// Where a stored line becomes one of another kind.
    other_kinds: Vec<Linked>,
    line_name: String,
    note: String,
    from_ends: Vec<Group>,
    to_ends: Vec<Group>,
    both_ways: bool,
    vendors: Vec<Choice>,
    known: Fields,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where removing is asked; empty for a line that is not stored yet.
    remove: String,
}

/// A line as it stands in its form; an end may not be chosen yet.
#[derive(Clone)]
struct Written {
    name: String,
    kind: ConnectionKind,
    from: Option<End>,
    to: Option<End>,
    both_ways: bool,
    vendor: Option<VendorId>,
    facts: Facts,
    controls: Controls,
    note: String,
}

impl Written {
    fn of(details: ConnectionDetails) -> Written {
        let ConnectionDetails { name, kind, from, to, both_ways, vendor, facts, controls, note } = details;
        Written { name, kind, from: Some(from), to: Some(to), both_ways, vendor, facts, controls, note }
    }

    fn details(self) -> Option<ConnectionDetails> {
        let Written { name, kind, from, to, both_ways, vendor, facts, controls, note } = self;
        let (from, to) = (from?, to?);
        Some(ConnectionDetails { name, kind, from, to, both_ways, vendor, facts, controls, note })
    }
}

struct Draft {
    id: Option<ConnectionId>,
    written: Written,
    version: i64,
    typed: Option<Form>,
    errors: FieldErrors,
    theirs: Option<ConnectionDetails>,
}

impl Draft {
    fn of(id: Option<ConnectionId>, written: Written, version: i64) -> Draft {
        Draft { id, written, version, typed: None, errors: FieldErrors::default(), theirs: None }
    }
}

/// Asks for the kind of a new line, or shows its form.
pub async fn connection_new(member: Member, Query(begin): Query<Begin>) -> Outcome {
    let Ok(kind) = begin.kind.parse::<ConnectionKind>() else { return page(&kinds_page(&member, &begin)) };
    let written = Written {
        name: String::new(),
        kind,
        from: begin.from.parse().ok(),
        to: begin.to.parse().ok(),
        both_ways: kind == ConnectionKind::LanSegment,
        vendor: None,
        facts: Facts::default(),
        controls: Controls::new(),
        note: String::new(),
    };
    page(&connection_page(&member, Draft::of(None, written, 0)).await?)
}

fn kinds_page(member: &Member, begin: &Begin) -> KindsPage {
    let lang = member.lang;
    // Only ends that can be some: an address is made of nothing else.
    let end =
        |name: &str, text: &str| text.parse::<End>().map(|end| format!("&{name}={end}")).unwrap_or_default();
    let ends = end("from", &begin.from) + &end("to", &begin.to);
    let tile = |kind: &ConnectionKind| Linked {
        href: format!("{CONNECTIONS}/new?kind={}{ends}", kind.code()),
        words: connection_kind_text(lang, *kind),
        below: connection_kind_hint(lang, *kind),
    };
    KindsPage {
        page: member.shell(&t!(lang, "connection-new-title"), Section::Ledger),
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        lead: t!(lang, "connection-kinds-lead"),
        tiles: ConnectionKind::ALL.iter().map(tile).collect(),
    }
}

fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb { href: CONNECTIONS.to_owned(), label: t!(lang, "connections-title") }]
}

/// The form for a stored line; with another kind asked for, with the fields of that kind.
pub async fn connection(member: Member, Path(id): Path<String>, Query(begin): Query<Begin>) -> Outcome {
    let stored = find(&member, &id).await?;
    let mut written = Written::of(stored.details);
    if let Ok(kind) = begin.kind.parse() {
        written.kind = kind;
    }
    page(&connection_page(&member, Draft::of(Some(stored.id), written, stored.version)).await?)
}

/// Stores a new line.
pub async fn connection_create(member: Member, form: Form) -> Outcome {
    let (written, errors) = read(&member, &form)?;
    let draft = Draft { typed: Some(form), errors, ..Draft::of(None, written.clone(), 0) };
    let Some(new) = written.details().filter(|_| draft.errors.is_empty()) else {
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &connection_page(&member, draft).await?);
    };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| connection_add(tx, &nature, &scope, &new)).await {
        Ok(_) => Ok(done(&member, &t!(member.lang, "connection-saved"))),
        Err(Refused::Because(refusal)) => refused(&member, draft, refusal).await,
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Stores changes to a line.
pub async fn connection_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    // A line of somebody else's is not found, whatever the form holds.
    let id = find(&member, &id).await?.id;
    let (written, errors) = read(&member, &form)?;
    let version = form.parse("version").unwrap_or_default();
    let draft = Draft { typed: Some(form), errors, ..Draft::of(Some(id), written.clone(), version) };
    let Some(new) = written.details().filter(|_| draft.errors.is_empty()) else {
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &connection_page(&member, draft).await?);
    };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| connection_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(done(&member, &t!(member.lang, "connection-saved"))),
        Err(Refused::Because(ConnectionRefusal::Conflict(theirs))) => {
            let version = theirs.version;
            let draft = Draft { typed: None, theirs: Some(theirs.details), version, ..draft };
            page_with_status(StatusCode::CONFLICT, &connection_page(&member, draft).await?)
        }
        Err(Refused::Because(refusal)) => refused(&member, draft, refusal).await,
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn refused(member: &Member, mut draft: Draft, refusal: ConnectionRefusal) -> Outcome {
    let (field, words) = refusal_text(member.lang, &refusal);
    draft.errors.add(field, words);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &connection_page(member, draft).await?)
}

/// At which field a refusal is told, and how.
pub(crate) fn refusal_text(lang: Lang, refusal: &ConnectionRefusal) -> (&'static str, String) {
    match refusal {
        ConnectionRefusal::SameEnds => ("to", t!(lang, "connection-same-ends")),
        ConnectionRefusal::Unknown | ConnectionRefusal::Conflict(_) => ("from", t!(lang, "ledger-unknown")),
    }
}

/// Asks before removing.
pub async fn connection_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let stored = find(&member, &id).await?;
    page(&remove_page(&member, stored, false).await?)
}

/// Removes.
pub async fn connection_remove_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let id: ConnectionId = id.parse().map_err(|_| Failure::NotFound)?;
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| connection_remove(tx, &nature, &scope, id, version)).await {
        Ok(()) => Ok(done(&member, &t!(member.lang, "connection-removed"))),
        Err(Refused::Because(Conflict(now))) => {
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, *now, true).await?)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn remove_page(member: &Member, stored: Connection, changed: bool) -> Result<RemovePage, Failure> {
    let (lang, scope, id, version) = (member.lang, member.scope.clone(), stored.id, stored.version);
    let name = member.read(move |tx| {
        let ledger = actions::ledger(tx, &scope)?;
        Ok(line_name(lang, &ledger.index(), &stored))
    });
    let record_name = name.await?;
    Ok(RemovePage {
        page: member.shell(&t!(lang, "connection-remove-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        record_name,
        lines: 0,
        mentions: Mentions::of(lang, &[]),
        version,
        action: format!("{CONNECTIONS}/{id}/remove"),
        back: format!("{CONNECTIONS}/{id}"),
        changed,
    })
}

async fn connection_page(member: &Member, draft: Draft) -> Result<ConnectionPage, Failure> {
    let lang = member.lang;
    let title = match draft.id {
        Some(_) => t!(lang, "connection-change-title"),
        None => t!(lang, "connection-new-title"),
    };
    let shell = member.shell(&title, Section::Ledger);
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    member
        .read(move |tx| {
            let ledger = actions::ledger(tx, &scope)?;
            Ok(view(lang, &catalog, shell, &ledger, draft))
        })
        .await
}

fn view(lang: Lang, catalog: &Catalog, shell: Shell, ledger: &Ledger, draft: Draft) -> ConnectionPage {
    let Draft { id, written, version, typed, mut errors, theirs } = draft;
    let kind = written.kind;
    if typed.is_none() {
        tell_stale(lang, Subject::Connection(kind), &written.facts, &mut errors);
    }
    let shown =
        Shown { facts: &written.facts, controls: &written.controls, typed: typed.as_ref(), errors: &errors };
    let known = fields(catalog, lang, Subject::Connection(kind), Some(Place::Connection), &shown);
    let mine = theirs.is_some().then(|| written.clone().details()).flatten();
    let rows = mine.zip(theirs).map(|(mine, theirs)| compare(lang, &ledger.index(), &mine, &theirs));
    ConnectionPage {
        page: shell,
        lang,
        words: FormWords::in_lang(lang),
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        action: id.map_or_else(|| format!("{CONNECTIONS}/new"), |id| format!("{CONNECTIONS}/{id}")),
        kind_code: kind.code(),
        kind_words: connection_kind_text(lang, kind),
        kind_help: connection_kind_hint(lang, kind),
        other_kinds: id.map(|id| other_kinds(lang, id, kind)).unwrap_or_default(),
        line_name: written.name,
        note: written.note,
        from_ends: end_groups(lang, ledger, written.from),
        to_ends: end_groups(lang, ledger, written.to),
        both_ways: written.both_ways,
        vendors: part::vendor_choices(lang, ledger, written.vendor),
        known,
        version,
        errors,
        differences: differences(rows.unwrap_or_default()),
        remove: id.map(|id| format!("{CONNECTIONS}/{id}/remove")).unwrap_or_default(),
    }
}

fn other_kinds(lang: Lang, id: ConnectionId, kind: ConnectionKind) -> Vec<Linked> {
    let others = ConnectionKind::ALL.iter().copied().filter(|other| *other != kind);
    others
        .map(|other| Linked {
            href: format!("{CONNECTIONS}/{id}?kind={}", other.code()),
            words: connection_kind_text(lang, other),
            below: String::new(),
        })
        .collect()
}

/// Reads a form; facts and controls as far as they belong to its kind.
fn read(visit: &Visit, form: &Form) -> Result<(Written, FieldErrors), Failure> {
    let kind: ConnectionKind =
        form.parse("kind").ok_or_else(|| Failure::Malformed("a line without a kind".to_owned()))?;
    let mut errors = FieldErrors::default();
    let e = &mut errors;
    let (from, to) = (form.parse::<End>("from"), form.parse::<End>("to"));
    for (field, end) in [("from", from), ("to", to)] {
        if end.is_none() {
            e.add(field, t!(visit.lang, "connection-end-missing"));
        }
    }
    let written = Written {
        name: text(form, visit.lang, e, "name", SHORT, false),
        kind,
        from,
        to,
        both_ways: form.text("both_ways") == "yes",
        vendor: form.parse("vendor"),
        facts: read_facts(visit, form, Subject::Connection(kind), e),
        controls: read_controls(form, Some(Place::Connection)),
        note: text(form, visit.lang, e, "note", LONG, false),
    };
    Ok((written, errors))
}

fn compare(
    lang: Lang,
    index: &Index<'_>,
    mine: &ConnectionDetails,
    theirs: &ConnectionDetails,
) -> Vec<(String, String, String)> {
    let vendor = |it: &ConnectionDetails| {
        it.vendor.and_then(|id| index.vendor(id)).map(|it| it.name.clone()).unwrap_or_default()
    };
    let row = |label, of: &dyn Fn(&ConnectionDetails) -> String| (label, of(mine), of(theirs));
    let mut rows = vec![
        row(t!(lang, "connection-kind"), &|it| connection_kind_text(lang, it.kind)),
        row(t!(lang, "connection-name"), &|it| it.name.clone()),
        row(t!(lang, "connection-from"), &|it| end_text(lang, index, it.from)),
        row(t!(lang, "connection-to"), &|it| end_text(lang, index, it.to)),
        row(t!(lang, "connection-both-ways"), &|it| part::yes_text(lang, it.both_ways)),
        row(t!(lang, "connection-vendor"), &|it| vendor(it)),
    ];
    rows.extend(part::known_rows(lang, (&mine.facts, &mine.controls), (&theirs.facts, &theirs.controls)));
    rows.push(row(t!(lang, "asset-note"), &|it| it.note.clone()));
    rows
}

/// The line at an address.
async fn find(member: &Member, id: &str) -> Result<Connection, Failure> {
    let id: ConnectionId = id.parse().map_err(|_| Failure::NotFound)?;
    let scope = member.scope.clone();
    member.read(move |tx| connection_get(tx, &scope, id)).await
}

fn done(member: &Member, told: &str) -> Response {
    with_flash(&member.app, redirect(CONNECTIONS), NoticeKind::Success, told)
}
