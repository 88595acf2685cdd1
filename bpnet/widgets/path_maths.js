// The paths from a parameter of a small sigmoid network to its loss.
// Nodes are named as the parameters: W1_12, b1_1, z1_1, a1_1, e_1, C. The inputs are a0_1, a0_2.
import { clamp, sigmoid, sigmoidSlope, sum, whole } from "./functions.js";

export const LIMITS = { x: [-5, 5], y: [0, 1], weights: [-10, 10] };
const NUDGE = 1e-5; // of the central difference

// "W1_12" is the weight of layer 1 to neuron j = 0 from neuron k = 1; of a bias k is -1.
export function place(parameter) {
	const [, layer, , j, k = 0] = parameter;
	return { layer: Number(layer), j: j - 1, k: k - 1 };
}

// The map: the value of every node, the edges { start, end, factor } that leave it, its `ways` to C.
export function chart({ network, weights, x, y }) {
	const [values, leaving] = [{}, {}];
	const join = (start, end, factor) => (leaving[start] ??= []).push({ start, end, factor });
	const nodes = (head, list) => list.map((value, i) => {
		values[`${head}_${i + 1}`] = value;
		return `${head}_${i + 1}`;
	});
	let used = 0;
	const take = (n) => weights.slice(used, (used += n));
	let [a, here] = [x, nodes("a0", x)];
	const sizes = network.split("-").slice(1).map(Number);
	sizes.forEach((size, below) => {
		const [l, from, inputs] = [below + 1, here, a];
		const W = Array.from({ length: size }, () => take(inputs.length));
		const b = take(size);
		const z = W.map((row, j) => sum(row.map((w, k) => w * inputs[k])) + b[j]);
		const sums = nodes(`z${l}`, z);
		a = z.map(sigmoid);
		here = nodes(`a${l}`, a);
		sums.forEach((node, j) => {
			from.forEach((start, k) => {
				join(`W${l}_${j + 1}${k + 1}`, node, inputs[k]);
				join(start, node, W[j][k]);
			});
			join(`b${l}_${j + 1}`, node, 1);
			join(node, here[j], sigmoidSlope(z[j]));
		});
	});
	const gaps = a.map((yhat, j) => yhat - y[j]);
	const costs = gaps.map((gap) => gap ** 2 / 2);
	nodes("e", costs).forEach((node, j) => {
		join(here[j], node, gaps[j]);
		join(node, "C", 1);
	});
	values.C = sum(costs);
	return { values, leaving, ways: { C: [[]] }, last: sizes.length };
}

// Every path from a node to the loss: its edges, and the product of their factors.
export function paths({ leaving, ways }, start) {
	const from = (node) => (ways[node] ??= leaving[node].flatMap((edge) =>
		from(edge.end).map((rest) => [edge, ...rest])));
	return from(start).map((edges) => ({ edges, product: edges.reduce((all, { factor }) => all * factor, 1) }));
}

// ∂C/∂(node) by backpropagation: every shared ending is computed once.
export function endings({ leaving }) {
	const known = { C: 1 };
	const ending = (node) =>
		(known[node] ??= sum(leaving[node].map(({ end, factor }) => factor * ending(end))));
	return ending;
}

// ∂C/∂(parameter) by two nudges.
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

export const above = ({ network, parameter }) => network.split("-").slice(place(parameter).layer + 1);

export const steps = (state) =>
	state.factored ? above(state).length + 3 : above(state).reduce((all, n) => all * n, 1) + 2;

function stage(state, found, last) {
	const { step, factored } = state;
	const all = found.flatMap(({ edges }) => edges);
	if (step === 1) return { kind: "forward", edges: [] };
	if (step === steps(state)) return { kind: "sum", edges: all };
	if (!factored) return { kind: "path", edges: found[step - 2].edges };
	const from = last + 2 - step;
	const after = ({ start }) => "zae".includes(start[0]) && !(start[1] < from);
	return { kind: "delta", from, edges: all.filter(after) };
}

// A state with everything that the figure shows of it.
export function evaluate(state) {
	const { parameter, factored, names, step } = state;
	const map = chart(state);
	const [found, ending] = [paths(map, parameter), endings(map)];
	const { edges, ...now } = stage(state, found, map.last);
	const merged = ({ start }) => (start === parameter ? "gradient" : "delta");
	const lit = distinct(edges).map((one) => ({ ...one, role: factored ? merged(one) : "path" }));
	const shown = factored ? [] : found.slice(0, step - 1);
	const along = (ways) => sum(ways.map(({ product }) => product));
	return {
		...state, ...map, ...now, found, shown, ending, lit,
		total: factored ? ending(parameter) : along(shown),
		other: factored ? along(found) : ending(parameter),
		measured: measured(state),
		one: multiplications(found),
		all: multiplications(names.flatMap((name) => paths(map, name))),
		done: factored ? lit.length : multiplications(shown).paths,
	};
}

export function legal(state, examples) {
	const network = Object.hasOwn(examples, state.network) ? state.network : "2-2-2";
	const own = examples[network];
	const mended = { ...state, network, names: own.names };
	for (const [name, [low, high]] of Object.entries(LIMITS)) {
		const fits = state[name].length === own[name].length;
		mended[name] = fits ? state[name].map((value) => clamp(value, low, high)) : own[name];
	}
	if (!own.names.includes(state.parameter)) mended.parameter = own.names[0];
	return { ...mended, step: whole(state.step, 1, steps(mended)) };
}
