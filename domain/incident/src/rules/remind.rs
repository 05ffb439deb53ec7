//! When those who lead are reminded of a clock, and who they are.

use super::Due;
use crate::model::{RoleHeld, Stage};
use chrono::NaiveDate;
use komainu_access::{Permission, PersonId, Role};
use komainu_catalog::{Clock, TaskRole};

/// The longest time before the day to keep in mind at which a clock begins to press, in days.
const LONGEST_LEAD: i64 = 14;

/// How many days before the day to keep in mind a clock begins to press: a quarter of its length, at least a day and at most
/// two weeks. What presses all the time is soon read by nobody.
pub fn lead(clock: &Clock) -> i64 {
    (clock.aim_days.unwrap_or(clock.days) / 4).clamp(1, LONGEST_LEAD)
}

/// Where a clock stands; none while it does not press. Each stage is reminded of once, and one that nobody looked at in its
/// time gives way to the next: a reminder is never behind the truth.
pub fn stage(due: Due, lead: i64, today: NaiveDate) -> Option<Stage> {
    let keep = due.keep();
    match (due.day - today).num_days() {
        ..0 => Some(Stage::Over),
        0 => Some(Stage::Last),
        _ if keep <= today => Some(Stage::Aim),
        _ if (keep - today).num_days() <= lead => Some(Stage::Near),
        _ => None,
    }
}

/// A member with an account that is not closed, as far as reminding asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub person: PersonId,
    /// What they are.
    pub role: Role,
    /// Whether mails may remind them.
    pub wants: bool,
}

/// Who is reminded: who commands and who has the reports in hand. Where nobody with an account here commands, the director
/// and the safety manager stand in. What may not be missed (`insists`) reaches whoever commands, whatever they chose.
pub fn recipients(roles: &[RoleHeld], colleagues: &[Colleague], insists: bool) -> Vec<PersonId> {
    // The newest of each role counts.
    let holder = |role: TaskRole| {
        let held = roles.iter().find(|held| held.role == role).and_then(|held| held.person)?;
        colleagues.iter().find(|one| one.person == held && one.role.may(Permission::IncidentSee))
    };
    let leads = |one: &&Colleague| matches!(one.role, Role::Director | Role::SafetyManager);
    let commanders: Vec<&Colleague> = match holder(TaskRole::Commander) {
        Some(commander) => vec![commander],
        None => colleagues.iter().filter(leads).collect(),
    };
    let reporter = holder(TaskRole::Contact).filter(|one| one.wants);
    let mut people: Vec<PersonId> = commanders
        .into_iter()
        .filter(|one| one.wants || insists)
        .chain(reporter)
        .map(|one| one.person)
        .collect();
    people.sort();
    people.dedup();
    people
}

#[cfg(test)]
mod tests {
    use super::super::due;
    use super::*;
    use chrono::DateTime;
    use komainu_catalog::Catalog;
    use komainu_db::uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    #[test]
    fn a_clock_presses_for_a_quarter_of_its_length() {
        let catalog = Catalog::embedded().unwrap();
        let known = catalog.reporting_duty("ppc-final").unwrap().clock.clone().unwrap();
        for (days, aim_days, expected) in [
            (1, None, 1),
            (3, None, 1),
            (5, Some(3), 1),
            (7, None, 1),
            (8, None, 2),
            (14, None, 3),
            (30, None, 7),
            (60, None, 14),
            (365, None, 14),
        ] {
            let clock = Clock { days, aim_days, ..known.clone() };
            assert_eq!(lead(&clock), expected, "{days} {aim_days:?}");
        }
    }

    /// The clocks as they are in the catalogue, from Monday, 2 November 2026, 09:00 in Japan, and from the 6th.
    #[test]
    fn a_clock_passes_through_its_stages() {
        use Stage::{Aim, Last, Near, Over};
        let catalog = Catalog::embedded().unwrap();
        for (duty, first_knew, today, expected) in [
            // Aim on the 4th, last day the 6th.
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-02", None),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-03", Some(Near)),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-04", Some(Aim)),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-05", Some(Aim)),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-06", Some(Last)),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2026-11-07", Some(Over)),
            ("ppc-preliminary", "2026-11-02T00:00:00Z", "2027-11-07", Some(Over)),
            // The last day is Tuesday, 1 December; it presses from a week before.
            ("ppc-final", "2026-11-02T00:00:00Z", "2026-11-23", None),
            ("ppc-final", "2026-11-02T00:00:00Z", "2026-11-24", Some(Near)),
            ("ppc-final", "2026-11-02T00:00:00Z", "2026-11-30", Some(Near)),
            ("ppc-final", "2026-11-02T00:00:00Z", "2026-12-01", Some(Last)),
            ("ppc-final", "2026-11-02T00:00:00Z", "2026-12-02", Some(Over)),
            // Counted, it ends on Saturday the 5th; the office opens on Monday the 7th.
            ("ppc-final", "2026-11-06T00:00:00Z", "2026-11-27", None),
            ("ppc-final", "2026-11-06T00:00:00Z", "2026-11-28", Some(Near)),
            ("ppc-final", "2026-11-06T00:00:00Z", "2026-12-05", Some(Aim)),
            ("ppc-final", "2026-11-06T00:00:00Z", "2026-12-07", Some(Last)),
            ("ppc-final", "2026-11-06T00:00:00Z", "2026-12-08", Some(Over)),
        ] {
            let clock = catalog.reporting_duty(duty).unwrap().clock.as_ref().unwrap();
            let stands = stage(due(clock, first_knew.parse().unwrap()), lead(clock), day(today));
            assert_eq!(stands, expected, "{duty} from {first_knew} on {today}");
        }
    }

    #[test]
    fn whoever_leads_is_reminded_and_the_house_where_nobody_does() {
        let one = |number, role, wants| Colleague { person: person(number), role, wants };
        let held = |role, number: Option<u128>| RoleHeld {
            role,
            person: number.map(person),
            name: String::new(),
            since: DateTime::UNIX_EPOCH,
        };
        let house = [
            one(1, Role::Director, true),
            one(2, Role::SafetyManager, true),
            one(3, Role::SystemOperator, true),
            one(4, Role::Staff, true),
            one(5, Role::SystemOperator, false),
        ];
        let commander = |number| held(TaskRole::Commander, number);
        let contact = |number| held(TaskRole::Contact, number);
        for (roles, insists, expected) in [
            (vec![commander(Some(3))], false, vec![3]),
            (vec![commander(Some(3)), contact(Some(2))], false, vec![2, 3]),
            (vec![commander(Some(3)), contact(Some(3))], false, vec![3]),
            // The newest of a role stands first.
            (vec![commander(Some(1)), commander(Some(3))], false, vec![1]),
            // Other roles have other work.
            (vec![commander(Some(1)), held(TaskRole::Systems, Some(3))], false, vec![1]),
            // Nobody, somebody without an account, who has left, who may not see it: the house itself.
            (vec![], false, vec![1, 2]),
            (vec![commander(None)], false, vec![1, 2]),
            (vec![commander(Some(9))], false, vec![1, 2]),
            (vec![commander(Some(4))], false, vec![1, 2]),
            // Who wants no reminders gets none, but for what may not be missed.
            (vec![commander(Some(5))], false, vec![]),
            (vec![commander(Some(5))], true, vec![5]),
            (vec![commander(Some(1)), contact(Some(5))], true, vec![1]),
        ] {
            let expected: Vec<PersonId> = expected.into_iter().map(person).collect();
            assert_eq!(recipients(&roles, &house, insists), expected, "{roles:?} {insists}");
        }
    }
}
