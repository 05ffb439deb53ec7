//! Rows of things.

use super::{Plan, Settling, Verdict};
use crate::model::{
    Body, Candidate, Column, Decision, Draft, Outcome, Reference, Row, Seen, ThingDraft, Warning, Why,
};
use crate::rules::diff::{take_thing, thing_changes, unfit};
use crate::rules::keys::macs;
use crate::rules::names::Named;
use crate::vocabulary::fold;
use komainu_db::Id as _;
use komainu_inventory::actions::asset_fitting;
use komainu_inventory::{AssetDetails, AssetId, AssetKind, Fact, RelationKind};
use std::collections::{HashMap, HashSet};

fn draft_of(row: &Row) -> Option<&ThingDraft> {
    match &row.draft {
        Draft::Thing(draft) => Some(draft),
        Draft::Line(_) => None,
    }
}

impl Settling<'_> {
    /// Finds out what each row of a thing is about.
    pub(super) fn aim_things(&mut self) {
        let rows = self.rows;
        let named = rows
            .iter()
            .filter(|row| draft_of(row).is_some())
            .filter_map(|row| row.id.parse::<AssetId>().ok());
        let taken: HashSet<AssetId> = named.filter(|id| self.index.asset(*id).is_some()).collect();
        let mut claimed: HashMap<AssetId, u64> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(draft) = draft_of(row) else { continue };
            let plan = self.aim(place, row, draft, &taken);
            if let Plan::Existing(id) = plan
                && let Some(first) = claimed.insert(id, row.number)
            {
                self.settled.rows[place].fault(None, "", Why::Twice(first));
            }
            self.settled.rows[place].target = match plan {
                Plan::Existing(id) | Plan::New(id) => Some(id.uuid()),
                _ => None,
            };
            self.plans[place] = plan;
        }
        self.find_twins();
    }

    fn aim(&mut self, place: usize, row: &Row, draft: &ThingDraft, taken: &HashSet<AssetId>) -> Plan {
        if self.choices.rows.get(&place) == Some(&Decision::Skip) {
            return Plan::Skipped;
        }
        if !row.id.is_empty() {
            let known = row.id.parse::<AssetId>().ok().filter(|id| self.index.asset(*id).is_some());
            if known.is_none() {
                self.settled.rows[place].fault(Some(Column::Id), &row.id, Why::Id);
            }
            return known.map_or(Plan::Nothing, Plan::Existing);
        }
        if row.remove {
            self.settled.rows[place].fault(Some(Column::Remove), "", Why::RemoveWithoutId);
            return Plan::Nothing;
        }
        let candidates = self.keys.things(draft, taken);
        let verdict = self.verdict(place, &candidates, |id| self.index.asset(AssetId(id)).is_some());
        let plan = match verdict {
            Verdict::Same(id) => Plan::Existing(AssetId(id)),
            Verdict::Skip => Plan::Skipped,
            Verdict::Open => Plan::Open(only(&candidates)),
            Verdict::New => {
                let seen = &mut self.settled.rows[place];
                if draft.name.is_none() {
                    seen.fault(Some(Column::Name), "", Why::NoName);
                }
                if draft.kind.is_none() && !seen.faults.iter().any(|fault| fault.column == Some(Column::Kind))
                {
                    seen.fault(Some(Column::Kind), "", Why::NoKind);
                }
                Plan::New(AssetId((self.ids)()))
            }
        };
        self.settled.rows[place].candidates = candidates;
        plan
    }

    /// Tells of new things that the files name twice.
    fn find_twins(&mut self) {
        let rows = self.rows;
        let mut first: HashMap<String, u64> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            let (Some(draft), Plan::New(_)) = (draft_of(row), self.plans[place]) else { continue };
            let serial = draft.facts.get(&Fact::Serial).filter(|text| !text.is_empty());
            let serial = serial.map(|text| format!("serial {}", fold(text)));
            let cards = macs(draft.facts.get(&Fact::Mac).map_or("", String::as_str));
            let own: HashSet<String> = serial.into_iter().chain(cards.map(|mac| mac.to_string())).collect();
            let twin = own.iter().filter_map(|key| first.get(key)).min().copied();
            self.settled.rows[place].warnings.extend(twin.map(Warning::Twin));
            for key in own {
                first.entry(key).or_insert(row.number);
            }
        }
    }

    /// Lets the names of new and renamed things lead to them, and none to what goes.
    pub(super) fn name_things(&mut self) {
        let rows = self.rows;
        for (place, row) in rows.iter().enumerate() {
            let Some(draft) = draft_of(row) else { continue };
            match self.plans[place] {
                Plan::New(id) => {
                    if let (Some(kind), Some(name)) = (draft.kind, &draft.name) {
                        self.names.add_asset(id, kind, name);
                        self.settled.names.insert(id, name.clone());
                    }
                }
                Plan::Existing(id) if row.remove => {
                    if let Some(asset) = self.index.asset(id) {
                        self.gone.insert(fold(&asset.details.name));
                    }
                    self.removed.insert(id);
                    self.names.forget(id);
                }
                Plan::Existing(id) if !draft.guessed => {
                    if let Some(asset) = self.index.asset(id) {
                        let name = draft.name.as_ref().unwrap_or(&asset.details.name);
                        self.names.add_asset(id, draft.kind.unwrap_or(asset.details.kind), name);
                    }
                }
                _ => {}
            }
        }
    }

    /// Makes of each row what the thing would be.
    pub(super) fn make_things(&mut self) {
        let rows = self.rows;
        for (place, row) in rows.iter().enumerate() {
            let Some(draft) = draft_of(row) else { continue };
            let (plan, index) = (self.plans[place], &self.index);
            let before = match plan {
                Plan::Existing(id) | Plan::Open(Some(id)) => {
                    index.asset(id).map(|asset| asset.details.clone())
                }
                _ => None,
            };
            let outcome = match (plan, &before) {
                (Plan::Skipped, _) => Outcome::Skipped,
                (Plan::Nothing, _) => Outcome::Faulty,
                (_, Some(_)) if row.remove => Outcome::Remove,
                _ => self.make_thing(place, draft, before.as_ref()),
            };
            let seen = &mut self.settled.rows[place];
            seen.outcome = if matches!(plan, Plan::Open(_)) { Outcome::Undecided } else { outcome };
            seen.before = before.map(|details| Body::Thing(Box::new(details)));
        }
    }

    fn make_thing(&mut self, place: usize, draft: &ThingDraft, before: Option<&AssetDetails>) -> Outcome {
        let new = before.is_none();
        let mut after = match (before, draft.kind, &draft.name) {
            (Some(before), ..) => before.clone(),
            (None, Some(kind), Some(name)) => AssetDetails::named(kind, name),
            _ => return Outcome::Faulty,
        };
        take_thing(&mut after, draft, new);
        let guesses_count = new || !draft.guessed;
        if let Some(zone) = draft.zone.as_ref().filter(|_| guesses_count || after.zone.is_none()) {
            after.zone = self.stands_in(place, (AssetKind::Zone, Column::Zone), zone, after.zone);
        }
        if let Some(name) = &draft.place {
            after.place = self.stands_in(place, (AssetKind::Place, Column::Place), name, after.place);
        }
        self.belongs(place, draft, &mut after);
        for (kind, references) in &draft.relations {
            self.relate(place, *kind, references, &mut after);
        }
        let fitted = asset_fitting(&after);
        let seen = &mut self.settled.rows[place];
        if let Some(before) = before {
            seen.forgive(&before.facts);
        }
        let unfit = unfit(&draft.facts, &draft.controls, (&fitted.facts, &fitted.controls));
        seen.warnings.extend(unfit.into_iter().map(Warning::Unfit));
        for (was, is, column) in [
            (after.zone.is_some(), fitted.zone.is_some(), Column::Zone),
            (after.system.is_some(), fitted.system.is_some(), Column::System),
        ] {
            if was && !is {
                seen.warnings.push(Warning::Unfit(column));
            }
        }
        let others = draft.relations.keys().filter(|kind| !kind.fits(fitted.kind));
        seen.warnings.extend(others.map(|kind| Warning::Unfit(Column::Relation(*kind))));
        seen.changes = before.map(|before| thing_changes(before, &fitted)).unwrap_or_default();
        let outcome = match before {
            None => Outcome::New,
            Some(_) if seen.changes.is_empty() => Outcome::Same,
            Some(_) => Outcome::Change,
        };
        seen.after = Some(Body::Thing(Box::new(fitted)));
        outcome
    }

    /// The zone or place that a row names; what it was where the row names none that can be had.
    fn stands_in(
        &mut self,
        place: usize,
        (kind, column): (AssetKind, Column),
        name: &str,
        was: Option<AssetId>,
    ) -> Option<AssetId> {
        if name.is_empty() {
            return None;
        }
        match self.within(kind, name) {
            Ok(Some(id)) => Some(id),
            Ok(None) => {
                self.settled.rows[place].warnings.push(Warning::NotMade(column, name.to_owned()));
                was
            }
            Err(why) => {
                self.settled.rows[place].fault(Some(column), name, why);
                was
            }
        }
    }

    /// The system and the vendor that a row names.
    fn belongs(&mut self, place: usize, draft: &ThingDraft, after: &mut AssetDetails) {
        let seen = &mut self.settled.rows[place];
        if let Some(name) = &draft.system {
            after.system = told(seen, Column::System, name, self.names.system(name), after.system);
        }
        if let Some(name) = &draft.vendor {
            after.vendor = told(seen, Column::Vendor, name, self.names.vendor(name), after.vendor);
        }
    }

    fn relate(
        &mut self,
        place: usize,
        kind: RelationKind,
        references: &[Reference],
        after: &mut AssetDetails,
    ) {
        after.relations.retain(|(own, _)| *own != kind);
        for reference in references {
            let named = self.names.thing(reference, |row| self.thing_of(row));
            let why = match named {
                Named::One(thing) => {
                    after.relations.insert((kind, thing));
                    continue;
                }
                Named::Several => Why::Several,
                Named::Nothing => self.lost(reference),
            };
            let text = if let Reference::Text(text) = reference { text.as_str() } else { "" };
            self.settled.rows[place].fault(Some(Column::Relation(kind)), text, why);
        }
    }
}

/// A system or vendor by its name: none where that is cleared, what it was where nothing bears it.
pub(super) fn told<T>(
    seen: &mut Seen,
    column: Column,
    name: &str,
    named: Named<T>,
    was: Option<T>,
) -> Option<T> {
    if name.is_empty() {
        return None;
    }
    match named {
        Named::One(id) => return Some(id),
        Named::Several => seen.fault(Some(column), name, Why::Several),
        Named::Nothing => seen.warnings.push(Warning::Unknown(column, name.to_owned())),
    }
    was
}

/// The only thing in question.
fn only(candidates: &[Candidate]) -> Option<AssetId> {
    match candidates {
        [one] => Some(AssetId(one.id)),
        _ => None,
    }
}
