// The row above the picture: search, what is to be seen, taking back; and the buttons on it that come closer or go further.

import { all } from "../dom";
import { isDoor, type MapData } from "./data";
import { button, made } from "./dom";
import { kinds, type Filter } from "./find";
import { path, sign } from "./icons";
import { lineLook } from "./look";
import { saying } from "./words";

export interface Uses {
  search(question: string): void;
  filter(filter: Filter): void;
  undo(): void;
  redo(): void;
  reset(back: HTMLElement): void;
  zoom(closer: boolean): void;
  fit(): void;
  /** Out of the zone that is looked into. */
  leave(): void;
}

const A_LINE = "M1 12h22";
/** The picture's lines are that much larger than the legend's. */
const LARGER = 1.5;

export class Tools {
  readonly root = made("div", "map__tools no-print");
  readonly zoom = made("div", "map__zoom no-print");
  /** What a search found, what a filter left. */
  readonly outcome = made("p", "small map__outcome");
  private readonly way = made("p", "row map__way");
  private readonly legend = made("div", "map__kinds");
  private readonly danger: HTMLButtonElement;
  private readonly marked: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly redo: HTMLButtonElement;
  private listed = "";

  constructor(
    private readonly uses: Uses,
    movable: boolean,
  ) {
    this.outcome.setAttribute("role", "status");
    this.danger = this.toggle("danger-only");
    this.marked = this.toggle("marked-only");
    this.undo = button(saying("undo"), () => uses.undo());
    this.redo = button(saying("redo"), () => uses.redo());
    const reset = button(saying("reset"), () => uses.reset(reset));
    this.inside(false, "");
    const moving = movable ? [this.undo, this.redo, reset] : [];
    this.root.append(this.way, this.search(), this.danger, this.marked, ...moving, this.disclosed(), this.outcome);
    this.zoom.append(
      named(button("＋", () => uses.zoom(true)), saying("zoom-in")),
      named(button("－", () => uses.zoom(false)), saying("zoom-out")),
      button(saying("fit"), () => uses.fit()),
    );
  }

  /** The zone that is looked into, with the way out of it. */
  inside(shown: boolean, name: string): void {
    this.way.hidden = !shown;
    const words = name === "" ? [] : [made("strong", "", saying("inside", name))];
    this.way.replaceChildren(button(saying("leave"), () => this.uses.leave()), ...words);
  }

  /** What can be taken back. A button that loses its use while it has the focus keeps it. */
  history(undo: boolean, redo: boolean): void {
    this.undo.setAttribute("aria-disabled", String(!undo));
    this.redo.setAttribute("aria-disabled", String(!redo));
  }

  /** The kinds that occur; what was chosen stays chosen. */
  kinds(data: MapData): void {
    // Where nothing bears a mark any more, there is nothing to ask for.
    this.marked.hidden = data.affected.length === 0;
    if (this.marked.hidden) this.marked.setAttribute("aria-pressed", "false");
    // What stands for a zone says in its kind how much is in it.
    const nodes = data.nodes.map((thing) => (isDoor(thing) ? { kind: thing.kind, kind_text: saying("zone") } : thing));
    const [things, lines] = [kinds(nodes), kinds(data.lines)];
    const now = JSON.stringify([things, lines]);
    if (now === this.listed) return;
    this.listed = now;
    const { hiddenThings, hiddenLines } = this.filter();
    const dash = (kind: string) => lineLook(kind).dash.map((length) => length / LARGER).join(" ");
    this.legend.replaceChildren(
      group("things", things, hiddenThings, (kind) => sign(path(kind))),
      group("lines", lines, hiddenLines, (kind) => sign(A_LINE, dash(kind))),
    );
  }

  filter(): Filter {
    const hidden = (name: string) => {
      const boxes = all<HTMLInputElement>(`input[name="map-${name}"]`, this.legend);
      return new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
    };
    return { hiddenThings: hidden("things"), hiddenLines: hidden("lines"), dangerOnly: isOn(this.danger), markedOnly: isOn(this.marked) };
  }

  private toggle(word: string): HTMLButtonElement {
    const element = button(saying(word), () => {
      element.setAttribute("aria-pressed", String(!isOn(element)));
      this.changed();
    });
    element.setAttribute("aria-pressed", "false");
    return element;
  }

  private search(): HTMLFormElement {
    const input = made("input", "input");
    input.type = "search";
    input.id = "map-search";
    input.autocomplete = "off";
    const label = made("label", "vh", saying("search"));
    label.htmlFor = input.id;
    input.placeholder = saying("search");
    const go = button(saying("search-go"), () => {});
    go.type = "submit";
    const form = made("form", "row map__search", label, input, go);
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.uses.search(input.value);
    });
    input.addEventListener("input", () => {
      if (input.value === "") this.uses.search("");
    });
    return form;
  }

  private disclosed(): HTMLDetailsElement {
    const box = made("details", "acc map__legend", made("summary", "", saying("kinds")), made("div", "acc__body", this.legend));
    this.legend.addEventListener("change", () => this.changed());
    return box;
  }

  private changed(): void {
    this.uses.filter(this.filter());
  }
}

function isOn(toggle: HTMLButtonElement): boolean {
  return toggle.getAttribute("aria-pressed") === "true";
}

function group(
  name: string,
  kinds: [string, string][],
  hidden: ReadonlySet<string>,
  picture: (kind: string) => SVGElement,
): HTMLFieldSetElement {
  const tiles = kinds.map(([kind, words]) => {
    const box = made("input", "map__check");
    box.type = "checkbox";
    box.name = `map-${name}`;
    box.value = kind;
    box.checked = !hidden.has(kind);
    return made("label", "map__kind", box, picture(kind), made("span", "", words));
  });
  return made("fieldset", "", made("legend", "field__legend", saying(name)), made("div", "map__tiles", ...tiles));
}

function named(element: HTMLButtonElement, name: string): HTMLButtonElement {
  element.setAttribute("aria-label", name);
  element.title = name;
  return element;
}
