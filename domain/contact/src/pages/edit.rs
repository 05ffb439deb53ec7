//! Adding, changing and removing one contact.

use super::{LIST, done, parse};
use crate::actions::{contact_add, contact_change, contact_get, contact_remove};
use crate::words::duty_text;
use crate::{Contact, ContactDetails, ContactId, Duty, t};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, email, phone, text};
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, Visit, date_text,
    page, page_with_status,
};

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
    checked: String,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    /// Where removing is asked; empty for a contact that is not stored yet.
    remove: String,
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
        checked: details.checked_on.map(|day| date_text(lang, day)).unwrap_or_default(),
        details,
        version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
        remove: id.map(|id| format!("{LIST}/{id}/remove")).unwrap_or_default(),
    }
}

/// The contact at an address.
async fn find(member: &Member, id: &str) -> Result<Contact, Failure> {
    let (scope, id) = (member.scope.clone(), parse(id)?);
    member.read(move |tx| contact_get(tx, &scope, id)).await
}

/// The form for a new contact.
pub async fn contact_new(member: Member) -> Outcome {
    page(&contact_page(&member, None, ContactDetails::default(), 0))
}

/// The form for a stored contact.
pub async fn contact(member: Member, Path(id): Path<String>) -> Outcome {
    let contact = find(&member, &id).await?;
    page(&contact_page(&member, Some(contact.id), contact.details(), contact.version))
}

/// Stores a new contact.
pub async fn contact_create(member: Member, form: Form) -> Outcome {
    let (details, errors) = read(&member, &form, &ContactDetails::default());
    if !errors.is_empty() {
        let filled = ContactPage { errors, ..contact_page(&member, None, details, 0) };
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
        let filled = ContactPage { errors, ..contact_page(&member, Some(id), details, version) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, new) = (member.scope.clone(), member.app.nature.clone(), details.clone());
    match member.write(move |tx| contact_change(tx, &nature, &scope, id, version, &new)).await {
        Ok(()) => Ok(done(&member, &t!(lang, "contact-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = compare(lang, &details, &theirs.details());
            let filled =
                ContactPage { differences, ..contact_page(&member, Some(id), details, theirs.version) };
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
        outside: form.text("side") == "outside",
        note: text(form, lang, e, "note", LONG, false),
        ..old.clone()
    };
    let ways = |d: &ContactDetails| (d.phone.clone(), d.night_phone.clone(), d.email.clone());
    if form.text("checked") == "yes" {
        details.checked_on = Some(visit.app.nature.today());
    } else if ways(&details) != ways(old) {
        details.checked_on = None;
    }
    (details, errors)
}

fn compare(lang: Lang, mine: &ContactDetails, theirs: &ContactDetails) -> Vec<Difference> {
    let row = |label, of: &dyn Fn(&ContactDetails) -> String| (label, of(mine), of(theirs));
    let side = |outside| if outside { t!(lang, "contact-outside") } else { t!(lang, "contact-inside") };
    differences(vec![
        row(t!(lang, "contact-duty"), &|c| duty_text(lang, &c.duty)),
        row(t!(lang, "contact-name"), &|c| c.name.clone()),
        row(t!(lang, "contact-kana"), &|c| c.name_kana.clone()),
        row(t!(lang, "contact-side"), &|c| side(c.outside)),
        row(t!(lang, "contact-phone"), &|c| c.phone.clone()),
        row(t!(lang, "contact-night-phone"), &|c| c.night_phone.clone()),
        row(t!(lang, "contact-email"), &|c| c.email.clone()),
        row(t!(lang, "contact-note"), &|c| c.note.clone()),
        row(t!(lang, "contact-checked"), &|c| {
            c.checked_on.map(|day| date_text(lang, day)).unwrap_or_default()
        }),
    ])
}
