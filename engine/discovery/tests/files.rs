//! Scans, inventories and bills of materials.

#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod common;

use common::{BOM, INVENTORY, at, found, left_out, recording, shared};
use komainu_discovery::{
    ComponentKind, HostKind, OtherFormat, Protocol, Refusal, RemarkCode, Role, Source, read, recognise,
};

#[test]
fn every_file_is_recognised() {
    for (name, source, bytes) in common::all() {
        assert_eq!(recognise(&bytes), Some(source), "{name}");
        assert_eq!(found(&bytes, source).source, source, "{name}");
    }
}

#[test]
fn a_scan_tells_machines_and_services() {
    let findings = found(&recording("scan.xml"), Source::Nmap);
    assert_eq!(findings.hosts.len(), 3);
    assert!(findings.taken.is_some());
    let (_, archive) = at(&findings, "192.168.10.20");
    assert_eq!(archive.name.as_deref(), Some("archive.clinic.example"));
    assert_eq!(archive.mac, Some("00:50:56:00:10:20".parse().unwrap()));
    assert_eq!(archive.maker.as_deref(), Some("VMware"));
    assert!(archive.os.as_deref().unwrap().contains("Linux"));
    assert!(archive.os_accuracy.unwrap() >= 90);
    let ports: Vec<_> = archive.services.iter().map(|service| (service.port, service.protocol)).collect();
    assert_eq!(ports, [(4242, Protocol::Tcp), (8042, Protocol::Tcp)]);
    let (_, desk) = at(&findings, "192.168.10.40");
    let receiver = desk.speaks.iter().find(|told| told.role == Role::Hl7Receiver).unwrap();
    assert!(!receiver.certain && receiver.port == Some(2575));
}

/// A scan with one machine, whose inside is given.
fn scan(inside: &str) -> String {
    format!("<nmaprun start=\"1\"><host><status state=\"up\"/>{inside}</host></nmaprun>")
}

#[test]
fn a_scan_is_read_or_refused() {
    let open =
        "<port protocol=\"udp\" portid=\"53\"><state state=\"open\"/><service name=\"a&amp;b\"/></port>";
    let findings = found(scan(&format!("<ports>{open}</ports>")).as_bytes(), Source::Nmap);
    assert_eq!(findings.hosts[0].services[0].name.as_deref(), Some("a&b"));
    let down = found(scan("<status state=\"down\"/>").as_bytes(), Source::Nmap);
    assert_eq!((down.hosts.len(), left_out(&down, RemarkCode::HostsDown)), (0, 1));

    let deep = "<a>".repeat(40);
    let entity = "<!DOCTYPE nmaprun [<!ENTITY x \"y\">]>\n<nmaprun/>";
    for (text, refusal) in [
        (scan("<address addr=\"&x;\"/>"), Refusal::Entity { line: 1 }),
        (scan("\n&x;"), Refusal::Entity { line: 2 }),
        (scan(&deep), Refusal::TooDeep { line: 1 }),
        (entity.to_owned(), Refusal::DocumentType { line: 1 }),
        ("<!DOCTYPE nmaprun>\n<nmaprun><host>".to_owned(), Refusal::EndedEarly { line: 2 }),
        ("<nmaprun/><nmaprun/>".to_owned(), Refusal::Shape { line: 1, column: 0 }),
        ("<other/>".to_owned(), Refusal::NotThis { expected: Source::Nmap }),
        ("<nmaprun></host>".to_owned(), Refusal::Syntax { line: 1, column: 0 }),
        ("# Nmap 7.93 scan".to_owned(), Refusal::NotSupported { format: OtherFormat::NmapText }),
    ] {
        assert_eq!(read(text.as_bytes(), Source::Nmap), Err(refusal), "{text}");
    }
}

#[test]
fn an_inventory_tells_the_machine_and_nobody() {
    let findings = found(INVENTORY.as_bytes(), Source::Glpi);
    assert_eq!(findings.own_id.as_deref(), Some("reception-2026-04-01"));
    assert_eq!(findings.taken.unwrap().to_rfc3339(), "2026-04-01T00:00:00+00:00");
    let host = &findings.hosts[0];
    assert_eq!((host.name.as_deref(), host.kind), (Some("RECEPTION-PC-1"), Some(HostKind::Terminal)));
    assert_eq!((host.maker.as_deref(), host.model.as_deref()), (None, Some("Model 7")));
    assert_eq!(host.serial.as_deref(), Some("12345"));
    assert_eq!((host.os.as_deref(), host.os_version.as_deref()), (Some("Windows 11 Pro"), Some("23H2")));
    assert_eq!(host.mac, Some("00:1b:21:00:10:40".parse().unwrap()));
    assert_eq!(host.addresses.len(), 3);
    assert_eq!(host.software.len(), 1);
    let controls: Vec<_> =
        host.remote_control.iter().map(|control| (control.program.as_str(), control.id.as_deref())).collect();
    assert_eq!(controls, [("anydesk", Some("123456789")), ("teamviewer", None)]);
    assert_eq!((host.antivirus[0].enabled, host.antivirus[0].up_to_date), (Some(true), Some(false)));
    assert_eq!(host.services[0].port, 5432);
    assert!(!format!("{findings:?}").contains("somebody"));
}

