//! Reporting, with or without an account, and asking what became of it.

use super::{Logged, NEAR_MISS, log};
use crate::model::{
    Board, Detail, Measure, MeasureState, Message, NearMiss, NearMissId, Photo, PhotoId, State, Triage,
};
use crate::rules::{PhotoFault, Receipt, bare_photo};
use crate::store::{self, Sent};
use crate::t;
use chrono::{DateTime, Duration, Utc};
use komainu_access::{Permission, PersonId, Purpose, Role, Scope};
use komainu_calendar::FiscalYear;
use komainu_clock::{Nature, in_japan};
use komainu_db::Tx;
use komainu_db::uuid::Uuid;
use komainu_escalation::StartsWith;
use komainu_escalation::actions::Event;
use komainu_files::{FileError, Files};
use komainu_i18n::Lang;
use komainu_inventory::{Asset, AssetId, AssetKind};
use komainu_link::actions::link_make;
use komainu_link::model::{Made, NewLink};
use komainu_web::{Failure, Refused};

/// Reports that an institution takes from its posters in a day. A telephone that was without a network for long sends many
/// at once; a stranger with a script shall not fill the disk. Members report whatever comes from posters.
const MOST_A_DAY: i64 = 6_000;
/// Of these, from one poster: a stranger with one photographed code shall not close the others.
const MOST_A_POSTER: i64 = 2_000;
/// Photographs that posters bring in a day, in bytes. What comes beyond is taken without its photograph.
const MOST_PHOTOS: i64 = 2_000 * 1000 * 1000;
/// Alarms that one poster raises for one symptom in an hour. Those in charge know by then; the reports are in the list.
const MOST_ALARMS: i64 = 1_000;
/// What whoever reported says afterwards, in a day.
const MOST_ANSWERS: i64 = 50;
/// The largest photograph, in bytes.
const MOST_PHOTO: usize = 10 * 1000 * 1000;
/// The same with the words around it, in bytes.
pub(crate) const MOST_PHOTO_BODY: usize = MOST_PHOTO + 200 * 1000;
/// How long a poster's link works at most is its purpose's; it is asked for as long as that.
const POSTER: Duration = Duration::days(800);

/// A report as it was sent.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// What the telephone calls it.
    pub sent_id: Uuid,
    /// The code with which it is asked about.
    pub receipt: Receipt,
    /// A symptom of the catalogue.
    pub symptom: String,
    /// The place, taps, words and name. The place of a poster that hangs at one is the poster's.
    pub detail: Detail,
    /// The language of the page.
    pub lang: Lang,
    /// When it was seen.
    pub seen_at: DateTime<Utc>,
    /// When it was written down.
    pub written_at: DateTime<Utc>,
    /// A photograph, as the browser sent it.
    pub photo: Option<Vec<u8>>,
    /// What those in charge are told at once, where it cannot wait: what one sees, in a line.
    pub alarm: Option<String>,
}

/// What became of a report that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Its id.
    pub id: NearMissId,
    /// It was here before: the telephone did not hear the first answer.
    pub again: bool,
    /// Its photograph was left out: very many came today.
    pub without_photo: bool,
}

/// Why a report was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRefusal {
    /// The photograph.
    Photo(PhotoFault),
    /// The photograph is larger than is taken.
    PhotoTooLarge,
    /// Very many came today.
    TooMany,
    /// The same report came in at the very same moment on another connection; sent once more it is known.
    Twice,
    /// Another report came under this name before, as when somebody goes back in the browser, writes something else into the
    /// form and sends it again. It needs a name and a code of its own.
    Other,
}

/// Whoever stands at a poster, or a member who may report.
fn may_report(scope: &Scope) -> Result<(), Failure> {
    if scope.link().is_some() {
        scope.link_for(Purpose::NearMissReport)?;
    } else {
        scope.require(Permission::NearMissReport)?;
    }
    Ok(())
}

/// Whoever a report is kept under, in the log and in the alarm too: a member who gives no name is nobody.
fn under(scope: &Scope, detail: &Detail) -> Scope {
    let nameless = scope.link().is_none() && detail.name.is_empty();
    if nameless { Scope::of_program(scope.organisation()) } else { scope.clone() }
}

