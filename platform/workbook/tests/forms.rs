//! Forms nobody has seen before are recognised and filled.

#![allow(clippy::unwrap_used)] // In a test a failed unwrap is the failure.

mod common;

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use common::layouts::{self, Form, Want, day, target};
use komainu_workbook::{Answer, Check, Confidence, Fill, FillReport, Recognition, fill, open, recognise};

fn recognised(form: &Form) -> Recognition {
    let known = if form.vendor { common::known_vendor() } else { common::known() };
    recognise(&open(&form.bytes).unwrap(), &known)
        .unwrap_or_else(|refused| panic!("{}: {refused}", form.name))
}

fn cells(bytes: &[u8], sheet: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    workbook.worksheet_range(sheet).unwrap()
}

#[test]
fn every_layout_is_recognised() {
    for form in layouts::all() {
        let found = recognised(&form);
        assert_eq!(found.sheet, form.sheet, "{}", form.name);
        let mut wrong = Vec::new();
        for truth in &form.truth {
            let row = found.rows.iter().find(|row| row.row == truth.row);
            let right = row.is_some_and(|row| row.key == truth.key);
            if !right {
                wrong.push(format!(
                    "row {} should be {:?}, is {:?}",
                    truth.row + 1,
                    truth.key,
                    row.map(|row| (&row.key, &row.number, &row.sentence, &row.reasons))
                ));
            }
        }
        let strangers: Vec<_> =
            found.rows.iter().filter(|row| !form.truth.iter().any(|truth| truth.row == row.row)).collect();
        let sure = found.rows.iter().filter(|row| row.confidence == Confidence::Sure).count();
        let likely = found.rows.iter().filter(|row| row.confidence == Confidence::Likely).count();
        println!(
            "{}: {} rows, {} wrong, {sure} sure, {likely} likely",
            form.name,
            form.truth.len(),
            wrong.len()
        );
        for row in &found.rows {
            println!(
                "   {} {:?} {:?} {:?} {:?} {}",
                row.likeness,
                row.confidence,
                row.number.map(|n| n.to_string()),
                row.key,
                row.reasons,
                row.sentence
            );
        }
        assert!(wrong.is_empty(), "{}: {wrong:#?}", form.name);
        assert!(strangers.is_empty(), "{}: rows that are none: {strangers:#?}", form.name);
    }
}

fn fill_all(form: &Form, answer: Answer) -> (Vec<u8>, FillReport) {
    let found = recognised(form);
    let fills: Vec<Fill> = (0..found.rows.len())
        .map(|row| Fill {
            row,
            checks: vec![Check { answer, date: Some(day()) }],
            target: (answer == Answer::No && found.rows[row].target.is_some()).then(target),
            remark: (answer == Answer::No && found.rows[row].remark.is_some())
                .then(|| "予算を申請中".to_owned()),
        })
        .collect();
    let filled = fill(&form.bytes, &found, &fills, &[]).unwrap();
    (filled.bytes, filled.report)
}

#[test]
fn every_layout_is_filled() {
    for form in layouts::all() {
        for answer in [Answer::Yes, Answer::No] {
            let (bytes, report) = fill_all(&form, answer);
            assert_eq!(report.not_placed, [], "{}", form.name);
            let range = cells(&bytes, form.sheet);
            for truth in &form.truth {
                let wants = if answer == Answer::Yes { &truth.yes } else { &truth.no };
                for (at, want) in wants {
                    let is = range.get_value((at.row, at.col)).unwrap_or(&Data::Empty);
                    let right = match want {
                        Want::Text(text) => is.get_string() == Some(text.as_str()),
                        Want::Day(day) => is.as_date() == Some(*day),
                        Want::Nothing => is.is_empty(),
                    };
                    assert!(right, "{} {answer:?} {at}: should be {want:?}, is {is:?}", form.name);
                }
            }
        }
    }
}
