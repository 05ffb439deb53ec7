//! Posters: a QR code at each place, printed in the moment in which its link is made, as its secret is shown once.

use super::{Side, tabs};
use crate::actions::posters_make;
use crate::{paper, t};
use askama::Template;
use axum::extract::Path;
use komainu_access::{LinkId, Purpose, Scope};
use komainu_i18n::Lang;
use komainu_inventory::{AssetId, AssetKind};
use komainu_link::actions::{link_revoke, links_part};
use komainu_link::model::{Given, Handed, State};
use komainu_link::rules::state;
use komainu_web::{
    Choice, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Section, Shell, Tab, Visit, date_text,
    inline_file, moment_text, page, page_with_status, redirect, with_flash,
};

const POSTERS: &str = "/near-miss/posters";
/// Most posters printed at once.
pub(crate) const MOST: usize = 100;
/// Stands for the whole house among the places.
const EVERYWHERE: &str = "everywhere";

struct Hung {
    id: String,
    name: String,
    since: String,
    until: String,
    used: String,
}

#[derive(Template)]
#[template(path = "posters.html")]
struct PostersPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    sides: String,
    places: Vec<Choice>,
    hung: Vec<Hung>,
    only_here: bool,
    errors: FieldErrors,
}

/// `GET /near-miss/posters`
pub async fn posters(member: Member) -> Outcome {
    page(&posters_page(&member, FieldErrors::default()).await?)
}

async fn posters_page(member: &Member, errors: FieldErrors) -> Result<PostersPage, Failure> {
    let (lang, scope, now) = (member.lang, member.scope.clone(), member.app.nature.now());
    let (places, links) = member
        .read(move |tx| {
            let places = komainu_inventory::actions::assets(tx, &scope)?;
            Ok((places, every_link(tx, &scope)?))
        })
        .await?;
    let mut choices =
        vec![Choice::new(EVERYWHERE, t!(lang, "poster-everywhere")).hint(t!(lang, "poster-everywhere-hint"))];
    let places = places.into_iter().filter(|asset| asset.details.kind == AssetKind::Place);
    choices.extend(places.map(|place| Choice::new(place.id.to_string(), place.details.name)));
    let works =
        |link: &Given| link.purpose == Purpose::NearMissReport.code() && state(link, now) == State::Works;
    let hung = links.into_iter().filter(works).map(|link| Hung {
        id: link.id.to_string(),
        name: link.name,
        since: date_text(lang, komainu_clock::in_japan(link.created_at).date_naive()),
        until: t!(
            lang,
            "poster-until",
            day = date_text(lang, komainu_clock::in_japan(link.expires_at).date_naive())
        ),
        used: match link.used_at {
            Some(at) => t!(lang, "poster-used", n = link.uses.to_string(), last = moment_text(lang, at)),
            None => t!(lang, "poster-unused"),
        },
    });
    Ok(PostersPage {
        page: member.shell(&t!(lang, "posters-title"), Section::NearMiss),
        lang,
        tabs: tabs(lang, &member.scope, Side::Posters),
        sides: t!(lang, "sides"),
        places: choices,
        hung: hung.collect(),
        only_here: member.app.settings.only_here(),
        errors,
    })
}

fn every_link(tx: &mut komainu_db::Tx<'_>, scope: &Scope) -> Result<Vec<Given>, Failure> {
    const STRIDE: i64 = 200;
    let (mut all, mut after): (Vec<Given>, Option<LinkId>) = (Vec::new(), None);
    loop {
        let part = links_part(tx, scope, &komainu_db::Part { after, limit: STRIDE })?;
        let full = i64::try_from(part.len()).is_ok_and(|count| count == STRIDE);
        after = part.last().map(|link| link.id);
        all.extend(part);
        if !full {
            return Ok(all);
        }
    }
}

/// `POST /near-miss/posters`: makes the links and answers with the posters.
pub async fn posters_print(member: Member, form: Form) -> Outcome {
    let lang = member.lang;
    let places: Vec<AssetId> = form.all("place").filter_map(|place| place.parse().ok()).collect();
    let everywhere = form.all("place").any(|place| place == EVERYWHERE);
    let count = places.len() + usize::from(everywhere);
    if count == 0 || count > MOST {
        let mut errors = FieldErrors::default();
        errors.add("place", t!(lang, "poster-none-chosen", most = MOST.to_string()));
        return page_with_status(super::UNPROCESSABLE, &posters_page(&member, errors).await?);
    }
    let owner = member.organisation_name.clone();
    let pdf = set(&member, &member.scope, (places, everywhere), owner).await?;
    Ok(inline_file(&format!("{}.pdf", t!(lang, "posters-title")), "application/pdf", pdf))
}

/// Makes the links and sets their posters.
pub(crate) async fn set(
    visit: &Visit,
    scope: &Scope,
    (places, everywhere): (Vec<AssetId>, bool),
    owner: String,
) -> Result<Vec<u8>, Failure> {
    let (lang, at, scope) = (visit.lang, visit.app.nature.now(), scope.clone());
    let (app, house) = (visit.app.clone(), t!(lang, "poster-whole-house"));
    let made = visit
        .write(move |tx| {
            posters_make(tx, &app.nature, &scope, (&places, everywhere.then_some(house.as_str())))
        })
        .await?;
    let made: Vec<(String, String)> =
        made.iter().map(|(name, made)| (name.clone(), Handed::new(&visit.app, made).address)).collect();
    let pdf = tokio::task::spawn_blocking(move || paper::posters(lang, &owner, &made, at));
    Ok(pdf.await.map_err(Failure::internal)?.map_err(Failure::internal)?.bytes)
}

/// `POST /near-miss/posters/{id}/withdraw`
pub async fn poster_withdraw(member: Member, Path(id): Path<String>, _: Form) -> Outcome {
    let id: LinkId = id.parse().map_err(|_| Failure::NotFound)?;
    let (app, scope) = (member.app.clone(), member.scope.clone());
    member.write(move |tx| link_revoke(tx, &app.nature, &scope, id)).await?;
    let text = t!(member.lang, "poster-withdrawn");
    Ok(with_flash(&member.app, redirect(POSTERS), NoticeKind::Success, &text))
}
