//! The OSCAL export keeps the form's rows and is the same every time. `tests/oscal/validate.sh` holds it against
//! the published models.

use std::collections::HashSet;

use chrono::DateTime;
use komainu_catalog::{Catalog, Variant, oscal};
use komainu_language::Lang;
use serde_json::Value;

fn export(fiscal_year: i32, variant: Variant, lang: Lang) -> Value {
    let catalog = Catalog::embedded().expect("the data loads");
    let last_modified = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
    oscal::catalog(&catalog, oscal::Export { fiscal_year, variant, lang, last_modified }).expect("a form")
}

#[test]
fn rows_become_controls_under_their_section() {
    let document = export(2025, Variant::Institution, Lang::En);
    let catalog = &document["catalog"];
    assert_eq!(catalog["metadata"]["last-modified"], "2027-01-15T08:00:00Z");
    assert_eq!(catalog["controls"][0]["id"], "has-system");
    let counts: Vec<_> = catalog["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|g| g["controls"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(counts, [1, 14, 3, 1]);
    let control = &catalog["groups"][1]["controls"][12];
    assert_eq!(control["id"], "stop-services.terminal");
    let label = control["props"].as_array().expect("props").iter().find(|p| p["name"] == "label");
    assert_eq!(label.map(|p| &p["value"]), Some(&Value::from("2-⑫")));
}

#[test]
fn links_lead_to_resources() {
    let document = export(2026, Variant::InstitutionPharmacy, Lang::Ja);
    let resources: HashSet<_> = document["catalog"]["back-matter"]["resources"]
        .as_array()
        .expect("resources")
        .iter()
        .map(|r| format!("#{}", r["uuid"].as_str().expect("a uuid")))
        .collect();
    let control = &document["catalog"]["groups"][0]["controls"][0];
    let links = control["links"].as_array().expect("links");
    assert!(!links.is_empty());
    assert!(links.iter().all(|link| resources.contains(link["href"].as_str().expect("an address"))));
}

#[test]
fn the_same_data_give_the_same_document_and_others_another() {
    let once = export(2024, Variant::Vendor, Lang::Zh);
    assert_eq!(once, export(2024, Variant::Vendor, Lang::Zh));
    assert_ne!(once["catalog"]["uuid"], export(2024, Variant::Vendor, Lang::Ja)["catalog"]["uuid"]);
}
