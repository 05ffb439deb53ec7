//! Gathering: one moment of the database becomes a binder.

use super::{care, cut, forms};
use crate::gather::{connected, ledger};
use crate::pack::{Cell, Front, Group, Look, Pack, Part, Telephone, columns};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::Scope;
use komainu_catalog::{Catalog, Symptom};
use komainu_contact::Contact;
use komainu_db::Tx;
use komainu_exposed::restored_lines;
use komainu_i18n::Lang;
use komainu_map::paper::picture;
use komainu_web::{Failure, moment_text};

pub(super) fn gather(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    (lang, page): (Lang, &str),
    at: DateTime<Utc>,
) -> Result<Pack, Failure> {
    let institution = komainu_institution::actions::institution_get(tx, scope)?;
    let contacts = komainu_contact::actions::contacts(tx, scope)?;
    let vendors = komainu_vendor::actions::vendors(tx, scope)?;
    let (connected_ledger, spots) = komainu_map::actions::map(tx, scope)?;
    let today = komainu_clock::in_japan(at).date_naive();
    let mut parts = vec![
        first_minutes(lang, page),
        first_aid(lang, catalog),
        ledger::network_part(lang, &contacts, &connected_ledger, &vendors),
        ledger::contacts_part(lang, &contacts),
        stand_ins(lang, &contacts),
        ledger::vendors_part(lang, &vendors),
        cut::part(lang, &connected_ledger, &contacts),
        care::without_computers(lang, &connected_ledger),
        care::whom_to_tell(lang, catalog),
        restoration(tx, scope, lang, &connected_ledger)?,
    ];
    parts.extend(forms::parts(lang, institution.kind));
    parts.push(connected::map_part(lang, picture(&connected_ledger, &spots, lang, today)));
    Ok(Pack {
        lang,
        title: t!(lang, "binder-title"),
        owner: institution.name.clone(),
        facts: vec![
            (t!(lang, "pack-kind"), komainu_institution::words::kind_text(lang, institution.kind)),
            (t!(lang, "binder-phone"), institution.phone.clone()),
            (t!(lang, "pack-made"), moment_text(lang, at)),
        ],
        note: t!(lang, "binder-note"),
        parts,
        files: Vec::new(),
        front: Some(Front { numbers: telephones(lang, &contacts) }),
    })
}

/// Those of the house and of outside who are called first, with a number.
fn telephones(lang: Lang, contacts: &[Contact]) -> Vec<Telephone> {
    /// What the first page holds beside the ways to its parts.
    const INSIDE: usize = 5;
    const OUTSIDE: usize = 3;
    let telephone = |contact: &Contact| {
        let duty = komainu_contact::words::duty_text(lang, &contact.duty);
        let name = contact.name.as_str();
        Telephone {
            who: if duty == name { duty } else { format!("{duty} {name}").trim().to_owned() },
            day: contact.phone.clone(),
            night: contact.night_phone.clone(),
        }
    };
    let can_be_called = |contact: &&Contact| !(contact.phone.is_empty() && contact.night_phone.is_empty());
    let inside = contacts.iter().filter(|contact| !contact.outside).filter(can_be_called).take(INSIDE);
    let outside = contacts.iter().filter(|contact| contact.outside).filter(can_be_called).take(OUTSIDE);
    inside.chain(outside).map(telephone).collect()
}

/// What is done in the first minutes, whatever it is, with the address of the page to photograph.
fn first_minutes(lang: Lang, page: &str) -> Part {
    let steps = [
        t!(lang, "first-1"),
        t!(lang, "first-2"),
        t!(lang, "first-3"),
        t!(lang, "first-4"),
        t!(lang, "first-5"),
    ];
    let rows =
        (1..).zip(steps).map(|(n, step): (u32, String)| vec![Cell::from(n.to_string()), Cell::from(step)]);
    let phone = vec![vec![Cell::Qr(page.to_owned()), Cell::from(t!(lang, "first-page", address = page))]];
    Part {
        heading: t!(lang, "first-heading"),
        intro: t!(lang, "first-intro"),
        columns: columns([(t!(lang, "column-order"), 22), (t!(lang, "form-what"), 78)]),
        groups: vec![
            Group { heading: String::new(), rows: rows.collect() },
            Group { heading: t!(lang, "first-phone"), rows: phone },
        ],
        empty: String::new(),
        picture: None,
        look: Look::Steps,
    }
}

