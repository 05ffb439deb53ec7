//! Beginning the reminders, reminding one person, reminding of the clocks of incidents, trying the mail server and the ways of
//! short messages.

use crate::jobs::KIND;
use crate::model::{ClockMail, Errand, Reminder};
use crate::{rules, words};
use chrono::{DateTime, Duration, Utc};
use komainu_access::{OrganisationId, PersonId, Scope, Session, Sessions};
use komainu_checklist::actions::{due_somewhere, pending};
use komainu_clock::in_japan;
use komainu_db::{DbError, Tx};
use komainu_i18n::Lang;
use komainu_incident::actions::{DueClock, Letter, clock_reminded, clocks_due};
use komainu_incident::{Incident, IncidentId};
use komainu_jobs::{JobId, State, Task, recent_by_key};
use komainu_notify::{MAIL, MailError, MailQueue, Medium, NotSent};
use komainu_people::actions::{account, members, reminders_wanted};
use komainu_web::{App, Failure};

/// Begins the day's reminders: a job for every institution in which it is worth looking.
pub fn reminders_begin(tx: &mut Tx<'_>, app: &App) -> Result<(), DbError> {
    let today = app.nature.today();
    let yesterday = rules::beginning(today.pred_opt().unwrap_or(today));
    for organisation in due_somewhere(tx, rules::near_until(today), yesterday)? {
        let scope = Scope::of_program(organisation);
        Task::new(KIND, &Errand::Everybody).once(&today.to_string()).enqueue(tx, &app.nature, &scope)?;
    }
    Ok(())
}

/// Asks for a reminder of everybody who belongs to the scope's institution. Whoever belongs to several is reminded in
/// the first of them, so that nobody is reminded twice.
pub fn reminders_share(tx: &mut Tx<'_>, app: &App, scope: &Scope) -> Result<(), Failure> {
    let today = app.nature.today();
    for member in members(tx, scope)?.iter().filter(|member| !member.disabled) {
        let Some((first, ..)) = Sessions::places(tx, member.person)?.into_iter().next() else { continue };
        let key = format!("{today}/{}", member.person);
        let errand = Errand::Person(member.person);
        Task::new(KIND, &errand).once(&key).enqueue(tx, &app.nature, &Scope::of_program(first))?;
    }
    Ok(())
}

/// What waits for a person today, institution by institution; nothing for who wants no reminders.
pub fn reminder_gather(tx: &mut Tx<'_>, app: &App, id: PersonId) -> Result<Option<Reminder>, Failure> {
    let person = account(tx, id)?;
    if person.disabled_at.is_some() || !reminders_wanted(tx, id)? {
        return Ok(None);
    }
    let today = in_japan(app.nature.now()).date_naive();
    let mut places = Vec::new();
    for (organisation, name, role) in Sessions::places(tx, id)? {
        let scope = Scope::new(id, &person.name, organisation, role);
        if let Some(waiting) = rules::waiting(today, &pending(tx, &scope, &app.catalog)?) {
            places.push((name, waiting));
        }
    }
    Ok((!places.is_empty()).then_some(Reminder { person, places }))
}

/// A mail that the server did not take for half a day is written anew so long after it was given up.
const ANEW: Duration = Duration::hours(12);

