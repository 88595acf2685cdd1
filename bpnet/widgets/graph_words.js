// What the figure says about a situation.
import { differs } from "./graph_maths.js";
import { count, minus, number, term } from "./words.js";

const SIGNS = { add: "+", subtract: "−", multiply: "×", divide: "÷", power: "^", negate: "−" };

// Four digits, and all digits before the point.
export function short(x) {
	const size = Math.abs(x);
	if (!Number.isFinite(x)) return "too large";
	if (size >= 1e7 || (size < 1e-3 && size > 0)) return number(x, 3);
	return minus(String(size < 1000 ? Number(x.toPrecision(4)) : Math.round(x)));
}

// What stands in a node: its sign, with the fixed numbers that it uses.
export function glyph({ name, op, args }) {
	const words = args.map(({ node, constant }) => (node >= 0 ? "" : short(constant)));
	words.splice(args.length - 1, 0, SIGNS[op] ?? op ?? name);
	return words.join(" ").trim();
}

const plus = ([first, ...rest]) => [first, ...rest.map(term)].join(" + ");
export const product = ({ arrived, slope }) => `${short(arrived)} × ${term(short(slope))}`;

// Over a node with several uses: 6 + ?, then 6 + 6 = 12.
export function sum({ graph: { uses }, came, adjoint }, node) {
	const arrived = (came?.[node] ?? []).map((one) => short(one.product));
	if (uses[node] < 2 || !arrived.length) return "";
	return arrived.length < uses[node] ? plus([...arrived, "?"]) : `${plus(arrived)} = ${short(adjoint[node])}`;
}

export function mark({ over, adjoint, right, early }, node) {
	const truth = right?.adjoint[node];
	if (over && differs(adjoint[node], truth)) return `✗ wrong, right: ${short(truth)}`;
	return early?.[node] ? "✗ sent too early" : "";
}

function sending(now) {
	const { graph: { nodes, edges }, sent, came, walk, early, over, choosing } = now;
	const node = walk.at(-1);
	const phrases = edges.flatMap(({ from, to }, n) => {
		if (to !== node) return [];
		const { product: own, before } = sent[n];
		const added = `, to be added: ${plus([before, own].map(short))} = ${short(before + own)}`;
		const first = came[from][0] === sent[n];
		return `${product(sent[n])} = ${short(own)} goes to ${nodes[from].name}${first ? "" : added}`;
	});
	const wrong = nodes.filter((_, n) => mark(now, n).includes("wrong")).map(({ name }) => name);
	const end = wrong.length ? ` Wrong now: ${wrong.join(", ")}.` : " All slopes are right.";
	return (
		`${nodes[node].name} sends arrived × local. ${phrases.join("; ")}.` +
		(early[node] ? ` Too early: ${count(early[node], "arrival")} had not come yet.` : "") +
		(over && choosing ? end : "")
	);
}

function trouble({ op, numbers: [x, y], value }) {
	if (op === "log" && x <= 0) return `log needs a number above 0, not ${short(x)}.`;
	if (op === "divide" && y === 0) return "Nothing can be divided by 0.";
	if (Number.isNaN(value)) return "There is no such number.";
	return `Its ${Number.isFinite(value) ? "slope" : "value"} is too large for a number.`;
}

function sentence(now) {
	const { graph: { nodes, inputs }, stop, computed, known, walk, started, choosing } = now;
	if (stop) return `Forward: ${nodes[stop.node].name} stops. ${trouble(stop)}`;
	if (walk?.length) return `Backward: ${sending(now)}`;
	const more = choosing ? " Choose the node that sends next." : "";
	if (started) return `Backward: the last number moves exactly as much as itself. Its slope is 1.${more}`;
	const { name, args } = nodes[known - 1];
	if (known === inputs) {
		const all = computed.slice(0, inputs).map((x, n) => `${nodes[n].name} is ${short(x)}`);
		return `Only the inputs are known: ${all.join(", ")}.`;
	}
	const came = args.map(({ node, constant }) =>
		node >= 0 ? `${short(computed[node])} from ${nodes[node].name}` : short(constant));
	return `Forward: ${name} takes ${came.join(" and ")}, and gives ${short(computed[known - 1])}.`;
}

export function caption(now) {
	const { slip, choosing, step, total } = now;
	if (slip) return `No graph: a slip at character ${slip.at + 1}. ${slip.words}`;
	return (choosing ? "" : `Step ${step} of ${total}. `) + sentence(now);
}

// The input that is asked for: the first of those with the most uses.
const target = ({ uses, inputs }) => uses.indexOf(Math.max(...uses.slice(0, inputs)));

export const asked = ({ graph, slip, right }) =>
	slip || !right ? "" : `Predict: the slope of ${graph.nodes.at(-1).name} at ${graph.nodes[target(graph)].name}.`;

// The right slope and what is mistaken for it: an arrival, a local slope, the input.
export function answers({ graph, right, values }) {
	if (!right) return [];
	const node = target(graph);
	const wrong = right.came[node].flatMap(({ product: own, slope }) => [own, slope]);
	const numbers = [right.adjoint[node], values[node], ...wrong].sort((a, b) => a - b);
	return [...new Set(numbers.map(short))].map((own) => [own, own]);
}

export function feedback({ guess, graph, right, over }) {
	if (!guess || !right) return "";
	if (!over) return "Walk back to the end to compare.";
	const node = target(graph);
	const truth = short(right.adjoint[node]);
	return `${guess === truth ? "Yes" : `Not ${guess}`}: ${plus(right.came[node].map(product))} = ${truth}.`;
}
