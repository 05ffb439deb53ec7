// Somebody of the demo's hospital: signed in, with a token, and with rows to write into.

import { request } from 'node:http';
import assert from 'node:assert/strict';
import { CHIEF, Visitor, start } from '../tests/faults/house.mjs';
import { asking, load } from './measure.mjs';

/** The institution that is measured. */
export const HOSPITAL = '見本中央病院';
/** No limit on what a token may ask in a minute. */
const FREE = { KOMAINU_API_RATE: '0' };

/** Starts the program, does the work and stops the program again. */
export async function within(data, options, work) {
  const house = await start(data, { ...options, env: { ...FREE, ...options.env } });
  try {
    return await work(house);
  } catch (error) {
    await house.kill();
    throw error;
  } finally {
    if (house.child.exitCode === null && house.child.signalCode === null) await house.stop();
  }
}

/** Who answers the checklist, signed in by the demo's card. */
export async function chief(port) {
  const visitor = new Visitor(port);
  await visitor.enter(CHIEF);
  return visitor;
}

/** The same browser at a program on another port. */
export const at = (port, visitor) => Object.assign(new Visitor(port), { cookies: new Map(visitor.cookies) });

/** The headers of that browser. */
export const headers = (visitor) => ({
  cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  'sec-fetch-site': 'same-origin',
});

/** The address of the round that the checklist shows. */
export async function checklist(visitor) {
  const front = await visitor.ask('/checklist');
  return front.status === 303 ? front.location : '/checklist';
}

/** Rows to save into, as many as there are connections at most. */
export async function rowsOf(visitor, count) {
  const paths = (await visitor.rows()).slice(0, count);
  assert.equal(paths.length, count, 'rows to write into');
  const rows = [];
  for (const path of paths) rows.push({ path, ...(await visitor.row(path)) });
  return rows;
}

/** Saves answers as autosave does, each connection in a row of its own; the rows remember their versions. */
export async function save(visitor, rows) {
  const connections = rows.map(({ path, csrf, version }) => {
    const fields = new URLSearchParams({ csrf, answer: 'not_sure' });
    const body = `${fields}&version={version}&note=after+{version}`;
    const sent = { 'x-komainu-fragment': '1', 'content-type': 'application/x-www-form-urlencoded' };
    return asking(visitor.port, path, { method: 'POST', headers: { ...headers(visitor), ...sent }, body, version });
  });
  const took = await load(visitor.port, connections);
  rows.forEach((row, index) => (row.version = took.versions[index]));
  return took;
}

/** Makes a token with everything that the person may give to one; for that they have just signed in. */
export async function token(visitor) {
  const { text } = await visitor.ask('/account/tokens');
  const offered = [...text.matchAll(/name="permission"[^>]* value="([^"]+)"/g)].map((match) => match[1]);
  const csrf = text.match(/name="csrf" value="([^"]+)"/)[1];
  const fields = [['csrf', csrf], ['name', 'figures'], ['life', '7'], ...offered.map((code) => ['permission', code])];
  const made = await visitor.ask('/account/tokens', fields);
  assert.equal(made.status, 200, `a token is made\n${made.text.slice(0, 400)}`);
  return made.text.match(/kmn_[\w-]+/)[0];
}

/** The API with a token. */
export function api(port, secret) {
  /** Sends bytes as they are and all else as JSON; answers what came as JSON, or the bytes of anything else. */
  return (method, path, body = undefined, tag = undefined) =>
    new Promise((done, failed) => {
      const sent = request({ host: '127.0.0.1', port, method, path: `/api/v1${path}`, timeout: 60_000 }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks);
          if (answer.statusCode >= 300) return failed(new Error(`${method} ${path}: ${answer.statusCode} ${bytes.toString().slice(0, 400)}`));
          done(answer.headers['content-type']?.includes('json') ? JSON.parse(bytes.toString()) : bytes);
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`)));
      sent.on('error', failed);
      sent.setHeader('authorization', `Bearer ${secret}`);
      if (tag !== undefined) sent.setHeader('if-match', `"${tag}"`);
      const raw = body === undefined || Buffer.isBuffer(body);
      if (body !== undefined) sent.setHeader('content-type', raw ? 'application/octet-stream' : 'application/json');
      sent.end(raw ? body : JSON.stringify(body));
    });
}

/** The institution's own newest round, as addresses name it. */
export async function newestRound(ask) {
  const { items } = await ask('GET', '/rounds');
  const own = items.filter((round) => round.vendor === null);
  return own.reduce((newest, round) => (round.fiscal_year > newest.fiscal_year ? round : newest));
}
