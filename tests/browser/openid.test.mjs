// Signing in by the house's own sign-in service in a real browser, with a real service on this computer: linked, used at desk
// and phone, with and without a second factor, as a proof, unknown, removed, and away.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, browser, journey, look, program, speak, visitor } from './house.mjs';
import { digits, press, see, settle } from './hand.mjs';
import { CLIENT, service } from './service.mjs';

const PASSWORD = 'momiji kaban 83 tansu';
const DIRECTOR = 'incho@example.jp';
const NURSE = 'kango@example.jp';
const PHONE = { viewport: { width: 360, height: 780 } };
const BUTTON = 'form[action="/sign-in/openid"] button';

const step = journey();
let house, chrome, login, folder;

/** Starts the program with the settings that name the service, or starts it again. */
async function start(crashed) {
  const settings = {
    KOMAINU_OIDC_ISSUER: login.issuer, KOMAINU_OIDC_CLIENT_ID: CLIENT.id, KOMAINU_OIDC_NAME: '病院アカウント',
    KOMAINU_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'), KOMAINU_OIDC_TRUSTED_FACTOR: 'true',
  };
  Object.assign(process.env, settings);
  const started = await program('serve', crashed);
  for (const name of Object.keys(settings)) delete process.env[name];
  return started;
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'komainu-login-'));
  await writeFile(join(folder, 'secret'), CLIENT.secret, { mode: 0o600 });
  login = await service();
  house = await start();
  login.serves(`${house.base}/sign-in/openid/return`);
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await house?.stop();
  await login?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Waits for a page of ours. */
const arrived = (page, path) => page.waitForURL((url) => url.origin === house.base && url.pathname === path);

/** Says at the service who one is. */
async function say(page, sub, { strong = false } = {}) {
  await page.waitForURL(`${login.issuer}/interaction/**`);
  await page.fill('#sub', sub);
  if (strong) await page.check('[name=strong]');
  await page.click('form button:not([name])');
}

/** Signs out here, and stays signed in at the service. */
const leave = (page) => page.context().clearCookies({ name: 'komainu-session' });

async function signIn(page, email) {
  await page.goto('/sign-in');
  await page.fill('#f-email', email);
  await page.fill('#f-password', PASSWORD);
  await page.click('form[action="/sign-in"] button');
}

let secret;

step('the first administrator signs in by password and links the account', async () => {
  const page = await visitor(chrome, house.base);
  await settle(page, { email: DIRECTOR, password: PASSWORD });
  await page.goto('/account');
  await look(page, 'account that can be linked');
  // The page that leads away, held fast: without the service it stays.
  await page.route(`${login.issuer}/**`, (route) => route.abort('aborted'));
  for (const lang of ['en', 'zh', 'ja']) {
    await speak(page, lang);
    await page.goto('/account');
    await page.click('form[action="/account/openid"] button');
    await page.locator(`a[href^="${login.issuer}"]`).waitFor();
    await audit(page, `${lang} off to the service`);
  }
  await page.unroute(`${login.issuer}/**`);
  await page.goto('/account');
  await page.click('form[action="/account/openid"] button');
  await say(page, 'incho-1');
  await arrived(page, '/account');
  await see(page, /「病院アカウント」とつなぎました/);
  await look(page, 'account that is linked');
  await page.context().close();
});

step('the service opens the account at desk and phone', async () => {
  const desk = await visitor(chrome, house.base);
  await desk.goto('/sign-in?next=%2Faccount');
  await look(desk, 'sign-in with a service');
  await desk.click(BUTTON);
  await say(desk, 'incho-1');
  await arrived(desk, '/account');
  await see(desk, /サインインサービスで/);
  // Whoever is signed in at the service is not asked again.
  await leave(desk);
  await desk.goto('/sign-in?next=%2Faccount');
  await desk.click(BUTTON);
  await arrived(desk, '/account');
  const phone = await visitor(chrome, house.base, PHONE);
  await phone.goto('/sign-in');
  await phone.click(BUTTON);
  await say(phone, 'incho-1');
  await arrived(phone, '/');
  await audit(phone, 'phone in by the service');
  for (const page of [desk, phone]) await page.context().close();
});

step('what a browser brings that did not go opens nothing', async () => {
  const page = await visitor(chrome, house.base);
  await page.goto('/sign-in/openid/return?code=made-up&state=made-up');
  await arrived(page, '/sign-in');
  await see(page, /最初からやり直してください/);
  // An answer that was used is none.
  let answer;
  page.on('request', (request) => {
    if (request.url().includes('/sign-in/openid/return?')) answer = request.url();
  });
  await page.click(BUTTON);
  await say(page, 'incho-1');
  await arrived(page, '/');
  await leave(page);
  await page.goto(answer);
  await arrived(page, '/sign-in');
  const other = await visitor(chrome, house.base);
  await other.goto(answer);
  await arrived(other, '/sign-in');
  for (const each of [page, other]) await each.context().close();
});

