//! `/near-miss/posters`: making posters for places, seeing which hang, withdrawing them, and choosing whose numbers they show.

use crate::actions::{
    PosterRefusal, card_get, card_see, card_set, places, poster_withdraw, posters, posters_make,
};
use crate::model::{Card, CardLine, Hanging, Poster, PosterAt};
use crate::paper::{Sheet, poster_file, posters_set};
use crate::rules::{MOST_CONTACTS, MOST_POSTERS};
use crate::t;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::{LinkId, Permission, Scope};
use komainu_clock::in_japan;
use komainu_contact::Contact;
use komainu_contact::actions::contacts;
use komainu_contact::words::duty_text;
use komainu_db::Tx;
use komainu_i18n::Lang;
use komainu_institution::parts::FormWords;
use komainu_inventory::AssetId;
use komainu_link::model::Handed;
use komainu_web::{
    App, Choice, Conflict, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell,
    attachment, date_text, moment_text, page, page_with_status, redirect, with_flash,
};

const LIST: &str = "/near-miss/posters";

/// A poster that hangs.
struct PosterRow {
    place: String,
    made: String,
    used: String,
    action: String,
}

#[derive(Template)]
#[template(path = "report/posters.html")]
struct PostersPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    /// Whether links lead to this very computer alone, so that no telephone opens them.
    only_here: bool,
    may_make: bool,
    spots: Vec<Choice>,
    hanging: Vec<PosterRow>,
    numbers: Vec<Choice>,
    numbers_hint: String,
    version: i64,
    changed: bool,
    errors: FieldErrors,
}

/// What the page is made from.
struct Seen {
    places: Vec<(AssetId, String)>,
    hanging: Vec<Hanging>,
    card: Card,
    network: Vec<Contact>,
}

/// `GET /near-miss/posters`
pub async fn posters_page(member: Member) -> Outcome {
    let seen = see(&member).await?;
    page(&page_of(&member, &seen, &[], FieldErrors::default()))
}

async fn see(member: &Member) -> Result<Seen, Failure> {
    let (scope, now) = (member.scope.clone(), member.app.nature.now());
    member
        .read(move |tx| {
            let may_list = scope.may(Permission::LinksManage);
            Ok(Seen {
                places: places(tx, &scope)?,
                hanging: if may_list { posters(tx, &scope, now)? } else { Vec::new() },
                card: card_get(tx, &scope)?,
                network: contacts(tx, &scope)?,
            })
        })
        .await
}

fn page_of(member: &Member, seen: &Seen, chosen: &[PosterAt], errors: FieldErrors) -> PostersPage {
    let lang = member.lang;
    let spot = |at: PosterAt, name: String| Choice::new(at.to_string(), name).chosen(chosen.contains(&at));
    let house = spot(PosterAt::House, t!(lang, "poster-house")).hint(t!(lang, "poster-house-hint"));
    let known = seen.places.iter().map(|(id, name)| spot(PosterAt::Place(*id), name.clone()));
    PostersPage {
        page: member.shell(&t!(lang, "posters-title"), Section::Nowhere),
        lang,
        words: FormWords::in_lang(lang),
        only_here: member.app.settings.only_here(),
        may_make: member.scope.may(Permission::LinksManage),
        spots: std::iter::once(house).chain(known).collect(),
        hanging: seen.hanging.iter().map(|poster| row(lang, poster)).collect(),
        numbers: seen.network.iter().filter_map(|contact| number(lang, contact, &seen.card)).collect(),
        numbers_hint: t!(lang, "posters-numbers-hint", most = MOST_CONTACTS.to_string()),
        version: seen.card.version,
        changed: false,
        errors,
    }
}

fn row(lang: Lang, poster: &Hanging) -> PosterRow {
    let until = date_text(lang, in_japan(poster.expires_at).date_naive());
    PosterRow {
        place: poster.place.clone(),
        made: t!(
            lang,
            "poster-made",
            who = poster.made_by.as_str(),
            at = moment_text(lang, poster.created_at),
            until = until
        ),
        used: match poster.used_at {
            Some(at) => {
                let uses = poster.uses.to_string();
                t!(lang, "poster-used", count = uses, at = moment_text(lang, at))
            }
            None => t!(lang, "poster-unused"),
        },
        action: format!("{LIST}/{}/revoke", poster.id),
    }
}

