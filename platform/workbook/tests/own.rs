//! Our own workbooks are read by others as they were meant.
#![allow(clippy::unwrap_used)] // In a test a failed unwrap is the failure.

mod common;

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};
use chrono::DateTime;
use common::{layouts, part, parts};
use komainu_workbook::own::{Column, Entry, Properties, Table, write};

fn table(name: &str) -> Table {
    Table {
        name: name.to_owned(),
        lead: vec!["点検の結果".into(), "=1+1".into()],
        columns: vec![
            Column::new("番号", 8.0),
            Column::new("=項目", 40.0),
            Column::new("回答", 10.0).choices(["はい", "いいえ"]),
            Column::new("確認日", 12.0),
        ],
        rows: vec![
            vec![
                Entry::Number(1.0),
                "=HYPERLINK(\"http://x\")".into(),
                "はい".into(),
                Entry::Date(layouts::day()),
            ],
            vec![Entry::Number(2.5), "+81-3-0000".into(), "いいえ".into(), Entry::Empty],
            vec![Entry::Empty, "@SUM(1)\t\r\n-1".into()],
        ],
        landscape: true,
    }
}

fn written() -> Vec<u8> {
    let properties = Properties {
        title: "検査資料".into(),
        author: "見本医院".into(),
        created: DateTime::from_timestamp(1_780_000_000, 0).unwrap(),
    };
    write(&[table("点検/2026"), table("点検/2026")], &properties).unwrap()
}

#[test]
fn texts_stay_texts() {
    let bytes = written();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["点検_2026", "点検_2026 2"]);
    let range = workbook.worksheet_range("点検_2026").unwrap();
    let at = |row, col| range.get_value((row, col)).cloned().unwrap_or(Data::Empty);
    assert_eq!(at(1, 0), Data::String("=1+1".into()));
    assert_eq!(at(3, 1), Data::String("=項目".into()));
    assert_eq!(at(4, 1), Data::String("=HYPERLINK(\"http://x\")".into()));
    assert_eq!(at(5, 1), Data::String("+81-3-0000".into()));
    assert_eq!(at(4, 3).as_date(), Some(layouts::day()));
    assert_eq!(at(5, 0), Data::Float(2.5));
    assert!(workbook.worksheet_formula("点検_2026").unwrap().is_empty());
    for (name, content) in parts(&bytes) {
        assert!(!String::from_utf8_lossy(&content).contains("<f>"), "{name}");
    }
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn sheets_are_ready_to_print() {
    let bytes = written();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in [
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "state=\"frozen\"",
        "\"はい,いいえ\"",
    ] {
        assert!(
            sheet.contains(wanted) || sheet.contains(&wanted.replace('"', "&quot;")),
            "{wanted}: {sheet}"
        );
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    let core = part(&bytes, "docProps/core.xml");
    assert!(core.contains("検査資料") && core.contains("見本医院") && core.contains("2026-05-28T"), "{core}");
    assert_eq!(bytes, written(), "the clock is a parameter");
}
