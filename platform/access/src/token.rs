//! Tokens that other programs come in with.

use crate::{Permissions, PersonId, Scope, store};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use komainu_db::{DbError, Tx};
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// What a token's text begins with, so that people and scanners of leaked secrets know one when they see it.
const PREFIX: &str = "kmn_";

komainu_db::id! {
    /// Names a token in lists, where it can be revoked; it does not open anything.
    TokenId
}

/// The secret that the other program sends. The database keeps only its hash.
#[derive(Clone)]
pub struct TokenSecret([u8; 32]);

impl TokenSecret {
    /// A secret from 32 random bytes.
    pub const fn new(random: [u8; 32]) -> TokenSecret {
        TokenSecret(random)
    }

    /// The text that is shown once.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// A key for one purpose that nobody can make who has not got the secret.
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(self.0).finalize().into()
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl FromStr for TokenSecret {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = text.strip_prefix(PREFIX).and_then(|rest| URL_SAFE_NO_PAD.decode(rest).ok());
        bytes.and_then(|bytes| bytes.try_into().ok()).map(TokenSecret).ok_or(())
    }
}

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenHolder {
    /// A member's own: it can do at most what the member can at the moment.
    Person(PersonId),
    /// The organisation's, for another program. The row that changes are written under is nobody's account.
    Service(PersonId),
}

impl TokenHolder {
    /// Under whom its changes are written.
    pub const fn person(self) -> PersonId {
        match self {
            TokenHolder::Person(id) | TokenHolder::Service(id) => id,
        }
    }

    /// Whether it is a program's.
    pub const fn is_service(self) -> bool {
        matches!(self, TokenHolder::Service(_))
    }
}

/// A token as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name in lists.
    pub id: TokenId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// Whose it is.
    pub holder: TokenHolder,
    /// What was chosen for it.
    pub permissions: Permissions,
    /// Who made it.
    pub maker: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// The last use, to a few minutes; none before the first.
    pub used_at: Option<DateTime<Utc>>,
}

/// The life of tokens: made, used, ended by revocation or age.
pub struct Tokens;

impl Tokens {
    /// How exactly the last use is known; writing it at every request would make every read a write.
    const USED_STEP: Duration = Duration::minutes(5);

    /// The token behind a secret, if it is alive, and what it leads to. A person's lives only while they are a member, and
    /// leads nowhere while the organisation demands a second factor that they have not got.
    pub fn find(
        tx: &mut Tx<'_>,
        secret: &TokenSecret,
        now: DateTime<Utc>,
    ) -> Result<Option<(Token, Option<Scope>)>, DbError> {
        store::token_find(tx, &secret.hash(), now)
    }

    /// Whether the last use is old enough to be written again.
    pub fn needs_touch(token: &Token, now: DateTime<Utc>) -> bool {
        token.used_at.is_none_or(|used| now - used >= Self::USED_STEP)
    }

    /// Notes that the token is in use.
    pub fn touch(tx: &mut Tx<'_>, scope: &Scope, id: TokenId, now: DateTime<Utc>) -> Result<(), DbError> {
        store::token_touch(tx, scope, id, now)
    }

    /// Keeps a new token in the scope's organisation.
    pub fn keep(tx: &mut Tx<'_>, scope: &Scope, token: &Token, secret: &TokenSecret) -> Result<(), DbError> {
        store::token_insert(tx, scope, token, &secret.hash())
    }

    /// The tokens of a member, or of all services, that nobody revoked, newest first.
    pub fn of(tx: &mut Tx<'_>, scope: &Scope, member: Option<PersonId>) -> Result<Vec<Token>, DbError> {
        match member {
            Some(person) => store::tokens_of(tx, scope, person),
            None => store::tokens_of_services(tx, scope),
        }
    }

    /// Ends a token of the scope's organisation; false where it is over already.
    pub fn revoke(tx: &mut Tx<'_>, scope: &Scope, id: TokenId, now: DateTime<Utc>) -> Result<bool, DbError> {
        store::token_revoke(tx, scope, id, now)
    }

    /// Ends every token of a member, as when they leave; answers how many there were.
    pub fn revoke_all(
        tx: &mut Tx<'_>,
        scope: &Scope,
        member: PersonId,
        now: DateTime<Utc>,
    ) -> Result<usize, DbError> {
        store::tokens_revoke(tx, scope, member, now)
    }

    /// Ends every token of a person in every organisation, as when they are let back into an account that was lost.
    pub fn end_all_of(tx: &mut Tx<'_>, person: PersonId, now: DateTime<Utc>) -> Result<usize, DbError> {
        store::tokens_revoke_of(tx, person, now)
    }

    /// Ends every token of everybody, as after a restore: what was revoked since must not come back to life. An archive
    /// from before there were tokens has none.
    pub fn end_all(tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<usize, DbError> {
        if tx.tables()?.iter().any(|table| table.name == "api_token") {
            store::tokens_revoke_every(tx, now)
        } else {
            Ok(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_there_and_back() {
        let secret = TokenSecret::new([9; 32]);
        assert!(secret.text().starts_with("kmn_") && secret.text().len() == 47);
        assert_eq!(secret.text().parse::<TokenSecret>().unwrap().hash(), secret.hash());
        for text in ["", "kmn_", "kmn_abc", &secret.text()[4..], &format!("{}a", secret.text())] {
            assert!(text.parse::<TokenSecret>().is_err(), "{text}");
        }
        assert_ne!(secret.key_for("a"), secret.key_for("b"));
    }
}
