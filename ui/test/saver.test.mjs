// Autosave's decisions, against a server, a storage and a clock that obey the test.
import assert from "node:assert/strict";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { Saver, slotFor, clearDrafts } = await import(pathToFileURL(process.env.SAVER).href);

const SLOT = slotFor("person-a", "/items/1", "");
const OK = (version) => ({ kind: "ok", version, text: "", html: "" });

/** A browser's storage; `full` makes every write fail. */
class Memory {
  constructor() {
    Object.defineProperty(this, "full", { value: false, writable: true, enumerable: false });
  }
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, value) {
    if (this.full) throw new Error("full");
    this[key] = value;
  }
  removeItem(key) {
    delete this[key];
  }
}

/** A page with one text field, whose server answers from a list. */
function page(answers, store = new Memory(), start = { version: "3", note: "" }) {
  const form = { ...start };
  const sent = [];
  const states = [];
  const timers = [];
  let keys = 0;
  let busy = 0;
  let mostBusy = 0;
  const host = {
    read: () => Object.entries(form),
    write: (entries) => Object.assign(form, Object.fromEntries(entries)),
    send: async (entries, key) => {
      busy += 1;
      mostBusy = Math.max(mostBusy, busy);
      sent.push({ ...Object.fromEntries(entries), key });
      const answer = await answers.shift();
      busy -= 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    show: (state) => states.push(state),
    setVersion: (version) => (form.version = version),
    newKey: () => `key-${(keys += 1)}-${Math.random()}`,
    later: (run, ms) => timers.push({ run, ms }),
    cancel: (id) => timers[id - 1] && (timers[id - 1].run = () => {}),
  };
  const saver = new Saver(host, store, SLOT);
  const type = (note) => {
    form.note = note;
    saver.changed(600);
  };
  return { form, sent, states, timers, saver, store, type, mostBusy: () => mostBusy };
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

test("a typed text waits, is sent once, raises the version and is forgotten", async () => {
  const p = page([OK("4")]);
  p.type("a");
  p.type("ab");
  assert.equal(p.sent.length, 0);
  assert.ok(p.store.getItem(SLOT), "kept before it is sent");
  await p.saver.flush();
  assert.deepEqual(p.sent.map((s) => [s.version, s.note]), [["3", "ab"]]);
  assert.equal(p.form.version, "4");
  assert.equal(p.store.getItem(SLOT), null);
  assert.deepEqual(p.states, ["saving", "saved"]);
});

test("a field that is left after its text was saved sends it not again, over somebody else's", async () => {
  const p = page([OK("4"), { kind: "invalid", errors: {} }, OK("5")]);
  p.saver.resume();
  p.type("");
  assert.deepEqual(p.states, [], "what came with the page is no change");
  p.type("a");
  await p.saver.flush();
  p.type("a");
  await p.saver.flush();
  assert.equal(p.sent.length, 1);
  assert.equal(p.store.getItem(SLOT), null);
  p.type("wrong");
  await p.saver.flush();
  p.type("a");
  await p.saver.flush();
  assert.deepEqual(p.sent.map((s) => s.note), ["a", "wrong", "a"], "a refused text is corrected by the one before it");
});

test("the timer of the last change sends, earlier timers do nothing", async () => {
  const p = page([OK("4")]);
  p.type("a");
  p.type("ab");
  for (const timer of p.timers) timer.run();
  await p.saver.flush();
  assert.equal(p.sent.length, 1);
});

test("what is typed during a send follows it on the new version, never beside it", async () => {
  const first = deferred();
  const p = page([first.promise, OK("5")]);
  p.type("one");
  const done = p.saver.flush();
  p.type("one two");
  const other = p.saver.flush();
  first.resolve(OK("4"));
  await Promise.all([done, other]);
  assert.deepEqual(p.sent.map((s) => [s.version, s.note]), [["3", "one"], ["4", "one two"]]);
  assert.notEqual(p.sent[0].key, p.sent[1].key);
  assert.equal(p.mostBusy(), 1);
  assert.equal(p.form.version, "5");
  assert.equal(p.store.getItem(SLOT), null);
});

test("not connected: kept, tried again with growing pauses, the same text under the same key", async () => {
  const p = page([new Error("offline"), { kind: "unreachable" }, OK("4")]);
  p.type("kept");
  await p.saver.flush();
  assert.equal(p.states.at(-1), "kept");
  assert.ok(p.store.getItem(SLOT));
  const first = p.timers.at(-1).ms;
  await p.saver.flush();
  assert.equal(p.timers.at(-1).ms, first * 2);
  await p.saver.flush();
  assert.equal(p.sent.length, 3);
  assert.equal(new Set(p.sent.map((s) => s.key)).size, 1);
  assert.equal(p.states.at(-1), "saved");
  assert.equal(p.store.getItem(SLOT), null);
});

test("a lost answer does not become a conflict with oneself: the doubtful text goes first, then the rest", async () => {
  const p = page([{ kind: "unreachable" }, OK("4"), OK("5")]);
  p.type("one");
  await p.saver.flush();
  p.type("one two");
  await p.saver.flush();
  assert.deepEqual(p.sent.map((s) => [s.version, s.note]), [["3", "one"], ["3", "one"], ["4", "one two"]]);
  assert.equal(p.sent[0].key, p.sent[1].key);
  assert.notEqual(p.sent[1].key, p.sent[2].key);
});

test("after a crash the text comes back into the form and is sent, the doubtful send under its old key", async () => {
  const store = new Memory();
  const before = page([{ kind: "unreachable" }], store);
  before.type("one");
  await before.saver.flush();
  before.type("one two");
  const after = page([OK("4"), OK("5")], store);
  after.saver.resume();
  assert.equal(after.form.note, "one two");
  await after.saver.flush();
  assert.deepEqual(after.sent.map((s) => [s.version, s.note]), [["3", "one"], ["4", "one two"]]);
  assert.equal(after.sent[0].key, before.sent[0].key);
  assert.equal(store.getItem(SLOT), null);
});

test("a kept text that the server already has is let go without a send", () => {
  const store = new Memory();
  const before = page([], store);
  before.type("same");
  const after = page([], store, { version: "4", note: "same" });
  after.saver.resume();
  assert.equal(after.sent.length, 0);
  assert.equal(after.form.version, "4");
  assert.equal(store.getItem(SLOT), null);
});

test("a conflict waits for the person; their choice is sent on the other's version", async () => {
  const p = page([{ kind: "conflict", html: "<p>both</p>" }, OK("8")]);
  p.type("mine");
  await p.saver.flush();
  p.type("mine, more");
  await p.saver.flush();
  assert.equal(p.sent.length, 1, "nothing is sent before the choice");
  assert.ok(p.store.getItem(SLOT));
  await p.saver.keepMine("7");
  assert.deepEqual([p.sent[1].version, p.sent[1].note], ["7", "mine, more"]);
  assert.equal(p.form.version, "8");
});

test("a fault is shown and sent again only after a change", async () => {
  const p = page([{ kind: "invalid", errors: { note: "too long" } }, OK("4")]);
  p.type("x");
  await p.saver.flush();
  await p.saver.flush();
  assert.equal(p.sent.length, 1);
  assert.equal(p.states.at(-1), "invalid");
  p.type("y");
  await p.saver.flush();
  assert.equal(p.sent.length, 2);
});

test("signed out: kept and not sent again", async () => {
  const p = page([{ kind: "signed-out" }]);
  p.type("x");
  await p.saver.flush();
  p.type("xy");
  await p.saver.flush();
  assert.equal(p.sent.length, 1);
  assert.match(p.store.getItem(SLOT), /xy/);
});

test("leaving is a risk only while text is unsent and could not be kept", async () => {
  const p = page([OK("4")]);
  p.type("x");
  assert.equal(p.saver.atRisk(), false);
  p.store.full = true;
  p.type("xy");
  assert.equal(p.saver.atRisk(), true);
  await p.saver.flush();
  assert.equal(p.saver.atRisk(), false);
});

test("drafts belong to a person: another sees none, signing out clears one's own only", () => {
  const store = new Memory();
  const a = slotFor("person-a", "/items/1", "");
  const b = slotFor("person-b", "/items/1", "");
  assert.notEqual(a, b);
  assert.equal(slotFor("", "/items/1", ""), "", "nobody signed in keeps nothing");
  store.setItem(a, "mine");
  store.setItem(b, "theirs");
  store.setItem("other", "x");
  clearDrafts(store, "person-a");
  assert.deepEqual([store.getItem(a), store.getItem(b), store.getItem("other")], [null, "theirs", "x"]);
});

test("a spoiled storage entry is ignored", () => {
  for (const spoiled of ["{", "null", '{"entries":3}', '{"entries":[["a"]],"doubt":null}', '{"entries":[],"doubt":{"key":1}}']) {
    const store = new Memory();
    store.setItem(SLOT, spoiled);
    const p = page([], store);
    p.saver.resume();
    assert.equal(p.sent.length, 0);
  }
});
