// The picture with everything around it: what hands, keys and buttons mean.

import { askFirst } from "../menu";
import type { State } from "../saver";
import { isBeside, isDoor, marksOf, settled, understood, type Affected, type MapData, type Spot } from "./data";
import { button, isTyping, made } from "./dom";
import { Drawing, roadLabel } from "./drawing";
import { EVERYTHING, found, left, type Filter } from "./find";
import { difference, History, type Move } from "./history";
import { Moves, tell } from "./moves";
import { first, nearest, type Direction } from "./near";
import { named, Panel } from "./panel";
import { scene, Tree, type Box, type Road, type Scene } from "./scene";
import { Tools } from "./tools";
import { dangerWords, listed, saying } from "./words";

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
/** How far one step without dragging goes. */
const STEP_PX = 20;
const STEPS: Record<Direction, Spot> = {
  left: { x: -STEP_PX, y: 0 },
  right: { x: STEP_PX, y: 0 },
  up: { x: 0, y: -STEP_PX },
  down: { x: 0, y: STEP_PX },
};

export class Board {
  private data!: MapData;
  private tree!: Tree;
  private shown: Scene = { boxes: [], things: [], roads: [] };
  private drawing: Drawing | null = null;
  private readonly spots = new Map<string, Spot>();
  private readonly closed = new Set<string>();
  /** The zone of an overview that is looked into; empty for the whole. */
  private inside = "";
  private history = new History();
  private readonly moves: Moves | null;
  private filter: Filter = EVERYTHING;
  private current: string | null = null;
  private hits: string[] = [];
  private hit = -1;
  private question = "";

  private readonly root = made("div", "map__live");
  private readonly ground = made("div", "map__board");
  private readonly told = made("p", "vh");
  private readonly status = made("p", "status");
  private readonly fault = made("div", "");
  private readonly tools: Tools;
  private readonly panel: Panel;

  constructor(private readonly place: HTMLElement) {
    const url = place.dataset["spots"] ?? "";
    this.moves = url === "" ? null : new Moves(url, (spots) => this.takeKept(spots), (state) => this.tellState(state));
    this.panel = new Panel({
      close: () => this.leavePanel(),
      fold: (zone) => void this.fold(zone),
      step: (id, way) => this.step(id, way),
      movable: (id) => this.movable(id),
    });
    this.tools = new Tools(
      {
        search: (question) => this.search(question),
        filter: (filter) => this.applyFilter(filter),
        undo: () => this.back(this.history.undo(), "undone"),
        redo: () => this.back(this.history.redo(), "redone"),
        reset: (asked) => this.askReset(asked),
        zoom: (closer) => this.drawing?.zoom(closer),
        fit: () => this.drawing?.fit(),
        leave: () => void this.look(""),
      },
      this.moves !== null,
    );
    this.lay();
  }

  /** The first look: at a zone or the whole, with what an incident touches, or one thing, brought into sight. */
  async start(zone: string, incident: string, thing: string): Promise<void> {
    await this.look(zone);
    if (!this.drawing) return;
    if (incident !== "") this.gather(incident);
    const mark = this.data.affected.find((one) => one.thing === thing);
    const id = this.tree.thing(thing) || this.tree.zone(thing) ? thing : (mark?.node ?? "");
    if (id === "") return;
    this.choose(id);
    this.drawing.centre(id);
    this.open(id);
  }

  /** Asks for the data and draws it; what the server drew stays in sight until then. */
  private async load(inside: string): Promise<boolean> {
    this.tellWords(saying("loading"));
    const data = await this.ask(inside);
    if (!data) return false;
    this.tellWords("");
    this.data = data;
    this.tree = new Tree(data);
    this.spots.clear();
    for (const one of [...data.zones, ...data.nodes]) this.spots.set(one.id, settled(one));
    this.root.hidden = false;
    this.drawing ??= this.canvas();
    this.redraw();
    this.drawing.fit(false);
    return true;
  }

  private canvas(): Drawing {
    const hands = {
      picked: (id: string | null) => this.pick(id),
      folded: (zone: string) => void this.fold(zone),
      moved: (spots: Map<string, Spot>) => this.dragged(spots),
      drawn: () => {
        this.place.classList.add("map--drawn");
        this.moves?.resume();
      },
    };
    return new Drawing(this.ground, hands, this.data.nodes.length + this.data.lines.length, this.moves !== null);
  }

