//! A year's figures as lines of names and numbers: the same on the page, in the file and on paper.

use super::{level_text, measure_state_text, nature_text, place_text, symptom_text};
use crate::model::MeasureState;
use crate::rules::{Figures, calendar_month};
use crate::t;
use komainu_catalog::Catalog;
use komainu_i18n::Lang;

/// A part of the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FigurePart {
    /// What is counted.
    pub(crate) heading: String,
    /// Names and numbers.
    pub(crate) lines: Vec<(String, String)>,
}

/// Every part, in the order of reading.
pub(crate) fn figure_parts(lang: Lang, catalog: &Catalog, figures: &Figures) -> Vec<FigurePart> {
    let part = |heading: String, lines: Vec<(String, String)>| FigurePart { heading, lines };
    let symptoms = figures.symptoms.iter();
    let symptoms = symptoms.map(|(id, count)| (symptom_text(catalog, lang, id), count.to_string()));
    let levels = figures.levels.iter().map(|(level, count)| {
        (
            level.map_or_else(|| t!(lang, "figures-unjudged"), |level| level_text(lang, level)),
            count.to_string(),
        )
    });
    let natures = figures.natures.iter().map(|(nature, count)| {
        let name = nature.map_or_else(|| t!(lang, "figures-unjudged"), |nature| nature_text(lang, nature));
        (name, count.to_string())
    });
    let places = figures.places.iter();
    let places = places.map(|(place, count)| (place_text(lang, place), count.to_string()));
    vec![
        part(t!(lang, "figures-whole"), whole(lang, figures)),
        part(t!(lang, "figures-months"), months(lang, figures)),
        part(t!(lang, "figures-symptoms"), symptoms.collect()),
        part(t!(lang, "field-level"), levels.collect()),
        part(t!(lang, "field-nature"), natures.collect()),
        part(t!(lang, "field-place"), places.collect()),
        part(t!(lang, "measures-title"), measures(lang, figures)),
    ]
}

fn whole(lang: Lang, figures: &Figures) -> Vec<(String, String)> {
    vec![
        (t!(lang, "figures-received"), figures.received.to_string()),
        (t!(lang, "state-set-aside"), figures.set_aside.to_string()),
        (t!(lang, "figures-judged-after"), figures.judged_after.map(hours).unwrap_or_default()),
    ]
}

fn months(lang: Lang, figures: &Figures) -> Vec<(String, String)> {
    let month = |(at, count): (usize, &usize)| {
        (t!(lang, "figures-month", month = calendar_month(at).to_string()), count.to_string())
    };
    figures.months.iter().enumerate().map(month).collect()
}

fn measures(lang: Lang, figures: &Figures) -> Vec<(String, String)> {
    let counts = figures.measures;
    vec![
        (measure_state_text(lang, MeasureState::Open), counts.open.to_string()),
        (t!(lang, "figures-late"), counts.late.to_string()),
        (measure_state_text(lang, MeasureState::Done), counts.done.to_string()),
        (measure_state_text(lang, MeasureState::Dropped), counts.dropped.to_string()),
    ]
}

/// Minutes as hours with one digit after the point.
fn hours(minutes: i64) -> String {
    let tenths = minutes.max(0) / 6;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_told_in_hours() {
        for (minutes, expected) in
            [(0, "0.0"), (5, "0.0"), (6, "0.1"), (90, "1.5"), (-3, "0.0"), (3_000, "50.0")]
        {
            assert_eq!(hours(minutes), expected);
        }
    }
}
