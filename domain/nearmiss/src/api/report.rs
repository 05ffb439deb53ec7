//! Reporting, what became of it, posters, and whose numbers they show.

use crate::actions::{
    self, MessageRefusal, PosterRefusal, ReportRefusal, Taken, card_get, card_set, posters_make,
    receipt_answer, receipt_see, report_photo_add, report_take,
};
use crate::model::{
    Card, CleanPhoto, Detail, Hanging, NearMissId, NewReport, PhotoFault, PhotoId, PosterAt, Receipt,
    ReceiptCode,
};
use crate::pages::poster_refusal;
use crate::rules::{MOST_MESSAGE, MOST_NAME, MOST_WORDS, clean_photo, moments};
use crate::t;
use crate::words::photo_fault_text;
use axum::body::Bytes;
use chrono::{DateTime, Utc};
use komainu_access::LinkId;
use komainu_catalog::Symptom;
use komainu_contact::ContactId;
use komainu_db::Tx;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_institution::parts::text;
use komainu_inventory::AssetId;
use komainu_link::model::Handed;
use komainu_web::api::{Caller, FileBytes, IfMatch, Json, Path, Resource};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one may see, and what to do then.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAid {
    /// Names it in reports.
    symptom: String,
    title: String,
    /// What one sees, in a line.
    hint: String,
    /// What to do now, in order.
    now: Vec<String>,
    /// What not to do.
    never: Vec<String>,
    questions: Vec<FirstAidQuestion>,
    /// Whether a report of it calls the contact network out, where a plan of the house says so.
    urgent: bool,
    /// Whether it follows from an official source; where not, it is our own judgement.
    confirmed: bool,
}

/// A question after a symptom.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAidQuestion {
    question: String,
    answers: Vec<FirstAidAnswer>,
}

/// An answer to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAidAnswer {
    /// Names it in reports.
    tap: String,
    label: String,
}

/// What one may see, in the order in which pages show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAidList {
    items: Vec<FirstAid>,
}

/// A report of a near miss.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNearMiss)]
pub struct ReportBody {
    /// How the sender calls it: the same again is no second report. One is made where it is left out.
    #[schema(value_type = Option<String>, format = "uuid")]
    sent_id: Option<Uuid>,
    /// What was seen, of `/first-aid`.
    symptom: String,
    /// Answers, of `/first-aid`.
    #[serde(default)]
    taps: Vec<String>,
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
    /// A place of the ledger, for who may read it.
    place: Option<AssetId>,
    /// The place in words.
    #[serde(default)]
    #[schema(max_length = 100)]
    place_text: String,
    /// Whoever saw it, where it is another than whose token this is.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    /// When it was seen; left out, now.
    seen_at: Option<DateTime<Utc>>,
}

/// A report that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissTaken {
    id: NearMissId,
    /// With it whoever reported asks what became of it; shown now and never again, and null where the report was there.
    receipt: Option<String>,
}

/// A photograph that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissPhotoTaken {
    id: PhotoId,
    near_miss: NearMissId,
    media_type: String,
    /// Of what was kept, in bytes: without what the camera wrote beside the picture.
    size: usize,
}

/// A receipt code.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissReceiptCode)]
pub struct CodeBody {
    #[schema(max_length = 40)]
    code: String,
}

/// What a report's sender says further.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissReceiptMessage)]
pub struct MessageBody {
    #[schema(max_length = 40)]
    code: String,
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
}

/// What became of a report, as its sender sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissReceipt)]
pub struct ReceiptShown {
    symptom: String,
    received_at: DateTime<Utc>,
    /// `new`, `triaged`, `analysis`, `measures`, `closed`, or `set_aside` where it was no matter of this kind.
    state: &'static str,
    triaged_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    messages: Vec<ReceiptMessage>,
}

/// A message between the house and a report's sender.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissReceiptSaid)]
pub struct ReceiptMessage {
    from_house: bool,
    words: String,
    written_at: DateTime<Utc>,
}

/// Where posters are to hang.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNearMissPosters)]
pub struct PostersBody {
    /// One that may hang anywhere.
    #[serde(default)]
    house: bool,
    /// Places of the ledger, a poster each.
    #[serde(default)]
    places: Vec<AssetId>,
}

