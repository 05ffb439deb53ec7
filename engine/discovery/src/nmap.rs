//! The XML that nmap writes with `-oX`.
//!
//! A file that ends before its `</nmaprun>` is refused and not read as far as it goes: whoever looks at the preview
//! takes it for the whole network, and what is missing cannot be told from what is not there.

use crate::findings::{Findings, Host, HostKind, Protocol, Service, Source};
use crate::mac::Mac;
use crate::recognise::{is_nmap_text, is_xml, without_mark};
use crate::refusal::{OtherFormat, Refusal};
use crate::remark::{RemarkCode, Remarks};
use crate::text::clean;
use crate::{MAX_ADDRESSES, MAX_HOSTS, MAX_SERVICES};
use chrono::DateTime;
use core::net::IpAddr;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// nmap nests seven deep.
const DEEPEST: usize = 32;
/// A guess at an operating system that is less sure than this, in percent, is none.
const SURE: u8 = 90;

pub(crate) fn read(bytes: &[u8]) -> Result<Findings, Refusal> {
    if is_nmap_text(without_mark(bytes).trim_ascii_start()) {
        return Err(Refusal::NotSupported { format: OtherFormat::NmapText });
    }
    if !is_xml(bytes) {
        return Err(Refusal::NotThis { expected: Source::Nmap });
    }
    // Names of a Windows machine's network cards may come in its own encoding.
    let text = String::from_utf8_lossy(without_mark(bytes));
    let mut scan = Scan::default();
    walk(&text, &mut scan)?;
    let Scan { mut findings, remarks, .. } = scan;
    findings.remarks = remarks.told();
    Ok(findings)
}

/// What is known so far.
struct Scan {
    findings: Findings,
    remarks: Remarks,
    host: Option<Current>,
    port: Option<Port>,
}

impl Default for Scan {
    fn default() -> Self {
        Scan { findings: Findings::of(Source::Nmap), remarks: Remarks::default(), host: None, port: None }
    }
}

/// The machine that is being read.
#[derive(Default)]
struct Current {
    host: Host,
    down: bool,
    named_by_user: bool,
    /// How sure the best guess so far is, and whether what follows belongs to it.
    accuracy: u8,
    best_match: bool,
}

/// The port that is being read.
struct Port {
    service: Service,
    open: bool,
    filtered: bool,
    probed: bool,
}

/// Reads the whole text, tag by tag.
fn walk(text: &str, scan: &mut Scan) -> Result<(), Refusal> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let (mut begun, mut ended) = (false, false);
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(refusal(text, &error, reader.error_position())),
        };
        let line = || line_of(text, reader.buffer_position());
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let empty = matches!(event, Event::Empty(_));
                if depth == 0 {
                    if begun {
                        return Err(Refusal::Shape { line: line(), column: 0 });
                    }
                    if name_of(tag) != "nmaprun" {
                        return Err(Refusal::NotThis { expected: Source::Nmap });
                    }
                    begun = true;
                    ended = empty;
                }
                opened(tag, scan).map_err(|_| Refusal::Entity { line: line() })?;
                if empty {
                    closed(name_of(tag), scan);
                } else {
                    depth += 1;
                    if depth > DEEPEST {
                        return Err(Refusal::TooDeep { line: line() });
                    }
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                closed(tag.local_name().into_inner(), scan);
                ended |= depth == 0;
            }
            // nmap writes the bare name; anything more could define entities.
            Event::DocType(name) => {
                if begun || name.into_inner().trim() != "nmaprun" {
                    return Err(Refusal::DocumentType { line: line() });
                }
            }
            Event::GeneralRef(name) => {
                let known = matches!(name.resolve_char_ref(), Ok(Some(_)))
                    || quick_xml::escape::resolve_xml_entity(&name).is_some();
                if !known {
                    return Err(Refusal::Entity { line: line() });
                }
            }
            Event::Eof if ended => return Ok(()),
            Event::Eof => return Err(Refusal::EndedEarly { line: line() }),
            // Reports of scripts and the like stand in texts; none is read.
            Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn refusal(text: &str, error: &quick_xml::Error, position: u64) -> Refusal {
    let line = line_of(text, position);
    match error {
        // These arise only where the text ends within a tag.
        quick_xml::Error::Syntax(_) => Refusal::EndedEarly { line },
        _ => Refusal::Syntax { line, column: 0 },
    }
}

