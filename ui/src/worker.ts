// The worker that keeps a poster's pages on the telephone: the first aid is there when the network is not. It touches
// nothing but those pages and what they are drawn with. Where a browser asked to be told, it shows what it is told.

interface Scope {
  addEventListener(kind: string, heard: (event: Heard) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; openWindow(address: string): Promise<unknown> };
  registration: { showNotification(title: string, options: object): Promise<void> };
}

interface Heard extends Event {
  request: Request;
  data: unknown;
  notification: { data: unknown; close(): void };
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const scope = self as unknown as Scope;
const KEPT = "komainu-report";
/** How long a page is waited for before the kept one is shown, in milliseconds. */
const PATIENCE = 3000;

scope.addEventListener("install", (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", (event) => {
  const { keep } = (event.data ?? {}) as { keep?: string[] };
  if (Array.isArray(keep)) event.waitUntil(keepAll(keep));
});
scope.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
  else if (pathname.startsWith("/l/report/") && !pathname.endsWith("/receipt")) event.respondWith(page(event.request));
});

scope.addEventListener("push", (event) => event.waitUntil(show(event.data as { json(): unknown } | null)));
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(scope.clients.openWindow(own(event.notification.data)));
});

/** What a push says: platform/notify/src/push.rs writes it. */
interface Told {
  title?: string;
  text?: string;
  url?: string;
  urgent?: boolean;
  key?: string;
}

/** Shows a push. One that cannot be read is shown as well: a browser that is told and shows nothing is told no more. */
async function show(data: { json(): unknown } | null): Promise<void> {
  let told: Told = {};
  try {
    told = (data?.json() ?? {}) as Told;
  } catch {
    // Shown without words.
  }
  await scope.registration.showNotification(told.title || "Komainu", {
    body: told.text ?? "",
    // A message that comes twice takes its own place.
    tag: told.key ?? "",
    data: told.url ?? "",
    requireInteraction: told.urgent === true,
  });
}

/** A page of the house, whatever a push says. */
function own(address: unknown): string {
  try {
    const url = new URL(String(address), location.origin);
    return url.origin === location.origin ? url.href : "/";
  } catch {
    return "/";
  }
}

async function keepAll(addresses: string[]): Promise<void> {
  const kept = await caches.open(KEPT);
  await Promise.all(
    addresses.map(async (address) => {
      // What has a hash in its name is there for good.
      if (address.startsWith("/assets/") && (await kept.match(address))) return;
      const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
      if (answer?.ok) await kept.put(address, answer);
    }),
  );
}

/** Named by its content: the kept one is the right one. */
async function asset(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** The page of now, and where there is no network or none that answers soon, the one that was kept. */
async function page(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true, ignoreSearch: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone());
    // A house that is down, or asked too much, says nothing that helps whoever stands before it.
    return kept && (answer.status >= 500 || answer.status === 429) ? kept : answer;
  });
  if (!kept) return fresh;
  const late = new Promise<Response>((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}
