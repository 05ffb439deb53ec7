//! Who goes on with what runs: in turns, whatever is due of all organisations at once.

use crate::model::{
    Call, CallState, Escalation, EscalationId, Kind, Message, MessageId, MessageState, State, Told,
};
use crate::store::{self, Due, Left};
use crate::{actions, rules, t, words};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_access::{LinkToken, OrganisationId, Scope};
use komainu_audit::{Change, record};
use komainu_contact::is_day;
use komainu_contact::words::dialled;
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_jobs::routine::{Routine, Turn};
use komainu_jobs::{Watch, daily};
use komainu_notify::{Medium, NotSent, Note};
use komainu_web::{App, Failure};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Escalations that one look goes on with.
const SOME: i64 = 100;
/// Messages that are handed over side by side.
const HANDS: usize = 32;
/// Most messages of one look: even where every provider is silent for as long as it may be, they are handed over before the
/// lease is over, and no other node takes them for lost.
const MOST: usize = HANDS * 8;
/// How long a node may have an escalation in hand before another takes it for lost. A provider answers within seconds.
const LEASE: Duration = Duration::seconds(60);
/// What is kept where a way is not switched on.
pub(crate) const OFF: &str = "off";

/// What became of a message that was handed over.
type Said = Result<String, NotSent>;

/// Goes on with what runs.
pub struct Driver(pub App);

/// A message that is written down as begun and is to be handed over.
struct Outgoing {
    organisation: OrganisationId,
    escalation: EscalationId,
    message: MessageId,
    medium: Medium,
    address: String,
    note: Note,
}

impl Watch for Driver {
    fn look(&self) -> Result<bool, DbError> {
        let Some(outgoing) = self.next()? else { return Ok(false) };
        let answers = self.hand_over(&outgoing);
        if !outgoing.is_empty() {
            self.0.db.write(|tx| self.settle(tx, &outgoing, &answers))?;
        }
        Ok(true)
    }
}

impl Driver {
    /// Begins what is due and hands nothing over, as a node that dies in between; answers how much was begun. For tests.
    #[doc(hidden)]
    pub fn begin(&self) -> Result<usize, DbError> {
        Ok(self.next()?.map_or(0, |outgoing| outgoing.len()))
    }

    /// Goes on with whatever is due, and answers what is to be handed over; none where nothing was due.
    fn next(&self) -> Result<Option<Vec<Outgoing>>, DbError> {
        let (db, now) = (&self.0.db, self.0.nature.now());
        let due = db.read(|tx| store::due(tx, now, SOME))?;
        if due.is_empty() {
            return Ok(None);
        }
        let outgoing = db.write(|tx| {
            let mut outgoing = Vec::new();
            for one in &due {
                // The others stay due.
                if outgoing.len() < MOST {
                    self.advance(tx, one, &mut outgoing)?;
                }
            }
            Ok::<_, DbError>(outgoing)
        })?;
        Ok(Some(outgoing))
    }

    /// Goes on with one: who did not answer in time is passed over, who is next is asked, or it ends.
    fn advance(&self, tx: &mut Tx<'_>, due: &Due, outgoing: &mut Vec<Outgoing>) -> Result<(), DbError> {
        let (it, now) = (&due.escalation, self.0.nature.now());
        let scope = Scope::of_program(due.organisation);
        if !store::hold(tx, &scope, it, now + LEASE)? {
            return Ok(());
        }
        if it.state == State::Stopped {
            return store::leave(tx, &scope, it.id, &left(it.state, it.ended_at, None));
        }
        let mut calls = store::calls(tx, &scope, it.id)?;
        if due.was_held {
            self.lost(tx, &scope, it.id, &mut calls)?;
        }
        let first = outgoing.len();
        loop {
            let turn = rules::turn(it.everyone, &calls, now);
            for (at, state) in &turn.settled {
                (calls[*at].state, calls[*at].next_at) = (*state, None);
                store::call_save(tx, &scope, &calls[*at])?;
            }
            if let Some(end) = turn.end {
                return self.end(tx, &scope, it, end);
            }
            // Whoever was passed over may leave somebody to be asked in another step.
            let mut again = !turn.settled.is_empty();
            for at in turn.ask {
                if outgoing.len() >= MOST {
                    break;
                }
                outgoing.extend(self.ask(tx, (&scope, it), &mut calls[at])?);
                store::call_save(tx, &scope, &calls[at])?;
                again |= calls[at].state == CallState::Unreachable;
            }
            if !again || outgoing.len() >= MOST {
                break;
            }
        }
        let next_at = rules::turn(it.everyone, &calls, now).next_at;
        let held = outgoing.len() > first;
        let held_until = held.then_some(now + LEASE);
        // What a crash interrupts is due again once nobody holds it any more.
        let next_at = if held { Some(now) } else { next_at };
        store::leave(tx, &scope, it.id, &Left { held_until, ..left(it.state, it.ended_at, next_at) })
    }

