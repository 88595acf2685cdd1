// What the path tracer says about an evaluated state.
import { above } from "./path_maths.js";
import { count, equals, lowered, minus, number, raised, term } from "./words.js";

// A node as the chapters print it: W1_12 is W⁽¹⁾₁₂.
export function label(node, last) {
	const [head, digits = ""] = node.split("_");
	const [letter, layer] = head;
	const names = { a0: "x", [`a${last}`]: "ŷ" };
	return (names[head] ?? letter + (layer ? `⁽${raised(layer)}⁾` : "")) + lowered(digits);
}

export const short = (x) =>
	minus(x && Math.abs(x) < 1e-3 ? x.toExponential(0) : String(Number(x.toPrecision(3))));

export const exact = (x) => number(x, 6);

export const slopeOf = ({ parameter }) => `∂C/∂${label(parameter)}`;

export const otherName = ({ factored }) => (factored ? "The sum of the paths" : "Backprop");

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

const starts = ({ lit, from }) => lit.map(({ start }) => start).filter((z) => z.startsWith(`z${from}`));

// The calculation of a step: lines { name, parts, value }, a part [name, number] or a sign.
export function calculation(now) {
	const { last, kind, found, shown, total, ending } = now;
	if (kind === "forward") return [];
	if (kind === "delta") return starts(now).map((z) => deltaLine(now, z));
	if (kind === "path") {
		const { edges, product } = shown.at(-1);
		const parts = joined(edges.map((one) => [named(factor(one, last), one.factor)]), "·");
		return [{ name: `Path ${shown.length}`, parts, value: product }];
	}
	if (!now.factored) return []; // the bars show the sum
	const [first] = found[0].edges;
	const parts = [named(delta(first.end), ending(first.end)), "·", named(factor(first, last), first.factor)];
	return [{ name: slopeOf(now), parts, value: total }];
}

const listed = (words) => words.join(", ").replace(/, ([^,]*)$/, " and $1");

const sentences = {
	forward({ network, parameter, guess, values }) {
		const name = label(parameter);
		return `Forward: the network ${network} computes ${equals("C", number(values.C))}. ` +
			(guess ? `Step on: the paths of ${name} light up.` : `Which paths lead from ${name} to C?`);
	},
	path({ last, shown, total }) {
		const { edges, product } = shown.at(-1);
		const through = listed(edges.slice(0, -1).map(({ end }) => label(end, last)));
		const so = shown.length > 1 ? ` Sum so far: ${exact(total)}.` : "";
		return `Path ${shown.length}: through ${through} to C. Its factors multiply to ${exact(product)}.${so}`;
	},
	delta(now) {
		const nodes = starts(now);
		const values = listed(nodes.map((z) => equals(delta(z), exact(now.ending(z)))));
		return now.from === now.last
			? `From right to left: ${values}. All paths through ${listed(nodes.map((z) => label(z)))} end so.`
			: `One layer back: ${values}. The δ to the right, each times its weight, add up; then comes σ′.`;
	},
	sum(now) {
		const { total, found, other, measured, one: { paths, factored } } = now;
		const all = ["No other path", "Both paths"][found.length - 1] ?? `All ${found.length} paths`;
		const [opening, used, instead] = now.factored
			? ["Shared endings merged", factored, `path by path ${paths}`] : [all, paths, `factored ${factored}`];
		const [first, second] = [other, measured].map((value) => number(Math.abs(value - total)));
		return `${opening}: ${equals(slopeOf(now), exact(total))}, with ${used} multiplications; ${instead}. ` +
			`${otherName(now)} differs by ${first}, the measured slope by ${second}.`;
	},
};

export const summary = (now) => sentences[now.kind](now);

export const question = ({ parameter }) => `Predict: how many paths lead from ${label(parameter)} to C?`;

export function feedback(state) {
	const { guess, found: { length: right } } = state;
	const sizes = above(state);
	const why = sizes.length ? "A path chooses one neuron in each later layer" : "No later layer is left";
	const product = sizes.length > 1 ? `: ${sizes.join(" · ")} = ${right}` : "";
	return guess ? `${guess === right ? "Yes" : "No"}, ${count(right, "path")}. ${why}${product}.` : "";
}
