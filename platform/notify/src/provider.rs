//! Short messages to one person at once, by whichever way the settings switched on.
//!
//! Whoever calls people out needs to know one thing exactly: whether a message may have gone. [`NotSent`] tells that, so
//! that the next way is taken at once and nothing is sent twice.

use crate::{Mail, PushAddress, allowed_url};
use chrono::{DateTime, Utc};
use komainu_db::uuid::Uuid;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use thiserror::Error;

/// Longest of what a provider said that is kept, in characters.
const SAID: usize = 200;

/// By what a short message reaches somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    /// A text message to a telephone number.
    Sms,
    /// A mail.
    Mail,
    /// A browser that asked to be told.
    Push,
    /// A channel of a chat service, by its incoming webhook.
    Chat,
}

/// The text is no medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a medium")]
pub struct UnknownMedium;

impl Medium {
    /// All of them.
    pub const ALL: [Medium; 4] = [Medium::Sms, Medium::Mail, Medium::Push, Medium::Chat];

    /// The word in stores and settings.
    pub const fn code(self) -> &'static str {
        match self {
            Medium::Sms => "sms",
            Medium::Mail => "mail",
            Medium::Push => "push",
            Medium::Chat => "chat",
        }
    }

    /// Whether something could be an address of this medium, as far as its text tells: a telephone number, a mail address,
    /// what a browser gave ([`PushAddress`]), or the address of an incoming webhook.
    pub fn fits(self, to: &str) -> bool {
        match self {
            Medium::Sms => crate::sms::digits(to).is_some(),
            Medium::Mail => Mail::new(to, "", "").is_ok(),
            Medium::Push => to.parse::<PushAddress>().is_ok(),
            Medium::Chat => allowed_url(to).is_ok(),
        }
    }
}

impl FromStr for Medium {
    type Err = UnknownMedium;

    fn from_str(code: &str) -> Result<Self, UnknownMedium> {
        Medium::ALL.into_iter().find(|medium| medium.code() == code).ok_or(UnknownMedium)
    }
}

/// What somebody is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about, in a line.
    pub title: String,
    /// What it says. Where a medium takes less, its end is cut off; title and address stay whole.
    pub text: String,
    /// The page to open, whole; empty for none.
    pub url: String,
    /// Whether it should wake somebody.
    pub urgent: bool,
    /// The same for a message however often it is handed in: providers that can tell by it that they have it already do.
    pub key: Uuid,
}

/// What it says is not for the log.
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Note({})", self.key)
    }
}

/// A message was not sent, or nobody knows. The words tell why, and never to whom.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotSent {
    /// It surely did not go, which says nothing about the address: another way is to be taken at once.
    #[error("{0}")]
    Unreachable(String),
    /// It surely did not go, as this address is no good.
    #[error("{0}")]
    Refused(String),
    /// It surely did not go, and this address will take nothing again: it may be forgotten.
    #[error("{0}")]
    Gone(String),
    /// It was on its way when the line broke: nobody knows whether it went.
    #[error("{0}")]
    Unknown(String),
}

impl NotSent {
    /// The same with other words.
    pub(crate) fn map(self, change: impl FnOnce(&str) -> String) -> NotSent {
        match self {
            NotSent::Unreachable(why) => NotSent::Unreachable(change(&why)),
            NotSent::Refused(why) => NotSent::Refused(change(&why)),
            NotSent::Gone(why) => NotSent::Gone(change(&why)),
            NotSent::Unknown(why) => NotSent::Unknown(change(&why)),
        }
    }
}

/// A way by which short messages go.
pub trait Provider: Send + Sync {
    /// What it is.
    fn medium(&self) -> Medium;

    /// Hands a message in and answers what was said to it, without any address. It blocks for some seconds at most, and is
    /// never called on an async thread.
    fn send(&self, to: &str, note: &Note, at: DateTime<Utc>) -> Result<String, NotSent>;
}

/// The ways by which short messages go, as far as they are switched on. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers {
    /// One a medium at most.
    all: Vec<Arc<dyn Provider>>,
    push_key: Option<Arc<str>>,
}

impl Providers {
    /// These and another one; it takes the place of one of the same medium.
    #[must_use]
    pub fn with(mut self, provider: Arc<dyn Provider>) -> Providers {
        self.all.retain(|other| other.medium() != provider.medium());
        self.all.push(provider);
        self
    }

    /// These, and the public key that browsers are shown when they ask to be told.
    #[must_use]
    pub fn with_push_key(self, key: &str) -> Providers {
        Providers { push_key: Some(key.into()), ..self }
    }

