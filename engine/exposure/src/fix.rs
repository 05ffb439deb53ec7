//! Fixes: what can be put in place, and which steps each of them makes harder.

use crate::attack::{AttackGraph, Index, Owner};
use crate::chance::Chance;
use crate::graph::{Graph, GraphBuilder, StateId};
use crate::model::{Control, Network, NodeKind, Place, State};
use crate::story::Named;
use crate::table::Table;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Something that can be done: one control, put in place on one thing, line or secret, or in one go on all computers or
/// all terminals of a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The same for the same fix in a changed network: `control@id`, `control@computers:zone` or `control@terminals:zone`.
    pub id: String,
    /// What is put in place.
    pub control: Control,
    /// Where.
    pub places: Vec<Named>,
    /// Minutes of work.
    pub minutes: u32,
    /// At one of the places nobody knows whether it is there already: asking comes first.
    pub unknown: bool,
    /// Items of the ministry's checklist that it helps to answer.
    #[serde(deserialize_with = "known_items")]
    pub items: Vec<&'static str>,
}

/// Items as this version knows them; those of another version that it does not know are left out.
fn known_items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<&'static str>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let known = |name: &String| {
        Control::ALL.iter().flat_map(|control| control.items()).copied().find(|item| item == name)
    };
    Ok(names.iter().filter_map(known).collect())
}

/// The part of an attack graph that lies on ways from entrances to goals, with what each fix does to it.
#[derive(Clone, Debug)]
pub struct Levers {
    /// That part, with states numbered anew.
    pub graph: Graph,
    /// Its entrances.
    pub starts: Vec<StateId>,
    /// Its goals, in the order of the attack graph; none where no entrance leads to one.
    pub goals: Vec<Option<StateId>>,
    /// Every fix that changes some step, by rising id.
    pub fixes: Vec<Fix>,
    /// For each place of the graph, what makes its chance; empty where no fix changes it.
    pub(crate) terms: Vec<Terms>,
}

/// A step's chance as a product: a base and, in the table's order, factors of controls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    pub base: f64,
    pub terms: Vec<Term>,
}

/// A factor of a step's chance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    /// As things are.
    pub now: f64,
    /// With the fix.
    pub fixed: f64,
    /// Which fix; none where the control is there already or cannot be had.
    pub fix: Option<u32>,
}

impl Terms {
    /// The chance where `chosen` says which fixes are in place. The order of multiplication is that of
    /// [`AttackGraph::of`], so the result is the same as if the network had been changed.
    pub fn chance(&self, chosen: impl Fn(u32) -> bool) -> f64 {
        self.terms.iter().fold(self.base, |chance, term| {
            chance * if term.fix.is_some_and(&chosen) { term.fixed } else { term.now }
        })
    }

    /// The fixes that change it.
    pub fn fixes(&self) -> impl Iterator<Item = u32> {
        self.terms.iter().filter_map(|term| term.fix)
    }
}

/// A fix's places while they are gathered: control, and an owner or the terminals of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    One(Owner),
    Computers(Index),
    Terminals(Index),
}

/// Controls that are put in place by one setting for terminals and servers alike: of the directory, or of the antivirus.
const BY_POLICY: [Control; 8] = [
    Control::Antivirus,
    Control::AntivirusLocked,
    Control::UsersNotAdmin,
    Control::StrongPassword,
    Control::Lockout,
    Control::TwoFactor,
    Control::HostFirewall,
    Control::ServicesStopped,
];

impl Levers {
    /// Finds the part of the graph that matters, and the fixes that change it. O(n + m) and the sorting of the fixes.
    pub fn of(network: &Network, table: &Table, attack: &AttackGraph) -> Levers {
        let (graph, kept, number) = reduce(attack);
        let zones: BTreeMap<&str, Index> =
            (0_u32..).zip(&network.nodes).map(|(at, node)| (node.id.as_str(), at)).collect();
        let mut groups: BTreeMap<(Control, Group), BTreeMap<Owner, State>> = BTreeMap::new();
        let mut holds = Vec::with_capacity(graph.steps());
        for place in 0..graph.steps() {
            let original = kept[graph.added(place)];
            let of_step = attack.holds(network, table, original);
            for hold in of_step.iter().filter(|hold| hold.state != State::Present && hold.factor < 1.0) {
                let group = group(network, &zones, hold.control, hold.owner);
                groups.entry((hold.control, group)).or_default().insert(hold.owner, hold.state);
            }
            holds.push((attack.step(original).code, of_step));
        }
        let (fixes, by_owner) = number_fixes(network, table, groups);
        let terms = holds
            .into_iter()
            .map(|(code, holds)| {
                let mut terms: Vec<Term> = Vec::with_capacity(holds.len());
                for hold in &holds {
                    let now = table.weaken(hold.factor, hold.state);
                    let fix = by_owner.get(&(hold.control, hold.owner)).copied();
                    terms.push(Term { now, fixed: hold.factor, fix });
                }
                if terms.iter().all(|term| term.fix.is_none()) {
                    return Terms::default();
                }
                Terms { base: table.rule(code).map_or(1.0, |rule| rule.base), terms }
            })
            .collect();
        let starts = attack.starts().iter().filter_map(|&state| number[state as usize]).collect();
        let goals = attack.ends().iter().map(|&state| number[state as usize]).collect();
        Levers { graph, starts, goals, fixes, terms }
    }

