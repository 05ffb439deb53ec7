//! Templates: what is usual beside an institution's systems, and what of it goes into the ledger.
//!
//! A piece of a template is *there* when the ledger has a thing of its kind and of its name in any of the three languages,
//! or, of pieces that are the only ones of their kind beside a system, any such thing of that system; a line when one of
//! its kind joins the same two ends. So taking a template twice adds nothing twice, and what people wrote is joined to.

use crate::actions::Edit;
use crate::model::{
    AssetDetails, AssetId, AssetKind, ConnectionDetails, ConnectionId, End, Fact, Facts, Ledger,
    RelationKind, SystemDetails, SystemId, SystemRecord, Thing,
};
use crate::rules::{usual_hosting, usual_kinds};
use komainu_calendar::fold;
use komainu_catalog::{
    Catalog, InstitutionKind, LineKind, LinePart, Located, Piece, PieceId, Reference, SystemKindId,
    ThingKind, ThingPart,
};
use komainu_db::uuid::Uuid;
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;
use komainu_institution::Systems;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What somebody ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    /// Systems to add, by kind; those that the ledger has are left as they are.
    pub systems: BTreeSet<SystemKindId>,
    /// Pieces to add; those that the ledger has are left as they are.
    pub pieces: BTreeSet<PieceId>,
}

/// What a template offers to an institution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The revision of the ledger that it was made for.
    pub revision: i64,
    /// Kinds of systems, in the order of the catalogue.
    pub systems: Vec<OfferedSystem>,
    /// Pieces, in the order of the catalogue.
    pub pieces: Vec<OfferedPiece>,
}

/// A kind of system that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedSystem {
    /// The kind.
    pub kind: SystemKindId,
    /// The ledger has one.
    pub there: bool,
    /// It is not there, and so usual that it is ticked unasked.
    pub ticked: bool,
}

/// A piece that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedPiece {
    /// The piece.
    pub id: PieceId,
    /// The ledger has it.
    pub there: bool,
    /// It is not there, and so usual that it is ticked unasked.
    pub ticked: bool,
}

/// What becomes of ticks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The changes.
    pub edits: Vec<Edit>,
    /// Pieces that go into the ledger.
    pub taken: Vec<PieceId>,
    /// Ticked pieces that cannot, as something that they stand on is neither ticked nor there.
    pub left_out: Vec<PieceId>,
}

/// What pieces are shown under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Parts of the network.
    Zones,
    /// Lines to the outside.
    Outside,
    /// Network devices.
    Network,
    /// Servers, stores, services.
    Servers,
    /// Computers that people sit at, and things of the office.
    Terminals,
    /// Medical devices.
    Devices,
    /// Lines inside.
    Inside,
    /// Copies.
    Copies,
    /// Shared passwords.
    Accounts,
    /// What stops for patients.
    Care,
}

impl Group {
    /// Every group, in the order of pages.
    pub const ALL: [Group; 10] = [
        Group::Zones,
        Group::Outside,
        Group::Network,
        Group::Servers,
        Group::Terminals,
        Group::Devices,
        Group::Inside,
        Group::Copies,
        Group::Accounts,
        Group::Care,
    ];
}

/// The group of a thing of the ledger.
pub const fn group_of_thing(kind: AssetKind) -> Group {
    match kind {
        AssetKind::Zone | AssetKind::Place => Group::Zones,
        AssetKind::NetworkDevice => Group::Network,
        AssetKind::Server | AssetKind::DataStore | AssetKind::CloudService => Group::Servers,
        AssetKind::Terminal | AssetKind::OfficeDevice => Group::Terminals,
        AssetKind::MedicalDevice => Group::Devices,
        AssetKind::Backup => Group::Copies,
        AssetKind::AccountGroup => Group::Accounts,
        AssetKind::CareProcess => Group::Care,
    }
}

/// The group of a piece.
pub fn group_of_piece(piece: &Piece) -> Group {
    match (&piece.thing, &piece.line) {
        (Some(thing), _) => group_of_thing(asset_kind(thing.kind)),
        (None, Some(line)) if line.from.is_outside() || line.to.is_outside() => Group::Outside,
        (None, _) => Group::Inside,
    }
}

