// The view of PushPull. Each part has an element and draws a state into it.
import { beside, button, choice, picker, prediction, slider } from "./controls.js";
import { html } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { player } from "./player.js";
import { bars, drawn, grips, signed } from "./push_pull_bars.js";
import { factor, tiles } from "./push_pull_beside.js";
import {
	LIMIT, MOST, RANGES, VIEWS, canShift, evaluate, legal, oneHot, replaced, rightClass, shifted,
} from "./push_pull_maths.js";
import {
	arrow, cancels, feedback, formula, four, listed, nameOf, question, short, summary, way,
} from "./push_pull_words.js";

const BELOW = ["nothing more", "the Jacobian, tile by tile", "sigmoid with quadratic loss"];
const REST = 1400; // ms

const variable = (change, name, ...label) => slider({
	label, range: RANGES[name], value: (state) => state[name], set: (value) => change({ [name]: value }),
});

// A drawing, its heading, what stands below it, and its cover.
function panel(title, drawing, below, ...cover) {
	const caption = html("figcaption");
	const frame = html("div", { class: "frame" }, drawing.element, ...cover);
	return {
		element: html("figure", {}, caption, frame, ...below.map(({ element }) => element)),
		draw(state) {
			caption.textContent = title(state);
			for (const part of [drawing, ...below]) part.draw?.(state);
		},
	};
}

function shift(change, read) {
	const by = (step, words) => {
		const move = () => change({ z: shifted(read().z, step) });
		const part = button(words, move, { enabled: ({ z }) => canShift(z, step) });
		part.element.setAttribute("aria-label", `Shift all scores by ${words}`);
		return part;
	};
	return beside("actions", { element: html("span", {}, "Shift all") }, by(-1, "−1"), by(1, "+1"));
}

function scores(change, read) {
	const shows = (state) => ({
		range: [-LIMIT, LIMIT], marks: [drawn(state.z, "score")], label: "Scores",
		rows: [["z", ...state.z.map(short)], ["z/T", ...evaluate(state).heated.map(short)]],
	});
	const drawing = bars(shows, grips(0, "score", (k) => ({
		name: `Score of ${nameOf(k)}`, range: [-LIMIT, LIMIT, 0.1], text: short,
		value: ({ z }) => z[k], set: (value) => change({ z: replaced(read().z, k, value) }),
	})));
	return panel(() => "Scores z: drag them", drawing, [
		shift(change, read), variable(change, "temperature", "Temperature ", html("var", {}, "T")),
	]);
}

function predictions(change, read) {
	const shows = (state) => {
		const { y, yhat } = evaluate(state);
		return {
			range: [0, 1], marks: [drawn(yhat, "prediction", -1), drawn(y, "target", 1)],
			rows: [["ŷ", ...yhat.map(four)], ["y", ...y.map(short)]],
			label: listed("Predictions", yhat),
		};
	};
	const drawing = bars(shows, grips(1, "target", (k) => ({
		name: `Target of ${nameOf(k)}`, range: [0, 1, 0.05], text: short, value: (state) => evaluate(state).y[k],
		set: (value) => change({ target: replaced(evaluate(read()).y, k, value), epsilon: 0 }),
	})));
	const options = ({ target }) => [
		...target.map((_, k) => [k + 1, nameOf(k)]), ...(rightClass(target) ? [] : [[0, "none: soft"]]),
	];
	const right = picker({
		label: "Right class", options, value: ({ target }) => rightClass(target),
		set: (k) => k && change({ target: oneHot(read().z.length, k) }),
	});
	return panel(() => "Prediction ŷ, target y", drawing, [
		right, variable(change, "epsilon", "Smoothing ", html("var", {}, "ε")),
	]);
}

function pushes(change) {
	const shows = (state) => {
		const { delta } = evaluate(state);
		const rows = [["δ", ...delta.map(four)], ["", ...delta.map(arrow)]];
		return state.guess
			? { range: signed(delta), marks: [drawn(delta, way)], rows, label: listed("Pushes", delta) }
			: { range: [-1, 1], marks: [], rows: [], label: "Pushes: after your answer." };
	};
	const cover = html("p", { class: "cover" }, "Predict first: the pushes appear after your answer.");
	const sum = html("p", { class: "sum" });
	const draw = (state) => {
		cover.hidden = Boolean(state.guess);
		sum.textContent = state.guess ? cancels(state) : "Sum: ?";
	};
	const above = variable(change, "upstream", "From above ", html("var", {}, "g"));
	return panel((state) => `Push δ = ${formula(state)}`, bars(shows), [{ element: sum, draw }, above], cover);
}

function ask(change) {
	const answers = Array.from({ length: MOST }, (_, k) => [k + 1, nameOf(k)]);
	const asked = prediction({
		question, answers, value: ({ guess }) => guess, set: (guess) => change({ guess }), reply: feedback,
	});
	const buttons = asked.element.querySelectorAll("button");
	const draw = (state) => {
		asked.draw(state);
		buttons.forEach((one, k) => (one.hidden = k >= state.z.length));
	};
	return { ...asked, draw };
}

// A part that is there in one of the views, after the guess.
const only = (view, part) => ({
	...part, draw(state) {
		const there = state.guess && state.view === view;
		part.element.hidden = !there;
		if (there) part.draw(state);
		else part.stop();
	},
});

function build({ change, read }) {
	const total = ({ z }) => z.length ** 2;
	const steps = player({
		read, total, step: ({ step }) => step, go: (step) => change({ step }), rest: () => REST,
	});
	return [
		ask(change),
		beside("panels", scores(change, read), predictions(change, read), pushes(change)),
		beside("controls", choice({
			label: "Show below", options: VIEWS.map((view, n) => [view, BELOW[n]]),
			value: ({ view }) => view, set: (view) => change({ view }),
		})),
		only("jacobian", beside("paths", tiles(), steps)),
		only("quadratic", factor()),
		spoken(summary, ({ view }) => view === "jacobian" && steps.playing()),
	];
}

export default {
	render: (context) => explorable(context, { title: "Push and pull", kind: "push-pull", legal, build }),
};
