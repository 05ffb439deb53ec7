// A shared place: the page clears itself before the server locks, and nothing of one person stays for the next.
//
// body[data-shared] stands on every page of a registered browser, body[data-lock="seconds"] is not 0 where somebody is at
// work. The server locks by itself; here the screen is cleared in time, with a word before, and what could not be sent is
// left with the server for its owner.

import { leaveDrafts, unsentDrafts } from "./autosave";
import { all, forgetEverybody, token, word } from "./dom";
import { forgetAllOwn } from "./report/own";

const TICK_MS = 1_000;
/** How often somebody at the keyboard is told to the server. */
const STAY_MS = 15_000;
/** The word before: half a minute, or half the time where that is less. */
const WARN_MS = 30_000;
const RETRY_MS = 5_000;
const SIGNS = ["keydown", "pointerdown", "wheel", "touchstart", "input"];
const CHANNEL = "komainu-lock";
/** What one tab tells the others: who left by themselves come back to where they were, each tab to its own page. */
const BY_HAND = "by-hand";
const BY_ITSELF = "by-itself";

const here = (): string => location.pathname + location.search;

export function startLock(): void {
  const seconds = Number(document.body.dataset["lock"] ?? "0");
  if (document.body.dataset["shared"] === undefined) return;
  forgetEverybody();
  forgetAllOwn();
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  if (seconds > 0) new Lock(seconds * 1_000).watch();
}

class Lock {
  private used = Date.now();
  private told = Date.now();
  private warning: HTMLDialogElement | null = null;
  private asking = false;
  private closed = false;
  private readonly others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  constructor(private readonly after: number) {}

  watch(): void {
    for (const sign of SIGNS) document.addEventListener(sign, () => this.use(), { capture: true, passive: true });
    window.setInterval(() => void this.look(), TICK_MS);
    document.addEventListener("visibilitychange", () => void this.look());
    this.others?.addEventListener("message", (event) => void this.close(false, event.data === BY_ITSELF ? here() : ""));
    for (const form of all<HTMLFormElement>("form[data-lock-now]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.close(true, "");
      });
    }
  }

  private use(): void {
    if (this.closed) return;
    this.used = Date.now();
    this.unwarn();
    if (this.used - this.told < STAY_MS) return;
    this.told = this.used;
    void this.ask("stay");
  }

  private async look(): Promise<void> {
    if (this.closed || this.asking) return;
    const left = this.used + this.after - Date.now();
    const soon = Math.min(WARN_MS, this.after / 2);
    if (left > soon || (this.warning && left > 0)) return;
    // Somebody may be at work in another tab: the server knows, and it is the one that locks.
    this.asking = true;
    const known = await this.ask("poll");
    this.asking = false;
    if (this.closed) return;
    if (known !== null) this.used = Date.now() - this.after + known;
    const rest = this.used + this.after - Date.now();
    if (rest <= 0) void this.close(true, here());
    else if (rest <= soon) this.warn();
    else this.unwarn();
  }

  /** How many milliseconds the server gives; null where it cannot be asked. */
  private async ask(how: "stay" | "poll"): Promise<number | null> {
    try {
      const response = await fetch("/place/state", {
        headers: { "X-Komainu-Fragment": how },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (response.status === 401) void this.close(true, here());
      if (!response.ok) return null;
      const left = ((await response.json()) as { left: number | null }).left;
      return left === null ? null : left * 1_000;
    } catch {
      return null;
    }
  }

  private unwarn(): void {
    this.warning?.close();
    this.warning = null;
  }

  private warn(): void {
    if (this.warning || typeof HTMLDialogElement === "undefined") return;
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    const text = document.createElement("p");
    text.id = "lock-soon";
    text.textContent = word("lock-soon");
    const stay = document.createElement("button");
    stay.className = "btn btn--primary";
    stay.textContent = word("lock-stay");
    stay.addEventListener("click", () => this.use());
    dialog.setAttribute("aria-labelledby", text.id);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(text, stay);
    document.body.append(dialog);
    dialog.showModal();
    this.warning = dialog;
  }

  /** Clears the screen at once; then leaves what is unsent, locks, and goes to the names. */
  private async close(tell: boolean, next: string): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const csrf = token();
    // Out of sight, and still in hand: the forms are read once more below.
    const page = document.createDocumentFragment();
    page.append(...Array.from(document.body.childNodes));
    const line = cover();
    if (tell) this.others?.postMessage(next === "" ? BY_HAND : BY_ITSELF);
    await leaveDrafts();
    for (;;) {
      try {
        for (const draft of unsentDrafts()) await send("/place/keep", csrf, { form: draft.form, entries: JSON.stringify(draft.entries) });
        if (tell) await send("/place/lock", csrf, {});
        break;
      } catch {
        line.textContent = word("locked-waiting");
        await new Promise((done) => window.setTimeout(done, RETRY_MS));
      }
    }
    location.replace(next === "" ? "/place" : `/place?next=${encodeURIComponent(next)}`);
  }
}

function cover(): HTMLElement {
  const main = document.createElement("main");
  main.className = "locked";
  const title = document.createElement("h1");
  title.textContent = word("locked");
  title.tabIndex = -1;
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  main.append(title, line);
  document.body.replaceChildren(main);
  document.title = word("locked");
  title.focus();
  return line;
}

/** What the server does not take for a reason of its own (it was over already) is not sent again. */
async function send(to: string, csrf: string, fields: Record<string, string>): Promise<void> {
  const response = await fetch(to, {
    method: "POST",
    body: new URLSearchParams({ csrf, ...fields }),
    headers: { "X-Komainu-Fragment": "lock" },
    credentials: "same-origin",
    redirect: "manual",
  });
  if (response.status >= 500) throw new Error(String(response.status));
}
