//! The page: the picture, or the same as a table.

use super::files::picture;
use super::{Read, read, view_of};
use crate::actions::AffectedBy;
use crate::affected::mark;
use crate::draw::draw;
use crate::model::{AffectedData, FindingData, LineData, MapData, NodeData, ZoneData};
use crate::paper::{legend, level_text};
use crate::rules::scene::View;
use crate::t;
use askama::Template;
use axum::extract::Query;
use komainu_access::Permission;
use komainu_catalog::{Catalog, SourceId};
use komainu_i18n::{Lang, collate};
use komainu_institution::rules::found;
use komainu_inventory::words::{asset_kind_text, item_title};
use komainu_inventory::{AssetKind, Thing};
use komainu_vendor::pages::{LedgerTab, ledger_name, ledger_tabs};
use komainu_web::{Choice, Member, Outcome, Section, Shell, Tab, page};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// So many findings stand on the page, the worst.
const MOST_FINDINGS: usize = 200;
/// So many rows stand in one part of the table.
const ROWS: usize = 200;

/// What of the map is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `table` for the table.
    #[serde(default)]
    view: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    danger: String,
    /// Only what bears an incident's mark.
    #[serde(default)]
    marked: String,
    /// Only what bears the mark of this incident; with a script it is brought into sight instead.
    #[serde(default)]
    incident: String,
    #[serde(default)]
    zone: String,
    /// The part of the table, from 0.
    #[serde(default)]
    part: usize,
}

impl Asked {
    fn fits(&self, node: &NodeData, marked: &HashSet<&str>) -> bool {
        (self.kind.is_empty() || self.kind == node.kind)
            && (self.danger.is_empty() || node.danger > 0)
            && (!self.only_marked() || marked.contains(node.id.as_str()))
            && found(&self.q, &[&node.name, &node.kind_text])
    }

    fn is_all(&self) -> bool {
        self.kind.is_empty() && self.danger.is_empty() && !self.only_marked() && self.q.trim().is_empty()
    }

    fn only_marked(&self) -> bool {
        !self.marked.is_empty() || !self.incident.is_empty()
    }

    /// What bears a mark that is looked for.
    fn bearers<'a>(&self, affected: &'a [AffectedData]) -> HashSet<&'a str> {
        let wanted = |one: &&AffectedData| self.incident.is_empty() || self.incident == one.incident;
        affected.iter().filter(wanted).map(|one| one.node.as_str()).collect()
    }

    /// The address of this search with another view or part.
    fn address(&self, view: &str, part: usize) -> String {
        let fields = [
            ("view", view),
            ("q", self.q.as_str()),
            ("kind", self.kind.as_str()),
            ("zone", self.zone.as_str()),
            ("incident", self.incident.as_str()),
        ];
        let mut fields: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        fields.extend((!self.danger.is_empty()).then(|| "danger=yes".to_owned()));
        fields.extend((!self.marked.is_empty()).then(|| "marked=yes".to_owned()));
        fields.extend((part > 0).then(|| format!("part={part}")));
        if fields.is_empty() { "/map".to_owned() } else { format!("/map?{}", fields.join("&")) }
    }
}

