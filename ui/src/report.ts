// Reporting from a poster's page, also without a network: the page and its first aid are kept on the telephone, a report
// waits there and is sent when there is a connection, once. Without script the same form is sent as it is.
//
// <div data-report data-base="/l/report/…" data-keeps data-word-waiting data-word-sent>   on each of its pages
//     with data-kept="/near-miss/kept" on a member's: not these pages are kept, but their bare copies that lie there
// <form data-report-form>    with sent_id, receipt, written_at, photo
// <section data-report-done> shown instead of the form: [data-done-sent] or [data-done-kept], [data-receipt]

import { isShared } from "./dom";
import { ownReports } from "./report/own";
import { poster } from "./report/post";
import { Queue, newId, newReceipt } from "./report/queue";
import type { Report } from "./report/queue";
import { shrunk } from "./report/photo";

/** The largest side of a photograph that is sent, in pixels. */
const SIDE = 1600;
/** The report that somebody has before them: they are told what is wrong with it. */
let before: string | null = null;

function main(): void {
  const place = document.querySelector<HTMLElement>("[data-report][data-keeps]");
  if (!place || !("indexedDB" in window)) return;
  const [base, kept] = [place.dataset["base"] ?? "", place.dataset["kept"] ?? ""];
  if (kept !== "" && isShared()) return;
  const person = kept === "" ? "" : (document.body.dataset["keepKey"] ?? "");
  const queue = person === "" ? new Queue(base, poster()) : new Queue(base, poster(person), ownReports(person));
  keep(base, kept);
  const flush = () => void queue.flush().then((sent) => tell(place, queue, sent));
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", flush);
  flush();
  const form = document.querySelector<HTMLFormElement>("form[data-report-form]");
  if (form) take(form, queue);
}

/** Has the worker keep this page and those that it leads to, or their copies. */
function keep(base: string, kept: string): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker
    .register("/worker.js", { scope: kept === "" ? "/l/report/" : "/near-miss" })
    .then(() => navigator.serviceWorker.ready)
    .then((registered) => {
      const links = Array.from(document.querySelectorAll<HTMLAnchorElement>(`a[href^="${base}"]`));
      const assets = Array.from(document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use"));
      const addresses = assets.map((it) => it.getAttribute("href") ?? it.getAttribute("src") ?? "");
      const here = [base, location.pathname, ...links.map((it) => it.pathname)].filter((it) => it.startsWith(base));
      const pages = kept === "" ? here : here.map((it) => kept + it.slice(base.length));
      const all = [...pages, ...addresses.map((it) => it.split("#")[0] ?? "")].filter((it) => it.startsWith("/"));
      registered.active?.postMessage({ keep: Array.from(new Set(all)), own: kept !== "" });
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
    send(form, queue)
      // Where the browser keeps nothing, as in some private windows, the form is sent as it is.
      .catch(() => HTMLFormElement.prototype.submit.call(form))
      .finally(() => {
        before = null;
        delete form.dataset["busy"];
      });
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
  before = report.id;
  await queue.put(report);
  const sent = await queue.flush();
  const refused = queue.refused.get(report.id);
  if (refused !== undefined) {
    // The server says what is wrong with it; it is shown by the page that the server makes.
    await queue.drop(report.id);
    HTMLFormElement.prototype.submit.call(form);
    return;
  }
  done(form, sent.includes(report.id));
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

async function tell(place: HTMLElement, queue: Queue, sent: string[]): Promise<void> {
  const line = place.querySelector<HTMLElement>("[data-waiting]");
  if (!line) return;
  const waiting = await queue.count();
  line.hidden = waiting === 0 && sent.length === 0;
  line.textContent = waiting > 0 ? `${place.dataset["wordWaiting"] ?? ""} ${waiting}` : (place.dataset["wordSent"] ?? "");
}

main();
