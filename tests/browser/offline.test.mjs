// The line is cut, the window closes, the program dies: what was typed is kept and sent, what was acknowledged stays.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, program, visitor, watched } from './house.mjs';
import { choose, field, follow, press, roundOn, see, turn } from './hand.mjs';

const step = journey();
let house, chrome, page, round;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
  await page.goto('/checklist');
  round = await roundOn(page);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

const note = (at = page) => field(at, 'メモ');
const state = (name, at = page) => at.locator(`[data-status][data-state="${name}"]`).waitFor();

/** What the program has, as another browser sees it. */
async function stored(item) {
  const other = await visitor(chrome, house.base);
  await enter(other, '病院長');
  await other.goto(`${round}/items/${item}`);
  const found = { note: await note(other).inputValue(), answer: await other.locator('input[name=answer]:checked').getAttribute('value').catch(() => null) };
  await other.context().close();
  return found;
}

step('without a line the page says so and goes on; with it, everything is sent', async () => {
  await page.goto(`${round}/items/rules`);
  await page.context().setOffline(true);
  await note().fill('線が切れている間に書いた。');
  await state('kept');
  await see(page, 'つながっていません。入力はこの端末に残してあり、つながり次第送ります。');
  await choose(page, '答え', 'いいえ');
  await audit(page, 'offline');
  await page.context().setOffline(false);
  await state('saved');
  assert.deepEqual(await stored('rules'), { note: '線が切れている間に書いた。', answer: 'no' });
});

step('a window closed without a line gives its text to the next one', async () => {
  await page.goto(`${round}/items/bcp`);
  await page.context().setOffline(true);
  await note().fill('閉じる前に書いた。');
  await state('kept');
  const context = page.context();
  await page.close();
  page = watched(await context.newPage());
  await page.goto(`${round}/items/bcp`).then(
    () => assert.fail('a page without a line'),
    () => {},
  );
  await context.setOffline(false);
  await page.goto(`${round}/items/bcp`);
  await state('saved');
  assert.equal(await note().inputValue(), '閉じる前に書いた。');
  assert.equal((await stored('bcp')).note, '閉じる前に書いた。');
});

step('a reload before the text was sent loses nothing', async () => {
  await page.goto(`${round}/items/contact-chart`);
  await page.route('**/items/contact-chart', (route) => (route.request().method() === 'POST' ? route.abort('connectionfailed') : route.continue()));
  await note().fill('送られる前に読み込み直した。');
  await page.reload();
  assert.equal(await note().inputValue(), '送られる前に読み込み直した。');
  await state('kept');
  await page.unroute('**/items/contact-chart');
  await state('saved');
  assert.equal((await stored('contact-chart')).note, '送られる前に読み込み直した。');
});

step('the program is killed and comes back: acknowledged text is there, unsent text follows', async () => {
  await page.goto(`${round}/items/media-control`);
  await note().fill('保存されたと言われた。');
  await state('saved');
  await house.crash();
  await note().fill('保存されたと言われた。その後に足した。');
  await state('kept');
  await page.context().setOffline(true);
  house = await program('demo', house);
  assert.equal((await stored('media-control')).note, '保存されたと言われた。');
  await page.context().setOffline(false);
  await state('saved');
  assert.equal(await note().inputValue(), '保存されたと言われた。その後に足した。');
  assert.equal((await stored('media-control')).note, '保存されたと言われた。その後に足した。');
});

step('killed while a text is on its way, the program has it once or gets it again, never twice', async () => {
  await page.goto(`${round}/items/two-factor`);
  const history = async () => {
    await page.goto(`${round}/items/two-factor/history`);
    return page.locator('main li').filter({ hasText: '途中で切れた。' }).count();
  };
  // The request reaches the program; its answer never reaches the browser.
  await page.route('**/items/two-factor', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch().catch(() => {});
    await house.crash();
    await route.abort('connectionreset');
  });
  await note().fill('途中で切れた。');
  await state('kept');
  await page.unroute('**/items/two-factor');
  house = await program('demo', house);
  assert.equal((await stored('two-factor')).note, '途中で切れた。', 'what the program answered for survives it');
  await page.goto(`${round}/items/two-factor`);
  assert.equal(await page.locator('[data-conflict] [role=alert]').count(), 0, 'nobody is in conflict with themselves');
  assert.equal(await note().inputValue(), '途中で切れた。');
  assert.equal(await history(), 1);
});

step('signed out from elsewhere: the text waits for the sign-in and is sent then', async () => {
  await page.goto(`${round}/items/password-reuse`);
  const elsewhere = await visitor(chrome, house.base);
  await enter(elsewhere, '病院事務長');
  await elsewhere.goto('/account');
  await press(elsewhere, 'ほかの端末をすべてサインアウトさせる');
  await elsewhere.context().close();
  await note().fill('サインアウトされた後に書いた。');
  await state('gone');
  await see(page, /サインアウトされています/);
  await audit(page, 'signed out while typing');
  assert.equal((await stored('password-reuse')).note.includes('サインアウトされた後'), false);
  await follow(page, 'もう一度サインインする');
  await turn(page, () => page.getByRole('button', { name: /病院事務長$/ }).first().click());
  assert.equal(new URL(page.url()).pathname, `${round}/items/password-reuse`);
  await state('saved');
  assert.equal((await stored('password-reuse')).note, 'サインアウトされた後に書いた。');
});

step('signing out by hand leaves nothing in the browser', async () => {
  await page.goto(`${round}/items/password-reuse`);
  await page.context().setOffline(true);
  await note().fill('だれにも見せない下書き。');
  await state('kept');
  await page.context().setOffline(false);
  await page.locator('summary').filter({ hasText: '病院事務長' }).click();
  await press(page, 'サインアウト');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
});
