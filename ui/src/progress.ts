// Long work: [data-poll="/url"] is asked again and again (X-Komainu-Fragment: poll), its content replaced, until
// the content holds [data-done]. Without script the page says "reload"; with it nobody has to.
// data-poll-every="15" asks every so many seconds, for news that can wait.

import { all, replaceContent } from "./dom";

const FIRST_MS = 1_000;
const LATER_MS = 2_000;

export function startPolling(): void {
  for (const place of all<HTMLElement>("[data-poll]")) void poll(place, place.dataset["poll"] ?? "");
}

async function poll(place: HTMLElement, url: string): Promise<void> {
  const every = Number(place.dataset["pollEvery"] ?? "0") * 1_000;
  let shown = "";
  for (let turn = 0; !place.querySelector("[data-done]"); turn += 1) {
    const wait = every > 0 ? every : turn < 10 ? FIRST_MS : LATER_MS;
    await new Promise((done) => window.setTimeout(done, wait));
    if (document.hidden) continue;
    try {
      const response = await fetch(url, { headers: { "X-Komainu-Fragment": "poll" }, credentials: "same-origin" });
      if (response.status >= 400 && response.status < 500) return;
      const html = response.ok ? await response.text() : shown;
      if (html !== shown) replaceContent(place, html);
      shown = html;
    } catch {
      // Not connected for a moment: the next turn asks again.
    }
  }
}
