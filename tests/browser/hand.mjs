// What a person does on a page, by the words that stand there. Everything waits for what it did to show.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A field by its label, with or without the word that says whether it must be filled. */
export const field = (place, label) => place.getByLabel(new RegExp(`^${escaped(label)}(必須|任意)?$`));

/** A tile of a group by the first words on it. */
export const tile = (place, group, words) =>
  place.getByRole('group', { name: group }).getByRole('radio', { name: new RegExp(`^${escaped(words)}`) });

/** Taps a tile: the radio button or checkbox itself lies under the box that one sees. */
export async function tap(field) {
  await field.locator('xpath=ancestor::label').click();
  assert.ok(await field.isChecked(), 'the tile that was tapped is chosen');
}

/** Chooses a tile of a group. */
export const choose = (place, group, words) => tap(tile(place, group, words));

/** Chooses from a list by a part of the words. */
export async function select(place, label, words) {
  const list = field(place, label);
  await list.selectOption(await list.locator('option').filter({ hasText: words }).first().getAttribute('value'));
}

/** Opens a folded part of a page by a part of its line, where it is not open. */
export async function unfold(page, words) {
  const line = page.locator('main summary').filter({ hasText: words, visible: true }).first();
  await line.waitFor();
  if (!(await line.evaluate((it) => it.parentElement.open))) await line.click();
}

/** Does something that leads to another page and waits for that page. */
export async function turn(page, act) {
  await Promise.all([page.waitForEvent('domcontentloaded'), act()]);
}

/** Presses a button that leads to another page. */
export const press = (page, name, place = page) =>
  turn(page, () => place.getByRole('button', { name, exact: true }).click());

/** Follows a link. */
export const follow = (page, name, place = page) =>
  turn(page, () => place.getByRole('link', { name, exact: true }).first().click());

/** Opens a menu of the page's head by a part of its words and presses one of its buttons. */
export async function fromMenu(page, menu, name) {
  await page.locator('header summary').filter({ hasText: menu, visible: true }).click();
  await press(page, name, page.locator('header details[open]'));
}

/** Fills fields by their labels. */
export async function fill(place, texts) {
  for (const [label, text] of Object.entries(texts)) await field(place, label).fill(text);
}

/** Waits until a text is to be seen. */
export const see = (place, text) => place.getByText(text).filter({ visible: true }).first().waitFor();

/** The page's first heading. */
export const title = async (page) => (await page.locator('main h1').innerText()).replaceAll('\n', '');

/** What the fields of a form hold, by label. */
export async function typed(place, labels) {
  const texts = {};
  for (const label of labels) texts[label] = await field(place, label).inputValue();
  return texts;
}

/**
 * Holds a refused form to its promise: the summary takes the focus, its lines lead to the fields, and each field says why.
 * `faults` are pairs of a label and a part of the message. With `atFields` false the message stands in the summary alone, as it
 * is told of a form as a whole.
 */
export async function refused(page, faults, { atFields = true } = {}) {
  const summary = page.locator('main').getByRole('alert');
  await summary.waitFor();
  const line = summary.getByRole('link');
  assert.ok(await summary.evaluate((it) => it === document.activeElement), 'the summary of faults has the focus');
  assert.equal(await line.count(), faults.length, `the summary says: ${await summary.innerText()}`);
  for (const [label, words] of faults) {
    await line.filter({ hasText: words }).first().click();
    const at = await page.evaluate(() => {
      const field = document.activeElement;
      const group = field.closest('fieldset[aria-describedby]');
      const told = field.getAttribute('aria-describedby') ?? group?.getAttribute('aria-describedby') ?? '';
      const texts = told.split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
      return {
        label: (field.hasAttribute('aria-describedby') || !group ? field.labels?.[0] : group.querySelector('legend'))?.textContent ?? '',
        told: texts.filter((it) => it.checkVisibility()).map((it) => it.textContent).join(' '),
      };
    });
    assert.ok(at.label.includes(label), `「${words}」 leads to 「${at.label}」, not to 「${label}」`);
    if (atFields) assert.ok(at.told.includes(words), `「${label}」 itself says 「${at.told}」, not 「${words}」`);
  }
}

/** A file of so many bytes to be handed in, in a folder that goes with the test: from the disk, as through the browser's
 * protocol it would take its time. */
export async function large(folder, name, bytes) {
  const path = join(folder, name);
  await writeFile(path, Buffer.alloc(bytes, 'あ'));
  return path;
}

/** Downloads what a button or link hands over: its name and its bytes. */
export async function download(page, act) {
  const [file] = await Promise.all([page.waitForEvent('download'), act()]);
  assert.equal(await file.failure(), null);
  return { name: file.suggestedFilename(), path: await file.path(), bytes: await readFile(await file.path()) };
}

/** A day as people write it: so many days from today, in Japan. */
export function day(offset = 0) {
  const there = new Date(Date.now() + 9 * 3_600_000 + offset * 86_400_000);
  return { year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate() };
}

/** A day in the era that began in 2019, as pages show it. */
export const era = ({ year, month, day: of }) => `令和${year - 2018}年${month}月${of}日`;

/** The address of the round that a page lists. */
export const roundOn = async (page) => (await page.locator('main a[href*="/items/"]').first().getAttribute('href')).replace(/\/items\/.*/, '');

/** A device with a passkey inside it: a laptop's own (`internal`) or a key that is plugged in (`usb`). */
export async function device(page, transport) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport, hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

/** The digits that an app shows for a secret in Base32 (RFC 6238), `steps` of 30 seconds from now. */
export function digits(secret, steps = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const value = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(value % 1_000_000).padStart(6, '0');
}

/** The first administrator's registration, and a clinic of theirs. */
export async function settle(page, { email, password }) {
  await page.goto('/first-run');
  await page.fill('#f-name', '院長');
  await page.fill('#f-email', email);
  await page.fill('#f-password', password);
  await page.fill('#f-password_again', password);
  await page.click('main form button');
  await page.waitForURL('**/organisations/new');
  await page.fill('#f-name', 'あおぞら医院');
  await page.selectOption('#f-kind', 'clinic');
  await page.selectOption('#f-prefecture', '13');
  await page.check('input[name=role][value=director]');
  await page.click('form[action="/organisations/new"] button');
  await page.waitForURL((url) => url.pathname !== '/organisations/new');
}
