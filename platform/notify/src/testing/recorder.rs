//! A way that sends nothing and remembers everything.

use crate::{Medium, NotSent, Note, Provider};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A message that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// To whom.
    pub to: String,
    /// What.
    pub note: Note,
    /// When.
    pub at: DateTime<Utc>,
}

/// Called while a message is handed in.
type Meanwhile = Box<dyn Fn(&Handed) + Send>;

#[derive(Default)]
struct Book {
    handed: Vec<Handed>,
    /// What is answered next, by the address.
    next: BTreeMap<String, VecDeque<NotSent>>,
    /// What every message is answered, whoever it is for.
    always: Option<NotSent>,
    meanwhile: Option<Meanwhile>,
}

/// A way that sends nothing: it writes down what it was handed and answers what it was told to. Without a word it takes
/// everything.
pub struct Recorder {
    medium: Medium,
    book: Mutex<Book>,
}

impl Recorder {
    /// A way of this medium, to be put among the providers by `Providers::with(recorder.clone())`.
    pub fn new(medium: Medium) -> Arc<Recorder> {
        Arc::new(Recorder { medium, book: Mutex::default() })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next message to this address is answered so; those after it are taken again.
    pub fn next(&self, to: &str, answer: NotSent) {
        self.book().next.entry(to.to_owned()).or_default().push_back(answer);
    }

    /// From now on every message is answered so; with none all are taken again.
    pub fn always(&self, answer: Option<NotSent>) {
        self.book().always = answer;
    }

    /// Does something while a message is handed in, before it is answered. A panic in it is what a crash looks like.
    pub fn meanwhile(&self, act: impl Fn(&Handed) + Send + 'static) {
        self.book().meanwhile = Some(Box::new(act));
    }

    /// Everything that was handed in, whatever was answered, in its order.
    pub fn handed(&self) -> Vec<Handed> {
        self.book().handed.clone()
    }

    /// The addresses of everything that was handed in, in its order.
    pub fn addresses(&self) -> Vec<String> {
        self.book().handed.iter().map(|handed| handed.to.clone()).collect()
    }

    /// Everything that was handed in since the last time this was asked.
    pub fn take(&self) -> Vec<Handed> {
        std::mem::take(&mut self.book().handed)
    }
}

impl Provider for Recorder {
    fn medium(&self) -> Medium {
        self.medium
    }

    fn send(&self, to: &str, note: &Note, at: DateTime<Utc>) -> Result<String, NotSent> {
        let handed = Handed { to: to.to_owned(), note: note.clone(), at };
        let answer = {
            let mut book = self.book();
            book.handed.push(handed.clone());
            let next = book.next.get_mut(to).and_then(VecDeque::pop_front);
            next.or_else(|| book.always.clone())
        };
        // Out of the book while it runs, so that it may ask what was handed in.
        let meanwhile = self.book().meanwhile.take();
        if let Some(act) = meanwhile {
            act(&handed);
            self.book().meanwhile.get_or_insert(act);
        }
        answer.map_or_else(|| Ok("taken".to_owned()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Providers;
    use komainu_db::uuid::Uuid;

    #[test]
    fn a_recorder_answers_as_it_was_told() {
        let recorder = Recorder::new(Medium::Sms);
        let providers = Providers::default().with(recorder.clone());
        let note = Note {
            title: "題".to_owned(),
            text: "本文".to_owned(),
            url: String::new(),
            urgent: false,
            key: Uuid::from_u128(1),
        };
        let at: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        let send = |to: &str| providers.get(Medium::Sms).unwrap().send(to, &note, at);
        recorder.next("1", NotSent::Refused("no".to_owned()));
        assert_eq!(send("1"), Err(NotSent::Refused("no".to_owned())));
        assert_eq!(send("1"), Ok("taken".to_owned()));
        recorder.always(Some(NotSent::Unreachable("away".to_owned())));
        assert_eq!(send("2"), Err(NotSent::Unreachable("away".to_owned())));
        assert_eq!(recorder.addresses(), ["1", "1", "2"]);
        assert_eq!(recorder.take().len(), 3);
        assert!(recorder.handed().is_empty() && !providers.has(Medium::Mail));
    }
}
