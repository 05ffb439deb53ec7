// What every fault needs: a program that can be killed and started again on the same data, and someone who uses it.

import { spawn, spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';

export const BIN = process.env.KOMAINU_BIN;

/** A folder that goes away afterwards. */
export async function folder(name) {
  const path = await mkdtemp(join(tmpdir(), `komainu-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the demo, or what `command` says, on a data folder and a free port, and waits until it answers. */
export async function start(data, { command = 'demo', database, env = {} } = {}) {
  const words = [command, '--port', '0', '--data', data, '--log', 'warn'];
  if (database) words.push('--database-url', database);
  const child = spawn(BIN, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal)));
  const port = await new Promise((found, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const address = text.match(/http:\/\/127\.0\.0\.1:(\d+)/);
      if (address) found(Number(address[1]));
    });
    void ended.then((code) => failed(new Error(`the program ended with ${code}: ${text}${said}`)));
  });
  return {
    port,
    child,
    ended,
    log: () => said,
    /** Ends it without a chance to say goodbye. */
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    /** Asks it to end, and holds it to that. */
    async stop() {
      child.kill('SIGTERM');
      assert.equal(await ended, 0, `the program ends well when asked to\n${said}`);
    },
  };
}

/** Runs a command of the program to its end and answers what it printed; a failure is an error. */
export function komainu(...words) {
  const run = spawnSync(BIN, words, { encoding: 'utf8' });
  assert.equal(run.status, 0, `komainu ${words.join(' ')}: ${run.stdout}${run.stderr}`);
  return run.stdout;
}

/** Proves every organisation's log. */
export function proveLog(data, database) {
  const words = ['log', 'verify', '--demo', '--data', data];
  if (database) words.push('--database-url', database);
  const said = komainu(...words);
  assert.match(said, /\d+ chains, 0 broken/);
}

/** One browser: it keeps cookies and follows nothing. */
export class Visitor {
  constructor(port) {
    this.port = port;
    this.cookies = new Map();
  }

  /** Sends a request; `form` makes it a POST. Fails when no whole answer comes. */
  ask(path, form, headers = {}) {
    const body = form ? new URLSearchParams(form).toString() : null;
    return new Promise((done, failed) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method: body === null ? 'GET' : 'POST',
          agent: false,
          timeout: 30_000,
          headers: {
            cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            'sec-fetch-site': 'same-origin',
            ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
            ...headers,
          },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk) => (text += chunk));
          answer.on('error', failed);
          answer.on('end', () => {
            if (!answer.complete) return failed(new Error('the answer was cut off'));
            for (const cookie of answer.headers['set-cookie'] ?? []) {
              const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
              this.cookies.set(name, value);
            }
            done({ status: answer.statusCode, text, location: answer.headers.location ?? '' });
          });
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer in 30 s')));
      sent.on('error', failed);
      sent.end(body);
    });
  }

  /** Signs in through the demo's card of a person. */
  async enter(name) {
    const door = await this.ask('/sign-in');
    const card = door.text.split('<li>').find((part) => part.includes(name));
    assert.ok(card, `no card of ${name}`);
    const person = card.match(/name="person" value="([^"]+)"/)[1];
    const { status } = await this.ask('/sign-in/demo', { person, next: '/' });
    assert.equal(status, 303, `the card of ${name} lets in`);
  }

  /** A row of a checklist as its page shows it. */
  async row(path) {
    const { status, text } = await this.ask(path);
    assert.equal(status, 200, `${path} answers ${status}`);
    const field = (name) => text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
    // A browser ignores the line break right after the tag.
    const note = text.match(/<textarea[^>]*name="note"[^>]*>\n?([^<]*)</)?.[1] ?? '';
    return { csrf: field('csrf'), version: Number(field('version')), note };
  }

  /** Sends what somebody typed into a row, as autosave does; answers the new version. */
  async save(path, csrf, version, note) {
    const { status, text } = await this.ask(path, { csrf, version, answer: 'not_sure', note }, { 'x-komainu-fragment': '1' });
    if (status !== 200) throw Object.assign(new Error(`${path} answers ${status}: ${text.slice(0, 300)}`), { status, text });
    return Number(JSON.parse(text).version);
  }

  /** The addresses of the current round's rows. */
  async rows() {
    const front = await this.ask('/checklist');
    const page = front.status === 303 ? await this.ask(front.location) : front;
    return [...new Set([...page.text.matchAll(/href="(\/checklist\/\d+\/[^"/]+\/items\/[^"/?#]+)"/g)].map((match) => match[1]))];
  }
}

/** Who answers the checklist in the demo's hospital. */
export const CHIEF = '病院事務長';

/** A line of figures for the reader of the log. */
export function figure(text) {
  console.log(`figure: ${text}`);
}
