//! Reporting: what one sees, what to do now, a few taps, sent.

use super::{Side, UNPROCESSABLE, Who, tabs};
use crate::actions::{NewReport, ReportRefusal, Reported, report_take};
use crate::model::Detail;
use crate::rules::{AGO, Receipt, seen, written};
use crate::{t, words};
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use komainu_catalog::{Catalog, Symptom};
use komainu_contact::actions::contacts_of_program;
use komainu_contact::words::{dialled, duty_text};
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Linked, Member, Outcome, Refused, Shell, Tab, Upload, page,
    page_with_status,
};
use serde_json::json;

/// Where members report.
const REPORT: &str = "/near-miss/report";
/// The copies that a member's own device keeps.
const KEPT: &str = "/near-miss/kept";
/// What a report may weigh: its photograph and some words.
pub const REPORT_BODY: usize = crate::actions::MOST_PHOTO_BODY;
/// The longest words, in characters.
const WORDS: usize = 2000;
/// The longest name or place, in characters.
const SHORT: usize = 100;

struct Tile {
    href: String,
    id: String,
    title: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    pictures: String,
    base: String,
    place: String,
    tiles: Vec<Tile>,
    /// The telephone keeps these pages and what is to be sent.
    keeps: bool,
    /// Where a member's own device finds what it keeps; empty for a poster's pages, which are kept as they are.
    kept: &'static str,
    /// Whether this is what is shown without a network.
    away: bool,
    script: String,
    /// Whom to call.
    card: Vec<Line>,
}

/// A duty with a number that the house shows to everybody.
struct Line {
    duty: String,
    number: String,
    dial: String,
}

struct TapPart {
    name: String,
    question: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "report_symptom.html")]
struct SymptomPage {
    page: Shell,
    lang: Lang,
    pictures: String,
    base: String,
    symptom: String,
    hint: String,
    now: Vec<String>,
    never: Vec<String>,
    confirmed: bool,
    taps: Vec<TapPart>,
    ago: Vec<Choice>,
    place: String,
    typed: Typed,
    errors: FieldErrors,
    sent_id: String,
    receipt: String,
    keeps: bool,
    kept: &'static str,
    away: bool,
    script: String,
    action: String,
    card: Vec<Line>,
}

#[derive(Clone, Default)]
struct Typed {
    place: String,
    words: String,
    name: String,
}

#[derive(Template)]
#[template(path = "report_sent.html")]
struct SentPage {
    page: Shell,
    lang: Lang,
    base: String,
    follow: String,
    receipt: String,
    without_photo: bool,
    now: Vec<String>,
}

/// `GET /l/report/{token}`
pub async fn report_linked(linked: Linked, Path(token): Path<String>) -> Outcome {
    page(&first(&Who::Linked(Box::new(linked), token)).await?)
}

/// `GET /near-miss/report`
pub async fn report(member: Member) -> Outcome {
    page(&first(&Who::Member(Box::new(member))).await?)
}

/// `GET /near-miss/kept`: what a member's own device keeps for when there is no network, in place of any page below `/near-miss`.
pub async fn report_kept(member: Member) -> Outcome {
    let shown = first(&Who::Member(Box::new(member))).await?;
    page(&ReportPage { page: bare(shown.page), tabs: Vec::new(), away: true, ..shown })
}

/// A page without its person: what a device keeps tells nobody who was signed in, nor where else they may go.
fn bare(mut shell: Shell) -> Shell {
    shell.person_name = None;
    shell.today = None;
    shell.flash = None;
    shell.orgs.clear();
    shell.nav.clear();
    REPORT.clone_into(&mut shell.path);
    shell
}

