//! `/ledger/stock-take/…`: one stock-take, how far it is, what was otherwise, and its end.

use super::{LIST, by_place, path_of, see, take_of};
use crate::actions::{Seen, stock_take_before, stock_take_close, stock_take_see};
use crate::model::{Comparison, Counts, Line, Outcome as Found, StockTake};
use crate::{rules, t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_i18n::Lang;
use komainu_institution::parts::FormWords;
use komainu_inventory::AssetId;
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Conflict, Crumb, Failure, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, page,
    page_with_status, redirect, with_flash,
};
use std::collections::HashSet;

/// A place on the way.
struct PlaceRow {
    href: String,
    title: String,
    state: String,
    all_checked: bool,
}

/// A line of which something is to be said.
struct LineRow {
    title: String,
    /// Where the ledger has it; empty where it is gone from there.
    href: String,
    about: String,
    findings: Vec<String>,
    by: String,
    taken: String,
    /// Where a tap takes it over; empty where it cannot be.
    take: String,
    asset_version: i64,
}

/// What is otherwise than in the stock-take before.
struct ComparedPart {
    title: String,
    rows: Vec<(String, String, String)>,
    lists: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "take.html")]
struct TakePage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    path: String,
    course: String,
    under_way: bool,
    may_edit: bool,
    done: u32,
    all: u32,
    progress: String,
    counts: Vec<(String, String)>,
    places: Vec<PlaceRow>,
    different: Vec<LineRow>,
    not_found: Vec<LineRow>,
    not_checked: Vec<LineRow>,
    added: Vec<LineRow>,
    compared: Option<ComparedPart>,
}

#[derive(Template)]
#[template(path = "take_close.html")]
struct ClosePage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    action: String,
    back: String,
    counts: Vec<(String, String)>,
    unchecked: u32,
    version: i64,
    changed: bool,
}

/// One stock-take.
pub async fn stock_take(member: Member, Path(id): Path<String>) -> Outcome {
    let (scope, id) = (member.scope.clone(), take_of(&id)?);
    let (seen, before) = member
        .read(move |tx| {
            let seen = stock_take_see(tx, &scope, id)?;
            let before = stock_take_before(tx, &scope, &seen.take)?;
            Ok((seen, before))
        })
        .await?;
    page(&take_page(&member, &seen, before.as_ref()))
}

fn take_page(member: &Member, seen: &Seen, before: Option<&(StockTake, Vec<Line>)>) -> TakePage {
    let lang = member.lang;
    let (counts, open, path) = (seen.counts(), seen.take.closed_at.is_none(), path_of(seen.take.id));
    let may_edit = member.scope.may(Permission::LedgerEdit);
    let rows = |wanted: &dyn Fn(&Line) -> bool| -> Vec<LineRow> {
        let mut lines: Vec<Line> = seen.lines.iter().filter(|line| wanted(line)).cloned().collect();
        words::in_walking_order(lang, &mut lines);
        lines.iter().map(|line| line_row(lang, seen, line, may_edit)).collect()
    };
    let that = |outcome: Found| rows(&move |line: &Line| line.mark.outcome == outcome);
    TakePage {
        page: member.shell(&seen.take.name, Section::Ledger),
        lang,
        crumbs: vec![Crumb { href: LIST.to_owned(), label: t!(lang, "takes-title") }],
        ledger: ledger_name(lang),
        course: words::course_text(lang, &seen.take),
        under_way: open,
        may_edit,
        done: counts.checked(),
        all: counts.lines,
        progress: progress_text(lang, counts.checked(), counts.lines),
        counts: count_rows(lang, counts),
        places: if open { place_rows(lang, seen, &path) } else { Vec::new() },
        different: that(Found::Different),
        not_found: that(Found::NotFound),
        // While somebody walks, the places say what is left.
        not_checked: if open { Vec::new() } else { that(Found::NotChecked) },
        // What is taken over stands with the other differences.
        added: rows(&|line| line.added)
            .into_iter()
            .map(|row| LineRow { take: String::new(), ..row })
            .collect(),
        compared: before.map(|(take, lines)| compared(lang, seen, take, lines)),
        path,
    }
}

fn progress_text(lang: Lang, checked: u32, all: u32) -> String {
    t!(lang, "progress-text", checked = checked.to_string(), all = all.to_string())
}

/// The counts with their names, as they are read.
pub(crate) fn count_rows(lang: Lang, counts: Counts) -> Vec<(String, String)> {
    [
        (t!(lang, "count-lines"), counts.lines),
        (words::outcome_text(lang, Found::Found), counts.found),
        (words::outcome_text(lang, Found::Different), counts.different),
        (words::outcome_text(lang, Found::NotFound), counts.not_found),
        (words::outcome_text(lang, Found::NotChecked), counts.not_checked),
        (t!(lang, "count-added"), counts.added),
    ]
    .into_iter()
    .map(|(name, count)| (name, count.to_string()))
    .collect()
}

