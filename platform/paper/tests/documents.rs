//! What the documents say when read back by other programs.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod reader;
mod specimen;

use komainu_language::Lang;
use komainu_paper::{Paper, Pdf, Template};
use reader::{Reader, letters};
use serde_json::{Value, json};
use specimen::{SPECIMEN, data, moment};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

fn set(template: &Template, data: &Value, lang: Lang) -> Pdf {
    let paper = Paper::new(NonZeroUsize::MIN);
    let pdf = paper.render(template, data, lang, moment(), &|_| ControlFlow::Continue(())).unwrap();
    assert_eq!((pdf.accessible, pdf.remarks.as_str()), (true, ""));
    pdf
}

/// A template that shows `data.texts` in every place a text can stand.
const PLACES: Template = Template {
    name: "places.typ",
    main: r#"
        #import "house.typ": *
        #show: sheet.with(title: data.texts.first(), owner: data.texts.last(), keywords: data.texts)
        #cover(title: data.texts.first(), subtitle: data.texts.first(), owner: data.texts.last(),
            facts: data.texts.map(t => (t, t)), note: data.texts.first())
        #contents()
        #for text in data.texts [
            = #plain(text)
            #plain(text)
            #notice(title: text, text)
            #checkbox(text)
            #facts(((text, text),))
            #listing(header: (text, "B"), ((text, text),))
            #signatures((text,))
            #code(text)
        ]
    "#,
    helpers: &[],
};

#[test]
fn each_language_is_selectable_titled_and_tagged() {
    for (lang, tag, page, answer) in [
        (Lang::Ja, "ja-JP", "1 / 6 ページ", "わからない"),
        (Lang::En, "en-US", "Page 1 of 7", "Not applicable"),
        (Lang::Zh, "zh-CN", "第 1 页，共 6 页", "不清楚"),
    ] {
        let data = data(lang, 40);
        let pdf = set(&SPECIMEN, &data, lang);
        let reader = Reader::open(&pdf);
        reader.check();
        reader.check_bounds();

        let said = reader.letters();
        for key in ["title", "owner", "paragraph", "sentence", "address", "item", "remark"] {
            let expected = letters(data[key].as_str().unwrap());
            assert!(said.contains(&expected), "{lang}: {key}: {expected}");
        }
        assert!(said.contains(&letters(page)) && said.contains(&letters(answer)), "{lang}: {said}");

        assert_eq!(reader.info("Title"), data["title"].as_str().unwrap());
        assert_eq!(reader.info("Author"), data["owner"].as_str().unwrap());
        assert!(reader.info("Keywords").contains(data["keywords"][1].as_str().unwrap()));
        assert_eq!(reader.info("Creator"), concat!("Komainu ", env!("CARGO_PKG_VERSION")));
        assert_eq!(reader.info("CreationDate"), "2026-11-23T06:04:05Z");
        assert_eq!(reader.info("Pages"), pdf.pages.to_string());
        assert_eq!(reader.info("Tagged"), "yes");
        assert!(reader.info("Page size").contains("A4"));
        let objects = reader.objects();
        assert!(objects.contains(&format!("/Lang ({tag})")), "{lang}");
        assert!(objects.contains("pdfuaid:part"), "{lang}");
    }
}

#[test]
fn screen_readers_find_headings_tables_and_row_headers() {
    let structure = Reader::open(&set(&SPECIMEN, &data(Lang::Ja, 3), Lang::Ja)).structure();
    for kind in ["H1", "H2", "H3", "TOC", "Table", "TH", "TD", "L", "Figure"] {
        let stands = structure.lines().any(|line| line.trim().split([' ', '(', ':']).next() == Some(kind));
        assert!(stands, "no {kind} in\n{structure}");
    }
    assert!(structure.contains("/Scope /Row") && structure.contains("/Scope /Column"), "{structure}");
}

#[test]
fn faces_are_embedded_and_map_back_to_letters() {
    for lang in Lang::ALL {
        let fonts = Reader::open(&set(&SPECIMEN, &data(lang, 3), lang)).fonts();
        assert!(!fonts.is_empty());
        for font in fonts {
            // The columns emb, sub and uni.
            assert!(font.contains("yes yes yes"), "{lang}: {font}");
        }
    }
}

#[test]
fn markup_in_data_comes_out_as_it_was_typed() {
    let hostile = [
        r#"#import "x": * #panic("no") $ x^2 $ [a] @b \ *c* _d_ `e` <f> = g - h + i / j // k /* l */"#,
        r#"#{ while true {} } "); #eval("1+1") #sys.inputs \u{41} ~ -- --- ... 'q' "r" https://x.example"#,
        "{{ template }} <script>alert(1)</script> %PDF-1.7 endobj \\n \\(",
    ];
    let reader = Reader::open(&set(&PLACES, &json!({ "texts": hostile }), Lang::Ja));
    reader.check();
    let said = reader.letters();
    for text in hostile {
        assert!(said.matches(&letters(text)).count() >= 6, "{text}\n{said}");
    }
    assert_eq!(reader.info("Title"), hostile[0]);
}

