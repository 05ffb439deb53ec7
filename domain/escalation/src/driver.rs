//! Who goes on with what runs: in turns, whatever is due of all organisations at once.
//!
//! ```text
//! due ──begun, in one transaction a hundred──► desk ──hands, side by side──► answers ──written, in one transaction──► due
//! ```
//!
//! More is begun while messages are handed over, so a slow way keeps nobody waiting who is called by another. What an
//! answer changes is written for a calling-out as a whole, when all its messages under way are answered: until then this
//! node holds it.

mod desk;

use self::desk::{Closing, Desk, HANDS};
use crate::model::{
    Call, CallState, Escalation, EscalationId, Kind, Message, MessageId, MessageState, State, Told,
};
use crate::store::{self, Due, Left};
use crate::{actions, rules, t, words};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use komainu_access::{LinkToken, OrganisationId, Scope};
use komainu_audit::{Change, record};
use komainu_contact::actions::push_gone;
use komainu_contact::words::dialled;
use komainu_contact::{ContactId, is_day};
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_jobs::routine::{Routine, Turn};
use komainu_jobs::{Watch, daily};
use komainu_notify::{Medium, NotSent, Note};
use komainu_web::{App, Failure};
use serde_json::json;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};

/// Escalations that are begun in one transaction.
const SOME: i64 = 100;
/// Messages under way at most, unless one escalation has more.
const MOST: usize = 1_000;
/// How often more is begun in one look: whoever asks the program to end waits for it.
const BEGINS: usize = 200;
/// How long answers are waited for before it is looked whether more is due.
const GLANCE: std::time::Duration = std::time::Duration::from_millis(20);
/// How long a node may have an escalation in hand before another takes it for lost. A provider answers within seconds.
const LEASE: Duration = Duration::seconds(60);
/// What must be left of that when a message is handed over: a provider's patience, twice.
const SPARE: Duration = Duration::seconds(10);
/// What is kept where no hand was free in time.
const LATE: &str = "no time left";
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
    contact: ContactId,
    medium: Medium,
    address: String,
    note: Note,
    /// Until when this node has its escalation in hand.
    until: DateTime<Utc>,
}

/// An escalation whose messages are under way.
#[derive(Default)]
struct UnderWay {
    left: usize,
    answers: Vec<(Outgoing, Said)>,
}

/// What is begun in one transaction.
#[derive(Default)]
struct Begun {
    outgoing: Vec<Outgoing>,
    /// What ended, for the log.
    ended: Vec<Ended>,
}

struct Ended {
    organisation: OrganisationId,
    escalation: EscalationId,
    title: String,
    before: State,
    after: State,
}

impl Watch for Driver {
    fn look(&self) -> Result<bool, DbError> {
        let Some(outgoing) = self.next()? else { return Ok(false) };
        if !outgoing.is_empty() {
            self.hand_over(outgoing)?;
        }
        Ok(true)
    }

    fn presses(&self) -> bool {
        true
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
        let (db, nature) = (self.0.db.pressing(), &self.0.nature);
        // Looking is cheap; beginning takes the only writer of SQLite.
        if db.read(|tx| store::due(tx, nature.now(), 1))?.is_empty() {
            return Ok(None);
        }
        let outgoing = db.write(|tx| {
            // Looked for again: while the writer was waited for, more came.
            let mut due = store::due(tx, nature.now(), SOME)?;
            // In the same order on every node, and the log, which an answer takes last, last: nobody waits in a circle.
            due.sort_by_key(|one| (one.organisation, one.escalation.id));
            let mut begun = Begun::default();
            for one in &due {
                self.advance(tx, one, &mut begun)?;
            }
            for ended in &begun.ended {
                self.log_end(tx, ended)?;
            }
            Ok::<_, DbError>(begun.outgoing)
        })?;
        Ok(Some(outgoing))
    }