/// A value of a query.
fn encoded(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What the filter's form offers.
struct Filter {
    query: String,
    kinds: Vec<Choice>,
    zones: Vec<Choice>,
    danger: bool,
    /// Whether anything bears a mark, so that it can be asked for.
    markable: bool,
    marked: bool,
}

/// A finding as the page shows it.
struct FindingLine {
    badge: &'static str,
    level: String,
    rule: String,
    wrong: String,
    todo: String,
    record: String,
    items: Vec<String>,
    /// What each source is, and where.
    sources: Vec<(String, String)>,
}

/// A line as the table shows it.
struct Leads {
    words: String,
    record: String,
    danger: String,
}

/// A mark as the table shows it.
struct RowMark {
    words: String,
    title: String,
    board: String,
}

/// A thing as the table shows it.
struct Row {
    thing: String,
    record: String,
    marks: Vec<RowMark>,
    sort: String,
    zone: String,
    badge: &'static str,
    danger: String,
    lines: Vec<Leads>,
    wrong: Vec<String>,
}

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    ledger: String,
    narrowed: Filter,
    any: bool,
    may_edit: bool,
    overview: bool,
    drawing: String,
    script_words: Vec<(&'static str, String)>,
    keys: Vec<String>,
    /// Incidents that are not over: the name of each, and where its things are marked.
    running: Vec<(String, String)>,
    findings: Vec<FindingLine>,
    /// How many findings are not shown, in words; empty where all are.
    rest: String,
    as_table: String,
}

#[derive(Template)]
#[template(path = "table.html")]
struct TablePage {
    page: Shell,
    lang: Lang,
    tabs: Vec<Tab>,
    ledger: String,
    narrowed: Filter,
    /// As on the map.
    running: Vec<(String, String)>,
    things: Vec<Row>,
    count: usize,
    drawn: String,
    before: String,
    after: String,
}

/// `GET /map`.
pub async fn map_page(member: Member, Query(asked): Query<Asked>, by: AffectedBy) -> Outcome {
    let read = read(&member, by).await?;
    if asked.view == "table" { table(&member, &asked, &read) } else { drawn(&member, &asked, &read) }
}

fn drawn(member: &Member, asked: &Asked, read: &Read) -> Outcome {
    let lang = member.lang;
    let view = view_of(&read.ledger, &asked.zone)?;
    let mut data = draw(&read.ledger, &read.spots, &read.found, lang, view);
    mark(&mut data, &read.ledger, read.affected.clone());
    if !asked.is_all() {
        narrow(&mut data, asked);
    }
    let shown = data.findings.iter().take(MOST_FINDINGS);
    page(&MapPage {
        page: member.shell(&t!(lang, "map-title"), Section::Ledger),
        lang,
        tabs: ledger_tabs(lang, LedgerTab::Map),
        ledger: ledger_name(lang),
        narrowed: filter(lang, asked, read),
        any: !read.ledger.assets.is_empty() || !read.ledger.systems.is_empty(),
        may_edit: member.scope.may(Permission::LedgerEdit),
        overview: view == View::Overview,
        drawing: picture(lang, &data, true),
        script_words: script_words(lang),
        keys: legend(lang, !data.affected.is_empty()),
        running: running(read),
        findings: shown.map(|finding| finding_line(&member.app.catalog, lang, finding)).collect(),
        rest: match data.findings.len().saturating_sub(MOST_FINDINGS) {
            0 => String::new(),
            more => t!(lang, "findings-more", more = more.to_string()),
        },
        as_table: asked.address("table", 0),
    })
}

fn running(read: &Read) -> Vec<(String, String)> {
    let incidents = read.affected.incidents.iter();
    incidents.map(|one| (one.title.clone(), format!("{}/assets", one.url))).collect()
}

/// Leaves only what was looked for, and the lines between.
fn narrow(data: &mut MapData, asked: &Asked) {
    let MapData { nodes, zones, lines, affected, .. } = data;
    let marked = asked.bearers(affected);
    nodes.retain(|node| asked.fits(node, &marked));
    let ids = nodes.iter().map(|node| node.id.as_str()).chain(zones.iter().map(|zone| zone.id.as_str()));
    let kept: HashSet<&str> = ids.collect();
    lines.retain(|line| kept.contains(line.from.as_str()) && kept.contains(line.to.as_str()));
}

fn table(member: &Member, asked: &Asked, read: &Read) -> Outcome {
    let lang = member.lang;
    let mut data = draw(&read.ledger, &read.spots, &read.found, lang, View::Whole);
    mark(&mut data, &read.ledger, read.affected.clone());
    let mut rows = rows(lang, asked, &data);
    rows.sort_by(|a, b| a.sort.cmp(&b.sort).then_with(|| collate(lang, &a.thing, &b.thing)));
    let count = rows.len();
    let part = asked.part.min(count / ROWS);
    let address = |part: usize| asked.address("table", part);
    page(&TablePage {
        page: member.shell(&t!(lang, "table-title"), Section::Ledger),
        lang,
        tabs: ledger_tabs(lang, LedgerTab::Map),
        ledger: ledger_name(lang),
        narrowed: filter(lang, asked, read),
        running: running(read),
        things: rows.into_iter().skip(part * ROWS).take(ROWS).collect(),
        count,
        drawn: asked.address("", 0),
        before: part.checked_sub(1).map(address).unwrap_or_default(),
        after: if (part + 1) * ROWS < count { address(part + 1) } else { String::new() },
    })
}

fn rows(lang: Lang, asked: &Asked, data: &MapData) -> Vec<Row> {
    let zones: HashMap<&str, (&str, Option<&str>)> = data
        .zones
        .iter()
        .map(|zone| (zone.id.as_str(), (zone.name.as_str(), zone.parent.as_deref())))
        .collect();
    let nodes = data.nodes.iter().map(|node| (node.id.as_str(), node.name.as_str()));
    let names: HashMap<&str, &str> = nodes.chain(zones.iter().map(|(id, (name, _))| (*id, *name))).collect();
    let mut lines: HashMap<&str, Vec<&LineData>> = HashMap::new();
    for line in &data.lines {
        lines.entry(&line.from).or_default().push(line);
        lines.entry(&line.to).or_default().push(line);
    }
    let mut wrong: HashMap<&str, Vec<&FindingData>> = HashMap::new();
    for finding in &data.findings {
        for node in &finding.nodes {
            wrong.entry(node).or_default().push(finding);
        }
    }
    let (marks, bearers) = (data.marked(), asked.bearers(&data.affected));
    let within = |node: &NodeData| {
        let own = node.zone.as_deref();
        match asked.zone.as_str() {
            "" => true,
            "none" => own.is_none(),
            zone => std::iter::successors(own, |zone| zones.get(*zone).and_then(|(_, outer)| *outer))
                .any(|around| around == zone),
        }
    };
    let of = |node: &NodeData| Row {
        thing: node.name.clone(),
        record: node.url.clone(),
        marks: marks.get(node.id.as_str()).into_iter().flatten().map(|one| row_mark(one)).collect(),
        sort: format!("{}{}", 2 - node.danger.min(2), node.kind),
        zone: node.zone.as_deref().and_then(|zone| names.get(zone)).map_or_else(
            || node.kind_text.clone(),
            |zone| {
                let zone: &str = zone;
                t!(lang, "table-where", kind = node.kind_text.as_str(), zone = zone)
            },
        ),
        badge: badge(node.danger),
        danger: if node.danger > 0 { level_text(lang, node.danger) } else { t!(lang, "table-fine") },
        lines: lines
            .get(node.id.as_str())
            .into_iter()
            .flatten()
            .map(|line| leads(lang, node, line, &names))
            .collect(),
        wrong: wrong
            .get(node.id.as_str())
            .into_iter()
            .flatten()
            .map(|finding| format!("{} {}", finding.rule, finding.text))
            .collect(),
    };
    let boxes = marked_zones(lang, data, &marks, &wrong);
    let things = data.nodes.iter().chain(&boxes);
    things.filter(|node| asked.fits(node, &bearers) && within(node)).map(of).collect()
}

/// Zones that bear a mark, as rows of their own: other zones are named beside what is in them.
fn marked_zones(
    lang: Lang,
    data: &MapData,
    marks: &BTreeMap<&str, Vec<&AffectedData>>,
    wrong: &HashMap<&str, Vec<&FindingData>>,
) -> Vec<NodeData> {
    let marked = data.zones.iter().filter(|zone| marks.contains_key(zone.id.as_str()));
    let row = |zone: &ZoneData| NodeData {
        id: zone.id.clone(),
        name: zone.name.clone(),
        kind: AssetKind::Zone.code().to_owned(),
        kind_text: asset_kind_text(lang, AssetKind::Zone),
        zone: zone.parent.clone(),
        x: zone.x,
        y: zone.y,
        danger: wrong
            .get(zone.id.as_str())
            .into_iter()
            .flatten()
            .map(|finding| finding.level)
            .max()
            .unwrap_or_default(),
        url: zone.id.strip_prefix("asset:").map(|id| format!("/ledger/assets/{id}")).unwrap_or_default(),
    };
    marked.map(row).collect()
}

fn row_mark(one: &AffectedData) -> RowMark {
    // A zone also bears the marks of what is in it and not drawn.
    let name = if one.node == one.thing { "" } else { one.name.as_str() };
    RowMark {
        words: format!("{name} {} {}", one.sign, one.text).trim_start().to_owned(),
        title: one.title.clone(),
        board: one.url.clone(),
    }
}

/// A line as seen from one of its ends.
fn leads(lang: Lang, node: &NodeData, line: &LineData, names: &HashMap<&str, &str>) -> Leads {
    let other = if line.from == node.id { &line.to } else { &line.from };
    let other = names.get(other.as_str()).copied().unwrap_or_default();
    let words = match (line.both_ways, line.from == node.id) {
        (true, _) => t!(lang, "table-both", kind = line.kind_text.as_str(), other = other),
        (_, true) => t!(lang, "table-to", kind = line.kind_text.as_str(), other = other),
        (_, false) => t!(lang, "table-from", kind = line.kind_text.as_str(), other = other),
    };
    let danger = if line.danger > 0 { level_text(lang, line.danger) } else { String::new() };
    Leads { words, record: line.url.clone(), danger }
}

const fn badge(danger: u8) -> &'static str {
    match danger {
        2 => "stop",
        1 => "attention",
        _ => "neutral",
    }
}

