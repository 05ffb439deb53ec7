//! The ledger as the rules ask it.

use super::{Finding, Rule, Severity};
use crate::rules::scene::Whereabouts;
use chrono::NaiveDate;
use komainu_exposure::model::Control;
use komainu_inventory::{
    Asset, AssetId, AssetKind, Connection, ConnectionDetails, End, Fact, Index, Ledger, SystemId, Thing,
};
use std::collections::HashMap;

/// Systems whose kind says that patients' records are in them. Our reading of the kinds.
const WITH_RECORDS: [&str; 9] = [
    "emr-on-premises",
    "emr-cloud",
    "receipt-computer",
    "dispensing-computer",
    "medication-record",
    "order-entry",
    "pacs",
    "laboratory",
    "care-records",
];

pub(super) struct House<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) index: Index<'a>,
    pub(super) today: NaiveDate,
    pub(super) at: Whereabouts,
    of_system: HashMap<SystemId, Vec<&'a Asset>>,
    in_zone: HashMap<AssetId, Vec<&'a Asset>>,
    lines_at: HashMap<Thing, Vec<&'a Connection>>,
}

impl<'a> House<'a> {
    pub(super) fn of(ledger: &'a Ledger, today: NaiveDate) -> House<'a> {
        let at = Whereabouts::of(ledger);
        let mut of_system: HashMap<SystemId, Vec<&Asset>> = HashMap::new();
        let mut in_zone: HashMap<AssetId, Vec<&Asset>> = HashMap::new();
        for asset in &ledger.assets {
            if let Some(system) = asset.details.system {
                of_system.entry(system).or_default().push(asset);
            }
            if asset.details.kind != AssetKind::Zone
                && let Some(zone) = at.zone(Thing::Asset(asset.id))
            {
                in_zone.entry(zone).or_default().push(asset);
            }
        }
        let mut lines_at: HashMap<Thing, Vec<&Connection>> = HashMap::new();
        for line in &ledger.connections {
            for thing in [line.details.from, line.details.to].into_iter().filter_map(End::thing) {
                lines_at.entry(thing).or_default().push(line);
            }
        }
        House { ledger, index: ledger.index(), today, at, of_system, in_zone, lines_at }
    }

    /// The things of a system.
    pub(super) fn of_system(&self, system: SystemId) -> &[&'a Asset] {
        self.of_system.get(&system).map_or(&[], Vec::as_slice)
    }

    /// The things in a zone, in the order of the ledger; not those in zones within it.
    pub(super) fn in_zone(&self, zone: AssetId) -> &[&'a Asset] {
        self.in_zone.get(&zone).map_or(&[], Vec::as_slice)
    }

    /// The lines that end at a thing.
    pub(super) fn lines_at(&self, thing: Thing) -> &[&'a Connection] {
        self.lines_at.get(&thing).map_or(&[], Vec::as_slice)
    }

    pub(super) fn zones(&self) -> impl Iterator<Item = &'a Asset> {
        self.ledger.of_kind(AssetKind::Zone)
    }

    pub(super) fn asset(&self, end: End) -> Option<&'a Asset> {
        self.index.asset(end.thing()?.asset()?)
    }

    /// Whether patients' records lie there, as far as anybody has said.
    pub(super) fn holds_records(&self, thing: Thing) -> bool {
        match thing {
            Thing::Asset(id) => self.index.asset(id).is_some_and(asset_holds_records),
            Thing::System(id) => {
                let things = self.of_system(id);
                let kind = self.index.system(id).map_or("", |system| system.kind.as_str());
                let known = things.iter().any(|asset| asset.details.facts.known(Fact::HoldsRecords));
                things.iter().any(|asset| asset_holds_records(asset))
                    || (!known && WITH_RECORDS.contains(&kind))
            }
        }
    }

    /// Whether updates no longer come: the maker's last day is over, or somebody said so.
    pub(super) fn is_unsupported(&self, asset: &Asset) -> bool {
        let over = asset.details.facts.day(Fact::SupportEnds).is_some_and(|day| day < self.today);
        over || asset.details.control(Control::Supported) == Some(false)
    }
}

pub(super) fn asset_holds_records(asset: &Asset) -> bool {
    asset.details.facts.yes(Fact::HoldsRecords) == Some(true)
}

pub(super) fn reads_mail(asset: &Asset) -> bool {
    asset.details.facts.yes(Fact::ReadsMail) == Some(true)
}

/// Whether somebody outside can open a line.
pub(super) fn comes_in(line: &ConnectionDetails) -> bool {
    line.from.is_outside() || (line.both_ways && line.to.is_outside())
}

pub(super) fn asset_end(asset: &Asset) -> End {
    End::Thing(Thing::Asset(asset.id))
}

pub(super) fn of_line(rule: Rule, severity: Severity, line: &Connection) -> Finding {
    let ends = [line.details.from, line.details.to].into_iter().filter(|end| end.thing().is_some());
    Finding { rule, severity, line: Some(line.id), things: ends.collect() }
}

pub(super) fn of_things(rule: Rule, severity: Severity, things: Vec<End>) -> Finding {
    Finding { rule, severity, line: None, things }
}

/// What follows from a control: nothing where it is there, danger where it is not, a warning where nobody has said.
pub(super) fn lacking(control: Option<bool>) -> Option<Severity> {
    match control {
        Some(true) => None,
        Some(false) => Some(Severity::Danger),
        None => Some(Severity::Warn),
    }
}
