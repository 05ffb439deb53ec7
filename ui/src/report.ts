// The report page's own bundle. Without it everything works by plain forms; with it a report is on the telephone's shelf from
// the tap on, is sent when there is a line, and the page itself opens where there is none.

import { all, fieldError, word } from "./dom";
import { newCode, newId } from "./report/code";
import { shrink } from "./report/photo";
import { post } from "./report/post";
import { type Answer, type Entry, Memory, type Photo, Queue } from "./report/queue";
import { openShelf } from "./report/shelf";

const MOST_PHOTOS = 3;
const TURN_MS = 5_000;
const CODES = "komainu:receipts";
const MOST_CODES = 20;

const body = document.body;
const base = body.dataset["report"] ?? "";
/** Empty for members: theirs is an ordinary page, and nothing of it stays in the browser. */
const house = body.dataset["house"] ?? "";

const say = (name: string) => word(`report-${name}`);

/** The report that was sent from this page, and the code that is shown for it. */
let sent: { id: string; code: string } | null = null;
let queue: Queue;

void start();

async function start(): Promise<void> {
  // What is wrong with a form is read first; inside the house its own script sees to that.
  if (house !== "") document.querySelector<HTMLElement>("[data-focus]")?.focus();
  startCodes();
  startLine();
  // A script that cannot go on must not stand in the way of the plain form.
  queue = new Queue(house === "" ? new Memory() : await openShelf(), post, Date.now, told);
  for (const form of all<HTMLFormElement>("form[data-report-form]")) startForm(form);
  if (document.readyState === "complete") void stay();
  else window.addEventListener("load", () => void stay());
  await queue.readdress(house, base);
  window.addEventListener("online", () => void again());
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void again();
  });
  window.addEventListener("beforeunload", (event) => {
    if (house === "" && sent) event.preventDefault();
  });
  window.setInterval(() => void look(), TURN_MS);
  await look();
}

async function again(): Promise<void> {
  await queue.wake();
  await look();
}

/** Says what waits, and sends what can be sent. */
async function look(): Promise<void> {
  const waiting = await queue.waiting();
  show(waiting);
  if (waiting.length === 0) return;
  await queue.flush();
  show(await queue.waiting());
}

function show(waiting: Entry[]): void {
  if (sent && !waiting.some((entry) => entry.id === sent?.id)) {
    // Another page or the worker was quicker.
    sent = null;
    state("sent");
  }
  const line = document.querySelector<HTMLElement>("[data-waits]");
  if (!line) return;
  const count = waiting.filter((entry) => entry.trouble === "").length;
  const trouble = waiting.map((entry) => entry.trouble).find((one) => one !== "") ?? "";
  const words = trouble !== "" ? say(trouble) : count > 0 ? say("waits").replace("%", String(count)) : "";
  if (line.dataset["said"] === words) return;
  line.dataset["said"] = words;
  line.textContent = words;
  line.hidden = words === "";
  if (trouble !== "") line.append(" ", button(say("forget"), "btn btn--text", say("forget"), () => void queue.discard().then(look)));
}

/** Has the worker keep these pages, in this language first; once everything else is there. */
async function stay(): Promise<void> {
  if (house === "" || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/worker.js");
    const { active } = await navigator.serviceWorker.ready;
    const own = document.documentElement.lang.slice(0, 2);
    active?.postMessage({ keep: base, langs: [own, ...["ja", "en", "zh"].filter((lang) => lang !== own)] });
  } catch {
    // Without TLS, or in a private window: the page works with a network.
  }
}

/** Asks the browser to wake the worker when the line is back, where it can. */
async function ask(): Promise<void> {
  try {
    const ready = (await navigator.serviceWorker.ready) as unknown as { sync?: { register(tag: string): Promise<void> } };
    await ready.sync?.register("report");
  } catch {
    // The page tries again by itself while it is open.
  }
}

/** Photographs being made small, from when they were chosen: at the tap nothing is left to wait for. */
const small = new Map<File, Promise<Photo | null>>();

function startForm(form: HTMLFormElement): void {
  for (const input of all<HTMLInputElement>("input[type=file]", form)) {
    input.addEventListener("change", () => {
      for (const file of Array.from(input.files ?? []).slice(0, MOST_PHOTOS)) void shrunk(file);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void take(form);
  });
}

/** Puts what was written on the shelf and thanks at once. */
async function take(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  const status = form.querySelector<HTMLElement>("[data-report-status]");
  if (!fits(form)) return;
  if (button) button.disabled = true;
  if (status) status.textContent = say("sending");
  const [id, code] = [newId(), newCode()];
  const fields = entries(form).filter(([name]) => !["sent_id", "code", "written_at"].includes(name));
  fields.push(["sent_id", id], ["code", code], ["written_at", new Date().toISOString()]);
  const { photos, dropped } = await photographs(form);
  const entry = { id, base, house, fields, photos };
  try {
    await queue.add(entry);
  } catch {
    // The telephone's room is full: it is held by the page instead.
    queue = new Queue(new Memory(), post, Date.now, told);
    await queue.add(entry);
  }
  sent = { id, code };
  thank(code, dropped);
  void ask();
  await look();
}

/** Looks at the lengths that the server would refuse: a report on the shelf is one that it takes. */
function fits(form: HTMLFormElement): boolean {
  const long = all<HTMLInputElement | HTMLTextAreaElement>("[maxlength]", form).filter((field) => field.maxLength > 0 && field.value.length > field.maxLength);
  for (const field of long) fieldError(field.id, field.validationMessage);
  long[0]?.focus();
  return long.length === 0;
}

function entries(form: HTMLFormElement): [string, string][] {
  const texts: [string, string][] = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") texts.push([name, value]);
  });
  return texts;
}

