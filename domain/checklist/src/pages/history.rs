//! Who changed what, when, before and after, in words.

use super::{crumbs, form_of, form_title, numbered, row_of, year_of};
use crate::actions::{self, Form, HistoryPage as Part, form_of_round, own_round, round_by_key};
use crate::model::{AnswerKind, Round};
use crate::neighbours::{self, Colleague, Supplier};
use crate::rules::Span;
use crate::{t, words};
use askama::Template;
use axum::extract::{Path, Query};
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId};
use komainu_catalog::PlacementId;
use komainu_i18n::Lang;
use komainu_web::{Crumb, Failure, Member, Outcome, Section, Shell, date_text, moment_text, page};
use serde::Deserialize;
use serde_json::Value;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryTemplate {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    entries: Vec<EntryLine>,
    older: Option<String>,
    back: String,
}

struct EntryLine {
    at: String,
    who: String,
    what: String,
    /// Field, before, after.
    lines: Vec<(String, String, String)>,
}

/// Where the older part begins.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    before: Option<i64>,
}

struct Read {
    round: Round,
    part: Part,
    colleagues: Vec<Colleague>,
    suppliers: Vec<Supplier>,
}

/// The history of a row.
pub async fn item_history(member: Member, Path(path): Path<(String, String, String)>) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let scope = member.scope.clone();
    let read = member
        .read(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            Ok(Read {
                part: actions::row_history(tx, &scope, round.id, &placement)?,
                colleagues: neighbours::colleagues(tx, &scope)?,
                suppliers: neighbours::suppliers(tx, &scope)?,
                round,
            })
        })
        .await?;
    let back = format!("{}/items/{}", read.round.path(), path.2);
    show(&member, &read, back, None)
}

/// The history of a year's own round.
pub async fn year_history(member: Member, Path(year): Path<String>, Query(from): Query<From>) -> Outcome {
    let year = year_of(&year)?;
    let scope = member.scope.clone();
    let read = member
        .read(move |tx| {
            let round = own_round(tx, &scope, year)?.ok_or(Failure::NotFound)?;
            of_round(tx, &scope, round, from.before)
        })
        .await?;
    let older = format!("/checklist/{year}/history");
    show(&member, &read, read.round.path(), Some(older))
}

/// The history of a round, such as a vendor's.
pub async fn round_history(
    member: Member,
    Path((year, form)): Path<(String, String)>,
    Query(from): Query<From>,
) -> Outcome {
    let (year, key) = form_of(&year, &form)?;
    let scope = member.scope.clone();
    let read = member
        .read(move |tx| {
            let round = round_by_key(tx, &scope, year, key)?;
            of_round(tx, &scope, round, from.before)
        })
        .await?;
    let older = format!("{}/history", read.round.path());
    show(&member, &read, read.round.path(), Some(older))
}

fn of_round(
    tx: &mut komainu_db::Tx<'_>,
    scope: &komainu_access::Scope,
    round: Round,
    before: Option<i64>,
) -> Result<Read, Failure> {
    Ok(Read {
        part: actions::round_history(tx, scope, round.id, before)?,
        colleagues: neighbours::colleagues(tx, scope)?,
        suppliers: neighbours::suppliers(tx, scope)?,
        round,
    })
}

fn show(member: &Member, read: &Read, back: String, older: Option<String>) -> Outcome {
    let lang = member.lang;
    let form = form_of_round(&member.app.catalog, &read.round)?;
    let title = form_title(lang, form.data.title.get(lang), &read.round, &read.suppliers);
    let words = Words { lang, form: &form, read };
    let crumbs = if member.scope.may(Permission::ChecklistRead) {
        crumbs(lang, &read.round, &title)
    } else {
        vec![Crumb { href: "/checklist/mine".to_owned(), label: t!(lang, "mine-title") }]
    };
    page(&HistoryTemplate {
        page: member.shell(&t!(lang, "history-title"), Section::Checklist),
        lang,
        crumbs,
        entries: read.part.entries.iter().map(|entry| words.entry(entry)).collect(),
        older: older.zip(read.part.older).map(|(path, before)| format!("{path}?before={before}")),
        back,
    })
}

struct Words<'a> {
    lang: Lang,
    form: &'a Form<'a>,
    read: &'a Read,
}

