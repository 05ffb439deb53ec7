//! Things of the ledger in an incident.

use super::{Head, Side, UNPROCESSABLE, done, head, id_of, on_map, path_of, version_of, writes};
use crate::actions;
use crate::model::{AssetState, IncidentId, Marked};
use crate::{t, words};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use komainu_access::Permission;
use komainu_i18n::{Lang, collate};
use komainu_institution::parts::{Difference, FormWords, LONG, differences, text};
use komainu_inventory::actions::assets as ledger_assets;
use komainu_inventory::words::asset_kind_text;
use komainu_inventory::{Asset, AssetId};
use komainu_web::{
    Choice, Conflict, Failure, FieldErrors, Form, Member, Outcome, Refused, Section, Shell, moment_text,
    page_with_status,
};

struct MarkedView {
    id: String,
    /// Keeps the fields of its form apart from those of others.
    idp: String,
    version: i64,
    name: String,
    href: String,
    state: String,
    sign: &'static str,
    when: String,
    note: String,
    states: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "incident_assets.html")]
struct AssetsPage {
    page: Shell,
    lang: Lang,
    words: FormWords,
    head: Head,
    leads: bool,
    action: String,
    /// Where the map shows them; empty where it does not.
    on_map: String,
    counts: Vec<(String, String, &'static str)>,
    marked: Vec<MarkedView>,
    /// What of the ledger is not marked yet.
    others: Vec<Choice>,
    states: Vec<Choice>,
    note: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// What a form held when it could not be taken.
#[derive(Default)]
struct Typed {
    asset: String,
    note: String,
    errors: FieldErrors,
    differences: Vec<Difference>,
}

/// `GET /incidents/{id}/assets`
pub async fn assets(member: Member, Path(id): Path<String>) -> Outcome {
    shown(&member, id_of(&id)?, StatusCode::OK, Typed::default()).await
}

async fn shown(member: &Member, id: IncidentId, status: StatusCode, typed: Typed) -> Outcome {
    let scope = member.scope.clone();
    let reads = scope.may(Permission::LedgerRead);
    let (case, ledger) = member
        .read(move |tx| {
            let case = actions::incident_see(tx, &scope, id)?;
            let ledger = if reads { ledger_assets(tx, &scope)? } else { Vec::new() };
            Ok((case, ledger))
        })
        .await?;
    let lang = member.lang;
    let count = |state: &AssetState| {
        let n = case.assets.iter().filter(|marked| marked.state == *state).count();
        (words::asset_state_text(lang, *state), n.to_string(), words::asset_badge(*state))
    };
    let counts: Vec<_> = AssetState::ALL.iter().map(count).collect();
    let known = |asset: &&Asset| case.assets.iter().all(|marked| marked.asset != asset.id);
    let mut others: Vec<&Asset> = ledger.iter().filter(known).collect();
    others.sort_by(|a, b| collate(lang, &a.details.name, &b.details.name).then(a.id.cmp(&b.id)));
    let others = others.into_iter().map(|asset| {
        let kind = asset_kind_text(lang, asset.details.kind);
        let label = t!(lang, "pair", left = asset.details.name.as_str(), right = kind);
        let id = asset.id.to_string();
        let chosen = id == typed.asset;
        Choice::new(id, label).chosen(chosen)
    });
    page_with_status(
        status,
        &AssetsPage {
            page: member.shell(&words::title_text(lang, &case.incident), Section::Incident),
            lang,
            words: FormWords::in_lang(lang),
            head: head(member, &case.incident, Side::Assets),
            leads: writes(member, &case.incident),
            action: format!("{}/assets", path_of(id)),
            on_map: on_map(member, &case),
            counts,
            marked: case.assets.iter().map(|marked| view(lang, marked, reads)).collect(),
            others: others.collect(),
            states: states(lang, AssetState::Suspected),
            note: typed.note,
            errors: typed.errors,
            differences: typed.differences,
        },
    )
}

fn states(lang: Lang, chosen: AssetState) -> Vec<Choice> {
    let choice = |state: &AssetState| {
        Choice::new(state.code(), words::asset_state_text(lang, *state)).chosen(*state == chosen)
    };
    AssetState::ALL.iter().map(choice).collect()
}

fn view(lang: Lang, marked: &Marked, reads: bool) -> MarkedView {
    MarkedView {
        id: marked.asset.to_string(),
        idp: format!("{}-", marked.asset),
        version: marked.version,
        name: marked.detail.name.clone(),
        href: if reads { format!("/ledger/assets/{}", marked.asset) } else { String::new() },
        state: words::asset_state_text(lang, marked.state),
        sign: words::asset_badge(marked.state),
        when: t!(
            lang,
            "by",
            at = moment_text(lang, marked.changed_at),
            name = marked.changed_by_name.as_str()
        ),
        note: marked.detail.note.clone(),
        states: states(lang, marked.state),
    }
}

/// `POST /incidents/{id}/assets`
pub async fn asset_mark(member: Member, Path(id): Path<String>, form: Form) -> Outcome {
    let (lang, id) = (member.lang, id_of(&id)?);
    let state: AssetState = form.parse("state").ok_or(Failure::NotFound)?;
    let mut errors = FieldErrors::default();
    let note = text(&form, lang, &mut errors, "note", LONG, false);
    let asset: Option<AssetId> = form.parse("asset");
    if asset.is_none() {
        errors.add("asset", t!(lang, "asset-missing"));
    }
    let (Some(asset), true) = (asset, errors.is_empty()) else {
        let typed = Typed { asset: form.text("asset").to_owned(), note, errors, ..Typed::default() };
        return shown(&member, id, UNPROCESSABLE, typed).await;
    };
    let (scope, app, version, wish) =
        (member.scope.clone(), member.app.clone(), version_of(&form), note.clone());
    // Whoever marks a thing on the map goes on there.
    let back = match form.text("back") {
        "map" => format!("/map?incident={id}&at=asset:{asset}"),
        _ => format!("{}/assets", path_of(id)),
    };
    let saved = member
        .write(move |tx| actions::asset_mark(tx, &app.nature, &scope, (id, asset, version), (state, &wish)))
        .await;
    match saved {
        Ok(()) => Ok(done(&member, &back, &t!(lang, "asset-saved"))),
        Err(Refused::Because(Conflict(theirs))) => {
            let rows = differences(vec![
                (
                    t!(lang, "field-state"),
                    words::asset_state_text(lang, state),
                    words::asset_state_text(lang, theirs.state),
                ),
                (t!(lang, "asset-note"), note, theirs.detail.note.clone()),
            ]);
            let typed = Typed { differences: rows, ..Typed::default() };
            shown(&member, id, StatusCode::CONFLICT, typed).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}
