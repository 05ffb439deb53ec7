// What GET /map/data hands over.

/** 0 nothing known, 1 attention, 2 danger. */
export type Danger = 0 | 1 | 2;

/** The centre of something, in the picture's own pixels. */
export interface Spot {
  x: number;
  y: number;
}

/** A zone whose things were handed over with it. */
export interface Zone extends Spot {
  id: string;
  name: string;
  parent: string | null;
  w: number;
  h: number;
  /** How many things lie in it and in the zones within it. */
  count: number;
}

export interface Thing extends Spot {
  id: string;
  name: string;
  kind: string;
  kind_text: string;
  zone: string | null;
  danger: Danger;
  url: string;
}

export interface Line {
  id: string;
  from: string;
  to: string;
  kind: string;
  kind_text: string;
  both_ways: boolean;
  /** It leaves the house. */
  outside: boolean;
  danger: Danger;
  url: string;
}

/** A design rule that is not kept, or that nobody can tell of, and what to do. */
export interface Finding {
  rule: string;
  /** 0 to be asked, 1 attention, 2 danger. */
  level: number;
  text: string;
  do: string;
  line: string | null;
  nodes: string[];
}

/** What an incident that is not over says of a thing. */
export interface Affected {
  /** What bears the mark in this picture: the thing, or the zone that stands for it. */
  node: string;
  thing: string;
  name: string;
  state: string;
  /** A sign for the state; each has its own. */
  sign: string;
  text: string;
  note: string;
  /** 2 affected, 1 perhaps, 0 neither. */
  weight: number;
  incident: string;
  title: string;
  url: string;
  version: number;
}

/** An incident that is not over. */
export interface Case {
  id: string;
  title: string;
  /** Where a form says how a thing stands; none for whoever may not say so. */
  post: string | null;
}

/** How a thing may stand in an incident. */
export interface Standing {
  code: string;
  text: string;
}

export interface MapData {
  revision: number;
  /** Too many things for one picture: zones are handed over as things, each to be looked into as a picture of its own. */
  overview: boolean;
  zones: Zone[];
  nodes: Thing[];
  lines: Line[];
  findings: Finding[];
  /** What weighs most first. */
  affected: Affected[];
  incidents: Case[];
  states: Standing[];
}

/** An empty zone's spot is the middle of the room for things in it, below its title. */
const BELOW_TITLE = 12;
/** No further from the middle of the picture does the server put anything. */
const FARTHEST = 1_000_000;

/**
 * An answer as data; none where it is something else, such as a page of a proxy in between. Zones come with their left upper
 * corner and are handled by their middle, like everything else.
 */
export function understood(answer: unknown): MapData | null {
  const data = answer as Partial<MapData> | null;
  const lists = [data?.zones, data?.nodes, data?.lines, data?.findings, data?.affected, data?.incidents, data?.states];
  if (typeof data?.revision !== "number" || !lists.every((list) => Array.isArray(list))) return null;
  const ends = [...(data.zones ?? []), ...(data.nodes ?? [])];
  const placed = ends.every((end) => typeof end.id === "string" && Number.isFinite(end.x) && Number.isFinite(end.y));
  if (!placed) return null;
  const zones = (data.zones ?? []).map((zone) => ({ ...zone, x: zone.x + zone.w / 2, y: zone.y + zone.h / 2 + BELOW_TITLE }));
  return { ...(data as MapData), zones };
}

/** The marks that something bears, by its id, what weighs most first. */
export function marksOf(data: MapData): Map<string, Affected[]> {
  const marks = new Map<string, Affected[]>();
  for (const one of data.affected) marks.set(one.node, [...(marks.get(one.node) ?? []), one]);
  return marks;
}

/** Marks in a line: sign and words of what weighs most, and how many more there are; empty for none. */
export function flag(marks: Affected[]): string {
  const [first] = marks;
  if (!first) return "";
  return `${first.sign} ${first.text}${marks.length > 1 ? ` +${marks.length - 1}` : ""}`;
}

/** A whole pixel within the picture. */
export function settled({ x, y }: Spot): Spot {
  const within = (value: number) => Math.round(Math.min(Math.max(value, -FARTHEST), FARTHEST));
  return { x: within(x), y: within(y) };
}

/** Stands for things that are not handed over: a zone of an overview, or all that lie in none. */
export function isDoor(thing: Thing): boolean {
  return thing.kind === "zone" || thing.id === "none";
}

/** Stands beside a zone that is looked into, where the picture of that zone has its place and not the thing. */
export function isBeside(thing: Thing, inside: string): boolean {
  if (inside === "") return false;
  if (inside !== "none") return thing.zone === null;
  return isDoor(thing) || ["vendor", "internet", "cloud_service"].includes(thing.kind);
}
