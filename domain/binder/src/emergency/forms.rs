//! Forms to fill by hand: care without records, and what happens meanwhile.

use crate::pack::{Cell, Column, Group, Look, Part, columns};
use crate::t;
use komainu_i18n::Lang;

/// Lines of a form: what a page holds.
const LINES: usize = 18;
/// A line high enough to write on; on paper the template makes it as high as the page allows.
const BLANK: &str = "\u{3000}\n\u{3000}";

fn blank(heading: String, intro: String, columns: Vec<Column>, rows: usize) -> Part {
    let row = || columns.iter().map(|_| Cell::from(BLANK)).collect::<Vec<_>>();
    let groups = vec![Group { heading: String::new(), rows: (0..rows).map(|_| row()).collect() }];
    Part { heading, intro, columns, groups, empty: String::new(), picture: None, look: Look::Form }
}

/// Labels with room beside them.
fn questions(heading: String, intro: String, (label, answer): (String, String), all: &[String]) -> Part {
    let rows = all.iter().map(|question| vec![Cell::from(question.clone()), Cell::from(BLANK)]).collect();
    Part {
        heading,
        intro,
        columns: columns([(label, 34), (answer, 66)]),
        groups: vec![Group { heading: String::new(), rows }],
        empty: String::new(),
        picture: None,
        look: Look::Form,
    }
}

/// The forms, in the order of need.
pub(super) fn parts(lang: Lang) -> Vec<Part> {
    let (what, answer) = (t!(lang, "form-what"), t!(lang, "form-answer"));
    vec![
        questions(
            t!(lang, "form-report"),
            t!(lang, "form-report-intro"),
            (what.clone(), answer.clone()),
            &[
                t!(lang, "form-report-when"),
                t!(lang, "form-report-where"),
                t!(lang, "form-report-seen"),
                t!(lang, "form-report-done"),
                t!(lang, "form-report-patients"),
                t!(lang, "form-report-who"),
            ],
        ),
        blank(
            t!(lang, "form-timeline"),
            t!(lang, "form-timeline-intro"),
            columns([
                (t!(lang, "form-time"), 16),
                (t!(lang, "form-happened"), 58),
                (t!(lang, "form-by"), 26),
            ]),
            LINES,
        ),
        blank(
            t!(lang, "form-calls"),
            t!(lang, "form-calls-intro"),
            columns([
                (t!(lang, "form-time"), 16),
                (t!(lang, "form-called"), 28),
                (t!(lang, "form-said"), 40),
                (t!(lang, "form-by"), 16),
            ]),
            LINES,
        ),
        blank(
            t!(lang, "form-patients"),
            t!(lang, "form-patients-intro"),
            columns([
                (t!(lang, "form-time"), 12),
                (t!(lang, "form-patient"), 26),
                (t!(lang, "form-born"), 16),
                (t!(lang, "form-allergy"), 20),
                (t!(lang, "form-complaint"), 26),
            ]),
            LINES,
        ),
        blank(
            t!(lang, "form-orders"),
            t!(lang, "form-orders-intro"),
            columns([
                (t!(lang, "form-time"), 12),
                (t!(lang, "form-patient"), 24),
                (t!(lang, "form-order"), 34),
                (t!(lang, "form-doctor"), 14),
                (t!(lang, "form-carried-out"), 16),
            ]),
            LINES,
        ),
        blank(
            t!(lang, "form-vitals"),
            t!(lang, "form-vitals-intro"),
            columns([
                (t!(lang, "form-time"), 12),
                (t!(lang, "form-patient"), 24),
                (t!(lang, "form-measured"), 34),
                (t!(lang, "form-given"), 20),
                (t!(lang, "form-by"), 10),
            ]),
            LINES,
        ),
        questions(
            t!(lang, "form-authority"),
            t!(lang, "form-authority-intro"),
            (what, answer),
            &[
                t!(lang, "form-nine-overview"),
                t!(lang, "form-nine-data"),
                t!(lang, "form-nine-people"),
                t!(lang, "form-nine-cause"),
                t!(lang, "form-nine-harm"),
                t!(lang, "form-nine-told"),
                t!(lang, "form-nine-published"),
                t!(lang, "form-nine-prevented"),
                t!(lang, "form-nine-other"),
            ],
        ),
    ]
}
