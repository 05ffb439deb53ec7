//! `/ledger/vendors`: the list, adding, changing, removing. Also the tabs that all pages of the ledger share.

use crate::actions::{self, RemoveRefusal, vendor_add, vendor_change, vendor_get, vendor_remove};
use crate::{Vendor, VendorDetails, VendorId, t};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, email, phone, text};
use komainu_institution::rules::{by_reading, found};
use komainu_web::{
    Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Tab, page,
    page_with_status, redirect, with_flash,
};
use serde::Deserialize;

const LIST: &str = "/ledger/vendors";

/// A view of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerTab {
    /// Systems.
    Systems,
    /// Things: devices, zones, copies, shared accounts.
    Assets,
    /// Lines between them, and to the outside.
    Connections,
    /// The map of connections.
    Map,
    /// Vendors.
    Vendors,
    /// The contact network.
    Contacts,
    /// How far the ledger is filled.
    Completeness,
    /// Where attackers get in, and how far.
    Exposure,
    /// The yearly stock-take.
    StockTake,
}

/// The tabs above every list of the ledger.
pub fn ledger_tabs(lang: Lang, current: LedgerTab) -> Vec<Tab> {
    let tab = |which, href: &str, label| Tab { href: href.to_owned(), label, current: which == current };
    vec![
        tab(LedgerTab::Systems, "/ledger/systems", t!(lang, "tab-systems")),
        tab(LedgerTab::Assets, "/ledger/assets", t!(lang, "tab-assets")),
        tab(LedgerTab::Connections, "/ledger/connections", t!(lang, "tab-connections")),
        tab(LedgerTab::Map, "/map", t!(lang, "tab-map")),
        tab(LedgerTab::Vendors, LIST, t!(lang, "tab-vendors")),
        tab(LedgerTab::Contacts, "/ledger/contacts", t!(lang, "tab-contacts")),
        tab(LedgerTab::Completeness, "/ledger/completeness", t!(lang, "tab-completeness")),
        tab(LedgerTab::Exposure, "/exposure", t!(lang, "tab-exposure")),
        tab(LedgerTab::StockTake, "/ledger/stock-take", t!(lang, "tab-stock-take")),
    ]
}

/// The ledger's name, for the tabs and the way back.
pub fn ledger_name(lang: Lang) -> String {
    t!(lang, "ledger-name")
}

/// What is looked for in a list of the ledger.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    /// Part of a name, a reading or a number; empty for everything.
    #[serde(default)]
    pub q: String,
}

#[derive(Template)]
#[template(path = "vendors.html")]
struct VendorsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    vendors: Vec<Vendor>,
    query: String,
    any: bool,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "vendor.html")]
struct VendorPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    details: VendorDetails,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where removing is asked; empty for a vendor that is not stored yet.
    remove: String,
}

#[derive(Template)]
#[template(path = "vendor_remove.html")]
struct RemovePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    vendor: Vendor,
    action: String,
    back: String,
    refusal: Option<String>,
}

/// The list.
pub async fn vendors(member: Member, Query(search): Query<Search>) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let mut vendors = member.read(move |tx| actions::vendors(tx, &scope)).await?;
    let any = !vendors.is_empty();
    vendors.retain(|v| {
        found(&search.q, &[&v.name, &v.name_kana, &v.person, &v.phone, &v.night_phone, &v.email])
    });
    vendors.sort_by(|a, b| by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    page(&VendorsPage {
        page: member.shell(&t!(lang, "vendors-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::Vendors),
        ledger: ledger_name(lang),
        vendors,
        query: search.q,
        any,
        may_edit: member.scope.may(Permission::LedgerEdit),
    })
}

fn vendor_page(member: &Member, id: Option<VendorId>, details: VendorDetails, version: i64) -> VendorPage {
    let lang = member.lang;
    let title = if id.is_some() { t!(lang, "vendor-change-title") } else { t!(lang, "vendor-new-title") };
    VendorPage {
        page: member.shell(&title, Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "vendors-title") }],
        ledger: ledger_name(lang),
        action: id.map_or_else(|| format!("{LIST}/new"), |id| format!("{LIST}/{id}")),
        details,
        version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        remove: id.map(|id| format!("{LIST}/{id}/remove")).unwrap_or_default(),
    }
}

