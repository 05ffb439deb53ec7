// Everything by keyboard alone: no click, and at every step one can see where one is.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { account, audit, browser, journey, program, visitor } from './house.mjs';
import { field, refused, see, title } from './hand.mjs';

const ME = { name: '院長', email: 'incho@midori-clinic.example', password: '丸い硯-曲がった川-静かな時計' };

const step = journey();
let house, chrome, page;
before(async () => {
  house = await program('serve');
  account(house, ME);
  chrome = await browser();
  page = await visitor(chrome, house.base);
  // A hand at the mouse would go unnoticed otherwise.
  for (const hand of ['click', 'hover', 'tap', 'fill', 'check', 'selectOption']) page[hand] = () => assert.fail(`${hand} is no key`);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

/** Where the focus is: its name, and what is wrong with how it shows. */
const focus = () =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return { name: '', lost: true, faults: [] };
    // A tile's own field is hidden; its box stands for it.
    const shown = at.matches('.tile__input') ? at.nextElementSibling : at;
    const style = getComputedStyle(shown);
    const box = shown.getBoundingClientRect();
    const middle = document.elementFromPoint(
      Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2),
      Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 1), innerHeight - 2),
    );
    const faults = [];
    if (at.id !== 'main' && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2)) faults.push('no outline');
    if (box.width < 2 || box.height < 2) faults.push('no size');
    if (box.bottom < 0 || box.top > innerHeight) faults.push('out of sight');
    const over = middle && (shown.contains(middle) || middle.contains(shown) || shown.closest('label')?.contains(middle));
    if (!over) faults.push(`hidden behind ${middle?.outerHTML.slice(0, 60)}`);
    const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
    return { name: label.replace(/\s+/g, ' ').trim(), tag: at.tagName.toLowerCase(), id: at.id, lost: false, faults };
  });

async function key(name) {
  await page.keyboard.press(name);
  return focus();
}

/** Tabs on until the focus is at something whose name begins so. */
async function tabTo(words, back = false) {
  const passed = [];
  for (let left = 120; left > 0; left -= 1) {
    const at = await key(back ? 'Shift+Tab' : 'Tab');
    // Beyond the last stop the browser's own bar has its turn.
    if (!at.lost) assert.deepEqual(at.faults, [], `「${at.name}」 (${at.tag} ${at.id}) on ${page.url()}`);
    passed.push(at.name);
    if (!at.lost && at.name.startsWith(words)) return at;
  }
  return assert.fail(`no way to 「${words}」 by Tab, only to ${passed.join(' | ')}`);
}

/** Presses a key that leads to another page. */
async function away(name) {
  await Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press(name)]);
}

const write = (text) => page.keyboard.insertText(text);
async function rewrite(text) {
  await page.keyboard.press('Control+a');
  await write(text);
}

step('the skip link is the first stop and leads past everything', async () => {
  await page.goto('/sign-in');
  const first = await key('Tab');
  assert.equal(first.name, '本文へ移動');
  assert.deepEqual(first.faults, [], 'the skip link is seen when it has the focus');
  await key('Enter');
  const next = await key('Tab');
  assert.equal(next.name, 'メールアドレス');
});

step('a refused sign-in is read first; its line leads to the field', async () => {
  await write(ME.email);
  await tabTo('パスワード');
  await write('これは違う合言葉');
  await away('Enter');
  await refused(page, [['メールアドレス', 'メールアドレスかパスワードが違います']], { atFields: false });
  await page.goto('/sign-in');
  await tabTo('メールアドレス');
  await write(ME.email);
  await tabTo('パスワード');
  await write('これは違う合言葉');
  await away('Enter');
  assert.ok(await page.getByRole('alert').evaluate((it) => it === document.activeElement), 'the summary has the focus');
  const line = await key('Tab');
  assert.match(line.name, /^メールアドレスかパスワードが違います/);
  const at = await key('Enter');
  assert.equal(at.id, 'f-email');
  assert.equal(await field(page, 'メールアドレス').inputValue(), ME.email);
  await tabTo('パスワード');
  await write(ME.password);
  await away('Enter');
  assert.notEqual(new URL(page.url()).pathname, '/sign-in');
});

step('an institution and its round', async () => {
  await page.goto('/organisations/new');
  await tabTo('施設の名前');
  await write('みどり医院');
  await tabTo('施設の種類');
  await write('');
  await key('ArrowDown');
  await key('ArrowDown');
  await tabTo('都道府県');
  for (let count = 0; count < 13; count += 1) await key('ArrowDown');
  assert.equal(await field(page, '都道府県').locator('option:checked').innerText(), '東京都');
  await tabTo('管理者（院長など）');
  await tabTo('登録して、はじめの設定へ');
  await away('Enter');
  await tabTo('チェックリスト');
  await away('Enter');
  await tabTo('点検を始める');
  await away('Space');
  await see(page, '点検を始めました。');
});

