//! The whole ledger at one moment.

use crate::model::asset::{Asset, AssetId, AssetKind, Thing};
use crate::model::connection::{Connection, ConnectionId, End};
use crate::model::system::{SystemId, SystemRecord};
use komainu_vendor::{Vendor, VendorId};
use std::collections::HashMap;

/// Everything that an institution has written down, as one consistent picture.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Grows with each change of systems, things or lines; equal numbers mean an equal ledger.
    pub revision: i64,
    /// Systems, in the order they were added.
    pub systems: Vec<SystemRecord>,
    /// Things, in the order they were added.
    pub assets: Vec<Asset>,
    /// Lines, in the order they were added.
    pub connections: Vec<Connection>,
    /// Vendors, in the order they were added.
    pub vendors: Vec<Vendor>,
}

/// Where each record of a ledger is found by its id.
#[derive(Debug)]
pub struct Index<'a> {
    systems: HashMap<SystemId, &'a SystemRecord>,
    assets: HashMap<AssetId, &'a Asset>,
    connections: HashMap<ConnectionId, &'a Connection>,
    vendors: HashMap<VendorId, &'a Vendor>,
}

impl Ledger {
    /// Finds records by their ids.
    pub fn index(&self) -> Index<'_> {
        Index {
            systems: self.systems.iter().map(|system| (system.id, system)).collect(),
            assets: self.assets.iter().map(|asset| (asset.id, asset)).collect(),
            connections: self.connections.iter().map(|line| (line.id, line)).collect(),
            vendors: self.vendors.iter().map(|vendor| (vendor.id, vendor)).collect(),
        }
    }

    /// Things of one kind.
    pub fn of_kind(&self, kind: AssetKind) -> impl Iterator<Item = &Asset> {
        self.assets.iter().filter(move |asset| asset.details.kind == kind)
    }
}

impl<'a> Index<'a> {
    /// A system.
    pub fn system(&self, id: SystemId) -> Option<&'a SystemRecord> {
        self.systems.get(&id).copied()
    }

    /// A thing.
    pub fn asset(&self, id: AssetId) -> Option<&'a Asset> {
        self.assets.get(&id).copied()
    }

    /// A line.
    pub fn connection(&self, id: ConnectionId) -> Option<&'a Connection> {
        self.connections.get(&id).copied()
    }

    /// A vendor.
    pub fn vendor(&self, id: VendorId) -> Option<&'a Vendor> {
        self.vendors.get(&id).copied()
    }

    /// The name of a thing or system.
    pub fn thing_name(&self, thing: Thing) -> Option<&'a str> {
        match thing {
            Thing::Asset(id) => self.asset(id).map(|asset| asset.details.name.as_str()),
            Thing::System(id) => self.system(id).map(|system| system.name.as_str()),
        }
    }

    /// The name of an end; none for the Internet, whose name is a word of the reader's language.
    pub fn end_name(&self, end: End) -> Option<&'a str> {
        match end {
            End::Internet => None,
            End::Vendor(id) => self.vendor(id).map(|vendor| vendor.name.as_str()),
            End::Thing(thing) => self.thing_name(thing),
        }
    }
}
