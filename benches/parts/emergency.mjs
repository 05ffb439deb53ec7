// From the tap of one who cannot to the telephone of who stands in, with a gateway for text messages on this computer:
// one at a time, and a thousand at once. And a test of the contact network with five hundred people.
//
// Taps and gateway are this process: bare sockets, opened before, so that one clock measures both ends and little of the
// machine's time goes into them.

import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { folder } from '../../tests/faults/house.mjs';
import { ROUNDS, floor, median, short, sleep, tell } from '../measure.mjs';
import { api, chief, token, within } from '../member.mjs';
import { database } from '../record.mjs';

const MANY = 1_000;
const PEOPLE = 500;
const TARGET = '≤ 1 s';
/** How often a thousand tap at once, and how often one alone. */
const THOUSANDS = Math.min(ROUNDS, 5);
const ALONE = ROUNDS * 3;
/** What nobody waits longer for, in milliseconds. */
const PATIENCE = 120_000;
/** So long nothing comes before it is quiet: longer than the pause between two looks of the driver. */
const QUIET = 700;
/** Requests of the API side by side, while a round is prepared. */
const SIDE = 16;

const FIRST = '09011110001';
const SECOND = '09011110002';

export async function measure() {
  const data = await folder('bench-emergency');
  try {
    await rounds('SQLite', join(data.path, 'sqlite'), {});
    const server = process.env.KOMAINU_TEST_POSTGRES_URL;
    if (!server) return console.log('emergency on PostgreSQL: not measured, as there is none');
    await floor(['copy', server, 'template0', 'emergency']);
    await rounds('PostgreSQL', join(data.path, 'postgres'), { database: database(server, 'emergency') });
  } finally {
    await data.remove();
  }
}

async function rounds(name, path, options) {
  // Each house has its own: what one of them sent is no message of the other.
  const way = await gateway();
  try {
    await calls(name, path, options, way);
  } finally {
    await way.stop();
  }
}

async function calls(name, path, options, way) {
  const env = { KOMAINU_SMS_URL: `http://127.0.0.1:${way.port}/send` };
  await within(path, { ...options, env }, async (house) => {
    const ask = api(house.port, await token(await chief(house.port)));
    const plan = await network(ask);
    const one = async () => (await taps(house, ask, plan, way, 1))[0];
    // What is made once, such as prepared statements, is made before.
    for (let turn = 0; turn < 5; turn++) await one();
    const [alone, straight] = [[], []];
    for (let turn = 0; turn < ALONE; turn++) {
      // Not in step with anything that happens now and then.
      await sleep(37 * (turn % 7));
      alone.push(await one());
      straight.push((await posts(way, 1))[0]);
    }
    told(`tap to the stand-in’s message, one alone, ${name}`, [alone], [straight]);
    const [many, floors] = [[], []];
    for (let turn = 0; turn < THOUSANDS; turn++) {
      many.push(await taps(house, ask, plan, way, MANY));
      floors.push(await posts(way, MANY));
    }
    told(`tap to the stand-in’s message, ${MANY.toLocaleString('en')} at once, ${name}`, many, floors);
    await everybody(name, house, ask, way);
  });
}

const part = (times, share) => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))];

/** Half of them, 95 of a hundred, and the slowest; of several rounds the median of each. */
function told(what, ours, floors) {
  const shares = [0.5, 0.95, 1];
  const of = (rounds) => shares.map((share) => short(median(rounds.map((times) => part(times, share))))).join(' / ');
  const worst = Math.max(...ours.flat());
  tell(what, {
    ours: `${of(ours)} ms; slowest of all ${short(worst)} ms`,
    bare: `${of(floors)} ms (straight to the gateway)`,
    ratios: ours.map((times, round) => part(times, 1) / part(floors[round], 1)),
    target: TARGET,
  });
}