/// Takes a report. The same sent again is the same report.
///
/// # Errors
/// [`ReportRefusal`].
pub fn report_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    new: &NewReport,
) -> Result<Reported, Refused<ReportRefusal>> {
    may_report(scope)?;
    if let Some(id) = store::sent(tx, scope, new.sent_id)? {
        return known(tx, scope, id, new);
    }
    let photo = new.photo.as_deref().map(bare).transpose().map_err(Refused::Because)?;
    let (now, id) = (nature.now(), NearMissId(nature.id()));
    if !room(tx, scope, now)? {
        return Err(Refused::Because(ReportRefusal::TooMany));
    }
    let near_miss = as_new(scope, id, new, now);
    let scope = &under(scope, &new.detail);
    // The log's next number is given to one at a time: whoever has it counts alone, and finds what came before.
    let after = Logged::of(&near_miss);
    log(tx, nature, scope, ("near_miss_report", NEAR_MISS, &id.to_string()), ((), after))?;
    if store::sent(tx, scope, new.sent_id)?.is_some() {
        return Err(Refused::Because(ReportRefusal::Twice));
    }
    let number = store::last_number(tx, scope, near_miss.fiscal_year)? + 1;
    let receipt_hash = new.receipt.hash();
    let sent = Sent { sent_id: new.sent_id, receipt_hash: &receipt_hash };
    let near_miss = NearMiss { number, ..near_miss };
    store::add(tx, scope, &near_miss, &sent)?;
    if let Some(title) = &new.alarm
        && alarms(tx, scope, &near_miss, now)? <= MOST_ALARMS
    {
        call_out(tx, nature, scope, (&near_miss, title))?;
    }
    let Some(bytes) = photo else { return Ok(Reported { id, again: false, without_photo: false }) };
    let without_photo =
        scope.link().is_some() && store::photo_bytes(tx, scope, first_since(now, DAY))? >= MOST_PHOTOS;
    if !without_photo {
        keep_photo(tx, nature, scope, files, (id, &bytes))?;
    }
    Ok(Reported { id, again: false, without_photo })
}

/// What came under this name before: the same, or something else.
fn known(
    tx: &mut Tx<'_>,
    scope: &Scope,
    id: NearMissId,
    new: &NewReport,
) -> Result<Reported, Refused<ReportRefusal>> {
    let kept = store::get(tx, scope, id)?.ok_or(Failure::NotFound)?;
    let said = |detail: &Detail| (detail.taps.clone(), detail.words.clone(), detail.name.clone());
    // The place of a poster is the poster's, and may have been given another name meanwhile.
    let there = scope.link().is_some() || kept.detail.place == new.detail.place;
    let same = kept.symptom == new.symptom && said(&kept.detail) == said(&new.detail) && there;
    if same {
        Ok(Reported { id, again: true, without_photo: false })
    } else {
        Err(Refused::Because(ReportRefusal::Other))
    }
}

/// Whether posters may bring more today; for members there always is room.
fn room(tx: &mut Tx<'_>, scope: &Scope, now: DateTime<Utc>) -> Result<bool, Failure> {
    let Some(link) = scope.link() else { return Ok(true) };
    let since = first_since(now, DAY);
    let all = store::since(tx, scope, since)?;
    Ok(all < MOST_A_POSTER
        || (all < MOST_A_DAY && store::since_of_poster(tx, scope, since, link.id)? < MOST_A_POSTER))
}

/// How many of the symptom came from the same poster within the hour, this one among them.
fn alarms(tx: &mut Tx<'_>, scope: &Scope, near_miss: &NearMiss, now: DateTime<Utc>) -> Result<i64, Failure> {
    let Some(link) = near_miss.link else { return Ok(0) };
    let since = first_since(now, Duration::hours(1));
    Ok(store::since_of_symptom(tx, scope, since, (link, &near_miss.symptom))?)
}

fn keep_photo(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    files: &Files,
    (of, bytes): (NearMissId, &[u8]),
) -> Result<(), Refused<ReportRefusal>> {
    let stored = files.put(tx, scope, nature, bytes).map_err(unstored)?;
    let photo = Photo {
        id: PhotoId(nature.id()),
        file: stored.digest,
        name: format!("photo.{}", stored.kind.ending),
        size: stored.size,
        media_type: stored.kind.media_type.to_owned(),
    };
    Ok(store::photo_add(tx, scope, of, &photo, nature.now())?)
}

/// Calls those in charge out, by the plans that such a report starts. What the reporter wrote stays inside: it may name
/// patients, and messages show on locked screens.
fn call_out(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (near_miss, title): (&NearMiss, &str),
) -> Result<(), Failure> {
    let place = near_miss.detail.place.as_str();
    let event = Event {
        subject_kind: NEAR_MISS,
        subject_id: near_miss.id.0,
        title: title.to_owned(),
        words: if place.is_empty() { String::new() } else { t!(Lang::Ja, "alarm-place", place = place) },
        path: format!("/near-miss/{}", near_miss.id),
    };
    komainu_escalation::actions::event(tx, nature, scope, StartsWith::NearMiss, &event)?;
    Ok(())
}

fn bare(bytes: &[u8]) -> Result<Vec<u8>, ReportRefusal> {
    if bytes.len() > MOST_PHOTO {
        return Err(ReportRefusal::PhotoTooLarge);
    }
    bare_photo(bytes).map_err(ReportRefusal::Photo)
}

fn unstored(error: FileError) -> Refused<ReportRefusal> {
    match error {
        FileError::Refused(_) => Refused::Because(ReportRefusal::Photo(PhotoFault::Damaged)),
        other => Refused::Failed(Failure::internal(other)),
    }
}

/// A day.
const DAY: Duration = Duration::days(1);

