//! `/emergency-binder`: how old it is, the file, a copy for a USB stick.

use super::actions::{binder_copy, binder_get, binder_make, binder_take, binders};
use super::{Binder, Passphrase};
use crate::archive::plain_name;
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Section, Shell, attachment, inline_file,
    moment_text, page, page_with_status, redirect, with_flash,
};

const HERE: &str = "/emergency-binder";

struct Line {
    lang: String,
    code: &'static str,
    /// When it was made, in words; empty where it is being made.
    made: String,
    pages: String,
}

#[derive(Template)]
#[template(path = "emergency_binder.html")]
struct BinderPage {
    page: Shell,
    lang: Lang,
    lines: Vec<Line>,
    langs: Vec<Choice>,
    /// The code leads to this very computer and works on no other.
    only_here: bool,
    /// Whether who reads may withdraw the link behind it.
    links: bool,
    errors: FieldErrors,
}

async fn binder_page(member: &Member, errors: FieldErrors) -> Result<BinderPage, Failure> {
    let (lang, scope) = (member.lang, member.scope.clone());
    let all = member.read(move |tx| binders(tx, &scope)).await?;
    let line = |binder: Binder| Line {
        lang: binder.lang.name().to_owned(),
        code: binder.lang.code(),
        made: binder
            .made_at
            .map(|at| t!(lang, "binder-made", at = moment_text(lang, at)))
            .unwrap_or_default(),
        pages: t!(lang, "binder-pages", n = binder.pages.to_string()),
    };
    let choice = |one: Lang| Choice::new(one.code(), one.name()).chosen(one == lang);
    Ok(BinderPage {
        page: member.shell(&t!(lang, "binder-title"), Section::Emergency),
        lang,
        lines: all.into_iter().map(line).collect(),
        langs: Lang::ALL.into_iter().map(choice).collect(),
        only_here: member.app.settings.only_here(),
        links: member.scope.may(Permission::LinksManage),
        errors,
    })
}

/// `GET /emergency-binder`
pub async fn binder(member: Member) -> Outcome {
    page(&binder_page(&member, FieldErrors::default()).await?)
}

/// `POST /emergency-binder`
pub async fn binder_wish(member: Member, form: Form) -> Outcome {
    let lang: Lang = form.parse("language").unwrap_or(member.lang);
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| binder_make(tx, &nature, &scope, lang)).await?;
    Ok(with_flash(&member.app, redirect(HERE), NoticeKind::Success, &t!(member.lang, "binder-wished")))
}

/// `GET /emergency-binder/{lang}`: the file as it was made last.
pub async fn binder_file(member: Member, Path(code): Path<String>) -> Outcome {
    let lang: Lang = code.parse().map_err(|_| Failure::NotFound)?;
    let scope = member.scope.clone();
    let kept = member.read(move |tx| binder_get(tx, &scope, lang)).await?;
    if kept.file.is_empty() {
        return Err(Failure::NotFound);
    }
    let (app, organisation) = (member.app.clone(), member.scope.organisation());
    let bytes = tokio::task::spawn_blocking(move || app.files.get(organisation, &kept.file));
    let bytes = bytes.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    let name =
        plain_name(&format!("{}_{}.pdf", t!(lang, "binder-title"), member.organisation_name), "binder");
    Ok(inline_file(&name, "application/pdf", bytes))
}

/// `POST /emergency-binder/copy`: the sealed copy for a USB stick.
pub async fn binder_carry(member: Member, form: Form) -> Outcome {
    let lang: Lang = form.parse("language").unwrap_or(member.lang);
    let (words, again) = (form.raw("words"), form.raw("again"));
    let mut errors = FieldErrors::default();
    let passphrase = Passphrase::new(words);
    if passphrase.is_none() {
        errors.add("words", t!(member.lang, "copy-short", n = Passphrase::FEWEST.to_string()));
    } else if words != again {
        errors.add("again", t!(member.lang, "copy-differs"));
    }
    let Some(passphrase) = passphrase.filter(|_| errors.is_empty()) else {
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &binder_page(&member, errors).await?);
    };
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let pack = member
        .write(move |tx| {
            let address = app.settings.public_url.as_str();
            binder_take(tx, &app.nature, &scope, &app.catalog, (lang, address))
        })
        .await?;
    let nature = member.app.nature.clone();
    let file = tokio::task::spawn_blocking(move || binder_copy(&nature, &pack, &passphrase));
    let file = file.await.map_err(Failure::internal)??;
    let name =
        plain_name(&format!("{}_{}.html", t!(lang, "binder-title"), member.organisation_name), "binder");
    Ok(attachment(&name, "text/html; charset=utf-8", file.into_bytes()))
}
