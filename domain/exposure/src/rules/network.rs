//! The ledger as a network of the exposure engine. `docs/exposure.md` tells the rules in words.
//!
//! Whatever a ledger holds, the engine accepts what is made of it: what cannot stand there is left out. Ids are those of
//! the ledger with a word before them: `asset:…`, `system:…`, `vendor:…`, `line:…`, and `assumed:…` for the line of a
//! system that is said to be maintained from outside while nobody wrote down how. Where a line of the ledger becomes
//! several, the second and later bear a slash and a number behind the id ([`line_of`]).

use chrono::NaiveDate;
use komainu_exposure::model::{
    Connection, ConnectionKind, Control, Controls, Credential, Dependency, INTERNET, Network, Node, NodeKind,
    Place, State,
};
use komainu_inventory::rules::counts_as_server;
use komainu_inventory::{
    Asset, AssetDetails, AssetKind, ConnectionDetails, End, Fact, Facts, Hosting, Index, Ledger,
    RelationKind, SystemId, SystemRecord, Thing,
};
use komainu_vendor::VendorId;
use std::collections::{BTreeSet, HashMap};

/// The network that a ledger describes on a day.
pub fn network(ledger: &Ledger, name: &str, today: NaiveDate) -> Network {
    let mapping = Mapping { ledger, index: ledger.index(), carriers: carriers(ledger), today };
    let connections = mapping.connections();
    Network {
        name: name.to_owned(),
        nodes: mapping.nodes(&connections),
        credentials: mapping.credentials(),
        dependencies: mapping.dependencies(),
        connections,
        ..Network::default()
    }
}

/// The last day on which the same ledger still gives the same network: the next on which a maker's support ends.
pub fn good_until(ledger: &Ledger, today: NaiveDate) -> Option<NaiveDate> {
    let ends = ledger.assets.iter().filter_map(|asset| asset.details.facts.day(Fact::SupportEnds));
    ends.filter(|last| *last >= today).min()
}

/// The id of the ledger's line that a line of the network is, or is one of.
pub fn line_of(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

/// What a system runs on: its servers, stores and services or, where it has none of these, the terminals and devices
/// that belong to it. A system without any of them is a thing of its own.
fn carriers(ledger: &Ledger) -> HashMap<SystemId, Vec<&Asset>> {
    let mut belonging: HashMap<SystemId, Vec<&Asset>> = HashMap::new();
    for asset in &ledger.assets {
        if let Some(system) = asset.details.system.filter(|_| asset.details.kind.is_host()) {
            belonging.entry(system).or_default().push(asset);
        }
    }
    for assets in belonging.values_mut() {
        let is_server = |asset: &&Asset| {
            matches!(asset.details.kind, AssetKind::Server | AssetKind::DataStore | AssetKind::CloudService)
        };
        let any = assets.iter().any(is_server);
        assets.retain(|asset| {
            if any {
                is_server(asset)
            } else {
                matches!(asset.details.kind, AssetKind::Terminal | AssetKind::MedicalDevice)
            }
        });
    }
    belonging.retain(|_, assets| !assets.is_empty());
    belonging
}

struct Mapping<'a> {
    ledger: &'a Ledger,
    index: Index<'a>,
    carriers: HashMap<SystemId, Vec<&'a Asset>>,
    today: NaiveDate,
}