async fn first(who: &Who) -> Result<ReportPage, Failure> {
    let card = card(who).await?;
    let (lang, base) = (who.lang, who.base());
    let tiles = who.app.catalog.symptoms().iter().map(|symptom| Tile {
        href: format!("{base}/{}", symptom.id.as_str()),
        id: symptom.id.to_string(),
        title: symptom.title.get(lang).to_owned(),
        hint: symptom.hint.get(lang).to_owned(),
    });
    Ok(ReportPage {
        page: who.shell(&t!(lang, "report-title")),
        lang,
        tabs: sides(who),
        pictures: komainu_assets::url("symptoms.svg"),
        place: who.place(),
        tiles: tiles.collect(),
        keeps: keeps(who),
        kept: kept(who),
        away: false,
        script: komainu_assets::url("report.js"),
        card,
        base,
    })
}

/// Whom to call: the contacts that the house shows to whoever stands at a poster, by their duty.
async fn card(who: &Who) -> Result<Vec<Line>, Failure> {
    let contacts = match who {
        Who::Linked(linked, _) => linked.look(contacts_of_program).await?,
        Who::Member(member) => {
            let scope = member.scope.clone();
            member.read(move |tx| contacts_of_program(tx, &scope)).await?
        }
    };
    let numbers = contacts.into_iter().filter(|contact| contact.for_reporters).flat_map(|contact| {
        let duty = duty_text(who.lang, &contact.duty);
        let mut numbers = vec![contact.phone, contact.night_phone];
        numbers.dedup();
        numbers.retain(|number| !number.is_empty());
        numbers.into_iter().map(move |number| Line { duty: duty.clone(), dial: dialled(&number), number })
    });
    Ok(numbers.collect())
}

/// Only what a stranger may see is kept on a device: of a member's pages their own bare copies. A shared computer keeps nothing of
/// a member.
fn keeps(who: &Who) -> bool {
    match who {
        Who::Linked(..) => true,
        Who::Member(member) => member.shared.is_none(),
    }
}

/// Where the copies for a member's own device are.
fn kept(who: &Who) -> &'static str {
    match who {
        Who::Linked(..) => "",
        Who::Member(_) => KEPT,
    }
}

fn sides(who: &Who) -> Vec<Tab> {
    match who {
        Who::Linked(..) => Vec::new(),
        Who::Member(member) => tabs(member.lang, &member.scope, Side::Report),
    }
}

/// `GET /l/report/{token}/{symptom}`
pub async fn symptom_linked(linked: Linked, Path((token, symptom)): Path<(String, String)>) -> Outcome {
    let who = Who::Linked(Box::new(linked), token);
    page(&symptom_page(&who, &symptom, &Blank::fresh(&who)).await?)
}

/// `GET /near-miss/report/{symptom}`
pub async fn symptom(member: Member, Path(symptom): Path<String>) -> Outcome {
    let who = Who::Member(Box::new(member));
    page(&symptom_page(&who, &symptom, &Blank::fresh(&who)).await?)
}

/// `GET /near-miss/kept/{symptom}`
pub async fn symptom_kept(member: Member, Path(symptom): Path<String>) -> Outcome {
    let who = Who::Member(Box::new(member));
    let shown = symptom_page(&who, &symptom, &Blank::fresh(&who)).await?;
    page(&SymptomPage { page: bare(shown.page), away: true, ..shown })
}

/// What a form begins with, or comes back with.
struct Blank {
    sent_id: Uuid,
    receipt: Receipt,
    typed: Typed,
    taps: Vec<String>,
    ago: i64,
    errors: FieldErrors,
}

impl Blank {
    fn fresh(who: &Who) -> Blank {
        let nature = &who.app.nature;
        Blank {
            sent_id: nature.id(),
            receipt: Receipt::new(nature.bytes()),
            typed: Typed::default(),
            taps: Vec::new(),
            ago: 0,
            errors: FieldErrors::default(),
        }
    }
}

fn known<'a>(catalog: &'a Catalog, symptom: &str) -> Result<&'a Symptom, Failure> {
    catalog.symptom(symptom).ok_or(Failure::NotFound)
}

fn first_aid(lang: Lang, symptom: &Symptom) -> Vec<String> {
    symptom.now.iter().map(|step| step.get(lang).to_owned()).collect()
}

