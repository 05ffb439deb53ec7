//! What one sees, and what to do now; below it the form that tells it.

use super::{Door, Frame, HTML, Wanted, squeezed};
use crate::actions::places;
use crate::model::ReceiptCode;
use crate::rules::{AGO, MOST_PHOTOS};
use crate::t;
use crate::words::ago_text;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use komainu_access::Permission;
use komainu_catalog::Symptom;
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_web::{Choice, Failure, FieldErrors, Form, Linked, Member, Outcome, Shell};
use std::collections::BTreeMap;

/// Something that one may see, as a tile.
struct Sight {
    to: String,
    said: String,
    seen: String,
    /// A drawing of ours, as SVG.
    drawing: String,
}

#[derive(Template)]
#[template(path = "report/home.html")]
struct HomePage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    sights: Vec<Sight>,
    receipts: String,
}

/// A question after the symptom.
pub(super) struct Ask {
    field: String,
    question: String,
    answers: Vec<Choice>,
}

/// What somebody typed, to be shown again.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) words: String,
    pub(super) place: String,
    pub(super) place_id: String,
    pub(super) who: String,
    pub(super) ago: i64,
    /// Answers by question.
    pub(super) taps: BTreeMap<String, String>,
}

impl Typed {
    pub(super) fn of(form: &Form, symptom: &Symptom) -> Typed {
        let tap = |id: &str| (id.to_owned(), form.text(&tap_field(id)).to_owned());
        Typed {
            words: form.text("words").replace("\r\n", "\n"),
            place: form.text("place").to_owned(),
            place_id: form.text("place_id").to_owned(),
            who: form.text("name").to_owned(),
            ago: form.parse("ago").unwrap_or_default(),
            taps: symptom.taps.iter().map(|one| tap(one.id.as_str())).collect(),
        }
    }
}

/// The name of the field that answers a question.
pub(super) fn tap_field(tap: &str) -> String {
    format!("tap-{tap}")
}

#[derive(Template)]
#[template(path = "report/see.html")]
pub(super) struct SeePage {
    page: Shell,
    lang: Lang,
    frame: Frame,
    home: String,
    drawing: String,
    now: Vec<String>,
    never: Vec<String>,
    /// What is to be known of how sure these steps are; empty where they follow from a source.
    doubt: String,
    /// Whose report it becomes; empty behind a poster.
    member: String,
    action: String,
    symptom: String,
    /// By which name and code this page sends, where no script makes its own; empty in a page that is kept.
    sent_id: String,
    secret: String,
    asks: Vec<Ask>,
    typed: Typed,
    ago: Vec<Choice>,
    places: Vec<Choice>,
    errors: FieldErrors,
    photo_hint: String,
    /// What `report/done.html` shows; the script puts the code in.
    shown: String,
    left: Vec<String>,
    aid: String,
    receipts: String,
}

/// `GET /l/report/{token}`
pub async fn poster_home(linked: Linked, headers: HeaderMap, Query(wanted): Query<Wanted>) -> Outcome {
    home(&Door::poster(linked, &wanted.lang), &headers).await
}

/// `GET /near-miss/report`
pub async fn report_home(member: Member, headers: HeaderMap) -> Outcome {
    home(&Door::house(member), &headers).await
}

async fn home(door: &Door, headers: &HeaderMap) -> Outcome {
    let frame = door.frame(&door.base()).await?;
    squeezed(HTML, home_text(door, frame)?, headers)
}

/// The first page, written out.
pub(super) fn home_text(door: &Door, frame: Frame) -> Result<String, Failure> {
    let (lang, base, query) = (door.lang, &frame.base, &frame.query);
    let sights = door.visit().app.catalog.symptoms().iter().map(|symptom| Sight {
        to: format!("{base}/see/{}{query}", symptom.id.as_str()),
        said: symptom.title.get(lang).to_owned(),
        seen: symptom.hint.get(lang).to_owned(),
        drawing: drawing(&symptom.picture),
    });
    let home = HomePage {
        sights: sights.collect(),
        page: door.shell(&t!(lang, "report-title")),
        lang,
        receipts: receipts_of(&frame),
        frame,
    };
    home.render().map_err(Failure::internal)
}

/// Where one asks what became of a report.
pub(super) fn receipts_of(frame: &Frame) -> String {
    if frame.poster {
        format!("{}/receipt{}", frame.base, frame.query)
    } else {
        "/near-miss/receipt".to_owned()
    }
}

/// A drawing out of the program itself, as it stands in the page: so it takes the page's colours and no further request.
fn drawing(file: &str) -> String {
    let file = file.strip_suffix(".svg").unwrap_or(file);
    let asset = komainu_assets::named(&format!("{file}.svg"));
    asset.map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned()).unwrap_or_default()
}

