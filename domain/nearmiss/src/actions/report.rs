//! Reporting, asking what became of it, and the posters by which strangers do both.
//!
//! Who reports is either behind a poster's link, which allows this and nothing else, or a member. What they may learn of the
//! house is the same: what to do, whom to call as far as the house chose to say it, and what became of their own report.

use crate::model::{
    Card, CardLine, CleanPhoto, Hanging, NearMissId, NewReport, PhotoFault, PhotoId, Poster, PosterAt,
    Receipt, ReceiptCode,
};
use crate::rules::{
    A_DAY_BY_A_POSTER, MOST_CONTACTS, MOST_MESSAGES, MOST_PHOTOS, MOST_POSTERS, PHOTO_BYTES_A_DAY,
    UrgentReport, calls_out, poster_places,
};
use crate::store::{self, Arrival, PhotoRow};
use crate::t;
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Link, LinkId, Permission, Purpose, Scope};
use komainu_audit::{Change, record};
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, Symptom};
use komainu_clock::{Nature, in_japan};
use komainu_contact::actions::contacts;
use komainu_contact::{Contact, ContactId};
use komainu_db::Tx;
use komainu_db::uuid::Uuid;
use komainu_escalation::{Event, StartsWith};
use komainu_files::{FileError, Files};
use komainu_i18n::Lang;
use komainu_inventory::actions::assets;
use komainu_inventory::{AssetId, AssetKind};
use komainu_link::actions::{link_make, link_revoke, links_of};
use komainu_link::model::NewLink;
use komainu_web::{Conflict, Failure, Refused};
use serde::Serialize;
use serde_json::json;

const OBJECT: &str = "near_miss";
/// What of the last hours tells whether people were called already.
const LATELY: Duration = Duration::hours(3);
/// Bounds by the day are counted over this time.
const DAY: Duration = Duration::hours(24);

/// Why a report was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRefusal {
    /// The catalogue has no such symptom.
    NoSymptom,
    /// By this poster more came today than one takes; it may be sent again later.
    TooMany,
    /// The same was stored by another request in this very moment; it is found by its name now.
    Twice,
}

/// What became of a report that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is stored, with what of its photographs was not kept.
    New(NearMissId, Vec<PhotoFault>),
    /// It was there already, and whether it says the very same.
    Again(NearMissId, bool),
}

impl Taken {
    /// Which report it is.
    pub const fn id(&self) -> NearMissId {
        match self {
            Taken::New(id, _) | Taken::Again(id, _) => *id,
        }
    }
}

/// The poster's link of who asks, or none for a member who may report.
fn reporter(scope: &Scope) -> Result<Option<&Link>, Failure> {
    if scope.link().is_some() {
        return Ok(Some(scope.link_for(Purpose::NearMissReport)?));
    }
    scope.require(Permission::NearMissReport)?;
    Ok(None)
}

/// Where a poster hangs.
fn hung(link: &Link) -> Option<AssetId> {
    link.subject.parse::<PosterAt>().ok().and_then(PosterAt::place)
}

/// Where it happened: where the poster hangs, or what a member chose, if they may know the ledger's places.
fn place_of(
    tx: &mut Tx<'_>,
    scope: &Scope,
    link: Option<&Link>,
    chosen: Option<AssetId>,
) -> Result<Option<AssetId>, Failure> {
    match (link, chosen) {
        (Some(link), _) => Ok(hung(link)),
        (None, Some(chosen)) if scope.may(Permission::LedgerRead) => {
            Ok(places(tx, scope)?.into_iter().map(|(id, _)| id).find(|id| *id == chosen))
        }
        _ => Ok(None),
    }
}

