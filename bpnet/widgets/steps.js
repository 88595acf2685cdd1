// The view of Steps: one drawing, whose parts say in their ids when they are shown.
import { html } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { player } from "./player.js";
import { nearest, pause, shown } from "./steps_maths.js";

const LEAST = 1.1; // px on the screen for a point of the drawing, so that a phone shows it legibly

// A page may hold several drawings: each gets ids of its own.
function drawing(svg, title, words) {
	const own = `steps-${Math.random().toString(36).slice(2)}-`;
	const frame = html("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": `Drawing: ${title}` });
	frame.innerHTML = svg
		.replaceAll(' id="', ` id="${own}`)
		.replaceAll('href="#', `href="#${own}`)
		.replaceAll("url(#", `url(#${own}`);
	const image = frame.querySelector("svg");
	image.setAttribute("role", "img");
	image.style.minWidth = `${LEAST * image.viewBox.baseVal.width}px`;
	const parts = [...frame.querySelectorAll(`[id^="${own}step-"]`)].map((element) => ({
		element,
		name: element.id.slice(own.length),
	}));
	// Scrolls the frame, where the drawing is wider, to the middle of what is new, or to its left end.
	const reveal = (elements) => {
		const boxes = elements.map((element) => element.getBoundingClientRect());
		const left = Math.min(...boxes.map((box) => box.left));
		const spare = frame.clientWidth - (Math.max(...boxes.map((box) => box.right)) - left);
		frame.scrollLeft += left - frame.getBoundingClientRect().left - Math.max(spare / 2, 0);
	};
	return {
		element: frame,
		draw(state) {
			const { step } = state;
			image.setAttribute("aria-label", words(state));
			for (const { element, name } of parts) {
				const { visible, fresh } = shown(name, step);
				element.classList.toggle("away", !visible);
				element.classList.toggle("fresh", fresh);
			}
			const fresh = parts.filter(({ name }) => shown(name, step).fresh);
			if (fresh.length) reveal(fresh.map(({ element }) => element));
		},
	};
}

// What is spoken follows what is seen, and not at all while playing: it would lag behind.
// All texts lie in one place, which fits the longest.
function caption(texts, step, playing) {
	const words = spoken((state) => texts[step(state) - 1], playing);
	const room = texts.map((text) => html("p", { class: "room", "aria-hidden": true }, text));
	words.element.append(...room);
	return words;
}

function render({ model, el }) {
	const [title, captions] = [model.get("title"), model.get("captions")];
	const total = captions.length;
	const texts = captions.map((text, n) => `Step ${n + 1} of ${total}. ${text}`);
	const step = (state) => state.step;
	const build = ({ change, read }) => {
		const panel = player({
			read, step, total: () => total, go: (to) => change({ step: to }),
			rest: (state) => pause(captions[state.step - 1]),
		});
		const list = html("ol", {}, ...captions.map((text) => html("li", {}, text)));
		return [
			panel,
			caption(texts, step, panel.playing),
			drawing(model.get("svg"), title, (state) => texts[state.step - 1]),
			{ element: html("details", {}, html("summary", {}, "All steps in words"), list) },
		];
	};
	const legal = (state) => ({ step: nearest(state.step, total) });
	return explorable({ model, el }, { title, kind: "steps", legal, build });
}

export default { render };
