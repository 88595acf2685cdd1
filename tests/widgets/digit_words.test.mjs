// Run by tests/widgets/test_draw_digit.py, which writes the modules to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { deltas, feedback, summary, treatment } = await import(`${folder}digit_words.mjs`);

const STATE = {
  example: 0, picture: "", wish: 8, steps: 0, guess: "", shown: false, cost: 2.5, first: { cost: 3.75 },
  probabilities: [0, 0, 0, 0.971, 0, 0.0204, 0, 0, 0.0086, 0], ranking: [3, 5, 8],
  helps: { row: 19, column: 11, slope: -2.1129, quarter: "bottom left" },
  hurts: { row: 14, column: 14, slope: 0.8339 },
};
const say = (changes) => summary({ ...STATE, ...changes }).replaceAll("\u00a0", " ");

test("the summary tells the answer, and the slopes once they are shown", () => {
  assert.equal(say({ wish: -1 }), "It reads a 3, 97.1 %; next a 5, 2.0 %.");
  assert.equal(
    say({}), "It reads a 3, 97.1 %; next a 5, 2.0 %. The wish for an 8 costs 2.5000. Where would new ink help most?",
  );
  assert.equal(
    say({ shown: true, steps: 1, ranking: [8, 3] }),
    "After 1 step on the picture it reads an 8, 0.9 %; next a 3, 97.1 %. " +
      "The wish for an 8 costs 2.5000, before the first step 3.7500. " +
      "New ink helps most in row 19, column 11 (slope −2.1129); " +
      "the ink that hurts most is in row 14, column 14 (slope 0.8339).",
  );
  assert.match(say({ shown: true, helps: undefined, hurts: undefined }), /The slope is 0 everywhere\.$/);
});

test("blank paper is answered, and said to be blank", () => {
  assert.equal(say({ wish: -1, example: -1 }), "The paper is blank. The network answers all the same: a 3, 97.1 %.");
  assert.match(say({ example: -1, steps: 2 }), /^After 2 steps on the picture it reads a 3/);
});

test("the prediction is answered by quarter", () => {
  assert.equal(feedback({ ...STATE, first: STATE, guess: "bottom left" }), "Yes: in row 19, column 11, at the bottom left.");
  assert.equal(feedback({ ...STATE, first: STATE, guess: "top left" }), "No: in row 19, column 11, at the bottom left.");
  assert.equal(feedback({ ...STATE, first: STATE }), "");
  const later = { ...STATE.helps, quarter: "top left" };
  assert.match(feedback({ ...STATE, first: STATE, helps: later, guess: "bottom left" }), /^Yes/);
});

test("the way to the network is told in numbers", () => {
  assert.equal(treatment({ ...STATE, steps: 2 }), "Official digits are used as they are. Then 2 steps.");
  assert.equal(treatment({ ...STATE, example: -1 }), "Nothing to scale.");
  const drawn = { ...STATE, example: -1, box: [4, 5, 25, 10], scale: 0.8, placed: [4, 9, 20, 8] };
  assert.equal(
    treatment(drawn),
    "The ink’s box of 25 × 10 cells is scaled by 0.80 to 20.0 × 8.0 pixels. Its centre of mass is moved into row 15, column 15.",
  );
});

test("the neurons that are off are counted", () => {
  assert.equal(
    deltas({ delta: [0, 0.5, -0.75, 0], off: 2 }),
    "2 of 4 neurons are off: their δ is exactly 0. The longest bar is neuron 3, δ\u00a0=\u00a0−0.7500.",
  );
});