fn place_rows(lang: Lang, seen: &Seen, path: &str) -> Vec<PlaceRow> {
    by_place(lang, seen.lines.clone())
        .into_iter()
        .map(|place| {
            let counts = rules::counts(&place.lines);
            PlaceRow {
                href: format!("{path}/walk?place={}", place.key),
                title: place.name,
                state: progress_text(lang, counts.checked(), counts.lines),
                all_checked: counts.not_checked == 0,
            }
        })
        .collect()
}

fn line_row(lang: Lang, seen: &Seen, line: &Line, may_edit: bool) -> LineRow {
    let asset = seen.assets.get(&line.asset);
    let take = asset.filter(|_| may_edit && line.can_be_taken());
    LineRow {
        title: line.was.name.clone(),
        href: asset.map(|asset| format!("/ledger/assets/{}", asset.id)).unwrap_or_default(),
        about: super::about(lang, line),
        findings: words::finding_lines(lang, &line.was, &line.mark.finding),
        by: words::checked_text(lang, line),
        taken: words::taken_text(lang, line),
        take: take
            .map(|asset| format!("{}/lines/{}/take", path_of(seen.take.id), asset.id))
            .unwrap_or_default(),
        asset_version: asset.map_or(0, |asset| asset.version),
    }
}

/// Names of lines.
fn names(seen: &Seen, assets: &[AssetId]) -> Vec<String> {
    let wanted: HashSet<&AssetId> = assets.iter().collect();
    let lines = seen.lines.iter().filter(|line| wanted.contains(&line.asset));
    lines.map(|line| line.was.name.clone()).collect()
}

/// What is otherwise, as lists of names under their headings; empty ones are left out.
pub(crate) fn compared_lists(lang: Lang, seen: &Seen, compared: Comparison) -> Vec<(String, Vec<String>)> {
    let Comparison { new, gone, missing_again, back } = compared;
    let lists = [
        (t!(lang, "compared-new"), names(seen, &new)),
        (t!(lang, "compared-gone"), gone),
        (t!(lang, "compared-missing-again"), names(seen, &missing_again)),
        (t!(lang, "compared-back"), names(seen, &back)),
    ];
    lists.into_iter().filter(|(_, names)| !names.is_empty()).collect()
}

fn compared(lang: Lang, seen: &Seen, take: &StockTake, lines: &[Line]) -> ComparedPart {
    let now = count_rows(lang, seen.counts());
    let then = count_rows(lang, rules::counts(lines));
    ComparedPart {
        title: take.name.clone(),
        rows: now.into_iter().zip(then).map(|((name, now), (_, then))| (name, now, then)).collect(),
        lists: compared_lists(lang, seen, rules::compare(lines, &seen.lines)),
    }
}

/// Asks before closing.
pub async fn close_ask(member: Member, Path(id): Path<String>) -> Outcome {
    let seen = see(&member, take_of(&id)?).await?;
    if seen.take.closed_at.is_some() {
        return Ok(redirect(&path_of(seen.take.id)));
    }
    page(&close_page(&member, &seen, false))
}

fn close_page(member: &Member, seen: &Seen, changed: bool) -> ClosePage {
    let (lang, counts, path) = (member.lang, seen.counts(), path_of(seen.take.id));
    ClosePage {
        page: member.shell(&t!(lang, "close-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        action: format!("{path}/close"),
        back: path,
        counts: count_rows(lang, counts),
        unchecked: counts.not_checked,
        version: seen.take.version,
        changed,
    }
}

/// Closes.
pub async fn close_do(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (id, version) = (take_of(&id)?, form.parse("version").unwrap_or_default());
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| stock_take_close(tx, &nature, &scope, id, version)).await {
        Ok(()) => {
            let to = redirect(&path_of(id));
            Ok(with_flash(&member.app, to, NoticeKind::Success, &t!(member.lang, "take-closed")))
        }
        Err(Refused::Because(Conflict(now))) if now.closed_at.is_some() => {
            let text = t!(member.lang, "refused-closed");
            Ok(with_flash(&member.app, redirect(&path_of(id)), NoticeKind::Info, &text))
        }
        Err(Refused::Because(Conflict(_))) => {
            let seen = see(&member, id).await?;
            page_with_status(StatusCode::CONFLICT, &close_page(&member, &seen, true))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// A stock-take that somebody may still write into.
pub(super) async fn see_open(member: &Member, id: &str) -> Result<Option<Seen>, Failure> {
    let seen = see(member, take_of(id)?).await?;
    Ok(Some(seen).filter(|seen| seen.take.closed_at.is_none()))
}
