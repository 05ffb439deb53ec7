//! From the archive's parts to a [`Workbook`].

mod sheet;
mod strings;
pub(crate) mod styles;
mod validation;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::grid::{Sheet, Workbook};
use crate::guard::{Bounds, Package, WorkbookRefusal};
use crate::xml::{BadXml, Node, Xml, attribute, flag, local};

use validation::DefinedName;

const MAX_SHEETS: usize = 200;
/// Relationships of one part: sheets, links and a few more.
const MAX_RELATIONS: usize = 2000;

/// A relationship from one part to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

/// What `xl/workbook.xml` tells.
#[derive(Default)]
struct Contents {
    sheets: Vec<Tab>,
    names: Vec<DefinedName>,
    date_1904: bool,
}

struct Tab {
    name: String,
    relation: String,
    visible: bool,
}

/// Reads every sheet of the workbook.
pub(crate) fn workbook(package: &Package, bounds: Bounds) -> Result<Workbook, WorkbookRefusal> {
    let root = relations(package, "_rels/.rels", "")?;
    let workbook_part = root
        .iter()
        .find(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.target.clone())
        .ok_or_else(|| WorkbookRefusal::damaged("_rels/.rels"))?;
    let contents =
        contents(package.text(&workbook_part)?).map_err(|BadXml| WorkbookRefusal::damaged(&workbook_part))?;
    let (folder, file) = workbook_part.rsplit_once('/').unwrap_or(("", &workbook_part));
    let relations = relations(package, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let by_kind = |kind: &str| relations.iter().find(|r| r.kind == kind && !r.external).map(|r| &r.target);
    if by_kind("vbaProject").is_some() || by_kind("xlMacrosheet").is_some() {
        return Err(WorkbookRefusal::MacroEnabled);
    }
    let strings = read_part(package, by_kind("sharedStrings"), |text| strings::read(text, bounds.cells))?
        .unwrap_or_default();
    let styles = read_part(package, by_kind("styles"), styles::read)?.unwrap_or_default();

    let mut context = sheet::Context {
        strings: &strings,
        styles: &styles,
        date_1904: contents.date_1904,
        cells: bounds.cells,
        cells_left: bounds.cells,
        text_left: crate::guard::MAX_TEXT_BYTES,
    };
    let mut sheets = Vec::new();
    let mut wanted_lists = Vec::new();
    let mut has_formulas = false;
    let mut shown: HashSet<&str> = HashSet::new();
    for tab in &contents.sheets {
        let Some(relation) = relations.iter().find(|r| r.id == tab.relation && !r.external) else {
            return Err(WorkbookRefusal::damaged(&workbook_part));
        };
        // Two tabs over one part are no workbook, and a way to have one part read over and over.
        if !shown.insert(&relation.target) {
            return Err(WorkbookRefusal::damaged(&workbook_part));
        }
        // A tab may also be a chart sheet or a dialog; neither has cells.
        let read = if relation.kind == "worksheet" {
            sheet::read(package.text(&relation.target)?, &mut context, &relation.target)?
        } else {
            sheet::SheetParts::default()
        };
        has_formulas |= read.formulas;
        wanted_lists.push(read.lists);
        sheets.push(Sheet {
            name: tab.name.clone(),
            visible: tab.visible,
            part: relation.target.clone(),
            ..read.sheet
        });
    }
    validation::resolve(&mut sheets, wanted_lists, &contents.names);
    Ok(Workbook {
        sheets,
        date_1904: contents.date_1904,
        external_links: relations.iter().any(|r| r.kind == "externalLink" || r.external),
        signed: package
            .parts
            .iter()
            .any(|part| part.name.to_ascii_lowercase().starts_with("_xmlsignatures/")),
        date_styles: styles.iter().map(styles::Shape::is_date).collect(),
        part: workbook_part,
        has_formulas,
    })
}

fn read_part<T>(
    package: &Package,
    name: Option<&String>,
    read: impl Fn(&str) -> Result<T, BadXml>,
) -> Result<Option<T>, WorkbookRefusal> {
    let Some(name) = name else { return Ok(None) };
    let Some(text) = package.optional_text(name)? else { return Ok(None) };
    read(text).map(Some).map_err(|BadXml| WorkbookRefusal::damaged(name))
}

fn relations(package: &Package, part: &str, folder: &str) -> Result<Vec<Relation>, WorkbookRefusal> {
    let part = part.trim_start_matches('/');
    let text = package.text(part)?;
    read_relations(text, folder).map_err(|BadXml| WorkbookRefusal::damaged(part))
}

fn read_relations(text: &str, folder: &str) -> Result<Vec<Relation>, BadXml> {
    let mut xml = Xml::new(text);
    let mut found = Vec::new();
    while let Some(node) = xml.next()? {
        let Node::Open { tag, .. } = node else { continue };
        if local(&tag) != "Relationship" {
            continue;
        }
        let kind = attribute(&tag, "Type").unwrap_or_default();
        if found.len() == MAX_RELATIONS {
            return Err(BadXml);
        }
        let target = attribute(&tag, "Target").unwrap_or_default();
        let external = attribute(&tag, "TargetMode").as_deref() == Some("External");
        found.push(Relation {
            id: attribute(&tag, "Id").unwrap_or_default(),
            // The strict and the transitional form of the standard differ only in what stands before the last slash.
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: if external { target } else { absolute(folder, &target) },
            external,
        });
    }
    Ok(found)
}

/// A target as a part name: relative to the folder, or from the root.
fn absolute(folder: &str, target: &str) -> String {
    if let Some(rooted) = target.strip_prefix('/') {
        return rooted.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn contents(text: &str) -> Result<Contents, BadXml> {
    let mut xml = Xml::new(text);
    let mut contents = Contents::default();
    let mut name: Option<DefinedName> = None;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open { tag, empty } => match local(&tag) {
                "workbookPr" => contents.date_1904 = flag(&tag, "date1904"),
                "sheet" if contents.sheets.len() < MAX_SHEETS => contents.sheets.push(Tab {
                    name: attribute(&tag, "name").unwrap_or_default(),
                    relation: attribute(&tag, "id").unwrap_or_default(),
                    visible: attribute(&tag, "state").is_none_or(|state| state == "visible"),
                }),
                "sheet" => return Err(BadXml),
                "definedName" if !empty => {
                    name = Some(DefinedName {
                        name: attribute(&tag, "name").unwrap_or_default().to_lowercase(),
                        sheet: crate::xml::number_attribute(&tag, "localSheetId"),
                        formula: String::new(),
                    });
                }
                _ => {}
            },
            Node::Text(text) => {
                if let Some(name) = &mut name {
                    name.formula.push_str(&text);
                }
            }
            Node::Close(tag) if tag == "definedName" => contents.names.extend(name.take()),
            Node::Close(_) => {}
        }
    }
    Ok(contents)
}

/// Fills the map from covered cell to merged area, over the cells that matter; `None` if the areas are absurdly many.
fn cover(
    merges: &[crate::grid::Area],
    rows: u32,
    columns: u32,
) -> Option<HashMap<crate::grid::Address, usize>> {
    let mut covered = BTreeMap::new();
    for (index, area) in merges.iter().enumerate() {
        let mut seen = *area;
        seen.to.row = seen.to.row.min(rows);
        seen.to.col = seen.to.col.min(columns);
        if seen.to.row < seen.from.row || seen.to.col < seen.from.col {
            continue;
        }
        if covered.len() as u64 + seen.size() > crate::guard::MAX_CELLS as u64 {
            return None;
        }
        covered.extend(seen.cells().map(|cell| (cell, index)));
    }
    Some(covered.into_iter().collect())
}
