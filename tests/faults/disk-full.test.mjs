// The disk fills up while people work: a clear error, reading goes on, nothing is corrupt, and with room again writing
// goes on without a restart. The small disk is a tmpfs of our own, which takes root.

import { test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { CHIEF, Visitor, figure, folder, proveLog, start } from './house.mjs';

const run = (...words) => spawnSync(words[0], words.slice(1), { encoding: 'utf8' });
const root = process.getuid() === 0;

/** Fills what is left of a disk with a file of its own. */
async function fill(path) {
  const file = join(path, 'ballast');
  for (let size = 1 << 20; size >= 4096; size = Math.floor(size / 2)) {
    for (let part = 0; ; part++) {
      try {
        await writeFile(`${file}-${size}-${part}`, Buffer.alloc(size));
      } catch {
        await rm(`${file}-${size}-${part}`, { force: true });
        break;
      }
    }
  }
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

test('a full disk loses nothing and reading goes on', { skip: !root && 'mounting a small disk takes root' }, async () => {
  const disk = await folder('disk');
  const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'komainu-faults', disk.path);
  assert.equal(mounted.status, 0, mounted.stderr);
  let house;
  try {
    const data = join(disk.path, 'data');
    house = await start(data);
    const visitor = new Visitor(house.port);
    await visitor.enter(CHIEF);
    const [path] = await visitor.rows();
    let { csrf, version } = await visitor.row(path);
    version = await visitor.save(path, csrf, version, 'before');
    let kept = 'before';

    const left = await fill(disk.path);
    let refusals = 0;
    let told = '';
    // What was still free inside the database's own files is used up first.
    for (let attempt = 0; attempt < 400 && refusals < 20; attempt++) {
      const note = `full ${attempt} ${'長'.repeat(1200)}`;
      try {
        version = await visitor.save(path, csrf, version, note);
        kept = note;
      } catch (error) {
        assert.equal(error.status, 507, `a full disk is said to be full: ${error.message}`);
        told = JSON.parse(error.text).error.message;
        refusals++;
      }
    }
    assert.ok(refusals >= 20, 'the disk was full');
    assert.match(told, /空き|容量|いっぱい/, 'in plain words');
    const seen = await visitor.row(path);
    assert.equal(seen.note, kept, 'what was acknowledged is there');
    for (const page of ['/', '/checklist', '/plan', '/ledger']) {
      const { status } = await visitor.ask(page);
      assert.ok(status < 400, `${page} answers ${status} on a full disk`);
    }

    for (const name of await readdir(disk.path)) if (name.startsWith('ballast')) await rm(join(disk.path, name));
    version = await visitor.save(path, csrf, seen.version, 'after');
    assert.equal((await visitor.row(path)).note, 'after', 'with room again writing goes on');
    await house.stop();
    house = null;
    proveLog(data);
    figure(`full disk: ${left} bytes left, ${refusals} refusals in plain words, 0 acknowledged writes lost`);
  } finally {
    await house?.kill();
    run('umount', disk.path);
    await disk.remove();
  }
});