/// A contact as a choice: its duty and number, with its name only for who chooses. One without a number is none.
fn number(lang: Lang, contact: &Contact, card: &Card) -> Option<Choice> {
    let phones = [&contact.phone, &contact.night_phone].map(String::as_str);
    let phones: Vec<&str> = phones.into_iter().filter(|phone| !phone.is_empty()).collect();
    let duty = if contact.duty.is_empty() {
        t!(lang, "report-card-someone")
    } else {
        duty_text(lang, &contact.duty)
    };
    let hint = format!("{}／{}", phones.join("／"), contact.name);
    let choice = Choice::new(contact.id.to_string(), duty).hint(hint);
    (!phones.is_empty()).then(|| choice.chosen(card.contacts.contains(&contact.id)))
}

/// `POST /near-miss/posters`: the posters as one document. Their secrets are shown now and never again.
pub async fn poster_make(member: Member, form: Form) -> Outcome {
    let wanted: Vec<PosterAt> = form.all("at").filter_map(|at| at.parse().ok()).collect();
    let (app, scope, lang, asked) = (member.app.clone(), member.scope.clone(), member.lang, wanted.clone());
    let made = member.write(move |tx| {
        let posters = posters_make(tx, &app.nature, &scope, lang, &asked)?;
        Ok::<_, Refused<PosterRefusal>>((posters, card_of(tx, &scope)?))
    });
    match made.await {
        Ok((posters, card)) => {
            let owner = member.organisation_name.clone();
            sheet_of(&member.app, lang, owner, posters, card).await
        }
        Err(Refused::Because(reason)) => {
            let mut errors = FieldErrors::default();
            errors.add("at", poster_refusal(lang, reason));
            let seen = see(&member).await?;
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&member, &seen, &wanted, errors))
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// What the posters say of the network, for who may make them.
fn card_of(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<CardLine>, Failure> {
    if scope.may(Permission::NearMissReport) { card_see(tx, scope) } else { Ok(Vec::new()) }
}

/// Sets posters off the async threads, and hands them over to be kept.
async fn sheet_of(
    app: &App,
    lang: Lang,
    owner: String,
    posters: Vec<Poster>,
    card: Vec<CardLine>,
) -> Outcome {
    let sheets: Vec<Sheet> = posters
        .into_iter()
        .map(|poster| Sheet { address: Handed::new(app, &poster.made).address, poster })
        .collect();
    let (name, made_at) = (poster_file(lang, &owner), app.nature.now());
    let pdf = tokio::task::spawn_blocking(move || posters_set(lang, &owner, &sheets, &card, made_at));
    let pdf = pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?;
    if !pdf.remarks.is_empty() {
        tracing::warn!(remarks = pdf.remarks, "typst remarked on posters");
    }
    Ok(attachment(&name, "application/pdf", pdf.bytes))
}

/// Why no posters were made.
pub(crate) fn poster_refusal(lang: Lang, reason: PosterRefusal) -> String {
    match reason {
        PosterRefusal::None => t!(lang, "poster-none-chosen"),
        PosterRefusal::TooMany => t!(lang, "poster-too-many", most = MOST_POSTERS.to_string()),
        PosterRefusal::NoPlace => t!(lang, "poster-no-place"),
    }
}

/// `POST /near-miss/posters/card`: whose numbers posters show.
pub async fn poster_card_save(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let chosen: Vec<_> = form.all("contact").filter_map(|id| id.parse().ok()).collect();
    if chosen.len() > MOST_CONTACTS {
        let mut errors = FieldErrors::default();
        errors.add("contact", t!(lang, "posters-numbers-many", most = MOST_CONTACTS.to_string()));
        let mut seen = see(&member).await?;
        seen.card.contacts = chosen;
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&member, &seen, &[], errors));
    }
    let version = form.parse("version").unwrap_or_default();
    let (app, scope) = (member.app.clone(), member.scope.clone());
    match member.write(move |tx| card_set(tx, &app.nature, &scope, version, &chosen)).await {
        Ok(_) => {
            let text = t!(lang, "posters-numbers-saved");
            Ok(with_flash(&member.app, redirect(LIST), NoticeKind::Success, &text))
        }
        Err(Refused::Because(Conflict(_))) => {
            // What is stored now stands in the form; a choice of a few boxes is quickly made again.
            let seen = see(&member).await?;
            let shown = PostersPage { changed: true, ..page_of(&member, &seen, &[], FieldErrors::default()) };
            page_with_status(StatusCode::CONFLICT, &shown)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `POST /near-miss/posters/{id}/revoke`
pub async fn poster_revoke(member: Member, Path(id): Path<String>, _form: Form) -> Outcome {
    let id: LinkId = id.parse().map_err(|_| Failure::NotFound)?;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member.write(move |tx| poster_withdraw(tx, &app.nature, &scope, id)).await?;
    let text = t!(member.lang, "poster-revoked");
    Ok(with_flash(&member.app, redirect(LIST), NoticeKind::Success, &text))
}
