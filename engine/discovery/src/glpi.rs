//! Inventories in JSON, as the agents of GLPI send them: of a computer, a network device, a telephone, a printer.
//!
//! Of the format (`glpi-project/inventory_format`) the fields about the machine are read, and no field about a person:
//! users, log-ins, numbers of telephones and licences, keys and the names of wireless networks stay unread.

use crate::findings::{Antivirus, Findings, Host, HostKind, Protocol, Service, Software, Source};
use crate::lenient::{Flag, List, Maybe, Text, Texts};
use crate::mac::Mac;
use crate::recognise::{is_xml, without_mark};
use crate::refusal::{OtherFormat, Refusal};
use crate::remark::{RemarkCode, Remarks};
use crate::text::says_nothing;
use crate::{MAX_ADDRESSES, MAX_HOSTS, MAX_SERVICES, MAX_SOFTWARE, remote};
use chrono::{DateTime, Utc};
use core::net::IpAddr;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inventory {
    deviceid: Text,
    itemtype: Text,
    content: Maybe<Content>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    accesslog: Maybe<Access>,
    antivirus: List<Guard, 64>,
    bios: Maybe<Bios>,
    databases_services: List<Database, MAX_SERVICES>,
    hardware: Maybe<Hardware>,
    network_device: Maybe<Device>,
    network_ports: List<Socket, 10_000>,
    networks: List<Card, 1_000>,
    operatingsystem: Maybe<System>,
    remote_mgmt: List<Remote, 64>,
    softwares: List<Program, MAX_SOFTWARE>,
    virtualmachines: List<Virtual, 10_000>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Access {
    logdate: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Guard {
    name: Text,
    version: Text,
    enabled: Flag,
    uptodate: Flag,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Bios {
    smanufacturer: Text,
    smodel: Text,
    ssn: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Database {
    name: Text,
    version: Text,
    port: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Hardware {
    name: Text,
    chassis_type: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Device {
    name: Text,
    manufacturer: Text,
    model: Text,
    serial: Text,
    firmware: Text,
    mac: Text,
    ips: Texts,
    #[serde(rename = "type")]
    kind: Text,
}

/// A port of a switch, and who is at its other end.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Socket {
    connections: List<Neighbour, 1_000>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Neighbour {
    mac: Texts,
    sysmac: Text,
    ip: Text,
    sysname: Text,
    model: Text,
}

/// A network card.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Card {
    mac: Text,
    ipaddress: Texts,
    ipaddress6: Texts,
    status: Text,
    virtualdev: Flag,
    #[serde(rename = "type")]
    kind: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct System {
    name: Text,
    full_name: Text,
    version: Text,
    fqdn: Text,
    timezone: Maybe<Zone>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Zone {
    offset: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Remote {
    id: Text,
    #[serde(rename = "type")]
    kind: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Program {
    name: Text,
    version: Text,
    publisher: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Virtual {
    name: Text,
    mac: Text,
    ipaddress: Text,
    operatingsystem: Maybe<System>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Findings, Refusal> {
    if is_xml(bytes) {
        return Err(Refusal::NotSupported { format: OtherFormat::GlpiXml });
    }
    let inventory: Inventory =
        serde_json::from_slice(without_mark(bytes)).map_err(|error| Refusal::of_json(&error))?;
    let Maybe(Some(content)) = inventory.content else {
        return Err(Refusal::NotThis { expected: Source::Glpi });
    };
    let mut findings = Findings::of(Source::Glpi);
    let mut remarks = Remarks::default();
    findings.own_id = inventory.deviceid.0;
    findings.taken = taken(&content);
    let host = machine(&content, inventory.itemtype.0.as_deref(), &mut remarks);
    findings.hosts.push(host);
    others(&content, &mut findings.hosts, &mut remarks);
    findings.remarks = remarks.told();
    Ok(findings)
}

/// The inventory's time, if it says in which zone its clock runs.
fn taken(content: &Content) -> Option<DateTime<Utc>> {
    let date = content.accesslog.0.as_ref()?.logdate.0.as_deref()?;
    let offset = content.operatingsystem.0.as_ref()?.timezone.0.as_ref()?.offset.0.as_deref()?;
    let whole = format!("{date} {offset}");
    let time = DateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S %z").ok()?;
    Some(time.with_timezone(&Utc))
}

/// The machine that the inventory is of.
fn machine(content: &Content, itemtype: Option<&str>, remarks: &mut Remarks) -> Host {
    let mut host = Host::default();
    let hardware = content.hardware.0.as_ref();
    host.name = hardware.and_then(|hardware| hardware.name.0.clone());
    if let Some(bios) = &content.bios.0 {
        host.maker = told(&bios.smanufacturer);
        host.model = told(&bios.smodel);
        host.serial = told(&bios.ssn);
    }
    if let Some(system) = &content.operatingsystem.0 {
        operating_system(system, &mut host);
    }
    cards(&content.networks, &mut host, remarks);
    programs(content, &mut host, remarks);
    if let Some(device) = &content.network_device.0 {
        network_device(device, &mut host, remarks);
    }
    let chassis = hardware.and_then(|hardware| hardware.chassis_type.0.as_deref());
    let device = content.network_device.0.as_ref().and_then(|device| device.kind.0.as_deref());
    host.kind = kind(itemtype, device, chassis, host.os.as_deref());
    host
}

/// A field, unless its maker left it to be filled in.
fn told(text: &Text) -> Option<String> {
    text.0.clone().filter(|text| !says_nothing(text))
}

fn operating_system(system: &System, host: &mut Host) {
    host.os = system.full_name.0.clone().or_else(|| system.name.0.clone());
    host.os_version.clone_from(&system.version.0);
    if host.name.is_none() {
        host.name.clone_from(&system.fqdn.0);
    }
}

/// All addresses; of the hardware addresses that of the card that is most likely the one on the network.
fn cards(cards: &List<Card, 1_000>, host: &mut Host, remarks: &mut Remarks) {
    remarks.add(RemarkCode::TooManyAddresses, cards.left_out);
    let mut best = 0;
    for card in &cards.items {
        let mut addressed = false;
        for text in card.ipaddress.0.iter().chain(&card.ipaddress6.0) {
            addressed |= address(text, host, remarks);
        }
        let Some(mac) = hardware_address(&card.mac) else { continue };
        let wired = card.kind.0.as_deref() == Some("ethernet");
        let up = card.status.0.as_deref() == Some("up");
        let virtual_card = card.virtualdev.0 == Some(true);
        let likely =
            1 + 8 * u8::from(!virtual_card) + 4 * u8::from(addressed) + 2 * u8::from(up) + u8::from(wired);
        if likely > best {
            best = likely;
            host.mac = Some(mac);
        }
    }
}

fn hardware_address(text: &Text) -> Option<Mac> {
    text.0.as_deref()?.parse().ok()
}

/// Notes an address others can call; whether it was one.
fn address(text: &str, host: &mut Host, remarks: &mut Remarks) -> bool {
    let Ok(address) = text.parse::<IpAddr>() else { return false };
    if address.is_loopback() || address.is_unspecified() {
        return false;
    }
    if !host.addresses.contains(&address) {
        remarks.push(&mut host.addresses, address, MAX_ADDRESSES, RemarkCode::TooManyAddresses);
    }
    true
}

fn programs(content: &Content, host: &mut Host, remarks: &mut Remarks) {
    for remote in &content.remote_mgmt.items {
        if let Some(program) = &remote.kind.0 {
            host.is_operated_by(&program.to_lowercase(), remote.id.0.clone());
        }
    }
    for program in &content.softwares.items {
        let Some(name) = program.name.0.clone() else { continue };
        if let Some(remote) = remote::by_software(&name) {
            host.is_operated_by(remote, None);
        }
        let (version, maker) = (program.version.0.clone(), program.publisher.0.clone());
        host.software.push(Software { name, version, maker });
    }
    remarks.add(RemarkCode::TooManySoftware, content.softwares.left_out);
    for guard in &content.antivirus.items {
        let Some(name) = guard.name.0.clone() else { continue };
        host.antivirus.push(Antivirus {
            name,
            version: guard.version.0.clone(),
            enabled: guard.enabled.0,
            up_to_date: guard.uptodate.0,
        });
    }
    for database in &content.databases_services.items {
        let port = database.port.0.as_deref().and_then(|port| port.parse::<u16>().ok());
        let Some(port) = port.filter(|port| *port != 0) else { continue };
        host.services.push(Service {
            port,
            protocol: Protocol::Tcp,
            name: Some("database".to_owned()),
            product: database.name.0.clone(),
            version: database.version.0.clone(),
        });
    }
    remarks.add(RemarkCode::TooManyServices, content.databases_services.left_out);
}

/// What a device of the network tells of itself weighs more than what its parts say.
fn network_device(device: &Device, host: &mut Host, remarks: &mut Remarks) {
    for (field, said) in [
        (&mut host.name, &device.name),
        (&mut host.maker, &device.manufacturer),
        (&mut host.model, &device.model),
        (&mut host.serial, &device.serial),
        (&mut host.os_version, &device.firmware),
    ] {
        if let Some(said) = told(said) {
            *field = Some(said);
        }
    }
    host.mac = hardware_address(&device.mac).or(host.mac);
    for text in &device.ips.0 {
        address(text, host, remarks);
    }
}

fn kind(
    itemtype: Option<&str>,
    device: Option<&str>,
    chassis: Option<&str>,
    os: Option<&str>,
) -> Option<HostKind> {
    match device.or(itemtype) {
        Some("Networking" | "NetworkEquipment") => Some(HostKind::NetworkDevice),
        Some("Printer") => Some(HostKind::Printer),
        Some("Storage") => Some(HostKind::Storage),
        Some("Phone") => Some(HostKind::Phone),
        Some("Power" | "Video" | "KVM") => Some(HostKind::Other),
        Some("Unmanaged") => None,
        // Computers; agents of computers often leave the type out.
        _ => {
            let chassis = chassis.unwrap_or_default().to_lowercase();
            let serves = ["server", "rack", "blade"].iter().any(|word| chassis.contains(word))
                || os.is_some_and(|os| os.to_lowercase().contains("server"));
            match (serves, chassis.is_empty() && os.is_none()) {
                (true, _) => Some(HostKind::Server),
                (false, true) => None,
                (false, false) => Some(HostKind::Terminal),
            }
        }
    }
}

/// The machines that this one knows of: those it carries, and those at its ports.
fn others(content: &Content, hosts: &mut Vec<Host>, remarks: &mut Remarks) {
    for carried in &content.virtualmachines.items {
        let mut host =
            Host { name: carried.name.0.clone(), mac: hardware_address(&carried.mac), ..Host::default() };
        if let Some(text) = &carried.ipaddress.0 {
            address(text, &mut host, remarks);
        }
        if let Some(system) = &carried.operatingsystem.0 {
            operating_system(system, &mut host);
        }
        add(host, hosts, remarks);
    }
    let ports = &content.network_ports;
    for neighbour in ports.items.iter().flat_map(|port| &port.connections.items) {
        let learnt = neighbour.mac.0.iter().filter_map(|text| text.parse().ok());
        let mut macs: Vec<Mac> = hardware_address(&neighbour.sysmac).into_iter().chain(learnt).collect();
        macs.dedup();
        let mut first = Host {
            name: neighbour.sysname.0.clone(),
            model: told(&neighbour.model),
            mac: macs.first().copied(),
            ..Host::default()
        };
        if let Some(text) = &neighbour.ip.0 {
            address(text, &mut first, remarks);
        }
        add(first, hosts, remarks);
        for mac in macs.into_iter().skip(1) {
            add(Host { mac: Some(mac), ..Host::default() }, hosts, remarks);
        }
    }
    let left_out = ports.items.iter().map(|port| port.connections.left_out).sum::<u64>();
    remarks.add(RemarkCode::TooManyHosts, ports.left_out + left_out + content.virtualmachines.left_out);
}

/// Adds a machine that has at least a name or an address, with its maker.
fn add(mut host: Host, hosts: &mut Vec<Host>, remarks: &mut Remarks) {
    if host.name.is_none() && host.mac.is_none() && host.addresses.is_empty() {
        return;
    }
    host.maker = host.mac.and_then(Mac::maker);
    remarks.push(hosts, host, MAX_HOSTS, RemarkCode::TooManyHosts);
}
