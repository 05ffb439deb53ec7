//! The pack on paper, read back by poppler and qpdf.

use crate::house::{STRANGE_IN_THE_MIDDLE, Said, day, lived_in};
use crate::reader::{Reader, letters};
use crate::workbook::STRANGE;
use crate::world::World;
use crate::{Lang, PackForm, each_database};
use chrono::NaiveDate;
use komainu_catalog::{Form, Variant};
use komainu_checklist::actions::{OpenRound, round_open};
use komainu_exposure::model::ConnectionKind;
use komainu_inventory::{AssetDetails, AssetKind, ConnectionDetails, End, Fact, Facts, Thing};
use komainu_web::date_text;

/// The parts of a pack: heading, and everything below it in the order of reading, without white space.
type Parts = Vec<(String, String)>;

/// Makes a pack and takes it apart; every part begins on a page of its own.
fn read(world: &World, fiscal_year: i32, lang: Lang, headings: &[&str]) -> (Reader, Parts) {
    let (made, bytes) = world.make(&world.director, fiscal_year, lang, PackForm::Pdf);
    let reader = Reader::of(&bytes);
    reader.check();
    reader.check_bounds();
    assert_eq!(reader.info("Pages"), made.pages.unwrap().to_string());
    assert_eq!(reader.info("Tagged"), "yes");
    let mut parts = Parts::new();
    for page in reader.pages().iter().skip(1) {
        // Between the running head and the running foot.
        let lines: Vec<&str> = page.lines().collect();
        let lines = &lines[1..lines.len() - 1];
        let begins = parts.len() < headings.len() && letters(lines[0]) == letters(headings[parts.len()]);
        if begins {
            parts.push((letters(lines[0]), String::new()));
        }
        let part = parts.last_mut().unwrap_or_else(|| panic!("no part begins with {}", lines[0]));
        part.1.extend(lines[usize::from(begins)..].iter().map(|line| letters(line)));
    }
    (reader, parts)
}

/// The headings in a language; the form of a vendor where there is one.
fn headings(lang: Lang, vendor: Option<&str>) -> Vec<&str> {
    let mut all = match lang {
        Lang::Ja => {
            "目次 チェックリスト 「いいえ」の項目の計画 システムの台帳 機器の台帳 つながりの図 外とつながる線 切り離しの順番 業者 連絡体制図 規程 証拠の一覧"
                .split(' ')
                .collect()
        }
        Lang::En => vec![
            "Contents",
            "Checklist",
            "Plan for every no",
            "Ledger of systems",
            "Ledger of devices",
            "Map of connections",
            "Lines to the outside",
            "What to cut first",
            "Vendors",
            "Contact chart",
            "Written rules",
            "Index of evidence",
        ],
        Lang::Zh => "目录 检查表 对“否”项目的计划 系统台账 设备台账 连接图 与外部相连的线路 切断顺序 供应商 联络体制图 规章 证据清单"
            .split(' ')
            .collect::<Vec<_>>(),
    };
    all.splice(2..2, vendor);
    all
}

fn word(lang: Lang, answer: &str) -> &'static str {
    match (lang, answer) {
        (Lang::Ja, "yes") => "はい",
        (Lang::Ja, "no") => "いいえ",
        (Lang::Ja, _) => "いいえ（わからない）",
        (Lang::En, "yes") => "Yes",
        (Lang::En, "no") => "No",
        (Lang::En, _) => "No(notsure)",
        (Lang::Zh, "yes") => "是",
        (Lang::Zh, "no") => "否",
        (Lang::Zh, _) => "否（不清楚）",
    }
}

fn date(lang: Lang, date: Option<NaiveDate>) -> String {
    letters(&date.map_or_else(|| "–".to_owned(), |date| date_text(lang, date)))
}

/// What follows the question of a row.
fn tail(lang: Lang, checks: usize, said: &Said) -> String {
    let empty = "–".repeat(checks - 1);
    let note = if said.note.is_empty() { "–".to_owned() } else { letters(&said.note) };
    let (checked, target) = (date(lang, said.checked), date(lang, said.target));
    format!("{}{checked}{empty}{target}{note}", word(lang, said.answer))
}

