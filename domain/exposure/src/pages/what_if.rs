//! `/exposure/what-if`: a line cut, a thing unplugged, a fix made. Nothing is changed but on this page.

use super::{ShiftView, crumbs};
use crate::answers::{beside, tried};
use crate::rules::line_of;
use crate::t;
use crate::view::see;
use crate::words::Names;
use askama::Template;
use axum::extract::Query;
use komainu_exposure::model::{Network, NodeKind, State};
use komainu_exposure::{Change, Fix, Outcome as Tried};
use komainu_i18n::{Lang, collate};
use komainu_vendor::pages::ledger_name;
use komainu_web::{Choice, Crumb, Member, Outcome, Section, Shell, page};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The question; an empty text asks for nothing.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    cut: String,
    #[serde(default)]
    unplug: String,
    #[serde(default)]
    fix: String,
}

#[derive(Template)]
#[template(path = "exposure_what_if.html")]
struct WhatIfPage {
    page: Shell,
    lang: Lang,
    crumbs: Vec<Crumb>,
    ledger: String,
    lines: Vec<Choice>,
    things: Vec<Choice>,
    fixes: Vec<Choice>,
    result: Option<TriedView>,
}

struct TriedView {
    care: Vec<String>,
    others: Vec<String>,
    shifts: Vec<ShiftView>,
}

/// `GET /exposure/what-if`.
pub async fn what_if(member: Member, Query(asked): Query<Asked>) -> Outcome {
    let lang = member.lang;
    let seen = see(&member, &member.scope).await?;
    let names = Names { lang, index: seen.ledger.index() };
    let network = seen.network(&member, "");
    let fixes: Vec<&Fix> =
        seen.kept.iter().flat_map(|kept| &kept.report.fixes).map(|ranked| &ranked.fix).collect();
    let (lines, things) = (lines(&names, &network, &asked.cut), things(&names, &network, &asked.unplug));
    let changes = changes(&network, &fixes, &asked);
    let mut result = None;
    if !changes.is_empty() {
        result = Some(beside(move || tried(network, &changes)).await?);
    }
    let choice = |fix: &&Fix| Choice::new(&fix.id, names.fix(fix)).chosen(fix.id == asked.fix);
    page(&WhatIfPage {
        page: member.shell(&t!(lang, "what-if-title"), Section::Ledger),
        lang,
        crumbs: crumbs(lang),
        ledger: ledger_name(lang),
        lines,
        things,
        fixes: fixes.iter().map(choice).collect(),
        result: result.map(|result| tried_view(&names, &result)),
    })
}

/// Every line once, be it several in the network.
fn lines(names: &Names<'_>, network: &Network, chosen: &str) -> Vec<Choice> {
    let ids: BTreeSet<&str> = network.connections.iter().map(|line| line_of(&line.id)).collect();
    let choice = |id: &str| Choice::new(id, names.line(id)).chosen(id == chosen);
    sorted(names.lang, ids.into_iter().map(choice).collect())
}

/// What can be unplugged.
fn things(names: &Names<'_>, network: &Network, chosen: &str) -> Vec<Choice> {
    let can = |kind: NodeKind| kind.is_host() || matches!(kind, NodeKind::Zone | NodeKind::Partner);
    let nodes = network.nodes.iter().filter(|node| can(node.kind));
    let choice = |id: &str| Choice::new(id, names.node(id)).chosen(id == chosen);
    sorted(names.lang, nodes.map(|node| choice(&node.id)).collect())
}

fn sorted(lang: Lang, mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by(|a, b| collate(lang, &a.label, &b.label));
    choices
}

/// What is asked for, as far as it is there. Controls come first and things last: what is unplugged takes its lines, and
/// perhaps a password, along.
fn changes(network: &Network, fixes: &[&Fix], asked: &Asked) -> Vec<Change> {
    let fix = fixes.iter().find(|fix| fix.id == asked.fix);
    let places = fix.into_iter().flat_map(|fix| fix.places.iter().map(move |place| (fix.control, place)));
    let set = places.map(|(control, place)| Change::SetControl {
        is: place.is,
        id: place.id.clone(),
        control,
        state: State::Present,
    });
    let unplugged = network.nodes.iter().filter(|node| node.id == asked.unplug);
    let unplugged = unplugged.map(|node| Change::Unplug(node.id.clone()));
    set.chain(cuts(network, &asked.cut)).chain(unplugged).collect()
}

/// Cuts a line of the ledger: every line of the network that it is.
pub(crate) fn cuts(network: &Network, line: &str) -> Vec<Change> {
    let lines = network.connections.iter().filter(|known| line_of(&known.id) == line);
    lines.map(|known| Change::CutLine(known.id.clone())).collect()
}

fn tried_view(names: &Names<'_>, tried: &Tried) -> TriedView {
    let all = |ids: &[String]| ids.iter().map(|id| names.node(id)).collect();
    let shift = |shift: &komainu_exposure::Shift| {
        let goal = names.goal(shift.goal, shift.process.as_deref());
        ShiftView::new(names.lang, goal, shift.before.as_ref(), shift.after.as_ref())
    };
    TriedView {
        care: all(&tried.stops),
        others: all(&tried.stops_too),
        shifts: tried.shifts.iter().map(shift).collect(),
    }
}
