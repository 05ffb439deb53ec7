//! Sentences of the page.

use crate::model::{Cause, Finding, Trouble};
use crate::rules::Warning;
use crate::t;
use chrono::{DateTime, Utc};
use komainu_i18n::Lang;

/// Bytes as people read them.
pub(crate) fn size_text(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            return format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10));
        }
    }
    format!("{bytes} B")
}

/// How long ago something was, roughly.
pub(crate) fn ago_text(lang: Lang, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = now - at;
    if passed.num_hours() < 1 {
        t!(lang, "ago-minutes", count = passed.num_minutes().max(0).to_string())
    } else if passed.num_hours() < 48 {
        t!(lang, "ago-hours", count = passed.num_hours().to_string())
    } else {
        t!(lang, "ago-days", count = passed.num_days().to_string())
    }
}

pub(crate) fn cause_text(lang: Lang, cause: Cause) -> String {
    match cause {
        Cause::Daily => t!(lang, "cause-daily"),
        Cause::Asked => t!(lang, "cause-asked"),
        Cause::Console => t!(lang, "cause-console"),
    }
}

pub(crate) fn trouble_text(lang: Lang, trouble: Trouble) -> String {
    match trouble {
        Trouble::NoFolder => t!(lang, "trouble-no-folder"),
        Trouble::NoRoom => t!(lang, "trouble-no-room"),
        Trouble::NotAllowed => t!(lang, "trouble-not-allowed"),
        Trouble::Key => t!(lang, "trouble-key"),
        Trouble::Damaged => t!(lang, "trouble-damaged"),
        Trouble::NoEvidence => t!(lang, "trouble-no-evidence"),
        Trouble::Other => t!(lang, "trouble-other"),
    }
}

pub(crate) fn stage_text(lang: Lang, stage: &str) -> String {
    match stage {
        "rows" => t!(lang, "stage-rows"),
        "files" => t!(lang, "stage-files"),
        "reading" => t!(lang, "stage-reading"),
        "comparing" => t!(lang, "stage-comparing"),
        _ => t!(lang, "stage-waiting"),
    }
}

pub(crate) fn finding_text(lang: Lang, finding: &Finding) -> String {
    match finding {
        Finding::Sound { rows, files, entries } => t!(
            lang,
            "finding-sound",
            rows = rows.to_string(),
            files = files.to_string(),
            entries = entries.to_string()
        ),
        Finding::Amiss { unreadable, broken } => {
            t!(lang, "finding-amiss", unreadable = unreadable.to_string(), broken = broken.to_string())
        }
        Finding::Failed { trouble, .. } => trouble_text(lang, *trouble),
    }
}

/// Whether a warning means that data may be lost today.
pub(crate) fn is_grave(warning: Warning) -> bool {
    !matches!(
        warning,
        Warning::KeyNotOnPaper
            | Warning::NotProved(_)
            | Warning::SameDisk
            | Warning::LittleRoomForBackups
            | Warning::NeverMade
    )
}

/// What is the matter, and what to do.
pub(crate) fn warning_text(lang: Lang, warning: Warning) -> (String, String) {
    match warning {
        Warning::NoFolderSet => (t!(lang, "warn-no-folder-set"), t!(lang, "warn-no-folder-set-do")),
        Warning::FolderGone => (t!(lang, "warn-folder-gone"), t!(lang, "warn-folder-gone-do")),
        Warning::Failed(trouble) => {
            (t!(lang, "warn-failed", why = trouble_text(lang, trouble)), t!(lang, "warn-failed-do"))
        }
        Warning::NeverMade => (t!(lang, "warn-never-made"), t!(lang, "warn-never-made-do")),
        Warning::Old(hours) => (t!(lang, "warn-old", hours = hours.to_string()), t!(lang, "warn-old-do")),
        Warning::ProofFailed(trouble) => (
            t!(lang, "warn-proof-failed", why = trouble_text(lang, trouble)),
            t!(lang, "warn-proof-failed-do"),
        ),
        Warning::NotProved(None) => (t!(lang, "warn-never-proved"), t!(lang, "warn-not-proved-do")),
        Warning::NotProved(Some(days)) => {
            (t!(lang, "warn-not-proved", days = days.to_string()), t!(lang, "warn-not-proved-do"))
        }
        Warning::KeyNotOnPaper => (t!(lang, "warn-key"), t!(lang, "warn-key-do")),
        Warning::Amiss => (t!(lang, "warn-amiss"), t!(lang, "warn-amiss-do")),
        Warning::SameDisk => (t!(lang, "warn-same-disk"), t!(lang, "warn-same-disk-do")),
        Warning::LittleRoomForData => (t!(lang, "warn-room-data"), t!(lang, "warn-room-data-do")),
        Warning::LittleRoomForBackups => (t!(lang, "warn-room-backups"), t!(lang, "warn-room-backups-do")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 KB"),
            (1_250_000, "1.2 MB"),
            (12_345_678_901, "12.3 GB"),
        ] {
            assert_eq!(size_text(bytes), text);
        }
    }
}