/** Two people and a plan that asks the first; the second stands in. */
async function network(ask) {
  const second = await person(ask, SECOND, []);
  const first = await person(ask, FIRST, [second.id]);
  return ask('POST', '/escalation-plans', { name: '測定の急報', steps: [{ contact: first.id, wait_minutes: 60 }] });
}

const person = (ask, number, standIns) =>
  ask('POST', '/contacts', { duty: '当番', name: `当番${number.slice(-4)}`, ways: [{ kind: 'sms', address: number }], stand_ins: standIns });

let events = 0;

/** So many events at once of which the first who is asked cannot: how long each took from the tap to the stand-in's message. */
async function taps(house, ask, plan, way, count) {
  const titles = Array.from({ length: count }, () => `e${(events += 1)}`);
  const started = await beside(titles, (title) => ask('POST', '/escalations', { plan: plan.id, title }));
  const asked = await Promise.all(titles.map((title) => way.message(title, FIRST)));
  await way.quiet();
  const sockets = await opened(house.port, count);
  const answers = asked.map(({ secret }, at) => tap(sockets[at], house.port, secret, 'cannot'));
  const messages = titles.map((title) => way.message(title, SECOND));
  const [began, reached] = await Promise.all([Promise.all(answers), Promise.all(messages)]);
  const times = reached.map(({ at }, index) => at - began[index]);
  // The stand-in knows, so that nothing is left over; and every message came once.
  await way.quiet();
  const others = await opened(house.port, count);
  await Promise.all(reached.map(({ secret }, at) => tap(others[at], house.port, secret, 'known')));
  await way.quiet();
  const tapped = performance.now();
  await beside(started, async ({ id }) => {
    let it;
    do {
      it = await ask('GET', `/escalations/${id}`);
      assert.ok(performance.now() - tapped < PATIENCE, 'each comes to an end');
    } while (it.state === 'running');
    assert.deepEqual([it.state, ...it.calls.map((call) => call.state)], ['known', 'declined', 'known']);
  });
  assert.equal(way.twice(), 0, 'nothing is sent twice');
  return times;
}

/** The same from socket to socket, without the program between them. */
async function posts(way, count) {
  const titles = Array.from({ length: count }, () => `f${(events += 1)}`);
  const sockets = await opened(way.port, count);
  const answers = titles.map((title, at) => {
    const body = JSON.stringify({ to: SECOND, text: `【急】\n【緊急】${title}\nhttp://127.0.0.1/ack/none` });
    return post(sockets[at], way.port, '/send', 'application/json', body);
  });
  const messages = titles.map((title) => way.message(title, SECOND));
  const [began, reached] = await Promise.all([Promise.all(answers), Promise.all(messages)]);
  return reached.map(({ at }, index) => at - began[index]);
}

/** A test of the network with so many people: everybody is asked, everybody answers in the same moment, every state is known. */
async function everybody(name, house, ask, way) {
  const there = (await ask('GET', '/contacts?limit=100')).items.filter((contact) => !contact.outside);
  // Whom this gateway does not reach would be waited for until an hour is over.
  for (const { id } of there) {
    const { version } = await ask('GET', `/contacts/${id}`);
    await ask('DELETE', `/contacts/${id}`, undefined, version);
  }
  const numbers = Array.from({ length: PEOPLE }, (_, at) => `0902222${String(at).padStart(4, '0')}`);
  for (const number of numbers) await person(ask, number, []);
  const began = performance.now();
  const { id } = await ask('POST', '/contact-tests');
  const messages = await Promise.all(numbers.map((number) => way.message('', number)));
  const sent = performance.now();
  await way.quiet();
  const sockets = await opened(house.port, PEOPLE);
  const tapped = performance.now();
  await Promise.all(messages.map(({ secret }, at) => tap(sockets[at], house.port, secret, 'known')));
  let it;
  do {
    it = await ask('GET', `/escalations/${id}`);
    assert.ok(performance.now() - tapped < PATIENCE, 'the test comes to an end');
  } while (it.state === 'running');
  const ended = performance.now();
  assert.equal(it.state, 'known');
  assert.equal(it.calls.length, PEOPLE);
  assert.ok(it.calls.every((call) => call.state === 'known' && call.messages.length === 1), 'every state is known');
  assert.equal(way.twice(), 0, 'nothing is sent twice');
  tell(`test of the network with ${PEOPLE} people, ${name}: until the last message came`, { ours: `${short(sent - began)} ms` });
  tell(`the same: all answer at once, until every state is known`, { ours: `${short(ended - tapped)} ms`, target: 'every state known' });
}

