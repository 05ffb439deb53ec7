// The canvas: what stands in a scene is put on it, what hands do on it is told. It decides nothing.

import cytoscape from "cytoscape";
import { flag, isDoor, settled, type Affected, type Spot, type Thing } from "./data";
import type { Left } from "./find";
import { picture } from "./icons";
import { colours, fitting, lineLook, look, shape } from "./look";
import type { Stop } from "./near";
import type { Box, Road, Scene, Seen } from "./scene";
import { dangerWords, saying } from "./words";

/** What is told of hands on the canvas. */
export interface Hands {
  /** Tapped: a thing, a zone, a line; nothing where the ground was. */
  picked(id: string | null): void;
  /** A zone, or what stands for one, was tapped twice. */
  folded(zone: string): void;
  /** Something was let go; these are the places of all that is drawn. */
  moved(spots: Map<string, Spot>): void;
  /** The first picture can be seen. */
  drawn(): void;
}

/** Cytoscape puts a style element of its own where none has this id; the policy of our pages forbids that, and map.css has
 * its one rule. */
const STYLE_MARK = "__________cytoscape_stylesheet";
const GLIDE_MS = 250;
/** Around the whole picture. */
const MARGIN = 32;
const STEP = 1.4;
/** From here on a finger that moves the picture moves an image of it. */
const MANY = 300;
/** Beyond this many lines nobody follows a bend. */
const STRAIGHT = 2_500;

