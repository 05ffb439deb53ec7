//! The fiscal year, April to March.

use crate::{EraDate, FIRST_YEAR, LAST_YEAR};
use chrono::{Datelike, NaiveDate};
use komainu_language::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A Japanese fiscal year: 2026 runs from 1 April 2026 to 31 March 2027.
///
/// Displays, sorts and is stored as the number of the year it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct FiscalYear(i32);

/// The number is no year between [`FIRST_YEAR`] and [`LAST_YEAR`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} is not a fiscal year between {FIRST_YEAR} and {LAST_YEAR}")]
pub struct YearOutOfRange(pub i32);

impl FiscalYear {
    /// The fiscal year a day lies in. Days outside the years this crate knows count to its first or last year.
    pub fn of(date: NaiveDate) -> FiscalYear {
        let year = if date.month() < 4 { date.year() - 1 } else { date.year() };
        FiscalYear(year.clamp(FIRST_YEAR, LAST_YEAR))
    }

    /// The number of the year it begins in.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// 1 April.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0, 4, 1).expect("every year has a first of April")
    }

    /// 31 March of the following year.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0 + 1, 3, 31).expect("every year has a last of March")
    }

    /// Whether the day lies in it.
    pub fn contains(self, date: NaiveDate) -> bool {
        (self.first_day()..=self.last_day()).contains(&date)
    }

    /// The year after; the last year this crate knows follows itself.
    #[must_use]
    pub fn next(self) -> FiscalYear {
        FiscalYear((self.0 + 1).min(LAST_YEAR))
    }

    /// The year before; the first year this crate knows precedes itself.
    #[must_use]
    pub fn previous(self) -> FiscalYear {
        FiscalYear((self.0 - 1).max(FIRST_YEAR))
    }

    /// The year's name: `令和8年度`, `FY2026`, `2026年度`.
    ///
    /// A year in which the era changed bears the new era's name as a whole, as the government decided for
    /// 令和元年度 (agreement of the ministries of 2 April 2019).
    pub fn name(self, lang: Lang) -> String {
        match lang {
            Lang::Ja => {
                let new_years_eve =
                    NaiveDate::from_ymd_opt(self.0, 12, 31).expect("every year has a last of December");
                match EraDate::of(new_years_eve) {
                    Some(era) => format!("{era}度"),
                    None => format!("{}年度", self.0),
                }
            }
            Lang::En => format!("FY{}", self.0),
            Lang::Zh => format!("{}年度", self.0),
        }
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<i32> for FiscalYear {
    type Error = YearOutOfRange;

    fn try_from(number: i32) -> Result<Self, Self::Error> {
        if (FIRST_YEAR..=LAST_YEAR).contains(&number) {
            Ok(FiscalYear(number))
        } else {
            Err(YearOutOfRange(number))
        }
    }
}

impl From<FiscalYear> for i32 {
    fn from(year: FiscalYear) -> i32 {
        year.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_by_language() {
        for (number, ja) in [
            (2018, "平成30年度"),
            (2019, "令和元年度"),
            (2026, "令和8年度"),
            (1988, "昭和63年度"),
            (1989, "平成元年度"),
        ] {
            assert_eq!(FiscalYear::try_from(number).unwrap().name(Lang::Ja), ja);
        }
        let year = FiscalYear::try_from(2026).unwrap();
        assert_eq!(year.name(Lang::En), "FY2026");
        assert_eq!(year.name(Lang::Zh), "2026年度");
        assert_eq!(year.to_string(), "2026");
    }

    #[test]
    fn numbers_that_are_no_year_are_refused() {
        assert_eq!(FiscalYear::try_from(26), Err(YearOutOfRange(26)));
        assert_eq!(FiscalYear::try_from(i32::MAX), Err(YearOutOfRange(i32::MAX)));
    }

    #[test]
    fn extreme_days_do_not_break_it() {
        assert_eq!(FiscalYear::of(NaiveDate::MIN).number(), FIRST_YEAR);
        assert_eq!(FiscalYear::of(NaiveDate::MAX).number(), LAST_YEAR);
        assert_eq!(FiscalYear::of(NaiveDate::MAX).next().number(), LAST_YEAR);
    }

    proptest! {
        #[test]
        fn a_day_lies_in_its_year_and_in_no_neighbour(days in 0_i64..100_000) {
            let date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::Duration::days(days);
            let year = FiscalYear::of(date);
            prop_assert!(year.contains(date));
            prop_assert!(!year.next().contains(date) && !year.previous().contains(date));
            prop_assert_eq!(year.last_day().succ_opt().unwrap(), year.next().first_day());
            prop_assert_eq!(year.next().previous(), year);
            prop_assert!(year.previous() < year && year < year.next());
        }
    }
}
