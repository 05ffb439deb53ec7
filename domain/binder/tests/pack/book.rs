//! The pack as a workbook, read by another program.

use crate::house::{STRANGE_IN_THE_MIDDLE, Said, day, lived_in};
use crate::world::World;
use crate::{Lang, PackForm, each_database};
use calamine::{Data, DataType as _, Reader as _, Xlsx};
use komainu_catalog::Variant;
use komainu_vendor::VendorDetails;
use std::io::Cursor;

/// The sheets: name and rows of cells.
fn sheets(bytes: &[u8]) -> Vec<(String, Vec<Vec<Data>>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} holds a formula");
            let range = book.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

fn texts(row: &[Data]) -> Vec<String> {
    row.iter().map(|cell| cell.as_string().unwrap_or_default()).collect()
}

/// The rows of a sheet whose first cell is none of the headings above the table.
fn numbered(rows: &[Vec<Data>]) -> Vec<Vec<Data>> {
    rows.iter().filter(|row| texts(row)[0].contains('-')).cloned().collect()
}

#[test]
fn the_rows_stand_in_the_order_of_the_form_with_what_was_answered() {
    each_database(|db| {
        let world = World::new(db);
        let (said, _) = lived_in(&world);
        let form = world.catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap();
        for (lang, yes, no, not_sure) in [
            (Lang::Ja, "はい", "いいえ", "いいえ（わからない）"),
            (Lang::En, "Yes", "No", "No (not sure)"),
            (Lang::Zh, "是", "否", "否（不清楚）"),
        ] {
            let (_, bytes) = world.make(&world.director, 2026, lang, PackForm::Workbook);
            let sheets = sheets(&bytes);
            assert_eq!(
                sheets.len(),
                12,
                "cover, two forms, plan, systems, things, lines, cutting, vendors, contacts, rules, evidence"
            );
            let found = numbered(&sheets[1].1);
            assert_eq!(found.len(), form.rows.len());
            for ((cells, row), said) in found.iter().zip(&form.rows).zip(&said[1..]) {
                let at = texts(cells);
                assert_eq!(at[0], row.placement.number.as_ref().unwrap().printed());
                assert!(at[1].contains(row.item.question.get(lang)), "{lang} {}: {}", said.row, at[1]);
                let word = match said.answer {
                    "yes" => yes,
                    "no" => no,
                    _ => not_sure,
                };
                assert_eq!(at[2], word, "{lang} {}", said.row);
                assert_eq!((cells[3].as_date(), cells[4].as_date()), (said.checked, said.target));
                assert_eq!(at[5], said.note);
            }
        }
    });
}

#[test]
fn rows_that_only_the_official_form_has_stand_where_it_prints_them() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        world.official();
        let said = Said {
            row: String::new(),
            answer: "no",
            checked: Some(day("2026-07-01")),
            target: Some(day("2027-02-01")),
            note: "窓口を改装中".to_owned(),
        };
        let (after, number, sentence) = STRANGE_IN_THE_MIDDLE;
        world.say_own(sentence, &said);
        let (_, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Workbook);
        let sheets = sheets(&bytes);
        let rows = numbered(&sheets[1].1);
        let at = rows.iter().position(|row| texts(row)[1] == sentence).unwrap();
        let own = texts(&rows[at]);
        assert_eq!((own[0].as_str(), own[2].as_str(), own[5].as_str()), (number, "いいえ", "窓口を改装中"));
        assert_eq!((rows[at][3].as_date(), rows[at][4].as_date()), (said.checked, said.target));
        let form = world.catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap();
        let ours = |id: &str| form.rows.iter().position(|row| row.id.as_str() == id).unwrap();
        assert_eq!(at, ours(after) + 1, "right behind the row before it");
        let last = texts(rows.last().unwrap());
        assert_eq!((last[0].as_str(), last[1].as_str()), ("4-②", crate::workbook::STRANGE));
        assert_eq!(last[2], "", "nobody answered it");
        assert!(
            rows.iter().any(|row| texts(row)[0] == crate::workbook::PRINTED_BCP),
            "the form's own numbers"
        );
        let plan = numbered(&sheets[3].1);
        let planned = plan.iter().find(|row| texts(row)[1] == sentence).unwrap();
        assert_eq!(planned[3].as_date(), said.target, "its no is planned");
    });
}

