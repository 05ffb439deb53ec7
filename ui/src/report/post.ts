// Sending a report that waited.

import { judged } from "./queue";
import type { Report, Said } from "./queue";

/** How long a report may take on its way, and how much longer for each byte of its photograph, in milliseconds. */
const WAY_MS = 30_000;
const BYTE_MS = 0.05;

/** What ties a form to the session of this browser; somebody may have signed in or out since this page was made. */
let csrf: string | null = null;

/** Sends one report. A member's goes under nobody else's name than `person`'s. */
export function poster(person = ""): (report: Report) => Promise<Said> {
  return async (report) => {
    csrf ??= document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
    const first = await hand(report, csrf);
    if (first.status !== 403) return first.said;
    const answer = await bounded(baseOf(report.path), { cache: "no-store" }, WAY_MS);
    if (!answer.ok) return judged(answer.status, answer.headers.get("retry-after"), null);
    const page = await answer.text();
    // Somebody else is signed in by now, or nobody: it waits for whoever wrote it.
    if (person !== "" && !page.includes(`data-keep-key="${person}"`)) return { kind: "later", seconds: 0 };
    csrf = page.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    return (await hand(report, csrf)).said;
  };
}

/** The first page of a poster, or that on which members report. */
function baseOf(path: string): string {
  return path.split("/").slice(0, path.startsWith("/l/") ? 4 : 3).join("/");
}

async function hand(report: Report, mark: string): Promise<{ status: number; said: Said }> {
  const body = new FormData();
  for (const [name, value] of report.fields) body.append(name, value);
  if (report.photo) body.append("photo", report.photo, "photo.jpg");
  body.append("csrf", mark);
  const ms = WAY_MS + (report.photo?.size ?? 0) * BYTE_MS;
  const headers = { "X-Komainu-Fragment": "report" };
  const answer = await bounded(report.path, { method: "POST", body, headers, redirect: "manual" }, ms);
  const json: unknown = await answer.json().catch(() => null);
  return { status: answer.status, said: judged(answer.status, answer.headers.get("retry-after"), json) };
}

/** Asks, and does not wait for ever: a connection that comes and goes may leave a request without any answer. */
async function bounded(address: string, how: RequestInit, ms: number): Promise<Response> {
  const stop = new AbortController();
  // It bounds the answer's body as well.
  window.setTimeout(() => stop.abort(), ms);
  return fetch(address, { credentials: "same-origin", signal: stop.signal, ...how });
}