/// `GET /l/report/{token}/see/{symptom}`
pub async fn poster_see(
    linked: Linked,
    headers: HeaderMap,
    Path((_, symptom)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Outcome {
    see(&Door::poster(linked, &wanted.lang), &symptom, &headers).await
}

/// `GET /near-miss/report/see/{symptom}`
pub async fn report_see(member: Member, headers: HeaderMap, Path(symptom): Path<String>) -> Outcome {
    see(&Door::house(member), &symptom, &headers).await
}

async fn see(door: &Door, symptom: &str, headers: &HeaderMap) -> Outcome {
    let app = door.visit().app.clone();
    let symptom = app.catalog.symptom(symptom).ok_or(Failure::NotFound)?;
    let frame = door.frame(&see_path(door, symptom)).await?;
    let typed = Typed { place: frame.place.clone(), ..Typed::default() };
    let fresh = Some((app.nature.id(), ReceiptCode::new(app.nature.bytes())));
    let page = see_page(door, frame, symptom, places_of(door).await?, (typed, fresh));
    squeezed(HTML, page.render().map_err(Failure::internal)?, headers)
}

/// The address of a symptom's page, without its language.
pub(super) fn see_path(door: &Door, symptom: &Symptom) -> String {
    format!("{}/see/{}", door.base(), symptom.id.as_str())
}

/// The ledger's places, for members who may know them. A poster knows its own, and tells nobody of the others.
pub(super) async fn places_of(door: &Door) -> Result<Vec<Choice>, Failure> {
    match door.member() {
        Some(member) if member.scope.may(Permission::LedgerRead) => {
            let known = door.look(places).await?;
            Ok(known.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
        }
        _ => Ok(Vec::new()),
    }
}

/// A symptom's page: first what to do, then the form.
pub(super) fn see_page(
    door: &Door,
    frame: Frame,
    symptom: &Symptom,
    places: Vec<Choice>,
    (typed, fresh): (Typed, Option<(Uuid, ReceiptCode)>),
) -> SeePage {
    let (lang, id) = (door.lang, symptom.id.as_str().to_owned());
    let asks = symptom.taps.iter().map(|tap| Ask {
        field: tap_field(tap.id.as_str()),
        question: tap.question.get(lang).to_owned(),
        answers: tap
            .options
            .iter()
            .map(|option| {
                let chosen = typed.taps.get(tap.id.as_str()).is_some_and(|one| *one == option.id.as_str());
                Choice::new(option.id.as_str(), option.label.get(lang)).chosen(chosen)
            })
            .collect(),
    });
    SeePage {
        page: door.shell(symptom.title.get(lang)),
        lang,
        home: format!("{}{}", frame.base, frame.query),
        drawing: drawing(&symptom.picture),
        now: symptom.now.iter().map(|words| words.get(lang).to_owned()).collect(),
        never: symptom.never.iter().map(|words| words.get(lang).to_owned()).collect(),
        doubt: doubt(lang, symptom),
        member: door.member().map(|member| member.scope.person_name().to_owned()).unwrap_or_default(),
        action: format!("{}/send", frame.base),
        symptom: id,
        sent_id: fresh.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default(),
        secret: fresh.map(|(_, code)| code.grouped()).unwrap_or_default(),
        asks: asks.collect(),
        ago: AGO
            .iter()
            .map(|minutes| {
                let shown = ago_text(lang, *minutes);
                Choice::new(minutes.to_string(), shown).chosen(*minutes == typed.ago)
            })
            .collect(),
        places: places
            .into_iter()
            .map(|place| {
                let chosen = place.value == typed.place_id;
                place.chosen(chosen)
            })
            .collect(),
        errors: FieldErrors::default(),
        photo_hint: t!(lang, "report-photo-hint", most = MOST_PHOTOS.to_string()),
        shown: String::new(),
        left: Vec::new(),
        aid: format!("{}{}", see_path(door, symptom), frame.query),
        receipts: receipts_of(&frame),
        typed,
        frame,
    }
}

/// Says of steps that no official source bears that they are so, and why.
fn doubt(lang: Lang, symptom: &Symptom) -> String {
    let grounds = &symptom.standing;
    if grounds.confirmed {
        return String::new();
    }
    let why = grounds.remark.as_ref().map(|remark| remark.get(lang)).unwrap_or_default();
    format!("{} {why}", t!(lang, "report-unconfirmed-do")).trim_end().to_owned()
}

impl SeePage {
    /// The same with what is wrong with what was typed.
    #[must_use]
    pub(super) fn faulty(mut self, errors: FieldErrors) -> SeePage {
        self.errors = errors;
        self
    }

    /// The same under the name and code that it was sent by before.
    #[must_use]
    pub(super) fn named(mut self, sent_id: &str, secret: &str) -> SeePage {
        sent_id.clone_into(&mut self.sent_id);
        secret.clone_into(&mut self.secret);
        self
    }
}
