// A near miss from the poster to the board: reported on a telephone without an account, in three languages, without a
// network and without script; followed by its code; judged, answered and learned from at the desk.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { flap, keepReports, keptReports } from './flapping.mjs';
import { choose, field, follow, press, refused, see, title } from './hand.mjs';

const PHONE = { viewport: { width: 360, height: 780 } };
const step = journey();
let house, chrome, director, phone, address, code;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  director = await visitor(chrome, house.base);
  await enter(director, '病院事務長');
  phone = await visitor(chrome, house.base, PHONE);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** How many reports wait to be judged. */
async function waiting() {
  await director.goto('/near-miss?state=new');
  return director.locator('main .list > li').count();
}

step('posters are printed with a code each, and the codes lead to the report', async () => {
  await director.goto('/near-miss');
  await look(director, 'near misses');
  await director.goto('/near-miss/posters');
  await look(director, 'posters');
  await press(director, 'ポスターを作る（PDF）');
  await refused(director, [['貼る場所', '1つ以上']], { atFields: false });
  const csrf = await director.locator('main form input[name=csrf]').first().inputValue();
  const answer = await director.request.post('/near-miss/posters', { form: { csrf, place: 'everywhere' }, headers: { origin: house.base } });
  assert.equal(answer.status(), 200, await answer.text());
  const file = join(house.data, 'poster.pdf');
  await writeFile(file, await answer.body());
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  for (const words of ['すぐ知らせる', 'tell us at once', '请立即告知', '院内どこでも']) assert.ok(text.includes(words), `${words}\n${text}`);
  address = text.replace(/\s/g, '').match(/\/l\/report\/[\w-]+/)[0];
  // Packed, but not where the page holds what ties its forms to a session.
  const packed = async (page) => (await page.request.get(address)).headers()['content-encoding'];
  assert.deepEqual([await packed(phone), await packed(director)], ['gzip', undefined]);
  await director.goto('/near-miss/posters');
  await see(director, '院内どこでも');
});

