// Requests a second and latency: pages, the API and saves, each beside the least that could answer.

import { join } from 'node:path';
import { folder } from '../../tests/faults/house.mjs';
import { asking, floor, inTurn, load, loadFloor, startFloor, tellLatency, tellRate } from '../measure.mjs';
import { api, checklist, chief, headers, newestRound, rowsOf, save, token, within } from '../member.mjs';

/** Connections at once where the question is how many answers there are in a second. */
const MANY = 8;

export async function measure() {
  await onFolder((data) => within(data, {}, async (house) => {
    await reads(house);
    await saves(house, 'SQLite', (count) => floor(['rows', 'sqlite', join(data, 'floor.db'), `${count}`]));
  }));
  const database = process.env.KOMAINU_TEST_POSTGRES_URL;
  if (!database) return console.log('PostgreSQL: not measured, there is none');
  await onFolder((data) => within(data, { database }, (house) =>
    saves(house, 'PostgreSQL', (count, connections) => floor(['rows', 'postgres', database, `${count}`, `${connections}`]))));
}

async function onFolder(work) {
  const data = await folder('bench-http');
  try {
    await work(data.path);
  } finally {
    await data.remove();
  }
}

async function reads(house) {
  const visitor = await chief(house.port);
  const secret = await token(visitor);
  const round = await newestRound(api(house.port, secret));
  const signedIn = headers(visitor);
  const asked = [
    ['/healthz', '/healthz', {}],
    ['home page', '/', signedIn],
    ['checklist overview', await checklist(visitor), signedIn],
    ['rows over the API', `/api/v1/rounds/${round.fiscal_year}/${round.form}/rows`, { authorization: `Bearer ${secret}` }],
  ];
  const bare = await startFloor();
  try {
    for (const [what, path, sent] of asked) {
      await both(
        what,
        (count) => load(house.port, Array.from({ length: count }, () => asking(house.port, path, sent))),
        (count, took) => loadFloor(bare.port, count, took.bytes),
      );
    }
  } finally {
    await bare.stop();
  }
}

/** Saves beside as many transactions of one row. */
async function saves(house, name, transactions) {
  const visitor = await chief(house.port);
  const rows = await rowsOf(visitor, MANY);
  await both(
    `saving an answer, ${name}`,
    (count) => save(visitor, rows.slice(0, count)),
    (count, took) => transactions(took.count, count),
  );
}

/** One at a time for the latency, many at once for the rate. */
async function both(what, ours, bare) {
  tellLatency(`${what}, one at a time`, await inTurn(() => ours(1), (took) => bare(1, took)));
  tellRate(`${what}, ${MANY} at once`, await inTurn(() => ours(MANY), (took) => bare(MANY, took)));
}