fn first_aid(lang: Lang, catalog: &Catalog) -> Part {
    let group = |symptom: &Symptom| {
        let steps = (1..)
            .zip(&symptom.now)
            .map(|(n, step): (u32, _)| vec![Cell::from(n.to_string()), Cell::from(step.get(lang))]);
        let never = symptom.never.iter().map(|thing| vec![Cell::from("×"), Cell::from(thing.get(lang))]);
        let hint = symptom.hint.get(lang);
        let title = if symptom.confirmed {
            format!("{}\n{hint}", symptom.title.get(lang))
        } else {
            t!(lang, "with-unconfirmed", text = format!("{}\n{hint}", symptom.title.get(lang)))
        };
        Group { heading: title, rows: steps.chain(never).collect() }
    };
    Part {
        heading: t!(lang, "binder-first-aid"),
        intro: t!(lang, "binder-first-aid-intro"),
        columns: columns([(t!(lang, "column-order"), 10), (t!(lang, "form-what"), 90)]),
        groups: catalog.symptoms().iter().map(group).collect(),
        empty: String::new(),
        picture: None,
        look: Look::Steps,
    }
}

/// Who is asked where somebody does not answer.
fn stand_ins(lang: Lang, contacts: &[Contact]) -> Part {
    let named = |contact: &Contact| {
        let numbers = [contact.phone.as_str(), contact.night_phone.as_str()];
        let numbers: Vec<&str> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
        format!("{} {}", contact.name, numbers.join(" / "))
    };
    let row = |contact: &Contact| {
        let known = contact.stand_ins.iter().filter_map(|id| contacts.iter().find(|other| other.id == *id));
        let others: Vec<String> = known.map(named).collect();
        vec![Cell::from(named(contact)), Cell::from(others.join("\n"))]
    };
    let inside = contacts.iter().filter(|contact| !contact.outside && !contact.stand_ins.is_empty());
    Part {
        heading: t!(lang, "binder-stand-ins"),
        intro: String::new(),
        columns: columns([(t!(lang, "column-name"), 50), (t!(lang, "binder-stand-ins-next"), 50)]),
        groups: vec![Group { heading: String::new(), rows: inside.map(row).collect() }],
        empty: t!(lang, "binder-stand-ins-none"),
        picture: None,
        look: Look::Table,
    }
}

fn restoration(
    tx: &mut Tx<'_>,
    scope: &Scope,
    lang: Lang,
    known: &komainu_inventory::Ledger,
) -> Result<Part, Failure> {
    let kept = komainu_exposed::actions::exposure_report(tx, scope)?;
    let lines = kept.iter().flat_map(|kept| restored_lines(lang, known, kept));
    let rows = (1..).zip(lines).map(|(n, line): (u32, _)| {
        let hours = format!("{}\n{}", line.hours, line.done);
        [n.to_string(), line.what, line.why, line.copy, hours, line.returns].map(Cell::Text).to_vec()
    });
    Ok(Part {
        heading: t!(lang, "binder-restore"),
        intro: t!(lang, "binder-restore-intro"),
        columns: columns([
            (t!(lang, "column-order"), 8),
            (t!(lang, "binder-restore-what"), 26),
            (t!(lang, "binder-restore-why"), 22),
            (t!(lang, "binder-restore-copy"), 16),
            (t!(lang, "binder-restore-hours"), 20),
            (t!(lang, "binder-restore-back"), 26),
        ]),
        groups: vec![Group { heading: String::new(), rows: rows.collect() }],
        empty: match kept {
            Some(_) => t!(lang, "binder-restore-none"),
            None => t!(lang, "binder-restore-waits"),
        },
        picture: None,
        look: Look::Large,
    })
}
