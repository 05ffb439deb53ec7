// Autosave for form[data-autosave].
//
// Sends the form's fields to its action with the headers X-Komainu-Fragment: autosave and Idempotency-Key.
// Answers: 200 {"ok":true,"version":N,"saved_at_text":"…","html":"…"} (html goes into #data-autosave-target),
// 409 {"conflict":{"html":"…"}} with buttons [data-keep-mine="N"] and [data-take-theirs] in the fragment (data-fill="note"
// and data-fill-from="id" on the former put a joined text into a field first),
// 422 {"errors":{"field":"…"}}, 401 when the session is over.

import { all, fieldError, isShared, replaceContent, sendAlong, storage, word } from "./dom";
import { forgetOwn } from "./report/own";
import { clearDrafts, Saver, slotFor, type Answer, type Entries, type Host, type State } from "./saver";

const TYPING_MS = 600;
const CHOICE_MS = 30;
/** Browsers refuse a larger body for a request that outlives its page. */
const KEEPALIVE_BYTES = 60_000;

/** A form of this page with what decides about it. */
interface Bound {
  saver: Saver;
  host: Host;
  /** The form's name where drafts are held: path of its page, # and its id. */
  name: string;
}

const bound: Bound[] = [];
/** The page is being left for good: nobody is asked any more. */
let leaving = false;

/** At a shared place that locks: sends what can be sent. */
export async function leaveDrafts(): Promise<void> {
  leaving = true;
  await Promise.all(bound.map((one) => one.saver.flush()));
}

/** What could not be sent. */
export function unsentDrafts(): { form: string; entries: Entries }[] {
  const unsent = bound.filter((one) => one.saver.unsaved());
  return unsent.map((one) => ({ form: one.name, entries: one.host.read() }));
}

export function startAutosave(): void {
  const person = document.body.dataset["keepKey"] ?? "";
  const store = storage();
  for (const form of all<HTMLFormElement>("form[data-autosave]")) bind(form, person, store);
  for (const form of all<HTMLFormElement>("form[data-clear-drafts]")) {
    form.addEventListener("submit", () => {
      if (store) clearDrafts(store, person);
      forgetOwn(person);
    });
  }
}

function bind(form: HTMLFormElement, person: string, store: Storage | null): void {
  const url = new URL(form.getAttribute("action") || location.href, location.href);
  const host = hostFor(form, url);
  const saver = new Saver(host, store, slotFor(person, url.pathname + url.search, form.id));
  const name = `${location.pathname}#${form.id}`;
  bound.push({ saver, host, name });
  form.addEventListener("input", (event) => saver.changed(isText(event.target) ? TYPING_MS : CHOICE_MS));
  form.addEventListener("change", () => saver.changed(CHOICE_MS));
  form.addEventListener("submit", (event) => submit(event, form, saver));
  form.addEventListener("click", (event) => choose(event, form, saver));
  const flush = () => void saver.flush();
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", flush);
  window.addEventListener("beforeunload", (event) => {
    if (saver.atRisk() && !leaving) event.preventDefault();
  });
  saver.resume();
  if (person !== "") void takeHeld(form, host, saver, name);
}

/** What was held for this person when a shared place locked goes back into its form and on its way. */
async function takeHeld(form: HTMLFormElement, host: Host, saver: Saver, name: string): Promise<void> {
  if (!isShared() && new URLSearchParams(location.search).get("held") !== "yes") return;
  const response = await fetch(`/drafts?form=${encodeURIComponent(name)}`, {
    headers: { "X-Komainu-Fragment": "poll" },
    credentials: "same-origin",
    redirect: "manual",
  });
  if (!response.ok) return;
  const entries = ((await response.json()) as { entries: Entries | null }).entries;
  if (!entries || saver.unsent()) return;
  host.write(entries);
  saver.changed(CHOICE_MS);
  await saver.flush();
  if (saver.unsaved()) return;
  await fetch("/drafts/drop", {
    method: "POST",
    body: new URLSearchParams({ csrf: csrfOf(form), form: name }),
    headers: { "X-Komainu-Fragment": "held" },
    credentials: "same-origin",
    redirect: "manual",
    // Whoever leaves as soon as it is saved does not find it held still.
    keepalive: true,
  });
}

/**
 * Leaving by the button waits for what is on its way, so that the form never races with itself. What cannot be sent now
 * (no connection, signed out, a conflict) keeps the person here, where the page says what to do.
 */
function submit(event: SubmitEvent, form: HTMLFormElement, saver: Saver): void {
  if (event.defaultPrevented || !saver.unsent() || form.dataset["submitting"] || !form.requestSubmit) return;
  event.preventDefault();
  const submitter = event.submitter;
  void saver.flush().then(() => {
    if (saver.unsent()) {
      (conflictPlace(form)?.querySelector("button") ?? form.querySelector<HTMLElement>("[data-status] a"))?.focus();
      return;
    }
    form.dataset["submitting"] = "yes";
    // The answer may have replaced the part that the pressed button stood in.
    if (submitter instanceof HTMLButtonElement && !submitter.isConnected) {
      sendAlong(form, submitter.name, submitter.value);
      form.requestSubmit();
    } else {
      form.requestSubmit(submitter instanceof HTMLElement ? submitter : null);
    }
    delete form.dataset["submitting"];
  });
}

