//! What is not an answer stays as it was, byte for byte.

#![allow(clippy::unwrap_used)] // In a test a failed unwrap is the failure.

mod common;

use common::{layouts, part, parts, zip};
use komainu_workbook::{
    Address, Answer, Check, FieldKind, FieldValue, Fill, FillError, FilledWorkbook, KnownRow, NotPlaced,
    Place, Recognition, WhyNot, fill, open, recognise,
};

fn recognised(bytes: &[u8]) -> Recognition {
    recognise(&open(bytes).unwrap(), &common::known()).unwrap()
}

fn yes() -> Vec<Check> {
    vec![Check { answer: Answer::Yes, date: Some(layouts::day()) }]
}

fn fill_all(bytes: &[u8], checks: &[Check]) -> FilledWorkbook {
    let found = recognised(bytes);
    let fills: Vec<Fill> =
        (0..found.rows.len()).map(|row| Fill { row, checks: checks.to_vec(), ..Fill::default() }).collect();
    fill(bytes, &found, &fills, &[]).unwrap()
}

/// The bytes of a sheet before its cells and after them.
fn around_cells(sheet: &str) -> (&str, &str) {
    let from = sheet.find("<sheetData").unwrap();
    let to = sheet.rfind("</sheetData>").unwrap();
    (&sheet[..from], &sheet[to..])
}

#[test]
fn every_other_part_is_copied_byte_for_byte() {
    for form in layouts::all() {
        let form_known = if form.vendor { common::known_vendor() } else { common::known() };
        let workbook = open(&form.bytes).unwrap();
        let found = recognise(&workbook, &form_known).unwrap();
        let fills: Vec<Fill> =
            (0..found.rows.len()).map(|row| Fill { row, checks: yes(), ..Fill::default() }).collect();
        let filled = fill(&form.bytes, &found, &fills, &[]).unwrap();
        let (before, after) = (parts(&form.bytes), parts(&filled.bytes));
        assert_eq!(before.len(), after.len(), "{}", form.name);
        let mut changed = Vec::new();
        for ((name, old), (new_name, new)) in before.iter().zip(&after) {
            assert_eq!(name, new_name, "{}: the order of the parts", form.name);
            if old != new {
                changed.push(name.clone());
            }
        }
        let sheet = format!("xl/worksheets/sheet{}.xml", found.sheet_index + 1);
        assert_eq!(changed, std::slice::from_ref(&sheet), "{}", form.name);
        let (old, new) = (part(&form.bytes, &sheet), part(&filled.bytes, &sheet));
        assert_eq!(around_cells(&old), around_cells(&new), "{}", form.name);
        // Cells that were not written are the same bytes, styles and rows included.
        let written: Vec<String> = filled.report.written.iter().map(ToString::to_string).collect();
        let cells = |xml: &str| -> Vec<String> {
            xml.split("<c ")
                .skip(1)
                .map(|cell| format!("<c {cell}"))
                // A result that hangs on an answer is taken away.
                .filter(|cell| !cell.contains("COUNTIF"))
                .filter(|cell| !written.iter().any(|at| cell.starts_with(&format!("<c r=\"{at}\""))))
                .map(|cell| cell[..cell.find("</c>").or(cell.find("/>")).unwrap()].to_owned())
                .collect()
        };
        assert_eq!(cells(&old), cells(&new), "{}", form.name);
        let style = |xml: &str, at: &str| {
            let cell = &xml[xml.find(&format!("<c r=\"{at}\"")).unwrap()..];
            let tag = &cell[..cell.find('>').unwrap()];
            tag.find(" s=\"").map(|from| tag[from + 4..].split('"').next().unwrap().to_owned())
        };
        for at in written.iter().filter(|at| old.contains(&format!("<c r=\"{at}\""))) {
            assert_eq!(style(&old, at), style(&new, at), "{} {at}", form.name);
        }
    }
}

