//! How an earlier year's answers come into this year's form.
//!
//! Rows are matched by their item. Where a form asked per kind of device and the next asks once, the weakest of the
//! answers is taken; where it was asked once and is now asked apart, each part begins with that answer. Dates stay
//! behind: a check of last year is not one of this year.

use crate::model::AnswerKind;
use komainu_catalog::{ItemId, PlacementId, Scope};

/// A row of the earlier form with what stood in it.
#[derive(Clone, Debug)]
pub struct OldAnswer {
    /// The item.
    pub item: ItemId,
    /// What it asked about.
    pub scopes: Vec<Scope>,
    /// The answer; none where the row was left empty or never confirmed.
    pub kind: Option<AnswerKind>,
    /// Why it did not apply.
    pub reason: String,
    /// The note.
    pub note: String,
}

/// What a row of the new form begins with, to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The row.
    pub placement: PlacementId,
    /// The answer.
    pub kind: AnswerKind,
    /// Why it did not apply.
    pub reason: String,
    /// The notes, joined.
    pub note: String,
}

fn general(scopes: &[Scope]) -> bool {
    scopes.iter().any(|scope| matches!(scope, Scope::All | Scope::Organisation))
}

/// Whether an answer about `old` says something about `new`.
fn relates(old: &[Scope], new: &[Scope]) -> bool {
    general(old) || general(new) || old.iter().any(|scope| new.contains(scope))
}

/// The weakest of several answers; an empty one among given ones makes the whole unsure.
fn weakest(parts: &[&OldAnswer]) -> Option<AnswerKind> {
    let has = |kind| parts.iter().any(|part| part.kind == Some(kind));
    if parts.iter().all(|part| part.kind.is_none()) {
        None
    } else if has(AnswerKind::No) {
        Some(AnswerKind::No)
    } else if has(AnswerKind::NotSure) || parts.iter().any(|part| part.kind.is_none()) {
        Some(AnswerKind::NotSure)
    } else if has(AnswerKind::Yes) {
        Some(AnswerKind::Yes)
    } else {
        Some(AnswerKind::NotApplicable)
    }
}

/// Texts without repetition, one a line.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !lines.contains(&text) {
            lines.push(text);
        }
    }
    lines.join("\n")
}

/// What the row `(placement, item, scopes)` begins with; none where the earlier year says nothing about it.
/// `may_not_apply`: whether the new row may be answered so.
pub fn carry(
    placement: &PlacementId,
    item: &ItemId,
    scopes: &[Scope],
    may_not_apply: bool,
    old: &[OldAnswer],
) -> Option<Carried> {
    let same_item: Vec<&OldAnswer> = old.iter().filter(|row| row.item == *item).collect();
    let exact: Vec<&OldAnswer> = same_item.iter().copied().filter(|row| row.scopes == scopes).collect();
    let parts: Vec<&OldAnswer> = if exact.is_empty() {
        same_item.into_iter().filter(|row| relates(&row.scopes, scopes)).collect()
    } else {
        exact
    };
    let kind = match weakest(&parts)? {
        AnswerKind::NotApplicable if !may_not_apply => AnswerKind::NotSure,
        kind => kind,
    };
    let reasons = parts.iter().map(|part| part.reason.as_str());
    Some(Carried {
        placement: placement.clone(),
        kind,
        reason: if kind == AnswerKind::NotApplicable { joined(reasons) } else { String::new() },
        note: joined(parts.iter().map(|part| part.note.as_str())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn old(item: &str, scope: Scope, kind: Option<AnswerKind>) -> OldAnswer {
        OldAnswer {
            item: item.parse().unwrap(),
            scopes: vec![scope],
            kind,
            reason: String::new(),
            note: format!("{scope}のメモ"),
        }
    }

    fn into(placement: &str, item: &str, scope: Scope, rows: &[OldAnswer]) -> Option<Carried> {
        carry(&placement.parse().unwrap(), &item.parse().unwrap(), &[scope], false, rows)
    }

    #[test]
    fn rows_that_were_merged_take_the_weakest_answer() {
        use AnswerKind::{No, NotSure, Yes};
        for (server, terminal, expected) in [
            (Some(Yes), Some(Yes), Some(Yes)),
            (Some(Yes), Some(No), Some(No)),
            (Some(NotSure), Some(Yes), Some(NotSure)),
            (Some(Yes), None, Some(NotSure)),
            (None, Some(No), Some(No)),
            (None, None, None),
        ] {
            let rows = [
                old("access-rights", Scope::Server, server),
                old("access-rights", Scope::Terminal, terminal),
                old("patches", Scope::Server, Some(No)),
            ];
            let carried = into("access-rights", "access-rights", Scope::All, &rows);
            assert_eq!(carried.map(|carried| carried.kind), expected);
        }
    }

    #[test]
    fn notes_of_merged_rows_are_joined_once() {
        let server = old("patches", Scope::Server, Some(AnswerKind::Yes));
        let terminal = OldAnswer { scopes: vec![Scope::Terminal], ..server.clone() };
        let rows = [server, terminal];
        assert_eq!(into("patches", "patches", Scope::All, &rows).unwrap().note, "serverのメモ");
    }

    #[test]
    fn rows_that_were_split_begin_with_the_whole_answer() {
        let rows = [old("patches", Scope::All, Some(AnswerKind::Yes))];
        for scope in [Scope::Server, Scope::Terminal, Scope::Network] {
            let carried = into("patches.x", "patches", scope, &rows).unwrap();
            assert_eq!(carried.kind, AnswerKind::Yes);
        }
        let servers = [old("patches", Scope::Server, Some(AnswerKind::Yes))];
        assert_eq!(into("patches.network", "patches", Scope::Network, &servers), None);
    }

    #[test]
    fn what_no_longer_may_stay_empty_becomes_unsure() {
        let rows = [old("mds-sds", Scope::All, Some(AnswerKind::NotApplicable))];
        assert_eq!(into("mds-sds", "mds-sds", Scope::All, &rows).unwrap().kind, AnswerKind::NotSure);
        let placement = "mds-sds".parse().unwrap();
        let kept = carry(&placement, &"mds-sds".parse().unwrap(), &[Scope::All], true, &rows).unwrap();
        assert_eq!(kept.kind, AnswerKind::NotApplicable);
    }

    proptest! {
        /// Total: whatever stood there, the result is never better than the weakest part, and never a surprise.
        #[test]
        fn nothing_becomes_better_by_being_carried(
            parts in prop::collection::vec(
                (prop::sample::select(Scope::ALL.to_vec()),
                 prop::option::of(prop::sample::select(AnswerKind::ALL.to_vec()))), 0..6),
            scope in prop::sample::select(Scope::ALL.to_vec()),
            may_not_apply in any::<bool>(),
        ) {
            let rows: Vec<_> = parts.iter().map(|(scope, kind)| old("patches", *scope, *kind)).collect();
            let id = "patches".parse().unwrap();
            let item = "patches".parse().unwrap();
            let carried = carry(&id, &item, &[scope], may_not_apply, &rows);
            let given: Vec<_> = rows.iter().filter_map(|row| row.kind).collect();
            if let Some(carried) = carried {
                prop_assert!(!given.is_empty());
                if carried.kind == AnswerKind::Yes {
                    prop_assert!(given.contains(&AnswerKind::Yes));
                }
                prop_assert!(may_not_apply || carried.kind != AnswerKind::NotApplicable);
            }
        }
    }
}
