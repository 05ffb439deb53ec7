// What the program runs for a request, as PostgreSQL's log has it: the script of the bare handler.
//
// A store writes one SQL text for both databases, so what was seen on PostgreSQL is what SQLite is asked as well.

import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { floor, sleep } from './measure.mjs';

const LOG = join(process.env.KOMAINU_TEST_POSTGRES_HOME ?? '', 'server.log');
/** What the server adds to every answer by itself. */
const OWN_HEADERS = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

/** The address of another database of the same server. */
export function database(url, name) {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.toString();
}

/** The same, where the server writes everything that it is asked into its log. */
export const logged = (url) => `${url}?options=${encodeURIComponent('-c log_statement=all')}`;

/** Asks everything once and answers the script; a change is asked twice, so that what counts up is seen. */
export async function record(url, house, asked) {
  const background = await quiet();
  const script = [];
  for (const one of asked) {
    // What is done once in a while is done now, such as noting that a token is in use.
    if (one.method === 'GET') await answer(house.port, one);
    const first = await seen(house, one, one.version, background);
    const second = one.method === 'GET' ? first : await seen(house, one, one.version + 1, background);
    script.push({ one, first, second });
  }
  const texts = [...new Set(script.flatMap(({ first }) => first.transactions.flatMap(({ calls }) => calls.map(({ sql }) => sql))))];
  const types = await floor(['types', url], JSON.stringify(texts));
  const kinds = new Map(texts.map((text, index) => [text, types[index]]));
  return script.map(({ one, first, second }) => written(one, first, second, kinds));
}

/** What runs in the background anyway. */
async function quiet() {
  await sleep(500);
  const from = (await readFile(LOG)).length;
  await sleep(3000);
  return new Set((await since(from)).map(shape));
}

const shape = ({ begin, calls }) => [begin, ...calls.map(({ sql }) => sql)].join('\n');

/** One request: its answer, and the transactions that it caused. */
async function seen(house, one, version, background) {
  const from = (await readFile(LOG)).length;
  const answered = await answer(house.port, one, version);
  await sleep(20);
  const transactions = (await since(from)).filter((transaction) => !background.has(shape(transaction)));
  assert.ok(transactions.length > 0, `${one.path} asks the database`);
  return { ...answered, transactions };
}

function answer(port, { method, path, headers, body }, version) {
  const filled = (text) => text.replaceAll('{version}', version);
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port, method, path }, (came) => {
      const chunks = [];
      came.on('data', (chunk) => chunks.push(chunk));
      came.on('error', failed);
      came.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (came.statusCode !== 200) return failed(new Error(`${method} ${path}: ${came.statusCode} ${text.slice(0, 400)}`));
        const kept = Object.entries(came.headers).filter(([name]) => !OWN_HEADERS.includes(name));
        done({ headers: kept.map(([name, value]) => [name, String(value)]), body: text });
      });
    });
    sent.on('error', failed);
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, filled(value));
    sent.end(body === undefined ? undefined : filled(body));
  });
}

/** The transactions that were committed since the log was so long, in the order in which they began. */
async function since(from) {
  const text = (await readFile(LOG)).subarray(from).toString();
  const [open, all] = [new Map(), []];
  for (const { process, kind, words } of entries(text)) {
    const [, statement] = words.match(/^statement: (.*)$/s) ?? [];
    const [, sql] = words.match(/^execute [^:]*: (.*)$/s) ?? [];
    const running = open.get(process);
    if (kind === 'DETAIL') running?.calls.at(-1)?.values.push(...parameters(words));
    else if (sql !== undefined) running?.calls.push({ sql, values: [] });
    else if (statement?.startsWith('START TRANSACTION')) {
      open.set(process, { begin: statement, calls: [], committed: false });
      all.push(open.get(process));
    } else if (statement === 'COMMIT' && running) running.committed = true;
  }
  return all.filter(({ committed }) => committed);
}

/** The entries of the log; a text of several lines goes on behind a tab. */
function entries(text) {
  const all = [];
  for (const line of text.split('\n')) {
    const head = line.match(/^\S+ \S+ \S+ \[(\d+)\] ([A-Z]+): +(.*)$/);
    if (head) all.push({ process: head[1], kind: head[2], words: head[3] });
    else if (line.startsWith('\t') && all.length > 0) all.at(-1).words += `\n${line.slice(1)}`;
  }
  return all;
}

/** `parameters: $1 = 'one', $2 = NULL` */
function* parameters(words) {
  for (const [, text, inside] of words.matchAll(/\$\d+ = (NULL|'((?:[^']|'')*)')/g)) {
    yield text === 'NULL' ? null : inside.replaceAll("''", "'");
  }
}

/** A request as the bare handler reads it. */
function written(one, first, second, kinds) {
  const transactions = first.transactions.map(({ begin, calls }, at) => {
    const later = second.transactions[at];
    assert.deepEqual(later.calls.map(({ sql }) => sql), calls.map(({ sql }) => sql), `${one.path} asks the same again`);
    return { begin, calls: calls.map(({ sql, values }, nth) => call(one, sql, values, later.calls[nth].values, kinds)) };
  });
  return { method: one.method, path: one.path, headers: first.headers, body: first.body, transactions };
}

function call({ version }, sql, values, later, kinds) {
  const parameters = values.map((text, index) => {
    const kind = kinds.get(sql)[index];
    if (text === null) return 'null';
    // A number that grows from save to save is the version that was read before, or what this transaction returned.
    if (kind.startsWith('int') && Number(later[index]) === Number(text) + 1) {
      return Number(text) === version ? { count: version } : 'returned';
    }
    return { text: { kind, text } };
  });
  return { sql, parameters };
}
