//! Every incident, and the one red button.

use super::{HOME, leads, path_of};
use crate::model::{Incident, State};
use crate::{actions, t, words};
use askama::Template;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, moment_text, page};

struct Row {
    href: String,
    title: String,
    about: String,
    level: String,
    level_sign: &'static str,
    state: String,
    state_sign: &'static str,
    drill: bool,
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct ListPage {
    page: Shell,
    lang: Lang,
    leads: bool,
    new: String,
    /// Those that run, then those that are over.
    groups: Vec<(String, Vec<Row>)>,
}

/// `GET /incidents`
pub async fn incidents(member: Member) -> Outcome {
    let scope = member.scope.clone();
    let all = member.read(move |tx| actions::incidents(tx, &scope)).await?;
    let (over, running): (Vec<_>, Vec<_>) = all.iter().partition(|incident| incident.state == State::Closed);
    let group = |title: String, list: Vec<&Incident>| {
        let rows: Vec<Row> = list.into_iter().map(|incident| row(&member, incident)).collect();
        (!rows.is_empty()).then_some((title, rows))
    };
    let groups = [group(t!(member.lang, "list-running"), running), group(t!(member.lang, "list-over"), over)];
    page(&ListPage {
        page: member.shell(&t!(member.lang, "list-title"), Section::Incident),
        lang: member.lang,
        leads: leads(&member),
        new: format!("{HOME}/new"),
        groups: groups.into_iter().flatten().collect(),
    })
}

fn row(member: &Member, incident: &Incident) -> Row {
    let lang = member.lang;
    let kind = words::kind_text(&member.app.catalog, lang, &incident.kind);
    Row {
        href: path_of(incident.id),
        title: words::title_text(lang, incident),
        about: t!(lang, "row-about", kind = kind, at = moment_text(lang, incident.declared_at)),
        level: words::level_text(lang, incident.level),
        level_sign: words::level_badge(incident.level),
        state: words::state_text(lang, incident.state),
        state_sign: words::state_badge(incident.state),
        drill: incident.drill,
    }
}
