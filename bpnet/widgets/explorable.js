// The frame of every explorable: it reads the state, has the parts draw it, and changes it.
import { html } from "./dom.js";

// `legal` brings any state to a possible one. `build({ change, read })` returns the parts from top
// to bottom: { element, draw(state), stop() }, the last two only if there is something to do.
export function explorable({ model, el }, { title, kind = "", legal = (state) => state, build }) {
	const start = model.get("_start");
	const names = Object.keys(start);
	const read = () => legal(Object.fromEntries(names.map((name) => [name, model.get(name)])));
	const change = (values) => {
		for (const [name, value] of Object.entries(values)) model.set(name, value);
		model.save_changes();
	};
	const parts = build({ change, read });
	const stop = () => parts.forEach((part) => part.stop?.());
	const restart = () => {
		const kept = document.activeElement;
		const inside = root.contains(kept);
		stop();
		change(start);
		queueMicrotask(() => { // what had the focus may be gone
			if (inside && !(root.contains(kept) && kept.checkVisibility())) reset.focus({ preventScroll: true });
		});
	};
	const escape = ({ key, target }) => key === "Escape" && !target.matches("input[type=text], .pad") && restart();
	const named = { title: "Reset (Escape)", "aria-keyshortcuts": "Escape" };
	const reset = html("button", { type: "button", onclick: restart, ...named }, "Reset");
	const root = html("div", {
		class: `bpnet-explorable ${kind}`, role: "group", "aria-label": title, onkeydown: escape,
		onfocusin: ({ target }) => (target.dataset.lmSuppressShortcuts = true), // JupyterLab leaves it the keys
	},
		html("div", { class: "head" }, html("p", { class: "title" }, title), reset),
		...parts.map(({ element }) => element),
	);
	el.append(root);

	const draw = () => {
		waiting = false;
		const state = read();
		for (const part of parts) part.draw?.(state);
	};
	let waiting = false; // several traits that change together are drawn once
	const redraw = () => {
		if (!waiting) queueMicrotask(draw);
		waiting = true;
	};
	model.on("change", redraw);
	draw();
	return () => {
		model.off("change", redraw);
		stop();
	};
}

const SPEAK_AFTER = 250; // ms of rest, so that a moving slider does not chatter

// What a screen reader hears after a change, and everybody reads. `quiet(state)`: seen, not spoken.
export function spoken(words, quiet = () => false) {
	const seen = html("p", { "aria-hidden": true });
	const said = html("p", { class: "spoken", role: "status", "aria-live": "polite" });
	let timer;
	return {
		element: html("div", { class: "summary" }, seen, said),
		stop: () => clearTimeout(timer),
		draw(state) {
			const text = words(state);
			const silent = quiet(state);
			seen.textContent = text;
			said.setAttribute("aria-live", silent ? "off" : "polite");
			clearTimeout(timer);
			const say = () => (said.textContent = text);
			if (silent || !said.textContent) say();
			else if (said.textContent !== text) timer = setTimeout(say, SPEAK_AFTER);
		},
	};
}
