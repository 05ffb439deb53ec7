//! What stood there and is in no ledger is added; what was otherwise is taken over into the ledger.

use super::one::see_open;
use super::walk::closed;
use super::{crumbs, line_of, path_of, see, take_of};
use crate::actions::{AddRefusal, NewThing, Seen, TakeRefusal, line_take, thing_add};
use crate::model::{Finding, Line};
use crate::{rules, t, words};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use komainu_i18n::Lang;
use komainu_institution::parts::{Difference, FormWords, LONG, SHORT, differences, text};
use komainu_inventory::words::asset_kind_text;
use komainu_inventory::{Asset, AssetId, AssetKind, Fact};
use komainu_vendor::pages::ledger_name;
use komainu_web::{
    Choice, Crumb, Failure, FieldErrors, Form, Member, NoticeKind, Outcome, Refused, Section, Shell, page,
    page_with_status, redirect, with_flash,
};
use serde::Deserialize;

/// Where somebody stands who found something.
#[derive(Debug, Default, Deserialize)]
pub struct Here {
    /// `none`, or the id of a place.
    #[serde(default)]
    place: String,
}

/// The fields of a thing that is added.
pub(crate) struct NewFields {
    /// What it is; none where nothing was chosen.
    pub(crate) kind: Option<AssetKind>,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) note: String,
}

#[derive(Template)]
#[template(path = "thing_new.html")]
struct NewPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    crumbs: Vec<Crumb>,
    ledger: String,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    thing_name: String,
    thing_place: String,
    thing_note: String,
    places: Vec<String>,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "take_conflict.html")]
struct ConflictPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    words: FormWords,
    thing: String,
    differences: Vec<Difference>,
    action: String,
    back: String,
    asset_version: i64,
}

/// The form for something that stands here and is in no ledger.
pub async fn thing_new(member: Member, Path(id): Path<String>, Query(here): Query<Here>) -> Outcome {
    let Some(seen) = see_open(&member, &id).await? else { return Ok(closed(&member, take_of(&id)?)) };
    let place = here.place.parse().ok().and_then(|id: AssetId| seen.assets.get(&id));
    let place = place.filter(|place| place.details.kind == AssetKind::Place);
    let place = place.map(|place| place.details.name.clone()).unwrap_or_default();
    let empty = NewFields { kind: None, name: String::new(), place, note: String::new() };
    page(&new_page(&member, &seen, empty, FieldErrors::default()))
}

fn new_page(member: &Member, seen: &Seen, fields: NewFields, errors: FieldErrors) -> NewPage {
    let (lang, back) = (member.lang, path_of(seen.take.id));
    NewPage {
        page: member.shell(&t!(lang, "thing-new-title"), Section::Ledger),
        lang,
        words: FormWords::in_lang(lang),
        crumbs: crumbs(member, seen),
        ledger: ledger_name(lang),
        action: format!("{back}/add"),
        back,
        kinds: rules::kinds()
            .map(|kind| {
                let chosen = fields.kind == Some(kind);
                Choice::new(kind.code(), asset_kind_text(lang, kind)).chosen(chosen)
            })
            .collect(),
        thing_name: fields.name,
        thing_place: fields.place,
        thing_note: fields.note,
        places: seen.places().into_iter().map(str::to_owned).collect(),
        errors,
    }
}

/// Reads what was typed; every fault at once.
pub(crate) fn read_new(lang: Lang, form: &Form) -> (NewFields, FieldErrors) {
    let mut errors = FieldErrors::default();
    let kind = form.parse::<AssetKind>("kind").filter(|kind| rules::can_be_walked_to(*kind, true));
    if kind.is_none() {
        errors.add("kind", t!(lang, "fault-kind"));
    }
    let fields = NewFields {
        kind,
        name: text(form, lang, &mut errors, "name", SHORT, true),
        place: text(form, lang, &mut errors, "place", SHORT, kind == Some(AssetKind::Backup)),
        note: text(form, lang, &mut errors, "note", LONG, false),
    };
    (fields, errors)
}

