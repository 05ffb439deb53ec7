// A poster in a real browser: made and printed at the desk, opened on a telephone by somebody without an account, in three
// languages, with a network and without one; what became of it; and the poster withdrawn.

import { execFileSync } from 'node:child_process';
import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { choose, download, fill, follow, press, refused, see, title, turn } from './hand.mjs';

const PHONE = { width: 360, height: 780 };
/** What the page may weigh as it travels, before its drawings, and how long a slow telephone may take to show it. */
const LIGHT = 30_000;
const FIRST_PAINT_MS = 1_000;
/** A line of a telephone on a bad day (bytes a second, milliseconds), and a processor of a quarter of this one's speed. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
const SLOW_PROCESSOR = 4;

const step = journey();
let house, chrome, director, phone, path, code;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  director = await visitor(chrome, house.base);
  await enter(director, '病院事務長');
  // A telephone in a browser of its own, which nobody is signed in with.
  phone = await visitor(chrome, house.base, { viewport: PHONE });
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** The path that a poster's code leads to: it stands below the code as text, too. */
function addressed(file) {
  const text = execFileSync('pdftotext', [file, '-']).toString().replace(/\s/g, '');
  return new URL(text.match(/http:\/\/[^/]+\/l\/report\/[\w-]{43}/)[0]).pathname;
}

/** Makes a poster for anywhere; where it leads. */
async function hang() {
  await director.goto('/near-miss/posters');
  await director.locator('input[name=at][value=house]').locator('xpath=ancestor::label').click();
  const file = await download(director, () => director.getByRole('button', { name: 'ポスターのPDFを作る', exact: true }).click());
  assert.equal(file.bytes.subarray(0, 4).toString(), '%PDF');
  return addressed(file.path);
}

const sight = (page, words) => turn(page, () => page.getByRole('link', { name: words }).click());
const state = (page, words) => page.locator('[data-report-state]').filter({ hasText: words }).waitFor();
const shown = (page) => page.locator('[data-report-code]').innerText();

/** Waits until the browser keeps this poster's pages in every language. */
async function kept(page) {
  await page.waitForFunction(
    async (at) => {
      const found = await Promise.all(['ja', 'en', 'zh'].map((lang) => caches.match(`${at}/see/printer?lang=${lang}`)));
      return found.every(Boolean) && (await caches.match(at));
    },
    path,
    { timeout: 60_000 },
  );
}

step('posters are made for places, a page each, and listed', async () => {
  await director.goto('/near-miss/posters');
  await look(director, 'posters, none yet', { phone: false });
  await press(director, 'ポスターのPDFを作る');
  await refused(director, [['貼る場所', '貼る場所を選んでください']]);
  await audit(director, 'posters without a place');
  path = await hang();
  await director.goto('/near-miss/posters');
  await see(director, 'まだ使われていません');
  await look(director, 'posters');
});

step('contacts are shown to strangers only where the house chose them', async () => {
  await phone.goto(path);
  assert.equal(await phone.locator('a[href^="tel:"]').count(), 0);
  await director.locator('input[name=contact]').first().locator('xpath=ancestor::label').click();
  await press(director, '保存する');
  await see(director, /載せる連絡先を保存しました/);
  await phone.reload();
  assert.ok((await phone.locator('a[href^="tel:"]').count()) > 0);
});

step('the page is light, quick on a slow telephone, and strict', async () => {
  const fresh = await visitor(chrome, house.base, { viewport: PHONE });
  const cdp = await fresh.context().newCDPSession(fresh);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', SLOW);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOW_PROCESSOR });
  const bytes = new Map();
  cdp.on('Network.loadingFinished', (it) => bytes.set(it.requestId, it.encodedDataLength));
  await fresh.goto(path, { waitUntil: 'load' });
  const paint = await fresh.evaluate(
    () =>
      new Promise((done) => {
        new PerformanceObserver((list) => done(list.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true });
      }),
  );
  const drawings = await fresh.evaluate(() => [...document.querySelectorAll('.sight svg')].reduce((sum, it) => sum + it.outerHTML.length, 0));
  // Style, script and page are what was loaded until now; what the worker fetches comes after.
  const weight = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  console.log(`report page: ${weight} bytes on the line, drawings among them ${drawings} before compression; first paint after ${Math.round(paint)} ms`);
  assert.ok(weight <= LIGHT, `${weight} bytes`);
  assert.ok(paint <= FIRST_PAINT_MS, `first paint after ${paint} ms`);
  assert.equal((await fresh.context().cookies()).length, 0, 'a stranger gets no cookie');
  await fresh.context().close();
});

step('somebody without an account is told what to do, in three languages', async () => {
  await phone.goto(path);
  assert.equal(await title(phone), '気づいたことを知らせる');
  await look(phone, 'what one sees', { phone: false });
  await follow(phone, '简体中文');
  assert.equal(await title(phone), '把发现的情况告诉我们');
  await follow(phone, '日本語');
  await sight(phone, /^プリンタが止まらない/);
  await see(phone, 'いま、すること');
  assert.ok((await phone.locator('.aid__now li').count()) >= 2);
  const size = await phone.locator('.aid__now li').first().evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  assert.ok(size >= 20, `instructions are ${size} px high`);
  await audit(phone, 'first aid');
  for (const lang of ['English', '简体中文', '日本語']) {
    await follow(phone, lang);
    await audit(phone, `first aid in ${lang}`);
  }
});