    /// What a crash left begun: nobody knows whether it went, so that its call counts as one that may have been reached.
    fn lost(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        id: EscalationId,
        calls: &mut [Call],
    ) -> Result<(), DbError> {
        for message in store::messages(tx, scope, id)? {
            let told = (MessageState::Unknown, "");
            if message.state != MessageState::Begun
                || !store::message_settle(tx, scope, message.id, told, self.0.nature.now())?
            {
                continue;
            }
            if let Some(call) = calls.iter_mut().find(|call| call.id == message.call) {
                call.sent += 1;
                store::call_save(tx, scope, call)?;
            }
        }
        Ok(())
    }

    fn end(&self, tx: &mut Tx<'_>, scope: &Scope, it: &Escalation, state: State) -> Result<(), DbError> {
        let now = self.0.nature.now();
        if it.state != state {
            let change = Change {
                action: "escalation_end",
                object_kind: "escalation",
                object_id: &it.id.to_string(),
                before: json!({ "state": it.state.code() }),
                after: json!({ "state": state.code(), "title": it.told.title }),
            };
            record(tx, scope, now, &change)?;
        }
        let ended_at = if it.state == state { it.ended_at } else { Some(now) };
        store::leave(tx, scope, it.id, &left(state, ended_at, None))
    }

    /// Begins the next way of a call, or tells that there is none.
    fn ask(
        &self,
        tx: &mut Tx<'_>,
        (scope, it): (&Scope, &Escalation),
        call: &mut Call,
    ) -> Result<Option<Outgoing>, DbError> {
        let (nature, now) = (&self.0.nature, self.0.nature.now());
        if call.state == CallState::Waiting {
            call.state = CallState::Asked;
            call.asked_at = Some(now);
            call.due_at = Some(now + Duration::minutes(call.wait_minutes));
        }
        while let Some(position) = rules::next_way(call, is_day(now)) {
            call.tried = position + 1;
            // While the message is in hand no further way is due; what a crash leaves is, once the lease is over.
            call.next_at = Some(now + LEASE);
            let way = &call.callee.ways[position];
            let token = LinkToken::new(nature.bytes());
            let message = Message {
                id: MessageId(nature.id()),
                call: call.id,
                position,
                way: way.kind,
                state: MessageState::Begun,
                begun_at: now,
                ended_at: None,
                said: String::new(),
            };
            store::message_add(tx, scope, it.id, (&message, &token.hash()))?;
            let Some(medium) = medium(way.kind).filter(|medium| self.0.settings.providers.has(*medium))
            else {
                store::message_settle(tx, scope, message.id, (MessageState::Failed, OFF), now)?;
                continue;
            };
            return Ok(Some(Outgoing {
                organisation: scope.organisation(),
                escalation: it.id,
                message: message.id,
                medium,
                address: way.address.clone(),
                note: self.note(it, call, (&message, &token)),
            }));
        }
        call.next_at = None;
        if call.sent == 0 && !rules::can_be_called(call) {
            call.state = CallState::Unreachable;
        }
        Ok(None)
    }

    /// What the message says. The house's contacts have no language of their own.
    fn note(&self, it: &Escalation, call: &Call, (message, token): (&Message, &LinkToken)) -> Note {
        let lang = Lang::Ja;
        let number = dialled(&it.told.phone);
        // Nobody is sent to their own telephone.
        let own = call.callee.ways.iter().any(|way| dialled(&way.address) == number);
        let phone =
            (!number.is_empty() && !own).then(|| t!(lang, "note-call", number = it.told.phone.as_str()));
        let words = if it.told.words.is_empty() { t!(lang, "note-do") } else { it.told.words.clone() };
        let title = match it.kind {
            Kind::Event => t!(lang, "note-title", title = it.told.title.as_str()),
            Kind::Test => t!(lang, "note-title-test", title = it.told.title.as_str()),
        };
        Note {
            title,
            // The number first: where a medium takes less, the end is cut off.
            text: phone.into_iter().chain([words]).collect::<Vec<_>>().join("\n"),
            url: format!("{}/ack/{}", self.0.settings.public_url, token.text()),
            urgent: it.kind == Kind::Event,
            key: message.id.0,
        }
    }