fn filter(lang: Lang, asked: &Asked, read: &Read) -> Filter {
    let kinds: HashSet<AssetKind> = read.ledger.assets.iter().map(|asset| asset.details.kind).collect();
    let of_things = AssetKind::ALL.iter().filter(|kind| kinds.contains(kind) && **kind != AssetKind::Zone);
    let mut kinds: Vec<(&str, String)> =
        vec![("system", t!(lang, "kind-system")), ("vendor", t!(lang, "kind-vendor"))];
    kinds.extend(of_things.map(|kind| (kind.code(), asset_kind_text(lang, *kind))));
    let mut zones: Vec<(String, String)> = read
        .ledger
        .of_kind(AssetKind::Zone)
        .map(|zone| (Thing::Asset(zone.id).to_string(), zone.details.name.clone()))
        .collect();
    zones.sort_by(|a, b| collate(lang, &a.1, &b.1));
    zones.push(("none".to_owned(), t!(lang, "no-zone")));
    Filter {
        query: asked.q.clone(),
        kinds: kinds
            .into_iter()
            .map(|(code, words)| Choice::new(code, words).chosen(code == asked.kind))
            .collect(),
        zones: zones
            .into_iter()
            .map(|(id, words)| {
                let chosen = id == asked.zone;
                Choice::new(id, words).chosen(chosen)
            })
            .collect(),
        danger: !asked.danger.is_empty(),
        markable: !read.affected.things.is_empty(),
        marked: asked.only_marked(),
    }
}

