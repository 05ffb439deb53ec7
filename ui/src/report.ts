// Reporting from a poster's page, also without a network: the page and its first aid are kept on the telephone, a report
// waits there and is sent when there is a connection, once. Without script the same form is sent as it is.
//
// <div data-report data-base="/l/report/…" data-keeps data-word-waiting data-word-sent>   on each of its pages
// <p data-waiting>             how many wait
// <section data-refused>       what the house would not take: [data-refused-list], button [data-refused-forget]
// <form data-report-form>      with sent_id, receipt, written_at, photo
// <section data-report-done>   shown instead of the form: [data-done-sent] or [data-done-kept], [data-receipt]

import { Queue, judged, newId, newReceipt } from "./report/queue";
import type { Report, Said } from "./report/queue";
import { shrunk } from "./report/photo";
import { shelf } from "./report/shelf";

/** The largest side of a photograph that is sent, in pixels. */
const SIDE = 1600;
/** How long a report may take on its way, and how much longer for each byte of its photograph, in milliseconds. */
const WAY_MS = 30_000;
const BYTE_MS = 0.05;
/** How often it is told what waits, at most. */
const TELL_MS = 200;

function main(): void {
  const place = document.querySelector<HTMLElement>("[data-report][data-keeps]");
  if (!place || !("indexedDB" in window)) return;
  const form = document.querySelector<HTMLFormElement>("form[data-report-form]");
  let [sentHere, telling] = [false, false];
  const queue = new Queue(shelf, {
    post,
    changed: (sent) => {
      sentHere = sentHere || sent.length > 0;
      const own = form ? hidden(form, "sent_id")?.value : undefined;
      // Told before that it is kept, and sent since.
      if (form?.hidden && own !== undefined && sent.includes(own)) done(form, true);
      // Of a thousand that are sent one after another, not each is worth looking through all of them.
      if (telling) return;
      telling = true;
      window.setTimeout(() => {
        telling = false;
        void tell(place, queue, sentHere);
      }, TELL_MS);
    },
    later: (run, ms) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
  });
  keep(place.dataset["base"] ?? "");
  const flush = () => void queue.flush();
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", flush);
  place.querySelector("[data-refused-forget]")?.addEventListener("click", () => void queue.forget());
  void tell(place, queue, false);
  flush();
  if (form) take(form, queue);
}

/** Has the worker keep this page and those that it leads to. */
function keep(base: string): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker
    .register("/worker.js", { scope: "/l/report/" })
    .then(() => navigator.serviceWorker.ready)
    .then((registered) => {
      const links = Array.from(document.querySelectorAll<HTMLAnchorElement>(`a[href^="${base}"]`));
      const assets = Array.from(document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use"));
      const addresses = assets.map((it) => it.getAttribute("href") ?? it.getAttribute("src") ?? "");
      const pages = [base, location.pathname, ...links.map((it) => it.pathname)];
      const all = [...pages, ...addresses.map((it) => it.split("#")[0] ?? "")].filter((it) => it.startsWith("/"));
      registered.active?.postMessage({ keep: Array.from(new Set(all)) });
    })
    .catch(() => {
      // Where pages cannot be kept, as without TLS, reporting works while there is a network.
    });
}

function hidden(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[type=hidden][name=${name}]`);
}

function take(form: HTMLFormElement, queue: Queue): void {
  // A page that was kept holds the names of an earlier report.
  const [id, receipt] = [hidden(form, "sent_id"), hidden(form, "receipt")];
  if (id) id.value = newId();
  if (receipt) receipt.value = newReceipt();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset["busy"]) return;
    form.dataset["busy"] = "yes";
    void send(form, queue).finally(() => delete form.dataset["busy"]);
  });
}

async function send(form: HTMLFormElement, queue: Queue): Promise<void> {
  const written = hidden(form, "written_at");
  if (written) written.value = String(Date.now());
  const data = new FormData(form);
  const photo = data.get("photo");
  data.delete("photo");
  data.delete("csrf");
  const report: Report = {
    id: String(data.get("sent_id")),
    path: new URL(form.action, location.href).pathname,
    fields: Array.from(data.entries()).map(([name, value]) => [name, String(value)]),
    photo: photo instanceof File && photo.size > 0 ? await shrunk(photo, SIDE) : null,
  };
  let became: "sent" | "kept" | "refused" | "mend";
  try {
    became = await queue.add(report);
  } catch {
    // The telephone has no room for it: then it goes at once, or the browser says that it cannot.
    became = "mend";
  }
  if (became === "mend") {
    // What is wrong with it is shown by the page that the server makes.
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  if (became === "refused") {
    document.querySelector<HTMLElement>("[data-refused]")?.focus();
    return;
  }
  done(form, became === "sent");
}

function done(form: HTMLFormElement, sent: boolean): void {
  const section = document.querySelector<HTMLElement>("[data-report-done]");
  if (!section) return;
  const show = (selector: string, shown: boolean) => {
    const it = section.querySelector<HTMLElement>(selector);
    if (it) it.hidden = !shown;
  };
  show("[data-done-sent]", sent);
  show("[data-done-kept]", !sent);
  const code = section.querySelector("[data-receipt]");
  if (code) code.textContent = hidden(form, "receipt")?.value ?? "";
  form.hidden = true;
  section.hidden = false;
  section.focus();
}

async function tell(place: HTMLElement, queue: Queue, sentHere: boolean): Promise<void> {
  const { waiting, refused } = await queue.kept();
  const line = place.querySelector<HTMLElement>("[data-waiting]");
  if (line) {
    line.hidden = waiting.length === 0 && !sentHere;
    const count = waiting.length;
    line.textContent = count > 0 ? `${place.dataset["wordWaiting"] ?? ""} ${count}` : (place.dataset["wordSent"] ?? "");
  }
  const section = place.querySelector<HTMLElement>("[data-refused]");
  const list = section?.querySelector("[data-refused-list]");
  if (!section || !list) return;
  section.hidden = refused.length === 0;
  list.textContent = "";
  list.append(...refused.map(lineOf));
}

/** What somebody wrote, for them to tell it in another way. */
function lineOf(report: Report): HTMLLIElement {
  const text = (name: string) => report.fields.find(([field]) => field === name)?.[1] ?? "";
  const at = new Date(Number(text("written_at")));
  const when = Number.isNaN(at.getTime()) ? "" : at.toLocaleString(document.documentElement.lang);
  const line = document.createElement("li");
  line.textContent = [when, text("place"), text("words")].filter((part) => part !== "").join(" ");
  return line;
}

/** What ties a form to the session of this browser; somebody may have signed in or out since this page was made. */
let csrf: string | null = null;

async function post(report: Report): Promise<Said> {
  csrf ??= document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
  const first = await hand(report, csrf);
  if (first.status !== 403) return first.said;
  const base = report.path.split("/").slice(0, 4).join("/");
  const answer = await bounded(base, { cache: "no-store" }, WAY_MS);
  if (!answer.ok) return judged(answer.status, answer.headers.get("retry-after"), null);
  csrf = (await answer.text()).match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
  return (await hand(report, csrf)).said;
}

async function hand(report: Report, csrf: string): Promise<{ status: number; said: Said }> {
  const body = new FormData();
  for (const [name, value] of report.fields) body.append(name, value);
  if (report.photo) body.append("photo", report.photo, "photo.jpg");
  body.append("csrf", csrf);
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

main();
