// Run by tests/widgets/test_path_tracer.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { calculation, factor, feedback, label, short, summary } = await import(`${folder}path_words.mjs`);
const { evaluate, steps } = await import(`${folder}path_maths.mjs`);
const { examples, spoken } = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));

const plain = (network, parameter, more = {}) =>
  ({ network, parameter, step: 1, factored: false, guess: 0, ...examples[network], ...more });
const at = (...state) => evaluate(plain(...state));
const read = (text) => Number(text.replaceAll(/[()]/g, "").replace("−", "-"));

test("nodes are called as in the chapters", () => {
  for (const [node, last, words] of spoken) assert.equal(label(node, last), words);
  assert.equal(label("a0_2", 2), "x₂");
});

test("an edge's slope has the chapter's name", () => {
  const names = (network, parameter) => {
    const { found, last } = at(network, parameter);
    return found.at(-1).edges.map((edge) => factor(edge, last));
  };
  assert.deepEqual(names("2-2-2", "W1_12"), ["x₂", "σ′(z⁽¹⁾₁)", "W⁽²⁾₂₁", "σ′(z⁽²⁾₂)", "ŷ₂ − y₂", "1"]);
  assert.deepEqual(names("2-3-3-2", "W2_13").slice(0, 3), ["a⁽¹⁾₃", "σ′(z⁽²⁾₁)", "W⁽³⁾₂₁"]);
  assert.deepEqual(names("2-2-2", "b2_1"), ["1", "σ′(z⁽²⁾₁)", "ŷ₁ − y₁", "1"]);
});

test("what is written out can be done by hand: products and sums give the number behind the equals sign", () => {
  let lines = 0;
  for (const [network, { names }] of Object.entries(examples)) {
    for (const parameter of names) {
      for (const factored of [false, true]) {
        const state = plain(network, parameter, { factored });
        for (let step = 1; step <= steps(state); step++) {
          for (const { parts, value } of calculation(evaluate({ ...state, step }))) {
            const text = parts.map((part) => (typeof part === "string" ? part : `(${read(part[1])})`)).join("");
            const result = Function(`return ${text.replaceAll("·", "*")}`)();
            assert.ok(Math.abs(result - value) < 2e-4, `${parameter}, ${step}: ${text} is ${result}, not ${value}`);
            lines += 1;
          }
        }
      }
    }
  }
  assert.ok(lines > 200);
});

test("each step has its sentence", () => {
  const say = (more) => summary(at("2-2-2", "W1_11", more));
  assert.match(say({}), /^Forward: the network 2-2-2 computes C.=.0\.1498\. Which paths lead from W⁽¹⁾₁₁ to C\?$/);
  assert.match(say({ guess: 2 }), /Step on: the paths of W⁽¹⁾₁₁ light up\.$/);
  assert.match(say({ step: 3 }), /^Path 2: through z⁽¹⁾₁, a⁽¹⁾₁, z⁽²⁾₂, ŷ₂ and e₂ to C\. Its factors .* Sum so far: −0\.017371\.$/);
  assert.match(say({ step: 4 }), /^Both paths: .*−0\.017371, with 12 multiplications; factored 10\. Backprop differs/);
  assert.match(say({ step: 2, factored: true }), /^From right to left: δ⁽²⁾₁.*All paths through z⁽²⁾₁ and z⁽²⁾₂ end so\.$/);
  assert.match(say({ step: 3, factored: true }), /^One layer back: δ⁽¹⁾₁/);
  assert.match(say({ step: 4, factored: true }), /with 10 multiplications; path by path 12\. The sum of the paths differs/);
  assert.match(summary(at("2-3-3-2", "W1_11", { step: 8 })), /^All 6 paths: .*, with 48 multiplications; factored 20\./);
  assert.match(summary(at("2-2-2", "b2_1", { step: 3 })), /^No other path: ∂C\/∂b⁽²⁾₁/);
});

test("a guess is answered with the reason", () => {
  const answer = (network, parameter, guess) => feedback(at(network, parameter, { guess }));
  assert.equal(answer("2-3-3-2", "W1_11", 0), "");
  assert.equal(answer("2-3-3-2", "W1_11", 5), "No, 6 paths. A path chooses one neuron in each later layer: 3 · 2 = 6.");
  assert.equal(answer("2-2-2", "b1_2", 2), "Yes, 2 paths. A path chooses one neuron in each later layer.");
  assert.equal(answer("2-2-2", "W2_12", 1), "Yes, 1 path. No later layer is left.");
});

test("three digits, and one of a tiny number", () => {
  assert.deepEqual([0, 1, -0.51234, 12.345, 0.00012, -3e-9].map(short), ["0", "1", "−0.512", "12.3", "1e−4", "−3e−9"]);
});
