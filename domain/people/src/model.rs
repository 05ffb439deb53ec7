//! Types that cannot be wrong: parsed names and addresses, secrets that do not print, what is shown of people.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use komainu_access::{OrganisationId, PersonId, Role};
use komainu_i18n::Lang;
use sha2::{Digest, Sha256};
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

komainu_db::id! {
    /// An invitation, as the organisation knows it; it does not open anything.
    InvitationId
}

/// Longest name, reading or title, in characters.
pub const LINE_MAX: usize = 100;

/// What is wrong with one line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// Nothing was entered.
    Empty,
    /// More than [`LINE_MAX`] characters.
    TooLong,
}

/// One line as it is kept: no control characters, no spaces around it, full of meaning or empty.
pub fn optional_line(text: &str) -> Result<String, LineFault> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim();
    if line.chars().count() > LINE_MAX { Err(LineFault::TooLong) } else { Ok(line.to_owned()) }
}

/// One line that must not be empty.
pub fn line(text: &str) -> Result<String, LineFault> {
    let line = optional_line(text)?;
    if line.is_empty() { Err(LineFault::Empty) } else { Ok(line) }
}

/// An e-mail address: the name that a person signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    shown: String,
    folded: String,
}

impl Email {
    /// As the person wrote it, in half width.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What two spellings of one address share: half width and lower case.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// The text is not an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl FromStr for Email {
    type Err = NotAnEmail;

    /// Takes what can be an address; whether mail arrives there is not asked (RFC 5321 allows 254 characters).
    fn from_str(text: &str) -> Result<Email, NotAnEmail> {
        let shown: String = text.trim().nfkc().collect();
        let (name, host) = shown.rsplit_once('@').ok_or(NotAnEmail)?;
        let clean =
            shown.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"".contains(c));
        let hosted = host.split('.').all(|part| !part.is_empty()) && !host.contains("..");
        if name.is_empty() || name.contains('@') || !hosted || !clean || shown.len() > 254 {
            return Err(NotAnEmail);
        }
        let folded = shown.to_lowercase();
        Ok(Email { shown, folded })
    }
}

/// A password as it is compared: NFKC, so that it does not matter how a keyboard wrote it. Never printed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// What someone typed to prove who they are; whether it would do as a new password is not asked.
    pub fn typed(raw: &str) -> Password {
        Password(Zeroizing::new(raw.nfkc().collect()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// What the database keeps of a password: an Argon2id text with its salt and parameters. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub(crate) String);

impl PasswordHash {
    /// A hash as it was kept.
    pub fn kept(text: String) -> PasswordHash {
        PasswordHash(text)
    }

    /// The text to be kept.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// A secret that opens one thing, once: the link of an invitation or of a way back in, a browser between two steps of
/// signing in. The database keeps only its hash.
#[derive(Clone)]
pub struct Token([u8; 32]);

impl Token {
    /// A token from 32 random bytes.
    pub const fn new(random: [u8; 32]) -> Token {
        Token(random)
    }

    /// The end of the link, the value of the cookie.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl FromStr for Token {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).map(Token).ok_or(())
    }
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name as others see it.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The address they sign in with.
    pub email: String,
    /// May found organisations on this installation.
    pub administrator: bool,
    /// The language they chose.
    pub lang: Lang,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Since when they cannot sign in; none for those who can.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A person to be made.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The name as others see it.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The address to sign in with.
    pub email: Email,
    /// The hash of the password ([`crate::passwords::Hasher::hash`]).
    pub password: PasswordHash,
    /// May found organisations on this installation.
    pub administrator: bool,
    /// The language they use.
    pub lang: Lang,
}

/// A person's place in the scope's organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// What they are here.
    pub role: Role,
    /// The job as this house calls it, such as 事務長; may be empty.
    pub title: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether the account was closed by whoever runs the installation.
    pub disabled: bool,
    /// Counts the changes.
    pub version: i64,
}

/// An invitation that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// For whom, as the inviter wrote it.
    pub name: String,
    /// The role they will have.
    pub role: Role,
    /// The job they will have; may be empty.
    pub title: String,
    /// Who invited.
    pub inviter: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used; the past where it no longer can.
    pub expires_at: DateTime<Utc>,
}

/// An invitation as the one who holds its link sees it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Which one.
    pub id: InvitationId,
    /// Where to.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// For whom, as the inviter wrote it.
    pub name: String,
    /// The role on offer.
    pub role: Role,
    /// The job on offer; may be empty.
    pub title: String,
    /// Who invited.
    pub inviter: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// A made-up person of the demo, to sign in as by one press.
#[derive(Clone, Debug)]
pub struct DemoCard {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The job.
    pub title: String,
    /// The role.
    pub role: Role,
    /// Where.
    pub organisation: OrganisationId,
    /// That organisation's name.
    pub organisation_name: String,
    /// The institution's kind by its code; empty for an association.
    pub institution_kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_people_write_them() {
        for (text, folded) in [
            ("Soumu@Example.JP", Some("soumu@example.jp")),
            (" ｓｏｕｍｕ＠ｅｘａｍｐｌｅ．ｊｐ ", Some("soumu@example.jp")),
            ("first.last+tag@mail.example.co.jp", Some("first.last+tag@mail.example.co.jp")),
            ("root@localhost", Some("root@localhost")),
            ("", None),
            ("soumu", None),
            ("@example.jp", None),
            ("soumu@", None),
            ("soumu@example..jp", None),
            ("a@b@example.jp", None),
            ("so umu@example.jp", None),
            ("soumu@example.jp\r\nBcc: x@example.jp", None),
            ("<soumu@example.jp>", None),
        ] {
            assert_eq!(text.parse::<Email>().ok().as_ref().map(Email::folded), folded, "{text:?}");
        }
        assert_eq!(format!("{}@example.jp", "a".repeat(250)).parse::<Email>(), Err(NotAnEmail));
    }

    #[test]
    fn lines_are_one_line() {
        assert_eq!(line(" 事務\n長 "), Ok("事務 長".to_owned()));
        assert_eq!(line("\u{7}  "), Err(LineFault::Empty));
        assert_eq!(optional_line(""), Ok(String::new()));
        assert_eq!(line(&"院".repeat(LINE_MAX + 1)), Err(LineFault::TooLong));
    }

    #[test]
    fn secrets_do_not_print() {
        let printed =
            format!("{:?} {:?}", Password::typed("secret"), PasswordHash("$argon2id$secret".into()));
        assert!(!printed.contains("secret"), "{printed}");
    }

    #[test]
    fn width_makes_no_other_password() {
        assert_eq!(Password::typed("ｓａｋｕｒａ－２７").text(), Password::typed("sakura-27").text());
    }

    #[test]
    fn tokens_go_there_and_back() {
        let token = Token::new([7; 32]);
        assert_eq!(token.text().parse::<Token>().unwrap().hash(), token.hash());
        assert!("".parse::<Token>().is_err() && "abc".parse::<Token>().is_err());
    }
}
