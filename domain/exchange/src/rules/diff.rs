//! What a row makes of a record, and where that differs from the record as it is.

use crate::model::{Column, LineDraft, ThingDraft};
use komainu_exposure::model::{Control, Controls, State};
use komainu_inventory::{AssetDetails, ConnectionDetails, Fact, Facts};
use std::collections::{BTreeMap, BTreeSet};

/// Takes over what a row says of a thing by itself, without what names others.
pub(super) fn take_thing(into: &mut AssetDetails, draft: &ThingDraft, new: bool) {
    if new || !draft.guessed {
        if let Some(kind) = draft.kind {
            into.kind = kind;
        }
        if let Some(name) = &draft.name {
            into.name.clone_from(name);
        }
    }
    take(&mut into.facts, &mut into.controls, &draft.facts, &draft.controls);
    if let Some(note) = &draft.note {
        into.note.clone_from(note);
    }
}

/// The same of a line.
pub(super) fn take_line(into: &mut ConnectionDetails, draft: &LineDraft, new: bool) {
    if let Some(kind) = draft.kind {
        into.kind = kind;
    }
    if new || !draft.guessed {
        if let Some(name) = &draft.name {
            into.name.clone_from(name);
        }
        if let Some(note) = &draft.note {
            into.note.clone_from(note);
        }
    }
    if let Some(both_ways) = draft.both_ways {
        into.both_ways = both_ways;
    }
    take(&mut into.facts, &mut into.controls, &draft.facts, &draft.controls);
}

fn take(
    facts: &mut Facts,
    controls: &mut Controls,
    new_facts: &BTreeMap<Fact, String>,
    new_controls: &BTreeMap<Control, State>,
) {
    for (fact, text) in new_facts {
        // Its text is in the canonical form, since the row was read.
        let _ = facts.set(*fact, text);
    }
    for (control, state) in new_controls {
        if *state == State::Unknown {
            controls.remove(control);
        } else {
            controls.insert(*control, *state);
        }
    }
}

/// The columns in which two things differ, in the order of the sheet.
pub(super) fn thing_changes(old: &AssetDetails, new: &AssetDetails) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut note = |differs: bool, column| {
        if differs {
            columns.push(column);
        }
    };
    note(old.kind != new.kind, Column::Kind);
    note(old.name != new.name, Column::Name);
    note(old.zone != new.zone, Column::Zone);
    note(old.place != new.place, Column::Place);
    note(old.system != new.system, Column::System);
    note(old.vendor != new.vendor, Column::Vendor);
    columns.extend(detail_changes((&old.facts, &old.controls), (&new.facts, &new.controls)));
    let differ: BTreeSet<_> =
        old.relations.symmetric_difference(&new.relations).map(|(kind, _)| *kind).collect();
    columns.extend(differ.into_iter().map(Column::Relation));
    if old.note != new.note {
        columns.push(Column::Note);
    }
    columns
}

/// The columns in which two lines differ.
pub(super) fn line_changes(old: &ConnectionDetails, new: &ConnectionDetails) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut note = |differs: bool, column| {
        if differs {
            columns.push(column);
        }
    };
    note(old.kind != new.kind, Column::Kind);
    note(old.name != new.name, Column::Name);
    note(old.from != new.from, Column::From);
    note(old.to != new.to, Column::To);
    note(old.both_ways != new.both_ways, Column::BothWays);
    note(old.vendor != new.vendor, Column::Vendor);
    columns.extend(detail_changes((&old.facts, &old.controls), (&new.facts, &new.controls)));
    if old.note != new.note {
        columns.push(Column::Note);
    }
    columns
}

fn detail_changes(old: (&Facts, &Controls), new: (&Facts, &Controls)) -> Vec<Column> {
    let facts = Fact::ALL.iter().copied().filter(|fact| old.0.text(*fact) != new.0.text(*fact));
    let controls = Control::ALL.iter().copied().filter(|control| old.1.get(control) != new.1.get(control));
    facts.map(Column::Fact).chain(controls.map(Column::Control)).collect()
}

/// The columns of which a row says something that such a record does not have.
pub(super) fn unfit(
    facts: &BTreeMap<Fact, String>,
    controls: &BTreeMap<Control, State>,
    kept: (&Facts, &Controls),
) -> Vec<Column> {
    let facts = facts.iter().filter(|(fact, text)| !text.is_empty() && !kept.0.known(**fact));
    let controls = controls
        .iter()
        .filter(|(control, state)| **state != State::Unknown && !kept.1.contains_key(*control));
    facts
        .map(|(fact, _)| Column::Fact(*fact))
        .chain(controls.map(|(control, _)| Column::Control(*control)))
        .collect()
}
