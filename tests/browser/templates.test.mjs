// A clinic's empty ledger gets what is usual, with a few taps; taking it again doubles nothing.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { follow, press, see, settle, tap, title } from './hand.mjs';

const DIRECTOR = { email: 'incho@aozora-iin.example', password: '薄い毛布-朝の縁側-百の雨粒' };

const step = journey();
let house, chrome, page;
before(async () => {
  house = await program('serve');
  chrome = await browser();
  page = await visitor(chrome, house.base);
  await settle(page, DIRECTOR);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

const box = (name) => page.getByRole('checkbox', { name: new RegExp(`^${name}`) });
/** How many entries of a sort the page says that there are. */
const held = (name) => page.locator('dl.dl').locator('dt', { hasText: name }).locator('xpath=following-sibling::dd[1]').innerText();

step('systems are chosen first: the usual ones are ticked', async () => {
  await page.goto('/ledger/systems');
  await follow(page, 'よくある機器と線を、ひな形からまとめて入れる');
  assert.equal(await title(page), 'ひな形から台帳を作る');
  await look(page, 'template systems');
  assert.ok(await box('レセコン').isChecked());
  await tap(box('電子カルテ（院内のサーバ）'));
  await press(page, '次へ');
});

step('what stands beside them is ticked, with its question, and what is general knowledge is called so', async () => {
  await look(page, 'template pieces');
  for (const name of ['患者情報の区画(?!と)', '電子カルテのサーバ', 'レセコンの本体', '控えの装置']) assert.ok(await box(name).isChecked(), name);
  assert.ok(!(await box('外して保管する控え').isChecked()), 'no protection is assumed');
  assert.ok(!(await box('電子カルテの遠隔保守').isChecked()), 'nobody has said that somebody comes in');
  await see(page, /よくある形です。違えば直してください/);
  await tap(box('電子カルテの遠隔保守'));
  // A line whose end is not ticked cannot go in, and that is said.
  await tap(box('業者が自分で置いたVPN(?!装置)'));
  await press(page, '入れる前に確かめる');
});

step('the preview counts and changes nothing; one can go back to the ticks', async () => {
  assert.equal(await title(page), '台帳に入れるもの');
  await audit(page, 'template preview');
  await see(page, /電子カルテの遠隔保守/);
  await see(page.locator('main .notice'), '業者が自分で置いたVPN');
  await press(page, '選び直す');
  assert.ok(await box('電子カルテの遠隔保守').isChecked(), 'the ticks are kept');
  await page.setViewportSize({ width: 360, height: 780 });
  await audit(page, 'phone template edited');
  await press(page, '入れる前に確かめる');
  await audit(page, 'phone template preview');
  await page.setViewportSize({ width: 1280, height: 900 });
});

step('one more tap, and the ledger has a frame', async () => {
  await press(page, '台帳に入れる');
  await see(page, /件を台帳に入れました/);
  assert.equal(await title(page), '台帳に入りました');
  assert.equal(await held('ネットワークの区画'), '2');
  assert.ok(Number(await held('外とつながる線')) >= 3);
  assert.equal(await page.getByRole('link', { name: '足りないところを埋める' }).getAttribute('href'), '/ledger/completeness');
  await look(page, 'template done');
});

step('taking it again offers nothing that is there', async () => {
  await page.goto('/ledger/templates');
  await see(page, 'よくあるものは、すべて台帳に入っています。ほかにもあれば印を付けてください。');
  assert.equal(await box('電子カルテのサーバ').count(), 0);
  await look(page, 'template complete');
  await press(page, '入れる前に確かめる');
  await see(page, '新しく入れるものがありません。台帳にないものに印を付けてください。');
  await audit(page, 'template nothing');
});

step('a new system brings its own', async () => {
  await follow(page, 'ほかのシステムも加える');
  await tap(box('検査システム・検査機器'));
  await press(page, '次へ');
  assert.ok(await box('検査機器（分析装置）').isChecked());
  assert.ok(await box('検査結果と電子カルテの連携').isChecked(), 'it is joined to what is there');
  await press(page, '入れる前に確かめる');
  await press(page, '台帳に入れる');
  await page.goto('/ledger/systems?q=' + encodeURIComponent('検査'));
  await see(page, '検査システム・検査機器');
});

step('the demo’s hospital is not told of what it wrote itself', async () => {
  const demo = await program('demo');
  const chief = await visitor(chrome, demo.base);
  await enter(chief, '病院事務長');
  await chief.goto('/ledger/templates');
  await see(chief, /^すでに台帳にあるもの：.*認証サーバ（AD）/);
  assert.equal(await chief.getByRole('checkbox', { name: /^認証サーバ（AD）/ }).count(), 0);
  await audit(chief, 'template of a hospital');
  await chief.context().close();
  await demo.stop();
});
