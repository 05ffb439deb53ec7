//! Contacts over the API.

use crate::pages::chart::{Set, gather, sheet};
use crate::rules::Gap;
use crate::suggestions::{Suggestion, suggestions_for};
use crate::words::{gap_text, party_note};
use crate::{
    Contact, ContactDetails, ContactId, Direction, Duty, Way, WayHours, WayId, WayKind, actions, pages,
    paper, t,
};
use komainu_access::PersonId;
use komainu_db::Tx;
use komainu_institution::actions::institution_get;
use komainu_web::api::{
    Caller, FileBytes, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource,
};
use komainu_web::{Failure, Form, Outcome, attachment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is sent about a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactBody {
    /// A code such as `director` or `police`, or the institution's own word.
    #[schema(min_length = 1, max_length = 100)]
    duty: String,
    /// The person's or party's name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The reading in kana.
    #[serde(default)]
    #[schema(max_length = 100)]
    name_kana: String,
    /// The member here whose contact it is; left out, it stays as it is. Browsers of another person are let go.
    #[serde(default)]
    person: Option<PersonId>,
    /// Telephone by day: a number that can be dialled in Japan.
    #[serde(default)]
    phone: String,
    /// Telephone at night and on holidays.
    #[serde(default)]
    night_phone: String,
    /// Mail address.
    #[serde(default)]
    email: String,
    /// Somebody outside the institution.
    #[serde(default)]
    outside: bool,
    /// Anything else, such as hours.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
    /// When it can be reached, in words.
    #[serde(default)]
    #[schema(max_length = 100)]
    hours: String,
    /// Whether duty and numbers are shown to whoever reports at a poster.
    #[serde(default)]
    for_reporters: bool,
    /// Further ways in the order of use, at most 8; left out, they stay as they are.
    #[serde(default)]
    #[schema(max_items = 8)]
    ways: Option<Vec<WayBody>>,
    /// Who is asked where it does not answer, at most 3; left out, they stay as they are.
    #[serde(default)]
    #[schema(max_items = 3)]
    stand_ins: Option<Vec<ContactId>>,
    /// Whether somebody made sure today that name and numbers are right.
    #[serde(default)]
    checked: bool,
}

/// A further way to reach a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactWayBody)]
pub struct WayBody {
    /// The way that it is already; none for a new one. A browser or a chat room is kept by its id alone.
    #[serde(default)]
    id: Option<WayId>,
    /// How; a browser is added on that browser itself.
    kind: WayKind,
    /// The number, mail address or address of a chat room, which is not shown again.
    #[serde(default)]
    #[schema(max_length = 500)]
    address: String,
    /// How the house calls it.
    #[serde(default)]
    #[schema(max_length = 100)]
    label: String,
    /// When it is of use.
    #[serde(default)]
    hours: WayHours,
}

/// Where the network would fail when it is needed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactGaps {
    items: Vec<ContactGap>,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactGap {
    /// `nobody_inside`, `nobody_at_night`, `one_at_night`, `no_way`, `left`, `no_stand_in`, `dead_end`, `same_road`, `unchecked` or `old`.
    kind: &'static str,
    /// Whom it is about; none where it is about the whole house.
    contact: Option<ContactId>,
    /// What is missing, in the asked language.
    text: String,
}

impl Resource for ContactGaps {}

/// One place up or down in the order of calling.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ContactToward)]
pub enum Toward {
    /// Called earlier.
    Up,
    /// Called later.
    Down,
}

/// Where a contact moves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    direction: Toward,
}

/// Outside parties that may be taken over.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parties {
    items: Vec<Party>,
}

/// An outside party, as far as a source bears it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Party {
    /// What it is for; also names it.
    duty: &'static str,
    /// Its name.
    name: &'static str,
    /// Its reading.
    name_kana: &'static str,
    /// The number; empty where none was found.
    phone: &'static str,
    /// The mail address; empty where none was found.
    email: &'static str,
    /// Where it was read.
    source: &'static str,
    /// Whether it was read on the party's own page.
    confirmed: bool,
    /// What to know about it.
    note: String,
}

/// The party to take over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyBody {
    /// The duty of one of the parties.
    duty: String,
}

