// Two people in one row: each sees the other's text, chooses, and nothing is lost.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, program, visitor } from './house.mjs';
import { choose, field, follow, press, roundOn, see, tile, title, turn } from './hand.mjs';

const MINE = '院長の字：台帳は四月に直した。';
const THEIRS = '事務長の字：透析室の二台が抜けている。';

const step = journey();
let house, chrome, director, manager, round;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  [director, manager] = await Promise.all(['病院長', '病院事務長'].map(async (who) => {
    const page = await visitor(chrome, house.base);
    await enter(page, who);
    return page;
  }));
  await director.goto('/checklist');
  round = await roundOn(director);
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

const both = (act) => Promise.all([act(director), act(manager)]);
const note = (page) => field(page, 'メモ');
const saved = (page) => page.locator('[data-status][data-state="saved"]').waitFor();
const conflict = (page) => page.locator('[data-conflict]').getByRole('alert');
const stored = async (item) => {
  const reader = await director.context().newPage();
  await reader.goto(`${round}/items/${item}`);
  const text = await note(reader).inputValue();
  await reader.close();
  return text;
};

/** Opens a row twice and writes into it twice: the director first, then the manager on what is old by then. */
async function collide(item) {
  await both((page) => page.goto(`${round}/items/${item}`));
  await note(director).fill(MINE);
  await saved(director);
  await note(manager).fill(THEIRS);
  await conflict(manager).waitFor();
  assert.equal(await stored(item), MINE, 'nothing is overwritten silently');
  assert.equal(await note(manager).inputValue(), THEIRS, 'nor is what was typed');
}

step('autosave shows both texts beside each other, with the name of the other', async () => {
  await collide('rules');
  for (const words of [MINE, THEIRS, '病院長が変更しました', '違い', 'あなたの入力', 'いま保存されている内容']) {
    await see(conflict(manager), new RegExp(words));
  }
  await audit(manager, 'conflict while typing');
});

step('keep mine: it becomes the text, and the other is told', async () => {
  await conflict(manager).getByRole('button', { name: '自分の入力を残す' }).click();
  await saved(manager);
  assert.equal(await conflict(manager).count(), 0);
  assert.equal(await stored('rules'), THEIRS);
  await see(director, /病院事務長が保存/);
  await follow(director, '新しい内容を見る');
  assert.equal(await note(director).inputValue(), THEIRS);
  await director.goto(`${round}/items/rules/history`);
  for (const words of [MINE, THEIRS]) await see(director, new RegExp(words));
});

step('take theirs: the page shows it and does not come back with mine', async () => {
  await collide('bcp');
  await turn(manager, () => conflict(manager).getByRole('button', { name: '保存されている内容のままにする' }).click());
  assert.equal(await note(manager).inputValue(), MINE);
  await manager.reload();
  assert.equal(await note(manager).inputValue(), MINE);
  assert.equal(await stored('bcp'), MINE);
});

step('both: the joined note is kept', async () => {
  await collide('contact-chart');
  await conflict(manager).getByRole('button', { name: '両方のメモを合わせて残す' }).click();
  await saved(manager);
  assert.equal(await stored('contact-chart'), `${MINE}\n${THEIRS}`);
});

step('typing goes on during a conflict and after it; nothing typed is lost', async () => {
  await collide('media-control');
  await note(manager).fill(`${THEIRS}その後。`);
  await conflict(manager).getByRole('button', { name: '自分の入力を残す' }).click();
  await saved(manager);
  await note(manager).fill(`${THEIRS}その後。さらに。`);
  await manager.waitForResponse((answer) => answer.request().method() === 'POST' && answer.ok());
  assert.equal(await stored('media-control'), `${THEIRS}その後。さらに。`);
});

step('the button does not pass over a conflict: it leads to the choice', async () => {
  await collide('access-rights');
  await manager.getByRole('button', { name: '保存する', exact: true }).click();
  await manager.waitForFunction(() => document.activeElement?.closest('[data-conflict]'));
  assert.equal(await stored('access-rights'), MINE);
  await turn(manager, () => conflict(manager).getByRole('button', { name: '保存されている内容のままにする' }).click());
});

step('without script the choice is a page of its own, and it stands', async () => {
  const plain = await visitor(chrome, house.base, { javaScriptEnabled: false });
  await enter(plain, '病院事務長');
  for (const [item, role, name, expected] of [
    ['patches', 'button', '自分の入力を残す', THEIRS],
    ['two-factor', 'link', '保存されている内容のままにする', MINE],
    ['password-reuse', 'button', '両方のメモを合わせて残す', `${MINE}\n${THEIRS}`],
  ]) {
    await Promise.all([director, plain].map((page) => page.goto(`${round}/items/${item}`)));
    await note(director).fill(MINE);
    await saved(director);
    await note(plain).fill(THEIRS);
    await press(plain, '保存する');
    assert.equal(await stored(item), MINE, `${item}: nothing is overwritten silently`);
    assert.equal(await title(plain), 'ほかの人が先に変更しました');
    for (const words of [MINE, THEIRS]) await see(plain.locator('main table'), words);
    if (role === 'link') await audit(plain, 'conflict page');
    await turn(plain, () => plain.getByRole(role, { name }).click());
    assert.equal(await note(plain).inputValue(), expected, `${item}: the page after the choice`);
    assert.equal(await stored(item), expected);
  }
  await plain.context().close();
});

step('answers and dates collide as notes do', async () => {
  await both((page) => page.goto(`${round}/items/password-strength`));
  await choose(director, '答え', 'わからない');
  await saved(director);
  await choose(manager, '答え', 'いいえ');
  await conflict(manager).waitFor();
  await conflict(manager).getByRole('button', { name: '自分の入力を残す' }).click();
  await saved(manager);
  await director.reload();
  assert.ok(await tile(director, '答え', 'いいえ').isChecked());
});
