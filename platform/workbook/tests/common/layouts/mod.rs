//! Imaginary forms in many layouts, each with the truth about its rows.

mod formal;
mod listed;
mod printed;

use chrono::NaiveDate;
use komainu_workbook::Address;
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet};

/// What a cell should read after filling.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    Text(String),
    Day(NaiveDate),
    Nothing,
}

pub fn text(value: &str) -> Want {
    Want::Text(value.to_owned())
}

/// The truth about one row of a form.
pub struct Truth {
    pub row: u32,
    /// `None` for a question the catalogue does not know.
    pub key: Option<String>,
    /// What the cells read after answering yes on [`day`] (or no, for every third row, with a target).
    pub yes: Vec<(Address, Want)>,
    pub no: Vec<(Address, Want)>,
}

pub struct Form {
    pub name: &'static str,
    pub sheet: &'static str,
    pub bytes: Vec<u8>,
    pub truth: Vec<Truth>,
    pub vendor: bool,
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

pub fn target() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 31).unwrap()
}

fn cell(row: u32, col: u16) -> Address {
    Address::new(row, u32::from(col))
}

pub fn boxed() -> Format {
    Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter)
}

fn grey() -> Format {
    boxed().set_background_color("D9D9D9").set_bold()
}

fn date_format() -> Format {
    boxed().set_num_format("yyyy/m/d")
}

fn yes_no(sheet: &mut Worksheet, row: u32, col: u16, values: &[&str]) {
    sheet.write_blank(row, col, &boxed()).unwrap();
    let rule = DataValidation::new().allow_list_strings(values).unwrap();
    sheet.add_data_validation(row, col, row, col, &rule).unwrap();
}

fn done(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().unwrap()
}

pub use formal::{boxes_below, dates_below, reversed, strangers, whole_column};
pub use listed::{bare, decimals, plain, renumbered, rich, two_columns, vendor};
pub use printed::{boxes, cells_to_tick, embedded, one_heading, split_by_equipment, three_rounds};

pub fn all() -> Vec<Form> {
    vec![
        plain(),
        three_rounds(),
        boxes(),
        two_columns(),
        rich(),
        decimals(),
        embedded(),
        bare(),
        vendor(),
        renumbered(),
        one_heading(),
        split_by_equipment(),
        cells_to_tick(),
        dates_below(),
        boxes_below(),
        whole_column(),
        reversed(),
        strangers(),
    ]
}
