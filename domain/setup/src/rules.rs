//! Pure rules of the interview: what an answer means for the ledger, and what follows in the end.

use crate::SystemsAnswer;
use komainu_calendar::fold;
use komainu_catalog::{Catalog, GuidelineType, MaintenanceRoute, SystemKindId, SystemsStyle, Words};
use komainu_institution::{Institution, Systems};
use komainu_inventory::rules::counts_as_server;
use komainu_inventory::{Hosting, SystemId, SystemRecord, other_kind};
use std::collections::BTreeSet;

/// What the answer about systems means for the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SystemsPlan {
    /// Kinds to add, and names of other systems to add.
    pub add: Vec<(SystemKindId, Option<String>)>,
    /// Systems to remove.
    pub remove: Vec<SystemId>,
}

/// Compares what is ticked with what is there. What the page did not show is left alone, and what is there is not added
/// a second time.
pub fn systems_plan(existing: &[SystemRecord], answer: &SystemsAnswer) -> SystemsPlan {
    let other = other_kind();
    let wanted: BTreeSet<String> = answer.others.iter().map(|name| fold(name)).collect();
    let keeps = |system: &SystemRecord| {
        if system.kind == other {
            wanted.contains(&fold(&system.name))
        } else {
            answer.kinds.contains(&system.kind)
        }
    };
    let remove: Vec<SystemId> = existing
        .iter()
        .filter(|system| answer.shown.contains(&system.id) && !keeps(system))
        .map(|system| system.id)
        .collect();
    let has_kind = |kind: &SystemKindId| existing.iter().any(|system| system.kind == *kind);
    let mut named: BTreeSet<String> =
        existing.iter().filter(|system| system.kind == other).map(|system| fold(&system.name)).collect();
    let mut add: Vec<_> = answer
        .kinds
        .iter()
        .filter(|kind| **kind != other && !has_kind(kind))
        .map(|kind| (kind.clone(), None))
        .collect();
    add.extend(
        answer
            .others
            .iter()
            .filter(|name| named.insert(fold(name)))
            .map(|name| (other.clone(), Some(name.clone()))),
    );
    SystemsPlan { add, remove }
}

/// A system and the type of guideline 6.0 that it follows; none while nobody said where it runs.
#[derive(Clone, Debug)]
pub struct SystemType<'a> {
    /// The system's name.
    pub name: String,
    /// Its type.
    pub kind: Option<&'a GuidelineType>,
}

/// What follows from the interview.
#[derive(Clone, Debug, Default)]
pub struct Verdict<'a> {
    /// The types of guideline 6.0: one, two where systems are mixed, none while something is open.
    pub types: Vec<&'a GuidelineType>,
    /// Why, one sentence a fact.
    pub reasons: Vec<&'a Words>,
    /// Whether types and reading rest on the final text.
    pub confirmed: bool,
    /// System by system, where they are mixed.
    pub per_system: Vec<SystemType<'a>>,
    /// Whether 7.0's part for institutions that entrust maintenance may be used; none while something is open.
    pub route: Option<&'a MaintenanceRoute>,
    /// Systems that run elsewhere than the answer about the whole says.
    pub contradicting: Vec<String>,
    /// Systems counted as servers for the route, by name.
    pub servers: Vec<String>,
}

/// Decides, from what is known.
pub fn verdict<'a>(catalog: &'a Catalog, institution: &Institution, systems: &[SystemRecord]) -> Verdict<'a> {
    let servers: Vec<&SystemRecord> =
        systems.iter().filter(|system| counts_as_server(system.kind.as_str())).collect();
    let mut verdict =
        Verdict { servers: servers.iter().map(|system| system.name.clone()).collect(), ..Verdict::default() };
    let (Some(operator), Some(style)) =
        (institution.operator_on_staff, institution.systems.and_then(Systems::style))
    else {
        return verdict;
    };
    let answer = catalog.guideline_type(operator, style);
    verdict.types = answer.types;
    verdict.reasons = answer.reasons;
    verdict.confirmed = answer.confirmed;
    verdict.contradicting = contradicting(style, &servers);
    if style == SystemsStyle::Mixed {
        let of = |style| catalog.guideline_type(operator, style).types.into_iter().next();
        verdict.per_system = servers
            .iter()
            .map(|system| SystemType {
                name: system.name.clone(),
                kind: match system.hosting {
                    Hosting::OnPremises => of(SystemsStyle::OnPremises),
                    Hosting::Cloud => of(SystemsStyle::Cloud),
                    Hosting::Unknown => None,
                },
            })
            .collect();
    }
    verdict.route = institution.entrusts_updates.and_then(|duty| catalog.maintenance_route(operator, duty));
    verdict
}

/// Servers that run where the answer about the whole says that nothing runs.
fn contradicting(style: SystemsStyle, servers: &[&SystemRecord]) -> Vec<String> {
    let elsewhere = match style {
        SystemsStyle::OnPremises => Hosting::Cloud,
        SystemsStyle::Cloud => Hosting::OnPremises,
        SystemsStyle::Mixed => return Vec::new(),
    };
    // A backup device in the house and a patients' booking service outside are no reason to call the whole mixed.
    let beside = ["backup-device", "booking-web", "regional-network"];
    servers
        .iter()
        .filter(|system| system.hosting == elsewhere && !beside.contains(&system.kind.as_str()))
        .map(|system| system.name.clone())
        .collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
