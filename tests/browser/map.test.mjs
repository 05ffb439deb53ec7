// The map in a real browser: drawn from the ledger, searched, walked by keys, arranged, taken back, filtered; kept while there
// is no connection, told when it cannot be loaded, and there without script. Pages are audited in three languages and two
// widths, dark too.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, program, speak, visitor } from './house.mjs';
import { fill, press, select } from './hand.mjs';

const CARE = '地図の診療の線';
const OFFICE = '地図の事務の線';
const SERVER = '地図のカルテの本体';
const DESK = '地図の受付の端末';
const VIEWER = '地図の画像の端末';

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

/** A word of the picture, as the page's language has it. */
async function word(name, what = '') {
  const words = await page.locator('#map').getAttribute(`data-word-${name}`);
  assert.ok(words, `the page has no word for ${name}`);
  return words.replace('%', what);
}
const button = async (name) => page.locator('#map').getByRole('button', { name: await word(name), exact: true });
const board = () => page.locator('.map__board');
const drawn = () => page.locator('.map--drawn .map__board').waitFor();
const told = () => page.locator('#map > p.vh[role=status]').innerText();
const saved = () => page.locator('#map > .status[data-state="saved"]').waitFor();
const panel = () => page.locator('.map__panel');

async function open() {
  await page.goto('/map');
  await drawn();
}

/** Something on the canvas by the beginning of its name: where it is, in the picture and in the window, and its marks. */
const at = (name) =>
  page.evaluate((name) => {
    const ground = document.querySelector('.map__board');
    const all = ground._cyreg.cy.nodes().filter((node) => node.data('label').startsWith(name));
    if (all.length !== 1) return null;
    const [node, corner] = [all[0], ground.getBoundingClientRect()];
    const { x, y } = node.renderedPosition();
    return {
      spot: { x: Math.round(node.position('x')), y: Math.round(node.position('y')) },
      hand: { x: corner.x + x, y: corner.y + y },
      marks: node.classes(),
      seen: node.visible(),
    };
  }, name);

/** Waits until a question about the canvas has another answer than null, false or nothing. */
async function until(question) {
  for (let left = 100; left > 0; left -= 1) {
    const answer = await question();
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
  return assert.fail(`not within ten seconds: ${question}`);
}

const chosen = (name) => until(async () => (await at(name))?.marks.includes('current'));

/** Searches, which chooses what was found first. */
async function search(words) {
  await page.locator('#map-search').fill(words);
  await page.locator('#map-search').press('Enter');
}

async function drag(name, x, y) {
  // The picture may still glide to where it was sent, or be about to.
  let [before, still] = [await at(name), 0];
  await until(async () => {
    await new Promise((done) => setTimeout(done, 150));
    const [last, now] = [before, await at(name)];
    before = now;
    still = last.hand.x === now.hand.x && last.hand.y === now.hand.y ? still + 1 : 0;
    return still >= 4;
  });
  await page.mouse.move(before.hand.x, before.hand.y);
  await page.mouse.down();
  await page.mouse.move(before.hand.x + x, before.hand.y + y, { steps: 8 });
  await page.mouse.up();
  await until(async () => (await at(name)).spot.x !== before.spot.x);
  return before.spot;
}

async function thing(kind, name, zone) {
  await page.goto(`/ledger/assets/new?kind=${kind}`);
  await fill(page, { 名前: name });
  if (zone) await select(page, 'ネットワークの区画', zone);
  await press(page, '保存する');
}

async function line(kind, from, to) {
  await page.goto(`/ledger/connections/new?kind=${kind}`);
  await select(page, 'つなぎに行く側', from);
  await select(page, '受ける側', to);
  await press(page, '保存する');
}

step('a ledger with two zones and a line from the Internet', async () => {
  await thing('zone', CARE);
  await thing('zone', OFFICE);
  await thing('server', SERVER, CARE);
  await thing('terminal', VIEWER, CARE);
  await thing('terminal', DESK, OFFICE);
  await line('dicom', VIEWER, SERVER);
  await line('lan_segment', DESK, VIEWER);
  await line('remote_desktop', 'インターネット', SERVER);
});

step('the picture takes the place of the one that the server drew', async () => {
  await open();
  assert.equal(await page.locator('#map .map__still').first().isVisible(), false);
  assert.equal(await page.locator('style').count(), 0, 'no style element of a library');
  for (const name of [CARE, OFFICE, SERVER, DESK, VIEWER]) assert.ok((await at(name))?.seen, name);
  assert.match((await at(SERVER)).marks.join(' '), /danger-2/, 'remote desktop from the Internet');
});

step('the page in three languages and two widths, dark, and printed', async () => {
  for (const lang of ['en', 'zh', 'ja']) {
    await speak(page, lang);
    await open();
    await page.locator('.map__legend summary').click();
    await audit(page, `${lang} map`);
  }
  await page.setViewportSize({ width: 360, height: 780 });
  await open();
  await audit(page, 'phone map');
  for (const target of await page.locator('#map button:visible').all()) {
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${await target.innerText()} is ${width} × ${height}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await audit(page, 'dark map');
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  assert.ok(await page.locator('#map .map__still').first().isVisible(), "the server's picture is what is printed");
  await page.emulateMedia({ media: 'screen' });
});

step('a search says how many, chooses and brings into sight', async () => {
  await open();
  await search('チズノ診療');
  await page.locator('.map__outcome').filter({ hasText: await word('found-none') }).waitFor();
  await search('ちずの端末');
  await page.locator('.map__outcome').filter({ hasText: await word('found-none') }).waitFor();
  await search('地図の 端末');
  await page.locator('.map__outcome').filter({ hasText: '1/2' }).waitFor();
  await page.locator('#map-search').press('Enter');
  await page.locator('.map__outcome').filter({ hasText: '2/2' }).waitFor();
  assert.ok((await at(DESK)).marks.includes('found') && (await at(VIEWER)).marks.includes('found'));
  await search(SERVER);
  await chosen(SERVER);
});

step('arrows walk, Enter opens what is known of a thing, Escape comes back', async () => {
  await search(SERVER);
  await chosen(SERVER);
  await board().focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), SERVER);
  const text = await panel().innerText();
  for (const words of ['N5', await word('danger-2'), VIEWER, 'インターネット', CARE]) assert.ok(text.includes(words), words);
  assert.match(await panel().getByRole('link', { name: await word('ledger') }).getAttribute('href'), /^\/ledger\/assets\//);
  await audit(page, 'panel of a thing');
  await page.keyboard.press('Escape');
  assert.equal(await panel().isVisible(), false);
  assert.ok(await board().evaluate((it) => it === document.activeElement), 'the focus is back on the picture');
  const seen = new Set([await told()]);
  for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'ArrowRight', 'ArrowRight']) {
    await page.keyboard.press(key);
    seen.add(await told());
  }
  assert.ok(seen.size > 3, `arrows lead on: ${[...seen].join(' | ')}`);
});

