// What every browser test needs: a running program, a browser, and the audit of a page.

import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from '../../ui/node_modules/playwright-core/index.mjs';
import { AxeBuilder } from '../../ui/node_modules/@axe-core/playwright/dist/index.mjs';

const CHROMIUM = process.env.KOMAINU_CHROMIUM ?? '/usr/bin/chromium';
/** A folder for a picture of every audited page, at desk and phone width; none are taken without it. */
const PICTURES = process.env.KOMAINU_PICTURES;
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** The browser reports every refused form and every lost connection; both are answers of a test, not complaints. */
const ANSWERS = /status of (401|403|404|409|413|422|429)|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_)/;

/** The steps of a journey, to be used as `test`: when one fails, the later ones have nothing to stand on and are left out. */
export function journey() {
  let broken = false;
  return (name, walk) =>
    test(name, { timeout: 300_000 }, async (step) => {
      if (broken) return step.skip('an earlier step failed');
      broken = true;
      try {
        await walk(step);
      } catch (error) {
        for (const page of open) console.error(await shown(page));
        throw error;
      }
      broken = false;
    });
}

/** The pages that are open, and what one of them shows, to be told when a step fails. */
const open = new Set();
async function shown(page) {
  const text = await page.locator('body').innerText({ timeout: 1000 }).catch(String);
  return `\n${page.url()}\n${text.replace(/\s*\n\s*/g, '\n').slice(0, 3000)}\n`;
}

/**
 * Starts the program; `command` is `serve` or `demo`. It takes a fresh data folder and a free port unless it comes back to
 * the ones of a program that crashed.
 */
export async function program(command, crashed, more = []) {
  const data = crashed?.data ?? (await mkdtemp(join(tmpdir(), 'komainu-browser-')));
  const port = crashed ? new URL(crashed.base).port : '0';
  const child = spawn(process.env.KOMAINU_BIN, [command, '--port', port, '--data', data, '--log', 'warn', ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('exit', (code) => done(code)));
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
    /** Ends it as a power cut would; what it had acknowledged must be in the data folder. */
    async crash() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      await rm(data, { recursive: true, force: true });
      assert.equal(code, 0, 'the program ends well when asked to');
    },
  };
}

/** Makes an account from the command line, as whoever runs the program does; the first may found organisations. */
export function account(house, { email, name, password }) {
  execFileSync(process.env.KOMAINU_BIN, ['user', 'add', email, name, '--data', house.data], { input: password, stdio: ['pipe', 'ignore', 'inherit'] });
}

/** A browser for the whole test file. */
export function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

/** A page in a context of its own, which collects what the browser complains about. */
export async function visitor(browser, base, options = {}) {
  const context = await browser.newContext({ locale: 'ja', viewport: { width: 1280, height: 900 }, baseURL: base, ...options });
  context.setDefaultTimeout(30_000);
  const page = watched(await context.newPage());
  page.scripted = options.javaScriptEnabled !== false;
  return page;
}

/** A page whose complaints are collected. */
export function watched(page) {
  page.complaints = [];
  open.add(page);
  page.on('close', () => open.delete(page));
  page.on('console', (message) => {
    if (message.type() === 'error' && !ANSWERS.test(message.text())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/** A page without scripts as one in which the audit's own can run; ours stay out of it. */
async function copied(page) {
  const options = { viewport: page.viewportSize(), colorScheme: await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) };
  const context = await page.context().browser().newContext({ ...options, storageState: await page.context().storageState() });
  const copy = await context.newPage();
  const body = await page.content();
  await copy.route('**/*.js', (route) => route.abort());
  await copy.route(page.url(), (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  await copy.goto(page.url());
  return copy;
}

/** Holds a page against WCAG 2.2 AA and the rules of the house. */
export async function audit(page, name) {
  if (page.scripted === false) {
    const copy = await copied(page);
    copy.complaints = page.complaints;
    await audit(copy, name);
    return copy.context().close();
  }
  if (PICTURES) await picture(page, name);
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const faults = result.violations.map(
    (fault) => `${fault.id}: ${fault.help}\n    ${fault.nodes.slice(0, 3).map((node) => node.target.join(' ')).join('\n    ')}`,
  );
  assert.deepEqual(faults, [], `${name} (${page.url()})`);
  await fits(page, name);
}

/** The part of the audit that depends on words and widths: nothing sticks out, no message is unfilled, no complaint. */
export async function fits(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window (${page.url()})`);
  const raw = await page.evaluate(() => document.body.innerText.match(/\{\s*\$\w+\s*\}|Unknown localization|⁨/)?.[0] ?? null);
  assert.equal(raw, null, `${name} shows an unfilled message`);
  assert.deepEqual(page.complaints, [], `${name}: the browser complained`);
}

/** For people to look at; a page that was sent is not asked for again, only the window changes. */
async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  const file = (width) => join(PICTURES, `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${width}.png`);
  const before = page.viewportSize();
  for (const size of [{ width: 1280, height: 900 }, { width: 360, height: 780 }]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: file(size.width), fullPage: true });
  }
  await page.setViewportSize(before);
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

/** Audits a page in every language and, unless it is one already, on a telephone. */
export async function look(page, name, { phone = true } = {}) {
  for (const lang of ['en', 'zh', 'ja']) {
    await speak(page, lang);
    await page.reload();
    await audit(page, `${lang} ${name}`);
  }
  if (!phone) return;
  await page.setViewportSize({ width: 360, height: 780 });
  await audit(page, `phone ${name}`);
  await page.setViewportSize({ width: 1280, height: 900 });
}
