//! Who is asked next. Pure.

use crate::{Call, CallState, State};
use chrono::{DateTime, Duration, Utc};
use komainu_contact::WayKind;

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
/// Without `everyone` the steps are asked one after another and the first who knows ends it; with it, all are asked at
/// once, and it ends when of each step somebody knows or nobody is left.
pub fn turn(everyone: bool, calls: &[Call], now: DateTime<Utc>) -> Turn {
    let mut turn = Turn::default();
    let steps = steps(calls);
    let known = |step: &[usize]| step.iter().any(|at| calls[*at].state == CallState::Known);
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
                CallState::Waiting => {
                    self.ask.push(*at);
                    return true;
                }
                _ => {}
            }
        }
        false
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
    use komainu_contact::{ContactId, WayHours};
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
            contact: ContactId(Uuid::nil()),
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
        ) {
            let states: Vec<Vec<CallState>> = shape.iter().map(|count| vec![Waiting; *count]).collect();
            let states: Vec<&[CallState]> = states.iter().map(Vec::as_slice).collect();
            let (mut calls, mut now, mut answers) = (calls(&states), now(), answers.into_iter().cycle());
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