  private lay(): void {
    this.ground.tabIndex = 0;
    this.ground.setAttribute("role", "application");
    this.ground.setAttribute("aria-label", saying("board"));
    this.ground.setAttribute("aria-describedby", "map-how");
    this.ground.addEventListener("keydown", (event) => this.key(event));
    const how = made("p", "small muted", saying("how"));
    how.id = "map-how";
    for (const line of [this.told, this.status, this.fault]) line.setAttribute("role", "status");
    this.root.addEventListener("keydown", (event) => this.shortcut(event));
    this.root.hidden = true;
    const stage = made("div", "map__stage", this.ground, this.tools.zoom);
    this.root.append(this.tools.root, made("div", "map__parts", stage, this.panel.root), how);
    for (const part of Array.from(this.place.children)) part.classList.add("map__still");
    this.place.prepend(this.fault, this.status, this.told, this.root);
    this.tools.history(false, false);
  }

  /** Data, or none after having said why there is none. */
  private async ask(zone: string): Promise<MapData | null> {
    const url = new URL(this.place.dataset["map"] ?? "", location.href);
    if (zone !== "") url.searchParams.set("zone", zone);
    try {
      const response = await fetch(url.href, {
        headers: { "X-Komainu-Fragment": "map" },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (response.type === "opaqueredirect" || response.status === 401) {
        this.tellState("signed-out");
        return null;
      }
      const data = response.ok ? understood(await response.json()) : null;
      if (data) {
        this.fault.replaceChildren();
        return data;
      }
    } catch {
      // Told below: no connection, or an answer that is none.
    }
    this.tellWords("");
    this.fail(() => this.look(zone));
    return null;
  }

  private fail(again: () => Promise<unknown>): void {
    const body = made("div", "notice__body", made("p", "", saying("failed")), button(saying("retry"), () => void again()));
    this.fault.replaceChildren(made("div", "notice notice--warning", body));
  }

  private redraw(): void {
    this.shown = scene(this.data, this.closed, this.spots);
    this.drawing?.show(this.shown, (thing) => isBeside(thing, this.inside));
    this.tools.kinds(this.data);
    this.filter = this.tools.filter();
    this.hide();
    this.mark();
  }

  private hide(): void {
    const kept = left(this.data, this.filter);
    const { dangerOnly, markedOnly, hiddenThings } = this.filter;
    const filtered = dangerOnly || markedOnly || hiddenThings.size > 0;
    const holds = (zone: string): boolean => {
      const box = this.box(zone);
      const { things } = this.tree.within(zone);
      if (markedOnly) return (box?.marks.length ?? 0) > 0;
      if (dangerOnly && (box?.danger ?? 0) > 0) return true;
      return !filtered || (things.length === 0 ? !dangerOnly : things.some((thing) => kept.things.has(thing.id)));
    };
    this.drawing?.filter(kept, holds);
  }

  private mark(): void {
    const seen = this.hits.map((id) => this.tree.stand(id, this.closed)).filter((id): id is string => id !== null);
    this.drawing?.mark(this.current, new Set(seen));
  }

  private box(id: string): Box | undefined {
    return this.shown.boxes.find((box) => box.zone.id === id);
  }

  private road(id: string): Road | undefined {
    return this.shown.roads.find((road) => road.id === id);
  }

  // Choosing.

  private pick(id: string | null): void {
    this.ground.focus({ preventScroll: true });
    this.choose(id);
    if (id === null) this.panel.close();
    else this.open(id);
  }

  private choose(id: string | null): void {
    this.current = id;
    this.mark();
    if (id !== null) this.say(this.described(id));
  }

  private described(id: string): string {
    const thing = this.tree.thing(id);
    const marks = (these: Affected[]) => these.map((one) => (one.thing === id ? one.text : `${one.name} ${one.text}`));
    if (thing) {
      const own = marks(marksOf(this.data).get(id) ?? []);
      return listed([thing.name, thing.kind_text, ...own, dangerWords(thing.danger)]);
    }
    const box = this.box(id);
    if (box) {
      const own = marks(box.marks);
      return listed([box.zone.name, saying("zone"), saying("count", box.zone.count), ...own, dangerWords(box.danger)]);
    }
    const road = this.road(id);
    return road ? listed([roadLabel(road), named(road.from, this.tree), named(road.to, this.tree)]) : "";
  }

  private open(id: string): void {
    const thing = this.tree.thing(id);
    const box = this.box(id);
    const road = this.road(id);
    if (thing) this.panel.thing(thing, this.data, this.tree);
    else if (box) this.panel.zone(box, this.data, this.tree.inside(id));
    else if (road) this.panel.road(road, this.data, this.tree);
  }

  private leavePanel(): void {
    this.panel.close();
    this.ground.focus({ preventScroll: true });
  }

  // Keys.

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) return;
    const way = ARROWS[event.key];
    const moves = event.altKey || event.shiftKey;
    if (way && moves && this.current !== null && this.moves) this.step(this.current, way);
    else if (way && !moves) this.walk(way);
    else if (event.key === "Enter" || event.key === " ") this.enter();
    else if (event.key === "Escape") this.escape();
    else if (event.key === "+" || event.key === "-") this.drawing?.zoom(event.key === "+");
    else if (event.key === "0") this.drawing?.fit();
    else return;
    event.preventDefault();
  }

