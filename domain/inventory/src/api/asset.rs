//! Things over the API.

use super::known::{control_texts, controls, fact_texts, facts};
use crate::actions::{self, AssetRefusal, RemovalRefusal};
use crate::{
    Asset, AssetDetails, AssetId, AssetKind, RelationKind, Relations, Subject, SystemId, Thing, pages, t,
};
use komainu_institution::parts::{LONG, SHORT, text};
use komainu_vendor::VendorId;
use komainu_web::api::{Caller, IfMatch, Json, Page, Paging, Path, Query, Resource};
use komainu_web::{Failure, FieldErrors, Form, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// What is sent about a thing.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetBody {
    /// What it is: `server`, `terminal`, `network_device`, `medical_device`, `office_device`, `cloud_service`,
    /// `data_store`, `backup`, `account_group`, `zone`, `place` or `care_process`.
    kind: String,
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// The zone it is in; of a zone, the one that it lies within.
    zone: Option<AssetId>,
    /// The place it stands at; of a place, the one that it lies within.
    place: Option<AssetId>,
    /// The system that it belongs to.
    system: Option<SystemId>,
    /// Who looks after it.
    vendor: Option<VendorId>,
    /// What is known of it, by code: `maker`, `address`, `support_ends` and so on. A day is `2026-04-01`, yes and no are
    /// `yes` and `no`.
    #[serde(default)]
    facts: BTreeMap<String, String>,
    /// What stands in an attacker's way, by code (`updates`, `two_factor` and so on): `present`, `absent` or `unknown`.
    #[serde(default)]
    controls: BTreeMap<String, String>,
    /// What it stops without: `asset:` or `system:` and an id.
    #[serde(default)]
    needs: Vec<String>,
    /// Whose administrators can do anything with it.
    #[serde(default)]
    managed_by: Vec<String>,
    /// Of a copy: what it is a copy of.
    #[serde(default)]
    copy_of: Vec<String>,
    /// Of a shared account: what it opens.
    #[serde(default)]
    opens: Vec<String>,
    /// Of a shared account: where it is used or kept.
    #[serde(default)]
    found_on: Vec<String>,
    /// Anything else.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// A thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssetView {
    /// Its id.
    id: AssetId,
    /// What it is.
    kind: AssetKind,
    /// Its name.
    name: String,
    /// The zone it is in; of a zone, the one that it lies within.
    zone: Option<AssetId>,
    /// The place it stands at; of a place, the one that it lies within.
    place: Option<AssetId>,
    /// The system that it belongs to.
    system: Option<SystemId>,
    /// Who looks after it.
    vendor: Option<VendorId>,
    /// What is known of it, by code.
    facts: BTreeMap<String, String>,
    /// What stands in an attacker's way, by code: `present` or `absent`. What is not named, nobody has said.
    controls: BTreeMap<String, String>,
    /// What it stops without: `asset:` or `system:` and an id.
    needs: Vec<String>,
    /// Whose administrators can do anything with it.
    managed_by: Vec<String>,
    /// Of a copy: what it is a copy of.
    copy_of: Vec<String>,
    /// Of a shared account: what it opens.
    opens: Vec<String>,
    /// Of a shared account: where it is used or kept.
    found_on: Vec<String>,
    /// Anything else.
    note: String,
    /// Grows by one with each change.
    version: i64,
}

impl From<Asset> for AssetView {
    fn from(asset: Asset) -> AssetView {
        let Asset { id, details, version } = asset;
        let related = |kind| details.related(kind).map(|thing| thing.to_string()).collect();
        AssetView {
            id,
            needs: related(RelationKind::Needs),
            managed_by: related(RelationKind::ManagedBy),
            copy_of: related(RelationKind::CopyOf),
            opens: related(RelationKind::Opens),
            found_on: related(RelationKind::FoundOn),
            kind: details.kind,
            zone: details.zone,
            place: details.place,
            system: details.system,
            vendor: details.vendor,
            facts: fact_texts(&details.facts),
            controls: control_texts(&details.controls),
            name: details.name,
            note: details.note,
            version,
        }
    }
}

