// Reports that wait on a telephone, against a house, a network, a storage and a clock that obey the test.
import assert from "node:assert/strict";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { Queue, judged, newId, newReceipt } = await import(pathToFileURL(process.env.QUEUE).href);

const SENT = { kind: "sent" };
const AWAY = { kind: "later", seconds: 0 };

let clock = 0;
const report = (words) => ({
  id: newId(),
  path: "/l/report/abc/printer",
  fields: [["words", words], ["written_at", String((clock += 1))]],
  photo: null,
});

/** What lies on one telephone, for all its tabs. */
function storage() {
  const lying = new Map();
  return {
    lying,
    full: false,
    all: async () => [...lying.values()],
    has: async (id) => lying.has(id),
    async put(one) {
      if (this.full) throw new Error("quota");
      lying.set(one.id, one);
    },
    drop: async (id) => void lying.delete(id),
    refuse: async (id) => void (lying.has(id) && lying.set(id, { ...lying.get(id), refused: true })),
  };
}

/** The house: how often each came, by its id. */
function house() {
  const stored = new Map();
  return { stored, take: (one) => stored.set(one.id, (stored.get(one.id) ?? 0) + 1) };
}

/** A tab whose requests `post` answers, and whose timers wait for `due`. */
function tab(shelf, post) {
  const timers = new Map();
  const asked = [];
  let last = 0;
  const queue = new Queue(shelf, {
    post,
    changed: () => {},
    later: (run, ms) => {
      timers.set((last += 1), { run, ms });
      asked.push(ms);
      return last;
    },
    cancel: (timer) => timers.delete(timer),
  });
  /** The next timer's turn has come. */
  const due = async () => {
    const [[timer, { run }]] = [...timers].slice(-1);
    timers.delete(timer);
    run();
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  };
  return { queue, timers, asked, due };
}

