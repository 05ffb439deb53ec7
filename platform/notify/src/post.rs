//! Short messages as mails, at once and not by the queue.

use crate::asked::PATIENCE;
use crate::provider::{kept, lines};
use crate::sender::{self, Broken};
use crate::{Mail, Medium, NotSent, Note, Provider, Sender};
use chrono::{DateTime, Utc};

/// Longest mail, in characters: it is read on a telephone.
const LONGEST: usize = 4_000;

/// Hands short messages to the mail server at once, so that another way is taken where it is away.
#[derive(Clone)]
pub struct MailWay(Sender);

impl MailWay {
    /// The way by this sender.
    pub fn new(sender: &Sender) -> MailWay {
        MailWay(sender.clone())
    }
}

impl Provider for MailWay {
    fn medium(&self) -> Medium {
        Medium::Mail
    }

    fn send(&self, to: &str, note: &Note, at: DateTime<Utc>) -> Result<String, NotSent> {
        let untitled = Note { title: String::new(), ..note.clone() };
        let mail = Mail::new(to, &note.title, &lines(&untitled, LONGEST))
            .map_err(|error| NotSent::Refused(error.to_string()))?;
        let told = |error: &dyn std::fmt::Display| kept(&error.to_string(), mail.to());
        match self.0.hand_in(&mail, note.key, at, PATIENCE) {
            Ok(said) => Ok(kept(&said, mail.to())),
            Err(Broken::NoMail(why)) => Err(NotSent::Refused(told(&why))),
            Err(Broken::Before(error)) => Err(NotSent::Unreachable(told(&error))),
            Err(Broken::During(error)) if sender::refuses(&error) => Err(NotSent::Refused(told(&error))),
            // The server's own word, or a mail that it cannot carry: it did not take it.
            Err(Broken::During(error))
                if error.is_transient() || error.is_permanent() || error.is_client() =>
            {
                Err(NotSent::Unreachable(told(&error)))
            }
            Err(Broken::During(error)) => Err(NotSent::Unknown(told(&error))),
        }
    }
}
