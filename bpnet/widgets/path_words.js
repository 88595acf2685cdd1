// What the path tracer says about a state. Pure; knows no page.
import { evaluate, place } from "./path_maths.js";
import { count, equals, minus, number, term } from "./words.js";

const lowered = (digits) => [...digits].map((digit) => "₀₁₂₃"[digit]).join("");

// A node as the chapters print it: W1_12 is W⁽¹⁾₁₂, an activation of the last layer ŷ₁.
export function label(node, last) {
  const [head, digits = ""] = node.split("_");
  const [letter, layer] = head;
  const names = { a0: "x", [`a${last}`]: "ŷ" };
  return (names[head] ?? letter + (layer ? `⁽${"⁰¹²³"[layer]}⁾` : "")) + lowered(digits);
}

// Three digits, as on the edges of the map.
export const short = (x) =>
  minus(x && Math.abs(x) < 1e-3 ? x.toExponential(0) : String(Number(x.toPrecision(3))));

export const exact = (x) => number(x, 6);

export const slopeOf = ({ parameter }) => `∂C/∂${label(parameter)}`;

// What the slope of an edge is called.
export function factor({ start, end }, last) {
  const [[letter, layer], from] = start.split("_");
  const to = end.split("_")[1];
  if (letter === "W") return label(`a${layer - 1}_${from[1]}`, last);
  if (letter === "z") return `σ′(${label(start)})`;
  if (end[0] === "e") return `${label(start, last)} − y${lowered(to)}`;
  return letter === "a" ? label(`W${end[1]}_${to}${from}`) : "1";
}

const delta = (z) => label(z).replace("z", "δ");
const named = (name, value) => [name, term(number(value))];
const joined = (terms, sign) => terms.flatMap((parts, n) => (n ? [sign, ...parts] : parts));

// δ at a node z: made of the endings that the step before has found.
function deltaLine({ leaving, ending, last }, z) {
  const [bend] = leaving[z];
  const sum = leaving[bend.end].map((one) => [
    one.end[0] === "e" ? named("1", 1) : named(delta(one.end), ending(one.end)), "·",
    named(factor(one, last), one.factor),
  ]);
  const inner = sum.length > 1 ? ["(", ...joined(sum, "+"), ")"] : sum[0];
  return { name: delta(z), parts: [...inner, "·", named(factor(bend), bend.factor)], value: ending(z) };
}

const starts = ({ lit, from }) => lit.map(({ start }) => start).filter((node) => node.startsWith(`z${from}`));

// The calculation of a step: lines { name, parts, value }, a part [name, number] or a sign.
export function calculation(state) {
  const now = evaluate(state);
  const { last, kind, found, index, total, ending } = now;
  if (kind === "forward") return [];
  if (kind === "delta") return starts(now).map((z) => deltaLine(now, z));
  if (kind === "path") {
    const { edges, product } = found[index];
    const parts = joined(edges.map((one) => [named(factor(one, last), one.factor)]), "·");
    return [{ name: `Path ${index + 1}`, parts, value: product }];
  }
  if (!state.factored) return []; // the bars show the sum
  const [first] = found[0].edges;
  const parts = [named(delta(first.end), ending(first.end)), "·", named(factor(first, last), first.factor)];
  return [{ name: slopeOf(state), parts, value: total }];
}

const listed = (words) => words.join(", ").replace(/, ([^,]*)$/, " and $1");

function pathWords({ last, shown, index, total }) {
  const { edges, product } = shown[index];
  const through = listed(edges.slice(0, -1).map(({ end }) => label(end, last)));
  return `Path ${index + 1}: through ${through} to C. ${edges.length} factors multiply to ${exact(product)}.` +
    (index ? ` Sum so far: ${exact(total)}.` : "");
}

function deltaWords(now) {
  const nodes = starts(now);
  const values = listed(nodes.map((z) => equals(delta(z), exact(now.ending(z)))));
  return now.from === now.last
    ? `From right to left: ${values}. All paths through ${listed(nodes.map((z) => label(z)))} end so.`
    : `One layer back: ${values}. The δ to the right, each times its weight, add up; then comes σ′.`;
}

function sumWords(state, { total, found, backprop, measured, one: { paths, factored } }) {
  const all = found.length > 1 ? `All ${found.length} paths` : "No other path";
  const [opening, used, other] = state.factored
    ? ["Shared endings merged", factored, `path by path ${paths}`] : [all, paths, `factored ${factored}`];
  const [first, second] = [backprop, measured].map((value) => number(Math.abs(value - total)));
  return `${opening}: ${equals(slopeOf(state), exact(total))}, with ${used} multiplications; ${other}. ` +
    `Backprop's value differs by ${first}, the measured one by ${second}.`;
}

// The caption, which is also spoken.
export function summary(state) {
  const now = evaluate(state);
  if (now.kind === "path") return pathWords(now);
  if (now.kind === "delta") return deltaWords(now);
  if (now.kind === "sum") return sumWords(state, now);
  const name = label(state.parameter);
  return `Forward: the network ${state.network} computes ${equals("C", number(now.values.C))}. ` +
    (state.guess ? `Step on: the paths of ${name} light up.` : `Which paths lead from ${name} to C?`);
}

export const question = ({ parameter }) => `Predict: how many paths lead from ${label(parameter)} to C?`;

// The answer to the reader's prediction.
export function feedback({ network, parameter, guess }) {
  const above = network.split("-").slice(place(parameter).layer + 1);
  const right = above.reduce((all, n) => all * n, 1);
  const why = above.length ? "A path chooses one neuron in each later layer" : "No later layer is left to choose from";
  const product = above.length > 1 ? `: ${above.join(" · ")} = ${right}` : "";
  return guess ? `${guess === right ? "Yes" : "No"}, ${count(right, "path")}. ${why}${product}.` : "";
}
