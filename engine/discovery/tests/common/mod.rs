//! The files that tests read.

#![allow(dead_code, reason = "each test program uses some of it")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use komainu_discovery::{Findings, Host, RemarkCode, Source, read};
use std::path::Path;

/// Our own recordings; `data/make.sh` makes them.
pub fn recording(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// GLPI's samples, which the project carries no copy of. None if they are absent, which only CI does not bear.
pub fn shared(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{} is absent", path.display());
        println!("skipped: {} is absent", path.display());
    }
    found
}

/// A bill of materials of our own, with things within things.
pub const BOM: &str = include_str!("../data/pump.cdx.json");

/// An inventory of our own.
pub const INVENTORY: &str = include_str!("../data/reception.json");

/// Every file there is, with what it is.
pub fn all() -> Vec<(String, Source, Vec<u8>)> {
    let mut all = vec![
        ("scan.xml".to_owned(), Source::Nmap, recording("scan.xml")),
        ("hospital.pcap".to_owned(), Source::Capture, recording("hospital.pcap")),
        ("hospital.pcapng".to_owned(), Source::Capture, recording("hospital.pcapng")),
        ("cooked.pcap".to_owned(), Source::Capture, recording("cooked.pcap")),
        ("BOM".to_owned(), Source::CycloneDx, BOM.as_bytes().to_vec()),
        ("INVENTORY".to_owned(), Source::Glpi, INVENTORY.as_bytes().to_vec()),
    ];
    for name in ["glpi-computer_1.json", "glpi-networkequipment_3.json", "glpi-phone_1.json"] {
        all.extend(shared(name).map(|bytes| (name.to_owned(), Source::Glpi, bytes)));
    }
    all
}

pub fn found(bytes: &[u8], source: Source) -> Findings {
    read(bytes, source).unwrap()
}

/// The machine with an address.
pub fn at<'a>(findings: &'a Findings, address: &str) -> (usize, &'a Host) {
    let address = address.parse().unwrap();
    findings.hosts.iter().enumerate().find(|(_, host)| host.addresses.contains(&address)).unwrap()
}

/// How often something was left out.
pub fn left_out(findings: &Findings, code: RemarkCode) -> u64 {
    findings.remarks.iter().find(|remark| remark.code == code).map_or(0, |remark| remark.count)
}