/// What is offered to a kind of institution whose systems run in a way. Pieces of systems that are neither in the ledger
/// nor `chosen` are not.
pub fn offer(
    catalog: &Catalog,
    ledger: &Ledger,
    institution: (InstitutionKind, Option<Systems>),
    chosen: &BTreeSet<SystemKindId>,
) -> Offer {
    let (kind, running) = institution;
    let usual = usual_kinds(kind, running);
    let systems = catalog
        .system_kinds_for(kind)
        .into_iter()
        .map(|system| OfferedSystem {
            kind: (*system.id).clone(),
            there: has_system(ledger, &system.id),
            ticked: ledger.systems.is_empty() && usual.contains(&system.id.as_str()),
        })
        .collect();
    let there = There::find(catalog, ledger);
    let mut usable = there.all();
    let mut pieces = Vec::new();
    for piece in catalog.pieces().iter().filter(|piece| piece.fits(kind)) {
        let missing =
            |system: &Located<SystemKindId>| !has_system(ledger, system) && !chosen.contains(&**system);
        if piece.system.as_ref().is_some_and(missing) {
            continue;
        }
        let is_there = there.has(piece);
        let ticked = !is_there && is_usual(piece, kind, ledger) && stands(piece, &usable);
        if ticked {
            usable.insert(&piece.id);
        }
        pieces.push(OfferedPiece { id: (*piece.id).clone(), there: is_there, ticked });
    }
    Offer { revision: ledger.revision, systems, pieces }
}

/// Whether a piece is so usual that it is ticked unasked. What a house wrote of its own accord is not asked about again:
/// a thing beside no system is offered ticked while the ledger has none of its kind. Whether somebody comes in from outside
/// is known from the system, where it was asked.
fn is_usual(piece: &Piece, kind: InstitutionKind, ledger: &Ledger) -> bool {
    let usual = piece.ticked.contains(&kind);
    if let Some(thing) = &piece.thing {
        let kind = asset_kind(thing.kind);
        return usual && (piece.system.is_some() || ledger.of_kind(kind).next().is_none());
    }
    let by_maker = piece.line.as_ref().is_some_and(|line| *line.from == Reference::Maker);
    let mut said = ledger
        .systems
        .iter()
        .filter(|record| by_maker && piece.system.as_ref().is_some_and(|system| **system == record.kind))
        .filter_map(|record| record.remote_maintenance);
    said.next().unwrap_or(usual)
}

fn has_system(ledger: &Ledger, kind: &SystemKindId) -> bool {
    ledger.systems.iter().any(|system| system.kind == *kind)
}

/// Whether what a piece stands on is there or will be.
fn stands(piece: &Piece, usable: &HashSet<&PieceId>) -> bool {
    let mut ends = piece.line.iter().flat_map(|line| [&*line.from, &*line.to]);
    piece.only_with.iter().all(|other| usable.contains(&**other))
        && ends.all(|end| match end {
            Reference::Piece(id) => usable.contains(id),
            Reference::Internet | Reference::Maker | Reference::System(_) => true,
        })
}

/// The systems to add for ticks: those of which the ledger has none yet.
pub fn new_systems(
    catalog: &Catalog,
    lang: Lang,
    ledger: &Ledger,
    running: Option<Systems>,
    ticked: &BTreeSet<SystemKindId>,
) -> Vec<SystemDetails> {
    let kinds = catalog.system_kinds().iter().filter(|kind| ticked.contains(&*kind.id));
    kinds
        .filter(|kind| !has_system(ledger, &kind.id))
        .map(|kind| {
            let hosting = usual_hosting(running, kind.id.as_str());
            SystemDetails::named((*kind.id).clone(), kind.name.get(lang), hosting)
        })
        .collect()
}

/// What becomes of ticked pieces in a ledger that already has the ticked systems. `id` makes the ids of what is new.
pub fn plan(
    catalog: &Catalog,
    lang: Lang,
    ledger: &Ledger,
    ticked: &BTreeSet<PieceId>,
    id: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let mut ground = Ground { lang, ledger, there: There::find(catalog, ledger) };
    let mut plan = Plan::default();
    let wanted =
        catalog.pieces().iter().filter(|piece| ticked.contains(&*piece.id) && !ground.there.has(piece));
    let wanted: Vec<&Piece> = wanted.collect();
    let mut things = Vec::new();
    for piece in &wanted {
        let Some(part) = &piece.thing else { continue };
        if ground.carries(piece) {
            let new = AssetId(id());
            ground.there.things.insert(&piece.id, new);
            things.push((new, *piece, part));
        } else {
            plan.left_out.push((*piece.id).clone());
        }
    }
    for (new, piece, part) in things {
        plan.taken.push((*piece.id).clone());
        plan.edits.push(Edit::AssetAdd(new, ground.thing(piece, part)));
    }
    for piece in &wanted {
        let Some(part) = &piece.line else { continue };
        match ground.line(piece, part) {
            Some(details) if ground.carries(piece) => {
                plan.taken.push((*piece.id).clone());
                plan.edits.push(Edit::ConnectionAdd(ConnectionId(id()), details));
            }
            _ => plan.left_out.push((*piece.id).clone()),
        }
    }
    plan
}

