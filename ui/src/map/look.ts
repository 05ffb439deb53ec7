// How the picture looks: the page's colours, a dash and an arrow for each kind of line, a mark beside every colour.

import type cytoscape from "cytoscape";

/** Dashes in pixels (none: a whole line) and the head at its end. */
interface LineLook {
  dash: number[];
  head: cytoscape.Css.ArrowShape;
  width: number;
}

const LINES: Record<string, LineLook> = {
  lan_segment: { dash: [], head: "none", width: 2 },
  internet: { dash: [], head: "triangle", width: 4 },
  vpn: { dash: [12, 5], head: "triangle", width: 3 },
  ip_vpn: { dash: [12, 4, 3, 4], head: "triangle", width: 2 },
  ipsec_ike: { dash: [12, 4, 3, 4, 3, 4], head: "triangle", width: 2 },
  remote_maintenance: { dash: [7, 5], head: "vee", width: 3 },
  lte_router: { dash: [2, 5], head: "triangle", width: 3 },
  file_share: { dash: [], head: "square", width: 2 },
  remote_desktop: { dash: [7, 5], head: "square", width: 2 },
  dicom: { dash: [], head: "vee", width: 2 },
  hl7: { dash: [], head: "circle", width: 2 },
  removable_media: { dash: [2, 7], head: "diamond", width: 2 },
  shared_credential: { dash: [4, 4], head: "circle", width: 2 },
  backup_job: { dash: [16, 4], head: "diamond", width: 2 },
  cloud: { dash: [12, 5], head: "vee", width: 2 },
};
const OTHER: LineLook = { dash: [], head: "triangle", width: 2 };

export function lineLook(kind: string): LineLook {
  return LINES[kind] ?? OTHER;
}

/** Shapes say what kind of thing it is even without its picture. */
const SHAPES: Record<string, cytoscape.Css.NodeShape> = {
  server: "rectangle",
  network_device: "cut-rectangle",
  medical_device: "hexagon",
  cloud_service: "ellipse",
  data_store: "barrel",
  backup: "barrel",
  account_group: "round-octagon",
  care_process: "round-hexagon",
  system: "bottom-round-rectangle",
  vendor: "octagon",
  internet: "ellipse",
};

export function shape(kind: string): cytoscape.Css.NodeShape {
  return SHAPES[kind] ?? "round-rectangle";
}

/** A name as it fits into its shape; `room` is counted in letters of full width. */
export function fitting(name: string, room: number): string {
  let used = 0;
  for (let at = 0; at < name.length; at += 1) {
    used += name.charCodeAt(at) < 0x2000 ? 0.6 : 1;
    if (used > room) return `${name.slice(0, at)}…`;
  }
  return name;
}

