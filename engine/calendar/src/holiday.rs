//! National holidays of Japan by rule, and business days.
//!
//! Source: 国民の祝日に関する法律 (Act No. 178 of 1948) with its amendments; the special days of 1989, 1990, 1993
//! and 2019 by their own acts, the moved days of 2020 and 2021 by the Olympic special measures act.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::ops::RangeInclusive;

/// The years in which [`holiday`] knows the rules: outside them the formula for the equinoxes does not hold.
pub const HOLIDAY_YEARS: RangeInclusive<i32> = 1980..=2099;

/// Why a day is a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holiday {
    /// 元日
    NewYear,
    /// 成人の日
    ComingOfAge,
    /// 建国記念の日
    Foundation,
    /// 天皇誕生日
    EmperorsBirthday,
    /// 春分の日
    VernalEquinox,
    /// 昭和の日
    Showa,
    /// 憲法記念日
    Constitution,
    /// みどりの日
    Greenery,
    /// こどもの日
    Children,
    /// 海の日
    Marine,
    /// 山の日
    Mountain,
    /// 敬老の日
    RespectForTheAged,
    /// 秋分の日
    AutumnalEquinox,
    /// スポーツの日, 体育の日 until 2019
    Sports,
    /// 文化の日
    Culture,
    /// 勤労感謝の日
    LabourThanksgiving,
    /// A day of the imperial house made a holiday by an act of its own (1989, 1990, 1993, 2019).
    Imperial,
    /// 国民の休日: a day between two holidays.
    Between,
    /// 振替休日: the day off for a holiday that fell on a Sunday.
    Substitute,
}

/// The holiday on a day, substitutes and days between included; none outside [`HOLIDAY_YEARS`].
///
/// The equinoxes are computed. The government fixes them each February for the following year; the formula has
/// agreed since 1980, but a later year stays a forecast.
pub fn holiday(date: NaiveDate) -> Option<Holiday> {
    if !HOLIDAY_YEARS.contains(&date.year()) {
        return None;
    }
    if let Some(named) = named(date) {
        return Some(named);
    }
    let yesterday = date.pred_opt()?;
    if is_substitute(date, yesterday) {
        return Some(Holiday::Substitute);
    }
    let between = date.year() >= 1986
        && date.weekday() != Weekday::Sun
        && named(yesterday).and(named(date.succ_opt()?)).is_some();
    between.then_some(Holiday::Between)
}

/// Whether the holidays before `date` run back without a gap to one on a Sunday. Until 2006 only the Monday itself
/// could be the substitute.
fn is_substitute(date: NaiveDate, yesterday: NaiveDate) -> bool {
    let mut day = yesterday;
    while named(day).is_some() {
        if day.weekday() == Weekday::Sun {
            return date.year() >= 2007 || date.weekday() == Weekday::Mon;
        }
        match day.pred_opt() {
            Some(before) => day = before,
            None => return false,
        }
    }
    false
}

/// The holidays that the law names, without substitutes and days between.
fn named(date: NaiveDate) -> Option<Holiday> {
    let year = date.year();
    match (date.month(), date.day()) {
        (1, 1) => Some(Holiday::NewYear),
        (1, 15) if year < 2000 => Some(Holiday::ComingOfAge),
        (1, _) if year >= 2000 && is_monday(date, 2) => Some(Holiday::ComingOfAge),
        (2, 11) => Some(Holiday::Foundation),
        (2, 23) if year >= 2020 => Some(Holiday::EmperorsBirthday),
        (2, 24) if year == 1989 => Some(Holiday::Imperial),
        (3, day) if day == equinox(year, 20_843_100) => Some(Holiday::VernalEquinox),
        (4, 29) => Some(match year {
            ..=1988 => Holiday::EmperorsBirthday,
            1989..=2006 => Holiday::Greenery,
            _ => Holiday::Showa,
        }),
        (5, 1) | (10, 22) if year == 2019 => Some(Holiday::Imperial),
        (5, 3) => Some(Holiday::Constitution),
        (5, 4) if year >= 2007 => Some(Holiday::Greenery),
        (5, 5) => Some(Holiday::Children),
        (6, 9) if year == 1993 => Some(Holiday::Imperial),
        (11, 3) => Some(Holiday::Culture),
        (11, 12) if year == 1990 => Some(Holiday::Imperial),
        (11, 23) => Some(Holiday::LabourThanksgiving),
        (12, 23) if (1989..=2018).contains(&year) => Some(Holiday::EmperorsBirthday),
        (7 | 8 | 10, _) if matches!(year, 2020 | 2021) => moved_for_the_olympics(date),
        (7..=10, _) => named_in_summer(date),
        _ => None,
    }
}

/// July to October, where the laws changed most.
fn named_in_summer(date: NaiveDate) -> Option<Holiday> {
    let year = date.year();
    match (year, date.month(), date.day()) {
        (1996..=2002, 7, 20) => Some(Holiday::Marine),
        (2003.., 7, _) if is_monday(date, 3) => Some(Holiday::Marine),
        (2016.., 8, 11) => Some(Holiday::Mountain),
        (..=2002, 9, 15) => Some(Holiday::RespectForTheAged),
        (2003.., 9, _) if is_monday(date, 3) => Some(Holiday::RespectForTheAged),
        (_, 9, day) if day == equinox(year, 23_248_800) => Some(Holiday::AutumnalEquinox),
        (..=1999, 10, 10) => Some(Holiday::Sports),
        (2000.., 10, _) if is_monday(date, 2) => Some(Holiday::Sports),
        _ => None,
    }
}

fn moved_for_the_olympics(date: NaiveDate) -> Option<Holiday> {
    match (date.year(), date.month(), date.day()) {
        (2020, 7, 23) | (2021, 7, 22) => Some(Holiday::Marine),
        (2020, 7, 24) | (2021, 7, 23) => Some(Holiday::Sports),
        (2020, 8, 10) | (2021, 8, 8) => Some(Holiday::Mountain),
        _ => None,
    }
}

fn is_monday(date: NaiveDate, nth: u32) -> bool {
    date.weekday() == Weekday::Mon && date.day().div_ceil(7) == nth
}

/// The day of the month of an equinox, by the usual formula for 1980 to 2099: the day in 1980 (in millionths), a
/// tropical year's surplus over 365 days for each year since, less the leap days.
fn equinox(year: i32, in_1980: i32) -> u32 {
    let years = year - 1980;
    ((in_1980 + 242_194 * years) / 1_000_000 - years / 4).unsigned_abs()
}

/// Whether 29 December to 3 January count as days off, as in public offices (行政機関の休日に関する法律) and most
/// companies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YearEnd {
    /// Only the calendar's holidays are off.
    Open,
    /// 29 December to 3 January are off.
    Closed,
}

/// Whether the day is from Monday to Friday and no holiday.
pub fn is_business_day(date: NaiveDate, year_end: YearEnd) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let closed =
        year_end == YearEnd::Closed && matches!((date.month(), date.day()), (12, 29..=31) | (1, 1..=3));
    !weekend && !closed && holiday(date).is_none()
}

/// The `count`-th business day after the date; with 0 the date itself or, if it is none, the next one.
pub fn add_business_days(date: NaiveDate, count: u32, year_end: YearEnd) -> NaiveDate {
    let mut left = count;
    let mut day = date;
    loop {
        if is_business_day(day, year_end) && (day > date || count == 0) {
            left = left.saturating_sub(1);
            if left == 0 {
                return day;
            }
        }
        match day.checked_add_days(Days::new(1)) {
            Some(next) => day = next,
            None => return day,
        }
    }
}

#[cfg(test)]
mod tests;
