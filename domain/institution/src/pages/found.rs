//! `/organisations/new` and `/organisations/new/association`: founding an organisation.

use crate::actions::{self, FoundRefusal, association_found, institution_found};
use crate::pages::{Typed, read, typed};
use crate::parts::{FormWords, SHORT, text};
use crate::words::level_text;
use crate::{AssociationLevel, NewAssociation, NewInstitution, Organisation, OrganisationKind, rules, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_access::{OrganisationId, Role};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, FieldErrors, Form, NoticeKind, Outcome, Refused, Shell, SignedIn, page, page_with_status,
    redirect, role_text, with_flash,
};

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    typed: Typed,
    title: String,
    roles: Vec<Choice>,
    parents: Vec<Choice>,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "association.html")]
struct AssociationPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    typed_name: String,
    typed_kana: String,
    levels: Vec<Choice>,
    parents: Vec<Choice>,
    errors: FieldErrors,
}

/// The form for a new institution.
pub async fn institution_form(person: SignedIn) -> Outcome {
    let form = Form::new(vec![("role".to_owned(), Role::Director.code().to_owned())]);
    page(&found_page(&person, &form, FieldErrors::default()).await?)
}

/// Founds an institution.
pub async fn institution_submit(person: SignedIn, form: Form) -> Outcome {
    let lang = person.lang;
    let mut errors = FieldErrors::default();
    let particulars = read(lang, &form, &mut errors);
    let title = text(&form, lang, &mut errors, "title", SHORT, false);
    let role = form.parse::<Role>("role");
    if role.is_none() {
        errors.add("role", t!(lang, "error-role"));
    }
    let (Some(particulars), Some(role_of_founder), true) = (particulars, role, errors.is_empty()) else {
        let filled = found_page(&person, &form, errors).await?;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let new = NewInstitution { particulars, parent: form.parse("parent"), role_of_founder, title };
    let (nature, session) = (person.app.nature.clone(), person.session.clone());
    match person.write(move |tx| institution_found(tx, &nature, &session, &new)).await {
        Ok(_) => {
            let done = t!(lang, "found-done");
            Ok(with_flash(&person.app, redirect("/setup"), NoticeKind::Success, &done))
        }
        Err(Refused::Because(reason)) => {
            refused(lang, &mut errors, reason);
            let filled = found_page(&person, &form, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// The form for a new association.
pub async fn association_form(person: SignedIn) -> Outcome {
    page(&association_page(&person, &Form::default(), FieldErrors::default()).await?)
}

/// Founds an association.
pub async fn association_submit(person: SignedIn, form: Form) -> Outcome {
    let lang = person.lang;
    let mut errors = FieldErrors::default();
    let name = text(&form, lang, &mut errors, "name", SHORT, true);
    let name_kana = text(&form, lang, &mut errors, "name_kana", SHORT, false);
    let level = form.parse::<AssociationLevel>("level");
    if level.is_none() {
        errors.add("level", t!(lang, "error-level"));
    }
    let (Some(level), true) = (level, errors.is_empty()) else {
        let filled = association_page(&person, &form, errors).await?;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let new = NewAssociation { name, name_kana, level, parent: form.parse("parent") };
    let (nature, session) = (person.app.nature.clone(), person.session.clone());
    match person.write(move |tx| association_found(tx, &nature, &session, &new)).await {
        Ok(_) => {
            let done = t!(lang, "association-done");
            Ok(with_flash(&person.app, redirect("/organisations"), NoticeKind::Success, &done))
        }
        Err(Refused::Because(reason)) => {
            refused(lang, &mut errors, reason);
            let filled = association_page(&person, &form, errors).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn refused(lang: Lang, errors: &mut FieldErrors, reason: FoundRefusal) {
    match reason {
        FoundRefusal::Role => errors.add("role", t!(lang, "error-role")),
        FoundRefusal::Parent => errors.add("parent", t!(lang, "error-parent")),
    }
}

async fn found_page(
    person: &SignedIn,
    form: &Form,
    errors: FieldErrors,
) -> Result<FoundPage, komainu_web::Failure> {
    let lang = person.lang;
    let chosen = form.text("role");
    let roles = Role::INSTITUTION
        .into_iter()
        .filter(|role| *role != Role::Inspector)
        .map(|role| Choice::new(role.code(), role_text(lang, role)).chosen(role.code() == chosen))
        .collect();
    Ok(FoundPage {
        page: person.shell(&t!(lang, "found-title")),
        lang,
        words: FormWords::in_lang(lang),
        typed: typed(lang, form),
        title: form.text("title").to_owned(),
        roles,
        parents: parents(person, form).await?,
        errors,
    })
}

async fn association_page(
    person: &SignedIn,
    form: &Form,
    errors: FieldErrors,
) -> Result<AssociationPage, komainu_web::Failure> {
    let lang = person.lang;
    let chosen = form.text("level");
    let levels = AssociationLevel::ALL
        .into_iter()
        .map(|level| Choice::new(level.code(), level_text(lang, level)).chosen(level.code() == chosen))
        .collect();
    Ok(AssociationPage {
        page: person.shell(&t!(lang, "association-title")),
        lang,
        words: FormWords::in_lang(lang),
        typed_name: form.text("name").to_owned(),
        typed_kana: form.text("name_kana").to_owned(),
        levels,
        parents: parents(person, form).await?,
        errors,
    })
}

/// The associations to choose from, by reading.
async fn parents(person: &SignedIn, form: &Form) -> Result<Vec<Choice>, komainu_web::Failure> {
    let lang = person.lang;
    let session = person.session.clone();
    let mut found: Vec<Organisation> = person.read(move |tx| actions::associations(tx, &session)).await?;
    found.sort_by(|a, b| rules::by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    let chosen = form.parse::<OrganisationId>("parent");
    let choice = |association: Organisation| {
        let level = match association.kind {
            OrganisationKind::Association(level) => level_text(lang, level),
            OrganisationKind::Institution | OrganisationKind::Vendor => String::new(),
        };
        let label = format!("{}（{level}）", association.name);
        Choice::new(association.id.to_string(), label).chosen(chosen == Some(association.id))
    };
    Ok(found.into_iter().map(choice).collect())
}
