// Run by tests/widgets/test_descent_stepper.py, which writes the modules to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { ask, borderWords, formula, summary } = await import(`${folder}descent_words.mjs`);
const { legal, walk } = await import(`${folder}descent_maths.mjs`);

const plain = (text) => text.replaceAll("\u00a0", " ");
const state = (changes) => legal({
  surface: "valley", start: [4, 1.2], eta: 0.18, beta: 0, batch: 8, seed: 1, own: [2, 6, 1.5], step: 0, guess: [], ...changes,
});

test("the border is named on each side, and what grows beyond it", () => {
  assert.match(borderWords(state({})), /below the border 2\/Λ = 0\.222\. Λ = 9\.0 is .* the same everywhere\./);
  assert.match(borderWords(state({ eta: 2 / 9 })), /is at the border .* v₂ by −1\.000; and v₁ by 0\.778\.$/);
  assert.match(borderWords(state({ eta: 0.23 })), /beyond .* v₂ by −1\.070, so it grows; and v₁ by 0\.770\.$/);
  assert.match(borderWords(state({ surface: "bowl", eta: 0.5 })), /A step multiplies v by 0\.500\.$/);
  assert.match(borderWords(state({ surface: "pass", eta: 0.3 })), /v₁ by 0\.700; and v₂ by 1\.300, so it grows\.$/);
  assert.match(borderWords(state({ surface: "own", eta: 0.4 })), /along \(0\.32, 0\.95\) by −1\.600, so it grows/);
  assert.match(borderWords(state({ surface: "two-neurons" })), /at this point; on the way it may be larger/);
  assert.match(borderWords(state({ beta: 0.5 })), /proved for β = 0\.$/);
  assert.match(borderWords(state({ surface: "neuron", batch: 2 })), /Λ belongs to J, the step to the mini-batch\.$/);
});

test("the reply says why the guess was another point", () => {
  const reply = (guess, changes) => ask(state({ guess: [4, ...guess], step: 4, ...changes }));
  const from = walk(state({ step: 3 })).at(-1);
  const [next] = walk(state({ step: 4 })).slice(-1);
  assert.match(ask(state({})), /^Predict: where is point 1\?/);
  assert.match(ask(state({ guess: [1, 3, 0] })), /^Your point 1 is \(3\.00, 0\)\. Now take the step\.$/);
  assert.match(reply(next.v), /^Well guessed: your point is 0 off\..* in its direction\. .* right angle to the contour\.$/);
  assert.match(reply(from.v.map((x) => x / 2)), /^Your point .* to the left\. You aimed at the lowest point\./);
  assert.match(reply(from.v.map((x, k) => x + from.u[k])), /The step does not remember the last move\.$/);
  assert.match(reply([3, 3], { beta: 0.5 }), /The step is \d.* β times the last move, minus η times the gradient\.$/);
  assert.match(reply([3, 3], { surface: "neuron", batch: 1 }), /against the mini-batch's gradient\.$/);
  assert.match(ask(state({ guess: [2, 3, 0], step: 4 })), /^Predict: where is point 5\?/);
});

test("the summary tells promise and change, a rise, and the end of a walk", () => {
  assert.equal(plain(summary(state({}))), "At the start (4.00, 1.20): C = 14.4800, ∇C = (4.0000, 10.8000).");
  assert.equal(
    plain(summary(state({ step: 1 }))),
    "Step 1 leads to (3.28, −0.74). First order promised ΔC = −23.8752; it is −6.6099.",
  );
  assert.match(summary(state({ start: [0.1, 1], eta: 0.25, step: 1 })), /it is \+\d.*: the loss rises\.$/);
  assert.match(summary(state({ eta: 3, step: 60 })), /outside the picture\. The walk has run away and ends here\.$/);
  assert.match(plain(summary(state({ surface: "neuron", step: 1 }))), /ΔJ = /);
});

test("the reader's own formula shows its coefficients", () => {
  assert.equal(formula(state({ surface: "own", own: [2, -3, 0.5] })), "C = ½ (2 v₁² + (−3) v₂²) + 0.5 v₁ v₂");
  assert.equal(formula(state({ surface: "pass" })), "C = ½ (v₁² − v₂²)");
});

test("a walk that has ended asks for no further point", () => {
  assert.equal(ask(state({ step: 60 })), "The walk ends here.");
});
