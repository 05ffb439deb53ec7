// What a search finds and what a filter leaves.

import type { Line, MapData, Thing } from "./data";

/** What is to be seen. A kind that is not named is. */
export interface Filter {
  hiddenThings: ReadonlySet<string>;
  hiddenLines: ReadonlySet<string>;
  dangerOnly: boolean;
  /** Only what bears an incident's mark. */
  markedOnly: boolean;
}

export const EVERYTHING: Filter = { hiddenThings: new Set(), hiddenLines: new Set(), dangerOnly: false, markedOnly: false };

/** The ids that a filter leaves. */
export interface Left {
  things: Set<string>;
  lines: Set<string>;
}

/** Text as it is compared: width, case and the two kinds of kana make no difference. */
export function folded(text: string): string {
  const plain = text.normalize("NFKC").toLowerCase();
  return plain.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
}

/** Everything whose name or kind holds all words of the question, zones included, in the order of the data. */
export function found(data: MapData, question: string): string[] {
  const words = folded(question).split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const holds = (text: string) => words.every((word) => folded(text).includes(word));
  return [
    ...data.zones.filter((zone) => holds(zone.name)).map((zone) => zone.id),
    ...data.nodes.filter((thing) => holds(`${thing.name} ${thing.kind_text}`)).map((thing) => thing.id),
  ];
}

/**
 * With `dangerOnly`, things stay that are dangerous themselves or stand at the end of a dangerous line; other lines and things
 * go. With `markedOnly`, only what bears a mark stays, and the lines between. A line stays only where its kind is to be seen; its ends may be zones.
 */
export function left(data: MapData, filter: Filter): Left {
  const bearers = new Set(data.affected.map((one) => one.node));
  const marked = (id: string) => !filter.markedOnly || bearers.has(id);
  const wanted = (line: Line) =>
    !filter.hiddenLines.has(line.kind) && (!filter.dangerOnly || line.danger > 0) && marked(line.from) && marked(line.to);
  const lines = data.lines.filter(wanted);
  const ends = new Set(lines.map((line) => line.from).concat(lines.map((line) => line.to)));
  const seen = (thing: Thing) =>
    !filter.hiddenThings.has(thing.kind) && marked(thing.id) && (!filter.dangerOnly || thing.danger > 0 || ends.has(thing.id));
  return {
    things: new Set(data.nodes.filter(seen).map((thing) => thing.id)),
    lines: new Set(lines.map((line) => line.id)),
  };
}

/** The kinds that occur, each with its word, in the order of the data. */
export function kinds(items: { kind: string; kind_text: string }[]): [string, string][] {
  return Array.from(new Map(items.map((item) => [item.kind, item.kind_text])));
}
