// A ward's shared computer in a real browser: registered by a code, two people one after the other, locking by hand and by
// itself, what could not be sent, a passkey, wrong PINs, and a place that is withdrawn. Pages are audited in three languages.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { device, field, press, roundOn, see, title } from './hand.mjs';

const PIN = '482913';
const OTHER_PIN = '905174';
const NOTE = '夜勤で気づいたこと：三階の端末に付箋があった。';

const step = journey();
let house, chrome, base, director, nurse, clerk, ward, round, code;
before(async () => {
  house = await program('demo');
  // Passkeys need a name; this computer's own is enough.
  base = house.base.replace('127.0.0.1', 'localhost');
  chrome = await browser();
  [director, nurse, clerk] = await Promise.all(['病院事務長', '看護師長', '医事課主任'].map(async (who) => {
    const page = await visitor(chrome, base);
    await enter(page, who);
    return page;
  }));
  ward = await visitor(chrome, base);
  await director.goto('/checklist');
  round = await roundOn(director);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** Everything that the browser at the ward keeps and shows. */
const left = async (page) => {
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  return stored + (await page.content());
};

const pick = async (name) => {
  await ward.goto('/place');
  await ward.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await ward.waitForURL('**/place/as/**');
};

async function comeIn(name, pin) {
  await pick(name);
  await field(ward, 'PIN').fill(pin);
  await press(ward, '入る');
}

/** Presses the button that stands on every page of a place. */
async function lock() {
  await ward.locator('.top__lock').getByRole('button', { name: 'ロックして交代' }).click();
  await ward.waitForURL('**/place');
}

const note = (page) => field(page, 'メモ');
const saved = (page) => page.locator('[data-status][data-state="saved"]').waitFor();

step('people set their PINs on browsers of their own', async () => {
  for (const [page, pin] of [[nurse, PIN], [clerk, OTHER_PIN]]) {
    await page.goto('/account/pin');
    if (page === nurse) await look(page, 'own pin');
    await field(page, 'PIN').fill('123456');
    await field(page, 'PIN（もう一度）').fill('123456');
    await press(page, 'このPINにする');
    await see(page, /最初に試される番号です/);
    if (page === nurse) await audit(page, 'own pin with a fault');
    await field(page, 'PIN').fill(pin);
    await field(page, 'PIN（もう一度）').fill(pin);
    await press(page, 'このPINにする');
    await see(page, /PINを決めました/);
  }
  await nurse.goto('/account/pin');
  await audit(nurse, 'own pin that is set');
});

step('the manager makes a code and the browser at the ward becomes a shared place', async () => {
  await director.goto('/people/places');
  await look(director, 'places, none yet');
  await director.goto('/people/places/new');
  await look(director, 'new place');
  await field(director, '端末の名前').fill('3階病棟ナースステーション');
  await press(director, '登録の番号を作る');
  code = await director.textContent('#place-code');
  await audit(director, 'code of a place');
  await ward.goto('/place');
  assert.equal(new URL(ward.url()).pathname, '/sign-in', 'a browser that is not registered sees no names');
  await ward.evaluate(async () => {
    localStorage.setItem('komainu:draft:somebody:/x#', 'what somebody typed before');
    await (await caches.open('komainu-own')).put('/near-miss/kept', new Response('what somebody kept before'));
  });
  await ward.goto('/place/register');
  await look(ward, 'register');
  await field(ward, '登録の番号').fill(code.toLowerCase().replace('-', ' '));
  await press(ward, 'この端末を登録する');
  assert.equal(await title(ward), '名前を選んでください');
  await look(ward, 'names');
  const here = await left(ward);
  assert.ok(!here.includes('what somebody typed before'), 'nothing of before stays');
  assert.deepEqual(await ward.evaluate(() => caches.keys()), [], 'nor does a page that was kept');
  assert.ok(here.includes('看護師長') && here.includes('医事課主任') && !here.includes('薬剤科長'));
});

step('somebody gives their PIN, works in their own name, and locks', async () => {
  await pick('看護師長');
  await look(ward, 'pin at the place');
  await field(ward, 'PIN').fill(OTHER_PIN);
  await press(ward, '入る');
  await see(ward, /PINが違います/);
  await audit(ward, 'a wrong pin');
  await comeIn('看護師長', PIN);
  assert.equal(new URL(ward.url()).pathname, '/');
  await ward.goto('/near-miss/report');
  assert.equal(await ward.locator('[data-keeps]').count(), 0, 'a shared place keeps no page for when there is no network');
  await ward.goto('/');
  await look(ward, 'first page at a place');
  for (const path of ['/account', '/people', '/log', '/pack']) {
    await ward.goto(path);
    assert.match(await title(ward), /共用の端末では|権限がありません/, path);
  }
  await ward.goto(`${round}/items/bcp`);
  await note(ward).fill(NOTE);
  await saved(ward);
  await audit(ward, 'an item at a place');
  assert.ok(!(await ward.evaluate(() => JSON.stringify({ ...localStorage }))).includes(NOTE), 'nothing is kept in the browser');
  await lock();
  assert.ok(!(await left(ward)).includes('付箋'), 'the next person sees nothing');
  await ward.goBack();
  await ward.waitForURL('**/place**');
  assert.ok(!(await left(ward)).includes('付箋'), 'nor by going back');
  await director.goto('/log');
  await see(director, /共用の端末「3階病棟ナースステーション」で/);
  await look(director, 'log with a place');
});

step('what could not be sent is held for its owner and shown to nobody else', async () => {
  await comeIn('看護師長', PIN);
  await ward.goto(`${round}/items/bcp`);
  await ward.route('**/items/bcp', (route) => (route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.continue()));
  await note(ward).fill(`${NOTE}（続き）`);
  await ward.locator('[data-status][data-state="kept"]').waitFor();
  await lock();
  await ward.unroute('**/items/bcp');
  await comeIn('医事課主任', OTHER_PIN);
  assert.ok(!(await left(ward)).includes('続き'), 'the other one sees nothing');
  await ward.goto('/drafts');
  await see(ward, /預かっている入力はありません/);
  await lock();
  await comeIn('看護師長', PIN);
  assert.equal(new URL(ward.url()).pathname, '/drafts');
  await see(ward, /（続き）/);
  await look(ward, 'drafts');
  const dropped = ward.waitForResponse('**/drafts/drop');
  await ward.getByRole('link', { name: '画面を開いて続ける' }).click();
  await saved(ward);
  await dropped;
  assert.equal(await note(ward).inputValue(), `${NOTE}（続き）`);
  await ward.goto('/drafts');
  await see(ward, /預かっている入力はありません/);
  await lock();
});

step('left alone it warns, locks itself in every tab, and its owner goes on where they were', async () => {
  await director.goto('/people/places');
  await look(director, 'places with one');
  await field(director, '使わないでいる時間').selectOption('1');
  await director.locator('form[action="/people/places"] button').click();
  await see(director, /時間を変えました/);
  await comeIn('看護師長', PIN);
  await ward.goto(`${round}/items/bcp`);
  const tab = await ward.context().newPage();
  await tab.goto(`${round}/items/password-reuse`);
  await ward.bringToFront();
  await ward.getByRole('dialog').waitFor({ timeout: 45_000 });
  await audit(ward, 'a word before it locks');
  await ward.getByRole('button', { name: 'まだ使っています' }).click();
  assert.equal(await ward.getByRole('dialog').count(), 0);
  await ward.waitForURL('**/place?next=**', { timeout: 90_000 });
  await tab.waitForURL('**/place**', { timeout: 20_000 });
  await tab.close();
  await audit(ward, 'locked by itself');
  await ward.getByRole('link', { name: '看護師長さんが続ける' }).click();
  await field(ward, 'PIN').fill(PIN);
  await press(ward, '入る');
  assert.equal(new URL(ward.url()).pathname, `${round}/items/bcp`);
  await lock();
});

step('a security key opens it as well', async () => {
  const own = await device(nurse, 'usb');
  await nurse.goto('/account/factors/passkeys/new');
  await nurse.fill('#f-name', '首から下げた鍵');
  await nurse.click('form[data-passkey] button');
  await nurse.locator('#codes').waitFor();
  const { credentials } = await own.cdp.send('WebAuthn.getCredentials', { authenticatorId: own.authenticatorId });
  const there = await device(ward, 'usb');
  await there.cdp.send('WebAuthn.addCredential', { authenticatorId: there.authenticatorId, credential: credentials[0] });
  await pick('看護師長');
  await look(ward, 'pin or passkey');
  await ward.getByRole('button', { name: 'パスキーで入る' }).click();
  await ward.waitForURL((url) => url.pathname === '/');
  await see(ward.locator('header'), /看護師長/);
  await lock();
});

step('who guesses must wait, and a withdrawn place is an ordinary browser', async () => {
  await pick('医事課主任');
  for (let turn = 0; turn < 6; turn += 1) {
    await field(ward, 'PIN').fill('111111');
    await press(ward, '入る');
  }
  await see(ward, /待って|お待ち/);
  await audit(ward, 'too many pins');
  await comeIn('看護師長', PIN);
  await director.goto('/people/places');
  await director.getByRole('button', { name: /^登録を取り消す/ }).click();
  await director.click('dialog .btn--danger-solid');
  await see(director, /登録を取り消しました/);
  await ward.goto('/');
  assert.match(ward.url(), /\/sign-in\?next=/, 'every session there is over');
  await ward.goto('/place');
  assert.equal(await title(ward), 'この端末の登録は取り消されました');
  await audit(ward, 'withdrawn');
  await ward.goto('/place');
  assert.equal(new URL(ward.url()).pathname, '/sign-in');
});
