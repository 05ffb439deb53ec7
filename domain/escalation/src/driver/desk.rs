//! Where messages wait for a hand.

use super::Outgoing;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Messages that are handed over side by side.
pub(super) const HANDS: usize = 32;
/// Those of them that a test may have: a test of five hundred by a slow way leaves hands for what happens.
const FOR_TESTS: usize = HANDS / 2;

#[derive(Default)]
struct Waiting {
    urgent: VecDeque<Outgoing>,
    tests: VecDeque<Outgoing>,
    /// Hands that have a test's message.
    testing: usize,
    closed: bool,
}

/// Messages that wait, and the hands that wait for messages.
#[derive(Default)]
pub(super) struct Desk {
    waiting: Mutex<Waiting>,
    news: Condvar,
}

/// Sends the hands home, whatever happens to whoever gives them work.
pub(super) struct Closing<'a>(pub(super) &'a Desk);

impl Desk {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays a message down.
    pub(super) fn put(&self, one: Outgoing) {
        let mut waiting = self.waiting();
        if one.note.urgent {
            waiting.urgent.push_back(one);
        } else {
            waiting.tests.push_back(one);
        }
        drop(waiting);
        self.news.notify_one();
    }

    /// The next message, what is urgent first; none once the desk is closed.
    pub(super) fn take(&self) -> Option<Outgoing> {
        let mut waiting = self.waiting();
        loop {
            if waiting.closed {
                return None;
            }
            if let Some(one) = waiting.urgent.pop_front() {
                return Some(one);
            }
            if waiting.testing < FOR_TESTS
                && let Some(one) = waiting.tests.pop_front()
            {
                waiting.testing += 1;
                return Some(one);
            }
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A hand is free of this message.
    pub(super) fn done(&self, one: &Outgoing) {
        if !one.note.urgent {
            self.waiting().testing -= 1;
            self.news.notify_one();
        }
    }
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.waiting().closed = true;
        self.0.news.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EscalationId, MessageId};
    use komainu_access::OrganisationId;
    use komainu_contact::ContactId;
    use komainu_db::uuid::Uuid;
    use komainu_notify::{Medium, Note};

    fn message(number: u128, urgent: bool) -> Outgoing {
        let id = Uuid::from_u128(number);
        let (title, text, url) = (String::new(), String::new(), String::new());
        Outgoing {
            organisation: OrganisationId(id),
            escalation: EscalationId(id),
            message: MessageId(id),
            contact: ContactId(id),
            medium: Medium::Sms,
            address: String::new(),
            note: Note { title, text, url, urgent, key: id },
            until: "2026-11-27T03:01:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn what_happens_goes_before_tests_which_leave_hands_for_it() {
        let desk = Desk::default();
        for number in 0..40 {
            desk.put(message(number, false));
        }
        desk.put(message(100, true));
        assert!(desk.take().unwrap().note.urgent, "it came last");
        let tests: Vec<Outgoing> = (0..FOR_TESTS).map(|_| desk.take().unwrap()).collect();
        assert!(tests.iter().all(|one| !one.note.urgent));
        std::thread::scope(|threads| {
            // No further one of a test, however many wait.
            let hand = threads.spawn(|| desk.take().unwrap());
            desk.put(message(101, true));
            assert!(hand.join().unwrap().note.urgent);
        });
        desk.done(&tests[0]);
        assert!(!desk.take().unwrap().note.urgent);
        drop(Closing(&desk));
        assert!(desk.take().is_none());
    }
}
