//! Drop-downs: the values a list validation offers, wherever they are kept.

use crate::grid::{Address, Area, DropDown, Sheet};

/// A name defined in the workbook.
#[derive(Debug, Default)]
pub(super) struct DefinedName {
    /// In lower case: names do not mind case.
    pub(super) name: String,
    /// The sheet it is valid in; everywhere if `None`.
    pub(super) sheet: Option<u32>,
    pub(super) formula: String,
}

/// A list validation as it stands in the sheet.
#[derive(Debug, Default)]
pub(super) struct ListRule {
    pub(super) areas: Vec<Area>,
    pub(super) formula: String,
}

/// More values than any list of answers has.
const MAX_VALUES: usize = 50;
/// How far a list's source is searched, in cells: a whole column is a fair source, but not the whole of a huge sheet.
const MAX_SEARCHED: usize = 5000;
/// Rules, their areas (both in a sheet) and names looked at; more than any form has, and a bound on the work a hostile file can cause.
pub(super) const MAX_RULES: usize = 300;
pub(super) const MAX_AREAS: usize = 600;
const MAX_NAMES: usize = 2000;
/// A name may stand for a name; a circle must end.
const MAX_STEPS: u32 = 4;

/// Gives every sheet its drop-downs with their values. A list whose values cannot be told (`INDIRECT`, other files) is left out.
pub(super) fn resolve(sheets: &mut [Sheet], rules: Vec<Vec<ListRule>>, names: &[DefinedName]) {
    let names = &names[..names.len().min(MAX_NAMES)];
    let resolved: Vec<Vec<DropDown>> = rules
        .into_iter()
        .enumerate()
        .map(|(index, rules)| {
            let mut areas_left = MAX_AREAS;
            rules
                .into_iter()
                .filter_map(|mut rule| {
                    let values = values(sheets, index, &rule.formula, names, MAX_STEPS)?;
                    rule.areas.truncate(areas_left);
                    areas_left -= rule.areas.len();
                    Some(DropDown { areas: rule.areas, values })
                })
                .collect()
        })
        .collect();
    for (sheet, lists) in sheets.iter_mut().zip(resolved) {
        let listed = lists.iter().flat_map(|list| &list.areas).map(|area| area.to.col + 1);
        let filled = sheet.cells.keys().map(|at| at.col + 1);
        sheet.columns = filled.chain(listed).max().unwrap_or(0);
        sheet.lists = lists;
    }
}

fn values(
    sheets: &[Sheet],
    at: usize,
    formula: &str,
    names: &[DefinedName],
    steps: u32,
) -> Option<Vec<String>> {
    let formula = formula.trim().trim_start_matches('=').trim();
    if let Some(literal) = formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let items = literal.replace("\"\"", "\"");
        let items = items.split(',').map(str::trim).filter(|item| !item.is_empty());
        return Some(items.take(MAX_VALUES).map(str::to_owned).collect());
    }
    let (sheet, reference) = match formula.rsplit_once('!') {
        Some((name, reference)) => (find_sheet(sheets, name)?, reference),
        None => (sheets.get(at)?, formula),
    };
    if let Some(area) = Area::parse(reference) {
        return values_in(sheet, area);
    }
    if steps == 0 {
        return None;
    }
    let wanted = reference.to_lowercase();
    let local = names.iter().find(|n| n.name == wanted && n.sheet.is_some_and(|s| s as usize == at));
    let name = local.or_else(|| names.iter().find(|n| n.name == wanted && n.sheet.is_none()))?;
    values(sheets, at, &name.formula, names, steps - 1)
}

fn find_sheet<'s>(sheets: &'s [Sheet], name: &str) -> Option<&'s Sheet> {
    let name = match name.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => name.to_owned(),
    };
    sheets.iter().find(|sheet| sheet.name.to_lowercase() == name.to_lowercase())
}

fn values_in(sheet: &Sheet, area: Area) -> Option<Vec<String>> {
    let from = Address::new(area.from.row, 0);
    let found: Vec<String> = sheet
        .cells
        .range(from..)
        .take(MAX_SEARCHED)
        .take_while(|(at, _)| at.row <= area.to.row)
        .filter(|(at, cell)| area.contains(**at) && !cell.text.trim().is_empty())
        .take(MAX_VALUES)
        .map(|(_, cell)| cell.text.trim().chars().take(255).collect())
        .collect();
    (!found.is_empty()).then_some(found)
}
