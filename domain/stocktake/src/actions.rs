//! What can be done with stock-takes.

use crate::model::{Counts, Finding, Line, LineId, Mark, Outcome, StockTake, StockTakeId};
use crate::{rules, store};
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_calendar::{FiscalYear, fold};
use komainu_clock::{Nature, in_japan};
use komainu_db::{DbError, Part, Tx};
use komainu_inventory::actions::{AssetRefusal, asset_add, asset_change, asset_get, assets};
use komainu_inventory::{Asset, AssetDetails, AssetId, AssetKind, Fact};
use komainu_web::{Conflict, Failure, Refused, log};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

const TAKE: &str = "stock_take";
const LINE: &str = "stock_take_line";

/// Why a stock-take was not begun: one is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlreadyOpen;

/// Why nothing was written into a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkRefusal {
    /// The stock-take is closed.
    Closed,
    /// Somebody else said something first; this is what stands there now.
    Changed(Box<Line>),
}

/// Why a thing was not added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddRefusal {
    /// The stock-take is closed.
    Closed,
    /// Several of the ledger's places have this name.
    Ambiguous,
    /// Nobody can walk to a thing of this kind, or to one without a place.
    NoBody,
}

/// Why what was found was not taken over into the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakeRefusal {
    /// The thing was removed from the ledger.
    Gone,
    /// Several of the ledger's places have this name.
    Ambiguous,
    /// Somebody changed the thing in the ledger meanwhile; this is how it is now.
    Changed(Box<Asset>),
}

/// A stock-take with everything that its pages show.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The stock-take.
    pub take: StockTake,
    /// Its lines; while it is open, also of things that came into the ledger since.
    pub lines: Vec<Line>,
    /// The ledger's things of today, by their ids.
    pub assets: HashMap<AssetId, Asset>,
}

impl Seen {
    /// How many lines stand where.
    pub fn counts(&self) -> Counts {
        rules::counts(&self.lines)
    }

    /// The names of the ledger's places, each once.
    pub fn places(&self) -> BTreeSet<&str> {
        let places = self.assets.values().filter(|asset| asset.details.kind == AssetKind::Place);
        places.map(|place| place.details.name.as_str()).collect()
    }

    /// A line.
    pub fn line(&self, asset: AssetId) -> Option<&Line> {
        self.lines.iter().find(|line| line.asset == asset)
    }
}

/// Every stock-take, newest first.
pub fn stock_takes(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<StockTake>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::takes(tx, scope)?)
}

/// A part of them, by id.
pub fn stock_takes_part(
    tx: &mut Tx<'_>,
    scope: &Scope,
    part: &Part<StockTakeId>,
) -> Result<Vec<StockTake>, Failure> {
    scope.require(Permission::LedgerRead)?;
    Ok(store::takes_part(tx, scope, part)?)
}

/// One stock-take.
pub fn stock_take_get(tx: &mut Tx<'_>, scope: &Scope, id: StockTakeId) -> Result<StockTake, Failure> {
    scope.require(Permission::LedgerRead)?;
    store::take_get(tx, scope, id)?.ok_or(Failure::NotFound)
}

/// The day on which a stock-take was closed last.
pub fn stock_take_last_day(tx: &mut Tx<'_>, scope: &Scope) -> Result<Option<NaiveDate>, Failure> {
    scope.require(Permission::LedgerRead)?;
    let closed = store::takes(tx, scope)?.into_iter().filter_map(|take| take.closed_at).max();
    Ok(closed.map(|at| in_japan(at).date_naive()))
}

/// A stock-take with its lines.
pub fn stock_take_see(tx: &mut Tx<'_>, scope: &Scope, id: StockTakeId) -> Result<Seen, Failure> {
    let take = stock_take_get(tx, scope, id)?;
    let assets = assets(tx, scope)?;
    let mut lines = store::lines(tx, scope, id)?;
    if take.closed_at.is_none() {
        lines = rules::with_newcomers(lines, &assets);
    }
    Ok(Seen { take, lines, assets: assets.into_iter().map(|asset| (asset.id, asset)).collect() })
}

