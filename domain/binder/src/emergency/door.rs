//! The door: where the QR code of the binder leads. Whoever holds the paper has no time to sign in, so it is a page that a
//! poster opens, behind a link of the binder's own.
//!
//! An institution has one, whatever the languages of its binders. It is made with the first of them, printed in each later
//! edition, and made anew once it was withdrawn, or ends too soon for a paper of today. The program makes it, as whoever may
//! make a binder need not be allowed to give links; those who may see it among the posters and can withdraw it.

use super::store;
use crate::t;
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Purpose, Scope};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_link::actions::{link_get, link_make};
use komainu_link::model::{NewLink, State, address};
use komainu_link::rules::state;
use komainu_web::Failure;

/// What its pages are for.
const PURPOSE: Purpose = Purpose::NearMissReport;
/// How long a paper of today shall lead to it: twice the month after which it is to be replaced.
const PAPER: Duration = Duration::days(60);

/// The address of the page, where the door stands and goes on to.
pub(super) fn standing(
    tx: &mut Tx<'_>,
    scope: &Scope,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, Failure> {
    let Some((id, secret)) = store::door(tx, scope)? else { return Ok(None) };
    let link = link_get(tx, &Scope::of_program(scope.organisation()), id)?;
    let stands = state(&link, now) == State::Works && link.expires_at > now + PAPER;
    Ok(stands.then(|| address(public_url, PURPOSE, &secret)))
}

/// The address of the page; makes the door where none stands.
pub(super) fn open(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (lang, public_url): (Lang, &str),
) -> Result<String, Failure> {
    let now = nature.now();
    if let Some(page) = standing(tx, scope, public_url, now)? {
        return Ok(page);
    }
    store::door_lock(tx, scope)?;
    // Whoever was quicker made it.
    if let Some(page) = standing(tx, scope, public_url, now)? {
        return Ok(page);
    }
    let new = NewLink {
        purpose: PURPOSE,
        // It hangs at no place: whoever reports says where.
        subject: String::new(),
        name: t!(lang, "binder-title"),
        until: now + PURPOSE.longest(),
    };
    let made = link_make(tx, nature, &Scope::of_program(scope.organisation()), &new)?;
    store::door_set(tx, scope, (made.id, &made.token))?;
    Ok(address(public_url, PURPOSE, &made.token))
}
