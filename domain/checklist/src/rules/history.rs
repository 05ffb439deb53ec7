//! Autosave writes many entries into the log; a reader wants one a sitting.

use chrono::{DateTime, Duration, Utc};

/// Entries of one person on one thing that follow each other within this time are told as one.
const SITTING: Duration = Duration::minutes(10);

/// What is needed of an entry to fold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub who: String,
    /// What was done.
    pub action: String,
    /// To which thing.
    pub object: String,
    /// The state before.
    pub before: String,
    /// The state after.
    pub after: String,
}

/// Folds entries, newest first, so that a sitting of typing is one entry: before its first and after its last change.
pub fn fold_entries(entries: Vec<Span>) -> Vec<Span> {
    let mut folded: Vec<(Span, DateTime<Utc>)> = Vec::new();
    for entry in entries {
        match folded.last_mut() {
            Some((newer, oldest))
                if newer.who == entry.who
                    && newer.action == entry.action
                    && newer.object == entry.object
                    && newer.before == entry.after
                    && *oldest - entry.at <= SITTING =>
            {
                newer.before = entry.before;
                *oldest = entry.at;
            }
            _ => {
                let at = entry.at;
                folded.push((entry, at));
            }
        }
    }
    folded.into_iter().map(|(entry, _)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(minute: i64, who: &str, before: &str, after: &str) -> Span {
        Span {
            at: DateTime::UNIX_EPOCH + Duration::minutes(minute),
            who: who.to_owned(),
            action: "answer_set".to_owned(),
            object: "row".to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }

    #[test]
    fn one_sitting_is_one_entry() {
        let folded = fold_entries(vec![
            entry(60, "A", "3", "4"),
            entry(20, "A", "2", "3"),
            entry(15, "A", "1", "2"),
            entry(7, "A", "0", "1"),
            entry(6, "B", "", "0"),
        ]);
        assert_eq!(folded, [entry(60, "A", "3", "4"), entry(20, "A", "0", "3"), entry(6, "B", "", "0")]);
    }

    #[test]
    fn a_gap_in_the_chain_is_not_hidden() {
        let entries = vec![entry(2, "A", "2", "3"), entry(1, "A", "0", "1")];
        assert_eq!(fold_entries(entries.clone()), entries);
    }
}
