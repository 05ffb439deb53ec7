//! The table of probabilities: data, with its reasons and sources, that a caller may replace.

use crate::fault::{Fault, FaultCode};
use crate::model::{Control, State};
use crate::step::StepCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The table inside the program. Every number in it is a judgement, and says so.
pub const EMBEDDED: &str = include_str!("../data/probabilities.toml");

/// Whose control counts for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// The thing the step leads to.
    Target,
    /// The thing it starts from.
    Source,
    /// The line it follows.
    Line,
    /// The shared secret it is about.
    Credential,
}

/// Which steps of one kind share their fate in a sampled world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Together {
    /// Each has its own.
    Own,
    /// All that lead to one thing.
    Target,
    /// All that lead to things of one product.
    Product,
    /// All along one line.
    Line,
    /// All about one secret.
    Credential,
    /// All that lead to things of one kind in one zone, which commonly have one policy.
    Policy,
    /// All.
    All,
}

/// How a control lowers a step's chance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Which control.
    pub control: Control,
    /// Whose.
    pub on: On,
    /// What the chance is multiplied by where it is present, 0 to 1.
    pub factor: f64,
    /// Why it lowers it so.
    pub why: String,
}

/// A kind of step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which.
    pub code: StepCode,
    /// The chance without any of its controls, 0 to 1.
    pub base: f64,
    /// What shares its fate.
    pub together: Together,
    /// Why the chance is what it is.
    pub why: String,
    /// Ids of the catalogue's sources.
    pub sources: Vec<String>,
    /// Whether the number was read in a source. Those of ours are judgements.
    pub confirmed: bool,
    /// What lowers it.
    #[serde(default)]
    pub control: Vec<Factor>,
}

/// How bad each goal is, in any unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Records are encrypted.
    pub records_encrypted: f64,
    /// A backup is destroyed.
    pub backup_destroyed: f64,
    /// Data are copied out.
    pub data_leaked: f64,
    /// A medical device stops.
    pub device_stopped: f64,
    /// All care processes stop; shared among them by priority.
    pub care_stopped: f64,
    /// Why.
    pub why: String,
    /// Ids of the catalogue's sources.
    pub sources: Vec<String>,
    /// As in [`Rule`].
    pub confirmed: bool,
}

/// The work to put a control in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effort {
    /// Which control.
    pub control: Control,
    /// Minutes at one place.
    pub minutes: u32,
    /// Minutes at each further place in the same go.
    pub further: u32,
}

/// What decides how long restoring takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restoring {
    /// Hours for a thing of which the ledger says nothing.
    pub default_hours: f64,
    /// Multiplies the hours where a copy is out of the attacker's reach, but nobody has tried to restore from it.
    pub untested: f64,
    /// Multiplies the hours where no copy is out of the attacker's reach.
    pub no_copy: f64,
    /// Why.
    pub why: String,
    /// Ids of the catalogue's sources.
    pub sources: Vec<String>,
    /// As in [`Rule`].
    pub confirmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unknown_credit: f64,
    weights: Weights,
    step: Vec<Rule>,
    effort: Vec<Effort>,
    restore: Restoring,
}

/// The table, checked: every kind of step has its rule, and every number lies in its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    rules: Vec<Option<Rule>>,
    efforts: BTreeMap<Control, Effort>,
    unknown_credit: f64,
    /// How bad each goal is.
    pub weights: Weights,
    /// How long restoring takes.
    pub restoring: Restoring,
}

impl Table {
    /// The table inside the program.
    ///
    /// # Errors
    /// None; a test reads it.
    pub fn embedded() -> Result<Table, Vec<Fault>> {
        Table::read(EMBEDDED)
    }

    /// Reads a table from TOML.
    ///
    /// # Errors
    /// Every fault found; one that keeps the parser from going on comes alone.
    pub fn read(text: &str) -> Result<Table, Vec<Fault>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start].lines().count());
            vec![Fault::new(FaultCode::Syntax, format!("line {line}"), error.message())]
        })?;
        let mut faults = numbers(&file);
        let mut rules: Vec<Option<Rule>> = vec![None; StepCode::ALL.len()];
        for rule in file.step {
            let code = rule.code;
            if rules[code as usize].replace(rule).is_some() {
                faults.push(Fault::new(FaultCode::DuplicateId, "step", code.code()));
            }
        }
        for &code in StepCode::ALL {
            if code.is_in_table() && rules[code as usize].is_none() {
                faults.push(Fault::new(FaultCode::MissingField, "step", code.code()));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let efforts = file.effort.into_iter().map(|effort| (effort.control, effort)).collect();
        let File { unknown_credit, weights, restore: restoring, .. } = file;
        Ok(Table { rules, efforts, unknown_credit, weights, restoring })
    }

    /// The rule of a kind of step; none for those that always succeed.
    pub fn rule(&self, code: StepCode) -> Option<&Rule> {
        self.rules[code as usize].as_ref()
    }

    /// The minutes of work to put a control in place at so many places; none where the table does not propose it.
    pub fn minutes(&self, control: Control, places: u32) -> Option<u32> {
        let effort = self.efforts.get(&control)?;
        Some(effort.minutes.saturating_add(effort.further.saturating_mul(places.saturating_sub(1))))
    }

    /// What a factor multiplies by, for a control in this state.
    pub fn weaken(&self, factor: f64, state: State) -> f64 {
        match state {
            State::Present => factor,
            State::Absent => 1.0,
            State::Unknown => 1.0 - self.unknown_credit * (1.0 - factor),
        }
    }
}

