//! The board: who knows, who is asked, whom to telephone now.

use super::{done, parse, path_of};
use crate::actions::{self, call_told, escalation_get, escalation_stop, escalation_version};
use crate::words::{call_badge, call_text, message_text, state_badge, state_text};
use crate::{Call, CallId, CallState, Kind, Seen, State, rules, t};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use chrono::{DateTime, Utc};
use komainu_clock::in_japan;
use komainu_contact::is_day;
use komainu_contact::words::{dialled, duty_text};
use komainu_exchange::rules::{Encoding, write_csv};
use komainu_i18n::Lang;
use komainu_web::{Crumb, Failure, Form, Member, Outcome, Section, Shell, attachment, moment_text, page};

struct Person {
    name: String,
    duty: String,
    stands_in: bool,
    state: String,
    sign: &'static str,
    /// Numbers that somebody should call now.
    numbers: Vec<(String, String)>,
    messages: Vec<String>,
    /// Where it is written down that they were told by telephone; empty where they know.
    told: String,
}

#[derive(Template)]
#[template(path = "escalation.html")]
struct BoardPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    nav: String,
    live: String,
    /// Which news the page shows: what happens until the browser listens is not lost.
    live_shown: i64,
    csv: String,
    here: String,
    title: String,
    words: String,
    about: String,
    state: String,
    sign: &'static str,
    running: bool,
    test: bool,
    summary: String,
    /// The page of what it is about; empty where there is none.
    subject: String,
    people: Vec<Person>,
    mine: bool,
}

/// `GET /escalations/{id}`
pub async fn board(member: Member, Path(id): Path<String>) -> Outcome {
    let (lang, scope, id) = (member.lang, member.scope.clone(), parse(&id)?);
    let (seen, mine) = member
        .read(move |tx| {
            let seen = escalation_get(tx, &scope, id)?;
            let contacts = komainu_contact::actions::contacts_of_program(tx, &scope)?;
            let own = |call: &Call| {
                contacts.iter().any(|it| it.id == call.contact && it.person == Some(scope.person()))
            };
            let mine = seen.calls.iter().any(|call| own(call) && call.state != CallState::Known);
            Ok((seen, mine))
        })
        .await?;
    let it = &seen.escalation;
    let day = is_day(member.app.nature.now());
    page(&BoardPage {
        page: member.shell(&it.told.title, Section::Emergency),
        lang,
        crumbs: vec![Crumb { href: super::HERE.to_owned(), label: t!(lang, "list-title") }],
        nav: t!(lang, "list-title"),
        live: format!("{}/live", path_of(id)),
        live_shown: it.version,
        csv: format!("{}/answers.csv", path_of(id)),
        here: path_of(id),
        title: it.told.title.clone(),
        words: it.told.words.clone(),
        about: t!(
            lang,
            "board-about",
            at = moment_text(lang, it.started_at),
            by = it.started_by_name.as_str()
        ),
        state: state_text(lang, it.state),
        sign: state_badge(it.state),
        running: it.state == State::Running,
        test: it.kind == Kind::Test,
        summary: summary(lang, &seen.calls),
        subject: it.told.path.clone(),
        people: seen.calls.iter().map(|call| person(lang, &seen, call, day)).collect(),
        mine,
    })
}

fn summary(lang: Lang, calls: &[Call]) -> String {
    let counted = rules::coverage(calls);
    let (all, known) = (counted.people.to_string(), counted.known.to_string());
    match counted.median_seconds {
        None => t!(lang, "board-summary", known = known, all = all),
        Some(seconds) => {
            let minutes = (seconds / 60).to_string();
            t!(lang, "board-summary-median", known = known, all = all, minutes = minutes)
        }
    }
}

fn person(lang: Lang, seen: &Seen, call: &Call, day: bool) -> Person {
    let open = matches!(call.state, CallState::Asked | CallState::Silent | CallState::Unreachable);
    let running = seen.escalation.state != State::Stopped;
    // In a test the messages are tried; who can be reached by none is telephoned all the same.
    let wanted = seen.escalation.kind == Kind::Event || call.sent == 0;
    let call_now = open && running && wanted && rules::can_be_called(call);
    let numbers = if call_now { rules::numbers(call, day) } else { Vec::new() };
    let messages = seen.messages.iter().filter(|message| message.call == call.id);
    let told = !matches!(call.state, CallState::Known | CallState::NotNeeded) && running;
    Person {
        name: call.callee.name.clone(),
        duty: duty_text(lang, &call.callee.duty),
        stands_in: call.place > 0,
        state: call_text(lang, call),
        sign: call_badge(call.state),
        numbers: numbers.into_iter().map(|number| (number.clone(), dialled(&number))).collect(),
        messages: messages.map(|message| message_text(lang, message)).collect(),
        told: if told { format!("{}/told/{}", path_of(seen.escalation.id), call.id) } else { String::new() },
    }
}

/// `GET /escalations/{id}/live`: tells a board that there is news.
pub async fn board_live(member: Member, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = parse(&id)?;
    Ok(komainu_web::live(&member, move |tx, scope| escalation_version(tx, scope, id)))
}

/// `POST /escalations/{id}/told/{call}`
pub async fn board_told(member: Member, Path((id, call)): Path<(String, String)>, _: Form) -> Outcome {
    let (id, call): (_, CallId) = (parse(&id)?, call.parse().map_err(|_| Failure::NotFound)?);
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| call_told(tx, &nature, &scope, (id, call))).await?;
    Ok(done(&member, &path_of(id), &t!(member.lang, "told-saved")))
}

/// `POST /escalations/{id}/know`
pub async fn own_known(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, scope, nature) = (parse(&id)?, member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| actions::own_known(tx, &nature, &scope, id)).await?;
    Ok(done(&member, &path_of(id), &t!(member.lang, "told-saved")))
}

/// `POST /escalations/{id}/stop`
pub async fn board_stop(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let (id, scope, nature) = (parse(&id)?, member.scope.clone(), member.app.nature.clone());
    member.write(move |tx| escalation_stop(tx, &nature, &scope, id)).await?;
    Ok(done(&member, &path_of(id), &t!(member.lang, "stopped")))
}

/// `GET /escalations/{id}/answers.csv`: who was asked when, and who answered how fast.
pub async fn board_csv(member: Member, Path(id): Path<String>) -> Outcome {
    let (lang, scope, id) = (member.lang, member.scope.clone(), parse(&id)?);
    let seen = member.read(move |tx| escalation_get(tx, &scope, id)).await?;
    let heads = [
        t!(lang, "csv-name"),
        t!(lang, "csv-duty"),
        t!(lang, "csv-state"),
        t!(lang, "csv-asked"),
        t!(lang, "csv-known"),
        t!(lang, "csv-seconds"),
    ];
    let mut lines = vec![heads.to_vec()];
    for call in &seen.calls {
        let seconds = call.asked_at.zip(call.known_at).map(|(asked, known)| (known - asked).num_seconds());
        let moment = |at: Option<DateTime<Utc>>| {
            at.map(|at| in_japan(at).format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
        };
        lines.push(vec![
            call.callee.name.clone(),
            duty_text(lang, &call.callee.duty),
            call_text(lang, call),
            moment(call.asked_at),
            moment(call.known_at),
            seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        ]);
    }
    let written = write_csv(&lines, Encoding::Utf8);
    Ok(attachment(&format!("{}.csv", seen.escalation.told.title), "text/csv; charset=utf-8", written.bytes))
}
