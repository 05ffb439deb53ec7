//! Templates over the API.

use crate::actions::{self, Taken};
use crate::rules::template::Ticks;
use crate::words::kind_name;
use crate::{AssetId, ConnectionId, SystemId, t};
use komainu_catalog::{PieceId, SystemKindId};
use komainu_web::api::{Caller, Json, Resource};
use komainu_web::{Failure, FieldErrors, Outcome, Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What is usual in an institution of this kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateOffer {
    /// The revision of the ledger that the offer was made for.
    revision: i64,
    systems: Vec<TemplateSystem>,
    pieces: Vec<TemplatePiece>,
}

/// A kind of system.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateSystem {
    /// The kind, to be sent as one of `systems`.
    kind: String,
    name: String,
    /// The ledger has one.
    there: bool,
    /// It is not there, and nearly every such institution has it.
    usual: bool,
}

/// A thing or a line that usually stands beside the institution's systems.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplatePiece {
    /// To be sent as one of `pieces`.
    piece: String,
    /// A kind of thing, or null for a line.
    thing: Option<&'static str>,
    /// A kind of line, or null for a thing.
    line: Option<&'static str>,
    /// What the ledger calls it.
    name: String,
    /// The question that it answers with yes.
    question: String,
    /// That it is usual follows from a source; false where it is general knowledge.
    confirmed: bool,
    /// Addresses where it was read.
    sources: Vec<String>,
    /// The kind of system that it belongs to.
    system: Option<String>,
    /// The ledger has it.
    there: bool,
    /// It is not there, and nearly every such institution has it.
    usual: bool,
}

/// What to put into the ledger. What is there already is not doubled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateBody {
    /// Kinds of systems to add.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    systems: BTreeSet<SystemKindId>,
    /// Pieces to add.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pieces: BTreeSet<PieceId>,
    /// The revision that the offer named; null takes the pieces whatever the ledger is now.
    revision: Option<i64>,
}

/// What was put into the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateTaken {
    /// The ledger's revision now.
    revision: i64,
    /// Systems that were added.
    systems: Vec<SystemId>,
    /// Things that were added.
    assets: Vec<AssetId>,
    /// Lines that were added.
    connections: Vec<ConnectionId>,
    /// Pieces that were left out, as something that they stand on is neither there nor named.
    left_out: Vec<String>,
}

impl Resource for TemplateOffer {}
impl Resource for TemplateTaken {}

/// What is usual beside the institution's systems, and what of it the ledger has
#[utoipa::path(get, path = "/ledger/templates", responses((status = 200, body = TemplateOffer)))]
pub async fn templates(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let (lang, catalog) = (at.lang, &at.app.catalog);
            // Pieces of systems that the ledger has not yet are shown, too.
            let all: BTreeSet<SystemKindId> =
                catalog.system_kinds().iter().map(|kind| (*kind.id).clone()).collect();
            let offer = actions::templates(tx, &at.scope, catalog, &all)?;
            let systems = offer.systems.iter().map(|system| TemplateSystem {
                kind: system.kind.to_string(),
                name: kind_name(catalog, lang, &system.kind),
                there: system.there,
                usual: system.ticked,
            });
            let pieces = offer.pieces.iter().filter_map(|offered| {
                let piece = catalog.piece(&offered.id)?;
                let sources = catalog.sources(&piece.sources);
                Some(TemplatePiece {
                    piece: piece.id.to_string(),
                    thing: piece.thing.as_ref().map(|thing| thing.kind.code()),
                    line: piece.line.as_ref().map(|line| line.kind.code()),
                    name: piece.name.get(lang).to_owned(),
                    question: piece.question.get(lang).to_owned(),
                    confirmed: piece.confirmed,
                    sources: sources.into_iter().filter_map(|source| source.url.clone()).collect(),
                    system: piece.system.as_ref().map(|system| system.to_string()),
                    there: offered.there,
                    usual: offered.ticked,
                })
            });
            Ok(TemplateOffer {
                revision: offer.revision,
                systems: systems.collect(),
                pieces: pieces.collect(),
            })
        })
        .await
}

/// Put usual systems, things and lines into the ledger: all of it, or nothing
///
/// Names are in the language of the request. Sending the same again adds nothing.
#[utoipa::path(post, path = "/ledger/templates/apply", request_body = TemplateBody,
    responses((status = 200, body = TemplateTaken)))]
pub async fn template_apply(caller: Caller, Json(body): Json<TemplateBody>) -> Outcome {
    let TemplateBody { systems, pieces, revision } = body;
    let catalog = &caller.app.catalog;
    let mut faults = FieldErrors::default();
    if systems.iter().any(|kind| catalog.system_kinds().iter().all(|known| *known.id != *kind)) {
        faults.add("systems", t!(caller.lang, "template-unknown"));
    }
    if pieces.iter().any(|piece| catalog.piece(piece).is_none()) {
        faults.add("pieces", t!(caller.lang, "template-unknown"));
    }
    faults.into_result()?;
    let ticks = Ticks { systems, pieces };
    caller
        .change(move |tx, at| {
            let (nature, catalog) = (&at.app.nature, &at.app.catalog);
            match actions::template_apply(tx, nature, &at.scope, catalog, at.lang, revision, &ticks) {
                Ok(taken) => Ok(told(&taken)),
                Err(Refused::Because(_)) => Err(Failure::Stale),
                Err(Refused::Failed(failure)) => Err(failure),
            }
        })
        .await
}

fn told(taken: &Taken) -> TemplateTaken {
    use crate::actions::Edit;
    let edits = taken.plan.edits.iter();
    TemplateTaken {
        revision: taken.revision,
        systems: taken.systems.iter().map(|system| system.id).collect(),
        assets: edits
            .clone()
            .filter_map(|edit| if let Edit::AssetAdd(id, _) = edit { Some(*id) } else { None })
            .collect(),
        connections: edits
            .filter_map(|edit| if let Edit::ConnectionAdd(id, _) = edit { Some(*id) } else { None })
            .collect(),
        left_out: taken.plan.left_out.iter().map(ToString::to_string).collect(),
    }
}
