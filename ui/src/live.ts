// A board that stays true: where the server says that there is news, the page is fetched and its parts put in place.
//
// [data-live] names where the server tells of news; [data-part=NAME] are the parts of the page that follow.

import { all, isShared } from "./dom";

/** Where the browser cannot listen, the page is as it was loaded. */
export function live(): void {
  const listener = document.querySelector<HTMLElement>("[data-live]");
  if (!listener || typeof EventSource === "undefined") return;
  let shown: string | null = null;
  const source = new EventSource(listener.dataset["live"] ?? "");
  source.addEventListener("news", (event) => {
    const version = (event as MessageEvent<string>).data;
    // The first word is how things stand as the page shows them.
    if (shown !== null && shown !== version) void renew();
    shown = version;
  });
  window.addEventListener("pagehide", () => source.close());
}

async function renew(): Promise<void> {
  try {
    // At a shared place, what the page does by itself keeps nobody signed in.
    const headers: Record<string, string> = isShared() ? { "X-Komainu-Fragment": "poll" } : {};
    const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual", headers });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of all<HTMLElement>("[data-part]")) {
      const fresh = page.querySelector(`[data-part="${part.dataset["part"] ?? ""}"]`);
      // Whoever writes in it is not disturbed; the next news come anyway.
      if (!fresh || isWrittenIn(part)) continue;
      const open = all<HTMLDetailsElement>("details", part).map((one) => one.open);
      part.replaceChildren(...Array.from(fresh.childNodes));
      all<HTMLDetailsElement>("details", part).forEach((one, at) => (one.open ||= open[at] ?? false));
    }
  } catch {
    // No connection: the next news try again.
  }
}

function isWrittenIn(part: HTMLElement): boolean {
  const typed = all<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea", part);
  const writes = document.activeElement?.matches("input, textarea, select") ?? false;
  return (writes && part.contains(document.activeElement)) || typed.some((field) => field.value !== field.defaultValue);
}
