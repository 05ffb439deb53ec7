use super::*;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn days_off(year: i32) -> String {
    let days = day(year, 1, 1).iter_days().take_while(|d| d.year() == year);
    days.filter(|d| holiday(*d).is_some())
        .map(|d| d.format("%-m/%-d").to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The days off of real years, as published by the Cabinet Office.
#[test]
fn real_years() {
    for (year, expected) in [
        (1988, "1/1 1/15 2/11 3/20 3/21 4/29 5/3 5/4 5/5 9/15 9/23 10/10 11/3 11/23"),
        (1989, "1/1 1/2 1/15 1/16 2/11 2/24 3/21 4/29 5/3 5/4 5/5 9/15 9/23 10/10 11/3 11/23 12/23"),
        (
            1990,
            "1/1 1/15 2/11 2/12 3/21 4/29 4/30 5/3 5/4 5/5 9/15 9/23 9/24 10/10 11/3 11/12 11/23 12/23 12/24",
        ),
        (2003, "1/1 1/13 2/11 3/21 4/29 5/3 5/5 7/21 9/15 9/23 10/13 11/3 11/23 11/24 12/23"),
        (2008, "1/1 1/14 2/11 3/20 4/29 5/3 5/4 5/5 5/6 7/21 9/15 9/23 10/13 11/3 11/23 11/24 12/23"),
        (2009, "1/1 1/12 2/11 3/20 4/29 5/3 5/4 5/5 5/6 7/20 9/21 9/22 9/23 10/12 11/3 11/23 12/23"),
        (2016, "1/1 1/11 2/11 3/20 3/21 4/29 5/3 5/4 5/5 7/18 8/11 9/19 9/22 10/10 11/3 11/23 12/23"),
        (
            2019,
            "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23",
        ),
        (2020, "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23"),
        (2021, "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23"),
        (
            2024,
            "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23",
        ),
        (2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23"),
    ] {
        assert_eq!(days_off(year), expected, "{year}");
    }
}

#[test]
fn reasons() {
    for (date, expected) in [
        (day(2026, 5, 6), Holiday::Substitute),
        (day(2026, 9, 22), Holiday::Between),
        (day(2019, 4, 30), Holiday::Between),
        (day(1988, 5, 4), Holiday::Between),
        (day(2020, 7, 24), Holiday::Sports),
    ] {
        assert_eq!(holiday(date), Some(expected), "{date}");
    }
    assert_eq!(holiday(day(1979, 1, 1)), None);
    assert_eq!(holiday(day(2100, 1, 1)), None);
}

#[test]
fn business_days_over_the_turn_of_the_year() {
    let friday = day(2026, 12, 25);
    assert_eq!(add_business_days(friday, 1, YearEnd::Closed), day(2026, 12, 28));
    assert_eq!(add_business_days(friday, 2, YearEnd::Closed), day(2027, 1, 4));
    assert_eq!(add_business_days(friday, 2, YearEnd::Open), day(2026, 12, 29));
    assert_eq!(add_business_days(friday, 0, YearEnd::Closed), friday);
    assert_eq!(add_business_days(day(2026, 12, 29), 0, YearEnd::Closed), day(2027, 1, 4));
    assert!(!is_business_day(day(2026, 11, 22), YearEnd::Open));
    assert_eq!(add_business_days(NaiveDate::MAX, 5, YearEnd::Open), NaiveDate::MAX);
}

proptest! {
    #[test]
    fn a_business_day_is_counted_once(days in 0_i64..43_000, count in 1_u32..60) {
        let date = day(1980, 1, 1) + chrono::Duration::days(days);
        let end = add_business_days(date, count, YearEnd::Closed);
        let between = date.iter_days().skip(1).take_while(|d| *d <= end);
        prop_assert!(is_business_day(end, YearEnd::Closed));
        prop_assert_eq!(between.filter(|d| is_business_day(*d, YearEnd::Closed)).count(), count as usize);
    }

    #[test]
    fn a_holiday_on_sunday_gives_a_day_off_in_the_same_week(days in 0_i64..43_000) {
        let date = day(1980, 1, 1) + chrono::Duration::days(days);
        if date.weekday() == Weekday::Sun && holiday(date).is_some() && date.year() >= 2007 {
            let week = date.iter_days().skip(1).take(6);
            prop_assert_eq!(week.filter(|d| holiday(*d) == Some(Holiday::Substitute)).count(), 1);
        }
    }
}
