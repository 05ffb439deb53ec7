//! Dates as text, in the shape the form prints.

use chrono::{Datelike, NaiveDate};

use crate::answer::is_date_blank;
use crate::fold::squeeze;
use crate::grid::Sheet;

/// The first year of Reiwa is 2019.
const REIWA: i32 = 2018;

/// The date in the shape of the blank: `（　/　）` gives `（6/1）`, `令和　年　月　日` gives `令和8年6月1日`.
pub(super) fn in_shape(date: NaiveDate, blank: &str) -> String {
    let shape = squeeze(blank);
    let (year, month, day) = (date.year(), date.month(), date.day());
    let era = year - REIWA;
    let reiwa = (shape.contains("令和") || shape.contains('r')) && era >= 1;
    let body = if shape.contains('年') && reiwa {
        let era = if era == 1 { "元".to_owned() } else { era.to_string() };
        format!("令和{era}年{month}月{day}日")
    } else if shape.contains('年') {
        format!("{year}年{month}月{day}日")
    } else if shape.contains('月') {
        format!("{month}月{day}日")
    } else if shape.matches('/').count() == 1 {
        format!("{month}/{day}")
    } else {
        let mark = if shape.contains('.') { '.' } else { '/' };
        let year = if reiwa { format!("R{era}") } else { year.to_string() };
        format!("{year}{mark}{month}{mark}{day}")
    };
    let blank = blank.trim();
    match (blank.chars().next(), blank.chars().last()) {
        (Some(open @ ('(' | '（')), Some(close @ (')' | '）'))) => format!("{open}{body}{close}"),
        _ => body,
    }
}

/// The shape for a cell that prints none: that of the first blank in the sheet, or year/month/day.
pub(super) fn shape_of(sheet: &Sheet) -> String {
    sheet
        .cells
        .values()
        .find(|cell| is_date_blank(&cell.text) && !squeeze(&cell.text).starts_with('('))
        .map_or_else(|| "//".to_owned(), |cell| cell.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_shape_of_the_blank() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        for (blank, text) in [
            ("（　/　）", "（6/1）"),
            ("( / )", "(6/1)"),
            ("令和　年　月　日", "令和8年6月1日"),
            ("　　年　月　日", "2026年6月1日"),
            ("　月　日", "6月1日"),
            ("R　.　.　", "R8.6.1"),
            ("//", "2026/6/1"),
        ] {
            assert_eq!(in_shape(day, blank), text, "{blank}");
        }
    }
}