/// The stock-take that was closed last before this one began, with its lines.
pub fn stock_take_before(
    tx: &mut Tx<'_>,
    scope: &Scope,
    take: &StockTake,
) -> Result<Option<(StockTake, Vec<Line>)>, Failure> {
    scope.require(Permission::LedgerRead)?;
    let Some(before) = store::take_before(tx, scope, take.started_at)? else { return Ok(None) };
    let lines = store::lines(tx, scope, before.id)?;
    Ok(Some((before, lines)))
}

/// Begins a stock-take with the ledger's things as they are now.
///
/// # Errors
/// [`AlreadyOpen`] where one is under way.
pub fn stock_take_start(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    name: &str,
) -> Result<StockTakeId, Refused<AlreadyOpen>> {
    scope.require(Permission::LedgerEdit)?;
    if store::take_open(tx, scope)?.is_some() {
        return Err(Refused::Because(AlreadyOpen));
    }
    let take = StockTake {
        id: StockTakeId(nature.id()),
        name: name.to_owned(),
        fiscal_year: FiscalYear::of(nature.today()).number(),
        started_at: nature.now(),
        started_by_name: scope.person_name().to_owned(),
        closed_at: None,
        closed_by_name: String::new(),
        version: 1,
    };
    match store::take_add(tx, scope, &take) {
        Ok(()) => {}
        // Somebody else began one in this very moment.
        Err(DbError::Constraint(_)) => return Err(Refused::Because(AlreadyOpen)),
        Err(error) => return Err(error.into()),
    }
    let lines = rules::with_newcomers(Vec::new(), &assets(tx, scope)?);
    store_lines(tx, nature, scope, take.id, &lines)?;
    let after = TakeLog { name, fiscal_year: take.fiscal_year, counts: rules::counts(&lines) };
    log(tx, nature, scope, ("stock_take_start", TAKE, &take.id.to_string()), ((), after))?;
    Ok(take.id)
}

/// Closes a stock-take: what nobody looked at stays so.
///
/// # Errors
/// A conflict where somebody else closed it first.
pub fn stock_take_close(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    id: StockTakeId,
    version: i64,
) -> Result<(), Refused<Conflict<StockTake>>> {
    scope.require(Permission::LedgerEdit)?;
    let take = stock_take_get(tx, scope, id)?;
    if take.version != version || !store::take_hold(tx, scope, id)? {
        return Err(Refused::Because(Conflict(Box::new(take))));
    }
    let seen = stock_take_see(tx, scope, id)?;
    let newcomers: Vec<Line> = seen.lines.iter().filter(|line| line.version == 0).cloned().collect();
    store_lines(tx, nature, scope, id, &newcomers)?;
    if !store::take_close(tx, scope, id, version, nature.now())? {
        return Err(Refused::Because(Conflict(Box::new(stock_take_get(tx, scope, id)?))));
    }
    let after = TakeLog { name: &take.name, fiscal_year: take.fiscal_year, counts: seen.counts() };
    Ok(log(tx, nature, scope, ("stock_take_close", TAKE, &id.to_string()), ((), after))?)
}

fn store_lines(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    take: StockTakeId,
    lines: &[Line],
) -> Result<(), Failure> {
    for line in lines {
        let stored = Line { version: 1, ..line.clone() };
        store::line_add(tx, scope, take, LineId(nature.id()), &stored)?;
    }
    Ok(())
}

