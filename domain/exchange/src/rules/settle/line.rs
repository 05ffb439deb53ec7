//! Rows of lines.

use super::{Plan, Settling, Verdict};
use crate::model::{Body, Column, Decision, Draft, LineDraft, Outcome, Reference, Row, Seen, Warning, Why};
use crate::rules::diff::{line_changes, take_line, unfit};
use crate::rules::names::Named;
use crate::rules::settle::thing::told;
use komainu_db::Id as _;
use komainu_inventory::actions::connection_fitting;
use komainu_inventory::{AssetId, ConnectionDetails, ConnectionId, End, Thing};
use std::collections::{HashMap, HashSet};

/// Both ends of a line; none for one that a row does not name, or that leads nowhere.
type Ends = (Option<End>, Option<End>);

/// What a row of a line is about.
enum Aim {
    Existing(ConnectionId),
    New,
    Open(Option<ConnectionId>),
    Skipped,
    Nothing,
}

/// Whether a removed line ends at one of these things, with which it goes by itself.
pub(super) fn ends_at(seen: &Seen, things: &HashSet<AssetId>) -> bool {
    match &seen.before {
        Some(Body::Line(details)) => goes_with(details, things),
        _ => false,
    }
}

fn goes_with(details: &ConnectionDetails, things: &HashSet<AssetId>) -> bool {
    let at = |end: End| end.thing().and_then(Thing::asset).is_some_and(|id| things.contains(&id));
    at(details.from) || at(details.to)
}

fn draft_of(row: &Row) -> Option<&LineDraft> {
    match &row.draft {
        Draft::Line(draft) => Some(draft),
        Draft::Thing(_) => None,
    }
}

