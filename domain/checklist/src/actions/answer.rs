//! Writing into a row, and confirming what an earlier year left there.

use super::{Closed, Form, ROW, answerable, hold, record, row_object};
use crate::model::{Answer, AnswerContent, AnswerKind, Round, RoundId};
use crate::rules::{self, DateFault};
use crate::store;
use chrono::NaiveDate;
use komainu_access::Scope;
use komainu_calendar::{DateError, FiscalYear, parse_date};
use komainu_catalog::{Catalog, Level, PlacementId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_web::{Failure, Refused};

/// The longest note, in characters.
const NOTE: usize = 4000;
/// The longest reason, in characters.
const REASON: usize = 500;

/// What a person sends for a row, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerInput {
    /// The answer's code; empty for none.
    pub answer: String,
    /// Why the row does not apply.
    pub reason: String,
    /// The check dates in column order, as typed.
    pub checked: Vec<String>,
    /// The target date, as typed.
    pub target: String,
    /// The note.
    pub note: String,
    /// The version this was written on; 0 where the row was empty.
    pub version: i64,
}

/// A field that cannot be kept, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The form's field: `answer`, `reason`, `checked1` …, `target`, `note`.
    pub field: String,
    /// Why.
    pub kind: FaultKind,
}

/// Why a field cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The form does not offer this answer.
    NotOffered,
    /// The text is no date.
    NoDate(DateError),
    /// The date cannot stand here.
    Date(DateFault),
    /// The text is longer than this many characters.
    TooLong(usize),
}

/// Why an answer was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerRefusal {
    /// The round is closed.
    Closed,
    /// Fields cannot be kept as they are.
    Faults(Vec<Fault>),
    /// Somebody else changed the row after it was read: what stands there now, and what was to be written.
    Changed {
        /// What stands there now; none where the row is empty again.
        theirs: Option<Box<Answer>>,
        /// What was to be written.
        mine: Box<AnswerContent>,
    },
}

impl From<Closed> for AnswerRefusal {
    fn from(_: Closed) -> Self {
        AnswerRefusal::Closed
    }
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerSaved {
    /// What stands in the row now.
    pub answer: Answer,
    /// False where the row held exactly this already, as when a lost answer is sent again.
    pub changed: bool,
}

/// Writes into a row. Sending the same again is no conflict with oneself.
pub fn answer_set(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
    placement: &PlacementId,
    input: &AnswerInput,
) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
    let (round, form) = answerable(tx, scope, catalog, id, placement)?;
    let asks = Asks::of(&form, placement)?;
    write(tx, nature, scope, &round, placement, (asks, input))
}

/// What a row asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks {
    /// Columns for the dates of checks.
    pub(crate) columns: usize,
    /// Whether the form lets it stay empty under a rule.
    pub(crate) may_not_apply: bool,
    /// Whether it is the question before all others, whose no is an end and no work.
    pub(crate) gate: bool,
}

impl Asks {
    /// What a row of a form of the catalogue asks for.
    pub(crate) fn of(form: &Form<'_>, placement: &PlacementId) -> Result<Asks, Failure> {
        let row = form.row(placement).ok_or(Failure::NotFound)?;
        Ok(Asks {
            columns: usize::from(*form.data.check_dates),
            may_not_apply: row.not_applicable.is_some(),
            gate: row.placement.level == Level::Gate,
        })
    }
}

/// Writes into a row, whatever form it stands on; the right to do so was asked for before.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    round: &Round,
    placement: &PlacementId,
    what: (Asks, &AnswerInput),
) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
    let ((asks, input), id) = (what, round.id);
    let columns = asks.columns;
    hold(tx, scope, id, nature.now())?;
    let year = FiscalYear::try_from(round.fiscal_year).map_err(Failure::internal)?;
    let content = read(asks, year, nature.today(), input)
        .map_err(|faults| Refused::Because(AnswerRefusal::Faults(faults)))?;
    let before = store::answer_get(tx, scope, id, placement)?;
    if let Some(before) =
        before.clone().filter(|before| same(&before.content, &content, columns) && !before.carried)
    {
        return Ok(AnswerSaved { answer: before, changed: false });
    }
    if before.is_none()
        && content == (AnswerContent { checked: vec![None; columns], ..AnswerContent::default() })
    {
        // Nothing there and nothing to write.
        let answer = written(nature, scope, content, 0);
        return Ok(AnswerSaved { answer, changed: false });
    }
    let answer = written(nature, scope, content, input.version + 1);
    if !store::answer_write(tx, scope, id, placement, &answer, input.version)? {
        let theirs = store::answer_get(tx, scope, id, placement)?;
        if let Some(theirs) =
            theirs.clone().filter(|theirs| same(&theirs.content, &answer.content, columns) && !theirs.carried)
        {
            return Ok(AnswerSaved { answer: theirs, changed: false });
        }
        let (theirs, mine) = (theirs.map(Box::new), Box::new(answer.content));
        return Err(Refused::Because(AnswerRefusal::Changed { theirs, mine }));
    }
    let states = (before.map(|before| before.content), &answer.content);
    record(tx, scope, nature.now(), ("answer_set", ROW, &row_object(id, placement)), states)?;
    Ok(AnswerSaved { answer, changed: true })
}