#[test]
fn filling_is_deterministic_and_can_be_repeated() {
    let form = layouts::plain();
    let first = fill_all(&form.bytes, &yes());
    assert_eq!(first.bytes, fill_all(&form.bytes, &yes()).bytes);
    // The filled copy is itself a form that can be filled: first to no, then to nothing.
    let no = fill_all(&first.bytes, &[Check { answer: Answer::No, date: Some(layouts::day()) }]);
    assert!(part(&no.bytes, "xl/worksheets/sheet1.xml").contains("いいえ</t>"));
    let blank = fill_all(&no.bytes, &[Check::default()]);
    assert!(!part(&blank.bytes, "xl/worksheets/sheet1.xml").contains("いいえ</t>"));
}

#[test]
fn the_workbook_must_be_the_recognised_one() {
    let found = recognised(&layouts::plain().bytes);
    let fills = [Fill { row: 5, checks: yes(), ..Fill::default() }];
    let other = fill(&layouts::three_rounds().bytes, &found, &fills, &[]);
    assert!(matches!(other, Err(FillError::AnotherWorkbook { .. })), "{other:?}");
    let nowhere = fill(&layouts::plain().bytes, &found, &[Fill { row: 999, ..Fill::default() }], &[]);
    assert_eq!(nowhere.map(|_| ()), Err(FillError::NoSuchRow { row: 999 }));
    assert!(matches!(fill(b"x", &found, &fills, &[]), Err(FillError::Refused(_))));
}

#[test]
fn what_has_no_place_is_reported() {
    let form = layouts::plain();
    let found = recognised(&form.bytes);
    let check = |answer| Check { answer, date: Some(layouts::day()) };
    let fills = [
        Fill { row: 0, checks: vec![check(Answer::NotApplicable)], ..Fill::default() },
        Fill { row: 1, checks: vec![check(Answer::No), check(Answer::Yes)], ..Fill::default() },
    ];
    let filled =
        fill(&form.bytes, &found, &fills, &[(FieldKind::VendorName, FieldValue::Text("x".into()))]).unwrap();
    assert_eq!(
        filled.report.not_placed,
        [
            NotPlaced { value: Place::Answer { row: 0, round: 0 }, why: WhyNot::NoSuchChoice },
            NotPlaced { value: Place::Field { kind: FieldKind::VendorName }, why: WhyNot::NoCell },
        ]
    );
    // One answer cell and one date cell: the later check stands there.
    assert!(part(&filled.bytes, "xl/worksheets/sheet1.xml").contains("<t xml:space=\"preserve\">はい</t>"));
}

#[test]
fn rounds_go_to_their_own_columns() {
    let form = layouts::three_rounds();
    let found = recognised(&form.bytes);
    let later = layouts::target();
    let checks = vec![
        Check { answer: Answer::No, date: Some(layouts::day()) },
        Check { answer: Answer::Yes, date: Some(later) },
    ];
    let filled = fill(&form.bytes, &found, &[Fill { row: 0, checks, ..Fill::default() }], &[]).unwrap();
    assert_eq!(filled.report.not_placed, []);
    let sheet = open(&filled.bytes).unwrap().sheets.remove(0);
    let texts: Vec<&str> = (5..12).map(|col| sheet.text(Address::new(6, col))).collect();
    assert_eq!(
        texts,
        ["いいえ", "（6/15）", "（　　/　　）", "はい", "（3/31）", "はい ・ いいえ", "（　　/　　）"]
    );
}

#[test]
fn fields_around_the_table_are_filled() {
    let fields = [
        (FieldKind::InstitutionName, FieldValue::Text("見本医院".into())),
        (FieldKind::FilledOn, FieldValue::Date(layouts::day())),
    ];
    let plain = layouts::plain();
    let filled = fill(&plain.bytes, &recognised(&plain.bytes), &[], &fields).unwrap();
    let sheet = open(&filled.bytes).unwrap().sheets.remove(0);
    assert_eq!(sheet.text(Address::new(1, 1)), "見本医院");
    assert_eq!(sheet.text(Address::new(1, 4)), "2026-06-15", "a date cell");
    assert_eq!(filled.report.not_placed, []);
    let rounds = layouts::three_rounds();
    let filled = fill(&rounds.bytes, &recognised(&rounds.bytes), &[], &fields).unwrap();
    let sheet = open(&filled.bytes).unwrap().sheets.remove(0);
    assert_eq!(sheet.text(Address::new(2, 0)), "施設名：見本医院");
    assert_eq!(sheet.text(Address::new(2, 6)), "記入日：令和8年6月15日");
}

