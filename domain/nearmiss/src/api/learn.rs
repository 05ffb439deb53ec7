//! Learning over the API: the analysis of a case, meetings, the board, a year in figures.

use crate::actions;
use crate::document::Sheet;
use crate::model::{
    Analysed, Analysis, Board, Level, Meeting, MeetingContent, MeetingId, Nature, NearMiss, NearMissId,
};
use crate::pages::{analysis_errors, meeting_errors, meeting_paper, sheet};
use crate::rules::{Figures, cleaned, tidied};
use chrono::{DateTime, NaiveDate, Utc};
use komainu_calendar::FiscalYear;
use komainu_web::api::{Caller, Day, FileBytes, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Conflict, Failure, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The analysis of a near miss.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissAnalysed)]
pub struct AnalysisShown {
    near_miss: NearMissId,
    analysis: Analysis,
    /// Null until somebody wrote one.
    saved_at: Option<DateTime<Utc>>,
    saved_by_name: String,
    /// 0 until somebody wrote one.
    version: i64,
}

/// A meeting of the committee.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissMeeting)]
pub struct MeetingShown {
    id: MeetingId,
    held_on: NaiveDate,
    content: MeetingContent,
    saved_at: DateTime<Utc>,
    saved_by_name: String,
    version: i64,
}

/// A meeting, as it is planned or written down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NearMissMeetingBody)]
pub struct MeetingBody {
    held_on: Day,
    content: MeetingContent,
}

/// A case of the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissBoardShown)]
pub struct BoardShown {
    id: NearMissId,
    /// Its number within the fiscal year, such as `2026-012`.
    number: String,
    /// A symptom of the catalogue.
    symptom: String,
    board: Board,
    board_at: Option<DateTime<Utc>>,
}

/// How many of something that is named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissCount)]
pub struct CountShown {
    name: String,
    count: usize,
}

/// How many of a level.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissLevelCount)]
pub struct LevelCount {
    /// Null for what is not judged yet.
    level: Option<Level>,
    count: usize,
}

/// How many of a nature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissNatureCount)]
pub struct NatureCount {
    /// Null for what is not judged yet.
    nature: Option<Nature>,
    count: usize,
}

/// How many measures stand where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissMeasureCounts)]
pub struct MeasureCountsShown {
    /// Open, the late ones among them.
    open: usize,
    late: usize,
    done: usize,
    dropped: usize,
}

/// The near misses of a fiscal year. What was set aside is counted as such and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NearMissFigures)]
pub struct FiguresShown {
    /// The fiscal year by its first calendar year.
    fiscal_year: i32,
    /// Reports that came in.
    received: usize,
    set_aside: usize,
    /// By symptom of the catalogue, the most first.
    symptoms: Vec<CountShown>,
    levels: Vec<LevelCount>,
    natures: Vec<NatureCount>,
    /// By place as it was written, the most first; an empty name for no place.
    places: Vec<CountShown>,
    /// Twelve months, from April.
    months: Vec<usize>,
    /// The median from coming in to being judged, in minutes; null where nothing was judged.
    judged_after: Option<i64>,
    /// Measures of the year's cases.
    measures: MeasureCountsShown,
}

/// A fiscal year's address.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct YearPath {
    /// The fiscal year by its first calendar year.
    pub(super) year: i32,
}

impl Resource for AnalysisShown {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for MeetingShown {
    fn place(&self) -> String {
        format!("/near-miss-meetings/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for FiguresShown {}

impl From<Analysed> for AnalysisShown {
    fn from(analysed: Analysed) -> Self {
        let Analysed { near_miss, analysis, saved_at, saved_by_name, version } = analysed;
        AnalysisShown { near_miss, analysis, saved_at, saved_by_name, version }
    }
}

impl From<Meeting> for MeetingShown {
    fn from(meeting: Meeting) -> Self {
        let Meeting { id, held_on, content, saved_at, saved_by_name, version } = meeting;
        MeetingShown { id, held_on, content, saved_at, saved_by_name, version }
    }
}

impl From<NearMiss> for BoardShown {
    fn from(near_miss: NearMiss) -> Self {
        BoardShown {
            id: near_miss.id,
            number: near_miss.number_text(),
            symptom: near_miss.symptom,
            board: near_miss.board,
            board_at: near_miss.board_at,
        }
    }
}

impl From<Figures> for FiguresShown {
    fn from(figures: Figures) -> Self {
        let named = |counts: Vec<(String, usize)>| {
            counts.into_iter().map(|(name, count)| CountShown { name, count }).collect()
        };
        let levels = figures.levels.into_iter();
        let natures = figures.natures.into_iter();
        let measures = figures.measures;
        FiguresShown {
            fiscal_year: figures.year.number(),
            received: figures.received,
            set_aside: figures.set_aside,
            symptoms: named(figures.symptoms),
            levels: levels.map(|(level, count)| LevelCount { level, count }).collect(),
            natures: natures.map(|(nature, count)| NatureCount { nature, count }).collect(),
            places: named(figures.places),
            months: figures.months.to_vec(),
            judged_after: figures.judged_after,
            measures: MeasureCountsShown {
                open: measures.open,
                late: measures.late,
                done: measures.done,
                dropped: measures.dropped,
            },
        }
    }
}

/// The analysis of a near miss; an empty one where nobody wrote one yet
#[utoipa::path(get, path = "/near-misses/{id}/analysis", params(NearMissId),
    responses((status = 200, body = AnalysisShown)))]
pub async fn near_miss_analysis(caller: Caller, Path(id): Path<NearMissId>) -> Outcome {
    caller.show(move |tx, at| Ok(AnalysisShown::from(actions::analysis_get(tx, &at.scope, id)?))).await
}

/// Write the analysis of a near miss
#[utoipa::path(put, path = "/near-misses/{id}/analysis", params(NearMissId, IfMatch), request_body = Analysis,
    responses((status = 200, body = AnalysisShown)))]
