//! Types of shared places, of the PINs that open them, and of what is held for people.

use base32::Alphabet;
use chrono::{DateTime, Utc};
use komainu_access::{PersonId, PlaceId};
use komainu_people::model::Password;
use sha2::{Digest as _, Sha256};
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// A PIN as somebody typed it: digits in half width, without what people put between them. Never printed.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// What somebody typed; whether it would do as a new PIN is not asked.
    pub fn typed(text: &str) -> Pin {
        Pin(Zeroizing::new(plain(text)))
    }

    /// What was typed, for the rules.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// As it is hashed and compared.
    pub(crate) fn secret(&self) -> Password {
        Password::typed(&self.0)
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin")
    }
}

/// Half width, without spaces and hyphens.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !komainu_calendar::is_hyphen(*c)).collect()
}

/// What makes one browser a shared place, once and for some minutes: 40 bits in letters and digits that cannot be mistaken
/// for each other. The database keeps only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct PlaceCode([u8; 5]);

impl PlaceCode {
    /// A code from 5 random bytes.
    pub const fn new(random: [u8; 5]) -> PlaceCode {
        PlaceCode(random)
    }

    /// As it is read out, such as `7GQK-3M0V`.
    pub fn text(&self) -> String {
        let letters = base32::encode(Alphabet::Crockford, &self.0);
        format!("{}-{}", &letters[..4], &letters[4..])
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlaceCode")
    }
}

impl FromStr for PlaceCode {
    type Err = ();

    /// Takes any case and width, any spaces and hyphens, and O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = plain(text);
        let bytes = if plain.len() == 8 { base32::decode(Alphabet::Crockford, &plain) } else { None };
        bytes.and_then(|bytes| bytes.try_into().ok()).map(PlaceCode).ok_or(())
    }
}

/// A shared place as its list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which one.
    pub id: PlaceId,
    /// Where it stands.
    pub name: String,
    /// What its browser says it is; empty while no browser is registered.
    pub user_agent: String,
    /// Who registered it, or made its code.
    pub by: String,
    /// Since when a browser is registered; none while the code waits.
    pub claimed_at: Option<DateTime<Utc>>,
    /// Until when the code can be used; none where it was.
    pub code_until: Option<DateTime<Utc>>,
    /// When somebody last came in there.
    pub used_at: Option<DateTime<Utc>>,
}

/// Somebody who may be picked at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The job as this house calls it; may be empty.
    pub title: String,
    /// Whether there is a PIN.
    pub pin: bool,
    /// Whether there is a passkey.
    pub passkey: bool,
}

/// How somebody's PIN stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinState {
    /// Whose.
    pub person: PersonId,
    /// Since when it is set.
    pub since: DateTime<Utc>,
    /// Whether it has stopped after too many wrong attempts.
    pub stopped: bool,
}

/// What was typed into a form and is held for its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDraft {
    /// The path of the form's page, `#`, and the form's name.
    pub form: String,
    /// Names and values.
    pub entries: Vec<(String, String)>,
    /// Since when.
    pub held_at: DateTime<Utc>,
}

impl HeldDraft {
    /// The page that the form stands on.
    pub fn path(&self) -> &str {
        self.form.split('#').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let code = PlaceCode::new([0x3D, 0xED, 0x31, 0xDA, 0x00]);
        let text = code.text();
        assert_eq!(text, "7QPK-3PG0");
        for written in
            [text.clone(), text.to_lowercase(), text.replace('-', ""), "７ｑｐｋ ー 3pgo".to_owned()]
        {
            assert_eq!(written.parse(), Ok(code.clone()), "{written}");
        }
        for not in ["", "7QPK-3PG", "7QPK-3PG0-0", "7QPK-3PGU", "七QPK-3PG0"] {
            assert_eq!(not.parse::<PlaceCode>(), Err(()), "{not}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let printed = format!("{:?} {:?}", Pin::typed("482913"), PlaceCode::new([7; 5]));
        assert_eq!(printed, "Pin PlaceCode");
        assert_eq!(Pin::typed(" ４８２－９１３ ").text(), "482913");
    }
}
