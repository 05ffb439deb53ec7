//! Reading the dates that people type.

use crate::{Era, FIRST_YEAR, FiscalYear, LAST_YEAR, numeral};
use chrono::{Datelike, Days, Month, NaiveDate, Weekday};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Why an input is no date. A message to the person adds an example, best [`crate::format_date`] of today.
///
/// The texts here are for the log; what a person reads belongs to the pages.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was typed.
    #[error("no date given")]
    Empty,
    /// Not written like a date.
    #[error("not written like a date")]
    Unreadable,
    /// A year, or a year and a month, without a day.
    #[error("the day is missing")]
    DayMissing,
    /// The western year is not between [`FIRST_YEAR`] and [`LAST_YEAR`].
    #[error("the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")]
    YearOutOfRange {
        /// The western year that was meant.
        year: i32,
    },
    /// There is no thirteenth month.
    #[error("there is no month {month}")]
    NoSuchMonth {
        /// What stands where the month should.
        month: u32,
    },
    /// The month has no such day, such as 30 February.
    #[error("month {month} of {year} has {last} days, not {day}")]
    NoSuchDay {
        /// The western year.
        year: i32,
        /// The month.
        month: u32,
        /// What stands where the day should.
        day: u32,
        /// The month's last day in that year.
        last: u32,
    },
    /// The era had not begun or was over on that day, such as 昭和65年 or 令和元年4月30日.
    ///
    /// Not read tacitly as another era: old papers do bear 平成33年, but so do slips of the key. `means` is the
    /// day if the years were counted on, to be offered to the person.
    #[error("the day lies outside {era}; counted on it is {means}")]
    OutsideEra {
        /// The era that was written.
        era: Era,
        /// The day if the era's years were counted on (or back).
        means: NaiveDate,
    },
    /// The weekday or the western year in brackets belongs to another day than the date before it.
    #[error("what stands in brackets does not belong to {date}")]
    Contradiction {
        /// The date before the brackets.
        date: NaiveDate,
    },
}

/// Reads a date as typed: full or half width, western or era years (`令和8年11月22日`, `R8.11.22`, `H31.4.30`),
/// kanji numerals, `20261122`, `22 Nov 2026`, words such as 今日, 明日, 来週, 月末, 年度末, with or without the
/// weekday or the western year in brackets, which must then agree.
///
/// - Month and day alone mean that day in today's fiscal year.
/// - A year of one or two digits without era is the present era's year or one of this century, whichever is nearer
///   to today; of two equally near ones the era's.
/// - An era year outside its era is refused ([`DateError::OutsideEra`]).
pub fn parse_date(input: &str, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let text = input.nfkc().collect::<String>().to_lowercase();
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    if text.chars().count() > 60 {
        return Err(DateError::Unreadable);
    }
    if let Some(date) = by_word(text, today) {
        return Ok(date);
    }
    let (text, hint) = split_hint(text)?;
    let date = Parts::read(text)?.resolve(today)?;
    let agrees = match hint {
        None => true,
        Some(Hint::Weekday(day)) => date.weekday() == day,
        Some(Hint::Year(year)) => date.year() == year,
    };
    if agrees { Ok(date) } else { Err(DateError::Contradiction { date }) }
}

fn by_word(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match text {
        "今日" | "本日" | "きょう" | "today" | "今天" => Some(today),
        "明日" | "あした" | "あす" | "tomorrow" | "明天" => today.succ_opt(),
        "明後日" | "あさって" | "后天" => today.checked_add_days(Days::new(2)),
        "昨日" | "きのう" | "yesterday" | "昨天" => today.pred_opt(),
        "一昨日" | "おととい" | "前天" => today.checked_sub_days(Days::new(2)),
        "来週" | "1週間後" | "next week" => today.checked_add_days(Days::new(7)),
        "月末" | "今月末" => today.with_day(last_day_of(today.year(), today.month())),
        "年度末" | "今年度末" => Some(FiscalYear::of(today).last_day()),
        _ => None,
    }
}

/// What may stand behind a date to confirm it.
enum Hint {
    Weekday(Weekday),
    Year(i32),
}

