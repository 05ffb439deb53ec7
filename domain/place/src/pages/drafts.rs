//! `/drafts`: what was typed at a shared place and could not be sent, for its owner.

use super::sealer;
use crate::actions;
use crate::model::HeldDraft;
use crate::t;
use askama::Template;
use axum::Json;
use axum::extract::Query;
use axum::response::IntoResponse as _;
use komainu_people::pages::local_path;
use komainu_web::{
    Form, Member, NoticeKind, Outcome, Section, Shell, moment_text, page, redirect, with_flash,
};
use serde::Deserialize;
use serde_json::json;

/// Which form is asked for; empty for all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    form: String,
}

struct Row {
    form: String,
    href: String,
    since: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "place/drafts.html")]
struct DraftsPage {
    page: Shell,
    drafts: Vec<Row>,
}

/// `GET /drafts`: all of them, or, for our script, what belongs into one form.
pub async fn drafts(member: Member, Query(asked): Query<Asked>) -> Outcome {
    let lang = member.lang;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    let held = member.read(move |tx| actions::drafts(tx, sealer(&app), &scope)).await?;
    if member.fragment {
        let wanted = held.into_iter().find(|draft| draft.form == asked.form);
        return Ok(Json(json!({ "entries": wanted.map(|draft| draft.entries) })).into_response());
    }
    let row = |draft: HeldDraft| Row {
        href: format!("{}?held=yes", local_path(draft.path())),
        since: moment_text(lang, draft.held_at),
        lines: draft
            .entries
            .iter()
            .filter(|(name, value)| name != "version" && is_text(value))
            .map(|(_, value)| value.clone())
            .collect(),
        form: draft.form,
    };
    page(&DraftsPage {
        page: member.shell(&t!(lang, "drafts-title"), Section::Nowhere),
        drafts: held.into_iter().map(row).collect(),
    })
}

/// Whether a person typed it: what a form sends for a choice is one word of ours.
fn is_text(value: &str) -> bool {
    !value.trim().is_empty() && !value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// `POST /drafts/drop`
pub async fn draft_drop(member: Member, form: Form) -> Outcome {
    let (scope, which) = (member.scope.clone(), form.text("form").to_owned());
    member.write(move |tx| actions::draft_drop(tx, &scope, &which)).await?;
    if member.fragment {
        return Ok(Json(json!({ "dropped": true })).into_response());
    }
    let text = t!(member.lang, "draft-dropped");
    Ok(with_flash(&member.app, redirect("/drafts"), NoticeKind::Success, &text))
}
