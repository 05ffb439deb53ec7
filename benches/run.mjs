// Measures the parts that are named, or all; see README.md beside this file. run.sh finds the tools and builds first.

import { spawnSync } from 'node:child_process';
import { cpus, tmpdir, totalmem } from 'node:os';
import { figure } from '../tests/faults/house.mjs';
import { ROUNDS, printTables } from './measure.mjs';

const PARTS = ['http', 'start', 'pack', 'growth', 'ledger', 'emergency', 'report'];

const words = process.argv.slice(2);
const growth = words.includes('--growth');
const named = words.filter((word) => word !== '--growth');
const wrong = named.find((name) => !PARTS.includes(name));
if (wrong) {
  console.error(`there is no part ${wrong}: ${PARTS.join(', ')}`);
  process.exit(2);
}

// A disk in memory makes every save cheap, so the figures name theirs.
const disk = spawnSync('stat', ['--file-system', '--format=%T', tmpdir()], { encoding: 'utf8' }).stdout.trim();
const memory = `${(totalmem() / 1e9).toFixed(1)} GB`;
figure(`machine: ${cpus().length} × ${cpus()[0].model}, ${memory}, temporary files on ${disk}; ${ROUNDS} rounds`);
for (const name of PARTS.filter((part) => named.length === 0 || named.includes(part))) {
  const { measure } = await import(`./parts/${name}.mjs`);
  await measure({ growth });
}
printTables();
