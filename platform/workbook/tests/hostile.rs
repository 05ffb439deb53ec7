//! Files that are refused, each for its own reason, and files broken at random, which must never bring anything down.

#![allow(clippy::unwrap_used)] // In a test a failed unwrap is the failure.

mod common;

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use common::{layouts, parts, zip};
use komainu_workbook::{
    BombSign, LooksLike, MAX_ENTRIES, MAX_FILE_BYTES, NotTheChecklist, OtherFormat, WorkbookRefusal, open,
    recognise,
};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

type Part = (String, Vec<u8>);

/// A sound form with one part exchanged, or added if it has none of that name.
fn with(name: &str, content: impl Into<Vec<u8>>) -> Vec<u8> {
    let mut all = parts(&layouts::plain().bytes);
    let content = content.into();
    match all.iter_mut().find(|(part, _)| part == name) {
        Some(part) => part.1 = content,
        None => all.push((name.to_owned(), content)),
    }
    zip(&all)
}

fn edited(name: &str, from: &str, to: &str) -> Vec<u8> {
    let all = parts(&layouts::plain().bytes);
    let content = String::from_utf8(all.iter().find(|(part, _)| part == name).unwrap().1.clone()).unwrap();
    assert!(content.contains(from), "{name} has no {from}");
    with(name, content.replacen(from, to, 1))
}

fn ole2(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

/// An archive whose directory names one entry twice.
fn duplicate() -> Vec<u8> {
    let mut all = parts(&layouts::plain().bytes);
    all.push(("xl/worksheets/sheetX.xml".into(), b"<worksheet/>".to_vec()));
    let bytes = zip(&all);
    // The writer refuses doubles, so a name of equal length is changed afterwards.
    replace_all(&bytes, b"xl/worksheets/sheetX.xml", b"xl/worksheets/sheet1.xml")
}

fn replace_all(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let places: Vec<usize> =
        out.windows(from.len()).enumerate().filter(|(_, window)| *window == from).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        out[at..at + to.len()].copy_from_slice(to);
    }
    out
}

/// An archive whose directory lists the bytes of one entry under two names.
fn overlapping() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts(&layouts::plain().bytes) {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.shallow_copy_file("xl/workbook.xml", "xl/workbook2.xml").unwrap();
    writer.finish().unwrap().into_inner()
}

fn encrypted_entry() -> Vec<u8> {
    let mut bytes = layouts::plain().bytes;
    // Bit 0 of the flags, in the local header and in the directory.
    bytes[6] |= 1;
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[directory + 8] |= 1;
    bytes
}

fn wrong_checksum() -> Vec<u8> {
    let mut bytes = layouts::plain().bytes;
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[directory + 16] ^= 0xFF;
    bytes[14] ^= 0xFF;
    bytes
}

