//! Marks, months and differences. Pure.

use crate::model::{Mark, MonthEnd};
use chrono::{Months, NaiveDate};
use komainu_calendar::FiscalYear;
use komainu_checklist::model::{AnswerKind, RowState};
use serde_json::Value;
use std::collections::BTreeMap;

/// One mark for the rows of an item in a year.
pub fn mark<'a>(rows: impl IntoIterator<Item = (&'a RowState, Option<AnswerKind>)>) -> Mark {
    use AnswerKind::{No, NotApplicable, NotSure, Yes};
    let rows: Vec<_> = rows.into_iter().collect();
    let needed: Vec<Option<AnswerKind>> = rows
        .iter()
        .filter(|(state, _)| **state != RowState::NotNeeded)
        .map(|(state, kind)| kind.filter(|_| **state != RowState::ToConfirm))
        .collect();
    let has = |kind| needed.contains(&Some(kind));
    match needed.as_slice() {
        [] if rows.is_empty() => Mark::Absent,
        [] => Mark::NotNeeded,
        all if all.contains(&None) && !has(Yes) && !has(No) => Mark::Open,
        all if all.iter().all(|kind| *kind == Some(NotApplicable)) => Mark::NotApplicable,
        all if all.iter().all(|kind| matches!(kind, Some(Yes | NotApplicable))) => Mark::Yes,
        _ if has(Yes) => Mark::Partly,
        _ if has(No) => Mark::No,
        _ if has(NotSure) => Mark::NotSure,
        _ => Mark::Open,
    }
}

/// How many rows had their first check by the end of each month of a year. A check before the year counts from its
/// beginning, one after it (a year that is filled in late) from its end.
pub fn months(checked: &[NaiveDate], year: FiscalYear, today: NaiveDate) -> Vec<MonthEnd> {
    (0..12)
        .filter_map(|index| {
            let month = year.first_day().checked_add_months(Months::new(index))?;
            let next = month.checked_add_months(Months::new(1))?;
            let last = index == 11;
            let by_then = checked.iter().filter(|day| **day < next || last).count();
            let checked = (month <= today).then(|| u32::try_from(by_then).unwrap_or(u32::MAX));
            Some(MonthEnd { month, checked })
        })
        .collect()
}

/// Something that an entry of the log changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What: the names of the fields that lead there, numbers for places in lists.
    pub path: Vec<String>,
    /// What it was; none where there was nothing.
    pub before: Option<Value>,
    /// What it is; none where nothing is left.
    pub after: Option<Value>,
}

/// What differs between two states, in the order of the fields' names. A text that is no JSON is shown as it stands.
pub fn differences(before: &str, after: &str) -> Vec<Difference> {
    let mut states: BTreeMap<Vec<String>, (Option<Value>, Option<Value>)> = BTreeMap::new();
    let mut add = |text: &str, first: bool| {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        let mut leaves = Vec::new();
        flatten(&mut Vec::new(), value, &mut leaves);
        for (path, leaf) in leaves {
            let pair = states.entry(path).or_default();
            if first { pair.0 = Some(leaf) } else { pair.1 = Some(leaf) }
        }
    };
    add(before, true);
    add(after, false);
    states
        .into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|(path, (before, after))| Difference { path, before, after })
        .collect()
}

