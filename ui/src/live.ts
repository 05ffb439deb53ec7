// A board that stays true: where the server says that there is news, the page is fetched and its part put in place.

const LIVE = "[data-live]";

/** Where the browser cannot listen, the page is as it was loaded. */
export function live(): void {
  const part = document.querySelector<HTMLElement>(LIVE);
  if (!part || typeof EventSource === "undefined") return;
  let shown: string | null = null;
  const source = new EventSource(part.dataset["live"] ?? "");
  source.addEventListener("news", (event) => {
    const version = (event as MessageEvent<string>).data;
    // The first word is how things stand as the page shows them.
    if (shown !== null && shown !== version) void renew(part);
    shown = version;
  });
  window.addEventListener("pagehide", () => source.close());
}

async function renew(part: HTMLElement): Promise<void> {
  // Whoever writes in it is not disturbed; the next news come anyway.
  if (part.contains(document.activeElement) && document.activeElement instanceof HTMLTextAreaElement) return;
  try {
    const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(LIVE);
    if (fresh) part.replaceChildren(...Array.from(fresh.childNodes));
  } catch {
    // No connection: the next news try again.
  }
}
