//! Adding, changing and removing one contact.

use super::{LIST, done, parse};
use crate::actions::{self, contact_add, contact_change, contact_get, contact_remove};
use crate::words::{duty_text, way_hours, way_kind, way_text};
use crate::{Contact, ContactDetails, ContactId, Duty, Way, WayHours, WayId, WayKind, t};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, email, phone, text};
use komainu_notify::Medium;
use komainu_people::Membership;
use komainu_people::actions::members;
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, Visit, date_text,
    page, page_with_status,
};

/// A way as the form shows it.
struct WayRow {
    /// Names of the fields, which count from 0.
    kind_name: String,
    address_name: String,
    label_name: String,
    hours_name: String,
    id_name: String,
    drop_name: String,
    id: String,
    /// A browser: kept or let go, nothing to type.
    push: bool,
    kinds: Vec<Choice>,
    address: String,
    label: String,
    hours: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "contact.html")]
struct ContactPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    details: ContactDetails,
    duties: Vec<Choice>,
    /// The institution's own word for the duty; empty where it is a known one.
    own_duty: String,
    sides: Vec<Choice>,
    /// The members here, of whom it may be one.
    accounts: Vec<Choice>,
    checked: String,
    ways: Vec<WayRow>,
    /// Name of the field, its label, and who may be chosen in it.
    stand_ins: Vec<(String, String, Vec<Choice>)>,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where removing is asked; empty for a contact that is not stored yet.
    remove: String,
}

/// Who may stand in, and who has an account.
struct Around {
    contacts: Vec<Contact>,
    members: Vec<Membership>,
}

#[derive(Template)]
#[template(path = "contact_remove.html")]
struct RemovePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    contact: Contact,
    action: String,
    back: String,
    changed: bool,
}

fn contact_page(
    member: &Member,
    id: Option<ContactId>,
    details: ContactDetails,
    version: i64,
    around: &Around,
) -> ContactPage {
    let lang = member.lang;
    let title = if id.is_some() { t!(lang, "contact-change-title") } else { t!(lang, "contact-new-title") };
    let known = details.duty.parse::<Duty>();
    ContactPage {
        page: member.shell(&title, Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "contacts-title") }],
        ledger: ledger_name(lang),
        action: id.map_or_else(|| format!("{LIST}/new"), |id| format!("{LIST}/{id}")),
        duties: Duty::ALL
            .into_iter()
            .map(|duty| Choice::new(duty.code(), duty_text(lang, duty.code())).chosen(known == Ok(duty)))
            .collect(),
        own_duty: if known.is_ok() { String::new() } else { details.duty.clone() },
        sides: vec![
            Choice::new("inside", t!(lang, "contact-inside")).chosen(!details.outside),
            Choice::new("outside", t!(lang, "contact-outside")).chosen(details.outside),
        ],
        accounts: around
            .members
            .iter()
            .filter(|one| !one.disabled || details.person == Some(one.person))
            .map(|one| {
                let chosen = details.person == Some(one.person);
                Choice::new(one.person.to_string(), one.name.clone()).chosen(chosen)
            })
            .collect(),
        checked: details.checked_on.map(|day| date_text(lang, day)).unwrap_or_default(),
        ways: way_rows(lang, &details.ways),
        stand_ins: stand_in_rows(lang, id, &details, &around.contacts),
        details,
        version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        remove: id.map(|id| format!("{LIST}/{id}/remove")).unwrap_or_default(),
    }
}