/// Whether a part's rows are those of the form, one by one, with what was said and nothing in between.
fn same_as_said(lang: Lang, form: &Form<'_>, part: &str, said: &[Said]) {
    let all: Vec<_> = form.gate.iter().chain(&form.rows).collect();
    assert_eq!(all.len(), said.len());
    let checks = usize::from(*form.data.check_dates).max(1);
    let mut rest = part;
    for (row, said) in all.into_iter().zip(said) {
        let number = letters(row.placement.number.as_ref().map_or("–", |number| number.printed()));
        let question = letters(row.item.question.get(lang));
        let at = rest.find(&question).unwrap_or_else(|| panic!("{lang} {number} {question} in {rest}"));
        let before = &rest[..at];
        let before =
            before.strip_suffix('】').and_then(|text| text.rfind('【')).map_or(before, |to| &before[..to]);
        assert!(before.ends_with(&number), "{lang} {number} {question} behind {before}");
        rest = &rest[at + question.len()..];
        let unconfirmed = match lang {
            Lang::Ja => "未確認",
            Lang::En => "Unconfirmed",
            Lang::Zh => "未确认",
        };
        if !row.standing.confirmed {
            rest = rest
                .strip_prefix(unconfirmed)
                .unwrap_or_else(|| panic!("{lang} {number} bears no mark: {rest}"));
        }
        let tail = tail(lang, checks, said);
        rest = rest.strip_prefix(&tail).unwrap_or_else(|| panic!("{lang} {number}: {tail} begins {rest}"));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one reading of the paper from its first page to its last")]
fn the_paper_says_everything_in_the_order_of_the_form_in_every_language() {
    each_database(|db| {
        let world = World::new(db);
        let (said, papers) = lived_in(&world);
        let form = world.catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap();
        for (lang, tag, title, page, made, vendor) in [
            (
                Lang::Ja,
                "ja-JP",
                "医療情報システムの安全対策 立入検査資料 令和8年度",
                "{page} / {total} ページ",
                "作成 2026年11月23日 10:00",
                "事業者確認用：Ａ電子カルテ社",
            ),
            (
                Lang::En,
                "en-US",
                "Safety of medical information systems: inspection pack FY2026",
                "Page {page} of {total}",
                "Made 23 November 2026, 10:00",
                "Form for vendors: Ａ電子カルテ社",
            ),
            (
                Lang::Zh,
                "zh-CN",
                "医疗信息系统安全对策 现场检查资料 2026年度",
                "第 {page} 页，共 {total} 页",
                "制作于 2026年11月23日 10:00",
                "供应商用：Ａ電子カルテ社",
            ),
        ] {
            let headings = headings(lang, Some(vendor));
            let (reader, parts) = read(&world, 2026, lang, &headings);
            assert_eq!(parts.len(), headings.len(), "{lang}: {:?}", parts.last());
            assert_eq!(
                (reader.info("Title").as_str(), reader.info("Author").as_str()),
                (title, "青空診療所")
            );
            assert_eq!(reader.info("CreationDate"), "2026-11-23T01:00:00Z");
            assert!(reader.info("Page size").contains("A4"));
            let objects = reader.objects();
            assert!(
                objects.contains(&format!("/Lang ({tag})")) && objects.contains("pdfuaid:part"),
                "{lang}"
            );
            let structure = reader.structure();
            assert_eq!(
                structure.lines().filter(|line| line.trim().starts_with("H1")).count(),
                headings.len()
            );
            assert!(structure.contains("/Scope /Row") && structure.contains("/Scope /Column"));
            for font in reader.fonts() {
                assert!(font.contains("yes yes yes"), "embedded, and maps back to letters: {font}");
            }
            let pages = reader.pages();
            for (at, text) in pages.iter().enumerate() {
                let page = page.replace("{page}", &(at + 1).to_string());
                let page = page.replace("{total}", &pages.len().to_string());
                let foot = letters(text.lines().last().unwrap());
                assert!(
                    foot.contains(&letters(&page)) && foot.contains(&letters(made)),
                    "{lang} {page}: {foot}"
                );
            }
            let cover = letters(&pages[0]);
            let published = if lang == Lang::En { "June2026" } else { "2026年6月" };
            for fact in ["青空診療所", "千代田区一番町1-1", "1312345678", published] {
                assert!(cover.contains(fact), "{lang} {fact}: {cover}");
            }
            same_as_said(lang, &form, &parts[1].1, &said);
            for words in ["会計の機械", "受付の裏"] {
                assert!(parts[4].1.contains(words), "{lang}: {}", parts[4].1);
            }
            for (part, words) in [
                (5, "読影の端末"),
                (5, "見本工業"),
                (5, "画像診断室"),
                (6, "読影の端末"),
                (6, "Ａ電子カルテ社"),
                (7, "保守の入口"),
                (7, "Ａ電子カルテ社の担当者"),
                (8, "壁の箱の青い線を抜く。"),
            ] {
                assert!(parts[part].1.contains(words), "{lang} {words}: {}", parts[part].1);
            }
            // The order in which to cut: what is open before what is limited.
            let cut = &parts[8].1;
            let places: Vec<_> = ["保守の入口", "資格確認の線"].iter().map(|name| cut.find(name)).collect();
            assert!(places.is_sorted() && places.iter().all(Option::is_some), "{lang}: {cut}");
            let sensitive = ["取扱注意", "Handlewithcare", "注意保管"][lang as usize];
            assert!(parts[5..9].iter().all(|(_, text)| text.contains(sensitive)), "{lang}");
            assert!(parts[9].1.contains("Ａ電子カルテ社保守窓口03-0000-111103-0000-2222"));
            for words in ["副院長03-0000-3333", "地域の窓口03-0000-4444", "desk.example.jp"] {
                assert!(parts[10].1.contains(words), "{lang} {words}: {}", parts[10].1);
            }
            assert!(parts[11].1.contains("院内規程第3版.pdf"));
            let index = &parts[12].1;
            for (name, bytes) in [
                ("院内規程第3版.pdf", &papers.rules),
                ("更新.png", &papers.picture),
                ("更新.txt", &papers.second),
                ("回答書.pdf", &papers.of_vendor),
            ] {
                let digest = komainu_files::digest_of(bytes);
                assert!(index.contains(name) && index.contains(&digest), "{lang} {name} {digest}: {index}");
            }
        }
    });
}

#[test]
fn the_map_lies_on_a_page_of_its_own_with_its_words_around_it() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        for (lang, vendor, legend, alt) in [
            (Lang::Ja, "事業者確認用：Ａ電子カルテ社", "破線は院外との線です。", "区画を箱、ものを四角"),
            (
                Lang::En,
                "Form for vendors: Ａ電子カルテ社",
                "A dashed line leaves the house.",
                "Zones are boxes, things are rectangles",
            ),
            (Lang::Zh, "供应商用：Ａ電子カルテ社", "虚线是通往院外的线路。", "区域画成方框"),
        ] {
            let headings = headings(lang, Some(vendor));
            let (reader, parts) = read(&world, 2026, lang, &headings);
            assert!(parts[6].1.contains(&letters(legend)), "{lang}: {}", parts[6].1);
            assert!(parts[0].1.contains(&letters(headings[6])), "{lang}: the contents name it");
            let pages = reader.pages();
            let on_side: Vec<usize> =
                (1..=pages.len()).filter(|page| reader.size_of(*page).ends_with("(A3)")).collect();
            let [map] = on_side[..] else { panic!("{lang}: {on_side:?}") };
            assert!(reader.size_of(map).starts_with("1190"), "{lang}: {}", reader.size_of(map));
            assert!(letters(&pages[map - 1]).contains(&letters(headings[6])), "{lang}");
            for page in [map - 1, map + 1] {
                assert!(reader.size_of(page).ends_with("(A4)"), "{lang}: {}", reader.size_of(page));
            }
            // The text that stands for the picture, as a PDF writes what is not in Latin letters.
            let hex = alt.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<String>();
            let objects = reader.objects();
            assert!(
                objects.contains(alt) || objects.to_lowercase().contains(&hex),
                "{lang}: the picture says what it shows"
            );
        }
    });
}

