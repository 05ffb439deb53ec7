//! The map on paper: by itself on A3, and as a picture for other papers.

use crate::draw::draw;
use crate::export::svg::{Words, svg};
use crate::model::{MapData, Spots};
use crate::rules::design::findings;
use crate::rules::scene::{View, whole};
use crate::t;
use chrono::{DateTime, NaiveDate, Utc};
use komainu_i18n::Lang;
use komainu_inventory::Ledger;
use komainu_paper::{Paper, PaperError, Pdf, Template};
use serde_json::json;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::LazyLock;

const MAP: Template = Template { name: "map.typ", main: include_str!("../paper/map.typ"), helpers: &[] };

/// Maps are set one after the other, beside the packs.
static PAPER: LazyLock<Paper> = LazyLock::new(|| Paper::new(NonZeroUsize::MIN));

/// A picture of more bytes is shown by zones in other papers, which hold a few times as much in all.
const MOST: usize = 2_000_000;

/// The picture with the words that stand around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What is seen, in a sentence.
    pub lead: String,
    /// That it is to be handled with care, and how.
    pub secret: String,
    /// The picture itself, as SVG.
    pub svg: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
    /// How it is read.
    pub legend: Vec<String>,
}

/// A ledger as a picture for paper: all of it or, where that is more than can be read, by zones. None where there is nothing
/// to draw.
pub fn picture(ledger: &Ledger, spots: &Spots, lang: Lang, today: NaiveDate) -> Option<Picture> {
    let found = findings(ledger, today);
    let drawn = |view| draw(ledger, spots, &found, lang, view);
    let map = drawn(whole(ledger));
    if map.nodes.is_empty() && map.zones.is_empty() {
        return None;
    }
    let picture = around(&map, lang);
    Some(if picture.svg.len() > MOST { around(&drawn(View::Overview), lang) } else { picture })
}

fn around(map: &MapData, lang: Lang) -> Picture {
    let (title, alt, no_zone) = (t!(lang, "map-title"), t!(lang, "picture-text"), t!(lang, "no-zone"));
    let words = Words { title: &title, description: &alt, no_zone: &no_zone, links: false };
    Picture {
        lead: if map.overview { t!(lang, "paper-overview") } else { t!(lang, "map-lead") },
        secret: t!(lang, "paper-secret"),
        svg: svg(map, &words),
        alt,
        legend: legend(lang, !map.affected.is_empty()),
    }
}

/// Sets the map: the picture on the first page, what was found after it.
pub(crate) fn sheet(map: &MapData, lang: Lang, owner: &str, at: DateTime<Utc>) -> Result<Pdf, PaperError> {
    let Picture { lead, secret, svg, alt, legend } = around(map, lang);
    let rows: Vec<_> = map
        .findings
        .iter()
        .map(|finding| json!([finding.rule, level_text(lang, finding.level), finding.text, finding.todo]))
        .collect();
    let data = json!({
        "title": t!(lang, "map-title"),
        "owner": owner,
        "lead": lead,
        "secret": secret,
        "svg": svg,
        "alt": alt,
        "legend": legend,
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

/// How the picture is read; `marked` where something in it bears an incident's mark.
pub(crate) fn legend(lang: Lang, marked: bool) -> Vec<String> {
    let mut lines = vec![
        t!(lang, "legend-box"),
        t!(lang, "legend-outside"),
        t!(lang, "legend-arrow"),
        t!(lang, "legend-dashed"),
        t!(lang, "legend-danger"),
        t!(lang, "legend-warn"),
    ];
    lines.extend(marked.then(|| t!(lang, "legend-mark")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use komainu_db::uuid::Uuid;
    use komainu_inventory::{Asset, AssetDetails, AssetId, AssetKind};

    fn ledger(terminals: u128) -> Ledger {
        let zone = AssetId(Uuid::from_u128(1));
        let inside = |number: u128| Asset {
            id: AssetId(Uuid::from_u128(number)),
            details: AssetDetails {
                zone: Some(zone),
                ..AssetDetails::named(AssetKind::Terminal, &format!("端末{number}"))
            },
            version: 1,
        };
        let around =
            Asset { id: zone, details: AssetDetails::named(AssetKind::Zone, "診療の線"), version: 1 };
        Ledger {
            assets: std::iter::once(around).chain((2..2 + terminals).map(inside)).collect(),
            ..Ledger::default()
        }
    }

    #[test]
    fn a_large_ledger_is_a_picture_of_its_zones_and_an_empty_one_is_none() {
        let today = "2026-11-23".parse().unwrap();
        for lang in Lang::ALL {
            let of = |ledger: &Ledger| picture(ledger, &Spots::new(), lang, today);
            assert_eq!(of(&Ledger::default()), None);
            let small = of(&ledger(3)).unwrap();
            assert!(small.svg.contains("端末3") && small.svg.contains("診療の線"), "{lang}");
            let large = of(&ledger(1600)).unwrap();
            assert!(!large.svg.contains("端末3") && large.svg.contains("診療の線"), "{lang}");
            assert_ne!(large.lead, small.lead, "it is said that these are zones");
            for words in [small.secret, small.alt].iter().chain(&small.legend) {
                assert!(!words.is_empty() && !words.contains("No localization"), "{lang}: {words}");
            }
        }
    }
}
