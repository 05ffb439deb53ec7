// The program is killed in the middle of writes, again and again: nothing that was acknowledged may be lost, and the log
// must be whole. KOMAINU_KILLS says how often (25; a long run takes 200).

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { CHIEF, Visitor, figure, folder, proveLog, start } from './house.mjs';

const KILLS = Number(process.env.KOMAINU_KILLS ?? 25);
const WRITERS = 4;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Saves a row again and again until the program is gone. Remembers what was acknowledged and what was on its way. */
async function write(visitor, work) {
  try {
    for (;;) {
      work.sent = `${work.name} ${++work.count}`;
      work.version = await visitor.save(work.path, work.csrf, work.version, work.sent);
      work.kept = work.sent;
      work.acknowledged++;
      work.fresh++;
    }
  } catch (error) {
    // A refusal is a fault of the program; a connection that broke is what this test is about.
    if (error.status) throw error;
  }
}

/** Looks at what the database holds after the crash. */
async function look(visitor, work) {
  const { csrf, version, note } = await visitor.row(work.path);
  assert.ok([work.kept, work.sent].includes(note), `${work.path}: acknowledged "${work.kept}", on its way "${work.sent}", found "${note}"`);
  assert.ok(version >= work.version, `${work.path}: version ${version} after ${work.version} was acknowledged`);
  if (note !== work.kept) work.unheard++;
  Object.assign(work, { csrf, version, kept: note });
}

async function killed(database) {
  const data = await folder('kill');
  try {
    let house = await start(data.path, { database });
    let visitor = new Visitor(house.port);
    await visitor.enter(CHIEF);
    const rows = (await visitor.rows()).slice(0, WRITERS);
    assert.equal(rows.length, WRITERS, 'rows to write to');
    const works = [];
    for (const path of rows) {
      const { csrf, version, note } = await visitor.row(path);
      works.push({ path, name: `row ${works.length}`, csrf, version, kept: note, sent: note, count: 0, fresh: 0, acknowledged: 0, unheard: 0 });
    }
    for (let round = 0; round < KILLS; round++) {
      for (const work of works) work.fresh = 0;
      const writing = Promise.all(works.map((work) => write(visitor, work)));
      // From the first acknowledged write on, at any moment of the following ones.
      while (works.every((work) => work.fresh === 0)) await sleep(2);
      await sleep(Math.random() * 150);
      await house.kill();
      await writing;
      house = await start(data.path, { database });
      visitor = Object.assign(new Visitor(house.port), { cookies: visitor.cookies });
      for (const work of works) await look(visitor, work);
    }
    await house.stop();
    proveLog(data.path, database);
    const sum = (what) => works.reduce((all, work) => all + work[what], 0);
    assert.ok(sum('acknowledged') >= KILLS, 'something was written between the kills');
    figure(`${database ? 'PostgreSQL' : 'SQLite'}: ${KILLS} kills, ${sum('acknowledged')} acknowledged writes, 0 lost, ${sum('unheard')} kept without an answer`);
  } finally {
    await data.remove();
  }
}

test('killed while writing to SQLite, nothing acknowledged is lost', () => killed(undefined));
test('killed while writing to PostgreSQL, nothing acknowledged is lost', { skip: !process.env.KOMAINU_TEST_POSTGRES_URL && 'no PostgreSQL' }, () =>
  killed(process.env.KOMAINU_TEST_POSTGRES_URL));
