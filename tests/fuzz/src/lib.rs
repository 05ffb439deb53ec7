//! What the targets share: the imaginary forms that the workbook's tests know, the whole way of a stranger's workbook, and
//! what must hold of any file about a network.

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

/// Reads a file about a network; every machine that is referred to must exist.
///
/// # Panics
/// When a conversation or component leads to a machine that there is not: that is a find.
pub fn discover(bytes: &[u8], source: komainu_discovery::Source) {
    let _ = komainu_discovery::recognise(bytes);
    let Ok(findings) = komainu_discovery::read(bytes, source) else { return };
    let fits = |end: komainu_discovery::End| match end {
        komainu_discovery::End::Host(at) => at < findings.hosts.len(),
        komainu_discovery::End::Internet => true,
    };
    assert!(findings.talks.iter().all(|talk| fits(talk.from) && fits(talk.to)));
    assert!(findings.components.iter().all(|part| part.of.is_none_or(|at| at < findings.hosts.len())));
}
