//! When a backup is due, which old ones go, and what an administrator is warned of.

use crate::model::{Finding, Proof, Trouble};
use chrono::{DateTime, Datelike as _, Days, Duration, FixedOffset, NaiveDateTime, Utc};
use std::collections::BTreeSet;

/// A backup older than this is too old: the daily one failed at least once.
const OLD: Duration = Duration::hours(36);
/// A proof older than this is made again after the next backup.
const PROOF_AGE: Duration = Duration::days(7);
/// A proof older than this is too old: several were missed.
const PROOF_OLD: Duration = Duration::days(16);
/// Free bytes below which a disk is short of room whatever the data.
const ROOM: u64 = 1_000_000_000;

/// How many backups are kept: the newest of so many days, weeks and months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days.
    pub daily: u32,
    /// Weeks, from Monday.
    pub weekly: u32,
    /// Months.
    pub monthly: u32,
}

/// The next moment after `after` at which the clock on the wall shows the full hour.
pub fn next_at(after: DateTime<FixedOffset>, hour: u32) -> Option<DateTime<Utc>> {
    let today = after.date_naive().and_hms_opt(hour, 0, 0)?;
    let day = if today > after.naive_local() { today } else { today.checked_add_days(Days::new(1))? };
    Some(day.and_local_timezone(after.timezone()).single()?.to_utc())
}

/// Whether a proof is due after a backup.
pub fn proof_is_due(last: Option<&Proof>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|proof| !proof.finding.restores() || now - proof.at >= PROOF_AGE)
}

/// The backups that are not kept any more, by the moments in their names. The newest and the one that was proved last
/// always stay.
pub fn thinned(made: &[NaiveDateTime], proved: Option<NaiveDateTime>, keep: Keep) -> Vec<NaiveDateTime> {
    let mut newest_first: Vec<NaiveDateTime> = made.to_vec();
    newest_first.sort_unstable_by(|a, b| b.cmp(a));
    newest_first.dedup();
    let mut kept: BTreeSet<NaiveDateTime> = newest_first.first().copied().into_iter().chain(proved).collect();
    let mut keep_newest = |count: u32, period: fn(&NaiveDateTime) -> (i32, u32)| {
        let mut seen = BTreeSet::new();
        for moment in &newest_first {
            if seen.len() < count as usize && seen.insert(period(moment)) {
                kept.insert(*moment);
            }
        }
    };
    keep_newest(keep.daily, |moment| (moment.year(), moment.ordinal()));
    keep_newest(keep.weekly, |moment| (moment.iso_week().year(), moment.iso_week().week()));
    keep_newest(keep.monthly, |moment| (moment.year(), moment.month()));
    newest_first.into_iter().filter(|moment| !kept.contains(moment)).collect()
}

/// What is known about the installation's safety at a moment.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The moment.
    pub now: DateTime<Utc>,
    /// Whether a folder for backups is set.
    pub folder_is_set: bool,
    /// Whether that folder can be reached at this moment.
    pub folder_is_there: bool,
    /// Whether it lies on the disk that holds the data.
    pub same_disk: bool,
    /// The newest backup that was made, by the moment that it holds.
    pub made_at: Option<DateTime<Utc>>,
    /// Evidence files that it lacks.
    pub unreadable: i64,
    /// The last attempt, where it failed after the newest backup.
    pub failed: Option<Trouble>,
    /// The last proof.
    pub proof: Option<Proof>,
    /// The last proof that could restore.
    pub proved_at: Option<DateTime<Utc>>,
    /// Whether somebody confirmed that the key is on paper.
    pub key_is_on_paper: bool,
    /// Free bytes on the data's disk; unknown where it lies elsewhere.
    pub free_for_data: Option<u64>,
    /// Free bytes on the backups' disk.
    pub free_for_backups: Option<u64>,
    /// Bytes of the newest backup.
    pub backup_size: u64,
    /// Bytes of database and evidence.
    pub data_size: u64,
}

