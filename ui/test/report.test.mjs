// Reports on their way: a shelf shared by several pages, a line that comes and goes, answers that are lost, and a server that
// takes each name once.
import assert from "node:assert/strict";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { CLAIM_MS, Memory, Queue, newCode, newId } = await import(pathToFileURL(process.env.REPORT).href);

const HOUSE = "a-house";
const TAKEN = { kind: "taken", left: [] };
const report = (id, base = "/l/report/a") => ({ id, base, house: HOUSE, fields: [["words", id]], photos: [] });

/** The same chance every time. */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** A clock, a shelf, and pages that empty it. */
function world(post) {
  const at = { now: 1_000_000 };
  const shelf = new Memory();
  const told = [];
  const page = () => new Queue(shelf, post, () => at.now, (entry, answer) => told.push([entry.id, answer.kind]));
  return { at, shelf, told, page };
}

/** A server that takes each name once, and forgets nothing. */
function server() {
  const stored = new Map();
  let asked = 0;
  return {
    stored,
    asked: () => asked,
    take(entry) {
      asked += 1;
      if (!stored.has(entry.id)) stored.set(entry.id, entry.fields);
      return TAKEN;
    },
  };
}

test("a report is on the shelf until the server has it", async () => {
  const answers = [{ kind: "later", ms: 0 }, TAKEN];
  const it = world(async () => answers.shift());
  const page = it.page();
  await page.add(report("1"));
  await page.flush();
  assert.equal((await page.waiting()).length, 1, "not reached");
  await page.flush();
  assert.equal(answers.length, 1, "it is not tried again at once");
  it.at.now += 3_000;
  await page.flush();
  assert.deepEqual(await page.waiting(), []);
  assert.deepEqual(it.told, [["1", "later"], ["1", "taken"]]);
});

test("waiting grows, has an end, and is cut short when the line is back", async () => {
  let tries = 0;
  const it = world(async () => {
    tries += 1;
    throw new Error("no line");
  });
  const page = it.page();
  await page.add(report("1"));
  const waits = [];
  for (let turn = 0; turn < 8; turn += 1) {
    await page.flush();
    const [entry] = await page.waiting();
    waits.push(entry.after - it.at.now);
    it.at.now = entry.after;
  }
  assert.deepEqual(waits, [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000, 60_000]);
  await page.flush();
  assert.equal(tries, 9);
  await page.flush();
  assert.equal(tries, 9, "not before its time");
  await page.wake();
  assert.equal(tries, 10);
});

test("a server that is busy says how long to wait", async () => {
  const it = world(async () => ({ kind: "later", ms: 1_800_000 }));
  const page = it.page();
  await page.add(report("1"));
  await page.add(report("2"));
  await page.flush();
  const [first, second] = await page.waiting();
  assert.equal(first.after - it.at.now, 1_800_000);
  assert.equal(second.tries, 0, "the others keep their turn");
});

test("two pages with one shelf send a report once", async () => {
  let release;
  const held = new Promise((done) => (release = done));
  const house = server();
  const it = world(async (entry) => {
    await held;
    return house.take(entry);
  });
  const [one, other] = [it.page(), it.page()];
  await one.add(report("1"));
  const both = [one.flush(), other.flush(), one.flush()];
  await new Promise((done) => setTimeout(done, 5));
  release();
  await Promise.all(both);
  assert.equal(house.asked(), 1);
});

test("a page that died with a claim loses it, and the server knows the report", async () => {
  const house = server();
  let lost = true;
  const it = world(async (entry) => {
    const answer = house.take(entry);
    // The telephone goes to sleep: the answer never comes.
    if (lost) await new Promise(() => {});
    return answer;
  });
  const [dead, living] = [it.page(), it.page()];
  await dead.add(report("1"));
  void dead.flush();
  await new Promise((done) => setTimeout(done, 5));
  lost = false;
  await living.flush();
  assert.equal(house.asked(), 1, "it is claimed");
  it.at.now += CLAIM_MS;
  await living.flush();
  assert.equal(house.asked(), 2);
  assert.equal(house.stored.size, 1);
  assert.deepEqual(await living.waiting(), []);
});

