// What a page and a save cost among many other institutions, beside the same house alone.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { folder, start } from '../../tests/faults/house.mjs';
import { ROUNDS, asking, floor, load, median, short, tell } from '../measure.mjs';
import { HOSPITAL, at, chief, headers, rowsOf, save, within } from '../member.mjs';

const SIZES = [1, 1000];
/** Asked for by --growth: it takes minutes and some gigabytes. */
const LARGE = 200_000;

export async function measure({ growth }) {
  const data = await folder('bench-growth');
  const houses = [];
  try {
    const first = join(data.path, 'first');
    const visitor = await within(first, {}, (house) => chief(house.port));
    for (const size of growth ? [...SIZES, LARGE] : SIZES) {
      const path = join(data.path, `${size}`);
      await cp(first, path, { recursive: true });
      await floor(['grow', join(path, 'komainu.db'), HOSPITAL, `${size}`]);
      const one = { house: await start(path), size, home: [], save: [] };
      houses.push(one);
      one.browser = at(one.house.port, visitor);
      one.rows = await rowsOf(one.browser, 1);
    }
    // All of them run; only the one that is asked does anything. Pages first, as every save makes the log longer.
    for (let round = 0; round < ROUNDS; round++) {
      for (const { browser, home } of houses) home.push(await load(browser.port, [asking(browser.port, '/', { headers: headers(browser) })]));
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const one of houses) one.save.push(await save(one.browser, one.rows));
    }
    for (const [what, name] of [['home page', 'home'], ['saving an answer', 'save']]) compare(what, name, houses);
    for (const { house } of houses.splice(0)) await house.stop();
  } finally {
    for (const { house } of houses) await house.kill();
    await data.remove();
  }
}

function compare(what, name, [alone, ...others]) {
  const time = (one) => `${short(median(one[name].map((took) => took.p50)))} ms`;
  for (const other of others) {
    const ratios = other[name].map((took, round) => took.p50 / alone[name][round].p50);
    tell(`${what} among ${other.size.toLocaleString('en')} institutions`, { ours: time(other), bare: `${time(alone)} (one institution)`, ratios });
  }
}
