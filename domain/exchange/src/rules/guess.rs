//! What a table's columns probably are.

use crate::model::{Column, Mapping, Sheet, Table};
use crate::vocabulary::{Vocabulary, fold_heading, says_nothing};
use chrono::NaiveDate;
use core::net::IpAddr;
use komainu_calendar::parse_date;
use komainu_discovery::Mac;
use komainu_inventory::Fact;

/// Headings stand in one of so many first rows of a table.
pub const HEADING_ROWS: usize = 15;
/// So many values tell what a column holds.
const SAMPLE: usize = 50;

/// Guesses a table's columns: by their headings, else by what stands in them. `alone` says that there is no other table,
/// so that this one is meant whatever its headings are.
pub fn guess(table: &Table, vocabulary: &Vocabulary, today: NaiveDate, alone: bool) -> Mapping {
    let (heading, sheet, known) = best_heading(table, vocabulary);
    let heading = if table.rows.is_empty() { None } else { Some(heading) };
    let columns = guess_under(table, heading, sheet, vocabulary, today);
    // A list of words may hold the name of a column by chance.
    let meant = known > 1 || alone;
    Mapping { sheet: meant.then_some(sheet), heading, columns, thing_kind: None, line_kind: None }
}

/// What the columns are under headings that a person points out; none where there are none.
pub fn guess_under(
    table: &Table,
    heading: Option<usize>,
    sheet: Sheet,
    vocabulary: &Vocabulary,
    today: NaiveDate,
) -> Vec<Option<Column>> {
    let mut columns = named(table, heading, sheet, vocabulary);
    if sheet == Sheet::Things {
        by_values(table, heading, today, &mut columns);
    }
    columns
}

/// The row of the first ones in which the most headings are known, the sheet that knows them, and how many they are.
fn best_heading(table: &Table, vocabulary: &Vocabulary) -> (usize, Sheet, usize) {
    let mut best = (0, Sheet::Things, 0);
    for (at, row) in table.rows.iter().take(HEADING_ROWS).enumerate() {
        for sheet in Sheet::ALL {
            let found: Vec<Column> =
                row.cells.iter().filter_map(|cell| vocabulary.column(sheet, cell)).collect();
            let ends = [Column::From, Column::To].iter().all(|end| found.contains(end));
            let fits = (sheet == Sheet::Lines) == ends;
            let mut each = found;
            each.sort_unstable();
            each.dedup();
            if fits && each.len() > best.2 {
                best = (at, sheet, each.len());
            }
        }
    }
    best
}

fn named(
    table: &Table,
    heading: Option<usize>,
    sheet: Sheet,
    vocabulary: &Vocabulary,
) -> Vec<Option<Column>> {
    let mut columns = vec![None; table.width()];
    let Some(row) = heading.and_then(|heading| table.rows.get(heading)) else { return columns };
    for (place, cell) in row.cells.iter().enumerate() {
        let found = vocabulary.column(sheet, cell);
        if found.is_some()
            && !columns.contains(&found)
            && let Some(column) = columns.get_mut(place)
        {
            *column = found;
        }
    }
    columns
}

/// What values give away: addresses of the network and of the hardware, days.
fn by_values(table: &Table, heading: Option<usize>, today: NaiveDate, columns: &mut [Option<Column>]) {
    for place in 0..columns.len() {
        if columns[place].is_some() {
            continue;
        }
        let rows = table.rows.iter().skip(heading.map_or(0, |heading| heading + 1));
        let values: Vec<&str> = rows
            .filter_map(|row| row.cells.get(place).map(String::as_str))
            .filter(|text| !says_nothing(text))
            .take(SAMPLE)
            .collect();
        let fact = shape(&values, today).map(Column::Fact);
        if fact.is_some() && !columns.contains(&fact) {
            columns[place] = fact;
        }
    }
}