export class Drawing {
  private readonly cy: cytoscape.Core;
  private shown: Scene = { boxes: [], things: [], roads: [] };
  private readonly still = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly ground: HTMLElement,
    hands: Hands,
    size: number,
    movable: boolean,
  ) {
    if (!document.getElementById(STYLE_MARK)) {
      const mark = document.createElement("template");
      mark.id = STYLE_MARK;
      document.head.append(mark);
    }
    // It tells the console of lines that are hidden behind their ends; there is nobody to read it.
    cytoscape.warnings(false);
    this.cy = cytoscape({
      container: ground,
      style: look(colours()),
      layout: { name: "preset" },
      minZoom: 0.02,
      maxZoom: 3,
      autoungrabify: !movable,
      textureOnViewport: size > MANY,
      hideEdgesOnViewport: size > MANY,
    });
    this.cy.one("render", () => hands.drawn());
    // The canvas takes the focus away from wherever it was; keys are meant for what was pressed.
    this.cy.on("tapstart", () => ground.focus({ preventScroll: true }));
    const id = (event: cytoscape.EventObject) => (event.target as cytoscape.SingularElementReturnValue).id();
    this.cy.on("tap", (event) => hands.picked(event.target === this.cy ? null : id(event)));
    this.cy.on("dbltap", "node.zone, node.door", (event) => hands.folded(id(event)));
    // A zone tells of itself and of all that went along; once is enough, and before the next key can be pressed.
    let told = false;
    this.cy.on("dragfree", "node", () => {
      if (told) return;
      told = true;
      void Promise.resolve().then(() => {
        told = false;
        hands.moved(this.spots());
      });
    });
    // Safari 13 has no addEventListener here; its pages take the new colours when they are loaded again.
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener?.("change", () => this.restyle());
  }

  /** Draws a scene in place of the one before; things of which `fixed` is true stay where they are. */
  show(scene: Scene, fixed: (thing: Thing) => boolean): void {
    this.shown = scene;
    this.cy.batch(() => {
      this.cy.elements().remove();
      this.cy.add(elements(scene, fixed));
    });
  }

  /** Moves what is drawn to where it stands in a scene of the same parts. */
  place(scene: Scene): void {
    this.shown = scene;
    this.cy.batch(() => {
      for (const { zone, x, y } of scene.boxes) {
        const node = this.cy.getElementById(zone.id);
        if (node.isChildless()) node.position({ x, y });
      }
      for (const { id, x, y } of scene.things) this.cy.getElementById(id).position({ x, y });
    });
  }

  /** Hides what a filter does not leave. */
  filter(left: Left, holds: (zone: string) => boolean): void {
    const roads = this.shown.roads.filter((road) => road.lines.some((line) => left.lines.has(line.id)));
    const stay = new Set(roads.map((road) => road.id));
    for (const thing of this.shown.things) if (left.things.has(thing.id)) stay.add(thing.id);
    for (const box of this.shown.boxes) {
      const joined = roads.some((road) => road.from === box.zone.id || road.to === box.zone.id);
      if (!box.closed || joined || holds(box.zone.id)) stay.add(box.zone.id);
    }
    this.cy.batch(() => {
      this.cy.elements().forEach((element) => {
        const gone = !stay.has(element.id());
        if (gone !== element.hasClass("gone")) element.toggleClass("gone", gone);
      });
    });
  }

  /** Marks what is chosen, with its lines, and what a search found. */
  mark(current: string | null, found: ReadonlySet<string>): void {
    this.cy.batch(() => {
      this.cy.elements().removeClass("current near found");
      found.forEach((id) => this.cy.getElementById(id).addClass("found"));
      if (current === null) return;
      const chosen = this.cy.getElementById(current).addClass("current");
      if (chosen.isNode()) chosen.connectedEdges().addClass("near");
    });
  }

  /** Where one can walk to: everything that is to be seen, an open zone at its title. */
  stops(): Stop[] {
    return this.cy.nodes(":visible").map((node) => {
      const { x, y } = node.position();
      return { id: node.id(), x, y: node.isParent() ? node.boundingBox({ includeLabels: false }).y1 : y };
    });
  }

  /** Whether something is drawn and to be seen. */
  has(id: string): boolean {
    return this.cy.getElementById(id).visible();
  }

  /** Brings something into the middle, near enough to be read; `gently` only where it is out of sight. */
  centre(id: string, gently = false): void {
    const element = this.cy.getElementById(id);
    if (element.empty()) return;
    if (gently && this.inSight(element)) return;
    const level = gently ? this.cy.zoom() : Math.max(this.cy.zoom(), 0.8);
    this.glide({ center: { eles: element }, zoom: level });
  }

  zoom(closer: boolean): void {
    const level = this.cy.zoom() * (closer ? STEP : 1 / STEP);
    this.cy.zoom({ level, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  /** Brings several things into sight at once. */
  gather(ids: ReadonlySet<string>): void {
    const those = this.cy.nodes().filter((node) => ids.has(node.id()));
    const [only] = ids;
    if (ids.size === 1 && only !== undefined) this.centre(only);
    else if (those.nonempty()) this.glide({ fit: { eles: those, padding: 3 * MARGIN } });
  }

  /** Everything at once. */
  fit(glide = true): void {
    // Lines run between things: measuring their words would cost a second where there are thousands.
    const all = this.cy.nodes().not(".gone");
    if (all.empty()) return;
    if (glide) this.glide({ fit: { eles: all, padding: MARGIN } });
    else this.cy.fit(all, MARGIN);
  }

  private glide(to: cytoscape.AnimationOptions): void {
    this.cy.stop(true);
    this.cy.animate({ ...to, duration: this.still.matches ? 0 : GLIDE_MS });
  }

  private inSight(element: cytoscape.CollectionReturnValue): boolean {
    const [box, seen] = [element.boundingBox({ includeLabels: false }), this.cy.extent()];
    return box.x1 >= seen.x1 && box.x2 <= seen.x2 && box.y1 >= seen.y1 && box.y2 <= seen.y2;
  }

  private spots(): Map<string, Spot> {
    const spots = new Map<string, Spot>();
    this.cy.nodes(":childless").forEach((node) => {
      spots.set(node.id(), settled(node.position()));
    });
    return spots;
  }

  private restyle(): void {
    if (!this.ground.isConnected) return;
    this.cy.style(look(colours()));
    const ink = colours()("text");
    this.cy.batch(() => {
      for (const thing of this.shown.things) this.cy.getElementById(thing.id).data("picture", picture(thing.kind, ink));
    });
  }
}

/** So many letters of a name take three lines of a thing, or two where more stands below. */
const NAME = { thing: 22, zone: 14 };

function elements(scene: Scene, fixed: (thing: Thing) => boolean): cytoscape.ElementDefinition[] {
  const open = new Set(scene.boxes.filter((box) => !box.closed).map((box) => box.zone.id));
  const within = (parent: string | null) => (parent !== null && open.has(parent) ? { parent } : {});
  const ink = colours()("text");
  return [
    ...scene.boxes.map((box) => ({
      group: "nodes" as const,
      data: {
        id: box.zone.id,
        ...within(box.parent),
        label: boxLabel(box),
        w: Math.max(box.zone.w, 96),
        h: Math.max(box.zone.h, 64),
      },
      position: { x: box.x, y: box.y },
      classes: `zone danger-${box.danger}${box.closed ? " closed" : ""}${marked(box.marks)}`,
    })),
    ...scene.things.map((thing) => ({
      group: "nodes" as const,
      data: {
        id: thing.id,
        ...within(thing.zone),
        label: thingLabel(thing),
        shape: shape(thing.kind),
        picture: picture(thing.kind, ink),
      },
      position: { x: thing.x, y: thing.y },
      grabbable: !fixed(thing),
      classes: `thing danger-${thing.danger} ${role(thing)}${marked(thing.marks)}`,
    })),
    ...scene.roads.map((road) => ({
      group: "edges" as const,
      data: { id: road.id, source: road.from, target: road.to, label: roadLabel(road), width: lineLook(road.kind).width },
      classes: [
        `danger-${road.danger} kind-${road.kind}`,
        ...(road.bothWays ? ["both-ways"] : []),
        ...(scene.roads.length > STRAIGHT ? ["straight"] : []),
      ],
    })),
  ];
}

function thingLabel(thing: Seen): string {
  const mark = flag(thing.marks);
  const name = fitting(thing.name, isDoor(thing) || mark !== "" ? NAME.zone : NAME.thing);
  return stacked([name, isDoor(thing) ? thing.kind_text : "", mark, dangerWords(thing.danger)]);
}

function stacked(lines: string[]): string {
  return lines.filter((line) => line !== "").join("\n");
}

/** How much the heaviest mark weighs, as a class. */
function marked(marks: Affected[]): string {
  const [first] = marks;
  return first ? ` marked marked-${first.weight}` : "";
}

function role(thing: Thing): string {
  if (isDoor(thing)) return "door";
  return ["internet", "vendor"].includes(thing.kind) ? "outside" : "";
}

function boxLabel(box: Box): string {
  if (!box.closed) return stacked([box.zone.name, flag(box.marks)]);
  return stacked([fitting(box.zone.name, NAME.zone), saying("count", box.zone.count), flag(box.marks), dangerWords(box.danger)]);
}

export function roadLabel(road: Road): string {
  const [first] = road.lines;
  const kind = road.lines.length > 1 || !first ? saying("bundle", road.lines.length) : first.kind_text;
  return `${dangerWords(road.danger)} ${kind}`.trim();
}
