// What is drawn: open zones as boxes around their things, a closed one as a thing of its own that the lines of its contents
// end at. Pure: data and the person's choices in, a picture out.

import { marksOf, type Affected, type Danger, type Finding, type Line, type MapData, type Spot, type Thing, type Zone } from "./data";

export interface Box extends Spot {
  zone: Zone;
  /** The box that it lies in. */
  parent: string | null;
  closed: boolean;
  danger: Danger;
  /** Its own; of a closed one also those of what is in it. */
  marks: Affected[];
}

export interface Seen extends Thing {
  marks: Affected[];
}

/** One line, or all that run between the same two ends where one of them is a closed zone. */
export interface Road {
  id: string;
  from: string;
  to: string;
  kind: string;
  lines: Line[];
  danger: Danger;
  bothWays: boolean;
}

export interface Scene {
  boxes: Box[];
  things: Seen[];
  roads: Road[];
}

/** The zones of a picture as a tree. */
export class Tree {
  private readonly zones: Map<string, Zone>;
  private readonly things: Map<string, Thing>;

  constructor(private readonly data: MapData) {
    this.zones = new Map(data.zones.map((zone) => [zone.id, zone]));
    this.things = new Map(data.nodes.map((thing) => [thing.id, thing]));
  }

  zone(id: string): Zone | undefined {
    return this.zones.get(id);
  }

  thing(id: string): Thing | undefined {
    return this.things.get(id);
  }

  /** The zones around something, from the inside out; ends also where zones lie in each other in a circle. */
  around(id: string | null): string[] {
    const way: string[] = [];
    for (let at = id; at !== null && this.zones.has(at) && !way.includes(at); at = this.zones.get(at)?.parent ?? null) way.push(at);
    return way;
  }

  /** Where something is seen: in its place, or as the outermost closed zone around it; nowhere where it is not known. */
  stand(id: string, closed: ReadonlySet<string>): string | null {
    const thing = this.things.get(id);
    const around = this.around(thing ? thing.zone : id);
    const outermost = around.filter((zone) => closed.has(zone)).pop();
    return outermost ?? (thing || this.zones.has(id) ? id : null);
  }

  /** The ids of a zone and of everything in it. */
  inside(zone: string): Set<string> {
    const { things, zones } = this.within(zone);
    return new Set([zone, ...[...things, ...zones].map((one) => one.id)]);
  }

  /** What moves when a zone does: the things in it, and zones, itself included, that no thing holds in place. */
  load(zone: string): string[] {
    const { things, zones } = this.within(zone);
    const own = this.zones.get(zone);
    const empty = (own ? [own, ...zones] : zones).filter((one) => this.within(one.id).things.length === 0);
    return [...things, ...empty].map((one) => one.id);
  }

  /** The things and zones in a zone, at any depth. */
  within(zone: string): { things: Thing[]; zones: Zone[] } {
    return {
      things: this.data.nodes.filter((thing) => this.around(thing.zone).includes(zone)),
      zones: this.data.zones.filter((inner) => inner.id !== zone && this.around(inner.id).includes(zone)),
    };
  }
}

/** `spots` is where things and zones are now; the data's own places are where they were when they were handed over. */
export function scene(data: MapData, closed: ReadonlySet<string>, spots: ReadonlyMap<string, Spot>): Scene {
  const tree = new Tree(data);
  const zones = data.zones.filter((zone) => tree.stand(zone.id, closed) === zone.id);
  const things = data.nodes.filter((thing) => tree.stand(thing.id, closed) === thing.id);
  const marks = marksOf(data);
  return {
    boxes: zones.map((zone) => box(zone, tree, data, closed, spots)),
    things: things.map((thing) => ({
      ...thing,
      ...(spots.get(thing.id) ?? { x: thing.x, y: thing.y }),
      marks: marks.get(thing.id) ?? [],
    })),
    roads: roads(data, tree, closed),
  };
}

function box(zone: Zone, tree: Tree, data: MapData, closed: ReadonlySet<string>, spots: ReadonlyMap<string, Spot>): Box {
  const { things } = tree.within(zone.id);
  const inside = tree.inside(zone.id);
  const levels = things.map((thing) => thing.danger).concat(data.findings.filter((one) => touches(one, inside)).map(level));
  return {
    zone,
    ...(middle(things.map((thing) => spots.get(thing.id) ?? thing)) ?? spots.get(zone.id) ?? { x: zone.x, y: zone.y }),
    parent: tree.around(zone.id)[1] ?? null,
    closed: closed.has(zone.id),
    danger: worst(levels),
    marks: data.affected.filter((one) => one.node === zone.id || (closed.has(zone.id) && inside.has(one.node))),
  };
}

/** The middle of what spots span; none of nothing. */
export function middle(spots: Spot[]): Spot | null {
  if (spots.length === 0) return null;
  const span = (values: number[]) => (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  return { x: span(spots.map((spot) => spot.x)), y: span(spots.map((spot) => spot.y)) };
}

function touches(finding: Finding, ids: ReadonlySet<string>): boolean {
  return finding.nodes.some((id) => ids.has(id));
}

function level(finding: Finding): Danger {
  return finding.level >= 2 ? 2 : finding.level === 1 ? 1 : 0;
}

function worst(levels: Danger[]): Danger {
  return levels.reduce<Danger>((most, one) => (one > most ? one : most), 0);
}

function roads(data: MapData, tree: Tree, closed: ReadonlySet<string>): Road[] {
  const all = new Map<string, Road>();
  for (const line of data.lines) {
    const from = tree.stand(line.from, closed);
    const to = tree.stand(line.to, closed);
    if (from === null || to === null || (from === to && line.from !== line.to)) continue;
    const lifted = closed.has(from) || closed.has(to);
    const key = lifted ? `road ${[from, to].sort().join(" ")}` : line.id;
    const road = all.get(key);
    if (!road) {
      all.set(key, { id: key, from, to, kind: line.kind, lines: [line], danger: line.danger, bothWays: line.both_ways });
      continue;
    }
    road.lines.push(line);
    road.danger = worst([road.danger, line.danger]);
    road.bothWays = road.bothWays || line.both_ways || road.from !== from;
    if (road.kind !== line.kind) road.kind = "";
  }
  return Array.from(all.values());
}
