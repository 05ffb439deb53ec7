//! The pages of the ledger. Here `/ledger/systems`: the list, adding, changing, removing; things, lines and how far the
//! ledger is filled stand in their own rooms.

mod asset;
mod completeness;
mod connection;
mod fields;
mod lists;
mod part;

pub use asset::{asset, asset_create, asset_new, asset_remove_ask, asset_remove_do, asset_save};
pub use completeness::completeness;
pub use connection::{
    connection, connection_create, connection_new, connection_remove_ask, connection_remove_do,
    connection_save,
};
pub use lists::{assets, connections};

pub(crate) use asset::refusal_text as asset_refusal;
pub(crate) use connection::refusal_text as connection_refusal;
pub(crate) use part::record_name;

use crate::actions::{self, named_by, system_add, system_change, system_get, system_lines, system_remove};
use crate::words::{hosting_text, kind_name, known_text};
use crate::{Hosting, SystemDetails, SystemId, SystemRecord, Thing, other_kind, t};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use komainu_access::Permission;
use komainu_catalog::{Catalog, SystemKindId};
use komainu_i18n::{Lang, collate};
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text, yes_no};
use komainu_institution::rules::{by_reading, found};
use komainu_vendor::actions::vendors;
use komainu_vendor::pages::{LedgerTab, Search, ledger_name, ledger_tabs};
use komainu_vendor::{Vendor, VendorId};
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Tab,
    Visit, page, page_with_status, redirect, with_flash,
};

use part::{ASSETS, CONNECTIONS, Linked, Mentions, asset_link, lines_of};

const LIST: &str = "/ledger/systems";

/// A system as a line of the list.
struct Line {
    id: SystemId,
    name: String,
    kind: String,
    hosting: String,
    vendor: String,
    remote: String,
    updates: String,
}

#[derive(Template)]
#[template(path = "systems.html")]
struct SystemsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    lines: Vec<Line>,
    query: String,
    any: bool,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "system.html")]
struct SystemPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    system_name: String,
    place: String,
    note: String,
    kinds: Vec<Choice>,
    hostings: Vec<Choice>,
    vendors: Vec<Choice>,
    remote: Vec<Choice>,
    updates: Vec<Choice>,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Its things, and the lines that end at it.
    things: Vec<Linked>,
    lines: Vec<Linked>,
    /// Where a thing and a line of it are added; empty for a system that is not stored yet.
    new_thing: String,
    new_line: String,
    /// Where removing is asked; empty for a system that is not stored yet.
    remove: String,
}

#[derive(Template)]
#[template(path = "system_remove.html")]
struct RemovePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    system: SystemRecord,
    /// How many lines go with it.
    lines: i64,
    mentions: Mentions,
    action: String,
    back: String,
    changed: bool,
}

/// The ledger begins with its systems.
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn ledger(_: Member) -> Outcome {
    Ok(redirect(LIST))
}