/// What nearly all values look like.
fn shape(values: &[&str], today: NaiveDate) -> Option<Fact> {
    let nearly_all = |is: &dyn Fn(&str) -> bool| {
        let found = values.iter().filter(|text| is(text)).count();
        found >= 2 && found * 5 >= values.len() * 4
    };
    if nearly_all(&|text| text.parse::<IpAddr>().is_ok()) {
        return Some(Fact::Address);
    }
    if nearly_all(&|text| text.parse::<Mac>().is_ok() && text.contains([':', '-', '.'])) {
        return Some(Fact::Mac);
    }
    // A bare number or word can be read as a day and seldom is one.
    let day =
        |text: &str| text.contains(['/', '-', '.', '年']).then(|| parse_date(text, today).ok()).flatten();
    if nearly_all(&|text| day(text).is_some()) {
        let later = values.iter().filter(|text| day(text).is_some_and(|day| day > today)).count();
        return Some(if later * 2 > values.len() { Fact::SupportEnds } else { Fact::Installed });
    }
    None
}

/// What the headings of a table are known by again.
pub fn fingerprint(table: &Table, heading: Option<usize>) -> Option<String> {
    let row = table.rows.get(heading?)?;
    let headings: Vec<String> = row.cells.iter().map(|cell| fold_heading(cell)).collect();
    Some(komainu_files::digest_of(headings.join("\u{1f}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Record;
    use komainu_i18n::Lang;

    fn table(rows: &[&[&str]]) -> Table {
        let record = |(number, cells): (u64, &&[&str])| Record {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        Table { name: String::new(), rows: (1..).zip(rows).map(record).collect() }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[test]
    fn headings_stand_below_a_title() {
        let table = table(&[
            &["医療機器台帳", "", "令和8年度"],
            &["No.", "機器名", "設置場所", "型番", "なぞ"],
            &["1", "X線装置", "撮影室", "XR-1", "?"],
        ]);
        let mapping = guess(&table, Vocabulary::of(Lang::Ja), today(), true);
        assert_eq!((mapping.sheet, mapping.heading), (Some(Sheet::Things), Some(1)));
        let model = Some(Column::Fact(Fact::Model));
        assert_eq!(mapping.columns, [None, Some(Column::Name), Some(Column::Place), model, None]);
    }

    #[test]
    fn values_tell_where_headings_do_not() {
        let table = table(&[
            &["機器名", "甲", "乙", "丙", "丁"],
            &["a", "192.168.0.1", "00:1b:21:00:10:30", "2020/4/1", "令和12年3月31日"],
            &["b", "192.168.0.2", "00-1b-21-00-10-31", "R2.5.1", "2031/3/31"],
        ]);
        let mapping = guess(&table, Vocabulary::of(Lang::Ja), today(), true);
        let facts = [Fact::Address, Fact::Mac, Fact::Installed, Fact::SupportEnds];
        let expected: Vec<_> = facts.map(|fact| Some(Column::Fact(fact))).to_vec();
        assert_eq!(mapping.columns[1..], expected);
    }

    #[test]
    fn a_list_of_lines_has_two_ends() {
        let table = table(&[&["種類", "接続元", "接続先"], &["VPN", "本院", "分院"]]);
        let mapping = guess(&table, Vocabulary::of(Lang::Ja), today(), true);
        assert_eq!(mapping.sheet, Some(Sheet::Lines));
        assert_eq!(mapping.columns, [Some(Column::Kind), Some(Column::From), Some(Column::To)]);
    }

    #[test]
    fn a_sheet_of_something_else_is_left_out_and_no_column_is_meant_twice() {
        let other = table(&[&["甲", "乙"], &["1", "2"]]);
        assert_eq!(guess(&other, Vocabulary::of(Lang::Ja), today(), false).sheet, None);
        assert_eq!(guess(&other, Vocabulary::of(Lang::Ja), today(), true).sheet, Some(Sheet::Things));
        let twice = table(&[&["機器名", "名称", "備考"], &["a", "b", "c"]]);
        let mapping = guess(&twice, Vocabulary::of(Lang::Ja), today(), true);
        assert_eq!(mapping.columns, [Some(Column::Name), None, Some(Column::Note)]);
        assert_eq!(guess(&Table::default(), Vocabulary::of(Lang::Ja), today(), true).heading, None);
    }
}
