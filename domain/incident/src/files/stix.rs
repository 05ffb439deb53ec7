//! The case as a bundle of STIX 2.1 (OASIS): the incident, the house, affected things, evidence by its hash, the timeline as
//! notes. What STIX has no object for is left to the other files of the archive.

use super::Desk;
use crate::model::{AssetState, Case, Exhibit, Marked};
use crate::rules::{Moment, timeline};
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
    let organisation = json!({
        "name": desk.house.name, "identity_class": "organization", "sectors": ["healthcare"],
    });
    let head = json!({
        "created_by_ref": house_ref,
        "name": words::title_text(desk.lang, incident),
        "description": incident.detail.summary,
        "labels": [incident.kind, incident.level.code(), if incident.drill { "exercise" } else { "real" }],
    });
    let mut objects = vec![
        object("identity", house, (declared, declared), organisation),
        object("incident", of, (declared, now), head),
    ];
    objects.extend(affected(case, &house_ref));
    objects.extend(evidence(case, &house_ref));
    objects.extend(notes(desk, case, &house_ref));
    json!({ "type": "bundle", "id": format!("bundle--{}", derived(of, 5, 0)), "objects": objects })
}

/// Affected things as systems of the house, and that they belong to the incident.
fn affected(case: &Case, house_ref: &str) -> Vec<Value> {
    let of = case.incident.id.0;
    let affected = case.assets.iter().filter(|marked| marked.state != AssetState::Clean);
    let pair = |(number, marked): (usize, &Marked)| {
        let (id, at) = (derived(of, 2, number), marked.changed_at);
        let system = json!({
            "created_by_ref": house_ref,
            "name": marked.detail.name,
            "identity_class": "system",
            "labels": [marked.state.code()],
        });
        let belongs = json!({
            "created_by_ref": house_ref,
            "relationship_type": "related-to",
            "source_ref": format!("incident--{of}"),
            "target_ref": format!("identity--{id}"),
        });
        [
            object("identity", id, (at, at), system),
            object("relationship", derived(of, 3, number), (at, at), belongs),
        ]
    };
    affected.enumerate().flat_map(pair).collect()
}

/// Files of evidence by their hashes, and when each was taken.
fn evidence(case: &Case, house_ref: &str) -> Vec<Value> {
    let files = case.evidence.iter().filter(|exhibit| !exhibit.file.is_empty());
    let pair = |exhibit: &Exhibit| {
        let (file, taken) = (format!("file--{}", exhibit.id), moment(exhibit.taken_at));
        let observed = json!({
            "created_by_ref": house_ref,
            "first_observed": taken,
            "last_observed": taken,
            "number_observed": 1,
            "object_refs": [file],
        });
        [
            json!({
                "type": "file", "spec_version": "2.1", "id": file, "name": exhibit.name, "size": exhibit.size,
                "hashes": { "SHA-256": exhibit.file },
            }),
            object("observed-data", exhibit.id.0, (exhibit.added_at, exhibit.added_at), observed),
        ]
    };
    files.flat_map(pair).collect()
}

/// The timeline, a note a moment.
fn notes(desk: &Desk<'_>, case: &Case, house_ref: &str) -> Vec<Value> {
    let of = case.incident.id.0;
    let note = |(number, what): (usize, &Moment<'_>)| {
        let (kind, said) = words::moment_words(desk.catalog, desk.lang, case, what);
        let content = json!({
            "created_by_ref": house_ref,
            "abstract": kind,
            "content": if said.is_empty() { &kind } else { &said },
            "object_refs": [format!("incident--{of}")],
        });
        object("note", derived(of, 4, number), (what.at, what.written_at.max(what.at)), content)
    };
    timeline(case).iter().enumerate().map(note).collect()
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
