// A letter's link in a real browser: made at the desk, opened on a telephone by somebody without an account, answered,
// looked at and taken over, withdrawn. Pages are audited in three languages.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { choose, field, follow, press, refused, roundOn, see, title, turn } from './hand.mjs';

const step = journey();
let house, chrome, director, vendor, round, address, question;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  director = await visitor(chrome, house.base);
  await enter(director, '病院事務長');
  // A telephone in a browser of its own, which nobody is signed in with.
  vendor = await visitor(chrome, house.base, { viewport: { width: 360, height: 780 } });
  await director.goto('/checklist');
  round = await roundOn(director);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** Makes a letter with a link; the path that it leads to. */
async function made() {
  await director.goto(`${round}/ask`);
  await press(director, 'リンク付きの手紙を作る');
  assert.equal(await title(director), 'リンク付きの手紙');
  const link = new URL(await director.textContent('#link-address'));
  const letter = await director.textContent('#letter-body');
  assert.ok(letter.includes(link.pathname), 'the letter holds the link');
  return link.pathname;
}

step('the letter gets a link, shown once with a code to photograph', async () => {
  await director.goto('/links');
  await look(director, 'links, none yet', { phone: false });
  await director.goto(`${round}/ask`);
  await look(director, 'letter', { phone: false });
  address = await made();
  await audit(director, 'letter with a link');
  assert.ok(await director.locator('.qr svg').isVisible());
  await director.setViewportSize({ width: 360, height: 780 });
  await audit(director, 'phone letter with a link');
  await director.setViewportSize({ width: 1280, height: 900 });
});

step('somebody without an account sees the questions and nothing else', async () => {
  await vendor.goto(address);
  await look(vendor, 'questions behind a link', { phone: false });
  assert.equal(await vendor.getByRole('navigation').filter({ visible: true }).count(), 0, 'there is no way into the house');
  await press(vendor, '回答を送る');
  await refused(vendor, [['お名前', 'お名前を書いてください']]);
  await audit(vendor, 'questions with a fault');
  await field(vendor, 'お名前').fill('保守の担当者');
  await press(vendor, '回答を送る');
  await see(vendor, /一つ以上の質問に答えてください/);
});

step('the answers are sent once', async () => {
  const card = vendor.locator('main section').first();
  question = await card.locator('h2').innerText();
  const group = await card.locator('legend').innerText();
  await choose(card, group, 'はい');
  await field(card, '補足').fill('今の版は3.2です。');
  await press(vendor, '回答を送る');
  assert.equal(await title(vendor), '回答を送りました');
  await see(vendor, '今の版は3.2です。');
  await audit(vendor, 'answers that were sent');
  await vendor.goto(address);
  assert.equal(await title(vendor), 'このリンクは使えません');
  await look(vendor, 'a link that is over', { phone: false });
});

step('the house looks at the answer and takes it over', async () => {
  await director.goto(`${round}?show=vendor`);
  await see(director, /業者から回答が届いています/);
  await director.locator('main a[href*="/items/"]').filter({ hasText: question.replace(/^\S+　/, '') }).first().click();
  await see(director, /保守の担当者/);
  await look(director, 'row with a reply', { phone: false });
  await press(director, 'この回答を項目に記入する');
  await see(director, /業者の回答を項目に記入しました/);
  assert.match(await field(director, 'メモ').inputValue(), /今の版は3\.2です。/);
  await audit(director, 'row with a reply that was taken over');
});

step('the log names the link and the name that was given', async () => {
  await director.goto('/log');
  await see(director, /リンク「.+」から。名前は本人の申告です/);
  await look(director, 'log with a link', { phone: false });
});

step('a link is withdrawn and says so', async () => {
  const other = await made();
  await vendor.goto(other);
  await see(vendor, '回答を送る');
  await follow(director, '渡したリンクの一覧（取り消しもここから）');
  await look(director, 'links', { phone: false });
  await director.setViewportSize({ width: 360, height: 780 });
  await audit(director, 'phone links');
  await director.setViewportSize({ width: 1280, height: 900 });
  await director.getByRole('button', { name: /^取り消す/ }).first().click();
  await turn(director, () => director.click('dialog .btn--danger-solid'));
  await see(director, 'リンクを取り消しました。もう使えません。');
  await vendor.goto(other);
  assert.equal(await title(vendor), 'このリンクは使えません');
});

step('without script a link is answered all the same', async () => {
  const plain = await visitor(chrome, house.base, { javaScriptEnabled: false, viewport: { width: 360, height: 780 } });
  await plain.goto(await made());
  const card = plain.locator('main section').first();
  await choose(card, await card.locator('legend').innerText(), 'わからない');
  await field(plain, 'お名前').fill('保守の担当者');
  await press(plain, '回答を送る');
  assert.equal(await title(plain), '回答を送りました');
});
