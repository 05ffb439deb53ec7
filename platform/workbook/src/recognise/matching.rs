//! Which of our items each row is: number and text together, the best pairing over the whole form.

use super::rows::FoundRow;
use super::texts::{Known, Told};
use super::words::{Scope, scopes_in_folded};
use super::{Confidence, KnownRow, Reason, RecognisedRow};
use crate::assign::best_pairs;
use crate::grid::Sheet;
use crate::number::ItemNumber;

/// Text likeness from which a text alone is clear.
const CLEAR: f64 = 0.35;
/// Text likeness from which texts have something in common.
const SOMEWHAT: f64 = 0.13;
/// How much better than the next item a text must be to be clear.
const MARGIN: f64 = 0.06;
/// Text likeness from which a row left over is worth a hint.
const RESEMBLES: f64 = 0.25;
/// A row asks a question that another row asks too if its text is at least this share as alike.
const ALSO_ASKS: f64 = 0.8;

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
    rows: &'k [FoundRow],
    /// Likeness of row and item.
    text: Vec<Vec<f64>>,
}

/// Matches rows and known items.
pub(super) fn match_rows(sheet: &Sheet, rows: &[FoundRow], known: &Known<'_>) -> Vec<RecognisedRow> {
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
    fn new(rows: &'k [FoundRow], known: &'k Known<'k>) -> Self {
        let told = Told::of(known, rows);
        let items = known
            .rows
            .iter()
            .enumerate()
            .map(|(index, known_row)| Item {
                known: known_row,
                number: ItemNumber::parse(&known_row.number_ascii)
                    .or_else(|| ItemNumber::parse(&known_row.number)),
                question: (0..index).find(|other| told.is_same(*other, index)).unwrap_or(index),
            })
            .collect();
        let mut matcher = Self { items, rows, text: told.text(known, rows) };
        matcher.keep_questions_together();
        matcher
    }

    /// Where several of our items are one question, rows that ask it far less clearly than another row are not it: the form prints
    /// the question fewer times than we do, and what is left over must not go looking for a stranger.
    fn keep_questions_together(&mut self) {
        for item in 0..self.items.len() {
            let question = self.items[item].question;
            if self.items.iter().filter(|other| other.question == question).count() < 2 {
                continue;
            }
            let most = self.text.iter().map(|row| row[item]).fold(0.0, f64::max);
            for row in &mut self.text {
                if row[item] < most * ALSO_ASKS {
                    row[item] = 0.0;
                }
            }
        }
    }

    /// Whether the form numbers its rows at all.
    fn is_numbered(&self) -> bool {
        self.rows.iter().filter(|row| row.number.is_some()).count() * 2 > self.rows.len()
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
        let scopes = if row.scopes.is_empty() { scopes_in_folded(&row.folded) } else { row.scopes.clone() };
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
            .filter(|item| self.text[row][*item] >= RESEMBLES)
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
        let numbers_agree = match numbers {
            Numbers::Agree => true,
            Numbers::ItemAgrees => trust > 0.2,
            // Where no row has a number, it says nothing that this one has none.
            Numbers::BothNone => self.is_numbered(),
            Numbers::Open | Numbers::Differ => false,
        };
        let clear = text >= CLEAR && margin >= MARGIN;
        let confidence = if scopes == Some(false) {
            Confidence::Unsure
        } else if numbers_agree && text >= CLEAR && margin >= MARGIN / 2.0 {
            Confidence::Sure
        } else if clear || (numbers_agree && trust > 0.2 && text >= SOMEWHAT) {
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

fn thousandths(likeness: f64) -> u16 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 1000.
    let whole = (likeness.clamp(0.0, 1.0) * 1000.0).round() as u16;
    whole
}

fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
