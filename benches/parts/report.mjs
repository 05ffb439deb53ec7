// The page that a poster opens: what it weighs in each language, how soon something is to be seen on a slow telephone, and
// a thousand reports that waited, sent over a connection that comes and goes.

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { browser, enter } from '../../tests/browser/house.mjs';
import { flap, keepReports, keptReports } from '../../tests/browser/flapping.mjs';
import { CHIEF, folder } from '../../tests/faults/house.mjs';
import { ROUNDS, short, sleep, spread, tell } from '../measure.mjs';
import { api, chief, token, within } from '../member.mjs';

const LANGS = ['ja', 'en', 'zh'];
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };
const WEIGHT = '≤ 30 KB';
const PAINT = '≤ 1 s';
/** What Lighthouse calls slow 4G and a telephone of the middle: each request takes a round trip, on 1.6 Mbit/s. */
const SLOW = { offline: false, latency: 150, downloadThroughput: (1_638.4 * 1000) / 8, uploadThroughput: (750 * 1000) / 8 };
const CPU = 4;
/** What the program on this computer does not need: a new connection with TLS is two round trips. */
const CONNECTING = 2 * SLOW.latency;
/** The browsers' developer tools mean this by slow 4G. */
const SLOWER = { offline: false, latency: 562.5, downloadThroughput: (1_440 * 1000) / 8, uploadThroughput: (675 * 1000) / 8 };
const MANY = 1_000;
/** The connection is lost at every so many reports. */
const EVERY = 10;
const PATIENCE = 900_000;

export async function measure() {
  const data = await folder('bench-report');
  const chrome = await browser();
  try {
    await within(join(data.path, 'house'), {}, async (house) => {
      const base = `http://127.0.0.1:${house.port}`;
      const poster = await hang(chrome, base, data.path);
      for (const lang of LANGS) await weigh(chrome, base, poster, lang);
      await everything(chrome, base, poster);
      const paints = { [SLOW.latency]: [], [SLOWER.latency]: [] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const how of [SLOW, SLOWER]) paints[how.latency].push(await paint(chrome, base, poster, how));
      }
      const [slow, slower] = [paints[SLOW.latency], paints[SLOWER.latency]];
      tell('first paint of the report page, slow 4G (150 ms, 1.6 Mbit/s), 4 times slower processor', { ours: spread(slow, ' ms') });
      const connecting = slow.map((ms) => ms + CONNECTING);
      tell('the same with a new connection over TLS, two round trips more', { ours: spread(connecting, ' ms'), target: PAINT });
      tell('first paint, the developer tools’ slow 4G (562.5 ms, 1.44 Mbit/s), same processor', { ours: spread(slower, ' ms') });
      tell('first paint without any network, page kept before, same processor', { ours: spread(await kept(chrome, base, poster), ' ms'), target: PAINT });
      await queue(chrome, base, poster, api(house.port, await token(await chief(house.port))));
    });
  } finally {
    await chrome.close();
    await data.remove();
  }
}

/** A telephone that was never here. */
async function phone(chrome, base, lang, more = {}) {
  const context = await chrome.newContext({ locale: 'ja', baseURL: base, ...PHONE, ...more });
  context.setDefaultTimeout(60_000);
  await context.addCookies([{ name: 'komainu-lang', value: lang, url: base }]);
  return context.newPage();
}

/** Makes a poster for the whole house and answers where its code leads. */
async function hang(chrome, base, path) {
  const page = await (await chrome.newContext({ locale: 'ja', baseURL: base })).newPage();
  await enter(page, CHIEF);
  await page.goto('/near-miss/posters');
  const csrf = await page.locator('main form input[name=csrf]').first().inputValue();
  const answer = await page.request.post('/near-miss/posters', { form: { csrf, place: 'everywhere' }, headers: { origin: base } });
  assert.equal(answer.status(), 200, await answer.text());
  const file = join(path, 'poster.pdf');
  await writeFile(file, await answer.body());
  await page.context().close();
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return text.replace(/\s/g, '').match(/\/l\/report\/[\w-]+/)[0];
}

const KB = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/** What goes over the wire on the first visit, headers and all, and what it is when unpacked. */
async function weigh(chrome, base, poster, lang) {
  const page = await phone(chrome, base, lang, { serviceWorkers: 'block' });
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  const addresses = new Map();
  const parts = { page: 0, style: 0, script: 0, pictures: 0 };
  let unpacked = 0;
  const of = (url) => (/\.svg$/.test(url) ? 'pictures' : /\.css$/.test(url) ? 'style' : /\.js$/.test(url) ? 'script' : 'page');
  wire.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  wire.on('Network.dataReceived', ({ requestId, dataLength }) => {
    if (of(new URL(addresses.get(requestId) ?? base).pathname) !== 'pictures') unpacked += dataLength;
  });
  wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    parts[of(new URL(addresses.get(requestId) ?? base).pathname)] += encodedDataLength;
  });
  await page.goto(poster, { waitUntil: 'networkidle' });
  assert.equal(await page.locator('.symptoms a').count(), 12, 'the page itself');
  const all = parts.page + parts.style + parts.script;
  tell(`report page before pictures, first visit, ${lang}`, {
    ours: `${KB(all)} (page ${KB(parts.page)}, style ${KB(parts.style)}, script ${KB(parts.script)}), unpacked ${KB(unpacked)}; pictures ${KB(parts.pictures)}`,
    target: WEIGHT,
  });
  await page.context().close();
}