step('what is dragged stays there, and is taken back and done again', async () => {
  await open();
  await search(SERVER);
  await chosen(SERVER);
  const first = await drag(SERVER, 40, 24);
  await saved();
  const second = (await at(SERVER)).spot;
  await open();
  assert.deepEqual((await at(SERVER)).spot, second, 'after coming back');
  await search(SERVER);
  await chosen(SERVER);
  await drag(SERVER, 30, 12);
  const third = (await at(SERVER)).spot;
  await page.keyboard.press('Control+z');
  assert.deepEqual((await at(SERVER)).spot, second);
  await (await button('redo')).click();
  assert.deepEqual((await at(SERVER)).spot, third);
  await (await button('undo')).click();
  assert.deepEqual((await at(SERVER)).spot, second);
  await saved();
  await open();
  assert.deepEqual((await at(SERVER)).spot, second, 'what was taken back stays so');
  assert.notDeepEqual(first, second);
});

step('without dragging: by keys and by buttons', async () => {
  await search(DESK);
  await chosen(DESK);
  const { spot } = await at(DESK);
  await board().focus();
  await page.keyboard.press('Shift+ArrowDown');
  assert.deepEqual((await at(DESK)).spot, { x: spot.x, y: spot.y + 20 });
  assert.ok((await told()).includes(await word('moved-down')));
  await page.keyboard.press('Enter');
  await panel().getByRole('button', { name: await word('move-right'), exact: true }).click();
  assert.deepEqual((await at(DESK)).spot, { x: spot.x + 20, y: spot.y + 20 });
  await saved();
});

step('a zone closes and opens; closed it takes its things along', async () => {
  await open();
  await search(CARE);
  await chosen(CARE);
  const [server, viewer] = [(await at(SERVER)).spot, (await at(VIEWER)).spot];
  await board().focus();
  await page.keyboard.press('Enter');
  await until(async () => (await at(CARE))?.marks.includes('closed'));
  assert.equal(await at(SERVER), null, 'what is in it is not drawn');
  assert.ok((await told()).includes(await word('closed')));
  await search(SERVER);
  await chosen(CARE);
  await board().focus();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await until(() => at(SERVER));
  assert.deepEqual((await at(SERVER)).spot, { x: server.x + 20, y: server.y });
  assert.deepEqual((await at(VIEWER)).spot, { x: viewer.x + 20, y: viewer.y });
  await page.keyboard.press('Control+z');
  assert.deepEqual((await at(SERVER)).spot, server);
  await saved();
});

