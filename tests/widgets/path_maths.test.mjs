// Run by tests/widgets/test_path_tracer.py, which writes the modules and Python's numbers to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { LIMITS, chart, endings, evaluate, legal, measured, multiplications, paths, steps } =
  await import(`${folder}path_maths.mjs`);
const python = JSON.parse(await readFile(new URL("python.json", folder), "utf8"));
const { cases, counts, examples, limits } = python;

function close(actual, expected, what, floor = 1e-15, relative = 1e-12) {
  const allowed = floor + relative * Math.abs(expected);
  assert.ok(Math.abs(actual - expected) <= allowed, `${what}: ${actual}, expected ${expected}`);
}

const every = (check) => {
  assert.ok(cases.length >= 300);
  for (const one of cases) check(one, one.state, `${one.state.network} ${one.state.parameter}`);
};

test("every node has Python's value", () => every(({ values, floor }, state, what) => {
  const map = chart(state);
  assert.deepEqual(Object.keys(map.values).sort(), Object.keys(values).sort());
  for (const [name, value] of Object.entries(values)) close(map.values[name], value, `${what}, ${name}`, floor);
}));

test("every path has Python's nodes, factors and product, in the same order", () =>
  every(({ routes, floor }, state, what) => {
    const found = paths(chart(state), state.parameter);
    assert.equal(found.length, routes.length);
    found.forEach(({ edges, product }, n) => {
      assert.deepEqual([edges[0].start, ...edges.map(({ end }) => end)], routes[n].nodes);
      edges.forEach(({ factor }, at) => close(factor, routes[n].factors[at], `${what}, path ${n + 1}`, floor));
      close(product, routes[n].product, `${what}, product ${n + 1}`, floor);
    });
  }));

test("backprop and the sum of the paths are Python's gradient, for every parameter", () =>
  every(({ gradients, floor }, state, what) => {
    const map = chart(state);
    const ending = endings(map);
    assert.deepEqual(Object.keys(gradients), state.names);
    for (const [name, slope] of Object.entries(gradients)) {
      const sum = paths(map, name).reduce((total, { product }) => total + product, 0);
      close(ending(name), slope, `backprop, ${what}, ${name}`, floor);
      close(sum, slope, `sum, ${what}, ${name}`, floor);
    }
  }));

test("δ is Python's slope of the loss at every weighted input", () => every(({ deltas, floor }, state, what) => {
  const ending = endings(chart(state));
  for (const [name, delta] of Object.entries(deltas)) close(ending(name), delta, `${what}, ${name}`, floor);
}));

test("two nudges measure what Python measures, and nearly the slope", () =>
  every(({ nudged, gradients }, state, what) => {
    // A cost below 1 is rounded to 1e-16, and a difference of two is divided by 2e-5.
    close(measured(state), nudged, what, 1e-10, 0);
    close(measured(state), gradients[state.parameter], what, 2e-7, 0);
  }));

test("multiplications are counted as the package counts them", () => {
  for (const { network, names, parameters, all } of counts) {
    const map = chart({ network, ...examples[network] });
    assert.deepEqual(names, examples[network].names);
    for (const name of names) assert.deepEqual(multiplications(paths(map, name)), parameters[name]);
    assert.deepEqual(multiplications(names.flatMap((name) => paths(map, name))), all);
  }
});

test("the steps go through all paths, or all layers of δ, and count what they have multiplied", () => {
  for (const { network, names, parameters } of counts) {
    for (const parameter of names) {
      for (const factored of [false, true]) {
        const state = { network, parameter, factored, guess: 0, ...examples[network] };
        const last = steps(state);
        const kinds = Array.from({ length: last }, (_, n) => evaluate({ ...state, step: n + 1 }));
        assert.equal(kinds[0].kind, "forward");
        assert.equal(kinds[0].done, 0);
        assert.ok(kinds.slice(1, -1).every(({ kind }) => kind === (factored ? "delta" : "path")));
        assert.equal(kinds.at(-1).kind, "sum");
        const { paths: one, factored: merged } = parameters[parameter];
        assert.equal(kinds.at(-1).done, factored ? merged : one);
        assert.ok(kinds.every(({ done }, n) => n === 0 || done >= kinds[n - 1].done));
        close(kinds.at(-1).total, kinds.at(-1).other, "total");
        if (!factored) assert.equal(last, kinds[0].found.length + 2);
      }
    }
  }
});

test("a step lights the edges of its path, or all that a δ is made of", () => {
  const state = { network: "2-3-3-2", parameter: "W1_21", guess: 0, ...examples["2-3-3-2"] };
  const second = evaluate({ ...state, factored: false, step: 3 });
  assert.deepEqual(second.lit.map(({ start }) => start), second.found[1].edges.map(({ start }) => start));
  assert.ok(second.lit.every(({ role }) => role === "path"));
  const outputs = evaluate({ ...state, factored: true, step: 2 });
  assert.deepEqual(new Set(outputs.lit.map(({ start }) => start)),
    new Set(["z3_1", "z3_2", "a3_1", "a3_2", "e_1", "e_2"]));
  const whole = evaluate({ ...state, factored: true, step: steps({ ...state, factored: true }) });
  assert.deepEqual(whole.lit.filter(({ role }) => role === "gradient").map(({ start }) => start), ["W1_21"]);
});

test("any state is brought to a legal one", () => {
  const none = { x: [], y: [], weights: [], factored: false, guess: 0 };
  const own = examples["2-2-2"];
  assert.deepEqual(LIMITS, limits);
  assert.deepEqual(
    legal({ ...none, network: "9-9", parameter: "W7_11", step: 99 }, examples),
    { ...none, ...own, network: "2-2-2", parameter: "W1_11", step: 4 },
  );
  const deep = legal({ ...none, network: "2-3-3-2", parameter: "b3_2", step: -1, x: [9, NaN], y: [2] }, examples);
  assert.deepEqual([deep.parameter, deep.step, deep.x, deep.y], ["b3_2", 1, [5, 0], own.y]);
  const nudged = own.weights.map(() => -99);
  const kept = legal({ ...none, network: "2-2-2", parameter: "b2_1", step: 2.4, weights: nudged }, examples);
  assert.deepEqual([kept.step, kept.weights], [2, own.weights.map(() => -10)]);
});