  private walk(way: Direction): void {
    const stops = this.drawing?.stops() ?? [];
    const from = stops.find((stop) => stop.id === this.current);
    const to = from ? nearest(from, stops.filter((stop) => stop !== from), way) : first(stops);
    if (!to) return;
    this.choose(to.id);
    this.drawing?.centre(to.id, true);
    if (this.panel.isOpen()) this.open(to.id);
  }

  private enter(): void {
    if (this.current === null) return;
    const thing = this.tree.thing(this.current);
    if (this.box(this.current) || (thing && isDoor(thing))) {
      void this.fold(this.current);
    } else {
      this.open(this.current);
      this.panel.focus();
    }
  }

  /** Lets go of what is chosen; with nothing chosen, leaves the zone that is looked into. */
  private escape(): void {
    if (this.current === null && this.inside !== "") void this.look("");
    else this.pick(null);
  }

  private shortcut(event: KeyboardEvent): void {
    if (!this.moves || !(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.back(this.history.undo(), "undone");
    else if (key === "y" || (key === "z" && event.shiftKey)) this.back(this.history.redo(), "redone");
    else return;
    event.preventDefault();
  }

  // Zones.

  /** Opens or closes a zone; one whose things were not handed over is looked into. */
  private async fold(zone: string): Promise<void> {
    if (!this.tree.zone(zone)) return this.look(zone);
    const opens = this.closed.delete(zone);
    if (!opens) this.closed.add(zone);
    this.redraw();
    if (this.panel.isOpen() && this.current === zone) this.open(zone);
    this.say(listed([this.tree.zone(zone)?.name ?? "", saying(opens ? "opened" : "closed")]));
  }

  /** Looks into a zone, or at the whole. */
  async look(zone: string): Promise<void> {
    const door = this.drawing ? named(zone, this.tree) : "";
    const before = this.inside;
    this.inside = zone;
    if (!(await this.load(zone))) {
      this.inside = before;
      return;
    }
    this.history = new History();
    this.tools.history(false, false);
    const name = zone === "" ? "" : door || named(zone, this.tree);
    this.tools.inside(zone !== "", name);
    this.panel.close();
    this.say(zone === "" ? "" : saying("inside", name));
    // Whoever comes back stands at the zone that they were in.
    this.choose(this.tree.thing(before) ? before : null);
    if (document.activeElement === document.body) this.ground.focus({ preventScroll: true });
  }

  // Moving.

  private dragged(spots: Map<string, Spot>): void {
    this.move(difference(new Map(this.spotsShown()), spots));
  }

  private movable(id: string): boolean {
    const thing = this.tree.thing(id);
    return this.moves !== null && (thing ? !isBeside(thing, this.inside) : this.tree.zone(id) !== undefined);
  }

  private step(id: string, way: Direction): void {
    if (!this.movable(id)) return;
    const moved = this.tree.zone(id) ? this.tree.load(id) : [id];
    this.carryOut(moved.flatMap((each) => shifted(each, this.spots.get(each), STEPS[way])));
    this.drawing?.centre(id, true);
    this.say(listed([this.described(id), saying(`moved-${way}`)]));
  }

  /** What is drawn at a place of its own: everything but the boxes around something. */
  private spotsShown(): [string, Spot][] {
    return [
      ...this.shown.things.map((thing): [string, Spot] => [thing.id, { x: thing.x, y: thing.y }]),
      ...this.shown.boxes.map((box): [string, Spot] => [box.zone.id, { x: Math.round(box.x), y: Math.round(box.y) }]),
    ];
  }

  /** Takes a closed zone's contents along; then everything is one step. */
  private move(seen: Move[]): void {
    const step = seen.flatMap((one) => {
      if (!this.closed.has(one.id)) return [one];
      const shift = { x: one.to.x - one.from.x, y: one.to.y - one.from.y };
      return this.tree.load(one.id).flatMap((id) => shifted(id, this.spots.get(id), shift));
    });
    this.carryOut(step);
  }

  private carryOut(step: Move[]): void {
    if (step.length === 0) return;
    this.history.add(step);
    this.carry(step);
    this.moves?.moved(step);
  }

  private back(step: Move[] | null, words: string): void {
    if (!step) return;
    this.carry(step);
    this.moves?.moved(step);
    this.say(saying(words));
  }

  private carry(step: Move[]): void {
    for (const { id, to } of step) this.spots.set(id, to);
    this.shown = scene(this.data, this.closed, this.spots);
    this.drawing?.place(this.shown);
    this.tools.history(this.history.canUndo(), this.history.canRedo());
  }

  private takeKept(kept: Map<string, Spot>): void {
    const known = new Map(Array.from(kept).filter(([id]) => this.spots.has(id)));
    this.carry(difference(this.spots, known));
  }

  private askReset(asked: HTMLElement): void {
    const run = () => void this.reset();
    if (typeof HTMLDialogElement !== "undefined") askFirst(saying("reset-ask"), saying("reset"), asked, run);
    else if (window.confirm(saying("reset-ask"))) run();
  }

  /** The computed layout again; this too can be taken back. */
  private async reset(): Promise<void> {
    if (!this.moves) return;
    if (!(await this.moves.reset())) {
      this.tellState("refused");
      return;
    }
    const before = new Map(this.spots);
    if (!(await this.load(this.inside))) return;
    this.history.add(difference(before, this.spots).filter((one) => this.movable(one.id)));
    this.tools.history(this.history.canUndo(), this.history.canRedo());
    this.say(saying("reset-done"));
  }

  // Finding.

  private search(question: string): void {
    const again = question !== "" && question === this.question && this.hits.length > 0;
    this.question = question;
    if (!again) {
      this.hits = found(this.data, question);
      this.hit = -1;
    }
    this.hit = this.hits.length === 0 ? -1 : (this.hit + 1) % this.hits.length;
    const one = this.hits[this.hit];
    this.current = one === undefined ? null : this.tree.stand(one, this.closed);
    this.mark();
    if (this.current !== null) this.drawing?.centre(this.current);
    if (this.panel.isOpen() && this.current !== null) this.open(this.current);
    this.tools.outcome.textContent = this.searchWords(one);
  }

  /** What an incident touches, marked as if it had been searched for. */
  private gather(incident: string): void {
    this.hits = Array.from(new Set(this.data.affected.filter((one) => one.incident === incident).map((one) => one.node)));
    this.hit = -1;
    this.mark();
    this.drawing?.gather(new Set(this.hits));
    const words = this.hits.length === 0 ? saying("marked-none") : saying("marked", this.hits.length);
    this.tools.outcome.textContent = words;
  }

  private searchWords(one: string | undefined): string {
    if (this.question.trim() === "") return "";
    const unseen = this.data.overview || this.inside !== "" ? saying("found-here") : "";
    if (one === undefined) return listed([saying("found-none"), unseen]);
    const hidden = this.current !== null && !this.drawing?.has(this.current) ? saying("found-hidden") : "";
    const at = `${this.hit + 1}/${this.hits.length} ${named(one, this.tree)}`;
    return listed([saying("found", this.hits.length), at, hidden, unseen]);
  }

  private applyFilter(filter: Filter): void {
    this.filter = filter;
    this.hide();
    this.tools.outcome.textContent = saying("shown", left(this.data, filter).things.size);
  }

  // Telling.

  private say(words: string): void {
    this.told.textContent = words;
  }

  private tellWords(words: string): void {
    this.status.dataset["state"] = words === "" ? "" : "saving";
    this.status.textContent = words;
  }

  private tellState(state: State): void {
    tell(this.status, state);
  }
}

function shifted(id: string, from: Spot | undefined, by: Spot): Move[] {
  return from ? [{ id, from, to: settled({ x: from.x + by.x, y: from.y + by.y }) }] : [];
}
