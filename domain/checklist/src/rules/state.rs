//! Where a row stands, and how many stand where.

use crate::model::{Answer, AnswerKind, Counts, Missing, RowState};
use komainu_catalog::Level;
use std::collections::BTreeSet;

/// What the state of a row follows from.
#[derive(Clone, Copy, Debug)]
pub struct StateInput<'a> {
    /// How much the row asks this year.
    pub level: Level,
    /// What stands in it.
    pub answer: Option<&'a Answer>,
    /// The gate question was answered with no system.
    pub gate_shut: bool,
}

/// Where a row stands.
///
/// The gate asks for no date: it is a question before the form, and its no is an end and not work.
pub fn row_state(input: StateInput<'_>) -> RowState {
    let StateInput { level, answer, gate_shut } = input;
    if gate_shut && level != Level::Gate {
        return RowState::NotNeeded;
    }
    let Some((answer, kind)) = answer.and_then(|answer| Some((answer, answer.content.kind?))) else {
        return RowState::Unanswered;
    };
    if answer.carried {
        return RowState::ToConfirm;
    }
    if level == Level::Gate {
        return if kind == AnswerKind::NotSure { RowState::Unanswered } else { RowState::Complete };
    }
    let mut missing = BTreeSet::new();
    if answer.content.checked.first().copied().flatten().is_none() {
        missing.insert(Missing::CheckDate);
    }
    if kind.counts_as_no() && answer.content.target.is_none() {
        missing.insert(Missing::Target);
    }
    if kind == AnswerKind::NotApplicable && answer.content.reason.is_empty() {
        missing.insert(Missing::Reason);
    }
    if missing.is_empty() { RowState::Complete } else { RowState::Lacks(missing) }
}

/// Counts rows by where they stand.
pub fn counts<'a>(rows: impl IntoIterator<Item = (Level, &'a RowState, Option<AnswerKind>)>) -> Counts {
    let mut counts = Counts::default();
    for (level, state, kind) in rows {
        match (level, state) {
            (Level::Gate, _) | (_, RowState::NotNeeded) => {}
            (Level::Reference, state) => {
                counts.reference += 1;
                counts.reference_answered += u32::from(state.is_answered());
            }
            (Level::Required, state) => {
                counts.needed += 1;
                counts.to_confirm += u32::from(*state == RowState::ToConfirm);
                counts.complete += u32::from(*state == RowState::Complete);
                if state.is_answered() {
                    counts.answered += 1;
                    match kind {
                        Some(AnswerKind::Yes) => counts.yes += 1,
                        Some(AnswerKind::No) => counts.no += 1,
                        Some(AnswerKind::NotSure) => counts.not_sure += 1,
                        Some(AnswerKind::NotApplicable) => counts.not_applicable += 1,
                        None => {}
                    }
                }
            }
        }
    }
    counts
}

