//! What the targets share: the imaginary forms that the workbook's tests know, and the whole way of a stranger's workbook.

#[path = "../../../platform/workbook/tests/common/mod.rs"]
pub mod common;

// Every program here needs the counters' home.
use komainu_workbook::{Answer, Check, Fill, fill, open, recognise};
pub use libfuzzer_sys;

/// Opens a workbook, looks for the checklist in it, and fills every row; what is written must open again.
///
/// # Panics
/// When what was written cannot be read back: that is a find.
pub fn through(bytes: &[u8]) {
    let Ok(workbook) = open(bytes) else { return };
    let Ok(recognition) = recognise(&workbook, &common::known()) else { return };
    let check = Check { answer: Answer::Yes, date: chrono::NaiveDate::from_ymd_opt(2026, 7, 1) };
    let fills: Vec<Fill> = (0..recognition.rows.len())
        .map(|row| Fill { row, checks: vec![check], target: check.date, remark: Some("=1+1".to_owned()) })
        .collect();
    if let Ok(filled) = fill(bytes, &recognition, &fills, &[]) {
        open(&filled.bytes).expect("what was filled in opens again");
    }
}
