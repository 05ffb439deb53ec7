//! What the reports are filled from: each fact once, with the reports that need it.

use super::{Head, Side, UNPROCESSABLE, done, head, id_of, path_of, seen, version_of, writes};
use crate::actions;
use crate::model::{Case, Fact, Fields, IncidentId, Sheet};
use crate::{rules, t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, differences, text};
use komainu_web::{Conflict, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, page_with_status};

struct FactView {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
}

#[derive(Template)]
#[template(path = "incident_facts.html")]
struct FactsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    leads: bool,
    action: String,
    version: i64,
    facts: Vec<FactView>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What the form held when it could not be taken.
#[derive(Default)]
struct Typed {
    fields: Option<Fields>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// `GET /incidents/{id}/facts`
pub async fn facts(member: Member, Path(id): Path<String>) -> Outcome {
    shown(&member, id_of(&id)?, StatusCode::OK, Typed::default()).await
}

async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let case = seen(member, id).await?;
    let lang = member.lang;
    page_with_status(
        status,
        &FactsPage {
            page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
            lang,
            words: FormWords::in_lang(lang),
            head: head(member, &case.incident, Side::Facts),
            leads: writes(member, &case.incident),
            action: format!("{}/facts", path_of(id)),
            version: case.facts.version,
            facts: views(lang, &case, typed.fields.as_ref()),
            errors: typed.errors,
            differences: typed.differences,
        },
    )
}

/// Facts that only one kind of incident has; the others are asked of every one.
fn fits(kind: &str, fact: Fact) -> bool {
    match fact {
        Fact::Malware | Fact::RansomNote | Fact::FileEnding => kind == "ransomware",
        Fact::DosTarget | Fact::DosKind | Fact::DosTime => kind == "denial-of-service",
        _ => true,
    }
}

fn views(lang: Lang, case: &Case, typed: Option<&Fields>) -> Vec<FactView> {
    let of = |fact: Fact| match typed {
        Some(fields) => fields.get(fact.code()).map(String::as_str).unwrap_or_default(),
        None => rules::said(case, fact),
    };
    // What was written stays in sight also after the kind was changed.
    let shown = |fact: &&Fact| fits(&case.incident.kind, **fact) || !of(**fact).is_empty();
    Fact::ALL
        .iter()
        .filter(shown)
        .map(|fact| {
            let reports: Vec<String> =
                rules::wanted(*fact).map(|report| words::report_text(lang, report)).collect();
            FactView {
                name: fact.code(),
                label: words::fact_text(lang, *fact),
                hint: t!(
                    lang,
                    "fact-for",
                    hint = words::fact_hint(lang, *fact),
                    reports = reports.join(&t!(lang, "comma"))
                ),
                value: of(*fact).to_owned(),
            }
        })
        .collect()
}

/// Reads the facts of a form.
pub(crate) fn read_facts(form: &Form, lang: Lang, errors: &mut FieldErrors) -> Fields {
    let fields = Fact::ALL.iter().map(|fact| {
        let name = fact.code();
        (name.to_owned(), text(form, lang, errors, name, LONG, false))
    });
    rules::filled(fields.collect())
}

/// `POST /incidents/{id}/facts`
pub async fn facts_save(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let mut errors = FieldErrors::default();
    let fields = read_facts(&form, lang, &mut errors);
    if !errors.is_empty() {
        let typed = Typed { fields: Some(fields), errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    }
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), fields.clone());
    let saved = member
        .write(move |tx| actions::sheet_save(tx, &app.nature, &scope, (id, Sheet::Facts, version), &wish))
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &format!("{}/reports", path_of(id)), &t!(lang, "facts-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let of = |fields: &Fields, fact: Fact| fields.get(fact.code()).cloned().unwrap_or_default();
            let rows = Fact::ALL
                .iter()
                .map(|fact| (words::fact_text(lang, *fact), of(&fields, *fact), of(&theirs.fields, *fact)));
            let differences = differences(rows.collect());
            let typed = Typed { fields: Some(fields.clone()), differences, ..Typed::default() };
            shown(&member, id, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
