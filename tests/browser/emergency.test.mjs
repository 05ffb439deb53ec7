// The emergency binder: asked for, printed, and taken along as one file that opens without a server.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { audit, browser, enter, journey, look, program, visitor, watched } from './house.mjs';
import { fill, press, refused, see } from './hand.mjs';

const WORDS = '桜の木の下で待つ犬と猫';
const step = journey();
let house, chrome, director;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  director = await visitor(chrome, house.base);
  await enter(director, '病院事務長');
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('the binder is made and holds what is needed without a screen', async () => {
  await director.goto('/emergency-binder');
  await look(director, 'binder not made yet');
  await press(director, '作る');
  for (let left = 60; left > 0 && !(await director.getByRole('link', { name: /開く・印刷する/ }).isVisible()); left -= 1) {
    await new Promise((done) => setTimeout(done, 1000));
    await director.reload();
  }
  await look(director, 'binder');
  const answer = await director.request.get('/emergency-binder/ja');
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  const file = join(house.data, 'binder.pdf');
  await writeFile(file, await answer.body());
  if (process.env.KOMAINU_PICTURES) await writeFile(join(process.env.KOMAINU_PICTURES, 'binder.pdf'), await answer.body());
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
  for (const words of ['最初の数分', '見たもの別の初動', '病院事務長', '切り離しの順番', '戻す順番', '経過の記録', '患者の控え']) {
    assert.ok(text.includes(words), words);
  }
  // Whoever holds the paper has no account.
  const holder = await visitor(chrome, house.base, { viewport: { width: 360, height: 780 } });
  await holder.goto(text.match(/\/l\/report\/[\w-]{43}/)[0]);
  await holder.getByRole('link', { name: /プリンターが止まらない/ }).waitFor();
  await holder.context().close();
  const front = execFileSync('pdftotext', ['-raw', '-l', '1', file, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
  assert.match(front, /電話する先.*\d{2,4}-\d+-\d+.*何が起きましたか.*プリンターが止まらない\d+/, 'the first page has numbers and leads on');
});

step('the copy is sealed, opens without a server, and only with the words', async () => {
  await director.goto('/emergency-binder');
  await fill(director, { 鍵にする言葉: '短い', もう一度: '短い' });
  await press(director, 'ファイルを作る');
  await refused(director, [['鍵にする言葉', '12文字以上']], { atFields: false });
  await fill(director, { 鍵にする言葉: `${WORDS}たち`, もう一度: `${WORDS}たち` });
  const [download] = await Promise.all([director.waitForEvent('download'), director.getByRole('button', { name: 'ファイルを作る' }).click()]);
  const file = join(house.data, 'copy.html');
  await download.saveAs(file);
  const context = await chrome.newContext({ offline: true, viewport: { width: 360, height: 780 } });
  const stick = watched(await context.newPage());
  const asked = [];
  stick.on('request', (request) => asked.push(request.url()));
  await stick.goto(pathToFileURL(file).href);
  await audit(stick, 'sealed copy');
  assert.ok(!(await stick.content()).includes('カルテの本体'));
  await stick.getByLabel('鍵の言葉').fill('ちがう言葉ちがう言葉ちがう');
  await stick.getByRole('button', { name: '開く' }).click();
  await see(stick, '開けません。言葉を確かめてください。');
  await stick.getByLabel('鍵の言葉').fill(`${WORDS}たち`);
  await stick.getByRole('button', { name: '開く' }).click();
  await see(stick, '見たもの別の初動');
  await stick.getByRole('navigation').getByRole('link', { name: 'プリンターが止まらない' }).click();
  await see(stick, /LANの線を抜く/);
  await audit(stick, 'opened copy');
  assert.deepEqual(asked.filter((url) => !url.startsWith('file:')), [], 'nothing is fetched');
  await context.close();
});
