//! Stock-takes over the API: begin, see, mark, add, take over, close, print.

use crate::actions::{
    self, AddRefusal, AlreadyOpen, MarkRefusal, NewThing, TakeRefusal, line_mark, line_take, stock_take_see,
    thing_add,
};
use crate::document::Sheet;
use crate::model::{Counts, Line, Outcome as Found, StockTake, StockTakeId};
use crate::pages::{paper, read_mark, read_new};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_db::Tx;
use komainu_institution::parts::{SHORT, text};
use komainu_inventory::{AssetId, AssetKind};
use komainu_web::api::{
    Caller, FileBytes, IfMatch, Json, OrOutdated as _, Page, Paging, Path, Query, Resource,
};
use komainu_web::{Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A stock-take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockTake)]
pub struct StockTakeShown {
    id: StockTakeId,
    name: String,
    /// The fiscal year in which it began, by its first calendar year.
    fiscal_year: i32,
    started_at: DateTime<Utc>,
    started_by_name: String,
    /// When it was closed; null while somebody walks.
    closed_at: Option<DateTime<Utc>>,
    closed_by_name: Option<String>,
    /// How many of its lines stand where; null in lists.
    counts: Option<Counts>,
    version: i64,
}

/// A line of a stock-take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockTakeLine)]
pub struct LineShown {
    stock_take: StockTakeId,
    /// The thing; it may be gone from the ledger by now.
    asset: AssetId,
    kind: AssetKind,
    name: String,
    /// The name of the place where the ledger had it; empty for none.
    place: String,
    /// The institution's own number for it.
    number: String,
    maker: String,
    model: String,
    serial: String,
    /// How many alike stand behind the one record.
    count: Option<u32>,
    outcome: Found,
    /// What is otherwise than written.
    found: FindingShown,
    /// It stood there and was in no ledger.
    added: bool,
    checked_at: Option<DateTime<Utc>>,
    checked_by_name: String,
    /// When what was found was taken over into the ledger.
    taken_at: Option<DateTime<Utc>>,
    taken_by_name: String,
    /// The version of the line; 0 while nothing is stored of it.
    version: i64,
}

/// What is otherwise than written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockTakeFinding)]
pub struct FindingShown {
    /// The name of the place where it stands now; empty where nothing was written.
    place: String,
    /// How many there are.
    count: Option<u32>,
    serial: String,
    /// Anything else.
    words: String,
}

/// The lines of a stock-take.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockTakeLines)]
pub struct Lines {
    items: Vec<LineShown>,
}

