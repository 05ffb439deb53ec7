//! What a template cannot do, and how a render ends early.

mod specimen;

use komainu_language::Lang;
use komainu_paper::{DATA_LIMIT, Paper, PaperError, Pdf, Stage, Template, font_licences};
use serde_json::{Value, json};
use specimen::{SPECIMEN, data, moment};
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

const GO: &dyn Fn(Stage) -> ControlFlow<()> = &|_| ControlFlow::Continue(());

fn paper() -> Paper {
    Paper::new(NonZeroUsize::MIN)
}

fn try_source(main: &'static str) -> Result<Pdf, PaperError> {
    let template = Template { name: "try.typ", main, helpers: &[("extra.typ", "#let extra = [ok]")] };
    paper().render(&template, &json!({}), Lang::Ja, moment(), GO)
}

#[test]
fn no_file_no_package_no_way_out() {
    for source in [
        r#"#read("/etc/passwd")"#,
        r#"#read("../../../../etc/passwd")"#,
        r#"#image("/etc/hostname")"#,
        r#"#include "other.typ""#,
        r#"#import "@preview/cetz:0.3.4""#,
        r#"#json("https://komainu.example/x.json")"#,
        r#"#image(bytes("<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/hostname'/></svg>"), format: "png")"#,
    ] {
        let answer = try_source(source);
        assert!(
            matches!(answer, Err(PaperError::Template { template: "try.typ", .. })),
            "{source}: {answer:?}"
        );
    }
    assert!(
        try_source("#import \"extra.typ\": extra\n#set document(title: \"t\")\n#extra").unwrap().accessible
    );
}

#[test]
fn a_fault_is_told_with_file_and_line() {
    let fault = try_source("#import \"house.typ\": *\n\n#data.nothing").unwrap_err();
    assert!(fault.to_string().contains("try.typ:3: "), "{fault}");
    assert!(fault.outside(Lang::En).contains("Nothing you entered is lost"));
}

#[test]
fn what_is_not_accessible_is_made_all_the_same_and_told() {
    let pdf = try_source("#set document(title: \"t\")\n#figure(image(\"/mark.svg\"))").unwrap();
    assert!(!pdf.accessible && pdf.pages == 1 && pdf.bytes.starts_with(b"%PDF"));
    assert!(pdf.remarks.contains("try.typ:2: "), "{}", pdf.remarks);
}

#[test]
fn stages_come_in_order_and_each_can_stop() {
    let paper = paper();
    let data = data(Lang::Ja, 1);
    let stages = RefCell::new(Vec::new());
    let told = |stage| {
        stages.borrow_mut().push(stage);
        ControlFlow::Continue(())
    };
    paper.render(&SPECIMEN, &data, Lang::Ja, moment(), &told).unwrap();
    let all = [Stage::Waiting, Stage::Preparing, Stage::Setting, Stage::Writing];
    assert_eq!(stages.into_inner(), all);
    for last in all {
        let stop = |stage| if stage == last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let answer = paper.render(&SPECIMEN, &data, Lang::Ja, moment(), &stop);
        assert!(matches!(answer, Err(PaperError::Cancelled(stage)) if stage == last));
    }
    // Every slot came back.
    paper.render(&SPECIMEN, &data, Lang::Ja, moment(), GO).unwrap();
}

#[test]
fn too_much_is_refused_before_setting() {
    let data = Value::String("あ".repeat(DATA_LIMIT / 3 + 1));
    let fault = paper().render(&SPECIMEN, &data, Lang::Ja, moment(), GO).unwrap_err();
    assert!(matches!(fault, PaperError::TooLarge { bytes } if bytes > DATA_LIMIT));
    for lang in Lang::ALL {
        assert!(fault.outside(lang).contains("8 MB"), "{}", fault.outside(lang));
    }
}

#[test]
fn the_faces_bring_their_licences() {
    let licences: Vec<_> = font_licences().collect();
    assert_eq!(licences.len(), 3);
    assert!(licences.iter().all(|(_, text)| text.contains("SIL OPEN FONT LICENSE Version 1.1")));
}

#[test]
fn every_error_has_words_in_every_language() {
    let faults = [
        PaperError::FontsMissing,
        PaperError::FontsDamaged("x"),
        PaperError::Template { template: "x", problems: String::new() },
        PaperError::Cancelled(Stage::Setting),
        PaperError::TooLarge { bytes: 1 },
    ];
    for fault in faults {
        for lang in Lang::ALL {
            let told = fault.outside(lang);
            assert!(told.len() > 20 && !told.starts_with("error-") && !told.contains('$'), "{lang}: {told}");
        }
    }
}
