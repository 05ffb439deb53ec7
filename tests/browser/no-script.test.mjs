// Everything essential without a line of script in the browser.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { account, audit, browser, journey, program, visitor } from './house.mjs';
import { choose, day, download, era, field, fill, follow, fromMenu, large, press, refused, roundOn, see, select, title, turn } from './hand.mjs';
import { officialForm } from './official-form.mjs';
import { pdfText, sheets, workbook } from './papers.mjs';

const ME = { name: '薬局長', email: 'kyoku@asahi-yakkyoku.example', password: '細い水路-十月の窓-赤い自転車' };

const step = journey();
let house, chrome, page, round;
before(async () => {
  house = await program('serve');
  account(house, ME);
  chrome = await browser();
  page = await visitor(chrome, house.base, { javaScriptEnabled: false });
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('sign-in, founding and the interview', async () => {
  await page.goto('/');
  await fill(page, { メールアドレス: ME.email, パスワード: ME.password });
  await press(page, 'サインインする');
  await page.goto('/organisations/new');
  await fill(page, { 施設の名前: 'あさひ薬局' });
  await select(page, '施設の種類', '薬局');
  await select(page, '都道府県', '長野県');
  await press(page, '登録して、はじめの設定へ');
  await press(page, '保存して次へ');
  await choose(page, 'システムの動いている場所', '院内の機器');
  await press(page, '保存して次へ');
  await follow(page, 'よくあるものに印を付ける');
  await press(page, '保存して次へ');
  await press(page, '保存して次へ');
  assert.equal(await title(page), 'よくある機器と線を台帳に入れます');
  await audit(page, 'interview lines without script');
  await press(page, '保存して次へ');
  await choose(page, 'システムのことを専任で担当する職員がいますか', 'いいえ');
  await press(page, '保存して次へ');
  assert.equal(await title(page), 'はじめの設定のまとめ');
  await press(page, '終えて、今日の一歩へ');
  await follow(page, '点検を始める');
  await press(page, '点検を始める');
  round = await roundOn(page);
  await audit(page, 'round without script');
});

step('an answer with its fault, its offered day, and its saving', async () => {
  await choose(page, '答え', 'はい');
  await press(page, '保存して次へ');
  await choose(page, '答え', 'いいえ');
  const target = '目標日（「いいえ」「わからない」のとき）';
  await fill(page, { [target]: '2040/1/1', メモ: '書いたまま' });
  await press(page, '保存する');
  assert.equal(await page.locator('main').getByRole('alert').getByRole('link').getAttribute('href'), '#f-target');
  assert.match(await page.locator('#f-target-error').innerText(), /のうちに終える日/);
  assert.equal(await field(page, 'メモ').inputValue(), '書いたまま');
  await audit(page, 'item refused without script');
  await fill(page, { [target]: '' });
  await press(page, '保存する');
  await see(page, '保存しました。');
  const offer = page.getByRole('button', { name: /^目標日を.+にする$/ });
  // A day of one's own is not replaced by the offered one, whatever key or button sends the form.
  const own = `${Number(round.split('/')[2]) + 1}/3/29`;
  await fill(page, { [target]: own });
  await turn(page, () => field(page, target).press('Enter'));
  await page.goto(`${round}/items/org-officer`);
  assert.match(await field(page, target).inputValue(), /年3月29日$/);
  assert.equal(await offer.count(), 0);
  await page.goto(`${round}/items/asset-ledger`);
  await choose(page, '答え', 'はい');
  await press(page, '保存する');
  await see(page, '保存しました。');
});

step('evidence: refused, taken, opened, removed', async () => {
  const input = page.getByLabel('ファイルを加える');
  await press(page, '加える');
  assert.match(await page.locator('#f-file-error').innerText(), /何も選ばれていません/);
  await audit(page, 'evidence refused without script');
  await input.setInputFiles({ name: '写真.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('MZ\x90\0 this is a program') });
  await press(page, '加える');
  assert.match(await page.locator('#f-file-error').innerText(), /受け取れない種類/);
  await input.setInputFiles(await large(house.data, '大きな写真.png', 27_000_000));
  await press(page, '加える');
  await see(page, /25 MB/);
  await audit(page, 'too large without script');
  await page.goto(`${round}/items/org-officer`);
  const bytes = await page.screenshot();
  await input.setInputFiles({ name: '任命書の写真.png', mimeType: 'image/png', buffer: bytes });
  await press(page, '加える');
  await see(page, '証拠を加えました。');
  const kept = await download(page, () => page.getByRole('link', { name: '保存用に受け取る 任命書の写真.png' }).click());
  assert.ok(kept.bytes.equals(bytes));
});

step('the switch of language and of light stays on the page, also on one that refuses', async () => {
  const path = `${round}/items/org-officer`;
  await page.goto(path);
  await fromMenu(page, '日本語', 'English');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(new URL(page.url()).pathname, path);
  await fromMenu(page, 'English', '简体中文');
  assert.match(await page.locator('html').getAttribute('lang'), /^zh/);
  await fromMenu(page, '简体中文', '日本語');
  await fromMenu(page, '日本語', '暗い');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  assert.equal(new URL(page.url()).pathname, path);
  await audit(page, 'dark without script');
  await press(page, '加える');
  await fromMenu(page, '日本語', 'English');
  assert.equal(new URL(page.url()).pathname, path, 'from the page that answered a form, back to the page of the form');
  await fromMenu(page, 'English', '日本語');
  await fromMenu(page, '日本語', '端末に合わせる');
});

step('the official workbook is loaded, its rows are confirmed, its copy comes back filled', async () => {
  const form = officialForm();
  const path = workbook('official', join(house.data, '様式.xlsx'), form);
  await page.goto('/official');
  await press(page, '読み込む');
  await see(page, 'ファイルが選ばれていません');
  await page.getByLabel('Excelファイル').setInputFiles(path);
  await press(page, '読み込む');
  await see(page, '読み込みました。行の対応を見て、確定してください。');
  await audit(page, 'official rows without script');
  await press(page, 'この対応で確定する');
  await follow(page, '答えを書き込んだExcelを見る');
  const filled = await download(page, () => page.getByRole('link', { name: 'ダウンロードする' }).click());
  const cells = Object.values(sheets(filled.path)['チェックリスト'].cells);
  for (const words of ['あさひ薬局', 'はい', 'いいえ', '書いたまま']) assert.ok(cells.includes(words), words);
});

step('the pack is made while one waits, and fetched', async () => {
  await page.goto('/pack');
  await choose(page, 'どの形で作りますか', '印刷用（PDF）');
  await press(page, '一式を作る');
  const fetch = page.getByRole('link', { name: '受け取る' }).first();
  for (let left = 90; (await fetch.count()) === 0; left -= 1) {
    assert.ok(left > 0, `the pack is not made: ${await page.locator('#packs').innerText()}`);
    await new Promise((done) => setTimeout(done, 1_000));
    await page.goto('/pack');
  }
  const pdf = await download(page, () => fetch.click());
  const { text } = pdfText(pdf.path);
  for (const words of ['あさひ薬局', '書いたまま', era(day())]) assert.ok(text.includes(words), words);
});

step('a question that script asks in a dialog is asked or undone without it', async () => {
  await page.goto(`${round}/items/org-officer`);
  await press(page, '外す 任命書の写真.png');
  await see(page, '証拠から外しました');
  await page.goto(round);
  await press(page, 'この点検を締める');
  await see(page, '締めると、答えを変えられなくなります（あとで開き直せます）。締めますか。').catch(() => {});
  await audit(page, 'closing without script');
});
