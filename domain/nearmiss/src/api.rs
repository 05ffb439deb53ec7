//! Near misses over the API: report, see, judge, answer, the board; measures (`measure`), what is learned (`learn`), files
//! (`files`), what whoever reported is told (`receipt`).

mod files;
mod learn;
mod measure;
mod receipt;

pub use files::*;
pub use learn::*;
pub use measure::*;
pub use receipt::*;

use crate::actions::{self, JudgeInput, NewReport, ReportRefusal, near_miss_get, near_miss_see, report_take};
use crate::model::{
    Board, Detail, Level, Message, Nature, NearMiss, NearMissId, Photo, PhotoId, State, Triage,
};
use crate::rules::{Receipt, written};
use crate::t;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Conflict, Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A near miss.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMiss)]
pub struct NearMissShown {
    id: NearMissId,
    /// Its number within the fiscal year, such as `2026-012`.
    number: String,
    /// A symptom of the catalogue.
    symptom: String,
    /// What came in.
    detail: Detail,
    /// The language in which it was written.
    lang: String,
    /// When it was seen, by the reporter's clock.
    seen_at: DateTime<Utc>,
    /// When it was written, by the reporter's clock.
    written_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    state: State,
    /// Null until somebody judged it.
    level: Option<Level>,
    /// Null until somebody judged it.
    nature: Option<Nature>,
    triage: Triage,
    triaged_at: Option<DateTime<Utc>>,
    triaged_by_name: String,
    board: Board,
    /// Since when it is on the board; null while it is not.
    board_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    /// What was said both ways; empty in lists.
    messages: Vec<MessageShown>,
    /// What is done about it; empty in lists.
    measures: Vec<MeasureShown>,
    /// Its photographs; empty in lists.
    photos: Vec<PhotoShown>,
    version: i64,
}

/// A photograph of a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissPhoto)]
pub struct PhotoShown {
    id: PhotoId,
    /// `image/jpeg` or `image/png`.
    media_type: String,
    /// In bytes.
    size: i64,
}

/// What the house or whoever reported said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissMessage)]
pub struct MessageShown {
    from_house: bool,
    name: String,
    words: String,
    written_at: DateTime<Utc>,
}

/// A report, as a program sends one.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissReport)]
pub struct ReportBody {
    /// A symptom of the catalogue, such as `printer`.
    symptom: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    place: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
    /// Who noticed; empty for nameless.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    /// Answers to the symptom's questions, each as `QUESTION.ANSWER`, such as `how-many.one`.
    #[serde(default)]
    #[schema(max_items = 10)]
    taps: Vec<String>,
    /// When it was seen; left out, to come, or longer ago than 30 days: now.
    #[serde(default)]
    #[serde(skip_serializing)]
    seen_at: Option<DateTime<Utc>>,
    /// A photograph, JPEG or PNG of at most 10 MB, in base64.
    #[serde(default)]
    #[serde(skip_serializing)]
    photo: Option<String>,
}

/// A report that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissReported)]
pub struct ReportShown {
    id: NearMissId,
    /// The code with which whoever reported asks what became of it. It is shown now and never again.
    receipt: String,
}

