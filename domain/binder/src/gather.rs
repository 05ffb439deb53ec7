//! Gathering: one moment of the database becomes a pack.

use crate::model::Order;
use crate::pack::{Cell, Column, Group, Pack, Part, columns};
use crate::t;
use chrono::{DateTime, Utc};
use komainu_access::{Permission, PersonId, Scope};
use komainu_calendar::FiscalYear;
use komainu_catalog::{Catalog, Form};
use komainu_checklist::actions as checklist;
use komainu_checklist::model::{AnswerKind, Evidence, EvidenceTarget, RoundView, RowState, RowView};
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::Institution;
use komainu_vendor::VendorId;
use komainu_web::{Failure, date_text, moment_text};
use std::collections::BTreeMap;

/// The item whose evidence is the house's written rules.
const RULES: &str = "rules";

/// Gathers a pack.
///
/// # Errors
/// [`Failure::NotFound`] where the year has no round of the institution.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    scope: &Scope,
    catalog: &Catalog,
    order: Order,
    made_at: DateTime<Utc>,
) -> Result<Pack, Failure> {
    scope.require(Permission::PackMake)?;
    let lang = order.lang;
    let institution = komainu_institution::actions::institution_get(tx, scope)?;
    let members = komainu_people::actions::members(tx, scope)?;
    let names = members.into_iter().map(|member| (member.person, member.name)).collect();
    let vendors = komainu_vendor::actions::vendors(tx, scope)?;
    let vendor_names: BTreeMap<VendorId, String> =
        vendors.iter().map(|vendor| (vendor.id, vendor.name.clone())).collect();
    let own = checklist::own_round(tx, scope, order.fiscal_year)?.ok_or(Failure::NotFound)?;
    let mut views = vec![checklist::round_view(tx, scope, catalog, own.id)?];
    for round in checklist::rounds(tx, scope, catalog)? {
        if round.fiscal_year == order.fiscal_year && round.vendor.is_some() {
            views.push(checklist::round_view(tx, scope, catalog, round.id)?);
        }
    }
    let mut evidence = Vec::new();
    if scope.may(Permission::EvidenceRead) {
        for view in &views {
            evidence.extend(checklist::evidence_of_round(tx, scope, view.round.id)?);
        }
    }

    let forms: Vec<Form<'_>> =
        views.iter().map(|view| checklist::form_of_round(catalog, &view.round)).collect::<Result<_, _>>()?;
    let mut parts = Vec::new();
    for (view, form) in views.iter().zip(&forms) {
        let vendor = view.round.vendor.and_then(|vendor| vendor_names.get(&vendor));
        parts.push(form_part(lang, view, form, vendor.map(String::as_str)));
    }
    parts.push(plan_part(lang, catalog, &views[0], &forms[0], &institution, &names));
    parts.push(systems_part(lang, catalog, &komainu_inventory::actions::systems(tx, scope)?, &vendor_names));
    parts.push(vendors_part(lang, &vendors));
    parts.push(contacts_part(lang, &komainu_contact::actions::contacts(tx, scope)?));
    let numbers = numbers(&views);
    parts.push(rules_part(lang, &evidence));
    parts.push(evidence_part(lang, &evidence, &numbers));

    Ok(Pack {
        lang,
        title: t!(lang, "pack-title", year = year_text(lang, order.fiscal_year)),
        owner: institution.name.clone(),
        facts: cover_facts(lang, &institution, &views[0], &forms[0], made_at),
        note: cover_note(lang, &views[0], &forms[0]),
        parts,
        files: archive_files(&evidence, &numbers),
    })
}

/// A fiscal year as the language writes it.
pub(crate) fn year_text(lang: Lang, fiscal_year: i32) -> String {
    FiscalYear::try_from(fiscal_year).map_or_else(|_| fiscal_year.to_string(), |year| year.name(lang))
}

fn cover_facts(
    lang: Lang,
    institution: &Institution,
    view: &RoundView,
    form: &Form<'_>,
    made_at: DateTime<Utc>,
) -> Vec<(String, String)> {
    let place = format!("{}{}", institution.prefecture.name(lang), institution.address);
    let edition = edition_text(lang, view.round.fiscal_year, form);
    let counts = view.counts;
    let state = t!(
        lang,
        "pack-state-value",
        answered = counts.answered.to_string(),
        needed = counts.needed.to_string(),
        yes = counts.yes.to_string()
    );
    vec![
        (t!(lang, "pack-kind"), komainu_institution::words::kind_text(lang, institution.kind)),
        (t!(lang, "pack-place"), place),
        (t!(lang, "pack-code"), institution.code.clone()),
        (t!(lang, "pack-edition"), edition),
        (t!(lang, "pack-state"), state),
        (t!(lang, "pack-made"), moment_text(lang, made_at)),
    ]
}

