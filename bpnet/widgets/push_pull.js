// The view of PushPull.
import {
	LATER, beside, button, choice, covered, figure, only, picker, prediction, slider, trait, words,
} from "./controls.js";
import { html } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { player } from "./player.js";
import { bars, drawn, grips, signed } from "./push_pull_bars.js";
import { factor, tiles } from "./push_pull_beside.js";
import {
	LIMIT, RANGES, VIEWS, canShift, evaluate, legal, oneHot, rightClass, shifted,
} from "./push_pull_maths.js";
import {
	arrow, cancels, feedback, formula, four, listed, nameOf, question, short, summary, way,
} from "./push_pull_words.js";

const BELOW = ["nothing more", "the Jacobian, tile by tile", "sigmoid with quadratic loss"];
const REST = 1400; // ms

const variable = (change, name, label, letter) => slider({
	label: [label, html("var", {}, letter)], range: RANGES[name], ...trait(change, name),
});

function shift(change, read, step, sign) {
	const move = () => change({ z: shifted(read().z, step) });
	return button(sign, move, { enabled: ({ z }) => canShift(z, step), name: `Shift all scores by ${sign}` });
}

function scores(change, read) {
	const shows = ({ z, heated }) => ({
		range: [-LIMIT, LIMIT], marks: [drawn(z, "score")], label: "Scores",
		rows: [["z", ...z.map(short)], ["z/T", ...heated.map(short)]],
	});
	const handles = grips(0, "score", (k) => ({
		name: `Score of ${nameOf(k)}`, range: [-LIMIT, LIMIT, 0.1], text: short,
		value: ({ z }) => z[k], set: (value) => change({ z: read().z.with(k, value) }),
	}));
	const shifts = [shift(change, read, -1, "−1"), shift(change, read, 1, "+1")];
	return figure("Scores z: drag them", bars(shows, handles),
		beside("actions", { element: "Shift all" }, ...shifts),
		variable(change, "temperature", "Temperature ", "T"));
}

function predictions(change, read) {
	const shows = ({ y, yhat }) => ({
		range: [0, 1], marks: [drawn(yhat, "prediction", -1), drawn(y, "target", 1)],
		rows: [["ŷ", ...yhat.map(four)], ["y", ...y.map(short)]],
		label: listed("Predictions", yhat),
	});
	const handles = grips(1, "target", (k) => ({
		name: `Target of ${nameOf(k)}`, range: [0, 1, 0.05], text: short, value: ({ y }) => y[k],
		set: (value) => change({ target: read().y.with(k, value), epsilon: 0 }),
	}));
	const options = ({ target }) => [
		...target.map((_, k) => [k + 1, nameOf(k)]), ...(rightClass(target) ? [] : [[0, "none: soft"]]),
	];
	const right = picker({
		label: "Right class", options, value: ({ target }) => rightClass(target),
		set: (k) => k && change({ target: oneHot(read().z.length, k) }),
	});
	return figure("Prediction ŷ, target y", bars(shows, handles), right,
		variable(change, "epsilon", "Smoothing ", "ε"));
}

function pushes(change) {
	const shows = ({ delta, guess }) => {
		const rows = [["δ", ...delta.map(four)], ["", ...delta.map(arrow)]];
		return guess
			? { range: signed(delta), marks: [drawn(delta, way)], rows, label: listed("Pushes", delta) }
			: { range: [-1, 1], marks: [], rows: [], label: "Pushes: after your answer." };
	};
	const why = ({ guess }) => (guess ? "" : LATER);
	return figure((state) => `Push δ = ${formula(state)}`, covered(bars(shows), why),
		words((state) => (state.guess ? cancels(state) : "Sum: ?"), { class: "sum" }),
		variable(change, "upstream", "From above ", "g"));
}

function build({ change, read }) {
	const steps = player({ change, read, total: ({ z }) => z.length ** 2, rest: () => REST });
	const below = (own, part) => only(({ guess, view }) => guess && view === own, part);
	return [
		prediction({
			question, answers: ({ z }) => z.map((_, k) => [k + 1, nameOf(k)]),
			...trait(change, "guess"), reply: feedback,
		}),
		beside("panels", scores(change, read), predictions(change, read), pushes(change)),
		beside("controls", choice({
			label: "Show below", options: VIEWS.map((view, n) => [view, BELOW[n]]),
			...trait(change, "view"),
		})),
		words(({ guess, view }) => (guess || view === "pushes" ? "" : LATER)),
		below("jacobian", beside("paths", tiles(), steps)),
		below("quadratic", factor()),
		spoken(summary, ({ view }) => view === "jacobian" && steps.playing()),
	];
}

export default {
	render: (context) => explorable(context, {
		title: "Push and pull", kind: "push-pull", legal: (state) => evaluate(legal(state)), build,
	}),
};
