//! How a date is written in each language.

use crate::EraDate;
use chrono::{Datelike, NaiveDate, Weekday};
use komainu_language::Lang;

/// Which years a date in Japanese shows. Other languages always show the western year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateStyle {
    /// `2026年11月22日`
    Western,
    /// `令和8年11月22日`
    #[default]
    Era,
    /// `令和8年11月22日（2026年）`
    Both,
}

/// Writes a date: `令和8年11月22日` and its variants, `22 Nov 2026`, `2026年11月22日`.
///
/// A day before the eras this crate converts is written with the western year.
pub fn format_date(date: NaiveDate, lang: Lang, style: DateStyle) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match (lang, style, EraDate::of(date)) {
        (Lang::En, ..) => date.format("%-d %b %Y").to_string(),
        (Lang::Ja, DateStyle::Era, Some(era)) => format!("{era}{month}月{day}日"),
        (Lang::Ja, DateStyle::Both, Some(era)) => format!("{era}{month}月{day}日（{year}年）"),
        (Lang::Ja | Lang::Zh, ..) => format!("{year}年{month}月{day}日"),
    }
}

/// The short name of a day of the week: `日`, `Sun`, `周日`.
pub const fn weekday_name(day: Weekday, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Ja => ["月", "火", "水", "木", "金", "土", "日"],
        Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    };
    names[day as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_and_style() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        for (lang, style, expected) in [
            (Lang::Ja, DateStyle::Era, "令和8年11月2日"),
            (Lang::Ja, DateStyle::Western, "2026年11月2日"),
            (Lang::Ja, DateStyle::Both, "令和8年11月2日（2026年）"),
            (Lang::En, DateStyle::Era, "2 Nov 2026"),
            (Lang::Zh, DateStyle::Both, "2026年11月2日"),
        ] {
            assert_eq!(format_date(date, lang, style), expected);
        }
        let old = NaiveDate::from_ymd_opt(1860, 5, 6).unwrap();
        assert_eq!(format_date(old, Lang::Ja, DateStyle::Both), "1860年5月6日");
    }

    #[test]
    fn weekdays() {
        let sunday = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().weekday();
        assert_eq!(Lang::ALL.map(|lang| weekday_name(sunday, lang)), ["日", "Sun", "周日"]);
    }
}
