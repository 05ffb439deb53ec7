//! What the ledger says about a row, on its page: shown with its reasons, and taken over.

use super::row_of;
use crate::actions::{AnswerRefusal, SuggestionRefusal, round_by_key, suggestion_take};
use crate::model::AnswerKind;
use crate::rules::Suggestion;
use crate::{suggestion, t, words};
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_web::{Failure, Form, Member, NoticeKind, Outcome, Refused, redirect, with_flash};

/// A draft from the ledger on the page of its row.
pub(crate) struct SuggestionView {
    pub title: String,
    /// The answer's code.
    pub code: &'static str,
    pub in_favour: Vec<String>,
    pub against: Vec<String>,
    /// Where the ledger is looked at.
    pub href: &'static str,
}

pub(crate) fn suggestion_view(lang: Lang, item: &str, said: &Suggestion) -> SuggestionView {
    SuggestionView {
        title: t!(lang, "suggestion-title", answer = words::answer(lang, Some(said.answer))),
        code: said.answer.code(),
        in_favour: suggestion::ground_texts(lang, &said.in_favour),
        against: suggestion::ground_texts(lang, &said.against),
        href: match item {
            "remote-maintenance" | "source-restriction" => "/ledger/connections",
            _ => "/ledger/assets",
        },
    }
}

/// Takes the draft over into its row.
pub async fn item_suggestion_take(
    member: Member,
    Path(path): Path<(String, String, String)>,
    form: Form,
) -> Outcome {
    let (year, key, placement) = row_of(&path)?;
    let shown: AnswerKind = form.parse("answer").ok_or(Failure::NotFound)?;
    let version = form.parse("version").unwrap_or(0);
    let (app, scope, lang, row) = (member.app.clone(), member.scope.clone(), member.lang, placement.clone());
    let taken = member.write(move |tx| {
        let round = round_by_key(tx, &scope, year, key)?;
        let house = (&*app.catalog, &app.files, lang);
        suggestion_take(tx, &app.nature, &scope, house, (round.id, &row), (version, shown))
    });
    let (kind, text) = match taken.await {
        Ok(_) => (NoticeKind::Success, t!(lang, "suggestion-taken")),
        Err(Refused::Because(SuggestionRefusal::Otherwise)) => {
            (NoticeKind::Warning, t!(lang, "suggestion-otherwise"))
        }
        Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Closed))) => {
            (NoticeKind::Warning, t!(lang, "refused-closed"))
        }
        Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Changed { .. }))) => {
            (NoticeKind::Warning, t!(lang, "suggestion-row-changed"))
        }
        Err(Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Faults(_)))) => {
            (NoticeKind::Warning, t!(lang, "suggestion-does-not-fit"))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    let to = format!("/checklist/{year}/{key}/items/{placement}");
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}