/// Takes a report, once however often it is sent. An urgent one calls the network out, as the house's plans say.
///
/// # Errors
/// [`ReportRefusal`].
pub fn report_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    files: &Files,
    new: &NewReport,
) -> Result<Taken, Refused<ReportRefusal>> {
    let link = reporter(scope)?;
    if let Some((id, symptom, detail)) = store::report_sent(tx, scope, new.sent_id)? {
        return Ok(Taken::Again(id, symptom == new.symptom && detail == new.detail));
    }
    let symptom = catalog.symptom(&new.symptom).ok_or(Refused::Because(ReportRefusal::NoSymptom))?;
    let now = nature.now();
    if let Some(link) = link
        && store::reports_by_poster(tx, scope, link.id, now - DAY)? >= A_DAY_BY_A_POSTER
    {
        return Err(Refused::Because(ReportRefusal::TooMany));
    }
    let fiscal_year = FiscalYear::of(in_japan(now).date_naive()).number();
    let number = store::report_number(tx, scope, fiscal_year)?;
    // Asked while nobody else's comes in, and before the new one is among them.
    let calls = symptom.urgent && calls(tx, scope, catalog, link, (&new.symptom, now))?;
    let arrival = Arrival {
        id: NearMissId(nature.id()),
        fiscal_year,
        number,
        place: place_of(tx, scope, link, new.place)?,
        at: now,
    };
    if !store::report_add(tx, scope, new, &arrival)? {
        return Err(Refused::Because(ReportRefusal::Twice));
    }
    let mut faults = Vec::new();
    for photo in &new.photos {
        if let Err(fault) = photo_keep(tx, nature, scope, files, arrival.id, photo)? {
            faults.push(fault);
        }
    }
    let place = link.map(|link| link.name.as_str()).unwrap_or_default();
    let after = json!({ "name": symptom.title.get(Lang::Ja), "place": place });
    log(tx, nature, scope, ("near_miss_report", &arrival.id.to_string()), ((), after))?;
    if calls {
        let event = event_of(symptom, arrival.id, place);
        komainu_escalation::actions::event(tx, nature, scope, StartsWith::NearMiss, &event)?;
    }
    Ok(Taken::New(arrival.id, faults))
}

/// Whether an urgent report calls the network out. A member's always does: the log says who it was.
fn calls(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    link: Option<&Link>,
    (symptom, now): (&str, DateTime<Utc>),
) -> Result<bool, Failure> {
    let Some(link) = link else { return Ok(true) };
    let mut before = store::reports_by_posters(tx, scope, now - LATELY)?;
    before.retain(|one| catalog.symptom(&one.symptom).is_some_and(|symptom| symptom.urgent));
    let this = UrgentReport { symptom: symptom.to_owned(), link: link.id, received_at: now };
    Ok(calls_out(&this, &before))
}

/// What the network is told: words of the catalogue and of the house, and none of a stranger's, who could otherwise have us
/// write anything to anybody's telephone.
fn event_of(symptom: &Symptom, id: NearMissId, place: &str) -> Event {
    let title = symptom.title.get(Lang::Ja);
    Event {
        subject_kind: OBJECT,
        subject_id: id.0,
        title: t!(Lang::Ja, "report-event-title", what = title),
        words: if place.is_empty() {
            t!(Lang::Ja, "report-event-words")
        } else {
            t!(Lang::Ja, "report-event-words-at", place = place)
        },
        path: format!("/near-miss/{id}"),
    }
}

/// Keeps a photograph of a report, or says why not.
fn photo_keep(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    report: NearMissId,
    photo: &CleanPhoto,
) -> Result<Result<PhotoId, PhotoFault>, Failure> {
    let held = store::photos_held(tx, scope, report)?;
    if usize::try_from(held).is_ok_and(|held| held >= MOST_PHOTOS) {
        return Ok(Err(PhotoFault::TooMany));
    }
    let size = i64::try_from(photo.bytes.len()).unwrap_or(i64::MAX);
    let now = nature.now();
    if scope.link().is_some() && store::photo_bytes_since(tx, scope, now - DAY)? + size > PHOTO_BYTES_A_DAY {
        return Ok(Err(PhotoFault::NoRoom));
    }
    let stored = match files.put(tx, scope, nature, &photo.bytes) {
        Ok(stored) => stored,
        Err(FileError::Refused(_)) => return Ok(Err(PhotoFault::Kind)),
        Err(FileError::Db(error)) => return Err(error.into()),
        Err(other) => return Err(Failure::internal(other)),
    };
    let name = format!("photo-{}.{}", held + 1, photo.kind.ending());
    let row = PhotoRow {
        id: PhotoId(nature.id()),
        file: &stored.digest,
        name: &name,
        size,
        media_type: photo.kind.media_type(),
    };
    store::photo_add(tx, scope, report, &row, now)?;
    Ok(Ok(row.id))
}

