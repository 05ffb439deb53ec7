// The database server goes away and comes back: people are told, and the node recovers by itself.

import { test } from 'node:test';
import { spawnSync } from 'node:child_process';
import assert from 'node:assert/strict';
import { CHIEF, Visitor, figure, folder, proveLog, start } from './house.mjs';

const database = process.env.KOMAINU_TEST_POSTGRES_URL;

/** Stops or starts the tests' own server. */
function server(what) {
  const control = new URL('../support/postgres.sh', import.meta.url).pathname;
  const run = spawnSync(control, ['--control', what], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'inherit'], timeout: 60_000 });
  assert.equal(run.status, 0, `PostgreSQL: ${what}`);
}

test('PostgreSQL gone and back: the node recovers by itself', { skip: !database && 'no PostgreSQL' }, async () => {
  const data = await folder('away');
  const house = await start(data.path, { database });
  try {
    const visitor = new Visitor(house.port);
    await visitor.enter(CHIEF);
    const [path] = await visitor.rows();
    const { csrf, version } = await visitor.row(path);
    let now = await visitor.save(path, csrf, version, 'before');
    // Several connections are open, so that each of them is found dead.
    await Promise.all(Array.from({ length: 12 }, () => visitor.ask('/')));

    server('stop');
    const gone = Date.now();
    for (let turn = 0; turn < 20; turn++) {
      const { status, text } = await visitor.ask(turn % 2 ? '/checklist' : '/');
      assert.equal(status, 503, 'without a database every page says so');
      assert.match(text, /データベース|混み合|つながり|しばらく/, 'in plain words');
    }
    await assert.rejects(visitor.save(path, csrf, now, 'lost'), (error) => error.status === 503);
    const answered = (Date.now() - gone) / 21;

    server('start');
    const back = Date.now();
    // The very first request after the server is back must be answered: a dead connection is not the visitor's trouble.
    for (let turn = 0; turn < 20; turn++) {
      const { status } = await visitor.ask('/');
      assert.equal(status, 200, `request ${turn + 1} after the return`);
    }
    const recovered = Date.now() - back;
    now = await visitor.save(path, csrf, now, 'after');
    assert.equal((await visitor.row(path)).note, 'after');

    // Cut off while connections rest: the next request finds them dead and takes another.
    server('stop');
    server('start');
    const all = await Promise.all(Array.from({ length: 16 }, () => visitor.ask('/')));
    assert.deepEqual(all.map((answer) => answer.status), all.map(() => 200), 'requests right after a restart');
    await house.stop();
    proveLog(data.path, database);
    figure(`PostgreSQL away: ${answered.toFixed(0)} ms to be told so, 20 requests answered within ${recovered} ms of its return`);
  } finally {
    if (house.child.exitCode === null) await house.kill();
    await data.remove();
  }
});
