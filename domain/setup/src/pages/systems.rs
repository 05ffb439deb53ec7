//! The third step: which systems, by tapping tiles.

use super::{Frame, load, onward};
use crate::actions::{SystemsRefusal, setup_systems};
use crate::{Interview, Step, SystemsAnswer, t};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use komainu_catalog::{SystemKind, SystemKindId};
use komainu_i18n::Lang;
use komainu_institution::parts::SHORT;
use komainu_inventory::rules::usual_kinds;
use komainu_inventory::{SystemId, other_kind};
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, Outcome, Refused, Shell, page, page_with_status,
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// More other systems than this is a pasted text, not a list.
pub(crate) const MOST_OTHERS: usize = 50;

/// Whether the usual kinds were asked to be ticked.
#[derive(Debug, Deserialize)]
pub struct Usual {
    #[serde(default)]
    usual: String,
}

#[derive(Template)]
#[template(path = "setup_systems.html")]
struct SystemsPage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    /// Kinds usual in this kind of institution, and kinds that are ticked.
    tiles: Vec<Choice>,
    /// All the others.
    more: Vec<Choice>,
    others: String,
    shown: Vec<SystemId>,
    usual_ticked: bool,
    offer_usual: bool,
    /// Names of the systems that would be removed; empty unless that is asked.
    leaving: Vec<String>,
    changed: bool,
    errors: FieldErrors,
}

fn systems_page(
    member: &Member,
    interview: &Interview,
    ticked: &BTreeSet<SystemKindId>,
    others: String,
) -> SystemsPage {
    let (lang, kind) = (member.lang, interview.institution.kind);
    let frame = Frame::new(member, interview, Step::Systems);
    let choice = |system: &SystemKind| {
        Choice::new(system.id.as_str(), system.name.get(lang))
            .hint(system.explanation.get(lang))
            .chosen(ticked.contains(&*system.id))
    };
    let near = |system: &&SystemKind| system.kinds.contains(&kind) || ticked.contains(&*system.id);
    let all = member.app.catalog.system_kinds();
    SystemsPage {
        page: frame.page.clone(),
        lang,
        frame,
        tiles: all.iter().filter(near).map(choice).collect(),
        more: all.iter().filter(|system| !near(system)).map(choice).collect(),
        others,
        shown: interview.systems.iter().map(|system| system.id).collect(),
        usual_ticked: false,
        offer_usual: !interview.answered.contains(&Step::Systems),
        leaving: Vec::new(),
        changed: false,
        errors: FieldErrors::default(),
    }
}

/// The tiles, ticked as the ledger stands; with `?usual=1` the usual ones are ticked too.
pub async fn systems(member: Member, Query(usual): Query<Usual>) -> Outcome {
    let interview = load(&member).await?;
    let mut ticked: BTreeSet<SystemKindId> =
        interview.systems.iter().map(|system| system.kind.clone()).collect();
    let usual_ticked = !usual.usual.is_empty();
    if usual_ticked {
        let kinds = usual_kinds(interview.institution.kind, interview.institution.systems);
        ticked.extend(kinds.into_iter().filter_map(|kind| kind.parse().ok()));
    }
    let other = other_kind();
    let others: Vec<&str> = interview
        .systems
        .iter()
        .filter(|system| system.kind == other)
        .map(|system| system.name.as_str())
        .collect();
    page(&SystemsPage { usual_ticked, ..systems_page(&member, &interview, &ticked, others.join("\n")) })
}

/// Stores the answer, or asks before something is removed.
pub async fn systems_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let others: Vec<String> = form
        .text("others")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if others.len() > MOST_OTHERS || others.iter().any(|name| name.chars().count() > SHORT) {
        errors.add("others", t!(lang, "error-others", lines = MOST_OTHERS, most = SHORT));
    }
    let known = |kind: &SystemKindId| member.app.catalog.system_kinds().iter().any(|k| *k.id == *kind);
    let answer = SystemsAnswer {
        shown: form.all("shown").filter_map(|id| id.parse().ok()).collect(),
        kinds: form.all("kind").filter_map(|kind| kind.parse().ok()).filter(known).collect(),
        others,
        confirmed: form.text("confirmed") == "yes",
    };
    let again = |interview: &Interview| {
        let filled = systems_page(&member, interview, &answer.kinds, form.text("others").to_owned());
        SystemsPage { shown: answer.shown.iter().copied().collect(), ..filled }
    };
    if !errors.is_empty() {
        let filled = SystemsPage { errors, ..again(&load(&member).await?) };
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    }
    let (scope, app, sent) = (member.scope.clone(), member.app.clone(), answer.clone());
    let stored =
        member.write(move |tx| setup_systems(tx, &app.nature, &scope, &app.catalog, lang, &sent)).await;
    match stored {
        Ok(()) => Ok(onward(Step::Systems)),
        Err(Refused::Because(SystemsRefusal::AskFirst(leaving))) => {
            let leaving = leaving.into_iter().map(|system| system.name).collect();
            let filled = SystemsPage { leaving, ..again(&load(&member).await?) };
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled)
        }
        Err(Refused::Because(SystemsRefusal::Changed)) => {
            let filled = SystemsPage { changed: true, ..again(&load(&member).await?) };
            page_with_status(StatusCode::CONFLICT, &filled)
        }
        Err(Refused::Failed(failure)) => Err::<_, Failure>(failure),
    }
}