/// The edition and when it was published: to the day where that is known, and marked where nobody confirmed it.
fn edition_text(lang: Lang, fiscal_year: i32, form: &Form<'_>) -> String {
    let year = year_text(lang, fiscal_year);
    let published = form.edition.published.date().map_or_else(
        || {
            let (year, month) = form.edition.published.year_month();
            t!(lang, "pack-month", year = year.to_string(), month = month)
        },
        |day| date_text(lang, day),
    );
    if form.edition.published_confirmed {
        t!(lang, "pack-edition-value", year = year, published = published)
    } else {
        t!(lang, "pack-edition-value-unconfirmed", year = year, published = published)
    }
}

fn cover_note(lang: Lang, view: &RoundView, form: &Form<'_>) -> String {
    let official = view.all().any(|row| row.official.is_some());
    let words = if official { t!(lang, "pack-note-official") } else { t!(lang, "pack-note-plain") };
    if form.edition.items_confirmed {
        words
    } else {
        format!("{words}\n{}", t!(lang, "pack-note-unconfirmed"))
    }
}

fn form_part(lang: Lang, view: &RoundView, form: &Form<'_>, vendor: Option<&str>) -> Part {
    let heading = match vendor {
        Some(vendor) => t!(lang, "pack-vendor-form", vendor = vendor),
        None => t!(lang, "pack-form"),
    };
    let checks = view.check_columns.max(1);
    let mut columns = columns([
        (t!(lang, "column-number"), 11),
        (t!(lang, "column-item"), 42),
        (t!(lang, "column-answer"), 14),
    ]);
    for check in 1..=checks {
        let heading = if checks == 1 {
            t!(lang, "column-checked")
        } else {
            t!(lang, "column-checked-nth", nth = check.to_string())
        };
        columns.push(Column { heading, width: 17 });
    }
    columns.push(Column { heading: t!(lang, "column-target"), width: 17 });
    columns.push(Column { heading: t!(lang, "column-note"), width: 22 });
    let row = |row: &RowView| form_row(lang, form, row, checks);
    let mut groups = Vec::new();
    if let Some(gate) = &view.gate {
        groups.push(Group { heading: t!(lang, "pack-gate"), rows: vec![row(gate)] });
    }
    if !view.gate_shut() {
        for section in &form.edition.section {
            let rows: Vec<_> =
                view.rows.iter().filter(|row| row.section == Some(*section.number)).map(row).collect();
            if !rows.is_empty() {
                let heading = format!("{} {}", *section.number, section.title.get(lang));
                groups.push(Group { heading, rows });
            }
        }
        let rest: Vec<_> = view.rows.iter().filter(|row| row.section.is_none()).map(row).collect();
        if !rest.is_empty() {
            groups.push(Group { heading: t!(lang, "pack-rest"), rows: rest });
        }
    }
    let intro = if view.gate_shut() { t!(lang, "pack-gate-shut") } else { String::new() };
    Part { heading, intro, columns, groups, empty: String::new() }
}

fn form_row(lang: Lang, form: &Form<'_>, row: &RowView, checks: usize) -> Vec<Cell> {
    let plain = form.row(&row.placement).map(|known| known.item.question.get(lang).to_owned());
    let text = row.official.clone().or(plain).unwrap_or_default();
    let scopes: Vec<String> = row.scopes.iter().filter_map(|scope| scope_text(lang, *scope)).collect();
    let text = if scopes.is_empty() { text } else { format!("【{}】{text}", scopes.join("・")) };
    let content = row.answer.as_ref().filter(|answer| !answer.carried).map(|answer| &answer.content);
    let mut cells = vec![
        Cell::Text(row.number.clone().unwrap_or_default()),
        if row.confirmed || row.official.is_some() { Cell::Text(text) } else { Cell::Unconfirmed(text) },
        if row.state == RowState::NotNeeded {
            Cell::Text(t!(lang, "answer-not-needed"))
        } else {
            Cell::Answer(content.and_then(|content| content.kind))
        },
    ];
    for check in 0..checks {
        cells.push(Cell::Date(content.and_then(|content| content.checked.get(check).copied().flatten())));
    }
    cells.push(Cell::Date(content.and_then(|content| content.target)));
    let notes = content.map(|content| [content.reason.as_str(), content.note.as_str()]).unwrap_or_default();
    let notes: Vec<&str> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    cells.push(Cell::Text(notes.join("\n")));
    cells
}

