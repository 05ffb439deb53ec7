use super::*;
use crate::{DateStyle, format_date, weekday_name};
use komainu_language::Lang;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A Wednesday in fiscal year 2026.
fn today() -> NaiveDate {
    day(2026, 11, 18)
}

fn parsed(input: &str) -> Result<NaiveDate, DateError> {
    parse_date(input, today())
}

#[test]
fn one_day_in_every_spelling() {
    for input in [
        "2026-11-22",
        "2026/11/22",
        "2026.11.22",
        "2026 11 22",
        "20261122",
        "２０２６１１２２",
        "2026年11月22日",
        "2026年 11月 22日",
        "２０２６年１１月２２日",
        "令和8年11月22日",
        "令和 8年11月22日",
        "令和08年11月22日",
        "㋿8年11月22日",
        "令8.11.22",
        "R8.11.22",
        "R.8.11.22",
        "r8/11/22",
        "R8-11-22",
        "Ｒ８．１１．２２",
        "Reiwa 8.11.22",
        "8.11.22",
        "8年11月22日",
        "26/11/22",
        "令和八年十一月二十二日",
        "二〇二六年十一月二十二日",
        "2026年11月22日（日）",
        "2026年11月22日(日・祝)",
        "2026/11/22 (Sun)",
        "2026年11月22日（周日）",
        "2026年11月22日（星期天）",
        "令和8年11月22日 日曜日",
        "令和8年11月22日日曜",
        "令和8年11月22日（2026年）",
        "\u{3000}令和8年11月22日\u{3000}",
        "2026−11−22",
        "2026ー11ー22",
        "2026・11・22",
        "11/22",
        "11月22日",
        "十一月二十二日",
        "11-22",
        "22 Nov 2026",
        "Nov 22, 2026",
        "november 22 2026",
        "22 Nov",
    ] {
        assert_eq!(parsed(input), Ok(day(2026, 11, 22)), "{input}");
    }
}

#[test]
fn other_eras_and_first_years() {
    for (input, expected) in [
        ("令和元年5月1日", day(2019, 5, 1)),
        ("R1.5.1", day(2019, 5, 1)),
        ("平成31年4月30日", day(2019, 4, 30)),
        ("H31.4.30", day(2019, 4, 30)),
        ("平成元年1月8日", day(1989, 1, 8)),
        ("S64.1.7", day(1989, 1, 7)),
        ("昭和六十四年一月七日", day(1989, 1, 7)),
        ("T1.7.30", day(1912, 7, 30)),
        ("明治45年7月29日", day(1912, 7, 29)),
        ("M6.1.1", day(1873, 1, 1)),
    ] {
        assert_eq!(parsed(input), Ok(expected), "{input}");
    }
}

#[test]
fn month_and_day_fall_in_the_fiscal_year() {
    for (input, expected) in
        [("3/31", day(2027, 3, 31)), ("4/1", day(2026, 4, 1)), ("1月5日", day(2027, 1, 5))]
    {
        assert_eq!(parsed(input), Ok(expected), "{input}");
    }
    assert_eq!(parse_date("4/1", day(2027, 2, 1)), Ok(day(2026, 4, 1)));
    assert_eq!(parse_date("2/29", day(2027, 5, 1)), Ok(day(2028, 2, 29)));
}

#[test]
fn short_years_are_the_nearer_ones() {
    for (input, expected) in [
        ("5.4.1", day(2023, 4, 1)),
        ("12.4.1", day(2030, 4, 1)),
        ("17.4.1", day(2035, 4, 1)),
        ("24.4.1", day(2024, 4, 1)),
        ("0.4.1", day(2000, 4, 1)),
    ] {
        assert_eq!(parsed(input), Ok(expected), "{input}");
    }
}

