//! Rules about things and zones.

use super::house::{House, asset_end, asset_holds_records, of_line, of_things, reads_mail};
use super::{Finding, Rule, Severity};
use komainu_exposure::model::{ConnectionKind as Kind, Control};
use komainu_inventory::{Asset, AssetId, AssetKind, Connection, End, Fact, RelationKind, Thing};
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub(super) fn check(house: &House<'_>, found: &mut Vec<Finding>) {
    copies(house, found);
    no_copy(house, found);
    support_over(house, found);
    accounts(house, found);
    for zone in house.zones() {
        zone_of_devices(house, zone, found);
        mail_among_records(house, zone, found);
    }
    for asset in &house.ledger.assets {
        found.extend(bridge(house, asset));
        found.extend(remote_control(asset));
    }
    stoppable_antivirus(house, found);
}

/// The things that a copy is a copy of; of a system, also its things.
fn originals<'a>(house: &House<'a>, copy: &Asset) -> Vec<&'a Asset> {
    let of = copy.details.related(RelationKind::CopyOf);
    of.flat_map(|thing| match thing {
        Thing::Asset(id) => house.index.asset(id).into_iter().collect::<Vec<_>>(),
        Thing::System(id) => house.of_system(id).to_vec(),
    })
    .filter(|original| original.id != copy.id)
    .collect()
}

/// N6, N7, N8, N9.
fn copies(house: &House<'_>, found: &mut Vec<Finding>) {
    let offline = |copy: &Asset| copy.details.control(Control::OfflineCopy);
    let safe: HashSet<Thing> = house
        .ledger
        .of_kind(AssetKind::Backup)
        .filter(|copy| offline(copy) == Some(true))
        .flat_map(|copy| copy.details.related(RelationKind::CopyOf))
        .collect();
    for copy in house.ledger.of_kind(AssetKind::Backup) {
        // A copy that is on no line is reached from nowhere.
        if offline(copy) == Some(true) {
            continue;
        }
        let originals = originals(house, copy);
        found.extend(beside_original(house, copy, &originals));
        found.extend(managed_alike(copy, &originals));
        let mut of = copy.details.related(RelationKind::CopyOf).peekable();
        let covered = of.peek().is_some() && of.all(|thing| safe.contains(&thing));
        if !covered {
            let severity = if offline(copy) == Some(false) { Severity::Danger } else { Severity::Warn };
            found.push(of_things(Rule::NoOfflineCopy, severity, vec![asset_end(copy)]));
        }
        opened_alike(house, copy, &originals, found);
    }
}

fn with_copy(copy: &Asset, originals: impl Iterator<Item = End>) -> Vec<End> {
    [asset_end(copy)].into_iter().chain(originals).collect()
}

fn beside_original(house: &House<'_>, copy: &Asset, originals: &[&Asset]) -> Option<Finding> {
    let zone = house.at.zone(Thing::Asset(copy.id))?;
    let mut beside = originals
        .iter()
        .filter(|original| house.at.zone(Thing::Asset(original.id)) == Some(zone))
        .map(|original| asset_end(original))
        .peekable();
    beside.peek()?;
    let things = with_copy(copy, beside);
    Some(of_things(Rule::CopyBesideOriginal, Severity::Warn, things))
}

fn managed_alike(copy: &Asset, originals: &[&Asset]) -> Option<Finding> {
    if copy.details.control(Control::SeparateFromDomain) == Some(true) {
        return None;
    }
    let own: HashSet<Thing> = copy.details.related(RelationKind::ManagedBy).collect();
    let alike: BTreeSet<Thing> = originals
        .iter()
        .flat_map(|original| original.details.related(RelationKind::ManagedBy))
        .filter(|manager| own.contains(manager))
        .collect();
    if alike.is_empty() {
        return None;
    }
    let things = with_copy(copy, alike.into_iter().map(End::Thing));
    Some(of_things(Rule::CopyManagedAlike, Severity::Danger, things))
}

