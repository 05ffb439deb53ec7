//! Asking for the emergency binder, reading it, taking a copy along.

use super::door;
use super::gather::gather;
use super::work::{KIND, Wish};
use super::{Binder, Passphrase, html, store};
use crate::pack::Pack;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, Scope};
use komainu_catalog::Catalog;
use komainu_clock::Nature;
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_jobs::Task;
use komainu_web::{Failure, log};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The binders as they were made last, by language.
pub fn binders(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Binder>, Failure> {
    scope.require(Permission::PackMake)?;
    Ok(store::binders(tx, scope)?)
}

/// The binder in a language, as it was made last.
pub fn binder_get(tx: &mut Tx<'_>, scope: &Scope, lang: Lang) -> Result<Binder, Failure> {
    scope.require(Permission::PackMake)?;
    store::binder_get(tx, scope, lang.code())?.ok_or(Failure::NotFound)
}

/// Asks for the binder in a language: now, and from now on whenever it would say something else.
pub fn binder_make(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, lang: Lang) -> Result<(), Failure> {
    scope.require(Permission::PackMake)?;
    store::begin(tx, scope, lang.code(), nature.now())?;
    ask(tx, nature, scope, lang)?;
    let organisation = scope.organisation().to_string();
    let what = ("emergency_binder_make", "emergency_binder", organisation.as_str());
    log(tx, nature, scope, what, ((), json!({ "lang": lang.code() })))
}

pub(crate) fn ask(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, lang: Lang) -> Result<(), DbError> {
    Task::new(KIND, &Wish { lang }).enqueue(tx, nature, scope).map(drop)
}

/// What the binder would say at this moment, with the page that its QR code leads to.
pub(crate) fn binder_gather(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    (lang, page): (Lang, &str),
    at: DateTime<Utc>,
) -> Result<Pack, Failure> {
    scope.require(Permission::PackMake)?;
    gather(tx, scope, catalog, (lang, page), at)
}

/// SHA-256 of what a binder says; the moment at which it is said does not count.
pub(crate) fn content(pack: &Pack) -> Vec<u8> {
    let made = t!(pack.lang, "pack-made");
    let facts: Vec<_> = pack.facts.iter().filter(|(label, _)| *label != made).collect();
    let says = format!("{}\n{}\n{facts:?}\n{}\n{:?}", pack.title, pack.owner, pack.note, pack.parts);
    Sha256::digest(says.as_bytes()).to_vec()
}

/// What the binder says at this moment, to take a copy along; told in the log, as it leaves the house.
pub fn binder_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    (lang, public_url): (Lang, &str),
) -> Result<Pack, Failure> {
    scope.require(Permission::PackMake)?;
    let page = door::open(tx, nature, scope, (lang, public_url))?;
    let pack = binder_gather(tx, scope, catalog, (lang, &page), nature.now())?;
    let organisation = scope.organisation().to_string();
    let what = ("emergency_binder_copy", "emergency_binder", organisation.as_str());
    log(tx, nature, scope, what, ((), json!({ "lang": lang.code() })))?;
    Ok(pack)
}

/// One file that opens in any browser and shows the binder to who knows the words. It takes a good part of a second, on
/// purpose, and belongs into no transaction.
pub fn binder_copy(nature: &Nature, pack: &Pack, words: &Passphrase) -> Result<String, Failure> {
    html::copy(nature, pack, words).map_err(Failure::internal)
}