impl Mapping<'_> {
    /// The nodes that a thing or system is.
    fn expand(&self, thing: Thing) -> Vec<(String, NodeKind)> {
        let of_asset = |asset: &Asset| (Thing::Asset(asset.id).to_string(), asset.details.kind.node_kind());
        let of_system = |system: &SystemRecord| (Thing::System(system.id).to_string(), system_kind(system));
        match thing {
            Thing::Asset(id) => self.index.asset(id).map(of_asset).into_iter().collect(),
            Thing::System(id) => match self.carriers.get(&id) {
                Some(assets) => assets.iter().copied().map(of_asset).collect(),
                None => self.index.system(id).map(of_system).into_iter().collect(),
            },
        }
    }

    /// Those of some things that an attacker can be in, each once, without `own`.
    fn hosts(&self, things: impl Iterator<Item = Thing>, own: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let nodes = things.flat_map(|thing| self.expand(thing));
        nodes
            .filter(|(id, kind)| kind.is_host() && id != own && seen.insert(id.clone()))
            .map(|(id, _)| id)
            .collect()
    }

    fn vendor_name(&self, id: Option<VendorId>) -> Option<String> {
        self.index.vendor(id?).map(|vendor| vendor.name.clone())
    }

    fn nodes(&self, connections: &[Connection]) -> Vec<Node> {
        let ends: BTreeSet<&str> =
            connections.iter().flat_map(|line| [line.from.as_str(), line.to.as_str()]).collect();
        let assets = self.ledger.assets.iter().map(|asset| self.asset(asset));
        let systems = self.ledger.systems.iter().filter(|system| !self.carriers.contains_key(&system.id));
        let partners = self.ledger.vendors.iter().filter_map(|vendor| {
            let id = End::Vendor(vendor.id).to_string();
            let named = || Node { name: vendor.name.clone(), ..Node::new(&id, NodeKind::Partner) };
            ends.contains(id.as_str()).then(named)
        });
        assets.chain(systems.map(|system| self.system(system))).chain(partners).collect()
    }

    fn asset(&self, asset: &Asset) -> Node {
        let AssetDetails { kind, facts, .. } = &asset.details;
        let id = Thing::Asset(asset.id).to_string();
        let number = |fact| facts.number(fact).filter(|number| *number > 0);
        Node {
            name: asset.details.name.clone(),
            zone: self.outer(&asset.details),
            product: product(facts),
            vendor: self.vendor_name(asset.details.vendor),
            count: number(Fact::Count).or(number(Fact::KnownBy)).unwrap_or(1),
            controls: node_controls(&asset.details, self.today),
            holds_records: self.holds_records(&asset.details),
            reads_mail: facts.yes(Fact::ReadsMail) == Some(true),
            takes_media: facts.yes(Fact::TakesMedia) == Some(true),
            managed_by: self.hosts(asset.details.related(RelationKind::ManagedBy), &id),
            copy_of: self.hosts(asset.details.related(RelationKind::CopyOf), &id),
            recovery_hours: facts.number(Fact::RecoveryHours).map(f64::from),
            priority: facts.number(Fact::Urgency).and_then(|urgency| u8::try_from(urgency).ok()),
            how_to_disconnect: said(facts, Fact::HowToDisconnect),
            ..Node::new(&id, kind.node_kind())
        }
    }

    /// The zone that a thing lies in; of a place, the place around it.
    fn outer(&self, details: &AssetDetails) -> Option<String> {
        let outer = match details.kind {
            AssetKind::Place => details.place,
            kind if kind.is_host() || kind == AssetKind::Zone => details.zone,
            _ => None,
        };
        let around = self.index.asset(outer?)?;
        let fits = matches!(around.details.kind, AssetKind::Zone | AssetKind::Place);
        fits.then(|| Thing::Asset(around.id).to_string())
    }

    /// Where nobody has said: whether it carries a system that stores medical information.
    fn holds_records(&self, details: &AssetDetails) -> bool {
        let carries =
            matches!(details.kind, AssetKind::Server | AssetKind::DataStore | AssetKind::CloudService);
        let system = details.system.and_then(|id| self.index.system(id)).filter(|_| carries);
        let guessed = || system.is_some_and(|system| counts_as_server(system.kind.as_str()));
        details.facts.yes(Fact::HoldsRecords).unwrap_or_else(guessed)
    }

    fn system(&self, system: &SystemRecord) -> Node {
        Node {
            name: system.name.clone(),
            vendor: self.vendor_name(system.vendor),
            holds_records: counts_as_server(system.kind.as_str()),
            ..Node::new(&Thing::System(system.id).to_string(), system_kind(system))
        }
    }

    fn credentials(&self) -> Vec<Credential> {
        let secret = |asset: &Asset| {
            let id = Thing::Asset(asset.id).to_string();
            let details = &asset.details;
            Credential {
                name: details.name.clone(),
                group: Some(id.clone()),
                opens: self.hosts(details.related(RelationKind::Opens), ""),
                found_on: self.hosts(details.related(RelationKind::FoundOn), ""),
                administrator: details.facts.yes(Fact::Administrator) != Some(false),
                controls: fitting(&details.controls, Place::Credential),
                ..Credential::new(&id, &[])
            }
        };
        self.ledger.of_kind(AssetKind::AccountGroup).map(secret).collect()
    }

    /// Needs of things first, which have no circle; one that a system brings in gives way where it would close one.
    fn dependencies(&self) -> Vec<Dependency> {
        let mut needs = Needs::default();
        for direct in [true, false] {
            for asset in &self.ledger.assets {
                if !RelationKind::Needs.fits(asset.details.kind) {
                    continue;
                }
                let of = Thing::Asset(asset.id).to_string();
                let things = asset.details.related(RelationKind::Needs);
                for thing in things.filter(|thing| thing.asset().is_some() == direct) {
                    for (on, kind) in self.expand(thing) {
                        if !matches!(kind, NodeKind::Place | NodeKind::Zone | NodeKind::AccountGroup) {
                            needs.add(&of, &on);
                        }
                    }
                }
            }
        }
        needs.list
    }

    fn connections(&self) -> Vec<Connection> {
        let mut lines = Vec::new();
        for line in &self.ledger.connections {
            let details = &line.details;
            let template = self.line(&format!("line:{}", line.id), details);
            spread(&template, &self.ends(details.from), &self.ends(details.to), &mut lines);
        }
        for system in self.ledger.systems.iter().filter(|system| system.remote_maintenance == Some(true)) {
            let thing = Thing::System(system.id);
            let own = self.expand(thing).iter().any(|(_, kind)| *kind != NodeKind::CloudService);
            if own && !self.is_entered(system) {
                let from = system.vendor.filter(|id| self.index.vendor(*id).is_some());
                let from = from.map_or_else(|| INTERNET.to_owned(), |id| End::Vendor(id).to_string());
                let id = format!("assumed:{}", system.id);
                let template = Connection {
                    vendor: self.vendor_name(system.vendor),
                    ..Connection::new(&id, &from, "", ConnectionKind::RemoteMaintenance)
                };
                spread(&template, &[from], &self.ends(End::Thing(thing)), &mut lines);
            }
        }
        lines
    }

    fn line(&self, id: &str, details: &ConnectionDetails) -> Connection {
        let facts = &details.facts;
        Connection {
            both_ways: details.both_ways,
            protocol: said(facts, Fact::Protocol),
            opened_by: said(facts, Fact::OpenedBy),
            vendor: self.vendor_name(details.vendor),
            controls: fitting(&details.controls, Place::Connection),
            how_to_cut: said(facts, Fact::HowToCut),
            ..Connection::new(id, "", "", details.kind)
        }
    }

    /// The nodes that a line ends at: at a system, each thing that it runs on.
    fn ends(&self, end: End) -> Vec<String> {
        match end {
            End::Internet => vec![INTERNET.to_owned()],
            End::Vendor(id) => self.index.vendor(id).map(|_| end.to_string()).into_iter().collect(),
            End::Thing(thing) => {
                let nodes = self.expand(thing).into_iter();
                let fits = |kind: NodeKind| !matches!(kind, NodeKind::Place | NodeKind::CareProcess);
                nodes.filter(|(_, kind)| fits(*kind)).map(|(id, _)| id).collect()
            }
        }
    }

    /// Whether the ledger has a line by which a system is maintained from outside: one that comes from there to it or to
    /// something that belongs to it, or that belongs to whoever supports it.
    fn is_entered(&self, system: &SystemRecord) -> bool {
        let belongs = |end: End| match end {
            End::Thing(Thing::System(id)) => id == system.id,
            End::Thing(Thing::Asset(id)) => {
                self.index.asset(id).is_some_and(|asset| asset.details.system == Some(system.id))
            }
            End::Internet | End::Vendor(_) => false,
        };
        self.ledger.connections.iter().map(|line| &line.details).any(|line| {
            let vendors = [line.vendor, line.from.vendor(), line.to.vendor()];
            let by_vendor = system.vendor.is_some() && vendors.contains(&system.vendor);
            line.is_outside() && enters(line.kind) && (by_vendor || belongs(line.from) || belongs(line.to))
        })
    }
}