    /// Hands all messages over, several side by side, outside any transaction.
    fn hand_over(&self, outgoing: &[Outgoing]) -> Vec<Said> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut mine = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(one) = outgoing.get(at) else { return mine };
                let way = self.0.settings.providers.get(one.medium);
                let answer = way.map_or_else(
                    || Err(NotSent::Unreachable(OFF.to_owned())),
                    |way| way.send(&one.address, &one.note, self.0.nature.now()),
                );
                mine.push((at, answer));
            }
        };
        let mut answers: Vec<(usize, Said)> = std::thread::scope(|threads| {
            let hands: Vec<_> = (0..outgoing.len().min(HANDS)).map(|_| threads.spawn(work)).collect();
            // A provider that panicked told nothing: what became of its messages is unknown.
            hands.into_iter().filter_map(|hand| hand.join().ok()).flatten().collect()
        });
        answers.sort_by_key(|(at, _)| *at);
        let mut all: Vec<Said> = outgoing.iter().map(|_| Err(NotSent::Unknown(String::new()))).collect();
        for (at, answer) in answers {
            all[at] = answer;
        }
        all
    }

    /// Writes what became of the messages; where one did not go, the next way is due at once.
    fn settle(&self, tx: &mut Tx<'_>, outgoing: &[Outgoing], answers: &[Said]) -> Result<(), DbError> {
        let now = self.0.nature.now();
        let mut runs: BTreeMap<(OrganisationId, EscalationId), Vec<(MessageId, &Said)>> = BTreeMap::new();
        for (one, answer) in outgoing.iter().zip(answers) {
            runs.entry((one.organisation, one.escalation)).or_default().push((one.message, answer));
        }
        for ((organisation, id), answers) in runs {
            let scope = Scope::of_program(organisation);
            // Whoever answers at the other node waits from here on: what is read now is not written over.
            store::wake(tx, &scope, id, now)?;
            let Some(it) = store::get(tx, &scope, id)? else { continue };
            let (mut calls, messages) = (store::calls(tx, &scope, id)?, store::messages(tx, &scope, id)?);
            for (message, answer) in answers {
                let (state, said) = match answer {
                    Ok(said) => (MessageState::Sent, said.as_str()),
                    Err(NotSent::Unreachable(said) | NotSent::Refused(said)) => {
                        (MessageState::Failed, said.as_str())
                    }
                    Err(NotSent::Unknown(said)) => (MessageState::Unknown, said.as_str()),
                };
                if !store::message_settle(tx, &scope, message, (state, said), now)? {
                    continue;
                }
                let of = messages.iter().find(|one| one.id == message).map(|one| one.call);
                let Some(call) = calls.iter_mut().find(|call| Some(call.id) == of) else { continue };
                call.sent += i64::from(state != MessageState::Failed);
                if call.state == CallState::Asked {
                    let wait = if state == MessageState::Sent {
                        rules::patience(call, is_day(now))
                    } else {
                        Duration::zero()
                    };
                    call.next_at = Some(now + wait);
                }
                store::call_save(tx, &scope, call)?;
            }
            // Whatever happened meanwhile is looked at in the next turn, which comes at once.
            let next_at = if it.state == State::Stopped { None } else { Some(now) };
            store::leave(tx, &scope, id, &left(it.state, it.ended_at, next_at))?;
        }
        Ok(())
    }
}

fn left(state: State, ended_at: Option<DateTime<Utc>>, next_at: Option<DateTime<Utc>>) -> Left {
    Left { state, ended_at, next_at, held_until: None }
}

fn medium(kind: komainu_contact::WayKind) -> Option<Medium> {
    use komainu_contact::WayKind;
    match kind {
        WayKind::Call => None,
        WayKind::Sms => Some(Medium::Sms),
        WayKind::Mail => Some(Medium::Mail),
        WayKind::Push => Some(Medium::Push),
        WayKind::Chat => Some(Medium::Chat),
    }
}

/// Makes the contact tests whose day has come, in the morning of a business day.
pub struct ContactTests(pub App);

impl Routine for ContactTests {
    fn name(&self) -> &'static str {
        "contact-tests"
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        NaiveTime::from_hms_opt(10, 0, 0).map(|time| daily(after, time))
    }

    fn run(&self, _: &Turn<'_>) -> Result<(), Duration> {
        if !is_day(self.0.nature.now()) {
            return Ok(());
        }
        self.make().map_err(|error| {
            tracing::warn!(%error, "the contact tests could not be made");
            Duration::minutes(5)
        })
    }
}

impl ContactTests {
    fn make(&self) -> Result<(), Failure> {
        let (db, nature) = (&self.0.db, &self.0.nature);
        let today = nature.today();
        loop {
            let due = db.read(|tx| store::tests_due(tx, today, SOME))?;
            if due.is_empty() {
                return Ok(());
            }
            for (organisation, schedule) in due {
                let scope = Scope::of_program(organisation);
                let months = u32::try_from(schedule.months).unwrap_or(1);
                let next_on = rules::next_test(schedule.next_on, months, today);
                db.write(|tx| {
                    // Of two nodes only one goes on.
                    if store::schedule_save(tx, &scope, schedule.version, (schedule.months, next_on))? {
                        let told: Told = words::test_told(Lang::Ja);
                        actions::test_program(tx, nature, &scope, &told)?;
                    }
                    Ok::<_, Failure>(())
                })?;
            }
        }
    }
}
