//! How alike two Japanese sentences are: shared runs of two and three characters and shared notions, rare ones counting more.

use std::collections::HashMap;

use super::words::notions_in;
use crate::fold::fold;

/// A text as the set of its features, each with its weight.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Sorted by id.
    weights: Vec<(u32, f64)>,
    norm: f64,
}

/// Turns texts into features, with weights from how rare each feature is among all texts given.
pub(super) struct Corpus {
    ids: HashMap<String, u32>,
    documents: Vec<Vec<u32>>,
    seen_in: Vec<u32>,
}

/// A notion says more than a run of characters.
const NOTION: f64 = 2.0;
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
        let grams = [2, 3].into_iter().flat_map(|size| characters.windows(size)).map(|run| run.iter().collect());
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
        let weight = |id: u32| {
            let rarity = ((count + 1.0) / (f64::from(self.seen_in[id as usize]) + 0.5)).ln().max(0.05);
            rarity * if is_notion[id as usize] { NOTION } else { 1.0 }
        };
        self.documents
            .iter()
            .map(|document| {
                let weights: Vec<(u32, f64)> = document.iter().map(|id| (*id, weight(*id))).collect();
                let norm = weights.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
                Features { weights, norm }
            })
            .collect()
    }
}

/// Lengths here are small; the conversion is exact.
fn as_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The cosine of two feature sets: 0 nothing shared, 1 the same.
pub(super) fn cosine(a: &Features, b: &Features) -> f64 {
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
        assert!(cosine(&weighed[asked], &weighed[ledger]) > 2.0 * cosine(&weighed[asked], &weighed[backup]));
        assert!((cosine(&weighed[asked], &weighed[asked]) - 1.0).abs() < 1e-9);
        assert!(cosine(&weighed[asked], &Features::default()).abs() < 1e-9);
    }
}