#[test]
fn rare_names_are_printed_and_what_cannot_be_is_numbered() {
    let texts = [
        "山﨑 髙橋 𠮷田 葛\u{e0100}城 𣘺本 𩸽 德永 神\u{fa19}",
        "か\u{3099}ん ﾊﾝｶｸ ①㈱℡Ⅳ",
        "简体字 骨 龙 门",
        "📞 電話 \u{e000}",
        "שלום العربية 한국",
        "a\u{0}b\u{7}c\u{202e}d\u{feff}e",
        "",
    ];
    let reader = Reader::open(&set(&PLACES, &json!({ "texts": texts }), Lang::Ja));
    reader.check();
    let said = reader.letters().replace('\u{e0100}', "");
    for name in [
        "山﨑髙橋𠮷田葛城𣘺本𩸽德永神\u{fa19}",
        "がんﾊﾝｶｸ①㈱℡Ⅳ",
        "简体字骨龙门",
        "〔U+1F4DE〕電話〔U+E000〕",
        "〔U+05E9〕〔U+05DC〕",
        "〔U+D55C〕〔U+AD6D〕",
        "abcde",
    ] {
        assert!(said.contains(name), "{name}\n{said}");
    }
    // The same names under the Chinese order of faces.
    let said = Reader::open(&set(&PLACES, &json!({ "texts": texts }), Lang::Zh)).letters();
    assert!(said.contains("山﨑髙橋𠮷田") && said.contains("𣘺本𩸽"), "{said}");
}

/// Where long notes end up.
const LONG: Template = Template {
    name: "long.typ",
    main: r#"
        #import "house.typ": *
        #show: sheet.with(title: data.text, owner: data.text)
        #plain(data.text)
        #notice(data.text)
        #facts((("A", data.text),))
        #listing(columns: (20mm, 1fr, 2fr), header: ("A", "B", "C"), (("A", "B", data.text),))
        #checkbox(data.text)
    "#,
    helpers: &[],
};

#[test]
fn a_line_without_end_stays_on_the_paper() {
    for unit in ["a", "W9/", "永", "ー", "。", "」", "Ａ"] {
        let long: String = unit.chars().cycle().take(10_000).collect();
        let reader = Reader::open(&set(&LONG, &json!({ "text": long }), Lang::Ja));
        reader.check();
        reader.check_bounds();
        // Five places show it whole; page ends put the footer's letters in between.
        let wanted = unit.chars().next().unwrap();
        let count = |text: &str| text.chars().filter(|c| *c == wanted).count();
        let (found, expected) = (count(&reader.text()), 5 * count(&long));
        assert!(found >= expected, "{unit}: {found} of {expected}");
    }
}

#[test]
fn addresses_and_hashes_copy_without_anything_in_between() {
    const CODES: Template = Template {
        name: "codes.typ",
        main: r#"
            #import "house.typ": *
            #show: sheet.with(title: "t")
            #plain(data.hash)
            #listing(columns: (30mm, 1fr), header: ("A", "B"), ((code(data.hash), data.hash),))
        "#,
        helpers: &[],
    };
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let said = Reader::open(&set(&CODES, &json!({ "hash": hash }), Lang::Ja)).letters();
    assert!(said.contains(hash), "{said}");
    assert!(!said.contains('\u{200b}'));
}

#[test]
fn a_table_of_two_thousand_rows_keeps_every_row_and_repeats_its_head() {
    let mut data = data(Lang::Ja, 2_000);
    for (i, row) in data["rows"].as_array_mut().unwrap().iter_mut().enumerate() {
        row[0] = json!(format!("R{i:04}"));
    }
    let pdf = set(&SPECIMEN, &data, Lang::Ja);
    let reader = Reader::open(&pdf);
    reader.check();
    let text = reader.text();
    for i in 0..2_000 {
        assert!(text.contains(&format!("R{i:04}")), "row {i}");
    }
    let pages = text.matches('\u{c}').count();
    assert_eq!(pages, pdf.pages);
    assert!(pages > 60 && text.matches("備考").count() >= pages - 6, "{pages} pages");
    assert!(text.contains(&format!("{pages} / {pages}ページ")));
}

#[test]
fn a_qr_code_says_what_it_was_given() {
    // Read back by its modules: the drawing must hold the three finder patterns and nothing in the quiet zone.
    let svg = komainu_paper::qr("https://komainu.example/").unwrap();
    assert!(svg.contains(r#"viewBox="0 0 33 33""#) && svg.contains("M4 4h7v1h-7z"), "{svg}");
    let pdf = set(&SPECIMEN, &data(Lang::Ja, 1), Lang::Ja);
    assert!(Reader::open(&pdf).structure().contains("Figure"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let data = data(Lang::Ja, 60);
    let paper = Paper::new(NonZeroUsize::new(3).unwrap());
    let pdfs: Vec<Pdf> = std::thread::scope(|scope| {
        let one =
            || paper.render(&SPECIMEN, &data, Lang::Ja, moment(), &|_| ControlFlow::Continue(())).unwrap();
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    assert!(pdfs.windows(2).all(|pair| pair[0] == pair[1]));
}