/** The page's colours as they are now; they change with the theme. */
export function colours(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

export function look(colour: (name: string) => string): cytoscape.StylesheetStyle[] {
  const font = getComputedStyle(document.body).fontFamily;
  return [
    {
      selector: "core",
      style: {
        "active-bg-opacity": 0, "selection-box-color": colour("key"), "selection-box-opacity": 0.2,
      } as cytoscape.Css.Core,
    },
    ...nodes(colour, font),
    ...edges(colour, font),
  ];
}

function nodes(colour: (name: string) => string, font: string): cytoscape.StylesheetStyle[] {
  const danger = (level: string, name: string): cytoscape.StylesheetStyle[] => [
    { selector: `node.danger-${level}`, style: { "border-color": colour(`${name}-line`), "border-width": 4, color: colour(name) } },
    { selector: `node.thing.danger-${level}, node.closed.danger-${level}`, style: { "background-color": colour(`${name}-soft`) } },
  ];
  return [
    {
      selector: "node",
      style: {
        "font-family": font, "font-size": 12, "min-zoomed-font-size": 5, color: colour("text"), label: "data(label)",
        "text-wrap": "wrap", "text-max-width": "92px", "text-overflow-wrap": "anywhere",
        "border-color": colour("line-strong"), "border-width": 2,
      },
    },
    {
      selector: "node.thing",
      style: {
        width: 144, height: 64, shape: "data(shape)" as cytoscape.Css.NodeShape, "background-color": colour("surface"),
        "background-image": "data(picture)", "background-width": "24px", "background-height": "24px",
        "background-position-x": "14px",
        "text-valign": "center", "text-margin-x": 16, "text-justification": "left",
      },
    },
    { selector: "node.outside", style: { "background-color": colour("sunken"), "font-weight": "bold" } },
    {
      selector: "node.zone",
      style: {
        shape: "round-rectangle", "background-color": colour("key-soft"), "background-opacity": 0.6,
        "border-color": colour("key-line"), padding: "24px",
        "compound-sizing-wrt-labels": "exclude", "font-size": 18, "font-weight": "bold", "text-valign": "top",
        "text-max-width": "400px", "text-margin-y": -4,
      },
    },
    { selector: "node.zone:childless", style: { width: "data(w)", height: "data(h)", padding: "0px" } },
    {
      selector: "node.closed, node.door",
      style: {
        width: 152, height: 76, "background-color": colour("key-soft"), "background-opacity": 1, "font-weight": "bold",
        "border-style": "double", "border-width": 6, "border-color": colour("key-line"),
      },
    },
    { selector: "node.closed", style: { "text-valign": "center", "text-max-width": "136px", "text-margin-y": 0, "font-size": 13 } },
    ...danger("1", "warn"),
    ...danger("2", "bad"),
    { selector: "node.danger-2", style: { "border-style": "double", "border-width": 7 } },
    // A ring around what an incident touches; its sign and words stand in the label.
    {
      selector: "node.marked",
      style: {
        "outline-width": 3, "outline-offset": 4, "outline-color": colour("text"), "outline-style": "dashed", "font-weight": "bold",
      },
    },
    { selector: "node.marked-1", style: { "outline-color": colour("warn-line") } },
    { selector: "node.marked-2", style: { "outline-color": colour("bad-line"), "outline-style": "solid", "outline-width": 5 } },
    { selector: "node.found", style: { "underlay-color": colour("focus-glow"), "underlay-opacity": 0.9, "underlay-padding": 10 } },
    {
      selector: "node.current",
      style: { "underlay-color": colour("focus-line"), "underlay-opacity": 1, "underlay-padding": 8, "z-index": 10 },
    },
    { selector: "node.gone", style: { display: "none" } },
  ];
}

function edges(colour: (name: string) => string, font: string): cytoscape.StylesheetStyle[] {
  const danger = (level: string, name: string, more: number): cytoscape.StylesheetStyle => ({
    selector: `edge.danger-${level}`,
    style: {
      "line-color": colour(`${name}-line`), "target-arrow-color": colour(`${name}-line`),
      "source-arrow-color": colour(`${name}-line`), color: colour(name), "font-weight": "bold", "z-index": more,
      // As wide as its kind is, and more.
      width: `mapData(width, 0, 8, ${more}, ${8 + more})` as unknown as number,
    },
  });
  const kinds = Object.entries(LINES).flatMap(([kind, { dash, head }]): cytoscape.StylesheetStyle[] => [
    { selector: `edge.kind-${kind}`, style: { "target-arrow-shape": head, ...dashed(dash) } },
    { selector: `edge.both-ways.kind-${kind}`, style: { "source-arrow-shape": head } },
  ]);
  return [
    {
      selector: "edge",
      style: {
        "curve-style": "bezier", width: "data(width)", "line-color": colour("line-strong"),
        "target-arrow-color": colour("line-strong"), "source-arrow-color": colour("line-strong"),
        "target-arrow-shape": OTHER.head, label: "data(label)", "font-family": font, "font-size": 12,
        "min-zoomed-font-size": 8, color: colour("muted"),
        "text-background-color": colour("surface"), "text-background-opacity": 0.9, "text-background-padding": "2px",
        "text-wrap": "wrap", "text-max-width": "140px", "text-overflow-wrap": "anywhere",
      },
    },
    { selector: "edge.straight", style: { "curve-style": "straight" } },
    { selector: "edge.both-ways", style: { "source-arrow-shape": OTHER.head } },
    ...kinds,
    danger("1", "warn", 2),
    danger("2", "bad", 3),
    { selector: "edge.near", style: { "underlay-color": colour("key-line"), "underlay-opacity": 0.5, "underlay-padding": 4 } },
    {
      selector: "edge.current",
      style: {
        "underlay-color": colour("focus-line"), "underlay-opacity": 1, "underlay-padding": 4, "z-index": 10,
      },
    },
    { selector: "edge.gone", style: { display: "none" } },
  ];
}

function dashed(dash: number[]): cytoscape.Css.Edge {
  return dash.length > 0 ? { "line-style": "dashed", "line-dash-pattern": dash } : {};
}
