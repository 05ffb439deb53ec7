//! How alike two Japanese sentences are: shared runs of two and three characters and shared notions, rare ones counting more.

use std::collections::HashMap;

use super::words::notions_in;

/// A run of two or three characters, or a notion.
type Feature = [char; 3];

/// A text as the sets of its features.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    grams: Vector,
    notions: Vector,
}

/// Features with their weights, sorted by id.
#[derive(Debug, Clone, Default)]
struct Vector {
    weights: Vec<(u32, f64)>,
    norm: f64,
}

impl Vector {
    fn new(weights: Vec<(u32, f64)>) -> Self {
        let norm = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        Self { weights, norm }
    }
}

/// Turns texts into features, with weights from how rare each feature is among all texts given.
pub(super) struct Corpus {
    ids: HashMap<Feature, u32>,
    documents: Vec<Vec<u32>>,
    seen_in: Vec<u32>,
}

/// How much the shared notions say beside the shared runs of characters.
const NOTIONS_SAY: f64 = 0.45;
const NOTION_MARK: char = '§';
const NO_THIRD: char = '\0';
/// Longer texts are cut: a form's sentence has a few hundred characters at most.
const MAX_CHARACTERS: usize = 400;

impl Corpus {
    pub(super) fn new() -> Self {
        Self { ids: HashMap::new(), documents: Vec::new(), seen_in: Vec::new() }
    }

    /// Adds a text, folded before; its place is returned.
    pub(super) fn add(&mut self, folded: &str) -> usize {
        let cut: String = folded.chars().take(MAX_CHARACTERS).collect();
        let characters: Vec<char> = cut.chars().collect();
        let pairs = characters.windows(2).map(|run| [run[0], run[1], NO_THIRD]);
        let threes = characters.windows(3).map(|run| [run[0], run[1], run[2]]);
        let notions = notions_in(&cut).into_iter().filter_map(|notion| {
            let number = char::from_u32(u32::try_from(notion).ok()?)?;
            Some([NOTION_MARK, number, NOTION_MARK])
        });
        let mut document: Vec<u32> = pairs
            .chain(threes)
            .chain(notions)
            .map(|feature| {
                let next = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
                *self.ids.entry(feature).or_insert(next)
            })
            .collect();
        document.sort_unstable();
        document.dedup();
        self.seen_in.resize(self.ids.len(), 0);
        for id in &document {
            self.seen_in[*id as usize] += 1;
        }
        self.documents.push(document);
        self.documents.len() - 1
    }

    /// The features of every text, in the order added.
    pub(super) fn weigh(&self) -> Vec<Features> {
        let count = as_float(self.documents.len());
        let mut is_notion = vec![false; self.ids.len()];
        for (feature, id) in &self.ids {
            is_notion[*id as usize] = feature[0] == NOTION_MARK;
        }
        let weight = |id: u32| ((count + 1.0) / (f64::from(self.seen_in[id as usize]) + 0.5)).ln().max(0.05);
        self.documents
            .iter()
            .map(|document| {
                let (notions, grams): (Vec<_>, Vec<_>) =
                    document.iter().map(|id| (*id, weight(*id))).partition(|(id, _)| is_notion[*id as usize]);
                Features { grams: Vector::new(grams), notions: Vector::new(notions) }
            })
            .collect()
    }
}

/// Lengths here are small; the conversion is exact.
fn as_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A text held against others, laid out so that each comparison costs no more than the other text is long.
pub(super) struct Probe<'f> {
    text: &'f Features,
    /// By id.
    weights: Vec<f64>,
}

impl<'f> Probe<'f> {
    pub(super) fn new(text: &'f Features) -> Self {
        let all = || text.grams.weights.iter().chain(&text.notions.weights);
        let size = all().map(|(id, _)| *id as usize + 1).max().unwrap_or(0);
        let mut weights = vec![0.0; size];
        for (id, weight) in all() {
            weights[*id as usize] = *weight;
        }
        Self { text, weights }
    }

    /// How alike the text is to a thing told in several texts, 0 nothing shared, 1 the same: its characters to those of the nearest
    /// one, its notions to those of `all` together. A notion that one of the texts mentions by the way is not what the thing is
    /// about. Where neither side holds a notion the characters alone decide.
    pub(super) fn likeness<'o>(&self, all: &Features, each: impl IntoIterator<Item = &'o Features>) -> f64 {
        let to = |one: &Vector, own: &Vector| self.cosine(one, own.norm);
        let grams = each.into_iter().map(|one| to(&one.grams, &self.text.grams)).fold(0.0, f64::max);
        if self.text.notions.norm == 0.0 && all.notions.norm == 0.0 {
            return grams;
        }
        (1.0 - NOTIONS_SAY) * grams + NOTIONS_SAY * to(&all.notions, &self.text.notions)
    }

    fn cosine(&self, other: &Vector, own_norm: f64) -> f64 {
        let shared = |id: u32| self.weights.get(id as usize).copied().unwrap_or(0.0);
        let sum: f64 = other.weights.iter().map(|(id, weight)| weight * shared(*id)).sum();
        let norm = own_norm * other.norm;
        if norm > 0.0 { sum / norm } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn a_paraphrase_is_nearer_than_another_question() {
        let mut corpus = Corpus::new();
        let ledger = corpus.add(&fold("サーバ、端末、通信機器をもれなく一覧にまとめているか。"));
        let backup = corpus.add(&fold("診療に要るデータの控えをとり、戻す手順を確かめているか。"));
        let asked = corpus.add(&fold("機器の台帳を作成し管理している。"));
        let weighed = corpus.weigh();
        let probe = Probe::new(&weighed[asked]);
        let likeness = |other: &Features| probe.likeness(other, [other]);
        assert!(likeness(&weighed[ledger]) > 2.0 * likeness(&weighed[backup]));
        assert!((likeness(&weighed[asked]) - 1.0).abs() < 1e-9);
        assert!(likeness(&Features::default()).abs() < 1e-9);
    }
}