fn numbers(file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut probability = |path: String, value: f64| {
        if !(0.0..=1.0).contains(&value) {
            faults.push(Fault::new(FaultCode::BadProbability, path, value));
        }
    };
    probability("unknown_credit".into(), file.unknown_credit);
    for rule in &file.step {
        probability(format!("step {}.base", rule.code.code()), rule.base);
        for factor in &rule.control {
            let path = format!("step {}.control {}", rule.code.code(), factor.control.code());
            probability(path, factor.factor);
        }
    }
    let Weights { records_encrypted, backup_destroyed, data_leaked, device_stopped, care_stopped, .. } =
        file.weights;
    let Restoring { default_hours, untested, no_copy, .. } = file.restore;
    for (path, value) in [
        ("weights.records_encrypted", records_encrypted),
        ("weights.backup_destroyed", backup_destroyed),
        ("weights.data_leaked", data_leaked),
        ("weights.device_stopped", device_stopped),
        ("weights.care_stopped", care_stopped),
        ("restore.default_hours", default_hours),
        ("restore.untested", untested),
        ("restore.no_copy", no_copy),
    ] {
        if !(0.0..=1e6).contains(&value) {
            faults.push(Fault::new(FaultCode::OutOfRange, path, value));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_whole_and_honest() {
        let table = Table::embedded().unwrap();
        let catalog = komainu_catalog::Catalog::embedded().unwrap();
        let known = |id: &String| catalog.all_sources().iter().any(|source| source.id.as_str() == id);
        for rule in table.rules.iter().flatten() {
            assert!(!rule.why.is_empty() && !rule.confirmed, "{}: a judgement says so", rule.code.code());
            assert!(rule.sources.iter().all(known), "{}: {:?}", rule.code.code(), rule.sources);
            for factor in &rule.control {
                assert!(!factor.why.is_empty());
                let place = match factor.on {
                    On::Target | On::Source => crate::model::Place::Node,
                    On::Line => crate::model::Place::Connection,
                    On::Credential => crate::model::Place::Credential,
                };
                assert!(factor.control.fits(place), "{}: {:?}", rule.code.code(), factor.control);
            }
        }
        assert!(table.weights.sources.iter().chain(&table.restoring.sources).all(known));
    }

    #[test]
    fn every_control_that_lowers_something_has_its_work() {
        let table = Table::embedded().unwrap();
        for factor in table.rules.iter().flatten().flat_map(|rule| &rule.control) {
            assert!(table.minutes(factor.control, 1).is_some(), "{:?}", factor.control);
        }
    }

    #[test]
    fn faults_of_a_table_are_named() {
        let change = |from: &str, to: &str| {
            assert!(EMBEDDED.contains(from), "{from}");
            Table::read(&EMBEDDED.replacen(from, to, 1)).unwrap_err()
        };
        assert_eq!(change("base = 0.6", "base = 1.6")[0].code, FaultCode::BadProbability);
        assert_eq!(change("base = 0.6", "base = nan")[0].code, FaultCode::BadProbability);
        assert_eq!(change("factor = 0.1", "factor = -0.1")[0].code, FaultCode::BadProbability);
        assert_eq!(change("untested = 1.5", "untested = -1.0")[0].code, FaultCode::OutOfRange);
        assert_eq!(change("code = \"vpn_hole\"", "code = \"vpn_login\"").len(), 2);
        assert_eq!(change("base = 0.6", "bass = 0.6")[0].code, FaultCode::Syntax);
        assert!(change("base = 0.6", "base = ")[0].path.starts_with("line "));
    }

    #[test]
    fn unknown_lies_between_and_nearer_to_absent() {
        let table = Table::embedded().unwrap();
        let unknown = table.weaken(0.2, State::Unknown);
        assert!(unknown > 0.6 && unknown < 1.0, "{unknown}");
        assert!((table.weaken(0.2, State::Present) - 0.2).abs() < 1e-12);
        assert!((table.weaken(0.2, State::Absent) - 1.0).abs() < 1e-12);
    }
}
