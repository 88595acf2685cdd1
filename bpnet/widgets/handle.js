// Marks of a drawing that the pointer drags and the keys move.
import { fill } from "./dom.js";
import { clamp } from "./functions.js";

// Steps to the right and up; a slider adds them.
const KEYS = {
	ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1],
	PageUp: [0, 10], PageDown: [0, -10],
};

// `grab(event)` returns what reads a place off the pointer, `press(key)` the place that a key leads to.
function mark(element, name, { grab, press, move }) {
	let dragged;
	const drop = () => (dragged = undefined);
	element.classList.add("handle");
	fill(element, {
		role: "slider", tabindex: 0, "aria-label": name,
		onpointerdown(event) {
			element.setPointerCapture(event.pointerId);
			dragged = grab(event);
		},
		onpointermove: (event) => dragged && move(dragged(event)),
		onpointerup: drop,
		onpointercancel: drop,
		onkeydown(event) {
			const to = press(event.key, event.shiftKey);
			if (to === undefined) return;
			event.preventDefault();
			move(to);
		},
	});
}

// A slider: `reach()` pixels of dragging, to the right or (`upward`) up, go through the whole range.
export function handle(element, { name, range, value, set, text, upward, reach = () => 200 }) {
	const [min, max, step] = range;
	let now = min;
	const way = (event) => (upward ? -event.clientY : event.clientX);
	mark(element, name, {
		grab(event) {
			const [from, start, scale] = [now, way(event), (max - min) / reach()];
			return (later) => from + (way(later) - start) * scale;
		},
		press(key) {
			const [right, up] = KEYS[key] ?? [];
			return { Home: min, End: max }[key] ?? (KEYS[key] && now + (right + up) * step);
		},
		move(to) {
			const next = clamp(Number((min + Math.round((to - min) / step) * step).toFixed(6)), min, max);
			if (next !== now) set(next);
		},
	});
	fill(element, { "aria-valuemin": min, "aria-valuemax": max });
	if (upward) element.setAttribute("aria-orientation", "vertical");
	return {
		element,
		draw(state) {
			now = value(state);
			fill(element, { "aria-valuenow": now, "aria-valuetext": text(now) });
		},
	};
}

// A point between the `edges` of a plane. `at(state)` is its place, undefined before there is one; then
// the keys begin at `from(state)`. `where(event)` is the place under a pointer.
export function point(element, { name, at, from = at, where, edges, set, text }) {
	let origin;
	mark(element, name, {
		grab: () => where,
		press: (key, far) => KEYS[key]?.map((n, k) => origin[k] + n * (far ? 1 : 0.1)),
		move: (to) => set(to.map((x, k) => clamp(x, -edges[k], edges[k]))),
	});
	fill(element, { "aria-valuemin": -edges[0], "aria-valuemax": edges[0] });
	return {
		draw(state) {
			const now = at(state);
			origin = now ?? from(state);
			fill(element, { "aria-valuenow": origin[0].toFixed(2), "aria-valuetext": text(now) });
		},
	};
}