/// The leaves of a state. What is empty says nothing and is left out.
fn flatten(path: &mut Vec<String>, value: Value, leaves: &mut Vec<(Vec<String>, Value)>) {
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                path.push(name);
                flatten(path, value, leaves);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (at, value) in items.into_iter().enumerate() {
                path.push((at + 1).to_string());
                flatten(path, value, leaves);
                path.pop();
            }
        }
        leaf => leaves.push((path.clone(), leaf)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn marks_of_items() {
        use AnswerKind::{No, NotApplicable, NotSure, Yes};
        let (done, open, carried, not) =
            (RowState::Complete, RowState::Unanswered, RowState::ToConfirm, RowState::NotNeeded);
        for (rows, expected) in [
            (&[][..], Mark::Absent),
            (&[(&not, Some(Yes))], Mark::NotNeeded),
            (&[(&done, Some(Yes))], Mark::Yes),
            (&[(&done, Some(Yes)), (&done, Some(NotApplicable))], Mark::Yes),
            (&[(&done, Some(Yes)), (&done, Some(No))], Mark::Partly),
            (&[(&done, Some(Yes)), (&open, None)], Mark::Partly),
            (&[(&done, Some(No)), (&open, None)], Mark::No),
            (&[(&done, Some(NotSure)), (&open, None)], Mark::Open),
            (&[(&done, Some(NotSure))], Mark::NotSure),
            (&[(&done, Some(NotApplicable))], Mark::NotApplicable),
            (&[(&carried, Some(Yes))], Mark::Open),
            (&[(&open, None)], Mark::Open),
        ] {
            assert_eq!(mark(rows.iter().copied()), expected, "{rows:?}");
        }
    }

    #[test]
    fn months_add_up_and_end_today() {
        let year = FiscalYear::try_from(2026).unwrap();
        let checked = [day("2026-04-30"), day("2026-05-01"), day("2026-09-15")];
        let counts: Vec<_> =
            months(&checked, year, day("2026-06-01")).iter().map(|end| end.checked).collect();
        assert_eq!(counts[..4], [Some(1), Some(2), Some(2), None]);
        assert_eq!(counts.len(), 12);
        let late = months(&[day("2027-06-01")], year, day("2027-07-01"));
        assert_eq!((late[10].checked, late[11].checked), (Some(0), Some(1)));
    }

    #[test]
    fn only_what_differs_is_told() {
        let before =
            json!({ "kind": "no", "checked": ["2026-05-01", null], "note": "", "same": 1 }).to_string();
        let after =
            json!({ "kind": "yes", "checked": ["2026-05-01", "2026-06-01"], "note": "<b>", "same": 1 });
        let told = differences(&before, &after.to_string());
        let paths: Vec<String> = told.iter().map(|one| one.path.join(".")).collect();
        assert_eq!(paths, ["checked.2", "kind", "note"]);
        assert_eq!((told[1].before.clone(), told[1].after.clone()), (Some(json!("no")), Some(json!("yes"))));
        assert_eq!(told[2].before, None);
        assert_eq!(differences("null", "null"), []);
        assert_eq!(differences("not json", "null")[0].before, Some(json!("not json")));
    }

    proptest! {
        /// The months never go down, and the last one holds every check.
        #[test]
        fn nothing_checked_is_lost(days in prop::collection::vec(-100i64..600, 0..40)) {
            let year = FiscalYear::try_from(2025).unwrap();
            let checked: Vec<NaiveDate> =
                days.iter().map(|days| year.first_day() + chrono::Duration::days(*days)).collect();
            let ends = months(&checked, year, day("2030-01-01"));
            let counts: Vec<u32> = ends.iter().filter_map(|end| end.checked).collect();
            prop_assert!(counts.is_sorted());
            prop_assert_eq!(counts.last().copied(), u32::try_from(checked.len()).ok());
        }

        /// A difference the other way round is the same difference.
        #[test]
        fn differences_are_symmetric(a in ".{0,20}", b in ".{0,20}", c in 0i64..3, d in 0i64..3) {
            let (one, two) = (json!({ "t": a, "n": { "c": c } }).to_string(), json!({ "t": b, "n": { "c": d } }).to_string());
            let there: Vec<_> = differences(&one, &two);
            let back = differences(&two, &one);
            prop_assert_eq!(there.len(), back.len());
            for (x, y) in there.iter().zip(&back) {
                prop_assert_eq!(&x.path, &y.path);
                prop_assert_eq!((&x.before, &x.after), (&y.after, &y.before));
            }
        }
    }
}
