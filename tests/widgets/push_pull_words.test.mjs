// Run by tests/widgets/test_push_pull.py, which writes the modules to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const words = await import(`${folder}push_pull_words.mjs`);
const { evaluate } = await import(`${folder}push_pull_maths.mjs`);
const { cancels, feedback, formula, four, pushed, question, short, summary } = words;

const plain = (text) => text.replaceAll("\u00a0", " ");
const state = (changes) => evaluate({
  z: [0, Math.log(2), Math.log(5)], target: [0, 1, 0], epsilon: 0, temperature: 1, upstream: 1,
  view: "pushes", step: 1, guess: 2, ...changes,
});

test("numbers have four decimals, settings as many as they need", () => {
  assert.deepEqual([0.125, -0.75, 0, 1e-17, 3e-5].map(four), ["0.1250", "−0.7500", "0", "0", "0.0000"]);
  assert.deepEqual([2, 0.25, 1.7000000000000002, Math.LN2].map(short), ["2.0", "0.25", "1.7", "0.6931"]);
});

test("a push has a direction", () => {
  assert.equal(pushed(0.125), "pushed down by 0.1250");
  assert.equal(pushed(-0.75), "pulled up by 0.7500");
  assert.equal(pushed(4e-5), "left alone");
});

test("the formula follows what changes it", () => {
  assert.equal(formula(state({})), "ŷ − y");
  assert.equal(formula(state({}), "₂"), "ŷ₂ − y₂");
  assert.equal(formula(state({ epsilon: 0.3 })), "ŷ − y");
  assert.equal(formula(state({ target: [0.5, 0.2, 0.9] })), "1.6 ŷ − y");
  assert.equal(formula(state({ temperature: 2 })), "(ŷ − y) / 2.0");
  assert.equal(formula(state({ temperature: 2, upstream: -0.5 })), "−0.5 (ŷ − y) / 2.0");
});

test("the pushes are kept back until the reader has guessed", () => {
  const asked = "right and has ŷ₂ = 0.2500. Which class gets the longest push?";
  assert.equal(plain(question(state({}))), `Class 2 is ${asked}`);
  assert.equal(plain(summary(state({ guess: 0 }))), `Class 2 is ${asked}`);
  assert.match(question(state({ target: [0.2, 0.7, 0.1] })), /^The target is soft\. Which/);
  assert.equal(feedback(state({ guess: 0 })), "");
});

test("the feedback judges the guess and gives the reason", () => {
  const why = "class 2 is pulled up by 0.7500, as far as all the others together the other way.";
  assert.equal(feedback(state({})), `Yes: ${why}`);
  assert.equal(feedback(state({ guess: 3 })), `No: ${why}`);
  assert.match(feedback(state({ z: [0, -1, 3, 0], target: [0.5, 0.5, 0, 0], guess: 3 })), /^Yes: class 3/);
  const best = { z: [0, 0, 0], target: [1 / 3, 1 / 3, 1 / 3] };
  assert.equal(feedback(state(best)), "No class is pushed here.");
});

test("the summary names every push and what stands in front of it", () => {
  assert.equal(
    summary(state({})),
    "Class 1 is pushed down by 0.1250, class 2 is pulled up by 0.7500, class 3 is pushed down by 0.6250.",
  );
  assert.match(summary(state({ temperature: 2 })), /divided by 2\.0, and so is every push\.$/);
  assert.match(summary(state({ upstream: -1 })), /pulled up by 0\.1250, .* multiplies every push by −1\.0\.$/);
  assert.match(
    summary(state({ target: [0.5, 0.2, 0.9] })),
    /The target adds up to 1\.6, so the push is 1\.6 ŷ − y\.$/,
  );
  assert.equal(cancels(state({})), "0.7500 down − 0.7500 up = 0");
});

test("the collapse is told path by path, its sum written out", () => {
  const at = (step, changes) => summary(state({ view: "jacobian", step, ...changes }));
  assert.equal(
    at(5),
    "Score z₂, path through ŷ₂: −4.0000 · 0.1875 = −0.7500. Together δ₂ = 0 + (−0.7500) + …",
  );
  assert.equal(
    at(6),
    "Score z₂, path through ŷ₃: 0 · (−0.1563) = 0. Together δ₂ = 0 + (−0.7500) + 0 = −0.7500 = ŷ₂ − y₂.",
  );
  assert.match(at(3), /Together δ₁ = 0 \+ 0\.1250 \+ 0 = 0\.1250 = ŷ₁ − y₁\.$/);
  assert.match(at(9, { upstream: 2 }), /= 1\.2500 = 2\.0 \(ŷ₃ − y₃\)\.$/);
});

test("the missing factor is told where the output misses most", () => {
  assert.equal(
    summary(state({ z: [0, -1, 5], view: "quadratic" })),
    "Sigmoid, class 3: with cross-entropy the push is 0.9933. " +
      "The quadratic loss multiplies it by a(1 − a) = 0.0066: 0.0066 is left.",
  );
});
