// Flame graphs of the three requests on SQLite, into a folder: where the processor's time goes; see README.md.
//
//   KOMAINU_BIN=… KOMAINU_FLOOR=… node benches/flame.mjs FOLDER
//
// Needs Linux perf and inferno (cargo install inferno), and a program that still has its symbols: build it with
// CARGO_PROFILE_RELEASE_DEBUG=line-tables-only and CARGO_PROFILE_RELEASE_STRIP=none.

import { execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folder } from '../tests/faults/house.mjs';
import { asking, load } from './measure.mjs';
import { within } from './member.mjs';
import { requests } from './parts/http.mjs';

const CONNECTIONS = 4;
const NAMES = ['reading', 'page', 'write'];
/** Samples a second, and the stack that is kept with each. */
const [RATE, STACK] = ['1999', 'dwarf,16384'];
const HUGE = { maxBuffer: 2 ** 31 - 1 };

const [into] = process.argv.slice(2);
const data = await folder('bench-flame');
try {
  await within(join(data.path, 'house'), {}, async (house) => {
    const asked = Object.entries(await requests(house));
    for (const [index, [what, { each }]] of asked.entries()) {
      const numbers = Array.from({ length: CONNECTIONS }, (_, number) => number % each.length);
      const ask = () => load(house.port, numbers.map((number) => asking(house.port, each[number].path, each[number])));
      const note = (took) => numbers.forEach((number, at) => (each[number].version = took.versions[at]));
      note(await ask());
      const samples = join(data.path, 'perf.data');
      const words = ['record', '-q', '-F', RATE, '-g', `--call-graph=${STACK}`, '-p', `${house.child.pid}`, '-o', samples];
      const perf = spawn('perf', words, { stdio: 'inherit' });
      await new Promise((done) => setTimeout(done, 300));
      for (let time = 0; time < 3; time++) note(await ask());
      perf.kill('SIGINT');
      await new Promise((done) => perf.on('exit', done));
      const script = execFileSync('perf', ['script', '-i', samples, '--no-inline'], { ...HUGE, stdio: ['ignore', 'pipe', 'ignore'] });
      const folded = execFileSync('inferno-collapse-perf', [], { ...HUGE, input: script, stdio: ['pipe', 'pipe', 'ignore'] });
      const title = `${what}: ${CONNECTIONS} connections, SQLite`;
      const options = ['--title', title, '--minwidth', '0.4', '--colors', 'rust', '--hash', '--nametype', ''];
      await writeFile(join(into, `${NAMES[index]}.svg`), execFileSync('inferno-flamegraph', options, { ...HUGE, input: folded }));
    }
  });
} finally {
  await data.remove();
}
