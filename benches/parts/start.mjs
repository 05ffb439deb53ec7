// From the command to the first answered page on a data folder that is there already, and the memory held afterwards.

import { join } from 'node:path';
import assert from 'node:assert/strict';
import { folder, start } from '../../tests/faults/house.mjs';
import { floor, inTurn, median, memory, short, sleep, spread, startFloor, tell } from '../measure.mjs';
import { at, chief, within } from '../member.mjs';

/** Memory is looked at when the first page was answered and nobody has asked anything for this long. */
const IDLE = 2000;

export async function measure() {
  const data = await folder('bench-start');
  try {
    // The demo's house, as a real installation would have it after a while.
    const visitor = await within(data.path, {}, (house) => chief(house.port));
    await floor(['real', join(data.path, 'komainu.db')]);
    const serve = () => start(data.path, { command: 'serve' });
    const home = (house) => at(house.port, visitor).ask('/');
    // The first start is not counted.
    await once(serve, home);
    const pairs = await inTurn(() => once(serve, home), () => once(startFloor, (bare) => at(bare.port, visitor).ask('/hello')));
    tell('second start to the first page', {
      ours: spread(pairs.map(([ours]) => ours.ms), ' ms'),
      bare: `${short(median(pairs.map(([, bare]) => bare.ms)))} ms`,
      ratios: pairs.map(([ours, bare]) => ours.ms / bare.ms),
      target: '≤ 200 ms',
    });
    tell('idle memory after start', {
      ours: spread(pairs.map(([ours]) => ours.memory), ' MB'),
      bare: `${short(median(pairs.map(([, bare]) => bare.memory)))} MB`,
      ratios: pairs.map(([ours, bare]) => ours.memory / bare.memory),
      target: '≤ 60 MB',
    });
  } finally {
    await data.remove();
  }
}

/** Starts something, has it answer a page, lets it rest and stops it. */
async function once(begin, ask) {
  const began = performance.now();
  const house = await begin();
  try {
    const { status } = await ask(house);
    const ms = performance.now() - began;
    assert.equal(status, 200, 'the first page is the page itself');
    await sleep(IDLE);
    return { ms, memory: await memory(house.child.pid) };
  } finally {
    await house.stop();
  }
}
