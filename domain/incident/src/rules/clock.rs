//! Who is told by when.

use crate::model::{Case, Fields, Incident, Told};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use komainu_calendar::{YearEnd, add_business_days, is_business_day};
use komainu_catalog::{Applies, Catalog, Clock, ClockStart, DutyAnswer, DutyKind, IncidentKindId};
use komainu_clock::in_japan;

/// The days that a clock ends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day to aim at, where the ground gives a stretch.
    pub aim: Option<NaiveDate>,
    /// The last day.
    pub day: NaiveDate,
    /// The last day as it is counted, where public offices are closed on it and the next open one took its place.
    pub moved_from: Option<NaiveDate>,
}

impl Due {
    /// The day that those who lead should keep in mind: where the counting was not confirmed the earlier one.
    pub fn keep(&self) -> NaiveDate {
        self.aim.unwrap_or(self.moved_from.unwrap_or(self.day))
    }
}

/// When a clock that started at a moment ends.
pub fn due(clock: &Clock, first_knew: DateTime<Utc>) -> Due {
    let ClockStart::FirstKnew = clock.from;
    let start = in_japan(first_knew).date_naive();
    let after = |days: i64| start + Duration::days(days - i64::from(clock.first_day_counts));
    let counted = after(clock.days);
    let moves = clock.closed_day_moves && !is_business_day(counted, YearEnd::Closed);
    Due {
        aim: clock.aim_days.map(after),
        day: if moves { add_business_days(counted, 0, YearEnd::Closed) } else { counted },
        moved_from: moves.then_some(counted),
    }
}

/// How much of a clock is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// So many days, at least one.
    Days(i64),
    /// It ends today.
    Today,
    /// It ended so many days ago.
    Late(i64),
}

/// How much is left until a day.
pub fn left(day: NaiveDate, today: NaiveDate) -> Left {
    match (day - today).num_days() {
        0 => Left::Today,
        days if days > 0 => Left::Days(days),
        days => Left::Late(-days),
    }
}

/// Where somebody who may have to be told stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Next: no day is set, or it is near or over.
    Now,
    /// There is more than a week.
    Later,
    /// It hangs on a question that nobody has answered.
    Open,
    /// Somebody was told.
    Done,
    /// It does not apply.
    Not,
}

impl Turn {
    /// In the order of the page.
    pub const ALL: [Turn; 5] = [Turn::Now, Turn::Later, Turn::Open, Turn::Done, Turn::Not];
}

/// Somebody to be told: whether, why, by when, and whether it is done.
#[derive(Clone, Debug)]
pub struct DutyRow<'a> {
    /// The duty, and why it applies or not.
    pub answer: DutyAnswer<'a>,
    /// When its clock ends; none where no number of days is set.
    pub due: Option<Due>,
    /// What is noted of it.
    pub told: Option<&'a Told>,
}

impl DutyRow<'_> {
    /// Whether somebody was told.
    pub fn done(&self) -> bool {
        self.told.is_some_and(|told| told.done_at.is_some())
    }

    /// Whether somebody is still to be told.
    pub fn waits(&self) -> bool {
        self.answer.applies == Applies::Yes && !self.done()
    }

    /// Whether a clock runs though nobody knows yet whether it applies: it runs from knowing, not from answering.
    pub fn looms(&self) -> bool {
        self.answer.applies == Applies::Open && self.due.is_some() && !self.done()
    }

    /// Whether a law or a notice asks for it, so that the house may not simply leave it.
    pub fn binds(&self) -> bool {
        matches!(self.answer.duty.kind, DutyKind::Duty | DutyKind::Asked)
    }

    /// Whether anything about its clock is not confirmed: how the days are counted, or on what it is founded.
    pub fn unconfirmed(&self) -> bool {
        let counted = self.answer.duty.clock.as_ref().is_none_or(|clock| clock.counting_confirmed);
        !counted || !self.answer.duty.standing.confirmed
    }

    /// Where it stands among the others.
    pub fn turn(&self, today: NaiveDate) -> Turn {
        match self.answer.applies {
            _ if self.done() => Turn::Done,
            Applies::No => Turn::Not,
            Applies::Open => Turn::Open,
            Applies::Yes => turn(self.due, today),
        }
    }
}

/// The turn of somebody who is still to be told. What has no day is put off by nobody.
fn turn(due: Option<Due>, today: NaiveDate) -> Turn {
    /// Up to how many days before its end a clock is no matter of now.
    const NEAR: i64 = 7;
    match due.map(|due| left(due.keep(), today)) {
        Some(Left::Days(days)) if days > NEAR => Turn::Later,
        Some(_) | None => Turn::Now,
    }
}

/// What was answered to a question; none while nobody knows.
pub fn question_answer(answers: &Fields, question: &str) -> Option<bool> {
    match answers.get(question).map(String::as_str) {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    }
}

/// Everybody who may have to be told of a case, in the order of calling; last those who were told while it was of another kind.
pub fn duties<'a>(catalog: &'a Catalog, case: &'a Case) -> Vec<DutyRow<'a>> {
    duties_of(catalog, &case.incident, &case.answers.fields, &case.told)
}

