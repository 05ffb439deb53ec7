//! What becomes of the rows: each is matched with the ledger as it is, compared field by field, and made a change.

mod line;
mod thing;
mod together;

pub(crate) use together::fault_of;

use super::keys::Keys;
use super::names::{Named, Names};
use crate::model::{
    Body, Candidate, Choices, Column, Counts, Creation, Decision, Draft, Every, Fault, Outcome, Reference,
    Row, Seen, Settled, Why,
};
use crate::vocabulary::fold;
use komainu_db::uuid::Uuid;
use komainu_inventory::actions::Edit;
use komainu_inventory::{AssetDetails, AssetId, AssetKind, ConnectionId, Fact, Facts, Index, Ledger, Thing};
use std::collections::{HashMap, HashSet};

/// What a row of a thing is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// A thing of the ledger.
    Existing(AssetId),
    /// A new one.
    New(AssetId),
    /// Nobody has decided; shown against this one, where it is the only one in question.
    Open(Option<AssetId>),
    /// It is left out.
    Skipped,
    /// It cannot be told, or is a row of a line.
    Nothing,
}

/// What a person's word, or the lack of one, makes of a row without an id.
enum Verdict {
    Same(Uuid),
    New,
    Open,
    Skip,
}

/// Rows on their way.
struct Settling<'a> {
    index: Index<'a>,
    rows: &'a [Row],
    choices: &'a Choices,
    ids: &'a mut dyn FnMut() -> Uuid,
    names: Names,
    keys: Keys,
    plans: Vec<Plan>,
    /// Things that rows remove, and their folded names.
    removed: HashSet<AssetId>,
    gone: HashSet<String>,
    /// Which creation an id or a name belongs to.
    made: HashMap<AssetId, usize>,
    unmade: HashMap<(AssetKind, String), usize>,
    settled: Settled,
}

/// Settles rows against a ledger. New things and lines get the next of `ids`.
pub fn settle(ledger: &Ledger, rows: &[Row], choices: &Choices, ids: &mut dyn FnMut() -> Uuid) -> Settled {
    let mut settling = Settling {
        index: ledger.index(),
        rows,
        choices,
        ids,
        names: Names::of(ledger),
        keys: Keys::of(ledger),
        plans: vec![Plan::Nothing; rows.len()],
        removed: HashSet::new(),
        gone: HashSet::new(),
        made: HashMap::new(),
        unmade: HashMap::new(),
        settled: Settled {
            revision: ledger.revision,
            rows: rows.iter().enumerate().map(|(place, row)| unseen(choices, place, row)).collect(),
            ..Settled::default()
        },
    };
    settling.aim_things();
    settling.name_things();
    settling.make_things();
    settling.make_lines();
    settling.tell_lines(ledger);
    settling.finish(ledger)
}

/// A row before anything is known of it.
fn unseen(choices: &Choices, place: usize, row: &Row) -> Seen {
    Seen {
        source: row.source,
        number: row.number,
        outcome: Outcome::Faulty,
        target: None,
        candidates: Vec::new(),
        decision: choices.rows.get(&place).copied(),
        before: None,
        after: None,
        changes: Vec::new(),
        warnings: Vec::new(),
        faults: row.faults.clone(),
        evidence: row.evidence,
    }
}

impl Seen {
    fn fault(&mut self, column: Option<Column>, text: &str, why: Why) {
        self.faults.push(Fault { column, text: text.to_owned(), why });
    }

    /// A fact that was written under other bounds, and is told again as it stands, is no fault: it stays.
    fn forgive(&mut self, stored: &Facts) {
        self.faults.retain(|fault| match (fault.column, fault.why) {
            (Some(Column::Fact(fact)), Why::Fact(_)) => stored.text(fact) != fault.text,
            _ => true,
        });
    }
}

