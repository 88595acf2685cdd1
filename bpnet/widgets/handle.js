// Makes a mark of a drawing a slider: the pointer drags it, the arrow keys move it.
import { fill } from "./dom.js";
import { clamp } from "./functions.js";

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// `reach()` pixels of dragging, to the right or (`upward`) up, go through the whole range.
export function handle(element, options) {
	const { name, range: [min, max, step], value, set, text, upward, reach = () => 200 } = options;
	let [now, from] = [min];
	const move = (to) => {
		const rounded = Number((min + Math.round((to - min) / step) * step).toFixed(6));
		const next = clamp(rounded, min, max);
		if (next !== now) set(next);
	};
	const way = (event) => (upward ? -event.clientY : event.clientX);
	const drop = () => (from = undefined);
	element.classList.add("handle");
	fill(element, {
		role: "slider", tabindex: 0, "aria-label": name, "aria-valuemin": min, "aria-valuemax": max,
		"aria-orientation": upward ? "vertical" : "horizontal",
		onpointerdown(event) {
			element.setPointerCapture(event.pointerId);
			from = { at: way(event), value: now, range: (max - min) / reach() };
		},
		onpointermove: (event) => from && move(from.value + (way(event) - from.at) * from.range),
		onpointerup: drop,
		onpointercancel: drop,
		onkeydown(event) {
			const to = { Home: min, End: max }[event.key] ?? now + KEYS[event.key] * step;
			if (Number.isNaN(to)) return;
			event.preventDefault();
			move(to);
		},
	});
	return {
		element,
		draw(state) {
			now = value(state);
			fill(element, { "aria-valuenow": now, "aria-valuetext": text(now) });
		},
	};
}
