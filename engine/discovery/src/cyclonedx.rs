//! Bills of materials in the JSON of CycloneDX (ECMA-424), versions 1.2 to 1.7.
//!
//! Components are told in one list, those within others too. A device becomes a machine with its name as the model, as
//! such a document is of a product and not of the piece that stands in a room; an operating system becomes its
//! device's, or a machine of its own where no device is told. Everything else (properties, hashes, licences, services,
//! vulnerabilities) is left.

use crate::findings::{Component, ComponentKind, Findings, Host, Software, Source};
use crate::lenient::{List, Maybe, Text};
use crate::recognise::{is_xml, without_mark};
use crate::refusal::{OtherFormat, Refusal};
use crate::remark::{RemarkCode, Remarks};
use crate::{MAX_COMPONENTS, MAX_HOSTS, MAX_SOFTWARE};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The fields that are read are the same in these.
const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Bom {
    #[serde(rename = "bomFormat")]
    format: Text,
    spec_version: Text,
    serial_number: Text,
    metadata: Maybe<Metadata>,
    components: List<Part, MAX_COMPONENTS>,
    services: List<Unread, 0>,
}

/// An object of which nothing is read.
#[derive(Default, Deserialize)]
struct Unread {}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    timestamp: Text,
    component: Maybe<Part>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    #[serde(rename = "type")]
    kind: Text,
    name: Text,
    version: Text,
    supplier: Maybe<Organisation>,
    manufacturer: Maybe<Organisation>,
    publisher: Text,
    cpe: Text,
    purl: Text,
    components: List<Part, MAX_COMPONENTS>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Organisation {
    name: Text,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Findings, Refusal> {
    if is_xml(bytes) {
        return Err(Refusal::NotSupported { format: OtherFormat::CycloneDxXml });
    }
    let bom: Bom = serde_json::from_slice(without_mark(bytes)).map_err(|error| Refusal::of_json(&error))?;
    if bom.format.0.as_deref() != Some("CycloneDX") {
        return Err(Refusal::NotThis { expected: Source::CycloneDx });
    }
    let version = bom.spec_version.0.unwrap_or_default();
    if !VERSIONS.contains(&version.as_str()) {
        return Err(Refusal::Version { found: version });
    }
    let mut flat = Flat { findings: Findings::of(Source::CycloneDx), remarks: Remarks::default() };
    flat.findings.own_id = bom.serial_number.0;
    flat.remarks.add(RemarkCode::ServicesNotRead, bom.services.left_out);
    flat.remarks.add(RemarkCode::TooManyComponents, bom.components.left_out);
    let mut whole = None;
    if let Maybe(Some(metadata)) = bom.metadata {
        flat.findings.taken = metadata.timestamp.0.as_deref().and_then(time);
        if let Maybe(Some(product)) = metadata.component {
            whole = flat.part(product, None);
        }
    }
    for part in bom.components.items {
        flat.part(part, whole);
    }
    let Flat { mut findings, remarks } = flat;
    findings.remarks = remarks.told();
    Ok(findings)
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc))
}

/// The tree of components, made flat.
struct Flat {
    findings: Findings,
    remarks: Remarks,
}

impl Flat {
    /// Takes in a component of a device and all within it; the device that it is or is part of.
    ///
    /// Recursion is bounded: the parser refuses to nest more than 128 deep.
    fn part(&mut self, part: Part, of: Option<usize>) -> Option<usize> {
        let kind = kind_of(part.kind.0.as_deref());
        let maker = [part.supplier, part.manufacturer]
            .into_iter()
            .find_map(|organisation| organisation.0.and_then(|organisation| organisation.name.0))
            .or(part.publisher.0);
        let mut device = of;
        if let Some(name) = part.name.0 {
            let component = Component {
                kind,
                name,
                version: part.version.0,
                maker,
                cpe: part.cpe.0,
                purl: part.purl.0,
                of,
            };
            device = self.component(component);
        } else {
            self.remarks.add(RemarkCode::Nameless, 1);
        }
        self.remarks.add(RemarkCode::TooManyComponents, part.components.left_out);
        for inner in part.components.items {
            self.part(inner, device);
        }
        device
    }

    /// Notes one component; the device that it is or is part of.
    fn component(&mut self, component: Component) -> Option<usize> {
        if self.findings.components.len() >= MAX_COMPONENTS {
            self.remarks.add(RemarkCode::TooManyComponents, 1);
            return component.of;
        }
        let device = match component.kind {
            ComponentKind::Device => self.device(&component).or(component.of),
            ComponentKind::OperatingSystem => self.operating_system(&component),
            _ => {
                self.installed(&component);
                component.of
            }
        };
        self.findings.components.push(component);
        device
    }

    fn device(&mut self, device: &Component) -> Option<usize> {
        self.host(Host { model: Some(device.name.clone()), maker: device.maker.clone(), ..Host::default() })
    }

    fn operating_system(&mut self, system: &Component) -> Option<usize> {
        let (os, os_version) = (Some(system.name.clone()), system.version.clone());
        match component_host(&mut self.findings, system.of) {
            Some(host) if host.os.is_none() => {
                host.os = os;
                host.os_version = os_version;
                system.of
            }
            // A second system of a device is listed with the components only.
            Some(_) => system.of,
            None => self.host(Host { os, os_version, ..Host::default() }),
        }
    }

    fn installed(&mut self, program: &Component) {
        if !matches!(program.kind, ComponentKind::Application | ComponentKind::Firmware) {
            return;
        }
        if let Some(host) = component_host(&mut self.findings, program.of) {
            let (name, version, maker) =
                (program.name.clone(), program.version.clone(), program.maker.clone());
            let software = Software { name, version, maker };
            self.remarks.push(&mut host.software, software, MAX_SOFTWARE, RemarkCode::TooManySoftware);
        }
    }

    fn host(&mut self, host: Host) -> Option<usize> {
        let at = self.findings.hosts.len();
        self.remarks.push(&mut self.findings.hosts, host, MAX_HOSTS, RemarkCode::TooManyHosts);
        (self.findings.hosts.len() > at).then_some(at)
    }
}

fn component_host(findings: &mut Findings, at: Option<usize>) -> Option<&mut Host> {
    findings.hosts.get_mut(at?)
}

fn kind_of(kind: Option<&str>) -> ComponentKind {
    match kind {
        Some("application") => ComponentKind::Application,
        Some("framework" | "library") => ComponentKind::Library,
        Some("operating-system") => ComponentKind::OperatingSystem,
        Some("device") => ComponentKind::Device,
        Some("firmware" | "device-driver") => ComponentKind::Firmware,
        Some("container" | "platform") => ComponentKind::Container,
        _ => ComponentKind::Other,
    }
}