impl Settling<'_> {
    /// Makes of each row what the line would be.
    pub(super) fn make_lines(&mut self) {
        let rows = self.rows;
        let named = rows
            .iter()
            .filter(|row| draft_of(row).is_some())
            .filter_map(|row| row.id.parse::<ConnectionId>().ok());
        let taken: HashSet<ConnectionId> = named.filter(|id| self.index.connection(*id).is_some()).collect();
        let mut claimed: HashMap<ConnectionId, u64> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(draft) = draft_of(row) else { continue };
            let outcome = self.make_line(place, row, draft, (&taken, &mut claimed));
            self.settled.rows[place].outcome = outcome;
        }
    }

    fn make_line(
        &mut self,
        place: usize,
        row: &Row,
        draft: &LineDraft,
        (taken, claimed): (&HashSet<ConnectionId>, &mut HashMap<ConnectionId, u64>),
    ) -> Outcome {
        let hangs_on = self.hangs_on(draft);
        if self.choices.rows.get(&place) == Some(&Decision::Skip) || hangs_on.contains(&Plan::Skipped) {
            return Outcome::Skipped;
        }
        let waits = hangs_on.iter().any(|plan| matches!(plan, Plan::Open(_) | Plan::Nothing));
        if let Some(outcome) = self.goes(place, row) {
            return outcome;
        }
        let ends = if waits && self.any_unknown(draft) { None } else { Some(self.ends(place, draft)) };
        let aim = match self.aim_line(place, row, draft, ends, taken) {
            Aim::Nothing if waits => return Outcome::Undecided,
            Aim::Nothing => return Outcome::Faulty,
            Aim::Skipped => return Outcome::Skipped,
            aim => aim,
        };
        let (id, open) = match aim {
            Aim::Existing(id) => (Some(id), false),
            Aim::Open(id) => (id, true),
            _ => (None, false),
        };
        if let Some(id) = id.filter(|_| !open)
            && let Some(first) = claimed.insert(id, row.number)
        {
            self.settled.rows[place].fault(None, "", Why::Twice(first));
        }
        let before = id.and_then(|id| self.index.connection(id)).map(|line| line.details.clone());
        let outcome = self.compare(place, draft, ends, before);
        let target = id.filter(|_| !open).map(ConnectionId::uuid);
        let new = (outcome == Outcome::New && !open).then(|| (self.ids)());
        self.settled.rows[place].target = target.or(new);
        if open || waits { Outcome::Undecided } else { outcome }
    }

    /// What the rows that its ends name are about.
    fn hangs_on(&self, draft: &LineDraft) -> Vec<Plan> {
        let rows = [&draft.from, &draft.to].into_iter().filter_map(|end| match end {
            Some(Reference::Row(row)) => Some(*row),
            _ => None,
        });
        rows.map(|row| self.plans.get(row).copied().unwrap_or(Plan::Nothing)).collect()
    }

    /// Whether an end is a row of which nobody knows yet what it is about.
    fn any_unknown(&self, draft: &LineDraft) -> bool {
        let unknown = |end: &Option<Reference>| matches!(end, Some(Reference::Row(row)) if self.thing_of(*row).is_none());
        unknown(&draft.from) || unknown(&draft.to)
    }

    /// Whether the row removes its line, or the line goes with a thing that another row removes.
    fn goes(&mut self, place: usize, row: &Row) -> Option<Outcome> {
        let line = row.id.parse::<ConnectionId>().ok().and_then(|id| self.index.connection(id));
        let seen = &mut self.settled.rows[place];
        let Some(line) = line else {
            if row.remove && row.id.is_empty() {
                seen.fault(Some(Column::Remove), "", Why::RemoveWithoutId);
                return Some(Outcome::Faulty);
            }
            return None;
        };
        if !row.remove && !goes_with(&line.details, &self.removed) {
            return None;
        }
        seen.target = Some(line.id.uuid());
        seen.before = Some(Body::Line(Box::new(line.details.clone())));
        Some(Outcome::Remove)
    }

    /// The ends that a row names; none for one that it does not name, or that leads nowhere.
    fn ends(&mut self, place: usize, draft: &LineDraft) -> Ends {
        let mut found = [None, None];
        for (slot, (end, column)) in
            found.iter_mut().zip([(&draft.from, Column::From), (&draft.to, Column::To)])
        {
            let Some(reference) = end else { continue };
            let why = match self.names.end(reference, |row| self.thing_of(row)) {
                Named::One(end) => {
                    *slot = Some(end);
                    continue;
                }
                Named::Several => Why::Several,
                Named::Nothing => self.lost(reference),
            };
            let text = if let Reference::Text(text) = reference { text.as_str() } else { "" };
            self.settled.rows[place].fault(Some(column), text, why);
        }
        let [from, to] = found;
        (from, to)
    }

    fn aim_line(
        &mut self,
        place: usize,
        row: &Row,
        draft: &LineDraft,
        ends: Option<Ends>,
        taken: &HashSet<ConnectionId>,
    ) -> Aim {
        if !row.id.is_empty() {
            let known = row.id.parse::<ConnectionId>().ok();
            let known = known.filter(|id| self.index.connection(*id).is_some());
            if known.is_none() {
                self.settled.rows[place].fault(Some(Column::Id), &row.id, Why::Id);
            }
            return known.map_or(Aim::Nothing, Aim::Existing);
        }
        let Some(ends) = ends else { return Aim::Nothing };
        let seen = &mut self.settled.rows[place];
        if draft.kind.is_none() && !seen.faults.iter().any(|fault| fault.column == Some(Column::Kind)) {
            seen.fault(Some(Column::Kind), "", Why::NoKind);
        }
        for (end, column) in [(&draft.from, Column::From), (&draft.to, Column::To)] {
            if end.is_none() && !seen.faults.iter().any(|fault| fault.column == Some(column)) {
                seen.fault(Some(column), "", Why::NoEnd);
            }
        }
        let (Some(kind), (Some(from), Some(to))) = (draft.kind, ends) else { return Aim::Nothing };
        let candidates = self.keys.lines((kind, from, to), taken);
        let is_there = |id| self.index.connection(ConnectionId(id)).is_some();
        let aim = match self.verdict(place, &candidates, is_there) {
            Verdict::Same(id) => Aim::Existing(ConnectionId(id)),
            Verdict::New => Aim::New,
            Verdict::Skip => Aim::Skipped,
            Verdict::Open => Aim::Open(match candidates.as_slice() {
                [one] => Some(ConnectionId(one.id)),
                _ => None,
            }),
        };
        self.settled.rows[place].candidates = candidates;
        aim
    }

    /// The line as the row would have it, beside how it is.
    fn compare(
        &mut self,
        place: usize,
        draft: &LineDraft,
        ends: Option<Ends>,
        before: Option<ConnectionDetails>,
    ) -> Outcome {
        let (from, to) = ends.unwrap_or_default();
        let mut after = match (&before, draft.kind, from, to) {
            (Some(before), ..) => before.clone(),
            (None, Some(kind), Some(from), Some(to)) => ConnectionDetails::between(kind, from, to),
            _ => return Outcome::Faulty,
        };
        after.from = from.unwrap_or(after.from);
        after.to = to.unwrap_or(after.to);
        take_line(&mut after, draft, before.is_none());
        let seen = &mut self.settled.rows[place];
        if let Some(name) = &draft.vendor {
            after.vendor = told(seen, Column::Vendor, name, self.names.vendor(name), after.vendor);
        }
        if after.from == after.to || (after.from.is_outside() && after.to.is_outside()) {
            seen.fault(Some(Column::To), "", Why::Ends);
        }
        if let Some(before) = &before {
            seen.forgive(&before.facts);
        }
        let fitted = connection_fitting(&after);
        let unfit = unfit(&draft.facts, &draft.controls, (&fitted.facts, &fitted.controls));
        seen.warnings.extend(unfit.into_iter().map(Warning::Unfit));
        seen.changes = before.as_ref().map(|before| line_changes(before, &fitted)).unwrap_or_default();
        let outcome = match &before {
            None => Outcome::New,
            Some(_) if seen.changes.is_empty() => Outcome::Same,
            Some(_) => Outcome::Change,
        };
        seen.before = before.map(|details| Body::Line(Box::new(details)));
        seen.after = Some(Body::Line(Box::new(fitted)));
        outcome
    }
}