/// The same from the parts of a case that it follows from.
pub fn duties_of<'a>(
    catalog: &'a Catalog,
    incident: &Incident,
    answers: &Fields,
    told: &'a [Told],
) -> Vec<DutyRow<'a>> {
    let Ok(kind) = incident.kind.parse::<IncidentKindId>() else { return Vec::new() };
    let fitting = catalog.duties_for(&kind, |question| question_answer(answers, question.as_str()));
    let noted = told.iter().filter_map(|told| catalog.reporting_duty(&told.duty));
    let others = noted.filter(|duty| !duty.fits(&kind)).map(|duty| DutyAnswer {
        duty,
        applies: Applies::No,
        because: Vec::new(),
        ruled_out_by: Vec::new(),
        spared_by: Vec::new(),
        replaced_by: None,
    });
    let others: Vec<DutyAnswer<'a>> = others.collect();
    fitting
        .into_iter()
        .chain(others)
        .map(|answer| DutyRow {
            due: answer.duty.clock.as_ref().map(|clock| due(clock, incident.first_knew_at)),
            told: told.iter().find(|told| told.duty == answer.duty.id.as_str()),
            answer,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The clocks as they are in the catalogue, from moments on which something hangs.
    #[test]
    fn clocks_end_on_the_right_day() {
        let catalog = Catalog::embedded().unwrap();
        let ends = |duty: &str, first_knew: &str| {
            let clock = catalog.reporting_duty(duty).unwrap().clock.as_ref().unwrap();
            due(clock, first_knew.parse().unwrap())
        };
        for (duty, first_knew, aim, last, moved_from) in [
            // Monday 2 November 2026, 09:00 in Japan: day 1 is the 2nd, day 5 the 6th, day 30 Tuesday, 1 December.
            ("ppc-preliminary", "2026-11-02T00:00:00Z", Some("2026-11-04"), "2026-11-06", None),
            ("ppc-final", "2026-11-02T00:00:00Z", None, "2026-12-01", None),
            // Late in the evening in UTC is the next day in Japan.
            ("ppc-final", "2026-11-01T16:00:00Z", None, "2026-12-01", None),
            // Day 30 is Saturday, 5 December: Monday.
            ("ppc-final", "2026-11-06T00:00:00Z", None, "2026-12-07", Some("2026-12-05")),
            // Day 30 is 31 December: offices open on Monday, 4 January.
            ("ppc-final", "2026-12-02T00:00:00Z", None, "2027-01-04", Some("2026-12-31")),
            // Day 60 is Thursday, 31 December again.
            ("ppc-final-wrongful", "2026-11-02T00:00:00Z", None, "2027-01-04", Some("2026-12-31")),
            // Day 60 is Monday, 3 May 2027, in the golden week: the 3rd, 4th and 5th are holidays.
            ("ppc-final-wrongful", "2027-03-05T00:00:00Z", None, "2027-05-06", Some("2027-05-03")),
            // A minute before midnight in Japan is still the day before: day 5 is the 6th, and a minute later the 7th.
            ("ppc-preliminary", "2026-11-02T14:59:00Z", Some("2026-11-04"), "2026-11-06", None),
            ("ppc-preliminary", "2026-11-02T15:00:00Z", Some("2026-11-05"), "2026-11-07", None),
            // Over the end of the month and of the year, by calendar days.
            ("ppc-preliminary", "2026-12-29T01:00:00Z", Some("2026-12-31"), "2027-01-02", None),
            // A leap year has a 29 February: day 30 from 31 January 2028 is Tuesday, the 29th.
            ("ppc-final", "2028-01-31T00:00:00Z", None, "2028-02-29", None),
            // And a common year has none: Monday, 1 March.
            ("ppc-final", "2027-01-31T00:00:00Z", None, "2027-03-01", None),
            // Day 30 is Tuesday, 22 September 2026, a day between two holidays; Wednesday is a holiday too.
            ("ppc-final", "2026-08-24T00:00:00Z", None, "2026-09-24", Some("2026-09-22")),
            // Day 30 is Monday, 22 March 2027, the substitute for the equinox on Sunday.
            ("ppc-final", "2027-02-21T00:00:00Z", None, "2027-03-23", Some("2027-03-22")),
            // Day 60 is Tuesday, 29 December 2026: closed until Monday, 4 January.
            ("ppc-final-wrongful", "2026-10-31T00:00:00Z", None, "2027-01-04", Some("2026-12-29")),
            // Day 30 is Monday, 28 December 2026: the last open day.
            ("ppc-final", "2026-11-29T00:00:00Z", None, "2026-12-28", None),
            // The first report does not wait for the office: day 5 is a Sunday.
            ("ppc-preliminary", "2026-11-04T00:00:00Z", Some("2026-11-06"), "2026-11-08", None),
        ] {
            let expected = Due { aim: aim.map(day), day: day(last), moved_from: moved_from.map(day) };
            assert_eq!(ends(duty, first_knew), expected, "{duty} from {first_knew}");
        }
        let moved = ends("ppc-final", "2026-11-06T00:00:00Z");
        assert_eq!(
            moved.keep(),
            day("2026-12-05"),
            "the counting is not confirmed, so the earlier day is kept"
        );
    }

    #[test]
    fn what_is_left_is_said_in_days() {
        let today = day("2026-11-27");
        for (last, expected) in
            [("2026-11-28", Left::Days(1)), ("2026-11-27", Left::Today), ("2026-11-25", Left::Late(2))]
        {
            assert_eq!(left(day(last), today), expected);
        }
    }

    #[test]
    fn what_has_no_day_or_a_near_one_is_a_matter_of_now() {
        let today = day("2026-11-27");
        let until =
            |last: &str, aim: Option<&str>| Some(Due { aim: aim.map(day), day: day(last), moved_from: None });
        for (due, expected) in [
            (None, Turn::Now),
            (until("2026-11-20", None), Turn::Now),
            (until("2026-11-27", None), Turn::Now),
            (until("2026-12-04", None), Turn::Now),
            (until("2026-12-05", None), Turn::Later),
            (until("2026-12-20", Some("2026-11-30")), Turn::Now),
        ] {
            assert_eq!(turn(due, today), expected, "{due:?}");
        }
    }
}