#[test]
fn an_earlier_years_form_keeps_its_own_numbers_and_columns() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2024, None);
        let said = world.answer_all(round, 2024, Variant::Institution);
        let (_, parts) = read(&world, 2024, Lang::Ja, &headings(Lang::Ja, None));
        let form = world.catalog.form_of(2024, Variant::Institution).unwrap();
        assert!(*form.data.check_dates > 1 && parts[1].1.contains("1-(1)") && !parts[1].1.contains("1-①"));
        same_as_said(Lang::Ja, &form, &parts[1].1, &said);
    });
}

#[test]
fn rows_that_only_the_official_form_has_are_printed_at_their_number() {
    each_database(|db| {
        let world = World::new(db);
        lived_in(&world);
        world.official();
        let (after, number, sentence) = STRANGE_IN_THE_MIDDLE;
        let said = Said {
            row: String::new(),
            answer: "not_sure",
            checked: Some(day("2026-07-01")),
            target: Some(day("2027-02-01")),
            note: "窓口を改装中".to_owned(),
        };
        world.say_own(sentence, &said);
        let form = world.catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap();
        let at = form.rows.iter().position(|row| row.id.as_str() == after).unwrap();
        let [before, behind] = [at, at + 1].map(|at| &form.rows[at].item.question);
        for lang in [Lang::Ja, Lang::En] {
            let (_, parts) = read(&world, 2026, lang, &headings(lang, Some("")));
            let checklist = &parts[1].1;
            let own = format!("{number}{}{}", letters(sentence), tail(lang, 1, &said));
            let found = checklist.find(&own).unwrap_or_else(|| panic!("{own} in {checklist}"));
            // The ministry's sentence, and the reader's own words where they are in another language.
            for words in [&before.ja, before.get(lang)] {
                assert!(checklist.find(&letters(words)).is_some_and(|place| place < found), "{lang} {words}");
            }
            assert!(checklist.rfind(&letters(behind.get(lang))).is_some_and(|place| place > found));
            assert!(checklist.contains(&format!("4-②{}未回答", letters(STRANGE))) || lang != Lang::Ja);
            let planned = format!("{number}{}–{}", letters(sentence), date(lang, said.target));
            assert!(parts.iter().any(|(_, text)| text.contains(&planned)), "{planned} in {parts:?}");
        }
    });
}

