// An incident: declared on a telephone, led by two people at once, told, written up, closed with what was learned.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, program, visitor } from './house.mjs';
import { choose, download, field, follow, press, see, select, title, unfold } from './hand.mjs';

const PHONE = { width: 360, height: 780 };
const step = journey();
let house, chrome, director, manager, board;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  [director, manager] = await Promise.all(['病院長', '病院事務長'].map(async (who) => {
    const page = await visitor(chrome, house.base, who === '病院長' ? { viewport: PHONE } : {});
    await enter(page, who);
    return page;
  }));
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

step('the director declares it on a telephone with one button', async () => {
  await director.goto('/');
  await follow(director, 'サイバー事案を宣言する');
  await press(director, '事案を宣言する');
  await see(director, '何が起きているかを選んでください。');
  await audit(director, 'declaring with faults');
  await choose(director, '何が起きていますか', 'ランサムウェア');
  await field(director, '呼び名').fill('電子カルテが開かない');
  await press(director, '事案を宣言する');
  await see(director, '宣言しました。');
  board = new URL(director.url()).pathname;
  assert.match(await title(director), /電子カルテが開かない/);
  await see(director, 'バックアップにつながる線を抜く');
  await audit(director, 'the board on a telephone');
});

step('both write at once and neither loses anything', async () => {
  await manager.goto(board);
  const write = async (page, words) => {
    await field(page, '内容').fill(words);
    await press(page, '書き残す');
    await see(page, '書き残しました。');
  };
  await Promise.all([write(director, '3階の端末に脅迫文'), write(manager, '保守業者に電話した')]);
  await director.goto(board);
  for (const words of ['3階の端末に脅迫文', '保守業者に電話した']) await see(director, words);
});

step('a decision needs its reason', async () => {
  await choose(manager, '何を書きますか', '決めたこと');
  await field(manager, '内容').fill('紙で続ける');
  await press(manager, '書き残す');
  await see(manager, '決めた理由を書いてください。');
  assert.equal(await field(manager, '内容').inputValue(), '紙で続ける', 'what was typed stays');
  await field(manager, '理由・引き継ぐ相手').fill('画面が戻らないため');
  await press(manager, '書き残す');
  await see(manager, '紙で続ける（理由：画面が戻らないため）');
});

step('who settles a task on what is old sees what the other did', async () => {
  await Promise.all([director.goto(board), manager.goto(board)]);
  const task = (page) => page.locator('.quote').filter({ hasText: 'バックアップにつながる線を抜く' });
  await press(director, '済んだ', task(director));
  await see(director, '済みにしました。');
  await press(manager, 'しなくてよい', task(manager));
  await see(manager, 'いま保存されている内容');
});

step('what is affected is marked, seen on the map and in its table, and said from there', async () => {
  await manager.goto(`${board}/assets`);
  const server = field(manager, '台帳の機器').locator('option').filter({ hasText: /：サーバ$/ }).first();
  const thing = `asset:${await server.getAttribute('value')}`;
  await field(manager, '台帳の機器').selectOption(await server.getAttribute('value'));
  await select(manager, '状態', '影響あり');
  await field(manager, '見たこと・したこと').fill('画面に脅迫文');
  await press(manager, '保存する');
  await see(manager, '印を付けました。');
  const name = await manager.locator('section.card h2').first().innerText();
  await follow(manager, '図で見る');
  const drawn = () => manager.locator('.map--drawn .map__board').waitFor();
  const node = () =>
    manager.evaluate((id) => {
      const one = document.querySelector('.map__board')._cyreg.cy.getElementById(id);
      return { label: one.data('label'), found: one.hasClass('found'), marked: one.hasClass('marked-2') };
    }, thing);
  await drawn();
  await manager.locator('.map__outcome').filter({ hasText: '印のあるものが1件あります' }).waitFor();
  const seen = await node();
  assert.ok(seen.label.includes('◆ 影響あり') && seen.found && seen.marked, JSON.stringify(seen));
  await manager.getByRole('button', { name: '事案の印があるものだけ', exact: true }).click();
  await manager.locator('.map__outcome').filter({ hasText: '1件を表示しています' }).waitFor();
  await audit(manager, 'a map with marks');
  await manager.goto(`/map?at=${thing}`);
  await drawn();
  const panel = manager.locator('.map__panel');
  await panel.getByRole('heading', { name }).waitFor();
  assert.equal(await panel.getByRole('link', { name: /電子カルテが開かない/ }).getAttribute('href'), board);
  await panel.locator('summary').filter({ hasText: '印を付ける・直す' }).click();
  assert.equal(await field(panel, '見たこと・したこと').inputValue(), '画面に脅迫文', 'what was written before stays');
  await audit(manager, 'a mark in the panel');
  await select(panel, '状態', '切り離した');
  await press(manager, '印を付ける', panel);
  await drawn();
  await panel.getByText('切り離した').first().waitFor();
  assert.ok((await node()).label.includes('× 切り離した'));
  await manager.goto('/map?view=table&marked=yes');
  const row = manager.locator('main tbody tr');
  assert.equal(await row.count(), 1);
  assert.ok((await row.innerText()).includes('× 切り離した'));
  await audit(manager, 'a table with marks');
});