fn opened_alike(house: &House<'_>, copy: &Asset, originals: &[&Asset], found: &mut Vec<Finding>) {
    for account in house.ledger.of_kind(AssetKind::AccountGroup) {
        if account.details.control(Control::UniquePassword) == Some(true) {
            continue;
        }
        let opens: HashSet<Thing> = account.details.related(RelationKind::Opens).collect();
        let system = |asset: &Asset| asset.details.system.map(Thing::System);
        let is_open = |asset: &Asset| {
            opens.contains(&Thing::Asset(asset.id)) || system(asset).is_some_and(|own| opens.contains(&own))
        };
        if is_open(copy)
            && let Some(original) = originals.iter().find(|original| is_open(original))
        {
            let things = vec![asset_end(account), asset_end(copy), asset_end(original)];
            found.push(of_things(Rule::CopyOpenedAlike, Severity::Danger, things));
        }
    }
}

/// N10.
fn no_copy(house: &House<'_>, found: &mut Vec<Finding>) {
    let copied: HashSet<Thing> = house
        .ledger
        .of_kind(AssetKind::Backup)
        .flat_map(|copy| copy.details.related(RelationKind::CopyOf))
        .chain(
            house
                .ledger
                .connections
                .iter()
                .filter(|line| line.details.kind == Kind::BackupJob)
                .filter_map(|line| line.details.from.thing()),
        )
        .collect();
    for asset in &house.ledger.assets {
        let kept = matches!(asset.details.kind, AssetKind::Server | AssetKind::DataStore);
        let known = copied.contains(&Thing::Asset(asset.id))
            || asset.details.system.is_some_and(|system| copied.contains(&Thing::System(system)));
        if kept && asset_holds_records(asset) && !known {
            found.push(of_things(Rule::NoCopy, Severity::Warn, vec![asset_end(asset)]));
        }
    }
}

/// N11: one finding a line for what is at its end, one a zone for what stands beside it.
fn support_over(house: &House<'_>, found: &mut Vec<Finding>) {
    let outside = |thing: Thing| house.lines_at(thing).iter().copied().find(|line| line.details.is_outside());
    let mut beside: BTreeMap<AssetId, (&Connection, Vec<End>)> = BTreeMap::new();
    let mut entrances: BTreeMap<AssetId, &Connection> = BTreeMap::new();
    for line in house.ledger.connections.iter().filter(|line| line.details.is_outside()) {
        if let Some(zone) = [line.details.from, line.details.to]
            .into_iter()
            .filter_map(End::thing)
            .find_map(|thing| house.at.zone(thing))
        {
            entrances.entry(zone).or_insert(line);
        }
    }
    for asset in &house.ledger.assets {
        if !asset.details.kind.is_host() || !house.is_unsupported(asset) {
            continue;
        }
        let thing = Thing::Asset(asset.id);
        if let Some(line) = outside(thing) {
            found.push(Finding {
                things: vec![asset_end(asset)],
                ..of_line(Rule::SupportOver, Severity::Danger, line)
            });
        } else if let Some((zone, line)) =
            house.at.zone(thing).and_then(|zone| Some((zone, *entrances.get(&zone)?)))
        {
            beside.entry(zone).or_insert_with(|| (line, Vec::new())).1.push(asset_end(asset));
        }
    }
    found.extend(
        beside
            .into_values()
            .map(|(line, things)| Finding { things, ..of_line(Rule::SupportOver, Severity::Warn, line) }),
    );
}

/// N13.
fn accounts(house: &House<'_>, found: &mut Vec<Finding>) {
    for account in house.ledger.of_kind(AssetKind::AccountGroup) {
        let details = &account.details;
        let opens: Vec<End> = details.related(RelationKind::Opens).map(End::Thing).collect();
        if details.facts.yes(Fact::Administrator) == Some(true)
            && opens.len() > 1
            && details.control(Control::UniquePassword) != Some(true)
        {
            let things = [asset_end(account)].into_iter().chain(opens).collect();
            found.push(of_things(Rule::SharedAdministrator, Severity::Danger, things));
        }
    }
}

