// Every page that the demo's people can reach: found by following links, audited at two widths, and looked through in three
// languages. It takes longest, and journeys begin in the order of their names.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, fits, program, speak, visitor, watched } from './house.mjs';

let house, chrome;
before(async () => {
  house = await program('demo');
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** The route behind an address: ids and item names become a star, so that one page of a kind is looked at. */
const kind = (path) =>
  path
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')
    .replace(/\/items\/[^/]+/, '/items/*')
    .replace(/\/steps\/[^/]+/, '/steps/*')
    .replace(/\/20\d\d(?=\/|$)/g, '/*');

/** Follows links from the first page and answers one address a kind. */
async function reachable(page) {
  const found = new Map();
  const waiting = ['/', '/account', '/organisations'];
  const seen = new Set(waiting);
  while (waiting.length > 0 && found.size < 120) {
    const path = waiting.shift();
    const answer = await page.goto(path, { waitUntil: 'domcontentloaded' }).catch(() => null);
    if (!answer || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    assert.ok(answer.status() < 500, `${path} answers ${answer.status()}`);
    assert.notEqual(answer.status(), 404, `${path} is linked but not there`);
    found.set(kind(new URL(page.url()).pathname), path);
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href').split('#')[0]));
    for (const link of links) {
      const url = new URL(link, page.url());
      if (/^\/(help|licence|assets)|\/(file|download|filled)$/.test(url.pathname) || url.pathname.includes('/evidence/')) continue;
      if (!seen.has(kind(url.pathname))) {
        seen.add(kind(url.pathname));
        waiting.push(url.pathname + url.search);
      }
    }
  }
  return [...found.values()];
}

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 780 };

/** Does something with addresses in two windows of one person side by side, as one window keeps but one core busy. */
async function each(windows, paths, work) {
  const waiting = [...paths];
  await Promise.all(windows.map(async (page) => {
    for (let path = waiting.shift(); path; path = waiting.shift()) {
      await page.goto(path);
      await work(page, path);
    }
  }));
}

const CHIEF = '病院事務長';

for (const who of [CHIEF, '看護師長', '立入検査担当']) {
  test(`every page of ${who} is accessible in every language`, async () => {
    const page = await visitor(chrome, house.base);
    await enter(page, who);
    const paths = await reachable(page);
    assert.ok(paths.length >= (who === CHIEF ? 20 : 3), `only ${paths.length} pages found`);
    const windows = [page, watched(await page.context().newPage())];
    await each(windows, paths, (window, path) => audit(window, `desk ${path}`));
    for (const window of windows) {
      await window.setViewportSize(PHONE);
      await window.emulateMedia({ colorScheme: 'dark' });
    }
    await each(windows, paths, (window, path) => audit(window, `phone ${path}`));
    // Words differ by language, parts and colours do not: who sees most looks in every language, at both widths.
    for (const lang of who === CHIEF ? ['en', 'zh'] : []) {
      await speak(page, lang);
      await each(windows, paths, async (window, path) => {
        await fits(window, `${lang} phone ${path}`);
        await window.setViewportSize(DESK);
        await fits(window, `${lang} desk ${path}`);
        await window.setViewportSize(PHONE);
      });
    }
    await page.context().close();
  });
}

test('the pages before sign-in are accessible', async () => {
  const page = await visitor(chrome, house.base);
  for (const lang of ['ja', 'en', 'zh']) {
    await page.goto('/sign-in');
    await speak(page, lang);
    for (const path of ['/sign-in', '/invitation/none', '/no-such-page']) {
      await page.goto(path);
      await audit(page, `${lang} ${path}`);
    }
  }
  await page.context().close();
});
