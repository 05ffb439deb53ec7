//! What everybody of the house may learn from.

use super::{Side, tabs};
use crate::{actions, t, words};
use askama::Template;
use komainu_i18n::Lang;
use komainu_web::{Member, Outcome, Section, Shell, Tab, date_text, page};

struct Case {
    title: String,
    about: String,
    happened: String,
    learned: String,
    doing: String,
}

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    cases: Vec<Case>,
}

/// `GET /near-miss/board`
pub async fn board(member: Member) -> Outcome {
    let (lang, scope) = (member.lang, member.scope.clone());
    let cases = member.read(move |tx| actions::board(tx, &scope)).await?;
    let cases = cases.into_iter().map(|near_miss| {
        let day = near_miss.board_at.map(komainu_clock::in_japan).map(|at| date_text(lang, at.date_naive()));
        Case {
            about: t!(
                lang,
                "board-about",
                symptom = words::symptom_text(&member.app.catalog, lang, &near_miss.symptom),
                day = day.unwrap_or_default()
            ),
            title: near_miss.board.title,
            happened: near_miss.board.happened,
            learned: near_miss.board.learned,
            doing: near_miss.board.doing,
        }
    });
    page(&BoardPage {
        page: member.shell(&t!(lang, "board-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::Board),
        sides: t!(lang, "sides"),
        cases: cases.collect(),
    })
}