/// Something that an administrator must do, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Nothing is backed up by itself.
    NoFolderSet,
    /// The folder cannot be reached.
    FolderGone,
    /// The last attempt failed.
    Failed(Trouble),
    /// There is none yet.
    NeverMade,
    /// The newest one is this many hours old.
    Old(i64),
    /// The newest one could not be restored.
    ProofFailed(Trouble),
    /// None was ever proved, or not for this many days.
    NotProved(Option<i64>),
    /// The key is on no paper.
    KeyNotOnPaper,
    /// Evidence or log were damaged when the backup was made.
    Amiss,
    /// One fire or one thief takes both.
    SameDisk,
    /// The data's disk is nearly full.
    LittleRoomForData,
    /// The backups' disk is nearly full.
    LittleRoomForBackups,
}

/// What to warn of.
pub fn warnings(situation: &Situation) -> Vec<Warning> {
    let s = situation;
    let mut found = Vec::new();
    if s.folder_is_set {
        if !s.folder_is_there {
            found.push(Warning::FolderGone);
        } else if let Some(trouble) = s.failed {
            found.push(Warning::Failed(trouble));
        }
    } else {
        found.push(Warning::NoFolderSet);
    }
    match s.made_at {
        None if s.folder_is_set => found.push(Warning::NeverMade),
        Some(at) if s.now - at > OLD => found.push(Warning::Old((s.now - at).num_hours())),
        _ => {}
    }
    found.extend(proof_warning(s));
    if !s.key_is_on_paper && (s.folder_is_set || s.made_at.is_some()) {
        found.push(Warning::KeyNotOnPaper);
    }
    let broken = matches!(&s.proof, Some(Proof { finding: Finding::Amiss { .. }, .. }));
    if broken || s.unreadable > 0 {
        found.push(Warning::Amiss);
    }
    if s.folder_is_set && s.folder_is_there && s.same_disk {
        found.push(Warning::SameDisk);
    }
    let short = |free: Option<u64>, wanted: u64| free.is_some_and(|free| free < wanted.max(ROOM));
    if short(s.free_for_data, s.data_size) {
        found.push(Warning::LittleRoomForData);
    }
    if s.folder_is_there && short(s.free_for_backups, s.backup_size.saturating_mul(3)) {
        found.push(Warning::LittleRoomForBackups);
    }
    found
}

