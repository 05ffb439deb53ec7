//! Rules about lines.

use super::house::{House, asset_end, comes_in, lacking, of_line, reads_mail};
use super::{Finding, Rule, Severity};
use chrono::Days;
use komainu_exposure::model::{ConnectionKind as Kind, Control};
use komainu_inventory::{Asset, AssetId, AssetKind, Connection, End, Fact, Thing};
use std::collections::BTreeSet;

/// After so many days without use a line is asked about.
const UNUSED_DAYS: u64 = 180;

pub(super) fn check(house: &House<'_>, found: &mut Vec<Finding>) {
    for line in &house.ledger.connections {
        found.extend(zones_joined(house, line));
        found.extend(vendor_to_records(house, line));
        found.extend(any_source(line));
        found.extend(weak_vpn_box(house, line));
        found.extend(remote_desktop(line));
        found.extend(ownerless_router(house, line));
        found.extend(long_unused(house, line));
        found.extend(no_way_to_cut(line));
        found.extend(shared_folder(house, line));
        found.extend(eligibility_line(house, line));
        found.extend(always_open(line));
    }
    for device in house.ledger.of_kind(AssetKind::NetworkDevice) {
        found.extend(zones_joined_by(house, device));
    }
}

/// N1, straight from zone to zone.
fn zones_joined(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let details = &line.details;
    if details.kind != Kind::LanSegment {
        return None;
    }
    let (from, to) = (details.from.thing()?, details.to.thing()?);
    let through_device = [details.from, details.to]
        .into_iter()
        .filter_map(|end| house.asset(end))
        .any(|asset| asset.details.kind == AssetKind::NetworkDevice);
    if through_device || house.at.zone(from)? == house.at.zone(to)? {
        return None;
    }
    Some(of_line(Rule::ZonesJoined, lacking(details.control(Control::Filtered))?, line))
}

/// N1, through a box that filters on none of the lines, or of which nobody has said so.
fn zones_joined_by(house: &House<'_>, device: &Asset) -> Option<Finding> {
    let thing = Thing::Asset(device.id);
    let other = |line: &Connection| {
        let (from, to) = (line.details.from.thing()?, line.details.to.thing()?);
        house.at.zone(if from == thing { to } else { from })
    };
    let open: Vec<(&Connection, AssetId, Severity)> = house
        .lines_at(thing)
        .iter()
        .copied()
        .filter(|line| line.details.kind == Kind::LanSegment)
        .filter_map(|line| Some((line, other(line)?, lacking(line.details.control(Control::Filtered))?)))
        .collect();
    let zones: BTreeSet<AssetId> = open.iter().map(|(_, zone, _)| *zone).collect();
    let (line, _, _) = open.first().filter(|_| zones.len() > 1)?;
    let severity = open.iter().map(|(_, _, severity)| *severity).max()?;
    let zones = zones.into_iter().map(|zone| End::Thing(Thing::Asset(zone)));
    let things = [asset_end(device)].into_iter().chain(zones).collect();
    Some(Finding { rule: Rule::ZonesJoined, severity, line: Some(line.id), things })
}

/// N2.
fn vendor_to_records(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let (from, to) = (line.details.from, line.details.to);
    let thing = match (from.vendor(), to.vendor()) {
        (Some(_), _) => to.thing()?,
        (_, Some(_)) => from.thing()?,
        (None, None) => return None,
    };
    let is_service =
        house.asset(End::Thing(thing)).is_some_and(|a| a.details.kind == AssetKind::CloudService);
    (comes_in(&line.details) && !is_service && house.holds_records(thing))
        .then(|| of_line(Rule::VendorToRecords, Severity::Danger, line))
}

/// N3.
fn any_source(line: &Connection) -> Option<Finding> {
    let open = matches!(
        line.details.kind,
        Kind::Internet | Kind::Vpn | Kind::RemoteMaintenance | Kind::LteRouter | Kind::RemoteDesktop
    );
    if !open || !comes_in(&line.details) {
        return None;
    }
    Some(of_line(Rule::AnySource, lacking(line.details.control(Control::SourceLimited))?, line))
}

