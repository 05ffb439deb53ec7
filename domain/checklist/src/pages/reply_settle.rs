//! What vendors answered through links, on the page of its row: taken over, or set aside.

use super::row_of;
use crate::actions::{AnswerRefusal, reply_set_aside, reply_take};
use crate::model::{Reply, ReplyId, ReplyOutcome};
use crate::{t, words};
use axum::extract::Path;
use komainu_i18n::Lang;
use komainu_web::{
    Failure, Form, Member, NoticeKind, Outcome, Refused, date_text, moment_text, redirect, with_flash,
};

/// A reply on the page of its row.
pub(crate) struct ReplyLine {
    pub id: String,
    /// Who answered, and when.
    pub title: String,
    pub answer: String,
    /// By when a no becomes a yes; empty for none.
    pub target: String,
    pub note: String,
    pub waits: bool,
    /// What became of it; empty while it waits.
    pub settled: String,
}

pub(crate) fn reply_line(lang: Lang, reply: &Reply) -> ReplyLine {
    let by = reply.settled_by_name.as_str();
    let at = reply.settled_at.map(|at| moment_text(lang, at)).unwrap_or_default();
    ReplyLine {
        id: reply.id.to_string(),
        title: t!(
            lang,
            "reply-came",
            vendor = reply.vendor_name.as_str(),
            name = reply.name.as_str(),
            at = moment_text(lang, reply.replied_at)
        ),
        answer: words::answer(lang, Some(reply.answer)),
        target: reply.target.map(|day| date_text(lang, day)).unwrap_or_default(),
        note: reply.note.clone(),
        waits: reply.outcome.is_none(),
        settled: match reply.outcome {
            Some(ReplyOutcome::Taken) => t!(lang, "reply-taken-by", name = by, at = at),
            Some(ReplyOutcome::SetAside) => t!(lang, "reply-set-aside-by", name = by, at = at),
            None => String::new(),
        },
    }
}

type Address = (String, String, String, String);

/// The row's address, and which reply.
fn reply_of(path: Address) -> Result<(String, ReplyId), Failure> {
    let (year, form, row, id) = path;
    let (year, key, placement) = row_of(&(year, form, row))?;
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    Ok((format!("/checklist/{year}/{key}/items/{placement}"), id))
}

/// Writes a reply into its row.
pub async fn item_reply_take(member: Member, Path(path): Path<Address>, form: Form) -> Outcome {
    let (to, id) = reply_of(path)?;
    let version = form.parse("version").unwrap_or(0);
    let (app, scope, lang) = (member.app.clone(), member.scope.clone(), member.lang);
    let taken = member.write(move |tx| reply_take(tx, &app.nature, &scope, &app.catalog, (id, version)));
    let (kind, text) = match taken.await {
        Ok(_) => (NoticeKind::Success, t!(lang, "reply-taken")),
        Err(Refused::Because(AnswerRefusal::Closed)) => (NoticeKind::Warning, t!(lang, "refused-closed")),
        Err(Refused::Because(AnswerRefusal::Changed { .. })) => {
            (NoticeKind::Warning, t!(lang, "reply-row-changed"))
        }
        Err(Refused::Because(AnswerRefusal::Faults(_))) => {
            (NoticeKind::Warning, t!(lang, "reply-does-not-fit"))
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}

/// Leaves the row as it is.
pub async fn item_reply_set_aside(member: Member, Path(path): Path<Address>, _form: Form) -> Outcome {
    let (to, id) = reply_of(path)?;
    let (app, scope, lang) = (member.app.clone(), member.scope.clone(), member.lang);
    let (kind, text) = match member.write(move |tx| reply_set_aside(tx, &app.nature, &scope, id)).await {
        Ok(_) => (NoticeKind::Success, t!(lang, "reply-set-aside")),
        Err(Refused::Because(_)) => (NoticeKind::Warning, t!(lang, "refused-closed")),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect(&to), kind, &text))
}
