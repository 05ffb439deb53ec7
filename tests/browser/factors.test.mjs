// Second factors in a real browser: an authenticator app, recovery codes, passkeys (Chromium's virtual authenticator), an
// institution that demands one, and the way back after a loss. Every new page is audited in three languages.

import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { audit, browser, journey, look, program, speak, visitor } from './house.mjs';
import { device, digits, settle } from './hand.mjs';

const PASSWORD = 'momiji kaban 83 tansu';
const OTHER_PASSWORD = 'yuyake enpitsu 41 taiko';
const DIRECTOR = 'incho@example.jp';
const NURSE = 'kango@example.jp';

const step = journey();
let house, chrome, base;
before(async () => {
  house = await program('serve');
  // Passkeys need a name; this computer's own is enough.
  base = house.base.replace('127.0.0.1', 'localhost');
  chrome = await browser();
});
after(async () => {
  await chrome?.close();
  await house?.stop();
});

async function signIn(page, email, password = PASSWORD) {
  await page.goto('/sign-in');
  await page.fill('#f-email', email);
  await page.fill('#f-password', password);
  await page.click('form[action="/sign-in"] button');
}

/** Confirms a change that asks first, where a dialog asks. */
async function confirmed(page, button) {
  await page.click(button);
  await page.click('dialog .btn--danger-solid');
}

const secrets = {};
let codes = [];

step('the first administrator sets an app up and gets recovery codes', async () => {
  const page = await visitor(chrome, base);
  await settle(page, { email: DIRECTOR, password: PASSWORD });
  await page.goto('/account');
  await look(page, 'account');
  await page.click('a[href="/account/factors"]');
  await look(page, 'factors');
  await page.click('a[href="/account/factors/totp"]');
  await look(page, 'totp');
  secrets[DIRECTOR] = await page.textContent('#totp-secret');
  assert.ok(await page.isVisible('.qr svg'));
  await page.fill('#f-code', '000000');
  await page.click('main form button');
  await audit(page, 'totp with a fault');
  assert.equal(await page.textContent('#totp-secret'), secrets[DIRECTOR], 'the secret stays');
  await page.fill('#f-code', digits(secrets[DIRECTOR], -1));
  await page.click('main form button');
  codes = await page.locator('#codes li').allTextContents();
  assert.equal(codes.length, 10);
  await audit(page, 'recovery codes');
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.isVisible('#codes') && !(await page.isVisible('.page-head')), 'the paper shows the codes alone');
  await page.context().close();
});

step('the password alone lets nobody in; digits and recovery codes do, once', async () => {
  const page = await visitor(chrome, base);
  await signIn(page, DIRECTOR);
  await page.waitForURL('**/sign-in/second*');
  await look(page, 'second step');
  const code = digits(secrets[DIRECTOR]);
  await page.fill('#f-code', code);
  await page.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  const other = await visitor(chrome, base);
  await signIn(other, DIRECTOR);
  await other.fill('#f-code', code);
  await other.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  assert.match(await other.textContent('.error-summary'), /番号かコードが違います/);
  await audit(other, 'second step with a fault');
  for (const [typed, opens] of [[codes[0].toLowerCase().replaceAll('-', ' '), true], [codes[0], false]]) {
    await signIn(other, DIRECTOR);
    if (new URL(other.url()).pathname === '/sign-in/second') {
      await other.fill('#f-code', typed);
      await other.click('form[action="/sign-in/second"]:not([data-passkey]) button');
    }
    const inside = !new URL(other.url()).pathname.startsWith('/sign-in');
    assert.equal(inside, opens, typed);
    if (inside) {
      await other.goto('/account');
      assert.match(await other.textContent('main'), /パスワードと回復コードで/);
      await other.context().clearCookies();
    }
  }
  await page.context().close();
  await other.context().close();
});

step('a passkey is registered and works as second and as first factor', async () => {
  const page = await visitor(chrome, base);
  await signIn(page, DIRECTOR);
  await page.fill('#f-code', codes[1]);
  await page.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  const { cdp, authenticatorId } = await device(page, 'internal');
  await page.goto('/account/factors/passkeys/new');
  await look(page, 'new passkey');
  await page.fill('#f-name', '診察室のパソコン');
  await page.click('form[data-passkey] button');
  await page.waitForURL('**/account/factors');
  assert.match(await page.textContent('main'), /診察室のパソコン/);
  await look(page, 'factors with a passkey');
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.ok(credentials[0].isResidentCredential, 'it is found without an address');

  await page.context().clearCookies();
  await speak(page, 'ja');
  await signIn(page, DIRECTOR);
  await page.waitForURL('**/sign-in/second*');
  await audit(page, 'second step with a passkey');
  await page.click('form[data-passkey] button');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

  await page.context().clearCookies();
  await speak(page, 'ja');
  await page.goto('/sign-in?next=%2Faccount');
  await look(page, 'sign-in with a passkey');
  await page.click('form[data-passkey] button');
  await page.waitForURL('**/account');
  assert.match(await page.textContent('main'), /パスキーで/);

  // Stopped, it says so and can be tried again; nothing is sent.
  await page.context().clearCookies();
  await speak(page, 'ja');
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.goto('/sign-in');
  await page.click('form[data-passkey] button');
  await page.waitForFunction(() => document.querySelector('[data-passkey-status]')?.textContent !== '');
  assert.match(await page.textContent('[data-passkey-status]'), /もう一度/);
  await page.context().close();

  const elsewhere = await visitor(chrome, house.base);
  await elsewhere.goto('/sign-in');
  assert.equal(await elsewhere.locator('form[data-passkey]').count(), 0, 'a bare address has no passkeys');
  assert.match(await elsewhere.textContent('main'), /http:\/\/localhost:/);
  await audit(elsewhere, 'sign-in at a bare address');
  await elsewhere.context().close();
});

