//! A vendor answers through a link what a letter asked it. Its reply waits beside the row until somebody of the house takes
//! it over or sets it aside: nobody from outside writes into the form.

use super::ask::{AskRefusal, ask_record};
use super::{
    AnswerInput, AnswerRefusal, AnswerSaved, Asks, Closed, Fault, FaultKind, ROW, answerable, form_of_round,
    hold, record, row_object, sight, write,
};
use crate::model::{Answer, AnswerKind, Reply, ReplyId, ReplyOutcome, Round, RoundId};
use crate::neighbours::{self, VendorId};
use crate::{rules, store};
use chrono::{Days, NaiveDate};
use komainu_access::{Permission, Purpose, Scope};
use komainu_calendar::{DateError, FiscalYear, parse_date};
use komainu_catalog::{Catalog, PlacementId};
use komainu_clock::Nature;
use komainu_db::{Part, Tx};
use komainu_link::actions::link_make;
use komainu_link::model::{Made, NewLink};
use komainu_link::rules::end_of;
use komainu_web::{Failure, Refused};
use serde_json::json;
use std::collections::BTreeSet;

/// A reply that is late by this is still wanted.
const GRACE: Days = Days::new(14);
/// The longest note, in characters.
pub const REPLY_NOTE: usize = 2000;
/// The longest note of a row, in characters.
const ROW_NOTE: usize = 4000;

/// Notes that a vendor was asked about rows today, and makes the link with which it answers.
pub fn reply_link_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
    question: (&[PlacementId], VendorId, NaiveDate),
) -> Result<Made, Refused<AskRefusal>> {
    scope.require(Permission::LinksManage)?;
    ask_record(tx, nature, scope, catalog, id, question)?;
    let (_, vendor, reply_by) = question;
    let suppliers = neighbours::suppliers(tx, scope)?;
    let supplier = suppliers.into_iter().find(|supplier| supplier.id == vendor);
    let new = NewLink {
        purpose: Purpose::LetterReply,
        subject: subject(id, vendor),
        name: supplier.ok_or(Failure::NotFound)?.name,
        until: end_of(reply_by.checked_add_days(GRACE).unwrap_or(reply_by)),
    };
    Ok(link_make(tx, nature, scope, &new)?)
}

/// How a link names what it is about.
fn subject(round: RoundId, vendor: VendorId) -> String {
    format!("{round}/{vendor}")
}

fn subject_of(text: &str) -> Option<(RoundId, VendorId)> {
    let (round, vendor) = text.split_once('/')?;
    Some((round.parse().ok()?, vendor.parse().ok()?))
}

/// What a vendor is asked: the rows of a round about which it was asked and has not answered yet.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The round.
    pub round: Round,
    /// The vendor.
    pub vendor: VendorId,
    /// The rows, in printed order.
    pub rows: Vec<PlacementId>,
}

/// What the holder of a link is asked. Nothing else of the house is to be seen.
pub fn reply_look(tx: &mut Tx<'_>, scope: &Scope, catalog: &Catalog) -> Result<Asked, Failure> {
    let link = scope.link_for(Purpose::LetterReply)?;
    let (id, vendor) = subject_of(&link.subject).ok_or(Failure::LinkOver)?;
    let round = store::round_get(tx, scope, id)?.ok_or(Failure::LinkOver)?;
    let open: BTreeSet<PlacementId> = store::asks(tx, scope, id)?
        .into_iter()
        .filter(|(_, ask)| ask.vendor == vendor && ask.replied_on.is_none())
        .map(|(placement, _)| placement)
        .collect();
    let form = form_of_round(catalog, &round)?;
    let rows = form.gate.iter().chain(&form.rows).map(|row| row.id.clone());
    let rows = rows.filter(|row| open.contains(row)).collect();
    Ok(Asked { round, vendor, rows })
}

/// What a vendor sends about a row, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyInput {
    /// The answer's code; empty for none.
    pub answer: String,
    /// By when a no becomes a yes, as typed.
    pub target: String,
    /// Anything that the house should know.
    pub note: String,
}

impl ReplyInput {
    /// Whether nothing was typed: the question stays open.
    pub fn is_empty(&self) -> bool {
        [&self.answer, &self.target, &self.note].iter().all(|text| text.trim().is_empty())
    }
}

/// Why a reply was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyRefusal {
    /// The round is closed.
    Closed,
    /// No question was answered.
    Nothing,
    /// Fields that cannot be kept, each with its row.
    Faults(Vec<(PlacementId, Fault)>),
}

impl From<Closed> for ReplyRefusal {
    fn from(_: Closed) -> Self {
        ReplyRefusal::Closed
    }
}