#[test]
fn the_plan_names_every_no_of_every_form() {
    each_database(|db| {
        let world = World::new(db);
        let (said, _) = lived_in(&world);
        let (_, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Workbook);
        let sheets = sheets(&bytes);
        let plan = numbered(&sheets[3].1);
        let open = |rows: &[Vec<Data>]| {
            rows.iter().filter(|row| texts(row)[2].starts_with("いいえ")).cloned().collect::<Vec<_>>()
        };
        let open: Vec<_> = [open(&numbered(&sheets[1].1)), open(&numbered(&sheets[2].1))].concat();
        assert!(open.len() > 10 && plan.len() == open.len(), "{} {}", open.len(), plan.len());
        for (planned, open) in plan.iter().zip(&open) {
            assert_eq!(planned[0], open[0]);
            match open[4].as_date() {
                Some(target) => assert_eq!(planned[3].as_date(), Some(target)),
                None => assert_eq!(texts(planned)[3], "まだ決めていません"),
            }
        }
        let lacking = said.iter().filter(|said| said.answer != "yes" && said.target.is_none()).count();
        assert!(lacking > 0, "one of them has no date yet");
        assert!(plan.iter().any(|row| texts(row)[4] == world.staff.person_name()), "who sees to it");
        assert!(plan.iter().all(|row| !texts(row)[1].is_empty()));
    });
}

#[test]
fn devices_lines_and_the_order_of_cutting_have_sheets_of_their_own() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        let (_, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Workbook);
        let sheets = sheets(&bytes);
        let names: Vec<&str> = sheets[4..8].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["システムの台帳", "機器の台帳", "外とつながる線", "切り離しの順番"]);
        let of = |at: usize, name: &str| {
            let rows = &sheets[at].1;
            let row =
                rows.iter().map(|row| texts(row)).find(|row| row.iter().any(|cell| cell.contains(name)));
            row.unwrap_or_else(|| panic!("{name} in {rows:?}"))
        };
        let device = of(5, "読影の端末");
        assert!(device[1] == "画像診断室" && device[4].contains("見本工業"), "{device:?}");
        let way_in = of(6, "保守の入口");
        assert!(way_in[1].contains("会計の機械") && way_in[3] == "Ａ電子カルテ社の担当者", "{way_in:?}");
        let cut = [of(7, "保守の入口"), of(7, "資格確認の線")].map(|row| row[0].clone());
        assert_eq!(cut, ["1", "2"], "the way in is cut before what is limited");
    });
}

#[test]
fn what_begins_like_a_formula_is_a_text() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        let hostile =
            ["=1+1", "+81-3-0000-0000", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://x.example\",\"x\")"];
        let rows = ["patches", "bcp", "rules", "media-control", "two-factor"];
        for (row, note) in rows.iter().zip(hostile) {
            let said = Said {
                row: (*row).to_owned(),
                answer: "no",
                checked: None,
                target: None,
                note: note.to_owned(),
            };
            world.say(round, &said);
        }
        for name in ["\t=1+1", "=cmd|'/C calc'!A0", "@A1"] {
            let details =
                VendorDetails { name: name.to_owned(), phone: "+1+1".to_owned(), ..VendorDetails::default() };
            let add = komainu_vendor::actions::vendor_add;
            world.db.write(|tx| add(tx, &world.nature, &world.director, &details)).unwrap();
        }
        world.named("=1+2");
        world.evidence(&world.director, round, "patches", "=1+3.txt", b"text");
        let (_, bytes) = world.make(&world.director, 2026, Lang::Ja, PackForm::Workbook);
        let all: Vec<Data> = sheets(&bytes).into_iter().flat_map(|(_, rows)| rows.concat()).collect();
        for text in
            hostile.into_iter().chain(["\t=1+1", "=cmd|'/C calc'!A0", "@A1", "+1+1", "=1+2", "=1+3.txt"])
        {
            assert!(all.contains(&Data::String(text.to_owned())), "{text}");
        }
        let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for at in 0..zip.len() {
            let mut part = String::new();
            std::io::Read::read_to_string(&mut zip.by_index(at).unwrap(), &mut part).unwrap();
            assert!(!part.contains("<f>") && !part.contains("<hyperlink"), "{part}");
        }
    });
}
