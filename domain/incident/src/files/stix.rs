//! The case as a bundle of STIX 2.1 (OASIS): the incident, the house, affected things, evidence by its hash, the timeline as
//! notes. What STIX has no object for is left to the other files of the archive.

use super::Desk;
use crate::model::{AssetState, Case, Exhibit, Marked};
use crate::rules::{Moment, What, timeline};
use crate::words;
use chrono::{DateTime, SecondsFormat, Utc};
use komainu_db::uuid::Uuid;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The namespace of observable objects (STIX 2.1, 2.9).
const OBSERVABLES: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);

/// The id of something of an incident (UUID version 5): the same in every export, whatever came to the case meanwhile.
fn named(of: Uuid, what: &str) -> Uuid {
    Uuid::new_v5(&of, what.as_bytes())
}

/// A file's id follows from what identifies it, so that all who saw the same file name it alike.
fn file_id(exhibit: &Exhibit) -> String {
    let what = json!({ "hashes": { "SHA-256": exhibit.file }, "name": exhibit.name });
    format!("file--{}", Uuid::new_v5(&OBSERVABLES, what.to_string().as_bytes()))
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
    let (declared, now) = (incident.declared_at, desk.at.max(incident.declared_at));
    let house = named(of, "house");
    let house_ref = format!("identity--{house}");
    let organisation = json!({
        "name": desk.house.name, "identity_class": "organization", "sectors": ["healthcare"],
    });
    let mut head = json!({
        "created_by_ref": house_ref,
        "name": format!("{} {}", super::named(desk.lang, incident), incident.detail.title),
        "labels": [incident.kind, incident.level.code(), if incident.drill { "exercise" } else { "real" }],
    });
    if !incident.detail.summary.is_empty() {
        head["description"] = json!(incident.detail.summary);
    }
    let mut objects = vec![
        object("identity", house, (declared, declared), organisation),
        object("incident", named(of, "incident"), (declared, now), head),
    ];
    objects.extend(affected(case, &house_ref));
    objects.extend(evidence(case, &house_ref));
    objects.extend(notes(desk, case, &house_ref));
    // The same file taken twice is one object that was seen twice.
    let mut known = BTreeSet::new();
    objects.retain(|object| known.insert(object["id"].to_string()));
    json!({ "type": "bundle", "id": format!("bundle--{}", named(of, &moment(now))), "objects": objects })
}

/// Affected things as systems of the house, and that they belong to the incident.
fn affected(case: &Case, house_ref: &str) -> Vec<Value> {
    let of = case.incident.id.0;
    let affected = case.assets.iter().filter(|marked| marked.state != AssetState::Clean);
    let pair = |marked: &Marked| {
        let (thing, at) = (marked.asset.to_string(), marked.changed_at);
        let created = case.incident.declared_at.min(at);
        let id = named(of, &thing);
        let system = json!({
            "created_by_ref": house_ref,
            "name": marked.detail.name,
            "identity_class": "system",
            "labels": [marked.state.code()],
        });
        let belongs = json!({
            "created_by_ref": house_ref,
            "relationship_type": "related-to",
            "source_ref": format!("incident--{}", named(of, "incident")),
            "target_ref": format!("identity--{id}"),
        });
        [
            object("identity", id, (created, at), system),
            object("relationship", named(of, &format!("{thing} belongs")), (created, created), belongs),
        ]
    };
    affected.flat_map(pair).collect()
}

/// Files of evidence by their hashes, and when each was taken.
fn evidence(case: &Case, house_ref: &str) -> Vec<Value> {
    let files = case.evidence.iter().filter(|exhibit| !exhibit.file.is_empty());
    let pair = |exhibit: &Exhibit| {
        let (file, taken) = (file_id(exhibit), moment(exhibit.taken_at));
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
            object(
                "observed-data",
                observed_id(case, exhibit),
                (exhibit.added_at, exhibit.added_at),
                observed,
            ),
        ]
    };
    files.flat_map(pair).collect()
}

fn observed_id(case: &Case, exhibit: &Exhibit) -> Uuid {
    named(case.incident.id.0, &exhibit.id.to_string())
}

/// The timeline, a note a moment. What it is about tells its id, so that later notes leave the earlier ones their ids.
fn notes(desk: &Desk<'_>, case: &Case, house_ref: &str) -> Vec<Value> {
    let of = case.incident.id.0;
    let note = |what: &Moment<'_>| {
        let (kind, said) = words::moment_words(desk.catalog, desk.lang, case, what);
        let mut about = vec![format!("incident--{}", named(of, "incident"))];
        if let What::Taken(exhibit) | What::Passed(exhibit, _) = what.what
            && !exhibit.file.is_empty()
        {
            about.push(format!("observed-data--{}", observed_id(case, exhibit)));
        }
        let mut content = json!({
            "created_by_ref": house_ref,
            "lang": desk.lang.code(),
            "abstract": kind,
            "content": if said.is_empty() { &kind } else { &said },
            "object_refs": about,
        });
        if !what.by.is_empty() {
            content["authors"] = json!([what.by]);
        }
        let id = named(of, &format!("note {} {}", desk.lang.code(), which(what)));
        object("note", id, (what.at, what.written_at.max(what.at)), content)
    };
    timeline(case).iter().map(note).collect()
}

