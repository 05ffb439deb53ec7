//! The loaded workbooks, and loading one.

use super::at_bench;
use crate::official::actions::{LoadRefusal, NewForm, form_load, forms as loaded_forms};
use crate::official::recognise::{Unrecognised, recognise_form};
use crate::official::words::{self, Refusal};
use crate::t;
use askama::Template;
use axum::http::StatusCode;
use komainu_catalog::{Catalog, Variant};
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldError, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Upload,
    moment_text, page_with_status, redirect, with_flash,
};
use std::collections::BTreeSet;

struct Loaded {
    href: String,
    name: String,
    file_name: String,
    when: String,
    confirmed: bool,
    rows: i64,
}

/// The page of all loaded workbooks with the form to load one.
#[derive(Template)]
#[template(path = "official/list.html")]
struct ListPage {
    page: Shell,
    lang: Lang,
    loaded: Vec<Loaded>,
    source: Option<String>,
    years: Vec<Choice>,
    variants: Vec<Choice>,
    refusal: Option<Refusal>,
    errors: Vec<FieldError>,
    /// What is wrong with the file and what to do; empty where nothing is.
    file_error: String,
    /// A file that was sent already and only waits for a word.
    waiting: Option<Waiting>,
}

/// A file that was sent and sealed, so that it need not be chosen again.
struct Waiting {
    digest: String,
    file_name: String,
    /// The version of the workbook that it would replace.
    replaces: Option<i64>,
}

/// What was sent to be loaded.
#[derive(Clone, Default)]
struct Sent {
    file_name: String,
    bytes: Vec<u8>,
    year: Option<i32>,
    variant: Option<Variant>,
    replaces: Option<i64>,
}

/// The loaded workbooks.
pub async fn forms(member: Member) -> Outcome {
    list(&member, StatusCode::OK, None, None, (None, None)).await
}

async fn list(
    member: &Member,
    status: StatusCode,
    refusal: Option<Refusal>,
    waiting: Option<Waiting>,
    chosen: (Option<i32>, Option<Variant>),
) -> Outcome {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let scope = member.scope.clone();
    let loaded = member.read(move |tx| loaded_forms(tx, &scope)).await?;
    let latest = catalog.latest_edition();
    // What is wrong with a file stands at its field; what is asked about one that waits stands above its form.
    let fault = refusal.as_ref().filter(|_| waiting.is_none());
    let errors = fault.map(|fault| FieldError { field: "file".into(), message: fault.what.clone() });
    let file_error =
        fault.map(|fault| t!(lang, "official-fault", what = fault.what.as_str(), todo = fault.todo.as_str()));
    let page = ListPage {
        page: member.shell(&t!(lang, "official-title"), Section::Checklist),
        lang,
        loaded: loaded
            .into_iter()
            .map(|(form, rows)| Loaded {
                href: form.path(),
                name: format!(
                    "{} {}",
                    words::year(lang, form.fiscal_year),
                    words::form_name(lang, catalog, form.fiscal_year, form.variant)
                ),
                when: moment_text(lang, form.loaded_at),
                confirmed: form.confirmed.is_some(),
                file_name: form.file_name,
                rows,
            })
            .collect(),
        source: latest.and_then(|edition| edition.workbook_url.clone()),
        years: years(lang, catalog, chosen.0),
        variants: variants(lang, catalog, chosen.1),
        errors: errors.into_iter().collect(),
        file_error: file_error.unwrap_or_default(),
        refusal,
        waiting,
    };
    page_with_status(status, &page)
}

fn years(lang: Lang, catalog: &Catalog, chosen: Option<i32>) -> Vec<Choice> {
    let editions = catalog.editions().iter().rev().map(|edition| *edition.fiscal_year);
    editions
        .map(|year| Choice::new(year.to_string(), words::year(lang, year)).chosen(chosen == Some(year)))
        .collect()
}

fn variants(lang: Lang, catalog: &Catalog, chosen: Option<Variant>) -> Vec<Choice> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for edition in catalog.editions().iter().rev() {
        for form in edition.form.iter().filter(|form| seen.insert(*form.variant)) {
            let variant = *form.variant;
            let choice = Choice::new(variant.code(), form.title.get(lang)).chosen(chosen == Some(variant));
            all.push(choice);
        }
    }
    all
}

