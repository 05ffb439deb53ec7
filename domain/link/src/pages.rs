//! `/links`: the links that were given to people without an account, and withdrawing them.

use crate::model::{Given, State};
use crate::{actions, rules, t};
use askama::Template;
use axum::extract::{Path, Query};
use chrono::{DateTime, Utc};
use komainu_access::{LinkId, Purpose};
use komainu_i18n::Lang;
use komainu_web::{
    Failure, Form, Member, NoticeKind, Outcome, Section, Shell, moment_text, page, redirect, with_flash,
};
use serde::Deserialize;

/// Which part of the list is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

struct Line {
    id: String,
    name: String,
    purpose: String,
    /// A badge's kind and its words.
    state: (&'static str, String),
    /// Who made it and when, and until when it works.
    made: String,
    /// When it was used, or ended by whom; empty for neither.
    since: Vec<String>,
    works: bool,
}

#[derive(Template)]
#[template(path = "link/links.html")]
struct LinksPage {
    page: Shell,
    lines: Vec<Line>,
    newest: String,
    further: String,
}

/// `GET /links`
pub async fn links(member: Member, Query(wanted): Query<Wanted>) -> Outcome {
    let (lang, now) = (member.lang, member.app.nature.now());
    let (scope, before) = (member.scope.clone(), wanted.before.parse::<LinkId>().ok());
    let part = member.read(move |tx| actions::links(tx, &scope, before)).await?;
    page(&LinksPage {
        page: member.shell(&t!(lang, "links-title"), Section::People),
        lines: part.links.iter().map(|link| line(lang, link, now)).collect(),
        newest: before.map(|_| "/links".to_owned()).unwrap_or_default(),
        further: part.older.map(|id| format!("/links?before={id}")).unwrap_or_default(),
    })
}

/// `POST /links/{id}/revoke`
pub async fn link_revoke(member: Member, Path(id): Path<String>, _form: Form) -> Outcome {
    let id: LinkId = id.parse().map_err(|_| Failure::NotFound)?;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member.write(move |tx| actions::link_revoke(tx, &app.nature, &scope, id)).await?;
    let text = t!(member.lang, "link-revoked");
    Ok(with_flash(&member.app, redirect("/links"), NoticeKind::Success, &text))
}

fn line(lang: Lang, link: &Given, now: DateTime<Utc>) -> Line {
    let state = rules::state(link, now);
    let used = link.used_at.map(|at| t!(lang, "link-used", at = moment_text(lang, at)));
    let revoked = link.revoked_at.map(|at| {
        let at = moment_text(lang, at);
        match &link.revoked_by {
            Some(name) => t!(lang, "link-revoked-by", name = name.as_str(), at = at),
            None => t!(lang, "link-revoked-at", at = at),
        }
    });
    Line {
        id: link.id.to_string(),
        name: link.name.clone(),
        purpose: purpose_text(lang, &link.purpose),
        state: state_text(lang, state),
        made: t!(
            lang,
            "link-made-by",
            name = link.made_by.as_str(),
            at = moment_text(lang, link.created_at),
            until = moment_text(lang, link.expires_at)
        ),
        since: used.into_iter().chain(revoked).collect(),
        works: state == State::Works,
    }
}

/// What a link is for.
fn purpose_text(lang: Lang, code: &str) -> String {
    match code.parse::<Purpose>() {
        Ok(Purpose::LetterReply) => t!(lang, "purpose-letter-reply"),
        Ok(Purpose::NearMissReport) => t!(lang, "purpose-near-miss-report"),
        Err(_) => code.to_owned(),
    }
}

fn state_text(lang: Lang, state: State) -> (&'static str, String) {
    match state {
        State::Works => ("ok", t!(lang, "link-works")),
        State::UsedUp => ("neutral", t!(lang, "link-used-up")),
        State::Expired => ("neutral", t!(lang, "link-expired")),
        State::Withdrawn => ("neutral", t!(lang, "link-withdrawn")),
    }
}