/// The list.
pub async fn systems(member: Member, Query(search): Query<Search>) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (records, vendors) =
        member.read(move |tx| Ok((actions::systems(tx, &scope)?, vendors(tx, &scope)?))).await?;
    let any = !records.is_empty();
    let catalog = &member.app.catalog;
    let mut lines: Vec<Line> = records.iter().map(|system| line(catalog, lang, system, &vendors)).collect();
    lines.retain(|line| found(&search.q, &[&line.name, &line.kind, &line.vendor]));
    lines.sort_by(|a, b| collate(lang, &a.name, &b.name));
    page(&SystemsPage {
        page: member.shell(&t!(lang, "systems-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::Systems),
        ledger: ledger_name(lang),
        lines,
        query: search.q,
        any,
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

fn line(catalog: &Catalog, lang: Lang, system: &SystemRecord, vendors: &[Vendor]) -> Line {
    let vendor = vendors.iter().find(|vendor| Some(vendor.id) == system.vendor);
    Line {
        id: system.id,
        name: system.name.clone(),
        kind: kind_name(catalog, lang, &system.kind),
        hosting: hosting_text(lang, system.hosting),
        vendor: vendor.map_or_else(|| t!(lang, "system-vendor-none"), |vendor| vendor.name.clone()),
        remote: known_text(lang, system.remote_maintenance),
        updates: known_text(lang, system.updates_by_vendor),
    }
}

/// The form for a new system.
pub async fn system_new(member: Member) -> Outcome {
    let empty = SystemDetails::named(other_kind(), "", Hosting::Unknown);
    page(&system_page(&member, None, &empty, 0).await?)
}

/// The form for a stored system.
pub async fn system(member: Member, Path(id): Path<String>) -> Outcome {
    let system = find(&member, &id).await?;
    page(&system_page(&member, Some(system.id), &system.details(), system.version).await?)
}

/// Stores a new system.
pub async fn system_create(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(&member, &form);
    if !errors.is_empty() {
        let filled = SystemPage { errors, ..system_page(&member, None, &details, 0).await? };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| system_add(tx, &nature, &scope, &details)).await?;
    Ok(done(&member, &t!(member.lang, "system-saved")))
}

/// Stores changes to a system.
pub async fn system_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    // A system of somebody else's is not found, whatever the form holds.
    let (lang, id) = (member.lang, find(&member, &id).await?.id);
    let (details, errors) = read(&member, &form);
    let version = form.parse("version").unwrap_or_default();
    if !errors.is_empty() {
        let filled = SystemPage { errors, ..system_page(&member, Some(id), &details, version).await? };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| system_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(done(&member, &t!(lang, "system-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let scope = member.scope.clone();
            let vendors = member.read(move |tx| vendors(tx, &scope)).await?;
            let differences = compare(&member, &vendors, &details, &theirs.details());
            let filled = system_page(&member, Some(id), &details, theirs.version).await?;
            page_with_status(StatusCode::CONFLICT, &SystemPage { differences, ..filled })
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Asks before removing.
pub async fn system_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let system = find(&member, &id).await?;
    page(&remove_page(&member, system, false).await?)
}

/// Removes.
pub async fn system_remove_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let id = parse(&id)?;
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| system_remove(tx, &nature, &scope, id, version)).await {
        Ok(()) => Ok(done(&member, &t!(member.lang, "system-removed"))),
        Err(Refused::Because(Conflict(now))) => {
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, *now, true).await?)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn remove_page(member: &Member, system: SystemRecord, changed: bool) -> Result<RemovePage, Failure> {
    let (lang, scope, id) = (member.lang, member.scope.clone(), system.id);
    let (lines, named) = member
        .read(move |tx| Ok((system_lines(tx, &scope, id)?, named_by(tx, &scope, Thing::System(id))?)))
        .await?;
    Ok(RemovePage {
        page: member.shell(&t!(lang, "system-remove-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        action: format!("{LIST}/{}/remove", system.id),
        back: format!("{LIST}/{}", system.id),
        system,
        lines,
        mentions: Mentions::of(lang, &named),
        changed,
    })
}

async fn system_page(
    member: &Member,
    id: Option<SystemId>,
    details: &SystemDetails,
    version: i64,
) -> Result<SystemPage, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (mut vendors, things, lines) = member
        .read(move |tx| {
            let ledger = actions::ledger(tx, &scope)?;
            let things = ledger.assets.iter().filter(|it| id.is_some() && it.details.system == id);
            let things: Vec<Linked> = things.map(|it| asset_link(lang, it)).collect();
            let lines = id.map(|id| lines_of(lang, &ledger, &ledger.index(), Thing::System(id)));
            Ok((ledger.vendors.clone(), things, lines.unwrap_or_default()))
        })
        .await?;
    vendors.sort_by(|a, b| by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    let words = FormWords::in_lang(lang);
    let title = if id.is_some() { t!(lang, "system-change-title") } else { t!(lang, "system-new-title") };
    let mut kinds: Vec<SystemKindId> =
        member.app.catalog.system_kinds().iter().map(|kind| (*kind.id).clone()).collect();
    kinds.push(other_kind());
    Ok(SystemPage {
        page: member.shell(&title, Section::Ledger),
        lang,
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "systems-title") }],
        ledger: ledger_name(lang),
        action: id.map_or_else(|| format!("{LIST}/new"), |id| format!("{LIST}/{id}")),
        system_name: details.name.clone(),
        place: details.place.clone(),
        note: details.note.clone(),
        kinds: kinds
            .iter()
            .map(|kind| {
                Choice::new(kind.as_str(), kind_name(&member.app.catalog, lang, kind))
                    .chosen(*kind == details.kind)
            })
            .collect(),
        hostings: Hosting::ALL
            .into_iter()
            .map(|hosting| {
                Choice::new(hosting.code(), hosting_text(lang, hosting)).chosen(hosting == details.hosting)
            })
            .collect(),
        vendors: vendors
            .iter()
            .map(|vendor| {
                Choice::new(vendor.id.to_string(), &vendor.name).chosen(Some(vendor.id) == details.vendor)
            })
            .collect(),
        remote: yes_no_choices(&words, details.remote_maintenance),
        updates: yes_no_choices(&words, details.updates_by_vendor),
        words,
        version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        things,
        lines,
        new_thing: id.map(|id| format!("{ASSETS}/new?system={id}")).unwrap_or_default(),
        new_line: id.map(|id| format!("{CONNECTIONS}/new?to={}", Thing::System(id))).unwrap_or_default(),
        remove: id.map(|id| format!("{LIST}/{id}/remove")).unwrap_or_default(),
    })
}

/// Yes, no and not known as tiles.
pub fn yes_no_choices(words: &FormWords, answer: Option<bool>) -> Vec<Choice> {
    vec![
        Choice::new("yes", &words.yes).chosen(answer == Some(true)),
        Choice::new("no", &words.no).chosen(answer == Some(false)),
        Choice::new("unknown", &words.unknown).chosen(answer.is_none()),
    ]
}

pub(crate) fn read(visit: &Visit, form: &Form) -> (SystemDetails, FieldErrors) {
    let lang = visit.lang;
    let mut errors = FieldErrors::default();
    let e = &mut errors;
    let typed = form.parse::<SystemKindId>("kind");
    let known = typed.filter(|kind| visit.app.catalog.system_kinds().iter().any(|known| *known.id == *kind));
    let kind = known.unwrap_or_else(other_kind);
    let mut name = text(form, lang, &mut FieldErrors::default(), "name", SHORT, false);
    if name.is_empty() && kind != other_kind() {
        name = kind_name(&visit.app.catalog, lang, &kind);
    } else {
        name = text(form, lang, e, "name", SHORT, true);
    }
    let vendor = form.text("vendor").parse::<VendorId>().ok();
    let details = SystemDetails {
        kind,
        name,
        place: text(form, lang, e, "place", SHORT, false),
        hosting: form.parse("hosting").unwrap_or_default(),
        vendor,
        remote_maintenance: yes_no(form, "remote"),
        updates_by_vendor: yes_no(form, "updates"),
        note: text(form, lang, e, "note", LONG, false),
    };
    (details, errors)
}

fn compare(
    member: &Member,
    vendors: &[Vendor],
    mine: &SystemDetails,
    theirs: &SystemDetails,
) -> Vec<Difference> {
    let lang = member.lang;
    let vendor = |id: Option<VendorId>| {
        let found = vendors.iter().find(|vendor| Some(vendor.id) == id);
        found.map(|vendor| vendor.name.clone()).unwrap_or_default()
    };
    let row = |label, of: &dyn Fn(&SystemDetails) -> String| (label, of(mine), of(theirs));
    differences(vec![
        row(t!(lang, "system-kind"), &|s| kind_name(&member.app.catalog, lang, &s.kind)),
        row(t!(lang, "system-name"), &|s| s.name.clone()),
        row(t!(lang, "system-place"), &|s| s.place.clone()),
        row(t!(lang, "system-hosting"), &|s| hosting_text(lang, s.hosting)),
        row(t!(lang, "system-vendor"), &|s| vendor(s.vendor)),
        row(t!(lang, "system-remote"), &|s| known_text(lang, s.remote_maintenance)),
        row(t!(lang, "system-updates"), &|s| known_text(lang, s.updates_by_vendor)),
        row(t!(lang, "system-note"), &|s| s.note.clone()),
    ])
}

fn parse(id: &str) -> Result<SystemId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

/// The system at an address.
async fn find(member: &Member, id: &str) -> Result<SystemRecord, Failure> {
    let (scope, id) = (member.scope.clone(), parse(id)?);
    member.read(move |tx| system_get(tx, &scope, id)).await
}

fn done(member: &Member, text: &str) -> Response {
    with_flash(&member.app, redirect(LIST), NoticeKind::Success, text)
}
