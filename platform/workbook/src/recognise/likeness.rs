//! How alike two Japanese sentences are: shared runs of two and three characters and shared notions, rare ones counting more.

use std::collections::HashMap;

use super::words::notions_in;
use crate::fold::fold;

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
    ids: HashMap<String, u32>,
    documents: Vec<Vec<u32>>,
    seen_in: Vec<u32>,
}

/// How much the shared notions say beside the shared runs of characters.
const NOTIONS_SAY: f64 = 0.45;
const NOTION_MARK: char = '§';
/// Longer texts are cut: a form's sentence has a few hundred characters at most.
const MAX_CHARACTERS: usize = 600;

impl Corpus {
    pub(super) fn new() -> Self {
        Self { ids: HashMap::new(), documents: Vec::new(), seen_in: Vec::new() }
    }

    /// Adds a text; its place is returned.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let folded: String = fold(text).chars().take(MAX_CHARACTERS).collect();
        let characters: Vec<char> = folded.chars().collect();
        let grams =
            [2, 3].into_iter().flat_map(|size| characters.windows(size)).map(|run| run.iter().collect());
        let notions = notions_in(&folded).into_iter().map(|notion| format!("{NOTION_MARK}{notion}"));
        let mut document: Vec<u32> = grams
            .chain(notions)
            .map(|feature: String| {
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
            is_notion[*id as usize] = feature.starts_with(NOTION_MARK);
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

/// How alike two texts are: 0 nothing shared, 1 the same. Where neither holds a notion the characters alone decide.
pub(super) fn likeness(a: &Features, b: &Features) -> f64 {
    let grams = cosine(&a.grams, &b.grams);
    if a.notions.norm == 0.0 && b.notions.norm == 0.0 {
        return grams;
    }
    (1.0 - NOTIONS_SAY) * grams + NOTIONS_SAY * cosine(&a.notions, &b.notions)
}

/// The cosine of two feature sets: 0 nothing shared, 1 the same.
fn cosine(a: &Vector, b: &Vector) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while let (Some((left, weight)), Some((right, other))) = (a.weights.get(i), b.weights.get(j)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += weight * other;
                i += 1;
                j += 1;
            }
        }
    }
    let norm = a.norm * b.norm;
    if norm > 0.0 { sum / norm } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paraphrase_is_nearer_than_another_question() {
        let mut corpus = Corpus::new();
        let ledger = corpus.add("サーバ、端末、通信機器をもれなく一覧にまとめているか。");
        let backup = corpus.add("診療に要るデータの控えをとり、戻す手順を確かめているか。");
        let asked = corpus.add("機器の台帳を作成し管理している。");
        let weighed = corpus.weigh();
        assert!(
            likeness(&weighed[asked], &weighed[ledger]) > 2.0 * likeness(&weighed[asked], &weighed[backup])
        );
        assert!((likeness(&weighed[asked], &weighed[asked]) - 1.0).abs() < 1e-9);
        assert!(likeness(&weighed[asked], &Features::default()).abs() < 1e-9);
    }
}
