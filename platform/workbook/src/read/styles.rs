//! Number formats: which styles show dates, and how a number with fixed text around it reads.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use crate::xml::{BadXml, Node, Xml, attribute, local, number_attribute};

/// How a style shows numbers, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// As they are.
    General,
    /// As a date.
    Date,
    /// With fixed text around (`"("0")"`) and a fixed number of digits.
    Framed { before: String, after: String, digits: usize, decimals: usize },
}

impl Shape {
    pub(crate) fn is_date(&self) -> bool {
        *self == Self::Date
    }

    /// The number as the style shows it.
    pub(crate) fn show(&self, value: f64) -> String {
        match self {
            Self::Framed { before, after, digits, decimals } => {
                let width = if *decimals == 0 { *digits } else { digits + decimals + 1 };
                format!("{before}{value:0width$.decimals$}{after}")
            }
            Self::General | Self::Date => plain(value),
        }
    }
}

/// A number as people write it: no `.0`, and without the noise of binary fractions.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let text = format!("{value:.10}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Excel's own bound on the cell styles of a workbook.
const MAX_FORMATS: usize = 65_490;

/// The shape of every cell style, in the table's order.
pub(crate) fn read(text: &str) -> Result<Vec<Shape>, BadXml> {
    let mut xml = Xml::new(text);
    let mut codes: HashMap<u32, String> = HashMap::new();
    let mut formats = Vec::new();
    let mut in_cell_styles = false;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open { tag, .. } => match local(&tag) {
                "numFmt" => {
                    if let (Some(id), Some(code)) =
                        (number_attribute(&tag, "numFmtId"), attribute(&tag, "formatCode"))
                    {
                        codes.insert(id, code);
                    }
                }
                "cellXfs" => in_cell_styles = true,
                "xf" if in_cell_styles && formats.len() == MAX_FORMATS => return Err(BadXml),
                "xf" if in_cell_styles => formats.push(number_attribute(&tag, "numFmtId").unwrap_or(0)),
                _ => {}
            },
            Node::Close(name) if name == "cellXfs" => in_cell_styles = false,
            Node::Close(_) | Node::Text(_) => {}
        }
    }
    Ok(formats
        .into_iter()
        .map(|id| codes.get(&id).map_or_else(|| built_in(id), |code| shape(code)))
        .collect())
}

/// The built-in formats (ECMA-376 part 1, 18.8.30), with the Japanese era dates 27-36 and 50-58.
fn built_in(id: u32) -> Shape {
    match id {
        14..=17 | 22 | 27..=36 | 50..=58 => Shape::Date,
        2 => framed_number(1, 2),
        _ => Shape::General,
    }
}

fn framed_number(digits: usize, decimals: usize) -> Shape {
    Shape::Framed { before: String::new(), after: String::new(), digits, decimals }
}

/// Excel's own bound on a format code, in characters.
const MAX_CODE: usize = 255;
/// More digits than any number here has.
const MAX_DIGITS: usize = 15;

/// Reads a format code.
fn shape(code: &str) -> Shape {
    if code.len() > MAX_CODE {
        return Shape::General;
    }
    let mut before = String::new();
    let mut after = String::new();
    let (mut digits, mut decimals, mut point, mut other) = (0, 0, false, false);
    let (mut day, mut month, mut time) = (false, false, false);
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        let mut literal = |text: &str| if digits == 0 { before.push_str(text) } else { after.push_str(text) };
        match character {
            // Only the first section, the one for positive numbers, matters.
            ';' => break,
            '"' => literal(&characters.by_ref().take_while(|c| *c != '"').collect::<String>()),
            '\\' => literal(&characters.next().map(String::from).unwrap_or_default()),
            // A colour, a condition or a locale; `[h]` counts hours and is no date.
            '[' => characters.by_ref().take_while(|c| *c != ']').for_each(drop),
            '_' | '*' => drop(characters.next()),
            '0' if point => decimals += 1,
            '0' => digits += 1,
            '#' | '?' => digits = digits.max(1),
            '.' => point = true,
            'G' if code.starts_with("General") => return Shape::General,
            'y' | 'Y' | 'd' | 'D' | 'e' | 'g' | 'r' => day = true,
            // Months, or minutes beside hours or seconds.
            'm' | 'M' => month = true,
            'h' | 'H' | 's' | 'S' => time = true,
            '(' | ')' | '-' | ' ' | '/' | '（' | '）' => literal(&character.to_string()),
            _ => other = true,
        }
    }
    if day || (month && !time) {
        return Shape::Date;
    }
    if other || digits == 0 || month || time || digits.max(decimals) > MAX_DIGITS {
        return Shape::General;
    }
    Shape::Framed { before, after, digits, decimals }
}

const DAYS_1904: i64 = 1462;

/// The day an Excel serial number stands for; `None` outside the years Excel has.
pub(crate) fn date_of(serial: f64, date_1904: bool) -> Option<NaiveDate> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)]
    // In range by the check above; the fraction is the time of day.
    let days = serial as i64 + if date_1904 { DAYS_1904 } else { 0 };
    // Excel believes in 29 February 1900 (day 60), so earlier days are off by one.
    let base = NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?;
    base.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// The serial number of a day; `None` before March 1900 (or 1904), which no check list has.
pub(crate) fn serial_of(date: NaiveDate, date_1904: bool) -> Option<i64> {
    let days = (date - NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    let serial = if date_1904 { days - DAYS_1904 } else { days };
    (days > 60 && serial >= 0).then_some(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_dates_from_numbers() {
        for code in
            ["yyyy/m/d", "[$-411]ggge\"年\"m\"月\"d\"日\";@", "m\"月\"d\"日\"", "[$-F800]dddd", "r/mm/dd"]
        {
            assert_eq!(shape(code), Shape::Date, "{code}");
        }
        for code in ["General", "@", "0_ ", "#,##0", "[h]:mm:ss", "h:mm", "0.00E+00", "\"年度\"0", "[Red]0"]
        {
            assert_ne!(shape(code), Shape::Date, "{code}");
        }
        assert_eq!(shape("\"(\"0\")\"").show(3.0), "(3)");
        assert_eq!(shape("\"2-\"0").show(13.0), "2-13");
        assert_eq!(shape("0.00").show(2.1), "2.10");
        assert_eq!(Shape::General.show(2.1), "2.1");
        assert_eq!(Shape::General.show(12.0), "12");
    }

    #[test]
    fn both_calendars_go_there_and_back() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        assert_eq!(serial_of(day, false), Some(46174));
        assert_eq!(serial_of(day, true), Some(46174 - 1462));
        assert_eq!(date_of(46174.75, false), Some(day));
        assert_eq!(date_of(44712.0, true), Some(day));
        assert_eq!(date_of(1.0, false), NaiveDate::from_ymd_opt(1900, 1, 1));
        assert_eq!(date_of(f64::NAN, false), None);
        assert_eq!(date_of(1e300, false), None);
        assert_eq!(serial_of(NaiveDate::MIN, false), None);
    }
}
