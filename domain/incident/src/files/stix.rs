//! The case as a bundle of STIX 2.1 (OASIS): the incident, the house, affected things, evidence by its hash, the timeline as
//! notes. What STIX has no object for is left to the other files of the archive.

use super::Desk;
use crate::model::{AssetState, Case};
use crate::rules::timeline;
use crate::words;
use chrono::{DateTime, SecondsFormat, Utc};
use komainu_db::uuid::Uuid;
use serde_json::{Value, json};

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An id of its own for what has none here: the incident's id with the number of the object in its last bytes.
fn derived(of: Uuid, group: u8, number: usize) -> Uuid {
    let mut bytes = *of.as_bytes();
    let number = u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    bytes[10] ^= 0x40 | group;
    for (byte, add) in bytes[12..].iter_mut().zip(number) {
        *byte ^= add;
    }
    Uuid::from_bytes(bytes)
}

/// What every object of the domain has.
fn object(kind: &str, id: Uuid, (created, modified): (DateTime<Utc>, DateTime<Utc>), more: Value) -> Value {
    let mut object = json!({
        "type": kind,
        "spec_version": "2.1",
        "id": format!("{kind}--{id}"),
        "created": moment(created),
        "modified": moment(modified),
    });
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

/// The bundle.
pub(crate) fn bundle(desk: &Desk<'_>, case: &Case) -> Value {
    let incident = &case.incident;
    let of = incident.id.0;
    let (declared, now) = (incident.declared_at, desk.at);
    let house = derived(of, 1, 0);
    let house_ref = format!("identity--{house}");
    let incident_ref = format!("incident--{of}");
    let mut objects = vec![
        object(
            "identity",
            house,
            (declared, declared),
            json!({
                "name": desk.house.name, "identity_class": "organization", "sectors": ["healthcare"],
            }),
        ),
        object(
            "incident",
            of,
            (declared, now),
            json!({
                "created_by_ref": house_ref,
                "name": words::title_text(desk.lang, incident),
                "description": incident.detail.summary,
                "labels": [incident.kind, incident.level.code(), if incident.drill { "exercise" } else { "real" }],
            }),
        ),
    ];
    let affected = case.assets.iter().filter(|marked| marked.state != AssetState::Clean);
    for (number, marked) in affected.enumerate() {
        let (id, at) = (derived(of, 2, number), marked.changed_at);
        objects.push(object(
            "identity",
            id,
            (at, at),
            json!({
                "created_by_ref": house_ref,
                "name": marked.detail.name,
                "identity_class": "system",
                "labels": [marked.state.code()],
            }),
        ));
        objects.push(object(
            "relationship",
            derived(of, 3, number),
            (at, at),
            json!({
                "created_by_ref": house_ref,
                "relationship_type": "related-to",
                "source_ref": incident_ref,
                "target_ref": format!("identity--{id}"),
            }),
        ));
    }
    for exhibit in case.evidence.iter().filter(|exhibit| !exhibit.file.is_empty()) {
        let file = format!("file--{}", exhibit.id);
        objects.push(json!({
            "type": "file", "spec_version": "2.1", "id": file, "name": exhibit.name, "size": exhibit.size,
            "hashes": { "SHA-256": exhibit.file },
        }));
        let (id, taken) = (exhibit.id.0, exhibit.taken_at);
        objects.push(object(
            "observed-data",
            id,
            (exhibit.added_at, exhibit.added_at),
            json!({
                "created_by_ref": house_ref,
                "first_observed": moment(taken),
                "last_observed": moment(taken),
                "number_observed": 1,
                "object_refs": [file],
            }),
        ));
    }
    for (number, what) in timeline(case).iter().enumerate() {
        let (kind, said) = words::moment_words(desk.catalog, desk.lang, case, what);
        objects.push(object(
            "note",
            derived(of, 4, number),
            (what.at, what.written_at.max(what.at)),
            json!({
                "created_by_ref": house_ref,
                "abstract": kind,
                "content": if said.is_empty() { kind } else { said },
                "object_refs": [incident_ref],
            }),
        ));
    }
    json!({ "type": "bundle", "id": format!("bundle--{}", derived(of, 5, 0)), "objects": objects })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_that_are_derived_differ() {
        let of = Uuid::from_u128(0x0193_5c8a_0000_7000_8000_0000_0000_0001);
        let mut all = BTreeSet::from([of]);
        for group in 1..=5 {
            for number in 0..300 {
                assert!(all.insert(derived(of, group, number)), "{group} {number}");
            }
        }
    }
}
