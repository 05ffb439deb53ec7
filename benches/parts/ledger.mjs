// A large ledger: a list of 10,000 things taken in over the API, and the map page with 1,000 and with 10,000 things.

import { join } from 'node:path';
import assert from 'node:assert/strict';
import { folder } from '../../tests/faults/house.mjs';
import { ROUNDS, asking, floor, inTurn, load, median, short, spread, startFloor, tell } from '../measure.mjs';
import { api, at, chief, headers, token, within } from '../member.mjs';
import { database } from '../record.mjs';

const SIZES = [[1_000, '≤ 20 ms'], [10_000, '≤ 60 ms']];
const LARGEST = 10_000;
/** How often the largest list is taken in; each time it is renamed, so that every row is a change. */
const IMPORTS = Math.min(ROUNDS, 5);

export async function measure() {
  const data = await folder('bench-ledger');
  try {
    for (const [things, target] of SIZES) await page(join(data.path, `${things}`), things, target);
    await imports('SQLite', join(data.path, 'sqlite'), {});
    const server = process.env.KOMAINU_TEST_POSTGRES_URL;
    if (!server) return console.log('import on PostgreSQL: not measured, as there is none');
    await floor(['copy', server, 'template0', 'ledger']);
    await imports('PostgreSQL', join(data.path, 'postgres'), { database: database(server, 'ledger') });
  } finally {
    await data.remove();
  }
}

/** The map of a hospital with so many things, its page and its picture's data, beside a hello. */
async function page(path, things, target) {
  await within(path, {}, async (house) => {
    const visitor = await chief(house.port);
    const ask = api(house.port, await token(visitor));
    for (const [name, text] of [['things.csv', listOf(things, '')], ['lines.csv', linesOf(things)]]) await take(ask, name, text);
    const browser = at(house.port, visitor);
    const hello = await startFloor();
    try {
      for (const [what, where] of [['map page', '/map'], ['picture of the map', '/map/data']]) {
        const { status, text } = await browser.ask(where);
        assert.equal(status, 200, where);
        const one = () => load(house.port, [asking(house.port, where, { headers: headers(browser) })]);
        const rounds = await inTurn(one, () => load(hello.port, [asking(hello.port, '/hello')]));
        const of = (side, name) => short(median(rounds.map((round) => round[side][name])));
        tell(`${what}, ${things.toLocaleString('en')} things, ${Math.round(Buffer.byteLength(text) / 1000)} KB`, {
          ours: `${of(0, 'p50')} ms, ${of(0, 'p99')} ms of a hundred the slowest but one`,
          bare: `${of(1, 'p50')} ms`,
          ratios: rounds.map(([ours, bare]) => ours.p50 / bare.p50),
          target,
        });
      }
    } finally {
      await hello.stop();
    }
  });
}

/** Reading, looking at and taking a list of new things, and the same list with every row changed. */
async function imports(name, path, options) {
  await within(path, options, async (house) => {
    const ask = api(house.port, await token(await chief(house.port)));
    const taken = [];
    for (let round = 0; round < IMPORTS; round++) taken.push(await take(ask, 'things.csv', listOf(LARGEST, `${round}`)));
    const [first, ...later] = taken;
    const rows = LARGEST.toLocaleString('en');
    tell(`import of ${rows} new rows, ${name}: taken over`, { ours: `${short(first.taking)} ms`, target: '≤ 1 s' });
    tell(`import of ${rows} new rows, ${name}: read and looked at`, { ours: `${short(first.reading)} ms` });
    tell(`import of ${rows} changed rows, ${name}: taken over`, { ours: spread(later.map(({ taking }) => taking), ' ms'), target: '≤ 1 s' });
    tell(`import of ${rows} changed rows, ${name}: read and looked at`, { ours: spread(later.map(({ reading }) => reading), ' ms') });
  });
}

/** Takes a list in; answers how long the program read it, and how long it took it over, in milliseconds. */
async function take(ask, name, text) {
  const began = performance.now();
  const read = await ask('POST', `/ledger/imports?name=${name}`, Buffer.from(text));
  const seen = performance.now();
  const tables = read.tables.map(({ mapping }) => mapping);
  const ready = await ask('PUT', `/ledger/imports/${read.id}`, { tables, duplicates: 'same' }, read.version);
  assert.ok(ready.ready && ready.counts.faulty === 0, JSON.stringify(ready.counts));
  const chosen = performance.now();
  const done = await ask('POST', `/ledger/imports/${read.id}/apply`, { revision: ready.revision }, ready.version);
  const taken = performance.now();
  assert.equal(done.state, 'applied');
  return { reading: seen - began, taking: taken - chosen };
}

const KINDS = ['パソコン・端末', 'パソコン・端末', 'パソコン・端末', '医療機器', '医療機器', '事務の機器', 'サーバ', 'ネットワークの機器'];
const ZONES = ['診療の線', '事務の線', '検査の線', '医療機器の線', '外につながる線', 'サーバの線'];
const thing = (index) => `機器${index.toString().padStart(5, '0')}`;

/** A hospital's list as an office keeps it: known by its serial numbers. */
function listOf(things, note) {
  const rows = ['名前,種類,ネットワークの区画,設置場所,メーカー,製造番号,備考'];
  for (let index = 0; index < things; index++) {
    const kind = KINDS[index % KINDS.length];
    const zone = ZONES[(index * 7) % ZONES.length];
    rows.push(`${thing(index)},${kind},${zone},${(index % 9) + 1}階${index % 12}号室,製造${index % 40},S${100_000 + index},${note}`);
  }
  return rows.join('\r\n');
}

/** As many lines as things: to a server of the list, and now and then from one device to the next. */
function linesOf(things) {
  const servers = [];
  for (let index = 0; index < things; index++) if (KINDS[index % KINDS.length] === 'サーバ') servers.push(index);
  const rows = ['接続元,接続先,種類'];
  for (let index = 0; index < things; index++) {
    const to = index % 3 === 0 ? (index + 1) % things : servers[(index * 31) % servers.length];
    if (to !== index) rows.push(`${thing(index)},${thing(to)},${index % 5 === 0 ? '共有フォルダ' : '院内の線（LAN）'}`);
  }
  return rows.join('\r\n');
}
