// The yearly stock-take: begun, walked at the width of a phone, something added, a new place taken over, closed, compared.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { download, fill, follow, press, roundOn, see, tile, title, turn } from './hand.mjs';

const PHONE = { width: 360, height: 780 };
const DESK = { width: 1280, height: 900 };
const step = journey();
let house, chrome, page, phone, take;
before(async () => {
  house = await program('demo');
  chrome = await browser();
  page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
  phone = await visitor(chrome, house.base, { viewport: PHONE });
  await enter(phone, '病院事務長');
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

const card = (at, name) => at.locator('section.walk').filter({ hasText: name });
const saved = (place) => place.locator('[data-status][data-state="saved"]').waitFor();

/** Taps what was found of a thing and waits until it is kept. */
async function found(at, name, words) {
  const group = card(at, name);
  await tile(group, `「${name}」はありましたか`, words).locator('xpath=ancestor::label').click();
  await saved(group);
}

/** Adds a thing that stands here. */
async function add(at, { kind, name, place }) {
  await at.goto(`${take}/add`);
  await at.locator(`input[name=kind][value=${kind}]`).locator('xpath=ancestor::label').click();
  await fill(at, { 名前: name, 場所: place });
  await press(at, '台帳に加える');
  await see(at, '台帳に加え、ここにあったと記録しました。');
}

async function begin() {
  await page.goto('/ledger/stock-take');
  await press(page, '始める');
  await see(page, '棚卸しを始めました。');
  take = new URL(page.url()).pathname;
}

async function close() {
  await page.goto(take);
  await follow(page, '棚卸しを終える');
  await press(page, '終える');
  await see(page, '棚卸しを終えました。');
}

step('a stock-take is begun from the ledger', async () => {
  await page.goto('/ledger/stock-take');
  assert.equal(await title(page), '棚卸し');
  await look(page, 'stock-takes');
  await begin();
  await look(page, 'a stock-take under way');
  await page.goto('/ledger/stock-take');
  assert.equal(await page.getByRole('button', { name: '始める', exact: true }).count(), 0, 'one at a time');
});

step('what is in no ledger is added where it stands', async () => {
  await page.goto(`${take}/add`);
  await look(page, 'adding a thing');
  await press(page, '台帳に加える');
  await audit(page, 'adding nothing');
  for (const name of ['赤い箱', '青い箱']) await add(phone, { kind: 'network_device', name, place: '見本の受付' });
});

step('on a phone every tap is kept at once', async () => {
  await phone.goto(take);
  await turn(phone, () => phone.getByRole('link', { name: /見本の受付/ }).click());
  await found(phone, '赤い箱', '見つからない');
  await found(phone, '青い箱', 'あったが違いがある');
  const blue = card(phone, '青い箱');
  await blue.getByLabel('いまある場所（違うときだけ）').fill('見本の倉庫');
  await saved(blue);
  await phone.waitForTimeout(900);
  await saved(blue);
  const box = await tile(blue, '「青い箱」はありましたか', '書いてあるとおり').locator('xpath=ancestor::label').boundingBox();
  assert.ok(box.height >= 44, `a tile is ${box.height} px high`);
  await phone.reload();
  assert.equal(await blue.getByLabel('いまある場所（違うときだけ）').inputValue(), '見本の倉庫');
  await audit(phone, 'walking on a phone');
  await page.goto(new URL(phone.url()).pathname + new URL(phone.url()).search);
  await look(page, 'walking');
});

step('without a line the tap is kept on the phone and sent later', async () => {
  await phone.context().setOffline(true);
  const red = card(phone, '赤い箱');
  await tile(red, '「赤い箱」はありましたか', '書いてあるとおり').locator('xpath=ancestor::label').click();
  await red.locator('[data-status][data-state="kept"]').waitFor();
  await phone.context().setOffline(false);
  await saved(red);
  await found(phone, '赤い箱', '見つからない');
});

step('two people: the second sees what the first said, and nothing is overwritten', async () => {
  await page.goto(new URL(phone.url()).pathname + new URL(phone.url()).search);
  await found(phone, '赤い箱', '書いてあるとおり');
  const red = card(page, '赤い箱');
  await tile(red, '「赤い箱」はありましたか', 'まだ見ていない').locator('xpath=ancestor::label').click();
  await red.getByRole('alert').waitFor();
  await see(red, '先に別の人が書いていました');
  await audit(page, 'a conflict of two who walk');
  await turn(page, () => red.getByRole('button', { name: '相手の内容のままにする' }).click());
  assert.ok(await tile(card(page, '赤い箱'), '「赤い箱」はありましたか', '書いてあるとおり').isChecked());
  await phone.reload();
  await found(phone, '赤い箱', '見つからない');
});

step('a new place goes into the ledger with one tap, what is missing stays', async () => {
  await page.goto(take);
  await see(page, '見つからなかったもの');
  await press(page, '台帳に反映する 青い箱');
  await see(page, '「青い箱」を台帳に反映しました。');
  await see(page, 'が台帳に反映');
});

step('it is closed, kept and printed', async () => {
  await page.goto(take);
  await follow(page, '棚卸しを終える');
  await look(page, 'closing a stock-take');
  await close();
  await look(page, 'a closed stock-take');
  await phone.reload();
  assert.equal(new URL(phone.url()).pathname, take, 'nobody walks in a closed one');
  for (const paper of ['list', 'result']) {
    const answer = await page.request.get(`${take}/${paper}`);
    assert.equal(answer.headers()['content-type'], 'application/pdf');
    assert.equal((await answer.body()).subarray(0, 4).toString(), '%PDF');
  }
});

step('the next one stands beside it', async () => {
  await begin();
  await see(page, '前の棚卸しとの比較');
  await phone.goto(take);
  await turn(phone, () => phone.getByRole('link', { name: /見本の受付/ }).click());
  await found(phone, '赤い箱', '見つからない');
  await close();
  await see(page, '前回も今回も見つからなかったもの');
  await look(page, 'compared with the one before');
  await page.setViewportSize(DESK);
});

step('the checklist knows of it', async () => {
  await page.goto('/checklist');
  const round = await roundOn(page);
  // Where a row says already what the ledger says there is nothing to take over.
  const draft = page.getByRole('region', { name: /台帳からの下書き/ });
  for (const item of ['asset-ledger', 'remote-maintenance', 'backup-restore', 'source-restriction']) {
    await page.goto(`${round}/items/${item}`);
    if (await draft.count()) break;
  }
  await draft.waitFor();
  await look(page, 'a draft from the ledger');
  await press(page, '下書きを回答に入れる（理由をメモに書き、台帳の写しを証拠に付けます）');
  await see(page, '台帳の写しを証拠に付けました');
  const file = await download(page, () => page.getByRole('link', { name: /^台帳の写し/ }).first().click());
  assert.equal(file.bytes.subarray(0, 2).toString(), 'PK');
});
