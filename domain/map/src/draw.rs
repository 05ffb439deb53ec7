//! The map with its words: what pages, the API and files show.

use crate::model::{FindingData, LineData, MapData, Mark, NodeData, Spots, ZoneData};
use crate::rules::design::Finding;
use crate::rules::layout::layout;
use crate::rules::scene::{DrawnLine, Scene, View, Whereabouts};
use crate::t;
use crate::words::{finding_do, finding_text};
use komainu_exposure::model::ConnectionKind;
use komainu_i18n::Lang;
use komainu_inventory::words::{asset_kind_text, connection_kind_text, end_text};
use komainu_inventory::{AssetKind, ConnectionId, End, Index, Ledger, Thing};
use std::collections::{BTreeMap, HashMap};

/// Draws a ledger.
pub fn draw(ledger: &Ledger, spots: &Spots, found: &[Finding], lang: Lang, view: View) -> MapData {
    let at = Whereabouts::of(ledger);
    let scene = Scene::of(ledger, &at, view);
    let layout = layout(&scene.picture, &scene.spots(spots));
    let index = ledger.index();
    let artist =
        Artist { lang, index: &index, scene: &scene, dangers: Dangers::of(found), kinds: kinds(lang) };
    let (mut zones, mut nodes) = (Vec::new(), Vec::new());
    for ((zone, rect), count) in scene.zones.iter().zip(&layout.zones).zip(&scene.counts) {
        let outer = at.outer(zone.id).filter(|outer| scene.zones.iter().any(|zone| zone.id == *outer));
        zones.push(ZoneData {
            id: asset_key(zone.id),
            name: zone.details.name.clone(),
            parent: outer.map(asset_key),
            x: rect.x,
            y: rect.y,
            w: rect.w,
            h: rect.h,
            count: *count,
        });
    }
    for (position, ((mark, _), middle)) in scene.picture.things.iter().zip(&layout.things).enumerate() {
        let (kind, kind_text) = artist.kind(*mark);
        nodes.push(NodeData {
            id: mark.to_string(),
            name: artist.name(*mark),
            kind,
            kind_text,
            zone: scene.zone_of.get(position).copied().flatten().map(asset_key),
            x: middle.x,
            y: middle.y,
            danger: artist.danger(*mark),
            url: url(*mark),
        });
    }
    let lines = scene.lines.iter().map(|line| artist.line(line)).collect();
    MapData {
        revision: ledger.revision,
        overview: view == View::Overview,
        zones,
        nodes,
        lines,
        findings: found.iter().map(|finding| finding_data(lang, &index, finding)).collect(),
        affected: Vec::new(),
        incidents: Vec::new(),
        states: Vec::new(),
        no_zone: layout.no_zone.filter(|_| view != View::Overview),
    }
}

/// A finding with its words.
pub fn finding_data(lang: Lang, index: &Index<'_>, finding: &Finding) -> FindingData {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    FindingData {
        rule: finding.rule.number().to_owned(),
        level: finding.severity.level(),
        text: finding_text(lang, index, finding),
        todo: finding_do(lang, finding.rule),
        line: finding.line.map(|id| id.to_string()),
        nodes: finding.things.iter().map(End::to_string).collect(),
        items: texts(finding.rule.items()),
        sources: texts(finding.rule.sources()),
        url: match (finding.line, finding.things.first()) {
            (Some(line), _) => line_url(line),
            (None, Some(end)) => url(Mark::End(*end)),
            (None, None) => "/ledger".to_owned(),
        },
    }
}

fn asset_key(id: komainu_inventory::AssetId) -> String {
    Thing::Asset(id).to_string()
}

fn line_url(id: ConnectionId) -> String {
    format!("/ledger/connections/{id}")
}

/// The record of what stands on the map.
fn url(mark: Mark) -> String {
    match mark {
        Mark::End(End::Thing(Thing::Asset(id))) => format!("/ledger/assets/{id}"),
        Mark::End(End::Thing(Thing::System(id))) => format!("/ledger/systems/{id}"),
        Mark::End(End::Vendor(id)) => format!("/ledger/vendors/{id}"),
        Mark::End(End::Internet) => "/ledger/connections".to_owned(),
        Mark::NoZone => "/ledger/assets".to_owned(),
    }
}

/// The words of every kind of thing and line, looked up once.
struct Kinds {
    assets: BTreeMap<AssetKind, String>,
    lines: BTreeMap<ConnectionKind, String>,
}