fn finding_line(catalog: &Catalog, lang: Lang, finding: &FindingData) -> FindingLine {
    let source = |id: &String| {
        let source = catalog.source(&id.parse::<SourceId>().ok()?)?;
        Some((source.what.get(lang).to_owned(), source.url.clone().unwrap_or_default()))
    };
    FindingLine {
        badge: if finding.level == 0 { "info" } else { badge(finding.level) },
        level: level_text(lang, finding.level),
        rule: finding.rule.clone(),
        wrong: finding.text.clone(),
        todo: finding.todo.clone(),
        record: finding.url.clone(),
        items: finding.items.iter().map(|item| item_title(catalog, lang, item)).collect(),
        sources: finding.sources.iter().filter_map(source).collect(),
    }
}

/// What the picture's script says, by the names that it knows. A sign of percent is the place for a number or a name.
fn script_words(lang: Lang) -> Vec<(&'static str, String)> {
    let mut words = vec![
        ("board", t!(lang, "js-board")),
        ("how", t!(lang, "js-how")),
        ("loading", t!(lang, "js-loading")),
        ("failed", t!(lang, "js-failed")),
        ("retry", t!(lang, "js-retry")),
        ("search", t!(lang, "filter-search")),
        ("search-go", t!(lang, "filter-go")),
        ("found", t!(lang, "js-found")),
        ("found-none", t!(lang, "js-found-none")),
        ("found-hidden", t!(lang, "js-found-hidden")),
        ("found-here", t!(lang, "js-found-here")),
        ("kinds", t!(lang, "js-kinds")),
        ("things", t!(lang, "js-things")),
        ("lines", t!(lang, "table-lines")),
        ("danger-only", t!(lang, "filter-danger")),
        ("marked-only", t!(lang, "filter-marked")),
        ("marked", t!(lang, "js-marked")),
        ("marked-none", t!(lang, "js-marked-none")),
        ("shown", t!(lang, "js-shown")),
        ("undo", t!(lang, "js-undo")),
        ("undone", t!(lang, "js-undone")),
        ("redo", t!(lang, "js-redo")),
        ("redone", t!(lang, "js-redone")),
        ("reset", t!(lang, "spots-reset")),
        ("reset-ask", t!(lang, "spots-reset-ask")),
        ("reset-done", t!(lang, "spots-done")),
        ("zoom-in", t!(lang, "js-zoom-in")),
        ("zoom-out", t!(lang, "js-zoom-out")),
        ("fit", t!(lang, "js-fit")),
        ("danger-0", t!(lang, "level-ask")),
        ("danger-1", t!(lang, "level-warn")),
        ("danger-2", t!(lang, "level-danger")),
        ("zone", t!(lang, "filter-zone")),
        ("count", t!(lang, "js-count")),
        ("open", t!(lang, "js-open")),
        ("opened", t!(lang, "js-opened")),
        ("close", t!(lang, "js-close")),
        ("closed", t!(lang, "js-closed")),
        ("bundle", t!(lang, "js-bundle")),
        ("inside", t!(lang, "js-inside")),
        ("leave", t!(lang, "js-leave")),
    ];
    words.extend(panel_words(lang));
    words
}