    /// The way by which messages of a medium go; none where it is switched off.
    pub fn get(&self, medium: Medium) -> Option<&dyn Provider> {
        self.all.iter().find(|provider| provider.medium() == medium).map(|provider| &**provider)
    }

    /// Whether messages of a medium can be sent.
    pub fn has(&self, medium: Medium) -> bool {
        self.get(medium).is_some()
    }

    /// What browsers are shown when they ask to be told (RFC 8292): the public key, base64url; none where push is off.
    pub fn push_key(&self) -> Option<&str> {
        self.push_key.as_deref()
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.all.iter().map(|provider| provider.medium())).finish()
    }
}

/// What the other side said, fit to be kept: in one line, not long, and without the address.
pub(crate) fn kept(said: &str, to: &str) -> String {
    let said = if to.is_empty() { said.to_owned() } else { said.replace(to, "…") };
    let line: Vec<&str> = said.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line: Vec<&str> = line.into_iter().filter(|word| !word.is_empty()).collect();
    line.join(" ").chars().take(SAID).collect()
}

/// A text in not more than so many characters; a sign tells that something is missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    if most > 0 {
        cut.push('…');
    }
    cut
}

/// Title, text and address in lines, in not more than so many characters: the text gives way, then the title.
pub(crate) fn lines(note: &Note, most: usize) -> String {
    let left = |used: &str| most.saturating_sub(if used.is_empty() { 0 } else { used.chars().count() + 1 });
    let title = cut(note.title.trim(), left(&note.url));
    let ends = [title.as_str(), note.url.as_str()].into_iter().filter(|part| !part.is_empty());
    let text = cut(note.text.trim(), left(&ends.collect::<Vec<_>>().join("\n")));
    let parts = [title.as_str(), text.as_str(), note.url.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(title: &str, text: &str, url: &str) -> Note {
        let (title, text, url) = (title.to_owned(), text.to_owned(), url.to_owned());
        Note { title, text, url, urgent: true, key: Uuid::from_u128(7) }
    }

    #[test]
    fn a_medium_is_told_by_its_word_and_knows_its_addresses() {
        for medium in Medium::ALL {
            assert_eq!(medium.code().parse(), Ok(medium));
        }
        assert_eq!("fax".parse::<Medium>(), Err(UnknownMedium));
        for (medium, to, fits) in [
            (Medium::Sms, "090-1234-5678", true),
            (Medium::Sms, "+81 90 1234 5678", true),
            (Medium::Sms, "soumu@example.jp", false),
            (Medium::Mail, "soumu@example.jp", true),
            (Medium::Mail, "090-1234-5678", false),
            (Medium::Chat, "https://chat.example.jp/hook/s3cret", true),
            (Medium::Chat, "http://chat.example.jp/hook", false),
            (Medium::Push, "https://push.example.jp/abc", false),
        ] {
            assert_eq!(medium.fits(to), fits, "{medium:?} {to}");
        }
    }

    #[test]
    fn the_address_of_the_page_is_never_cut() {
        let url = "https://komainu.example.jp/l/ack/abc";
        let whole = note("題", "本文", url);
        assert_eq!(lines(&whole, 200), format!("題\n本文\n{url}"));
        assert_eq!(lines(&whole, 41), format!("題\n本文\n{url}"));
        assert_eq!(lines(&whole, 40), format!("題\n…\n{url}"));
        assert_eq!(lines(&whole, 38), format!("題\n{url}"));
        assert_eq!(lines(&whole, 5), url);
        assert_eq!(lines(&note("題", "", ""), 200), "題");
        let long = lines(&note("題", &"文".repeat(500), url), 100);
        assert_eq!(long.chars().count(), 100);
        assert!(long.ends_with(&format!("文…\n{url}")), "{long}");
    }

    #[test]
    fn what_was_said_is_kept_without_the_address() {
        let said = "550 5.1.1 <soumu@example.jp>:\r\n no such\tmailbox";
        assert_eq!(kept(said, "soumu@example.jp"), "550 5.1.1 <…>: no such mailbox");
        assert_eq!(kept("ok", ""), "ok");
        assert_eq!(kept(&"x".repeat(1000), "y").len(), SAID);
    }

    #[test]
    fn neither_notes_nor_providers_print_what_they_hold() {
        let shown = format!("{:?}", note("題", "本文", "https://komainu.example.jp/l/ack/s3cret"));
        assert!(!shown.contains("本文") && !shown.contains("s3cret"), "{shown}");
        assert_eq!(format!("{:?}", Providers::default()), "{}");
        assert!(Medium::ALL.iter().all(|medium| !Providers::default().has(*medium)));
    }
}