/// Keeps what a vendor answers, under the name that was given, and notes that its reply came. Questions that were left
/// empty stay open.
pub fn reply_give(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    replies: &[(PlacementId, ReplyInput)],
) -> Result<Vec<Reply>, Refused<ReplyRefusal>> {
    let asked = reply_look(tx, scope, catalog)?;
    let link = scope.link_for(Purpose::LetterReply)?.id;
    hold(tx, scope, asked.round.id, nature.now())?;
    let year = FiscalYear::try_from(asked.round.fiscal_year).map_err(Failure::internal)?;
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for (placement, input) in replies.iter().filter(|(_, input)| !input.is_empty()) {
        if !asked.rows.contains(placement) {
            return Err(Failure::NotFound.into());
        }
        match read(year, nature.today(), input) {
            Ok((answer, target, note)) => given.push(Reply {
                id: ReplyId(nature.id()),
                round: asked.round.id,
                placement: placement.clone(),
                vendor: asked.vendor,
                vendor_name: String::new(),
                name: scope.person_name().to_owned(),
                answer,
                target,
                note,
                replied_at: nature.now(),
                outcome: None,
                settled_at: None,
                settled_by_name: String::new(),
            }),
            Err(wrong) => faults.extend(wrong.into_iter().map(|fault| (placement.clone(), fault))),
        }
    }
    if !faults.is_empty() {
        return Err(Refused::Because(ReplyRefusal::Faults(faults)));
    }
    if given.is_empty() {
        return Err(Refused::Because(ReplyRefusal::Nothing));
    }
    for reply in &given {
        store::reply_insert(tx, scope, reply, link)?;
        store::ask_replied(tx, scope, reply.round, &reply.placement, reply.vendor, nature.today())?;
        let object = row_object(reply.round, &reply.placement);
        let after = json!({ "kind": reply.answer, "target": reply.target, "note": reply.note });
        record(tx, scope, nature.now(), ("reply_give", ROW, &object), ((), after))?;
    }
    Ok(given)
}

/// Reads what was typed about a row; every fault at once.
fn read(
    year: FiscalYear,
    today: NaiveDate,
    input: &ReplyInput,
) -> Result<(AnswerKind, Option<NaiveDate>, String), Vec<Fault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, kind| faults.push(Fault { field: field.to_owned(), kind });
    // Whether a row applies to it, the house decides.
    let answer = input.answer.parse::<AnswerKind>().ok().filter(|kind| *kind != AnswerKind::NotApplicable);
    if answer.is_none() {
        fault("answer", FaultKind::NotOffered);
    }
    // A day belongs to a no; what was typed before the answer became another one is let go.
    let works = answer.is_none_or(AnswerKind::counts_as_no);
    let target = match parse_date(input.target.trim(), today) {
        Ok(day) if works => Some(day),
        Err(error) if works && error != DateError::Empty => {
            fault("target", FaultKind::NoDate(error));
            None
        }
        _ => None,
    };
    if let Some(wrong) = target.and_then(|day| rules::target_fault(day, year)) {
        fault("target", FaultKind::Date(wrong));
    }
    let note = input.note.trim().replace("\r\n", "\n");
    if note.chars().count() > REPLY_NOTE {
        fault("note", FaultKind::TooLong(REPLY_NOTE));
    }
    match answer {
        Some(answer) if faults.is_empty() => Ok((answer, target, note)),
        _ => Err(faults),
    }
}

/// The newest replies about a row, for whoever sees the row.
pub fn replies_of_row(
    tx: &mut Tx<'_>,
    scope: &Scope,
    round: RoundId,
    placement: &PlacementId,
) -> Result<Vec<Reply>, Failure> {
    if let Some(person) = sight(scope)?
        && !store::assigned(tx, scope, round, placement, person)?
    {
        return Err(Failure::NotFound);
    }
    Ok(store::replies_of_row(tx, scope, round, placement)?)
}

/// A part of all replies, oldest first.
pub fn replies_part(tx: &mut Tx<'_>, scope: &Scope, part: &Part<ReplyId>) -> Result<Vec<Reply>, Failure> {
    scope.require(Permission::ChecklistRead)?;
    Ok(store::replies_part(tx, scope, part)?)
}

