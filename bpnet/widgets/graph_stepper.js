// The view of GraphStepper.
import { beside, button, picker, prediction, slider, toggle, trait, words } from "./controls.js";
import { fill, html, unique } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { legal } from "./graph_maths.js";
import { picture } from "./graph_picture.js";
import { answers, asked, caption, feedback, short } from "./graph_words.js";
import { player } from "./player.js";

const FRESH = { step: 1, order: [], guess: "", values: [] };

function source({ change, read }, examples) {
	const id = unique("slip");
	const input = html("input", {
		type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-describedby": id,
		onchange: () => set("own"),
	});
	function set(example) {
		const next = { ...FRESH, example, expression: input.value };
		change({ ...next, values: legal({ ...read(), ...next }, examples).values });
	}
	const named = Object.entries(examples).map(([name, own]) => [name, own.words]);
	const options = () => [...named, ["own", "Your own"]];
	const pick = picker({ label: "Example", options, value: ({ example }) => example, set });
	const field = html("label", { class: "picker" }, "Expression", input);
	function draw({ slip, text }) {
		input.value = text;
		fill(input, { "aria-invalid": Boolean(slip) });
	}
	const place = ({ slip, text }) => (slip ? `${text}\n${" ".repeat(slip.at)}^` : "");
	const typed = beside("typed",
		{ element: field, draw },
		words(place, { "aria-hidden": true }, "pre"), words(({ slip }) => slip?.words ?? "", { id }),
	);
	return beside("controls", pick, typed);
}

function inputs({ change, read }) {
	const element = html("div", { class: "controls" });
	let [text, sliders] = [];
	return {
		element,
		draw(state) {
			if (state.text !== text) {
				sliders = state.values.map((_, n) => slider({
					label: state.graph.nodes[n].name, range: state.ranges[n] ?? [-5, 5, 0.1], text: short,
					value: ({ values }) => values[n],
					set: (value) => change({ values: read().values.with(n, value), guess: "" }),
				}));
				element.replaceChildren(...sliders.map((one) => one.element));
			}
			text = state.text;
			sliders.forEach((one) => one.draw(state));
		},
	};
}

function walking({ change, read }, steps) {
	const shorten = () => change({ order: read().order.slice(0, -1) });
	const back = button("Take back", shorten, { enabled: ({ order }) => order.length });
	const own = trait(change, "choosing", { order: [] });
	const mode = toggle({ label: "I choose which node sends next", ...own });
	return beside("walk", steps, beside("actions", back), mode);
}

// A node to choose is a button, and keeps the focus when all is drawn anew.
function drawing({ change, read }) {
	const send = ({ target }) => {
		const pick = Number(target.closest("[data-pick]")?.dataset.pick);
		const { order } = read();
		if (pick && !order.includes(pick)) change({ order: [...order, pick] });
	};
	const element = html("div", {
		class: "drawing", tabindex: 0, role: "group", "aria-label": "The graph", onclick: send,
		onkeydown(event) {
			if (![" ", "Enter"].includes(event.key)) return;
			event.preventDefault();
			send(event);
		},
	});
	return {
		element,
		draw(now) {
			const focused = element.querySelector(":focus")?.dataset.pick;
			element.innerHTML = now.slip ? "" : picture(now);
			if (focused) element.querySelector(`[data-pick="${focused}"]`)?.focus();
			const here = now.choosing ? null : element.querySelector(".here")?.getBoundingClientRect();
			if (here) element.scrollLeft += here.x - element.getBoundingClientRect().x - element.clientWidth / 2;
		},
	};
}

const build = (examples) => (ways) => {
	const { change, read } = ways;
	const steps = player({ read, change, total: ({ total }) => total, rest: () => 5000 });
	const asks = prediction({ question: asked, answers, reply: feedback, ...trait(change, "guess") });
	return [
		source(ways, examples), inputs(ways), asks, walking(ways, steps),
		spoken(caption, steps.playing), drawing(ways),
	];
};

export default {
	render(context) {
		const examples = context.model.get("examples");
		return explorable(context, {
			title: "A graph, step by step", kind: "graph-stepper",
			legal: (state) => legal(state, examples), build: build(examples),
		});
	},
};
