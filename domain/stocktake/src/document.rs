//! The two papers of a stock-take: the list to walk with, and what came of it.

use crate::actions::Seen;
use crate::model::{Line, Outcome, StockTake};
use crate::pages::{about, by_place, compared_lists, count_rows};
use crate::{rules, t, words};
use chrono::{DateTime, Utc};
use komainu_i18n::{Lang, steers};
use komainu_inventory::words::asset_kind_text;
use komainu_paper::{Paper, PaperError, Pdf, Template};
use serde_json::{Value, json};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const LIST: Template =
    Template { name: "stock-list.typ", main: include_str!("../paper/list.typ"), helpers: &[] };
const RESULT: Template =
    Template { name: "stock-result.typ", main: include_str!("../paper/result.typ"), helpers: &[] };

/// These papers are short and somebody waits for them at the page, so they do not queue behind the packs; however many wait,
/// one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// Which of the papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The list to walk with.
    List,
    /// What came of it.
    Result,
}

/// A name for the file, in any script.
pub(crate) fn file_name(lang: Lang, take: &StockTake, sheet: Sheet) -> String {
    let what = match sheet {
        Sheet::List => t!(lang, "paper-list-name"),
        Sheet::Result => t!(lang, "paper-result-name"),
    };
    let plain: String = take.name.chars().filter(|c| !steers(*c) && !"/\\:*?\"<>|".contains(*c)).collect();
    format!("{plain}_{what}.pdf")
}

/// Sets a paper.
pub(crate) fn set(
    lang: Lang,
    sheet: Sheet,
    seen: &Seen,
    before: Option<&(StockTake, Vec<Line>)>,
    owner: &str,
    made_at: DateTime<Utc>,
) -> Result<Pdf, PaperError> {
    let (template, data) = match sheet {
        Sheet::List => (&LIST, list_data(lang, seen, owner)),
        Sheet::Result => (&RESULT, result_data(lang, seen, before, owner)),
    };
    PAPER.render(template, &data, lang, made_at, &|_| ControlFlow::Continue(()))
}

fn list_data(lang: Lang, seen: &Seen, owner: &str) -> Value {
    let places: Vec<Value> = by_place(lang, seen.lines.clone())
        .into_iter()
        .map(|place| {
            let rows: Vec<Value> = place.lines.iter().map(|line| list_row(lang, line)).collect();
            json!({ "name": place.name, "rows": rows })
        })
        .collect();
    json!({
        "title": seen.take.name,
        "owner": owner,
        "heading": t!(lang, "paper-list-title"),
        "how": t!(lang, "paper-list-how"),
        "secret": t!(lang, "paper-secret"),
        "secret_do": t!(lang, "paper-secret-do"),
        "header": [
            t!(lang, "paper-there"),
            t!(lang, "paper-number"),
            t!(lang, "paper-thing"),
            t!(lang, "paper-model"),
            t!(lang, "field-serial"),
            t!(lang, "paper-space"),
        ],
        "places": places,
        "empty": if seen.lines.is_empty() { t!(lang, "paper-list-empty") } else { String::new() },
        "strange": t!(lang, "paper-strange"),
        "strange_header": [
            t!(lang, "field-kind"),
            t!(lang, "field-name"),
            t!(lang, "field-place"),
            t!(lang, "field-note"),
        ],
        "walked": [t!(lang, "paper-walked-by")],
    })
}

/// A thing on the list: number, what it is, maker and model, serial number.
fn list_row(lang: Lang, line: &Line) -> Value {
    let was = &line.was;
    let kind = asset_kind_text(lang, line.kind);
    let count = was.count.filter(|count| *count > 1);
    let count = count.map(|count| t!(lang, "mark-count", count = count.to_string()));
    let what = [Some(was.name.clone()), Some(kind), count];
    let model: Vec<&str> = [&was.maker, &was.model].into_iter().map(String::as_str).collect();
    let model: Vec<&str> = model.into_iter().filter(|text| !text.is_empty()).collect();
    json!([
        was.number,
        what.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        model.join("\n"),
        was.serial,
    ])
}

