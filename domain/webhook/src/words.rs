//! Words for what the database keeps as codes.

use crate::model::{Event, Webhook};
use crate::t;
use komainu_i18n::Lang;
use komainu_jobs::{GIVEN_UP, Job, State};
use komainu_web::moment_text;

/// What an event is called.
pub(crate) fn event_text(lang: Lang, event: Option<Event>) -> String {
    match event {
        Some(Event::ItemAnswered) => t!(lang, "event-item-answered"),
        Some(Event::ItemAssigned) => t!(lang, "event-item-assigned"),
        Some(Event::ReplyReceived) => t!(lang, "event-reply-received"),
        Some(Event::EvidenceAdded) => t!(lang, "event-evidence-added"),
        Some(Event::EvidenceRemoved) => t!(lang, "event-evidence-removed"),
        Some(Event::RoundOpened) => t!(lang, "event-round-opened"),
        Some(Event::RoundClosed) => t!(lang, "event-round-closed"),
        Some(Event::LedgerChanged) => t!(lang, "event-ledger-changed"),
        Some(Event::MemberJoined) => t!(lang, "event-member-joined"),
        Some(Event::MemberEnded) => t!(lang, "event-member-ended"),
        Some(Event::PackMade) => t!(lang, "event-pack-made"),
        Some(Event::NearMissReported) => t!(lang, "event-near-miss-reported"),
        None => t!(lang, "event-test"),
    }
}

/// How a webhook stands: a badge's kind and its words.
pub(crate) fn state_text(lang: Lang, webhook: &Webhook) -> (&'static str, String) {
    match (&webhook.stopped, webhook.failing_since) {
        (Some(stopped), _) => {
            let since = moment_text(lang, stopped.at);
            match &stopped.by {
                Some(by) => ("neutral", t!(lang, "state-stopped", since = since, name = by.as_str())),
                None => ("stop", t!(lang, "state-given-up", since = since)),
            }
        }
        (None, Some(since)) => ("attention", t!(lang, "state-failing", since = moment_text(lang, since))),
        (None, None) => ("ok", t!(lang, "state-works")),
    }
}

/// How a delivery stands: a badge's kind and its words.
pub(crate) fn delivery_text(lang: Lang, job: &Job) -> (&'static str, String) {
    match job.state {
        State::Done => ("ok", t!(lang, "delivery-done")),
        State::Running => ("info", t!(lang, "delivery-running")),
        State::Waiting if job.tries == 0 => ("info", t!(lang, "delivery-waiting")),
        State::Waiting => ("attention", t!(lang, "delivery-again", next = moment_text(lang, job.run_at))),
        State::Failed => ("stop", t!(lang, "delivery-failed")),
        State::Cancelled => ("neutral", t!(lang, "delivery-cancelled")),
    }
}

/// What the other side answered, or why it could not.
pub(crate) fn answer_text(lang: Lang, result: &str) -> String {
    match result {
        "" => String::new(),
        "name not found" => t!(lang, "answer-no-name"),
        "no connection" => t!(lang, "answer-no-connection"),
        "certificate not accepted" => t!(lang, "answer-certificate"),
        "no answer in time" => t!(lang, "answer-slow"),
        "no HTTP answer" => t!(lang, "answer-garbled"),
        GIVEN_UP => t!(lang, "answer-given-up"),
        other if other.starts_with("address ") => t!(lang, "answer-forbidden"),
        other => match other.strip_prefix("status ") {
            Some(status) => t!(lang, "answer-status", status = status),
            None => other.to_owned(),
        },
    }
}
