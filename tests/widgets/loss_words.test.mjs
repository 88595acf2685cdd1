// Run by tests/widgets/test_loss_explorer.py, which writes the modules to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { feedback, summary, verdict } = await import(`${folder}loss_words.mjs`);

const plain = (text) => text.replaceAll("\u00a0", " ");
const state = (changes) => ({ z: 4, y: 0, steps: 0, guess: "", ...changes });

test("the verdict names every side of the target", () => {
  assert.equal(verdict(0.95, 0), "wrong and certain");
  assert.equal(verdict(0.6, 0), "wrong, but unsure");
  assert.equal(verdict(0.5, 1), "undecided");
  assert.equal(verdict(0.6, 1), "right, but unsure");
  assert.equal(verdict(0.95, 1), "right and certain");
});

test("the summary keeps the pushes back until the reader has guessed", () => {
  assert.equal(
    plain(summary(state({}))),
    "Wrong and certain: a = 0.9820 for the target 0. Which loss pushes harder?",
  );
  assert.equal(
    plain(summary(state({ z: 8, guess: "same" }))),
    "Wrong and certain: the quadratic loss hardly pushes (0.0003), cross-entropy pushes with 0.9997.",
  );
  assert.match(summary(state({ z: -8, guess: "same" })), /^Right and certain: neither loss pushes much/);
});

test("the summary follows the steps", () => {
  assert.match(plain(summary(state({ steps: 1 }))), /^After 1 step: with the quadratic loss a = 0\.981/);
  assert.match(plain(summary(state({ steps: 10 }))), /cross-entropy a = 0\.\d+, right/);
});

test("the feedback judges the guess and gives the factor", () => {
  assert.equal(feedback(state({})), "");
  assert.match(plain(feedback(state({ z: 0, guess: "cross-entropy" }))), /^Yes: at z = 0\.0 .* 4\.0 times/);
  assert.match(plain(feedback(state({ z: 8, guess: "quadratic" }))), /^No: at z = 8\.0 .* 2,983 times/);
});
