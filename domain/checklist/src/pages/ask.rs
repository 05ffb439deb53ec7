//! The letter to a vendor: drafted, copied or mailed or printed, and noted as sent.

use super::{crumbs, form_of, form_title, vendor_name};
use crate::actions::{AskRefusal, Form as YearForm, ask_record, form_of_round, round_by_key, round_view};
use crate::letter::{Letter, LetterInput, Question, letter, mailto};
use crate::model::{AnswerKind, FormKey, RoundView, RowState, RowView};
use crate::neighbours::{self, House, Supplier, SystemName, VendorId};
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_calendar::{YearEnd, add_business_days, parse_date};
use komainu_catalog::{Catalog, PlacementId};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Visit,
    date_text, page, page_with_status, redirect, with_flash,
};
use serde::Deserialize;

/// A vendor gets this many working days to reply unless something else is wished.
const REPLY_DAYS: u32 = 10;

/// What is to be asked of whom.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wish {
    /// The vendor; the first of the ledger where none is named.
    #[serde(default)]
    pub(crate) vendor: String,
    /// The row; every open row where none is named.
    #[serde(default)]
    pub(crate) item: String,
    /// The day for the reply, as typed.
    #[serde(default)]
    pub(crate) reply: String,
    /// The letter's language.
    #[serde(default)]
    pub(crate) letter: String,
}

#[derive(Template)]
#[template(path = "ask.html")]
struct AskPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    errors: FieldErrors,
    vendors: Vec<Choice>,
    languages: Vec<Choice>,
    reply: String,
    item: String,
    /// What is asked, and whether its place in the form is not confirmed.
    questions: Vec<(String, bool)>,
    letter: Option<Letter>,
    letter_lang: Lang,
    mailto: Option<String>,
    vendor: String,
    action: String,
    back: String,
    may_record: bool,
    may_link: bool,
}

/// What a letter is made from.
pub(crate) struct Read {
    house: House,
    pub(crate) view: RoundView,
    suppliers: Vec<Supplier>,
    systems: Vec<SystemName>,
}

impl Read {
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        scope: &Scope,
        catalog: &Catalog,
        (year, key): (i32, FormKey),
    ) -> Result<Read, Failure> {
        scope.require(Permission::LedgerRead)?;
        let round = round_by_key(tx, scope, year, key)?;
        Ok(Read {
            house: neighbours::house(tx, scope)?,
            view: round_view(tx, scope, catalog, round.id)?,
            suppliers: neighbours::suppliers(tx, scope)?,
            systems: neighbours::systems(tx, scope)?,
        })
    }

    /// Where the letter was begun: the row that it is about, or the form.
    pub(crate) fn back(&self, wish: &Wish) -> String {
        let round = self.view.round.path();
        if wish.item.is_empty() { round } else { format!("{round}/items/{}", wish.item) }
    }
}

impl Wish {
    /// As the forms below a draft send it.
    pub(super) fn sent(form: &Form) -> Wish {
        let text = |name: &str| form.text(name).to_owned();
        Wish { vendor: text("vendor"), item: text("item"), reply: text("reply"), letter: text("letter") }
    }
}

pub(super) async fn load(member: &Member, path: &(String, String)) -> Result<Read, Failure> {
    let key = form_of(&path.0, &path.1)?;
    let (scope, catalog) = (member.scope.clone(), member.app.catalog.clone());
    member.read(move |tx| Read::load(tx, &scope, &catalog, key)).await
}

/// The draft.
pub async fn ask(member: Member, Path(path): Path<(String, String)>, Query(wish): Query<Wish>) -> Outcome {
    let read = load(&member, &path).await?;
    page(&ask_page(&member, &read, &wish, FieldErrors::default())?)
}

/// The rows that the letter is about: the named one, or all that are open and that a vendor can answer.
fn rows<'a>(visit: &Visit, read: &'a Read, wish: &Wish) -> Vec<&'a RowView> {
    let catalog = &visit.app.catalog;
    let open = |row: &&RowView| {
        !matches!(row.settled(), Some(AnswerKind::Yes | AnswerKind::NotApplicable))
            && row.state != RowState::NotNeeded
    };
    read.view
        .rows
        .iter()
        .filter(|row| if wish.item.is_empty() { open(row) } else { row.placement.as_str() == wish.item })
        .filter(|row| catalog.item(&row.item).is_some_and(|item| item.ask_vendor.is_some()))
        .collect()
}

