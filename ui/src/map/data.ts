// What GET /map/data hands over, and how a zone that was opened later joins it.

/** 0 nothing known, 1 attention, 2 danger. */
export type Danger = 0 | 1 | 2;

/** The centre of something, in the picture's own pixels. */
export interface Spot {
  x: number;
  y: number;
}

export interface Zone extends Spot {
  id: string;
  name: string;
  parent: string | null;
  w: number;
  h: number;
  /** How many things lie in it, whether they were handed over or not. */
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

/** A design rule that is not kept, and what to do. */
export interface Finding {
  rule: string;
  level: number;
  text: string;
  do: string;
  line: string | null;
  nodes: string[];
}

export interface MapData {
  revision: number;
  /** Too many things for one picture: only the zones are handed over, each opened one by a request of its own. */
  overview: boolean;
  zones: Zone[];
  nodes: Thing[];
  lines: Line[];
  findings: Finding[];
}

/** An answer as data; none where it is something else, such as a page of a proxy in between. */
export function understood(answer: unknown): MapData | null {
  const data = answer as Partial<MapData> | null;
  const lists = [data?.zones, data?.nodes, data?.lines, data?.findings];
  if (typeof data?.revision !== "number" || !lists.every((list) => Array.isArray(list))) return null;
  const ends = [...(data.zones ?? []), ...(data.nodes ?? [])];
  const placed = ends.every((end) => typeof end.id === "string" && Number.isFinite(end.x) && Number.isFinite(end.y));
  return placed ? (data as MapData) : null;
}

/** The picture with the contents of a zone; what came before is replaced by what came now. */
export function joined(all: MapData, part: MapData): MapData {
  return {
    ...all,
    zones: byId(all.zones, part.zones),
    nodes: byId(all.nodes, part.nodes),
    lines: byId(all.lines, part.lines),
    findings: [...all.findings, ...part.findings.filter((one) => !all.findings.some((other) => same(one, other)))],
  };
}

function byId<T extends { id: string }>(before: T[], now: T[]): T[] {
  const one = new Map(before.map((each) => [each.id, each]));
  for (const each of now) one.set(each.id, each);
  return Array.from(one.values());
}

function same(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.line === b.line && a.text === b.text && a.nodes.join() === b.nodes.join();
}