pub async fn near_miss_analysis_save(
    caller: Caller,
    Path(id): Path<NearMissId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Analysis>,
) -> Outcome {
    let analysis = cleaned(body);
    analysis_errors(caller.lang, &analysis, str::to_owned).into_result()?;
    caller
        .change(move |tx, at| {
            let wish = (id, version);
            match actions::analysis_save(tx, &at.app.nature, &at.scope, wish, &analysis) {
                Ok(()) => Ok(AnalysisShown::from(actions::analysis_get(tx, &at.scope, id)?)),
                Err(Refused::Because(Conflict(now))) => Err(Failure::outdated(&AnalysisShown::from(*now))),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// The committee's meetings, oldest first
#[utoipa::path(get, path = "/near-miss-meetings", params(Paging),
    responses((status = 200, body = Page<MeetingShown>)))]
pub async fn near_miss_meetings(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |meeting: &MeetingShown| meeting.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let all = actions::meetings_part(tx, &at.scope, part)?;
            Ok(all.into_iter().map(MeetingShown::from).collect())
        })
        .await
}

/// What a body says of a meeting, or what is wrong with it.
fn sound(caller: &Caller, body: MeetingBody) -> Result<(NaiveDate, MeetingContent), Failure> {
    let content = tidied(body.content);
    meeting_errors(caller.lang, &content, |place| format!("content.{place}")).into_result()?;
    Ok((body.held_on.0, content))
}

/// Plan a meeting
#[utoipa::path(post, path = "/near-miss-meetings", request_body = MeetingBody,
    responses((status = 201, body = MeetingShown)))]
pub async fn near_miss_meeting_add(caller: Caller, Json(body): Json<MeetingBody>) -> Outcome {
    let (held_on, content) = sound(&caller, body)?;
    caller
        .create(move |tx, at| {
            let id = actions::meeting_add(tx, &at.app.nature, &at.scope, (held_on, &content))?;
            Ok(MeetingShown::from(actions::meeting_get(tx, &at.scope, id)?))
        })
        .await
}

/// One meeting
#[utoipa::path(get, path = "/near-miss-meetings/{id}", params(MeetingId),
    responses((status = 200, body = MeetingShown)))]
pub async fn near_miss_meeting(caller: Caller, Path(id): Path<MeetingId>) -> Outcome {
    caller.show(move |tx, at| Ok(MeetingShown::from(actions::meeting_get(tx, &at.scope, id)?))).await
}

/// Write what a meeting is to talk about, or what was said
#[utoipa::path(put, path = "/near-miss-meetings/{id}", params(MeetingId, IfMatch), request_body = MeetingBody,
    responses((status = 200, body = MeetingShown)))]
pub async fn near_miss_meeting_save(
    caller: Caller,
    Path(id): Path<MeetingId>,
    IfMatch(version): IfMatch,
    Json(body): Json<MeetingBody>,
) -> Outcome {
    let (held_on, content) = sound(&caller, body)?;
    caller
        .change(move |tx, at| {
            let wish = (held_on, &content);
            match actions::meeting_save(tx, &at.app.nature, &at.scope, (id, version), wish) {
                Ok(()) => Ok(MeetingShown::from(actions::meeting_get(tx, &at.scope, id)?)),
                Err(Refused::Because(Conflict(now))) => Err(Failure::outdated(&MeetingShown::from(*now))),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// What a meeting is to talk about, as PDF
#[utoipa::path(get, path = "/near-miss-meetings/{id}/list", params(MeetingId),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn near_miss_meeting_list(caller: Caller, Path(id): Path<MeetingId>) -> Outcome {
    meeting_paper(&caller, &caller.scope, id, Sheet::List).await
}

/// What was said at a meeting, as PDF
#[utoipa::path(get, path = "/near-miss-meetings/{id}/minutes", params(MeetingId),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn near_miss_meeting_minutes(caller: Caller, Path(id): Path<MeetingId>) -> Outcome {
    meeting_paper(&caller, &caller.scope, id, Sheet::Minutes).await
}

/// The board that everybody of the house reads, oldest report first
#[utoipa::path(get, path = "/near-miss-board", params(Paging),
    responses((status = 200, body = Page<BoardShown>)))]
pub async fn near_miss_board(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |case: &BoardShown| case.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let all = actions::board_part(tx, &at.scope, part)?;
            Ok(all.into_iter().map(BoardShown::from).collect())
        })
        .await
}

/// A case of the board for the wall, as PDF
#[utoipa::path(get, path = "/near-miss-board/{id}/sheet", params(NearMissId),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn near_miss_board_sheet(caller: Caller, Path(id): Path<NearMissId>) -> Outcome {
    sheet(&caller, &caller.scope, id).await
}

/// A fiscal year in figures
#[utoipa::path(get, path = "/near-miss-figures/{year}", params(YearPath),
    responses((status = 200, body = FiguresShown)))]
pub async fn near_miss_figures(caller: Caller, Path(path): Path<YearPath>) -> Outcome {
    let year = FiscalYear::try_from(path.year).map_err(|_| Failure::NotFound)?;
    caller
        .show(move |tx, at| {
            let wish = (year, at.app.nature.today());
            Ok(FiguresShown::from(actions::figures_get(tx, &at.scope, wish)?))
        })
        .await
}
