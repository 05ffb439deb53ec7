// The clock of the machine is set back while data is newer: nothing breaks, what is written stays in its order.

import { test } from 'node:test';
import { execFileSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { CHIEF, Visitor, figure, folder, komainu, proveLog, start } from './house.mjs';

/** The environment in which a program's clock is off by so much: libfaketime of Debian's package. */
function shifted(by) {
  const library = execFileSync('sh', ['-c', 'ls /usr/lib/*/faketime/libfaketime.so.1'], { encoding: 'utf8' }).trim();
  // Waiting goes by the machine's own clock, as it does when somebody sets the time.
  return { LD_PRELOAD: library, FAKETIME: by, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

/** Saves in one sitting and answers the note and version that stand at its end. */
async function sitting(house, words) {
  const visitor = new Visitor(house.port);
  await visitor.enter(CHIEF);
  const [path] = await visitor.rows();
  let { csrf, version } = await visitor.row(path);
  for (const note of words) version = await visitor.save(path, csrf, version, note);
  for (const page of ['/', '/checklist', '/plan', '/progress', '/log', '/account', `${path}/history`, `${path}/changed?version=1`]) {
    const { status } = await visitor.ask(page);
    assert.ok(status < 400, `${page} answers ${status}`);
  }
  assert.equal((await visitor.row(path)).note, words.at(-1));
  return { visitor, path };
}

test('the clock set back by two days, and forward again', async () => {
  const data = await folder('clock');
  try {
    let house = await start(data.path);
    const { visitor } = await sitting(house, ['today', 'today again']);
    await house.stop();

    house = await start(data.path, { env: shifted('-2d') });
    // Who was signed in "in the future" still is, or is asked to sign in; never an error.
    const old = Object.assign(new Visitor(house.port), { cookies: visitor.cookies });
    assert.ok([200, 303].includes((await old.ask('/')).status));
    await sitting(house, ['the day before yesterday', 'again']);
    await house.stop();
    proveLog(data.path);

    house = await start(data.path, { env: shifted('+1d') });
    await sitting(house, ['tomorrow']);
    await house.stop();
    proveLog(data.path);
    assert.match(komainu('log', 'verify', '--demo', '--data', data.path), /whole/);
    figure('clock: two days back and three forward, 5 writes, log whole');
  } finally {
    await data.remove();
  }
});
