//! The fourth step: who supports each system, whether from outside, and by what contract.

use super::{Frame, load, onward};
use crate::actions::setup_support;
use crate::{Interview, Step, SupportAnswer, VendorChoice, t};
use askama::Template;
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::Systems;
use komainu_institution::actions::Conflict;
use komainu_institution::parts::{Difference, FormWords, SHORT, differences, text, yes_no};
use komainu_institution::rules::by_reading;
use komainu_inventory::pages::yes_no_choices;
use komainu_inventory::rules::{counts_as_server, usual_hosting};
use komainu_inventory::words::{hosting_text, known_text};
use komainu_inventory::{Hosting, SystemRecord};
use komainu_vendor::VendorId;
use komainu_web::{Choice, FieldErrors, Form, Member, Outcome, Refused, Shell, page, page_with_status};

/// The questions about one system.
struct Row {
    id: String,
    system: String,
    version: i64,
    vendors: Vec<Choice>,
    new_vendor: String,
    hint: String,
    remote: Vec<Choice>,
    updates: Vec<Choice>,
    /// Where it runs; empty unless that has to be asked.
    hostings: Vec<Choice>,
    fault: String,
}

impl Row {
    /// The name of one of its fields.
    fn field(&self, name: &str) -> String {
        format!("{name}-{}", self.id)
    }
}

#[derive(Template)]
#[template(path = "setup_support.html")]
struct SupportPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    rows: Vec<Row>,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// Where systems run is asked one by one only where the answer about the whole leaves it open.
fn asks_hosting(interview: &Interview, system: &SystemRecord) -> bool {
    let (style, kind) = (interview.institution.systems, system.kind.as_str());
    style == Some(Systems::Mixed) && counts_as_server(kind) && usual_hosting(style, kind) == Hosting::Unknown
}

fn support_page(member: &Member, interview: &Interview, form: Option<&Form>) -> SupportPage {
    let lang = member.lang;
    let frame = Frame::new(member, interview, Step::Support);
    let rows =
        interview.systems.iter().map(|system| row(lang, &frame.words, interview, system, form)).collect();
    SupportPage {
        page: frame.page.clone(),
        lang,
        frame,
        rows,
        errors: FieldErrors::default(),
        differences: Vec::new(),
    }
}

/// A row as it is stored, or as it was typed where a form was sent with it.
fn row(
    lang: Lang,
    words: &FormWords,
    interview: &Interview,
    system: &SystemRecord,
    form: Option<&Form>,
) -> Row {
    let id = system.id.to_string();
    let sent = form.filter(|form| form.has(&format!("version-{id}")));
    let field = |name: &str| sent.map(|form| form.text(&format!("{name}-{id}")).to_owned());
    let answer = |name: &str, stored| sent.map_or(stored, |form| yes_no(form, &format!("{name}-{id}")));
    let vendor = field("vendor").map_or(system.vendor, |typed| typed.parse().ok());
    let hosting = field("hosting").and_then(|typed| typed.parse().ok()).unwrap_or(system.hosting);
    let mut known: Vec<_> = interview.vendors.iter().collect();
    known.sort_by(|a, b| by_reading(lang, (&a.name, &a.name_kana), (&b.name, &b.name_kana)));
    let hostings = if asks_hosting(interview, system) { &Hosting::ALL[..] } else { &[] };
    Row {
        system: system.name.clone(),
        version: system.version,
        vendors: known
            .into_iter()
            .map(|known| Choice::new(known.id.to_string(), &known.name).chosen(Some(known.id) == vendor))
            .collect(),
        new_vendor: field("new").unwrap_or_default(),
        hint: if interview.vendors.is_empty() {
            t!(lang, "support-first-hint")
        } else {
            t!(lang, "support-new-hint")
        },
        remote: yes_no_choices(words, answer("remote", system.remote_maintenance)),
        updates: yes_no_choices(words, answer("updates", system.updates_by_vendor)),
        hostings: hostings
            .iter()
            .map(|known| Choice::new(known.code(), hosting_text(lang, *known)).chosen(*known == hosting))
            .collect(),
        fault: String::new(),
        id,
    }
}

/// The form.
pub async fn support(member: Member) -> Outcome {
    page(&support_page(&member, &load(&member).await?, None))
}

/// Stores the answer.
pub async fn support_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let interview = load(&member).await?;
    let (answers, errors) = read(lang, &interview, &form);
    if !errors.is_empty() {
        let mut filled = support_page(&member, &interview, Some(&form));
        for row in &mut filled.rows {
            errors.of(&row.field("new")).clone_into(&mut row.fault);
        }
        filled.errors = errors;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, nature, sent) = (member.scope.clone(), member.app.nature.clone(), answers.clone());
    match member.write(move |tx| setup_support(tx, &nature, &scope, &sent)).await {
        Ok(()) => Ok(onward(Step::Support)),
        Err(Refused::Because(Conflict(theirs))) => {
            let interview = load(&member).await?;
            let mine = answers.iter().find(|answer| answer.system == theirs.id);
            let differences = mine.map(|mine| compare(lang, &interview, mine, &theirs)).unwrap_or_default();
            let filled = SupportPage { differences, ..support_page(&member, &interview, Some(&form)) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// The answers about the systems that the page asked about and that are still there.
fn read(lang: Lang, interview: &Interview, form: &Form) -> (Vec<SupportAnswer>, FieldErrors) {
    let mut errors = FieldErrors::default();
    let mut answers = Vec::new();
    for system in &interview.systems {
        let field = |name: &str| format!("{name}-{}", system.id);
        let Some(version) = form.parse(&field("version")) else { continue };
        let named = text(form, lang, &mut errors, &field("new"), SHORT, false);
        let vendor = match form.parse::<VendorId>(&field("vendor")) {
            _ if !named.is_empty() => VendorChoice::Named(named),
            Some(id) => VendorChoice::Known(id),
            None => VendorChoice::Nobody,
        };
        answers.push(SupportAnswer {
            system: system.id,
            version,
            vendor,
            remote_maintenance: yes_no(form, &field("remote")),
            updates_by_vendor: yes_no(form, &field("updates")),
            hosting: form.parse(&field("hosting")),
        });
    }
    (answers, errors)
}

fn compare(
    lang: Lang,
    interview: &Interview,
    mine: &SupportAnswer,
    theirs: &SystemRecord,
) -> Vec<Difference> {
    let name = |id: VendorId| {
        let found = interview.vendors.iter().find(|vendor| vendor.id == id);
        found.map(|vendor| vendor.name.clone()).unwrap_or_default()
    };
    let my_vendor = match &mine.vendor {
        VendorChoice::Nobody => String::new(),
        VendorChoice::Known(id) => name(*id),
        VendorChoice::Named(typed) => typed.clone(),
    };
    let label = |what: String| format!("{}: {what}", theirs.name);
    differences(vec![
        (label(t!(lang, "support-vendor")), my_vendor, theirs.vendor.map(name).unwrap_or_default()),
        (
            label(t!(lang, "support-remote-short")),
            known_text(lang, mine.remote_maintenance),
            known_text(lang, theirs.remote_maintenance),
        ),
        (
            label(t!(lang, "support-updates-short")),
            known_text(lang, mine.updates_by_vendor),
            known_text(lang, theirs.updates_by_vendor),
        ),
        (
            label(t!(lang, "support-hosting")),
            hosting_text(lang, mine.hosting.unwrap_or(theirs.hosting)),
            hosting_text(lang, theirs.hosting),
        ),
    ])
}