#[test]
fn a_house_without_systems_has_a_form_of_one_row_and_no_plan() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        for row in ["patches", "has-system"] {
            let (row, note) = (row.to_owned(), String::new());
            world.say(round, &Said { row, answer: "no", checked: None, target: None, note });
        }
        let (_, parts) = read(&world, 2026, Lang::Ja, &headings(Lang::Ja, None));
        assert!(parts[1].1.contains("使っていないと答えているため") && !parts[1].1.contains("1-①"));
        for (part, words) in [
            (2, "「いいえ」の項目はありません"),
            (3, "台帳にはまだ何も"),
            (4, "機器はまだ"),
            (5, "図に描くものは、まだ"),
            (6, "外とつながる線はまだ"),
            (7, "外とつながる線はまだ"),
            (8, "業者はまだ"),
            (9, "連絡先はまだ"),
            (10, "規程の文書はまだ"),
            (11, "証拠はまだ"),
        ] {
            assert!(parts[part].1.contains(words), "{words} in {:?}", parts[part]);
        }
    });
}

#[test]
fn telephone_numbers_stand_in_one_line_and_clear_of_their_neighbours() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        world.answer_all(round, 2026, Variant::InstitutionPharmacy);
        let numbers = ["0120-000-000", "090-0000-0000", "080-0000-0000"];
        for (phone, night) in [(numbers[0], ""), (numbers[1], numbers[2])] {
            world.contact(phone, night);
        }
        for lang in Lang::ALL {
            let (_, bytes) = world.make(&world.director, 2026, lang, PackForm::Pdf);
            let text = Reader::of(&bytes).pages().join("\n");
            for number in numbers {
                assert!(text.split_whitespace().any(|word| word == number), "{lang} {number} in {text}");
            }
        }
    });
}

