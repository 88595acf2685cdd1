// What the figure says about a state.
import {
	EDGES, MAX_STEPS, changes, dot, eigenvalues, eigenvector, judge, largestCurvature, surfaceOf, walk,
} from "./descent_maths.js";
import { equals, number, setting, term } from "./words.js";

export const NAMES = {
	bowl: "Bowl: ½ (v₁² + v₂²)",
	valley: "Valley: ½ (v₁² + 9 v₂²)",
	pass: "Pass: ½ (v₁² − v₂²)",
	"two-neurons": "Two neurons: ½ (v₁ v₂ − 1)²",
	neuron: "Sigmoid neuron, 8 samples",
	own: "Your own quadratic",
};

export function formula({ surface, own }) {
	if (surface === "neuron") return "J(w, b), the mean cross-entropy";
	const [p, q, r] = own.map((c) => term(setting(c).replace(".0", "")));
	return `C = ${NAMES[surface].split(": ")[1] ?? `½ (${p} v₁² + ${q} v₂²) + ${r} v₁ v₂`}`;
}

export const letters = ({ surface }) => (surface === "neuron" ? ["w", "b"] : ["v₁", "v₂"]);
const near = (x, decimals = 2) => number(Number(x.toFixed(decimals)), decimals);
export const pair = (v, decimals) => `(${v.map((x) => near(x, decimals)).join(", ")})`;
export const exact = (x) => number(x, Math.abs(x) < 1000 ? 4 : 0);
export const signed = (x) => (x > 0 ? "+" : "") + exact(x);
export const border = (state) => 2 / largestCurvature(surfaceOf(state), walk(state).at(-1).v);
const plain = (x) => (x > 0.01 && x < 1e4 ? setting(x) : number(x, 3));
export const ended = (state) => state.step === MAX_STEPS || !walk(state, state.step + 1)[state.step + 1];

const byBatch = ({ batch, surface }) => surface === "neuron" && batch < 8;

function factors({ eta }, matrix) {
	const [steep, flat] = eigenvalues(matrix);
	const parts = [...new Set([steep, flat])].map((value) => {
		const v = eigenvector(matrix, value);
		const name = steep === flat ? "v" : matrix[2] ? `what lies along ${pair(v)}` : v[0] ? "v₁" : "v₂";
		const factor = 1 - eta * value;
		return `${name} by ${number(factor, 3)}${Math.abs(factor) > 1 + 1e-9 ? ", so it grows" : ""}`;
	});
	return `A step multiplies ${parts.join("; and ")}.`;
}

export function borderWords(state) {
	const { eta } = state;
	const { quadratic } = surfaceOf(state);
	const limit = border(state);
	if (limit === Infinity) return "There is no curvature here, and so no border.";
	const side = Math.abs(eta - limit) < 1e-9 ? "at" : eta < limit ? "below" : "beyond";
	const where = quadratic ? ", the same everywhere" : " at this point; on the way it may be larger";
	const more = state.beta ? "The border is proved for β = 0." : quadratic ? factors(state, quadratic) : "";
	return (
		`The rate η = ${setting(eta)} is ${side} the border 2/Λ = ${plain(limit)}. ` +
		`Λ = ${plain(2 / limit)} is the largest curvature${where}. ${more}` +
		(byBatch(state) ? " Λ belongs to J, the step to the mini-batch." : "")
	);
}

function why(state, guess, { v, u }, turned) {
	const wide = Math.abs(turned) > 10;
	const towards = (to) => wide && Math.abs(judge(guess, v, to).turned) < 8;
	const { quadratic } = surfaceOf(state);
	const bottom = quadratic && eigenvalues(quadratic)[1] > 0;
	if (bottom && towards([0, 0])) return "You aimed at the lowest point. The step knows only the slope here.";
	if (state.beta) return "The step is β times the last move, minus η times the gradient.";
	if (dot(u, u) && towards(v.map((x, k) => x + u[k]))) return "The step does not remember the last move.";
	if (byBatch(state)) return "The step goes against the mini-batch's gradient.";
	return "The step goes against the gradient, at a right angle to the contour.";
}

export function ask(state) {
	const { guess: [asked, ...guess], step, beta } = state;
	if (asked === step + 1) return `Your point ${asked} is ${pair(guess)}. Now take the step.`;
	if (ended(state) && asked !== step) return "The walk ends here.";
	if (asked !== step || !step) return `Predict: where is point ${step + 1}? Tap there, or move the diamond.`;
	const [from, to] = walk(state).slice(-2);
	const { off, own, length, turned } = judge(guess, from.v, to.v);
	const angle = Math.round(Math.abs(turned));
	const way = angle < 3 ? "in its direction" : `${angle}° to the ${turned > 0 ? "left" : "right"}`;
	return (
		`${off < 0.15 * length ? "Well guessed: your" : "Your"} point is ${near(off)} off. ` +
		`The step is ${beta ? "" : "η times the gradient's length, "}${near(length)} long, ` +
		`yours ${near(own)}${own && length ? `, ${way}` : ""}. ${why(state, guess, from, turned)}`
	);
}

export function summary(state) {
	const { v, loss, gradient } = walk(state).at(-1);
	const name = state.surface === "neuron" ? "J" : "C";
	if (!state.step) {
		return `At the start ${pair(v)}: ${equals(name, exact(loss))}, ∇${equals(name, pair(gradient, 4))}.`;
	}
	const { first, actual } = changes(state).at(-1);
	return (
		`Step ${state.step} leads to ${pair(v)}. First order promised Δ${equals(name, signed(first))}; ` +
		`it is ${signed(actual)}${actual > 0 ? ": the loss rises." : "."}` +
		(v.every((x, k) => Math.abs(x) <= EDGES[k]) ? "" : " The point is outside the picture.") +
		(state.step < MAX_STEPS && ended(state) ? " The walk has run away and ends here." : "")
	);
}
