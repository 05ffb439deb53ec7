// Last year's answers come over to be confirmed, with what changed since then. A switch of language stays where one is.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, program, visitor } from './house.mjs';
import { choose, day, era, field, fill, follow, fromMenu, press, roundOn, see, title, turn } from './hand.mjs';
import { newestYear } from './official-form.mjs';

const NOW = newestYear();
const TARGET = '目標日（「いいえ」「わからない」のとき）';

const step = journey();
let house, chrome, page, round;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  page = await visitor(chrome, house.base);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('a round of last year is filled in afterwards', async () => {
  await enter(page, '歯科院長');
  await page.goto(`/checklist/${NOW - 1}`);
  await press(page, '点検を始める');
  await choose(page, '答え', 'はい');
  await press(page, '保存して次へ');
  await choose(page, '答え', 'はい');
  const first = page.getByLabel(/確認した日$/).first();
  assert.equal(await first.inputValue(), '', 'today is not offered for a year that is over');
  await first.fill(`${NOW}/2/3`);
  await fill(page, { メモ: '院長が兼ねる。' });
  await press(page, '保存して次へ');
  await choose(page, '答え', 'いいえ');
  await first.fill(`${NOW}/2/3`);
  await fill(page, { [TARGET]: `${NOW}/3/31`, メモ: '受付の機器がまだ。' });
  await press(page, '保存する');
  await see(page, '保存しました。');
});

step('this year’s round takes them over, says what changed, and counts none before it is confirmed', async () => {
  await page.goto(`/checklist/${NOW}`);
  await audit(page, 'before the round with a year to carry');
  await see(page, '前の年度から変わったこと');
  assert.ok(await page.getByRole('checkbox', { name: new RegExp(`^.*${NOW - 1}.*の答えを引き継ぐ|の答えを引き継ぐ`) }).isChecked());
  await press(page, '点検を始める');
  round = await roundOn(page);
  await page.goto(round);
  await audit(page, 'round carried over');
  await see(page, '前の年度から引き継いだ答えは、確認するまで、答えたことになりません。');
  await see(page, /^前の答えの確認待ち 2$/);
  await see(page, /項目のうち0項目に答えました。/);
});

step('one tap confirms what still holds; a no needs a day of this year', async () => {
  await page.goto(`${round}/items/org-officer`);
  await audit(page, 'item carried over');
  await see(page, '前の年度は「はい」でした。今年もその通りなら「今年もこの通り」を押してください。');
  await see(page, /^(この項目は、前の年度から変わっています。|この項目に、知られている変更はありません。)$/);
  assert.equal(await field(page, 'メモ').inputValue(), '院長が兼ねる。');
  await press(page, '今年もこの通り');
  await see(page, '確認しました。');
  assert.notEqual(new URL(page.url()).pathname, `${round}/items/org-officer`, 'on to the next that waits');
  await page.goto(`${round}/items/org-officer`);
  assert.equal(await page.getByRole('button', { name: '今年もこの通り' }).count(), 0);
  assert.equal(await field(page, '確認した日').inputValue(), era(day()), 'confirmed today, not last year');

  await page.goto(`${round}/items/asset-ledger`);
  await see(page, '前の年度は「いいえ」でした。今年もその通りなら「今年もこの通り」を押してください。');
  await press(page, '今年もこの通り');
  await see(page, '目標日がまだです');
  assert.equal(await field(page, TARGET).inputValue(), '', 'last year’s day is not this year’s');
  await fill(page, { [TARGET]: `${NOW + 1}/3/31` });
  await press(page, '保存する');
  await page.goto(`${round}/items/asset-ledger/history`);
  for (const words of ['前の年度の答えを引き継いだ', '前の年度の答えを確認した', '答えを書いた']) await see(page, words);
  await page.goto(round);
  assert.equal(await page.getByText('前の答えを確認', { exact: true }).count(), 1, 'the gate alone waits');
});

step('a house whose year was carried over is led to confirm first', async () => {
  const clinic = await visitor(chrome, house.base);
  await enter(clinic, 'クリニック院長');
  assert.equal(await clinic.locator('section.today').getByRole('heading', { level: 2 }).innerText(), '引き継いだ答えを確かめる');
  await clinic.goto('/progress');
  await audit(clinic, 'progress of a carried year');
  await clinic.context().close();
});

step('Japanese, English, Chinese and back on a page deep inside, query and all', async () => {
  const deep = `${round}?show=waiting`;
  for (const path of [deep, `${round}/items/patches`, '/plan/steps/check-vpn-version', `${round}/assign`]) {
    await page.goto(path);
    const japanese = await title(page);
    const titles = [japanese];
    for (const [from, to, lang] of [['日本語', 'English', 'en'], ['English', '简体中文', 'zh-Hans'], ['简体中文', '日本語', 'ja']]) {
      await fromMenu(page, from, to);
      const url = new URL(page.url());
      assert.equal(url.pathname + url.search, path);
      assert.equal(await page.locator('html').getAttribute('lang'), lang);
      titles.push(await title(page));
      const kana = await page.locator('main').locator('h1, h2, legend, label, button').allInnerTexts();
      if (lang !== 'ja') assert.deepEqual(kana.filter((text) => /[ぁ-んァ-ヶ]/.test(text) && !/日本語|歯科/.test(text)), [], `${lang} ${path}`);
      await audit(page, `${lang} deep`);
    }
    assert.equal(titles[3], japanese);
    assert.equal(new Set(titles.slice(0, 3)).size, 3, titles.join(' | '));
  }
});

step('what was typed survives a switch of language', async () => {
  await page.goto(`${round}/items/rules`);
  await fill(page, { メモ: '切り替える前に書いた。' });
  await fromMenu(page, '日本語', 'English');
  assert.equal(await page.getByLabel(/^Notes?/).inputValue(), '切り替える前に書いた。');
  await fromMenu(page, 'English', '日本語');
});

step('a refused form can be read in another language too, and leads back to the form', async () => {
  await page.goto('/account');
  await fill(page, { 名前: '' });
  await press(page, '保存する');
  await see(page, '「名前」を入力してください。');
  await fromMenu(page, '日本語', 'English');
  assert.equal(new URL(page.url()).pathname, '/account');
  await page.goto(`/checklist/${NOW - 3}`);
  await fromMenu(page, 'English', '日本語');
  assert.equal(new URL(page.url()).pathname, `/checklist/${NOW - 3}`);
});