/// The vendor that is meant: the round's own, the named one, or the only or first one of the ledger.
fn vendor_of(read: &Read, wish: &Wish) -> Option<VendorId> {
    read.view
        .round
        .vendor
        .or_else(|| wish.vendor.parse().ok().filter(|id| read.suppliers.iter().any(|s| s.id == *id)))
        .or_else(|| read.suppliers.first().map(|supplier| supplier.id))
}

fn reply_by(today: NaiveDate, wish: &Wish) -> Result<NaiveDate, String> {
    if wish.reply.trim().is_empty() {
        return Ok(add_business_days(today, REPLY_DAYS, YearEnd::Closed));
    }
    parse_date(&wish.reply, today).map_err(|_| wish.reply.clone())
}

fn ask_page(member: &Member, read: &Read, wish: &Wish, mut errors: FieldErrors) -> Result<AskPage, Failure> {
    let lang = member.lang;
    let form = form_of_round(&member.app.catalog, &read.view.round)?;
    let letter_lang: Lang = wish.letter.parse().unwrap_or(Lang::Ja);
    let today = member.app.nature.today();
    let vendor = vendor_of(read, wish);
    let reply = reply_by(today, wish);
    if reply.is_err() && errors.is_empty() {
        errors.add("reply", t!(lang, "fault-date", example = date_text(lang, today)));
    }
    let rows = rows(member, read, wish);
    let supplier = supplier_of(read, wish);
    let draft = draft(member, member.scope.person_name(), read, wish, None)?;
    let round = &read.view.round;
    let title = title_of_letter(lang, &form, read);
    let may_record = round.closed_at.is_none() && member.scope.may(Permission::ChecklistAnswer);
    Ok(AskPage {
        page: member.shell(&t!(lang, "ask-title"), Section::Checklist),
        lang,
        crumbs: crumbs(lang, round, &title),
        errors,
        vendors: vendor_choices(lang, read, vendor),
        languages: Lang::ALL
            .into_iter()
            .map(|one| Choice::new(one.code(), one.name()).chosen(one == letter_lang))
            .collect(),
        reply: reply.map_or_else(|typed| typed, |date| date_text(lang, date)),
        item: wish.item.clone(),
        questions: rows
            .iter()
            .map(|row| (super::numbered(row.number.as_deref(), &title_of(&form, row, lang)), !row.confirmed))
            .collect(),
        mailto: supplier
            .filter(|supplier| !supplier.email.is_empty())
            .zip(draft.as_ref())
            .map(|(supplier, draft)| mailto(&supplier.email, &draft.letter)),
        letter: draft.map(|draft| draft.letter),
        letter_lang,
        vendor: vendor.map(|id| id.to_string()).unwrap_or_default(),
        action: format!("{}/ask", round.path()),
        back: read.back(wish),
        may_record,
        may_link: may_record && member.scope.may(Permission::LinksManage),
    })
}

/// The title of the form that the letter is about.
pub(super) fn title_of_letter(lang: Lang, form: &YearForm<'_>, read: &Read) -> String {
    form_title(lang, form.data.title.get(lang), &read.view.round, &read.suppliers)
}

fn vendor_choices(lang: Lang, read: &Read, vendor: Option<VendorId>) -> Vec<Choice> {
    match read.view.round.vendor {
        Some(id) => vec![Choice::new(id.to_string(), vendor_name(lang, &read.suppliers, id)).chosen(true)],
        None => read
            .suppliers
            .iter()
            .map(|supplier| {
                Choice::new(supplier.id.to_string(), supplier.name.clone())
                    .chosen(Some(supplier.id) == vendor)
            })
            .collect(),
    }
}

fn systems_of(read: &Read, vendor: VendorId) -> Vec<String> {
    let of_vendor = read.systems.iter().filter(|system| system.vendor == Some(vendor));
    of_vendor.map(|system| system.name.clone()).collect()
}

fn title_of(form: &YearForm<'_>, row: &RowView, lang: Lang) -> String {
    form.row(&row.placement).map(|of| words::title(lang, of)).unwrap_or_default()
}

fn supplier_of<'a>(read: &'a Read, wish: &Wish) -> Option<&'a Supplier> {
    let vendor = vendor_of(read, wish)?;
    read.suppliers.iter().find(|supplier| supplier.id == vendor)
}

