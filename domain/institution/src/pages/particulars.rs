//! `/institution`: the particulars, to read and to change.

use crate::actions::{Conflict, institution_change, institution_get};
use crate::parts::{Difference, FormWords, SHORT, beds, differences, phone, text};
use crate::words::{kind_text, remark_text};
use crate::{BadCode, Institution, InstitutionCode, Particulars, PostalCode, Prefecture, rules, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_catalog::InstitutionKind;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, page, page_with_status,
    redirect, with_flash,
};

/// The particulars as text, whatever was typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    pub name: String,
    pub name_kana: String,
    pub beds: String,
    pub postal_code: String,
    pub address: String,
    pub phone: String,
    pub code: String,
    pub kinds: Vec<Choice>,
    pub prefectures: Vec<Choice>,
}

/// The form's fields as they were sent, or empty.
pub(crate) fn typed(lang: Lang, form: &Form) -> Typed {
    let field = |name: &str| form.text(name).to_owned();
    Typed {
        name: field("name"),
        name_kana: field("name_kana"),
        beds: field("beds"),
        postal_code: field("postal_code"),
        address: field("address"),
        phone: field("phone"),
        code: field("code"),
        kinds: kinds(lang, form.text("kind")),
        prefectures: prefectures(lang, form.text("prefecture")),
    }
}

fn stored(lang: Lang, institution: &Institution) -> Typed {
    Typed {
        name: institution.name.clone(),
        name_kana: institution.name_kana.clone(),
        beds: institution.beds.to_string(),
        postal_code: institution.postal_code.clone(),
        address: institution.address.clone(),
        phone: institution.phone.clone(),
        code: institution.code.clone(),
        kinds: kinds(lang, institution.kind.code()),
        prefectures: prefectures(lang, &institution.prefecture.code()),
    }
}

fn kinds(lang: Lang, chosen: &str) -> Vec<Choice> {
    InstitutionKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), kind_text(lang, *kind)).chosen(kind.code() == chosen))
        .collect()
}

fn prefectures(lang: Lang, chosen: &str) -> Vec<Choice> {
    Prefecture::all()
        .map(|prefecture| {
            let code = prefecture.code();
            let is_chosen = code == chosen;
            Choice::new(code, prefecture.name(lang)).chosen(is_chosen)
        })
        .collect()
}

/// Parses the particulars; every fault is noted at its field.
pub(crate) fn read(lang: Lang, form: &Form, errors: &mut FieldErrors) -> Option<Particulars> {
    let name = text(form, lang, errors, "name", SHORT, true);
    let name_kana = text(form, lang, errors, "name_kana", SHORT, false);
    let kind = form.parse::<InstitutionKind>("kind");
    if kind.is_none() {
        errors.add("kind", t!(lang, "error-kind"));
    }
    let beds = beds(form, lang, errors, "beds");
    let prefecture = form.parse::<Prefecture>("prefecture");
    if prefecture.is_none() {
        errors.add("prefecture", t!(lang, "error-prefecture"));
    }
    let postal_code = form.parse::<PostalCode>("postal_code");
    if postal_code.is_none() && !form.text("postal_code").is_empty() {
        errors.add("postal_code", t!(lang, "error-postal-code"));
    }
    let address = text(form, lang, errors, "address", SHORT * 2, false);
    let phone = phone(form, lang, errors, "phone").parse().ok();
    let code = code(lang, form, errors);
    if !errors.is_empty() {
        return None;
    }
    Some(Particulars {
        name,
        name_kana,
        kind: kind?,
        beds,
        prefecture: prefecture?,
        postal_code,
        address,
        phone,
        code,
    })
}

fn code(lang: Lang, form: &Form, errors: &mut FieldErrors) -> Option<InstitutionCode> {
    let typed = form.text("code");
    if typed.is_empty() {
        return None;
    }
    match typed.parse() {
        Ok(code) => return Some(code),
        Err(BadCode::SevenDigits) => errors.add("code", t!(lang, "error-code-seven")),
        Err(BadCode::NotTenDigits) => errors.add("code", t!(lang, "error-code-ten")),
        Err(BadCode::NoPrefecture) => errors.add("code", t!(lang, "error-code-prefecture")),
    }
    None
}

#[derive(Template)]
#[template(path = "institution.html")]
struct InstitutionPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    typed: Typed,
    version: i64,
    errors: FieldErrors,
    differences: Vec<Difference>,
    remarks: Vec<String>,
    interview_done: bool,
}

impl InstitutionPage {
    fn new(member: &Member, institution: &Institution) -> InstitutionPage {
        let lang = member.lang;
        let remarks = [
            rules::beds_remark(institution.kind, institution.beds),
            rules::code_remark(institution.prefecture, &institution.code),
        ];
        InstitutionPage {
            page: member.shell(&t!(lang, "institution-title"), Section::Institution),
            lang,
            words: FormWords::in_lang(lang),
            typed: stored(lang, institution),
            version: institution.version,
            errors: FieldErrors::default(),
            differences: Vec::new(),
            remarks: remarks.into_iter().flatten().map(|remark| remark_text(lang, remark)).collect(),
            interview_done: institution.interview_done_at.is_some(),
        }
    }
}

/// The particulars.
pub async fn institution(member: Member) -> Outcome {
    let scope = member.scope.clone();
    let institution = member
        .read(move |tx| {
            scope.require(Permission::InstitutionEdit)?;
            institution_get(tx, &scope)
        })
        .await?;
    page(&InstitutionPage::new(&member, &institution))
}

/// Stores the particulars.
pub async fn institution_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let parsed = read(lang, &form, &mut errors);
    let version: i64 = form.parse("version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    let Some(new) = parsed else {
        let institution = member.read(move |tx| institution_get(tx, &scope)).await?;
        let filled = InstitutionPage {
            typed: typed(lang, &form),
            version,
            errors,
            remarks: Vec::new(),
            ..InstitutionPage::new(&member, &institution)
        };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let mine = new.clone();
    match member.write(move |tx| institution_change(tx, &nature, &scope, version, &new)).await {
        Ok(()) => {
            let saved = t!(lang, "institution-saved");
            Ok(with_flash(&member.app, redirect("/institution"), NoticeKind::Success, &saved))
        }
        Err(Refused::Because(Conflict(theirs))) => {
            let filled = InstitutionPage {
                typed: typed(lang, &form),
                differences: compare(lang, &theirs.with(&mine), &theirs),
                remarks: Vec::new(),
                ..InstitutionPage::new(&member, &theirs)
            };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn compare(lang: Lang, mine: &Institution, theirs: &Institution) -> Vec<Difference> {
    let row = |label: String, of: &dyn Fn(&Institution) -> String| (label, of(mine), of(theirs));
    differences(vec![
        row(t!(lang, "field-name"), &|i| i.name.clone()),
        row(t!(lang, "field-name-kana"), &|i| i.name_kana.clone()),
        row(t!(lang, "field-kind"), &|i| kind_text(lang, i.kind)),
        row(t!(lang, "field-beds"), &|i| i.beds.to_string()),
        row(t!(lang, "field-prefecture"), &|i| i.prefecture.name(lang).to_owned()),
        row(t!(lang, "field-postal-code"), &|i| i.postal_code.clone()),
        row(t!(lang, "field-address"), &|i| i.address.clone()),
        row(t!(lang, "field-phone"), &|i| i.phone.clone()),
        row(t!(lang, "field-code"), &|i| i.code.clone()),
    ])
}