/// The line, counted from 1, of a place in bytes.
fn line_of(text: &str, position: u64) -> usize {
    let end = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
    text.as_bytes()[..end].split(|byte| *byte == b'\n').count()
}

fn name_of<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    tag.local_name().into_inner()
}

/// An entity that nobody defined stands in an attribute.
struct BadEntity;

/// The cleaned value of an attribute.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, BadEntity> {
    // Without checks: looking for repeated names costs the square of their number.
    let found = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().into_inner() == name);
    let Some(found) = found else { return Ok(None) };
    let value = quick_xml::escape::unescape(&found.value).map_err(|_| BadEntity)?;
    Ok(clean(&value))
}

fn opened(tag: &BytesStart<'_>, scan: &mut Scan) -> Result<(), BadEntity> {
    match name_of(tag) {
        "nmaprun" => {
            let start = attribute(tag, "start")?.and_then(|start| start.parse().ok());
            scan.findings.taken = start.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        }
        "finished" => {
            if attribute(tag, "exit")?.is_some_and(|exit| exit != "success") {
                scan.remarks.add(RemarkCode::ScanFailed, 1);
            }
        }
        "host" => scan.host = Some(Current::default()),
        "port" => scan.port = port(tag)?,
        "extraports" => {
            if attribute(tag, "state")?.is_some_and(|state| state.contains("filtered")) {
                let count = attribute(tag, "count")?.and_then(|count| count.parse().ok());
                scan.remarks.add(RemarkCode::PortsFiltered, count.unwrap_or(1));
            }
        }
        "state" => {
            if let (Some(port), Some(state)) = (&mut scan.port, attribute(tag, "state")?) {
                port.open = state == "open";
                port.filtered = state.contains("filtered");
            }
        }
        "service" => {
            if let Some(port) = &mut scan.port {
                service(tag, port)?;
                if let (Some(current), true) = (&mut scan.host, port.open) {
                    by_service(tag, current)?;
                }
            }
        }
        other => {
            if let Some(current) = &mut scan.host {
                of_host(other, tag, current, &mut scan.remarks)?;
            }
        }
    }
    Ok(())
}

fn port(tag: &BytesStart<'_>) -> Result<Option<Port>, BadEntity> {
    let protocol = match attribute(tag, "protocol")?.as_deref() {
        Some("tcp") => Protocol::Tcp,
        Some("udp") => Protocol::Udp,
        _ => return Ok(None),
    };
    let number = attribute(tag, "portid")?.and_then(|number| number.parse().ok());
    Ok(number.map(|port| Port {
        service: Service { port, protocol, name: None, product: None, version: None },
        open: false,
        filtered: false,
        probed: false,
    }))
}

fn service(tag: &BytesStart<'_>, port: &mut Port) -> Result<(), BadEntity> {
    port.service.name = attribute(tag, "name")?;
    port.service.product = attribute(tag, "product")?;
    port.service.version = attribute(tag, "version")?;
    port.probed = attribute(tag, "method")?.as_deref() == Some("probed");
    Ok(())
}

/// What a service gives away about its machine.
fn by_service(tag: &BytesStart<'_>, current: &mut Current) -> Result<(), BadEntity> {
    if current.host.name.is_none() {
        current.host.name = attribute(tag, "hostname")?;
    }
    if current.host.os.is_none() {
        current.host.os = attribute(tag, "ostype")?;
    }
    if current.host.kind.is_none() {
        current.host.kind = attribute(tag, "devicetype")?.and_then(|kind| kind_of(&kind));
    }
    Ok(())
}

