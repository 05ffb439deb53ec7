//! A workbook shaped like the ministry's, in our own words.
#![allow(dead_code)]

use calamine::{Data, Reader, Xlsx};
use komainu_catalog::{Catalog, Form, FormRow, Variant};
use rust_xlsxwriter::{DataValidation, Format, FormatBorder, Workbook};
use std::io::Cursor;

/// What a workbook says of itself above the table.
pub const TITLE: &str =
    "令和８年度版　医療機関・薬局におけるサイバーセキュリティ対策チェックリスト（医療機関・薬局確認用）";
/// A question that the catalogue does not know.
pub const STRANGE: &str = "生成ＡＩを業務に使うときの手引きを職員に配っている。";
/// The number that the workbook prints before the continuity plan.
pub const PRINTED_BCP: &str = "3-④";
/// The sheet of the workbook.
pub const SHEET: &str = "チェックリスト";
/// The first row of the table, from zero.
pub const FIRST: u32 = 4;

pub fn form(catalog: &Catalog) -> Form<'_> {
    catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap()
}

/// The form of 2026 with a drop-down, a date, a target and a remark a row, and one row we do not know at its end.
pub fn workbook(catalog: &Catalog, title: &str) -> Vec<u8> {
    workbook_with(catalog, title, &[])
}

/// The same with further rows that we do not know, each behind one of ours: its id, the number, the question.
pub fn workbook_with(catalog: &Catalog, title: &str, strange: &[(&str, &str, &str)]) -> Vec<u8> {
    let (mut workbook, date) = (Workbook::new(), Format::new().set_num_format("yyyy/m/d"));
    let sheet = workbook.add_worksheet();
    sheet.set_name(SHEET).unwrap();
    sheet.write(0, 0, title).unwrap();
    sheet.write(1, 0, "医療機関名").unwrap();
    sheet.write_blank(1, 1, &Format::new().set_border(FormatBorder::Thin)).unwrap();
    for (col, label) in (0..).zip(["番号", "チェック項目", "はい・いいえ", "確認日", "目標日", "備考"])
    {
        sheet.write(3, col, label).unwrap();
    }
    let form = form(catalog);
    let ours = form.gate.iter().chain(&form.rows).flat_map(|row| {
        let behind = strange.iter().filter(|(after, ..)| *after == row.id.as_str());
        let behind = behind.map(|(_, number, words)| ((*number).to_owned(), (*words).to_owned()));
        std::iter::once(printed(row)).chain(behind)
    });
    for (row, (number, words)) in (FIRST..).zip(ours.chain([("4-②".to_owned(), STRANGE.to_owned())])) {
        sheet.write(row, 0, number).unwrap();
        sheet.write(row, 1, words).unwrap();
        let rule = DataValidation::new().allow_list_strings(&["はい", "いいえ"]).unwrap();
        sheet.add_data_validation(row, 2, row, 2, &rule).unwrap();
        for col in [3, 4] {
            sheet.write_blank(row, col, &date).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Number and words of a row of ours.
fn printed(row: &FormRow<'_>) -> (String, String) {
    let number = row.placement.number.as_ref().map(|number| number.printed().to_owned());
    let words = match row.id.as_str() {
        "stop-services.server" => format!("（サーバ）{}", row.item.question.ja),
        "stop-services.terminal" => format!("（端末PC）{}", row.item.question.ja),
        _ => row.item.question.ja.clone(),
    };
    // The catalogue only expects its numbers: the form prints one of them otherwise.
    let number = if row.id.as_str() == "bcp" { Some(PRINTED_BCP.to_owned()) } else { number };
    (number.unwrap_or_default(), words)
}

/// A cell of a workbook, as another program reads it.
pub fn cell(bytes: &[u8], row: u32, col: u32) -> Data {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range(SHEET).unwrap();
    range.get_value((row, col)).cloned().unwrap_or(Data::Empty)
}
