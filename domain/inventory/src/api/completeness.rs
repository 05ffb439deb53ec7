//! How far the ledger is filled, over the API.

use crate::actions;
use crate::pages::record_name;
use crate::rules::{Gap, Level, Record, Wanted, completeness};
use crate::{Asked, Index};
use komainu_i18n::Lang;
use komainu_web::Outcome;
use komainu_web::api::{Caller, Resource};
use serde::Serialize;
use utoipa::ToSchema;

/// How many gaps an answer tells: the next ones come when these are filled.
const TOLD: usize = 100;

/// How far the ledger is filled.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletenessView {
    /// By who asks: the checklist, safety, and what is good to have.
    levels: Vec<LevelView>,
    /// How many gaps there are in all.
    missing: usize,
    /// The first hundred of them, the one worth filling first in front.
    gaps: Vec<GapView>,
}

/// How far one level is filled.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelView {
    /// `checklist`, `safety` or `useful`.
    level: String,
    /// How many questions are answered.
    known: usize,
    /// How many there are.
    asked: usize,
    /// The answered share, 0 to 100.
    percent: usize,
}

/// Something that is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct GapView {
    /// Where: `system:`, `asset:` or `connection:` and an id.
    record: String,
    /// The record's name.
    name: String,
    /// What: `fact:` or `control:` and a code, or `zone`, `needs`, `copy_of`, `opens`, `hosting`, `things`,
    /// `remote_maintenance`, `remote_line`.
    wanted: String,
    /// `checklist`, `safety` or `useful`.
    level: String,
    /// The item of the checklist that asks for it, by our reading; null where none does.
    item: Option<String>,
}

impl Resource for CompletenessView {}

/// How far the ledger is filled, and what is worth writing down next
#[utoipa::path(get, path = "/ledger/completeness", responses((status = 200, body = CompletenessView)))]
pub async fn ledger_completeness(caller: Caller) -> Outcome {
    caller
        .show(|tx, at| {
            let ledger = actions::ledger(tx, &at.scope)?;
            let (whole, index) = (completeness(&ledger), ledger.index());
            let level = |level: Level| {
                let score = whole.at(level);
                let (known, asked, percent) = (score.known, score.asked, score.percent());
                LevelView { level: level.code().to_owned(), known, asked, percent }
            };
            Ok(CompletenessView {
                levels: Level::ALL.into_iter().map(level).collect(),
                missing: whole.gaps.len(),
                gaps: whole.gaps.iter().take(TOLD).map(|gap| view(at.lang, &index, gap)).collect(),
            })
        })
        .await
}

fn view(lang: Lang, index: &Index<'_>, gap: &Gap) -> GapView {
    let record = match gap.record {
        Record::System(id) => format!("system:{id}"),
        Record::Asset(id) => format!("asset:{id}"),
        Record::Connection(id) => format!("connection:{id}"),
    };
    let wanted = match gap.wanted {
        Wanted::Fact(fact) => format!("fact:{}", fact.code()),
        Wanted::Control(control) => format!("control:{}", control.code()),
        Wanted::Zone => "zone".to_owned(),
        Wanted::Needs => "needs".to_owned(),
        Wanted::CopyOf => "copy_of".to_owned(),
        Wanted::Opens => "opens".to_owned(),
        Wanted::Hosting => "hosting".to_owned(),
        Wanted::Things => "things".to_owned(),
        Wanted::Remote => "remote_maintenance".to_owned(),
        Wanted::RemoteLine => "remote_line".to_owned(),
    };
    let item = match gap.asked {
        Asked::Checklist(item) => Some(item.to_owned()),
        Asked::Safety | Asked::Useful => None,
    };
    let level = Level::of(gap.asked).code().to_owned();
    GapView { record, name: record_name(lang, index, gap.record), wanted, level, item }
}