/// What tells a moment from all others of its incident.
fn which(what: &Moment<'_>) -> String {
    let (at, written) = (what.at.to_rfc3339(), what.written_at.to_rfc3339());
    match what.what {
        What::Known => format!("known {at}"),
        What::Declared => "declared".to_owned(),
        What::Entry(entry) => entry.id.to_string(),
        What::Role(held) => format!("role {} {} {at}", held.role.code(), held.name),
        What::Taken(exhibit) => format!("taken {}", exhibit.id),
        What::Passed(exhibit, custody) => {
            format!("passed {} {} {at} {written}", exhibit.id, custody.detail.to)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::House;
    use crate::files::testing::case;
    use komainu_catalog::Catalog;
    use komainu_i18n::Lang;

    /// What the specification asks of every object that is used here.
    fn check(object: &Value) {
        let text = |name: &str| object[name].as_str().unwrap_or_else(|| panic!("{name} of {object}"));
        let (kind, id) = text("id").split_once("--").unwrap();
        assert_eq!(kind, text("type"));
        let id: Uuid = id.parse().unwrap();
        assert_eq!(id.get_version_num(), 5, "{object}");
        assert_eq!(text("spec_version"), "2.1");
        let needed: &[&str] = match kind {
            "identity" | "incident" => &["name"],
            "relationship" => &["relationship_type", "source_ref", "target_ref"],
            "observed-data" => &["first_observed", "last_observed", "number_observed", "object_refs"],
            "note" => &["content", "object_refs"],
            "file" => &["hashes"],
            other => panic!("an object that nobody expects: {other}"),
        };
        for name in needed {
            let value = &object[*name];
            assert!(!value.is_null() && *value != json!("") && *value != json!([]), "{name} of {object}");
        }
        if kind != "file" {
            for name in ["created", "modified"] {
                let at = text(name);
                // RFC 3339 with milliseconds and Z.
                assert!(at.len() == 24 && at.ends_with('Z') && at.as_bytes()[19] == b'.', "{at}");
            }
            assert!(text("created") <= text("modified"), "{object}");
        }
    }

    #[test]
    fn every_object_is_one_of_stix() {
        let (catalog, case) = (Catalog::embedded().unwrap(), case());
        let house = House { name: "青空診療所".to_owned(), ..House::default() };
        for lang in Lang::ALL {
            let desk = Desk { lang, catalog: &catalog, house: &house, at: case.incident.declared_at };
            let bundle = bundle(&desk, &case);
            let objects = bundle["objects"].as_array().unwrap();
            let ids: BTreeSet<&str> = objects.iter().map(|object| object["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), objects.len(), "no id twice, also where the same file was taken twice");
            for object in objects {
                check(object);
                let one = ["created_by_ref", "source_ref", "target_ref"];
                let mut refs: Vec<&str> = one.iter().filter_map(|name| object[*name].as_str()).collect();
                refs.extend(object["object_refs"].as_array().into_iter().flatten().filter_map(Value::as_str));
                for wanted in refs {
                    assert!(ids.contains(wanted), "{wanted} of {object}");
                }
            }
            let of = |kind: &str| objects.iter().filter(|object| object["type"] == kind).count();
            assert_eq!((of("incident"), of("file"), of("observed-data")), (1, 1, 2));
            let incident = objects.iter().find(|object| object["type"] == "incident").unwrap();
            assert!(incident["labels"].as_array().unwrap().contains(&json!("exercise")));
            assert!(incident.get("description").is_none(), "nothing that is empty");
        }
    }

    /// What came later changes no id of what was there.
    #[test]
    fn ids_stay_from_export_to_export() {
        let (catalog, earlier) = (Catalog::embedded().unwrap(), case());
        let house = House::default();
        let desk =
            Desk { lang: Lang::Ja, catalog: &catalog, house: &house, at: earlier.incident.declared_at };
        let ids = |case: &Case| -> BTreeSet<String> {
            let bundle = bundle(&desk, case);
            bundle["objects"].as_array().unwrap().iter().map(|object| object["id"].to_string()).collect()
        };
        let mut later = earlier.clone();
        let before = later.entries[0].clone();
        let id = crate::model::EntryId(Uuid::from_u128(77));
        later.entries.insert(0, crate::model::Entry { id, ..before });
        assert!(ids(&later).is_superset(&ids(&earlier)));
        assert_eq!(ids(&later).len(), ids(&earlier).len() + 1);
    }
}