#[test]
fn words() {
    for (input, expected) in [
        ("今日", day(2026, 11, 18)),
        ("明日", day(2026, 11, 19)),
        ("あさって", day(2026, 11, 20)),
        ("昨日", day(2026, 11, 17)),
        ("来週", day(2026, 11, 25)),
        ("月末", day(2026, 11, 30)),
        ("年度末", day(2027, 3, 31)),
        ("Today", day(2026, 11, 18)),
        ("明天", day(2026, 11, 19)),
    ] {
        assert_eq!(parsed(input), Ok(expected), "{input}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let outside = |era, year, month, d| DateError::OutsideEra { era, means: day(year, month, d) };
    for (input, expected) in [
        ("", DateError::Empty),
        (" \u{3000}", DateError::Empty),
        ("さくら", DateError::Unreadable),
        ("-2026-11-22", DateError::Unreadable),
        ("2026-11-22-1", DateError::Unreadable),
        ("11日22月", DateError::Unreadable),
        ("2026年11月22日（桜）", DateError::Unreadable),
        ("2026年11月22日)", DateError::Unreadable),
        ("12345", DateError::Unreadable),
        ("令和令和8年1月1日", DateError::Unreadable),
        ("曜日", DateError::Unreadable),
        ("()", DateError::Unreadable),
        ("2026", DateError::DayMissing),
        ("2026年", DateError::DayMissing),
        ("2026年11月", DateError::DayMissing),
        ("2026/11", DateError::DayMissing),
        ("令和8年", DateError::DayMissing),
        ("令和8年11月", DateError::DayMissing),
        ("Nov 2026", DateError::DayMissing),
        ("2026-13-01", DateError::NoSuchMonth { month: 13 }),
        ("0/10", DateError::NoSuchMonth { month: 0 }),
        ("2026-02-29", DateError::NoSuchDay { year: 2026, month: 2, day: 29, last: 28 }),
        ("令和8年4月31日", DateError::NoSuchDay { year: 2026, month: 4, day: 31, last: 30 }),
        ("2926-11-22", DateError::YearOutOfRange { year: 2926 }),
        ("202-11-22", DateError::YearOutOfRange { year: 202 }),
        ("明治5年1月1日", DateError::YearOutOfRange { year: 1872 }),
        ("昭和65年1月1日", outside(Era::Showa, 1990, 1, 1)),
        ("昭和64年1月8日", outside(Era::Showa, 1989, 1, 8)),
        ("平成33年3月31日", outside(Era::Heisei, 2021, 3, 31)),
        ("令和元年4月30日", outside(Era::Reiwa, 2019, 4, 30)),
        ("2026年11月22日（月）", DateError::Contradiction { date: day(2026, 11, 22) }),
        ("令和8年11月22日（2025年）", DateError::Contradiction { date: day(2026, 11, 22) }),
    ] {
        assert_eq!(parsed(input), Err(expected), "{input}");
    }
}

proptest! {
    #[test]
    fn what_is_written_can_be_read(days in 0_i64..119_000) {
        let date = Era::Meiji.first_day() + chrono::Duration::days(days);
        for lang in Lang::ALL {
            for style in [DateStyle::Western, DateStyle::Era, DateStyle::Both] {
                let text = format_date(date, lang, style);
                prop_assert_eq!(parsed(&text), Ok(date), "{}", text);
                let text = format!("{text}（{}）", weekday_name(date.weekday(), lang));
                if style != DateStyle::Both {
                    prop_assert_eq!(parsed(&text), Ok(date), "{}", text);
                }
            }
        }
    }

    #[test]
    fn anything_typed_is_answered(input in "\\PC{0,40}") {
        let _ = parsed(&input);
    }

    #[test]
    fn anything_like_a_date_is_answered_within_the_years(
        input in "[RHSTM令和平成昭元]{0,2}[0-9０-９一二十〇]{0,9}[年/.ー -]{0,2}[0-9十]{0,3}[月/. ]{0,1}[0-9十]{0,3}[日 曜)（(]{0,3}"
    ) {
        if let Ok(date) = parsed(&input) {
            prop_assert!((FIRST_YEAR..=LAST_YEAR).contains(&date.year()));
        }
    }
}
