//! Checks of first aid: short enough to be read in a fright, and what is named is there.

use std::collections::HashSet;

use super::Check;
use crate::first_aid::{MOST_NEVER, MOST_NOW, MOST_TAPS, Symptom, Tap};
use crate::load::NamedFile;
use crate::words::TapId;

/// Every tap, over all files.
pub(super) fn taps<'a>(files: &'a [NamedFile]) -> HashSet<&'a TapId> {
    files.iter().flat_map(|file| &file.data.tap).map(|tap| &*tap.id).collect()
}

pub(super) fn check(check: &mut Check) {
    for symptom in &check.file.data.symptom {
        check_symptom(check, symptom);
    }
    for tap in &check.file.data.tap {
        check_tap(check, tap);
    }
}

fn check_symptom(check: &mut Check, symptom: &Symptom) {
    let at = symptom.id.offset();
    check.sources(&symptom.sources, symptom.confirmed, at);
    let (now, never, taps) = (symptom.now.len(), symptom.never.len(), symptom.taps.len());
    check
        .expect((1..=MOST_NOW).contains(&now), at, || format!("1 to {MOST_NOW} things to do now, not {now}"));
    check.expect((1..=MOST_NEVER).contains(&never), at, || {
        format!("1 to {MOST_NEVER} things never to do, not {never}")
    });
    check.expect(taps <= MOST_TAPS, at, || format!("at most {MOST_TAPS} taps, not {taps}"));
    for tap in &symptom.taps {
        check.expect(check.known.taps.contains(&**tap), tap.offset(), || {
            format!("no tap is called {:?}", tap.as_str())
        });
    }
}

fn check_tap(check: &mut Check, tap: &Tap) {
    let ids: HashSet<&TapId> = tap.options.iter().map(|option| &*option.id).collect();
    check.expect(tap.options.len() >= 2, tap.id.offset(), || "a tap needs two answers".to_owned());
    check.expect(ids.len() == tap.options.len(), tap.id.offset(), || "an answer stands twice".to_owned());
}
