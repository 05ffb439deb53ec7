//! `/ledger/assets/…`: choosing a kind, the form of a thing, removing it.

use super::fields::{Fields, Shown, fields, read_controls, read_facts, tell_stale};
use super::part::{
    self, ASSETS, CONNECTIONS, KindsPage, Linked, Mentions, RelationField, RemovePage, asset_choices,
    asset_link, lines_of, relation_field,
};
use crate::actions::{
    self, AssetRefusal, RemovalRefusal, asset_add, asset_change, asset_get, asset_lines, asset_remove,
    named_by,
};
use crate::words::{asset_kind_hint, asset_kind_text, relation_text};
use crate::{
    Asset, AssetDetails, AssetId, AssetKind, Index, Ledger, RelationKind, Subject, SystemId, Thing, t,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text};
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Visit,
    page, page_with_status, redirect, with_flash,
};
use serde::Deserialize;

/// What a new thing begins with.
#[derive(Debug, Default, Deserialize)]
pub struct Begin {
    /// Its kind; without one the page asks for it. For a stored thing: the kind that it shall have.
    #[serde(default)]
    kind: String,
    /// The system that it belongs to.
    #[serde(default)]
    system: String,
}

#[derive(Template)]
#[template(path = "asset.html")]
struct AssetPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    kind_code: &'static str,
    kind_words: String,
    kind_help: String,
    /// Where a stored thing becomes one of another kind.
    other_kinds: Vec<Linked>,
    asset_name: String,
    note: String,
    /// None where it cannot lie in a zone.
    zones: Option<Vec<Choice>>,
    places: Vec<Choice>,
    /// None where it cannot belong to a system.
    systems: Option<Vec<Choice>>,
    vendors: Vec<Choice>,
    known: Fields,
    relations: Vec<RelationField>,
    lines: Vec<Linked>,
    inside: Vec<Linked>,
    /// Where a line from it is added; empty for a thing that is not stored yet.
    new_line: String,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where removing is asked; empty for a thing that is not stored yet.
    remove: String,
}

/// A thing as it stands in its form.
struct Draft {
    id: Option<AssetId>,
    details: AssetDetails,
    version: i64,
    typed: Option<Form>,
    errors: FieldErrors,
    theirs: Option<AssetDetails>,
}

impl Draft {
    fn of(id: Option<AssetId>, details: AssetDetails, version: i64) -> Draft {
        Draft { id, details, version, typed: None, errors: FieldErrors::default(), theirs: None }
    }
}

/// Asks for the kind of a new thing, or shows its form.
pub async fn asset_new(member: Member, Query(begin): Query<Begin>) -> Outcome {
    let system: Option<SystemId> = begin.system.parse().ok();
    let Ok(kind) = begin.kind.parse::<AssetKind>() else {
        return page(&kinds_page(&member, system));
    };
    let details = AssetDetails { system: system.filter(|_| kind.is_host()), ..AssetDetails::named(kind, "") };
    page(&asset_page(&member, Draft::of(None, details, 0)).await?)
}

fn kinds_page(member: &Member, system: Option<SystemId>) -> KindsPage {
    let lang = member.lang;
    let of = system.map(|id| format!("&system={id}")).unwrap_or_default();
    let fits = |kind: &&AssetKind| system.is_none() || kind.is_host();
    let tile = |kind: &AssetKind| Linked {
        href: format!("{ASSETS}/new?kind={}{of}", kind.code()),
        words: asset_kind_text(lang, *kind),
        below: asset_kind_hint(lang, *kind),
    };
    KindsPage {
        page: member.shell(&t!(lang, "asset-new-title"), Section::Ledger),
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        lead: t!(lang, "asset-kinds-lead"),
        tiles: AssetKind::ALL.iter().filter(fits).map(tile).collect(),
    }
}

fn crumbs(lang: Lang) -> Vec<Crumb> {
    vec![Crumb { href: ASSETS.to_owned(), label: t!(lang, "assets-title") }]
}