/// What stands within a machine, but for its ports.
fn of_host(
    name: &str,
    tag: &BytesStart<'_>,
    current: &mut Current,
    remarks: &mut Remarks,
) -> Result<(), BadEntity> {
    match name {
        "status" => current.down = attribute(tag, "state")?.is_some_and(|state| state == "down"),
        "address" => address(tag, &mut current.host, remarks)?,
        "hostname" => {
            // A name that somebody typed says less than the one the network gives.
            let typed = attribute(tag, "type")?.as_deref() == Some("user");
            if current.host.name.is_none() || (current.named_by_user && !typed) {
                current.host.name = attribute(tag, "name")?;
                current.named_by_user = typed;
            }
        }
        "osmatch" => {
            let accuracy: u8 = attribute(tag, "accuracy")?.and_then(|told| told.parse().ok()).unwrap_or(0);
            current.best_match = accuracy >= SURE && accuracy > current.accuracy;
            if current.best_match {
                current.accuracy = accuracy;
                current.host.os = attribute(tag, "name")?;
                current.host.os_accuracy = Some(accuracy.min(100));
            }
        }
        "osclass" if current.best_match && current.host.kind.is_none() => {
            current.host.kind = attribute(tag, "type")?.and_then(|kind| kind_of(&kind));
        }
        _ => {}
    }
    Ok(())
}

fn address(tag: &BytesStart<'_>, host: &mut Host, remarks: &mut Remarks) -> Result<(), BadEntity> {
    let Some(address) = attribute(tag, "addr")? else { return Ok(()) };
    if attribute(tag, "addrtype")?.as_deref() == Some("mac") {
        host.mac = address.parse::<Mac>().ok();
        host.maker = attribute(tag, "vendor")?.or_else(|| host.mac.and_then(Mac::maker));
    } else if let Ok(address) = address.parse::<IpAddr>()
        && !host.addresses.contains(&address)
    {
        remarks.push(&mut host.addresses, address, MAX_ADDRESSES, RemarkCode::TooManyAddresses);
    }
    Ok(())
}

/// nmap's kinds of devices; "general purpose" says nothing.
fn kind_of(kind: &str) -> Option<HostKind> {
    match kind {
        "printer" | "print server" => Some(HostKind::Printer),
        "router" | "broadband router" | "switch" | "firewall" | "WAP" | "hub" | "bridge"
        | "load balancer" | "proxy server" => Some(HostKind::NetworkDevice),
        "storage-misc" => Some(HostKind::Storage),
        "phone" | "VoIP phone" | "VoIP adapter" | "PBX" => Some(HostKind::Phone),
        "terminal" | "terminal server" => Some(HostKind::Terminal),
        "webcam" | "media device" | "power-device" | "game console" | "security-misc"
        | "remote management" => Some(HostKind::Other),
        _ => None,
    }
}

fn closed(name: &str, scan: &mut Scan) {
    match name {
        "port" => {
            let (Some(current), Some(port)) = (&mut scan.host, scan.port.take()) else { return };
            if port.open {
                current.host.plays_by_service(&port.service, port.probed);
                let services = &mut current.host.services;
                scan.remarks.push(services, port.service, MAX_SERVICES, RemarkCode::TooManyServices);
            } else if port.filtered {
                scan.remarks.add(RemarkCode::PortsFiltered, 1);
            }
        }
        "osmatch" => {
            if let Some(current) = &mut scan.host {
                current.best_match = false;
            }
        }
        "host" => {
            scan.port = None;
            let Some(current) = scan.host.take() else { return };
            if current.down {
                scan.remarks.add(RemarkCode::HostsDown, 1);
            } else {
                let hosts = &mut scan.findings.hosts;
                scan.remarks.push(hosts, current.host, MAX_HOSTS, RemarkCode::TooManyHosts);
            }
        }
        _ => {}
    }
}
