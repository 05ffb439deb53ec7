// The inspection pack of a full house, as a PDF of about 40 pages: from asking for it to its being there.

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { folder } from '../../tests/faults/house.mjs';
import { ROUNDS, memory, sleep, spread, tell } from '../measure.mjs';
import { api, chief, newestRound, token, within } from '../member.mjs';

const PAGES = 40;
const STARTS = 3;
/** How often the job is looked at, in milliseconds: also how exact the figures are. */
const GLANCE = 10;
const SENTENCE = '保守契約の範囲と担当を業者に確かめ、機器台帳の記載を実物と照らし合わせて直した。';
/** Of 120 characters or so, as somebody writes who wants to be understood by an inspector. */
const NOTE = SENTENCE.repeat(3);

export async function measure() {
  const data = await folder('bench-pack');
  try {
    const secret = await within(data.path, {}, async (house) => {
      const secret = await token(await chief(house.port));
      const ask = api(house.port, secret);
      const pages = await furnish(ask);
      const counted = await count(ask, data.path);
      assert.equal(counted, pages, 'the program counts as pdfinfo does');
      console.log(`figure: the pack has ${counted} pages`);
      return secret;
    });
    const [first, later, held] = [[], [], []];
    for (let turn = 0; turn < STARTS; turn++) {
      await within(data.path, {}, async (house) => {
        const ask = api(house.port, secret);
        const round = await newestRound(ask);
        first.push(await fresh(ask, round, `${turn}`));
        for (let pack = 1; pack < ROUNDS; pack++) later.push(await fresh(ask, round, `${turn}.${pack}`));
        held.push(await memory(house.child.pid));
      });
    }
    const times = (packs, name) => spread(packs.map((pack) => pack[name]), ' ms');
    tell('first pack after start, being made', { ours: times(first, 'making'), target: '≤ 500 ms' });
    tell('further packs, being made', { ours: times(later, 'making'), target: '≤ 500 ms' });
    tell('further packs, with the wait for their turn', { ours: times(later, 'all') });
    tell('memory after the packs', { ours: spread(held, ' MB') });
  } finally {
    await data.remove();
  }
}

/** Answers everything at length, then fills the ledger until the pack is as long as it should be; answers its pages. */
async function furnish(ask) {
  const round = await newestRound(ask);
  await answer(ask, round);
  const vendors = (await ask('GET', '/vendors?limit=100')).items.slice(1, 3);
  for (const vendor of vendors) {
    const known = (await ask('GET', '/rounds')).items;
    const there = known.find((one) => one.vendor === vendor.id && one.fiscal_year === round.fiscal_year);
    await answer(ask, there ?? (await ask('POST', '/rounds', { fiscal_year: round.fiscal_year, vendor: vendor.id, carry: false })));
  }
  for (let batch = 0; batch < 100; batch++) {
    const { pages } = await made(ask, round);
    if (pages >= PAGES - 1) return pages;
    await shelf(ask, batch);
  }
  throw new Error('the pack does not grow');
}

/** Every row of a round: mostly yes, every third a no with a day. */
async function answer(ask, round) {
  const path = `/rounds/${round.fiscal_year}/${round.form}/rows`;
  const day = new Date().toISOString().slice(0, 10);
  for (const [index, row] of (await ask('GET', path)).items.entries()) {
    if (row.level === 'gate') continue;
    const no = index % 3 === 2 ? { answer: 'no', target: `${round.fiscal_year + 1}-03-31` } : { answer: 'yes' };
    await ask('PUT', `${path}/${row.row}`, { ...no, checked: [day], note: NOTE }, row.version);
  }
}

/** Some vendors, systems and contacts more. */
async function shelf(ask, batch) {
  for (let one = 0; one < 8; one++) {
    const number = batch * 8 + one;
    const phone = `03-1234-${String(1000 + number)}`;
    const ways = { phone, night_phone: phone, email: `madoguchi-${number}@gyosha.example` };
    const vendor = await ask('POST', '/vendors', { name: `見本システム保守株式会社 第${number}営業所`, person: '保守契約窓口', ...ways });
    const system = { kind: 'other', name: `部門システム${number}号機`, place: `${1 + (number % 5)}階 検査室`, hosting: 'on_premises' };
    await ask('POST', '/systems', { ...system, vendor: vendor.id, remote_maintenance: true, updates_by_vendor: number % 2 === 0 });
    await ask('POST', '/contacts', { duty: `第${number}班の当番`, name: `当番の職員 ${number}`, ...ways, outside: one % 2 === 0 });
  }
}

/** A pack with something new in it, so that nothing of the one before can be used again as a whole. */
async function fresh(ask, round, mark) {
  const path = `/rounds/${round.fiscal_year}/${round.form}/rows`;
  const row = (await ask('GET', path)).items.find((one) => one.answer?.answer === 'yes' && one.level !== 'gate');
  const checked = row.answer.checked.filter((day) => day !== null);
  await ask('PUT', `${path}/${row.row}`, { answer: 'yes', checked, note: `${mark} ${NOTE}` }, row.version);
  return made(ask, round);
}

/** Asks for a pack and waits for it: milliseconds from the asking, and from the work's beginning. */
async function made(ask, round) {
  const began = performance.now();
  let pack = await ask('POST', '/packs', { fiscal_year: round.fiscal_year, language: 'ja', form: 'pdf' });
  let running = null;
  while (['waiting', 'running'].includes(pack.state)) {
    if (pack.state === 'running') running ??= performance.now();
    assert.ok(performance.now() - began < 120_000, 'the pack is made');
    await sleep(GLANCE);
    pack = await ask('GET', `/packs/${pack.id}`);
  }
  assert.equal(pack.state, 'done');
  const ended = performance.now();
  return { all: ended - began, making: ended - (running ?? ended), pages: pack.file.pages };
}

/** The pages of the newest pack, as a stranger's program counts them. */
async function count(ask, folder) {
  const newest = (await ask('GET', '/packs')).items[0];
  const file = join(folder, 'pack.pdf');
  await writeFile(file, await ask('GET', `/packs/${newest.id}/file`));
  const { stdout } = spawnSync('pdfinfo', [file], { encoding: 'utf8' });
  return Number(stdout.match(/^Pages:\s+(\d+)/m)[1]);
}
