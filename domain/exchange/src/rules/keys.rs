//! What in a ledger a row may be about: found by what identifies a machine, the surest first, in one look each.

use crate::model::{Candidate, Reason, ThingDraft};
use crate::vocabulary::fold;
use komainu_db::Id as _;
use komainu_discovery::Mac;
use komainu_exposure::model::ConnectionKind;
use komainu_inventory::{AssetId, AssetKind, ConnectionId, End, Fact, Ledger};
use std::collections::{HashMap, HashSet};

/// So many records are offered at most; a name that more bear tells nothing.
const OFFERED: usize = 5;

/// A thing's hardware addresses, those that identify it.
pub(super) fn macs(text: &str) -> impl Iterator<Item = Mac> + '_ {
    text.split([',', ' ', '、', ';', '\n', '/']).filter_map(|part| part.parse().ok())
}

/// Where the records of a ledger are found by what identifies them.
pub(super) struct Keys {
    serials: HashMap<String, Vec<AssetId>>,
    macs: HashMap<Mac, Vec<AssetId>>,
    numbers: HashMap<String, Vec<AssetId>>,
    hosts: HashMap<(AssetKind, String), Vec<AssetId>>,
    names: HashMap<String, Vec<(AssetKind, AssetId)>>,
    lines: HashMap<(ConnectionKind, End, End), Vec<ConnectionId>>,
}

impl Keys {
    pub(super) fn of(ledger: &Ledger) -> Keys {
        let mut keys = Keys {
            serials: HashMap::new(),
            macs: HashMap::new(),
            numbers: HashMap::new(),
            hosts: HashMap::new(),
            names: HashMap::new(),
            lines: HashMap::new(),
        };
        for asset in &ledger.assets {
            let (id, details) = (asset.id, &asset.details);
            let fact = |fact| Some(fold(details.facts.text(fact))).filter(|text| !text.is_empty());
            if let Some(serial) = fact(Fact::Serial) {
                keys.serials.entry(serial).or_default().push(id);
            }
            for mac in macs(details.facts.text(Fact::Mac)) {
                keys.macs.entry(mac).or_default().push(id);
            }
            if let Some(number) = fact(Fact::Number) {
                keys.numbers.entry(number).or_default().push(id);
            }
            if let Some(host) = fact(Fact::Hostname) {
                keys.hosts.entry((details.kind, host)).or_default().push(id);
            }
            keys.names.entry(fold(&details.name)).or_default().push((details.kind, id));
        }
        for line in &ledger.connections {
            let details = &line.details;
            let key = (details.kind, details.from, details.to);
            keys.lines.entry(key).or_default().push(line.id);
        }
        keys
    }

    /// What a row that names no id may be about. `taken` are things that another row names by their id.
    pub(super) fn things(&self, draft: &ThingDraft, taken: &HashSet<AssetId>) -> Vec<Candidate> {
        let fact = |fact| draft.facts.get(&fact).map(|text| fold(text)).filter(|text| !text.is_empty());
        let offer = |ids: &mut dyn Iterator<Item = AssetId>, reason| {
            let mut seen = HashSet::new();
            let free = ids.filter(|id| !taken.contains(id) && seen.insert(*id));
            free.take(OFFERED).map(|id| Candidate { id: id.uuid(), reason }).collect::<Vec<_>>()
        };
        let of = |found: Option<&Vec<AssetId>>, reason| {
            let ids = found.map(Vec::as_slice).unwrap_or_default();
            offer(&mut ids.iter().copied(), reason)
        };
        let serial = || of(fact(Fact::Serial).and_then(|serial| self.serials.get(&serial)), Reason::Serial);
        let mac = || {
            let text = draft.facts.get(&Fact::Mac).map_or("", String::as_str);
            offer(&mut macs(text).filter_map(|mac| self.macs.get(&mac)).flatten().copied(), Reason::Mac)
        };
        let number = || of(fact(Fact::Number).and_then(|number| self.numbers.get(&number)), Reason::Number);
        let host = || {
            let key = draft.kind.zip(fact(Fact::Hostname));
            of(key.and_then(|key| self.hosts.get(&key)), Reason::Hostname)
        };
        let name = || {
            let named = draft.name.as_ref().and_then(|name| self.names.get(&fold(name)));
            let named = named.map(Vec::as_slice).unwrap_or_default().iter();
            // A guessed kind tells machines from zones and places, but not one machine from another.
            let fits = |kind: AssetKind| match draft.kind {
                None => true,
                Some(own) if draft.guessed => own.is_host() && kind.is_host(),
                Some(own) => own == kind,
            };
            offer(&mut named.filter(|(kind, _)| fits(*kind)).map(|(_, id)| *id), Reason::Name)
        };
        let ways: [&dyn Fn() -> Vec<Candidate>; 5] = [&serial, &mac, &number, &host, &name];
        ways.into_iter().map(|way| way()).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The lines that a row which names no id may be about.
    pub(super) fn lines(
        &self,
        key: (ConnectionKind, End, End),
        taken: &HashSet<ConnectionId>,
    ) -> Vec<Candidate> {
        let found = self.lines.get(&key).map(Vec::as_slice).unwrap_or_default();
        let free = found.iter().filter(|id| !taken.contains(id)).take(OFFERED);
        free.map(|id| Candidate { id: id.uuid(), reason: Reason::Ends }).collect()
    }
}