/** Everything of a first visit, with what the worker keeps behind the page for the time without a network. */
async function everything(chrome, base, poster) {
  const page = await phone(chrome, base, 'ja', { serviceWorkers: 'block' });
  await page.goto(poster);
  const found = await page.evaluate((poster) => {
    const all = Array.from(document.querySelectorAll(`a[href^="${poster}"], link[href], script[src], use`));
    return all.map((it) => it.getAttribute('href') ?? it.getAttribute('src'));
  }, poster);
  const addresses = new Set([poster, '/worker.js', ...found.map((it) => it.split('#')[0])].filter((it) => it.startsWith('/')));
  await page.context().close();
  let bytes = 0;
  for (const address of addresses) bytes += await packed(base + address);
  tell(`all that a first visit fetches, with ${addresses.size} pages and files kept for the time without a network`, { ours: KB(bytes) });
}

/** What an answer weighs on its way, without its headers. */
function packed(address) {
  return new Promise((done, failed) => {
    const headers = { cookie: 'komainu-lang=ja', 'accept-encoding': 'gzip' };
    const sent = get(address, { headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk) => (bytes += chunk.length));
      answer.on('error', failed);
      answer.on('end', () => (answer.statusCode === 200 ? done(bytes) : failed(new Error(`${address}: ${answer.statusCode}`))));
    });
    sent.on('error', failed);
  });
}

async function throttle(page, how) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  if (how) await wire.send('Network.emulateNetworkConditions', how);
  await wire.send('Emulation.setCPUThrottlingRate', { rate: CPU });
}

/** When something was to be seen first, in milliseconds from the asking. */
async function painted(page) {
  for (let left = 200; left > 0; left -= 1) {
    const at = await page.evaluate(() => performance.getEntriesByType('paint').find((it) => it.name === 'first-contentful-paint')?.startTime);
    if (at !== undefined) return at;
    await sleep(50);
  }
  throw new Error('nothing was painted');
}

async function paint(chrome, base, poster, how) {
  const page = await phone(chrome, base, 'ja');
  await throttle(page, how);
  await page.goto(poster, { waitUntil: 'load' });
  const at = await painted(page);
  await page.context().close();
  return at;
}

/** The page that the telephone kept, again and again without a network. */
async function kept(chrome, base, poster) {
  const page = await phone(chrome, base, 'ja');
  await page.goto(poster);
  await page.evaluate(async (poster) => {
    await navigator.serviceWorker.ready;
    const style = document.querySelector('link[rel=stylesheet]').href;
    const there = async () => (await caches.match(poster)) && (await caches.match(style));
    for (let round = 0; round < 200 && !(await there()); round += 1) await new Promise((done) => setTimeout(done, 100));
  }, poster);
  await page.context().setOffline(true);
  await throttle(page);
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(poster, { waitUntil: 'load' });
    times.push(await painted(page));
  }
  await page.context().close();
  return times;
}

/** A thousand reports that waited, and a connection that is lost a hundred times. */
async function queue(chrome, base, poster, ask) {
  const page = await phone(chrome, base, 'ja', { serviceWorkers: 'block' });
  await page.goto(poster);
  await page.context().setOffline(true);
  const words = Array.from({ length: MANY }, (_, at) => `queue-${at}`);
  await keepReports(page, `${poster}/printer`, words);
  const lost = await flap(page, EVERY);
  const began = performance.now();
  await page.context().setOffline(false);
  while ((await keptReports(page)) > 0) {
    assert.ok(performance.now() - began < PATIENCE, `still ${await keptReports(page)} on the telephone`);
    await sleep(200);
  }
  const took = performance.now() - began;
  await page.context().close();
  const came = [];
  let after = '';
  do {
    const part = await ask('GET', `/near-misses?limit=100${after}`);
    came.push(...part.items.map((it) => it.detail.words).filter((text) => text.startsWith('queue-')));
    after = part.next ? `&after=${encodeURIComponent(part.next)}` : '';
  } while (after);
  const different = new Set(came);
  tell(`${MANY.toLocaleString('en')} reports over a connection that was lost ${lost()} times`, {
    ours: `${words.filter((text) => !different.has(text)).length} lost, ${came.length - different.size} doubled, in ${short(took / 1000)} s`,
    target: '0 lost, 0 doubled',
  });
  assert.deepEqual([came.length, different.size], [MANY, MANY]);
}
