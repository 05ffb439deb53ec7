// Pages that open without a network: those behind a poster, in three languages, and nothing else of the house.
//
// The server writes them out (/l/report/…/keep); they are kept by their addresses with the headers that they came with, so that
// a kept page is bound by the same policy. The network goes first and is not waited for long.

/** Changes when what is kept has another form. */
const CACHE = "komainu-report-1";
const OLD = "komainu-report-";
/** Below which pages are kept. */
const FRONT = "/l/report/";
const FILES = "/assets/";
/** How long the network may take before a kept page is shown. */
const PATIENCE_MS = 2_500;
/** Posters whose pages are kept at most; the one that was not looked at for longest goes first. */
const MOST = 5;
/** Files are let go of once there are so many: then some are of earlier versions. */
const MOST_FILES = 24;
/** Pages are fetched again when they are older, in milliseconds. */
const FRESH_MS = 6 * 3_600_000;
/** When a page was kept. */
const KEPT_AT = "x-kept-at";
/** What a kept page is told to a browser with. */
const HEADERS = ["content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"];

interface Kept {
  pages: Record<string, string>;
  files: string[];
}

/** Whether a request is for something that may be kept. */
export function isKept(request: Request): boolean {
  const address = new URL(request.url);
  const own = request.method === "GET" && address.origin === location.origin;
  if (!own || /\/(keep|manifest\.webmanifest)$/.test(address.pathname)) return false;
  return address.pathname.startsWith(FRONT) || address.pathname.startsWith(FILES);
}

/** The answer to such a request. */
export function answer(request: Request): Promise<Response> {
  return new URL(request.url).pathname.startsWith(FILES) ? file(request) : page(request);
}

/** A file's address changes with its content: what is kept is right. */
async function file(request: Request): Promise<Response> {
  return (await caches.match(request.url)) ?? fetch(request);
}

async function page(request: Request): Promise<Response> {
  const network = fetch(request);
  // Told below where nothing is kept.
  network.catch(() => undefined);
  const first = await Promise.race([network.catch(() => null), later(PATIENCE_MS)]);
  if (first && first.status < 500) {
    if (first.status === 404 && isBase(request.url)) await forget(baseOf(request.url));
    return first;
  }
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(request.url)) ?? (await cache.match(bare(request.url)));
  // What is none of the kept pages leads to the first of them rather than nowhere.
  return kept ?? first ?? network;
}

function later(ms: number): Promise<null> {
  return new Promise((done) => setTimeout(() => done(null), ms));
}

/** /l/report/TOKEN of an address. */
function baseOf(address: string): string {
  return new URL(address).pathname.split("/").slice(0, 4).join("/");
}

function isBase(address: string): boolean {
  return new URL(address).pathname === baseOf(address);
}

/** The address as the poster's code has it. */
function bare(address: string): string {
  return new URL(baseOf(address), location.origin).href;
}

/** Fetches and keeps a poster's pages; the first language is the one that its code opens without a network. */
export async function keep(base: string, langs: string[]): Promise<void> {
  if (!base.startsWith(FRONT)) return;
  const cache = await caches.open(CACHE);
  let files: string[] = [];
  for (const [at, lang] of langs.entries()) {
    if (await isFresh(cache, `${base}?lang=${lang}`)) continue;
    const told = await fetch(`${base}/keep?lang=${lang}`, { credentials: "omit", cache: "no-store" });
    if (told.status === 404) return forget(base);
    if (!told.ok) return;
    const kept = (await told.json()) as Kept;
    files = kept.files;
    for (const path of files) {
      if (!(await cache.match(path))) await cache.add(path);
    }
    const headers = headersOf(told);
    for (const [path, html] of Object.entries(kept.pages)) await cache.put(path, new Response(html, { headers }));
    const home = kept.pages[`${base}?lang=${lang}`];
    if (at === 0 && home !== undefined) {
      // Put anew, it is the last of the list: the one looked at latest.
      await cache.delete(base);
      await cache.put(base, new Response(home, { headers }));
    }
  }
  if (files.length > 0) await sweep(cache, files);
}

async function isFresh(cache: Cache, address: string): Promise<boolean> {
  const kept = await cache.match(address);
  return Date.now() - Number(kept?.headers.get(KEPT_AT) ?? "0") < FRESH_MS;
}

function headersOf(told: Response): Headers {
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", [KEPT_AT]: String(Date.now()) });
  for (const name of HEADERS) {
    const value = told.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

/** Lets go of posters beyond those that are kept, and of files of earlier versions. */
async function sweep(cache: Cache, files: string[]): Promise<void> {
  const addresses = (await cache.keys()).map((request) => request.url);
  const bases = addresses.filter((address) => isBase(address) && new URL(address).search === "").map(baseOf);
  for (const base of bases.slice(0, Math.max(0, bases.length - MOST))) await forget(base);
  const old = addresses.filter((address) => {
    const path = new URL(address).pathname;
    return path.startsWith(FILES) && !files.includes(path);
  });
  if (old.length > MOST_FILES) await Promise.all(old.map((address) => cache.delete(address)));
}

/** The poster is over: its pages go. */
async function forget(base: string): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (path === base || path.startsWith(`${base}/`)) await cache.delete(request);
  }
}

/** What earlier versions kept in another form goes. */
export async function forgetOld(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(OLD) && name !== CACHE) await caches.delete(name);
  }
}