fn written(nature: &Nature, scope: &Scope, content: AnswerContent, version: i64) -> Answer {
    Answer {
        content,
        carried: false,
        changed_at: nature.now(),
        changed_by: scope.person(),
        changed_by_name: scope.person_name().to_owned(),
        version,
    }
}

/// Whether two contents are the same to a reader: an empty column is an empty column, stored or not.
fn same(stored: &AnswerContent, new: &AnswerContent, columns: usize) -> bool {
    let mut stored = stored.clone();
    stored.checked.resize(columns, None);
    stored == *new
}

/// Reads what was typed; every fault at once.
fn read(
    asks: Asks,
    year: FiscalYear,
    today: NaiveDate,
    input: &AnswerInput,
) -> Result<AnswerContent, Vec<Fault>> {
    let columns = asks.columns;
    let mut faults = Vec::new();
    let mut fault = |field: &str, kind| faults.push(Fault { field: field.to_owned(), kind });
    let kind: Option<AnswerKind> = input.answer.parse().ok();
    let offered = match kind {
        Some(AnswerKind::NotApplicable) => asks.may_not_apply,
        Some(_) => true,
        None => input.answer.is_empty(),
    };
    if !offered {
        fault("answer", FaultKind::NotOffered);
    }
    let date = |text: &str, field: &str, fault: &mut dyn FnMut(&str, FaultKind)| match parse_date(text, today)
    {
        Ok(date) => Some(date),
        Err(DateError::Empty) => None,
        Err(error) => {
            fault(field, FaultKind::NoDate(error));
            None
        }
    };
    let checked: Vec<Option<NaiveDate>> = (0..columns)
        .map(|column| {
            let text = input.checked.get(column).map_or("", |text| text.trim());
            date(text, &format!("checked{}", column + 1), &mut fault)
        })
        .collect();
    for column in 0..columns {
        if let Some(wrong) = rules::check_fault(&checked, column, year, today) {
            fault(&format!("checked{}", column + 1), FaultKind::Date(wrong));
        }
    }
    // A target belongs to a no; what was typed before the answer became another one is let go. The gate's no is an end.
    let works = kind.is_some_and(AnswerKind::counts_as_no) && !asks.gate;
    let target = if works { date(input.target.trim(), "target", &mut fault) } else { None };
    if let Some(wrong) = target.and_then(|target| rules::target_fault(target, year)) {
        fault("target", FaultKind::Date(wrong));
    }
    let (reason, note) = (lines(&input.reason), lines(&input.note));
    for (field, text, most) in [("reason", &reason, REASON), ("note", &note, NOTE)] {
        if text.chars().count() > most {
            fault(field, FaultKind::TooLong(most));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let reason = if kind == Some(AnswerKind::NotApplicable) { reason } else { String::new() };
    Ok(AnswerContent { kind, reason, checked, target, note })
}

/// Browsers send line ends of their own; kept texts have one kind.
fn lines(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// Confirms an earlier year's answer for this year, checked today (or on the last day a check of that year can have).
/// Confirming what is confirmed changes nothing.
pub fn answer_confirm(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    catalog: &Catalog,
    id: RoundId,
    placement: &PlacementId,
) -> Result<Answer, Refused<AnswerRefusal>> {
    let (round, form) = answerable(tx, scope, catalog, id, placement)?;
    hold(tx, scope, id, nature.now())?;
    let before = store::answer_get(tx, scope, id, placement)?.ok_or(Failure::NotFound)?;
    if !before.carried {
        return Ok(before);
    }
    let year = FiscalYear::try_from(round.fiscal_year).map_err(Failure::internal)?;
    let mut content = before.content.clone();
    content.checked = vec![None; usize::from(*form.data.check_dates)];
    if let Some(first) = content.checked.first_mut() {
        *first = Some(rules::latest_check(year, nature.today()));
    }
    let answer = written(nature, scope, content, before.version + 1);
    if !store::answer_write(tx, scope, id, placement, &answer, before.version)? {
        return Err(Failure::Stale.into());
    }
    let states = (&before.content, &answer.content);
    record(tx, scope, nature.now(), ("answer_confirm", ROW, &row_object(id, placement)), states)?;
    Ok(answer)
}
