//! The first step: kind, beds, prefecture.

use super::{Frame, load, onward};
use crate::actions::setup_place;
use crate::{Interview, PlaceAnswer, Step, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_catalog::InstitutionKind;
use komainu_i18n::Lang;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, beds, differences};
use komainu_institution::words::{kind_text, remark_text};
use komainu_institution::{Prefecture, rules};
use komainu_web::{
    Choice, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Shell, page, page_with_status,
    with_flash,
};

#[derive(Template)]
#[template(path = "setup_place.html")]
struct PlacePage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    kinds: Vec<Choice>,
    beds: String,
    prefectures: Vec<Choice>,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

fn place_page(member: &Member, interview: &Interview, kind: &str, beds: &str, prefecture: &str) -> PlacePage {
    let lang = member.lang;
    let frame = Frame::new(member, interview, Step::Place);
    PlacePage {
        page: frame.page.clone(),
        lang,
        frame,
        kinds: InstitutionKind::ALL
            .iter()
            .map(|known| Choice::new(known.code(), kind_text(lang, *known)).chosen(known.code() == kind))
            .collect(),
        beds: beds.to_owned(),
        prefectures: Prefecture::all()
            .map(|known| Choice::new(known.code(), known.name(lang)).chosen(known.code() == prefecture))
            .collect(),
        version: interview.institution.version,
        errors: FieldErrors::default(),
        differences: Vec::new(),
    }
}

/// The form.
pub async fn place(member: Member) -> Outcome {
    let interview = load(&member).await?;
    let known = &interview.institution;
    page(&place_page(
        &member,
        &interview,
        known.kind.code(),
        &known.beds.to_string(),
        &known.prefecture.code(),
    ))
}

/// Stores the answer.
pub async fn place_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let beds = beds(&form, lang, &mut errors, "beds");
    let kind = form.parse::<InstitutionKind>("kind");
    let prefecture = form.parse::<Prefecture>("prefecture");
    if kind.is_none() {
        errors.add("kind", t!(lang, "error-choose"));
    }
    if prefecture.is_none() {
        errors.add("prefecture", t!(lang, "error-choose"));
    }
    let version: i64 = form.parse("version").unwrap_or_default();
    let again = |interview: &Interview| {
        place_page(&member, interview, form.text("kind"), form.text("beds"), form.text("prefecture"))
    };
    let (Some(kind), Some(prefecture), true) = (kind, prefecture, errors.is_empty()) else {
        let filled = PlacePage { version, errors, ..again(&load(&member).await?) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let answer = PlaceAnswer { kind, beds, prefecture };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| setup_place(tx, &nature, &scope, version, answer)).await {
        Ok(()) => {
            let response = onward(Step::Place);
            Ok(match rules::beds_remark(kind, beds) {
                Some(remark) => {
                    with_flash(&member.app, response, NoticeKind::Warning, &remark_text(lang, remark))
                }
                None => response,
            })
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let differences = differences(vec![
                (t!(lang, "field-kind"), kind_text(lang, kind), kind_text(lang, theirs.kind)),
                (t!(lang, "field-beds"), beds.to_string(), theirs.beds.to_string()),
                (
                    t!(lang, "field-prefecture"),
                    prefecture.name(lang).to_owned(),
                    theirs.prefecture.name(lang).to_owned(),
                ),
            ]);
            let filled = PlacePage { differences, ..again(&load(&member).await?) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