#[test]
fn remarks_are_harmless() {
    let form = layouts::plain();
    let found = recognised(&form.bytes);
    let remark = |text: &str| {
        let fills = [Fill { row: 3, remark: Some(text.to_owned()), ..Fill::default() }];
        let filled = fill(&form.bytes, &found, &fills, &[]).unwrap();
        let sheet = open(&filled.bytes).unwrap().sheets.remove(0);
        let cell = sheet.cell(found.rows[3].remark.unwrap()).unwrap().clone();
        assert!(!cell.formula);
        (cell.text, filled.report.shortened.len())
    };
    assert_eq!(remark("=HYPERLINK(\"http://x\")"), ("'=HYPERLINK(\"http://x\")".into(), 0));
    assert_eq!(remark("<b>&amp;\u{7}改行\nあり _x0041_ ]]>"), ("<b>&amp;改行\nあり _x0041_ ]]>".into(), 0));
    let (long, shortened) = remark(&"長".repeat(40_000));
    assert_eq!((long.chars().count(), shortened), (32_767, 1));
}

/// A workbook written by hand as other programs write them.
fn by_hand(sheet: &str, workbook: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut all: Vec<(String, Vec<u8>)> = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/calcChain.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml\"/></Types>"),
        ("_rels/.rels", "<Relationships><Relationship Id=\"r1\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\" Target=\"/xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Type=\"http://x/relationships/worksheet\" Target=\"worksheets/form.xml\"/><Relationship Id=\"r2\" Type=\"http://x/relationships/styles\" Target=\"styles.xml\"/><Relationship Id=\"r3\" Type=\"http://x/relationships/calcChain\" Target=\"calcChain.xml\"/></Relationships>"),
        ("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ("xl/worksheets/form.xml", sheet),
    ]
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .into();
    all.extend(more.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    zip(&all)
}

const WORKBOOK: &str = "<x:workbook><x:workbookPr date1904=\"1\"/><x:sheets><x:sheet name=\"様式\" sheetId=\"1\" r:id=\"r1\"/></x:sheets></x:workbook>";

fn text_cell(text: &str) -> String {
    format!(
        "<x:c t=\"inlineStr\"><x:is><x:r><x:t>{text}</x:t></x:r><x:rPh sb=\"0\" eb=\"1\"><x:t>ヨミ</x:t></x:rPh></x:is></x:c>"
    )
}

/// A prefix on every tag, no cell and no row says where it is, the answer cells do not exist, days count from 1904, and a byte order
/// mark stands in front.
fn foreign(formula_row: Option<&str>) -> Vec<u8> {
    let mut rows = format!(
        "<x:row>{}{}{}{}</x:row>",
        text_cell("番号"),
        text_cell("チェック項目"),
        text_cell("はい・いいえ"),
        text_cell("確認日")
    );
    for item in common::ITEMS.iter().take(12) {
        let number = text_cell(&format!("{}-{}", item.section, common::circled(item.number)));
        rows.extend(["<x:row spans=\"1:2\">", &number, &text_cell(item.asked), "</x:row>"]);
    }
    rows.push_str(formula_row.unwrap_or_default());
    let sheet = format!(
        "\u{FEFF}<?xml version=\"1.0\"?><x:worksheet><x:dimension ref=\"A1:B13\"/><x:cols><x:col min=\"4\" max=\"4\" style=\"1\"/></x:cols><x:sheetData>{rows}</x:sheetData>\
         <x:extLst><x14:dataValidations><x14:dataValidation type=\"list\"><x14:formula1><xm:f>\"はい,いいえ\"</xm:f></x14:formula1><xm:sqref>C2:C13</xm:sqref></x14:dataValidation></x14:dataValidations></x:extLst></x:worksheet>"
    );
    by_hand(&sheet, WORKBOOK, &[("xl/calcChain.xml", "<calcChain><c r=\"C2\" i=\"1\"/></calcChain>")])
}