impl Resource for Contact {
    fn place(&self) -> String {
        format!("/contacts/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for Parties {}

/// The contact as it is to be, over what is not sent.
fn details(caller: &Caller, body: &ContactBody, old: &ContactDetails) -> Result<ContactDetails, Failure> {
    let mut fields = serde_json::json!({
        "duty": body.duty, "own_duty": body.duty, "name": body.name, "name_kana": body.name_kana,
        "phone": body.phone, "night_phone": body.night_phone, "email": body.email, "note": body.note,
        "side": if body.outside { "outside" } else { "inside" }, "checked": body.checked,
        "hours": body.hours, "for_reporters": body.for_reporters,
    });
    let stand_ins = body.stand_ins.as_ref().unwrap_or(&old.stand_ins);
    let ways = body.ways.as_ref().map_or(old.ways.len(), Vec::len);
    if ways > ContactDetails::WAYS_MOST || stand_ins.len() > ContactDetails::STAND_INS_MOST {
        return Err(Failure::Refused(t!(caller.lang, "contact-too-many")));
    }
    for (at, id) in stand_ins.iter().enumerate() {
        fields[format!("stand_in_{at}")] = id.to_string().into();
    }
    if let Some(person) = body.person {
        fields["person"] = person.to_string().into();
    }
    for (at, way) in sent(body, old).into_iter().enumerate() {
        fields[format!("way_id_{at}")] = way.id.map(|id| id.to_string()).into();
        fields[format!("way_kind_{at}")] = way.kind.code().into();
        fields[format!("way_address_{at}")] = way.address.into();
        fields[format!("way_label_{at}")] = way.label.into();
        fields[format!("way_hours_{at}")] = way.hours.code().into();
    }
    let form = Form::of(&fields)?;
    let (details, mut faults) = pages::read(caller, &form, old);
    for fault in faults.0.iter_mut().filter(|fault| fault.field == "own_duty") {
        "duty".clone_into(&mut fault.field);
    }
    faults.into_result().map(|()| details)
}

/// The ways as they are to be: those that are there, where none are sent. The address of a chat room is never shown, so who
/// sends none keeps it.
fn sent(body: &ContactBody, old: &ContactDetails) -> Vec<WayBody> {
    let stored = |way: &Way| WayBody {
        id: Some(way.id),
        kind: way.kind,
        address: way.address.clone(),
        label: way.label.clone(),
        hours: way.hours,
    };
    let Some(ways) = &body.ways else { return old.ways.iter().map(stored).collect() };
    let address = |way: &WayBody| {
        let hidden = way.address.is_empty() && way.kind == WayKind::Chat;
        let kept = old.ways.iter().find(|old| hidden && Some(old.id) == way.id && old.kind == way.kind);
        kept.map_or_else(|| way.address.clone(), |old| old.address.clone())
    };
    ways.iter()
        .map(|way| WayBody {
            id: way.id,
            kind: way.kind,
            address: address(way),
            label: way.label.clone(),
            hours: way.hours,
        })
        .collect()
}

/// The contacts, in the order of calling
#[utoipa::path(get, path = "/contacts", params(Paging), responses((status = 200, body = Page<Contact>)))]
pub async fn contacts(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |contact: &Contact| (contact.position, contact.id);
    caller.list(&paging, key, |tx, at, part| actions::contacts_part(tx, &at.scope, part)).await
}

/// One contact
#[utoipa::path(get, path = "/contacts/{id}", params(ContactId), responses((status = 200, body = Contact)))]
pub async fn contact_get(caller: Caller, Path(id): Path<ContactId>) -> Outcome {
    caller.show(move |tx, at| actions::contact_get(tx, &at.scope, id)).await
}

/// Add a contact at the end of the order of calling
#[utoipa::path(post, path = "/contacts", request_body = ContactBody, responses((status = 201, body = Contact)))]
pub async fn contact_add(caller: Caller, Json(body): Json<ContactBody>) -> Outcome {
    let new = details(&caller, &body, &ContactDetails::default())?;
    caller
        .create(move |tx, at| {
            let id = actions::contact_add(tx, &at.app.nature, &at.scope, &new)?;
            actions::contact_get(tx, &at.scope, id)
        })
        .await
}

/// Change a contact: everything that can be sent about it is replaced
///
/// Numbers that change without `checked` count as unchecked again.
#[utoipa::path(put, path = "/contacts/{id}", params(ContactId, IfMatch), request_body = ContactBody,
    responses((status = 200, body = Contact)))]
pub async fn contact_change(
    caller: Caller,
    Path(id): Path<ContactId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ContactBody>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            let old = actions::contact_get(tx, &at.scope, id)?;
            let new = details(at, &body, &old.details())?;
            actions::contact_change(tx, &at.app.nature, &at.scope, id, version, &new).or_outdated()?;
            actions::contact_get(tx, &at.scope, id)
        })
        .await
}

