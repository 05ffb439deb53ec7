//! The map on A3.

use crate::export::svg::{Words, svg};
use crate::model::MapData;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;
use komainu_paper::{Paper, PaperError, Pdf, Template};
use serde_json::json;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const MAP: Template = Template { name: "map.typ", main: include_str!("../paper/map.typ"), helpers: &[] };

/// Maps are set one after the other, beside the packs.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// Sets the map: the picture on the first page, what was found after it.
pub(crate) fn sheet(map: &MapData, lang: Lang, owner: &str, at: DateTime<Utc>) -> Result<Pdf, PaperError> {
    let title = t!(lang, "map-title");
    let (description, no_zone) = (t!(lang, "picture-text"), t!(lang, "no-zone"));
    let words = Words { title: &title, description: &description, no_zone: &no_zone, links: false };
    let rows: Vec<_> = map
        .findings
        .iter()
        .map(|finding| json!([finding.rule, level_text(lang, finding.level), finding.text, finding.todo]))
        .collect();
    let data = json!({
        "title": title,
        "owner": owner,
        "lead": if map.overview { t!(lang, "paper-overview") } else { t!(lang, "map-lead") },
        "secret": t!(lang, "paper-secret"),
        "svg": svg(map, &words),
        "alt": description,
        "legend": legend(lang),
        "heading": t!(lang, "findings-title"),
        "header": [t!(lang, "finding-rule"), t!(lang, "finding-level"), t!(lang, "finding-text"), t!(lang, "finding-do")],
        "rows": rows,
        "none": t!(lang, "findings-none"),
        "note": t!(lang, "findings-note"),
    });
    PAPER.render(&MAP, &data, lang, at, &|_| ControlFlow::Continue(()))
}

/// How bad a level is, in a word.
pub(crate) fn level_text(lang: Lang, level: u8) -> String {
    use crate::Severity;
    let severity = match level {
        2 => Severity::Danger,
        1 => Severity::Warn,
        _ => Severity::Ask,
    };
    crate::words::severity_text(lang, severity)
}

/// How the picture is read.
pub(crate) fn legend(lang: Lang) -> Vec<String> {
    vec![
        t!(lang, "legend-box"),
        t!(lang, "legend-outside"),
        t!(lang, "legend-arrow"),
        t!(lang, "legend-dashed"),
        t!(lang, "legend-danger"),
        t!(lang, "legend-warn"),
    ]
}