    /// The chance of the step at a place where `chosen` says which fixes, by their places in [`Levers::fixes`], are in
    /// place.
    pub fn chance(&self, place: usize, chosen: impl Fn(usize) -> bool) -> Chance {
        let terms = &self.terms[place];
        if terms.terms.is_empty() {
            return self.graph.chance(place);
        }
        Chance::new(terms.chance(|fix| chosen(fix as usize)))
    }
}

/// What is set by policy is set for all computers of a zone; terminals are dealt with together in any case; everything
/// else is a matter of its own.
fn group(network: &Network, zones: &BTreeMap<&str, Index>, control: Control, owner: Owner) -> Group {
    if let Owner::Node(at) = owner {
        let node = &network.nodes[at as usize];
        let computer = matches!(
            node.kind,
            NodeKind::Terminal | NodeKind::Server | NodeKind::System | NodeKind::DataStore
        );
        if let Some(&zone) = node.zone.as_deref().and_then(|id| zones.get(id)) {
            if computer && BY_POLICY.contains(&control) {
                return Group::Computers(zone);
            }
            if node.kind == NodeKind::Terminal {
                return Group::Terminals(zone);
            }
        }
    }
    Group::One(owner)
}

type ByOwner = BTreeMap<(Control, Owner), u32>;

fn number_fixes(
    network: &Network,
    table: &Table,
    groups: BTreeMap<(Control, Group), BTreeMap<Owner, State>>,
) -> (Vec<Fix>, ByOwner) {
    let mut fixes: Vec<(Fix, Vec<Owner>)> = Vec::new();
    for ((control, group), owners) in groups {
        // Devices alike behind one record are further places.
        let count = |owner: &Owner| match owner {
            Owner::Node(at) => network.nodes[*at as usize].count,
            Owner::Connection(_) => 1,
            Owner::Credential(at) => {
                u32::try_from(network.credentials[*at as usize].opens.len()).unwrap_or(u32::MAX)
            }
        };
        let places = owners.keys().map(count).fold(0, u32::saturating_add);
        let Some(minutes) = table.minutes(control, places) else { continue };
        let id = match (group, owners.len()) {
            (Group::Computers(zone), 2..) => format!("computers:{}", network.nodes[zone as usize].id),
            (Group::Terminals(zone), 2..) => format!("terminals:{}", network.nodes[zone as usize].id),
            _ => owners.keys().next().map_or("", |owner| owner.id(network)).to_owned(),
        };
        let fix = Fix {
            id: format!("{}@{id}", control.code()),
            control,
            places: owners.keys().map(|&owner| Named::new(owner, network)).collect(),
            minutes,
            unknown: owners.values().any(|&state| state == State::Unknown),
            items: control.items().to_vec(),
        };
        fixes.push((fix, owners.into_keys().collect()));
    }
    fixes.sort_by(|a, b| (&a.0.id, place_rank(&a.0)).cmp(&(&b.0.id, place_rank(&b.0))));
    let mut by_owner = ByOwner::new();
    for (at, (fix, owners)) in (0_u32..).zip(&fixes) {
        by_owner.extend(owners.iter().map(|&owner| ((fix.control, owner), at)));
    }
    (fixes.into_iter().map(|(fix, _)| fix).collect(), by_owner)
}

/// A node and a line may have the same id.
fn place_rank(fix: &Fix) -> Option<Place> {
    fix.places.first().map(|named| named.is)
}

/// The states that entrances lead to and that lead to goals, with the steps between them: the graph, the original
/// place of each of its steps as added, and the new number of each state.
fn reduce(attack: &AttackGraph) -> (Graph, Vec<usize>, Vec<Option<StateId>>) {
    let graph = &attack.graph;
    let ahead = crate::blast::flood(graph.states(), &attack.starts(), |at| graph.arcs(at));
    let back = graph.backwards();
    let behind = crate::blast::flood(graph.states(), &attack.ends(), |at| back.arcs(at));
    let mut builder = GraphBuilder::default();
    let number: Vec<Option<StateId>> = ahead
        .iter()
        .zip(&behind)
        .map(|(ahead, behind)| (*ahead && *behind).then(|| builder.state()))
        .collect();
    let mut kept = Vec::new();
    for from in (0_u32..).take(graph.states()) {
        for place in graph.row(from) {
            let ends = (number[from as usize], number[graph.arc(place).to as usize]);
            if let (Some(from), Some(to)) = ends {
                builder.step(from, to, graph.chance(place), graph.cause(place));
                kept.push(place);
            }
        }
    }
    (builder.build(), kept, number)
}