/// One reply.
pub fn reply_get(tx: &mut Tx<'_>, scope: &Scope, id: ReplyId) -> Result<Reply, Failure> {
    scope.require(Permission::ChecklistRead)?;
    store::reply_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// Takes a reply over into its row, on top of the version that was seen, checked today.
pub fn reply_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    (id, version): (ReplyId, i64),
) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
    scope.require(Permission::ChecklistAnswer)?;
    let reply = reply_get(tx, scope, id)?;
    let (round, form) = answerable(tx, scope, catalog, reply.round, &reply.placement)?;
    settle(tx, nature, scope, (&reply, ReplyOutcome::Taken))?;
    let asks = Asks::of(&form, &reply.placement)?;
    let year = FiscalYear::try_from(round.fiscal_year).map_err(Failure::internal)?;
    let before = store::answer_get(tx, scope, round.id, &reply.placement)?;
    let checked = rules::latest_check(year, nature.today());
    let input = AnswerInput { version, ..as_answer(&reply, before.as_ref(), checked) };
    write(tx, nature, scope, &round, &reply.placement, (asks, &input))
}

/// A reply as a person of the house would type it into the row: earlier dates of checks and the note stay.
fn as_answer(reply: &Reply, before: Option<&Answer>, today: NaiveDate) -> AnswerInput {
    let content = before.map(|answer| answer.content.clone()).unwrap_or_default();
    let fresh = before.is_none_or(|answer| answer.carried);
    let mut checked = if fresh { Vec::new() } else { content.checked };
    if checked.first().copied().flatten().is_none() {
        checked = vec![Some(today)];
    }
    let text = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let both = [content.note.as_str(), reply.note.as_str()];
    let note = both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    AnswerInput {
        answer: reply.answer.code().to_owned(),
        reason: String::new(),
        checked: checked.into_iter().map(text).collect(),
        target: text(reply.target),
        // Where both are too long for one field, the reply's own stays where it is read beside the row.
        note: if note.chars().count() > ROW_NOTE { content.note } else { note },
        version: 0,
    }
}

/// Leaves the row as it is: the reply is kept, and waits no longer.
pub fn reply_set_aside(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: ReplyId,
) -> Result<Reply, Refused<Closed>> {
    scope.require(Permission::ChecklistAnswer)?;
    let reply = reply_get(tx, scope, id)?;
    hold(tx, scope, reply.round, nature.now())?;
    settle(tx, nature, scope, (&reply, ReplyOutcome::SetAside))?;
    Ok(reply)
}

fn settle(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (reply, outcome): (&Reply, ReplyOutcome),
) -> Result<(), Failure> {
    if !store::reply_settle(tx, scope, reply.id, outcome, nature.now())? {
        return Err(Failure::Stale);
    }
    let action = match outcome {
        ReplyOutcome::Taken => "reply_take",
        ReplyOutcome::SetAside => "reply_set_aside",
    };
    let after = json!({ "name": reply.name, "kind": reply.answer });
    record(tx, scope, nature.now(), (action, ROW, &row_object(reply.round, &reply.placement)), ((), after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::DateFault;
    use komainu_db::uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_typed_is_read() {
        let year = FiscalYear::try_from(2026).unwrap();
        let input = |answer: &str, target: &str| ReplyInput {
            answer: answer.to_owned(),
            target: target.to_owned(),
            note: " 次の保守で\r\n更新します。 ".to_owned(),
        };
        let note = "次の保守で\n更新します。".to_owned();
        let outside = || FaultKind::Date(DateFault::OutsideYear);
        let faults = |field: &str, kind| Err(vec![Fault { field: field.to_owned(), kind }]);
        for (typed, expected) in [
            (input("yes", ""), Ok((AnswerKind::Yes, None, note.clone()))),
            (input("yes", "令和9年1月15日"), Ok((AnswerKind::Yes, None, note.clone()))),
            (input("no", "令和9年1月15日"), Ok((AnswerKind::No, Some(day("2027-01-15")), note.clone()))),
            (input("not_sure", ""), Ok((AnswerKind::NotSure, None, note))),
            (input("no", "2027-04-01"), faults("target", outside())),
            (input("not_applicable", ""), faults("answer", FaultKind::NotOffered)),
            (input("", ""), faults("answer", FaultKind::NotOffered)),
        ] {
            assert_eq!(read(year, day("2026-11-23"), &typed), expected, "{typed:?}");
        }
        let long = ReplyInput { note: "あ".repeat(REPLY_NOTE + 1), ..input("yes", "") };
        assert_eq!(read(year, day("2026-11-23"), &long), faults("note", FaultKind::TooLong(REPLY_NOTE)));
    }

    #[test]
    fn a_subject_goes_there_and_back_and_nothing_else_is_one() {
        let (round, vendor) = (RoundId(Uuid::from_u128(1)), VendorId(Uuid::from_u128(2)));
        assert_eq!(subject_of(&subject(round, vendor)), Some((round, vendor)));
        for text in ["", "/", "x/y", &round.to_string(), &format!("{round}/{vendor}/{vendor}")] {
            assert_eq!(subject_of(text), None, "{text}");
        }
    }
}
