// Controls of the explorables. Each is a part: { element, draw(state) }; `set` receives a new value.
import { html, unique } from "./dom.js";
import { setting } from "./words.js";

const at = (state, value) => (typeof value === "function" ? value(state) : value);

// The `value` and `set` of a control of one trait; `also` changes with it.
export const trait = (change, name, also) => ({
	value: (state) => state[name], set: (value) => change({ [name]: value, ...also }),
});

const together = (tag, attributes, ...parts) => ({
	element: html(tag, attributes, ...parts.map(({ element }) => element)),
	draw: (state) => parts.forEach((part) => part.draw?.(state)),
	stop: () => parts.forEach((part) => part.stop?.()),
});

// Parts beside each other: "controls" in a line, "panels" in columns, "actions" close together.
export const beside = (kind, ...parts) => together("div", { class: kind }, ...parts);

// A heading, which may follow the state, and the parts below it.
export const figure = (title, ...parts) =>
	together("figure", {}, words((state) => at(state, title), {}, "figcaption"), ...parts);

// What the state says: text(state) is a string, or a list of strings and nodes.
export function words(text, attributes, tag = "p") {
	const element = html(tag, attributes);
	return {
		element,
		draw(state) {
			const own = text(state);
			if (element.textContent !== own) element.replaceChildren(...[own].flat());
		},
	};
}

export const LATER = "Predict first: this appears after your answer.";

// A part under a cover that says why, until why(state) is empty.
export const covered = (part, why) => beside("frame", part, words(why, { class: "cover" }));

// A part that is there while there(state).
export const only = (there, part) => ({
	...part,
	draw(state) {
		part.element.hidden = !there(state);
		if (there(state)) part.draw(state);
		else part.stop?.();
	},
});

// `name` is spoken in place of a label that is a mere sign.
export function button(label, onclick, { enabled = () => true, name } = {}) {
	const named = name ? { "aria-label": name, title: name } : {};
	const element = html("button", { type: "button", ...named }, label);
	// A disabled button would lose the focus, and with it the keys.
	element.addEventListener("click", () => element.ariaDisabled !== "true" && onclick());
	return { element, draw: (state) => element.setAttribute("aria-disabled", !enabled(state)) };
}

// `range` is [first, last, step], or such a list for each state.
export function slider({ label, range, value, set, text = setting }) {
	const input = html("input", { type: "range", oninput: () => set(Number(input.value)) });
	const shown = html("span", { class: "value" });
	const words = html("label", {}, html("span", {}, label), input);
	return {
		element: html("div", { class: "slider" }, words, shown),
		draw(state) {
			const now = value(state);
			[input.min, input.max, input.step] = at(state, range);
			input.value = now;
			input.setAttribute("aria-valuetext", text(now));
			shown.textContent = `= ${text(now)}`;
		},
	};
}

// One of a few, all in sight: options are [value, words].
export function choice({ label, options, value, set }) {
	const name = unique("group");
	const radios = options.map(([own]) => html("input", { type: "radio", name, onchange: () => set(own) }));
	const labels = options.map(([, words], n) => html("label", {}, radios[n], " ", words));
	return {
		element: html("fieldset", {}, html("legend", {}, label), ...labels),
		draw: (state) => radios.forEach((radio, n) => (radio.checked = options[n][0] === value(state))),
	};
}

// One of many: options(state) are [value, words].
export function picker({ label, options, value, set }) {
	let listed = [];
	const select = html("select", { onchange: () => set(listed[select.selectedIndex][0]) });
	return {
		element: html("label", { class: "picker" }, html("span", {}, label), " ", select),
		draw(state) {
			const now = options(state);
			if (JSON.stringify(now) !== JSON.stringify(listed)) {
				listed = now;
				select.replaceChildren(...listed.map(([, words]) => html("option", {}, words)));
			}
			select.selectedIndex = listed.findIndex(([own]) => own === value(state));
		},
	};
}

export function toggle({ label, value, set }) {
	const box = html("input", { type: "checkbox", onchange: () => set(box.checked) });
	return {
		element: html("label", { class: "toggle" }, box, " ", label),
		draw: (state) => (box.checked = value(state)),
	};
}

// A question before the picture; the answers are [value, words], or a function that gives them.
export function prediction({ question, answers, value, set, reply }) {
	let [listed, buttons] = [];
	const asked = html("p");
	const choices = html("div", { role: "group", "aria-label": "Your prediction" });
	const feedback = html("p", { class: "feedback", "aria-live": "polite" });
	const offer = ([own, words]) =>
		html("button", { type: "button", "data-guess": own, onclick: () => set(own) }, words);
	return {
		element: html("div", { class: "prediction" }, asked, choices, feedback),
		draw(state) {
			asked.textContent = at(state, question);
			const now = at(state, answers);
			if (JSON.stringify(now) !== JSON.stringify(listed)) {
				[listed, buttons] = [now, now.map(offer)];
				choices.replaceChildren(...buttons);
			}
			buttons.forEach((one, n) => one.setAttribute("aria-pressed", listed[n][0] === value(state)));
			const answer = reply(state);
			if (feedback.textContent !== answer) feedback.textContent = answer;
		},
	};
}

// A table of numbers; rows(state) are [name, cell, ...], a cell a text or a node.
export function table({ columns, rows }) {
	const body = html("tbody");
	const head = columns.map((name) => html(name ? "th" : "td", name ? { scope: "col" } : {}, name));
	// A narrow cell breaks a number at its ×.
	const cell = (own) => html("td", {}, own.replaceAll?.("\u00a0×\u00a0", " × ") ?? own);
	const line = ([name, ...cells]) => html("tr", {}, html("th", { scope: "row" }, name), cells.map(cell));
	return {
		element: html("table", { class: "numbers" }, html("thead", {}, html("tr", {}, ...head)), body),
		draw: (state) => body.replaceChildren(...rows(state).map(line)),
	};
}