fn result_data(lang: Lang, seen: &Seen, before: Option<&(StockTake, Vec<Line>)>, owner: &str) -> Value {
    let part = |heading: String, wanted: &dyn Fn(&Line) -> bool| {
        let mut lines: Vec<Line> = seen.lines.iter().filter(|line| wanted(line)).cloned().collect();
        words::in_walking_order(lang, &mut lines);
        let rows: Vec<Value> = lines.iter().map(|line| result_row(lang, line)).collect();
        json!({ "heading": heading, "rows": rows })
    };
    let that = |outcome: Outcome| {
        part(words::outcome_text(lang, outcome), &move |line: &Line| line.mark.outcome == outcome)
    };
    let now = count_rows(lang, seen.counts());
    let then = before.map(|(_, lines)| count_rows(lang, rules::counts(lines)));
    let counts: Vec<Value> = now
        .iter()
        .enumerate()
        .map(|(at, (name, now))| {
            let then = then.as_ref().and_then(|then| then.get(at)).map(|(_, then)| then.as_str());
            json!([name, now, then.unwrap_or_default()])
        })
        .collect();
    let compared = before.map(|(_, lines)| compared_lists(lang, seen, rules::compare(lines, &seen.lines)));
    let compared: Vec<Value> = compared
        .unwrap_or_default()
        .into_iter()
        .map(|(heading, names)| json!({ "heading": heading, "names": names }))
        .collect();
    json!({
        "title": seen.take.name,
        "owner": owner,
        "heading": t!(lang, "paper-result-title"),
        "course": words::course_text(lang, &seen.take),
        "secret": t!(lang, "paper-secret"),
        "secret_do": t!(lang, "paper-secret-do"),
        "counts_header": [
            t!(lang, "paper-count"),
            t!(lang, "paper-now"),
            before.map_or_else(|| t!(lang, "paper-before-none"), |(take, _)| take.name.clone()),
        ],
        "counts": counts,
        "header": [t!(lang, "field-name"), t!(lang, "paper-about"), t!(lang, "paper-what"), t!(lang, "paper-who")],
        "parts": [
            that(Outcome::Different),
            that(Outcome::NotFound),
            that(Outcome::NotChecked),
            part(t!(lang, "count-added"), &|line: &Line| line.added),
        ],
        "nothing": t!(lang, "paper-none"),
        "compared": compared,
        "compared_heading": t!(lang, "compared-title"),
    })
}

fn result_row(lang: Lang, line: &Line) -> Value {
    let by = [words::checked_text(lang, line), words::taken_text(lang, line)];
    let by: Vec<&str> = by.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    json!([
        line.was.name,
        about(lang, line),
        words::finding_lines(lang, &line.was, &line.mark.finding).join("\n"),
        by.join("\n"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Finding, Mark, Snapshot, StockTakeId};
    use komainu_db::uuid::Uuid;
    use komainu_inventory::{AssetId, AssetKind};
    use std::collections::HashMap;

    fn seen(lines: Vec<Line>) -> Seen {
        let take = StockTake {
            id: StockTakeId(Uuid::from_u128(1)),
            name: "令和8年度の棚卸し #let x = panic() *b*".to_owned(),
            fiscal_year: 2026,
            started_at: DateTime::UNIX_EPOCH,
            started_by_name: "院長".to_owned(),
            closed_at: Some(DateTime::UNIX_EPOCH),
            closed_by_name: "院長".to_owned(),
            version: 2,
        };
        Seen { take, lines, assets: HashMap::new() }
    }

    fn line(number: u128, place: &str, outcome: Outcome) -> Line {
        let was = Snapshot {
            name: format!("{}{number}", "とても長い名前の機械".repeat(8)),
            place: Some(AssetId(Uuid::from_u128(place.len() as u128))),
            place_name: place.to_owned(),
            number: "A-1".to_owned(),
            maker: "#eval(\"1\")".to_owned(),
            model: "M".repeat(90),
            serial: "S".repeat(60),
            count: Some(3),
        };
        let finding =
            Finding {
                words: "別の部屋\n二台".to_owned(), serial: "X1".to_owned(), ..Finding::default()
            };
        let mark = Mark { outcome, finding };
        Line { mark, ..Line::fresh(AssetId(Uuid::from_u128(number)), AssetKind::Terminal, was) }
    }

    /// Every state, long names and many rows are set as tagged documents, in every language.
    #[test]
    fn both_papers_are_set_and_can_be_read_aloud() {
        let turn = |n: u128| Outcome::ALL[usize::try_from(n % 4).unwrap()];
        let mut lines: Vec<Line> = (1..=60).map(|n| line(n, "受付", turn(n))).collect();
        lines.extend((61..=70).map(|n| line(n, "検査室の奥の部屋", Outcome::NotFound)));
        let before = seen(lines.iter().take(50).cloned().collect());
        let before = (before.take, before.lines);
        for lang in Lang::ALL {
            for (sheet, lines) in
                [(Sheet::List, lines.clone()), (Sheet::Result, lines.clone()), (Sheet::List, vec![])]
            {
                let empty = lines.is_empty();
                let pdf = set(lang, sheet, &seen(lines), Some(&before), "青空診療所", DateTime::UNIX_EPOCH)
                    .unwrap();
                assert!(pdf.accessible && pdf.remarks.is_empty(), "{lang} {sheet:?}: {}", pdf.remarks);
                assert!(pdf.pages > 1 || empty, "{lang} {sheet:?}");
            }
        }
        let name = file_name(Lang::Ja, &seen(vec![]).take, Sheet::List);
        assert!(name.rsplit('.').next() == Some("pdf") && !name.contains('*'), "{name}");
    }
}
