//! What will be done, and by when, about every no.

use super::form::{Line, Sheet};
use crate::pack::{Cell, Group, Look, Part, columns};
use crate::t;
use komainu_access::PersonId;
use komainu_catalog::{Catalog, InstitutionKind};
use komainu_checklist::model::AnswerKind;
use komainu_i18n::Lang;
use std::collections::BTreeMap;

/// The plan, form by form.
pub(super) fn part(
    lang: Lang,
    catalog: &Catalog,
    sheets: &[Sheet<'_>],
    kind: InstitutionKind,
    names: &BTreeMap<PersonId, String>,
) -> Part {
    let of_sheet = |sheet: &Sheet<'_>| {
        let open = sheet.needed().filter(|line| line.answer().is_some_and(AnswerKind::counts_as_no));
        Group {
            heading: if sheets.len() > 1 { sheet.heading(lang) } else { String::new() },
            rows: open.map(|line| row(lang, catalog, line, kind, names)).collect(),
        }
    };
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
        groups: sheets.iter().map(of_sheet).filter(|group| !group.rows.is_empty()).collect(),
        empty: t!(lang, "pack-plan-empty"),
        picture: None,
        look: Look::Table,
    }
}

fn row(
    lang: Lang,
    catalog: &Catalog,
    line: &Line,
    kind: InstitutionKind,
    names: &BTreeMap<PersonId, String>,
) -> Vec<Cell> {
    let ours = line.ours.as_ref();
    let steps: Vec<String> = ours
        .map(|ours| catalog.steps_for(&ours.item, kind).into_iter().filter(|step| step.serves(&ours.scopes)))
        .into_iter()
        .flatten()
        .map(|step| format!("・{}", step.title.get(lang)))
        .collect();
    let target = line.content.as_ref().and_then(|content| content.target);
    let person = ours.and_then(|ours| ours.person).and_then(|person| names.get(&person).cloned());
    vec![
        Cell::Text(line.number.clone()),
        Cell::Text(line.title.clone()),
        Cell::Text(steps.join("\n")),
        target.map_or_else(|| Cell::Text(t!(lang, "plan-no-target")), |target| Cell::Date(Some(target))),
        Cell::Text(person.unwrap_or_default()),
    ]
}
