//! Checking an answer in three moves: look (in a transaction that counts the attempt), judge (outside any transaction),
//! spend (in the transaction of whatever the answer opens). Nothing works twice, not even at the same moment.

use super::pending::{self, Holder, Purpose};
use super::{Relying, Sealer, totp};
use crate::factors::model::{Answer, First, Means, PasskeyId, RecoveryCode};
use crate::factors::rules;
use crate::factors::store::{self, StoredTotp};
use komainu_access::PersonId;
use komainu_db::{DbError, Tx};
use komainu_web::Failure;
use webauthn_rs::prelude::{
    AuthenticationResult, Passkey, PasskeyAuthentication, PublicKeyCredential, WebauthnError,
};

/// An answer beside what it is held against.
pub(super) enum Looked {
    Totp(StoredTotp, String),
    Recovery(RecoveryCode),
    Passkey(Box<PasskeyAuthentication>, KnownPasskeys, String),
    /// There is nothing that it could be held against.
    Nothing,
}

/// A person's passkeys as the library keeps them.
pub(super) struct KnownPasskeys(Vec<Known>);

struct Known {
    id: PasskeyId,
    stored: String,
    passkey: Passkey,
}

/// An answer that is right, to be spent.
pub(super) enum Right {
    Totp { seen: Vec<u8>, kept: Vec<u8>, step: i64 },
    Recovery(RecoveryCode),
    Passkey { id: PasskeyId, seen: String, kept: String },
}

impl Right {
    /// How somebody came in who gave this as the second step.
    pub(super) fn means(&self, first: First) -> Means {
        match (first, self) {
            (First::Password, Right::Totp { .. }) => Means::PasswordTotp,
            (First::Password, Right::Recovery(_)) => Means::PasswordRecovery,
            (First::Password, Right::Passkey { .. }) => Means::PasswordPasskey,
            (First::Openid, Right::Totp { .. }) => Means::OpenidTotp,
            (First::Openid, Right::Recovery(_)) => Means::OpenidRecovery,
            (First::Openid, Right::Passkey { .. }) => Means::OpenidPasskey,
        }
    }
}

/// Fetches what an answer is held against. A passkey's challenge is taken: it is answered once, well or not.
pub(super) fn look(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    holder: &Holder,
    person: PersonId,
    answer: &Answer,
) -> Result<Looked, Failure> {
    Ok(match answer {
        Answer::Totp(digits) => match store::totp(tx, person)? {
            Some(stored) => Looked::Totp(stored, digits.clone()),
            None => Looked::Nothing,
        },
        Answer::Recovery(code) => Looked::Recovery(code.clone()),
        Answer::Passkey(response) => match pending::take(tx, sealer, (holder, Purpose::Passkey))? {
            Some((Some(whose), state)) if whose == person => {
                Looked::Passkey(state, known(tx, person)?, response.clone())
            }
            _ => Looked::Nothing,
        },
        Answer::Unreadable => Looked::Nothing,
    })
}

/// What somebody's browser may be asked for.
pub(super) fn known(tx: &mut Tx<'_>, person: PersonId) -> Result<KnownPasskeys, Failure> {
    let stored = store::passkey_credentials(tx, person)?;
    let known = stored.into_iter().map(|(id, stored)| {
        let passkey = serde_json::from_str(&stored).map_err(Failure::internal)?;
        Ok(Known { id, stored, passkey })
    });
    Ok(KnownPasskeys(known.collect::<Result<_, Failure>>()?))
}

impl KnownPasskeys {
    pub(super) fn all(&self) -> Vec<Passkey> {
        self.0.iter().map(|known| known.passkey.clone()).collect()
    }

    pub(super) fn by_credential(&self, credential_id: &[u8]) -> Option<&Passkey> {
        self.0
            .iter()
            .map(|known| &known.passkey)
            .find(|passkey| passkey.cred_id().as_slice() == credential_id)
    }

    /// The passkey that a result speaks of, brought up to it (its counter, above all).
    pub(super) fn right(&self, result: &AuthenticationResult) -> Result<Option<Right>, Failure> {
        let found = self.0.iter().find(|known| known.passkey.cred_id() == result.cred_id());
        let Some(known) = found.filter(|_| result.user_verified()) else { return Ok(None) };
        let mut passkey = known.passkey.clone();
        passkey.update_credential(result);
        let kept = serde_json::to_string(&passkey).map_err(Failure::internal)?;
        Ok(Some(Right::Passkey { id: known.id, seen: known.stored.clone(), kept }))
    }
}

/// Whether the answer is right.
pub(super) fn judge(
    sealer: Sealer<'_>,
    relying: Option<&Relying>,
    person: PersonId,
    looked: Looked,
) -> Result<Option<Right>, Failure> {
    match looked {
        Looked::Totp(stored, digits) => {
            let (secret, kept) = totp::opened(sealer, person, &stored.sealed)?;
            let step = rules::totp_step(secret.bytes(), &digits, sealer.nature.now(), stored.last_step);
            Ok(step.map(|step| Right::Totp { seen: stored.sealed, kept, step }))
        }
        Looked::Recovery(code) => Ok(Some(Right::Recovery(code))),
        Looked::Passkey(state, known, response) => {
            let (Some(relying), Ok(response)) =
                (relying, serde_json::from_str::<PublicKeyCredential>(&response))
            else {
                return Ok(None);
            };
            // Where the authenticator tells whose it is, that must be this person.
            let handle = response.get_user_unique_id();
            if handle.is_some_and(|handle| !handle.is_empty() && handle != person.0.as_bytes()) {
                return Ok(None);
            }
            match relying.finish_passkey_authentication(&response, &state) {
                Ok(result) => known.right(&result),
                Err(refused) => Ok(refusal(&refused)),
            }
        }
        Looked::Nothing => Ok(None),
    }
}

/// A passkey that was not accepted, told to the program's own log: a counter that went back may be a copied key.
pub(super) fn refusal<T>(refused: &WebauthnError) -> Option<T> {
    tracing::info!(%refused, "a passkey was refused");
    None
}

/// Uses the answer up; false where somebody was quicker, or where a recovery code is none of this person's.
pub(super) fn spend(
    tx: &mut Tx<'_>,
    sealer: Sealer<'_>,
    person: PersonId,
    right: &Right,
) -> Result<bool, DbError> {
    let now = sealer.nature.now();
    match right {
        Right::Totp { seen, kept, step } => store::totp_spend(tx, person, (seen, kept), *step),
        Right::Recovery(code) => {
            let spent = store::code_spend(tx, person, code, now)?;
            if spent {
                let name = crate::store::person_get(tx, person)?.map(|found| found.name).unwrap_or_default();
                let actor = (person, name.as_str());
                crate::actions::record_everywhere(tx, actor, now, person, "recovery_code_use", ((), ()))?;
            }
            Ok(spent)
        }
        Right::Passkey { id, seen, kept } => store::passkey_spend(tx, person, *id, (seen, kept), now),
    }
}
