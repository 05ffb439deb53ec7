//! Who is asked next. Pure.

use crate::{Call, CallState, State};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use komainu_contact::{ContactId, WayKind};
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use utoipa::ToSchema;

/// What is to be done now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Calls, by their place in the list, that come to stand so.
    pub settled: Vec<(usize, CallState)>,
    /// Calls, by their place in the list, whose next way is tried.
    pub ask: Vec<usize>,
    /// How it ends, where it does.
    pub end: Option<State>,
    /// When there is something to do again by itself.
    pub next_at: Option<DateTime<Utc>>,
}

/// Looks at all calls of a running escalation, in the order of step and place.
///
/// Somebody may stand in for several steps; they are asked in one of them, and their answer counts for all.
///
/// Without `everyone` the steps are asked one after another and the first who knows ends it; with it, all are asked at
/// once, and it ends when of each step somebody knows or nobody is left.
pub fn turn(everyone: bool, calls: &[Call], now: DateTime<Utc>) -> Turn {
    let mut turn = Turn::default();
    let steps = steps(calls);
    // Who stands in for several knows for all of them.
    let known = calls.iter().filter(|call| call.state == CallState::Known);
    let knowing: HashSet<ContactId> = known.map(|call| call.contact).collect();
    let known = |step: &[usize]| step.iter().any(|at| knowing.contains(&calls[*at].contact));
    if !everyone && steps.iter().any(|step| known(step)) {
        turn.end = Some(State::Known);
        turn.spare(calls, 0..calls.len());
        return turn;
    }
    let (mut open, mut all_known) = (false, true);
    for step in &steps {
        if known(step) {
            turn.spare(calls, step.iter().copied());
            continue;
        }
        let still = turn.look(calls, step, now);
        open |= still;
        all_known = false;
        if still && !everyone {
            return turn;
        }
    }
    if !open {
        turn.end = Some(if all_known && !steps.is_empty() { State::Known } else { State::Exhausted });
    }
    turn
}

impl Turn {
    /// When to look again: at once where there is something to be done now.
    pub fn due_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quiet = self.settled.is_empty() && self.ask.is_empty() && self.end.is_none();
        if quiet { self.next_at } else { Some(now) }
    }

    /// Nobody of these who was not asked yet need be.
    fn spare(&mut self, calls: &[Call], these: impl IntoIterator<Item = usize>) {
        let waiting = |at: &usize| matches!(calls[*at].state, CallState::Waiting | CallState::Asked);
        self.settled.extend(these.into_iter().filter(waiting).map(|at| (at, CallState::NotNeeded)));
    }

    /// Looks at one step of which nobody knows yet; answers whether somebody of it is being asked.
    fn look(&mut self, calls: &[Call], step: &[usize], now: DateTime<Utc>) -> bool {
        for at in step {
            let call = &calls[*at];
            match call.state {
                CallState::Asked if call.due_at.is_some_and(|due| due <= now) => {
                    self.settled.push((*at, CallState::Silent));
                }
                CallState::Asked => {
                    if call.next_at.is_some_and(|next| next <= now) {
                        self.ask.push(*at);
                    }
                    let moments = [call.due_at, call.next_at.filter(|next| *next > now)];
                    self.next_at = moments.into_iter().flatten().chain(self.next_at).min();
                    return true;
                }
                CallState::Waiting => match self.elsewhere(calls, *at, now) {
                    // One answer of theirs counts for both steps: nobody is asked twice at the same time.
                    Some(CallState::Asked) => return true,
                    Some(passed) => self.settled.push((*at, passed)),
                    None => {
                        self.ask.push(*at);
                        return true;
                    }
                },
                _ => {}
            }
        }
        false
    }

    /// How it stands with somebody in another step where they were asked, or are asked in this very turn.
    fn elsewhere(&self, calls: &[Call], at: usize, now: DateTime<Utc>) -> Option<CallState> {
        let others =
            (0..calls.len()).filter(|other| *other != at && calls[*other].contact == calls[at].contact);
        let mut passed = None;
        for other in others {
            let call = &calls[other];
            match call.state {
                CallState::Asked if call.due_at.is_none_or(|due| due > now) => return Some(CallState::Asked),
                CallState::Asked => passed = Some(CallState::Silent),
                CallState::Silent | CallState::Declined | CallState::Unreachable => passed = Some(call.state),
                CallState::Waiting if self.ask.contains(&other) => return Some(CallState::Asked),
                CallState::Waiting | CallState::Known | CallState::NotNeeded => {}
            }
        }
        passed
    }
}

