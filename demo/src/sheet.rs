//! A round as people work on it: answers, confirmations, evidence, letters, assignments, and what they say of the plan.

use crate::stage::{Stage, done};
use chrono::{Days, NaiveDate};
use komainu_access::{PersonId, Scope};
use komainu_catalog::{ItemId, PlacementId};
use komainu_checklist::actions::{
    AnswerInput, AssignInput, OpenRound, answer_confirm, answer_set, ask_record, ask_replied, assignment_set,
    evidence_add_file, evidence_add_record, round_close, round_open, round_view,
};
use komainu_checklist::model::{AnswerKind, EvidenceTarget, RoundId};
use komainu_checklist::neighbours::VendorId;
use komainu_plan::actions::{MarkInput, step_mark};
use komainu_plan::model::MarkState;
use komainu_web::Failure;

/// What somebody writes into a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply {
    kind: AnswerKind,
    target: Option<NaiveDate>,
    reason: &'static str,
    note: &'static str,
}

/// はい.
pub(crate) const fn yes(note: &'static str) -> Reply {
    Reply { kind: AnswerKind::Yes, target: None, reason: "", note }
}

/// いいえ, to be a yes by a day.
pub(crate) const fn no(target: NaiveDate, note: &'static str) -> Reply {
    Reply { kind: AnswerKind::No, target: Some(target), reason: "", note }
}

/// わからない, to be known by a day.
pub(crate) const fn unsure(target: NaiveDate, note: &'static str) -> Reply {
    Reply { kind: AnswerKind::NotSure, target: Some(target), reason: "", note }
}

/// 該当なし.
pub(crate) const fn not_applicable(reason: &'static str) -> Reply {
    Reply { kind: AnswerKind::NotApplicable, target: None, reason, note: "" }
}

struct Line {
    id: PlacementId,
    item: ItemId,
    version: i64,
    carried: bool,
    /// Somebody has worked on it in this round.
    touched: bool,
    checked: Vec<NaiveDate>,
}

/// A round under work, as its newest version stands.
pub(crate) struct Sheet {
    id: RoundId,
    columns: usize,
    lines: Vec<Line>,
}

impl Sheet {
    /// The rows that a word names: one row by its own name, or all rows of an item. None where this year's form does
    /// not ask for it, so that the story can be told with another year's form.
    fn named(&self, word: &str) -> Vec<usize> {
        let exact = self.lines.iter().position(|line| line.id.to_string() == word);
        match exact {
            Some(index) => vec![index],
            None => {
                (0..self.lines.len()).filter(|index| self.lines[*index].item.to_string() == word).collect()
            }
        }
    }

    fn ids(&self, words: &[&str]) -> Vec<PlacementId> {
        words.iter().flat_map(|word| self.named(word)).map(|index| self.lines[index].id.clone()).collect()
    }
}

impl Stage<'_, '_> {
    /// Opens a round, with the year before carried over where there is one.
    pub(crate) fn open(
        &mut self,
        scope: &Scope,
        fiscal_year: i32,
        vendor: Option<VendorId>,
    ) -> Result<Sheet, Failure> {
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        let input = OpenRound { fiscal_year, vendor, carry: true };
        let id = done(round_open(self.tx, nature, scope, catalog, input))?.id;
        let view = round_view(self.tx, scope, catalog, id)?;
        let lines = view
            .all()
            .map(|row| Line {
                id: row.placement.clone(),
                item: row.item.clone(),
                version: row.answer.as_ref().map_or(0, |answer| answer.version),
                carried: row.carried,
                touched: false,
                checked: Vec::new(),
            })
            .collect();
        self.clock.tick();
        Ok(Sheet { id, columns: view.check_columns, lines })
    }