async fn symptom_page(who: &Who, id: &str, blank: &Blank) -> Result<SymptomPage, Failure> {
    let card = card(who).await?;
    let (lang, catalog, base) = (who.lang, &who.app.catalog, who.base());
    let symptom = known(catalog, id)?;
    let taps = catalog.taps(symptom).map(|tap| {
        let choices = tap.options.iter().map(|option| {
            let code = format!("{}.{}", tap.id.as_str(), option.id.as_str());
            let chosen = blank.taps.contains(&code);
            Choice::new(code, option.label.get(lang).to_owned()).chosen(chosen)
        });
        TapPart {
            name: format!("tap-{}", tap.id.as_str()),
            question: tap.question.get(lang).to_owned(),
            choices: choices.collect(),
        }
    });
    let ago = AGO.map(|minutes| {
        Choice::new(minutes.to_string(), words::ago_text(lang, minutes)).chosen(minutes == blank.ago)
    });
    Ok(SymptomPage {
        page: who.shell(symptom.title.get(lang)),
        lang,
        pictures: komainu_assets::url("symptoms.svg"),
        symptom: id.to_owned(),
        hint: symptom.hint.get(lang).to_owned(),
        now: first_aid(lang, symptom),
        never: symptom.never.iter().map(|thing| thing.get(lang).to_owned()).collect(),
        confirmed: symptom.confirmed,
        taps: taps.collect(),
        ago: ago.to_vec(),
        place: who.place(),
        typed: blank.typed.clone(),
        errors: blank.errors.clone(),
        sent_id: blank.sent_id.to_string(),
        receipt: blank.receipt.to_string(),
        keeps: keeps(who),
        kept: kept(who),
        away: false,
        script: komainu_assets::url("report.js"),
        action: format!("{base}/{id}"),
        card,
        base,
    })
}

/// `POST /l/report/{token}/{symptom}`
pub async fn report_linked_send(
    linked: Linked,
    Path((token, symptom)): Path<(String, String)>,
    upload: Upload,
) -> Outcome {
    send(Who::Linked(Box::new(linked), token), symptom, upload).await
}

/// `POST /near-miss/report/{symptom}`
pub async fn report_send(member: Member, Path(symptom): Path<String>, upload: Upload) -> Outcome {
    send(Who::Member(Box::new(member)), symptom, upload).await
}

async fn send(who: Who, symptom: String, upload: Upload) -> Outcome {
    let form = &upload.form;
    known(&who.app.catalog, &symptom)?;
    let mut blank = read(&who, &who.app.catalog, &symptom, form);
    if !blank.errors.is_empty() {
        return again(&who, &symptom, &blank).await;
    }
    let told = form.parse::<i64>("written_at").and_then(DateTime::from_timestamp_millis);
    let photo = upload.files.into_iter().find(|(field, ..)| field == "photo").map(|(_, _, bytes)| bytes);
    let new = new_report(&who, &symptom, (&blank, told), photo);
    let mut taken = take(&who, new.clone()).await;
    if matches!(taken, Err(Refused::Because(ReportRefusal::Other))) {
        // Somebody went back and wrote something else into the form: that is a report of its own.
        let own = Blank::fresh(&who);
        (blank.sent_id, blank.receipt) = (own.sent_id, own.receipt);
        let new = NewReport { sent_id: blank.sent_id, receipt: blank.receipt.clone(), ..new };
        taken = take(&who, new).await;
    }
    let because = match taken {
        Ok(reported) => return sent(&who, &symptom, &blank.receipt, reported.without_photo),
        Err(Refused::Failed(failure)) => return Err(failure),
        Err(Refused::Because(because)) => because,
    };
    let text = match because {
        // Of the same report on two connections at once, the other's is kept by now.
        ReportRefusal::Twice | ReportRefusal::Other => {
            return sent(&who, &symptom, &blank.receipt, false);
        }
        ReportRefusal::TooMany => return Err(Failure::Refused(t!(who.lang, "report-too-many"))),
        ReportRefusal::PhotoTooLarge => t!(who.lang, "photo-too-large"),
        ReportRefusal::Photo(fault) => words::photo_fault_text(who.lang, fault),
    };
    blank.errors.add("photo", text);
    again(&who, &symptom, &blank).await
}

