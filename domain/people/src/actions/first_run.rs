//! The first administrator.

use super::throttle::{self, Subject};
use super::{Gate, person_make, sign_in};
use crate::factors::model::Means;
use crate::model::{Email, NewPerson, Password};
use crate::store;
use chrono::Duration;
use komainu_access::{SessionToken, Sessions};
use komainu_i18n::Lang;
use komainu_web::{Failure, Refused};
use subtle::ConstantTimeEq as _;

/// Who sets the installation up.
#[derive(Clone, Debug)]
pub struct Founder {
    /// The name as others see it.
    pub name: String,
    /// Its reading; may be empty.
    pub name_kana: String,
    /// The address to sign in with.
    pub email: Email,
    /// A password that will do ([`crate::passwords::new_password`]).
    pub password: Password,
    /// The setup code typed; empty where none is asked for.
    pub setup_code: String,
    /// The language of the page.
    pub lang: Lang,
    /// What the browser says it is.
    pub user_agent: String,
}

/// Why there is no new administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstRunRefusal {
    /// The setup code is another.
    WrongCode,
    /// Too many wrong setup codes; so long to wait.
    Wait(Duration),
    /// Someone else was first.
    Settled,
}

/// Makes the first administrator and signs them in. Of two at once exactly one succeeds.
pub fn first_run(
    gate: &Gate<'_>,
    setup_code: Option<&str>,
    founder: &Founder,
) -> Result<SessionToken, Refused<FirstRunRefusal>> {
    if let Some(expected) = setup_code {
        check_code(gate, expected, &founder.setup_code)?;
    }
    let new = NewPerson {
        name: founder.name.clone(),
        name_kana: founder.name_kana.clone(),
        email: founder.email.clone(),
        password: gate.hasher.hash(gate.nature, &founder.password)?,
        administrator: true,
        lang: founder.lang,
    };
    let token = SessionToken::new(gate.nature.bytes());
    gate.db.write(|tx| {
        // There is no row yet that two founders could wait for; this one is made for it and removed again.
        throttle::success(tx, &[&Subject::setup()], None)?;
        store::tally(tx, "first-run", gate.nature.now())?;
        if Sessions::anyone(tx)? {
            return Err(Refused::Because(FirstRunRefusal::Settled));
        }
        let person = match person_make(tx, gate.nature, &new) {
            Ok(person) => person,
            // Only someone else who founds at this moment can have taken the address.
            Err(Refused::Because(_)) => return Err(Refused::Because(FirstRunRefusal::Settled)),
            Err(Refused::Failed(failure)) => return Err(Refused::Failed(failure)),
        };
        sign_in::begin(tx, gate.nature, (person, Means::Joined), &token, (&founder.user_agent, None))?;
        store::tally_clear(tx, "first-run")?;
        tracing::info!(%person, "the first administrator was made");
        Ok(())
    })?;
    Ok(token)
}

/// Asks for the setup code. An attempt counts until the first administrator exists.
fn check_code(gate: &Gate<'_>, expected: &str, typed: &str) -> Result<(), Refused<FirstRunRefusal>> {
    let counted = gate.db.write(|tx| throttle::attempt(tx, gate.nature.now(), &[&Subject::setup()]));
    counted.map_err(Failure::from)?.map_err(|wait| Refused::Because(FirstRunRefusal::Wait(wait)))?;
    let typed = komainu_calendar::digits(typed);
    let equal: bool = typed.as_bytes().ct_eq(expected.as_bytes()).into();
    if equal { Ok(()) } else { Err(Refused::Because(FirstRunRefusal::WrongCode)) }
}