/// What is said beside the picture of what was chosen in it.
fn panel_words(lang: Lang) -> [(&'static str, String); 27] {
    [
        ("panel-close", t!(lang, "js-panel-close")),
        ("findings", t!(lang, "findings-title")),
        ("fine", t!(lang, "js-fine")),
        ("ledger", t!(lang, "js-ledger")),
        ("marks", t!(lang, "js-marks")),
        ("mark-set", t!(lang, "js-mark-set")),
        ("mark-state", t!(lang, "js-mark-state")),
        ("mark-note", t!(lang, "js-mark-note")),
        ("mark-save", t!(lang, "js-mark-save")),
        ("outside", t!(lang, "js-outside")),
        ("both-ways", t!(lang, "js-both-ways")),
        ("to", t!(lang, "js-to")),
        ("from", t!(lang, "js-from")),
        ("move", t!(lang, "js-move")),
        ("move-left", t!(lang, "js-move-left")),
        ("move-right", t!(lang, "js-move-right")),
        ("move-up", t!(lang, "js-move-up")),
        ("move-down", t!(lang, "js-move-down")),
        ("moved-left", t!(lang, "js-moved-left")),
        ("moved-right", t!(lang, "js-moved-right")),
        ("moved-up", t!(lang, "js-moved-up")),
        ("moved-down", t!(lang, "js-moved-down")),
        ("kept", t!(lang, "js-kept")),
        ("not-saved", t!(lang, "js-not-saved")),
        ("signed-out", t!(lang, "js-signed-out")),
        ("none", t!(lang, "no-zone")),
        ("comma", t!(lang, "names-between")),
    ]
}