/** Numbers that look like chance and are the same each time. */
function chance(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

test("of a thousand over a connection that comes and goes each arrives, under the one id that it was given", async () => {
  const [shelf, home, random] = [storage(), house(), chance(7)];
  const written = Array.from({ length: 1000 }, (_, at) => report(`${at}`));
  for (const one of written) await shelf.put(one);
  const post = async (one) => {
    const dice = random();
    // A quarter never arrives, a quarter arrives and the answer is lost.
    if (dice < 0.25) throw new TypeError("failed to fetch");
    home.take(one);
    if (dice < 0.5) throw new TypeError("failed to fetch");
    return SENT;
  };
  let one = tab(shelf, post);
  for (let round = 0; shelf.lying.size > 0; round += 1) {
    assert.ok(round < 5000, "it comes to an end");
    // Now and then the tab is closed and another one opened, or there are two.
    if (round % 50 === 49) one = tab(shelf, post);
    const other = round % 20 === 19 ? tab(shelf, post) : one;
    await Promise.all([one.queue.flush(), other.queue.flush()]);
  }
  assert.deepEqual([...home.stored.keys()].sort(), written.map((it) => it.id).sort());
});

test("nothing is let go before the house itself said that it has it", () => {
  for (const [status, body, said] of [
    [200, { sent: true }, SENT],
    // A network's page for signing in answers in the house's place.
    [200, null, AWAY],
    [302, null, AWAY],
    [0, null, AWAY],
    [404, null, { kind: "failed" }],
    [404, { error: {} }, { kind: "refused", mendable: false }],
    [422, { errors: [] }, { kind: "refused", mendable: true }],
    [413, { error: {} }, { kind: "refused", mendable: true }],
    [413, null, { kind: "failed" }],
    [403, { error: {} }, { kind: "failed" }],
    [500, { error: {} }, { kind: "failed" }],
    [502, null, { kind: "failed" }],
    [503, null, AWAY],
    [409, { error: {} }, { kind: "later", seconds: 600 }],
  ]) {
    assert.deepEqual(judged(status, null, body), said, `${status} ${JSON.stringify(body)}`);
  }
  assert.deepEqual(judged(429, "7", { error: {} }), { kind: "later", seconds: 7 });
});

test("who is asked too much is left alone for as long as it says, a lost connection for longer each time", async () => {
  const shelf = storage();
  await shelf.put(report("a"));
  const answers = [{ kind: "later", seconds: 7 }, AWAY, AWAY, AWAY, SENT];
  const { queue, asked, due, timers } = tab(shelf, async () => answers.shift());
  await queue.flush();
  for (let turn = 0; turn < 4; turn += 1) await due();
  assert.deepEqual(asked, [7000, 2000, 4000, 8000]);
  assert.deepEqual([shelf.lying.size, timers.size], [0, 0]);
});

test("what the house will not take is kept to be shown, and holds nothing up", async () => {
  const [shelf, home] = [storage(), house()];
  const [bad, broken, good] = [report("bad"), report("broken"), report("good")];
  for (const one of [bad, broken, good]) await shelf.put(one);
  const post = async (one) => {
    if (one.id === bad.id) return { kind: "refused", mendable: false };
    if (one.id === broken.id) return { kind: "failed" };
    home.take(one);
    return SENT;
  };
  const { queue } = tab(shelf, post);
  await queue.flush();
  assert.deepEqual([...home.stored.keys()], [good.id]);
  const { waiting, refused } = await queue.kept();
  assert.deepEqual([waiting.map((it) => it.id), refused.map((it) => it.id)], [[broken.id], [bad.id]]);
  await queue.forget();
  assert.deepEqual([...shelf.lying.keys()], [broken.id]);
});

test("a house in trouble is not asked a thousand times", async () => {
  const shelf = storage();
  for (let at = 0; at < 50; at += 1) await shelf.put(report(`${at}`));
  let asked = 0;
  const { queue } = tab(shelf, async () => {
    asked += 1;
    return { kind: "failed" };
  });
  await queue.flush();
  assert.equal(asked, 3);
  await queue.flush();
  assert.equal(asked, 6);
});

test("what was just written goes before all that waits", async () => {
  const [shelf, order] = [storage(), []];
  for (let at = 0; at < 3; at += 1) await shelf.put(report(`old ${at}`));
  const { queue } = tab(shelf, async (one) => {
    order.push(one.fields[0][1]);
    return SENT;
  });
  assert.equal(await queue.add(report("new")), "sent");
  assert.deepEqual([order, shelf.lying.size], [["new"], 3]);
});

test("what is asked for during a round follows it", async () => {
  const shelf = storage();
  await shelf.put(report("first"));
  let release;
  const order = [];
  const { queue } = tab(shelf, (one) => {
    order.push(one.fields[0][1]);
    return order.length === 1 ? new Promise((done) => (release = () => done(SENT))) : Promise.resolve(SENT);
  });
  const round = queue.flush();
  while (!release) await Promise.resolve();
  await shelf.put(report("second"));
  const next = queue.flush();
  release();
  await Promise.all([round, next]);
  assert.deepEqual([order, shelf.lying.size], [["first", "second"], 0]);
});

test("whoever pressed the button is told soon that it is kept, and the answer still counts", async () => {
  const [shelf, one] = [storage(), report("slow")];
  let release;
  const { queue, timers } = tab(shelf, () => new Promise((done) => (release = () => done(SENT))));
  const told = queue.add(one);
  while (!release || timers.size === 0) await Promise.resolve();
  [...timers.values()][0].run();
  assert.equal(await told, "kept");
  assert.ok(shelf.lying.has(one.id));
  release();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  assert.equal(shelf.lying.size, 0);
});

test("a telephone without room says so instead of losing it", async () => {
  const shelf = storage();
  shelf.full = true;
  const { queue } = tab(shelf, async () => SENT);
  await assert.rejects(queue.add(report("full")));
});

test("what can be mended is given back to the form", async () => {
  const shelf = storage();
  const { queue } = tab(shelf, async () => ({ kind: "refused", mendable: true }));
  assert.equal(await queue.add(report("long")), "mend");
  assert.equal(shelf.lying.size, 0);
});

test("receipt codes are written without letters that are taken for others", () => {
  assert.match(newReceipt(), /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
});
