//! Which of our items each row is: number and text together, the best pairing over the whole form.

use super::likeness::{Corpus, Features, likeness};
use super::rows::FoundRow;
use super::words::{Scope, scopes_in};
use super::{Confidence, KnownRow, Reason, RecognisedRow};
use crate::assign::best_pairs;
use crate::fold::fold;
use crate::grid::Sheet;
use crate::number::ItemNumber;

/// Text likeness from which a text alone is clear.
const CLEAR: f64 = 0.30;
/// Text likeness from which texts have something in common.
const SOMEWHAT: f64 = 0.13;
/// How much better than the next item a text must be to be clear.
const MARGIN: f64 = 0.06;
/// Two of our items whose texts are at least this alike are one question asked of several kinds of equipment.
const SAME_QUESTION: f64 = 0.8;

/// How a row's number stands to an item's.
#[derive(Clone, Copy, PartialEq)]
enum Numbers {
    Agree,
    /// Only the place in the section agrees; the row does not show its section.
    ItemAgrees,
    BothNone,
    Open,
    Differ,
}

struct Item<'k> {
    known: &'k KnownRow,
    number: Option<ItemNumber>,
    /// The first item that asks the same question.
    question: usize,
}

struct Matcher<'k> {
    items: Vec<Item<'k>>,
    rows: Vec<FoundRow>,
    /// Likeness of row and item.
    text: Vec<Vec<f64>>,
}

/// Matches rows and known items.
pub(super) fn match_rows(sheet: &Sheet, rows: Vec<FoundRow>, known: &[KnownRow]) -> Vec<RecognisedRow> {
    let matcher = Matcher::new(rows, known);
    // First by text alone: it shows how far the form's numbers are the expected ones, and so how much a number says.
    let by_text = best_pairs(&matcher.scores(0.0));
    let trust = matcher.number_trust(&by_text);
    let pairs = best_pairs(&matcher.scores(trust));
    let taken: Vec<usize> = pairs.iter().flatten().copied().collect();
    let mut out: Vec<RecognisedRow> =
        (0..matcher.rows.len()).filter_map(|row| matcher.outcome(sheet, row, pairs[row], trust)).collect();
    cover_more(&matcher, &taken, &mut out);
    out
}

impl<'k> Matcher<'k> {
    fn new(rows: Vec<FoundRow>, known: &'k [KnownRow]) -> Self {
        let mut corpus = Corpus::new();
        for row in &rows {
            corpus.add(&row.sentence);
        }
        let mut places = Vec::new();
        for item in known {
            let all = corpus.add(&item.texts.join("\n"));
            let each: Vec<usize> = item
                .texts
                .iter()
                .filter(|text| fold(text).chars().count() >= 10)
                .map(|t| corpus.add(t))
                .collect();
            places.push((all, each));
        }
        let features = corpus.weigh();
        let keywords: Vec<Vec<String>> = known.iter().map(keywords).collect();
        let folded: Vec<String> = rows.iter().map(|row| fold(&row.sentence)).collect();
        let text = folded
            .iter()
            .enumerate()
            .map(|(row, sentence)| {
                places
                    .iter()
                    .zip(&keywords)
                    .map(|((all, each), words)| {
                        let best = each
                            .iter()
                            .chain([all])
                            .map(|place| likeness(&features[row], &features[*place]))
                            .fold(0.0, f64::max);
                        best + (1.0 - best) * keyword_share(sentence, words, &folded)
                    })
                    .collect()
            })
            .collect();
        let items = known
            .iter()
            .enumerate()
            .map(|(index, known_row)| Item {
                known: known_row,
                number: ItemNumber::parse(&known_row.number_ascii)
                    .or_else(|| ItemNumber::parse(&known_row.number)),
                question: (0..index)
                    .find(|other| alike(&features, &places, *other, index) >= SAME_QUESTION)
                    .unwrap_or(index),
            })
            .collect();
        Self { items, rows, text }
    }

    fn numbers(&self, row: usize, item: usize) -> Numbers {
        match (self.rows[row].number, self.items[item].number) {
            (None, None) => Numbers::BothNone,
            (Some(_), None) | (None, Some(_)) => Numbers::Open,
            (Some(a), Some(b)) if a == b => Numbers::Agree,
            (Some(a), Some(b)) if a.section.is_none() && a.item == b.item => Numbers::ItemAgrees,
            _ => Numbers::Differ,
        }
    }