/// Adds a photograph to a report: of whoever sent it signed in, or of who handles it.
///
/// # Errors
/// [`PhotoFault`].
pub fn report_photo_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    id: NearMissId,
    photo: &CleanPhoto,
) -> Result<PhotoId, Refused<PhotoFault>> {
    scope.require(Permission::NearMissReport)?;
    let (_, person) = store::report_owner(tx, scope, id)?.ok_or(Failure::NotFound)?;
    if person != Some(scope.person()) && !scope.may(Permission::NearMissHandle) {
        return Err(Failure::NotFound.into());
    }
    let photo = photo_keep(tx, nature, scope, files, id, photo)?.map_err(Refused::Because)?;
    log(tx, nature, scope, ("near_miss_photo_add", &id.to_string()), ((), ()))?;
    Ok(photo)
}

/// The report that was sent under a name, if it is there: for who sent it and does not know whether it arrived.
pub fn report_find(tx: &mut Tx<'_>, scope: &Scope, sent_id: Uuid) -> Result<Option<NearMissId>, Failure> {
    reporter(scope)?;
    Ok(store::report_sent(tx, scope, sent_id)?.map(|(id, ..)| id))
}

/// What became of the report behind a code; none where no report of this house has it.
pub fn receipt_see(tx: &mut Tx<'_>, scope: &Scope, code: &ReceiptCode) -> Result<Option<Receipt>, Failure> {
    reporter(scope)?;
    Ok(store::receipt(tx, scope, &code.hash(scope.organisation()))?)
}

/// Why a reporter's message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageRefusal {
    /// No report of this house has this code.
    NoReport,
    /// They wrote as much about it as is taken.
    TooMany,
}

/// Takes what a report's sender says further, named or nameless. The same again, as after a broken connection, is said once.
///
/// # Errors
/// [`MessageRefusal`].
pub fn receipt_answer(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    code: &ReceiptCode,
    words: &str,
) -> Result<Receipt, Refused<MessageRefusal>> {
    let receipt = receipt_see(tx, scope, code)?.ok_or(Refused::Because(MessageRefusal::NoReport))?;
    let own = receipt.messages.iter().filter(|message| !message.from_house).count();
    if receipt.messages.last().is_some_and(|last| !last.from_house && last.words == words) {
        return Ok(receipt);
    }
    if own >= MOST_MESSAGES {
        return Err(Refused::Because(MessageRefusal::TooMany));
    }
    store::receipt_message_add(tx, scope, receipt.id, nature.id(), words, nature.now())?;
    log(tx, nature, scope, ("near_miss_answer", &receipt.id.to_string()), ((), ()))?;
    receipt_see(tx, scope, code)?.ok_or_else(|| Failure::internal("a receipt that is gone").into())
}

/// Why no posters were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterRefusal {
    /// No place was chosen.
    None,
    /// More than are made at once.
    TooMany,
    /// One of the places is none of this ledger's.
    NoPlace,
}

/// The ledger's places, where posters may hang.
pub fn places(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<(AssetId, String)>, Failure> {
    let places = assets(tx, scope)?.into_iter().filter(|asset| asset.details.kind == AssetKind::Place);
    Ok(places.map(|place| (place.id, place.details.name)).collect())
}

/// Makes a poster's link for each place. Their secrets are in the answer and nowhere else.
///
/// # Errors
/// [`PosterRefusal`].
pub fn posters_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    lang: Lang,
    wanted: &[PosterAt],
) -> Result<Vec<Poster>, Refused<PosterRefusal>> {
    scope.require(Permission::NearMissHandle)?;
    if wanted.is_empty() {
        return Err(Refused::Because(PosterRefusal::None));
    }
    if wanted.len() > MOST_POSTERS {
        return Err(Refused::Because(PosterRefusal::TooMany));
    }
    let known = places(tx, scope)?;
    let chosen = poster_places(wanted, &known).ok_or(Refused::Because(PosterRefusal::NoPlace))?;
    let mut posters = Vec::new();
    for (at, place) in chosen {
        let new = NewLink {
            purpose: Purpose::NearMissReport,
            subject: at.to_string(),
            name: if place.is_empty() { t!(lang, "poster-house") } else { place.clone() },
            until: nature.now() + Purpose::NearMissReport.longest(),
        };
        posters.push(Poster { made: link_make(tx, nature, scope, &new)?, at, place });
    }
    Ok(posters)
}