/// Whether somebody can come in along such a line to maintain something.
const fn enters(kind: ConnectionKind) -> bool {
    matches!(
        kind,
        ConnectionKind::RemoteMaintenance
            | ConnectionKind::Vpn
            | ConnectionKind::IpVpn
            | ConnectionKind::RemoteDesktop
            | ConnectionKind::LteRouter
            | ConnectionKind::Internet
    )
}

fn system_kind(system: &SystemRecord) -> NodeKind {
    match system.hosting {
        Hosting::Cloud => NodeKind::CloudService,
        Hosting::OnPremises | Hosting::Unknown => NodeKind::System,
    }
}

/// One line for each pair of ends that are two.
fn spread(template: &Connection, from: &[String], to: &[String], lines: &mut Vec<Connection>) {
    let pairs =
        from.iter().flat_map(|from| to.iter().map(move |to| (from, to))).filter(|(from, to)| from != to);
    for (number, (from, to)) in pairs.enumerate() {
        let id = match number {
            0 => template.id.clone(),
            _ => format!("{}/{}", template.id, number + 1),
        };
        lines.push(Connection { id, from: from.clone(), to: to.clone(), ..template.clone() });
    }
}

fn fitting(controls: &Controls, place: Place) -> Controls {
    let known = controls.iter().filter(|(control, state)| control.fits(place) && **state != State::Unknown);
    known.map(|(control, state)| (*control, *state)).collect()
}

