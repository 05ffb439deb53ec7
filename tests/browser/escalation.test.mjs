// Calling people out, with a gateway for text messages on this computer: ways and stand-ins, the check and the chart, a plan,
// one who cannot and one who knows, the board that follows by itself, a report that starts it, a test of the network.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audit, browser, enter, journey, look, program, speak, visitor } from './house.mjs';
import { field, fill, follow, press, refused, see, select, title } from './hand.mjs';

const PHONE = { viewport: { width: 360, height: 780 } };
const step = journey();
const sent = [];
let gateway, house, chrome, director, phone;
before(async () => {
  gateway = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      sent.push(JSON.parse(text));
      response.end('{"ok":true}');
    });
  });
  await new Promise((ready) => gateway.listen(0, '127.0.0.1', ready));
  house = await program('demo', undefined, ['--sms-url', `http://127.0.0.1:${gateway.address().port}/send`]);
  chrome = await browser();
  director = await visitor(chrome, house.base);
  await enter(director, '病院事務長');
  phone = await visitor(chrome, house.base, PHONE);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
  gateway?.close();
});

/** The latest message to a number, once it is there: its words and the address in it. */
async function message(to, than = 0) {
  for (let left = 100; left > 0; left -= 1) {
    const mine = sent.filter((one) => one.to === to);
    if (mine.length > than) {
      const { text } = mine.at(-1);
      return { text, count: mine.length, url: text.match(/http:\S+\/ack\/\S+/)[0] };
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return assert.fail(`nothing came for ${to}: ${JSON.stringify(sent)}`);
}

async function texted(name, number) {
  await director.goto('/ledger/contacts');
  await follow(director, name);
  const ways = director.getByRole('group', { name: 'そのほかの連絡方法' });
  await ways.getByLabel('方法').first().selectOption('sms');
  await ways.getByLabel('番号・アドレス').first().fill(number);
  await press(director, '保存する');
}

let names;
step('the network: ways, stand-ins, where it would fail', async () => {
  await director.goto('/ledger/contacts');
  names = await director.locator('main table').first().locator('tbody a').allInnerTexts();
  await follow(director, names[0]);
  await look(director, 'contact with ways');
  await director.getByRole('group', { name: 'そのほかの連絡方法' }).getByLabel('番号・アドレス').first().fill('090');
  await press(director, '保存する');
  await refused(director, [['方法', '方法を選んで']], { atFields: false });
  await texted(names[0], '090-1111-2222');
  await texted(names[1], '090-3333-4444');
  await director.goto('/ledger/contacts/check');
  await look(director, 'check of the network');
});

step('the chart as it hangs on the wall, and cards for the wallet', async () => {
  await director.goto('/ledger/contacts/chart');
  await look(director, 'chart');
  for (const [path, words] of [['chart.pdf', ['緊急連絡体制図', names[0], '090-1111-2222']], ['cards.pdf', ['緊急連絡カード', 'LANケーブルを抜く']]]) {
    const answer = await director.request.get(`/ledger/contacts/${path}`);
    assert.equal(answer.status(), 200, await answer.text());
    const file = join(house.data, path);
    await writeFile(file, await answer.body());
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/[ \n]/g, '');
    for (const word of words) assert.ok(text.includes(word.replace(/[ \n]/g, '')), `${word}\n${text}`);
  }
});

step('a plan is made from the network', async () => {
  await director.goto('/escalations');
  await look(director, 'emergency');
  await director.goto('/escalations/plans/new');
  await look(director, 'plan');
  await field(director, '計画の名前').fill('');
  await press(director, '保存する');
  await refused(director, [['計画の名前', '']], { atFields: false });
  await field(director, '計画の名前').fill('カルテの急報');
  await select(director, 'いつ始まるか', '急ぐヒヤリ・ハット');
  await select(director, '1番目', names[0]);
  await select(director, '2番目', names[1]);
  for (const number of ['3番目', '4番目']) await field(director, number).selectOption('');
  await press(director, '保存する');
  await see(director, 'カルテの急報');
});

step('one cannot, the next knows, and the board follows by itself', async () => {
  await director.goto('/escalations');
  await director.getByRole('link', { name: /^呼び出す.*カルテの急報/ }).click();
  await look(director, 'start');
  await press(director, 'いますぐ呼び出す');
  await refused(director, [['何が起きましたか', '']], { atFields: false });
  await fill(director, { 何が起きましたか: 'カルテが開かない' });
  await press(director, 'いますぐ呼び出す');
  assert.match(await title(director), /カルテが開かない/);
  const first = await message('09011112222');
  assert.match(first.text, /【緊急】カルテが開かない/);
  assert.equal(sent.filter((one) => one.to === '09033334444').length, 0, 'one after another');
  await phone.goto(first.url);
  await look(phone, 'called out');
  await press(phone, 'いまは対応できない（次の人へ）');
  const second = await message('09033334444');
  await see(director, '対応できない');
  const other = await visitor(chrome, house.base, PHONE);
  await other.goto(second.url);
  await press(other, '分かりました');
  await see(other, '知ったことが伝わりました');
  await audit(other, 'known');
  // Nobody touched the board.
  await director.locator('h1 .badge').filter({ hasText: '伝わった' }).waitFor();
  await look(director, 'board');
  assert.equal(sent.length, 2, 'nobody else was asked');
  await phone.reload();
  await see(phone, '本人が返事');
  await other.context().close();
});

step('an address that is none opens nothing', async () => {
  const answer = await phone.goto('/ack/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
  assert.equal(answer.status(), 404);
  await audit(phone, 'no such call');
});

step('a report that cannot wait calls out at once', async () => {
  const { count } = await message('09011112222');
  const nurse = await visitor(chrome, house.base);
  await enter(nurse, '看護師長');
  await nurse.goto('/near-miss/report');
  await nurse.getByRole('link', { name: /脅し|変な文字/ }).first().click();
  await see(nurse, 'すぐ電話する');
  await nurse.getByRole('button', { name: '送る', exact: true }).click();
  await see(nurse, '受け取りました');
  const { url } = await message('09011112222', count);
  await phone.goto(url);
  await press(phone, '分かりました');
  await nurse.context().close();
});

step('a test goes to everybody, who answers is kept, and a table can be saved', async () => {
  await director.goto('/escalations');
  const { count } = await message('09011112222');
  await director.getByRole('button', { name: 'いま試験する' }).click();
  await press(director, 'いま試験する', director.getByRole('dialog'));
  const { text, url } = await message('09011112222', count);
  assert.match(text, /【試験】/);
  await phone.goto(url);
  await press(phone, '分かりました');
  await see(director, '知っている');
  const answer = await director.request.get(`${new URL(director.url()).pathname}/answers.csv`);
  assert.match(await answer.text(), new RegExp(names[0]));
  await director.goto('/escalations');
  await select(director, '自動で試験する', '3か月ごと');
  await press(director, '保存する');
  await see(director, '次の試験');
});

step('in English and Chinese, and what can be sent by whom', async () => {
  for (const lang of ['en', 'zh']) {
    await speak(director, lang);
    for (const path of ['/escalations', '/escalations/plans/new', '/ledger/contacts/check', '/ledger/contacts/chart', '/ledger/contacts/this-device']) {
      await director.goto(path);
      await look(director, `${lang} ${path.split('/').at(-1)}`);
    }
  }
  await speak(director, 'ja');
});
