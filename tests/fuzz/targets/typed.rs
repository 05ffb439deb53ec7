//! Dates, numbers and item numbers as people type or print them.
#![no_main]

use komainu_calendar::{DateStyle, format_date, parse_date};
use komainu_language::Lang;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
    if let Ok(date) = parse_date(text, today) {
        for lang in Lang::ALL {
            let shown = format_date(date, lang, DateStyle::Both);
            assert!(!shown.is_empty());
        }
    }
    let _ = komainu_calendar::number(text);
    if let Some(number) = komainu_workbook::ItemNumber::parse(text) {
        let _ = number.to_string();
    }
    let _ = komainu_workbook::ItemNumber::split(text);
    let _ = komainu_workbook::Address::parse(text).map(komainu_workbook::Address::column_letters);
});