/// A judgement.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissJudgement)]
pub struct JudgeBody {
    level: Level,
    nature: Nature,
    /// What happened, in a sentence.
    #[schema(max_length = 2000)]
    summary: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    patients: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// Where it is to stand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissStateBody)]
pub struct StateBody {
    state: State,
    /// Somebody looked at the measures that are still open. Without it, a case that has some is not ended.
    #[serde(default)]
    checked: bool,
}

/// What the board says.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissBoardBody)]
pub struct BoardBody {
    #[schema(max_length = 100)]
    title: String,
    #[schema(max_length = 2000)]
    happened: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    learned: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    doing: String,
    /// Whether everybody of the house sees it.
    shown: bool,
    /// Somebody looked whether the words tell whom they are about. Without it, names, numbers and addresses in what is to be
    /// shown are refused, and told.
    #[serde(default)]
    checked: bool,
}

/// What whoever reported is told.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissMessageBody)]
pub struct MessageBody {
    #[schema(max_length = 2000)]
    words: String,
}

impl Resource for NearMissShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for ReportShown {
    fn place(&self) -> String {
        format!("/near-misses/{}", self.id)
    }
}

impl From<NearMiss> for NearMissShown {
    fn from(near_miss: NearMiss) -> Self {
        NearMissShown {
            id: near_miss.id,
            number: near_miss.number_text(),
            symptom: near_miss.symptom,
            detail: near_miss.detail,
            lang: near_miss.lang,
            seen_at: near_miss.seen_at,
            written_at: near_miss.written_at,
            received_at: near_miss.received_at,
            state: near_miss.state,
            level: near_miss.level,
            nature: near_miss.nature,
            triage: near_miss.triage,
            triaged_at: near_miss.triaged_at,
            triaged_by_name: near_miss.triaged_by_name,
            board: near_miss.board,
            board_at: near_miss.board_at,
            closed_at: near_miss.closed_at,
            messages: Vec::new(),
            measures: Vec::new(),
            photos: Vec::new(),
            version: near_miss.version,
        }
    }
}

impl From<Message> for MessageShown {
    fn from(message: Message) -> Self {
        let Message { from_house, name, words, written_at } = message;
        MessageShown { from_house, name, words, written_at }
    }
}

impl From<Photo> for PhotoShown {
    fn from(photo: Photo) -> Self {
        PhotoShown { id: photo.id, media_type: photo.media_type, size: photo.size }
    }
}

fn detail(tx: &mut Tx<'_>, at: &Caller, id: NearMissId) -> Result<NearMissShown, Failure> {
    let seen = near_miss_see(tx, &at.scope, id)?;
    Ok(NearMissShown {
        messages: seen.messages.into_iter().map(MessageShown::from).collect(),
        measures: seen.measures.into_iter().map(MeasureShown::from).collect(),
        photos: seen.photos.into_iter().map(PhotoShown::from).collect(),
        ..NearMissShown::from(seen.near_miss)
    })
}

/// An action's conflict as the API tells it.
fn or_outdated(changed: Result<(), actions::Changed>) -> Result<(), Failure> {
    match changed {
        Ok(()) => Ok(()),
        Err(Refused::Because(Conflict(now))) => Err(Failure::outdated(&NearMissShown::from(*now))),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// The reports, oldest first
#[utoipa::path(get, path = "/near-misses", params(Paging), responses((status = 200, body = Page<NearMissShown>)))]
pub async fn near_misses(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |near_miss: &NearMissShown| near_miss.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let all = actions::near_misses_part(tx, &at.scope, part)?;
            Ok(all.into_iter().map(NearMissShown::from).collect())
        })
        .await
}

/// Report a near miss
#[utoipa::path(post, path = "/near-misses", request_body = ReportBody, responses((status = 201, body = ReportShown)))]
pub async fn near_miss_report(caller: Caller, Json(body): Json<ReportBody>) -> Outcome {
    let (lang, form, mut faults) = (caller.lang, Form::of(&body)?, FieldErrors::default());
    let ReportBody { symptom, taps, seen_at, photo, .. } = body;
    let detail = Detail {
        place: text(&form, lang, &mut faults, "place", SHORT, false),
        taps,
        words: text(&form, lang, &mut faults, "words", LONG, false),
        name: text(&form, lang, &mut faults, "name", SHORT, false),
    };
    match caller.app.catalog.symptom(&symptom) {
        None => faults.add("symptom", t!(lang, "symptom-unknown")),
        Some(known) => {
            let asked: Vec<_> = caller.app.catalog.taps(known).map(|tap| &tap.id).collect();
            let answers = |code: &String| {
                caller.app.catalog.tapped(code).is_some_and(|(tap, _)| asked.contains(&&tap.id))
            };
            if !detail.taps.iter().all(answers) {
                faults.add("taps", t!(lang, "tap-unknown"));
            }
        }
    }
    let photo = photo.map(|text| STANDARD.decode(text)).transpose().unwrap_or_else(|_| {
        faults.add("photo", t!(lang, "photo-damaged"));
        None
    });
    faults.into_result()?;
    caller
        .create(move |tx, at| {
            let (nature, now) = (&at.app.nature, at.app.nature.now());
            let receipt = Receipt::new(nature.bytes());
            let new = NewReport {
                sent_id: nature.id(),
                receipt: receipt.clone(),
                alarm: crate::words::alarm_text(&at.app.catalog, &symptom),
                symptom,
                detail,
                lang,
                seen_at: written(seen_at, now),
                written_at: now,
                photo,
            };
            match report_take(tx, nature, &at.scope, &at.app.files, &new) {
                Ok(reported) => Ok(ReportShown { id: reported.id, receipt: receipt.to_string() }),
                Err(Refused::Failed(failure)) => Err(failure),
                Err(Refused::Because(refusal)) => Err(not_taken(at.lang, &refusal)),
            }
        })
        .await
}

fn not_taken(lang: Lang, refusal: &ReportRefusal) -> Failure {
    let text = match refusal {
        ReportRefusal::TooMany => return Failure::Refused(t!(lang, "report-too-many")),
        ReportRefusal::PhotoTooLarge => t!(lang, "photo-too-large"),
        ReportRefusal::Photo(fault) => crate::words::photo_fault_text(lang, *fault),
        // It was named in this very moment.
        ReportRefusal::Twice | ReportRefusal::Other => return Failure::internal(format!("{refusal:?}")),
    };
    let mut faults = FieldErrors::default();
    faults.add("photo", text);
    faults.into_result().err().unwrap_or(Failure::NotFound)
}

/// One near miss with all that belongs to it
#[utoipa::path(get, path = "/near-misses/{id}", params(NearMissId), responses((status = 200, body = NearMissShown)))]
pub async fn near_miss(caller: Caller, Path(id): Path<NearMissId>) -> Outcome {
    caller.show(move |tx, at| detail(tx, at, id)).await
}

/// Judge a near miss, or judge it anew
#[utoipa::path(put, path = "/near-misses/{id}/judgement", params(NearMissId, IfMatch), request_body = JudgeBody,
    responses((status = 200, body = NearMissShown)))]
