// The ways in, on the demo's hospital: a ledger of its own lines and things, the story, the fix, what if, a plan within some
// hours, the order of restoring, the reasons. Pages are audited in three languages.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, enter, journey, look, program, visitor } from './house.mjs';
import { download, field, fill, follow, press, see, select, title } from './hand.mjs';

const step = journey();
let house, chrome, page, made;
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

/** A token for the ledger, as a person makes it, and a way to add with it. */
async function writer() {
  await page.goto('/account/tokens');
  const csrf = await page.locator('input[name="csrf"]').first().getAttribute('value');
  const answer = await page.request.post('/account/tokens', {
    form: { csrf, name: '台帳を書く', life: '7', permission: 'ledger_edit' },
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  });
  const secret = (await answer.text()).match(/kmn_[\w-]+/)?.[0];
  assert.ok(secret, 'a token was made');
  return async (path, data) => {
    const added = await page.request.post(`/api/v1${path}`, { data, headers: { Authorization: `Bearer ${secret}` } });
    assert.equal(added.status(), 201, await added.text());
    return (await added.json()).id;
  };
}

step('a hospital writes down what it has and how it is connected', async () => {
  const add = await writer();
  const off = (...names) => Object.fromEntries(names.map((name) => [name, 'absent']));
  const zone = await add('/assets', { kind: 'zone', name: '試しのLAN' });
  const box = await add('/assets', { kind: 'network_device', name: '試しのVPN装置', controls: off('updates') });
  const seats = await add('/assets', {
    kind: 'terminal', name: '試しの業務端末', zone, facts: { count: '40' },
    controls: off('updates', 'users_not_admin', 'strong_password', 'lockout'),
  });
  const record = await add('/assets', {
    kind: 'server', name: '試しのカルテサーバー', zone, facts: { holds_records: 'yes', recovery_hours: '30' },
    controls: off('updates', 'host_firewall'),
  });
  await add('/assets', {
    kind: 'backup', name: '試しの控え', zone, copy_of: [`asset:${record}`],
    controls: { offline_copy: 'present', restore_tested: 'present' },
  });
  await add('/assets', { kind: 'account_group', name: '試しの管理者', opens: [`asset:${seats}`, `asset:${record}`] });
  await add('/assets', { kind: 'care_process', name: '試しの入院診療', facts: { urgency: '5' }, needs: [`asset:${record}`] });
  const vpn = await add('/connections', {
    kind: 'vpn', name: '試しの保守VPN', from: 'internet', to: `asset:${box}`, controls: off('source_limited', 'two_factor'),
  });
  await add('/connections', { kind: 'lan_segment', from: `asset:${box}`, to: `asset:${zone}`, controls: off('filtered') });
  made = { record, vpn };
});

step('the way in is told as a story, with the fix that helps most', async () => {
  await page.goto('/ledger/systems');
  await follow(page, '危険な道');
  assert.equal(await title(page), '危険な道');
  await see(page, /侵入口は\d+つ/);
  await see(page, 'いちばん効く一手');
  await see(page, '入ってから起こること');
  await page.locator('details').evaluateAll((all) => all.forEach((it) => it.setAttribute('open', '')));
  await see(page, '起こること別の見込み');
  await see(page, 'ここが破られたら届く範囲');
  await look(page, 'ways in');
});

step('what if the line were cut, the server unplugged, a fix made', async () => {
  await page.goto('/exposure/what-if');
  await look(page, 'what if, asked');
  await select(page, '切る線', '試しの保守VPN');
  await press(page, '試す');
  await see(page, 'こうなります');
  await see(page, 'すぐに止まる診療業務はありません');
  await look(page, 'what if, a line cut');
  await page.goto('/exposure/what-if');
  await select(page, '抜く機器', '試しのカルテサーバー');
  await press(page, '試す');
  await see(page, 'すぐに止まる診療業務');
  assert.ok((await page.locator('#result').innerText()).includes('試しの入院診療'));
  await page.goto('/exposure/what-if');
  const fixes = field(page, 'する対策');
  await fixes.selectOption({ index: 1 });
  await press(page, '試す');
  await see(page, '減る');
});

step('a plan keeps to the hours there are', async () => {
  await page.goto('/exposure');
  await follow(page, '使える時間から計画を作る');
  await see(page, 'する順番');
  await look(page, 'plan of fixes');
  await fill(page, { '使える時間（時間）': '4' });
  await press(page, '計画を作る');
  await see(page, /約4時間のうち/);
  await fill(page, { '使える時間（時間）': 'たくさん' });
  await press(page, '計画を作る');
  await page.locator('main').getByRole('alert').waitFor();
  await see(page, '1から2000までの整数を入れてください。');
  await audit(page, 'plan of fixes, refused');
});

step('the order of restoring is there before anything has to be restored', async () => {
  await page.goto('/exposure');
  await follow(page, '戻す順番を見る');
  const row = page.locator('tr').filter({ hasText: '試しのカルテサーバー' });
  await see(row, '試した控えから');
  await see(row, '試しの入院診療');
  await look(page, 'order of restoring');
});

step('every number has its reason, and the network is a file for others', async () => {
  await page.goto('/exposure');
  await follow(page, '数字の理由を見る');
  assert.equal(await title(page), '数字の理由');
  await look(page, 'reasons');
  await page.goto('/exposure');
  const file = await download(page, () => page.getByRole('link', { name: 'つながりをファイルで受け取る' }).click());
  assert.equal(file.name, 'komainu-network.json');
  const network = JSON.parse(file.bytes.toString('utf8'));
  assert.ok(network.connections.some((line) => line.id === `line:${made.vpn}`));
  assert.ok(network.nodes.some((node) => node.id === `asset:${made.record}`));
});