/// Adds it.
pub async fn thing_create(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let Some(seen) = see_open(&member, &id).await? else { return Ok(closed(&member, take_of(&id)?)) };
    let (lang, take) = (member.lang, seen.take.id);
    let (fields, mut errors) = read_new(lang, &form);
    let (Some(kind), true) = (fields.kind, errors.is_empty()) else {
        let filled = new_page(&member, &seen, fields, errors);
        return page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled);
    };
    let new =
        NewThing { kind, name: fields.name.clone(), place: fields.place.clone(), note: fields.note.clone() };
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    match member.write(move |tx| thing_add(tx, &nature, &scope, take, &new)).await {
        Ok(line) => {
            let key = line.was.place.map_or_else(|| "none".to_owned(), |place| place.to_string());
            let to = redirect(&format!("{}/walk?place={key}#line-{}", path_of(take), line.asset));
            Ok(with_flash(&member.app, to, NoticeKind::Success, &t!(lang, "thing-added")))
        }
        Err(Refused::Because(AddRefusal::Closed)) => Ok(closed(&member, take)),
        Err(Refused::Because(AddRefusal::Ambiguous | AddRefusal::NoBody)) => {
            errors.add("place", t!(lang, "fault-place-several"));
            let filled = new_page(&member, &seen, fields, errors);
            page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &filled)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Takes what was found over into the ledger.
pub async fn thing_take(member: Member, Path(path): Path<(String, String)>, form: Form) -> Outcome {
    let ((take, asset), lang) = (line_of(&path)?, member.lang);
    let version = form.parse("asset_version").unwrap_or_default();
    let (scope, nature) = (member.scope.clone(), member.app.nature.clone());
    let taken = member.write(move |tx| line_take(tx, &nature, &scope, (take, asset), version)).await;
    let (kind, text) = match taken {
        Ok(line) => (NoticeKind::Success, t!(lang, "line-taken", name = line.was.name.as_str())),
        Err(Refused::Because(TakeRefusal::Gone)) => (NoticeKind::Warning, t!(lang, "take-gone")),
        Err(Refused::Because(TakeRefusal::Ambiguous)) => {
            (NoticeKind::Warning, t!(lang, "fault-place-several"))
        }
        Err(Refused::Because(TakeRefusal::Changed(now))) => {
            let seen = see(&member, take).await?;
            let line = seen.line(asset).ok_or(Failure::NotFound)?;
            return page_with_status(StatusCode::CONFLICT, &conflict_page(&member, &seen, line, &now));
        }
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    Ok(with_flash(&member.app, redirect(&path_of(take)), kind, &text))
}

/// What was found, and what somebody wrote into the ledger since the page was made.
fn conflict_page(member: &Member, seen: &Seen, line: &Line, now: &Asset) -> ConflictPage {
    let (lang, back) = (member.lang, path_of(seen.take.id));
    let place = now.details.place.and_then(|place| seen.assets.get(&place));
    let place = place.map(|place| place.details.name.clone()).unwrap_or_default();
    let Finding { place: found_place, count, serial, .. } = line.mark.finding.clone();
    let mut rows = Vec::new();
    if !found_place.is_empty() {
        rows.push((t!(lang, "field-place"), found_place, place));
    }
    if let Some(count) = count {
        rows.push((
            t!(lang, "field-count"),
            count.to_string(),
            now.details.facts.text(Fact::Count).to_owned(),
        ));
    }
    if !serial.is_empty() {
        rows.push((t!(lang, "field-serial"), serial, now.details.facts.text(Fact::Serial).to_owned()));
    }
    ConflictPage {
        page: member.shell(&t!(lang, "take-conflict-title"), Section::Ledger),
        lang,
        crumbs: crumbs(member, seen),
        ledger: ledger_name(lang),
        words: FormWords::in_lang(lang),
        thing: line.was.name.clone(),
        differences: differences(rows),
        action: format!("{back}/lines/{}/take", line.asset),
        back,
        asset_version: now.version,
    }
}

/// What a thing is, and where, in one line.
pub(crate) fn about(lang: Lang, line: &Line) -> String {
    let place = words::place_text(lang, &line.was.place_name);
    t!(lang, "line-about", kind = asset_kind_text(lang, line.kind), place = place)
}