/// The posters that work, newest first.
pub fn posters(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<Vec<Hanging>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    let links = links_of(tx, scope, Purpose::NearMissReport, now)?;
    Ok(links
        .into_iter()
        .map(|link| Hanging {
            id: link.id,
            place: link.name,
            made_by: link.made_by,
            created_at: link.created_at,
            expires_at: link.expires_at,
            uses: link.uses,
            used_at: link.used_at,
        })
        .collect())
}

/// Withdraws a poster: from now on its code opens nothing.
pub fn poster_withdraw(tx: &mut Tx<'_>, nature: &Nature, scope: &Scope, id: LinkId) -> Result<(), Failure> {
    scope.require(Permission::NearMissHandle)?;
    link_revoke(tx, nature, scope, id)
}

/// Whom posters name, for who decides it.
pub fn card_get(tx: &mut Tx<'_>, scope: &Scope) -> Result<Card, Failure> {
    scope.require(Permission::NearMissHandle)?;
    Ok(store::card(tx, scope)?)
}

/// Decides whom posters name. Contacts that are none of this house's are left out, and those beyond the room there is.
///
/// # Errors
/// A conflict where somebody decided otherwise meanwhile.
pub fn card_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    version: i64,
    chosen: &[ContactId],
) -> Result<Card, Refused<Conflict<Card>>> {
    let old = card_get(tx, scope)?;
    let known = contacts(tx, scope)?;
    let fitting = known.iter().map(|contact| contact.id).filter(|id| chosen.contains(id));
    let fitting: Vec<ContactId> = fitting.take(MOST_CONTACTS).collect();
    if old.contacts == fitting {
        return Ok(old);
    }
    if old.version != version || !store::card_save(tx, scope, version, &fitting)? {
        return Err(Refused::Because(Conflict(Box::new(card_get(tx, scope)?))));
    }
    let named = |ids: &[ContactId]| {
        let names = known.iter().filter(|contact| ids.contains(&contact.id));
        json!({ "contacts": names.map(|contact| contact.name.as_str()).collect::<Vec<_>>() })
    };
    let states = (named(&old.contacts), named(&fitting));
    log(tx, nature, scope, ("near_miss_card_set", "card"), states)?;
    Ok(card_get(tx, scope)?)
}

/// What posters show of the contact network: duties and numbers that the house chose, in the order of calling. Of everybody
/// else a stranger does not learn that they are there.
pub fn card_see(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<CardLine>, Failure> {
    reporter(scope)?;
    let card = store::card(tx, scope)?;
    if card.contacts.is_empty() {
        return Ok(Vec::new());
    }
    // Who reports may not read the network; the house chose what they see of it.
    let network = contacts(tx, &Scope::of_program(scope.organisation()))?;
    Ok(network.into_iter().filter(|contact| card.contacts.contains(&contact.id)).filter_map(line).collect())
}

fn line(contact: Contact) -> Option<CardLine> {
    let phone = if contact.phone.is_empty() { contact.night_phone.clone() } else { contact.phone };
    let night_phone = if contact.night_phone == phone { String::new() } else { contact.night_phone };
    (!phone.is_empty()).then_some(CardLine { duty: contact.duty, phone, night_phone })
}

fn log<B: Serialize, A: Serialize>(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (action, object_id): (&'static str, &str),
    (before, after): (B, A),
) -> Result<(), Failure> {
    let change = Change { action, object_kind: OBJECT, object_id, before, after };
    Ok(record(tx, scope, nature.now(), &change)?)
}