function choose(event: Event, form: HTMLFormElement, saver: Saver): void {
  const button = event.target instanceof Element ? event.target.closest("[data-keep-mine], [data-take-theirs]") : null;
  if (!button) return;
  event.preventDefault();
  const version = button.getAttribute("data-keep-mine");
  if (version === null) {
    saver.forget();
    location.reload();
    return;
  }
  fill(form, button);
  conflictPlace(form)?.replaceChildren();
  void saver.keepMine(version);
}

/** A joined text replaces the person's own before it is kept. */
function fill(form: HTMLFormElement, button: Element): void {
  const field = form.elements.namedItem(button.getAttribute("data-fill") ?? "");
  const source = document.getElementById(button.getAttribute("data-fill-from") ?? "");
  if (field instanceof HTMLTextAreaElement && source instanceof HTMLTextAreaElement) field.value = source.value;
}

function hostFor(form: HTMLFormElement, url: URL): Host {
  return {
    read: () => readForm(form),
    write: (entries) => writeForm(form, entries),
    send: (entries, key) => send(form, url, entries, key),
    show: (state, answer) => show(form, state, answer),
    setVersion: (version) => {
      const field = form.elements.namedItem("version");
      if (field instanceof HTMLInputElement && version !== "") field.value = version;
    },
    newKey: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""),
    later: (run, ms) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
  };
}

/** The token is taken fresh at each send; passwords and files are never kept in the browser. */
function readForm(form: HTMLFormElement): Entries {
  const secret = new Set(all<HTMLInputElement>("input[type=password]", form).map((field) => field.name));
  const entries: Entries = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && name !== "csrf" && !secret.has(name)) entries.push([name, value]);
  });
  return entries;
}

function writeForm(form: HTMLFormElement, entries: Entries): void {
  for (const field of Array.from(form.elements)) {
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) {
      field.checked = entries.some(([name, value]) => name === field.name && value === field.value);
    } else if (isField(field) && field.name !== "csrf") {
      const entry = entries.find(([name]) => name === field.name);
      if (entry) field.value = entry[1];
    }
  }
}

function isField(field: Element): field is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  return (
    (field instanceof HTMLInputElement && field.type !== "file" && field.type !== "password") ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement
  );
}

function isText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !["radio", "checkbox", "date", "range"].includes(target.type))
  );
}

function csrfOf(form: HTMLFormElement): string {
  const token = form.elements.namedItem("csrf");
  return token instanceof HTMLInputElement ? token.value : "";
}

async function send(form: HTMLFormElement, url: URL, entries: Entries, key: string): Promise<Answer> {
  const body = new URLSearchParams(entries);
  body.set("csrf", csrfOf(form));
  const text = body.toString();
  const response = await fetch(url.href, {
    method: "POST",
    body: text,
    headers: {
      "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
      "X-Komainu-Fragment": "autosave",
      "Idempotency-Key": key,
    },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: text.length < KEEPALIVE_BYTES,
  });
  return understand(response);
}

async function understand(response: Response): Promise<Answer> {
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed-out" };
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { kind: "unreachable" };
  if (response.status !== 200 && response.status !== 409 && response.status !== 422) return { kind: "refused" };
  const json = (await response.json()) as {
    version?: number | string;
    saved_at_text?: string;
    html?: string;
    conflict?: { html?: string };
    errors?: Record<string, string>;
  };
  if (response.status === 409) return { kind: "conflict", html: json.conflict?.html ?? "" };
  if (response.status === 422) return { kind: "invalid", errors: json.errors ?? {} };
  return { kind: "ok", version: String(json.version ?? ""), text: json.saved_at_text ?? "", html: json.html ?? "" };
}

const WORDS: Record<State, string> = {
  idle: "",
  saving: "saving",
  saved: "saved",
  kept: "kept",
  invalid: "not-saved",
  refused: "not-saved",
  conflict: "conflict",
  "signed-out": "signed-out",
};
const LOOKS: Record<State, string> = {
  idle: "",
  saving: "saving",
  saved: "saved",
  kept: "kept",
  invalid: "error",
  refused: "error",
  conflict: "conflict",
  "signed-out": "gone",
};

function show(form: HTMLFormElement, state: State, answer?: Answer): void {
  const line = form.querySelector<HTMLElement>("[data-status]");
  if (line) {
    line.dataset["state"] = LOOKS[state];
    line.textContent = answer?.kind === "ok" && answer.text !== "" ? answer.text : word(WORDS[state]);
    if (state === "signed-out") line.append(" ", signInLink());
  }
  if (state === "saved" || state === "invalid") showErrors(form, answer?.kind === "invalid" ? answer.errors : {});
  if (answer?.kind === "conflict") {
    const place = conflictPlace(form);
    if (place) place.innerHTML = answer.html;
  }
  if (answer?.kind === "ok" && answer.html !== "") {
    const target = document.getElementById(form.dataset["autosaveTarget"] ?? "");
    if (target) replaceContent(target, answer.html);
  }
}

function showErrors(form: HTMLFormElement, errors: Record<string, string>): void {
  for (const line of all<HTMLElement>("[data-error-for]", form)) {
    const id = line.dataset["errorFor"] ?? "";
    const field = document.getElementById(id);
    const name = field?.getAttribute("name") ?? "";
    fieldError(id, errors[name] ?? "");
  }
}

function conflictPlace(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>("[data-conflict]");
}

function signInLink(): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = word("sign-in");
  return link;
}