step('a change asks again after some minutes', async () => {
  const page = await visitor(chrome, base);
  await signIn(page, DIRECTOR);
  await page.fill('#f-code', codes[2]);
  await page.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  for (const path of ['/account/password', '/account/email', '/account/confirm?next=%2Faccount%2Fpassword']) {
    await page.goto(path);
    await look(page, path);
  }
  await page.fill('#f-password', 'wrong');
  await page.click('form[action="/account/confirm"]:not([data-passkey]) button');
  await audit(page, 'confirm with a fault');
  await page.fill('#f-password', PASSWORD);
  await page.fill('#f-code', codes[3]);
  await page.click('form[action="/account/confirm"]:not([data-passkey]) button');
  await page.waitForURL('**/account/password');
  await page.context().close();
});

step('an institution demands a second factor of a new member, who then loses everything and comes back', async () => {
  const director = await visitor(chrome, base);
  await signIn(director, DIRECTOR);
  await director.fill('#f-code', codes[4]);
  await director.click('form[action="/sign-in/second"]:not([data-passkey]) button');
  await director.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await director.goto('/people');
  await look(director, 'people');
  await confirmed(director, 'button[name=demand]');
  await director.waitForFunction(() => document.querySelector('.flash'));
  await audit(director, 'people with a demand');
  await director.goto('/people/invite');
  await director.fill('#f-name', '看護師長');
  await director.click('label:has(input[name=role][value=staff])');
  await director.click('main form button');
  const invitation = await director.textContent('#slip-link');

  const nurse = await visitor(chrome, base);
  await nurse.goto(new URL(invitation).pathname);
  await nurse.fill('#f-email', NURSE);
  await nurse.fill('#f-password', PASSWORD);
  await nurse.fill('#f-password_again', PASSWORD);
  await nurse.click('form[action^="/invitation/"] button');
  await nurse.waitForURL('**/account/factors');
  await look(nurse, 'factors that are owed');
  for (const path of ['/', '/checklist']) {
    await nurse.goto(path);
    assert.equal(new URL(nurse.url()).pathname, '/account/factors', path);
  }
  await nurse.click('a[href="/account/factors/totp"]');
  const secret = await nurse.textContent('#totp-secret');
  await nurse.fill('#f-code', digits(secret));
  await nurse.click('main form button');
  await nurse.goto('/');
  assert.equal(new URL(nurse.url()).pathname, '/', 'in');

  const lost = await visitor(chrome, base);
  await lost.goto('/sign-in/lost');
  await look(lost, 'lost');
  await lost.fill('#f-email', NURSE);
  await lost.click('label:has(input[name=lost][value=both])');
  await lost.click('main form button');
  await audit(lost, 'asked');
  await nurse.goto('/account');
  assert.match(await nurse.textContent('.notice--error'), /依頼が出ています/);
  await look(nurse, 'account with a request');
  await director.goto('/people');
  await look(director, 'people with a request');
  await director.click('a[href^="/people/rescues/"]');
  await look(director, 'request');
  await director.click('form[action$="/agree"] button');
  const link = await director.textContent('#slip-link');
  await audit(director, 'slip of the way back');
  await lost.goto(new URL(link).pathname);
  await look(lost, 'way back');
  await lost.fill('#f-password', OTHER_PASSWORD);
  await lost.fill('#f-password_again', OTHER_PASSWORD);
  await lost.click('main form button');
  await lost.waitForURL('**/sign-in');
  await nurse.goto('/');
  assert.match(nurse.url(), /\/sign-in\?next=/, 'every device is signed out');
  await signIn(lost, NURSE, OTHER_PASSWORD);
  await lost.waitForURL('**/account/factors');
  await lost.goto(new URL(link).pathname);
  await audit(lost, 'a link that was used');
  await director.goto('/log');
  const log = await director.textContent('main');
  for (const words of ['サインインできないと依頼した', '入り直しを承認した', 'リンクで入り直した', '全員への二つ目の確認を変えた']) {
    assert.ok(log.includes(words), words);
  }
  for (const page of [director, nurse, lost]) await page.context().close();
});
