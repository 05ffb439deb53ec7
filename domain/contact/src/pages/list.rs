//! The list in the order of calling, and the outside parties to take over.

use super::{LIST, done, parse};
use crate::actions::{self, contact_accept, contact_move};
use crate::suggestions::{Suggestion, suggestions_for};
use crate::words::{duty_text, party_note, server, way_text};
use crate::{Contact, Direction, Duty, t};
use askama::Template;
use axum::extract::{Path, Query};
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_institution::actions::institution_get;
use komainu_institution::parts::FormWords;
use komainu_institution::rules::found;
use komainu_vendor::pages::{LedgerTab, Search, ledger_name, ledger_tabs};
use komainu_web::{Crumb, Form, Member, Outcome, Section, Shell, Tab, date_text, page, redirect};

/// A contact as the list and the chart show it.
pub(super) struct Line {
    pub(super) contact: Contact,
    pub(super) duty: String,
    /// The day of the last check, in words; empty where there was none.
    pub(super) checked: String,
    /// Further ways, one in a line.
    pub(super) ways: Vec<String>,
    /// The server of the page where name and number were read; empty where the house wrote them.
    pub(super) server: String,
}

impl Line {
    pub(super) fn new(lang: Lang, contact: Contact) -> Line {
        Line {
            duty: duty_text(lang, &contact.duty),
            checked: contact.checked_on.map(|day| date_text(lang, day)).unwrap_or_default(),
            ways: contact.ways.iter().map(|way| way_text(lang, way)).collect(),
            server: server(&contact.source).unwrap_or_default().to_owned(),
            contact,
        }
    }
}

#[derive(Template)]
#[template(path = "contacts.html")]
struct ContactsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    tabs: Vec<Tab>,
    ledger: String,
    /// Title and lines: the house, then the outside.
    groups: Vec<(String, Vec<Line>)>,
    query: String,
    any: bool,
    none_found: bool,
    may_edit: bool,
    /// Where the network would fail, in words; empty where it would not.
    gaps: String,
}

/// A party to take over.
struct Party {
    code: &'static str,
    duty: String,
    suggestion: &'static Suggestion,
    note: String,
}

#[derive(Template)]
#[template(path = "suggestions.html")]
struct SuggestionsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    parties: Vec<Party>,
}

/// The list.
pub async fn contacts(member: Member, Query(search): Query<Search>) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let mut contacts = member.read(move |tx| actions::contacts(tx, &scope)).await?;
    let any = !contacts.is_empty();
    let gaps = crate::rules::gaps(&contacts, member.app.nature.today()).len();
    contacts.retain(|c| {
        let duty = duty_text(lang, &c.duty);
        found(&search.q, &[&c.name, &c.name_kana, &duty, &c.phone, &c.night_phone, &c.email])
    });
    let none_found = contacts.is_empty();
    let (outside, inside): (Vec<_>, Vec<_>) = contacts.into_iter().partition(|contact| contact.outside);
    let lines = |contacts: Vec<Contact>| contacts.into_iter().map(|c| Line::new(lang, c)).collect::<Vec<_>>();
    page(&ContactsPage {
        page: member.shell(&t!(lang, "contacts-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        tabs: ledger_tabs(lang, LedgerTab::Contacts),
        ledger: ledger_name(lang),
        groups: vec![
            (t!(lang, "contacts-inside"), lines(inside)),
            (t!(lang, "contacts-outside"), lines(outside)),
        ],
        query: search.q,
        any,
        none_found,
        may_edit: member.scope.may(Permission::LedgerEdit),
        gaps: if gaps == 0 { String::new() } else { t!(lang, "contacts-gaps", n = gaps.to_string()) },
    })
}

/// Moves a contact up or down.
pub async fn contact_move_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let id = parse(&id)?;
    let direction = if form.text("direction") == "up" { Direction::Up } else { Direction::Down };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| contact_move(tx, &nature, &scope, id, direction)).await?;
    Ok(redirect(LIST))
}

/// Outside parties that are not in the network yet.
pub async fn suggestions(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let (institution, contacts) =
        member.read(move |tx| Ok((institution_get(tx, &scope)?, actions::contacts(tx, &scope)?))).await?;
    let parties = suggestions_for(institution.kind)
        .filter(|party| contacts.iter().all(|contact| contact.duty != party.duty.code()))
        .map(|party| Party {
            code: party.duty.code(),
            duty: duty_text(lang, party.duty.code()),
            suggestion: party,
            note: party_note(lang, party.duty),
        })
        .collect();
    page(&SuggestionsPage {
        page: member.shell(&t!(lang, "suggestions-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "contacts-title") }],
        ledger: ledger_name(lang),
        parties,
    })
}

/// Takes the chosen outside parties over.
pub async fn suggestions_take(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let chosen: Vec<Duty> = form.all("party").filter_map(|code| code.parse().ok()).collect();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member
        .write(move |tx| {
            let kind = institution_get(tx, &scope)?.kind;
            for party in suggestions_for(kind).filter(|party| chosen.contains(&party.duty)) {
                contact_accept(tx, &nature, &scope, lang, party)?;
            }
            Ok::<_, komainu_web::Failure>(())
        })
        .await?;
    Ok(done(&member, &t!(lang, "suggestions-taken")))
}