/** Does something with each, several side by side. */
async function beside(items, work) {
  const [done, left] = [new Array(items.length), items.entries()];
  const hand = async () => {
    for (const [at, item] of left) done[at] = await work(item);
  };
  await Promise.all(Array.from({ length: SIDE }, hand));
  return done;
}

/** Open connections, some at a time: whoever listens has a short line. */
async function opened(port, count) {
  const sockets = [];
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(50, count - sockets.length) }, () => socketTo(port));
    sockets.push(...(await Promise.all(some)));
  }
  return sockets;
}

function socketTo(port) {
  return new Promise((done, failed) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('connect', () => done(socket));
    socket.once('error', failed);
  });
}

/** Answers a call on an open connection; answers when the tap was, once it was taken. */
const tap = (socket, port, secret, answer) =>
  post(socket, port, `/ack/${secret}`, 'application/x-www-form-urlencoded', `answer=${answer}`);

function post(socket, port, path, kind, body) {
  return new Promise((done, failed) => {
    let said = '';
    const lines = [
      `POST ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, 'sec-fetch-site: same-origin', 'connection: close',
      `content-type: ${kind}`, `content-length: ${Buffer.byteLength(body)}`,
    ];
    const began = performance.now();
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.once('error', failed);
    socket.once('close', () => {
      if (/^HTTP\/1\.1 (200|303) /.test(said)) done(began);
      else failed(new Error(`${path}: ${said.slice(0, 200)}`));
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}

/** A gateway for text messages that remembers when each came. Titles are one word; those of a test count as none. */
async function gateway() {
  const arrived = new Map();
  const awaited = new Map();
  let [twice, last] = [0, 0];
  const take = (body) => {
    const at = performance.now();
    last = at;
    const { to, text } = JSON.parse(body);
    const title = text.match(/【緊急】(\S+)/)?.[1] ?? '';
    const key = `${title} ${to}`;
    if (arrived.has(key)) return void (twice += 1);
    const message = { at, secret: text.match(/\/ack\/(\S+)/)[1] };
    arrived.set(key, message);
    awaited.get(key)?.(message);
    awaited.delete(key);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    let coming = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      coming = Buffer.concat([coming, chunk]);
      const end = coming.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(coming.subarray(0, end).toString('latin1').match(/^content-length: (\d+)/im)[1]);
      if (coming.length < end + 4 + length) return;
      take(coming.subarray(end + 4).toString('utf8'));
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
    });
  });
  await new Promise((ready) => server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, ready));
  return {
    port: server.address().port,
    twice: () => twice,
    /** The message about an event to a number, once it is there. */
    message(title, to) {
      const key = `${title} ${to}`;
      const there = arrived.get(key);
      if (there) return Promise.resolve(there);
      return new Promise((done, failed) => {
        const late = setTimeout(() => failed(new Error(`nothing came for ${key}`)), PATIENCE);
        awaited.set(key, (message) => {
          clearTimeout(late);
          done(message);
        });
      });
    },
    /** Waits until nothing has come for a while. */
    async quiet() {
      last = Math.max(last, performance.now());
      while (performance.now() - last < QUIET) await sleep(QUIET - (performance.now() - last) + 1);
    },
    stop: () => new Promise((ended) => server.close(ended)),
  };
}
