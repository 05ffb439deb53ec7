//! A reminder's mail, and what is sent to try a way.

use crate::model::{ClockMail, Reminder, Waiting};
use crate::t;
use chrono::NaiveDate;
use komainu_catalog::Catalog;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_incident::actions::DueClock;
use komainu_incident::words::{due_text, left_text};
use komainu_notify::{Mail, NotAnAddress, Note};
use komainu_web::date_text;

/// The mail that tells a person what waits for them, institution by institution.
pub(crate) fn reminder(reminder: &Reminder, public_url: &str) -> Result<Mail, NotAnAddress> {
    let Reminder { person, places } = reminder;
    let lang = person.lang;
    let parts: Vec<String> =
        places.iter().map(|(name, waiting)| place(lang, name, waiting, public_url)).collect();
    let count: usize = places.iter().map(|(_, waiting)| waiting.given + waiting.near + waiting.late).sum();
    let text = t!(
        lang,
        "reminder",
        name = person.name.as_str(),
        places = parts.join("\n\n"),
        account = format!("{public_url}/account")
    );
    Mail::new(&person.email, &t!(lang, "reminder-subject", count = count.to_string()), &text)
}

fn place(lang: Lang, name: &str, waiting: &Waiting, public_url: &str) -> String {
    let mut lines = vec![t!(lang, "reminder-place", name = name)];
    if waiting.given > 0 {
        lines.push(t!(lang, "reminder-given", count = waiting.given.to_string()));
    }
    if let Some(first) = waiting.first {
        let (count, first) = (waiting.near.to_string(), date_text(lang, first));
        lines.push(t!(lang, "reminder-near", count = count, first = first));
    }
    if waiting.late > 0 {
        lines.push(t!(lang, "reminder-late", count = waiting.late.to_string()));
    }
    lines.push(format!("{public_url}/checklist"));
    lines.join("\n")
}

/// The mail that tells whoever leads an incident which clocks press: who is to be told by when. What happened stays inside.
pub(crate) fn clocks(
    about: &ClockMail<'_>,
    catalog: &Catalog,
    today: NaiveDate,
    public_url: &str,
) -> Result<Mail, NotAnAddress> {
    let (lang, incident) = (about.person.lang, about.incident);
    let lines: Vec<String> = about.clocks.iter().map(|clock| line(lang, catalog, clock, today)).collect();
    let text = t!(
        lang,
        "clocks",
        name = about.person.name.as_str(),
        place = about.place,
        number = incident.number_text(),
        clocks = lines.join("\n"),
        address = format!("{public_url}/incidents/{}/duties", incident.id),
        account = format!("{public_url}/account")
    );
    let subject = t!(lang, "clocks-subject", count = about.clocks.len().to_string());
    Mail::new(&about.person.email, &subject, &text)
}

fn line(lang: Lang, catalog: &Catalog, clock: &DueClock, today: NaiveDate) -> String {
    let duty = catalog.reporting_duty(&clock.duty);
    let to = duty.map_or(clock.duty.as_str(), |duty| duty.to.get(lang));
    let (due, left) = (due_text(lang, clock.due), left_text(lang, clock.due, today));
    if clock.unconfirmed {
        t!(lang, "clocks-line-unconfirmed", to = to, due = due, left = left)
    } else {
        t!(lang, "clocks-line", to = to, due = due, left = left)
    }
}

/// The mail that only tells that mails arrive.
pub(crate) fn test(lang: Lang, to: &str, public_url: &str) -> Result<Mail, NotAnAddress> {
    Mail::new(to, &t!(lang, "test-subject"), &t!(lang, "test-text", address = public_url))
}

/// The short message that only tells that short messages arrive.
pub(crate) fn way_test(lang: Lang, key: Uuid, public_url: &str) -> Note {
    Note {
        title: t!(lang, "way-test-title"),
        text: t!(lang, "way-test-text"),
        url: public_url.to_owned(),
        urgent: false,
        key,
    }
}