impl Resource for AssetView {
    fn place(&self) -> String {
        format!("/assets/{}", self.id)
    }

    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

fn details(caller: &Caller, body: &AssetBody) -> Result<AssetDetails, Failure> {
    let (lang, form) = (caller.lang, Form::of(body)?);
    let mut faults = FieldErrors::default();
    let Ok(kind) = body.kind.parse::<AssetKind>() else {
        faults.add("kind", t!(lang, "code-unknown", code = body.kind.as_str()));
        return Err(Failure::Invalid(faults));
    };
    let e = &mut faults;
    let details = AssetDetails {
        kind,
        name: text(&form, lang, e, "name", SHORT, true),
        zone: body.zone,
        place: body.place,
        system: body.system,
        vendor: body.vendor,
        facts: facts(lang, &body.facts, Subject::Asset(kind), e),
        controls: controls(lang, &body.controls, kind.control_place(), e),
        relations: relations(caller, body, kind, e),
        note: text(&form, lang, e, "note", LONG, false),
    };
    faults.into_result().map(|()| details)
}

fn relations(caller: &Caller, body: &AssetBody, kind: AssetKind, faults: &mut FieldErrors) -> Relations {
    let sent = [
        (RelationKind::Needs, &body.needs),
        (RelationKind::ManagedBy, &body.managed_by),
        (RelationKind::CopyOf, &body.copy_of),
        (RelationKind::Opens, &body.opens),
        (RelationKind::FoundOn, &body.found_on),
    ];
    let mut relations = Relations::new();
    for (relation, things) in sent {
        for thing in things {
            match thing.parse::<Thing>() {
                Ok(_) if !relation.fits(kind) => {
                    faults.add(relation.code(), t!(caller.lang, "code-not-here", code = relation.code()));
                }
                Ok(thing) => {
                    relations.insert((relation, thing));
                }
                Err(()) => {
                    faults.add(relation.code(), t!(caller.lang, "code-unknown", code = thing.as_str()));
                }
            }
        }
    }
    relations
}

/// A refusal as the API tells it: at its field, or with what is stored now.
fn told(caller: &Caller, kind: AssetKind, refused: Refused<AssetRefusal>) -> Failure {
    match refused {
        Refused::Because(AssetRefusal::Conflict(now)) => Failure::outdated(&AssetView::from(*now)),
        Refused::Because(refusal) => {
            let (field, words) = pages::asset_refusal(caller.lang, kind, &refusal);
            let mut faults = FieldErrors::default();
            faults.add(field, words);
            Failure::Invalid(faults)
        }
        Refused::Failed(failure) => failure,
    }
}

/// The things, in the order of their ids
#[utoipa::path(get, path = "/assets", params(Paging), responses((status = 200, body = Page<AssetView>)))]
pub async fn assets(caller: Caller, Query(paging): Query<Paging>) -> Outcome {
    let key = |asset: &AssetView| asset.id;
    caller
        .list(&paging, key, |tx, at, part| {
            let part = actions::assets_part(tx, &at.scope, part)?;
            Ok(part.into_iter().map(AssetView::from).collect())
        })
        .await
}

/// One thing
#[utoipa::path(get, path = "/assets/{id}", params(AssetId), responses((status = 200, body = AssetView)))]
pub async fn asset_get(caller: Caller, Path(id): Path<AssetId>) -> Outcome {
    caller.show(move |tx, at| actions::asset_get(tx, &at.scope, id).map(AssetView::from)).await
}

/// Add a thing
#[utoipa::path(post, path = "/assets", request_body = AssetBody, responses((status = 201, body = AssetView)))]
pub async fn asset_add(caller: Caller, Json(body): Json<AssetBody>) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .create(move |tx, at| {
            let added = actions::asset_add(tx, &at.app.nature, &at.scope, &new);
            let id = added.map_err(|refused| told(at, new.kind, refused))?;
            actions::asset_get(tx, &at.scope, id).map(AssetView::from)
        })
        .await
}

/// Change a thing: everything about it is replaced
#[utoipa::path(put, path = "/assets/{id}", params(AssetId, IfMatch), request_body = AssetBody,
    responses((status = 200, body = AssetView)))]
pub async fn asset_change(
    caller: Caller,
    Path(id): Path<AssetId>,
    IfMatch(version): IfMatch,
    Json(body): Json<AssetBody>,
) -> Outcome {
    let new = details(&caller, &body)?;
    caller
        .change(move |tx, at| {
            actions::asset_change(tx, &at.app.nature, &at.scope, id, version, &new)
                .map_err(|refused| told(at, new.kind, refused))?;
            actions::asset_get(tx, &at.scope, id).map(AssetView::from)
        })
        .await
}

/// What is asked of a removal.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Removing {
    /// Take it out of the things that still name it, too; else nothing is removed while there are any.
    clear: Option<bool>,
}

/// Names that are told of those that keep a thing there.
const NAMES: usize = 10;

/// Remove a thing, with the lines that end at it
#[utoipa::path(delete, path = "/assets/{id}", params(AssetId, IfMatch, Removing), responses((status = 204)))]
pub async fn asset_remove(
    caller: Caller,
    Path(id): Path<AssetId>,
    IfMatch(version): IfMatch,
    Query(asked): Query<Removing>,
) -> Outcome {
    let clear = asked.clear == Some(true);
    caller
        .remove(move |tx, at| {
            match actions::asset_remove(tx, &at.app.nature, &at.scope, id, version, clear) {
                Ok(()) => Ok(()),
                Err(Refused::Because(RemovalRefusal::Conflict(now))) => {
                    Err(Failure::outdated(&AssetView::from(*now)))
                }
                Err(Refused::Because(RemovalRefusal::Named(by))) => {
                    let names: Vec<&str> = by.iter().take(NAMES).map(|(_, name)| name.as_str()).collect();
                    let (count, names) = (by.len().to_string(), names.join(" / "));
                    Err(Failure::Refused(t!(at.lang, "remove-named", count = count, names = names)))
                }
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}