/// Loads a workbook: one that is sent now, or one that was sent a moment ago and waited for a word.
pub async fn load(member: Member, upload: Upload) -> Outcome {
    let lang = member.lang;
    let Some(sent) = sent(&member, upload).await? else {
        let refusal = Refusal { what: t!(lang, "official-no-file"), todo: t!(lang, "official-no-file-do") };
        return list(&member, StatusCode::UNPROCESSABLE_ENTITY, Some(refusal), None, (None, None)).await;
    };
    let (catalog, bytes) = (member.app.catalog.clone(), sent.bytes.clone());
    let (year, variant) = (sent.year, sent.variant);
    let recognised = at_bench(move || recognise_form(&catalog, &bytes, year, variant)).await?;
    let recognised = match recognised {
        Ok(recognised) => recognised,
        Err(why @ Unrecognised::Which { .. }) => {
            return which(&member, sent, &why).await;
        }
        Err(why) => {
            let refusal = words::unrecognised(lang, &member.app.catalog, &why);
            let chosen = (sent.year, sent.variant);
            return list(&member, StatusCode::UNPROCESSABLE_ENTITY, Some(refusal), None, chosen).await;
        }
    };
    let address = format!("/official/{}/{}", recognised.fiscal_year, recognised.variant);
    let chosen = (Some(recognised.fiscal_year), Some(recognised.variant));
    let new = NewForm {
        file_name: sent.file_name.clone(),
        bytes: sent.bytes.clone(),
        recognised,
        replaces: sent.replaces,
    };
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let kept = member.write(move |tx| form_load(tx, &app.nature, &scope, &app.files, &new)).await;
    match kept {
        Ok(()) => {
            let text = t!(lang, "official-loaded");
            Ok(with_flash(&member.app, redirect(&address), NoticeKind::Success, &text))
        }
        Err(Refused::Because(LoadRefusal::Exists(version))) => {
            let waiting = keep(&member, sent, Some(version)).await?;
            let refusal = Refusal { what: t!(lang, "official-exists"), todo: t!(lang, "official-exists-do") };
            list(&member, StatusCode::UNPROCESSABLE_ENTITY, Some(refusal), Some(waiting), chosen).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Asks which form of which year it is, with the likely ones chosen.
async fn which(member: &Member, sent: Sent, why: &Unrecognised) -> Outcome {
    let refusal = words::unrecognised(member.lang, &member.app.catalog, why);
    let Unrecognised::Which { years, variants } = why else { return Err(Failure::internal("no choice")) };
    let chosen = (sent.year.or(years.first().copied()), sent.variant.or(variants.first().copied()));
    let waiting = keep(member, sent, None).await?;
    list(member, StatusCode::UNPROCESSABLE_ENTITY, Some(refusal), Some(waiting), chosen).await
}

/// Seals a file that waits for a word, so that it need not be chosen again.
async fn keep(member: &Member, sent: Sent, replaces: Option<i64>) -> Result<Waiting, Failure> {
    let (app, scope, bytes) = (member.app.clone(), member.scope.clone(), sent.bytes);
    let stored = member
        .write(move |tx| app.files.put(tx, &scope, &app.nature, &bytes).map_err(Failure::internal))
        .await?;
    Ok(Waiting { digest: stored.digest, file_name: sent.file_name, replaces })
}

/// What was sent; none where no file was chosen.
async fn sent(member: &Member, upload: Upload) -> Result<Option<Sent>, Failure> {
    let Upload { form, files } = upload;
    let said = Sent {
        year: form.parse("year"),
        variant: form.parse("variant"),
        replaces: form.parse("replaces"),
        ..Sent::default()
    };
    if let Some((_, file_name, bytes)) = files.into_iter().find(|(field, ..)| field == "file") {
        return Ok(Some(Sent { file_name, bytes, ..said }));
    }
    let Some((digest, file_name)) = waited(&form) else { return Ok(None) };
    let (files, organisation) = (member.app.files.clone(), member.scope.organisation());
    // A digest that names no file of this organisation is no file.
    let found = at_bench(move || files.get(organisation, &digest)).await?;
    let bytes = found.map_err(|_| Failure::NotFound)?;
    Ok(Some(Sent { file_name, bytes, ..said }))
}

fn waited(form: &Form) -> Option<(String, String)> {
    let digest = form.text("digest");
    let sound = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    sound.then(|| (digest.to_ascii_lowercase(), form.text("file_name").to_owned()))
}
