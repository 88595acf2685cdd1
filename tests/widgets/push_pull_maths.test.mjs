// Run by tests/widgets/test_push_pull.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const maths = await import(`${folder}push_pull_maths.mjs`);
const { balance, canShift, collapse, evaluate, hardest, legal, oneHot, quadratic } = maths;
const { rightClass, shifted, smoothed, softmax } = maths;
const cases = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

function close(actual, expected, what, floor = 0) {
  assert.equal([actual].flat(2).length, [expected].flat(2).length, what);
  [actual].flat(2).forEach((one, n) => {
    const other = [expected].flat(2)[n];
    const allowed = floor + 1e-12 * Math.abs(other);
    assert.ok(Math.abs(one - other) <= allowed, `${what}: ${one}, expected ${other}`);
  });
}

// ŷ - y and 1 - ŷ are differences: what they lose by rounding is measured by their terms, not by them.
const rounding = ({ state: { temperature, upstream }, total }) =>
  (8 * Number.EPSILON * (1 + total) * Math.max(1, Math.abs(upstream))) / temperature;

test("agrees with Python in every state", () => {
  assert.ok(cases.length >= 300);
  for (const expected of cases) {
    const now = evaluate(expected.state);
    const floor = rounding(expected);
    close(now.y, expected.y, "y");
    close(now.total, expected.total, "sum of the target");
    close(now.yhat, expected.yhat, "prediction");
    close(now.delta, expected.delta, "push", floor);
    const other = quadratic(now);
    close(other.a, expected.a, "a");
    close(other.slope, expected.slope, "a(1 - a)");
    close(other.full, expected.full, "push of sigmoid with cross-entropy", floor);
    close(other.delta, expected.quadratic, "push of sigmoid with the quadratic loss", floor);
  }
});

test("every tile, and every sum on the way, agrees with Python", () => {
  for (const expected of cases) {
    const n = expected.state.z.length;
    const floor = rounding(expected);
    for (let step = 1; step <= n * n; step++) {
      const now = collapse({ ...evaluate(expected.state), step });
      close(now.arrives, expected.arrives, "what arrives");
      close(now.D, expected.jacobian, "tile", floor);
      close(now.products, expected.products, "product", floor);
      close(now.partial, expected.partial[now.j][now.i], `sum at step ${step}`, n * floor);
      assert.deepEqual([now.j * n + now.i + 1, now.complete], [step, step % n === 0]);
    }
  }
});

test("the collapse ends at the push", () => {
  for (const expected of cases) {
    const { sums } = collapse({ ...evaluate(expected.state), step: 1 });
    close(sums, evaluate(expected.state).delta, "sum of all paths", 5 * rounding(expected));
  }
});

test("the pushes cancel, and so do the rows and the columns of the Jacobian", () => {
  for (const expected of cases) {
    const { delta } = evaluate(expected.state);
    const { down, up } = balance(delta);
    const floor = 5 * rounding(expected);
    close(down, up, "down and up", floor);
    assert.ok(down >= 0 && up >= 0);
    const { D } = collapse({ ...evaluate(expected.state), step: 1 });
    for (let k = 0; k < D.length; k++) {
      close(sum(D[k]), 0, "row", floor);
      close(sum(D.map((row) => row[k])), 0, "column", floor);
    }
  }
});

test("a shift of all scores changes no prediction", () => {
  for (const { state: { z } } of cases) close(softmax(shifted(z, 7)), softmax(z), "prediction");
});

test("a shift stays within the limits", () => {
  assert.ok(canShift([5, 0, -5], 1) && canShift([5, 0, -5], -1));
  assert.ok(!canShift([5.1, 0, 0], 1) && !canShift([0, 0, -5.1], -1));
});

test("nothing overflows far out", () => {
  const far = { z: [1e4, -1e4, 0], target: [0, 1, 0], epsilon: 0, temperature: 1, upstream: 1, step: 6 };
  close(evaluate(far).yhat, [1, 0, 0], "prediction");
  close(evaluate(far).delta, [1, -1, 0], "push");
  close(collapse(evaluate(far)).products, [[0, 1, 0], [0, -1, 0], [0, 0, 0]], "product");
  close(quadratic(evaluate(far)).delta, [0, 0, 0.125], "quadratic");
  close(softmax([-1e4, -1e4, -1e4]), [1 / 3, 1 / 3, 1 / 3], "all low");
});

test("for one right class its push is the longest", () => {
  const right = cases.filter(({ state }) => rightClass(state.target) && state.epsilon === 0);
  assert.ok(right.length > 50);
  for (const { state } of right) {
    assert.ok(hardest(evaluate(state).delta).includes(rightClass(state.target)));
  }
});

test("ties and soft targets are known as such", () => {
  assert.deepEqual(hardest([0.5, -0.5, 0]), [1, 2]);
  assert.deepEqual(hardest([0.125, -0.75, 0.625]), [2]);
  assert.deepEqual(oneHot(4, 3), [0, 0, 1, 0]);
  assert.deepEqual([[0, 1, 0], [0, 0.9, 0.1], [1, 1, 0], [0, 0, 0]].map(rightClass), [2, 0, 0, 0]);
  close(smoothed([0, 1], 0.2), [0.1, 0.9], "smoothed");
});

test("any state is brought to a legal one", () => {
  const asBuilt = { epsilon: 0, temperature: 1, upstream: 1, view: "pushes", step: 1, guess: 0 };
  const nearest = (changes) => legal({ z: [0, 1, 2], target: [0, 1, 0], ...asBuilt, ...changes });
  assert.deepEqual(nearest({}), { z: [0, 1, 2], target: [0, 1, 0], ...asBuilt });
  assert.deepEqual(nearest({ z: [99, -99] }).z, [6, -6, 0]);
  assert.deepEqual(nearest({ z: [3] }).z, [3, 0, 0]);
  assert.deepEqual(nearest({ z: [1, 2, 3, 4, 5, 6] }).z, [1, 2, 3, 4, 5]);
  assert.deepEqual(nearest({ z: [0, 0, 0, 0] }).target, [0, 1, 0, 0]);
  assert.deepEqual(nearest({ target: [7, NaN, -1, 0.5] }).target, [1, 0, 0]);
  const odd = { epsilon: 1, temperature: 0, upstream: -9, view: "all", step: 99.4, guess: 4 };
  const brought = { epsilon: 0.9, temperature: 0.2, upstream: -2, view: "pushes", step: 9, guess: 3 };
  assert.deepEqual(nearest(odd), { z: [0, 1, 2], target: [0, 1, 0], ...brought });
  assert.equal(nearest({ z: [0, 0, 0, 0, 0], step: 30 }).step, 25);
  assert.equal(nearest({ step: -3.2 }).step, 1);
});