#[test]
fn samples_of_glpi_are_read() {
    if let Some(bytes) = shared("glpi-computer_1.json") {
        let findings = found(&bytes, Source::Glpi);
        let host = &findings.hosts[0];
        assert_eq!(host.name.as_deref(), Some("glpixps"));
        assert_eq!((host.maker.as_deref(), host.serial.as_deref()), (Some("Dell Inc."), Some("640HP72")));
        assert_eq!(host.remote_control[0].program, "teamviewer");
        assert_eq!(host.remote_control[0].id.as_deref(), Some("123456789"));
        assert!(host.software.iter().any(|software| software.name == "gitg"));
        assert_eq!(host.kind, Some(HostKind::Terminal));
        assert!(!format!("{findings:?}").contains("trasher"));
    }
    if let Some(bytes) = shared("glpi-networkequipment_3.json") {
        let findings = found(&bytes, Source::Glpi);
        let host = &findings.hosts[0];
        assert_eq!((host.kind, host.model.as_deref()), (Some(HostKind::NetworkDevice), Some("2530-48G")));
        assert_eq!(host.os_version.as_deref(), Some("YA.15.12.0015"));
        assert_eq!(host.mac, Some("b0:5a:da:10:10:80".parse().unwrap()));
        // The telephone at its first port.
        let (_, neighbour) = at(&findings, "192.168.63.52");
        assert_eq!(neighbour.name.as_deref(), Some("Cisco IP Phone SPA303"));
    }
    if let Some(bytes) = shared("glpi-phone_1.json") {
        let findings = found(&bytes, Source::Glpi);
        let host = &findings.hosts[0];
        assert_eq!((host.kind, host.model.as_deref()), (Some(HostKind::Phone), Some("Mi 9T Pro")));
        assert_eq!(host.addresses.len(), 2);
        assert!(!format!("{findings:?}").contains("33632331095"));
    }
}

#[test]
fn a_bill_of_materials_tells_a_product() {
    let findings = found(BOM.as_bytes(), Source::CycloneDx);
    assert_eq!(findings.own_id.as_deref(), Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"));
    assert_eq!(findings.taken.unwrap().to_rfc3339(), "2026-04-01T00:00:00+00:00");
    assert_eq!(findings.hosts.len(), 1);
    let pump = &findings.hosts[0];
    assert_eq!(
        (pump.model.as_deref(), pump.maker.as_deref()),
        (Some("Infusion pump X1"), Some("Pump Works"))
    );
    assert_eq!((pump.os.as_deref(), pump.os_version.as_deref()), (Some("Small OS"), Some("4.2")));
    assert_eq!(pump.software[0].name, "pump-control");
    let told: Vec<_> =
        findings.components.iter().map(|part| (part.kind, part.name.as_str(), part.of)).collect();
    assert_eq!(
        told,
        [
            (ComponentKind::Device, "Infusion pump X1", None),
            (ComponentKind::OperatingSystem, "Small OS", Some(0)),
            (ComponentKind::Firmware, "pump-control", Some(0)),
            (ComponentKind::Library, "openssl", Some(0)),
            (ComponentKind::Other, "libssl.so", Some(0)),
            (ComponentKind::OperatingSystem, "Second OS", Some(0)),
        ]
    );
    let openssl = &findings.components[3];
    assert_eq!((openssl.maker.as_deref(), openssl.version.as_deref()), (Some("OpenSSL"), Some("3.0.1")));
    assert_eq!(openssl.purl.as_deref(), Some("pkg:generic/openssl@3.0.1"));
    assert_eq!(left_out(&findings, RemarkCode::Nameless), 1);
    assert_eq!(left_out(&findings, RemarkCode::ServicesNotRead), 1);
}

#[test]
fn json_is_refused_with_its_place() {
    let nested =
        format!("{{\"bomFormat\": \"CycloneDX\", \"components\": {}", "[{\"components\": ".repeat(100));
    for (text, source, refusal) in [
        (&BOM[..300], Source::CycloneDx, Refusal::EndedEarly { line: 7 }),
        (BOM.replace("1.5", "2.0").as_str(), Source::CycloneDx, Refusal::Version { found: "2.0".to_owned() }),
        (
            &BOM.replace("CycloneDX", "Other"),
            Source::CycloneDx,
            Refusal::NotThis { expected: Source::CycloneDx },
        ),
        ("{\"content\": 1}", Source::Glpi, Refusal::NotThis { expected: Source::Glpi }),
        ("[1]", Source::Glpi, Refusal::NotThis { expected: Source::Glpi }),
        (nested.as_str(), Source::CycloneDx, Refusal::TooDeep { line: 1 }),
        ("<bom/>", Source::CycloneDx, Refusal::NotSupported { format: OtherFormat::CycloneDxXml }),
        ("<REQUEST/>", Source::Glpi, Refusal::NotSupported { format: OtherFormat::GlpiXml }),
    ] {
        let refused = read(text.as_bytes(), source).unwrap_err();
        match refused {
            // Which line the cut falls into is not what is tested.
            Refusal::EndedEarly { .. } => assert!(matches!(refusal, Refusal::EndedEarly { .. })),
            refused => assert_eq!(refused, refusal, "{text}"),
        }
    }
}
