// What is known of the thing, zone or line that was chosen, beside the picture.

import type { Direction } from "./near";
import { isDoor, type Finding, type Line, type MapData, type Thing } from "./data";
import { button, isTyping, link, made } from "./dom";
import { marking, marks } from "./marks";
import type { Box, Road, Tree } from "./scene";
import { dangerWords, levelWords, listed, saying } from "./words";

/** What is done from the panel. */
export interface Acts {
  close(): void;
  /** Opens or closes a zone. */
  fold(zone: string): void;
  /** Moves a step without dragging. */
  step(id: string, direction: Direction): void;
  movable(id: string): boolean;
}

const WAYS: [Direction, string][] = [["left", "←"], ["up", "↑"], ["down", "↓"], ["right", "→"]];

export class Panel {
  readonly root = made("section", "card map__panel");
  private readonly title = made("h2", "card__title");

  constructor(private readonly acts: Acts) {
    this.root.hidden = true;
    this.title.id = "map-panel";
    this.title.tabIndex = -1;
    this.root.setAttribute("aria-labelledby", this.title.id);
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || isTyping(event.target)) return;
      event.stopPropagation();
      acts.close();
    });
  }

  isOpen(): boolean {
    return !this.root.hidden;
  }

  focus(): void {
    this.title.focus();
  }

  close(): void {
    this.root.hidden = true;
  }

  thing(thing: Thing, data: MapData, tree: Tree): void {
    const around = tree.around(thing.zone).map((zone) => tree.zone(zone)?.name ?? "");
    const lines = data.lines.filter((line) => line.from === thing.id || line.to === thing.id);
    const findings = data.findings.filter((one) => one.nodes.includes(thing.id) || lines.some((line) => line.id === one.line));
    this.fill(thing.name, [
      made("p", "muted", listed([thing.kind_text, ...around])),
      ...mark(thing.danger),
      ...marks(thing.id, data),
      ...(isDoor(thing) ? [this.fold(thing.id, true)] : []),
      ...concerns(findings, thing.danger),
      ...this.lines(lines.map((line) => throughLine(line, thing.id, tree))),
      ...(thing.url === "" ? [] : [made("p", "", link(saying("ledger"), thing.url))]),
      ...marking(thing.id, data),
      ...this.move(thing.id),
    ]);
  }

  zone(box: Box, data: MapData, inside: ReadonlySet<string>): void {
    const { id, name, count } = box.zone;
    const findings = data.findings.filter((one) => one.nodes.some((node) => inside.has(node)));
    this.fill(name, [
      made("p", "muted", listed([saying("zone"), saying("count", count)])),
      ...mark(box.danger),
      ...marks(id, data, inside),
      this.fold(id, box.closed),
      ...concerns(findings, box.danger),
      ...marking(id, data),
      ...this.move(id),
    ]);
  }

  road(road: Road, data: MapData, tree: Tree): void {
    const findings = data.findings.filter((one) => road.lines.some((line) => line.id === one.line));
    const [first] = road.lines;
    const title = road.lines.length === 1 && first ? first.kind_text : saying("bundle", road.lines.length);
    this.fill(title, [
      ...mark(road.danger),
      ...this.lines(road.lines.map((line) => made("li", "", ...wholeLine(line, tree)))),
      ...concerns(findings, road.danger),
    ]);
  }

  private fill(title: string, inside: HTMLElement[]): void {
    const held = this.root.contains(document.activeElement);
    this.title.textContent = title;
    const close = button(saying("panel-close"), () => this.acts.close(), "btn btn--text btn--small");
    this.root.replaceChildren(made("div", "row row--spread row--top", this.title, close), ...inside);
    this.root.hidden = false;
    if (held) this.focus();
  }

  private fold(id: string, opens: boolean): HTMLElement {
    return made("p", "", button(saying(opens ? "open" : "close"), () => this.acts.fold(id)));
  }

  private lines(items: HTMLElement[]): HTMLElement[] {
    return items.length === 0 ? [] : [made("h3", "", saying("lines")), made("ul", "map__lines", ...items)];
  }

  /** The way to move something without dragging it. */
  private move(id: string): HTMLElement[] {
    if (!this.acts.movable(id)) return [];
    const buttons = WAYS.map(([way, sign]) => {
      const go = button(sign, () => this.acts.step(id, way));
      go.setAttribute("aria-label", saying(`move-${way}`));
      return go;
    });
    const group = made("div", "map__move", made("span", "small", saying("move")), ...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", saying("move"));
    return [group];
  }
}

function mark(danger: number): HTMLElement[] {
  return danger === 0 ? [] : [made("p", `map__danger map__danger--${danger}`, dangerWords(danger))];
}

/** What was found; of what stands for many things, the findings are told of each of them. */
function concerns(findings: Finding[], danger: number): HTMLElement[] {
  if (findings.length === 0) return danger === 0 ? [made("p", "", saying("fine"))] : [];
  const items = findings.map((one) =>
    made(
      "li",
      `map__finding map__finding--${one.level}`,
      made("p", "", made("strong", "", listed([one.rule, levelWords(one.level)])), " ", one.text),
      made("p", "", one.do),
    ),
  );
  return [made("h3", "", saying("findings")), made("ul", "map__findings", ...items)];
}

/** A line as it is seen from one of its ends. */
function throughLine(line: Line, here: string, tree: Tree): HTMLElement {
  const away = line.from === here ? line.to : line.from;
  const way = line.both_ways ? "both-ways" : line.from === here ? "to" : "from";
  return made("li", "", saying(way, named(away, tree)), " ", link(line.kind_text, line.url), notes(line));
}

function wholeLine(line: Line, tree: Tree): (Node | string)[] {
  const ends = `${named(line.from, tree)} ${line.both_ways ? "⇄" : "→"} ${named(line.to, tree)}`;
  return [ends, " ", link(line.kind_text, line.url), notes(line)];
}

function notes(line: Line): string {
  const words = listed([line.outside ? saying("outside") : "", dangerWords(line.danger)]);
  return words === "" ? "" : ` ${words}`;
}

export function named(id: string, tree: Tree): string {
  return tree.thing(id)?.name ?? tree.zone(id)?.name ?? "";
}