step('somebody without an account is told what to do now, and reports', async () => {
  await phone.goto(address);
  // What goes over the wire before pictures, headers and all: somebody waits for it on a slow telephone.
  const weight = await phone.evaluate(() =>
    performance.getEntries().reduce((sum, it) => sum + (/\.svg(#|$)/.test(it.name) ? 0 : (it.transferSize ?? 0)), 0),
  );
  assert.ok(weight > 5_000 && weight <= 30_000, `the page has ${weight} bytes`);
  await look(phone, 'what happened');
  assert.equal(await phone.locator('.symptoms a').count(), 12);
  await phone.getByRole('link', { name: /プリンターが止まらない/ }).click();
  await see(phone, '今すること');
  assert.match(await phone.locator('.first-aid__now li').first().innerText(), /線を抜く/);
  await look(phone, 'first aid and report');
  await choose(phone, '同じことが起きているのは？', 'この1台だけ');
  await field(phone, '場所').fill('会計の横');
  const before = await waiting();
  await phone.getByRole('button', { name: '送る', exact: true }).click();
  await see(phone, '受け取りました');
  await audit(phone, 'sent');
  code = await phone.locator('[data-receipt]').innerText();
  assert.match(code, /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
  assert.equal(await waiting(), before + 1);
});

step('without a network the first aid is there, and the report is sent later, once', async () => {
  const page = `${address}/ransom-note`;
  await phone.goto(page);
  await phone.evaluate(async (wanted) => {
    await navigator.serviceWorker.ready;
    for (let round = 0; round < 100 && !(await caches.match(wanted)); round += 1) await new Promise((done) => setTimeout(done, 100));
  }, page);
  const before = await waiting();
  await phone.context().setOffline(true);
  await phone.goto(page);
  await see(phone, '今すること');
  await phone.getByRole('button', { name: '送る', exact: true }).click();
  await see(phone, /この端末に預かりました/);
  await audit(phone, 'kept on the telephone');
  assert.equal(await waiting(), before);
  // Two windows of the same telephone send at once when the network is back.
  const second = await phone.context().newPage();
  await phone.context().setOffline(false);
  await Promise.all([phone.goto(address), second.goto(address)]);
  for (let round = 0; round < 60 && (await waiting()) === before; round += 1) await new Promise((done) => setTimeout(done, 500));
  await new Promise((done) => setTimeout(done, 1000));
  assert.equal(await waiting(), before + 1, 'it came in once');
  await second.close();
});

step('without script the same is sent by plain forms', async () => {
  const plain = await visitor(chrome, house.base, { ...PHONE, javaScriptEnabled: false });
  const before = await waiting();
  await plain.goto(`${address}/popup`);
  await press(plain, '送る');
  assert.equal(await title(plain), '受け取りました');
  await audit(plain, 'sent without script');
  assert.equal(await waiting(), before + 1);
  await plain.context().close();
});

step('the house judges, answers, acts and tells everybody', async () => {
  await director.goto('/near-miss?state=new');
  await director.getByRole('link', { name: /会計の横/ }).click();
  await look(director, 'a near miss');
  await press(director, '保存する');
  await refused(director, [['影響の大きさ', 'レベルを選んで'], ['起きたこと（一文で）', '']], { atFields: false });
  await choose(director, '影響の大きさ', 'レベル1');
  await field(director, '起きたこと（一文で）').fill('紙送りの設定が壊れていた。');
  await press(director, '保存する');
  await see(director, '判断を残しました。');
  await field(director, '伝えること').fill('線を抜いてくれて助かりました。');
  await press(director, '送る');
  await field(director, 'すること').fill('設定を直し、控えを取る');
  await press(director, '対策を加える');
  await see(director, '対策を加えました。');
  await field(director, '見出し').fill('プリンターが止まらなくなりました');
  await director.getByLabel('起きたこと', { exact: true }).fill('白い紙が出続けました。');
  await press(director, '保存して掲示する');
  await see(director, '掲示しました。');
  const nurse = await visitor(chrome, house.base);
  await enter(nurse, '看護師長');
  await nurse.goto('/near-miss');
  assert.equal(new URL(nurse.url()).pathname, '/near-miss/report', 'who does not handle reports is led to reporting');
  await follow(nurse, 'みんなの掲示板');
  await see(nurse, 'プリンターが止まらなくなりました');
  await look(nurse, 'board', { phone: false });
  await nurse.context().close();
});

step('whoever reported reads it by the code alone, and answers', async () => {
  await phone.goto(address);
  await follow(phone, '報告がどうなったかを見る');
  await field(phone, '受付番号').fill('2222-2222-2222');
  await press(phone, '見る');
  await refused(phone, [['受付番号', '見つかりません']]);
  await field(phone, '受付番号').fill(code.toLowerCase().replaceAll('-', ' '));
  await press(phone, '見る');
  await see(phone, '線を抜いてくれて助かりました。');
  await audit(phone, 'what became of it');
  await field(phone, '返事や、あとで思い出したこと').fill('朝も一度ありました。');
  await press(phone, '送る');
  await see(phone, '朝も一度ありました。');
});

step('over a connection that comes and goes all that waited arrives once', async () => {
  const before = await waiting();
  const other = await visitor(chrome, house.base, { ...PHONE, serviceWorkers: 'block' });
  await other.goto(address);
  await other.context().setOffline(true);
  await keepReports(other, `${address}/printer`, Array.from({ length: 24 }, (_, at) => `待っていた${at}`));
  const lost = await flap(other, 3);
  await other.context().setOffline(false);
  for (let round = 0; round < 120 && (await keptReports(other)) > 0; round += 1) await new Promise((done) => setTimeout(done, 250));
  assert.equal(await keptReports(other), 0);
  assert.ok(lost() >= 8, `lost ${lost()} times`);
  await see(other, '待っていた報告を送りました。');
  assert.equal(await waiting(), before + 24);
  await other.context().close();
});

step('a withdrawn poster opens nothing any more', async () => {
  const late = await visitor(chrome, house.base, { ...PHONE, serviceWorkers: 'block' });
  await late.goto(address);
  await director.goto('/near-miss/posters');
  await press(director, '使えなくする');
  await see(director, /ポスターを使えなくしました/);
  const other = await visitor(chrome, house.base, PHONE);
  const answer = await other.goto(address);
  assert.ok(answer.status() >= 400, `${answer.status()}`);
  // What was written meanwhile cannot be taken: whoever wrote it is shown that, and what it was.
  await keepReports(late, `${address}/printer`, ['遅れて書いた']);
  await late.evaluate(() => window.dispatchEvent(new Event('online')));
  await see(late, '受け取れなかった報告があります');
  await see(late, /遅れて書いた/);
  await audit(late, 'reports that were not taken');
  await late.getByRole('button', { name: '伝えたので、この端末から消す' }).click();
  await late.locator('[data-refused]').waitFor({ state: 'hidden' });
  assert.equal(await keptReports(late), 0);
  await late.context().close();
  await other.context().close();
});
