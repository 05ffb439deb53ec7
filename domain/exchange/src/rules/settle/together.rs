//! What each change by itself may be, but not all of them together; and what goes with things that are removed.

use super::Settling;
use crate::model::{Body, Column, Fault, Outcome, Warning, Why};
use komainu_inventory::actions::{Edit, edits_flaws};
use komainu_inventory::rules::{Flaw, Road};
use komainu_inventory::{AssetId, End, Ledger, RelationKind, Thing};
use std::collections::HashMap;

/// Names that a fault tells at most.
const NAMES: usize = 5;

/// A flaw as a fault: of which column, which others, and why.
pub(crate) fn fault_of(flaw: &Flaw, name: impl Fn(AssetId) -> String) -> Fault {
    let told = |ids: &[AssetId], between: &str| {
        let mut names: Vec<String> = ids.iter().take(NAMES).map(|id| name(*id)).collect();
        if ids.len() > NAMES {
            names.push("…".to_owned());
        }
        names.join(between)
    };
    match flaw {
        Flaw::KindInUse(_, by) => {
            Fault { column: Some(Column::Kind), text: told(by, " / "), why: Why::InUse(by.len()) }
        }
        Flaw::Named(_, by) => {
            Fault { column: Some(Column::Remove), text: told(by, " / "), why: Why::Named(by.len()) }
        }
        Flaw::Circle(road, round) => {
            let column = match road {
                Road::Zone => Column::Zone,
                Road::Place => Column::Place,
                Road::Needs => Column::Relation(RelationKind::Needs),
            };
            let back = round.first().map(|id| name(*id)).unwrap_or_default();
            let text = format!("{} → {back}", told(round, " → "));
            Fault { column: Some(column), text, why: Why::Circle }
        }
    }
}

impl Settling<'_> {
    /// Tells at its row what the changes would break together; whether there was anything. A person who has put all of it
    /// right, or left these rows out, meets no refusal when the changes are taken.
    pub(super) fn stands_together(&mut self, ledger: &Ledger, changes: &[(Option<usize>, Edit)]) -> bool {
        let edits: Vec<Edit> = changes.iter().map(|(_, edit)| edit.clone()).collect();
        let flaws = edits_flaws(ledger, &edits);
        let rows: HashMap<AssetId, usize> =
            changes.iter().filter_map(|(row, edit)| Some((asset_of(edit)?, (*row)?))).collect();
        for flaw in &flaws {
            let (first, others): (&[AssetId], &[AssetId]) = match flaw {
                Flaw::KindInUse(thing, by) | Flaw::Named(thing, by) => (std::slice::from_ref(thing), by),
                Flaw::Circle(_, round) => (round, &[]),
            };
            let rows_of = |ids: &[AssetId]| -> Vec<usize> {
                ids.iter().filter_map(|id| rows.get(id).copied()).collect()
            };
            let mut places = rows_of(first);
            if places.is_empty() {
                places = rows_of(others);
            }
            let fault = fault_of(flaw, |id| self.name_of(id, &rows));
            for place in places {
                self.settled.rows[place].faults.push(fault.clone());
            }
        }
        !flaws.is_empty()
    }

    /// What a thing is called once the changes are made.
    fn name_of(&self, id: AssetId, rows: &HashMap<AssetId, usize>) -> String {
        let row = rows.get(&id).and_then(|place| self.settled.rows[*place].after.as_ref());
        match row {
            Some(Body::Thing(details)) => details.name.clone(),
            _ => match self.index.asset(id) {
                Some(asset) => asset.details.name.clone(),
                None => self.settled.names.get(&id).cloned().unwrap_or_default(),
            },
        }
    }

    /// Tells at each row that removes a thing how many lines of the ledger go with it.
    pub(super) fn tell_lines(&mut self, ledger: &Ledger) {
        if self.removed.is_empty() {
            return;
        }
        let mut lines: HashMap<AssetId, usize> = HashMap::new();
        let asset = |end: End| end.thing().and_then(Thing::asset).filter(|id| self.removed.contains(id));
        for line in &ledger.connections {
            let (from, to) = (asset(line.details.from), asset(line.details.to));
            for id in from.into_iter().chain(to.filter(|to| Some(*to) != from)) {
                *lines.entry(id).or_default() += 1;
            }
        }
        for seen in self.settled.rows.iter_mut().filter(|seen| seen.outcome == Outcome::Remove) {
            let thing = seen.target.filter(|_| matches!(seen.before, Some(Body::Thing(_)))).map(AssetId);
            if let Some(count) = thing.and_then(|id| lines.get(&id)) {
                seen.warnings.push(Warning::Lines(*count));
            }
        }
    }
}

/// The thing that a change is about.
fn asset_of(edit: &Edit) -> Option<AssetId> {
    match edit {
        Edit::AssetAdd(id, _) | Edit::AssetChange(id, _) | Edit::AssetRemove(id) => Some(*id),
        Edit::ConnectionAdd(..) | Edit::ConnectionChange(..) | Edit::ConnectionRemove(_) => None,
    }
}