    /// `Some(true)`: the row names this item's equipment; `Some(false)`: it names other equipment.
    fn scopes(&self, row: usize, item: usize) -> Option<bool> {
        let wanted = self.items[item].known.scope?;
        let narrow = [Scope::Server, Scope::Terminal, Scope::Network];
        if !narrow.contains(&wanted) {
            return None;
        }
        let found = self.row_scopes(row);
        if found.is_empty() { None } else { Some(found.contains(&wanted)) }
    }

    fn row_scopes(&self, row: usize) -> Vec<Scope> {
        let row = &self.rows[row];
        let scopes = if row.scopes.is_empty() { scopes_in(&row.sentence) } else { row.scopes.clone() };
        // All kinds named is none in particular.
        if scopes.len() < 3 { scopes } else { Vec::new() }
    }

    fn score(&self, row: usize, item: usize, trust: f64) -> f64 {
        let text = self.text[row][item];
        let number = match self.numbers(row, item) {
            Numbers::Agree => trust,
            Numbers::ItemAgrees => trust * 0.5,
            Numbers::BothNone => 0.05 + trust * 0.3,
            Numbers::Open => 0.0,
            Numbers::Differ => -trust * 0.3,
        };
        let scope = match self.scopes(row, item) {
            Some(true) => 0.05,
            Some(false) => -0.15,
            None => 0.0,
        };
        // Forms keep the order of the years before; a breath of it settles ties.
        let place = |index: usize, count: usize| to_float(index) / to_float(count.max(1));
        let order = 0.02
            * (1.0
                - (place(row, self.rows.len()) - place(self.items[item].question, self.items.len())).abs());
        text + number + scope + order
    }

    /// Scores as whole numbers above what a pair must have at least.
    fn scores(&self, trust: f64) -> Vec<Vec<i64>> {
        (0..self.rows.len())
            .map(|row| {
                let floor = if self.rows[row].weak { CLEAR } else { SOMEWHAT };
                (0..self.items.len())
                    .map(|item| {
                        if self.text[row][item] < 0.04 {
                            return 0;
                        }
                        #[allow(clippy::cast_possible_truncation)] // Between -1 and 2, times a million.
                        let whole = ((self.score(row, item, trust) - floor) * 1e6).round() as i64;
                        // Of two that are the same but for the equipment, the first.
                        whole - i64::try_from(item).unwrap_or(0)
                    })
                    .collect()
            })
            .collect()
    }

    /// How much an equal number counts: little where the clear texts bear other numbers than expected.
    fn number_trust(&self, pairs: &[Option<usize>]) -> f64 {
        let clear: Vec<Numbers> = pairs
            .iter()
            .enumerate()
            .filter_map(|(row, item)| Some((row, (*item)?)))
            .filter(|(row, item)| self.text[*row][*item] >= CLEAR && self.margin(*row, *item).0 >= MARGIN)
            .map(|(row, item)| self.numbers(row, item))
            .filter(|numbers| !matches!(numbers, Numbers::Open | Numbers::BothNone))
            .collect();
        let agree =
            clear.iter().filter(|numbers| matches!(numbers, Numbers::Agree | Numbers::ItemAgrees)).count();
        if clear.is_empty() { 0.15 } else { 0.02 + 0.28 * to_float(agree) / to_float(clear.len()) }
    }

    /// By how much the item's text is nearer than that of the next other question, and which that is.
    fn margin(&self, row: usize, item: usize) -> (f64, Option<usize>) {
        let question = self.items[item].question;
        let next = (0..self.items.len())
            .filter(|other| self.items[*other].question != question)
            .max_by(|a, b| self.text[row][*a].total_cmp(&self.text[row][*b]).then(b.cmp(a)));
        let text = self.text[row][item];
        (next.map_or(text, |other| text - self.text[row][other]), next)
    }

