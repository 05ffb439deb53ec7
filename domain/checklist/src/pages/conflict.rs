//! Two people wrote into one row: both texts side by side, and the person chooses.

use super::item_view::{ItemRead, as_input};
use super::{item_path, numbered};
use crate::actions::{AnswerInput, form_of_round};
use crate::model::{Answer, AnswerContent};
use crate::{t, words};
use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{
    Crumb, Failure, Member, Outcome, Section, Shell, date_text, moment_text, page_with_status,
};
use serde_json::json;

/// What stands on both sides.
pub(crate) struct Sides {
    /// Field, mine, theirs, and whether they differ.
    rows: Vec<(String, String, String, bool)>,
    who: String,
    /// The version that a choice builds on.
    version: i64,
    joined_note: String,
    both_notes: bool,
}

#[derive(Template)]
#[template(path = "conflict_part.html")]
struct ConflictPart {
    lang: Lang,
    sides: Sides,
}

#[derive(Template)]
#[template(path = "conflict.html")]
struct ConflictPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    eyebrow: String,
    sides: Sides,
    /// My text, to be sent on top of theirs.
    mine: AnswerInput,
    /// My answer with whatever of theirs mine does not have.
    joined: AnswerInput,
    path: String,
}

/// The part that autosave puts into the form.
pub(crate) fn conflict_part(
    member: &Member,
    _read: &ItemRead,
    _placement: &PlacementId,
    theirs: Option<&Answer>,
    mine: &AnswerContent,
) -> Outcome {
    let part = ConflictPart { lang: member.lang, sides: sides(member, theirs, mine) };
    let html = part.render().map_err(Failure::internal)?;
    Ok((StatusCode::CONFLICT, Json(json!({ "conflict": { "html": html } }))).into_response())
}

/// The page for a browser without script.
pub(crate) fn conflict_page(
    member: &Member,
    read: &ItemRead,
    placement: &PlacementId,
    theirs: Option<&Answer>,
    mine: &AnswerContent,
) -> Outcome {
    let lang = member.lang;
    let form = form_of_round(&member.app.catalog, &read.view.round)?;
    let of = form.row(placement).ok_or(Failure::NotFound)?;
    let title = words::title(lang, of);
    let number = of.placement.number.as_ref().map(ToString::to_string);
    let sides = sides(member, theirs, mine);
    let path = item_path(&read.view.round, placement);
    let input = |content: AnswerContent| input(lang, content, theirs, read, member);
    let mut joined = mine.clone();
    if let Some(theirs) = theirs {
        joined.kind = joined.kind.or(theirs.content.kind);
        joined.target = joined.target.or(theirs.content.target);
        for (mine, theirs) in joined.checked.iter_mut().zip(&theirs.content.checked) {
            *mine = mine.or(*theirs);
        }
    }
    joined.note.clone_from(&sides.joined_note);
    let page = ConflictPage {
        page: member.shell(&t!(lang, "conflict-title"), Section::Checklist),
        lang,
        crumbs: vec![Crumb { href: path.clone(), label: title.clone() }],
        eyebrow: numbered(number.as_deref(), &title),
        mine: input(mine.clone()),
        joined: input(joined),
        sides,
        path,
    };
    page_with_status(StatusCode::CONFLICT, &page)
}

fn input(
    lang: Lang,
    content: AnswerContent,
    theirs: Option<&Answer>,
    read: &ItemRead,
    member: &Member,
) -> AnswerInput {
    let answer = Answer {
        content,
        carried: false,
        changed_at: member.app.nature.now(),
        changed_by: member.scope.person(),
        changed_by_name: String::new(),
        version: theirs.map_or(0, |answer| answer.version),
    };
    let (year, today) = (read.view.round.fiscal_year, member.app.nature.today());
    as_input(lang, Some(&answer), read.view.check_columns, year, today)
}

fn sides(member: &Member, theirs: Option<&Answer>, mine: &AnswerContent) -> Sides {
    let lang = member.lang;
    let empty = AnswerContent::default();
    let other = theirs.map_or(&empty, |answer| &answer.content);
    let dates = |content: &AnswerContent| {
        let all: Vec<String> = content.checked.iter().flatten().map(|date| date_text(lang, *date)).collect();
        if all.is_empty() { "—".to_owned() } else { all.join("、") }
    };
    let text = |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
    let mut rows = vec![
        (t!(lang, "field-answer"), words::answer(lang, mine.kind), words::answer(lang, other.kind)),
        (t!(lang, "check-date"), dates(mine), dates(other)),
        (
            t!(lang, "field-target-short"),
            words::date_or_dash(lang, mine.target),
            words::date_or_dash(lang, other.target),
        ),
        (t!(lang, "field-note"), text(&mine.note), text(&other.note)),
    ];
    if !mine.reason.is_empty() || !other.reason.is_empty() {
        rows.push((t!(lang, "field-reason"), text(&mine.reason), text(&other.reason)));
    }
    Sides {
        rows: rows
            .into_iter()
            .map(|(field, mine, theirs)| {
                let differ = mine != theirs;
                (field, mine, theirs, differ)
            })
            .collect(),
        who: theirs
            .map(|answer| {
                t!(
                    lang,
                    "conflict-who",
                    name = answer.changed_by_name.as_str(),
                    at = moment_text(lang, answer.changed_at)
                )
            })
            .unwrap_or_default(),
        version: theirs.map_or(0, |answer| answer.version),
        both_notes: mine.note != other.note && !mine.note.is_empty() && !other.note.is_empty(),
        joined_note: join(&mine.note, &other.note),
    }
}

/// Both notes, the other person's first; once where one contains the other.
fn join(mine: &str, theirs: &str) -> String {
    if mine.contains(theirs) {
        mine.to_owned()
    } else if theirs.contains(mine) {
        theirs.to_owned()
    } else {
        format!("{theirs}\n{mine}")
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn joined_notes_lose_and_double_nothing() {
        for (mine, theirs, joined) in
            [("a", "b", "b\na"), ("", "b", "b"), ("a", "", "a"), ("ab", "a", "ab"), ("a", "ab", "ab")]
        {
            assert_eq!(join(mine, theirs), joined);
        }
    }
}
