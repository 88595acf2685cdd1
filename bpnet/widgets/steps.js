// The view of Steps.
import { fill, html, unique } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { whole } from "./functions.js";
import { player } from "./player.js";
import { pause, shown } from "./steps_maths.js";

const LEAST = 1.1; // px on the screen for a point of the drawing, so that a phone shows it legibly

// A page may hold several drawings: each gets ids of its own.
function drawing(svg, title, texts) {
	const own = `${unique("steps")}-`;
	const frame = html("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": `Drawing: ${title}` });
	frame.innerHTML = svg
		.replaceAll(' id="', ` id="${own}`)
		.replaceAll('href="#', `href="#${own}`)
		.replaceAll("url(#", `url(#${own}`);
	const image = frame.querySelector("svg");
	fill(image, { role: "img", style: `min-width: ${LEAST * image.viewBox.baseVal.width}px` });
	const parts = frame.querySelectorAll(`[id^="${own}step-"]`);
	// Scrolls a narrow frame to what is new.
	const reveal = (elements) => {
		const boxes = elements.map((element) => element.getBoundingClientRect());
		const left = Math.min(...boxes.map((box) => box.left));
		const spare = frame.clientWidth - (Math.max(...boxes.map((box) => box.right)) - left);
		frame.scrollLeft += left - frame.getBoundingClientRect().left - Math.max(spare / 2, 0);
	};
	return {
		element: frame,
		draw({ step }) {
			fill(image, { "aria-label": texts[step - 1] });
			for (const { id, classList } of parts) {
				const { visible, fresh } = shown(id.slice(own.length), step);
				classList.toggle("away", !visible);
				classList.toggle("fresh", fresh);
			}
			const fresh = [...frame.querySelectorAll(".fresh")];
			if (fresh.length) reveal(fresh);
		},
	};
}

// What is spoken follows what is seen, and not at all while playing: it would lag behind.
function caption(texts, playing) {
	const words = spoken(({ step }) => texts[step - 1], playing);
	const room = texts.map((text) => html("p", { class: "room", "aria-hidden": true }, text));
	words.element.append(...room);
	return words;
}

function render({ model, el }) {
	const [title, captions] = [model.get("title"), model.get("captions")];
	const total = captions.length;
	const texts = captions.map((text, n) => `Step ${n + 1} of ${total}. ${text}`);
	const build = ({ change, read }) => {
		const panel = player({
			change, read, total: () => total, rest: ({ step }) => pause(captions[step - 1]),
		});
		const list = html("ol", {}, ...captions.map((text) => html("li", {}, text)));
		return [
			panel,
			caption(texts, panel.playing),
			drawing(model.get("svg"), title, texts),
			{ element: html("details", {}, html("summary", {}, "All steps in words"), list) },
		];
	};
	const legal = (state) => ({ step: whole(state.step, 1, total) });
	return explorable({ model, el }, { title, kind: "steps", legal, build });
}

export default { render };
