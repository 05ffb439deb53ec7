//! Dates of a check, and the date by which a no becomes a yes.

use chrono::{Days, NaiveDate};
use komainu_calendar::FiscalYear;
use komainu_catalog::Effort;

/// Why a date cannot stand in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// A check cannot have happened after today.
    Future,
    /// A check of this round cannot lie before its fiscal year.
    BeforeYear,
    /// Nobody fills a year's form that long after the year.
    LongAfterYear,
    /// A later check lies before an earlier one.
    OutOfOrder,
    /// A later check without the first.
    FirstMissing,
    /// The form wants the target inside its fiscal year.
    OutsideYear,
}

/// A form may still be put in order this long after its year.
const AFTER_YEAR: Days = Days::new(366);

/// The first day on which a check of the year's form can have happened.
pub fn earliest_check(year: FiscalYear) -> NaiveDate {
    year.first_day()
}

/// The last day on which a check of the year's form can have happened, seen from today.
pub fn latest_check(year: FiscalYear, today: NaiveDate) -> NaiveDate {
    today.min(year.last_day().checked_add_days(AFTER_YEAR).unwrap_or(NaiveDate::MAX))
}

/// What is wrong with the date of the check in column `index`, seen from today.
pub fn check_fault(
    checked: &[Option<NaiveDate>],
    index: usize,
    year: FiscalYear,
    today: NaiveDate,
) -> Option<DateFault> {
    let date = checked.get(index).copied().flatten()?;
    let before = &checked[..index];
    if date > today {
        Some(DateFault::Future)
    } else if date < earliest_check(year) {
        Some(DateFault::BeforeYear)
    } else if date > latest_check(year, today) {
        Some(DateFault::LongAfterYear)
    } else if before.iter().any(Option::is_none) {
        Some(DateFault::FirstMissing)
    } else if before.iter().flatten().any(|earlier| *earlier > date) {
        Some(DateFault::OutOfOrder)
    } else {
        None
    }
}

/// What is wrong with a target date: the form asks for one inside its fiscal year.
pub fn target_fault(target: NaiveDate, year: FiscalYear) -> Option<DateFault> {
    (!year.contains(target)).then_some(DateFault::OutsideYear)
}

/// A target date to offer: as far away as the work needs, never after the year's end nor before its beginning.
pub fn propose_target(year: FiscalYear, today: NaiveDate, effort: Option<Effort>) -> NaiveDate {
    let days = match effort {
        Some(Effort::Minutes) => 14,
        Some(Effort::Sitting) => 30,
        None | Some(Effort::HalfDay) => 60,
        Some(Effort::Project) => 120,
    };
    let wished = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
    wished.clamp(year.first_day(), year.last_day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn year(number: i32) -> FiscalYear {
        FiscalYear::try_from(number).unwrap()
    }

    #[test]
    fn dates_of_checks() {
        let today = day("2026-11-23");
        for (checked, index, fault) in [
            (vec![None], 0, None),
            (vec![Some("2026-11-23")], 0, None),
            (vec![Some("2026-04-01")], 0, None),
            (vec![Some("2026-11-24")], 0, Some(DateFault::Future)),
            (vec![Some("2026-03-31")], 0, Some(DateFault::BeforeYear)),
            (vec![Some("2026-05-01"), Some("2026-05-01")], 1, None),
            (vec![Some("2026-05-02"), Some("2026-05-01")], 1, Some(DateFault::OutOfOrder)),
            (vec![None, Some("2026-05-01")], 1, Some(DateFault::FirstMissing)),
        ] {
            let checked: Vec<_> = checked.into_iter().map(|text| text.map(day)).collect();
            assert_eq!(check_fault(&checked, index, year(2026), today), fault, "{checked:?}");
        }
        let late = [Some(day("2026-05-01"))];
        assert_eq!(check_fault(&late, 0, year(2024), today), Some(DateFault::LongAfterYear));
        assert_eq!(check_fault(&late, 0, year(2025), today), None);
    }

    #[test]
    fn a_target_lies_in_its_year() {
        for (target, fault) in [
            ("2026-04-01", None),
            ("2027-03-31", None),
            ("2026-03-31", Some(DateFault::OutsideYear)),
            ("2027-04-01", Some(DateFault::OutsideYear)),
        ] {
            assert_eq!(target_fault(day(target), year(2026)), fault, "{target}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_proposed_is_taken(
            days in 0i64..60_000,
            number in 2000i32..2100,
            effort in prop::option::of(prop::sample::select(Effort::ALL.to_vec())),
        ) {
            let today = day("1990-01-01") + chrono::Duration::days(days);
            let proposed = propose_target(year(number), today, effort);
            prop_assert_eq!(target_fault(proposed, year(number)), None);
            if year(number).contains(today) {
                prop_assert!(proposed >= today);
            }
        }

        #[test]
        fn a_check_that_is_taken_lies_between_the_bounds(days in 0i64..20_000, number in 2020i32..2040) {
            let today = day("2026-11-23");
            let date = day("2000-01-01") + chrono::Duration::days(days);
            let taken = check_fault(&[Some(date)], 0, year(number), today).is_none();
            let between = (earliest_check(year(number))..=latest_check(year(number), today)).contains(&date);
            prop_assert_eq!(taken, between);
        }
    }
}
