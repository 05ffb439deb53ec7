//! The timeline as CSV (RFC 4180), with the mark that spreadsheets know UTF-8 by.

use super::Desk;
use crate::model::Case;
use crate::rules::timeline;
use crate::{t, words};
use chrono::SecondsFormat;
use komainu_clock::in_japan;

/// The timeline, a line a moment.
pub(crate) fn timeline_csv(desk: &Desk<'_>, case: &Case) -> String {
    let lang = desk.lang;
    let header = [
        t!(lang, "csv-at"),
        t!(lang, "csv-at-japan"),
        t!(lang, "csv-written"),
        t!(lang, "csv-by"),
        t!(lang, "csv-kind"),
        t!(lang, "csv-words"),
    ];
    let mut text = format!("\u{FEFF}{}", row(&header));
    for moment in timeline(case) {
        let (kind, said) = words::moment_words(desk.catalog, lang, case, &moment);
        text.push_str(&row(&[
            moment.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            in_japan(moment.at).format("%Y-%m-%d %H:%M").to_string(),
            moment.written_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            moment.by.to_owned(),
            kind,
            said,
        ]));
    }
    text
}

fn row(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field in quotation marks. One that a spreadsheet would take for a formula is marked as text.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if formula { "'" } else { "" }, field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_text_for_every_spreadsheet() {
        for (field, expected) in [
            ("ふつう", "\"ふつう\""),
            ("a \"b\", c\nd", "\"a \"\"b\"\", c\nd\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(field), expected);
        }
    }
}