/// A poster's link, to be printed; it is not shown again.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissPosterMade {
    id: LinkId,
    /// The place; null for one that may hang anywhere.
    place: Option<AssetId>,
    /// The whole address, which a code on the poster holds.
    address: String,
    expires_at: DateTime<Utc>,
}

/// Posters that were just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissPostersMade {
    items: Vec<NearMissPosterMade>,
}

/// A poster that hangs. It is withdrawn as its link is.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissPoster {
    id: LinkId,
    /// Where it hangs, in words.
    place: String,
    made_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// How many reports and messages came by it.
    uses: i64,
    used_at: Option<DateTime<Utc>>,
}

/// The posters that work, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct NearMissPosters {
    items: Vec<NearMissPoster>,
}

/// Contacts whose duty and number posters show to strangers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissCard)]
pub struct CardShown {
    contacts: Vec<ContactId>,
    version: i64,
}

/// Contacts to show.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissCardContacts)]
pub struct CardBody {
    /// At most four are kept, in the order of the network.
    contacts: Vec<ContactId>,
}

impl Resource for FirstAidList {}

impl Resource for NearMissTaken {
    fn place(&self) -> String {
        format!("/near-misses/{}", self.id)
    }
}

impl Resource for NearMissPhotoTaken {
    fn place(&self) -> String {
        format!("/near-misses/{}", self.near_miss)
    }
}

impl Resource for ReceiptShown {}

impl Resource for NearMissPostersMade {
    fn place(&self) -> String {
        "/near-miss-posters".to_owned()
    }
}

impl Resource for NearMissPosters {}

impl Resource for CardShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl FirstAid {
    fn new(lang: Lang, symptom: &Symptom) -> FirstAid {
        let questions = symptom.taps.iter().map(|tap| FirstAidQuestion {
            question: tap.question.get(lang).to_owned(),
            answers: tap
                .options
                .iter()
                .map(|option| FirstAidAnswer {
                    tap: tap.code(option),
                    label: option.label.get(lang).to_owned(),
                })
                .collect(),
        });
        FirstAid {
            symptom: symptom.id.as_str().to_owned(),
            title: symptom.title.get(lang).to_owned(),
            hint: symptom.hint.get(lang).to_owned(),
            now: symptom.now.iter().map(|words| words.get(lang).to_owned()).collect(),
            never: symptom.never.iter().map(|words| words.get(lang).to_owned()).collect(),
            questions: questions.collect(),
            urgent: symptom.urgent,
            confirmed: symptom.standing.confirmed,
        }
    }
}

impl From<Receipt> for ReceiptShown {
    fn from(receipt: Receipt) -> Self {
        let messages = receipt.messages.into_iter().map(|message| ReceiptMessage {
            from_house: message.from_house,
            words: message.words,
            written_at: message.written_at,
        });
        ReceiptShown {
            symptom: receipt.symptom,
            received_at: receipt.received_at,
            state: receipt.state.code(),
            triaged_at: receipt.triaged_at,
            closed_at: receipt.closed_at,
            messages: messages.collect(),
        }
    }
}

impl From<Hanging> for NearMissPoster {
    fn from(poster: Hanging) -> Self {
        NearMissPoster {
            id: poster.id,
            place: poster.place,
            made_by: poster.made_by,
            created_at: poster.created_at,
            expires_at: poster.expires_at,
            uses: poster.uses,
            used_at: poster.used_at,
        }
    }
}

impl From<Card> for CardShown {
    fn from(card: Card) -> Self {
        CardShown { contacts: card.contacts, version: card.version }
    }
}

fn fault(field: &str, words: String) -> Failure {
    let mut faults = FieldErrors::default();
    faults.add(field, words);
    Failure::Invalid(faults)
}

/// What one may see, and what to do then
#[utoipa::path(get, path = "/first-aid", responses((status = 200, body = FirstAidList)))]
pub async fn first_aid(caller: Caller) -> Outcome {
    caller
        .show(|_, at| {
            let symptoms = at.app.catalog.symptoms().iter();
            Ok(FirstAidList { items: symptoms.map(|symptom| FirstAid::new(at.lang, symptom)).collect() })
        })
        .await
}