/// What was said of a thing's controls, and what follows from its facts: a day and an attempt say more than a tick.
fn node_controls(details: &AssetDetails, today: NaiveDate) -> Controls {
    if details.kind.control_place() != Some(Place::Node) {
        return Controls::new();
    }
    let mut controls = fitting(&details.controls, Place::Node);
    let facts = &details.facts;
    match facts.day(Fact::SupportEnds) {
        Some(last) if last < today => {
            controls.insert(Control::Supported, State::Absent);
        }
        Some(_) => {
            controls.entry(Control::Supported).or_insert(State::Present);
        }
        None => {}
    }
    if facts.yes(Fact::Patchable) == Some(false) {
        controls.entry(Control::Updates).or_insert(State::Absent);
    }
    if facts.known(Fact::RestoreTriedOn) {
        controls.entry(Control::RestoreTested).or_insert(State::Present);
    }
    controls
}

/// Maker and model; things of one maker alone need not have the same holes.
fn product(facts: &Facts) -> Option<String> {
    let (maker, model) = (facts.text(Fact::Maker), facts.text(Fact::Model));
    (!model.is_empty()).then(|| format!("{maker} {model}").trim().to_owned())
}

fn said(facts: &Facts, fact: Fact) -> Option<String> {
    Some(facts.text(fact)).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What stops without what, kept free of circles.
#[derive(Default)]
struct Needs {
    on: HashMap<String, Vec<String>>,
    list: Vec<Dependency>,
}

impl Needs {
    fn add(&mut self, of: &str, on: &str) {
        let known = self.on.get(of).is_some_and(|all| all.iter().any(|known| known == on));
        if of == on || known || self.leads(on, of) {
            return;
        }
        self.on.entry(of.to_owned()).or_default().push(on.to_owned());
        self.list.push(Dependency::new(of, on));
    }

    /// Whether one thing needs another, by way of others or at once.
    fn leads(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut waiting) = (BTreeSet::from([from]), vec![from]);
        while let Some(at) = waiting.pop() {
            if at == to {
                return true;
            }
            let next = self.on.get(at).into_iter().flatten().map(String::as_str);
            waiting.extend(next.filter(|next| seen.insert(*next)));
        }
        false
    }
}