step('answers to plain questions decide who is told, with ground and clock', async () => {
  await manager.goto(`${board}/duties`);
  await see(manager, '法律の助言ではありません。');
  await choose(manager, 'だれかが不正な目的でしたことですか？（おそれを含む）', 'はい');
  await press(manager, '保存する');
  await see(manager, '答えを保存しました。');
  await see(manager, '個人情報保護委員会（確報、不正の目的によるとき）');
  assert.equal(await manager.locator('details[id^="d-"][open]').count(), 0, 'each is a line');
  await unfold(manager, '警察');
  await see(manager, '義務ではない。強くすすめられている');
  await audit(manager, 'duties');
  const police = manager.locator('#d-police');
  await field(police, '相手・方法・受付番号').fill('電話で相談した');
  await field(police, '日').fill('いつか');
  await press(manager, '知らせた', police);
  await see(manager, /日付/);
  assert.ok(await field(police, '日').isVisible(), 'what is wrong stands in an open part');
  assert.equal(await field(police, '相手・方法・受付番号').inputValue(), '電話で相談した');
  await field(police, '日').fill('');
  await press(manager, '知らせた', police);
  await see(manager, '残しました。');
  assert.ok(await field(police, '相手・方法・受付番号').isVisible(), 'it stands open among those who were told');
});

step('reports are filled from the case and say what they lack', async () => {
  await manager.goto(`${board}/facts`);
  await field(manager, '概要').fill('電子カルテの画面に脅迫文が出た。');
  await press(manager, '保存する');
  await follow(manager, /速報/);
  await see(manager, '電子カルテの画面に脅迫文が出た。');
  await see(manager, 'まだ書かれていないこと');
  await audit(manager, 'a report');
  const word = await download(manager, () => manager.getByRole('link', { name: 'Wordで保存' }).click());
  assert.ok(word.name.endsWith('.docx') && word.bytes.subarray(0, 2).toString() === 'PK', word.name);
});

step('the director sees how it stands, and it ends with what was learned', async () => {
  await director.goto(`${board}/quiet`);
  await see(director, '紙で続ける');
  await audit(director, 'the quiet page');
  await manager.goto(`${board}/close`);
  await field(manager, '学んだこと').fill('抜く線に札がなかった');
  await field(manager, '再発を防ぐ手だて').fill('線に札を付ける');
  assert.ok(await manager.locator('input[name=share]').isChecked(), 'lessons are for everybody unless somebody says no');
  await press(manager, '事案を終える');
  await see(manager, '終えました。おつかれさまでした。');
  assert.deepEqual((await (await manager.request.get('/map/data')).json()).affected, [], 'what is over leaves no marks');
  await follow(manager, 'もとの報告');
  await see(manager, '線に札を付ける');
});