impl Words<'_> {
    fn entry(&self, entry: &Span) -> EntryLine {
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        let (before, after) = (parse(&entry.before), parse(&entry.after));
        let row = entry.object.split_once('/').and_then(|(_, id)| id.parse::<PlacementId>().ok());
        let row = row.and_then(|id| self.form.row(&id)).map(|of| {
            let number = of.placement.number.as_ref().map(ToString::to_string);
            numbered(number.as_deref(), &words::title(self.lang, of))
        });
        let action = self.action(&entry.action, &after);
        EntryLine {
            at: moment_text(self.lang, entry.at),
            who: entry.who.clone(),
            what: row.map_or_else(|| action.clone(), |row| format!("{row} — {action}")),
            lines: self.lines(&entry.action, &before, &after),
        }
    }

    fn action(&self, action: &str, after: &Value) -> String {
        let lang = self.lang;
        match action {
            "round_open" => t!(lang, "did-round-open"),
            "round_close" => t!(lang, "did-round-close"),
            "round_reopen" => t!(lang, "did-round-reopen"),
            "answer_set" => t!(lang, "did-answer-set"),
            "answer_carry" => t!(lang, "did-answer-carry"),
            "answer_confirm" => t!(lang, "did-answer-confirm"),
            "assignment_set" if after.is_null() => t!(lang, "did-unassign"),
            "assignment_set" => t!(lang, "did-assign"),
            "evidence_add" => t!(lang, "did-evidence-add"),
            "evidence_remove" => t!(lang, "did-evidence-remove"),
            "vendor_ask" => t!(lang, "did-ask"),
            "vendor_replied" => t!(lang, "did-replied"),
            "reply_give" => t!(lang, "did-reply-give"),
            "reply_take" => t!(lang, "did-reply-take"),
            "reply_set_aside" => t!(lang, "did-reply-set-aside"),
            other => other.to_owned(),
        }
    }

    fn lines(&self, action: &str, before: &Value, after: &Value) -> Vec<(String, String, String)> {
        let lang = self.lang;
        let mut lines = Vec::new();
        let mut field = |label: String, read: &dyn Fn(&Value) -> String| {
            let (old, new) = (read(before), read(after));
            if old != new {
                lines.push((label, old, dash(new)));
            }
        };
        match action {
            "answer_set" | "answer_carry" | "answer_confirm" => {
                field(t!(lang, "field-answer"), &|value| self.answer(&value["kind"]));
                field(t!(lang, "field-reason"), &|value| text(&value["reason"]));
                field(t!(lang, "check-date"), &|value| self.dates(&value["checked"]));
                field(t!(lang, "field-target-short"), &|value| self.date(&value["target"]));
                field(t!(lang, "field-note"), &|value| text(&value["note"]));
            }
            "reply_give" => {
                field(t!(lang, "field-answer"), &|value| self.answer(&value["kind"]));
                field(t!(lang, "field-target-short"), &|value| self.date(&value["target"]));
                field(t!(lang, "field-note"), &|value| text(&value["note"]));
            }
            "assignment_set" => {
                field(t!(lang, "field-person"), &|value| self.person(&value["person"]));
                field(t!(lang, "field-due"), &|value| self.date(&value["due"]));
            }
            "evidence_add" | "evidence_remove" => {
                field(t!(lang, "field-evidence"), &|value| text(&value["name"]));
            }
            "vendor_ask" => {
                field(t!(lang, "field-vendor"), &|value| self.vendor(&value["vendor"]));
                field(t!(lang, "field-reply"), &|value| self.date(&value["reply_by"]));
            }
            _ => {}
        }
        lines
    }

    fn answer(&self, value: &Value) -> String {
        let kind = value.as_str().and_then(|code| code.parse::<AnswerKind>().ok());
        kind.map(|kind| words::answer(self.lang, Some(kind))).unwrap_or_default()
    }

    fn date(&self, value: &Value) -> String {
        let date = value.as_str().and_then(|date| date.parse::<NaiveDate>().ok());
        date.map(|date| date_text(self.lang, date)).unwrap_or_default()
    }

    fn dates(&self, value: &Value) -> String {
        let all: Vec<String> = value
            .as_array()
            .into_iter()
            .flatten()
            .map(|date| self.date(date))
            .filter(|date| !date.is_empty())
            .collect();
        all.join("、")
    }

    fn person(&self, value: &Value) -> String {
        let id = value.as_str().and_then(|id| id.parse::<PersonId>().ok());
        id.map(|id| super::name_of(self.lang, &self.read.colleagues, id)).unwrap_or_default()
    }

    fn vendor(&self, value: &Value) -> String {
        let id = value.as_str().and_then(|id| id.parse().ok());
        id.map(|id| super::vendor_name(self.lang, &self.read.suppliers, id)).unwrap_or_default()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn dash(text: String) -> String {
    if text.is_empty() { "—".to_owned() } else { text }
}
