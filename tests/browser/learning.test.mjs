// What is learned from a near miss: why it happened (rows with and without script, two at once), the committee on screen and on
// paper, a sheet for the wall, the year in figures, and what was decided as a step of the plan.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browser, enter, journey, look, program, visitor } from './house.mjs';
import { field, fill, follow, press, refused, see, title, unfold } from './hand.mjs';

const CHIEF = '病院事務長';
const step = journey();
let house, chrome, chief, analysis;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  chief = await visitor(chrome, house.base);
  await enter(chief, CHIEF);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** Saves a page whose long form has its button above and below. */
const save = (page) => press(page, '保存する', page.locator('main .form-end'));

/** The text of a paper at an address. */
async function paper(page, address, name) {
  const answer = await page.request.get(address);
  assert.equal(answer.status(), 200, address);
  assert.match(answer.headers()['content-type'], /^application\/pdf/);
  const file = join(house.data, name);
  await writeFile(file, await answer.body());
  return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, '');
}

step('a case is analysed: rows come, hang under each other, and are kept when they are saved', async () => {
  await chief.goto('/near-miss?state=measures');
  await chief.locator('main .list > li a').first().click();
  await follow(chief, '分析を書く・見る');
  analysis = new URL(chief.url()).pathname;
  await look(chief, 'an analysis');
  await unfold(chief, '時間の流れ');
  await press(chief, '時間の流れに行を加える');
  await field(chief, 'いつ（5）').fill('11時');
  await unfold(chief, 'なぜなぜの木');
  await press(chief, 'なぜ1の下に加える');
  assert.ok(await field(chief, 'いつ（5）').isVisible(), 'what is not saved stays open');
  assert.equal(await field(chief, 'いつ（5）').inputValue(), '11時', 'what was typed comes back');
  await field(chief, 'なぜ1-3').fill('聞く相手が近くにいなかった。');
  await save(chief);
  await refused(chief, [['起きたこと（5）', '起きたことを書いて']]);
  await field(chief, '起きたこと（5）').fill('業者に電話した。');
  await save(chief);
  await see(chief, '分析を保存しました。');
  assert.equal(await field(chief, 'なぜ1-3').inputValue(), '聞く相手が近くにいなかった。');
  assert.ok(await field(chief, 'なぜ1-3').isVisible(), 'what was just written stays open');
  await press(chief, 'なぜ1-3を外す');
  assert.equal(await field(chief, 'なぜ1-3').count(), 0);
  await chief.goto(analysis);
  assert.equal(await field(chief, 'なぜ1-3').count(), 1, 'what was not saved is not kept');
});

step('two who write at once see both texts', async () => {
  const second = await chief.context().newPage();
  await Promise.all([chief.goto(analysis), second.goto(analysis)]);
  await field(chief, '主な原因と、変えること').fill('一人目のまとめ');
  await save(chief);
  await see(chief, '分析を保存しました。');
  await field(second, '主な原因と、変えること').fill('二人目のまとめ');
  await save(second);
  for (const words of ['一人目のまとめ', '二人目のまとめ']) await second.getByRole('cell', { name: words, exact: true }).waitFor();
  assert.equal(await field(second, '主な原因と、変えること').inputValue(), '二人目のまとめ');
  await save(second);
  await see(second, '分析を保存しました。');
  assert.equal(await field(second, '主な原因と、変えること').inputValue(), '二人目のまとめ');
  await second.close();
});

step('without script the rows come and go by plain forms', async () => {
  const plain = await visitor(chrome, house.base, { javaScriptEnabled: false });
  await enter(plain, CHIEF);
  await plain.goto(analysis);
  await unfold(plain, 'SHEL');
  await press(plain, 'SHELに行を加える');
  assert.equal(new URL(plain.url()).hash, '#shel', 'the page stays where one worked');
  await field(plain, '分かったこと（4）').fill('番号の紙が古い。');
  await press(plain, 'SHELの1行目を外す');
  assert.equal(await field(plain, '分かったこと（3）').inputValue(), '番号の紙が古い。');
  await plain.context().close();
});

