// What every part needs: the floor, the load, turns, and the figures with their table.

import { spawn } from 'node:child_process';
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

/** Starts the bare server and waits until it tells its port. */
export async function startFloor() {
  const child = spawn(FLOOR, ['serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
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

/** What one connection asks over and over; `form` makes it a POST, with `{version}` where the last answer's version goes. */
export function asking(port, path, headers = {}, form = undefined, version = 0) {
  const lines = [`${form === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (form !== undefined) lines.push('content-type: application/x-www-form-urlencoded');
  return { head: lines.join('\r\n'), body: form, version };
}

/** Loads a server for a second or what was set: each connection asks again as soon as it was answered. */
export const load = (port, connections) => floor(['load'], JSON.stringify({ port, seconds: SECONDS, connections }));

/** Loads the floor with `count` connections that ask for answers of so many bytes. */
export const loadFloor = (port, count, bytes) => load(port, Array.from({ length: count }, () => asking(port, `/${bytes}`)));

/** How long one took, all connections together, in milliseconds. */
export const each = (took) => (took.seconds * 1000) / took.count;

/** Measures ours and the floor in turn, so that a noisy moment of the machine meets both. */
export async function inTurn(ours, bare) {
  const pairs = [];
  for (let round = 0; round < ROUNDS; round++) {
    const took = await ours();
    pairs.push([took, await bare(took)]);
  }
  return pairs;
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

/** The lines of the table. */
const table = [];

/** A figure, told at once and kept for the table. `ratios` are ours to the floor, dearer is more. */
export function tell(what, { ours, bare = '', ratios = [], target = '' }) {
  const ratio = ratios.length ? spread(ratios) : '';
  const parts = [`${what}: ${ours}`, bare && `floor ${bare}`, ratio && `ratio ${ratio}`, target && `target ${target}`];
  figure(parts.filter(Boolean).join('; '));
  table.push([what, ours, bare, ratio, target]);
}

/** Tells requests a second of pairs of loads. */
export function tellRate(what, pairs) {
  const rate = (side) => `${short(median(pairs.map((pair) => 1000 / each(pair[side]))))}/s`;
  tell(what, { ours: rate(0), bare: rate(1), ratios: pairs.map(([ours, bare]) => each(ours) / each(bare)) });
}

/** Tells how long one answer took in pairs of loads. */
export function tellLatency(what, pairs) {
  const of = (side, name) => short(median(pairs.map((pair) => pair[side][name])));
  const text = (side) => `${of(side, 'p50')} ms, p99 ${of(side, 'p99')} ms`;
  tell(what, { ours: text(0), bare: text(1), ratios: pairs.map(([ours, bare]) => ours.p50 / bare.p50) });
}

/** Prints everything that was told as a table in Markdown. */
export function printTable() {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = ['What', 'Komainu', 'Floor', 'Ratio (least–greatest)', 'Target'];
  console.log(['', line(head), line(head.map(() => '---')), ...table.map(line)].join('\n'));
}
