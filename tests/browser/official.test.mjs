// A workbook shaped like the ministry's goes in, and comes back with the answers in it and everything else as it was.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { audit, browser, enter, journey, program, visitor } from './house.mjs';
import { choose, day, download, field, fill, follow, large, press, roundOn, see, turn } from './hand.mjs';
import { STRANGE, newestYear, officialForm } from './official-form.mjs';
import { sheets, workbook } from './papers.mjs';

const SHEET = 'チェックリスト';

const step = journey();
let house, chrome, page, round, path;
const form = officialForm();
/** The row of a sentence in the sheet. */
let original;
const rowOf = (words) => Number(Object.entries(original[SHEET].cells).find(([at, text]) => at.startsWith('C') && String(text).includes(words))[0].slice(1));

before(async () => {
  house = await program('demo');
  chrome = await browser();
  page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
  await page.goto('/checklist');
  round = await roundOn(page);
  path = workbook('official', join(house.data, '公式様式.xlsx'), form);
  original = sheets(path);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('what is not the form is refused, each in words that say what to do', async () => {
  const csv = join(house.data, '様式（CSV）.xlsx');
  await writeFile(csv, '番号,チェック項目,はい・いいえ\r\n1-①,責任者を置いている,\r\n2-①,台帳を整えている,\r\n');
  await page.goto('/official');
  await audit(page, 'official forms');
  for (const [file, says, then] of [
    [workbook('roster', join(house.data, '当直表.xlsx')), 'チェックリストではないようです|点検項目の行が見つかりません', 'サイバーセキュリティ対策チェックリスト'],
    [csv, 'Excelファイルではなく、CSV', 'ダウンロードし直してください'],
    [workbook('protected', join(house.data, '鍵つき.xlsx'), form), 'パスワードで保護されています', 'パスワードを外し'],
    [workbook('bomb', join(house.data, 'ふくらむ.xlsx'), form), '異常に大きくふくらむファイルです', '開かず'],
  ]) {
    await page.getByLabel('Excelファイル').setInputFiles(file);
    await press(page, '読み込む');
    const summary = page.locator('main').getByRole('alert');
    assert.ok(await summary.evaluate((it) => it === document.activeElement), file);
    assert.match(await summary.innerText(), new RegExp(says), file);
    const told = await page.locator('#f-file-error').innerText();
    assert.match(told, new RegExp(says), file);
    assert.match(told, new RegExp(then), file);
  }
  await audit(page, 'official refused');
  assert.equal(await page.getByText('読み込んだ様式').count(), 0, 'nothing was kept');
});

step('a file larger than any form is told before it is sent', async () => {
  await page.getByLabel('Excelファイル').setInputFiles(await large(house.data, '大きい.xlsx', 21 << 20));
  assert.match(await page.locator('#f-file-error').innerText(), /大きすぎます.*20 MB/);
});

step('its rows are matched, differences are said, and a person confirms', async () => {
  await page.goto('/official');
  await page.getByLabel('Excelファイル').setInputFiles(path);
  await press(page, '読み込む');
  await see(page, '読み込みました。行の対応を見て、確定してください。');
  await audit(page, 'official rows');
  // By what the form asks; the lists hold every item's title.
  const line = (words) => page.locator('main tbody tr').filter({ has: page.locator('td p', { hasText: words }) });
  const chosen = (words) => line(words).locator('option:checked').innerText();
  assert.match(await chosen('取り仕切る責任者'), /安全管理の責任者/);
  await see(line('BCP'), '番号が違う（Komainuでは3-③）');
  assert.match(await chosen('BCP'), /BCP/);
  assert.match(await chosen(STRANGE), /この様式だけの行として答える/);
  await page.goto(`${round}/items/bcp`);
  assert.equal(await page.locator('main .eyebrow').filter({ hasText: '3-④' }).count(), 0, 'nothing counts before a person has looked');
  await page.goBack();
  await press(page, 'この対応で確定する');
  await see(page, '確定しました。公式の番号と文がチェックリストに出ます。');
  await audit(page, 'official confirmed');
});

step('official number and sentence stand beside our plain words', async () => {
  await page.goto(`${round}/items/bcp`);
  await see(page, /3-④/);
  await page.locator('summary').filter({ hasText: '公式の文を見る' }).click();
  const sentence = form.sections.flatMap((section) => section.rows).find(([number]) => number === '3-④')[1];
  await see(page.locator('.quote'), sentence);
  await audit(page, 'item with the official sentence');
  await page.goto(round);
  await see(page, /3-④/);
});

step('a row that only the form has is answered, with its faults at their fields', async () => {
  await turn(page, () => page.locator('main a').filter({ hasText: STRANGE }).click());
  await audit(page, 'own row');
  await choose(page, '答え', 'いいえ');
  await fill(page, { 目標日: `${newestYear() + 2}/4/1`, 'メモ（備考に書き込まれます）': '手引きを作っている。' });
  await press(page, 'この行を保存する');
  const summary = page.locator('main').getByRole('alert');
  assert.match(await summary.innerText(), /目標日はこの年度の中/);
  await summary.getByRole('link').click();
  assert.equal(await page.evaluate(() => document.activeElement.labels[0].textContent), '目標日');
  assert.equal(await field(page, 'メモ（備考に書き込まれます）').inputValue(), '手引きを作っている。');
  await audit(page, 'own row refused');
  await fill(page, { 目標日: `${newestYear() + 1}/3/31`, '1回目の確認日': '今日' });
  await press(page, 'この行を保存する');
  await see(page, '保存しました');
});

step('the copy comes back with the answers in place and the layout untouched', async () => {
  await page.goto(`${round}/items/rules`);
  await choose(page, '答え', 'はい');
  await fill(page, { 確認した日: '今日', メモ: '規程は第三版。' });
  await press(page, '保存する');
  await page.goto(round);
  await follow(page, '答えを書き込んだExcelを見る');
  await audit(page, 'filled copy');
  const { path: at, name } = await download(page, () => page.getByRole('link', { name: 'ダウンロードする' }).click());
  assert.match(name, /記入済み.*\.xlsx$/);
  const copy = sheets(at);
  assert.deepEqual(Object.keys(copy), Object.keys(original), 'the same sheets');
  const today = day();
  const iso = (of) => `${of.year}-${String(of.month).padStart(2, '0')}-${String(of.day).padStart(2, '0')}T00:00:00`;
  const at1 = rowOf('規程');
  const cells = copy[SHEET].cells;
  assert.deepEqual([cells[`D${at1}`], cells[`E${at1}`], cells[`G${at1}`]], ['はい', iso(today), '規程は第三版。']);
  const own = rowOf(STRANGE);
  assert.deepEqual(
    [cells[`D${own}`], cells[`E${own}`], cells[`F${own}`], cells[`G${own}`]],
    ['いいえ', iso(today), iso({ year: newestYear() + 1, month: 3, day: 31 }), '手引きを作っている。'],
  );
  assert.equal(cells.B2, '見本中央病院');
  for (const [place, text] of Object.entries(original[SHEET].cells)) assert.equal(cells[place], text, `${place} is as it was`);
  for (const part of ['merged', 'widths', 'heights', 'validations', 'conditional', 'styles', 'freeze', 'print', 'state']) {
    assert.deepEqual(copy[SHEET][part], original[SHEET][part], part);
  }
  assert.deepEqual(copy['記入方法'], original['記入方法'], 'the other sheet');
  const written = Object.keys(cells).filter((place) => !(place in original[SHEET].cells));
  assert.ok(written.every((place) => /^([DEFG]\d+|B2|F2)$/.test(place)), `only answers were written: ${written}`);
  assert.ok(written.length > 20);
});

step('the same form again is asked about, and taking it off takes the numbers with it', async () => {
  await page.goto('/official');
  await see(page, '公式様式.xlsx');
  await page.getByLabel('Excelファイル').setInputFiles(path);
  await press(page, '読み込む');
  await see(page, 'この年度のこの様式は、もう読み込んであります');
  await audit(page, 'official again');
  await follow(page, '今のものを使い続ける');
  await turn(page, () => page.locator('main a').filter({ hasText: '公式様式.xlsx' }).click());
  await page.locator('summary').filter({ hasText: 'この様式を外す' }).click();
  await page.getByRole('button', { name: '様式を外す' }).click();
  await press(page, '様式を外す', page.getByRole('dialog'));
  await page.goto(`${round}/items/bcp`);
  assert.equal(await page.getByText('公式の文を見る').count(), 0);
});
