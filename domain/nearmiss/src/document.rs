//! What is learned, on paper: a meeting's list and minutes, a case of the board for the wall, a year in figures.

use crate::actions::Sitting;
use crate::model::{Meeting, NearMiss};
use crate::rules::Figures;
use crate::words::{FigurePart, figure_parts};
use crate::{t, words};
use chrono::{DateTime, Utc};
use komainu_catalog::Catalog;
use komainu_i18n::{Lang, steers};
use komainu_paper::{Paper, PaperError, Pdf, Template};
use komainu_web::date_text;
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const MEETING: Template =
    Template { name: "near-miss-meeting.typ", main: include_str!("../paper/meeting.typ"), helpers: &[] };
const LEARNING: Template =
    Template { name: "near-miss-learning.typ", main: include_str!("../paper/learning.typ"), helpers: &[] };
const FIGURES: Template =
    Template { name: "near-miss-figures.typ", main: include_str!("../paper/figures.typ"), helpers: &[] };

/// Somebody waits for them at the page; however many wait, one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// Which of a meeting's papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// What is to be talked about.
    List,
    /// What was said.
    Minutes,
}

fn sheet_text(lang: Lang, sheet: Sheet) -> String {
    match sheet {
        Sheet::List => t!(lang, "paper-list"),
        Sheet::Minutes => t!(lang, "paper-minutes"),
    }
}

fn file_name(name: &str, what: &str, ending: &str) -> String {
    let plain: String = name.chars().filter(|c| !steers(*c) && !"/\\:*?\"<>|".contains(*c)).collect();
    format!("{plain}_{what}.{ending}")
}

/// A name for a meeting's paper, in any script.
pub(crate) fn meeting_name(lang: Lang, meeting: &Meeting, sheet: Sheet) -> String {
    file_name(&meeting.content.title, &sheet_text(lang, sheet), "pdf")
}

/// A name for a case's sheet.
pub(crate) fn learning_name(lang: Lang, near_miss: &NearMiss) -> String {
    file_name(&near_miss.number_text(), &t!(lang, "paper-learning"), "pdf")
}

/// A name for a year's figures.
pub(crate) fn figures_name(lang: Lang, figures: &Figures, ending: &str) -> String {
    file_name(&figures.year.name(lang), &t!(lang, "figures-title"), ending)
}

fn set(template: &Template, data: &Value, lang: Lang, at: DateTime<Utc>) -> Result<Pdf, PaperError> {
    PAPER.render(template, data, lang, at, &|_| ControlFlow::Continue(()))
}

/// Sets one of a meeting's papers.
pub(crate) fn meeting(
    lang: Lang,
    catalog: &Catalog,
    sheet: Sheet,
    sitting: &Sitting,
    (owner, made_at): (&str, DateTime<Utc>),
) -> Result<Pdf, PaperError> {
    let Sitting { meeting, cases } = sitting;
    let content = &meeting.content;
    let pairs = content.cases.iter().zip(cases);
    let cases: Vec<Value> = pairs
        .map(|(case, near_miss)| {
            json!({
                "heading": words::heading_text(catalog, lang, near_miss),
                "about": case_facts(lang, near_miss),
                "words": case.words,
            })
        })
        .collect();
    let minutes = sheet == Sheet::Minutes;
    let data = json!({
        "title": content.title,
        "owner": owner,
        "heading": sheet_text(lang, sheet),
        "facts": [
            [t!(lang, "meeting-day"), date_text(lang, meeting.held_on)],
            [t!(lang, "meeting-place"), content.place],
            [t!(lang, "meeting-present"), content.present],
        ],
        "secret": t!(lang, "paper-inside"),
        "secret_do": t!(lang, "paper-inside-do"),
        "cases_heading": t!(lang, "meeting-cases"),
        "cases": cases,
        "caseless": t!(lang, "meeting-caseless"),
        "said": t!(lang, "paper-said"),
        "minutes": minutes,
        "texts": [
            [t!(lang, "meeting-minutes"), content.minutes],
            [t!(lang, "meeting-decided"), content.decided],
        ],
        "signed": [t!(lang, "paper-chair"), t!(lang, "paper-keeper")],
    });
    set(&MEETING, &data, lang, made_at)
}

