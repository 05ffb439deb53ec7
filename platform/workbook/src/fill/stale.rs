//! Which kept results of formulas are no longer true.
//!
//! Excel calculates the copy anew when it is opened. Other programs show the result that is kept beside the formula; where that hangs
//! on an answer, directly or through other formulas, it is taken away, so that they calculate too instead of showing an old count.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::grid::{Address, Area};

/// A formula of the sheet and where its kept result stands.
pub(super) struct Formula {
    pub(super) at: Address,
    pub(super) text: String,
    pub(super) kept: Option<Range<usize>>,
}

/// A chain of formulas longer than this is left to the program that opens the copy.
const MAX_ROUNDS: usize = 50;

/// Looks at changed cells after which every kept result left is taken for stale: that costs a reader a moment and is never wrong.
const MAX_LOOKS: usize = 3_000_000;

/// The kept results that hang on the written cells.
pub(super) fn stale(formulas: &[Formula], written: &[Address], sheet: &str) -> Vec<Range<usize>> {
    let mut changed: BTreeSet<Address> = written.iter().copied().collect();
    let mut looks = MAX_LOOKS;
    let uses: Vec<Uses> = formulas.iter().map(|formula| Uses::read(&formula.text, sheet)).collect();
    let mut left: Vec<usize> = (0..formulas.len()).filter(|i| !changed.contains(&formulas[*i].at)).collect();
    let mut found = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let (hit, rest): (Vec<usize>, Vec<usize>) =
            left.into_iter().partition(|i| uses[*i].any_of(&changed, &mut looks));
        left = rest;
        if hit.is_empty() {
            break;
        }
        changed.extend(hit.iter().map(|i| formulas[*i].at));
        found.extend(hit.iter().filter_map(|i| formulas[*i].kept.clone()));
    }
    found
}

/// The cells of its own sheet a formula looks at.
#[derive(Debug, Default, PartialEq)]
struct Uses {
    areas: Vec<Area>,
    /// It looks at cells that its text does not tell: a name, or the text stands with another cell.
    unknown: bool,
}

impl Uses {
    fn read(formula: &str, sheet: &str) -> Self {
        if formula.trim().is_empty() {
            return Self { areas: Vec::new(), unknown: true };
        }
        let mut uses = Self::default();
        for token in tokens(formula) {
            let (place, reference) =
                token.rsplit_once('!').map_or((None, token.as_str()), |(s, r)| (Some(s), r));
            let elsewhere = place.is_some_and(|name| name.trim_matches('\'').replace("''", "'") != sheet);
            if elsewhere {
                continue;
            }
            match area(reference) {
                Some(area) => uses.areas.push(area),
                None => uses.unknown |= !is_constant(reference),
            }
        }
        uses
    }

    fn any_of(&self, cells: &BTreeSet<Address>, looks: &mut usize) -> bool {
        self.unknown
            || self.areas.iter().any(|area| {
                let rows = Address::new(area.from.row, 0)..=Address::new(area.to.row, u32::MAX);
                *looks = looks.saturating_sub(1);
                cells.range(rows).any(|at| {
                    *looks = looks.saturating_sub(1);
                    *looks == 0 || area.contains(*at)
                })
            })
    }
}

/// `A1`, `$A$1:B2`, `A:C`, `3:5`.
fn area(text: &str) -> Option<Area> {
    if let Some(area) = Area::parse(text) {
        return Some(area);
    }
    let (from, to) = text.split_once(':')?;
    let whole = |from: String, to: String| Area::parse(&format!("{from}:{to}"));
    if from.trim_start_matches('$').starts_with(|c: char| c.is_ascii_digit()) {
        whole(format!("A{}", from.trim_start_matches('$')), format!("XFD{}", to.trim_start_matches('$')))
    } else {
        whole(format!("{from}1"), format!("{to}1048576"))
    }
}

fn is_constant(token: &str) -> bool {
    token.parse::<f64>().is_ok() || ["true", "false"].contains(&token.to_ascii_lowercase().as_str())
}

/// The words of a formula that may be references: everything but texts, operators and names of functions.
fn tokens(formula: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut characters = formula.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|c| c != '"') {},
            '\'' => {
                word.push('\'');
                for c in characters.by_ref() {
                    word.push(c);
                    if c == '\'' {
                        break;
                    }
                }
            }
            '(' => word.clear(),
            c if c.is_alphanumeric() || "$:!._".contains(c) => word.push(c),
            _ => tokens.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
        }
    }
    tokens.extend((!word.is_empty()).then_some(word));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_formulas_through_formulas() {
        let formula = |at: &str, text: &str, start: usize| Formula {
            at: Address::parse(at).unwrap(),
            text: text.to_owned(),
            kept: Some(start..start + 1),
        };
        let formulas = [
            formula("A9", "COUNTIF($D$4:$D$20,\"A1\")", 1),
            formula("A10", "IF(A9>0,\"B1\",2)", 2),
            formula("A11", "ROW()-3", 3),
            formula("A12", "他!D4+1.5", 4),
            formula("A13", "SUM(様式!D:D)", 5),
            formula("A14", "件数", 6),
            formula("A15", "E4&TRUE", 7),
        ];
        let written = [Address::parse("D5").unwrap()];
        assert_eq!(stale(&formulas, &written, "様式"), [1..2, 5..6, 6..7, 2..3]);
        assert_eq!(stale(&formulas, &[], "様式").len(), 1, "only the one that tells nothing");
    }
}
