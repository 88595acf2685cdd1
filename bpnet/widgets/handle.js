// Makes a mark of a drawing a slider: the pointer drags it, the arrow keys move it.

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

// `reach` pixels of dragging, to the right or (`upward`) up, go through the whole range: a number, or
// a function that returns one.
export function handle(element, { name, range: [min, max, step], value, set, text, upward = false, reach = 200 }) {
	let from;
	let now = min;
	const move = (to) => {
		const rounded = Number((min + Math.round((to - min) / step) * step).toFixed(6));
		const next = Math.min(Math.max(rounded, min), max);
		if (next !== now) set(next);
	};
	const way = (event) => (upward ? -event.clientY : event.clientX);
	element.classList.add("handle");
	for (const [key, own] of Object.entries({ role: "slider", tabindex: 0, "aria-label": name, "aria-valuemin": min, "aria-valuemax": max })) {
		element.setAttribute(key, own);
	}
	if (upward) element.setAttribute("aria-orientation", "vertical");
	element.addEventListener("pointerdown", (event) => {
		element.setPointerCapture(event.pointerId);
		from = { at: way(event), value: now, reach: typeof reach === "function" ? reach() : reach };
	});
	element.addEventListener("pointermove", (event) => {
		if (from) move(from.value + ((way(event) - from.at) / from.reach) * (max - min));
	});
	for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (from = undefined));
	element.addEventListener("keydown", (event) => {
		const ends = { Home: min, End: max };
		if (!(event.key in KEYS) && !(event.key in ends)) return;
		event.preventDefault();
		move(ends[event.key] ?? now + KEYS[event.key] * step);
	});
	return {
		element,
		draw(state) {
			now = value(state);
			element.setAttribute("aria-valuenow", now);
			element.setAttribute("aria-valuetext", text(now));
		},
	};
}