function shrunk(file: File): Promise<Photo | null> {
  const known = small.get(file) ?? shrink(file).catch(() => null);
  small.set(file, known);
  return known;
}

async function photographs(form: HTMLFormElement): Promise<{ photos: Photo[]; dropped: boolean }> {
  const files = all<HTMLInputElement>("input[type=file]", form).flatMap((input) => Array.from(input.files ?? []));
  const photos: Photo[] = [];
  for (const file of files.slice(0, MOST_PHOTOS)) {
    const photo = await shrunk(file);
    if (photo) photos.push(photo);
  }
  return { photos, dropped: photos.length < files.length };
}

/** The page after the tap. */
function thank(code: string, dropped: boolean): void {
  const main = document.querySelector("main");
  const done = document.querySelector<HTMLTemplateElement>("template[data-report-done]");
  if (!main || !done) return;
  fill(main, [done.content.cloneNode(true)]);
  const shown = main.querySelector("[data-report-code]");
  if (shown) shown.textContent = code;
  state("sending");
  if (dropped) left([""]);
  const keepable = main.querySelector<HTMLElement>("[data-report-mine]");
  if (keepable && house !== "" && codes() !== null) keepable.hidden = false;
  main.querySelector("[data-report-keep]")?.addEventListener("click", () => {
    saveCodes([code, ...(codes() ?? []).filter((known) => known !== code)].slice(0, MOST_CODES));
    const kept = main.querySelector("[data-report-kept]");
    if (kept) kept.textContent = say("kept");
  });
  window.scrollTo(0, 0);
  main.querySelector<HTMLElement>("h1")?.focus();
}

function state(name: string): void {
  const line = document.querySelector("[data-report-state]");
  if (line) line.textContent = say(name);
}

function left(words: string[]): void {
  const list = document.querySelector<HTMLElement>("[data-report-left]");
  if (!list || words.length === 0) return;
  list.hidden = false;
  for (const text of words) {
    const line = document.createElement("li");
    line.textContent = text === "" ? say("photo") : text;
    list.append(line);
  }
}

/** What the server answered. */
function told(entry: Entry, answer: Answer): void {
  if (entry.id !== sent?.id) return;
  switch (answer.kind) {
    case "taken":
      sent = null;
      state("sent");
      left(answer.left);
      return;
    case "later":
      state(house === "" ? "stay" : "waiting");
      return;
    case "refused":
    case "over":
      state(answer.kind);
  }
}

/** Forms that need a line say so instead of leading to the browser's own page of failure. */
function startLine(): void {
  for (const form of all<HTMLFormElement>("form[data-report-line]")) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      const status = form.querySelector("[data-report-status]");
      if (status) status.textContent = say("line");
    });
  }
}

/** Codes that somebody chose to keep on this telephone; null where nothing can be kept. */
function codes(): string[] | null {
  try {
    const known: unknown = JSON.parse(window.localStorage.getItem(CODES) ?? "[]");
    return Array.isArray(known) ? known.filter((code): code is string => typeof code === "string") : [];
  } catch {
    return null;
  }
}

function saveCodes(known: string[]): void {
  try {
    window.localStorage.setItem(CODES, JSON.stringify(known));
  } catch {
    // It stands on the page to be copied.
  }
}

/** On the page that asks for a code: those that are kept here, each a tap away. */
function startCodes(): void {
  const place = document.querySelector<HTMLElement>("[data-report-codes]");
  const field = document.querySelector<HTMLInputElement>("#f-code");
  if (!place || !field || house === "") return;
  const list = place.querySelector("ul");
  const draw = () => {
    const known = codes() ?? [];
    place.hidden = known.length === 0;
    if (list) fill(list, known.map(row));
  };
  const row = (code: string) => {
    const line = document.createElement("li");
    line.append(
      button(code, "btn btn--secondary btn--small", code, () => {
        field.value = code;
        field.form?.requestSubmit?.();
        field.focus();
      }),
      " ",
      button(say("forget"), "btn btn--text", `${say("forget")}: ${code}`, () => {
        saveCodes((codes() ?? []).filter((other) => other !== code));
        draw();
        field.focus();
      }),
    );
    return line;
  };
  draw();
}

/** Puts these in the place of what is there. */
function fill(place: Element, nodes: Node[]): void {
  place.textContent = "";
  for (const node of nodes) place.append(node);
}

function button(words: string, looks: string, name: string, press: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = looks;
  made.textContent = words;
  made.setAttribute("aria-label", name);
  made.addEventListener("click", press);
  return made;
}