/// Says what was found of a thing. Saying the same again is no conflict with oneself.
///
/// # Errors
/// [`MarkRefusal`].
pub fn line_mark(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (take, asset): (StockTakeId, AssetId),
    version: i64,
    mark: &Mark,
) -> Result<Line, Refused<MarkRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    stock_take_get(tx, scope, take)?;
    if !store::take_hold(tx, scope, take)? {
        return Err(Refused::Because(MarkRefusal::Closed));
    }
    let (stored, mark) = (store::line_get(tx, scope, take, asset)?, fitting(mark));
    let old = match &stored {
        Some((_, line)) => line.clone(),
        None => newcomer(tx, scope, asset)?,
    };
    if old.mark == mark {
        return Ok(old);
    }
    if old.version != version {
        return Err(Refused::Because(MarkRefusal::Changed(Box::new(old))));
    }
    let checked = mark.outcome != Outcome::NotChecked;
    let new = Line {
        checked_at: checked.then(|| nature.now()),
        checked_by_name: if checked { scope.person_name().to_owned() } else { String::new() },
        mark,
        taken_at: None,
        taken_by_name: String::new(),
        version: version + 1,
        ..old.clone()
    };
    let written = match stored {
        Some((id, _)) => store::line_save(tx, scope, id, version, &new)?,
        None => store::line_add(tx, scope, take, LineId(nature.id()), &new)?,
    };
    if !written {
        let theirs = store::line_get(tx, scope, take, asset)?.ok_or(Failure::Stale)?.1;
        return Err(Refused::Because(MarkRefusal::Changed(Box::new(theirs))));
    }
    let states = (LineLog::of(&old), LineLog::of(&new));
    log(tx, nature, scope, ("stock_take_mark", LINE, &format!("{take}/{asset}")), states)?;
    Ok(new)
}

/// What belongs to an outcome: only of what is otherwise it is said how.
fn fitting(mark: &Mark) -> Mark {
    let words = mark.finding.words.trim().to_owned();
    let finding = match mark.outcome {
        Outcome::Different => Finding {
            place: mark.finding.place.trim().to_owned(),
            serial: mark.finding.serial.trim().to_owned(),
            count: mark.finding.count,
            words,
        },
        Outcome::Found | Outcome::NotFound => Finding { words, ..Finding::default() },
        Outcome::NotChecked => Finding::default(),
    };
    Mark { outcome: mark.outcome, finding }
}

/// The line of a thing that came into the ledger after the list was made.
fn newcomer(tx: &mut Tx<'_>, scope: &Scope, asset: AssetId) -> Result<Line, Failure> {
    let assets = assets(tx, scope)?;
    let found = rules::things(&assets).find(|thing| thing.id == asset).ok_or(Failure::NotFound)?;
    Ok(Line::fresh(asset, found.details.kind, rules::snapshot(&rules::places(&assets), found)))
}

/// Something that stood there and is in no ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewThing {
    /// What it is.
    pub kind: AssetKind,
    /// Its name, not empty.
    pub name: String,
    /// The name of the place where it stands; empty for none.
    pub place: String,
    /// Anything else.
    pub note: String,
}

/// Puts a thing that stood there into the ledger, and notes that it was found.
///
/// # Errors
/// [`AddRefusal`].
pub fn thing_add(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    take: StockTakeId,
    new: &NewThing,
) -> Result<Line, Refused<AddRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    stock_take_get(tx, scope, take)?;
    if !store::take_hold(tx, scope, take)? {
        return Err(Refused::Because(AddRefusal::Closed));
    }
    if !rules::can_be_walked_to(new.kind, !new.place.is_empty()) {
        return Err(Refused::Because(AddRefusal::NoBody));
    }
    let Ok(place) = place_named(tx, nature, scope, &new.place)? else {
        return Err(Refused::Because(AddRefusal::Ambiguous));
    };
    let details = AssetDetails { place, note: new.note.clone(), ..AssetDetails::named(new.kind, &new.name) };
    let asset = match asset_add(tx, nature, scope, &details) {
        Ok(asset) => asset,
        Err(Refused::Failed(failure)) => return Err(failure.into()),
        Err(Refused::Because(reason)) => return Err(Failure::internal(format!("{reason:?}")).into()),
    };
    let line = Line {
        mark: Mark { outcome: Outcome::Found, finding: Finding::default() },
        added: true,
        checked_at: Some(nature.now()),
        checked_by_name: scope.person_name().to_owned(),
        version: 1,
        ..newcomer(tx, scope, asset)?
    };
    store::line_add(tx, scope, take, LineId(nature.id()), &line)?;
    let states = ((), LineLog::of(&line));
    log(tx, nature, scope, ("stock_take_mark", LINE, &format!("{take}/{asset}")), states)?;
    Ok(line)
}

/// Several places have the name.
struct SeveralPlaces;

