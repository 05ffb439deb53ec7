//! A row as a line of JSON, and back: the same bytes for the same row on both databases.

use crate::ArchiveError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat};
use komainu_db::{Kind, Table, Value};
use serde_json::Value as Json;

/// Appends a row to `line`, without the end of the line.
pub(crate) fn write(row: &[Value], line: &mut Vec<u8>) -> Result<(), ArchiveError> {
    let list: Vec<Json> = row.iter().map(json).collect();
    serde_json::to_writer(line, &list).map_err(|error| ArchiveError::Damaged(error.to_string()))
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        // Text, as JSON has no infinity and readers differ in the last digit.
        Value::Real(value) => Json::String(format!("{value:?}")),
        Value::Text(value) => Json::String(value.clone()),
        Value::Bytes(value) => Json::String(STANDARD.encode(value)),
        Value::Uuid(value) => Json::String(value.to_string()),
        Value::Time(value) => Json::String(value.to_rfc3339_opts(SecondsFormat::Micros, true)),
        Value::Date(value) => Json::String(value.to_string()),
    }
}

/// Reads the rows of a table from lines.
pub(crate) fn read(table: &Table, lines: &[u8]) -> Result<Vec<Vec<Value>>, ArchiveError> {
    let wrong = |what: String| ArchiveError::Damaged(format!("table {}: {what}", table.name));
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            let list: Vec<Json> = serde_json::from_slice(line).map_err(|error| wrong(error.to_string()))?;
            if list.len() != table.columns.len() {
                return Err(wrong(format!("a row of {} values", list.len())));
            }
            let columns = table.columns.iter().zip(list);
            columns
                .map(|((name, kind), json)| value(*kind, json).ok_or_else(|| wrong(format!("column {name}"))))
                .collect()
        })
        .collect()
}

fn value(kind: Kind, json: Json) -> Option<Value> {
    Some(match (kind, json) {
        (_, Json::Null) => Value::Null,
        (Kind::Bool, Json::Bool(value)) => Value::Bool(value),
        (Kind::Int, Json::Number(value)) => Value::Int(value.as_i64()?),
        (Kind::Real, Json::String(text)) => Value::Real(text.parse().ok()?),
        (Kind::Text, Json::String(text)) => Value::Text(text),
        (Kind::Bytes, Json::String(text)) => Value::Bytes(STANDARD.decode(text).ok()?),
        (Kind::Uuid, Json::String(text)) => Value::Uuid(text.parse().ok()?),
        (Kind::Time, Json::String(text)) => Value::Time(DateTime::parse_from_rfc3339(&text).ok()?.to_utc()),
        (Kind::Date, Json::String(text)) => Value::Date(text.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Bool, Bytes, Date, Int, Real, Text, Time, Uuid as Id};
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn of(kind: Kind) -> BoxedStrategy<Value> {
        let some = match kind {
            Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
            Kind::Int => {
                prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)].prop_map(Value::Int).boxed()
            }
            Kind::Real => prop_oneof![any::<f64>(), Just(-0.0), Just(f64::INFINITY), Just(f64::MIN_POSITIVE)]
                .prop_filter("nothing equals it", |real| !real.is_nan())
                .prop_map(Value::Real)
                .boxed(),
            Kind::Text => ".*".prop_map(Value::Text).boxed(),
            Kind::Bytes => proptest::collection::vec(any::<u8>(), 0..99).prop_map(Value::Bytes).boxed(),
            Kind::Uuid => any::<u128>().prop_map(|number| Value::Uuid(Uuid::from_u128(number))).boxed(),
            // The years from 1 to 9999, to the microsecond.
            Kind::Time => (-62_135_596_800_000_000_i64..253_402_300_800_000_000)
                .prop_filter_map("a moment", DateTime::from_timestamp_micros)
                .prop_map(Value::Time)
                .boxed(),
            Kind::Date => (-719_162..2_932_896)
                .prop_filter_map("a day", NaiveDate::from_epoch_days)
                .prop_map(Value::Date)
                .boxed(),
        };
        prop_oneof![1 => Just(Value::Null), 4 => some].boxed()
    }

    proptest! {
        #[test]
        fn any_row_comes_back_equal(
            rows in proptest::collection::vec(
                [Bool, Int, Real, Text, Bytes, Id, Time, Date].map(of).to_vec(), 0..5),
        ) {
            let columns = [Bool, Int, Real, Text, Bytes, Id, Time, Date].map(|kind| (format!("{kind:?}"), kind));
            let table = Table { name: "odd".to_owned(), columns: columns.to_vec() };
            let mut lines = Vec::new();
            for row in &rows {
                write(row, &mut lines).unwrap();
                lines.push(b'\n');
            }
            prop_assert_eq!(read(&table, &lines).unwrap(), rows);
        }
    }

    #[test]
    fn what_does_not_fit_the_table_is_refused() {
        let table = Table { name: "t".to_owned(), columns: vec![("n".to_owned(), Kind::Int)] };
        for line in ["[1.5]", "[\"1\"]", "[1,2]", "[]", "{}", "[9223372036854775808]", "nonsense"] {
            assert!(read(&table, line.as_bytes()).is_err(), "{line}");
        }
    }
}
