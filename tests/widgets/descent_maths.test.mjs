// Run by tests/widgets/test_descent_stepper.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const maths = await import(`${folder}descent_maths.mjs`);
const { BATCHES, EDGES, SURFACES } = maths;
const { changes, contour, eigenvalues, eigenvector, grid, judge, largestCurvature, legal, levels, surfaceOf, walk } = maths;
const python = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));

function close(actual, expected, what, size = Math.abs(expected), relative = 1e-12) {
  assert.ok(Math.abs(actual - expected) <= relative * size, `${what}: ${actual}, expected ${expected}`);
}

const name = ({ surface, eta, beta, batch, step }) => `${surface}, eta ${eta}, beta ${beta}, batch ${batch}, ${step} steps`;
const largest = (numbers) => Math.max(...numbers.flat().map(Math.abs));

test("every walk is the one that bpnet's rules take", () => {
  assert.ok(python.walks.length >= 300);
  for (const { state, points, losses, gradients } of python.walks) {
    const walked = walk(state);
    assert.equal(walked.length, points.length, name(state));
    for (const [n, { v, loss, gradient }] of walked.entries()) {
      const so_far = largest(points.slice(0, n + 1));
      v.forEach((own, k) => close(own, points[n][k], `v of step ${n}: ${name(state)}`, so_far));
      close(loss, losses[n], `loss of step ${n}: ${name(state)}`, largest(losses.slice(0, n + 1)));
      const steepest = largest(gradients.slice(0, n + 1));
      gradient.forEach((own, k) => close(own, gradients[n][k], `gradient of step ${n}: ${name(state)}`, steepest));
    }
  }
});

test("loss, gradient and largest curvature at random points", () => {
  assert.ok(python.points.length >= 300);
  for (const { surface, own, v, loss, gradient, curvature, eigenvalues: both } of python.points) {
    const here = surfaceOf({ surface, own });
    const what = `${surface} at ${v}`;
    close(here.loss(v), loss, `loss, ${what}`, 1 + Math.abs(loss));
    here.gradient(v).forEach((slope, k) => close(slope, gradient[k], `gradient, ${what}`, 1 + Math.abs(gradient[k])));
    close(largestCurvature(here, v), curvature, `curvature, ${what}`);
    const sorted = eigenvalues(here.hessian(v)).sort((a, b) => a - b);
    sorted.forEach((value, k) => close(value, both[k], `eigenvalue, ${what}`, curvature));
  }
});

test("eigenvectors are stretched by their eigenvalues", () => {
  for (const { surface, own, v } of python.points) {
    const [p, q, r] = surfaceOf({ surface, own }).hessian(v);
    for (const value of eigenvalues([p, q, r])) {
      const [a, b] = eigenvector([p, q, r], value);
      close(Math.hypot(a, b), 1, "length");
      const size = largest([p, q, r]);
      close(p * a + r * b, value * a, `first entry, ${[p, q, r]}`, size, 1e-9);
      close(r * a + q * b, value * b, `second entry, ${[p, q, r]}`, size, 1e-9);
    }
  }
});

test("predicted and actual changes are Python's; the bound holds on quadratics", () => {
  for (const { state, changes: expected, losses } of python.walks) {
    const found = changes(state);
    assert.equal(found.length, expected.length);
    for (const [n, { first, bound, actual }] of found.entries()) {
      const size = Math.max(largest(losses), Math.abs(expected[n].first));
      close(first, expected[n].first, `first order, ${name(state)}`, size);
      close(actual, expected[n].actual, `actual, ${name(state)}`, size);
      const quadratic = !["two-neurons", "neuron"].includes(state.surface);
      assert.equal(bound !== undefined, quadratic && state.beta === 0, name(state));
      if (bound !== undefined) {
        assert.ok(actual <= bound + 1e-12 * size, `bound, ${name(state)}`);
        close(bound, expected[n].bound, `bound, ${name(state)}`, size);
      }
    }
  }
});

test("every epoch deals out all samples once", () => {
  for (const batch of BATCHES) {
    const epoch = 8 / batch;
    const points = walk(legal({ ...SURFACES.neuron.start, surface: "neuron", eta: 0.1, batch, seed: 3, step: 3 * epoch }));
    for (let n = 0; n < 3 * epoch; n += epoch) {
      const dealt = points.slice(n, n + epoch).flatMap(({ samples }) => samples);
      assert.deepEqual(dealt.sort(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }
  }
});

test("contours lie on their levels, and separate higher from lower", () => {
  const bends = { bowl: 1, valley: 9, pass: 1, "two-neurons": 25, neuron: 8, own: 9 };
  for (const surface of Object.keys(SURFACES)) {
    const here = surfaceOf({ surface, own: [2, 6, 1.5] });
    const plane = grid(here);
    const step = (2 * EDGES[1]) / (plane.length - 1);
    const drawn = levels(plane);
    assert.ok(drawn.length >= 5, `${surface}: ${drawn}`);
    for (const level of drawn) {
      const pieces = contour(plane, level);
      assert.ok(pieces.length > 3, `${surface} at ${level}`);
      for (const v of pieces.flat()) {
        // A line between the corners misses by at most h²/8 times the largest curvature.
        close(here.loss(v), level, `${surface} at ${v}`, (step ** 2 / 8) * bends[surface], 1 + 1e-9);
        v.forEach((x, k) => assert.ok(Math.abs(x) <= EDGES[k] + 1e-12));
      }
    }
  }
});

test("a guess is judged by distance, length and direction", () => {
  const { off, own, length, turned } = judge([1, 1], [0, 0], [2, 0]);
  close(off, Math.SQRT2, "off");
  close(own, Math.SQRT2, "own length");
  close(length, 2, "length");
  close(turned, 45, "to the left");
  close(judge([1, -1], [0, 0], [2, 0]).turned, -45, "to the right");
});

test("a walk that runs away ends, and no number is lost", () => {
  for (const surface of Object.keys(SURFACES)) {
    const points = walk({ surface, start: [5, 3], eta: 10, beta: 0.99, batch: 1, seed: 7, own: [10, 10, 10], step: 60 });
    assert.ok(points.every(({ v, loss, gradient }) => [...v, loss, ...gradient].every(Number.isFinite)), surface);
  }
});

test("any state is brought to a legal one", () => {
  const start = { surface: "valley", start: [4, 1.2], eta: 0.18, beta: 0, batch: 8, seed: 1, own: [2, 6, 1.5], step: 0, guess: [] };
  assert.deepEqual(legal(start), start);
  const broken = { surface: "moon", start: [99], eta: NaN, beta: 7, batch: 3, seed: -1, own: [1, NaN, 99], step: 1e9, guess: [1] };
  assert.deepEqual(legal(broken), {
    surface: "valley", start: [5, 1.2], eta: 0.001, beta: 0.99, batch: 2, seed: 1, own: [1, 6, 10], step: 60, guess: [],
  });
  assert.deepEqual(legal({ guess: [1, NaN, 2] }).guess, []);
  assert.equal(legal({}).step, 0);
  assert.equal(legal({ surface: "constructor" }).surface, "valley");
  assert.ok(legal({ ...start, eta: 10, step: 60 }).step < 60, "it runs away before");
});
