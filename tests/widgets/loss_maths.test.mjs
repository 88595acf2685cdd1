// Run by tests/widgets/test_loss_explorer.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { LOSSES, descend, evaluate, legal } = await import(`${folder}loss_maths.mjs`);
const { sigmoid, sigmoidSlope: slope } = await import(`${folder}functions.mjs`);
const python = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));

function close(actual, expected, what, relative = 1e-12, floor = 1e-15) {
  const allowed = floor + relative * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual}, expected ${expected}`);
}

// A small linear congruential generator: the same "random" points in every run.
function* points(count, low, high) {
  for (let n = 0, seed = 1; n < count; n++) {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32;
    yield low + ((high - low) * seed) / 2 ** 32;
  }
}

test("agrees with Python at every point", () => {
  assert.ok(python.points.length > 100);
  for (const { z, y, ...expected } of python.points) {
    // Python computes log(1 + e^z) - y z and a - y: rounding of the terms, not of the difference.
    const rounding = 4 * Number.EPSILON * (1 + Math.abs(z));
    close(sigmoid(z), expected.a, `a at z=${z}`);
    close(slope(z), expected.slope, `a(1-a) at z=${z}`);
    for (const name of Object.keys(LOSSES)) {
      for (const quantity of ["loss", "delta"]) {
        const what = `${name} ${quantity} at z=${z}, y=${y}`;
        close(LOSSES[name][quantity](z, y), expected[name][quantity], what, 1e-12, rounding);
      }
    }
  }
});

test("agrees with Python after gradient steps", () => {
  assert.ok(python.descents.length > 10);
  for (const { z, y, steps, ...expected } of python.descents) {
    for (const name of Object.keys(LOSSES)) {
      close(descend(LOSSES[name], z, y, steps), expected[name], `${name}, ${steps} steps from ${z}`);
    }
  }
});

test("delta is the derivative of the loss", () => {
  const h = 1e-5;
  for (const [name, { loss, delta }] of Object.entries(LOSSES)) {
    for (const y of [0, 1]) {
      for (const z of points(200, -8, 8)) {
        const difference = (loss(z + h, y) - loss(z - h, y)) / (2 * h);
        close(delta(z, y), difference, `${name} at z=${z}, y=${y}`, 1e-9, 1e-9);
      }
    }
  }
});

test("the errors differ by the factor a(1 - a), at most a quarter", () => {
  for (const y of [0, 1]) {
    for (const z of points(200, -8, 8)) {
      const { quadratic, crossEntropy } = LOSSES;
      close(quadratic.delta(z, y), slope(z) * crossEntropy.delta(z, y), `z=${z}, y=${y}`);
      assert.ok(slope(z) <= 0.25);
    }
  }
});

test("nothing overflows far out", () => {
  for (const z of [-1e4, -750, 750, 1e4]) {
    for (const y of [0, 1]) {
      const wrong = z > 0 !== (y === 1);
      close(sigmoid(z), z > 0 ? 1 : 0, "a");
      close(LOSSES.crossEntropy.loss(z, y), wrong ? Math.abs(z) : 0, "cross-entropy");
      close(LOSSES.quadratic.loss(z, y), wrong ? 0.5 : 0, "quadratic");
      close(LOSSES.crossEntropy.delta(z, y), wrong ? 1 - 2 * y : 0, "cross-entropy delta");
      close(LOSSES.quadratic.delta(z, y), 0, "quadratic delta");
    }
  }
});

test("a step never raises its loss", () => {
  for (const [name, rule] of Object.entries(LOSSES)) {
    for (const y of [0, 1]) {
      for (const z of points(200, -8, 8)) {
        const after = descend(rule, z, y, 1);
        assert.ok(rule.loss(after, y) < rule.loss(z, y), `${name} at z=${z}, y=${y}`);
      }
    }
  }
});

test("evaluate gives each loss its own z", () => {
  const state = evaluate({ z: 4, y: 0, steps: 3 });
  close(state.quadratic.z, descend(LOSSES.quadratic, 4, 0, 3), "quadratic z");
  close(state.crossEntropy.z, descend(LOSSES.crossEntropy, 4, 0, 3), "cross-entropy z");
  close(state.crossEntropy.a, sigmoid(state.crossEntropy.z), "a");
});

test("any state is brought to a legal one", () => {
  assert.deepEqual(legal({ z: 99, y: 7, steps: 2.6, guess: "" }), { z: 8, y: 1, steps: 3, guess: "" });
  assert.deepEqual(legal({ z: NaN, y: -1, steps: -5, guess: "" }), { z: 0, y: 0, steps: 0, guess: "" });
  assert.deepEqual(legal({ steps: 1e9, guess: "same" }), { z: 0, y: 0, steps: 1000, guess: "same" });
});