step('the committee has its list and its minutes, on screen and on paper', async () => {
  await chief.goto('/near-miss/meetings');
  await look(chief, 'meetings');
  await press(chief, '予定する');
  await refused(chief, [['名前', '名前を書いて'], ['日', '日付として']]);
  await fill(chief, { 名前: '第2回医療安全委員会', 日: '2026-12-10' });
  await press(chief, '予定する');
  await see(chief, '委員会を予定しました。');
  assert.equal(await title(chief), '第2回医療安全委員会');
  await look(chief, 'a meeting');
  const address = new URL(chief.url()).pathname;
  const before = await chief.locator('#cases a').count();
  assert.ok(before >= 1, 'what was judged and is not closed is on the list');
  await press(chief, 'この報告を加える');
  assert.equal(await chief.locator('#cases a').count(), before + 1);
  const last = chief.locator('#cases .quote').last();
  const number = (await last.locator('a').innerText()).split(' ')[0];
  await press(chief, `${number}を上へ`);
  await field(chief, `${number}について話したこと、決めたこと`).fill('番号を貼る。');
  await fill(chief, { 決めたこと: '来月また見る。' });
  await save(chief);
  await see(chief, '保存しました。');
  const list = await paper(chief, `${address}/list`, 'list.pdf');
  assert.ok(list.includes('第2回医療安全委員会') && list.includes(number) && !list.includes('番号を貼る。'), list);
  const minutes = await paper(chief, `${address}/minutes`, 'minutes.pdf');
  assert.ok(minutes.includes('番号を貼る。') && minutes.includes('来月また見る。'), minutes);
});

step('everybody may hang a case of the board on the wall', async () => {
  const nurse = await visitor(chrome, house.base);
  await enter(nurse, '看護師長');
  await nurse.goto('/near-miss/board');
  const sheet = nurse.getByRole('link', { name: /^学習シート/ }).first();
  const heading = await nurse.locator('main article h2').first().innerText();
  const text = await paper(nurse, await sheet.getAttribute('href'), 'sheet.pdf');
  assert.ok(text.includes(heading.replace(/\s/g, '')) && text.includes('今すること'), text);
  for (const closed of ['/near-miss/meetings', '/near-miss/figures', '/near-miss/measures', analysis]) {
    const answer = await nurse.request.get(closed, { maxRedirects: 0 });
    assert.ok(answer.status() >= 400, `${closed} answers ${answer.status()}`);
  }
  await nurse.context().close();
});

step('the year is told in figures, on the page, in a file and on paper', async () => {
  await chief.goto('/near-miss/figures');
  await look(chief, 'figures');
  const file = await chief.request.get(await chief.getByRole('link', { name: '集計（CSV）' }).getAttribute('href'));
  const lines = (await file.text()).replace('\uFEFF', '').trim().split('\r\n');
  assert.equal(lines[0], '年度,区分,内容,件数');
  const received = lines.find((line) => line.includes('届いた報告')).split(',').at(-1);
  const row = chief.getByRole('row').filter({ hasText: '届いた報告' });
  assert.equal(await row.getByRole('cell').innerText(), received);
  const text = await paper(chief, await chief.getByRole('link', { name: '集計（PDF）' }).getAttribute('href'), 'figures.pdf');
  assert.ok(text.includes('ヒヤリ・ハット') && text.includes('届いた報告'), text);
});

step('what was decided is a step of the plan, and leads to the measures', async () => {
  await chief.goto('/plan/steps/house.measures');
  assert.equal(await title(chief), 'ヒヤリ・ハットの対策を進める');
  await follow(chief, '進行中の対策を開く');
  assert.equal(new URL(chief.url()).pathname, '/near-miss/measures');
  await look(chief, 'open measures');
  await see(chief, '期限を過ぎています');
});