/// Move a contact one place in the order of calling, among those inside or outside
#[utoipa::path(post, path = "/contacts/{id}/move", params(ContactId), request_body = MoveBody,
    responses((status = 200, body = Contact)))]
pub async fn contact_move(caller: Caller, Path(id): Path<ContactId>, Json(body): Json<MoveBody>) -> Outcome {
    let direction = match body.direction {
        Toward::Up => Direction::Up,
        Toward::Down => Direction::Down,
    };
    caller
        .change(move |tx, at| {
            actions::contact_move(tx, &at.app.nature, &at.scope, id, direction)?;
            actions::contact_get(tx, &at.scope, id)
        })
        .await
}

/// Remove a contact
#[utoipa::path(delete, path = "/contacts/{id}", params(ContactId, IfMatch), responses((status = 204)))]
pub async fn contact_remove(caller: Caller, Path(id): Path<ContactId>, IfMatch(version): IfMatch) -> Outcome {
    caller
        .remove(move |tx, at| {
            actions::contact_remove(tx, &at.app.nature, &at.scope, id, version).or_outdated()
        })
        .await
}

/// Outside parties that are not in the network yet, each with its source
#[utoipa::path(get, path = "/contacts/suggestions", responses((status = 200, body = Parties)))]
pub async fn contact_suggestions(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let lang = at.lang;
            let party = |party: &Suggestion| Party {
                duty: party.duty.code(),
                name: party.name,
                name_kana: party.name_kana,
                phone: party.phone,
                email: party.email,
                source: party.source,
                confirmed: party.confirmed,
                note: party_note(lang, party.duty),
            };
            Ok(Parties { items: suggested(tx, at)?.into_iter().map(party).collect() })
        })
        .await
}

/// Where the network would fail when it is needed, the worst first
#[utoipa::path(get, path = "/contacts/check", responses((status = 200, body = ContactGaps)))]
pub async fn contact_gaps(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let gaps = actions::contact_gaps(tx, &at.scope, at.app.nature.today())?;
            let gap = |gap: Gap| ContactGap {
                kind: gap.code(),
                contact: gap.contact(),
                text: gap_text(at.lang, gap),
            };
            Ok(ContactGaps { items: gaps.into_iter().map(gap).collect() })
        })
        .await
}

/// The chart of the network for the wall on A4, as PDF
#[utoipa::path(get, path = "/contacts/chart",
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn contact_chart(caller: Caller) -> Outcome {
    printed(&caller, "contact-chart.pdf", paper::chart).await
}

/// A sheet of cards for the wallet, to cut out, as PDF
#[utoipa::path(get, path = "/contacts/cards",
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn contact_cards(caller: Caller) -> Outcome {
    printed(&caller, "contact-cards.pdf", paper::cards).await
}

async fn printed(caller: &Caller, name: &str, set: Set) -> Outcome {
    let (lang, scope) = (caller.lang, caller.scope.clone());
    let (owner, network) =
        caller.read(move |tx| Ok((institution_get(tx, &scope)?.name, gather(tx, lang, &scope)?))).await?;
    let bytes = sheet(set, lang, owner, network, caller.app.nature.now()).await?;
    Ok(attachment(name, "application/pdf", bytes))
}

/// Take an outside party over, unchecked and with its source
#[utoipa::path(post, path = "/contacts/suggestions", request_body = PartyBody,
    responses((status = 201, body = Contact)))]
pub async fn contact_accept(caller: Caller, Json(body): Json<PartyBody>) -> Outcome {
    caller
        .create(move |tx, at| {
            let duty = body.duty.parse::<Duty>();
            let party = suggested(tx, at)?.into_iter().find(|party| duty == Ok(party.duty));
            let none = || Failure::Refused(t!(at.lang, "party-none"));
            let party = party.ok_or_else(none)?;
            let id = actions::contact_accept(tx, &at.app.nature, &at.scope, at.lang, party)?;
            actions::contact_get(tx, &at.scope, id.ok_or_else(none)?)
        })
        .await
}

/// The parties that serve this kind of institution and are not in its network.
fn suggested(tx: &mut Tx<'_>, at: &Caller) -> Result<Vec<&'static Suggestion>, Failure> {
    let kind = institution_get(tx, &at.scope)?.kind;
    let known = actions::contacts(tx, &at.scope)?;
    let new = |party: &&Suggestion| known.iter().all(|contact| contact.duty != party.duty.code());
    Ok(suggestions_for(kind).filter(new).collect())
}
