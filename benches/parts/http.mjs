// Three requests on SQLite and PostgreSQL: what the program gives of what a bare handler gives that asks the database the
// same and answers the same.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { folder, komainu } from '../../tests/faults/house.mjs';
import { asking, floor, inTurn, loadWatched, startFloor, tellRates } from '../measure.mjs';
import { api, checklist, chief, headers, newestRound, token, within } from '../member.mjs';
import { database, logged, record } from '../record.mjs';

const CONNECTIONS = [1, 16];
const MOST = Math.max(...CONNECTIONS);

export async function measure() {
  const server = process.env.KOMAINU_TEST_POSTGRES_URL;
  if (!server) return console.log('HTTP: not measured, as there is no PostgreSQL on which to see what is asked');
  const data = await folder('bench-http');
  try {
    const first = join(data.path, 'first');
    const asked = await within(first, {}, requests);
    const sides = await furnish(data.path, first, server);
    const flat = Object.values(asked).flatMap(({ each }) => each);
    const script = await within(sides.seen.data, { database: logged(sides.seen.database) }, (house) =>
      record(sides.seen.database, house, flat));
    for (const [name, { ours, bare }] of Object.entries(sides.measured)) {
      await within(ours.data, { database: ours.database }, (house) => compare(name, house, bare, asked, script));
    }
  } finally {
    await data.remove();
  }
}

/** What is asked: by everybody the same, or by each connection about a row of its own. */
export async function requests({ port }) {
  const visitor = await chief(port);
  const authorization = `Bearer ${await token(visitor)}`;
  const ask = api(port, authorization.replace('Bearer ', ''));
  const round = await newestRound(ask);
  const path = `/rounds/${round.fiscal_year}/${round.form}/rows`;
  const rows = (await ask('GET', path)).items.filter((row) => row.level !== 'gate');
  assert.ok(rows.length >= MOST, 'a row for each connection');
  const write = ({ row, version }) => ({
    method: 'PUT',
    path: `/api/v1${path}/${row}`,
    headers: { authorization, 'content-type': 'application/json', 'if-match': '"{version}"' },
    body: '{"answer":"not_sure","note":"after {version}"}',
    version,
  });
  return {
    [`reading the ${rows.length} answers of a round`]: { target: 40, each: [{ method: 'GET', path: `/api/v1${path}`, headers: { authorization } }] },
    'checklist page': { target: 25, each: [{ method: 'GET', path: await checklist(visitor), headers: headers(visitor) }] },
    'writing an answer': { target: 50, each: rows.slice(0, MOST).map(write) },
  };
}

/** The same house several times: to be seen, and on each database for the program and for the bare handler. */
async function furnish(path, first, server) {
  const copy = async (name) => {
    await cp(first, join(path, name), { recursive: true });
    return join(path, name);
  };
  const moved = join(await copy('moved'), 'komainu.db');
  await floor(['copy', server, 'template0', 'moved']);
  komainu('migrate', '--from', `sqlite:${moved}`, '--to', database(server, 'moved'));
  const [seen, ours, bare] = ['seen', 'ours', 'bare'].map((name) => database(server, name));
  for (const name of ['seen', 'ours', 'bare']) await floor(['copy', server, 'moved', name]);
  const beside = join(await copy('bare'), 'komainu.db');
  return {
    seen: { data: await copy('seen'), database: seen },
    measured: {
      SQLite: { ours: { data: first }, bare: `sqlite:${beside}` },
      PostgreSQL: { ours: { data: await copy('ours'), database: ours }, bare },
    },
  };
}

/** A hello, the bare handler and the program take turns. */
async function compare(name, house, database, asked, script) {
  const [hello, bare] = [await startFloor(), await startFloor(database, script)];
  try {
    for (const [what, { target, each: fresh }] of Object.entries(asked)) {
      const each = fresh.map((one) => ({ ...one }));
      for (const count of CONNECTIONS) {
        const numbers = Array.from({ length: count }, (_, index) => index % each.length);
        const greet = () => loadWatched(hello, numbers.map(() => asking(hello.port, '/hello')));
        const same = async (server) => {
          const took = await loadWatched(server, numbers.map((number) => asking(server.port, each[number].path, each[number])));
          // Only the program's answers tell the version; the bare handler counts by itself.
          if (server === house) numbers.forEach((number, at) => (each[number].version = took.versions[at]));
          return took;
        };
        // What is made once, such as prepared statements on every connection, is made before.
        for (const server of [bare, house]) await same(server);
        const rounds = await inTurn(greet, () => same(bare), () => same(house));
        tellRates(`${what}, ${name}`, count, rounds, `≥ ${target} %`);
      }
    }
  } finally {
    await hello.stop();
    await bare.stop();
  }
}