#[test]
fn long_names_of_devices_and_lines_stay_in_their_columns() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        world.say(
            round,
            &Said {
                row: "patches".to_owned(),
                answer: "yes",
                checked: None,
                target: None,
                note: String::new(),
            },
        );
        let long = "検査".repeat(50);
        let place = world.asset(&AssetDetails::named(AssetKind::Place, &"W".repeat(100)));
        for number in 0..40 {
            let name = if number % 2 == 0 { format!("{number}{}", &long[..270]) } else { "M".repeat(100) };
            let facts = Facts::default()
                .with(Fact::Maker, &"あ".repeat(100))
                .with(Fact::Model, &"X".repeat(100))
                .with(Fact::Os, &"永".repeat(100));
            let details =
                AssetDetails { place: Some(place), facts, ..AssetDetails::named(AssetKind::Terminal, &name) };
            let thing = End::Thing(Thing::Asset(world.asset(&details)));
            let mut line = ConnectionDetails::between(ConnectionKind::Vpn, End::Internet, thing);
            line.name = name;
            line.facts =
                Facts::default().with(Fact::OpenedBy, &"だれか".repeat(100)).with(Fact::HowToCut, &long);
            world.line(&line);
        }
        for lang in Lang::ALL {
            let (reader, parts) = read(&world, 2026, lang, &headings(lang, None));
            assert_eq!(parts.len(), headings(lang, None).len(), "{lang}");
            assert_eq!(
                parts[7].1.matches(&letters(&long)).count(),
                40,
                "{lang}: every line says how it is cut"
            );
            // The head of the table stands on each page that goes on with it.
            let head = letters(&komainu_inventory::words::fact_label(lang, Fact::HowToCut));
            let pages = reader.pages();
            let with_head = pages.iter().filter(|page| letters(page).contains(&head)).count();
            assert!(with_head > 2, "{lang}: {with_head}");
        }
    });
}

#[test]
fn last_years_answers_are_no_answers_until_somebody_confirmed_them() {
    each_database(|db| {
        let world = World::new(db);
        let old = world.open(&world.director, 2025, None);
        world.answer_all(old, 2025, Variant::Institution);
        let carry = OpenRound { fiscal_year: 2026, vendor: None, carry: true };
        let opened =
            world.db.write(|tx| round_open(tx, &world.nature, &world.director, &world.catalog, carry));
        assert!(opened.is_ok());
        let (_, parts) = read(&world, 2026, Lang::Ja, &headings(Lang::Ja, None));
        let rows = world.catalog.form_of(2026, Variant::InstitutionPharmacy).unwrap().rows.len();
        assert_eq!(parts[1].1.matches("未回答–––").count(), rows + 1);
        assert!(parts[2].1.contains("「いいえ」の項目はありません"));
    });
}

#[test]
fn hostile_names_and_notes_come_out_as_text() {
    each_database(|db| {
        let world = World::new(db);
        let round = world.open(&world.director, 2026, None);
        let name = "../../x #let $ \\ *b* _e_ <f> @g `h` #{ } \u{202e}txt.exe\u{1}\u{7}";
        let plain = "../../x #let $ \\ *b* _e_ <f> @g `h` #{ } txt.exe";
        world.named(name);
        let notes = [
            ("patches", "#import \"x\": * #panic(\"no\") #eval(\"1\") \\u{41} https://x.example".to_owned()),
            ("bcp", "W".repeat(4000)),
            ("rules", "永".repeat(4000)),
            ("media-control", "一行目\n\n三行目\t\u{200b}字".to_owned()),
        ];
        for (row, note) in &notes {
            let said = Said {
                row: (*row).to_owned(),
                answer: "no",
                checked: None,
                target: None,
                note: note.clone(),
            };
            world.say(round, &said);
        }
        let file = "../../#let $x$ [a](b) \u{202e}fdp.txt";
        world.evidence(&world.director, round, "patches", file, b"text");
        world.vendor("#import \"y\": * $z$");
        for lang in Lang::ALL {
            let (made, bytes) = world.make(&world.director, 2026, lang, PackForm::Pdf);
            assert!(
                !made.name.contains(['/', '\\', '\u{202e}']) && !made.name.starts_with('.'),
                "{}",
                made.name
            );
            let reader = Reader::of(&bytes);
            reader.check();
            reader.check_bounds();
            assert_eq!(reader.info("Author"), plain);
            let said = reader.letters();
            for text in [plain, notes[0].1.as_str(), "#let $x$", "#import \"y\": * $z$", "三行目"] {
                assert!(said.contains(&letters(text)), "{lang} {text}: {said}");
            }
            assert!(said.matches('W').count() >= 4000 && said.matches('永').count() >= 4000);
        }
    });
}
