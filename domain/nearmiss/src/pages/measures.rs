//! Every open measure of every case, the most urgent first: where the plan's step leads.

use super::{Side, path_of, tabs};
use crate::model::Measure;
use crate::rules::is_late;
use crate::{actions, t};
use askama::Template;
use chrono::NaiveDate;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, Tab, date_text, page};

struct Row {
    href: String,
    what: String,
    about: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "measures.html")]
struct MeasuresPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    open: Vec<Row>,
}

/// `GET /near-miss/measures`
pub async fn measures(member: Member) -> Outcome {
    let (lang, scope, today) = (member.lang, member.scope.clone(), member.app.nature.today());
    let open = member.read(move |tx| actions::measures_open(tx, &scope)).await?;
    page(&MeasuresPage {
        page: member.shell(&t!(lang, "open-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::Measures),
        sides: t!(lang, "sides"),
        open: open.into_iter().map(|measure| row(lang, today, measure)).collect(),
    })
}

fn row(lang: Lang, today: NaiveDate, measure: Measure) -> Row {
    let late = is_late(&measure, today);
    let who = if measure.owner_name.is_empty() { t!(lang, "measure-ownerless") } else { measure.owner_name };
    let until = measure.due_on.map_or_else(|| t!(lang, "open-undated"), |day| date_text(lang, day));
    Row {
        href: format!("{}#measures", path_of(measure.near_miss)),
        what: measure.detail.what,
        about: t!(lang, "open-about", who = who, until = until),
        late,
    }
}