step('an answer by arrows, a day by typing, Enter sends what was typed', async () => {
  await tabTo('はい');
  await key('Space');
  await tabTo('保存して次へ');
  await away('Enter');
  assert.equal(await title(page), await page.locator('h1').innerText());
  await see(page, '安全管理の責任者');
  await tabTo('はい');
  await key('Space');
  await key('ArrowRight');
  assert.ok(await page.getByRole('radio', { name: /^いいえ/ }).isChecked(), 'arrows move between the tiles');
  await see(page, '目標日がまだです');
  await tabTo('目標日を');
  await tabTo('目標日（');
  const year = Number(new URL(page.url()).pathname.split('/')[2]);
  await rewrite(`${year + 1}/3/30`);
  await away('Enter');
  await page.goto(new URL(page.url()).pathname.replace(/items\/.*/, 'items/org-officer'));
  assert.equal(await field(page, '目標日（「いいえ」「わからない」のとき）').inputValue(), `令和${year - 2017}年3月30日`);
});

step('saving while the focus is in what the answer replaces does not lose it', async () => {
  await tabTo('いいえ');
  await tabTo('目標日（');
  await rewrite('');
  await see(page, '目標日がまだです');
  const button = await tabTo('目標日を', true);
  assert.equal(button.tag, 'button');
  // The next answer of the server brings the same part again.
  const answer = page.waitForResponse((it) => it.request().method() === 'POST');
  await page.locator('#f-note').evaluate((it) => {
    it.value = '別の所で書いた。';
    it.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await answer;
  await page.locator('[data-status][data-state="saved"]').waitFor();
  const at = await focus();
  assert.equal(at.name, button.name, 'the focus stays where it was');
});

step('evidence is chosen, refused, chosen again and taken off', async () => {
  // The browser is told that choosers are awaited before one opens; with the key it would race.
  page.on('filechooser', () => {});
  await tabTo('ファイルを加える');
  const choose = async (file) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await chooser.setFiles(file);
  };
  await choose({ name: '道具.exe', mimeType: '', buffer: Buffer.from('MZ\x90\0') });
  await tabTo('加える');
  await page.keyboard.press('Enter');
  await page.locator('#f-file-error').filter({ hasText: '受け取れない種類' }).waitFor();
  assert.equal((await focus()).id, 'f-file', 'the focus is at the field that was refused');
  await choose({ name: '手順.txt', mimeType: 'text/plain', buffer: Buffer.from('毎朝、控えを確かめる。\n') });
  await tabTo('加える');
  await away('Enter');
  await see(page, '証拠を加えました。');

  await tabTo('外す');
  await key('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.equal((await focus()).name, 'やめる', 'the harmless choice has the focus');
  await audit(page, 'question in a dialog');
  for (let count = 0; count < 5; count += 1) {
    const at = await key('Tab');
    assert.ok(at.lost || ['やめる', '外す 手順.txt', '外す手順.txt'].includes(at.name), `the focus leaves the dialog for 「${at.name}」`);
  }
  const back = await key('Escape');
  assert.match(back.name, /^外す/, 'the focus comes back to where it was');
  await key('Enter');
  await dialog.waitFor();
  await tabTo('外す');
  await away('Enter');
  await see(page, '証拠から外しました');
});

step('language and menu open, close and lead on by key', async () => {
  const here = new URL(page.url()).pathname;
  await tabTo('言語: 日本語');
  await key('Enter');
  const closed = await key('Escape');
  assert.match(closed.name, /^言語: 日本語/, 'Escape closes the menu and leaves the focus on it');
  assert.equal(await page.locator('details.menu[open]').count(), 0);
  await key('Enter');
  await tabTo('English');
  await away('Enter');
  assert.equal(new URL(page.url()).pathname, here);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await tabTo('Language: English');
  await key('Space');
  await tabTo('日本語');
  await away('Space');
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');

  await page.setViewportSize({ width: 360, height: 780 });
  await page.reload();
  await tabTo('メニュー');
  await key('Enter');
  await audit(page, 'menu on a phone');
  await tabTo('進め方');
  await away('Enter');
  assert.equal(new URL(page.url()).pathname, '/plan');
  await page.setViewportSize({ width: 1280, height: 900 });
});

step('long work can be stopped without running after its button', async () => {
  await page.goto('/pack');
  await tabTo('印刷用（PDF）');
  await tabTo('一式を作る');
  await away('Enter');
  const stop = page.getByRole('button', { name: 'やめる' });
  if (!(await stop.isVisible().catch(() => false))) return;
  await tabTo('やめる');
  // While the work goes on, its line is asked for again and again.
  await page.waitForResponse((it) => it.url().endsWith('/state'));
  const at = await focus();
  assert.ok(['やめる', '受け取る'].includes(at.name), `the focus stays on the line, not 「${at.name}」`);
});
