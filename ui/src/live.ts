// A board that stays true: where the server says that there is news, the page is fetched and its parts put in place.
//
// [data-live] names where the server tells of news, [data-live-shown] which of them the page shows already (without it, the
// first that are told); [data-part=NAME] are the parts of the page that follow.

import { all, isShared } from "./dom";

/** How long to wait where the server cannot be heard or a part is being written in, in milliseconds. */
const AGAIN = 5_000;
/** The same where it sent the listener away: it may be stopping, or somebody has to sign in again. */
const AWAY = 30_000;

/** Which news the page shows, and which there are. */
let shown: string | null = null;
let told: string | null = null;
let busy = false;

/** Where the browser cannot listen, the page is as it was loaded. */
export function live(): void {
  const listener = document.querySelector<HTMLElement>("[data-live]");
  if (!listener || typeof EventSource === "undefined") return;
  shown = listener.dataset["liveShown"] ?? null;
  listen(listener.dataset["live"] ?? "");
}

function listen(address: string): void {
  const source = new EventSource(address);
  const close = () => source.close();
  window.addEventListener("pagehide", close, { once: true });
  source.addEventListener("news", (event) => {
    told = (event as MessageEvent<string>).data;
    shown ??= told;
    void follow();
  });
  source.addEventListener("error", () => {
    // What was only interrupted asks again by itself.
    if (source.readyState !== EventSource.CLOSED) return;
    window.removeEventListener("pagehide", close);
    window.setTimeout(() => listen(address), AWAY);
  });
}

/** Fetches the page until it shows the latest news: one fetch at a time, so that none is overtaken by an older one. */
async function follow(): Promise<void> {
  if (busy) return;
  busy = true;
  while (shown !== told) {
    const asked = told;
    if (await renew()) {
      shown = asked;
    } else {
      window.setTimeout(() => void follow(), AGAIN);
      break;
    }
  }
  busy = false;
}

/** Puts the parts in place as they are now; false where one of them is not yet. */
async function renew(): Promise<boolean> {
  try {
    // At a shared place, what the page does by itself keeps nobody signed in.
    const headers: Record<string, string> = isShared() ? { "X-Komainu-Fragment": "poll" } : {};
    const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual", headers });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    let whole = true;
    for (const part of all<HTMLElement>("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset["part"] ?? ""}"]`);
      if (!fresh) continue;
      // Whoever writes in it is not disturbed.
      if (isWrittenIn(part)) {
        whole = false;
        continue;
      }
      const folded = () => all<HTMLDetailsElement>("details", part);
      const open = new Set(folded().filter((one) => one.open).map(named));
      part.replaceChildren(...Array.from(fresh.childNodes));
      for (const one of folded()) one.open ||= open.has(named(one));
    }
    return whole;
  } catch {
    return false;
  }
}

/** What a folded part is known by, wherever it stands now. */
function named(part: HTMLDetailsElement): string {
  return part.id || (part.querySelector("summary")?.textContent ?? "");
}

function isWrittenIn(part: HTMLElement): boolean {
  const typed = all<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea", part);
  const writes = document.activeElement?.matches("input, textarea, select") ?? false;
  return (writes && part.contains(document.activeElement)) || typed.some((field) => field.value !== field.defaultValue);
}
