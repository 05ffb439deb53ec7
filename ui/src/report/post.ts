// A report's way to the server, and what its answer means. The page and the worker send alike.

import type { Answer, Loaded } from "./queue";

/** Longer than a photograph takes over a bad line, and shorter than a claim. */
const PATIENCE_MS = 120_000;

export async function post(entry: Loaded): Promise<Answer> {
  const answer = await send(entry, true);
  // Too large with its photographs: what was seen counts more than its picture.
  if (answer.status !== 413 || entry.photos.length === 0) return meaning(answer);
  const without = await meaning(await send(entry, false));
  return without.kind === "taken" ? { kind: "taken", left: ["", ...without.left] } : without;
}

function send(entry: Loaded, photos: boolean): Promise<Response> {
  const data = new FormData();
  for (const [name, value] of entry.fields) data.append(name, value);
  for (const photo of photos ? entry.photos : []) data.append("photo", new Blob([photo.bytes], { type: photo.type }), photo.name);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  return fetch(`${entry.base}/send`, {
    method: "POST",
    body: data,
    headers: { "X-Komainu-Fragment": "report" },
    // A poster's page is nobody's: whoever is signed in in the same browser has nothing to do with it.
    credentials: entry.house === "" ? "same-origin" : "omit",
    redirect: "error",
    cache: "no-store",
    signal: patience.signal,
  }).finally(() => clearTimeout(timer));
}

async function meaning(answer: Response): Promise<Answer> {
  if (answer.ok) {
    const told = (await answer.json()) as { state?: string; left?: string[] };
    // Anything else answered: the page of a hotel's network, a proxy.
    return told.state === "taken" ? { kind: "taken", left: told.left ?? [] } : { kind: "later", ms: 0 };
  }
  switch (answer.status) {
    case 404:
      return { kind: "over" };
    case 400:
    case 413:
    case 415:
    case 422:
      return { kind: "refused" };
    default:
      return { kind: "later", ms: 1_000 * Number(answer.headers.get("Retry-After") ?? "0") || 0 };
  }
}