/// The place that a person means by its name: the ledger's, or a new one that comes into the ledger; none for no name.
fn place_named(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    name: &str,
) -> Result<Result<Option<AssetId>, SeveralPlaces>, Failure> {
    if name.is_empty() {
        return Ok(Ok(None));
    }
    let (assets, wanted) = (assets(tx, scope)?, fold(name));
    let known: Vec<AssetId> = rules::places(&assets)
        .into_iter()
        .filter(|(_, known)| fold(known) == wanted)
        .map(|(id, _)| id)
        .collect();
    match known.as_slice() {
        [] => {}
        [one] => return Ok(Ok(Some(*one))),
        _ => return Ok(Err(SeveralPlaces)),
    }
    match asset_add(tx, nature, scope, &AssetDetails::named(AssetKind::Place, name)) {
        Ok(id) => Ok(Ok(Some(id))),
        Err(Refused::Failed(failure)) => Err(failure),
        Err(Refused::Because(reason)) => Err(Failure::internal(format!("{reason:?}"))),
    }
}

/// Takes what was found over into the ledger, if the thing is still as it was when the page was made. Once it is taken
/// over, doing so again changes nothing.
///
/// # Errors
/// [`TakeRefusal`].
pub fn line_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (take, asset): (StockTakeId, AssetId),
    asset_version: i64,
) -> Result<Line, Refused<TakeRefusal>> {
    scope.require(Permission::LedgerEdit)?;
    stock_take_get(tx, scope, take)?;
    let (id, line) = store::line_get(tx, scope, take, asset)?.ok_or(Failure::NotFound)?;
    if line.taken_at.is_some() {
        return Ok(line);
    }
    if !line.can_be_taken() {
        return Err(Failure::NotFound.into());
    }
    let stored = match asset_get(tx, scope, asset) {
        Ok(stored) => stored,
        Err(Failure::NotFound) => return Err(Refused::Because(TakeRefusal::Gone)),
        Err(failure) => return Err(failure.into()),
    };
    let finding = &line.mark.finding;
    let mut details = stored.details.clone();
    let Ok(place) = place_named(tx, nature, scope, &finding.place)? else {
        return Err(Refused::Because(TakeRefusal::Ambiguous));
    };
    details.place = place.or(details.place);
    let count = finding.count.map(|count| count.to_string()).unwrap_or_default();
    for (fact, text) in [(Fact::Count, &count), (Fact::Serial, &finding.serial)] {
        if !text.is_empty() {
            details.facts.set(fact, text).map_err(|fault| Failure::internal(format!("{fault:?}")))?;
        }
    }
    match asset_change(tx, nature, scope, asset, asset_version, &details) {
        Ok(()) => {}
        Err(Refused::Failed(failure)) => return Err(failure.into()),
        Err(Refused::Because(AssetRefusal::Conflict(now))) => {
            return Err(Refused::Because(TakeRefusal::Changed(now)));
        }
        Err(Refused::Because(reason)) => return Err(Failure::internal(format!("{reason:?}")).into()),
    }
    if !store::line_taken(tx, scope, id, line.version, nature.now())? {
        return Err(Failure::Stale.into());
    }
    let states = ((), LineLog::of(&line));
    log(tx, nature, scope, ("stock_take_take", LINE, &format!("{take}/{asset}")), states)?;
    Ok(store::line_get(tx, scope, take, asset)?.ok_or(Failure::NotFound)?.1)
}

/// What the log keeps of a stock-take.
#[derive(Serialize)]
struct TakeLog<'a> {
    name: &'a str,
    fiscal_year: i32,
    counts: Counts,
}

/// What the log keeps of a line.
#[derive(Serialize)]
struct LineLog<'a> {
    name: &'a str,
    outcome: Outcome,
    place: &'a str,
    count: Option<u32>,
    serial: &'a str,
    note: &'a str,
}

impl<'a> LineLog<'a> {
    fn of(line: &'a Line) -> LineLog<'a> {
        let finding = &line.mark.finding;
        LineLog {
            name: &line.was.name,
            outcome: line.mark.outcome,
            place: &finding.place,
            count: finding.count,
            serial: &finding.serial,
            note: &finding.words,
        }
    }
}