/// N4.
fn weak_vpn_box(house: &House<'_>, line: &Connection) -> Option<Finding> {
    if line.details.kind != Kind::Vpn || !comes_in(&line.details) {
        return None;
    }
    let own = [line.details.from, line.details.to].into_iter().find_map(|end| house.asset(end))?;
    let second = match (line.details.control(Control::TwoFactor), own.details.control(Control::TwoFactor)) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), _) | (_, Some(false)) => Some(false),
        (None, None) => None,
    };
    let supported = if house.is_unsupported(own) {
        Some(false)
    } else {
        own.details.facts.day(Fact::SupportEnds).map(|_| true).or(own.details.control(Control::Supported))
    };
    let updates = own.details.control(Control::Updates);
    let severity = [second, supported, updates].into_iter().filter_map(lacking).max()?;
    Some(of_line(Rule::WeakVpnBox, severity, line))
}

/// N5.
fn remote_desktop(line: &Connection) -> Option<Finding> {
    (line.details.kind == Kind::RemoteDesktop && comes_in(&line.details))
        .then(|| of_line(Rule::RemoteDesktopFromOutside, Severity::Danger, line))
}

/// N16.
fn ownerless_router(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let details = &line.details;
    let own = [details.from, details.to].into_iter().find_map(|end| house.asset(end));
    let answered = details.vendor.is_some()
        || details.facts.known(Fact::OpenedBy)
        || details.from.vendor().or(details.to.vendor()).is_some()
        || own.is_some_and(|own| own.details.vendor.is_some() || own.details.facts.known(Fact::Keeper));
    (details.kind == Kind::LteRouter && !answered)
        .then(|| of_line(Rule::OwnerlessRouter, Severity::Ask, line))
}

/// N17.
fn long_unused(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let last = line.details.facts.day(Fact::LastUsed)?;
    let old = last.checked_add_days(Days::new(UNUSED_DAYS)).is_some_and(|until| until < house.today);
    (line.details.is_outside() && old).then(|| of_line(Rule::LongUnused, Severity::Warn, line))
}

/// N18.
fn no_way_to_cut(line: &Connection) -> Option<Finding> {
    (line.details.is_outside() && !line.details.facts.known(Fact::HowToCut))
        .then(|| of_line(Rule::NoWayToCut, Severity::Warn, line))
}

/// N20.
fn shared_folder(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let (from, to) = (line.details.from.thing()?, line.details.to.thing()?);
    if line.details.kind != Kind::FileShare || !house.holds_records(to) {
        return None;
    }
    let mail = match from {
        Thing::System(id) => house.of_system(id).iter().any(|asset| reads_mail(asset)),
        Thing::Asset(id) => {
            let own = house.index.asset(id).is_some_and(reads_mail);
            // A line from a zone is one from everything in it.
            own || house.in_zone(id).iter().any(|asset| reads_mail(asset))
        }
    };
    mail.then(|| of_line(Rule::SharedFolderFromMail, Severity::Warn, line))
}

/// N21.
fn eligibility_line(house: &House<'_>, line: &Connection) -> Option<Finding> {
    let closed = matches!(line.details.kind, Kind::IpVpn | Kind::IpsecIke);
    if closed || !line.details.is_outside() {
        return None;
    }
    let thing = line.details.from.thing().or(line.details.to.thing())?;
    let system = match thing {
        Thing::System(id) => Some(id),
        Thing::Asset(id) => house.index.asset(id)?.details.system,
    };
    let kind = house.index.system(system?)?.kind.as_str();
    (kind == "eligibility-terminal").then(|| of_line(Rule::EligibilityLine, Severity::Warn, line))
}

/// N23.
fn always_open(line: &Connection) -> Option<Finding> {
    let details = &line.details;
    let maintenance = details.kind == Kind::RemoteMaintenance
        || (details.from.vendor().is_some() && matches!(details.kind, Kind::Vpn | Kind::RemoteDesktop));
    (maintenance && comes_in(details) && details.control(Control::OnDemand) == Some(false))
        .then(|| of_line(Rule::AlwaysOpen, Severity::Warn, line))
}