/// The form for a new vendor.
#[expect(clippy::unused_async, reason = "a handler is asynchronous")]
pub async fn vendor_new(member: Member) -> Outcome {
    page(&vendor_page(&member, None, VendorDetails::default(), 0))
}

/// The form for a stored vendor.
pub async fn vendor(member: Member, Path(id): Path<String>) -> Outcome {
    let vendor = find(&member, &id).await?;
    page(&vendor_page(&member, Some(vendor.id), vendor.details(), vendor.version))
}

/// Stores a new vendor.
pub async fn vendor_create(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(member.lang, &form);
    if !errors.is_empty() {
        let filled = VendorPage { errors, ..vendor_page(&member, None, details, 0) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| vendor_add(tx, &nature, &scope, &details)).await?;
    Ok(done(&member, t!(member.lang, "vendor-saved")))
}

/// Stores changes to a vendor.
pub async fn vendor_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    // A vendor of somebody else's is not found, whatever the form holds.
    let (lang, id) = (member.lang, find(&member, &id).await?.id);
    let (details, errors) = read(lang, &form);
    let version = form.parse("version").unwrap_or_default();
    if !errors.is_empty() {
        let filled = VendorPage { errors, ..vendor_page(&member, Some(id), details, version) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| vendor_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(done(&member, t!(lang, "vendor-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = compare(lang, &details, &theirs.details());
            let filled =
                VendorPage { differences, ..vendor_page(&member, Some(id), details, theirs.version) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Asks before removing.
pub async fn vendor_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let vendor = find(&member, &id).await?;
    page(&remove_page(&member, vendor, None))
}

/// Removes.
pub async fn vendor_remove_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, parse(&id)?);
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| vendor_remove(tx, &nature, &scope, id, version)).await {
        Ok(()) => Ok(done(&member, t!(lang, "vendor-removed"))),
        Err(Refused::Because(reason)) => {
            let refusal = match reason {
                RemoveRefusal::InUse => t!(lang, "vendor-in-use"),
                RemoveRefusal::Changed => t!(lang, "vendor-changed"),
            };
            let vendor = find(&member, &id.to_string()).await?;
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, vendor, Some(refusal)))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn remove_page(member: &Member, vendor: Vendor, refusal: Option<String>) -> RemovePage {
    let lang = member.lang;
    RemovePage {
        page: member.shell(&t!(lang, "vendor-remove-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        action: format!("{LIST}/{}/remove", vendor.id),
        back: format!("{LIST}/{}", vendor.id),
        vendor,
        refusal,
    }
}

fn parse(id: &str) -> Result<VendorId, Failure> {
    id.parse().map_err(|_| Failure::NotFound)
}

/// The vendor at an address.
async fn find(member: &Member, id: &str) -> Result<Vendor, Failure> {
    let (scope, id) = (member.scope.clone(), parse(id)?);
    member.read(move |tx| vendor_get(tx, &scope, id)).await
}

fn done(member: &Member, text: String) -> axum::response::Response {
    with_flash(&member.app, redirect(LIST), NoticeKind::Success, &text)
}

pub(crate) fn read(lang: Lang, form: &Form) -> (VendorDetails, FieldErrors) {
    let mut errors = FieldErrors::default();
    let e = &mut errors;
    let details = VendorDetails {
        name: text(form, lang, e, "name", SHORT, true),
        name_kana: text(form, lang, e, "name_kana", SHORT, false),
        person: text(form, lang, e, "person", SHORT, false),
        phone: phone(form, lang, e, "phone"),
        night_phone: phone(form, lang, e, "night_phone"),
        email: email(form, lang, e, "email"),
        note: text(form, lang, e, "note", LONG, false),
    };
    (details, errors)
}

fn compare(lang: Lang, mine: &VendorDetails, theirs: &VendorDetails) -> Vec<Difference> {
    let row = |label, of: fn(&VendorDetails) -> &String| (label, of(mine).clone(), of(theirs).clone());
    differences(vec![
        row(t!(lang, "vendor-name"), |v| &v.name),
        row(t!(lang, "vendor-kana"), |v| &v.name_kana),
        row(t!(lang, "vendor-person"), |v| &v.person),
        row(t!(lang, "vendor-phone"), |v| &v.phone),
        row(t!(lang, "vendor-night-phone"), |v| &v.night_phone),
        row(t!(lang, "vendor-email"), |v| &v.email),
        row(t!(lang, "vendor-note"), |v| &v.note),
    ])
}
