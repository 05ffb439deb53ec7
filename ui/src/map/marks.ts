// What incidents say of something, and the forms that say so: plain ones, which the incident's own page answers.

import type { Affected, Case, MapData } from "./data";
import { button, csrf, link, made } from "./dom";
import { saying } from "./words";

/** The marks that something bears, each with the way to its incident; of a zone also those of what is in it. */
export function marks(id: string, data: MapData, inside: ReadonlySet<string> = new Set()): HTMLElement[] {
  const those = data.affected.filter((one) => one.node === id || inside.has(one.node));
  if (those.length === 0) return [];
  const items = those.map((one) => {
    const of = one.thing === id ? [] : [made("span", "", one.name), " "];
    const note = one.note === "" ? [] : [made("p", "pre", one.note)];
    return made("li", "", ...of, words(one), " ", link(one.title, one.url), ...note);
  });
  return [made("h3", "", saying("marks")), made("ul", "map__lines", ...items)];
}

function words(one: Affected): HTMLElement {
  const sign = made("span", "", `${one.sign} `);
  sign.setAttribute("aria-hidden", "true");
  return made("strong", `map__mark map__mark--${one.weight}`, sign, one.text);
}

/** For each incident that the reader may write in, a form that says how the thing stands in it. */
export function marking(id: string, data: MapData): HTMLElement[] {
  // Only things of the ledger are marked; what stands for all things without a zone, vendors and systems are not.
  if (!id.startsWith("asset:")) return [];
  return data.incidents.flatMap((one, at) => (one.post === null ? [] : [form(id, one, one.post, at, data)]));
}

function form(id: string, of: Case, post: string, at: number, data: MapData): HTMLElement {
  const known = data.affected.find((one) => one.thing === id && one.incident === of.id);
  const state = made("select", "select");
  state.name = "state";
  state.append(...data.states.map(({ code, text }) => new Option(text, code, code === known?.state, code === known?.state)));
  const note = made("textarea", "textarea");
  note.name = "note";
  note.rows = 2;
  note.maxLength = 2000;
  note.value = known?.note ?? "";
  const save = button(saying("mark-save"), () => {});
  save.type = "submit";
  const inside = made(
    "form",
    "stack-s",
    ...hidden({ csrf: csrf(), version: String(known?.version ?? 0), asset: id.slice("asset:".length), back: "map" }),
    labelled(saying("mark-state"), state, `map-mark-state-${at}`),
    labelled(saying("mark-note"), note, `map-mark-note-${at}`),
    save,
  );
  inside.method = "post";
  inside.action = post;
  return made("details", "acc", made("summary", "", saying("mark-set", of.title)), made("div", "acc__body", inside));
}

function hidden(fields: Record<string, string>): HTMLInputElement[] {
  return Object.entries(fields).map(([name, value]) => {
    const input = made("input", "");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    return input;
  });
}

function labelled(words: string, field: HTMLSelectElement | HTMLTextAreaElement, id: string): HTMLElement {
  field.id = id;
  const label = made("label", "field__label", words);
  label.htmlFor = id;
  return made("div", "field", label, field);
}