    fn outcome(&self, sheet: &Sheet, row: usize, item: Option<usize>, trust: f64) -> Option<RecognisedRow> {
        let found = &self.rows[row];
        if item.is_none() && found.weak {
            return None;
        }
        let (confidence, reasons) =
            item.map_or((Confidence::Unknown, Vec::new()), |item| self.judge(row, item, trust));
        let nearest = (0..self.items.len())
            .filter(|item| self.text[row][*item] >= CLEAR)
            .max_by(|a, b| self.score(row, *a, trust).total_cmp(&self.score(row, *b, trust)).then(b.cmp(a)));
        let key_of = |item: usize| self.items[item].known.key.clone();
        Some(RecognisedRow {
            at: found.at,
            row: found.row,
            number: found.number,
            number_text: found.number_text.clone(),
            section: found.section.clone(),
            scopes: self.row_scopes(row),
            sentence: found.sentence.clone(),
            key: item.map(key_of),
            also: Vec::new(),
            resembles: if item.is_none() { nearest.map(key_of) } else { None },
            confidence,
            reasons,
            likeness: item.map_or(0, |item| thousandths(self.text[row][item])),
            hidden: sheet.hidden(found.at),
            rounds: found.rounds.clone(),
            target: found.target,
            remark: found.remark,
        })
    }

    fn judge(&self, row: usize, item: usize, trust: f64) -> (Confidence, Vec<Reason>) {
        let text = self.text[row][item];
        let (margin, next) = self.margin(row, item);
        let numbers = self.numbers(row, item);
        let scopes = self.scopes(row, item);
        let mut reasons = vec![match numbers {
            Numbers::Agree | Numbers::ItemAgrees => Reason::NumberAgrees,
            Numbers::Differ => Reason::NumberDiffers { expected: self.items[item].known.number.clone() },
            Numbers::BothNone | Numbers::Open => Reason::NoNumber,
        }];
        reasons.push(match text {
            text if text >= CLEAR => Reason::TextAlike,
            text if text >= SOMEWHAT => Reason::TextSomewhatAlike,
            _ => Reason::TextUnlike,
        });
        match scopes {
            Some(true) => reasons.push(Reason::ScopeAgrees),
            Some(false) => reasons.push(Reason::ScopeDiffers),
            None => {}
        }
        if let Some(other) = next.filter(|_| margin < MARGIN) {
            reasons.push(Reason::AlsoLike { key: self.items[other].known.key.clone() });
        }
        let numbers_agree = matches!(numbers, Numbers::Agree | Numbers::BothNone)
            || numbers == Numbers::ItemAgrees && trust > 0.2;
        let clear = text >= CLEAR && margin >= MARGIN;
        let confidence = if scopes == Some(false) {
            Confidence::Unsure
        } else if numbers_agree && (clear || text >= SOMEWHAT && margin >= MARGIN / 2.0) {
            Confidence::Sure
        } else if clear || (numbers_agree && trust > 0.2 && text >= SOMEWHAT / 2.0) {
            Confidence::Likely
        } else {
            Confidence::Unsure
        };
        (confidence, reasons)
    }
}

/// One printed row may be several of ours: the same number and question, kept apart by equipment.
fn cover_more(matcher: &Matcher<'_>, taken: &[usize], rows: &mut [RecognisedRow]) {
    for (index, item) in matcher.items.iter().enumerate() {
        if taken.contains(&index) {
            continue;
        }
        let sibling = |row: &&mut RecognisedRow| {
            let Some(main) = matcher.items.iter().find(|other| Some(&other.known.key) == row.key.as_ref())
            else {
                return false;
            };
            let fits =
                item.known.scope.is_none_or(|scope| row.scopes.is_empty() || row.scopes.contains(&scope));
            main.question == item.question && main.number == item.number && fits
        };
        if let Some(row) = rows.iter_mut().find(sibling) {
            row.also.push(item.known.key.clone());
        }
    }
}

/// Our short texts, folded: titles and keywords.
fn keywords(known: &KnownRow) -> Vec<String> {
    known
        .texts
        .iter()
        .map(|text| fold(text))
        .filter(|word| (3..=12).contains(&word.chars().count()))
        .collect()
}

/// How much the item's keywords say for the sentence: those that few rows hold, half at most.
fn keyword_share(sentence: &str, words: &[String], all: &[String]) -> f64 {
    let hits = words
        .iter()
        .filter(|word| sentence.contains(word.as_str()))
        .filter(|word| all.iter().filter(|other| other.contains(word.as_str())).count() <= 3)
        .count();
    (0.2 * to_float(hits)).min(0.5)
}

fn alike(features: &[Features], places: &[(usize, Vec<usize>)], a: usize, b: usize) -> f64 {
    likeness(&features[places[a].0], &features[places[b].0])
}

fn thousandths(likeness: f64) -> u16 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 1000.
    let whole = (likeness.clamp(0.0, 1.0) * 1000.0).round() as u16;
    whole
}

fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