/// A letter and what it is about.
pub(crate) struct Draft {
    pub(crate) vendor: VendorId,
    pub(crate) reply_by: NaiveDate,
    pub(crate) rows: Vec<PlacementId>,
    /// The vendor's mail address; may be empty.
    pub(crate) email: String,
    pub(crate) letter: Letter,
}

/// The letter, where there is a vendor to write to, a day for the reply and something to ask; with the address at which
/// the vendor can answer, and until when, where there is one.
pub(crate) fn draft(
    visit: &Visit,
    sender: &str,
    read: &Read,
    wish: &Wish,
    link: Option<(String, String)>,
) -> Result<Option<Draft>, Failure> {
    let lang: Lang = wish.letter.parse().unwrap_or(Lang::Ja);
    let form = form_of_round(&visit.app.catalog, &read.view.round)?;
    let rows = rows(visit, read, wish);
    let reply = reply_by(visit.app.nature.today(), wish).ok();
    let (Some(supplier), Some(reply), false) = (supplier_of(read, wish), reply, rows.is_empty()) else {
        return Ok(None);
    };
    let input = LetterInput {
        vendor: supplier.name.clone(),
        vendor_person: supplier.person.clone(),
        house: read.house.name.clone(),
        phone: read.house.phone.clone(),
        sender: sender.to_owned(),
        year: words::year(lang, read.view.round.fiscal_year),
        reply_by: date_text(lang, reply),
        systems: systems_of(read, supplier.id),
        link,
        questions: rows.iter().map(|row| question(visit, row, lang, title_of(&form, row, lang))).collect(),
    };
    Ok(Some(Draft {
        vendor: supplier.id,
        reply_by: reply,
        rows: rows.iter().map(|row| row.placement.clone()).collect(),
        email: supplier.email.clone(),
        letter: letter(lang, &input),
    }))
}

fn question(visit: &Visit, row: &RowView, lang: Lang, title: String) -> Question {
    let item = visit.app.catalog.item(&row.item);
    Question {
        // A number that nobody saw in the form does not leave the house.
        number: row.number.clone().filter(|_| row.confirmed).unwrap_or_default(),
        title,
        text: item
            .and_then(|item| item.ask_vendor.as_ref())
            .map(|text| text.get(lang).to_owned())
            .unwrap_or_default(),
    }
}

/// Notes that the letter went out today.
pub async fn ask_save(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let wish = Wish::sent(&form);
    let read = load(&member, &path).await?;
    let Some((placements, vendor, reply)) = asked_of(&member, &read, &wish) else {
        return refused(&member, &read, &wish, FieldErrors::default());
    };
    let (app, scope, id) = (member.app.clone(), member.scope.clone(), read.view.round.id);
    let result = member
        .write(move |tx| ask_record(tx, &app.nature, &scope, &app.catalog, id, (&placements, vendor, reply)))
        .await;
    match result {
        Ok(()) => {
            let to = read.back(&wish);
            Ok(with_flash(&member.app, redirect(&to), NoticeKind::Success, &t!(member.lang, "asked")))
        }
        Err(Refused::Because(reason)) => {
            let mut errors = FieldErrors::default();
            let (field, text) = refusal(member.lang, reason);
            errors.add(field, text);
            refused(&member, &read, &wish, errors)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What the letter asks: about which rows, whom, and by when; none where nobody or no day is meant.
pub(super) fn asked_of(
    member: &Member,
    read: &Read,
    wish: &Wish,
) -> Option<(Vec<PlacementId>, VendorId, NaiveDate)> {
    let placements = rows(member, read, wish).into_iter().map(|row| row.placement.clone()).collect();
    let reply = reply_by(member.app.nature.today(), wish).ok()?;
    Some((placements, vendor_of(read, wish)?, reply))
}

/// The draft once more, with what is wrong.
pub(super) fn refused(member: &Member, read: &Read, wish: &Wish, errors: FieldErrors) -> Outcome {
    let page = ask_page(member, read, wish, errors)?;
    page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

pub(crate) fn refusal(lang: Lang, reason: AskRefusal) -> (&'static str, String) {
    match reason {
        AskRefusal::Closed => ("vendor", t!(lang, "refused-closed")),
        AskRefusal::NoVendor => ("vendor", t!(lang, "open-no-vendor")),
        AskRefusal::NoRow => ("vendor", t!(lang, "ask-no-row")),
        AskRefusal::PastReply => ("reply", t!(lang, "ask-past-reply")),
    }
}
