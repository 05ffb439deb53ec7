//! Words for states and ways.

use crate::driver::OFF;
use crate::model::{Call, CallState, KnownHow, Message, MessageState, StartsWith, State, Told};
use crate::t;
use komainu_contact::words::way_kind;
use komainu_i18n::Lang;
use komainu_web::moment_text;

/// Where a calling-out stands.
pub fn state_text(lang: Lang, state: State) -> String {
    match state {
        State::Running => t!(lang, "state-running"),
        State::Known => t!(lang, "state-known"),
        State::Exhausted => t!(lang, "state-exhausted"),
        State::Stopped => t!(lang, "state-stopped"),
    }
}

/// The badge that goes with it.
pub fn state_badge(state: State) -> &'static str {
    match state {
        State::Running => "info",
        State::Known => "ok",
        State::Exhausted => "attention",
        State::Stopped => "neutral",
    }
}

/// Where it stands with one person.
pub fn call_text(lang: Lang, call: &Call) -> String {
    match call.state {
        CallState::Waiting => t!(lang, "call-waiting"),
        CallState::Asked => t!(lang, "call-asked"),
        CallState::Known => {
            let at = call.known_at.map(|at| moment_text(lang, at)).unwrap_or_default();
            match call.known_how {
                Some(KnownHow::Call) => {
                    t!(lang, "call-known-call", at = at, by = call.known_by_name.as_str())
                }
                Some(KnownHow::Own) => t!(lang, "call-known-self", at = at),
                Some(KnownHow::Link) | None => t!(lang, "call-known-link", at = at),
            }
        }
        CallState::Declined => t!(lang, "call-declined"),
        CallState::Silent => t!(lang, "call-silent"),
        CallState::Unreachable => t!(lang, "call-unreachable"),
        CallState::NotNeeded => t!(lang, "call-not-needed"),
    }
}

/// The badge that goes with it.
pub fn call_badge(state: CallState) -> &'static str {
    match state {
        CallState::Known => "ok",
        CallState::Asked => "info",
        CallState::Silent | CallState::Unreachable | CallState::Declined => "attention",
        CallState::Waiting | CallState::NotNeeded => "neutral",
    }
}

/// What became of a message.
pub fn message_text(lang: Lang, message: &Message) -> String {
    let way = way_kind(lang, message.way);
    let at = moment_text(lang, message.begun_at);
    match message.state {
        MessageState::Begun => t!(lang, "message-begun", way = way, at = at),
        MessageState::Sent => t!(lang, "message-sent", way = way, at = at),
        MessageState::Failed if message.said == OFF => t!(lang, "message-off", way = way),
        MessageState::Failed => t!(lang, "message-failed", way = way, at = at),
        MessageState::Unknown => t!(lang, "message-unknown", way = way, at = at),
    }
}

/// What starts a plan.
pub fn starts_text(lang: Lang, starts: StartsWith) -> String {
    match starts {
        StartsWith::Hand => t!(lang, "starts-hand"),
        StartsWith::NearMiss => t!(lang, "starts-near-miss"),
        StartsWith::Incident => t!(lang, "starts-incident"),
    }
}

/// What people are told in a test.
pub fn test_told(lang: Lang) -> Told {
    Told { title: t!(lang, "test-title"), words: t!(lang, "test-words"), ..Told::default() }
}
