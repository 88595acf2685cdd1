// The paths from a parameter of a small sigmoid network to its loss. Pure; knows no page.
//
// Nodes are named as the parameters: W1_12, b1_1, z1_1, a1_1, e_1, C. The inputs are a0_1, a0_2.
import { clamp, sigmoid, sigmoidSlope } from "./functions.js";

export const LIMITS = { x: [-5, 5], y: [0, 1], weights: [-10, 10] };
export const GUESSES = [1, 2, 4, 5, 6];
const NUDGE = 1e-5; // of the central difference

const sum = (values) => values.reduce((total, value) => total + value, 0);

// "W1_12" is the weight of layer 1 to neuron j = 0 from neuron k = 1; of a bias k is -1.
export function place(parameter) {
  const [, layer, , j, k = 0] = parameter;
  return { layer: Number(layer), j: j - 1, k: k - 1 };
}

// The map: the value of every node, and the edges { start, end, factor } that leave it.
// Entry l of W, z and a belongs to layer l.
export function chart({ network, weights, x, y }) {
  const [values, leaving, W, z, a] = [{}, {}, [], [], [x]];
  const join = (start, end, factor) => (leaving[start] ??= []).push({ start, end, factor });
  const nodes = (head, list) => list.map((value, i) => {
    values[`${head}_${i + 1}`] = value;
    return `${head}_${i + 1}`;
  });
  let used = 0;
  const take = (n) => weights.slice(used, (used += n));
  let here = nodes("a0", x);
  network.split("-").slice(1).map(Number).forEach((size, below) => {
    const l = below + 1;
    W[l] = Array.from({ length: size }, () => take(here.length));
    const b = take(size);
    z[l] = W[l].map((row, j) => sum(row.map((w, k) => w * a[below][k])) + b[j]);
    a[l] = z[l].map(sigmoid);
    const [from, sums] = [here, nodes(`z${l}`, z[l])];
    here = nodes(`a${l}`, a[l]);
    sums.forEach((node, j) => {
      from.forEach((start, k) => {
        join(`W${l}_${j + 1}${k + 1}`, node, a[below][k]);
        join(start, node, W[l][j][k]);
      });
      join(`b${l}_${j + 1}`, node, 1);
      join(node, here[j], sigmoidSlope(z[l][j]));
    });
  });
  const gaps = a.at(-1).map((yhat, j) => yhat - y[j]);
  nodes("e", gaps.map((gap) => gap ** 2 / 2)).forEach((node, j) => {
    join(here[j], node, gaps[j]);
    join(node, "C", 1);
  });
  values.C = sum(gaps.map((gap) => gap ** 2 / 2));
  return { values, leaving, last: a.length - 1, W, z, a, gaps };
}

// Every path from a node to the loss: its edges, and the product of their factors.
export function paths({ leaving }, start) {
  const ways = (node) => (node === "C" ? [[]]
    : leaving[node].flatMap((edge) => ways(edge.end).map((rest) => [edge, ...rest])));
  return ways(start).map((edges) => ({ edges, product: edges.reduce((all, { factor }) => all * factor, 1) }));
}

// ∂C/∂(node), every shared ending computed once.
export function endings({ leaving }) {
  const known = { C: 1 };
  const ending = (node) =>
    (known[node] ??= sum(leaving[node].map(({ end, factor }) => factor * ending(end))));
  return ending;
}

// The same for a parameter, by the matrix equations of backpropagation.
export function backprop({ last, W, z, a, gaps }, parameter) {
  const { layer, j, k } = place(parameter);
  let back = gaps;
  let delta;
  for (let l = last; l >= layer; l--) {
    delta = z[l].map((value, i) => back[i] * sigmoidSlope(value));
    back = a[l - 1].map((_, n) => sum(W[l].map((row, i) => delta[i] * row[n])));
  }
  return delta[j] * (k < 0 ? 1 : a[layer - 1][k]);
}

// And by two nudges.
export function measured(state) {
  const { names, parameter, weights } = state;
  const at = names.indexOf(parameter);
  const cost = (nudge) => chart({ ...state, weights: weights.with(at, weights[at] + nudge) }).values.C;
  return (cost(NUDGE) - cost(-NUDGE)) / (2 * NUDGE);
}

const distinct = (edges) => [...new Map(edges.map((one) => [one.start + one.end, one])).values()];

// Multiplications, one for each factor: path by path, and with each edge used once.
export function multiplications(found) {
  const edges = found.flatMap((path) => path.edges);
  return { paths: edges.length, factored: distinct(edges).length };
}

export function steps({ factored, network, parameter }) {
  const above = network.split("-").slice(place(parameter).layer + 1);
  return factored ? above.length + 3 : above.reduce((all, n) => all * n, 1) + 2;
}

// What a step is about: a path has an `index`, δ a layer `from`.
export function stage(state, last) {
  const { step, factored } = state;
  if (step === 1) return { kind: "forward" };
  if (step === steps(state)) return { kind: "sum" };
  return factored ? { kind: "delta", from: last + 2 - step } : { kind: "path", index: step - 2 };
}

// The edges that a step lights, each with its role.
function lights({ kind, index, from }, { factored, parameter }, found) {
  const chosen = { forward: [], path: [found[index]] }[kind] ?? found;
  const first = kind === "delta" ? 1 + 2 * (from - place(parameter).layer) : 0;
  const merged = (start) => (start === parameter ? "gradient" : "delta");
  return distinct(chosen.flatMap(({ edges }) => edges.slice(first)))
    .map((one) => ({ ...one, role: factored ? merged(one.start) : "path" }));
}

// Everything the figure shows.
export function evaluate(state) {
  const { parameter, factored, names } = state;
  const map = chart(state);
  const [found, ending, now] = [paths(map, parameter), endings(map), stage(state, map.last)];
  const lit = lights(now, state, found);
  const shown = factored || now.kind === "forward" ? [] : found.slice(0, (now.index ?? found.length) + 1);
  return {
    ...map, ...now, found, shown, ending, lit,
    total: factored ? ending(parameter) : sum(shown.map(({ product }) => product)),
    backprop: backprop(map, parameter),
    measured: measured(state),
    one: multiplications(found),
    all: multiplications(names.flatMap((name) => paths(map, name))),
    done: factored ? lit.length : multiplications(shown).paths,
  };
}

// The nearest legal state, whatever an address or a linked widget asked for.
export function legal(state, examples) {
  const network = state.network in examples ? state.network : "2-2-2";
  const own = examples[network];
  const mended = { ...state, network, names: own.names };
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const fits = state[name].length === own[name].length;
    mended[name] = fits ? state[name].map((value) => clamp(value, low, high)) : own[name];
  }
  if (!own.names.includes(state.parameter)) mended.parameter = own.names[0];
  return { ...mended, step: Math.round(clamp(state.step, 1, steps(mended))) };
}
