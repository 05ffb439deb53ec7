//! What a reminder is made of.

use chrono::NaiveDate;
use komainu_access::PersonId;
use komainu_incident::Incident;
use komainu_incident::actions::DueClock;
use komainu_people::Person;
use serde::{Deserialize, Serialize};

/// What waits for a person in one institution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Items that were given to the person yesterday.
    pub given: usize,
    /// Items whose day is near, today included.
    pub near: usize,
    /// The first of these days.
    pub first: Option<NaiveDate>,
    /// Items whose day has passed.
    pub late: usize,
}

/// What a person is reminded of.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// Who.
    pub person: Person,
    /// What waits in each of their institutions, by its name.
    pub places: Vec<(String, Waiting)>,
}

/// What a person is told of the clocks of an incident.
#[derive(Clone, Debug)]
pub struct ClockMail<'a> {
    /// Who.
    pub person: &'a Person,
    /// The institution's name.
    pub place: &'a str,
    /// The incident.
    pub incident: &'a Incident,
    /// The clocks.
    pub clocks: Vec<&'a DueClock>,
}

/// What a reminder's job is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Look who belongs to the job's institution.
    Everybody,
    /// Remind a person.
    Person(PersonId),
}
