//! The rule: named situations, and what holds in every situation.
#![allow(clippy::unwrap_used)]

mod always;
mod ledger;
mod situations;
#[path = "../support/mod.rs"]
mod support;
mod told;

use komainu_catalog::{Catalog, Doer, InstitutionKind, Scope, StepId};
use komainu_db::uuid::Uuid;
use komainu_i18n::Lang;
use komainu_incident::IncidentId;
use komainu_plan::model::*;
use komainu_plan::{rules, words};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use support::{answered, day, mark, person, row, situation};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().unwrap());

fn plan(situation: &Situation) -> Plan {
    rules::plan(situation, &CATALOG)
}

fn keys(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.key.to_string()).collect()
}

fn house(step: HouseStep) -> StepKey {
    StepKey::House(step)
}

fn danger(item: &str, about: Scope, share: i32, ways: u32) -> DangerFact {
    DangerFact { item: item.parse().unwrap(), about, share, ways }
}
