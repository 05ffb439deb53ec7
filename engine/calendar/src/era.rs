//! The Japanese eras and the years counted in them.

use crate::FIRST_YEAR;
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// An era of the Japanese calendar. A new one needs a variant here and its first day below, nothing else.
///
/// First days: 明治 is converted from the Gregorian calendar's introduction on; the others begin on the day their
/// ordinance names (大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01). The days on which 大正
/// and 昭和 were proclaimed belong to the new era.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 明治, until 29 July 1912.
    Meiji,
    /// 大正, until 24 December 1926.
    Taisho,
    /// 昭和, until 7 January 1989.
    Showa,
    /// 平成, until 30 April 2019.
    Heisei,
    /// 令和, from 1 May 2019.
    Reiwa,
}

impl Era {
    /// Every era, oldest first.
    pub const ALL: [Era; 5] = [Era::Meiji, Era::Taisho, Era::Showa, Era::Heisei, Era::Reiwa];

    /// The era a day lies in; none before 1873-01-01.
    pub fn of(date: NaiveDate) -> Option<Era> {
        Era::ALL.into_iter().rev().find(|era| era.first_day() <= date)
    }

    /// The era's name: `令和`.
    pub const fn name(self) -> &'static str {
        match self {
            Era::Meiji => "明治",
            Era::Taisho => "大正",
            Era::Showa => "昭和",
            Era::Heisei => "平成",
            Era::Reiwa => "令和",
        }
    }

    /// The letter that stands for the era on forms: `R`.
    pub const fn letter(self) -> char {
        match self {
            Era::Meiji => 'M',
            Era::Taisho => 'T',
            Era::Showa => 'S',
            Era::Heisei => 'H',
            Era::Reiwa => 'R',
        }
    }

    /// The first day this crate counts in the era.
    pub fn first_day(self) -> NaiveDate {
        let (year, month, day) = match self {
            Era::Meiji => (FIRST_YEAR, 1, 1),
            Era::Taisho => (1912, 7, 30),
            Era::Showa => (1926, 12, 25),
            Era::Heisei => (1989, 1, 8),
            Era::Reiwa => (2019, 5, 1),
        };
        NaiveDate::from_ymd_opt(year, month, day).expect("the table above holds days of the calendar")
    }

    /// The era's last day; none for the present era.
    pub fn last_day(self) -> Option<NaiveDate> {
        Era::ALL.into_iter().find(|next| *next > self).and_then(|next| next.first_day().pred_opt())
    }

    /// The western year of the era's year 1.
    pub const fn first_year(self) -> i32 {
        match self {
            Era::Meiji => 1868,
            Era::Taisho => 1912,
            Era::Showa => 1926,
            Era::Heisei => 1989,
            Era::Reiwa => 2019,
        }
    }
}

impl fmt::Display for Era {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A year counted in an era, which is all that is needed besides month and day to write a date.
///
/// Displays as `令和8年`, the first year as `令和元年`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EraDate {
    /// The era.
    pub era: Era,
    /// The year within it, from 1.
    pub year: i32,
}

impl EraDate {
    /// The era and its year on a day; none before 1873-01-01.
    pub fn of(date: NaiveDate) -> Option<EraDate> {
        let era = Era::of(date)?;
        Some(EraDate { era, year: date.year() - era.first_year() + 1 })
    }

    /// The western year: `令和8年` is 2026.
    pub const fn western_year(self) -> i32 {
        self.era.first_year().saturating_add(self.year).saturating_sub(1)
    }
}

impl fmt::Display for EraDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            1 => write!(f, "{}元年", self.era),
            year => write!(f, "{}{year}年", self.era),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn eras_begin_and_end_on_the_day() {
        for (date, expected) in [
            (day(2019, 4, 30), "平成31年"),
            (day(2019, 5, 1), "令和元年"),
            (day(2020, 1, 1), "令和2年"),
            (day(1989, 1, 7), "昭和64年"),
            (day(1989, 1, 8), "平成元年"),
            (day(1926, 12, 24), "大正15年"),
            (day(1926, 12, 25), "昭和元年"),
            (day(1912, 7, 29), "明治45年"),
            (day(1912, 7, 30), "大正元年"),
            (day(1873, 1, 1), "明治6年"),
        ] {
            assert_eq!(EraDate::of(date).unwrap().to_string(), expected, "{date}");
        }
        assert_eq!(EraDate::of(day(1872, 12, 31)), None);
    }

    #[test]
    fn every_era_ends_the_day_before_the_next() {
        for pair in Era::ALL.windows(2) {
            assert_eq!(pair[0].last_day().unwrap().succ_opt().unwrap(), pair[1].first_day());
        }
        assert_eq!(Era::Reiwa.last_day(), None);
    }

    proptest! {
        #[test]
        fn the_western_year_comes_back(days in 0_i64..119_000) {
            let date = Era::Meiji.first_day() + chrono::Duration::days(days);
            prop_assert_eq!(EraDate::of(date).unwrap().western_year(), date.year());
        }
    }
}
