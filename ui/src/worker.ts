// What stays in a browser without a page (a service worker, served at /worker.js): it opens the page of a poster where there is
// no network, sends reports that wait, and shows what the house has somebody told. Everything else it leaves alone.

import { post } from "./report/post";
import { Queue } from "./report/queue";
import { openShelf } from "./report/shelf";
import { answer, forgetOld, isKept, keep } from "./worker/kept";
import { startPush } from "./worker/push";

/** An event that the browser waits for; its types are not among those of pages. */
interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Told extends Waiting {
  readonly data: unknown;
}

interface Minder extends EventTarget {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

/** What a page asks for. */
interface Wish {
  keep?: string;
  langs?: string[];
}

const worker = self as unknown as Minder;

worker.addEventListener("install", (event) => (event as Waiting).waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => (event as Waiting).waitUntil(forgetOld().then(() => worker.clients.claim())));
worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  if (isKept(request)) (event as Fetching).respondWith(answer(request));
});
worker.addEventListener("message", (event) => {
  const wish = ((event as Told).data ?? {}) as Wish;
  if (typeof wish.keep === "string" && Array.isArray(wish.langs)) (event as Told).waitUntil(keep(wish.keep, wish.langs));
});
// The line is back, though no page is open.
worker.addEventListener("sync", (event) => (event as Waiting).waitUntil(sendWaiting()));
startPush();

async function sendWaiting(): Promise<void> {
  const queue = new Queue(await openShelf(), post, Date.now, () => undefined);
  await queue.wake();
  const waits = (await queue.waiting()).some((entry) => entry.trouble === "");
  // The browser tries again later.
  if (waits) throw new Error("reports wait");
}