/// Label and text of what a meeting looks at; nothing of whoever reported.
fn case_facts(lang: Lang, near_miss: &NearMiss) -> Vec<[String; 2]> {
    let level = near_miss.level.map(|level| words::level_text(lang, level)).unwrap_or_default();
    let nature = near_miss.nature.map(|nature| words::nature_text(lang, nature)).unwrap_or_default();
    let triage = &near_miss.triage;
    let all = [
        (t!(lang, "field-state"), words::state_text(lang, near_miss.state)),
        (t!(lang, "field-place"), words::place_text(lang, &near_miss.detail.place)),
        (t!(lang, "field-level"), level),
        (t!(lang, "field-nature"), nature),
        (t!(lang, "field-summary"), triage.summary.clone()),
        (t!(lang, "field-patients"), triage.patients.clone()),
        (t!(lang, "field-note"), triage.note.clone()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| [label, text]).collect()
}

/// Letters beyond which a sheet for the wall is set smaller, so that it stays one page where it can, with the size in points.
const SIZES: [(usize, u32); 4] = [(150, 18), (280, 15), (480, 12), (usize::MAX, 10)];

/// Sets a case of the board for the wall.
pub(crate) fn learning(
    lang: Lang,
    catalog: &Catalog,
    near_miss: &NearMiss,
    (owner, made_at): (&str, DateTime<Utc>),
) -> Result<Pdf, PaperError> {
    let board = &near_miss.board;
    let parts = [
        (t!(lang, "board-field-happened"), &board.happened),
        (t!(lang, "board-field-learned"), &board.learned),
    ];
    let letters: usize =
        [&board.happened, &board.learned, &board.doing].map(|text| text.chars().count()).iter().sum();
    let size = SIZES.iter().find(|(most, _)| letters <= *most).map_or(10, |(_, size)| *size);
    // What to do now stands below: whoever reads it sees the same thing one day.
    let symptom = catalog.symptom(&near_miss.symptom);
    let first: Vec<&str> = symptom
        .map(|symptom| symptom.now.iter().take(3).map(|step| step.get(lang)).collect())
        .unwrap_or_default();
    let parts: Vec<[&String; 2]> =
        parts.iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| [label, *text]).collect();
    let data = json!({
        "title": board.title,
        "owner": owner,
        "kind": t!(lang, "paper-learning"),
        "symptom": words::symptom_text(catalog, lang, &near_miss.symptom),
        "size": size,
        "parts": parts,
        "doing_heading": t!(lang, "board-field-doing"),
        "doing": board.doing,
        "first_heading": t!(lang, "paper-first"),
        "first": first,
        "first_unconfirmed": symptom.is_some_and(|symptom| !symptom.confirmed),
        "tell": t!(lang, "paper-tell"),
    });
    set(&LEARNING, &data, lang, made_at)
}