/// The form for a stored thing; with another kind asked for, with the fields of that kind.
pub async fn asset(member: Member, Path(id): Path<String>, Query(begin): Query<Begin>) -> Outcome {
    let stored = find(&member, &id).await?;
    let mut details = stored.details;
    if let Ok(kind) = begin.kind.parse() {
        details.kind = kind;
    }
    page(&asset_page(&member, Draft::of(Some(stored.id), details, stored.version)).await?)
}

/// Stores a new thing.
pub async fn asset_create(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(&member, &form)?;
    if !errors.is_empty() {
        let draft = Draft { typed: Some(form), errors, ..Draft::of(None, details, 0) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &asset_page(&member, draft).await?);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| asset_add(tx, &nature, &scope, &new)).await {
        Ok(id) => Ok(saved(&member, id)),
        Err(Refused::Because(refusal)) => {
            refused(&member, Draft { typed: Some(form), ..Draft::of(None, details, 0) }, refusal).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Stores changes to a thing.
pub async fn asset_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    // A thing of somebody else's is not found, whatever the form holds.
    let id = find(&member, &id).await?.id;
    let (details, errors) = read(&member, &form)?;
    let version = form.parse("version").unwrap_or_default();
    if !errors.is_empty() {
        let draft = Draft { typed: Some(form), errors, ..Draft::of(Some(id), details, version) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &asset_page(&member, draft).await?);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| asset_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(saved(&member, id)),
        Err(Refused::Because(AssetRefusal::Conflict(theirs))) => {
            let version = theirs.version;
            let draft = Draft { theirs: Some(theirs.details), ..Draft::of(Some(id), details, version) };
            page_with_status(StatusCode::CONFLICT, &asset_page(&member, draft).await?)
        }
        Err(Refused::Because(refusal)) => {
            refused(&member, Draft { typed: Some(form), ..Draft::of(Some(id), details, version) }, refusal)
                .await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn refused(member: &Member, mut draft: Draft, refusal: AssetRefusal) -> Outcome {
    let (field, words) = refusal_text(member.lang, draft.details.kind, &refusal);
    draft.errors.add(field, words);
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &asset_page(member, draft).await?)
}

/// At which field a refusal is told, and how.
pub(crate) fn refusal_text(lang: Lang, kind: AssetKind, refusal: &AssetRefusal) -> (&'static str, String) {
    match refusal {
        AssetRefusal::NoZone => ("zone", t!(lang, "asset-no-zone")),
        AssetRefusal::NoPlace => ("place", t!(lang, "asset-no-place")),
        AssetRefusal::Circle => {
            let field = match kind {
                AssetKind::Zone => "zone",
                AssetKind::Place => "place",
                _ => RelationKind::Needs.code(),
            };
            (field, t!(lang, "asset-circle"))
        }
        AssetRefusal::KindInUse => ("kind", t!(lang, "asset-kind-in-use")),
        AssetRefusal::Unknown | AssetRefusal::Conflict(_) => ("vendor", t!(lang, "ledger-unknown")),
    }
}

/// Asks before removing, and says what goes with it.
pub async fn asset_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let stored = find(&member, &id).await?;
    page(&remove_page(&member, stored, false).await?)
}

/// What somebody was told before removing.
#[derive(Debug, Default, Deserialize)]
pub struct Removing {
    /// `yes` where it was told what others lose.
    #[serde(default)]
    clear: String,
}

/// Removes.
pub async fn asset_remove_do(
    member: Member,
    Path(id): Path<String>,
    Query(told): Query<Removing>,
    form: Form,
) -> Outcome {
    let id: AssetId = id.parse().map_err(|_| Failure::NotFound)?;
    let (version, clear) = (form.parse("version").unwrap_or_default(), told.clear == "yes");
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| asset_remove(tx, &nature, &scope, id, version, clear)).await {
        Ok(()) => {
            let told = t!(member.lang, "asset-removed");
            Ok(with_flash(&member.app, redirect(ASSETS), NoticeKind::Success, &told))
        }
        Err(Refused::Because(RemovalRefusal::Conflict(now))) => {
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, *now, true).await?)
        }
        Err(Refused::Because(RemovalRefusal::Named(_))) => {
            let stored = find(&member, &id.to_string()).await?;
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, stored, true).await?)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn remove_page(member: &Member, stored: Asset, changed: bool) -> Result<RemovePage, Failure> {
    let (lang, scope, id) = (member.lang, member.scope.clone(), stored.id);
    let (lines, named) = member
        .read(move |tx| Ok((asset_lines(tx, &scope, id)?, named_by(tx, &scope, Thing::Asset(id))?)))
        .await?;
    let mentions = Mentions::of(lang, &named);
    Ok(RemovePage {
        page: member.shell(&t!(lang, "asset-remove-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        record_name: stored.details.name,
        lines,
        version: stored.version,
        action: mentions.action(format!("{ASSETS}/{id}/remove")),
        mentions,
        back: format!("{ASSETS}/{id}"),
        changed,
    })
}

async fn asset_page(member: &Member, draft: Draft) -> Result<AssetPage, Failure> {
    let lang = member.lang;
    let title = match draft.id {
        Some(_) => t!(lang, "asset-change-title"),
        None => t!(lang, "asset-new-title"),
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

fn view(lang: Lang, catalog: &Catalog, shell: Shell, ledger: &Ledger, draft: Draft) -> AssetPage {
    let Draft { id, details, version, typed, mut errors, theirs } = draft;
    let (kind, index) = (details.kind, ledger.index());
    if typed.is_none() {
        tell_stale(lang, Subject::Asset(kind), &details.facts, &mut errors);
    }
    let shown =
        Shown { facts: &details.facts, controls: &details.controls, typed: typed.as_ref(), errors: &errors };
    let known = fields(catalog, lang, Subject::Asset(kind), kind.control_place(), &shown);
    let zoned = kind.is_host() || kind == AssetKind::Zone;
    let relations =
        RelationKind::ALL.iter().copied().filter(|relation| relation.fits(kind)).map(|relation| {
            let fault = errors.of(relation.code());
            relation_field(lang, ledger, (kind, id), relation, &details.relations, fault)
        });
    let rows = theirs.map(|theirs| differences(compare(lang, &index, &details, &theirs)));
    AssetPage {
        page: shell,
        lang,
        words: FormWords::in_lang(lang),
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        action: id.map_or_else(|| format!("{ASSETS}/new"), |id| format!("{ASSETS}/{id}")),
        kind_code: kind.code(),
        kind_words: asset_kind_text(lang, kind),
        kind_help: asset_kind_hint(lang, kind),
        other_kinds: id.map(|id| other_kinds(lang, id, kind)).unwrap_or_default(),
        zones: zoned.then(|| asset_choices(lang, ledger, AssetKind::Zone, id, details.zone)),
        places: asset_choices(lang, ledger, AssetKind::Place, id, details.place),
        systems: kind.is_host().then(|| part::system_choices(lang, ledger, details.system)),
        vendors: part::vendor_choices(lang, ledger, details.vendor),
        known,
        relations: relations.collect(),
        lines: id.map(|id| lines_of(lang, ledger, &index, Thing::Asset(id))).unwrap_or_default(),
        inside: id.map(|id| inside(lang, ledger, id)).unwrap_or_default(),
        new_line: id.map(|id| format!("{CONNECTIONS}/new?from={}", Thing::Asset(id))).unwrap_or_default(),
        asset_name: details.name,
        note: details.note,
        version,
        errors,
        differences: rows.unwrap_or_default(),
        remove: id.map(|id| format!("{ASSETS}/{id}/remove")).unwrap_or_default(),
    }
}

fn other_kinds(lang: Lang, id: AssetId, kind: AssetKind) -> Vec<Linked> {
    let others = AssetKind::ALL.iter().copied().filter(|other| *other != kind);
    others
        .map(|other| Linked {
            href: format!("{ASSETS}/{id}?kind={}", other.code()),
            words: asset_kind_text(lang, other),
            below: String::new(),
        })
        .collect()
}

/// What lies in a zone or stands at a place.
fn inside(lang: Lang, ledger: &Ledger, id: AssetId) -> Vec<Linked> {
    let within = |asset: &&Asset| asset.details.zone == Some(id) || asset.details.place == Some(id);
    ledger.assets.iter().filter(within).take(part::ROWS).map(|asset| asset_link(lang, asset)).collect()
}

/// Reads a form; facts and controls as far as they belong to its kind.
fn read(visit: &Visit, form: &Form) -> Result<(AssetDetails, FieldErrors), Failure> {
    let kind: AssetKind =
        form.parse("kind").ok_or_else(|| Failure::Malformed("a thing without a kind".to_owned()))?;
    let mut errors = FieldErrors::default();
    let e = &mut errors;
    let related = |relation: RelationKind| {
        form.all(relation.code()).filter_map(move |thing| Some((relation, thing.parse::<Thing>().ok()?)))
    };
    let details = AssetDetails {
        kind,
        name: text(form, visit.lang, e, "name", SHORT, true),
        zone: form.parse("zone"),
        place: form.parse("place"),
        system: form.parse("system"),
        vendor: form.parse("vendor"),
        facts: read_facts(visit, form, Subject::Asset(kind), e),
        controls: read_controls(form, kind.control_place()),
        relations: RelationKind::ALL.iter().copied().filter(|it| it.fits(kind)).flat_map(related).collect(),
        note: text(form, visit.lang, e, "note", LONG, false),
    };
    Ok((details, errors))
}

fn compare(
    lang: Lang,
    index: &Index<'_>,
    mine: &AssetDetails,
    theirs: &AssetDetails,
) -> Vec<(String, String, String)> {
    let name = |id: Option<AssetId>| {
        id.and_then(|id| index.asset(id)).map(|it| it.details.name.clone()).unwrap_or_default()
    };
    let system = |id: Option<SystemId>| {
        id.and_then(|id| index.system(id)).map(|it| it.name.clone()).unwrap_or_default()
    };
    let vendor = |it: &AssetDetails| {
        it.vendor.and_then(|id| index.vendor(id)).map(|it| it.name.clone()).unwrap_or_default()
    };
    let related = |it: &AssetDetails, relation: RelationKind| {
        it.related(relation).filter_map(|thing| index.thing_name(thing)).collect::<Vec<_>>().join(" / ")
    };
    let row = |label, of: &dyn Fn(&AssetDetails) -> String| (label, of(mine), of(theirs));
    let mut rows = vec![
        row(t!(lang, "asset-kind"), &|it| asset_kind_text(lang, it.kind)),
        row(t!(lang, "asset-name"), &|it| it.name.clone()),
        row(t!(lang, "asset-zone"), &|it| name(it.zone)),
        row(t!(lang, "asset-place"), &|it| name(it.place)),
        row(t!(lang, "asset-system"), &|it| system(it.system)),
        row(t!(lang, "asset-vendor"), &|it| vendor(it)),
    ];
    rows.extend(part::known_rows(lang, (&mine.facts, &mine.controls), (&theirs.facts, &theirs.controls)));
    for relation in RelationKind::ALL.iter().copied() {
        rows.push((relation_text(lang, relation), related(mine, relation), related(theirs, relation)));
    }
    rows.push(row(t!(lang, "asset-note"), &|it| it.note.clone()));
    rows
}

/// The thing at an address.
async fn find(member: &Member, id: &str) -> Result<Asset, Failure> {
    let id: AssetId = id.parse().map_err(|_| Failure::NotFound)?;
    let scope = member.scope.clone();
    member.read(move |tx| asset_get(tx, &scope, id)).await
}

/// Back to the thing itself: its lines come next.
fn saved(member: &Member, id: AssetId) -> Response {
    let told = t!(member.lang, "asset-saved");
    with_flash(&member.app, redirect(&format!("{ASSETS}/{id}")), NoticeKind::Success, &told)
}
