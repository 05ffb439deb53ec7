//! The ledger and the contact chart as far as they exist.

use super::VendorNames;
use crate::pack::{Cell, Column, Drawing, Group, Look, Part, columns};
use crate::t;
use komainu_catalog::Catalog;
use komainu_contact::Contact;
use komainu_i18n::Lang;
use komainu_inventory::words::{hosting_text, kind_name, known_text};
use komainu_inventory::{Ledger, SystemRecord};
use komainu_vendor::Vendor;
use komainu_web::date_text;

/// The systems in use.
pub(super) fn systems_part(
    lang: Lang,
    catalog: &Catalog,
    systems: &[SystemRecord],
    vendors: &VendorNames,
) -> Part {
    let rows = systems.iter().map(|system| {
        [
            system.name.clone(),
            kind_name(catalog, lang, &system.kind),
            hosting_text(lang, system.hosting),
            system.place.clone(),
            system.vendor.and_then(|vendor| vendors.get(&vendor).cloned()).unwrap_or_default(),
            known_text(lang, system.remote_maintenance),
            known_text(lang, system.updates_by_vendor),
        ]
    });
    let columns = columns([
        (t!(lang, "column-name"), 24),
        (t!(lang, "column-kind"), 22),
        (t!(lang, "column-hosting"), 18),
        (t!(lang, "column-place"), 18),
        (t!(lang, "column-vendor"), 22),
        (t!(lang, "column-remote"), 16),
        (t!(lang, "column-updates"), 16),
    ]);
    list(t!(lang, "pack-systems"), columns, rows, t!(lang, "pack-systems-empty"))
}

/// The width of a column of telephone numbers: the longest stands in one line and clear of its neighbour.
const PHONE: u8 = 28;

/// Who supplies them.
pub(crate) fn vendors_part(lang: Lang, vendors: &[Vendor]) -> Part {
    let rows = vendors.iter().map(|vendor| {
        [&vendor.name, &vendor.person, &vendor.phone, &vendor.night_phone, &vendor.email].map(String::clone)
    });
    let columns = columns([
        (t!(lang, "column-name"), 28),
        (t!(lang, "column-person"), 20),
        (t!(lang, "column-phone"), PHONE),
        (t!(lang, "column-night"), PHONE),
        (t!(lang, "column-mail"), 26),
    ]);
    list(t!(lang, "pack-vendors"), columns, rows, t!(lang, "pack-vendors-empty"))
}

/// A table in one piece.
fn list<const N: usize>(
    heading: String,
    columns: Vec<Column>,
    rows: impl Iterator<Item = [String; N]>,
    empty: String,
) -> Part {
    let rows = rows.map(|row| row.map(Cell::Text).to_vec()).collect();
    let groups = vec![Group { heading: String::new(), rows }];
    Part { heading, intro: String::new(), columns, groups, empty, picture: None, look: Look::Table }
}

/// Whom to call, in the order of calling.
pub(crate) fn contacts_part(lang: Lang, contacts: &[Contact]) -> Part {
    let group = |heading: String, outside: bool| {
        let side = contacts.iter().filter(|contact| contact.outside == outside);
        Group { heading, rows: side.map(|contact| contact_row(lang, contact)).collect() }
    };
    let groups =
        [group(t!(lang, "pack-contacts-inside"), false), group(t!(lang, "pack-contacts-outside"), true)];
    Part {
        heading: t!(lang, "pack-contacts"),
        intro: t!(lang, "pack-contacts-intro"),
        columns: columns([
            (t!(lang, "column-duty"), 22),
            (t!(lang, "column-name"), 20),
            (t!(lang, "column-phone"), PHONE),
            (t!(lang, "column-night"), PHONE),
            (t!(lang, "column-mail"), 24),
            (t!(lang, "column-contact-checked"), 24),
        ]),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        empty: t!(lang, "pack-contacts-empty"),
        picture: None,
        look: Look::Table,
    }
}

/// The same drawn, with who stands in and the vendors of each system.
pub(crate) fn network_part(lang: Lang, contacts: &[Contact], known: &Ledger, vendors: &[Vendor]) -> Part {
    let drawn = komainu_contact::paper::network(lang, contacts, &known.systems, vendors);
    Part {
        heading: t!(lang, "binder-network"),
        intro: t!(lang, "binder-network-intro"),
        columns: Vec::new(),
        groups: Vec::new(),
        empty: t!(lang, "pack-contacts-empty"),
        picture: drawn.map(Drawing::Network),
        look: Look::Table,
    }
}

fn contact_row(lang: Lang, contact: &Contact) -> Vec<Cell> {
    let checked = match contact.checked_on {
        Some(day) => t!(lang, "contact-checked", day = date_text(lang, day)),
        None => t!(lang, "contact-unchecked"),
    };
    // On paper nobody follows an address: its server says whose word it is.
    let source = match komainu_contact::words::server(&contact.source).or(Some(contact.source.as_str())) {
        None | Some("") => checked,
        Some(source) => format!("{checked}\n{}", t!(lang, "contact-source", source = source)),
    };
    [
        komainu_contact::words::duty_text(lang, &contact.duty),
        contact.name.clone(),
        contact.phone.clone(),
        contact.night_phone.clone(),
        contact.email.clone(),
        source,
    ]
    .map(Cell::Text)
    .to_vec()
}
