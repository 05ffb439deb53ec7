//! Rounds, answers, evidence, assignment, letters and the ministry's workbook by their actions, on both databases.
#![allow(clippy::unwrap_used)]

mod answers;
mod drafts;
mod evidence;
mod official;
mod replies;
mod rounds;
mod scopes;
mod workbook;
mod world;

use chrono::{Duration, NaiveDate};
use komainu_access::{Permission, Role, Scope};
use komainu_catalog::PlacementId;
use komainu_checklist::actions::{self, *};
use komainu_checklist::model::*;
use komainu_checklist::neighbours;
use komainu_db::Tx;
use komainu_db::testing::each_database;
use komainu_files::Refusal;
use komainu_vendor::{VendorDetails, VendorId};
use komainu_web::{Failure, Refused};
use std::sync::Barrier;
use world::World;

fn row(id: &str) -> PlacementId {
    id.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said<T: std::fmt::Debug, R>(result: Result<T, Refused<R>>) -> R {
    match result {
        Err(Refused::Because(reason)) => reason,
        Err(Refused::Failed(failure)) => panic!("failed: {failure}"),
        Ok(value) => panic!("went through: {value:?}"),
    }
}

fn failed<T: std::fmt::Debug, R: std::fmt::Debug>(result: Result<T, Refused<R>>) -> Failure {
    match result {
        Err(Refused::Failed(failure)) => failure,
        other => panic!("no failure: {other:?}"),
    }
}

impl World {
    fn write<T, E: From<komainu_db::DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.write(work)
    }

    fn open_as(&self, scope: &Scope, fiscal_year: i32, carry: bool) -> Result<Round, Refused<OpenRefusal>> {
        let input = OpenRound { fiscal_year, vendor: None, carry };
        self.write(|tx| round_open(tx, &self.nature, scope, &self.catalog, input))
    }

    fn open(&self, fiscal_year: i32) -> RoundId {
        self.open_as(&self.director, fiscal_year, true).unwrap().id
    }

    fn view_as(&self, scope: &Scope, id: RoundId) -> Result<RoundView, Failure> {
        self.db.read(|tx| round_view(tx, scope, &self.catalog, id))
    }

    fn view(&self, id: RoundId) -> RoundView {
        self.view_as(&self.director, id).unwrap()
    }

    fn set(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
        input: &AnswerInput,
    ) -> Result<AnswerSaved, Refused<AnswerRefusal>> {
        let placement = row(placement);
        self.write(|tx| answer_set(tx, &self.nature, scope, &self.catalog, id, &placement, input))
    }

    fn confirm(&self, id: RoundId, placement: &str) -> Result<Answer, Refused<AnswerRefusal>> {
        let placement = row(placement);
        self.write(|tx| answer_confirm(tx, &self.nature, &self.director, &self.catalog, id, &placement))
    }

    fn give(
        &self,
        id: RoundId,
        placements: &[&str],
        to: Option<&Scope>,
    ) -> Result<usize, Refused<AssignRefusal>> {
        let input = AssignInput {
            placements: placements.iter().map(|id| row(id)).collect(),
            person: to.map(Scope::person),
            due: None,
        };
        self.write(|tx| assignment_set(tx, &self.nature, &self.director, &self.catalog, id, &input))
    }

    fn file(
        &self,
        scope: &Scope,
        id: RoundId,
        placement: &str,
        file: (&str, &[u8]),
    ) -> Result<(), Refused<EvidenceRefusal>> {
        let placement = row(placement);
        self.write(|tx| {
            evidence_add_file(tx, &self.nature, scope, &self.catalog, &self.files, (id, &placement), file)
        })
        .map(drop)
    }

    fn vendor(&self, name: &str) -> VendorId {
        let details = VendorDetails { name: name.to_owned(), ..VendorDetails::default() };
        self.write(|tx| komainu_vendor::actions::vendor_add(tx, &self.nature, &self.director, &details))
            .unwrap()
    }
}

fn typed(answer: &str, version: i64) -> AnswerInput {
    AnswerInput {
        answer: answer.to_owned(),
        checked: vec!["令和8年5月1日".to_owned()],
        version,
        ..AnswerInput::default()
    }
}

fn no(target: &str, version: i64) -> AnswerInput {
    AnswerInput { target: target.to_owned(), ..typed("no", version) }
}
