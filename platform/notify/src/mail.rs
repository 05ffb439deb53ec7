//! A mail that cannot carry more than it shows.

use lettre::Address;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest subject, in characters.
const SUBJECT: usize = 150;

/// The text cannot be a mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a mail address")]
pub struct NotAnAddress;

/// A mail in plain text to one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    to: String,
    subject: String,
    text: String,
}

impl Mail {
    /// A mail; the subject becomes one line and neither part can begin another header.
    ///
    /// # Errors
    /// [`NotAnAddress`] where `to` is none.
    pub fn new(to: &str, subject: &str, text: &str) -> Result<Mail, NotAnAddress> {
        let to: Address = to.trim().parse().map_err(|_| NotAnAddress)?;
        let subject: String =
            subject.split(|c: char| c.is_whitespace() || c.is_control()).fold(String::new(), |line, word| {
                match (line.is_empty(), word.is_empty()) {
                    (_, true) => line,
                    (true, false) => word.to_owned(),
                    (false, false) => line + " " + word,
                }
            });
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        Ok(Mail {
            to: to.to_string(),
            subject: subject.chars().take(SUBJECT).collect(),
            text: text.chars().filter(|c| *c == '\n' || !c.is_control()).collect(),
        })
    }

    /// To whom.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// About what.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Neither whom it goes to nor what it says is for the log.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_be_smuggled_in() {
        let mail = Mail::new(
            " soumu@example.jp ",
            "招待\r\nBcc: thief@example.com\n\n 本文\u{7}\u{2028}x",
            "一行目\r\n二行目\r三行目\u{0}",
        )
        .unwrap();
        assert_eq!(mail.to(), "soumu@example.jp");
        assert_eq!(mail.subject(), "招待 Bcc: thief@example.com 本文 x");
        assert_eq!(mail.text(), "一行目\n二行目\n三行目");
        for to in [
            "",
            "soumu",
            "soumu@example.jp\r\nBcc: thief@example.com",
            "soumu@example.jp, thief@example.com",
            "<soumu@example.jp>",
            "soumu@example.jp> SIZE=1",
        ] {
            assert_eq!(Mail::new(to, "", ""), Err(NotAnAddress), "{to:?}");
        }
        let long = Mail::new("a@example.jp", &"院".repeat(1000), "").unwrap();
        assert_eq!(long.subject().chars().count(), SUBJECT);
    }

    #[test]
    fn a_mail_does_not_print() {
        let mail = Mail::new("soumu@example.jp", "招待", "https://komainu.example.jp/invitation/x").unwrap();
        assert_eq!(format!("{mail:?}"), "Mail");
    }
}
