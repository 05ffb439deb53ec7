//! When one must wait, and what a change of members may not do.

use chrono::{DateTime, Duration, Utc};
use komainu_access::{Permission, Role};

/// How long an invitation can be used.
pub const INVITATION_LIFE: Duration = Duration::days(7);

/// What failed attempts are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// One account, or the installation's setup code: few mistakes, soon long waits.
    Account,
    /// One network address: a whole hospital may stand behind it.
    Address,
    /// One invitation's link: a handful of mistakes, then it is closed for good.
    Invitation,
}

/// The first wait; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::seconds(30);
/// The longest wait, so that nobody can be locked out for long by someone else's attempts.
const LONGEST_WAIT: Duration = Duration::minutes(15);

impl Limit {
    /// Failures that cost no wait.
    const fn free(self) -> i64 {
        match self {
            Limit::Account | Limit::Invitation => 5,
            Limit::Address => 30,
        }
    }

    /// The quiet time for which one failure is forgiven.
    const fn forgiven_after(self) -> Duration {
        match self {
            Limit::Account => Duration::hours(1),
            Limit::Address => Duration::minutes(1),
            Limit::Invitation => Duration::days(365),
        }
    }

    fn wait_after(self, failures: i64) -> Duration {
        if failures < self.free() {
            return Duration::zero();
        }
        if self == Limit::Invitation {
            return INVITATION_LIFE;
        }
        let doublings = u32::try_from(failures - self.free()).unwrap_or(u32::MAX).min(16);
        (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
    }
}

/// Failed attempts so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many are not forgiven yet.
    pub failures: i64,
    /// When the last was counted.
    pub since: DateTime<Utc>,
}

impl Tally {
    fn unforgiven(self, limit: Limit, now: DateTime<Utc>) -> i64 {
        let quiet = (now - self.since).num_seconds().max(0);
        (self.failures - quiet / limit.forgiven_after().num_seconds()).max(0)
    }

    /// How long one must still wait before the next attempt; zero for not at all.
    pub fn wait(self, limit: Limit, now: DateTime<Utc>) -> Duration {
        let wait = limit.wait_after(self.failures);
        // A clock that was set back must not lengthen the wait.
        (self.since + wait - now).clamp(Duration::zero(), wait)
    }

    /// The tally with one more attempt, counted before its outcome is known, so that many at once cannot slip through.
    #[must_use]
    pub fn counted(self, limit: Limit, now: DateTime<Utc>) -> Tally {
        Tally { failures: self.unforgiven(limit, now) + 1, since: now }
    }
}

/// Why a membership cannot be changed like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nobody would be left who can invite people and change roles.
    LastManager,
    /// It is the asker's own right to manage that would be lost, and they have not said that they mean it.
    NeedsOwnWord,
}

/// Whether a role manages members.
pub const fn manages(role: Role) -> bool {
    role.may(Permission::MembersManage)
}

/// Whether a member may go from one role to another, or leave (`after` is none).
///
/// `other_managers` counts the other members who manage and can sign in; `own` says that the asker is that member, and
/// `meant` that they confirmed it.
pub fn may_lose(
    before: Role,
    after: Option<Role>,
    other_managers: usize,
    own: bool,
    meant: bool,
) -> Result<(), Loss> {
    let loses = manages(before) && !after.is_some_and(manages);
    if loses && other_managers == 0 {
        Err(Loss::LastManager)
    } else if own && (loses || after.is_none()) && !meant {
        Err(Loss::NeedsOwnWord)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::seconds(seconds)
    }

    #[test]
    fn waits_grow_and_end() {
        for (limit, failures, seconds) in [
            (Limit::Account, 0, 0),
            (Limit::Account, 4, 0),
            (Limit::Account, 5, 30),
            (Limit::Account, 6, 60),
            (Limit::Account, 9, 480),
            (Limit::Account, 10, 900),
            (Limit::Account, 1_000_000, 900),
            (Limit::Address, 29, 0),
            (Limit::Address, 30, 30),
            (Limit::Address, i64::MAX, 900),
            (Limit::Invitation, 4, 0),
            (Limit::Invitation, 5, 7 * 24 * 3600),
        ] {
            let tally = Tally { failures, since: at(0) };
            assert_eq!(tally.wait(limit, at(0)).num_seconds(), seconds, "{limit:?} {failures}");
            assert_eq!(tally.wait(limit, at(seconds)), Duration::zero());
        }
    }

    #[test]
    fn quiet_time_forgives() {
        let tally = Tally { failures: 6, since: at(0) };
        for (limit, later, failures) in [
            (Limit::Account, 60, 7),
            (Limit::Account, 3600, 6),
            (Limit::Account, 24 * 3600, 1),
            (Limit::Address, 120, 5),
            (Limit::Invitation, 7 * 24 * 3600, 7),
        ] {
            assert_eq!(tally.counted(limit, at(later)).failures, failures, "{limit:?} {later}");
        }
    }

    #[test]
    fn the_last_who_manages_stays() {
        use Role::{Director, Inspector, SafetyManager, Staff};
        for (before, after, others, own, meant, expected) in [
            (Director, Some(Staff), 0, false, true, Err(Loss::LastManager)),
            (Director, None, 0, true, true, Err(Loss::LastManager)),
            (SafetyManager, None, 0, false, false, Err(Loss::LastManager)),
            (Director, Some(SafetyManager), 0, true, false, Ok(())),
            (Director, Some(Staff), 1, false, false, Ok(())),
            (Director, Some(Staff), 1, true, false, Err(Loss::NeedsOwnWord)),
            (Director, Some(Staff), 1, true, true, Ok(())),
            (Director, None, 1, true, false, Err(Loss::NeedsOwnWord)),
            (Staff, None, 1, false, false, Ok(())),
            (Staff, Some(Inspector), 0, false, false, Ok(())),
        ] {
            assert_eq!(
                may_lose(before, after, others, own, meant),
                expected,
                "{before} {after:?} {others} {own}"
            );
        }
    }

    proptest! {
        #[test]
        fn an_attempt_is_never_free_of_charge(failures in 0_i64..200, quiet in 0_i64..1_000_000) {
            for limit in [Limit::Account, Limit::Address, Limit::Invitation] {
                let tally = Tally { failures, since: at(0) };
                let next = tally.counted(limit, at(quiet));
                prop_assert!(next.failures >= 1 && next.failures <= failures + 1);
                prop_assert!(next.wait(limit, at(quiet)) <= INVITATION_LIFE);
            }
        }

        #[test]
        fn a_clock_set_back_locks_nobody_out(failures in 0_i64..200, back in 0_i64..1_000_000) {
            let tally = Tally { failures, since: at(back) };
            prop_assert!(tally.wait(Limit::Account, at(0)) <= LONGEST_WAIT);
        }
    }
}
