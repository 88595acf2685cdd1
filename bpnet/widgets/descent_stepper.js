// The view of DescentStepper.
import { beside, button, choice, only, picker, slider, table, trait, words } from "./controls.js";
import { BATCHES, MAX_SEED, MAX_STEPS, SURFACES, changes, legal, walk } from "./descent_maths.js";
import { plane } from "./descent_plane.js";
import { NAMES, ask, border, borderWords, ended, exact, letters, signed, summary } from "./descent_words.js";
import { fill, html } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { player } from "./player.js";

const variable = (letter) => html("var", {}, letter);
const on = (name, part) => only(({ surface }) => surface === name, part);

// The slider of η, with a mark at 2/Λ.
function rate(settle) {
	const range = ({ surface, eta }) => {
		const [first, last] = SURFACES[surface].etas;
		return [first, Math.max(last, eta), first];
	};
	const part = slider({ label: ["Rate ", variable("η")], range, ...trait(settle, "eta") });
	const mark = html("span", {}, "▲ border");
	part.element.classList.add("rate");
	part.element.append(html("div", { class: "limit", "aria-hidden": true }, mark));
	return {
		element: part.element,
		draw(state) {
			part.draw(state);
			const [first, last] = range(state);
			const share = Math.max((border(state) - first) / (last - first), 0);
			mark.hidden = share > 1;
			mark.style.left = `calc((100% - 16px) * ${share} + 8px)`;
		},
	};
}

const own = (settle, read) => ["p", "q", "r"].map((letter, n) => slider({
	label: variable(letter), range: [-10, 10, 0.5], value: (state) => state.own[n],
	set: (value) => settle({ own: read().own.with(n, value) }),
}));

const batch = (settle) => beside("controls",
	choice({
		label: "Mini-batch of", options: BATCHES.map((size) => [size, size]), ...trait(settle, "batch"),
	}),
	slider({ label: "Seed", range: [1, MAX_SEED, 1], text: String, ...trait(settle, "seed") }),
);

function here(state) {
	const { v, push, u } = walk(state).at(-1);
	return letters(state).map((letter, k) => [letter, ...[v, push, u].map((own) => exact(own[k]))]);
}

const promises = (state) => changes(state).map(({ first, bound, actual }, n) => {
	const rise = actual > 0 ? "▲ " : "";
	return [n + 1, signed(first), bound === undefined ? "–" : signed(bound), rise + signed(actual)];
}).reverse();

// The reply to a guess is spoken, the bare question is not.
function asking(steps) {
	const { element, draw } = words(ask, { class: "ask" });
	return {
		element,
		draw(state) {
			fill(element, { "aria-live": state.guess.length && !steps.playing() ? "polite" : "off" });
			draw(state);
		},
	};
}

function build({ change, read }) {
	const settle = (values) => change({ ...values, guess: [] });
	const steps = player({
		read, total: (state) => walk(state, MAX_STEPS).length, step: ({ step }) => step + 1,
		go: (n) => change({ step: n - 1 }), rest: () => 500, text: ({ step }) => `step ${step}`,
	});
	const take = () => change({ step: read().step + 1 });
	const enabled = (state) => !ended(state);
	const promised = table({ columns: ["step", "first order", "bound", "actual change"], rows: promises });
	const scroll = { class: "scroll", tabindex: 0, role: "region", "aria-label": "All steps, the last first" };
	const surface = picker({
		label: "Loss", options: () => Object.entries(NAMES), value: (state) => state.surface,
		set(name) {
			const { start, eta } = SURFACES[name];
			settle({ surface: name, start, eta, step: 0 });
		},
	});
	return [
		surface,
		beside("panels",
			beside("stage", plane({ change, read }), asking(steps),
				button("Take the step", take, { enabled }), steps),
			beside("stage",
				on("own", beside("controls", ...own(settle, read))),
				rate(settle),
				words(borderWords, { class: "note" }),
				slider({
					label: ["Momentum ", variable("β")], range: [0, 0.95, 0.05], ...trait(settle, "beta"),
				}),
				on("neuron", batch(settle)),
				table({ columns: ["here", "value", "slope", "last move"], rows: here }))),
		spoken(summary, steps.playing),
		{ element: html("div", scroll, promised.element), draw: promised.draw },
	];
}

export default {
	render: (context) => explorable(context, { title: "Descent, step by step", kind: "descent", legal, build }),
};