#[test]
fn sheets_of_other_programs_are_edited_in_their_manner() {
    let bytes = foreign(None);
    let filled = fill_all(&bytes, &yes());
    assert_eq!(filled.report.not_placed, []);
    let sheet = part(&filled.bytes, "xl/worksheets/form.xml");
    let serial = 46188 - 1462; // 15 June 2026, counted from 1904
    let row = format!(
        "<x:c r=\"C2\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">はい</x:t></x:is></x:c><x:c r=\"D2\" s=\"1\"><x:v>{serial}</x:v></x:c></x:row>"
    );
    assert!(sheet.contains(&row), "{sheet}");
    assert!(sheet.contains("<x:dimension ref=\"A1:D13\"/>"));
    assert!(!sheet.contains("spans="), "a span that is no longer true");
    let read = open(&filled.bytes).unwrap();
    assert_eq!(read.sheets[0].text(Address::new(1, 3)), "2026-06-15");
    assert_eq!(
        part(&filled.bytes, "xl/calcChain.xml"),
        part(&bytes, "xl/calcChain.xml"),
        "no formula was touched"
    );
}

#[test]
fn formulas_give_way_and_the_rest_is_recalculated() {
    // The answer cells of the first two items hold formulas: one of its own, one that others hang on.
    let sheet = part(&foreign(None), "xl/worksheets/form.xml");
    let rows: Vec<&str> = sheet.split("</x:row>").collect();
    let mut edited = rows.clone();
    let first = format!("{}<x:c><x:f>IF(1,\"はい\",\"\")</x:f><x:v>1</x:v></x:c>", rows[1]);
    let second = format!("{}<x:c><x:f t=\"shared\" ref=\"C3:C4\" si=\"0\">A1</x:f><x:v/></x:c>", rows[2]);
    let third = format!("{}<x:c><x:f t=\"shared\" si=\"0\"/><x:v/></x:c>", rows[3]);
    (edited[1], edited[2], edited[3]) = (&first, &second, &third);
    let bytes = by_hand(
        &edited.join("</x:row>"),
        WORKBOOK,
        &[("xl/calcChain.xml", "<calcChain><c r=\"C2\" i=\"1\"/></calcChain>")],
    );
    let filled = fill_all(&bytes, &yes());
    assert_eq!(filled.report.formulas_replaced, [Address::new(1, 2), Address::new(3, 2)]);
    assert_eq!(
        filled.report.not_placed,
        [NotPlaced { value: Place::Answer { row: 1, round: 0 }, why: WhyNot::SharedFormula }]
    );
    let names: Vec<String> = parts(&filled.bytes).into_iter().map(|(name, _)| name).collect();
    assert!(!names.contains(&"xl/calcChain.xml".to_owned()));
    assert!(!part(&filled.bytes, "[Content_Types].xml").contains("calcChain"));
    assert!(!part(&filled.bytes, "xl/_rels/workbook.xml.rels").contains("calcChain"));
    assert!(part(&filled.bytes, "xl/workbook.xml").contains("</x:sheets><x:calcPr fullCalcOnLoad=\"1\"/>"));
}

#[test]
fn a_row_for_two_of_ours_says_so() {
    let form = layouts::two_columns();
    let found = recognised(&form.bytes);
    let row = found.rows.iter().find(|row| row.key.as_deref() == Some("stop-services#server")).unwrap();
    assert_eq!(row.also, ["stop-services#terminal"]);
    assert_eq!(found.missing, ["has-system"]);
    // And the other way round: two rows where we know one.
    let known: Vec<KnownRow> =
        common::known().into_iter().filter(|row| row.key != "stop-services#terminal").collect();
    let found = recognise(&open(&layouts::boxes().bytes).unwrap(), &known).unwrap();
    let left: Vec<_> =
        found.rows.iter().filter(|row| row.key.is_none()).map(|row| row.resembles.as_deref()).collect();
    assert_eq!(left, [Some("stop-services#server")]);
}

#[test]
fn recognition_tells_title_year_and_hidden_rows() {
    let found = recognised(&layouts::plain().bytes);
    assert_eq!(found.fiscal_year, Some(2026));
    assert_eq!(found.form, Some(komainu_workbook::FormKind::InstitutionPharmacy));
    assert!(found.title.unwrap().contains("チェックリスト"));
    let found = recognised(&layouts::two_columns().bytes);
    let hidden: Vec<_> = found.rows.iter().filter(|row| row.hidden).map(|row| row.key.as_deref()).collect();
    assert_eq!(hidden, [Some("patches")]);
}
