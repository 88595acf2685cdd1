// The view of LossExplorer.
import { chart, circle, curve, guide, square, text } from "./chart.js";
import {
	LATER, beside, button, choice, covered, figure, prediction, slider, table, trait, words,
} from "./controls.js";
import { html } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { sigmoidSlope } from "./functions.js";
import { ETA, LIMIT, LOSSES, MAX_STEPS, evaluate, legal } from "./loss_maths.js";
import { feedback, summary } from "./loss_words.js";
import { count, number, setting } from "./words.js";

const EDGE = LIMIT + 0.5;
const NAMES = { quadratic: "quadratic", crossEntropy: "cross-entropy" };
const MARKERS = { quadratic: circle, crossEntropy: square };
const TITLES = { loss: "Loss C", delta: "Push δ = dC/dz" };
// Where the curves' names stand for y = 0; y = 1 is the mirror image.
const LABELS = {
	loss: { quadratic: [EDGE, 1.15], crossEntropy: [4.2, 5.4] },
	delta: { quadratic: [EDGE, 0.09], crossEntropy: [EDGE, 0.88] },
};
// One frame for each target: the sign of δ depends on it.
const FRAMES = {
	loss: Array(2).fill({ y: [0, 9], yTicks: [0, 2, 4, 6, 8] }),
	delta: [
		{ y: [-0.05, 1.05], yTicks: [0, 0.25, 0.5, 0.75, 1] },
		{ y: [-1.05, 0.05], yTicks: [-1, -0.75, -0.5, -0.25, 0] },
	],
};

function marks(quantity, { z, y, steps }, now) {
	const side = y ? -1 : 1;
	const f = (name) => (at) => LOSSES[name][quantity](at, y);
	const each = (draw) => Object.keys(NAMES).map(draw);
	const label = (name) => {
		const [x, height] = LABELS[quantity][name];
		const at = [side * x, quantity === "delta" ? side * height : height];
		return text(NAMES[name], at, y ? "start" : "end", name);
	};
	const trail = (name) => curve(f(name), [z, now[name].z], `trail ${name}`);
	return [
		guide(z),
		...(steps ? each(trail) : []),
		...each((name) => curve(f(name), [-EDGE, EDGE], `curve ${name}`)),
		...each(label),
		...each((name) => MARKERS[name](now[name].z, now[name][quantity], name)),
	];
}

function panel(quantity) {
	const hidden = ({ guess }) => quantity === "delta" && !guess;
	const view = (state) => {
		const now = evaluate(state);
		const values = Object.keys(NAMES).map((name) => `${NAMES[name]} ${number(now[name][quantity])}`);
		const [drawn, said] = hidden(state)
			? [[], "hidden until you answer"] : [marks(quantity, state, now), values.join(", ")];
		return {
			x: [-EDGE, EDGE], xTicks: [-8, -4, 0, 4, 8], xName: "z", ...FRAMES[quantity][state.y],
			marks: drawn, label: `${TITLES[quantity]} against z: ${said}.`,
		};
	};
	const why = (state) => (hidden(state) ? LATER : "");
	return figure(TITLES[quantity], covered(chart(view), why));
}

function steps(change, read) {
	const step = () => change({ steps: Math.min(read().steps + 1, MAX_STEPS) });
	const taken = ({ guess, steps }) => (guess ? count(steps, "step") : "after your answer");
	return beside("actions",
		button(`Take a step (η = ${ETA})`, step, { enabled: ({ guess }) => guess }),
		words(taken, { class: "value" }),
	);
}

function numbers(state) {
	const values = Object.values(evaluate(state));
	const hide = (value) => (state.guess ? number(value) : "?");
	return [
		["z", ...values.map(({ z }) => (state.steps ? number(z) : setting(z)))],
		["prediction a = σ(z)", ...values.map(({ a }) => number(a))],
		["loss C", ...values.map(({ loss }) => number(loss))],
		["push δ = dC/dz", ...values.map(({ delta }) => hide(delta))],
		[`ratio a(1 − a) at z = ${setting(state.z)}`, hide(sigmoidSlope(state.z)), ""],
	];
}

function build({ change, read }) {
	const heading = (name) => html("span", { class: name }, NAMES[name]);
	return [
		beside("controls",
			slider({
				label: ["Weighted input ", html("var", {}, "z")], range: [-LIMIT, LIMIT, 0.1],
				...trait(change, "z", { steps: 0 }),
			}),
			choice({
				label: ["Target ", html("var", {}, "y")], options: [[0, "0"], [1, "1"]],
				...trait(change, "y", { steps: 0 }),
			}),
		),
		beside("panels", panel("loss"), panel("delta")),
		prediction({
			question: "Predict: which loss pushes harder here?",
			answers: [["quadratic", "quadratic"], ["cross-entropy", "cross-entropy"], ["same", "the same"]],
			...trait(change, "guess"), reply: feedback,
		}),
		steps(change, read),
		spoken(summary),
		table({ columns: ["", ...Object.keys(NAMES).map(heading)], rows: numbers }),
	];
}

export default {
	render: (context) =>
		explorable(context, { title: "Quadratic loss against cross-entropy", legal, build }),
};