/// What a form says.
fn new_report(
    who: &Who,
    symptom: &str,
    (blank, told): (&Blank, Option<DateTime<Utc>>),
    photo: Option<Vec<u8>>,
) -> NewReport {
    let written_at = written(told, who.app.nature.now());
    NewReport {
        sent_id: blank.sent_id,
        receipt: blank.receipt.clone(),
        symptom: symptom.to_owned(),
        detail: Detail {
            place: blank.typed.place.clone(),
            taps: blank.taps.clone(),
            words: blank.typed.words.clone(),
            name: blank.typed.name.clone(),
        },
        lang: who.lang,
        seen_at: seen(written_at, blank.ago),
        written_at,
        photo,
        alarm: words::alarm_text(&who.app.catalog, symptom),
    }
}

async fn take(who: &Who, new: NewReport) -> Result<Reported, Refused<ReportRefusal>> {
    let app = who.app.clone();
    match who {
        Who::Linked(linked, _) => {
            // What somebody calls themselves stands, sealed, in the report alone: the log and the alarm are read by others.
            let nobody = words::name_text(linked.lang, "");
            linked.act(&nobody, move |tx, scope| report_take(tx, &app.nature, scope, &app.files, &new)).await
        }
        Who::Member(member) => {
            let scope = member.scope.clone();
            member.write(move |tx| report_take(tx, &app.nature, &scope, &app.files, &new)).await
        }
    }
}

/// Reads a form; what it lacks of the telephone's own making is made here.
fn read(who: &Who, catalog: &Catalog, symptom: &str, form: &Form) -> Blank {
    let (lang, fresh) = (who.lang, Blank::fresh(who));
    let taps = catalog.symptom(symptom).into_iter().flat_map(|symptom| catalog.taps(symptom));
    let taps = taps.filter_map(|tap| {
        let code = form.text(&format!("tap-{}", tap.id.as_str()));
        catalog.tapped(code).filter(|(known, _)| known.id == tap.id).map(|_| code.to_owned())
    });
    let typed = Typed {
        place: form.text("place").to_owned(),
        words: form.text("words").to_owned(),
        name: form.text("name").to_owned(),
    };
    let mut errors = FieldErrors::default();
    for (field, text, most) in
        [("place", &typed.place, SHORT), ("words", &typed.words, WORDS), ("name", &typed.name, SHORT)]
    {
        if text.chars().count() > most {
            errors.add(field, t!(lang, "too-long", most = most.to_string()));
        }
    }
    Blank {
        sent_id: form.parse("sent_id").unwrap_or(fresh.sent_id),
        receipt: form.parse("receipt").unwrap_or(fresh.receipt),
        typed,
        taps: taps.collect(),
        ago: form.parse("ago").unwrap_or_default(),
        errors,
    }
}

async fn again(who: &Who, symptom: &str, blank: &Blank) -> Outcome {
    if who.fragment {
        let faults: Vec<_> = blank
            .errors
            .0
            .iter()
            .map(|error| json!({ "field": error.field, "message": error.message }))
            .collect();
        return Ok((UNPROCESSABLE, Json(json!({ "errors": faults }))).into_response());
    }
    page_with_status(UNPROCESSABLE, &symptom_page(who, symptom, blank).await?)
}

fn sent(who: &Who, symptom: &str, receipt: &Receipt, without_photo: bool) -> Outcome {
    if who.fragment {
        return Ok(Json(json!({ "sent": true, "without_photo": without_photo })).into_response());
    }
    let (lang, base) = (who.lang, who.base());
    let follow = match who {
        Who::Linked(..) => format!("{base}/receipt"),
        Who::Member(_) => "/near-miss/receipt".to_owned(),
    };
    page(&SentPage {
        page: who.shell(&t!(lang, "report-sent")),
        lang,
        follow,
        receipt: receipt.to_string(),
        without_photo,
        now: first_aid(lang, known(&who.app.catalog, symptom)?),
        base,
    })
}