#[test]
#[allow(clippy::too_many_lines)] // A table.
fn each_hostile_file_has_its_refusal() {
    use WorkbookRefusal as R;
    let other = |looks_like| R::NotAWorkbook { looks_like };
    let damaged = |part: &str| R::Damaged { part: part.to_owned() };
    let sheet = "xl/worksheets/sheet1.xml";
    let bomb = vec![b' '; 12 * 1024 * 1024];
    let cells = (0..=300_000).fold(String::new(), |mut rows, row| {
        write!(rows, "<row r=\"{0}\"><c r=\"A{0}\"/></row>", row + 1).unwrap();
        rows
    });
    let long = format!("<sst><si><t>{}</t></si></sst>", "あ".repeat(32_000));
    let many = (0..2000).fold(String::new(), |mut rows, row| {
        write!(rows, "<row><c t=\"s\"><v>0</v></c><c r=\"C{}\" t=\"s\"><v>0</v></c></row>", row + 1).unwrap();
        rows
    });
    let mut repeated = parts(&with("xl/sharedStrings.xml", long));
    repeated.iter_mut().find(|(name, _)| name == sheet).unwrap().1 =
        format!("<worksheet><sheetData>{many}</sheetData></worksheet>").into_bytes();
    let word = zip(&[
        ("[Content_Types].xml".into(), b"<Types/>".to_vec()),
        ("word/document.xml".into(), b"<w/>".to_vec()),
    ]);
    let ods = zip(&[
        ("mimetype".into(), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()),
        ("content.xml".into(), b"<c/>".to_vec()),
    ]);
    let entries: Vec<Part> = (0..=MAX_ENTRIES).map(|index| (format!("xl/{index}.bin"), Vec::new())).collect();
    let entity = "<?xml version=\"1.0\"?><!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    let cases: Vec<(&str, Vec<u8>, R)> = vec![
        ("no byte", Vec::new(), R::Empty),
        (
            "too large",
            vec![b'P'; MAX_FILE_BYTES + 1],
            R::TooLarge { bytes: MAX_FILE_BYTES + 1, limit: MAX_FILE_BYTES },
        ),
        ("a renamed CSV", "番号,項目,回答\n1,台帳,はい\n".into(), other(LooksLike::Csv)),
        ("a PDF", b"%PDF-1.7\n%\xE2\xE3".to_vec(), other(LooksLike::Pdf)),
        ("a web page", b"<!DOCTYPE html><html></html>".to_vec(), other(LooksLike::Html)),
        ("a note", "本日は休診です。\nまた明日。\n".into(), other(LooksLike::Text)),
        ("a plain ZIP", zip(&[("a.txt".into(), b"a".to_vec())]), other(LooksLike::Zip)),
        ("an empty ZIP", zip(&[]), other(LooksLike::Zip)),
        ("a Word document", word, other(LooksLike::Docx)),
        ("an OpenDocument sheet", ods, R::NotSupported { format: OtherFormat::Ods }),
        ("a binary workbook", with("xl/workbook.bin", "x"), R::NotSupported { format: OtherFormat::Xlsb }),
        (
            "an XML workbook of 2003",
            b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>".to_vec(),
            R::NotSupported { format: OtherFormat::Xml2003 },
        ),
        ("an old workbook", ole2("Workbook"), R::LegacyXls),
        ("an old Word document", ole2("WordDocument"), other(LooksLike::OldOffice)),
        ("a password", ole2("EncryptedPackage"), R::PasswordProtected),
        ("an encrypted entry", encrypted_entry(), R::PasswordProtected),
        ("macros", with("xl/vbaProject.bin", "x"), R::MacroEnabled),
        (
            "macros by type",
            edited("[Content_Types].xml", "spreadsheetml.sheet.main", "macroEnabled.main"),
            R::MacroEnabled,
        ),
        ("a macro sheet", with("xl/macrosheets/sheet1.xml", "<m/>"), R::MacroEnabled),
        ("a bomb", with("xl/media/image1.png", bomb), R::ZipBomb { sign: BombSign::RatioTooHigh }),
        ("too many entries", zip(&entries), R::ZipBomb { sign: BombSign::TooManyEntries }),
        ("overlapping entries", overlapping(), R::ZipBomb { sign: BombSign::Overlap }),
        ("two of one name", duplicate(), R::DuplicateEntry { name: String::new() }),
        (
            "two of one name but for case",
            with("XL/Workbook.xml", "<w/>"),
            R::DuplicateEntry { name: "XL/Workbook.xml".into() },
        ),
        ("a way out", with("../../etc/passwd", "x"), R::UnsafeName { name: "../../etc/passwd".into() }),
        ("another way out", with("xl\\..\\a.xml", "x"), R::UnsafeName { name: "xl\\..\\a.xml".into() }),
        (
            "entities",
            with("xl/sharedStrings.xml", entity),
            R::DocumentType { part: "xl/sharedStrings.xml".into() },
        ),
        (
            "too many cells",
            with(sheet, format!("<worksheet><sheetData>{cells}</sheetData></worksheet>")),
            R::TooManyCells { limit: 300_000 },
        ),
        ("one text a thousand times", zip(&repeated), R::TooManyCells { limit: 300_000 }),
        ("a sheet cut off", with(sheet, "<worksheet><sheetData><row r=\"1\"><c r=\"A1\""), damaged(sheet)),
        ("a sheet not closed", with(sheet, "<worksheet><sheetData>"), damaged(sheet)),
        (
            "a cell nowhere",
            with(sheet, "<worksheet><sheetData><row r=\"1\"><c r=\"ZZZZ1\"/></row></sheetData></worksheet>"),
            damaged(sheet),
        ),
        (
            "a merge nowhere",
            with(sheet, "<worksheet><mergeCells><mergeCell ref=\"x\"/></mergeCells></worksheet>"),
            damaged(sheet),
        ),
        ("no UTF-8", with(sheet, b"<worksheet>\xFF\xFE</worksheet>".to_vec()), damaged(sheet)),
        ("no workbook part", edited("_rels/.rels", "officeDocument\"", "other\""), damaged("_rels/.rels")),
        (
            "a sheet that is not there",
            edited("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml"),
            damaged("xl/worksheets/sheet9.xml"),
        ),
        ("a wrong checksum", wrong_checksum(), damaged("[Content_Types].xml")),
        ("half a file", layouts::plain().bytes[..3000].to_vec(), damaged("zip")),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(open(&bytes).map(|_| ()), Err(expected), "{name}");
    }
}

