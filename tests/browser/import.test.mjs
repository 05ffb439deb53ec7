// A list that an office has kept in Excel for years becomes the ledger: read, its columns said, every row looked at, taken; and out again.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browser, enter, journey, look, program, visitor } from './house.mjs';
import { download, press, see, select, title } from './hand.mjs';

const step = journey();
let house, chrome, page;

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

/** A text in Shift_JIS, as old Japanese programs write it. */
function shiftJis(text) {
  const decoder = new TextDecoder('shift_jis');
  const known = new Map();
  for (let one = 0; one < 0x100; one += 1) {
    known.set(decoder.decode(Uint8Array.of(one)), [one]);
    const leads = (one >= 0x81 && one <= 0x9f) || (one >= 0xe0 && one <= 0xef);
    for (let two = 0x40; leads && two <= 0xfc; two += 1) {
      const letter = decoder.decode(Uint8Array.of(one, two));
      if (letter.length === 1 && letter !== '\ufffd' && !known.has(letter)) known.set(letter, [one, two]);
    }
  }
  return Buffer.from([...text].flatMap((letter) => known.get(letter) ?? assert.fail(`${letter} is not in Shift_JIS`)));
}

const LIST = [
  '管理番号,機器名,種別,設置場所（部屋）,製造番号,導入日,なぞの欄',
  'Z-0012,取込ｶﾙﾃ端末,ノートPC,取込受付,000123,令和2年4月1日,甲',
  'Z-0013,取込CT,医療機器,取込撮影室,000456,2021/10/1,乙',
  'Z-0014,取込サーバー,サーバー,,000789,春ごろ,丙',
].join('\r\n');

const row = (words) => page.locator('main tbody tr').filter({ hasText: words });
const decide = async (words, way) => {
  const list = row(words).getByRole('combobox');
  await list.selectOption(await list.locator('option').filter({ hasText: way }).first().getAttribute('value'));
};

async function send(name, bytes) {
  const path = join(house.data, name);
  await writeFile(path, bytes);
  await page.goto('/ledger/import');
  await page.getByLabel('ファイル', { exact: true }).setInputFiles(path);
  await press(page, '読み込んで確かめる');
}

step('what is no list is refused in words that say what to do', async () => {
  await page.goto('/ledger/import');
  await look(page, 'import');
  for (const [name, bytes, says] of [
    ['空.csv', Buffer.alloc(0), '中身のないファイル'],
    ['写真.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), '読めない種類のファイル'],
    ['名前だけ.csv', Buffer.from('名前\n端末\n'), '列が1つしかありません'],
    ['壊れた.xlsx', Buffer.from('PK\u0003\u0004broken'), '壊れているか'],
  ]) {
    await send(name, bytes);
    const summary = page.locator('main').getByRole('alert');
    assert.ok(await summary.evaluate((it) => it === document.activeElement), name);
    assert.match(await summary.innerText(), new RegExp(says), name);
  }
});

step('the columns of a list in Shift_JIS are guessed, and corrected', async () => {
  await send('機器台帳.csv', shiftJis(LIST));
  assert.equal(await title(page), '列の意味を確かめる');
  await look(page, 'import columns');
  const means = (heading) => page.getByLabel(`「${heading}」は台帳の何か`).locator('option:checked').getAttribute('value');
  assert.equal(await means('管理番号'), 'fact.number');
  assert.equal(await means('機器名'), 'name');
  assert.equal(await means('設置場所（部屋）'), 'place');
  assert.equal(await means('製造番号'), 'fact.serial');
  assert.equal(await means('なぞの欄'), '');
  await see(page, '000123');
  await page.getByLabel('「なぞの欄」は台帳の何か').selectOption('note');
  await press(page, '行の確認へ進む');
});

step('every row is looked at; the faulty one is left out', async () => {
  assert.equal(await title(page), '変わるところを確かめる');
  await look(page, 'import preview');
  assert.match(await row('取込ｶﾙﾃ端末').innerText(), /追加/);
  assert.match(await row('取込サーバー').innerText(), /春ごろ/);
  assert.match(await row('取込サーバー').innerText(), /4行目/);
  await see(page, 'まだ取り込めません');
  assert.equal(await page.getByText('取込撮影室').count() > 0, true, 'a place that is not there is offered');
  await decide('取込サーバー', '取り込まない');
  await press(page, '決めたことを保存して見直す');
  await see(page, '決めたことを保存しました。');
});

step('all of it is taken, and tells the same the next time', async () => {
  await press(page, '台帳に入れる（追加4・変更0・削除0）');
  assert.equal(await title(page), '取り込みました');
  await look(page, 'import done');
  await send('もう一度.csv', shiftJis(LIST.split('\r\n').slice(0, 3).join('\r\n')));
  assert.equal(await page.getByLabel('「なぞの欄」は台帳の何か').inputValue(), 'note', 'it is remembered');
  await press(page, '行の確認へ進む');
  assert.match(await row('取込CT').innerText(), /同じものか確認/);
  assert.match(await row('取込CT').innerText(), /シリアル番号が同じ/);
  await select(page, '台帳にあるものと同じかもしれない行は', '同じもの');
  await press(page, '決めたことを保存して見直す');
  assert.match(await row('取込CT').innerText(), /変わらない/);
  await see(page, '入れるものはありません');
});

step('the ledger goes out, is changed, and comes in again', async () => {
  await page.goto('/ledger/export');
  await look(page, 'export');
  const get = (name) => download(page, () => page.getByRole('link', { name, exact: true }).click());
  const csv = (await get('機器などのCSV')).bytes.toString('utf8');
  assert.ok(csv.startsWith('\ufeff') && csv.includes('000123'), 'leading zeros are kept');
  const old = new TextDecoder('shift_jis').decode((await get('機器などのCSV（Shift_JIS）')).bytes);
  assert.ok(old.includes('取込ｶﾙﾃ端末'), 'half-width kana are kept');
  const bom = JSON.parse((await get('CycloneDXで書き出す')).bytes.toString('utf8'));
  assert.equal(bom.specVersion, '1.6');
  assert.ok(bom.components.some((it) => it.name === '取込CT'));
  assert.match((await get('Excelで書き出す')).name, /\.xlsx$/);
  await send('書き出し.csv', Buffer.from(csv.replaceAll('取込CT', '取込CT装置')));
  await press(page, '行の確認へ進む');
  await page.getByRole('link', { name: /^変更 1$/ }).click();
  await page.waitForURL(/show=change/);
  assert.match(await row('取込CT装置').innerText(), /取込CT\s*→\s*取込CT装置/);
  await press(page, '台帳に入れる（追加0・変更1・削除0）');
  assert.equal(await title(page), '取り込みました');
});