/// Rows for the ways that are there and for further ones.
fn way_rows(lang: Lang, ways: &[Way]) -> Vec<WayRow> {
    let count = (ways.len() + 2).min(ContactDetails::WAYS_MOST);
    (0..count)
        .map(|at| {
            let way = ways.get(at);
            let kinds = WayKind::ALL.iter().copied().filter(|kind| *kind != WayKind::Push);
            WayRow {
                kind_name: format!("way_kind_{at}"),
                address_name: format!("way_address_{at}"),
                label_name: format!("way_label_{at}"),
                hours_name: format!("way_hours_{at}"),
                id_name: format!("way_id_{at}"),
                drop_name: format!("way_drop_{at}"),
                id: way.map(|way| way.id.to_string()).unwrap_or_default(),
                push: way.is_some_and(|way| way.kind == WayKind::Push),
                kinds: kinds
                    .map(|kind| {
                        let chosen = way.is_some_and(|way| way.kind == kind);
                        Choice::new(kind.code(), way_kind(lang, kind)).chosen(chosen)
                    })
                    .collect(),
                address: way.map(|way| way.address.clone()).unwrap_or_default(),
                label: way.map(|way| way.label.clone()).unwrap_or_default(),
                hours: WayHours::ALL
                    .iter()
                    .copied()
                    .map(|hours| {
                        let chosen = way.map(|way| way.hours).unwrap_or_default() == hours;
                        Choice::new(hours.code(), way_hours(lang, hours)).chosen(chosen)
                    })
                    .collect(),
            }
        })
        .collect()
}

fn stand_in_rows(
    lang: Lang,
    id: Option<ContactId>,
    details: &ContactDetails,
    others: &[Contact],
) -> Vec<(String, String, Vec<Choice>)> {
    let row = |at: usize| {
        let eligible = others.iter().filter(|other| Some(other.id) != id);
        let choices = eligible.map(|other| {
            let chosen = details.stand_ins.get(at) == Some(&other.id);
            Choice::new(other.id.to_string(), other.name.clone()).chosen(chosen)
        });
        (format!("stand_in_{at}"), t!(lang, "contact-stand-in", n = (at + 1).to_string()), choices.collect())
    };
    (0..ContactDetails::STAND_INS_MOST).map(row).collect()
}

/// The contact at an address.
async fn find(member: &Member, id: &str) -> Result<Contact, Failure> {
    let (scope, id) = (member.scope.clone(), parse(id)?);
    member.read(move |tx| contact_get(tx, &scope, id)).await
}

/// Everybody of the network, to choose who stands in, and every member, to choose whose contact it is.
async fn around(member: &Member) -> Result<Around, Failure> {
    let scope = member.scope.clone();
    member
        .read(move |tx| {
            Ok(Around { contacts: actions::contacts(tx, &scope)?, members: members(tx, &scope)? })
        })
        .await
}

/// The form for a new contact.
pub async fn contact_new(member: Member) -> Outcome {
    page(&contact_page(&member, None, ContactDetails::default(), 0, &around(&member).await?))
}

/// The form for a stored contact.
pub async fn contact(member: Member, Path(id): Path<String>) -> Outcome {
    let contact = find(&member, &id).await?;
    let around = around(&member).await?;
    page(&contact_page(&member, Some(contact.id), contact.details(), contact.version, &around))
}

