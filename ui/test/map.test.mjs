// The map without a page: what is drawn, found, left by a filter, walked to and taken back.
import assert from "node:assert/strict";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { understood, marksOf, flag, settled, isDoor, isBeside, found, folded, left, kinds, EVERYTHING, History, difference, nearest, first, scene, Tree } =
  await import(pathToFileURL(process.env.MAP).href);

const zone = (id, parent = null, at = {}) => ({ id, name: `区画${id}`, parent, x: 0, y: 0, w: 200, h: 100, count: 1, ...at });
const thing = (id, zone, at = {}) => ({ id, name: id, kind: "server", kind_text: "サーバー", zone, x: 0, y: 0, danger: 0, url: "/x", ...at });
const line = (id, from, to, at = {}) => ({ id, from, to, kind: "vpn", kind_text: "VPN", both_ways: false, outside: false, danger: 0, url: "/x", ...at });
const affected = (node, at = {}) => ({ node, thing: node, name: node, state: "affected", sign: "◆", text: "影響あり", weight: 2, incident: "1", ...at });
const data = (at) => ({
  revision: 1, overview: false, zones: [], nodes: [], lines: [], findings: [], affected: [], incidents: [], states: [], ...at,
});

/** A hospital with a zone in a zone and something outside. */
const hospital = () =>
  data({
    zones: [zone("outer"), zone("inner", "outer"), zone("other"), zone("empty")],
    nodes: [
      thing("a", "inner", { x: 0, y: 0 }),
      thing("b", "outer", { x: 100, y: 40, danger: 1 }),
      thing("c", "other", { x: 300, y: 0, kind: "terminal", kind_text: "端末" }),
      thing("internet", null, { x: -200, y: 0, kind: "internet" }),
    ],
    lines: [line("1", "a", "b"), line("2", "internet", "a", { danger: 2 }), line("3", "c", "a"), line("4", "b", "c", { kind: "dicom" }), line("5", "c", "gone")],
    findings: [{ rule: "N1", level: 2, text: "", do: "", line: "2", nodes: ["a"] }],
  });
const none = new Set();
const ids = (items) => items.map((item) => item.id);

test("an answer is data or it is none; a zone's corner becomes its middle", () => {
  for (const other of [null, "", [], {}, { revision: 1 }, { ...hospital(), nodes: [{ id: "a", x: "1", y: 2 }] }]) assert.equal(understood(other), null);
  const [only] = understood(data({ zones: [zone("z", null, { x: 10, y: 20 })] })).zones;
  assert.deepEqual([only.x, only.y], [110, 82]);
});

test("a place is a whole pixel, not too far away", () => {
  assert.deepEqual(settled({ x: 1.6, y: -1e9 }), { x: 2, y: -1_000_000 });
});

test("open zones are boxes in boxes around their things", () => {
  const all = scene(hospital(), none, new Map());
  assert.deepEqual(all.boxes.map((box) => [box.zone.id, box.parent, box.danger]), [["outer", null, 2], ["inner", "outer", 2], ["other", null, 0], ["empty", null, 0]]);
  assert.deepEqual(ids(all.things), ["a", "b", "c", "internet"]);
  assert.deepEqual(ids(all.roads), ["1", "2", "3", "4"], "a line to what is not there is left out");
});

test("a closed zone stands in the middle of its things, for them and for the zones within it", () => {
  const closed = scene(hospital(), new Set(["outer", "inner"]), new Map([["a", { x: 20, y: 20 }]]));
  assert.deepEqual(closed.boxes.map((box) => box.zone.id), ["outer", "other", "empty"]);
  assert.deepEqual([closed.boxes[0].x, closed.boxes[0].y, closed.boxes[0].closed], [60, 30, true]);
  assert.deepEqual(ids(closed.things), ["c", "internet"]);
});

test("lines into a closed zone end at it, those between the same two run together and show the worst", () => {
  const { roads } = scene(hospital(), new Set(["outer"]), new Map());
  assert.deepEqual(roads.map((road) => [road.from, road.to, ids(road.lines), road.danger]), [
    ["internet", "outer", ["2"], 2],
    ["c", "outer", ["3", "4"], 0],
  ]);
  assert.deepEqual([roads[1].kind, roads[1].bothWays], ["", true], "of two kinds and both directions");
});

test("zones that lie in each other in a circle end somewhere", () => {
  const round = data({ zones: [zone("x", "y"), zone("y", "x")], nodes: [thing("a", "x")] });
  assert.equal(scene(round, new Set(["y"]), new Map()).things.length, 0);
  assert.deepEqual(new Tree(round).around("x"), ["x", "y"]);
});

test("a zone that moves takes its things along, and zones that nothing holds", () => {
  const tree = new Tree(data({ zones: [zone("o"), zone("e", "o"), zone("f", "o"), zone("alone")], nodes: [thing("a", "f")] }));
  assert.deepEqual(tree.load("o"), ["a", "e"]);
  assert.deepEqual(tree.load("alone"), ["alone"]);
});

test("what stands for a zone, and what stands beside one that is looked into", () => {
  assert.ok(isDoor(thing("asset:1", null, { kind: "zone" })) && isDoor(thing("none", null)) && !isDoor(thing("a", null)));
  assert.equal(isBeside(thing("v", null, { kind: "vendor" }), ""), false);
  assert.equal(isBeside(thing("v", null, { kind: "vendor" }), "asset:1"), true);
  assert.equal(isBeside(thing("a", "asset:1"), "asset:1"), false);
  assert.equal(isBeside(thing("a", null), "none"), false);
});