impl Settling<'_> {
    /// What is to be done with a row that names no id.
    fn verdict(&self, place: usize, candidates: &[Candidate], is_there: impl Fn(Uuid) -> bool) -> Verdict {
        match self.choices.rows.get(&place) {
            Some(Decision::Same(id)) if is_there(*id) => return Verdict::Same(*id),
            Some(Decision::Other) => return Verdict::New,
            Some(Decision::Skip) => return Verdict::Skip,
            _ => {}
        }
        match (candidates, self.choices.every) {
            ([], _) | (_, Some(Every::Other)) => Verdict::New,
            (_, Some(Every::Skip)) => Verdict::Skip,
            ([only], Some(Every::Same)) => Verdict::Same(only.id),
            _ => Verdict::Open,
        }
    }

    /// The zone or place of a name; made where nothing bears it, unless a person does not want that.
    fn within(&mut self, kind: AssetKind, name: &str) -> Result<Option<AssetId>, Why> {
        match self.names.within(kind, name) {
            Named::One(id) => {
                if let Some(creation) = self.made.get(&id).and_then(|at| self.settled.creations.get_mut(*at))
                {
                    creation.rows += 1;
                }
                Ok(Some(id))
            }
            Named::Several => Err(Why::Several),
            Named::Nothing if self.gone.contains(&fold(name)) => Err(Why::NotThat),
            // What looks like an id names something that is not here.
            Named::Nothing if name.parse::<Thing>().is_ok() => Err(Why::Unknown),
            Named::Nothing => Ok(self.create(kind, name)),
        }
    }

    fn create(&mut self, kind: AssetKind, name: &str) -> Option<AssetId> {
        let known = self.unmade.get(&(kind, name.to_owned())).copied();
        if let Some(creation) = known.and_then(|at| self.settled.creations.get_mut(at)) {
            creation.rows += 1;
            return None;
        }
        let (id, at) = (AssetId((self.ids)()), self.settled.creations.len());
        let mut creation = Creation { kind, name: name.to_owned(), rows: 1, wanted: true, id };
        creation.wanted = !self.choices.not_made.contains(&creation.key());
        let wanted = creation.wanted;
        self.settled.creations.push(creation);
        if !wanted {
            self.unmade.insert((kind, name.to_owned()), at);
            return None;
        }
        self.made.insert(id, at);
        self.names.add_asset(id, kind, name);
        self.settled.names.insert(id, name.to_owned());
        Some(id)
    }

    /// Why a reference leads nowhere.
    fn lost(&self, reference: &Reference) -> Why {
        match reference {
            Reference::Text(text) if self.gone.contains(&fold(text)) => Why::NotThat,
            _ => Why::Unknown,
        }
    }

    /// The thing that a row is about.
    fn thing_of(&self, place: usize) -> Option<AssetId> {
        match self.plans.get(place)? {
            Plan::Existing(id) | Plan::New(id) | Plan::Open(Some(id)) => Some(*id),
            Plan::Open(None) | Plan::Skipped | Plan::Nothing => None,
        }
    }

    /// Counts, and keeps the changes, once those that do not stand together are told at their rows.
    fn finish(mut self, ledger: &Ledger) -> Settled {
        self.mark_faulty();
        let mut changes = self.changes();
        if self.stands_together(ledger, &changes) {
            self.mark_faulty();
            changes = self.changes();
        }
        let mut settled = self.settled;
        settled.counts.made = settled.creations.iter().filter(|creation| creation.wanted).count();
        for seen in &settled.rows {
            count(&mut settled.counts, seen.outcome);
        }
        (settled.row_of, settled.edits) = changes.into_iter().unzip();
        settled
    }

    fn mark_faulty(&mut self) {
        for seen in &mut self.settled.rows {
            if !seen.faults.is_empty() && seen.outcome != Outcome::Skipped {
                seen.outcome = Outcome::Faulty;
            }
        }
    }

    /// The changes in their order, each with its row: zones and places, what is added and changed, what goes.
    fn changes(&self) -> Vec<(Option<usize>, Edit)> {
        let mut changes = Vec::new();
        for creation in self.settled.creations.iter().filter(|creation| creation.wanted) {
            let mut details = AssetDetails::named(creation.kind, &creation.name);
            if creation.kind == AssetKind::Zone && is_network(&creation.name) {
                // A network's name is short enough to be its address.
                let _ = details.facts.set(Fact::Address, &creation.name);
            }
            changes.push((None, Edit::AssetAdd(creation.id, details)));
        }
        let mut last = Vec::new();
        for (place, (seen, row)) in self.settled.rows.iter().zip(self.rows).enumerate() {
            let is_thing = matches!(row.draft, Draft::Thing(_));
            match edit(seen, is_thing, &self.removed).map(|edit| (Some(place), edit)) {
                Some(change @ (_, Edit::AssetRemove(_) | Edit::ConnectionRemove(_))) => last.push(change),
                change => changes.extend(change),
            }
        }
        changes.extend(last);
        changes
    }
}

/// The change that a row makes; none where it makes none.
fn edit(seen: &Seen, is_thing: bool, removed: &HashSet<AssetId>) -> Option<Edit> {
    let id = seen.target?;
    let (asset, line) = (AssetId(id), ConnectionId(id));
    Some(match (seen.outcome, &seen.after) {
        (Outcome::New, Some(Body::Thing(details))) => Edit::AssetAdd(asset, (**details).clone()),
        (Outcome::Change, Some(Body::Thing(details))) => Edit::AssetChange(asset, (**details).clone()),
        (Outcome::New, Some(Body::Line(details))) => Edit::ConnectionAdd(line, (**details).clone()),
        (Outcome::Change, Some(Body::Line(details))) => Edit::ConnectionChange(line, (**details).clone()),
        (Outcome::Remove, _) if is_thing => Edit::AssetRemove(asset),
        // A line goes by itself with the thing that it ends at.
        (Outcome::Remove, _) if !line::ends_at(seen, removed) => Edit::ConnectionRemove(line),
        _ => return None,
    })
}

fn count(counts: &mut Counts, outcome: Outcome) {
    let counter = match outcome {
        Outcome::Faulty => &mut counts.faulty,
        Outcome::Undecided => &mut counts.undecided,
        Outcome::Remove => &mut counts.remove,
        Outcome::Change => &mut counts.change,
        Outcome::New => &mut counts.new,
        Outcome::Same => &mut counts.same,
        Outcome::Skipped => &mut counts.skipped,
    };
    *counter += 1;
}

/// Whether a name is a network as `192.168.1.0/24`.
fn is_network(name: &str) -> bool {
    name.split_once('/').is_some_and(|(address, width)| {
        address.parse::<core::net::IpAddr>().is_ok() && width.parse::<u8>().is_ok()
    })
}

#[cfg(test)]
mod tests;
