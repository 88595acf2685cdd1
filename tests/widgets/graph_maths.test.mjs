// Run by tests/widgets/test_graph_stepper.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { backward, forward, graph, legal, reversed } = await import(`${folder}graph_maths.mjs`);
const { layout } = await import(`${folder}graph_layout.mjs`);
const { answers, asked, caption, feedback, glyph, mark, short, sum } = await import(`${folder}graph_words.mjs`);
const { picture } = await import(`${folder}graph_picture.mjs`);
const python = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));
const { examples } = python;

function close(actual, expected, what, floor = 0) {
  const allowed = 1e-12 * Math.abs(expected) + floor;
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual}, expected ${expected}`);
}

const situation = (changes) =>
  legal({ example: "own", expression: "x * y", values: [], step: 1, choosing: false, order: [], guess: "", ...changes }, examples);

const TWICE = "u = x + y; v = u * x; C = u * v";
const plain = (text) => text.replace(/[()\u00a0]/g, "");

test("values and slopes agree with Python, in the right order and in any other", () => {
  assert.ok(python.cases.length >= 300);
  for (const { text, names, inputs, values, adjoint, orders } of python.cases) {
    const drawn = graph(text);
    assert.ok(!drawn.slip, `${text}: ${drawn.slip?.words}`);
    const first = drawn.nodes.slice(0, drawn.inputs).map(({ name }) => name);
    assert.deepEqual(first, names, text);
    const pass = forward(drawn, inputs);
    assert.equal(pass.stop, undefined, text);
    assert.equal(pass.values.length, values.length, text);
    values.forEach((value, n) => close(pass.values[n], value, `value ${n} of ${text}`));
    const right = backward(drawn, pass.slopes, reversed(drawn));
    adjoint.forEach((slope, n) => close(right.adjoint[n], slope, `slope ${n} of ${text}`));
    for (const { order, adjoint: wrong } of orders) {
      const walked = backward(drawn, pass.slopes, order);
      const sizes = walked.came.map((all) => all.reduce((total, { product }) => total + Math.abs(product), 0));
      wrong.forEach((slope, n) => close(walked.adjoint[n], slope, `slope ${n} of ${text} by ${order}`, 1e-12 * sizes[n]));
    }
  }
});

test("it stops where Python finds no value or no slope", () => {
  assert.ok(python.stops.length > 10);
  for (const { text, inputs } of python.stops) {
    const { stop } = forward(graph(text), inputs);
    assert.ok(stop, text);
    const said = caption(situation({ expression: text, values: inputs, step: 99 }));
    assert.match(said, /^Step \d+ of \d+\. Forward: .+ stops\. .+\.$/);
    assert.doesNotMatch(said, /NaN|Infinity|undefined/);
    assert.doesNotMatch(picture(situation({ expression: text, values: inputs, step: 99 })), /NaN|undefined/);
  }
});

test("the sentences are those of the book's figures", () => {
  for (const { text, values, captions } of python.walks) {
    captions.forEach((expected, n) => {
      const now = situation({ expression: text, values, step: n + 1 });
      assert.equal(now.total, captions.length);
      assert.equal(plain(caption(now)), plain(`Step ${n + 1} of ${captions.length}. ${expected}`));
    });
  }
});

test("the sentences of a wrong order are the book's too, and say what was too early", () => {
  const { order, captions } = python.wrong;
  const said = order.map((_, n) => caption(situation({ expression: TWICE, choosing: true, order: order.slice(0, n + 1) })));
  said.forEach((text, n) => assert.ok(plain(text).startsWith(plain(captions[n])), `${text}: ${captions[n]}`));
  assert.doesNotMatch(said[0], /Too early/);
  assert.match(said[1], /Too early: 1 arrival had not come yet\.$/);
  assert.match(said[2], / Wrong now: x, y\.$/);
  assert.match(caption(situation({ expression: TWICE, choosing: true, order: [3, 2, 1] })), /All slopes are right\.$/);
  assert.match(caption(situation({ choosing: true })), /Choose the node that sends next\.$/);
});

test("sums and marks follow the walk", () => {
  const at = (order) => situation({ expression: TWICE, choosing: true, order });
  assert.deepEqual([0, 1, 2, 3, 4].map((n) => sum(at([3]), n)), ["", "", "6 + ?", "", ""]);
  assert.deepEqual([0, 1, 2, 3, 4].map((n) => mark(at([3, 1]), n)), ["", "", "✗ sent too early", "", ""]);
  const end = at([3, 1, 2]);
  assert.deepEqual([0, 1, 2].map((n) => sum(end, n)), ["6 + 9 = 15", "", "6 + 6 = 12"]);
  assert.equal(mark(end, 0), "✗ wrong, right: 21");
  assert.equal(mark(end, 1), "✗ wrong, right: 12");
  assert.equal(mark(end, 2), "✗ sent too early");
  assert.ok(picture(end).includes("✗ ← 6"));
  assert.ok(!picture(at([3, 2, 1])).includes("✗"));
});

test("a node that has nothing yet sends nothing, and that is too early", () => {
  const now = situation({ expression: "exp(x * y)", choosing: true, order: [1, 2] });
  assert.deepEqual(now.adjoint.slice(0, 2), [0, 0]);
  assert.equal(mark(now, 2), "✗ sent too early");
  assert.match(mark(now, 0), /^✗ wrong, right: /);
});

test("the prediction offers the right slope and what is mistaken for it", () => {
  const now = situation({ example: "apples", step: 6, guess: "2" });
  assert.equal(asked(now), "Predict: the slope of bill at price.");
  assert.deepEqual(answers(now).map(([own]) => own), ["2", "2.2", "100"]);
  assert.equal(feedback(now), "Not 2: 1.1 × 2 = 2.2.");
  assert.equal(feedback({ ...now, guess: "2.2" }), "Yes: 1.1 × 2 = 2.2.");
  assert.equal(feedback(situation({ example: "apples", step: 2, guess: "2.2" })), "Walk back to the end to compare.");
  assert.equal(feedback(situation({ example: "apples", step: 6 })), "");
  const fork = situation({ example: "fruit", step: 12, guess: "450" });
  assert.equal(asked(fork), "Predict: the slope of bill at t.");
  assert.deepEqual(answers(fork).map(([own]) => own), ["1.1", "200", "450", "650"]);
  assert.equal(feedback(fork), "Not 450: 1 × 450 + 1 × 200 = 650.");
  for (const expression of ["1/(x - x)", "x +"]) {
    const none = situation({ expression, step: 9, guess: "1" });
    assert.deepEqual([answers(none), feedback(none)], [[], ""]);
  }
});

test("numbers are short, and never more exact than they are", () => {
  const numbers = { 100: "100", 0.1: "0.1", "-2.5": "−2.5", 0.73105857863: "0.7311", 123456: "123456", 1234.56: "1235", 220.00000000000003: "220", 0: "0" };
  for (const [x, text] of Object.entries(numbers)) assert.equal(short(Number(x)), text);
  assert.equal(short(1e-7), "1.00\u00a0×\u00a010⁻⁷");
  assert.equal(short(-3e9), "−3.00\u00a0×\u00a010⁹");
  for (const x of [Infinity, -Infinity, NaN]) assert.equal(short(x), "too large");
  const signs = (text) => graph(text).nodes.map(glyph);
  assert.deepEqual(signs("2*x/4 - max(y, 1)"), ["x", "y", "2 ×", "÷ 4", "max 1", "−"]);
  assert.deepEqual(signs("relu(-add)^0.5"), ["add", "−", "relu", "^ 0.5"]);
});

test("any state is brought to a legal one", () => {
  const given = { example: "what", expression: "x * y", values: [5e9], step: 99.4, choosing: 0, order: [7, 1, 1, 0.5, -1, NaN], guess: "" };
  const { example, values, step, order } = legal(given, examples);
  assert.deepEqual({ example, values, step, order }, { example: "own", values: [1000, 1], step: 4, order: [1] });
  assert.equal(legal({ ...given, example: "constructor" }, examples).example, "own");
  assert.deepEqual(legal({ ...given, example: "apples", values: [NaN, -2000, 3, 4, 5], step: -3 }, examples).values, [0, -1000, 3]);
  assert.equal(legal({ ...given, step: NaN }, examples).step, 1);
  const slip = legal({ ...given, expression: "x *" }, examples);
  assert.deepEqual([slip.step, slip.total, slip.values, slip.order], [1, 1, [], []]);
  assert.equal(caption(slip), "No graph: a slip at character 4. Here a number or a name is missing.");
  assert.deepEqual(situation({ example: "apples" }).values, [100, 2, 1.1]);
});

test("a slope that overflows is called too large", () => {
  const now = situation({ expression: "1e200 * (1e200 * x)", values: [0], step: 99 });
  assert.ok(now.over);
  assert.match(caption(now), /too large/);
  assert.doesNotMatch(caption(now) + picture(now) + answers(now), /NaN|Infinity/);
});

test("every example can be walked to its end", () => {
  for (const example of Object.keys(examples)) {
    const end = situation({ example, step: 99 });
    assert.ok(end.over && end.step === end.total, example);
    assert.doesNotMatch(picture(end), /NaN|undefined|✗/);
  }
});

test("edges lead to the right, and keep clear of the nodes that they pass", () => {
  for (const { text } of [...python.cases, ...Object.values(examples)]) {
    const { spots, ways } = layout(graph(text));
    const all = [...new Set(ways.flat())];
    const real = new Set(spots);
    for (const way of ways) way.slice(1).forEach((spot, n) => assert.ok(spot.x > way[n].x, text));
    for (const a of all) {
      assert.ok(Number.isFinite(a.y) && a.y >= 0, text);
      for (const b of all.filter((other) => other !== a && other.x === a.x)) {
        assert.ok(Math.abs(a.y - b.y) >= (real.has(a) && real.has(b) ? 111 : 63), text);
      }
    }
  }
});
