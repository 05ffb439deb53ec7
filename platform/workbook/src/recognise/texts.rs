//! The texts of our items and of a form's rows, held against each other.

use super::KnownRow;
use super::likeness::{Corpus, Features, Probe};
use super::rows::FoundRow;
use crate::fold::fold;

/// Two of our items whose texts are at least this alike are one question asked of several kinds of equipment.
const SAME_QUESTION: f64 = 0.8;
/// A text at least this long is a sentence, in characters.
const SENTENCE: usize = 10;
/// What is shorter, or longer, is no title or keyword.
const KEYWORD: std::ops::RangeInclusive<usize> = 3..=12;
/// A keyword in more rows than this says nothing.
const COMMON: usize = 4;

/// Our items, prepared once for as many sheets as there are.
pub(super) struct Known<'k> {
    pub(super) rows: &'k [KnownRow],
    /// Their texts, folded.
    folded: Vec<Vec<String>>,
    /// Titles and keywords, folded, with what each says.
    words: Vec<Vec<(String, f64)>>,
}

impl<'k> Known<'k> {
    pub(super) fn of(rows: &'k [KnownRow]) -> Self {
        let folded: Vec<Vec<String>> =
            rows.iter().map(|row| row.texts.iter().map(|text| fold(text)).collect()).collect();
        let words = folded.iter().map(|texts| keywords(texts, &folded)).collect();
        Self { rows, folded, words }
    }
}

/// What each of an item's short texts says: the more the longer it is, for it then stands there less by chance, and the less the
/// more questions use it.
fn keywords(texts: &[String], all: &[Vec<String>]) -> Vec<(String, f64)> {
    let says = |word: &str| {
        let asking = all.iter().filter(|texts| texts.iter().any(|text| text.contains(word)));
        let mut questions: Vec<&String> = asking.filter_map(|texts| texts.first()).collect();
        questions.dedup();
        0.035 * to_float(word.chars().count().min(7)) / to_float(questions.len().max(1))
    };
    let short = texts.iter().filter(|text| KEYWORD.contains(&text.chars().count()));
    short.map(|word| (word.clone(), says(word))).collect()
}

/// The texts of items and rows, weighed together.
pub(super) struct Told {
    features: Vec<Features>,
    /// For each item the place of its texts together, and of each that is a sentence.
    items: Vec<(usize, Vec<usize>)>,
    rows: Vec<usize>,
}

impl Told {
    pub(super) fn of(known: &Known<'_>, rows: &[FoundRow]) -> Self {
        let mut corpus = Corpus::new();
        let items = known
            .folded
            .iter()
            .map(|texts| {
                let all = corpus.add(&texts.join("\n"));
                let sentences = texts.iter().filter(|text| text.chars().count() >= SENTENCE);
                (all, sentences.map(|text| corpus.add(text)).collect())
            })
            .collect();
        let rows = rows.iter().map(|row| corpus.add(&row.folded)).collect();
        Self { features: corpus.weigh(), items, rows }
    }

    /// How alike each row is to each item, from 0 to 1.
    pub(super) fn text(&self, known: &Known<'_>, rows: &[FoundRow]) -> Vec<Vec<f64>> {
        let rare: Vec<Vec<&(String, f64)>> = known
            .words
            .iter()
            .map(|words| {
                let held =
                    |word: &str| rows.iter().filter(|row| row.folded.contains(word)).take(COMMON).count();
                words.iter().filter(|(word, _)| held(word) < COMMON).collect()
            })
            .collect();
        let said = |item: usize, sentence: &str| {
            let held = rare[item].iter().filter(|(word, _)| sentence.contains(word.as_str()));
            held.map(|(_, says)| says).sum::<f64>().min(0.5)
        };
        let row = |(row, found): (usize, &FoundRow)| {
            let probe = Probe::new(&self.features[self.rows[row]]);
            let of = |item: usize| {
                let best = self.likeness(&probe, item);
                best + (1.0 - best) * said(item, &found.folded)
            };
            (0..self.items.len()).map(of).collect()
        };
        rows.iter().enumerate().map(row).collect()
    }

    fn likeness(&self, probe: &Probe<'_>, item: usize) -> f64 {
        let (all, each) = &self.items[item];
        let each = each.iter().chain([all]).map(|place| &self.features[*place]);
        probe.likeness(&self.features[*all], each)
    }

    /// Whether two items are one question.
    pub(super) fn is_same(&self, one: usize, other: usize) -> bool {
        let all = |item: usize| &self.features[self.items[item].0];
        Probe::new(all(one)).likeness(all(other), [all(other)]) >= SAME_QUESTION
    }
}

/// Counts here are small; the conversion is exact.
fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
