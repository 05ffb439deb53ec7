//! `/log`: who changed what, when, before and after.

use crate::actions::{log as read, log_prove, log_writers};
use crate::model::{Filter, LogPart};
use crate::t;
use crate::words::{self, KINDS, Reader};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use chrono::NaiveDate;
use komainu_access::PersonId;
use komainu_audit::{Broken, Verdict};
use komainu_calendar::{DateError, parse_date};
use komainu_checklist::actions::rounds;
use komainu_checklist::model::RoundSummary;
use komainu_i18n::Lang;
use komainu_web::{Choice, FieldErrors, Member, Outcome, Section, Shell, moment_text, page_with_status};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What is asked for, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    before: String,
    kind: String,
    person: String,
    from: String,
    to: String,
    prove: String,
}

struct Line {
    seq: i64,
    iso: String,
    at: String,
    person: String,
    place: String,
    link: String,
    action: String,
    object: String,
    changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    page: Shell,
    lang: Lang,
    lines: Vec<Line>,
    further: String,
    newest: String,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    from: String,
    to: String,
    errors: FieldErrors,
    filtered: bool,
    length: String,
    end: String,
    prove: String,
    proof: Option<(&'static str, String)>,
}

struct Read {
    part: LogPart,
    writers: Vec<(PersonId, String)>,
    rounds: Vec<RoundSummary>,
    verdict: Option<Verdict>,
}

/// Who changed what.
pub async fn log(member: Member, Query(asked): Query<Asked>) -> Outcome {
    let lang = member.lang;
    let mut errors = FieldErrors::default();
    let today = member.app.nature.today();
    let filter = Filter {
        before: asked.before.parse().ok(),
        kind: KINDS
            .iter()
            .find(|(kind, _)| *kind == asked.kind)
            .map(|(kind, _)| (*kind).to_owned())
            .unwrap_or_default(),
        person: asked.person.parse().ok(),
        from: day(lang, "from", &asked.from, today, &mut errors),
        to: day(lang, "to", &asked.to, today, &mut errors),
    };
    let (app, scope, wanted, prove) =
        (member.app.clone(), member.scope.clone(), filter.clone(), !asked.prove.is_empty());
    let read = member
        .read(move |tx| {
            Ok(Read {
                part: read(tx, &scope, &wanted)?,
                writers: log_writers(tx, &scope)?,
                rounds: rounds(tx, &scope, &app.catalog)?,
                verdict: prove.then(|| log_prove(tx, &scope)).transpose()?,
            })
        })
        .await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with_status(status, &log_page(&member, &asked, filter, errors, read))
}

/// A day as typed; none where it is empty or none, which is noted.
fn day(lang: Lang, field: &str, text: &str, today: NaiveDate, errors: &mut FieldErrors) -> Option<NaiveDate> {
    match parse_date(text.trim(), today) {
        Ok(day) => Some(day),
        Err(DateError::Empty) => None,
        Err(_) => {
            errors.add(field, t!(lang, "log-no-date"));
            None
        }
    }
}

fn log_page(member: &Member, asked: &Asked, filter: Filter, errors: FieldErrors, read: Read) -> LogPage {
    let lang = member.lang;
    let people: BTreeMap<PersonId, String> = read.writers.iter().cloned().collect();
    let reader = Reader { lang, catalog: &member.app.catalog, rounds: &read.rounds, people: &people };
    let lines = read.part.entries.iter().map(|entry| Line {
        seq: entry.seq,
        iso: entry.at.to_rfc3339(),
        at: moment_text(lang, entry.at),
        person: entry.person_name.clone(),
        place: entry.place_name.clone(),
        link: entry.link_name.clone(),
        action: words::action(lang, &entry.action),
        object: reader.object(entry),
        changes: reader.changes(entry),
    });
    let kinds = KINDS
        .iter()
        .map(|(kind, _)| Choice::new(*kind, words::kind(lang, kind)).chosen(*kind == filter.kind));
    let writers = read
        .writers
        .iter()
        .map(|(id, name)| Choice::new(id.to_string(), name.as_str()).chosen(Some(*id) == filter.person));
    LogPage {
        page: member.shell(&t!(lang, "log-title"), Section::Log),
        lang,
        lines: lines.collect(),
        further: read.part.older.map(|older| address(asked, Some(older))).unwrap_or_default(),
        newest: filter.before.map(|_| address(asked, None)).unwrap_or_default(),
        kinds: kinds.collect(),
        people: writers.collect(),
        from: asked.from.clone(),
        to: asked.to.clone(),
        filtered: filter != Filter { before: filter.before, ..Filter::default() },
        errors,
        length: read.part.length.to_string(),
        end: read.part.end.clone(),
        prove: format!(
            "{}{}prove=yes#proof",
            address(asked, filter.before),
            if address(asked, filter.before).contains('?') { "&" } else { "?" }
        ),
        proof: read.verdict.map(|verdict| proof(lang, &verdict)),
    }
}

/// The same page with the same filter, from another entry on.
fn address(asked: &Asked, before: Option<i64>) -> String {
    let before = before.map(|before| before.to_string()).unwrap_or_default();
    let parts = [
        ("kind", &asked.kind),
        ("person", &asked.person),
        ("from", &asked.from),
        ("to", &asked.to),
        ("before", &before),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if parts.is_empty() { "/log".to_owned() } else { format!("/log?{}", parts.join("&")) }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out + &char::from(byte).to_string()
        } else {
            out + &format!("%{byte:02X}")
        }
    })
}

fn proof(lang: Lang, verdict: &Verdict) -> (&'static str, String) {
    let sound = verdict.sound.to_string();
    match verdict.broken {
        None => ("success", t!(lang, "log-proof-whole", count = sound)),
        Some(Broken::Changed(entry) | Broken::Missing(entry) | Broken::Beyond(entry)) => {
            ("error", t!(lang, "log-proof-broken", entry = entry.to_string()))
        }
    }
}
