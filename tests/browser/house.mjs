// What every browser test needs: a running program, a browser, and the audit of a page.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { chromium } from '../../ui/node_modules/playwright-core/index.mjs';
import { AxeBuilder } from '../../ui/node_modules/@axe-core/playwright/dist/index.mjs';

const CHROMIUM = process.env.KOMAINU_CHROMIUM ?? '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts the program on a free port and a fresh data folder; `command` is `serve` or `demo`. */
export async function program(command) {
  const data = await mkdtemp(join(tmpdir(), 'komainu-browser-'));
  const child = spawn(process.env.KOMAINU_BIN, [command, '--port', '0', '--data', data, '--log', 'warn'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const base = await new Promise((found, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const address = text.match(/http:\/\/\S+/);
      if (address) found(address[0]);
    });
    child.on('exit', (code) => failed(new Error(`the program ended with ${code}: ${text}`)));
  });
  return {
    base,
    data,
    async stop() {
      const ended = new Promise((done) => child.on('exit', (code) => done(code)));
      child.kill('SIGTERM');
      const code = await ended;
      await rm(data, { recursive: true, force: true });
      assert.equal(code, 0, 'the program ends well when asked to');
    },
  };
}

/** A browser for the whole test file. */
export function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** A page in a context of its own, which collects what the browser complains about. */
export async function visitor(browser, base, options = {}) {
  const context = await browser.newContext({ locale: 'ja', viewport: { width: 1280, height: 900 }, baseURL: base, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    // A refused form is an answer, not a complaint: the browser reports every status from 400 on.
    if (message.type() === 'error' && !/status of (401|404|409|422)/.test(message.text())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/** Holds a page against WCAG 2.2 AA and the rules of the house. */
export async function audit(page, name) {
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const faults = result.violations.map(
    (fault) => `${fault.id}: ${fault.help}\n    ${fault.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('\n    ')}`,
  );
  assert.deepEqual(faults, [], `${name} (${page.url()})`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window (${page.url()})`);
  const raw = await page.evaluate(() => document.body.innerText.match(/\{\s*\$\w+\s*\}|Unknown localization|⁨/)?.[0] ?? null);
  assert.equal(raw, null, `${name} shows an unfilled message`);
  assert.deepEqual(page.complaints, [], `${name}: the browser complained`);
}

/** Signs in through a card of the demo, by a part of its text. */
export async function enter(page, text) {
  await page.goto('/sign-in');
  await page.locator('form, article, li').filter({ hasText: text }).locator('button').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Changes the language by the switch's own form. */
export async function speak(page, lang) {
  await page.context().addCookies([{ name: 'komainu-lang', value: lang, url: new URL(page.url()).origin }]);
}
