//! The map for draw.io: an uncompressed `mxGraphModel`, zones as containers that hold their things.
//!
//! Labels are plain text (`html=0`), so that no name is markup there; styles are ours alone.

use super::escaped;
use super::svg::bounds;
use crate::model::{MapData, Point, Rect};
use crate::rules::layout::NODE;
use std::collections::HashMap;
use std::fmt::Write as _;

/// The layer of the whole drawing.
const LAYER: &str = "1";

/// The map as a file of draw.io.
pub fn drawio(map: &MapData, title: &str) -> String {
    let all = bounds(map);
    let corner = Point { x: all.x, y: all.y };
    let zones: HashMap<&str, Rect> = map
        .zones
        .iter()
        .map(|zone| (zone.id.as_str(), Rect { x: zone.x, y: zone.y, w: zone.w, h: zone.h }))
        .collect();
    let mut out = format!(
        r#"<mxfile host="komainu"><diagram id="map" name="{}"><mxGraphModel grid="1" gridSize="10" page="0" math="0"><root><mxCell id="0"/><mxCell id="1" parent="0"/>"#,
        escaped(title),
    );
    for zone in &map.zones {
        let parent = zone.parent.as_deref().filter(|parent| zones.contains_key(parent));
        let rect = Rect { x: zone.x, y: zone.y, w: zone.w, h: zone.h };
        let style = "swimlane;startSize=30;html=0;whiteSpace=wrap;rounded=1;container=1;collapsible=0;fillColor=#E6F0F1;strokeColor=#004E5C;";
        vertex(&mut out, &zone.id, &zone.name, style, parent, &inside(&rect, parent, &zones, corner));
    }
    for node in &map.nodes {
        let zone = node.zone.as_deref().filter(|zone| zones.contains_key(zone));
        let rect = Rect::around(Point { x: node.x, y: node.y }, NODE);
        let style = format!("{}html=0;whiteSpace=wrap;{}", shape(&node.kind), colours(node.danger));
        let label = format!("{} ({})", node.name, node.kind_text);
        vertex(&mut out, &node.id, &label, &style, zone, &inside(&rect, zone, &zones, corner));
    }
    for line in &map.lines {
        let (colour, width) = match line.danger {
            2 => ("#B3261E", 3),
            1 => ("#7A5200", 2),
            _ => ("#52605F", 1),
        };
        let back = if line.both_ways { "startArrow=classic;" } else { "" };
        let dash = if line.outside { "dashed=1;" } else { "" };
        let _ = write!(
            out,
            r#"<mxCell id="line:{}" value="{}" style="html=0;endArrow=classic;{back}{dash}strokeColor={colour};strokeWidth={width};" edge="1" parent="{LAYER}" source="{}" target="{}"><mxGeometry relative="1" as="geometry"/></mxCell>"#,
            escaped(&line.id),
            escaped(&line.kind_text),
            escaped(&line.from),
            escaped(&line.to),
        );
    }
    out.push_str("</root></mxGraphModel></diagram></mxfile>\n");
    out
}

/// A box as seen from the corner of what holds it.
fn inside(rect: &Rect, parent: Option<&str>, zones: &HashMap<&str, Rect>, corner: Point) -> Rect {
    let from =
        parent.and_then(|parent| zones.get(parent)).map_or(corner, |zone| Point { x: zone.x, y: zone.y });
    Rect { x: rect.x - from.x, y: rect.y - from.y, ..*rect }
}

fn vertex(out: &mut String, id: &str, label: &str, style: &str, parent: Option<&str>, rect: &Rect) {
    let Rect { x, y, w, h } = rect;
    // Writing to a String does not fail.
    let _ = write!(
        out,
        r#"<mxCell id="{}" value="{}" style="{style}" vertex="1" parent="{}"><mxGeometry x="{x}" y="{y}" width="{w}" height="{h}" as="geometry"/></mxCell>"#,
        escaped(id),
        escaped(label),
        escaped(parent.unwrap_or(LAYER)),
    );
}

/// The shape of a kind.
fn shape(kind: &str) -> &'static str {
    match kind {
        "internet" | "cloud_service" => "ellipse;shape=cloud;",
        "data_store" | "backup" => "shape=cylinder3;boundedLbl=1;size=10;",
        "vendor" => "shape=hexagon;perimeter=hexagonPerimeter2;size=12;",
        "network_device" => "rhombus;",
        _ => "rounded=1;",
    }
}

fn colours(danger: u8) -> &'static str {
    match danger {
        2 => "fillColor=#FDECEA;strokeColor=#B3261E;strokeWidth=3;",
        1 => "fillColor=#FFF6E0;strokeColor=#7A5200;strokeWidth=2;",
        _ => "fillColor=#FFFFFF;strokeColor=#52605F;",
    }
}