/// The day of the test after one that was planned for a day: so many months later, however late it was made, and in the
/// future.
pub fn next_test(planned: NaiveDate, months: u32, today: NaiveDate) -> NaiveDate {
    let months = months.max(1);
    let after = |number: u32| planned.checked_add_months(Months::new(months.saturating_mul(number)));
    (1..=1_200).map_while(after).find(|day| *day > today).unwrap_or(today + Duration::days(31))
}

/// How many know, of how many people, and how fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EscalationCoverage)]
pub struct Coverage {
    /// How many people are to know or stand in, each counted once.
    pub people: usize,
    /// How many of them know.
    pub known: usize,
    /// How many were asked by no way that worked.
    pub unreachable: usize,
    /// Half of those who know did within so many seconds; null while nobody does.
    pub median_seconds: Option<i64>,
}

/// Counts who knows. Who stands in for several is one person.
pub fn coverage(calls: &[Call]) -> Coverage {
    let distinct = |wanted: &dyn Fn(&Call) -> bool| {
        let ids = calls.iter().filter(|call| wanted(call)).map(|call| call.contact);
        ids.collect::<BTreeSet<_>>().len()
    };
    let known = calls.iter().filter(|call| call.state == CallState::Known);
    let mut seconds: Vec<i64> =
        known.filter_map(|call| Some((call.known_at? - call.asked_at?).num_seconds().max(0))).collect();
    seconds.sort_unstable();
    Coverage {
        people: distinct(&|_| true),
        known: distinct(&|call| call.state == CallState::Known),
        unreachable: distinct(&|call| call.state == CallState::Unreachable),
        median_seconds: seconds.get(seconds.len().saturating_sub(1) / 2).copied(),
    }
}

/// The places of the calls, by step.
fn steps(calls: &[Call]) -> Vec<Vec<usize>> {
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        match steps.last_mut() {
            Some(step) if calls[step[0]].step == call.step => step.push(at),
            _ => steps.push(vec![at]),
        }
    }
    steps
}

/// The next way of a call that a program can use: its place among the ways. `day` is whether it is day now.
pub fn next_way(call: &Call, day: bool) -> Option<usize> {
    let usable = |at: &usize| {
        let way = &call.callee.ways[*at];
        way.kind != WayKind::Call && way.hours.suits(day)
    };
    (call.tried..call.callee.ways.len()).find(usable)
}

/// Whether somebody can telephone.
pub fn can_be_called(call: &Call) -> bool {
    call.callee.ways.iter().any(|way| way.kind == WayKind::Call)
}

/// The numbers by which somebody is telephoned at this hour; where none is for this hour, all of them.
pub fn numbers(call: &Call, day: bool) -> Vec<String> {
    let calls = || call.callee.ways.iter().filter(|way| way.kind == WayKind::Call);
    let now = calls().filter(|way| way.hours.suits(day)).map(|way| way.address.clone());
    let now: Vec<String> = now.collect();
    if now.is_empty() { calls().map(|way| way.address.clone()).collect() } else { now }
}