/// The pieces that a ledger has.
struct There<'a> {
    things: HashMap<&'a PieceId, AssetId>,
    lines: HashSet<&'a PieceId>,
}

impl<'a> There<'a> {
    fn find(catalog: &'a Catalog, ledger: &Ledger) -> There<'a> {
        let pieces = catalog.pieces();
        let mut by_name: HashMap<(AssetKind, String), AssetId> = HashMap::new();
        for asset in &ledger.assets {
            by_name.entry((asset.details.kind, fold(&asset.details.name))).or_insert(asset.id);
        }
        let mut beside: HashMap<(ThingKind, &SystemKindId), usize> = HashMap::new();
        for piece in pieces {
            if let (Some(thing), Some(system)) = (&piece.thing, &piece.system) {
                *beside.entry((thing.kind, &**system)).or_default() += 1;
            }
        }
        let mut things = HashMap::new();
        for piece in pieces {
            let Some(thing) = &piece.thing else { continue };
            let kind = asset_kind(thing.kind);
            let mut names = Lang::ALL.into_iter().map(|lang| (kind, fold(piece.name.get(lang))));
            let named = names.find_map(|name| by_name.get(&name).copied());
            let alone =
                piece.system.as_ref().filter(|system| beside.get(&(thing.kind, &***system)) == Some(&1));
            let found = named.or_else(|| alone.and_then(|system| of_system(ledger, kind, system)));
            if let Some(found) = found {
                things.insert(&*piece.id, found);
            }
        }
        let mut there = There { things, lines: HashSet::new() };
        let joined = |piece: &&Piece| piece.line.as_ref().is_some_and(|line| there.joined(ledger, line));
        let lines = pieces.iter().filter(joined).map(|piece| &*piece.id).collect();
        there.lines = lines;
        there
    }

    fn has(&self, piece: &Piece) -> bool {
        self.things.contains_key(&*piece.id) || self.lines.contains(&*piece.id)
    }

    fn all(&self) -> HashSet<&'a PieceId> {
        self.things.keys().copied().chain(self.lines.iter().copied()).collect()
    }

    /// Whether a line of this kind joins these two, whichever of them opens it.
    fn joined(&self, ledger: &Ledger, line: &LinePart) -> bool {
        let kind = connection_kind(line.kind);
        ledger.connections.iter().map(|connection| &connection.details).any(|there| {
            let ends = |from, to| self.is(ledger, &line.from, from) && self.is(ledger, &line.to, to);
            there.kind == kind && (ends(there.from, there.to) || ends(there.to, there.from))
        })
    }

    fn is(&self, ledger: &Ledger, reference: &Reference, end: End) -> bool {
        match reference {
            Reference::Internet => end == End::Internet,
            // Whoever comes from outside for this: the vendor may have been named later.
            Reference::Maker => end.is_outside(),
            Reference::System(kind) => {
                let system = end.thing().and_then(Thing::system);
                ledger.systems.iter().any(|record| Some(record.id) == system && record.kind == *kind)
            }
            Reference::Piece(id) => match self.things.get(id) {
                Some(thing) => end.thing() == Some(Thing::Asset(*thing)),
                None => false,
            },
        }
    }
}

/// The first thing of a kind that belongs to a system of a kind.
fn of_system(ledger: &Ledger, kind: AssetKind, system: &SystemKindId) -> Option<AssetId> {
    let ids: Vec<SystemId> =
        ledger.systems.iter().filter(|record| record.kind == *system).map(|record| record.id).collect();
    let belongs = |details: &AssetDetails| details.system.is_some_and(|id| ids.contains(&id));
    ledger.of_kind(kind).find(|asset| belongs(&asset.details)).map(|asset| asset.id)
}

/// What new things and lines are joined to.
struct Ground<'a> {
    lang: Lang,
    ledger: &'a Ledger,
    there: There<'a>,
}

