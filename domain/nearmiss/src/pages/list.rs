//! Every report, for who handles them; others are led to reporting.

use super::{Side, path_of, tabs};
use crate::model::{NearMiss, State};
use crate::{actions, t, words};
use askama::Template;
use komainu_access::Permission;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;
use komainu_web::{Form, Member, Outcome, Section, Shell, Tab, moment_text, page, redirect};

struct Row {
    href: String,
    number: String,
    symptom: String,
    about: String,
    level: String,
    state: String,
    sign: &'static str,
}

#[derive(Template)]
#[template(path = "near_misses.html")]
struct ListPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    /// States with how many reports stand there.
    states: Vec<Tab>,
    rows: Vec<Row>,
    none_at_all: bool,
}

/// `GET /near-miss`
pub async fn near_misses(member: Member, axum::extract::RawQuery(query): axum::extract::RawQuery) -> Outcome {
    if !member.scope.may(Permission::NearMissHandle) {
        return Ok(redirect("/near-miss/report"));
    }
    let (lang, scope) = (member.lang, member.scope.clone());
    let query = Form::read(query.unwrap_or_default().as_bytes())?;
    let wanted: Option<State> = query.parse("state");
    let all = member.read(move |tx| actions::near_misses(tx, &scope)).await?;
    let shown = all.iter().filter(|one| wanted.is_none_or(|state| one.state == state));
    page(&ListPage {
        page: member.shell(&t!(lang, "list-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::List),
        sides: t!(lang, "sides"),
        states: states(lang, &all, wanted),
        rows: shown.map(|one| row(&member.app.catalog, lang, one)).collect(),
        none_at_all: all.is_empty(),
    })
}

fn states(lang: Lang, all: &[NearMiss], wanted: Option<State>) -> Vec<Tab> {
    let count = |state: State| all.iter().filter(|one| one.state == state).count();
    let every = Tab {
        href: "/near-miss".to_owned(),
        label: t!(lang, "state-every", n = all.len().to_string()),
        current: wanted.is_none(),
    };
    let each = State::ALL.iter().map(|state| Tab {
        href: format!("/near-miss?state={}", state.code()),
        label: t!(
            lang,
            "state-count",
            state = words::state_text(lang, *state),
            n = count(*state).to_string()
        ),
        current: wanted == Some(*state),
    });
    std::iter::once(every).chain(each).collect()
}

fn row(catalog: &Catalog, lang: Lang, near_miss: &NearMiss) -> Row {
    Row {
        href: path_of(near_miss.id),
        number: near_miss.number_text(),
        symptom: words::symptom_text(catalog, lang, &near_miss.symptom),
        about: t!(
            lang,
            "row-about",
            when = moment_text(lang, near_miss.written_at),
            place = words::place_text(lang, &near_miss.detail.place)
        ),
        level: near_miss.level.map(|level| t!(lang, "level-short", code = level.code())).unwrap_or_default(),
        state: words::state_text(lang, near_miss.state),
        sign: words::state_badge(near_miss.state),
    }
}
