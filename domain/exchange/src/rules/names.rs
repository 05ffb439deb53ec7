//! Names in files: what they lead to, and how a record is named so that it is found again.

use crate::model::Reference;
use crate::vocabulary::{Vocabulary, clears, fold, says_nothing};
use komainu_inventory::{Asset, AssetId, AssetKind, End, Ledger, SystemId, Thing};
use komainu_vendor::VendorId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<T> {
    /// Exactly this.
    One(T),
    /// Several of the name.
    Several,
    /// Nothing.
    Nothing,
}

/// The names of a ledger, of what files add to it, and what they lead to.
pub(super) struct Names {
    by_name: HashMap<String, Vec<(String, End)>>,
    known: HashSet<End>,
    kinds: HashMap<AssetId, AssetKind>,
    /// Zones by the network that they are.
    networks: HashMap<String, AssetId>,
}

impl Names {
    pub(super) fn of(ledger: &Ledger) -> Names {
        let mut names = Names {
            by_name: HashMap::new(),
            known: HashSet::new(),
            kinds: HashMap::new(),
            networks: HashMap::new(),
        };
        for system in &ledger.systems {
            names.add(&system.name, End::Thing(Thing::System(system.id)));
        }
        for Asset { id, details, .. } in &ledger.assets {
            names.add_asset(*id, details.kind, &details.name);
            if details.kind == AssetKind::Zone {
                let networks = details.facts.text(komainu_inventory::Fact::Address);
                for network in networks.split([',', ' ', '、', ';']).filter(|text| text.contains('/')) {
                    names.networks.entry(network.to_owned()).or_insert(*id);
                }
            }
        }
        for vendor in &ledger.vendors {
            names.add(&vendor.name, End::Vendor(vendor.id));
        }
        names
    }

    fn add(&mut self, name: &str, end: End) {
        self.known.insert(end);
        let named = self.by_name.entry(fold(name)).or_default();
        if !named.iter().any(|(text, known)| text == name && *known == end) {
            named.push((name.to_owned(), end));
        }
    }

    /// A thing by a name of its own; the one before it, if there was one, leads to it as well.
    pub(super) fn add_asset(&mut self, id: AssetId, kind: AssetKind, name: &str) {
        self.kinds.insert(id, kind);
        self.add(name, End::Thing(Thing::Asset(id)));
    }

    /// Nothing leads to it any more.
    pub(super) fn forget(&mut self, id: AssetId) {
        self.known.remove(&End::Thing(Thing::Asset(id)));
        self.kinds.remove(&id);
        self.networks.retain(|_, zone| *zone != id);
    }

    fn find(&self, text: &str, fits: impl Fn(End) -> bool) -> Named<End> {
        let fits = |end: End| self.known.contains(&end) && fits(end);
        if let Ok(end) = text.parse::<End>() {
            return if fits(end) { Named::One(end) } else { Named::Nothing };
        }
        let all = self.by_name.get(&fold(text)).map(Vec::as_slice).unwrap_or_default();
        let only = |exact: bool| {
            let mut found = all.iter().filter(|(name, end)| (!exact || name == text) && fits(*end));
            match (found.next(), found.next()) {
                (None, _) => Named::Nothing,
                (Some((_, end)), None) => Named::One(*end),
                // One record under two names of its own is one.
                (Some((_, first)), Some((_, second))) if first == second && found.next().is_none() => {
                    Named::One(*first)
                }
                _ => Named::Several,
            }
        };
        match only(true) {
            Named::Nothing => only(false),
            found => found,
        }
    }

    /// A zone or a place.
    pub(super) fn within(&self, kind: AssetKind, text: &str) -> Named<AssetId> {
        let id = |end: End| end.thing().and_then(Thing::asset);
        let of_kind = |end: End| id(end).and_then(|id| self.kinds.get(&id)).is_some_and(|own| *own == kind);
        match self.find(text, of_kind) {
            Named::One(end) => id(end).map_or(Named::Nothing, Named::One),
            Named::Several => Named::Several,
            Named::Nothing if kind == AssetKind::Zone => {
                self.networks.get(text).map_or(Named::Nothing, |id| Named::One(*id))
            }
            Named::Nothing => Named::Nothing,
        }
    }