/// Sets a year in figures.
pub(crate) fn figures(
    lang: Lang,
    catalog: &Catalog,
    figures: &Figures,
    (owner, made_at): (&str, DateTime<Utc>),
) -> Result<Pdf, PaperError> {
    let part = |FigurePart { heading, lines }: FigurePart| json!({ "heading": heading, "lines": lines });
    let parts: Vec<Value> = figure_parts(lang, catalog, figures).into_iter().map(part).collect();
    let data = json!({
        "title": t!(lang, "figures-of", year = figures.year.name(lang)),
        "owner": owner,
        "how": t!(lang, "figures-how"),
        "header": [t!(lang, "figures-what"), t!(lang, "figures-count")],
        "parts": parts,
        "none": t!(lang, "figures-none"),
    });
    set(&FIGURES, &data, lang, made_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Board, Detail, Level, MeetingCase, MeetingContent, MeetingId, Nature, NearMissId, State, Triage,
    };
    use crate::rules;
    use komainu_calendar::FiscalYear;
    use komainu_db::uuid::Uuid;

    const LONG: &str = "紙が止まらなくなり、#let x = panic() *b* と書かれた紙が出続けました。";

    fn near_miss(number: i64, letters: usize) -> NearMiss {
        let words: String = LONG.chars().cycle().take(letters).collect();
        NearMiss {
            id: NearMissId(Uuid::from_u128(u128::from(number.unsigned_abs()))),
            fiscal_year: 2026,
            number,
            symptom: "printer".to_owned(),
            place: None,
            link: None,
            person: None,
            detail: Detail {
                place: "受付".to_owned(), name: "名乗った人".to_owned(), ..Detail::default()
            },
            lang: "ja".to_owned(),
            seen_at: DateTime::UNIX_EPOCH,
            written_at: DateTime::UNIX_EPOCH,
            received_at: DateTime::UNIX_EPOCH,
            state: State::Triaged,
            level: Some(Level::L2),
            nature: Some(Nature::Fault),
            triage: Triage { summary: words.clone(), ..Triage::default() },
            triaged_at: Some(DateTime::UNIX_EPOCH),
            triaged_by_name: "医療情報システム安全管理責任者".to_owned(),
            board: Board {
                title: LONG.to_owned(),
                happened: words.clone(),
                learned: words.clone(),
                doing: words,
            },
            board_at: Some(DateTime::UNIX_EPOCH),
            closed_at: None,
            version: 1,
        }
    }

    fn sitting(count: i64) -> Sitting {
        let cases: Vec<NearMiss> = (1..=count).map(|number| near_miss(number, 300)).collect();
        let listed = cases.iter().map(|one| MeetingCase { near_miss: one.id, words: LONG.repeat(8) });
        let content = MeetingContent {
            title: "第3回／医療安全委員会: #eval(\"1\")".to_owned(),
            cases: listed.collect(),
            minutes: LONG.repeat(20),
            ..MeetingContent::default()
        };
        let meeting = Meeting {
            id: MeetingId(Uuid::nil()),
            held_on: "2026-11-27".parse().unwrap(),
            content,
            saved_at: DateTime::UNIX_EPOCH,
            saved_by_name: "医療情報システム安全管理責任者".to_owned(),
            version: 1,
        };
        Sitting { meeting, cases }
    }

    fn sound(what: &str, pdf: &Pdf) {
        assert!(pdf.accessible && pdf.remarks.is_empty(), "{what}: {}", pdf.remarks);
    }

    #[test]
    fn papers_are_set_and_can_be_read_aloud_in_every_language() {
        let catalog = Catalog::embedded().unwrap();
        let made = ("青空診療所", DateTime::UNIX_EPOCH);
        for lang in Lang::ALL {
            for (sheet, count) in
                [(Sheet::List, 12), (Sheet::Minutes, 12), (Sheet::List, 0), (Sheet::Minutes, 0)]
            {
                let pdf = meeting(lang, &catalog, sheet, &sitting(count), made).unwrap();
                sound(&format!("{lang} {sheet:?} {count}"), &pdf);
                assert!(pdf.pages > 1 || count == 0, "{lang} {sheet:?}");
            }
            let year = FiscalYear::try_from(2026).unwrap();
            let none = rules::figures(year, &[], &[], year.last_day());
            let some = rules::figures(year, &[near_miss(1, 10)], &[], year.last_day());
            for counted in [none, some] {
                sound(&format!("{lang} figures"), &figures(lang, &catalog, &counted, made).unwrap());
            }
        }
        let name = meeting_name(Lang::Ja, &sitting(0).meeting, Sheet::List);
        assert_eq!(name.rsplit('.').next(), Some("pdf"));
        assert!(!name.contains(['/', ':', '"']), "{name}");
    }

    #[test]
    fn a_sheet_for_the_wall_is_one_page_as_far_as_people_write_for_walls() {
        let catalog = Catalog::embedded().unwrap();
        let made = ("青空診療所", DateTime::UNIX_EPOCH);
        for lang in Lang::ALL {
            for (letters, pages) in [(0, 1), (40, 1), (80, 1), (120, 1)] {
                let pdf = learning(lang, &catalog, &near_miss(1, letters), made).unwrap();
                sound(&format!("{lang} {letters}"), &pdf);
                assert_eq!(pdf.pages, pages, "{lang} {letters}");
            }
        }
    }

    #[test]
    fn nobody_who_reported_is_named_on_paper() {
        let facts = case_facts(Lang::Ja, &near_miss(1, 10));
        assert!(facts.len() > 3 && !format!("{facts:?}").contains("名乗った人"));
    }
}