    /// Answers the rows that each word names.
    pub(crate) fn answer(
        &mut self,
        scope: &Scope,
        sheet: &mut Sheet,
        replies: &[(&str, Reply)],
    ) -> Result<(), Failure> {
        for (word, reply) in replies {
            for index in sheet.named(word) {
                self.write(scope, sheet, index, *reply)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, scope: &Scope, sheet: &mut Sheet, index: usize, reply: Reply) -> Result<(), Failure> {
        let line = &mut sheet.lines[index];
        if line.checked.len() >= sheet.columns {
            line.checked.pop();
        }
        line.checked.push(self.clock.nature.today());
        let input = AnswerInput {
            answer: reply.kind.code().to_owned(),
            reason: reply.reason.to_owned(),
            checked: line.checked.iter().map(ToString::to_string).collect(),
            target: reply.target.map(|target| target.to_string()).unwrap_or_default(),
            note: reply.note.to_owned(),
            version: line.version,
        };
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        let saved = done(answer_set(self.tx, nature, scope, catalog, sheet.id, &line.id, &input))?;
        (line.version, line.carried, line.touched) = (saved.answer.version, false, true);
        self.clock.tick();
        Ok(())
    }

    /// Confirms what an earlier year said.
    pub(crate) fn confirm(
        &mut self,
        scope: &Scope,
        sheet: &mut Sheet,
        words: &[&str],
    ) -> Result<(), Failure> {
        for word in words {
            for index in sheet.named(word) {
                self.confirm_line(scope, sheet, index)?;
            }
        }
        Ok(())
    }

    fn confirm_line(&mut self, scope: &Scope, sheet: &mut Sheet, index: usize) -> Result<(), Failure> {
        let line = &mut sheet.lines[index];
        if !line.carried {
            return Ok(());
        }
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        let answer = done(answer_confirm(self.tx, nature, scope, catalog, sheet.id, &line.id))?;
        (line.version, line.carried, line.touched) = (answer.version, false, true);
        line.checked = vec![nature.today()];
        self.clock.tick();
        Ok(())
    }

    /// Says yes to every row that nobody has worked on.
    pub(crate) fn rest_yes(&mut self, scope: &Scope, sheet: &mut Sheet) -> Result<(), Failure> {
        for index in 0..sheet.lines.len() {
            if !sheet.lines[index].touched {
                self.write(scope, sheet, index, yes(""))?;
            }
        }
        Ok(())
    }

    /// Hands in a file as evidence.
    pub(crate) fn attach(
        &mut self,
        scope: &Scope,
        sheet: &Sheet,
        word: &str,
        file: (&str, &[u8]),
    ) -> Result<(), Failure> {
        for row in sheet.ids(&[word]) {
            let (nature, catalog, files) = (&self.clock.nature, &self.app.catalog, &self.app.files);
            done(evidence_add_file(self.tx, nature, scope, catalog, files, (sheet.id, &row), file))?;
            self.clock.tick();
        }
        Ok(())
    }

    /// Points to a record as evidence.
    pub(crate) fn point(
        &mut self,
        scope: &Scope,
        sheet: &Sheet,
        word: &str,
        target: &EvidenceTarget,
    ) -> Result<(), Failure> {
        for row in sheet.ids(&[word]) {
            let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
            done(evidence_add_record(self.tx, nature, scope, catalog, (sheet.id, &row), target))?;
        }
        self.clock.tick();
        Ok(())
    }

    /// Writes to a vendor, with a day for the reply.
    pub(crate) fn ask(
        &mut self,
        scope: &Scope,
        sheet: &Sheet,
        words: &[&str],
        (vendor, reply_by): (VendorId, NaiveDate),
    ) -> Result<(), Failure> {
        let rows = sheet.ids(words);
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        // The day of the letter is never after the day of the reply.
        let question = (rows.as_slice(), vendor, reply_by.max(nature.today()));
        done(ask_record(self.tx, nature, scope, catalog, sheet.id, question))?;
        self.clock.tick();
        Ok(())
    }

    /// The vendor's reply is here.
    pub(crate) fn replied(
        &mut self,
        scope: &Scope,
        sheet: &Sheet,
        word: &str,
        vendor: VendorId,
    ) -> Result<(), Failure> {
        for row in sheet.ids(&[word]) {
            done(ask_replied(self.tx, &self.clock.nature, scope, sheet.id, &row, vendor))?;
        }
        self.clock.tick();
        Ok(())
    }

    /// Gives rows to somebody.
    pub(crate) fn assign(
        &mut self,
        scope: &Scope,
        sheet: &Sheet,
        words: &[&str],
        (person, due): (PersonId, NaiveDate),
    ) -> Result<(), Failure> {
        let due = Some(due.max(self.clock.nature.today()));
        let input = AssignInput { placements: sheet.ids(words), person: Some(person), due };
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        done(assignment_set(self.tx, nature, scope, catalog, sheet.id, &input))?;
        self.clock.tick();
        Ok(())
    }

    /// Says something about a step of the plan; what is put off comes back in a month.
    pub(crate) fn mark(
        &mut self,
        scope: &Scope,
        step: &str,
        state: MarkState,
        note: &str,
    ) -> Result<(), Failure> {
        let (nature, catalog) = (&self.clock.nature, &self.app.catalog);
        let until = (state == MarkState::Later).then(|| nature.today() + Days::new(30));
        let step = step.parse().map_err(Failure::internal)?;
        let input = MarkInput { step, state, until, note: note.to_owned(), version: 0 };
        done(step_mark(self.tx, nature, scope, catalog, &input))?;
        self.clock.tick();
        Ok(())
    }

    /// Closes the round.
    pub(crate) fn close(&mut self, scope: &Scope, sheet: &Sheet) -> Result<(), Failure> {
        round_close(self.tx, &self.clock.nature, scope, sheet.id)
    }
}