/// Report a near miss
///
/// The same `sent_id` again is the same report, whatever else is sent with it.
#[utoipa::path(post, path = "/near-misses", request_body = ReportBody,
    responses((status = 201, body = NearMissTaken)))]
pub async fn near_miss_report(caller: Caller, Json(body): Json<ReportBody>) -> Outcome {
    let new = read_report(&caller, body)?;
    caller
        .create(move |tx, at| {
            let app = &at.app;
            match report_take(tx, &app.nature, &at.scope, &app.catalog, &app.files, &new) {
                Ok(Taken::New(id, _)) => Ok(NearMissTaken { id, receipt: Some(new.code.grouped()) }),
                Ok(Taken::Again(id, _)) => Ok(NearMissTaken { id, receipt: None }),
                Err(Refused::Because(ReportRefusal::NoSymptom)) => {
                    Err(fault("symptom", t!(at.lang, "report-no-symptom")))
                }
                // A token is no poster; of two at once the second is told to look again.
                Err(Refused::Because(ReportRefusal::TooMany)) => Err(Failure::TooMany(60)),
                Err(Refused::Because(ReportRefusal::Twice)) => Err(Failure::KeyBusy),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// The report that a body holds.
fn read_report(caller: &Caller, body: ReportBody) -> Result<NewReport, Failure> {
    let (lang, nature, mut faults) = (caller.lang, &caller.app.nature, FieldErrors::default());
    let form = Form::of(&body)?;
    let detail = Detail {
        place: text(&form, lang, &mut faults, "place_text", MOST_NAME, false),
        taps: body.taps,
        words: text(&form, lang, &mut faults, "words", MOST_WORDS, false),
        name: text(&form, lang, &mut faults, "name", MOST_NAME, false),
    };
    let symptom = caller.app.catalog.symptom(&body.symptom);
    if symptom.is_none() {
        faults.add("symptom", t!(lang, "report-no-symptom"));
    }
    if let Some(symptom) = symptom
        && detail.taps.iter().any(|tap| symptom.answer(tap).is_none())
    {
        faults.add("taps", t!(lang, "report-no-tap"));
    }
    faults.into_result()?;
    let now = nature.now();
    let (seen_at, _) = moments(body.seen_at, 0, now);
    Ok(NewReport {
        sent_id: body.sent_id.unwrap_or_else(|| nature.id()),
        code: ReceiptCode::new(nature.bytes()),
        symptom: body.symptom,
        place: body.place,
        detail,
        lang,
        seen_at,
        written_at: now,
        photos: Vec::new(),
    })
}

/// Add a photograph of up to 8 MB to one's own report
///
/// JPEG, PNG, WebP or HEIC, told by its content. What the camera wrote beside the picture is not kept.
#[utoipa::path(post, path = "/near-misses/{id}/photos", params(NearMissId),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = NearMissPhotoTaken)))]
pub async fn near_miss_photo_add(caller: Caller, Path(id): Path<NearMissId>, bytes: Bytes) -> Outcome {
    let clean = tokio::task::spawn_blocking(move || clean_photo(&bytes)).await.map_err(Failure::internal)?;
    let photo: CleanPhoto = clean.map_err(|why| refused(caller.lang, why))?;
    caller
        .create(move |tx, at| {
            match report_photo_add(tx, &at.app.nature, &at.scope, &at.app.files, id, &photo) {
                Ok(photo_id) => Ok(NearMissPhotoTaken {
                    id: photo_id,
                    near_miss: id,
                    media_type: photo.kind.media_type().to_owned(),
                    size: photo.bytes.len(),
                }),
                Err(Refused::Because(why)) => Err(refused(at.lang, why)),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

fn refused(lang: Lang, why: PhotoFault) -> Failure {
    Failure::Refused(photo_fault_text(lang, why))
}

/// What became of the report behind a receipt code
#[utoipa::path(post, path = "/near-miss-receipts", request_body = CodeBody,
    responses((status = 200, body = ReceiptShown)))]
pub async fn near_miss_receipt(caller: Caller, Json(body): Json<CodeBody>) -> Outcome {
    let code = read_code(caller.lang, &body.code)?;
    caller
        .show(move |tx, at| {
            let found = receipt_see(tx, &at.scope, &code)?;
            found.map(ReceiptShown::from).ok_or_else(|| fault("code", t!(at.lang, "receipt-none")))
        })
        .await
}

/// Say something further about a report, by its receipt code
#[utoipa::path(post, path = "/near-miss-receipts/messages", request_body = MessageBody,
    responses((status = 200, body = ReceiptShown)))]
pub async fn near_miss_answer(caller: Caller, Json(body): Json<MessageBody>) -> Outcome {
    let (lang, mut faults) = (caller.lang, FieldErrors::default());
    let words = text(&Form::of(&body)?, lang, &mut faults, "words", MOST_MESSAGE, true);
    faults.into_result()?;
    let code = read_code(lang, &body.code)?;
    caller
        .change(move |tx, at| match receipt_answer(tx, &at.app.nature, &at.scope, &code, &words) {
            Ok(receipt) => Ok(ReceiptShown::from(receipt)),
            Err(Refused::Because(MessageRefusal::NoReport)) => {
                Err(fault("code", t!(at.lang, "receipt-none")))
            }
            Err(Refused::Because(MessageRefusal::TooMany)) => {
                Err(Failure::Refused(t!(at.lang, "receipt-too-many")))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

fn read_code(lang: Lang, typed: &str) -> Result<ReceiptCode, Failure> {
    typed.parse().map_err(|_| fault("code", t!(lang, "receipt-none")))
}

/// The posters that work
///
/// Needs `links_manage` too.
#[utoipa::path(get, path = "/near-miss-posters", responses((status = 200, body = NearMissPosters)))]
pub async fn near_miss_posters(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let posters = actions::posters(tx, &at.scope, at.app.nature.now())?;
            Ok(NearMissPosters { items: posters.into_iter().map(NearMissPoster::from).collect() })
        })
        .await
}

/// Make posters' links
///
/// Needs `links_manage` too. Each address is shown now and never again; the pages print them as posters.
#[utoipa::path(post, path = "/near-miss-posters", request_body = PostersBody,
    responses((status = 201, body = NearMissPostersMade)))]
pub async fn near_miss_posters_make(caller: Caller, Json(body): Json<PostersBody>) -> Outcome {
    let house = body.house.then_some(PosterAt::House);
    let wanted: Vec<PosterAt> =
        house.into_iter().chain(body.places.into_iter().map(PosterAt::Place)).collect();
    caller.create(move |tx, at| made(tx, at, &wanted)).await
}

fn made(tx: &mut Tx<'_>, at: &Caller, wanted: &[PosterAt]) -> Result<NearMissPostersMade, Failure> {
    let posters = posters_make(tx, &at.app.nature, &at.scope, at.lang, wanted);
    let posters = posters.map_err(|refused: Refused<PosterRefusal>| match refused {
        Refused::Because(reason) => fault("places", poster_refusal(at.lang, reason)),
        Refused::Failed(failure) => failure,
    })?;
    let items = posters.iter().map(|poster| NearMissPosterMade {
        id: poster.made.id,
        place: poster.at.place(),
        address: Handed::new(&at.app, &poster.made).address,
        expires_at: poster.made.expires_at,
    });
    Ok(NearMissPostersMade { items: items.collect() })
}

/// Contacts whose duty and number posters show
#[utoipa::path(get, path = "/near-miss-card", responses((status = 200, body = CardShown)))]
pub async fn near_miss_card(caller: Caller) -> Outcome {
    caller.show(|tx, at| card_get(tx, &at.scope).map(CardShown::from)).await
}

/// Choose whose duty and number posters show to whoever stands before them
#[utoipa::path(put, path = "/near-miss-card", params(IfMatch), request_body = CardBody,
    responses((status = 200, body = CardShown)))]
pub async fn near_miss_card_set(
    caller: Caller,
    IfMatch(version): IfMatch,
    Json(body): Json<CardBody>,
) -> Outcome {
    caller
        .change(move |tx, at| match card_set(tx, &at.app.nature, &at.scope, version, &body.contacts) {
            Ok(card) => Ok(CardShown::from(card)),
            Err(Refused::Because(Conflict(now))) => Err(Failure::outdated(&CardShown::from(*now))),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}