fn kinds(lang: Lang) -> Kinds {
    Kinds {
        assets: AssetKind::ALL.iter().map(|kind| (*kind, asset_kind_text(lang, *kind))).collect(),
        lines: ConnectionKind::ALL.iter().map(|kind| (*kind, connection_kind_text(lang, *kind))).collect(),
    }
}

/// How dangerous each line and thing is by what was found.
struct Dangers {
    lines: HashMap<ConnectionId, u8>,
    ends: HashMap<End, u8>,
}

impl Dangers {
    fn of(found: &[Finding]) -> Dangers {
        let mut dangers = Dangers { lines: HashMap::new(), ends: HashMap::new() };
        for finding in found {
            let level = finding.severity.level();
            if let Some(line) = finding.line {
                let known = dangers.lines.entry(line).or_default();
                *known = level.max(*known);
            }
            for end in &finding.things {
                let known = dangers.ends.entry(*end).or_default();
                *known = level.max(*known);
            }
        }
        dangers
    }

    fn of_end(&self, end: End) -> u8 {
        self.ends.get(&end).copied().unwrap_or_default()
    }
}

struct Artist<'a> {
    lang: Lang,
    index: &'a Index<'a>,
    scene: &'a Scene<'a>,
    dangers: Dangers,
    kinds: Kinds,
}

impl Artist<'_> {
    fn asset_kind(&self, mark: Mark) -> Option<AssetKind> {
        match mark {
            Mark::End(End::Thing(Thing::Asset(id))) => self.index.asset(id).map(|asset| asset.details.kind),
            _ => None,
        }
    }

    fn name(&self, mark: Mark) -> String {
        match mark {
            Mark::NoZone => t!(self.lang, "no-zone"),
            Mark::End(End::Internet) => end_text(self.lang, self.index, End::Internet),
            Mark::End(end) => self.index.end_name(end).unwrap_or_default().to_owned(),
        }
    }

    fn kind(&self, mark: Mark) -> (String, String) {
        let words = |kind: AssetKind| self.kinds.assets.get(&kind).cloned().unwrap_or_default();
        let (code, text) = match mark {
            Mark::NoZone => ("zone", self.closed(mark, words(AssetKind::Zone))),
            Mark::End(End::Internet) => ("internet", self.name(mark)),
            Mark::End(End::Vendor(_)) => ("vendor", t!(self.lang, "kind-vendor")),
            Mark::End(End::Thing(Thing::System(_))) => ("system", t!(self.lang, "kind-system")),
            Mark::End(End::Thing(Thing::Asset(_))) => match self.asset_kind(mark) {
                Some(AssetKind::Zone) => ("zone", self.closed(mark, words(AssetKind::Zone))),
                Some(kind) => (kind.code(), words(kind)),
                None => ("", String::new()),
            },
        };
        (code.to_owned(), text)
    }

    /// The kind of a zone that is drawn as one, with how many things are in it where they are not drawn.
    fn closed(&self, mark: Mark, kind: String) -> String {
        match self.scene.inside.get(&mark).map(Vec::len) {
            Some(count) => t!(self.lang, "zone-count", kind = kind.as_str(), count = count.to_string()),
            None => kind,
        }
    }

    fn danger(&self, mark: Mark) -> u8 {
        let own = match mark {
            Mark::End(end) => self.dangers.of_end(end),
            Mark::NoZone => 0,
        };
        let inside = self.scene.inside.get(&mark).into_iter().flatten();
        inside.map(|end| self.dangers.of_end(*end)).fold(own, u8::max)
    }

    fn line(&self, line: &DrawnLine<'_>) -> LineData {
        let danger = |line: &&komainu_inventory::Connection| self.dangers.lines.get(&line.id).copied();
        let (id, url) = match line.lines.as_slice() {
            [only] => (only.id.to_string(), line_url(only.id)),
            _ => {
                (format!("{}/{}/{}", line.from, line.to, line.kind.code()), "/ledger/connections".to_owned())
            }
        };
        LineData {
            id,
            from: line.from.to_string(),
            to: line.to.to_string(),
            kind: line.kind.code().to_owned(),
            kind_text: self.kinds.lines.get(&line.kind).cloned().unwrap_or_default(),
            both_ways: line.lines.iter().any(|line| line.details.both_ways),
            outside: line.lines.iter().any(|line| line.details.is_outside()),
            danger: line.lines.iter().filter_map(danger).max().unwrap_or_default(),
            url,
        }
    }
}