/// What a new stock-take is called.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewStockTake)]
pub struct StockTakeBody {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// What was found of a thing.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StockTakeMark)]
pub struct MarkBody {
    outcome: Found,
    /// Of `different`: the name of the place where it stands now.
    #[serde(default)]
    #[schema(max_length = 100)]
    place: String,
    /// Of `different`: how many there are.
    #[schema(minimum = 1, maximum = 1_000_000)]
    count: Option<u32>,
    /// Of `different`: the serial number on it.
    #[serde(default)]
    #[schema(max_length = 60)]
    serial: String,
    /// Anything else.
    #[serde(default)]
    #[schema(max_length = 2000)]
    words: String,
}

/// Something that stood there and is in no ledger.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StockTakeThing)]
pub struct ThingBody {
    kind: AssetKind,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The name of the place where it stands; one that the ledger does not know comes into it.
    #[serde(default)]
    #[schema(max_length = 100)]
    place: String,
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// On which version of the thing what was found is taken over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StockTakeTake)]
pub struct TakeBody {
    /// The version of the thing in the ledger.
    asset_version: i64,
}

/// A line's address.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct LinePath {
    /// The stock-take.
    id: StockTakeId,
    /// The thing.
    asset: AssetId,
}

impl Resource for StockTakeShown {
    fn place(&self) -> String {
        format!("/stock-takes/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl Resource for StockTake {}

impl Resource for Lines {}

impl Resource for LineShown {
    fn place(&self) -> String {
        format!("/stock-takes/{}/lines/{}", self.stock_take, self.asset)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

impl From<StockTake> for StockTakeShown {
    fn from(take: StockTake) -> Self {
        StockTakeShown {
            id: take.id,
            name: take.name,
            fiscal_year: take.fiscal_year,
            started_at: take.started_at,
            started_by_name: take.started_by_name,
            closed_by_name: take.closed_at.map(|_| take.closed_by_name),
            closed_at: take.closed_at,
            counts: None,
            version: take.version,
        }
    }
}

impl LineShown {
    fn new(stock_take: StockTakeId, line: Line) -> LineShown {
        let Line { asset, kind, was, mark, added, .. } = line;
        LineShown {
            stock_take,
            asset,
            kind,
            name: was.name,
            place: was.place_name,
            number: was.number,
            maker: was.maker,
            model: was.model,
            serial: was.serial,
            count: was.count,
            outcome: mark.outcome,
            found: FindingShown {
                place: mark.finding.place,
                count: mark.finding.count,
                serial: mark.finding.serial,
                words: mark.finding.words,
            },
            added,
            checked_at: line.checked_at,
            checked_by_name: line.checked_by_name,
            taken_at: line.taken_at,
            taken_by_name: line.taken_by_name,
            version: line.version,
        }
    }
}

fn detail(tx: &mut Tx<'_>, at: &Caller, id: StockTakeId) -> Result<StockTakeShown, Failure> {
    let seen = stock_take_see(tx, &at.scope, id)?;
    Ok(StockTakeShown { counts: Some(seen.counts()), ..seen.take.into() })
}

fn line(tx: &mut Tx<'_>, at: &Caller, path: LinePath) -> Result<LineShown, Failure> {
    let seen = stock_take_see(tx, &at.scope, path.id)?;
    let line = seen.lines.into_iter().find(|line| line.asset == path.asset);
    line.map(|line| LineShown::new(path.id, line)).ok_or(Failure::NotFound)
}

fn closed(at: &Caller) -> Failure {
    Failure::Refused(t!(at.lang, "refused-closed"))
}

fn several(at: &Caller) -> Failure {
    Failure::Refused(t!(at.lang, "fault-place-several"))
}

/// The stock-takes, in the order they began
#[utoipa::path(get, path = "/stock-takes", params(Paging), responses((status = 200, body = Page<StockTakeShown>)))]
pub async fn stock_takes(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |take: &StockTakeShown| take.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let takes = actions::stock_takes_part(tx, &at.scope, part)?;
            Ok(takes.into_iter().map(StockTakeShown::from).collect())
        })
        .await
}

/// Begin a stock-take with the ledger's things as they are now
///
/// One can be under way at a time.
#[utoipa::path(post, path = "/stock-takes", request_body = StockTakeBody,
    responses((status = 201, body = StockTakeShown)))]
pub async fn stock_take_start(caller: Caller, Json(body): Json<StockTakeBody>) -> Outcome {
    let mut faults = FieldErrors::default();
    let name = text(&Form::of(&body)?, caller.lang, &mut faults, "name", SHORT, true);
    faults.into_result()?;
    caller
        .create(move |tx, at| match actions::stock_take_start(tx, &at.app.nature, &at.scope, &name) {
            Ok(id) => detail(tx, at, id),
            Err(Refused::Because(AlreadyOpen)) => Err(Failure::Refused(t!(at.lang, "take-already-open"))),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// One stock-take
#[utoipa::path(get, path = "/stock-takes/{id}", params(StockTakeId),
    responses((status = 200, body = StockTakeShown)))]
pub async fn stock_take_get(caller: Caller, Path(id): Path<StockTakeId>) -> Outcome {
    caller.show(move |tx, at| detail(tx, at, id)).await
}

/// Close a stock-take: what nobody looked at stays so
#[utoipa::path(post, path = "/stock-takes/{id}/close", params(StockTakeId, IfMatch),
    responses((status = 200, body = StockTakeShown)))]
pub async fn stock_take_close(
    caller: Caller,
    Path(id): Path<StockTakeId>,
    IfMatch(version): IfMatch,
) -> Outcome {
    caller
        .change(move |tx, at| {
            if actions::stock_take_get(tx, &at.scope, id)?.closed_at.is_some() {
                return Err(closed(at));
            }
            actions::stock_take_close(tx, &at.app.nature, &at.scope, id, version).or_outdated()?;
            detail(tx, at, id)
        })
        .await
}

/// The lines of a stock-take; while it is open, also of things that came into the ledger since
#[utoipa::path(get, path = "/stock-takes/{id}/lines", params(StockTakeId), responses((status = 200, body = Lines)))]
pub async fn stock_take_lines(caller: Caller, Path(id): Path<StockTakeId>) -> Outcome {
    caller
        .show(move |tx, at| {
            let seen = stock_take_see(tx, &at.scope, id)?;
            Ok(Lines { items: seen.lines.into_iter().map(|line| LineShown::new(id, line)).collect() })
        })
        .await
}

/// One line
#[utoipa::path(get, path = "/stock-takes/{id}/lines/{asset}", params(LinePath),
    responses((status = 200, body = LineShown)))]
