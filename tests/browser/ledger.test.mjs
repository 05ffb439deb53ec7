// The ledger of things and lines: a zone, a server and a VPN box in it, a line from the Internet, and what is still missing.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { choose, fill, follow, press, refused, see, select, title } from './hand.mjs';

const step = journey();
let house, chrome, page, other;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

const at = () => new URL(page.url()).pathname;
/** Opens the form for something new of a kind, as one gets there by hand. */
async function begin(list, button, kind) {
  await page.goto(list);
  await follow(page, button);
  await page.locator('main .list').getByRole('link', { name: new RegExp(`^${kind}`) }).first().click();
  await page.locator('main form[method=post]').waitFor();
}

step('a zone, and a server in it', async () => {
  await page.goto('/ledger/assets');
  await look(page, 'things before there are any of ours');
  await follow(page, '資産を加える');
  await look(page, 'kinds of things');
  await begin('/ledger/assets', '資産を加える', 'ネットワークの区画');
  await fill(page, { 名前: '診療の線' });
  await press(page, '保存する');
  await see(page, '資産の情報を保存しました。');

  await begin('/ledger/assets', '資産を加える', 'サーバ');
  await fill(page, { 名前: '電子カルテの本体' });
  await select(page, 'ネットワークの区画', '診療の線');
  await page.fill('#f-fact-maker', 'カルテ社');
  await page.fill('#f-fact-support_ends', 'そのうち');
  await choose(page, /見つかった穴をふさぐ更新/, 'いいえ');
  await press(page, '保存する');
  await refused(page, [['メーカーのサポートが終わる日', '日付として読めません']]);
  assert.equal(await page.inputValue('#f-fact-support_ends'), 'そのうち', 'what was typed is kept');
  await audit(page, 'a thing with a fault');
  await page.fill('#f-fact-support_ends', '令和9年10月12日');
  await press(page, '保存する');
  await see(page, '資産の情報を保存しました。');
  assert.equal(await page.inputValue('#f-fact-support_ends'), '令和9年10月12日');
  assert.ok(await page.locator('#f-control-updates-2').isChecked(), 'the answer is kept');
  await look(page, 'a server');
});

step('a VPN box, and the line from the Internet to it that is not limited', async () => {
  await begin('/ledger/assets', '資産を加える', 'ネットワークの機器');
  await fill(page, { 名前: 'こちらのVPN装置' });
  await select(page, 'ネットワークの区画', '診療の線');
  await press(page, '保存する');
  const box = at();
  await follow(page, '接続を加える');
  await look(page, 'kinds of lines');
  await page.locator('main .list').getByRole('link', { name: /^VPN/ }).first().click();
  await page.locator('main form[method=post]').waitFor();
  await press(page, '保存する');
  await refused(page, [['受ける側', '両端を選んでください']]);
  await page.selectOption('#f-to', 'internet');
  await choose(page, /決めた相手/, 'いいえ');
  await audit(page, 'a line that is being written');
  // From the outside to the box, not the other way round.
  const end = `asset:${box.split('/').pop()}`;
  await page.goto(`/ledger/connections/new?kind=vpn&from=internet&to=${end}`);
  await choose(page, /決めた相手/, 'いいえ');
  await press(page, '保存する');
  await see(page, '接続の情報を保存しました。');
  await see(page, 'インターネット → こちらのVPN装置');
  await look(page, 'lines');
  await page.getByRole('link', { name: /^外とのつながり/ }).click();
  await page.waitForURL('**/ledger/connections?kind=outside');
  await follow(page, 'インターネット → こちらのVPN装置');
  assert.ok(await page.locator('#f-control-source_limited-2').isChecked());
  await look(page, 'a line');
});

step('what is missing, and the way to its field', async () => {
  await page.goto('/ledger/completeness');
  await look(page, 'how far the ledger is filled');
  const gap = page.locator('main a[href*="#f-"]').first();
  const href = await gap.getAttribute('href');
  await gap.click();
  await page.locator('main form[method=post]').waitFor();
  assert.equal(new URL(page.url()).hash, href.slice(href.indexOf('#')));
  assert.equal(await page.locator(new URL(page.url()).hash).count(), 1, 'the field is there');
});

step('two people in one thing: both texts are shown', async () => {
  await page.goto('/ledger/assets?q=%E3%81%93%E3%81%A1%E3%82%89');
  await follow(page, 'こちらのVPN装置');
  const box = at();
  other = await visitor(chrome, house.base);
  await enter(other, '病院長');
  await other.goto(box);
  await other.fill('#f-fact-software', '7.2');
  await press(other, '保存する');
  await page.fill('#f-fact-software', '7.4');
  await press(page, '保存する');
  for (const words of ['7.2', '7.4', 'ソフトの名前と版']) await see(page.locator('main table'), words);
  await audit(page, 'a conflict about a thing');
  await press(page, '保存する');
  await page.goto(box);
  assert.equal(await page.inputValue('#f-fact-software'), '7.4');
  await other.context().close();
});

step('removing the box takes its line along', async () => {
  await page.goto('/ledger/assets?q=%E3%81%93%E3%81%A1%E3%82%89');
  await follow(page, 'こちらのVPN装置');
  await follow(page, '削除する');
  await see(page, '消える接続：1');
  await look(page, 'before a thing is removed');
  await press(page, '削除する');
  assert.equal(await title(page), '資産');
  await page.goto('/ledger/connections');
  assert.equal(await page.getByText('インターネット → こちらのVPN装置').count(), 0);
});
