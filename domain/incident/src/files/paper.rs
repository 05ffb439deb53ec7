//! A report on A4.

use super::Written;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_paper::{Paper, PaperError, Pdf, Template};
use serde_json::json;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const REPORT: Template =
    Template { name: "incident-report.typ", main: include_str!("../../paper/report.typ"), helpers: &[] };

/// Somebody waits for them at the page; however many wait, one is set at a time.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// Sets a report.
pub(crate) fn pdf(lang: Lang, written: &Written, at: DateTime<Utc>) -> Result<Pdf, PaperError> {
    let data = json!({
        "title": written.title,
        "owner": written.owner,
        "about": written.about,
        "drill": written.drill,
        "opening": written.opening,
        "lines": written.lines,
        "closing": written.closing,
    });
    PAPER.render(&REPORT, &data, lang, at, &|_| ControlFlow::Continue(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_set_whatever_people_wrote() {
        let written = Written {
            title: "確報 #let x = panic()".to_owned(),
            owner: "青空診療所".to_owned(),
            about: "2026-01".to_owned(),
            drill: "これは訓練です".to_owned(),
            opening: String::new(),
            lines: (0..30)
                .map(|n| (format!("項目{n} *太字*"), format!("{}\n#eval(\"1\")", "長い文。".repeat(60))))
                .collect(),
            closing: "以上".to_owned(),
            missing: Vec::new(),
            revealing: Vec::new(),
        };
        for lang in Lang::ALL {
            let pdf = pdf(lang, &written, DateTime::UNIX_EPOCH).unwrap();
            assert!(pdf.accessible && pdf.remarks.is_empty() && pdf.pages > 1, "{lang}: {}", pdf.remarks);
        }
    }
}