pub async fn stock_take_line(caller: Caller, Path(path): Path<LinePath>) -> Outcome {
    caller.show(move |tx, at| line(tx, at, path)).await
}

/// Say what was found of a thing
///
/// `If-Match: "0"` speaks of a thing that came into the ledger after the list was made.
#[utoipa::path(put, path = "/stock-takes/{id}/lines/{asset}", params(LinePath, IfMatch), request_body = MarkBody,
    responses((status = 200, body = LineShown)))]
pub async fn stock_take_mark(
    caller: Caller,
    Path(path): Path<LinePath>,
    IfMatch(version): IfMatch,
    Json(body): Json<MarkBody>,
) -> Outcome {
    let (fields, faults) = read_mark(caller.lang, &Form::of(&body)?);
    faults.into_result()?;
    caller
        .change(move |tx, at| {
            let row = (path.id, path.asset);
            match line_mark(tx, &at.app.nature, &at.scope, row, version, &fields.mark) {
                Ok(line) => Ok(LineShown::new(path.id, line)),
                Err(Refused::Because(MarkRefusal::Closed)) => Err(closed(at)),
                Err(Refused::Because(MarkRefusal::Changed(theirs))) => {
                    Err(Failure::outdated(&LineShown::new(path.id, *theirs)))
                }
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Take what was found over into the ledger
#[utoipa::path(post, path = "/stock-takes/{id}/lines/{asset}/take", params(LinePath), request_body = TakeBody,
    responses((status = 200, body = LineShown)))]
pub async fn stock_take_take(
    caller: Caller,
    Path(path): Path<LinePath>,
    Json(body): Json<TakeBody>,
) -> Outcome {
    caller
        .change(move |tx, at| {
            let row = (path.id, path.asset);
            match line_take(tx, &at.app.nature, &at.scope, row, body.asset_version) {
                Ok(line) => Ok(LineShown::new(path.id, line)),
                Err(Refused::Because(TakeRefusal::Gone)) => Err(Failure::Refused(t!(at.lang, "take-gone"))),
                Err(Refused::Because(TakeRefusal::Ambiguous)) => Err(several(at)),
                Err(Refused::Because(TakeRefusal::Changed(_))) => Err(Failure::Stale),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

/// Add a thing that stood there and is in no ledger: it comes into the ledger and counts as found
#[utoipa::path(post, path = "/stock-takes/{id}/things", params(StockTakeId), request_body = ThingBody,
    responses((status = 201, body = LineShown)))]
pub async fn stock_take_add(
    caller: Caller,
    Path(id): Path<StockTakeId>,
    Json(body): Json<ThingBody>,
) -> Outcome {
    let (fields, faults) = read_new(caller.lang, &Form::of(&body)?);
    faults.into_result()?;
    let new = NewThing { kind: body.kind, name: fields.name, place: fields.place, note: fields.note };
    caller
        .create(move |tx, at| match thing_add(tx, &at.app.nature, &at.scope, id, &new) {
            Ok(line) => Ok(LineShown::new(id, line)),
            Err(Refused::Because(AddRefusal::Closed)) => Err(closed(at)),
            Err(Refused::Because(AddRefusal::Ambiguous | AddRefusal::NoBody)) => Err(several(at)),
            Err(Refused::Failed(failure)) => Err(failure),
        })
        .await
}

/// The list to walk with, as PDF
#[utoipa::path(get, path = "/stock-takes/{id}/list", params(StockTakeId),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn stock_take_list(caller: Caller, Path(id): Path<StockTakeId>) -> Outcome {
    paper(&caller, &caller.scope, id, Sheet::List).await
}

/// What came of a stock-take, as PDF
#[utoipa::path(get, path = "/stock-takes/{id}/result", params(StockTakeId),
    responses((status = 200, content_type = "application/pdf", body = inline(FileBytes))))]
pub async fn stock_take_result(caller: Caller, Path(id): Path<StockTakeId>) -> Outcome {
    paper(&caller, &caller.scope, id, Sheet::Result).await
}
