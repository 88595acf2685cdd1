// Run by tests/widgets/test_steps.py, which writes the module to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { pause, shown } = await import(`${folder}steps_maths.mjs`);
const { whole } = await import(`${folder}functions.mjs`);

const steps = (name, property) => [1, 2, 3, 9, 10, 11].filter((step) => shown(name, step)[property]);

test("a part is shown from its first step to its last", () => {
  assert.deepEqual(steps("step-2-9-4", "visible"), [2, 3, 9]);
  assert.deepEqual(steps("step-3-3-1", "visible"), [3]);
});

test("a part without a last step stays", () => {
  assert.deepEqual(steps("step-3--7", "visible"), [3, 9, 10, 11]);
});

test("steps are compared as numbers, not as words", () => {
  assert.deepEqual(steps("step-9-10-2", "visible"), [9, 10]);
  assert.deepEqual(steps("step-10--2", "visible"), [10, 11]);
});

test("a part is fresh in its first step only", () => {
  assert.deepEqual(steps("step-2-9-4", "fresh"), [2]);
  assert.deepEqual(steps("step-10--4", "fresh"), [10]);
});

test("any number is brought to a step that exists", () => {
  assert.deepEqual([-3, 0, 1, 2.4, 2.6, 5, 99].map((step) => whole(step, 1, 5)), [1, 1, 1, 2, 3, 5, 5]);
});

test("a longer caption stays longer, a short one long enough to look", () => {
  assert.equal(pause(""), 1500);
  assert.equal(pause("x".repeat(100)), 6500);
});
