//! The map as a picture: on the page without a script, on paper, and as a file.
//!
//! Presentation attributes only: the pages' policy allows no style of its own.

use super::escaped;
use crate::affected::flag;
use crate::model::{AffectedData, LineData, MapData, NodeData, Point, Rect};
use crate::rules::layout::NODE;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Around everything.
const MARGIN: i32 = 24;
/// How wide a line of a name is, in half-width letters.
const WIDE: usize = 20;
/// How far lines between the same two stand apart.
const APART: i32 = 12;
/// How high a flag is, and how wide a half-width letter on it.
const FLAG: i32 = 18;
const LETTER: i32 = 6;
const FONTS: &str = "BIZ UDPGothic, Noto Sans JP, Noto Sans SC, sans-serif";

/// The words of a picture.
pub struct Words<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it shows, for who cannot see it.
    pub description: &'a str,
    /// The name of the box of things without a zone.
    pub no_zone: &'a str,
    /// Whether things lead to their records.
    pub links: bool,
}

/// Draws the map.
pub fn svg(map: &MapData, words: &Words<'_>) -> String {
    let places = places(map);
    let all = bounds(map);
    let (x, y, w, h) = (all.x - MARGIN, all.y - MARGIN, all.w + 2 * MARGIN, all.h + 2 * MARGIN);
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {w} {h}" width="{w}" height="{h}" role="group" aria-labelledby="map-picture-title map-picture-text" font-family="{FONTS}" font-size="13">
<title id="map-picture-title">{}</title><desc id="map-picture-text">{}</desc>
<defs>{}</defs><rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#ffffff"/>
"##,
        escaped(words.title),
        escaped(words.description),
        (0..=2).map(arrow).collect::<String>(),
    );
    for zone in outer_first(map) {
        boxed(&mut out, zone.0, &zone.1);
    }
    if let Some(rect) = &map.no_zone {
        boxed(&mut out, words.no_zone, rect);
    }
    let mut between: HashMap<(&str, &str), i32> = HashMap::new();
    for line in &map.lines {
        let pair = if line.from < line.to { (&*line.from, &*line.to) } else { (&*line.to, &*line.from) };
        let count = between.entry(pair).or_default();
        drawn_line(&mut out, line, &places, *count);
        *count += 1;
    }
    for node in &map.nodes {
        drawn_node(&mut out, node, words.links);
    }
    for (id, marks) in map.marked() {
        if let Some(rect) = places.get(id) {
            drawn_flag(&mut out, rect, &marks);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// Colour and width by danger.
const fn ink(danger: u8) -> (&'static str, &'static str) {
    match danger {
        2 => ("#b3261e", "3"),
        1 => ("#7a5200", "2"),
        _ => ("#52605f", "1.25"),
    }
}

fn arrow(danger: u8) -> String {
    let (colour, _) = ink(danger);
    format!(
        r#"<marker id="map-arrow-{danger}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>"#
    )
}

/// The box around everything drawn.
pub fn bounds(map: &MapData) -> Rect {
    let nodes = map.nodes.iter().map(|node| Rect::around(Point { x: node.x, y: node.y }, NODE));
    let zones = map.zones.iter().map(|zone| Rect { x: zone.x, y: zone.y, w: zone.w, h: zone.h });
    nodes.chain(zones).chain(map.no_zone).reduce(|all, one| all.with(&one)).unwrap_or_default()
}

/// Zones by name and box, the large before the small, which may lie within them.
fn outer_first(map: &MapData) -> Vec<(&str, Rect)> {
    let mut zones: Vec<_> = map
        .zones
        .iter()
        .map(|zone| (zone.name.as_str(), Rect { x: zone.x, y: zone.y, w: zone.w, h: zone.h }))
        .collect();
    zones.sort_by_key(|(_, rect)| std::cmp::Reverse(i64::from(rect.w) * i64::from(rect.h)));
    zones
}

fn places(map: &MapData) -> HashMap<&str, Rect> {
    let nodes =
        map.nodes.iter().map(|node| (node.id.as_str(), Rect::around(Point { x: node.x, y: node.y }, NODE)));
    let zones =
        map.zones.iter().map(|zone| (zone.id.as_str(), Rect { x: zone.x, y: zone.y, w: zone.w, h: zone.h }));
    nodes.chain(zones).collect()
}

fn boxed(out: &mut String, name: &str, rect: &Rect) {
    let Rect { x, y, w, h } = rect;
    // Writing to a String does not fail.
    let _ = writeln!(
        out,
        r##"<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="10" fill="#004e5c" fill-opacity="0.05" stroke="#004e5c"/><text x="{}" y="{}" font-weight="bold" fill="#004e5c">{}</text>"##,
        x + 12,
        y + 22,
        escaped(name),
    );
}

fn drawn_line(out: &mut String, line: &LineData, places: &HashMap<&str, Rect>, at: i32) {
    let (Some(from), Some(to)) = (places.get(line.from.as_str()), places.get(line.to.as_str())) else {
        return;
    };
    // The first runs straight, the next ones beside it in turn.
    let shift = APART * ((at + 1) / 2) * if at % 2 == 0 { 1 } else { -1 };
    let (a, b) = (moved(from.middle(), shift), moved(to.middle(), shift));
    let (a, b) = (edge(from, a, b), edge(to, b, a));
    let (colour, width) = ink(line.danger);
    let dash = if line.outside { r#" stroke-dasharray="7 4""# } else { "" };
    let back = if line.both_ways {
        format!(r#" marker-start="url(#map-arrow-{})""#, line.danger)
    } else {
        String::new()
    };
    let _ = writeln!(
        out,
        r#"<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{colour}" stroke-width="{width}"{dash}{back} marker-end="url(#map-arrow-{})"><title>{}</title></line>"#,
        a.x,
        a.y,
        b.x,
        b.y,
        line.danger,
        escaped(&line.kind_text),
    );
    if line.danger > 0 {
        let (x, y) = (i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y) - 4);
        let _ = writeln!(
            out,
            r##"<text x="{x}" y="{y}" text-anchor="middle" font-size="12" fill="{colour}" stroke="#ffffff" stroke-width="3" paint-order="stroke">{} {}</text>"##,
            sign(line.danger),
            escaped(&line.kind_text),
        );
    }
}

/// Danger as a mark, so that no colour speaks alone.
const fn sign(danger: u8) -> &'static str {
    match danger {
        2 => "!!",
        1 => "!",
        _ => "",
    }
}

const fn moved(at: Point, by: i32) -> Point {
    Point { x: at.x + by, y: at.y + by }
}

/// Where a line from `a`, inside a box, to `b` leaves the box.
fn edge(rect: &Rect, a: Point, b: Point) -> Point {
    let (dx, dy) = (f64::from(b.x - a.x), f64::from(b.y - a.y));
    let room = |step: f64, low: i32, high: i32, at: i32| match step {
        step if step > 0.0 => f64::from(high - at) / step,
        step if step < 0.0 => f64::from(low - at) / step,
        _ => f64::INFINITY,
    };
    let part = room(dx, rect.x, rect.right(), a.x).min(room(dy, rect.y, rect.bottom(), a.y));
    let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 };
    Point { x: a.x + whole(dx * part), y: a.y + whole(dy * part) }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a part of a distance that was whole fits where that did"
)]
fn whole(number: f64) -> i32 {
    number.round() as i32
}