/// Stores a new contact.
pub async fn contact_create(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(&member, &form, &ContactDetails::default());
    if !errors.is_empty() {
        let around = around(&member).await?;
        let filled = ContactPage { errors, ..contact_page(&member, None, details, 0, &around) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| contact_add(tx, &nature, &scope, &details)).await?;
    Ok(done(&member, &t!(member.lang, "contact-saved")))
}

/// Stores changes to a contact.
pub async fn contact_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let old = find(&member, &id).await?;
    let (lang, id) = (member.lang, old.id);
    let (details, errors) = read(&member, &form, &old.details());
    let version = form.parse("version").unwrap_or_default();
    if !errors.is_empty() {
        let around = around(&member).await?;
        let filled = ContactPage { errors, ..contact_page(&member, Some(id), details, version, &around) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| contact_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(done(&member, &t!(lang, "contact-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let around = around(&member).await?;
            let differences = compare(lang, &details, &theirs.details(), &around);
            let filled = contact_page(&member, Some(id), details, theirs.version, &around);
            let filled = ContactPage { differences, ..filled };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Asks before removing.
pub async fn contact_remove_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let contact = find(&member, &id).await?;
    page(&remove_page(&member, contact, false))
}

/// Removes.
pub async fn contact_remove_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let id = parse(&id)?;
    let version = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| contact_remove(tx, &nature, &scope, id, version)).await {
        Ok(()) => Ok(done(&member, &t!(member.lang, "contact-removed"))),
        Err(Refused::Because(Conflict(now))) => {
            page_with_status(StatusCode::CONFLICT, &remove_page(&member, *now, true))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn remove_page(member: &Member, contact: Contact, changed: bool) -> RemovePage {
    let lang = member.lang;
    RemovePage {
        page: member.shell(&t!(lang, "contact-remove-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        action: format!("{LIST}/{}/remove", contact.id),
        back: format!("{LIST}/{}", contact.id),
        contact,
        changed,
    }
}

/// What was typed, on top of what is not in the form. A check counts from the day it was ticked; numbers that changed
/// without one are unchecked again.
pub(crate) fn read(visit: &Visit, form: &Form, old: &ContactDetails) -> (ContactDetails, FieldErrors) {
    let lang = visit.lang;
    let mut errors = FieldErrors::default();
    let e = &mut errors;
    let duty = match form.text("duty").parse::<Duty>() {
        Ok(duty) => duty.code().to_owned(),
        Err(()) => text(form, lang, e, "own_duty", SHORT, true),
    };
    let mut details = ContactDetails {
        name: text(form, lang, e, "name", SHORT, true),
        name_kana: text(form, lang, e, "name_kana", SHORT, false),
        duty,
        phone: phone(form, lang, e, "phone"),
        night_phone: phone(form, lang, e, "night_phone"),
        email: email(form, lang, e, "email"),
        // Where it was not asked, it stays as it is.
        person: if form.has("person") { form.parse("person") } else { old.person },
        outside: form.text("side") == "outside",
        note: text(form, lang, e, "note", LONG, false),
        hours: text(form, lang, e, "hours", SHORT, false),
        for_reporters: form.text("for_reporters") == "yes",
        ways: read_ways(visit, form, e, &old.ways),
        stand_ins: read_stand_ins(form),
        ..old.clone()
    };
    // A browser is told for who allowed it, and for nobody who comes after them.
    if details.person != old.person {
        details.ways.retain(|way| way.kind != WayKind::Push);
    }
    // A browser that is let go or comes takes no number along.
    let typed = |d: &ContactDetails| -> Vec<String> {
        let typed = d.ways.iter().filter(|way| way.kind != WayKind::Push);
        typed.map(|way| way.address.clone()).collect()
    };
    let ways = |d: &ContactDetails| (d.phone.clone(), d.night_phone.clone(), d.email.clone(), typed(d));
    if form.text("checked") == "yes" {
        details.checked_on = Some(visit.app.nature.today());
    } else if ways(&details) != ways(old) {
        details.checked_on = None;
    }
    (details, errors)
}

/// The ways as they were typed; a row without an address is none.
fn read_ways(visit: &Visit, form: &Form, errors: &mut FieldErrors, old: &[Way]) -> Vec<Way> {
    let lang = visit.lang;
    let mut ways = Vec::new();
    for at in 0..ContactDetails::WAYS_MOST {
        let field = |name: &str| format!("way_{name}_{at}");
        let known = form.parse::<WayId>(&field("id")).and_then(|id| old.iter().find(|way| way.id == id));
        let label = text(form, lang, errors, &field("label"), SHORT, false);
        let hours = form.parse(&field("hours")).unwrap_or_default();
        if let Some(push) = known.filter(|way| way.kind == WayKind::Push) {
            if form.text(&field("drop")) != "yes" {
                ways.push(Way { label, hours, ..push.clone() });
            }
            continue;
        }
        let typed = form.text(&field("address"));
        if typed.is_empty() {
            continue;
        }
        let kind = form.parse(&field("kind")).filter(|kind| *kind != WayKind::Push);
        let Some(kind) = kind else {
            errors.add(&field("kind"), t!(lang, "way-kind-missing"));
            ways.push(Way {
                id: WayId(visit.app.nature.id()),
                kind: WayKind::Call,
                address: typed.to_owned(),
                label,
                hours,
            });
            continue;
        };
        let address = match kind {
            WayKind::Call => phone(form, lang, errors, &field("address")),
            WayKind::Sms => {
                let number = phone(form, lang, errors, &field("address"));
                // A telephone behind an extension, or one of three digits, takes no messages.
                if errors.of(&field("address")).is_empty() && !Medium::Sms.fits(&number) {
                    errors.add(&field("address"), t!(lang, "way-sms-number"));
                }
                number
            }
            WayKind::Mail => email(form, lang, errors, &field("address")),
            WayKind::Chat | WayKind::Push => {
                if !Medium::Chat.fits(typed) {
                    errors.add(&field("address"), t!(lang, "way-web-address"));
                }
                typed.to_owned()
            }
        };
        let id = known.map_or_else(|| WayId(visit.app.nature.id()), |way| way.id);
        ways.push(Way { id, kind, address, label, hours });
    }
    ways
}

fn read_stand_ins(form: &Form) -> Vec<ContactId> {
    let mut ids: Vec<ContactId> = Vec::new();
    for at in 0..ContactDetails::STAND_INS_MOST {
        if let Some(id) = form.parse(&format!("stand_in_{at}"))
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

fn compare(lang: Lang, mine: &ContactDetails, theirs: &ContactDetails, around: &Around) -> Vec<Difference> {
    let ways = |c: &ContactDetails| {
        let lines: Vec<String> = c.ways.iter().map(|way| way_text(lang, way)).collect();
        lines.join("\n")
    };
    let names = |c: &ContactDetails| {
        let of = |id| around.contacts.iter().find(|other| other.id == id);
        let named = |id| of(id).map(|other| other.name.as_str());
        let names: Vec<&str> = c.stand_ins.iter().filter_map(|id| named(*id)).collect();
        names.join(&t!(lang, "list-comma"))
    };
    let account = |c: &ContactDetails| {
        let member = around.members.iter().find(|one| c.person == Some(one.person));
        member.map(|one| one.name.clone()).unwrap_or_default()
    };
    let reporters = |c: &ContactDetails| {
        if c.for_reporters {
            t!(lang, "contact-for-reporters-yes")
        } else {
            t!(lang, "contact-for-reporters-no")
        }
    };
    let row = |label, of: &dyn Fn(&ContactDetails) -> String| (label, of(mine), of(theirs));
    let side = |outside| if outside { t!(lang, "contact-outside") } else { t!(lang, "contact-inside") };
    differences(vec![
        row(t!(lang, "contact-duty"), &|c| duty_text(lang, &c.duty)),
        row(t!(lang, "contact-name"), &|c| c.name.clone()),
        row(t!(lang, "contact-kana"), &|c| c.name_kana.clone()),
        row(t!(lang, "contact-side"), &|c| side(c.outside)),
        row(t!(lang, "contact-account"), &account),
        row(t!(lang, "contact-phone"), &|c| c.phone.clone()),
        row(t!(lang, "contact-night-phone"), &|c| c.night_phone.clone()),
        row(t!(lang, "contact-email"), &|c| c.email.clone()),
        row(t!(lang, "contact-hours"), &|c| c.hours.clone()),
        row(t!(lang, "contact-ways"), &ways),
        row(t!(lang, "contact-stand-ins"), &names),
        row(t!(lang, "contact-for-reporters"), &reporters),
        row(t!(lang, "contact-note"), &|c| c.note.clone()),
        row(t!(lang, "contact-checked"), &|c| {
            c.checked_on.map(|day| date_text(lang, day)).unwrap_or_default()
        }),
    ])
}
