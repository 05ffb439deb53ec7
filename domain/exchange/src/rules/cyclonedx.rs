//! The ledger as a bill of materials: CycloneDX 1.6 in JSON, for programs that look for known weaknesses.

use chrono::{DateTime, SecondsFormat, Utc};
use komainu_db::uuid::Uuid;
use komainu_inventory::{Asset, AssetKind, Fact, Index, Ledger};
use serde_json::{Map, Value, json};

/// Facts that stand beside a device as properties; addresses are not among them.
const PROPERTIES: &[Fact] = &[
    Fact::Number,
    Fact::Model,
    Fact::Serial,
    Fact::Count,
    Fact::SupportEnds,
    Fact::Approval,
    Fact::DeviceClass,
];
/// Where a device is reached. Told only on wish.
const ADDRESSES: &[Fact] = &[Fact::Address, Fact::Mac, Fact::Hostname];

/// Makes the bill of materials: devices with their firmware or operating system and their program, and services. Zones,
/// places, accounts and the like are no materials. `addresses` adds where devices are reached.
pub fn bill_of_materials(
    ledger: &Ledger,
    addresses: bool,
    made: DateTime<Utc>,
    serial: Uuid,
    version: &str,
) -> Value {
    let index = ledger.index();
    let (mut components, mut services) = (Vec::new(), Vec::new());
    for asset in &ledger.assets {
        match asset.details.kind {
            AssetKind::Server
            | AssetKind::Terminal
            | AssetKind::NetworkDevice
            | AssetKind::MedicalDevice
            | AssetKind::OfficeDevice
            | AssetKind::DataStore => components.push(device(asset, addresses)),
            AssetKind::CloudService => services.push(service(asset, &index)),
            AssetKind::Backup
            | AssetKind::AccountGroup
            | AssetKind::Zone
            | AssetKind::Place
            | AssetKind::CareProcess => {}
        }
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{serial}"),
        "version": 1,
        "metadata": {
            "timestamp": made.to_rfc3339_opts(SecondsFormat::Secs, true),
            "tools": { "components": [{ "type": "application", "name": "Komainu", "version": version }] },
        },
        "components": components,
        "services": services,
    })
}

fn device(asset: &Asset, addresses: bool) -> Value {
    let (id, details) = (asset.id.to_string(), &asset.details);
    let text = |fact| details.facts.text(fact);
    let mut device = Map::new();
    let mut put = |name: &str, value: Value| drop(device.insert(name.to_owned(), value));
    put("type", "device".into());
    put("bom-ref", id.clone().into());
    put("name", details.name.clone().into());
    if !text(Fact::Maker).is_empty() {
        put("manufacturer", json!({ "name": text(Fact::Maker) }));
    }
    let mut parts = Vec::new();
    if !text(Fact::Os).is_empty() {
        parts.push(part(&id, "operating-system", text(Fact::Os)));
    }
    if !text(Fact::Software).is_empty() {
        let kind = if details.kind == AssetKind::NetworkDevice { "firmware" } else { "application" };
        parts.push(part(&id, kind, text(Fact::Software)));
    }
    if !parts.is_empty() {
        put("components", parts.into());
    }
    let told = PROPERTIES.iter().chain(ADDRESSES.iter().filter(|_| addresses));
    let mut properties = vec![json!({ "name": "komainu:kind", "value": details.kind.code() })];
    properties.extend(
        told.filter(|fact| details.facts.known(**fact))
            .map(|fact| json!({ "name": format!("komainu:{}", fact.code()), "value": text(*fact) })),
    );
    put("properties", properties.into());
    Value::Object(device)
}

/// A device's system or program. A version behind the last space, if it looks like one, stands by itself.
fn part(device: &str, kind: &str, text: &str) -> Value {
    let split = text
        .rsplit_once(' ')
        .filter(|(_, last)| last.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit()));
    let reference = format!("{device}/{kind}");
    match split {
        Some((name, version)) => {
            json!({ "type": kind, "bom-ref": reference, "name": name, "version": version })
        }
        None => json!({ "type": kind, "bom-ref": reference, "name": text }),
    }
}

fn service(asset: &Asset, index: &Index<'_>) -> Value {
    let details = &asset.details;
    let vendor = details.vendor.and_then(|id| index.vendor(id));
    let mut service = json!({ "bom-ref": asset.id.to_string(), "name": details.name });
    if let (Some(vendor), Some(service)) = (vendor, service.as_object_mut()) {
        service.insert("provider".to_owned(), json!({ "name": vendor.name }));
    }
    service
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_inventory::{AssetDetails, AssetId, Facts};

    fn ledger() -> Ledger {
        let facts = Facts::default()
            .with(Fact::Maker, "甲社")
            .with(Fact::Software, "FW v7.2.8")
            .with(Fact::Address, "192.168.0.1")
            .with(Fact::Serial, "0012");
        let device = |number, kind, name| Asset {
            id: AssetId(Uuid::from_u128(number)),
            details: AssetDetails { facts: facts.clone(), ..AssetDetails::named(kind, name) },
            version: 1,
        };
        let assets = vec![
            device(1, AssetKind::NetworkDevice, "VPN装置"),
            device(2, AssetKind::Zone, "事務"),
            device(3, AssetKind::CloudService, "予約"),
        ];
        Ledger { assets, ..Ledger::default() }
    }

    #[test]
    fn devices_and_services_without_addresses_unless_asked() {
        let bom = bill_of_materials(&ledger(), false, DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), "1");
        assert_eq!((&bom["bomFormat"], &bom["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
        let device = &bom["components"][0];
        assert_eq!((&device["name"], &device["manufacturer"]["name"]), (&json!("VPN装置"), &json!("甲社")));
        let firmware = &device["components"][0];
        assert_eq!(
            (&firmware["type"], &firmware["name"], &firmware["version"]),
            (&json!("firmware"), &json!("FW"), &json!("v7.2.8"))
        );
        assert_eq!(bom["components"].as_array().unwrap().len(), 1);
        assert_eq!(bom["services"][0]["name"], "予約");
        assert!(!bom.to_string().contains("192.168.0.1"));
        let with = bill_of_materials(&ledger(), true, DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), "1");
        assert!(with.to_string().contains("192.168.0.1"));
    }

    #[test]
    fn our_own_bill_of_materials_is_recognised() {
        let bom = bill_of_materials(&ledger(), false, DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), "1");
        let bytes = bom.to_string().into_bytes();
        assert_eq!(komainu_discovery::recognise(&bytes), Some(komainu_discovery::Source::CycloneDx));
        let findings = komainu_discovery::read(&bytes, komainu_discovery::Source::CycloneDx).unwrap();
        assert_eq!(findings.hosts.len(), 1);
    }
}
