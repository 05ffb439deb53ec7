// The page of whoever runs the installation: what is wrong, a backup by the button, its proof.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, browser, enter, program, speak, visitor } from './house.mjs';

let house, chrome, backups;
before(async () => {
  backups = await mkdtemp(join(tmpdir(), 'komainu-backups-'));
  process.env.KOMAINU_BACKUP_FOLDER = backups;
  house = await program('demo');
  delete process.env.KOMAINU_BACKUP_FOLDER;
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await house?.stop();
  await rm(backups, { recursive: true, force: true });
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

test('nobody else finds the page', async () => {
  const page = await visitor(chrome, house.base);
  await enter(page, '病院事務長');
  assert.equal(await page.getByRole('link', { name: '運用と控え' }).count(), 0);
  for (const path of ['/operations', '/operations/jobs', '/operations/mail', '/operations/ways', '/operations/webhooks']) {
    assert.equal((await page.request.get(path)).status(), 404, path);
  }
  await page.context().close();
});
