// The page of whoever runs the installation: what is wrong, a backup by the button, its proof.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, browser, enter, program, speak, visitor } from './house.mjs';

let house, chrome, backups, secrets, gateway;
before(async () => {
  backups = await mkdtemp(join(tmpdir(), 'komainu-backups-'));
  secrets = await mkdtemp(join(tmpdir(), 'komainu-secrets-'));
  gateway = await listening();
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(secrets, 'push-key.pem'), key, { mode: 0o600 });
  const settings = {
    KOMAINU_BACKUP_FOLDER: backups,
    KOMAINU_SMS_URL: `${gateway.base}/send`,
    KOMAINU_PUSH_KEY_FILE: join(secrets, 'push-key.pem'),
    KOMAINU_PUSH_CONTACT: 'mailto:komainu@example.jp',
    KOMAINU_CHAT: 'true',
    KOMAINU_CHAT_ALLOW: '127.0.0.0/8',
  };
  Object.assign(process.env, settings);
  house = await program('demo');
  for (const name of Object.keys(settings)) delete process.env[name];
  chrome = await browser();
});

/** A gateway of text messages and a chat service in one: it keeps what it is told, and takes everything but at /closed. */
async function listening() {
  const told = [];
  const server = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => { body += part; });
    request.on('end', () => {
      told.push({ path: request.url, body: JSON.parse(body) });
      answer.writeHead(request.url === '/closed' ? 410 : 200).end('ok');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { told, server, base: `http://127.0.0.1:${server.address().port}` };
}
after(async () => {
  await chrome?.close();
  await house?.stop();
  gateway?.server.close();
  for (const folder of [backups, secrets]) await rm(folder, { recursive: true, force: true });
});

test('an administrator makes a backup and sees it proved', async () => {
  const page = await visitor(chrome, house.base);
  await enter(page, '県事務局');
  await page.getByRole('link', { name: '運用と控え' }).first().click();
  await audit(page, 'operations before');
  await page.getByRole('button', { name: 'いま控えを取る' }).click();
  // The page asks again by itself until the backup and its first proof are over.
  await page.getByRole('button', { name: '戻せるか確かめる' }).waitFor({ timeout: 60_000 });
  await page.getByText('すべて同じでした').waitFor({ timeout: 60_000 });
  assert.match((await readdir(backups)).join(' '), /^komainu-\d{8}-\d{6}\.age$/);
  await page.getByRole('button', { name: '印刷して、しまった' }).click();
  await page.locator('details').first().evaluate((details) => { details.open = true; });
  for (const lang of ['ja', 'en', 'zh']) {
    await speak(page, lang);
    await page.goto('/operations');
    await audit(page, `${lang} operations`);
    if (process.env.KOMAINU_SHOTS) await page.screenshot({ path: join(process.env.KOMAINU_SHOTS, `operations-${lang}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 780 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/operations');
  await audit(page, 'phone operations');
  await page.context().close();
});

test('background work, mail and messages to the outside stand beside it', async () => {
  const page = await visitor(chrome, house.base);
  await enter(page, '県事務局');
  await page.goto('/operations');
  const tabs = await page.$$eval('a[href^="/operations/"]', (all) => [...new Set(all.map((a) => a.getAttribute('href')))]);
  assert.deepEqual(tabs, ['/operations/jobs', '/operations/mail', '/operations/ways', '/operations/webhooks']);
  for (const lang of ['ja', 'en', 'zh']) {
    await speak(page, lang);
    for (const tab of tabs) {
      await page.goto(tab);
      await audit(page, `${lang} ${tab}`);
    }
  }
  await page.context().close();
});

test('a short message is tried by each way that is switched on', async () => {
  const page = await visitor(chrome, house.base);
  await enter(page, '県事務局');
  await page.goto('/operations/ways');
  const way = (medium) => page.locator(`#way-${medium}`);
  await way('mail').getByText('使わない設定です').waitFor();
  await way('sms').getByLabel('電話番号').fill('そうむ');
  await way('sms').getByRole('button', { name: '試しに送る' }).click();
  await page.getByText('電話番号の形になっていません').first().waitFor();
  await audit(page, 'ways with a fault');
  assert.equal(await way('sms').getByLabel('電話番号').inputValue(), 'そうむ');
  await way('sms').getByLabel('電話番号').fill('090-0000-0000');
  await way('sms').getByRole('button', { name: '試しに送る' }).click();
  await page.getByText('相手に受け取られました').waitFor();
  assert.deepEqual([gateway.told[0].path, gateway.told[0].body.to], ['/send', '09000000000']);
  assert.match(gateway.told[0].body.text, /試しの知らせ/);
  await way('chat').getByLabel('WebhookのURL').fill(`${gateway.base}/closed`);
  await way('chat').getByRole('button', { name: '試しに送る' }).click();
  await page.getByText('この宛先には送れませんでした').waitFor();
  await page.getByText('HTTP 410').waitFor();
  assert.equal(gateway.told.length, 2, 'each was sent once');
  // No push service is asked by a test; that the browser could be asked is as far as this goes.
  assert.match(await way('push').locator('form').getAttribute('data-push'), /^B[A-Za-z0-9_-]{86}$/);
  for (const lang of ['ja', 'en', 'zh']) {
    await speak(page, lang);
    await page.goto('/operations/ways');
    await audit(page, `${lang} ways`);
  }
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto('/operations/ways');
  await audit(page, 'phone ways');
  await page.context().close();
});

test('nobody else finds the page', async () => {
  const page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
  assert.equal(await page.getByRole('link', { name: '運用と控え' }).count(), 0);
  for (const path of ['/operations', '/operations/jobs', '/operations/mail', '/operations/ways', '/operations/webhooks']) {
    assert.equal((await page.request.get(path)).status(), 404, path);
  }
  await page.context().close();
});