fn split_hint(text: &str) -> Result<(&str, Option<Hint>), DateError> {
    if let Some(inside) = text.strip_suffix(')') {
        let (date, inside) = inside.rsplit_once('(').ok_or(DateError::Unreadable)?;
        let year = inside.strip_suffix('年').and_then(numeral::number).and_then(|y| i32::try_from(y).ok());
        let hint = year.map(Hint::Year).or_else(|| weekday(inside.trim()).map(Hint::Weekday));
        return hint.map(|hint| (date.trim_end(), Some(hint))).ok_or(DateError::Unreadable);
    }
    if let Some(rest) = text.strip_suffix("曜日").or_else(|| text.strip_suffix('曜')) {
        let (at, name) = rest.char_indices().next_back().ok_or(DateError::Unreadable)?;
        let day = japanese_weekday(name).ok_or(DateError::Unreadable)?;
        return Ok((rest[..at].trim_end(), Some(Hint::Weekday(day))));
    }
    Ok((text, None))
}

fn weekday(name: &str) -> Option<Weekday> {
    if let Ok(day) = name.parse::<Weekday>() {
        return Some(day);
    }
    for prefix in ["周", "星期", "礼拜"] {
        if let Some(number) = name.strip_prefix(prefix) {
            return "一二三四五六日天".chars().position(|c| number.chars().eq([c])).map(|at| DAYS[at.min(6)]);
        }
    }
    let mut chars = name.chars();
    let day = japanese_weekday(chars.next()?)?;
    chars.all(|c| "曜日祝休・".contains(c)).then_some(day)
}

const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn japanese_weekday(name: char) -> Option<Weekday> {
    "月火水木金土日".chars().position(|c| c == name).map(|at| DAYS[at])
}

/// What follows a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Year,
    Month,
    Day,
    /// A separator of any kind, or the end.
    Plain,
}

#[derive(Clone, Copy)]
struct Number {
    value: u32,
    /// Characters written, which tells `26` from `2026` and `20261122`.
    width: usize,
    mark: Mark,
}

/// A date taken apart, before anything is known about its sense.
#[derive(Default)]
struct Parts {
    era: Option<Era>,
    month_name: Option<u32>,
    numbers: Vec<Number>,
}

impl Parts {
    fn read(text: &str) -> Result<Parts, DateError> {
        let mut parts = Parts::default();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            rest = if let Some((era, after)) = era_name(rest).filter(|_| parts.is_empty()) {
                parts.era = Some(era);
                match after.trim_start().strip_prefix('元') {
                    None => after,
                    Some(after) => {
                        parts.numbers.push(Number { value: 1, width: 1, mark: Mark::Plain });
                        after
                    }
                }
            } else if numeral::is_numeral(c) {
                let (run, after) = split_while(rest, numeral::is_numeral);
                let value = numeral::number(run).ok_or(DateError::Unreadable)?;
                parts.numbers.push(Number { value, width: run.chars().count(), mark: Mark::Plain });
                after
            } else if c.is_ascii_alphabetic() && parts.month_name.is_none() {
                let (word, after) = split_while(rest, |c| c.is_ascii_alphabetic());
                let month = word.parse::<Month>().map_err(|_| DateError::Unreadable)?;
                parts.month_name = Some(month.number_from_month());
                after
            } else {
                parts.separate(c)?;
                &rest[c.len_utf8()..]
            };
        }
        if parts.numbers.len() > 3 { Err(DateError::Unreadable) } else { Ok(parts) }
    }

    fn is_empty(&self) -> bool {
        self.era.is_none() && self.month_name.is_none() && self.numbers.is_empty()
    }

    fn separate(&mut self, c: char) -> Result<(), DateError> {
        let mark = match c {
            '年' => Mark::Year,
            '月' => Mark::Month,
            '日' => Mark::Day,
            '/' | '.' | ',' | '・' | '、' => Mark::Plain,
            c if c.is_whitespace() || crate::fold::is_hyphen(c) => Mark::Plain,
            _ => return Err(DateError::Unreadable),
        };
        if mark == Mark::Plain {
            return if self.is_empty() { Err(DateError::Unreadable) } else { Ok(()) };
        }
        match self.numbers.last_mut() {
            Some(number) if number.mark == Mark::Plain => {
                number.mark = mark;
                Ok(())
            }
            _ => Err(DateError::Unreadable),
        }
    }

    fn resolve(&self, today: NaiveDate) -> Result<NaiveDate, DateError> {
        use Mark::{Day, Month, Plain, Year};
        if let Some(month) = self.month_name {
            return self.resolve_english(month, today);
        }
        let marks = self.numbers.iter().map(|n| n.mark).collect::<Vec<_>>();
        match (self.era, self.numbers.as_slice(), marks.as_slice()) {
            (era, [year, month, day], [Year | Plain, Month | Plain, Day | Plain]) => match era {
                Some(era) => in_era(era, year.value, month.value, day.value),
                None if year.width < 3 => near(year.value, month.value, day.value, today),
                None => on(signed(year.value), month.value, day.value),
            },
            (None, [month, day], [Month | Plain, Day | Plain]) if month.width < 3 => {
                in_this_year(month.value, day.value, today)
            }
            (_, [_, _], [Year | Plain, Month | Plain]) | (Some(_), [_], [Year | Plain]) => {
                Err(DateError::DayMissing)
            }
            (None, [all], [Plain]) if all.width == 8 => {
                on(signed(all.value / 10_000), all.value / 100 % 100, all.value % 100)
            }
            (None, [year], [mark @ (Year | Plain)]) if *mark == Year || year.width == 4 => {
                Err(DateError::DayMissing)
            }
            _ => Err(DateError::Unreadable),
        }
    }

    /// `22 Nov 2026`, `Nov 22, 2026`, `22 Nov`.
    fn resolve_english(&self, month: u32, today: NaiveDate) -> Result<NaiveDate, DateError> {
        if self.era.is_some() || self.numbers.iter().any(|n| n.mark != Mark::Plain) {
            return Err(DateError::Unreadable);
        }
        match self.numbers.as_slice() {
            [day, year] if year.width == 4 => on(signed(year.value), month, day.value),
            [day] if day.width < 3 => in_this_year(month, day.value, today),
            [_] => Err(DateError::DayMissing),
            _ => Err(DateError::Unreadable),
        }
    }
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

