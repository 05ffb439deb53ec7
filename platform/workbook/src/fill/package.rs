//! Puts the copy of the archive together.

use std::collections::HashMap;
use std::io::{Cursor, Write};
use std::ops::Range;

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::splice::{apply, set_attribute};
use crate::grid::Workbook;
use crate::guard::Package;
use crate::xml::{BadXml, Node, Xml, attribute, local};

/// What becomes of the parts that do not stay as they are: new text, or gone. Keyed by the name in lower case.
pub(super) type Changes = HashMap<String, Option<String>>;

/// The changed sheet and what must change with it.
pub(super) fn changes(
    package: &Package,
    workbook: &Workbook,
    sheet_part: &str,
    sheet: String,
    drop_calculation_chain: bool,
) -> Result<Changes, BadXml> {
    let mut changes = Changes::from([(sheet_part.to_lowercase(), Some(sheet))]);
    let part = workbook.part.as_str();
    if workbook.has_formulas {
        let text = package.text(part).map_err(|_| BadXml)?;
        changes.insert(part.to_lowercase(), Some(recalculate_on_load(text)?));
    }
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let chain = format!("{folder}/calcChain.xml").trim_start_matches('/').to_owned();
    let has_chain = package.parts.iter().any(|part| part.name.eq_ignore_ascii_case(&chain));
    if drop_calculation_chain && has_chain {
        let relations = format!("{folder}/_rels/{file}.rels").trim_start_matches('/').to_owned();
        for (name, element, key, value) in [
            ("[Content_Types].xml", "Override", "PartName", "/calcChain.xml"),
            (relations.as_str(), "Relationship", "Type", "/calcChain"),
        ] {
            let text = package.text(name).map_err(|_| BadXml)?;
            changes.insert(name.to_lowercase(), Some(without(text, element, key, value)?));
        }
        changes.insert(chain.to_lowercase(), None);
    }
    Ok(changes)
}

/// The text without the elements whose attribute ends in `value`.
fn without(text: &str, element: &str, key: &str, value: &str) -> Result<String, BadXml> {
    let mut xml = Xml::new(text);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut open: Option<usize> = None;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open { tag, empty }
                if local(&tag) == element
                    && attribute(&tag, key).is_some_and(|found| found.ends_with(value)) =>
            {
                if empty {
                    edits.push((xml.span.clone(), String::new()));
                } else {
                    open = Some(xml.span.start);
                }
            }
            Node::Close(name) if name == element => {
                if let Some(start) = open.take() {
                    edits.push((start..xml.span.end, String::new()));
                }
            }
            _ => {}
        }
    }
    Ok(apply(text, edits))
}

/// Elements that stand before `calcPr` in a workbook part (ECMA-376 part 1, 18.2.27).
const BEFORE_CALCULATION: &[&str] = &[
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
];

/// The workbook part, asking for a recalculation when it is opened.
fn recalculate_on_load(text: &str) -> Result<String, BadXml> {
    let mut xml = Xml::new(text);
    let mut depth = 0_usize;
    let mut place = None;
    let mut prefix = String::new();
    while let Some(node) = xml.next()? {
        match node {
            Node::Open { tag, empty } => {
                if local(&tag) == "calcPr" {
                    let edited = set_attribute(&text[xml.span.clone()], "fullCalcOnLoad", Some("1"));
                    return Ok(apply(text, vec![(xml.span.clone(), edited)]));
                }
                if local(&tag) == "sheets" {
                    let name = tag.name().into_inner();
                    name.strip_suffix("sheets").unwrap_or_default().clone_into(&mut prefix);
                }
                if empty && depth == 1 && BEFORE_CALCULATION.contains(&local(&tag)) {
                    place = Some(xml.span.end);
                }
                depth += usize::from(!empty);
            }
            Node::Close(name) => {
                depth = depth.saturating_sub(1);
                if depth == 1 && BEFORE_CALCULATION.contains(&name.as_str()) {
                    place = Some(xml.span.end);
                }
            }
            Node::Text(_) => {}
        }
    }
    let place = place.ok_or(BadXml)?;
    Ok(apply(text, vec![(place..place, format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>"))]))
}

/// The archive anew: changed parts packed, all others copied as they are, in the same order.
pub(super) fn repack(original: &[u8], changes: &Changes) -> ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(original))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(original.len() + 4096)));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        match changes.get(&name.to_lowercase()) {
            None => writer.raw_copy_file(entry)?,
            Some(None) => {}
            Some(Some(text)) => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Deflated)
                    .last_modified_time(entry.last_modified().unwrap_or_default());
                writer.start_file(name, options)?;
                writer.write_all(text.as_bytes())?;
            }
        }
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recalculation_is_asked_for_where_the_standard_wants_it() {
        let with = "<workbook><sheets><sheet/></sheets><calcPr calcId=\"9\"/><extLst/></workbook>";
        assert!(
            recalculate_on_load(with)
                .unwrap()
                .contains("<calcPr calcId=\"9\" fullCalcOnLoad=\"1\"/><extLst/>")
        );
        let without = "<x:workbook><x:sheets><x:sheet/></x:sheets><x:definedNames><x:definedName>A</x:definedName></x:definedNames><x:extLst/></x:workbook>";
        assert!(
            recalculate_on_load(without)
                .unwrap()
                .contains("</x:definedNames><x:calcPr fullCalcOnLoad=\"1\"/><x:extLst/>")
        );
    }
}
