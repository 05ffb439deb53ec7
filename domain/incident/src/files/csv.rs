//! The timeline as CSV.

use super::Desk;
use crate::model::Case;
use crate::rules::timeline;
use crate::{t, words};
use chrono::SecondsFormat;
use komainu_clock::in_japan;
use komainu_exchange::rules::{Encoding, write_csv};

/// The timeline, a line a moment.
pub(crate) fn timeline_csv(desk: &Desk<'_>, case: &Case) -> Vec<u8> {
    let lang = desk.lang;
    let header = [
        t!(lang, "csv-at"),
        t!(lang, "csv-at-japan"),
        t!(lang, "csv-written"),
        t!(lang, "csv-by"),
        t!(lang, "csv-kind"),
        t!(lang, "csv-words"),
    ];
    let mut lines = vec![header.to_vec()];
    for moment in timeline(case) {
        let (kind, said) = words::moment_words(desk.catalog, lang, case, &moment);
        lines.push(vec![
            moment.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            in_japan(moment.at).format("%Y-%m-%d %H:%M").to_string(),
            moment.written_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            moment.by.to_owned(),
            kind,
            said,
        ]);
    }
    write_csv(&lines, Encoding::Utf8).bytes
}