step('a second factor is asked for after the service as after the password', async () => {
  const page = await visitor(chrome, house.base);
  await page.goto('/sign-in?next=%2Faccount%2Ffactors%2Ftotp');
  await page.click(BUTTON);
  await say(page, 'incho-1');
  await arrived(page, '/account/factors/totp');
  secret = await page.textContent('#totp-secret');
  await page.fill('#f-code', digits(secret, -1));
  await page.click('main form button');
  await page.locator('#codes li').first().waitFor();
  await leave(page);
  await page.goto('/sign-in?next=%2Faccount');
  await page.click(BUTTON);
  await arrived(page, '/sign-in/second');
  await page.fill('#f-code', digits(secret));
  await page.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  await arrived(page, '/account');
  await see(page, /サインインサービスと認証アプリで/);
  await page.context().close();
});

step('a new sign-in at the service is a proof, with the second factor', async () => {
  const page = await visitor(chrome, house.base);
  // The service vouches for a second factor, so it is not asked for here.
  await page.goto('/sign-in?next=%2Faccount');
  await page.click(BUTTON);
  await say(page, 'incho-1', { strong: true });
  await arrived(page, '/account');
  await page.goto('/account/confirm?next=%2Faccount%2Fpassword');
  await look(page, 'confirm by the service');
  await press(page, '「病院アカウント」で確かめる');
  // Although they are signed in there, they are asked.
  await say(page, 'somebody-else');
  await arrived(page, '/account/confirm');
  await see(page, /このアカウントとつながっている人ではありません/);
  await press(page, '「病院アカウント」で確かめる');
  await say(page, 'incho-1');
  await arrived(page, '/account/confirm');
  await look(page, 'confirm after the service');
  await page.fill('#f-code', '000000');
  await press(page, '確かめて続ける');
  await audit(page, 'confirm after the service with a fault');
  await page.fill('#f-code', digits(secret, 1));
  await press(page, '確かめて続ける');
  await arrived(page, '/account/password');
  await page.context().close();
});

step('what an institution demands is met by the service only where it asked for a second factor', async () => {
  const director = await visitor(chrome, house.base);
  await director.goto('/sign-in?next=%2Fpeople');
  await director.click(BUTTON);
  await say(director, 'incho-1', { strong: true });
  await arrived(director, '/people');
  await director.click('button[name=demand]');
  await director.click('dialog .btn--danger-solid');
  await director.locator('.flash').waitFor();
  await director.goto('/people/invite');
  await director.fill('#f-name', '看護師長');
  await director.click('label:has(input[name=role][value=staff])');
  await director.click('main form button');
  const invitation = await director.textContent('#slip-link');
  const nurse = await visitor(chrome, house.base);
  await nurse.goto(new URL(invitation).pathname);
  await nurse.fill('#f-email', NURSE);
  await nurse.fill('#f-password', PASSWORD);
  await nurse.fill('#f-password_again', PASSWORD);
  await nurse.click('form[action^="/invitation/"] button');
  await nurse.waitForURL('**/account/factors');
  await nurse.goto('/account');
  await nurse.click('form[action="/account/openid"] button');
  await say(nurse, 'kango-7');
  await arrived(nurse, '/account');
  await leave(nurse);
  await nurse.goto('/sign-in');
  await nurse.click(BUTTON);
  await arrived(nurse, '/account/factors');
  await nurse.context().close();
  const again = await visitor(chrome, house.base);
  await again.goto('/sign-in');
  await again.click(BUTTON);
  await say(again, 'kango-7', { strong: true });
  await arrived(again, '/');
  for (const page of [director, again]) await page.context().close();
});

step('whom nobody has linked is told what to do, and whoever stops is back at the door', async () => {
  const page = await visitor(chrome, house.base);
  await page.goto('/sign-in');
  await page.click(BUTTON);
  await say(page, 'nobody-9');
  await arrived(page, '/sign-in/openid/unknown');
  await look(page, 'not linked');
  const stopping = await visitor(chrome, house.base);
  await stopping.goto('/sign-in?next=%2Fplan');
  await stopping.click(BUTTON);
  await stopping.waitForURL(`${login.issuer}/interaction/**`);
  await stopping.click('[name=stop]');
  await arrived(stopping, '/sign-in');
  await see(stopping, /取りやめになりました/);
  await audit(stopping, 'stopped at the service');
  for (const each of [page, stopping]) await each.context().close();
});

step('a link is removed, and the log tells of both', async () => {
  const page = await visitor(chrome, house.base);
  await page.goto('/sign-in?next=%2Faccount');
  await page.click(BUTTON);
  await say(page, 'incho-1', { strong: true });
  await arrived(page, '/account');
  await page.click('form[action$="/remove"] button');
  await page.click('dialog .btn--danger-solid');
  await see(page, /つながりを外しました/);
  await audit(page, 'account that is linked no longer');
  await page.goto('/log');
  const log = await page.textContent('main');
  for (const words of ['サインインサービスとつないだ', 'サインインサービスとのつながりを外した']) assert.ok(log.includes(words), words);
  await leave(page);
  await page.goto('/sign-in');
  await page.click(BUTTON);
  await arrived(page, '/sign-in/openid/unknown');
  await page.context().close();
});

step('a service that is away leaves the password', async () => {
  await login.stop();
  await house.crash();
  house = await start(house);
  const page = await visitor(chrome, house.base);
  await page.goto('/sign-in?next=%2Faccount');
  await page.click(BUTTON);
  await see(page, /「病院アカウント」から応答がありません/);
  await audit(page, 'the service is away');
  await signIn(page, NURSE);
  await page.waitForURL('**/account/factors');
  await page.context().close();
});