/// Reminds of the clocks of an incident whoever was not reminded of them yet. A reminder is written down and its mail put into
/// the queue in one transaction: a crash loses none and doubles none. Where the mail server was away so long that a mail was
/// given up, what still presses is told anew: the house's own server may be what was attacked.
pub fn clocks_remind(
    app: &App,
    mail: &MailQueue,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<(), Failure> {
    let (scope, now, today) = (Scope::of_program(organisation), app.nature.now(), app.nature.today());
    // Nearly always nothing is to be told, which is seen without keeping others from writing.
    let tells = app.db.read(|tx| {
        let due = clocks_due(tx, &scope, &app.catalog, incident, today)?;
        for letter in due.iter().flat_map(|due| &due.letters) {
            let fresh = letter.clocks.iter().any(|clock| !clock.known);
            if fresh || given_up(tx, &scope, (incident, letter.person.id), now)?.is_some() {
                return Ok::<_, Failure>(true);
            }
        }
        Ok(false)
    })?;
    if !tells {
        return Ok(());
    }
    app.db.write(|tx| {
        let Some(due) = clocks_due(tx, &scope, &app.catalog, incident, today)? else { return Ok(()) };
        for letter in &due.letters {
            clocks_tell(tx, app, mail, &scope, (&due.incident, letter))?;
        }
        Ok::<_, Failure>(())
    })
}

/// Under what the mails about an incident's clocks to a person stand in the queue.
fn clocks_key((incident, person): (IncidentId, PersonId)) -> String {
    format!("clocks/{incident}/{person}")
}

/// The last mail about an incident's clocks to a person, where it was given up some time ago.
fn given_up(
    tx: &mut Tx<'_>,
    scope: &Scope,
    whose: (IncidentId, PersonId),
    now: DateTime<Utc>,
) -> Result<Option<JobId>, DbError> {
    let last = recent_by_key(tx, scope, MAIL, &clocks_key(whose), 1)?.into_iter().next();
    let lost =
        last.filter(|job| job.state == State::Failed && job.finished_at.is_some_and(|at| at + ANEW <= now));
    Ok(lost.map(|job| job.id))
}

/// Tells one person what presses and was not told, or not heard.
fn clocks_tell(
    tx: &mut Tx<'_>,
    app: &App,
    mail: &MailQueue,
    scope: &Scope,
    (incident, letter): (&Incident, &Letter),
) -> Result<(), Failure> {
    let (now, person) = (app.nature.now(), &letter.person);
    let whose = (incident.id, person.id);
    let lost = given_up(tx, scope, whose, now)?;
    let mut clocks: Vec<&DueClock> = Vec::new();
    for clock in &letter.clocks {
        let tells = if clock.known {
            lost.is_some()
        } else {
            clock_reminded(tx, scope, incident.id, (person, clock), now)?
        };
        if tells {
            clocks.push(clock);
        }
    }
    let places = Sessions::places(tx, person.id)?;
    let place = places.into_iter().find(|(of, ..)| *of == scope.organisation()).map(|(_, name, _)| name);
    let Some(place) = place.filter(|_| !clocks.is_empty()) else { return Ok(()) };
    // What takes the place of a mail that was lost does so once; else the rows that were just written are the key.
    let which = lost.map_or_else(|| app.nature.id().to_string(), |lost| lost.to_string());
    let about = ClockMail { person, place: &place, incident, clocks };
    match words::clocks(&about, &app.catalog, app.nature.today(), &app.settings.public_url) {
        Ok(text) => mail.post(tx, &app.nature, scope, &text, &format!("{}/{which}", clocks_key(whose)))?,
        Err(error) => tracing::warn!(%error, "a reminder of a clock has no address"),
    }
    Ok(())
}

/// What the mail server said to a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It took the mail.
    Taken(String),
    /// It did not, but may later.
    Later(String),
    /// It did not and will not.
    Refused(String),
    /// The address is none.
    NoAddress,
}

/// Hands a test mail to the server at once, and answers what it said. It blocks for some seconds at most.
///
/// # Errors
/// [`Failure::NotFound`] for who may not run the installation, or where mail is switched off.
pub fn mail_test(app: &App, session: &Session, lang: Lang, to: &str) -> Result<Tried, Failure> {
    let mail = app.settings.mail.as_ref().filter(|_| session.administrator).ok_or(Failure::NotFound)?;
    let Ok(test) = words::test(lang, to, &app.settings.public_url) else { return Ok(Tried::NoAddress) };
    Ok(match mail.sender().send(&test, app.nature.id(), app.nature.now()) {
        Ok(said) => Tried::Taken(said),
        Err(MailError::Later(why)) => Tried::Later(why),
        Err(MailError::Refused(why)) => Tried::Refused(why),
    })
}

/// What became of a short message that was sent to try its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayTried {
    /// The other side took it.
    Taken(String),
    /// It did not go; the address may be right all the same.
    Unreachable(String),
    /// It did not go, as the address is no good.
    Refused(String),
    /// Nobody knows whether it went.
    Unknown(String),
    /// The address is none of this medium.
    NoAddress,
}

/// Sends a short message at once to try a way, and answers what became of it. It blocks for some seconds at most.
///
/// # Errors
/// [`Failure::NotFound`] for who may not run the installation, or where the way is switched off.
pub fn way_test(
    app: &App,
    session: &Session,
    lang: Lang,
    medium: Medium,
    to: &str,
) -> Result<WayTried, Failure> {
    let way = app.settings.providers.get(medium).filter(|_| session.administrator);
    let way = way.ok_or(Failure::NotFound)?;
    if !medium.fits(to) {
        return Ok(WayTried::NoAddress);
    }
    let note = words::way_test(lang, app.nature.id(), &app.settings.public_url);
    Ok(match way.send(to, &note, app.nature.now()) {
        Ok(said) => WayTried::Taken(said),
        Err(NotSent::Unreachable(why)) => WayTried::Unreachable(why),
        Err(NotSent::Refused(why) | NotSent::Gone(why)) => WayTried::Refused(why),
        Err(NotSent::Unknown(why)) => WayTried::Unknown(why),
    })
}