fn proof_warning(s: &Situation) -> Option<Warning> {
    s.made_at?;
    if let Some(Proof { finding: Finding::Failed { trouble, .. }, .. }) = &s.proof {
        return Some(Warning::ProofFailed(*trouble));
    }
    match s.proved_at {
        None => Some(Warning::NotProved(None)),
        Some(at) if s.now - at > PROOF_OLD => Some(Warning::NotProved(Some((s.now - at).num_days()))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn japan(text: &str) -> DateTime<FixedOffset> {
        moment(text).with_timezone(&FixedOffset::east_opt(9 * 3600).unwrap())
    }

    #[test]
    fn it_is_due_at_the_next_full_hour_in_japan() {
        for (after, hour, due) in [
            ("2026-11-23T00:00:00Z", 3, "2026-11-23T18:00:00Z"),
            ("2026-11-23T17:59:59Z", 3, "2026-11-23T18:00:00Z"),
            ("2026-11-23T18:00:00Z", 3, "2026-11-24T18:00:00Z"),
            ("2026-12-31T14:30:00Z", 0, "2026-12-31T15:00:00Z"),
            ("2026-12-31T15:00:00Z", 0, "2027-01-01T15:00:00Z"),
        ] {
            assert_eq!(next_at(japan(after), hour), Some(moment(due)), "{after} {hour}");
        }
        assert_eq!(next_at(japan("2026-11-23T00:00:00Z"), 24), None);
    }

    const KEEP: Keep = Keep { daily: 7, weekly: 5, monthly: 12 };

    fn days(count: u64) -> Vec<NaiveDateTime> {
        let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap().and_hms_opt(3, 0, 0).unwrap();
        (0..count).map(|day| first + Days::new(day)).collect()
    }

    #[test]
    fn days_weeks_and_months_are_kept() {
        let made = days(400);
        let gone = thinned(&made, None, KEEP);
        let kept: Vec<&NaiveDateTime> = made.iter().filter(|moment| !gone.contains(moment)).collect();
        assert!(kept.len() <= 7 + 5 + 12 && kept.len() >= 20, "{}", kept.len());
        assert!(kept.contains(&made.last().unwrap()));
        assert!(*kept[0] <= made[400 - 310], "the newest of the eleventh month back");
        // Twice on a day: the later one stays.
        let twice = [made[0], made[0] + Duration::hours(4)];
        assert_eq!(thinned(&twice, None, KEEP), [made[0]]);
        assert_eq!(thinned(&twice, Some(made[0]), KEEP), [], "what was proved stays");
        let none = Keep { daily: 0, weekly: 0, monthly: 0 };
        assert_eq!(thinned(&made[..3], None, none), [made[1], made[0]], "the newest stays");
    }

    proptest! {
        #[test]
        fn thinning_a_day_at_a_time_keeps_as_much_as_thinning_at_once(count in 1_u64..200, daily in 0_u32..9, weekly in 0_u32..6, monthly in 0_u32..14) {
            let keep = Keep { daily, weekly, monthly };
            let made = days(count);
            let mut there: Vec<NaiveDateTime> = Vec::new();
            for day in &made {
                there.push(*day);
                let gone = thinned(&there, None, keep);
                there.retain(|moment| !gone.contains(moment));
                prop_assert!(there.contains(day));
            }
            // However long it runs, it holds no more than it was told to, and the days that it was told to.
            prop_assert!(there.len() <= (daily + weekly + monthly).max(1) as usize);
            for recent in made.iter().rev().take(daily as usize) {
                prop_assert!(there.contains(recent));
            }
        }
    }

    fn calm() -> Situation {
        let now = moment("2026-11-23T00:00:00Z");
        let finding = Finding::Sound { rows: 1, files: 1, entries: 1 };
        let proof = Proof { at: now - Duration::days(3), file: "x".to_owned(), finding };
        Situation {
            now,
            folder_is_set: true,
            folder_is_there: true,
            same_disk: false,
            made_at: Some(now - Duration::hours(6)),
            unreadable: 0,
            failed: None,
            proved_at: Some(proof.at),
            proof: Some(proof),
            key_is_on_paper: true,
            free_for_data: Some(50_000_000_000),
            free_for_backups: Some(50_000_000_000),
            backup_size: 10_000_000,
            data_size: 20_000_000,
        }
    }

    #[test]
    fn where_all_is_well_there_is_no_warning() {
        assert_eq!(warnings(&calm()), []);
        assert!(!proof_is_due(calm().proof.as_ref(), calm().now));
        assert!(proof_is_due(None, calm().now));
        assert!(proof_is_due(calm().proof.as_ref(), calm().now + Duration::days(4)));
    }

    #[test]
    fn each_fault_is_told() {
        let with = |change: fn(&mut Situation)| {
            let mut situation = calm();
            change(&mut situation);
            warnings(&situation)
        };
        use Warning as W;
        assert_eq!(with(|s| s.folder_is_there = false), [W::FolderGone]);
        assert_eq!(with(|s| s.failed = Some(Trouble::NoRoom)), [W::Failed(Trouble::NoRoom)]);
        assert_eq!(with(|s| s.made_at = None), [W::NeverMade]);
        assert_eq!(with(|s| s.made_at = Some(s.now - Duration::hours(50))), [W::Old(50)]);
        assert_eq!(with(|s| s.key_is_on_paper = false), [W::KeyNotOnPaper]);
        assert_eq!(with(|s| s.unreadable = 2), [W::Amiss]);
        assert_eq!(with(|s| s.same_disk = true), [W::SameDisk]);
        assert_eq!(with(|s| s.free_for_data = Some(1_000)), [W::LittleRoomForData]);
        assert_eq!(with(|s| s.free_for_backups = Some(1_000)), [W::LittleRoomForBackups]);
        assert_eq!(with(|s| s.proved_at = None), [W::NotProved(None)]);
        assert_eq!(with(|s| s.proved_at = Some(s.now - Duration::days(20))), [W::NotProved(Some(20))]);
        let failed = with(|s| {
            let finding = Finding::Failed { trouble: Trouble::Damaged, detail: String::new() };
            s.proof = Some(Proof { at: s.now, file: String::new(), finding });
        });
        assert_eq!(failed, [W::ProofFailed(Trouble::Damaged)]);
        let off = with(|s| {
            (s.folder_is_set, s.made_at, s.proof, s.proved_at, s.key_is_on_paper) =
                (false, None, None, None, false);
        });
        assert_eq!(off, [W::NoFolderSet]);
    }
}
