//! Types of second factors and of what waits for a browser's next answer.

use base32::Alphabet;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

komainu_db::id! {
    /// A passkey, as its owner's list knows it; it does not open anything.
    PasskeyId
}

/// Which kinds of second factor somebody has: all that others may know of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// An authenticator app.
    pub totp: bool,
    /// One passkey or more.
    pub passkey: bool,
}

impl Kinds {
    /// Whether there is a second factor at all.
    pub const fn any(self) -> bool {
        self.totp || self.passkey
    }
}

/// One's own factors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when the authenticator app is set up.
    pub totp: Option<DateTime<Utc>>,
    /// Oldest first.
    pub passkeys: Vec<OwnPasskey>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

impl Factors {
    /// Their kinds.
    pub fn kinds(&self) -> Kinds {
        Kinds { totp: self.totp.is_some(), passkey: !self.passkeys.is_empty() }
    }
}

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    /// Which one.
    pub id: PasskeyId,
    /// What the person calls it.
    pub name: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

/// The secret that an authenticator app shares with us: 160 bits (RFC 4226). Never printed.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A secret from 20 random bytes.
    pub fn new(random: [u8; 20]) -> TotpSecret {
        TotpSecret(Zeroizing::new(random.to_vec()))
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> TotpSecret {
        TotpSecret(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is typed into an app that cannot read a QR code: Base32 in groups of four.
    pub fn text(&self) -> String {
        grouped(&base32::encode(Alphabet::Rfc4648 { padding: false }, &self.0), " ")
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret")
    }
}

/// A code that stands in for a lost factor, once: 80 bits in letters and digits that cannot be mistaken for each other.
/// The database keeps only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode([u8; 10]);

impl RecoveryCode {
    /// A code from 10 random bytes.
    pub const fn new(random: [u8; 10]) -> RecoveryCode {
        RecoveryCode(random)
    }

    /// As it is printed, such as `7GQK-3M0V-XH2T-9RBC`.
    pub fn text(&self) -> String {
        grouped(&base32::encode(Alphabet::Crockford, &self.0), "-")
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl FromStr for RecoveryCode {
    type Err = ();

    /// Takes any case and width, any spaces and dashes, and O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = plain(text);
        let bytes = if plain.len() == 16 { base32::decode(Alphabet::Crockford, &plain) } else { None };
        bytes.and_then(|bytes| bytes.try_into().ok()).map(RecoveryCode).ok_or(())
    }
}

/// Half width, without what people put between groups.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !komainu_calendar::is_hyphen(*c)).collect()
}

fn grouped(text: &str, between: &str) -> String {
    let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|part| str::from_utf8(part).ok()).collect();
    groups.join(between)
}

/// What somebody answers when a second factor is asked for.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Digits of the authenticator app.
    Totp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
    /// What the browser made of a passkey's challenge, JSON.
    Passkey(String),
    /// Something typed that can be neither digits nor a code.
    Unreadable,
}

impl Answer {
    /// What was typed into the one field for codes.
    pub fn typed(text: &str) -> Answer {
        let plain = plain(text);
        match text.parse() {
            Ok(code) => Answer::Recovery(code),
            Err(()) if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) => {
                Answer::Totp(plain)
            }
            Err(()) => Answer::Unreadable,
        }
    }
}

/// What somebody has proved who waits for the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum First {
    /// The password was right.
    Password,
    /// The house's sign-in service has said who it is.
    Openid,
}

/// How somebody came in, as the list of the latest sign-ins tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// With the password alone.
    Password,
    /// With password and authenticator app.
    PasswordTotp,
    /// With password and passkey.
    PasswordPasskey,
    /// With password and recovery code.
    PasswordRecovery,
    /// With a passkey alone, which proves possession and person at once.
    Passkey,
    /// By the house's sign-in service.
    Openid,
    /// By the sign-in service, and with an authenticator app.
    OpenidTotp,
    /// By the sign-in service, and with a passkey.
    OpenidPasskey,
    /// By the sign-in service, and with a recovery code.
    OpenidRecovery,
    /// With a PIN at a shared place.
    Pin,
    /// By making the account.
    Joined,
    /// By a card of the demo.
    Demo,
    /// Not: the first step was right and the second factor wrong.
    Refused,
}

impl Means {
    /// All of them.
    pub const ALL: [Means; 13] = [
        Means::Password,
        Means::PasswordTotp,
        Means::PasswordPasskey,
        Means::PasswordRecovery,
        Means::Passkey,
        Means::Openid,
        Means::OpenidTotp,
        Means::OpenidPasskey,
        Means::OpenidRecovery,
        Means::Pin,
        Means::Joined,
        Means::Demo,
        Means::Refused,
    ];

    /// The word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Means::Password => "password",
            Means::PasswordTotp => "password_totp",
            Means::PasswordPasskey => "password_passkey",
            Means::PasswordRecovery => "password_recovery",
            Means::Passkey => "passkey",
            Means::Openid => "openid",
            Means::OpenidTotp => "openid_totp",
            Means::OpenidPasskey => "openid_passkey",
            Means::OpenidRecovery => "openid_recovery",
            Means::Pin => "pin",
            Means::Joined => "joined",
            Means::Demo => "demo",
            Means::Refused => "refused",
        }
    }
}

impl FromStr for Means {
    type Err = ();

    fn from_str(code: &str) -> Result<Means, ()> {
        Means::ALL.into_iter().find(|means| means.code() == code).ok_or(())
    }
}

/// One of a person's latest sign-ins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub means: Means,
    /// What the browser said it was.
    pub user_agent: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_read_as_people_write_them() {
        let code = RecoveryCode::new([0x3D, 0xED, 0x31, 0xDA, 0x1C, 0xE8, 0x85, 0xAC, 0x21, 0x00]);
        let text = code.text();
        assert_eq!(text, "7QPK-3PGW-X22T-R880");
        for written in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            text.replace('-', "ー"),
            text.replace('0', "O"),
            "　７ＱＰＫ－３ＰＧＷ－Ｘ２２Ｔ－Ｒ８８０ ".to_owned(),
        ] {
            assert_eq!(written.parse(), Ok(code.clone()), "{written}");
        }
        for not in ["", "123456", "7QPK-3PGW-X22T", "7QPK-3PGW-X22T-R88U", "七QPK-3PGW-X22T-R880"] {
            assert_eq!(not.parse::<RecoveryCode>(), Err(()), "{not}");
        }
    }

    #[test]
    fn what_is_typed_is_digits_or_a_code() {
        assert!(matches!(Answer::typed(" ２８７ ０８２ "), Answer::Totp(digits) if digits == "287082"));
        assert!(matches!(Answer::typed("287-082"), Answer::Totp(digits) if digits == "287082"));
        assert!(matches!(Answer::typed("7qpk 3pgw x22t r880"), Answer::Recovery(_)));
        for neither in ["", "28708", "2870821", "28a70821", "password"] {
            assert!(matches!(Answer::typed(neither), Answer::Unreadable), "{neither}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let secret = TotpSecret::new([7; 20]);
        assert_eq!(secret.text(), "A4DQ OBYH A4DQ OBYH A4DQ OBYH A4DQ OBYH");
        assert_eq!(format!("{secret:?} {:?}", RecoveryCode::new([7; 10])), "TotpSecret RecoveryCode");
    }

    #[test]
    fn means_go_there_and_back() {
        for means in Means::ALL {
            assert_eq!(means.code().parse(), Ok(means));
        }
    }
}