/// An era at the start of the text, in any of its spellings, and what follows it.
fn era_name(text: &str) -> Option<(Era, &str)> {
    let (word, after) = split_while(text, |c| c.is_ascii_alphabetic());
    if !word.is_empty() {
        let era = match word {
            "m" | "meiji" => Era::Meiji,
            "t" | "taisho" => Era::Taisho,
            "s" | "showa" => Era::Showa,
            "h" | "heisei" => Era::Heisei,
            "r" | "reiwa" => Era::Reiwa,
            _ => return None,
        };
        return Some((era, after));
    }
    let abbreviated = |era: Era| text.strip_prefix(era.name().chars().next()?);
    Era::ALL
        .into_iter()
        .find_map(|era| Some((era, text.strip_prefix(era.name()).or_else(|| abbreviated(era))?)))
}

/// Numbers are at most eight digits, so that this always fits.
fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn on(year: i32, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(DateError::YearOutOfRange { year });
    }
    if !(1..=12).contains(&month) {
        return Err(DateError::NoSuchMonth { month });
    }
    let last = last_day_of(year, month);
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::NoSuchDay { year, month, day, last })
}

fn last_day_of(year: i32, month: u32) -> u32 {
    match month {
        2 if NaiveDate::from_ymd_opt(year, 2, 29).is_some() => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn in_era(era: Era, year: u32, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    let western = era.first_year().saturating_add(signed(year)).saturating_sub(1);
    let means = on(western, month, day)?;
    if Era::of(means) == Some(era) { Ok(means) } else { Err(DateError::OutsideEra { era, means }) }
}

fn near(year: u32, month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let present = Era::of(today).unwrap_or(Era::Reiwa);
    let by_era = present.first_year() + signed(year) - 1;
    let western = today.year().div_euclid(100) * 100 + signed(year);
    let far = |year: i32| (year - today.year()).abs();
    if year > 0 && far(by_era) <= far(western) {
        in_era(present, year, month, day)
    } else {
        on(western, month, day)
    }
}

fn in_this_year(month: u32, day: u32, today: NaiveDate) -> Result<NaiveDate, DateError> {
    let fiscal = FiscalYear::of(today).number();
    on(if month < 4 { fiscal + 1 } else { fiscal }, month, day)
}

#[cfg(test)]
mod tests;