fn scope_text(lang: Lang, scope: komainu_catalog::Scope) -> Option<String> {
    use komainu_catalog::Scope as S;
    match scope {
        S::Server => Some(t!(lang, "scope-server")),
        S::Terminal => Some(t!(lang, "scope-terminal")),
        S::Network => Some(t!(lang, "scope-network")),
        S::All | S::Organisation => None,
    }
}

fn plan_part(
    lang: Lang,
    catalog: &Catalog,
    view: &RoundView,
    form: &Form<'_>,
    institution: &Institution,
    names: &BTreeMap<PersonId, String>,
) -> Part {
    let open = view.rows.iter().filter(|row| row.settled().is_some_and(AnswerKind::counts_as_no));
    let rows = open
        .map(|row| {
            let known = form.row(&row.placement);
            let title = known.map(|known| known.item.title.get(lang).to_owned()).unwrap_or_default();
            let title = if title.is_empty() { row.official.clone().unwrap_or_default() } else { title };
            let steps: Vec<String> = catalog
                .steps_for(&row.item, institution.kind)
                .into_iter()
                .filter(|step| step.serves(&row.scopes))
                .map(|step| format!("・{}", step.title.get(lang)))
                .collect();
            let target = row.answer.as_ref().and_then(|answer| answer.content.target);
            let person = row.assigned_to.and_then(|person| names.get(&person).cloned()).unwrap_or_default();
            vec![
                Cell::Text(row.number.clone().unwrap_or_default()),
                Cell::Text(title),
                Cell::Text(steps.join("\n")),
                Cell::Date(target),
                Cell::Text(person),
            ]
        })
        .collect();
    Part {
        heading: t!(lang, "pack-plan"),
        intro: t!(lang, "pack-plan-intro"),
        columns: columns([
            (t!(lang, "column-number"), 11),
            (t!(lang, "column-title"), 26),
            (t!(lang, "column-steps"), 46),
            (t!(lang, "column-target"), 17),
            (t!(lang, "column-person"), 18),
        ]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: t!(lang, "pack-plan-empty"),
    }
}

fn systems_part(
    lang: Lang,
    catalog: &Catalog,
    systems: &[komainu_inventory::SystemRecord],
    vendors: &BTreeMap<VendorId, String>,
) -> Part {
    let kind_name = |system: &komainu_inventory::SystemRecord| {
        let known = catalog.system_kinds().iter().find(|kind| kind.id.as_str() == system.kind.as_str());
        known.map_or_else(|| system.kind.to_string(), |kind| kind.name.get(lang).to_owned())
    };
    let rows = systems
        .iter()
        .map(|system| {
            let vendor = system.vendor.and_then(|vendor| vendors.get(&vendor).cloned()).unwrap_or_default();
            vec![
                Cell::Text(system.name.clone()),
                Cell::Text(kind_name(system)),
                Cell::Text(komainu_inventory::words::hosting_text(lang, system.hosting)),
                Cell::Text(system.place.clone()),
                Cell::Text(vendor),
                Cell::Text(komainu_inventory::words::known_text(lang, system.remote_maintenance)),
                Cell::Text(komainu_inventory::words::known_text(lang, system.updates_by_vendor)),
            ]
        })
        .collect();
    Part {
        heading: t!(lang, "pack-systems"),
        intro: String::new(),
        columns: columns([
            (t!(lang, "column-name"), 24),
            (t!(lang, "column-kind"), 22),
            (t!(lang, "column-hosting"), 18),
            (t!(lang, "column-place"), 18),
            (t!(lang, "column-vendor"), 22),
            (t!(lang, "column-remote"), 16),
            (t!(lang, "column-updates"), 16),
        ]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: t!(lang, "pack-systems-empty"),
    }
}

fn vendors_part(lang: Lang, vendors: &[komainu_vendor::Vendor]) -> Part {
    let rows = vendors
        .iter()
        .map(|vendor| {
            [&vendor.name, &vendor.person, &vendor.phone, &vendor.night_phone, &vendor.email]
                .map(|text| Cell::Text(text.clone()))
                .to_vec()
        })
        .collect();
    Part {
        heading: t!(lang, "pack-vendors"),
        intro: String::new(),
        columns: columns([
            (t!(lang, "column-name"), 28),
            (t!(lang, "column-person"), 20),
            (t!(lang, "column-phone"), 20),
            (t!(lang, "column-night"), 20),
            (t!(lang, "column-mail"), 26),
        ]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: t!(lang, "pack-vendors-empty"),
    }
}

fn contacts_part(lang: Lang, contacts: &[komainu_contact::Contact]) -> Part {
    let rows_of = |outside: bool| {
        contacts
            .iter()
            .filter(|contact| contact.outside == outside)
            .map(|contact| {
                vec![
                    Cell::Text(komainu_contact::words::duty_text(lang, &contact.duty)),
                    Cell::Text(contact.name.clone()),
                    Cell::Text(contact.phone.clone()),
                    Cell::Text(contact.night_phone.clone()),
                    Cell::Text(contact.email.clone()),
                    Cell::Text(contact.source.clone()),
                ]
            })
            .collect::<Vec<_>>()
    };
    let groups = [(t!(lang, "pack-contacts-inside"), false), (t!(lang, "pack-contacts-outside"), true)]
        .into_iter()
        .map(|(heading, outside)| Group { heading, rows: rows_of(outside) })
        .filter(|group| !group.rows.is_empty())
        .collect();
    Part {
        heading: t!(lang, "pack-contacts"),
        intro: t!(lang, "pack-contacts-intro"),
        columns: columns([
            (t!(lang, "column-duty"), 24),
            (t!(lang, "column-name"), 22),
            (t!(lang, "column-phone"), 20),
            (t!(lang, "column-night"), 20),
            (t!(lang, "column-mail"), 24),
            (t!(lang, "column-source"), 24),
        ]),
        groups,
        empty: t!(lang, "pack-contacts-empty"),
    }
}

/// The printed number of every row, by round and row.
type Numbers = BTreeMap<(String, String), String>;

fn numbers(views: &[RoundView]) -> Numbers {
    let rows = views.iter().flat_map(|view| view.all().map(move |row| (view.round.id, row)));
    rows.map(|(round, row)| {
        ((round.to_string(), row.placement.to_string()), row.number.clone().unwrap_or_default())
    })
    .collect()
}

fn number_of(numbers: &Numbers, piece: &Evidence) -> String {
    numbers.get(&(piece.round.to_string(), piece.placement.to_string())).cloned().unwrap_or_default()
}

fn rules_part(lang: Lang, evidence: &[Evidence]) -> Part {
    let rules = evidence.iter().filter(|piece| piece.placement.to_string().split('.').next() == Some(RULES));
    let rows = rules
        .map(|piece| {
            vec![Cell::Text(piece.name.clone()), Cell::Text(date_text(lang, local_day(piece.added_at)))]
        })
        .collect();
    Part {
        heading: t!(lang, "pack-rules"),
        intro: t!(lang, "pack-rules-intro"),
        columns: columns([(t!(lang, "column-name"), 70), (t!(lang, "column-added"), 30)]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: t!(lang, "pack-rules-empty"),
    }
}

fn evidence_part(lang: Lang, evidence: &[Evidence], numbers: &Numbers) -> Part {
    let rows = evidence
        .iter()
        .map(|piece| {
            let hash = match &piece.target {
                EvidenceTarget::File(digest) => digest.clone(),
                _ => t!(lang, "evidence-record"),
            };
            vec![
                Cell::Text(number_of(numbers, piece)),
                Cell::Text(piece.name.clone()),
                Cell::Text(date_text(lang, local_day(piece.added_at))),
                Cell::Text(piece.added_by_name.clone()),
                Cell::Text(hash),
            ]
        })
        .collect();
    Part {
        heading: t!(lang, "pack-evidence"),
        intro: t!(lang, "pack-evidence-intro"),
        columns: columns([
            (t!(lang, "column-number"), 11),
            (t!(lang, "column-name"), 30),
            (t!(lang, "column-added"), 20),
            (t!(lang, "column-by"), 18),
            (t!(lang, "column-hash"), 40),
        ]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: t!(lang, "pack-evidence-empty"),
    }
}

fn local_day(moment: DateTime<Utc>) -> chrono::NaiveDate {
    komainu_clock::in_japan(moment).date_naive()
}

/// Each evidence file once, under a name that begins with the row's number.
fn archive_files(evidence: &[Evidence], numbers: &Numbers) -> Vec<(String, String)> {
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let mut files = Vec::new();
    for piece in evidence {
        let EvidenceTarget::File(digest) = &piece.target else { continue };
        let name = format!("{}_{}", number_of(numbers, piece), piece.name);
        // No folders, nothing that an unpacking program could take for a path.
        let name: String =
            name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
        let name = name.trim_matches(['.', ' ', '_']).to_owned();
        let count = taken.entry(name.to_lowercase()).or_insert(0);
        *count += 1;
        let name = match (*count, name.rsplit_once('.')) {
            (1, _) => name,
            (n, Some((stem, ending))) => format!("{stem} ({n}).{ending}"),
            (n, None) => format!("{name} ({n})"),
        };
        files.push((name, digest.clone()));
    }
    files
}