    /// A system.
    pub(super) fn system(&self, text: &str) -> Named<SystemId> {
        let id = |end: End| end.thing().and_then(Thing::system);
        match self.find(text, |end| id(end).is_some()) {
            Named::One(end) => id(end).map_or(Named::Nothing, Named::One),
            Named::Several => Named::Several,
            Named::Nothing => Named::Nothing,
        }
    }

    /// A vendor.
    pub(super) fn vendor(&self, text: &str) -> Named<VendorId> {
        match self.find(text, |end| end.vendor().is_some()) {
            Named::One(end) => end.vendor().map_or(Named::Nothing, Named::One),
            Named::Several => Named::Several,
            Named::Nothing => Named::Nothing,
        }
    }

    /// A thing or system; `row` tells what a row is about.
    pub(super) fn thing(
        &self,
        reference: &Reference,
        row: impl Fn(usize) -> Option<AssetId>,
    ) -> Named<Thing> {
        match self.end(reference, row) {
            Named::One(end) => end.thing().map_or(Named::Nothing, Named::One),
            Named::Several => match reference {
                // A vendor of the same name is none of the things that could be meant.
                Reference::Text(text) => match self.find(text, |end| end.thing().is_some()) {
                    Named::One(end) => end.thing().map_or(Named::Nothing, Named::One),
                    Named::Several => Named::Several,
                    Named::Nothing => Named::Nothing,
                },
                _ => Named::Several,
            },
            Named::Nothing => Named::Nothing,
        }
    }

    /// An end of a line.
    pub(super) fn end(&self, reference: &Reference, row: impl Fn(usize) -> Option<AssetId>) -> Named<End> {
        match reference {
            Reference::Internet => Named::One(End::Internet),
            Reference::Row(place) => {
                row(*place).map_or(Named::Nothing, |id| Named::One(End::Thing(Thing::Asset(id))))
            }
            Reference::Text(text) => self.find(text, |_| true),
        }
    }
}

/// How records are named for people and in files.
pub struct Namer<'a> {
    vocabulary: &'a Vocabulary,
    names: HashMap<End, String>,
    /// How many records bear a name, by its folded form.
    bearers: HashMap<String, usize>,
}

impl<'a> Namer<'a> {
    /// The names of a ledger, and of what is not in it yet.
    pub fn new(vocabulary: &'a Vocabulary, ledger: &Ledger, new: &BTreeMap<AssetId, String>) -> Namer<'a> {
        let asset = |id: AssetId| End::Thing(Thing::Asset(id));
        let mut names: HashMap<End, String> = HashMap::new();
        names.extend(ledger.assets.iter().map(|one| (asset(one.id), one.details.name.clone())));
        names.extend(ledger.systems.iter().map(|one| (End::Thing(Thing::System(one.id)), one.name.clone())));
        names.extend(ledger.vendors.iter().map(|one| (End::Vendor(one.id), one.name.clone())));
        names.extend(new.iter().map(|(id, name)| (asset(*id), name.clone())));
        let mut bearers: HashMap<String, usize> = HashMap::new();
        for name in names.values() {
            *bearers.entry(fold(name)).or_default() += 1;
        }
        Namer { vocabulary, names, bearers }
    }

    /// The name as people read it; empty for the Internet, and for what is not there.
    pub fn plain(&self, end: End) -> &str {
        self.names.get(&end).map_or("", String::as_str)
    }

    /// The name where it leads back to this very record, else kind and id.
    pub fn exact(&self, end: End) -> String {
        let name = self.plain(end);
        let folded = fold(name);
        let clear = self.bearers.get(&folded) == Some(&1)
            && !says_nothing(&folded)
            && !clears(&folded)
            && !self.vocabulary.is_internet(&folded)
            && name.parse::<End>().is_err()
            && !name.contains([';', '；', '\n'])
            && !name.contains('\t')
            && name.trim() == name;
        if clear { name.to_owned() } else { end.to_string() }
    }
}