test("a search finds names and kinds, whatever the width, the case or the kana", () => {
  assert.equal(folded("ＶＰＮ サーバー"), "vpn さーばー");
  assert.deepEqual(found(hospital(), "さーば A"), ["a"]);
  assert.deepEqual(found(hospital(), "区画ｉｎｎｅｒ"), ["inner"]);
  assert.deepEqual(found(hospital(), "  "), []);
  assert.deepEqual(found(hospital(), "ない物"), []);
});

test("a filter leaves kinds, and with them only what is dangerous or at the end of a dangerous line", () => {
  const all = left(hospital(), EVERYTHING);
  assert.deepEqual([all.things.size, all.lines.size], [4, 5]);
  const some = left(hospital(), { ...EVERYTHING, hiddenThings: new Set(["terminal"]), hiddenLines: new Set(["vpn"]) });
  assert.deepEqual([[...some.things], [...some.lines]], [["a", "b", "internet"], ["4"]]);
  const danger = left(hospital(), { ...EVERYTHING, dangerOnly: true });
  assert.deepEqual([[...danger.things], [...danger.lines]], [["a", "b", "internet"], ["2"]]);
  assert.deepEqual(kinds(hospital().lines), [["vpn", "VPN"], ["dicom", "VPN"]]);
});

test("marks stand at what bears them; of a closed zone also those of what is in it", () => {
  const marked = { ...hospital(), affected: [affected("a"), affected("outer", { text: "疑い", sign: "△", weight: 1 }), affected("a", { incident: "2" })] };
  assert.equal(flag(marksOf(marked).get("a")), "◆ 影響あり +1");
  assert.equal(flag([]), "");
  const open = scene(marked, none, new Map());
  assert.deepEqual(open.things.map((one) => one.marks.length), [2, 0, 0, 0]);
  assert.deepEqual(open.boxes.map((box) => box.marks.length), [1, 0, 0, 0]);
  assert.deepEqual(scene(marked, new Set(["outer"]), new Map()).boxes[0].marks.map((one) => one.node), ["a", "outer", "a"]);
});

test("a filter leaves only what bears a mark, and the lines between", () => {
  const marked = { ...hospital(), affected: [affected("a"), affected("b")] };
  const only = left(marked, { ...EVERYTHING, markedOnly: true });
  assert.deepEqual([[...only.things], [...only.lines]], [["a", "b"], ["1"]]);
  assert.equal(left(hospital(), { ...EVERYTHING, markedOnly: true }).things.size, 0);
  const both = left(marked, { ...EVERYTHING, markedOnly: true, dangerOnly: true });
  assert.deepEqual([...both.things], ["b"], "what is dangerous of what bears a mark");
});

test("moves are taken back in turn and done again until something else is moved", () => {
  const history = new History();
  const move = (x) => [{ id: "a", from: { x: x - 1, y: 0 }, to: { x, y: 0 } }];
  history.add([]);
  assert.equal(history.undo(), null);
  history.add(move(1));
  history.add(move(2));
  assert.equal(history.undo()[0].to.x, 1);
  assert.equal(history.undo()[0].to.x, 0);
  assert.ok(!history.canUndo() && history.canRedo());
  assert.equal(history.redo()[0].to.x, 1);
  history.add(move(9));
  assert.equal(history.redo(), null);
  assert.equal(history.undo()[0].to.x, 8);
  for (let x = 0; x < 500; x += 1) history.add(move(x));
  let back = 0;
  while (history.undo()) back += 1;
  assert.equal(back, 200, "memory has an end");
});

test("a step holds what differs, and of what was there before", () => {
  const at = (x) => ({ x, y: 0 });
  const step = difference(new Map([["a", at(1)], ["b", at(2)]]), new Map([["a", at(1)], ["b", at(3)], ["new", at(4)]]));
  assert.deepEqual(step, [{ id: "b", from: at(2), to: at(3) }]);
});

test("arrows go along a row first, then to whatever lies on that side, and nowhere beyond", () => {
  const stops = [["right", 100, 10], ["far", 220, 0], ["steep", 30, 200], ["left", -50, 0]].map(([id, x, y]) => ({ id, x, y }));
  const go = (from, direction) => nearest(from, stops.filter((stop) => stop !== from), direction)?.id;
  assert.equal(go({ x: 0, y: 0 }, "right"), "right");
  assert.equal(go(stops[0], "right"), "far");
  assert.equal(go({ x: 0, y: 0 }, "down"), "steep");
  assert.equal(go(stops[3], "left"), undefined);
  assert.equal(go(stops[2], "up"), "right", "nothing straight above: the nearest on that side");
  assert.equal(first(stops).id, "left");
  assert.equal(first([]), null);
});

test("every stop is reached by arrows from every other", () => {
  const stops = Array.from({ length: 40 }, (_, at) => ({ id: String(at), x: (at * 7919) % 977, y: (at * 104_729) % 983 }));
  const seen = new Set(["0"]);
  const open = [stops[0]];
  while (open.length > 0) {
    const from = open.pop();
    for (const direction of ["left", "right", "up", "down"]) {
      const to = nearest(from, stops.filter((stop) => stop !== from), direction);
      if (to && !seen.has(to.id)) {
        seen.add(to.id);
        open.push(to);
      }
    }
  }
  assert.equal(seen.size, stops.length);
});