/// N12: one finding a zone.
fn zone_of_devices(house: &House<'_>, zone: &Asset, found: &mut Vec<Finding>) {
    let things = house.in_zone(zone.id);
    let unpatchable: Vec<End> = things
        .iter()
        .filter(|asset| asset.details.kind == AssetKind::MedicalDevice)
        .filter(|asset| asset.details.facts.yes(Fact::Patchable) == Some(false))
        .map(|asset| asset_end(asset))
        .collect();
    let others = things.iter().any(|asset| {
        let kind = asset.details.kind;
        kind.is_host() && !matches!(kind, AssetKind::MedicalDevice | AssetKind::NetworkDevice)
    });
    if others && !unpatchable.is_empty() {
        found.push(of_things(Rule::UnpatchableAmongOthers, Severity::Warn, unpatchable));
    }
}

/// N14: one finding a zone.
fn mail_among_records(house: &House<'_>, zone: &Asset, found: &mut Vec<Finding>) {
    let things = house.in_zone(zone.id);
    let precious =
        things.iter().any(|a| asset_holds_records(a) || a.details.kind == AssetKind::MedicalDevice);
    let mail: Vec<End> =
        things.iter().filter(|asset| reads_mail(asset)).map(|asset| asset_end(asset)).collect();
    if precious && !mail.is_empty() {
        let things = [asset_end(zone)].into_iter().chain(mail).collect();
        found.push(of_things(Rule::MailAmongRecords, Severity::Danger, things));
    }
}

/// N15.
fn bridge(house: &House<'_>, asset: &Asset) -> Option<Finding> {
    let kinds = [AssetKind::MedicalDevice, AssetKind::Terminal, AssetKind::Server, AssetKind::OfficeDevice];
    if !kinds.contains(&asset.details.kind) {
        return None;
    }
    let lines = house.lines_at(Thing::Asset(asset.id));
    let service = |end: End| house.asset(end).is_some_and(|a| a.details.kind == AssetKind::CloudService);
    let out = |line: &&&Connection| {
        let details = &line.details;
        let own_way = matches!(
            details.kind,
            Kind::Internet | Kind::Cloud | Kind::LteRouter | Kind::RemoteMaintenance | Kind::Vpn
        );
        own_way && (details.is_outside() || service(details.from) || service(details.to))
    };
    let inside = |line: &&Connection| {
        let details = &line.details;
        matches!(details.kind, Kind::LanSegment | Kind::FileShare | Kind::Dicom | Kind::Hl7)
            && !details.is_outside()
    };
    let line = lines.iter().find(out)?;
    let precious = |other: &&Asset| {
        other.id != asset.id && (asset_holds_records(other) || other.details.kind == AssetKind::MedicalDevice)
    };
    let zone = house.at.zone(Thing::Asset(asset.id));
    let beside = zone.is_some_and(|zone| house.in_zone(zone).iter().any(precious));
    let linked = beside || lines.iter().any(inside);
    linked.then(|| Finding { things: vec![asset_end(asset)], ..of_line(Rule::Bridge, Severity::Warn, line) })
}

/// N19.
fn remote_control(asset: &Asset) -> Option<Finding> {
    (asset_holds_records(asset) && asset.details.facts.known(Fact::RemotePrograms))
        .then(|| of_things(Rule::RemoteControl, Severity::Warn, vec![asset_end(asset)]))
}

/// N22: one finding a zone, and one for what is in none.
fn stoppable_antivirus(house: &House<'_>, found: &mut Vec<Finding>) {
    let mut zones: BTreeMap<Option<AssetId>, Vec<End>> = BTreeMap::new();
    for asset in &house.ledger.assets {
        let details = &asset.details;
        if details.kind.is_host() && details.control(Control::AntivirusLocked) == Some(false) {
            zones.entry(house.at.zone(Thing::Asset(asset.id))).or_default().push(asset_end(asset));
        }
    }
    found.extend(
        zones.into_values().map(|things| of_things(Rule::StoppableAntivirus, Severity::Warn, things)),
    );
}
