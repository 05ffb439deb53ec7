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
    let mut header = vec![
        t!(lang, "csv-at"),
        t!(lang, "csv-at-japan"),
        t!(lang, "csv-written"),
        t!(lang, "csv-by"),
        t!(lang, "csv-kind"),
        t!(lang, "csv-words"),
    ];
    // A line that is copied elsewhere still says that it is of an exercise.
    let drill = case.incident.drill.then(|| t!(lang, "drill"));
    header.extend(drill.clone());
    let mut lines = vec![header];
    for moment in timeline(case) {
        let (kind, said) = words::moment_words(desk.catalog, lang, case, &moment);
        let mut line = vec![
            moment.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            in_japan(moment.at).format("%Y-%m-%d %H:%M").to_string(),
            moment.written_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            moment.by.to_owned(),
            kind,
            said,
        ];
        line.extend(drill.clone());
        lines.push(line);
    }
    write_csv(&lines, Encoding::Utf8).bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::{House, testing::case};
    use komainu_catalog::Catalog;
    use komainu_i18n::Lang;

    #[test]
    fn what_the_program_wrote_reads_as_words_and_no_cell_is_a_formula() {
        let (catalog, case, house) = (Catalog::embedded().unwrap(), case(), House::default());
        let desk = Desk { lang: Lang::Ja, catalog: &catalog, house: &house, at: case.incident.declared_at };
        let text = String::from_utf8(timeline_csv(&desk, &case)).unwrap();
        for said in [
            ",済み,バックアップにつながる線を抜く,訓練\r\n",
            ",未了,予備の電話 を配る,訓練\r\n",
            ",切り離した,カルテ サーバ,訓練\r\n",
            ",知らせた,警察,訓練\r\n",
            ",知らせた記録を取り消した,警察,訓練\r\n",
            ",状態,広がりは止まった,訓練\r\n",
            ",最初に気づいた時刻を直した,",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains(",=") && !text.contains(",\"="), "{text}");
        // A real one bears no mark.
        let mut real = case;
        real.incident.drill = false;
        assert!(!String::from_utf8(timeline_csv(&desk, &real)).unwrap().contains("訓練"));
    }
}
