// The view of PathTracer: the choices, the map, the calculation, and the bars.
import { beside, choice, picker, prediction, table, toggle, trait, words } from "./controls.js";
import { html, svg } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { map } from "./path_map.js";
import { evaluate, legal, steps } from "./path_maths.js";
import { calculation, exact, feedback, label, otherName, question, slopeOf, summary } from "./path_words.js";
import { player } from "./player.js";
import { pause } from "./steps_maths.js";

function workings() {
	const element = html("div", { class: "workings" });
	const part = ([name, value]) =>
		html("span", { class: "factor" }, html("i", {}, value ? name : ""), " ", html("span", {}, value ?? name));
	const line = ({ name, parts, value }) =>
		html("p", {}, html("b", {}, `${name} =`), ...parts.map(part), html("b", {}, `= ${exact(value)}`));
	return { element, draw: (state) => element.replaceChildren(...calculation(state).map(line)) };
}

// A bar from one number to another, on a scale that holds `all`.
function bar(from, to, all, role) {
	const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
	const X = (value) => (high > low ? (100 * (value - low)) / (high - low) : 50);
	const [x, width] = [Math.min(X(from), X(to)), Math.abs(X(to) - X(from))];
	return svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": true },
		svg("rect", { class: role, x, width, y: 1.5, height: 7 }),
		svg("line", { class: "zero", x1: X(0), x2: X(0), y1: -3, y2: 13 }));
}

function slopes(state) {
	const { kind, found, shown, total, other, measured } = state;
	const sums = found.reduce((all, { product }) => [...all, all.at(-1) + product], [0]);
	const scale = state.factored ? [total] : sums;
	const end = kind === "sum";
	const row = (name, value, role, from = 0) => [name, exact(value), bar(from, from + value, scale, role)];
	const late = (name, value) => (end ? row(name, value, "gradient") : [name, "?", ""]);
	return [
		...shown.map(({ product }, n) => row(`Path ${n + 1}`, product, "path", sums[n])),
		state.factored ? late("Backprop", total) : row(end ? "Sum" : "Sum so far", total, "path"),
		late(otherName(state), other), late("Measured", measured),
	];
}

function counts(state) {
	const { kind, guess, one, all } = state;
	const hide = (n) => (guess || kind === "sum" ? n : "?");
	const row = (name, { paths, factored }) => [name, hide(paths), hide(factored)];
	return [row(slopeOf(state), one), row(`all ${state.names.length} slopes`, all)];
}

const build = (networks) => ({ change, read }) => {
	const turn = (values) => { // who has come to the end stays there, to compare
		const now = read();
		change({ ...values, step: now.step === steps(now) ? steps({ ...now, ...values }) : 1 });
	};
	const start = { parameter: "W1_11", step: 1, x: [], y: [], weights: [], guess: 0 };
	const playing = player({
		change, read, total: steps,
		rest: (state) => pause(summary(state)), text: ({ step }) => `step ${step}`,
	});
	return [
		beside("controls",
			choice({
				label: "Network", options: networks.map((name) => [name, name]),
				...trait(change, "network", start),
			}),
			picker({
				label: "Weight or bias", options: ({ names }) => names.map((name) => [name, label(name)]),
				...trait(turn, "parameter", { guess: 0 }),
			}),
		),
		prediction({
			question, answers: [1, 2, 4, 5, 6].map((n) => [n, n]),
			...trait(change, "guess"), reply: feedback,
		}),
		beside("controls",
			toggle({ label: "Factor: merge shared endings into δ", ...trait(turn, "factored") }),
			words(({ done }) => `Multiplications so far: ${done}`, { class: "value" }),
		),
		playing,
		map({ change, read }),
		spoken(summary, playing.playing),
		workings(),
		beside("panels",
			table({ columns: ["Slope", "value", ""], rows: slopes }),
			table({ columns: ["Multiplications", "path by path", "factored"], rows: counts }),
		),
	];
};

export default {
	render(context) {
		const examples = context.model.get("examples");
		return explorable(context, {
			title: "Every path from a weight to the loss", kind: "path-tracer",
			legal: (state) => evaluate(legal(state, examples)), build: build(Object.keys(examples)),
		});
	},
};
