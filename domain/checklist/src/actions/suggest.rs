//! What the ledger says about rows, and taking it over.

use super::{
    AnswerInput, AnswerRefusal, AnswerSaved, Asks, EvidenceRefusal, answerable, evidence_add_file,
    round_view, write,
};
use crate::model::{Answer, AnswerKind, Round, RoundId, RowView};
use crate::rules::{self, LedgerSeen, Suggestion};
use crate::{neighbours, store, suggestion};
use chrono::NaiveDate;
use komainu_access::{Permission, Scope};
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, PlacementId};
use komainu_clock::Nature;
use komainu_db::Tx;
use komainu_files::Files;
use komainu_i18n::Lang;
use komainu_inventory::Ledger;
use komainu_web::{Failure, Refused};
use std::sync::Arc;

/// The longest note of a row, in characters.
const ROW_NOTE: usize = 4000;

/// Why what the ledger says was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuggestionRefusal {
    /// The ledger says something else by now, or nothing.
    Otherwise,
    /// The row does not take it.
    Answer(AnswerRefusal),
}

/// What the ledger says about the rows of a round.
#[derive(Clone, Debug)]
pub struct LedgerDrafts {
    ledger: Arc<Ledger>,
    stock_take: Option<NaiveDate>,
    year: FiscalYear,
    today: NaiveDate,
}

impl LedgerDrafts {
    /// Reads the ledger once for every row of a round. None for a vendor's form, and for those who may not see the ledger.
    pub fn read(
        tx: &mut Tx<'_>,
        scope: &Scope,
        today: NaiveDate,
        round: &Round,
    ) -> Result<Option<LedgerDrafts>, Failure> {
        if round.vendor.is_some() {
            return Ok(None);
        }
        let year = FiscalYear::try_from(round.fiscal_year).map_err(Failure::internal)?;
        let ledger = neighbours::ledger(tx, scope)?;
        Ok(ledger.map(|(ledger, stock_take)| LedgerDrafts { ledger, stock_take, year, today }))
    }

    /// What it says about a row; none where it does not speak of it.
    pub fn of(&self, row: &RowView) -> Option<Suggestion> {
        let LedgerDrafts { ledger, stock_take, year, today } = self;
        let seen = LedgerSeen { ledger, stock_take: *stock_take, year: *year, today: *today };
        rules::suggest(row.item.as_str(), &row.scopes, seen)
    }

    /// The ledger that speaks.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// Takes what the ledger says over into its row, on top of the version that was seen: the answer, the reasons as a note,
/// and an extract of the ledger as evidence. `shown` is the answer that was seen; where the ledger says another one by now,
/// nothing is written.
pub fn suggestion_take(
    tx: &mut Tx<'_>,
    nature: &Nature,
    scope: &Scope,
    (catalog, files, lang): (&Catalog, &Files, Lang),
    (id, placement): (RoundId, &PlacementId),
    (version, shown): (i64, AnswerKind),
) -> Result<AnswerSaved, Refused<SuggestionRefusal>> {
    scope.require(Permission::ChecklistAnswer)?;
    scope.require(Permission::LedgerRead)?;
    let (round, form) = answerable(tx, scope, catalog, id, placement)?;
    let asks = Asks::of(&form, placement)?;
    let view = round_view(tx, scope, catalog, id)?;
    let row = view.row(placement).ok_or(Failure::NotFound)?;
    let drafts = LedgerDrafts::read(tx, scope, nature.today(), &round)?.ok_or(Failure::NotFound)?;
    let Some(said) = drafts.of(row).filter(|said| said.answer == shown) else {
        return Err(Refused::Because(SuggestionRefusal::Otherwise));
    };
    let before = store::answer_get(tx, scope, id, placement)?;
    let year = FiscalYear::try_from(round.fiscal_year).map_err(Failure::internal)?;
    let checked = rules::latest_check(year, nature.today());
    let note = suggestion::note(lang, &said, nature.today());
    let input = AnswerInput { version, ..as_answer(&said, note, before.as_ref(), checked) };
    let saved = write(tx, nature, scope, &round, placement, (asks, &input)).map_err(refused)?;
    if saved.changed {
        let bytes = suggestion::extract(lang, row, drafts.ledger(), nature.now())?;
        let name = suggestion::extract_name(lang, nature.today());
        let file = (name.as_str(), bytes.as_slice());
        evidence_add_file(tx, nature, scope, catalog, files, (id, placement), file).map_err(unkept)?;
    }
    Ok(saved)
}

/// What the ledger says as a person would type it into the row: earlier dates of checks, a target and the note stay.
fn as_answer(said: &Suggestion, note: String, before: Option<&Answer>, checked: NaiveDate) -> AnswerInput {
    let content = before.map(|answer| answer.content.clone()).unwrap_or_default();
    let fresh = before.is_none_or(|answer| answer.carried);
    let mut days = if fresh { Vec::new() } else { content.checked };
    if days.first().copied().flatten().is_none() {
        days = vec![Some(checked)];
    }
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let both = if content.note.is_empty() { note } else { format!("{}\n{note}", content.note) };
    AnswerInput {
        answer: said.answer.code().to_owned(),
        reason: String::new(),
        checked: days.into_iter().map(text).collect(),
        target: text(content.target.filter(|_| !fresh)),
        // What a person wrote comes before what can be read beside the row.
        note: if both.chars().count() > ROW_NOTE { content.note } else { both },
        version: 0,
    }
}

fn refused(refused: Refused<AnswerRefusal>) -> Refused<SuggestionRefusal> {
    match refused {
        Refused::Because(reason) => Refused::Because(SuggestionRefusal::Answer(reason)),
        Refused::Failed(failure) => Refused::Failed(failure),
    }
}

fn unkept(refused: Refused<EvidenceRefusal>) -> Refused<SuggestionRefusal> {
    match refused {
        Refused::Because(EvidenceRefusal::Closed) => {
            Refused::Because(SuggestionRefusal::Answer(AnswerRefusal::Closed))
        }
        Refused::Because(reason) => {
            Refused::Failed(Failure::internal(format!("an extract of the ledger: {reason:?}")))
        }
        Refused::Failed(failure) => Refused::Failed(failure),
    }
}
