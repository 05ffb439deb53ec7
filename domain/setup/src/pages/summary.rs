//! The end: what was said, what follows from it and why, and what comes next.

use super::{load, marks, path, short};
use crate::actions::setup_finish;
use crate::rules::verdict;
use crate::{Interview, Step, t};
use askama::Template;
use komainu_catalog::{Catalog, GuidelineType, Located, SourceId};
use komainu_contact::words::duty_text;
use komainu_i18n::Lang;
use komainu_institution::Systems;
use komainu_institution::words::{kind_text, systems_text};
use komainu_inventory::words::known_text;
use komainu_web::{
    Form, Member, NoticeKind, Outcome, Refused, Section, Shell, Step as Mark, page, redirect, with_flash,
};

/// Something that was said.
struct Said {
    label: String,
    text: String,
    href: String,
}

/// A type of the guideline, in words.
struct TypeView {
    id: String,
    text: String,
    reading: String,
    simplification: String,
    confirmed: bool,
    sources: Vec<SourceView>,
}

/// Where a fact was read.
struct SourceView {
    what: String,
    url: String,
}

/// The outcome about version 7.0's route, in words.
struct RouteView {
    text: String,
    confirmed: bool,
    sources: Vec<SourceView>,
}

#[derive(Template)]
#[template(path = "setup_summary.html")]
struct SummaryPage {
    page: Shell,
    lang: Lang,
    steps_name: String,
    steps: Vec<Mark>,
    /// Name and address of the steps that are still open.
    open: Vec<(String, String)>,
    said: Vec<Said>,
    types: Vec<TypeView>,
    types_confirmed: bool,
    reasons: Vec<String>,
    per_system: Vec<(String, String)>,
    /// Why there is no type yet; empty where there is one.
    no_type: String,
    route: Option<RouteView>,
    servers: Vec<String>,
    contradicting: Vec<String>,
    has_outside_contacts: bool,
    finished: bool,
}

/// The summary.
pub async fn summary(member: Member) -> Outcome {
    let interview = load(&member).await?;
    page(&summary_page(&member, &interview))
}

/// Ends the interview and leads to today's step.
pub async fn finish(member: Member, _: Form) -> Outcome {
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| setup_finish(tx, &nature, &scope)).await {
        Ok(()) => {
            let done = t!(member.lang, "finish-done");
            Ok(with_flash(&member.app, redirect("/"), NoticeKind::Success, &done))
        }
        Err(Refused::Because(step)) => {
            let still = t!(member.lang, "finish-open");
            Ok(with_flash(&member.app, redirect(&path(step)), NoticeKind::Warning, &still))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

fn summary_page(member: &Member, interview: &Interview) -> SummaryPage {
    let (lang, catalog) = (member.lang, &member.app.catalog);
    let verdict = verdict(catalog, &interview.institution, &interview.systems);
    let route = verdict.route.map(|route| RouteView {
        text: route.text.get(lang).to_owned(),
        confirmed: route.confirmed,
        sources: sources(catalog, lang, &route.sources),
    });
    let type_name = |kind: Option<&GuidelineType>| match kind {
        Some(kind) => t!(lang, "type-name", id = kind.id.as_str()),
        None => t!(lang, "type-open"),
    };
    let open = Step::ALL.into_iter().filter(|step| !interview.answered.contains(step));
    SummaryPage {
        page: member.shell(&t!(lang, "title-summary"), Section::Institution),
        lang,
        steps_name: t!(lang, "steps-name"),
        steps: marks(lang, interview, None),
        open: open.map(|step| (short(lang, step), path(step))).collect(),
        said: said(lang, interview),
        types: verdict.types.iter().map(|kind| type_view(catalog, lang, kind)).collect(),
        types_confirmed: verdict.confirmed,
        reasons: verdict.reasons.iter().map(|reason| reason.get(lang).to_owned()).collect(),
        per_system: verdict.per_system.into_iter().map(|of| (of.name, type_name(of.kind))).collect(),
        no_type: no_type(lang, interview),
        route,
        servers: verdict.servers,
        contradicting: verdict.contradicting,
        has_outside_contacts: interview.contacts.iter().any(|contact| contact.outside),
        finished: interview.institution.interview_done_at.is_some(),
    }
}

fn type_view(catalog: &Catalog, lang: Lang, kind: &GuidelineType) -> TypeView {
    TypeView {
        id: (*kind.id).clone(),
        text: kind.text.get(lang).to_owned(),
        reading: kind.reading.get(lang).to_owned(),
        simplification: kind
            .simplification
            .as_ref()
            .map(|text| text.get(lang).to_owned())
            .unwrap_or_default(),
        confirmed: kind.confirmed,
        sources: sources(catalog, lang, &kind.sources),
    }
}

fn sources(catalog: &Catalog, lang: Lang, ids: &[Located<SourceId>]) -> Vec<SourceView> {
    catalog
        .sources(ids)
        .into_iter()
        .map(|source| SourceView {
            what: source.what.get(lang).to_owned(),
            url: source.url.clone().unwrap_or_default(),
        })
        .collect()
}

fn no_type(lang: Lang, interview: &Interview) -> String {
    let institution = &interview.institution;
    match (institution.systems, institution.operator_on_staff) {
        (Some(Systems::None), _) => t!(lang, "no-type-paper"),
        (None, _) => t!(lang, "no-type-running"),
        (Some(_), None) => t!(lang, "no-type-operator"),
        (Some(_), Some(_)) => String::new(),
    }
}

fn said(lang: Lang, interview: &Interview) -> Vec<Said> {
    let institution = &interview.institution;
    let row = |step: Step, label: String, text: String| Said { label, text, href: path(step) };
    let names = |names: Vec<&str>| names.join(&t!(lang, "list-comma"));
    let systems = interview.systems.iter().map(|system| system.name.as_str()).collect();
    let vendors = interview.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
    let posts: Vec<String> = interview
        .contacts
        .iter()
        .filter(|contact| !contact.outside)
        .map(|contact| {
            t!(lang, "said-duty", duty = duty_text(lang, &contact.duty), name = contact.name.as_str())
        })
        .collect();
    let systems_said = institution.systems.map(|systems| systems_text(lang, systems)).unwrap_or_default();
    vec![
        row(Step::Place, t!(lang, "field-kind"), kind_text(lang, institution.kind)),
        row(Step::Place, t!(lang, "field-beds"), institution.beds.to_string()),
        row(Step::Place, t!(lang, "field-prefecture"), institution.prefecture.name(lang).to_owned()),
        row(Step::Running, t!(lang, "field-systems"), systems_said),
        row(Step::Systems, t!(lang, "step-systems"), names(systems)),
        row(Step::Support, t!(lang, "step-support"), names(vendors)),
        row(Step::People, t!(lang, "step-people"), names(posts.iter().map(String::as_str).collect())),
        row(Step::People, t!(lang, "operator-question"), known_text(lang, institution.operator_on_staff)),
    ]
}