pub async fn near_miss_judge(
    caller: Caller,
    Path(id): Path<NearMissId>,
    IfMatch(version): IfMatch,
    Json(body): Json<JudgeBody>,
) -> Outcome {
    let (lang, form, mut faults) = (caller.lang, Form::of(&body)?, FieldErrors::default());
    let triage = Triage {
        summary: text(&form, lang, &mut faults, "summary", LONG, true),
        patients: text(&form, lang, &mut faults, "patients", LONG, false),
        note: text(&form, lang, &mut faults, "note", LONG, false),
    };
    faults.into_result()?;
    let input = JudgeInput { level: body.level, nature: body.nature, triage };
    caller
        .change(move |tx, at| {
            let judged = actions::near_miss_judge(tx, &at.app.nature, &at.scope, (id, version), &input);
            or_outdated(judged)?;
            detail(tx, at, id)
        })
        .await
}

/// Faults the end of a case of which measures are open.
fn unfinished(tx: &mut Tx<'_>, at: &Caller, id: NearMissId) -> Result<(), Failure> {
    let open = actions::measures_open_of(tx, &at.scope, id)?;
    let mut faults = FieldErrors::default();
    if open > 0 {
        faults.add("checked", t!(at.lang, "state-unfinished", n = open.to_string()));
    }
    faults.into_result()
}

/// Move a near miss on, or back
#[utoipa::path(post, path = "/near-misses/{id}/state", params(NearMissId, IfMatch), request_body = StateBody,
    responses((status = 200, body = NearMissShown)))]
pub async fn near_miss_state_set(
    caller: Caller,
    Path(id): Path<NearMissId>,
    IfMatch(version): IfMatch,
    Json(body): Json<StateBody>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            let old = near_miss_get(tx, &at.scope, id)?;
            if old.version == version && !crate::rules::may_follow(&old, body.state) {
                return Err(Failure::Refused(t!(at.lang, "state-cannot-follow")));
            }
            if crate::rules::ends(body.state) && !body.checked {
                unfinished(tx, at, id)?;
            }
            let (nature, scope) = (&at.app.nature, &at.scope);
            or_outdated(actions::near_miss_state_set(tx, nature, scope, (id, version), body.state))?;
            detail(tx, at, id)
        })
        .await
}

/// Write what the board says, and put it there or take it away
#[utoipa::path(put, path = "/near-misses/{id}/board", params(NearMissId, IfMatch), request_body = BoardBody,
    responses((status = 200, body = NearMissShown)))]
pub async fn near_miss_board_save(
    caller: Caller,
    Path(id): Path<NearMissId>,
    IfMatch(version): IfMatch,
    Json(body): Json<BoardBody>,
) -> Outcome {
    let (lang, form, mut faults) = (caller.lang, Form::of(&body)?, FieldErrors::default());
    let board = Board {
        title: text(&form, lang, &mut faults, "title", SHORT, body.shown),
        happened: text(&form, lang, &mut faults, "happened", LONG, body.shown),
        learned: text(&form, lang, &mut faults, "learned", LONG, false),
        doing: text(&form, lang, &mut faults, "doing", LONG, false),
    };
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            if body.shown && !body.checked {
                let telltale = actions::board_telltale(tx, &at.scope, id, &board)?;
                let mut faults = FieldErrors::default();
                if !telltale.is_empty() {
                    let pieces = telltale.join(" ／ ");
                    faults.add("checked", t!(at.lang, "board-telltale", pieces = pieces));
                }
                faults.into_result()?;
            }
            let wish = (&board, body.shown);
            or_outdated(actions::board_save(tx, &at.app.nature, &at.scope, (id, version), wish))?;
            detail(tx, at, id)
        })
        .await
}

/// Answer whoever reported; they read it with their receipt code
#[utoipa::path(post, path = "/near-misses/{id}/messages", params(NearMissId), request_body = MessageBody,
    responses((status = 200, body = NearMissShown)))]
pub async fn near_miss_message_send(
    caller: Caller,
    Path(id): Path<NearMissId>,
    Json(body): Json<MessageBody>,
) -> Outcome {
    let (form, mut faults) = (Form::of(&body)?, FieldErrors::default());
    let words = text(&form, caller.lang, &mut faults, "words", LONG, true);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            actions::message_send(tx, &at.app.nature, &at.scope, id, &words)?;
            detail(tx, at, id)
        })
        .await
}