/// The row to go on with after `current` (or from the top): the next that waits for somebody, going round once.
/// Rows for reference come only when nothing required waits.
pub fn next_waiting(rows: &[(Level, &RowState)], current: Option<usize>) -> Option<usize> {
    let start = current.map_or(0, |index| index + 1);
    let order =
        || (start..rows.len()).chain(0..start.min(rows.len())).filter(|index| Some(*index) != current);
    let waits = |index: &usize| rows[*index].1.is_waiting();
    order()
        .find(|index| waits(index) && rows[*index].0 != Level::Reference)
        .or_else(|| order().find(|index| waits(index)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AnswerContent;
    use komainu_access::PersonId;
    use proptest::prelude::*;

    #[expect(clippy::fn_params_excessive_bools, reason = "each names one thing the answer has")]
    fn answer(kind: Option<AnswerKind>, checked: bool, target: bool, reason: bool, carried: bool) -> Answer {
        let date = || "2026-05-01".parse().ok();
        Answer {
            content: AnswerContent {
                kind,
                reason: if reason { "契約がない".to_owned() } else { String::new() },
                checked: vec![checked.then(date).flatten(), None],
                target: target.then(date).flatten(),
                note: String::new(),
            },
            carried,
            changed_at: chrono::DateTime::UNIX_EPOCH,
            changed_by: PersonId(komainu_db::uuid::Uuid::nil()),
            changed_by_name: String::new(),
            version: 1,
        }
    }

    fn state(level: Level, answer: Option<&Answer>, gate_shut: bool) -> RowState {
        row_state(StateInput { level, answer, gate_shut })
    }

    #[test]
    fn states_of_rows() {
        use AnswerKind::{No, NotApplicable, NotSure, Yes};
        use Missing::{CheckDate, Reason, Target};
        let lacks = |missing: &[Missing]| RowState::Lacks(missing.iter().copied().collect());
        for (kind, checked, target, reason, expected) in [
            (None, true, true, true, RowState::Unanswered),
            (Some(Yes), true, false, false, RowState::Complete),
            (Some(Yes), false, false, false, lacks(&[CheckDate])),
            (Some(No), true, true, false, RowState::Complete),
            (Some(No), true, false, false, lacks(&[Target])),
            (Some(NotSure), false, false, false, lacks(&[CheckDate, Target])),
            (Some(NotSure), true, true, false, RowState::Complete),
            (Some(NotApplicable), true, false, true, RowState::Complete),
            (Some(NotApplicable), true, false, false, lacks(&[Reason])),
        ] {
            let written = answer(kind, checked, target, reason, false);
            assert_eq!(state(Level::Required, Some(&written), false), expected, "{written:?}");
            assert_eq!(state(Level::Required, Some(&written), true), RowState::NotNeeded);
        }
        assert_eq!(state(Level::Required, None, false), RowState::Unanswered);
        let carried = answer(Some(Yes), true, true, true, true);
        assert_eq!(state(Level::Required, Some(&carried), false), RowState::ToConfirm);
    }

    #[test]
    fn the_gate_needs_a_yes_or_a_no() {
        for (kind, expected) in [
            (AnswerKind::Yes, RowState::Complete),
            (AnswerKind::No, RowState::Complete),
            (AnswerKind::NotSure, RowState::Unanswered),
        ] {
            let written = answer(Some(kind), false, false, false, false);
            assert_eq!(state(Level::Gate, Some(&written), kind == AnswerKind::No), expected);
        }
    }

    #[test]
    fn going_on_goes_round_once_and_takes_reference_rows_last() {
        let (open, done) = (RowState::Unanswered, RowState::Complete);
        let rows = [
            (Level::Required, &open),
            (Level::Reference, &open),
            (Level::Required, &done),
            (Level::Required, &open),
        ];
        assert_eq!(next_waiting(&rows, None), Some(0));
        assert_eq!(next_waiting(&rows, Some(0)), Some(3));
        assert_eq!(next_waiting(&rows, Some(3)), Some(0));
        let last = [(Level::Required, &open), (Level::Reference, &open)];
        assert_eq!(next_waiting(&last, Some(0)), Some(1));
        assert_eq!(next_waiting(&last[..1], Some(0)), None);
        assert_eq!(next_waiting(&[], None), None);
    }

    fn any_answer() -> impl Strategy<Value = Option<Answer>> {
        let kind = prop::option::of(prop::sample::select(AnswerKind::ALL.to_vec()));
        prop::option::of((kind, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(kind, checked, target, reason, carried)| answer(kind, checked, target, reason, carried),
        ))
    }

    proptest! {
        /// Writing more into a row never takes progress away, and confirming never does.
        #[test]
        fn progress_is_monotone(
            before in prop::collection::vec((any_answer(), any::<bool>()), 0..20),
            at in any::<prop::sample::Index>(),
        ) {
            let count = |rows: &[(Option<Answer>, bool)]| {
                let states: Vec<_> = rows
                    .iter()
                    .map(|(answer, reference)| {
                        let level = if *reference { Level::Reference } else { Level::Required };
                        let kind = answer.as_ref().and_then(|answer| answer.content.kind);
                        (level, state(level, answer.as_ref(), false), kind)
                    })
                    .collect();
                counts(states.iter().map(|(level, state, kind)| (*level, state, *kind)))
            };
            let mut after = before.clone();
            if !after.is_empty() {
                let row = at.index(after.len());
                after[row].0 = Some(answer(Some(AnswerKind::Yes), true, false, false, false));
            }
            let (a, b) = (count(&before), count(&after));
            prop_assert!(b.answered >= a.answered && b.complete >= a.complete);
            prop_assert_eq!(a.needed, b.needed);
            prop_assert_eq!(b.answered, b.yes + b.no + b.not_sure + b.not_applicable);
            prop_assert!(b.complete <= b.answered && b.answered + b.to_confirm <= b.needed);
        }
    }
}