fn drawn_node(out: &mut String, node: &NodeData, links: bool) {
    let rect = Rect::around(Point { x: node.x, y: node.y }, NODE);
    let (colour, width) = ink(node.danger);
    let fill = match node.danger {
        2 => "#fdecea",
        1 => "#fff6e0",
        _ => "#ffffff",
    };
    if links {
        let _ = write!(out, r#"<a href="{}">"#, escaped(&node.url));
    }
    let _ = write!(
        out,
        r#"<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="{fill}" stroke="{colour}" stroke-width="{width}"/>"#,
        escaped(&format!("{} ({})", node.name, node.kind_text)),
        rect.x,
        rect.y,
        rect.w,
        rect.h,
    );
    let kind = format!("{} {}", sign(node.danger), node.kind_text);
    let rows = lines_of(&node.name);
    let top = node.y - 12 - if rows.len() > 1 { 6 } else { 0 };
    let mut text = |y: i32, size: u8, fill: &str, words: &str| {
        let _ = write!(
            out,
            r#"<text x="{}" y="{y}" text-anchor="middle" font-size="{size}" fill="{fill}">{}</text>"#,
            node.x,
            escaped(words.trim()),
        );
    };
    text(top, 11, colour, &cut(&kind, WIDE + 4));
    for (row, y) in rows.iter().zip([top + 18, top + 34]) {
        text(y, 13, "#1a2326", row);
    }
    out.push_str(if links { "</g></a>\n" } else { "</g>\n" });
}

/// A flag on the upper right corner of what incidents touch: sign and words, and each mark for who points at it.
fn drawn_flag(out: &mut String, rect: &Rect, marks: &[&AffectedData]) {
    let words = cut(&flag(marks), WIDE + 4);
    let letters: i32 = words.chars().map(|c| if width(c) == 1 { LETTER } else { 2 * LETTER }).sum();
    let wide = letters + 12;
    let (x, y) = (rect.right() - wide, rect.y - FLAG + 2);
    let (fill, ink) = match marks.first().map_or(0, |mark| mark.weight) {
        2 => ("#b3261e", "#ffffff"),
        1 => ("#fff6e0", "#7a5200"),
        _ => ("#ffffff", "#1a2326"),
    };
    let all = marks.iter().map(|mark| format!("{} ({}, {})", mark.name, mark.text, mark.title));
    let _ = writeln!(
        out,
        r##"<g><title>{}</title><rect x="{x}" y="{y}" width="{wide}" height="{FLAG}" rx="4" fill="{fill}" stroke="#1a2326" stroke-width="1.5"/><text x="{}" y="{}" text-anchor="middle" font-size="11" font-weight="bold" fill="{ink}">{}</text></g>"##,
        escaped(&all.collect::<Vec<_>>().join("; ")),
        x + wide / 2,
        y + 13,
        escaped(&words),
    );
}

/// How wide a letter is, in half-width letters.
fn width(c: char) -> usize {
    if c.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&c) { 1 } else { 2 }
}

/// A name in at most two lines.
fn lines_of(name: &str) -> Vec<String> {
    let (mut first, mut used) = (String::new(), 0);
    for c in name.chars() {
        used += width(c);
        if used > WIDE {
            break;
        }
        first.push(c);
    }
    let rest = name.get(first.len()..).unwrap_or_default();
    if rest.is_empty() { vec![first] } else { vec![first, cut(rest, WIDE)] }
}

/// The beginning of a text that is too long.
fn cut(text: &str, wide: usize) -> String {
    if text.chars().map(width).sum::<usize>() <= wide {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 2);
    for c in text.chars() {
        used += width(c);
        if used > wide {
            break;
        }
        out.push(c);
    }
    out + "…"
}