/// The least id that was given so long ago or later: ids begin with their moment, in milliseconds.
fn first_since(now: DateTime<Utc>, ago: Duration) -> NearMissId {
    let since = u128::try_from((now - ago).timestamp_millis()).unwrap_or_default();
    NearMissId(Uuid::from_u128(since << 80))
}

/// The poster's place, if it hangs at one.
fn place_of(scope: &Scope) -> Option<(AssetId, String)> {
    let link = scope.link()?;
    Some((link.subject.parse().ok()?, link.name.clone()))
}

/// Who reports, where they have an account: neither a link nor a service nor the program has one.
fn somebody(scope: &Scope) -> Option<PersonId> {
    Some(scope.person()).filter(|person| scope.role() != Role::Service && !person.0.is_nil())
}

fn as_new(scope: &Scope, id: NearMissId, new: &NewReport, now: DateTime<Utc>) -> NearMiss {
    let hung = place_of(scope);
    let place = hung.as_ref().map_or_else(|| new.detail.place.clone(), |(_, name)| name.clone());
    NearMiss {
        id,
        fiscal_year: FiscalYear::of(in_japan(now).date_naive()).number(),
        number: 0,
        symptom: new.symptom.clone(),
        place: hung.map(|(place, _)| place),
        link: scope.link().map(|link| link.id),
        person: somebody(scope).filter(|_| scope.link().is_none() && !new.detail.name.is_empty()),
        detail: Detail { place, ..new.detail.clone() },
        lang: new.lang.to_string(),
        seen_at: new.seen_at,
        written_at: new.written_at,
        received_at: now,
        state: State::New,
        level: None,
        nature: None,
        triage: Triage::default(),
        triaged_at: None,
        triaged_by_name: String::new(),
        board: Board::default(),
        board_at: None,
        closed_at: None,
        version: 1,
    }
}

/// What whoever reported is shown.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The report.
    pub near_miss: NearMiss,
    /// What was said both ways, oldest first.
    pub messages: Vec<Message>,
    /// What is being done, and what was done.
    pub measures: Vec<Measure>,
}

/// What became of a report; none for a code that belongs to none.
pub fn receipt_see(tx: &mut Tx<'_>, scope: &Scope, receipt: &Receipt) -> Result<Option<Followed>, Failure> {
    may_report(scope)?;
    let Some(near_miss) = store::by_receipt(tx, scope, &receipt.hash())? else { return Ok(None) };
    let messages = store::messages(tx, scope, near_miss.id)?;
    let measures = store::measures(tx, scope, near_miss.id)?;
    let measures = measures.into_iter().filter(|measure| measure.state != MeasureState::Dropped).collect();
    Ok(Some(Followed { near_miss, messages, measures }))
}

/// Whoever reported says something more; false for a code that belongs to no report.
///
/// # Errors
/// [`Failure::TooMany`] where very much was said today.
pub fn receipt_answer(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    receipt: &Receipt,
    words: &str,
) -> Result<bool, Failure> {
    may_report(scope)?;
    let Some(near_miss) = store::by_receipt(tx, scope, &receipt.hash())? else { return Ok(false) };
    let now = nature.now();
    if store::answers_since(tx, scope, near_miss.id, now - DAY)? >= MOST_ANSWERS {
        return Err(Failure::TooMany(DAY.num_seconds().unsigned_abs()));
    }
    // Whose code it is the report knows, sealed; nothing here says it again.
    let new = Message { from_house: false, name: String::new(), words: words.to_owned(), written_at: now };
    store::message_add(tx, scope, (nature.id(), near_miss.id), &new)?;
    let scope = &under(scope, &near_miss.detail);
    let after = serde_json::json!({ "number": near_miss.number_text() });
    log(tx, nature, scope, ("near_miss_answer", NEAR_MISS, &near_miss.id.to_string()), ((), after))?;
    Ok(true)
}

/// Makes a link for a poster at each of these places of the ledger, and one for the whole house where `everywhere`.
///
/// # Errors
/// [`Failure::NotFound`] for a place that the ledger does not have.
pub fn posters_make(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (places, everywhere): (&[AssetId], Option<&str>),
) -> Result<Vec<(String, Made)>, Failure> {
    scope.require(Permission::NearMissHandle)?;
    let known = komainu_inventory::actions::assets(tx, scope)?;
    let place = |id: &AssetId| {
        let found = known.iter().find(|asset: &&Asset| asset.id == *id);
        found.filter(|asset| asset.details.kind == AssetKind::Place).ok_or(Failure::NotFound)
    };
    let mut wanted = Vec::new();
    if let Some(name) = everywhere {
        wanted.push((String::new(), name.to_owned()));
    }
    for id in places {
        wanted.push((id.to_string(), place(id)?.details.name.clone()));
    }
    let mut made = Vec::new();
    for (subject, name) in wanted {
        let new = NewLink {
            purpose: Purpose::NearMissReport,
            subject,
            name: name.clone(),
            until: nature.now() + POSTER,
        };
        made.push((name, link_make(tx, nature, scope, &new)?));
    }
    Ok(made)
}
