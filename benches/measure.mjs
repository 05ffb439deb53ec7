// What every part needs: the floor, the load, turns, and the figures with their tables.

import { execFileSync, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { figure } from '../tests/faults/house.mjs';

/** How often a measure and its floor take turns, and how long one load lasts. */
export const ROUNDS = Number(process.env.KOMAINU_BENCH_ROUNDS ?? 7);
const SECONDS = Number(process.env.KOMAINU_BENCH_SECONDS ?? 1);
const FLOOR = process.env.KOMAINU_FLOOR;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Runs a command of the floor to its end and answers the line of JSON that it printed. */
export function floor(words, input = '') {
  return new Promise((done, failed) => {
    const child = spawn(FLOOR, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.on('error', failed);
    child.on('close', (code) => (code === 0 ? done(said ? JSON.parse(said) : null) : failed(new Error(`floor ${words[0]}: ${code}`))));
    // Whether it read to the end is told by how it ends.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Starts the bare server, with a database and a script as one that does what the program does, and waits for its port. */
export async function startFloor(database, script) {
  const words = database === undefined ? ['serve'] : ['serve', database];
  const child = spawn(FLOOR, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(script === undefined ? '' : JSON.stringify(script));
  const ended = new Promise((done) => child.on('exit', done));
  const port = await new Promise((found, failed) => {
    child.stdout.once('data', (chunk) => found(Number(String(chunk).match(/127\.0\.0\.1:(\d+)/)[1])));
    void ended.then((code) => failed(new Error(`the floor ended with ${code}`)));
  });
  return {
    port,
    child,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * What one connection asks over and over: a GET, or what `method` and `body` say. Where `{version}` stands in a header or
 * the body goes the version of the last answer.
 */
export function asking(port, path, { method = 'GET', headers = {}, body, version = 0 } = {}) {
  const lines = [`${method} ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return { head: lines.join('\r\n'), body, version };
}

/** Loads a server for a second or what was set: each connection asks again as soon as it was answered. */
export const load = (port, connections) => floor(['load'], JSON.stringify({ port, seconds: SECONDS, connections }));

/** The same with `cpu`: what each answer cost the server's process, in microseconds. */
export async function loadWatched({ port, child }, connections) {
  const before = await cpu(child.pid);
  const took = await load(port, connections);
  // The first answer on each connection is not counted in the times.
  took.cpu = ((await cpu(child.pid)) - before) / (took.count + connections.length);
  return took;
}

/** Measures several things in turn, so that a noisy moment of the machine meets all of them; answers round by round. */
export async function inTurn(...sides) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const taken = [];
    for (const side of sides) taken.push(await side());
    rounds.push(taken);
  }
  return rounds;
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The processor time that a process has had, in microseconds. */
async function cpu(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: user and system time are the 14th and the 15th field of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS;
}

/** The memory that a process holds at this moment, in MB (1,000,000 bytes). */
export async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(status.match(/^VmRSS:\s+(\d+) kB/m)[1]) * 1024) / 1e6;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A number with as many digits as it deserves. */
export function short(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value < 10 ? 2 : 1);
}

/** The median and, in brackets, the least and the greatest. */
export function spread(values, unit = '') {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return `${short(median(values))}${unit} (${short(least)}–${short(greatest)})`;
}

/** The tables: their heads and their lines. */
const tables = new Map();

function keep(head, line) {
  if (!tables.has(head)) tables.set(head, []);
  tables.get(head).push(line);
}

const COSTS = ['What', 'Komainu', 'Floor', 'Ratio (least–greatest)', 'Target'];

/** A figure, told at once and kept for its table. `ratios` are ours to the floor, dearer is more. */
export function tell(what, { ours, bare = '', ratios = [], target = '' }) {
  const ratio = ratios.length ? spread(ratios) : '';
  const parts = [`${what}: ${ours}`, bare && `floor ${bare}`, ratio && `ratio ${ratio}`, target && `target ${target}`];
  figure(parts.filter(Boolean).join('; '));
  keep(COSTS, [what, ours, bare, ratio, target]);
}

const RATES = ['Request', 'Connections', 'Komainu', 'Bare handler', 'Hello', 'Of the bare handler’s rate', 'Target'];

/** Rounds of loads of a hello, of the bare handler and of the program. */
export function tellRates(what, connections, rounds, target) {
  const of = (side, value) => median(rounds.map((round) => value(round[side])));
  const rate = (took) => took.count / took.seconds;
  const text = (side) => {
    const [p50, p99] = ['p50', 'p99'].map((name) => short(of(side, (took) => took[name])));
    return `${short(of(side, rate))}/s, ${p50} / ${p99} ms, ${short(of(side, (took) => took.cpu))} µs`;
  };
  const share = spread(rounds.map(([, bare, ours]) => (100 * rate(ours)) / rate(bare)), ' %');
  const [hello, bare, ours] = [0, 1, 2].map(text);
  figure(`${what}, ${connections} at once: ${ours}; bare ${bare}; hello ${hello}; ${share} of the bare rate, target ${target}`);
  keep(RATES, [what, connections, ours, bare, hello, share, target]);
}

/** Prints everything that was told as tables in Markdown. */
export function printTables() {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  for (const [head, lines] of tables) {
    console.log(['', line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n'));
  }
}