step('only what is dangerous, and only some kinds', async () => {
  const { nodes, lines } = await (await page.request.get('/map/data')).json();
  const touched = new Set(lines.filter((it) => it.danger > 0).flatMap((it) => [it.from, it.to]));
  const seen = await Promise.all(nodes.filter((it) => it.danger === 0 && !touched.has(it.id)).map(async (it) => ((await at(it.name))?.seen ? it.name : null)));
  const calm = seen.find(Boolean);
  assert.ok(calm, 'something in it is not dangerous');
  await (await button('danger-only')).click();
  await until(async () => !(await at(calm)).seen);
  assert.ok((await at(SERVER)).seen);
  await audit(page, 'map with a filter');
  await (await button('danger-only')).click();
  await until(async () => (await at(calm)).seen);
  await page.locator('.map__legend summary').click();
  await page.locator('input[name="map-things"][value="terminal"]').uncheck();
  await until(async () => !(await at(DESK)).seen);
  await search(DESK);
  await page.locator('.map__outcome').filter({ hasText: await word('found-hidden') }).waitFor();
  await page.locator('input[name="map-things"][value="terminal"]').check();
  await until(async () => (await at(DESK)).seen);
});

step('nearer and further by buttons, keys and wheel', async () => {
  const level = () => page.evaluate(() => document.querySelector('.map__board')._cyreg.cy.zoom());
  await (await button('fit')).click();
  const whole = await until(async () => {
    const before = await level();
    await new Promise((done) => setTimeout(done, 300));
    return before === (await level()) && before;
  });
  await (await button('zoom-in')).click();
  assert.ok((await level()) > whole);
  await board().focus();
  await page.keyboard.press('-');
  assert.ok(Math.abs((await level()) - whole) < 1e-6);
  await board().hover();
  // While the page itself scrolls, a wheel is meant for the page.
  await new Promise((done) => setTimeout(done, 600));
  await page.mouse.wheel(0, -120);
  await until(async () => (await level()) > whole);
});

step('without a connection what is moved is kept and goes out later', async () => {
  await open();
  await search(VIEWER);
  await chosen(VIEWER);
  await board().focus();
  await page.context().setOffline(true);
  await page.keyboard.press('Shift+ArrowUp');
  const { spot } = await at(VIEWER);
  await page.locator('#map > .status[data-state="kept"]').filter({ hasText: await word('kept') }).waitFor();
  await page.context().setOffline(false);
  await saved();
  await open();
  assert.deepEqual((await at(VIEWER)).spot, spot);
});

step('a picture that cannot be loaded says so, and comes when it is asked for again', async () => {
  await page.route('**/map/data', (route) => route.abort('connectionrefused'));
  await page.goto('/map');
  const again = await button('retry');
  await again.waitFor();
  assert.ok(await page.locator('#map').getByText(await word('failed')).isVisible());
  assert.ok(await page.locator('#map .map__still').first().isVisible(), "the server's picture stays");
  await audit(page, 'map not loaded');
  await page.unroute('**/map/data');
  await again.click();
  await drawn();
  assert.equal(await again.count(), 0);
});

step('everything where the program puts it, after a question', async () => {
  const before = (await at(SERVER)).spot;
  const dialog = page.getByRole('dialog');
  await (await button('reset')).click();
  await dialog.waitFor();
  await audit(page, 'question before arranging');
  await page.keyboard.press('Escape');
  assert.deepEqual((await at(SERVER)).spot, before);
  await (await button('reset')).click();
  await dialog.getByRole('button', { name: await word('reset'), exact: true }).click();
  await until(async () => (await told()) === (await word('reset-done')));
  assert.notDeepEqual((await at(SERVER)).spot, before);
  await (await button('undo')).click();
  assert.deepEqual((await at(SERVER)).spot, before, 'this too can be taken back');
  await saved();
});

step('without script: the picture of the server, and the same as a table', async () => {
  const plain = await visitor(chrome, house.base, { javaScriptEnabled: false });
  await enter(plain, '病院事務長');
  await plain.goto('/map');
  assert.ok(await plain.locator('#map svg').first().isVisible());
  assert.ok((await plain.locator('#map svg').first().textContent()).includes(SERVER));
  await audit(plain, 'map without script');
  await plain.goto('/map?view=table');
  const row = plain.locator('main tr').filter({ hasText: SERVER }).first();
  assert.ok((await row.innerText()).includes('インターネット'), 'its lines stand in its row');
  await audit(plain, 'map as a table');
});