/// How long to wait for an answer to one way before a further one is tried: the ways share the wait.
pub fn patience(call: &Call, day: bool) -> Duration {
    let ways = call.callee.ways.iter().filter(|way| way.kind != WayKind::Call && way.hours.suits(day));
    let count = i64::try_from(ways.count()).unwrap_or(1).max(1);
    Duration::seconds((call.wait_minutes * 60 / count).max(20))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CallId, Callee, Reached};
    use komainu_contact::WayHours;
    use komainu_db::uuid::Uuid;
    use proptest::prelude::*;

    fn now() -> DateTime<Utc> {
        "2026-11-27T03:00:00Z".parse().unwrap()
    }

    fn call(step: i64, place: i64, state: CallState) -> Call {
        let asked = state == CallState::Asked;
        Call {
            id: CallId(Uuid::from_u128(u128::try_from(step * 10 + place).unwrap())),
            step,
            place,
            contact: ContactId(Uuid::from_u128(u128::try_from(step * 10 + place).unwrap())),
            callee: Callee::default(),
            wait_minutes: 5,
            state,
            tried: 0,
            sent: 0,
            asked_at: asked.then(now),
            next_at: None,
            due_at: asked.then(|| now() + Duration::minutes(5)),
            known_at: None,
            known_how: None,
            known_by_name: String::new(),
        }
    }

    use CallState::{Asked, Declined, Known, NotNeeded, Silent, Unreachable, Waiting};

    fn calls(states: &[&[CallState]]) -> Vec<Call> {
        let of_step = |(step, states): (i64, &&[CallState])| {
            (0..).zip(states.iter()).map(move |(place, state)| call(step, place, *state)).collect::<Vec<_>>()
        };
        (0..).zip(states).flat_map(of_step).collect()
    }

    #[test]
    fn one_after_another_until_one_knows() {
        for (states, ask, end) in [
            (&[&[Waiting, Waiting][..], &[Waiting]][..], vec![0], None),
            (&[&[Asked, Waiting], &[Waiting]], vec![], None),
            (&[&[Silent, Waiting], &[Waiting]], vec![1], None),
            (&[&[Declined, Unreachable], &[Waiting]], vec![2], None),
            (&[&[Silent, Silent], &[Silent]], vec![], Some(State::Exhausted)),
            (&[&[Silent, Known], &[Waiting]], vec![], Some(State::Known)),
            (&[], vec![], Some(State::Exhausted)),
        ] {
            let turn = turn(false, &calls(states), now());
            assert_eq!((turn.ask, turn.end), (ask, end), "{states:?}");
        }
        let late = turn(false, &calls(&[&[Silent, Known], &[Asked, Waiting]]), now());
        assert_eq!(late.settled, [(2, NotNeeded), (3, NotNeeded)]);
    }

    #[test]
    fn everyone_at_once_each_with_those_who_stand_in() {
        for (states, ask, end) in [
            (&[&[Waiting, Waiting][..], &[Waiting]][..], vec![0, 2], None),
            (&[&[Known, Waiting], &[Asked]], vec![], None),
            (&[&[Known], &[Known]], vec![], Some(State::Known)),
            (&[&[Known], &[Silent, Unreachable]], vec![], Some(State::Exhausted)),
        ] {
            let turn = turn(true, &calls(states), now());
            assert_eq!((turn.ask, turn.end), (ask, end), "{states:?}");
        }
    }

    #[test]
    fn one_who_stands_in_for_two_is_asked_once_and_counts_for_both() {
        for (states, ask, settled, end) in [
            // Both steps come to them in the same turn, or in two.
            (&[&[Silent, Waiting][..], &[Silent, Waiting]][..], vec![1], vec![], None),
            (&[&[Silent, Asked], &[Silent, Waiting]], vec![], vec![], None),
            // The first step needs them no more; the second does.
            (&[&[Known, NotNeeded], &[Silent, Waiting]], vec![3], vec![], None),
            (&[&[Silent, Known], &[Silent, Waiting]], vec![], vec![(3, NotNeeded)], Some(State::Known)),
            (&[&[Silent, Declined], &[Silent, Waiting]], vec![], vec![(3, Declined)], Some(State::Exhausted)),
        ] {
            let mut calls = calls(states);
            calls[3].contact = calls[1].contact;
            let turn = turn(true, &calls, now());
            assert_eq!((turn.ask, turn.settled, turn.end), (ask, settled, end), "{states:?}");
        }
    }

    #[test]
    fn who_does_not_answer_in_time_is_silent_and_the_next_is_asked_at_once() {
        let calls = calls(&[&[Asked, Waiting]]);
        let due = now() + Duration::minutes(5);
        let waiting = turn(false, &calls, now());
        assert_eq!((waiting.next_at, waiting.due_at(now())), (Some(due), Some(due)));
        let turn = turn(false, &calls, due);
        assert_eq!(turn.due_at(due), Some(due), "at once");
        assert_eq!((turn.settled, turn.ask), (vec![(0, Silent)], vec![1]));
    }

    #[test]
    fn tests_keep_to_their_day_of_the_month() {
        for (planned, months, today, next) in [
            // The planned day was a Saturday; the test was made on Monday.
            ("2026-11-28", 3, "2026-11-30", "2027-02-28"),
            ("2027-01-31", 1, "2027-02-01", "2027-02-28"),
            ("2027-08-31", 6, "2027-08-31", "2028-02-29"),
            // The program stood still for months: one test, not one for each that was missed.
            ("2026-01-15", 1, "2026-11-27", "2026-12-15"),
            ("2026-11-27", 12, "2026-11-27", "2027-11-27"),
        ] {
            let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
            assert_eq!(next_test(day(planned), months, day(today)), day(next), "{planned} {months}");
        }
    }

    #[test]
    fn who_knows_is_counted_by_person_and_not_by_call() {
        let mut calls = calls(&[&[Known, NotNeeded], &[Known, NotNeeded], &[Unreachable]]);
        calls[3].contact = calls[1].contact;
        for (at, seconds) in [(0, 10), (2, 30)] {
            (calls[at].asked_at, calls[at].known_at) =
                (Some(now()), Some(now() + Duration::seconds(seconds)));
        }
        let expected = Coverage { people: 4, known: 2, unreachable: 1, median_seconds: Some(10) };
        assert_eq!(coverage(&calls), expected);
        assert_eq!(coverage(&[]), Coverage::default());
    }

    #[test]
    fn further_ways_share_the_wait() {
        let way = |kind, hours| Reached { kind, address: "x".into(), hours };
        let mut one = call(0, 0, Waiting);
        one.callee.ways = vec![
            way(WayKind::Sms, WayHours::Night),
            way(WayKind::Push, WayHours::Always),
            way(WayKind::Mail, WayHours::Day),
            way(WayKind::Call, WayHours::Always),
        ];
        assert_eq!((next_way(&one, true), next_way(&one, false)), (Some(1), Some(0)));
        assert_eq!(patience(&one, true), Duration::seconds(150));
        one.callee.ways.push(Reached { address: "y".into(), ..way(WayKind::Call, WayHours::Night) });
        assert_eq!(
            (numbers(&one, true), numbers(&one, false)),
            (vec!["x".to_owned()], vec!["x".into(), "y".into()])
        );
        one.callee.ways.remove(3);
        assert_eq!(numbers(&one, true), ["y"], "a number for the night is better than none");
        one.tried = 3;
        assert_eq!((next_way(&one, true), can_be_called(&one)), (None, true));
    }

    proptest! {
        /// However answers come, it ends, and nobody is asked once somebody knows.
        #[test]
        fn it_always_ends(
            everyone: bool,
            shape in proptest::collection::vec(1_usize..4, 1..5),
            answers in proptest::collection::vec(0_u8..4, 1..20),
            shared: bool,
        ) {
            let states: Vec<Vec<CallState>> = shape.iter().map(|count| vec![Waiting; *count]).collect();
            let states: Vec<&[CallState]> = states.iter().map(Vec::as_slice).collect();
            let (mut calls, mut now, mut answers) = (calls(&states), now(), answers.into_iter().cycle());
            let one = calls[0].contact;
            for call in calls.iter_mut().filter(|call| shared && call.place == 2) {
                call.contact = one;
            }
            for _ in 0..200 {
                let next = turn(everyone, &calls, now);
                for (at, state) in &next.settled {
                    calls[*at].state = *state;
                }
                if let Some(end) = next.end {
                    prop_assert!(calls.iter().all(|call| !matches!(call.state, Waiting | Asked)));
                    let known = calls.iter().any(|call| call.state == Known);
                    prop_assert!(end != State::Known || known);
                    return Ok(());
                }
                for at in &next.ask {
                    prop_assert!(everyone || calls.iter().all(|call| call.state != Known));
                    let call = &mut calls[*at];
                    call.state = match answers.next() {
                        Some(0) => Known,
                        Some(1) => Declined,
                        Some(2) => Unreachable,
                        _ => Asked,
                    };
                    call.due_at = Some(now + Duration::minutes(5));
                }
                now = next.next_at.unwrap_or(now + Duration::minutes(1));
            }
            prop_assert!(false, "it never ended");
        }
    }
}
