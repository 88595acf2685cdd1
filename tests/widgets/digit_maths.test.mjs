// Run by tests/widgets/test_draw_digit.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { backward, centred, forward, legal, levels, reader, stroke, unpack, written } = await import(
  `${folder}digit_maths.mjs`
);
const python = JSON.parse(await readFile(new URL("digits.json", folder), "utf8"));

const bytes = (text, Kind) => new Kind(new Uint8Array(Buffer.from(text, "base64")).buffer);
const built = ({ weights, ...rest }) => unpack({ weights: bytes(weights, Int8Array), ...rest });
const layers = built(python.network);
const test1000 = bytes(python.pictures, Uint8Array);
const PAPER = { picture: "", example: -1, wish: -1, steps: 0, guess: "" };

// Every entry agrees, relative to the largest: an entry near zero is a sum of far larger terms.
// Where the wish is as good as granted all are as small as the rounding of 1 - p.
const ROUNDING = 64 * Number.EPSILON;

function close(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  const scale = Math.max(...expected.map(Math.abs));
  expected.forEach((value, n) =>
    assert.ok(Math.abs(actual[n] - value) <= 1e-12 * scale + ROUNDING, `${what}, entry ${n}: ${actual[n]}, expected ${value}`),
  );
}

test("answers 1,000 official test digits as bpnet does", () => {
  assert.equal(python.answers.length, 1000);
  python.answers.forEach(({ digit, probabilities }, n) => {
    const x = Float64Array.from(test1000.slice(784 * n, 784 * (n + 1)), (byte) => byte / 255);
    const own = forward(layers, x).probabilities;
    assert.equal(own.indexOf(Math.max(...own)), digit, `test digit ${n}`);
    own.forEach((p, k) => assert.ok(Math.abs(p - probabilities[k]) <= 1e-12 * probabilities[k], `test digit ${n}, ${k}`));
  });
});

test("the way back to the pixels is bpnet's", () => {
  assert.ok(python.backward.length >= 200);
  for (const { picture, wish, cost, delta, gradient } of python.backward) {
    const x = Float64Array.from(test1000.slice(784 * picture, 784 * (picture + 1)), (byte) => byte / 255);
    const pass = forward(layers, x);
    const own = backward(layers, pass, wish);
    const what = `picture ${picture}, wish ${wish}`;
    close([pass.costs[wish]], [cost], `cost of ${what}`);
    close(own.delta, delta, `delta of ${what}`);
    close(own.gradient, gradient, `gradient of ${what}`);
    own.delta.forEach((slope, j) => assert.equal(slope === 0, delta[j] === 0, `${what}: neuron ${j} off`));
  }
});

test("a deeper network is read and differentiated too", () => {
  const { network, pictures, predictions, wish, delta, gradient } = python.deep;
  const deep = built(network);
  pictures.forEach((x, n) => {
    const pass = forward(deep, x);
    close(pass.probabilities, predictions[n], `prediction ${n}`);
    const own = backward(deep, pass, wish[n]);
    close(own.delta, delta[n], `delta ${n}`);
    close(own.gradient, gradient[n], `gradient ${n}`);
  });
});

test("drawings are scaled and centred as in Python", () => {
  assert.ok(python.drawings.length >= 200);
  for (const { drawing, pixels } of python.drawings) {
    close(centred(levels(drawing)).pixels, pixels, drawing);
    assert.equal(written(levels(drawing)), drawing);
  }
});

test("the box of the ink and its place are told", () => {
  const drawing = new Uint8Array(784);
  for (let r = 3; r < 13; r++) for (let c = 20; c < 24; c++) drawing[28 * r + c] = 15;
  const { scale, box, placed, pixels } = centred(drawing);
  assert.deepEqual([scale, box, placed], [2, [3, 20, 10, 4], [4, 10, 20, 8]]);
  assert.ok(pixels.every((ink, k) => Math.abs(ink - (k % 28 >= 10 && k % 28 < 18 && k >= 4 * 28 && k < 24 * 28)) < 1e-15));
  assert.equal(centred(new Uint8Array(784)).box, undefined);
});

test("whole situations agree with Python's widget", () => {
  const evaluate = reader(layers, test1000);
  for (const { state, seen, cost } of python.situations) {
    const now = evaluate({ ...PAPER, ...state });
    close(now.x, seen, JSON.stringify(state));
    close([now.cost], [cost], `cost of ${JSON.stringify(state)}`);
  }
});

test("steps lower the cost, and going back is remembered", () => {
  const evaluate = reader(layers, test1000);
  for (const wish of [0, 5, 8]) {
    const costs = Array.from({ length: 21 }, (_, steps) => evaluate({ ...PAPER, example: 4, wish, steps }).cost);
    assert.ok(costs.at(-1) < costs[0] / 2, `wish ${wish}: ${costs}`);
    const back = evaluate({ ...PAPER, example: 4, wish, steps: 3 });
    assert.equal(back.cost, costs[3]);
    assert.ok(back.x.every((ink) => ink >= 0 && ink <= 1));
  }
});

test("the steepest pixels are those where ink can come or go", () => {
  const evaluate = reader(layers, test1000);
  for (let example = 0; example < 1000; example++) {
    const { x, gradient, helps, hurts } = evaluate({ ...PAPER, example, wish: example % 10 });
    const room = Math.min(...gradient.map((slope, k) => (x[k] < 1 ? slope : 0)));
    const ink = Math.max(...gradient.map((slope, k) => (x[k] > 0 ? slope : 0)));
    assert.deepEqual([helps.slope, hurts.slope], [room, ink]);
    assert.equal(gradient[28 * (helps.row - 1) + helps.column - 1], room);
    assert.equal(helps.quarter, `${helps.row <= 14 ? "top" : "bottom"} ${helps.column <= 14 ? "left" : "right"}`);
  }
});

test("a stroke is round, soft, and takes no ink away", () => {
  const dot = stroke(new Uint8Array(784), { x: 10.5, y: 5.5 }, { x: 10.5, y: 5.5 });
  const at = (x, y) => dot[28 * y + x];
  assert.deepEqual([at(10, 5), at(11, 5), at(10, 6), at(11, 6), at(12, 5)], [15, 9, 9, 3, 0]);
  const line = stroke(dot, { x: 2.5, y: 5.5 }, { x: 24.5, y: 5.5 });
  assert.ok(line.every((level, k) => level >= dot[k]));
  for (let x = 2; x < 25; x++) assert.equal(line[28 * 5 + x], 15);
  assert.equal(Math.max(...dot.map((level, k) => (level > line[k] ? 1 : 0))), 0);
  assert.ok(stroke(dot, { x: -9, y: 40 }, { x: 40, y: -9 }).some((level, k) => level > dot[k])); // off the pad
});

test("any state is brought to a legal one", () => {
  assert.deepEqual(legal({ ...PAPER, picture: "0x0" }, 10), PAPER);
  assert.deepEqual(legal({ picture: "zF", example: -7, wish: 99, steps: 2.6, guess: "no" }, 10), {
    picture: `0f${"0".repeat(782)}`, example: -1, wish: 9, steps: 3, guess: "",
  });
  assert.deepEqual(legal({ ...PAPER, picture: "f", example: 12, wish: NaN, steps: 1e9 }, 10), {
    ...PAPER, example: 9, wish: 0, steps: 20,
  });
  assert.deepEqual(legal({ ...PAPER, picture: "f".repeat(2000), steps: 4, guess: "top left" }, 0), {
    ...PAPER, picture: "f".repeat(784), guess: "top left",
  });
  assert.equal(legal({ ...PAPER, example: 3 }, 0).example, -1);
});