impl Ground<'_> {
    /// The house's system of a kind; where there are several, the one that was added first.
    fn system(&self, kind: &SystemKindId) -> Option<&SystemRecord> {
        self.ledger.systems.iter().find(|system| system.kind == *kind)
    }

    /// Whether what a piece stands on is there.
    fn carries(&self, piece: &Piece) -> bool {
        piece.system.as_ref().is_none_or(|kind| self.system(kind).is_some())
            && stands(piece, &self.there.all())
    }

    fn named(&self, reference: &Reference) -> Option<Thing> {
        match reference {
            Reference::Internet | Reference::Maker => None,
            Reference::System(kind) => self.system(kind).map(|system| Thing::System(system.id)),
            Reference::Piece(id) => self.there.things.get(id).copied().map(Thing::Asset),
        }
    }

    fn thing(&self, piece: &Piece, part: &ThingPart) -> AssetDetails {
        let mut details = AssetDetails::named(asset_kind(part.kind), piece.name.get(self.lang));
        details.zone = part.zone.as_ref().and_then(|zone| self.there.things.get(&**zone).copied());
        let system = piece.system.as_ref().and_then(|kind| self.system(kind));
        details.system = system.map(|system| system.id);
        details.vendor = system.and_then(|system| system.vendor);
        details.facts = facts(part);
        for (kind, references) in [
            (RelationKind::Needs, &part.needs),
            (RelationKind::ManagedBy, &part.managed_by),
            (RelationKind::CopyOf, &part.copy_of),
            (RelationKind::Opens, &part.opens),
            (RelationKind::FoundOn, &part.found_on),
        ] {
            let things = references.iter().filter_map(|reference| self.named(reference));
            details.relations.extend(things.map(|thing| (kind, thing)));
        }
        details
    }

    fn end(&self, piece: &Piece, reference: &Reference) -> Option<End> {
        match reference {
            Reference::Internet => Some(End::Internet),
            // A maker that nobody has named yet comes from somewhere on the Internet.
            Reference::Maker => {
                let system = piece.system.as_ref().and_then(|kind| self.system(kind));
                Some(system.and_then(|system| system.vendor).map_or(End::Internet, End::Vendor))
            }
            Reference::System(_) | Reference::Piece(_) => self.named(reference).map(End::Thing),
        }
    }

    /// None where an end is not there.
    fn line(&self, piece: &Piece, part: &LinePart) -> Option<ConnectionDetails> {
        let (from, to) = (self.end(piece, &part.from)?, self.end(piece, &part.to)?);
        let mut details = ConnectionDetails::between(connection_kind(part.kind), from, to);
        piece.name.get(self.lang).clone_into(&mut details.name);
        details.both_ways = part.both_ways;
        Some(details)
    }
}

/// The facts of a piece in the ledger's words. That all of them are, is tested.
fn facts(part: &ThingPart) -> Facts {
    let mut facts = Facts::default();
    for (code, text) in &part.facts {
        if let Ok(fact) = code.parse::<Fact>() {
            let known = facts.set(fact, text);
            debug_assert!(known.is_ok(), "{code} = {text}");
        }
    }
    facts
}

/// A kind of thing in the ledger's words.
const fn asset_kind(kind: ThingKind) -> AssetKind {
    match kind {
        ThingKind::Server => AssetKind::Server,
        ThingKind::Terminal => AssetKind::Terminal,
        ThingKind::NetworkDevice => AssetKind::NetworkDevice,
        ThingKind::MedicalDevice => AssetKind::MedicalDevice,
        ThingKind::OfficeDevice => AssetKind::OfficeDevice,
        ThingKind::CloudService => AssetKind::CloudService,
        ThingKind::DataStore => AssetKind::DataStore,
        ThingKind::Backup => AssetKind::Backup,
        ThingKind::AccountGroup => AssetKind::AccountGroup,
        ThingKind::Zone => AssetKind::Zone,
        ThingKind::CareProcess => AssetKind::CareProcess,
    }
}

/// A kind of line in the ledger's words.
const fn connection_kind(kind: LineKind) -> ConnectionKind {
    match kind {
        LineKind::LanSegment => ConnectionKind::LanSegment,
        LineKind::Internet => ConnectionKind::Internet,
        LineKind::Vpn => ConnectionKind::Vpn,
        LineKind::IpVpn => ConnectionKind::IpVpn,
        LineKind::IpsecIke => ConnectionKind::IpsecIke,
        LineKind::RemoteMaintenance => ConnectionKind::RemoteMaintenance,
        LineKind::LteRouter => ConnectionKind::LteRouter,
        LineKind::FileShare => ConnectionKind::FileShare,
        LineKind::RemoteDesktop => ConnectionKind::RemoteDesktop,
        LineKind::Dicom => ConnectionKind::Dicom,
        LineKind::Hl7 => ConnectionKind::Hl7,
        LineKind::RemovableMedia => ConnectionKind::RemovableMedia,
        LineKind::SharedCredential => ConnectionKind::SharedCredential,
        LineKind::BackupJob => ConnectionKind::BackupJob,
        LineKind::Cloud => ConnectionKind::Cloud,
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