    /// Goes on with one: who did not answer in time is passed over, who is next is asked, or it ends.
    fn advance(&self, tx: &mut Tx<'_>, due: &Due, begun: &mut Begun) -> Result<(), DbError> {
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
        let first = begun.outgoing.len();
        loop {
            let turn = rules::turn(it.everyone, &calls, now);
            for (at, state) in &turn.settled {
                (calls[*at].state, calls[*at].next_at) = (*state, None);
                store::call_save(tx, &scope, &calls[*at])?;
            }
            if let Some(end) = turn.end {
                return self.end(tx, &scope, it, (end, &mut begun.ended));
            }
            // Whoever was passed over may leave somebody to be asked in another step.
            let mut again = !turn.settled.is_empty();
            for at in turn.ask {
                begun.outgoing.extend(self.ask(tx, (&scope, it), &mut calls[at], now + LEASE)?);
                store::call_save(tx, &scope, &calls[at])?;
                again |= calls[at].state == CallState::Unreachable;
            }
            if !again {
                break;
            }
        }
        let next_at = rules::turn(it.everyone, &calls, now).next_at;
        let held = begun.outgoing.len() > first;
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

    fn end(
        &self,
        tx: &mut Tx<'_>,
        scope: &Scope,
        it: &Escalation,
        (state, ended): (State, &mut Vec<Ended>),
    ) -> Result<(), DbError> {
        if it.state == state {
            return store::leave(tx, scope, it.id, &left(state, it.ended_at, None));
        }
        ended.push(Ended {
            organisation: scope.organisation(),
            escalation: it.id,
            title: it.told.title.clone(),
            before: it.state,
            after: state,
        });
        store::leave(tx, scope, it.id, &left(state, Some(self.0.nature.now()), None))
    }

    fn log_end(&self, tx: &mut Tx<'_>, ended: &Ended) -> Result<(), DbError> {
        let change = Change {
            action: "escalation_end",
            object_kind: "escalation",
            object_id: &ended.escalation.to_string(),
            before: json!({ "state": ended.before.code() }),
            after: json!({ "state": ended.after.code(), "title": ended.title }),
        };
        record(tx, &Scope::of_program(ended.organisation), self.0.nature.now(), &change)
    }

    /// Begins the next way of a call, or tells that there is none.
    fn ask(
        &self,
        tx: &mut Tx<'_>,
        (scope, it): (&Scope, &Escalation),
        call: &mut Call,
        until: DateTime<Utc>,
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
                contact: call.contact,
                medium,
                address: way.address.clone(),
                note: self.note(it, call, (&message, &token)),
                until,
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

    /// Has messages handed over, several side by side, outside any transaction, and goes on with whatever else is due
    /// meanwhile, until nothing is under way.
    fn hand_over(&self, first: Vec<Outgoing>) -> Result<(), DbError> {
        let desk = Desk::default();
        let (tell, answers) = channel();
        let mut over = Vec::new();
        let outcome = std::thread::scope(|threads| {
            let _closing = Closing(&desk);
            let mut runs: BTreeMap<EscalationId, UnderWay> = BTreeMap::new();
            let (mut coming, mut under_way, mut hands, mut begins) = (first, 0, 0, 1);
            let mut trouble = None;
            loop {
                under_way += coming.len();
                while hands < HANDS.min(under_way) {
                    let (desk, tell) = (&desk, tell.clone());
                    threads.spawn(move || self.hand(desk, &tell));
                    hands += 1;
                }
                for one in std::mem::take(&mut coming) {
                    runs.entry(one.escalation).or_default().left += 1;
                    desk.put(one);
                }
                // Whoever is due goes before what is to be written.
                if trouble.is_none() && begins < BEGINS && under_way < MOST {
                    match self.next() {
                        Ok(Some(more)) => {
                            (coming, begins) = (more, begins + 1);
                            continue;
                        }
                        Ok(None) => {}
                        // What is under way is written all the same.
                        Err(error) => trouble = Some(error),
                    }
                }
                if under_way == 0 {
                    return trouble.map_or(Ok(()), Err);
                }
                let (came, whole) = gather(&answers, &mut runs);
                under_way -= came;
                if !whole.is_empty() {
                    self.0.db.pressing().write(|tx| self.settle(tx, &whole))?;
                    over.extend(whole.into_iter().flat_map(|run| run.answers).filter_map(ended_way));
                }
            }
        });
        self.forget(over);
        outcome
    }

    /// Takes out the browsers that are not there any more, once nobody waits for a message. What cannot be written now is told
    /// again by the next message to them.
    fn forget(&self, over: Vec<Outgoing>) {
        for one in over {
            let scope = Scope::of_program(one.organisation);
            let gone = self
                .0
                .db
                .write(|tx| push_gone(tx, &self.0.nature, &scope, (one.contact, one.address.as_str())));
            if let Err(error) = gone {
                tracing::warn!(%error, "a browser that is not there any more stays in the network");
            }
        }
    }

    /// Hands over one message after another, until there is nothing more to do.
    fn hand(&self, desk: &Desk, tell: &Sender<(Outgoing, Said)>) {
        while let Some(one) = desk.take() {
            // A provider that panicked told nothing: what became of its message is unknown.
            let said = catch_unwind(AssertUnwindSafe(|| self.send(&one)))
                .unwrap_or_else(|_| Err(NotSent::Unknown(String::new())));
            desk.done(&one);
            if tell.send((one, said)).is_err() {
                return;
            }
        }
    }

    fn send(&self, one: &Outgoing) -> Said {
        let now = self.0.nature.now();
        let Some(way) = self.0.settings.providers.get(one.medium) else {
            return Err(NotSent::Unreachable(OFF.to_owned()));
        };
        // Another node may take it for lost soon, and take the next way.
        if now + SPARE > one.until {
            return Err(NotSent::Unreachable(LATE.to_owned()));
        }
        way.send(&one.address, &one.note, now)
    }

    /// Writes what became of the messages; where one did not go, the next way is due at once.
    fn settle(&self, tx: &mut Tx<'_>, runs: &[UnderWay]) -> Result<(), DbError> {
        for UnderWay { answers, .. } in runs {
            let Some((one, _)) = answers.first() else { continue };
            let (scope, id, now) = (Scope::of_program(one.organisation), one.escalation, self.0.nature.now());
            // Whoever answers waits from here on, and what they said before is seen.
            store::wake(tx, &scope, id, now)?;
            let Some(it) = store::get(tx, &scope, id)? else { continue };
            let (mut calls, messages) = (store::calls(tx, &scope, id)?, store::messages(tx, &scope, id)?);
            for (one, answer) in answers {
                let (state, said) = match answer {
                    Ok(said) => (MessageState::Sent, said.as_str()),
                    Err(NotSent::Unreachable(said) | NotSent::Refused(said) | NotSent::Gone(said)) => {
                        (MessageState::Failed, said.as_str())
                    }
                    Err(NotSent::Unknown(said)) => (MessageState::Unknown, said.as_str()),
                };
                if !store::message_settle(tx, &scope, one.message, (state, said), now)? {
                    continue;
                }
                let of =
                    messages.iter().find(|message| message.id == one.message).map(|message| message.call);
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
            let next_at = if it.state == State::Stopped {
                None
            } else {
                rules::turn(it.everyone, &calls, now).due_at(now)
            };
            store::leave(tx, &scope, id, &left(it.state, it.ended_at, next_at))?;
        }
        Ok(())
    }
}

/// A message to what will never take one again. Only what a browser gave ends by itself; a number or a mailbox is somebody's
/// to take out.
fn ended_way((one, said): (Outgoing, Said)) -> Option<Outgoing> {
    let over = one.medium == Medium::Push && matches!(said, Err(NotSent::Gone(_)));
    over.then_some(one)
}

/// Waits a little for answers; answers how many came, and the escalations of which all are there.
fn gather(
    answers: &Receiver<(Outgoing, Said)>,
    runs: &mut BTreeMap<EscalationId, UnderWay>,
) -> (usize, Vec<UnderWay>) {
    let (mut came, mut whole) = (0, BTreeMap::new());
    for (one, said) in answers.recv_timeout(GLANCE).into_iter().chain(answers.try_iter()) {
        came += 1;
        let id = one.escalation;
        let Some(run) = runs.get_mut(&id) else { continue };
        run.left -= 1;
        let last = run.left == 0;
        let organisation = one.organisation;
        run.answers.push((one, said));
        if last && let Some(run) = runs.remove(&id) {
            whole.insert((organisation, id), run);
        }
    }
    // In the order in which they are begun as well.
    (came, whole.into_values().collect())
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
