//! Reading the files and putting them together.

use std::fmt;

use serde::Deserialize;

use crate::check;
use crate::duty::{DutyQuestion, ReportingDuty};
use crate::edition::{Change, Edition};
use crate::first_aid::{Symptom, Tap};
use crate::incident::{IncidentKind, Stage};
use crate::model::{
    AttackRoute, GuidelineReason, GuidelineType, Item, MaintenanceRoute, Rule, Source, Step, SurveyFigure,
    SystemKind,
};
use crate::template::Piece;

/// What a data file may hold. Any file may hold any rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DataFile {
    pub edition: Option<Edition>,
    pub source: Vec<Source>,
    pub item: Vec<Item>,
    pub rule: Vec<Rule>,
    pub change: Vec<Change>,
    pub figure: Vec<SurveyFigure>,
    pub attack_route: Vec<AttackRoute>,
    pub step: Vec<Step>,
    pub system_kind: Vec<SystemKind>,
    pub piece: Vec<Piece>,
    pub symptom: Vec<Symptom>,
    pub tap: Vec<Tap>,
    pub incident_kind: Vec<IncidentKind>,
    pub stage: Vec<Stage>,
    pub reporting_duty: Vec<ReportingDuty>,
    pub duty_question: Vec<DutyQuestion>,
    pub guideline_type: Vec<GuidelineType>,
    pub guideline_reason: Vec<GuidelineReason>,
    pub maintenance_route: Vec<MaintenanceRoute>,
}

/// A file with its name and text, from which lines are counted.
pub(crate) struct NamedFile<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub data: DataFile,
}

impl NamedFile<'_> {
    /// An error at a byte offset of this file.
    pub(crate) fn error(&self, offset: usize, problem: String) -> CatalogError {
        CatalogError { file: self.name.to_owned(), line: line_of(self.text, offset), problem }
    }
}

/// Something wrong in a data file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CatalogError {
    /// The file's name below `data/`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// The whole catalogue, checked. Look things up with its methods.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// By fiscal year, oldest first.
    pub(crate) editions: Vec<Edition>,
    pub(crate) rows: DataFile,
}

impl Catalog {
    /// The catalogue inside the program.
    pub fn embedded() -> Result<Catalog, Vec<CatalogError>> {
        Catalog::load(Self::embedded_files())
    }

    /// The data files inside the program: name below `data/` and text.
    pub fn embedded_files() -> &'static [(&'static str, &'static str)] {
        include!(concat!(env!("OUT_DIR"), "/files.rs"))
    }

    /// Reads, checks and joins files given as name and text. Every error found is returned, not the first only;
    /// a file that cannot be read as TOML of the right shape gives one error and hides those behind it.
    pub fn load(files: &[(&str, &str)]) -> Result<Catalog, Vec<CatalogError>> {
        let mut errors = Vec::new();
        let mut named = Vec::new();
        for &(name, text) in files {
            match toml::from_str::<DataFile>(text) {
                Ok(data) => named.push(NamedFile { name, text, data }),
                Err(error) => errors.push(CatalogError {
                    file: name.to_owned(),
                    line: line_of(text, error.span().map_or(0, |span| span.start)),
                    problem: error.message().to_owned(),
                }),
            }
        }
        // References into a file that could not be read would all be reported as missing: noise.
        if errors.is_empty() {
            errors = check::all(&named);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut catalog = Catalog { editions: Vec::new(), rows: DataFile::default() };
        for file in named {
            catalog.absorb(file.data);
        }
        catalog.editions.sort_by_key(|edition| *edition.fiscal_year);
        Ok(catalog)
    }

    fn absorb(&mut self, file: DataFile) {
        self.editions.extend(file.edition);
        self.rows.source.extend(file.source);
        self.rows.item.extend(file.item);
        self.rows.rule.extend(file.rule);
        self.rows.change.extend(file.change);
        self.rows.figure.extend(file.figure);
        self.rows.attack_route.extend(file.attack_route);
        self.rows.step.extend(file.step);
        self.rows.system_kind.extend(file.system_kind);
        self.rows.piece.extend(file.piece);
        self.rows.symptom.extend(file.symptom);
        self.rows.tap.extend(file.tap);
        self.rows.incident_kind.extend(file.incident_kind);
        self.rows.stage.extend(file.stage);
        self.rows.reporting_duty.extend(file.reporting_duty);
        self.rows.duty_question.extend(file.duty_question);
        self.rows.guideline_type.extend(file.guideline_type);
        self.rows.guideline_reason.extend(file.guideline_reason);
        self.rows.maintenance_route.extend(file.maintenance_route);
    }
}

/// The line, from 1, on which a byte offset lies.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&b| b == b'\n').count() + 1
}