test("an answer that comes after another page was done brings nothing back", async () => {
  let fail;
  const it = world(() => new Promise((_, failed) => (fail = failed)));
  const slow = it.page();
  await slow.add(report("1"));
  const late = slow.flush();
  await new Promise((done) => setTimeout(done, 5));
  await it.shelf.remove("1");
  fail(new Error("the line broke"));
  await late;
  assert.deepEqual(await slow.waiting(), []);
});

test("what is refused stays to be seen and is not sent again; the next one goes", async () => {
  const it = world(async (entry) => (entry.id === "1" ? { kind: "refused" } : TAKEN));
  const page = it.page();
  await page.add(report("1"));
  it.at.now += 1;
  await page.add(report("2"));
  await page.flush();
  await page.flush();
  assert.deepEqual(it.told, [["1", "refused"], ["2", "taken"]]);
  assert.equal((await page.waiting())[0].trouble, "refused");
  await page.add(report("3"));
  await page.discard();
  assert.deepEqual((await page.waiting()).map((entry) => entry.id), ["3"], "what still can go stays");
});

test("what could not go by a poster that is over goes by another of the same house", async () => {
  const it = world(async (entry) => (entry.base === "/l/report/a" ? { kind: "over" } : TAKEN));
  const page = it.page();
  await page.add(report("1"));
  await page.flush();
  await page.readdress("another-house", "/l/report/b");
  await page.readdress("", "/l/report/b");
  await page.readdress(HOUSE, "/l/report/a");
  await page.flush();
  assert.equal((await page.waiting())[0].trouble, "over", "not to another house, nor again by the same");
  await page.readdress(HOUSE, "/l/report/b");
  await page.flush();
  assert.deepEqual(await page.waiting(), []);
});

test("1,000 reports over a line that comes and goes: none lost, none doubled", async () => {
  const next = chance(7);
  const house = server();
  const it = world(async (entry) => {
    const fate = next();
    // The way there broke.
    if (fate < 0.2) throw new Error("no line");
    const answer = house.take(entry);
    // The way back broke.
    if (fate < 0.4) throw new Error("no answer");
    // Somebody else answered, or the house was busy.
    if (fate < 0.45) return { kind: "later", ms: 1_000 };
    return answer;
  });
  const pages = [it.page(), it.page(), it.page()];
  for (let number = 0; number < 1_000; number += 1) {
    await pages[number % 3].add(report(`report-${number}`));
    it.at.now += 10;
    if (next() < 0.3) await Promise.all(pages.map((page) => page.flush()));
  }
  for (let turn = 0; turn < 20_000 && (await pages[0].waiting()).length > 0; turn += 1) {
    it.at.now += 5_000;
    await Promise.all(pages.map((page) => (next() < 0.1 ? page.wake() : page.flush())));
  }
  assert.deepEqual(await pages[0].waiting(), []);
  assert.equal(house.stored.size, 1_000);
  assert.ok(house.asked() > 1_000, "some were sent twice, and taken once");
  for (let number = 0; number < 1_000; number += 1) {
    assert.deepEqual(house.stored.get(`report-${number}`), [["words", `report-${number}`]]);
  }
});

test("names and codes are what the server reads", () => {
  const ids = new Set();
  for (let turn = 0; turn < 200; turn += 1) {
    assert.match(newCode(), /^[ACDEFGHJKLMNPQRTUVWXY347]{4}(-[ACDEFGHJKLMNPQRTUVWXY347]{4}){2}$/);
    const id = newId();
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    ids.add(id);
  }
  assert.equal(ids.size, 200);
  // Bytes that would make some letters likelier are passed over.
  const fill = (place) => place.map((_, at) => [255, 240, 24][at] ?? 23);
  assert.equal(newCode(fill), "A777-7777-7777");
});