step('the report is sent, thanked for, and its code is shown', async () => {
  const group = phone.getByRole('group').first();
  const question = await group.locator('legend').innerText();
  await choose(phone, question, await group.locator('.tile__label').first().innerText());
  await fill(phone, { 気づいたこと: '紙が止まらない' });
  await phone.locator('input[type=file]').setInputFiles({
    name: 'IMG_0001.png',
    mimeType: 'image/png',
    buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
  });
  await phone.getByRole('button', { name: '送る', exact: true }).click();
  await state(phone, '報告が届きました。');
  assert.equal(await title(phone), '知らせてくれて、ありがとうございます');
  code = await shown(phone);
  assert.match(code, /^[A-Z347]{4}-[A-Z347]{4}-[A-Z347]{4}$/);
  assert.equal(await phone.locator('[data-report-left]').isVisible(), false, 'the photograph was kept');
  await phone.getByRole('button', { name: 'このスマートフォンに受付コードを残す' }).click();
  await see(phone, '残しました。');
  await audit(phone, 'a report that was sent');
});

step('the code shows what became of it, and carries a message', async () => {
  await follow(phone, '報告がどうなったか見る');
  await see(phone, 'このスマートフォンに残した受付コード');
  await audit(phone, 'asking with a code');
  await fill(phone, { 受付コード: 'ACDE FGHJ KLMN' });
  await press(phone, '見る');
  await refused(phone, [['受付コード', 'このコードの報告は見つかりません']]);
  await fill(phone, { 受付コード: code.toLowerCase().replaceAll('-', '') });
  await press(phone, '見る');
  await see(phone, 'これから担当者が読みます。');
  assert.equal(await phone.getByText('紙が止まらない').count(), 0, 'what was written is not shown');
  await audit(phone, 'what became of a report');
  await fill(phone, { 担当者に伝える: 'また出ました' });
  await press(phone, '伝える');
  await see(phone, '伝えました。');
  await see(phone, 'また出ました');
  await audit(phone, 'a message');
});

step('without a network the page opens, and the report waits on the telephone', async () => {
  await phone.goto(`${path}?lang=ja`);
  await kept(phone);
  await house.crash();
  await phone.goto(path);
  assert.equal(await title(phone), '気づいたことを知らせる');
  await phone.goto(`${path}/see/ransom-note?lang=en`);
  await see(phone, 'Do this now');
  await phone.locator('textarea[name=words]').fill('sent later');
  await phone.getByRole('button', { name: 'Send', exact: true }).click();
  await state(phone, /Not connected/);
  code = await shown(phone);
  await audit(phone, 'a report that waits');
  await phone.goto(`${path}?lang=ja`);
  await see(phone, /送るのを待っている報告が1件あります/);
  await audit(phone, 'what waits');
});

step('with two pages open it is sent once, by itself, when the line is back', async () => {
  const other = await phone.context().newPage();
  await other.goto(`${path}?lang=ja`);
  house = await program('demo', house);
  const online = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));
  await Promise.all([online(phone), online(other)]);
  for (const page of [phone, other]) await page.locator('[data-waits]').waitFor({ state: 'hidden', timeout: 60_000 });
  await other.close();
  await phone.goto(`${path}/receipt?lang=ja`);
  await fill(phone, { 受付コード: code });
  await press(phone, '見る');
  await see(phone, 'これから担当者が読みます。');
});

step('without script it goes by plain forms', async () => {
  const plain = await visitor(chrome, house.base, { javaScriptEnabled: false, viewport: PHONE });
  await plain.goto(path);
  await sight(plain, /^遅い/);
  await see(plain, 'いま、すること');
  await audit(plain, 'first aid without script');
  await plain.locator('textarea[name=words]').fill('遅い');
  await press(plain, '送る');
  assert.equal(await title(plain), '知らせてくれて、ありがとうございます');
  const plainCode = await shown(plain);
  await audit(plain, 'a report without script');
  await follow(plain, '報告がどうなったか見る');
  await fill(plain, { 受付コード: plainCode });
  await press(plain, '見る');
  await see(plain, 'これから担当者が読みます。');
});

step('members report inside', async () => {
  await director.goto('/near-miss/report');
  await look(director, 'reporting inside');
  await sight(director, /^プリンタが止まらない/);
  await look(director, 'first aid inside');
  await director.getByRole('button', { name: '送る', exact: true }).click();
  await state(director, '報告が届きました。');
  await audit(director, 'a report of a member');
});

step('a poster that is withdrawn opens nothing, with a network or without', async () => {
  await director.goto('/near-miss/posters');
  await director.getByRole('button', { name: /^取り消す/ }).first().click();
  await turn(director, () => director.click('dialog .btn--danger-solid'));
  await see(director, /ポスターを取り消しました/);
  await phone.goto(path);
  assert.equal(await title(phone), 'このリンクは使えません');
  await phone.waitForFunction(async (at) => !(await caches.match(at)), path);
});