#[test]
fn sizes_are_counted_and_not_believed() {
    // The directory and the header claim that the entry has one byte.
    let bomb = with("xl/media/image1.png", vec![0_u8; 12 * 1024 * 1024]);
    let name = b"xl/media/image1.png";
    let mut lying = bomb.clone();
    for at in bomb.windows(name.len()).enumerate().filter(|(_, window)| window == name).map(|(at, _)| at) {
        let header = if bomb[at - 30..].starts_with(b"PK\x03\x04") { at - 8 } else { at - 22 };
        lying[header..header + 4].copy_from_slice(&1_u32.to_le_bytes());
    }
    let refusal = open(&lying).map(|_| ()).unwrap_err();
    let damaged = WorkbookRefusal::Damaged { part: "xl/media/image1.png".to_owned() };
    assert!(matches!(refusal, WorkbookRefusal::ZipBomb { .. }) || refusal == damaged, "{refusal}");
}

/// Other people's workbooks: sound, and not the checklist.
fn others() -> Vec<(&'static str, Vec<u8>)> {
    let table = |rows: &[&[&str]]| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip(rows) {
            for (col, text) in (0..).zip(*cells) {
                sheet.write(row, col, *text).unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    };
    vec![
        ("empty", table(&[])),
        (
            "staff roster",
            table(&[
                &["番号", "氏名", "職種", "内線", "備考"],
                &["1", "甲 花子", "看護師", "201", ""],
                &["2", "乙 太郎", "医師", "202", "サーバ管理を兼ねる"],
                &["3", "丙 次郎", "事務", "203", ""],
            ]),
        ),
        (
            "price list",
            table(&[
                &["No", "項目", "単価", "数量", "確認日", "備考"],
                &["1", "ネットワーク機器（ルータ）一式", "120,000", "1", "", ""],
                &["2", "サーバのバックアップ装置", "300,000", "1", "", ""],
                &["3", "端末PC 更新", "90,000", "10", "", ""],
                &["4", "設定作業費", "50,000", "1", "", ""],
            ]),
        ),
        (
            "cleaning checklist",
            table(&[
                &["番号", "チェック項目", "はい・いいえ", "確認日", "目標日"],
                &["1-①", "待合室の床を清掃し、消毒している。", "はい・いいえ", "", ""],
                &["1-②", "手洗い場に石けんと紙タオルを備えている。", "はい・いいえ", "", ""],
                &["2-①", "廃棄物を分別し、鍵のかかる場所に保管している。", "はい・いいえ", "", ""],
                &["2-②", "清掃の責任者を決めている。", "はい・いいえ", "", ""],
                &["2-③", "清掃用具を区域ごとに分けている。", "はい・いいえ", "", ""],
                &["3-①", "感染対策の研修を年2回行っている。", "はい・いいえ", "", ""],
                &["3-②", "職員の健康診断の記録を保存している。", "はい・いいえ", "", ""],
            ]),
        ),
        (
            "continuity plan table",
            table(&[
                &["No.", "確認項目", "回答", "備考"],
                &["1", "災害時の指揮命令系統を決めている。", "", ""],
                &["2", "停電のときの発電機の燃料を備えている。", "", ""],
                &["3", "サイバー攻撃を受けた場合の診療継続の手順を決めている。", "", ""],
                &["4", "紙の伝票で受付をする訓練をしている。", "", ""],
                &["5", "近隣の病院と患者の受け入れについて取り決めている。", "", ""],
                &["6", "バックアップから復旧する順番を決めている。", "", ""],
                &["7", "食料と水を3日分備えている。", "", ""],
            ]),
        ),
        (
            "invoice",
            table(&[
                &["請求書"],
                &["医療機関名", "〇〇医院"],
                &["日付", "2026-06-01"],
                &["項目", "金額"],
                &["電子カルテ保守料", "30000"],
                &["ウイルス対策ソフト", "12000"],
            ]),
        ),
    ]
}

#[test]
fn other_workbooks_are_not_the_checklist() {
    for (name, bytes) in others() {
        let refusal = recognise(&open(&bytes).unwrap(), &common::known()).map(|found| found.rows.len());
        match name {
            "empty" => assert_eq!(refusal, Err(NotTheChecklist::NothingToSee)),
            _ => assert!(
                matches!(refusal, Err(NotTheChecklist::OtherQuestions { .. } | NotTheChecklist::NoQuestions)),
                "{name}: {refusal:?}"
            ),
        }
    }
}

/// Reads whatever the door lets in to the end.
fn survive(bytes: &[u8], known: &[komainu_workbook::KnownRow]) {
    let Ok(workbook) = open(bytes) else { return };
    let Ok(found) = recognise(&workbook, known) else { return };
    let fills: Vec<_> = (0..found.rows.len())
        .map(|row| komainu_workbook::Fill {
            row,
            checks: vec![komainu_workbook::Check {
                answer: komainu_workbook::Answer::Yes,
                date: Some(layouts::day()),
            }],
            ..Default::default()
        })
        .collect();
    let _ = komainu_workbook::fill(bytes, &found, &fills, &[]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes of the archive flipped, cut out and put in.
    #[test]
    fn broken_archives_never_panic(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<Option<(prop::sample::Index, u8)>>(),
    ) {
        let mut bytes = layouts::three_rounds().bytes;
        for (at, byte) in &flips {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some((at, count)) = cut {
            let at = at.index(bytes.len());
            let end = (at + usize::from(count)).min(bytes.len());
            bytes.drain(at..end);
        }
        survive(&bytes, &common::known());
    }

    /// The XML inside broken, the archive around it sound: this gets past the door far more often.
    #[test]
    fn broken_parts_never_panic(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/=\"0-9A-Za-z&; あ]{0,6}", 0_usize..12), 1..6),
    ) {
        let mut all = parts(&layouts::rich().bytes);
        let xml: Vec<usize> =
            (0..all.len()).filter(|index| all[*index].1.starts_with(b"<?xml")).collect();
        let part = xml[which.index(xml.len())];
        let mut text: Vec<char> = String::from_utf8(all[part].1.clone()).unwrap().chars().collect();
        for (at, insert, remove) in &edits {
            let at = at.index(text.len().max(1)).min(text.len());
            let end = (at + remove).min(text.len());
            text.splice(at..end, insert.chars());
        }
        all[part].1 = text.into_iter().collect::<String>().into_bytes();
        survive(&zip(&all), &common::known());
    }

    /// Attribute values exchanged for strange ones.
    #[test]
    fn strange_values_never_panic(
        at in any::<prop::sample::Index>(),
        value in prop::sample::select(vec!["", "0", "-1", "1", "99999999999999999999", "4294967295", "1048577", "A1:XFD1048576", "XFD1048576", "NaN", "1e308", "あ", "\u{10FFFF}"]),
    ) {
        let mut all = parts(&layouts::two_columns().bytes);
        let sheet = all.iter_mut().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap();
        let text = String::from_utf8(sheet.1.clone()).unwrap();
        let quotes: Vec<usize> = text.match_indices("=\"").map(|(at, _)| at + 2).collect();
        let from = quotes[at.index(quotes.len())];
        let to = from + text[from..].find('"').unwrap();
        sheet.1 = format!("{}{value}{}", &text[..from], &text[to..]).into_bytes();
        survive(&zip(&all), &common::known());
    }
}
