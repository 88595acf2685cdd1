// A scalar computational graph and its two passes.
// Nodes: the inputs as they first appear, then the operations, each after what it uses. An edge leads
// `from` a node `to` an operation that uses it, as argument number `place`.
import { parse, slip } from "./expression_maths.js";
import { clamp } from "./functions.js";

const MOST = 24;
const LIMIT = 1000;
const STARTS = [2, 1, 3, 0.5];

// For each operation its value, then its slope along each argument, as in bpnet.
const RULES = {
	add: (x, y) => [x + y, 1, 1],
	subtract: (x, y) => [x - y, 1, -1],
	multiply: (x, y) => [x * y, y, x],
	divide: (x, y) => [x / y, 1 / y, -x / y / y],
	power: (x, n) => [x ** n, n && n * x ** (n - 1), 0],
	negate: (x) => [-x, -1],
	exp: (x) => [Math.exp(x), Math.exp(x)],
	log: (x) => [Math.log(x), 1 / x],
	tanh: (x) => [Math.tanh(x), 1 - Math.tanh(x) ** 2],
	relu: (x) => [Math.max(x, 0), Number(x > 0)],
	max: (x, y) => [Math.max(x, y), Number(x > y), Number(x <= y)],
};

const finite = (numbers) => numbers.every(Number.isFinite);

// Makes one node of each name, and a constant of an operation on constants.
function linked(parts) {
	const [inputs, known, unused] = [[], new Map(), new Map()];
	function resolved({ constant, name, op, args: trees, at }) {
		if (constant !== undefined) return { constant };
		if (name) {
			unused.delete(name);
			if (!known.has(name)) inputs.push(known.set(name, { name, args: [] }).get(name));
			return known.get(name);
		}
		const args = trees.map(resolved);
		if (op === "power" && args[1].args) {
			throw slip(trees[1].at, "An exponent must be a fixed number. For x^y write exp(y * log(x)).");
		}
		if (args.some((one) => one.args)) return { op, args, at };
		const results = RULES[op](...args.map((one) => one.constant));
		if (finite(results)) return { constant: results[0] };
		throw slip(at, "This has no value.");
	}
	let output;
	for (const part of parts) {
		const { name, at, tree } = part;
		output = resolved(tree);
		if (known.has(name)) throw slip(at, `${name} has a meaning already.`);
		if (output.op) output.name ||= name;
		if (name) known.set(name, output);
		if (part !== parts.at(-1)) unused.set(name || "This part", at);
	}
	for (const [name, at] of unused) throw slip(at, `${name} is not used afterwards.`);
	if (!output.op) throw slip(0, "Here is nothing to compute from a name, as in x * x.");
	return [inputs, output];
}

// The operations behind a node, each after what it uses, first arguments first.
function operations(node, found = new Set()) {
	for (const one of node.args) if (one.op && !found.has(one)) operations(one, found);
	return found.add(node);
}

function made(text) {
	const [first, output] = linked(parse(text));
	const found = [...first, ...operations(output)];
	const [inputs, last] = [first.length, found.length - 1];
	if (last >= MOST) throw slip(found[MOST].at, `More than ${MOST} nodes; shorten the expression.`);
	const nodes = found.map(({ name, op, args }, n) => ({
		name: name || (n === last ? "the result" : `node ${n - inputs + 1}`), op,
		args: args.map((one) => (one.args ? { node: found.indexOf(one) } : one)),
	}));
	const leading = ({ args }, to) => args.map(({ node }, place) => ({ from: node, to, place }));
	const edges = nodes.flatMap(leading).filter(({ from }) => from >= 0);
	const uses = nodes.map((_, n) => edges.filter(({ from }) => from === n).length);
	return { nodes, edges, uses, inputs, output: last };
}

// The graph of a text, or { slip: { at, words } }.
export function graph(text) {
	try {
		return made(text);
	} catch (fault) {
		return { slip: fault };
	}
}

// Values and local slopes of all nodes, or up to the first that has none: `stop`.
export function forward({ nodes }, inputs) {
	const [values, slopes] = [[], []];
	for (const [node, { op, args }] of nodes.entries()) {
		const numbers = args.map((one) => one.constant ?? values[one.node]);
		const [value, ...local] = op ? RULES[op](...numbers) : [inputs[node]];
		if (!finite([value, ...local])) return { values, slopes, stop: { node, op, numbers, value } };
		values.push(value);
		slopes.push(local);
	}
	return { values, slopes };
}

// The operations from the end: each after all that use it.
export const reversed = ({ nodes, inputs }) => [...nodes.keys()].slice(inputs).reverse();

// The slopes of the end when the operations of `order` have sent arrived × slope, by edge (`sent`) and
// by node (`came`). `early`: how many arrivals a node lacked when it sent.
export function backward({ nodes, edges, uses, output }, slopes, order) {
	const adjoint = nodes.map((_, n) => Number(n === output));
	const [sent, came, early] = [[], nodes.map(() => []), []];
	for (const node of order) {
		early[node] = uses[node] - came[node].length;
		edges.forEach(({ from, to, place }, n) => {
			if (to !== node) return;
			const [arrived, slope, before] = [adjoint[node], slopes[node][place], adjoint[from]];
			sent[n] = { arrived, slope, product: arrived * slope, before };
			came[from].push(sent[n]);
			adjoint[from] += sent[n].product;
		});
	}
	return { adjoint, sent, came, early };
}

// By more than the rounding of a sum in another order.
export const differs = (a, b) => Math.abs(a - b) > 1e-9 * Math.abs(a + b);

// The nearest legal state, and everything that it shows.
export function legal({ example, expression, values, step, choosing, order, guess }, examples) {
	const of = Object.hasOwn(examples, example) && examples[example];
	const { text = expression, starts = [], ranges = [] } = of;
	const drawn = graph(text);
	const { slip: fault, inputs = 0, nodes = [] } = drawn;
	const count = nodes.length - inputs;
	const given = (_, n) => clamp(values[n] ?? starts[n] ?? STARTS[n % 4], -LIMIT, LIMIT);
	const state = {
		example: of ? example : "own", choosing, guess, text, ranges,
		graph: drawn, slip: fault, step: 1, total: 1, values: nodes.slice(0, inputs).map(given),
		order: [...new Set(order)].filter((n) => nodes[inputs + n - 1]?.op),
	};
	if (fault) return state;
	const { values: computed, slopes, stop } = forward(drawn, state.values);
	const ready = stop ? stop.node - inputs : count;
	state.total = ready + 2 + (stop ? 0 : count);
	state.step = Math.round(clamp(step, 1, state.total));
	Object.assign(state, { computed, known: inputs + (choosing ? ready : Math.min(state.step - 1, ready)) });
	if (stop) return { ...state, stop: (choosing || state.step === state.total) && stop };
	const all = reversed(drawn);
	const sent = Math.max(state.step - count - 2, 0);
	const walk = choosing ? state.order.map((n) => inputs + n - 1) : all.slice(0, sent);
	return {
		...state, ...backward(drawn, slopes, walk), right: backward(drawn, slopes, all),
		walk, started: choosing || state.step > count + 1, over: walk.length === count,
	};
}
