// Makes a mark of a drawing a point: the pointer drags it, the arrow keys move it.

const KEYS = { ArrowRight: [0.1, 0], ArrowLeft: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

// `at(state)` is the place, or undefined before there is one; then the keys begin at `from(state)`.
// `where(event)` are the coordinates of a pointer, `edges` their largest sizes. With `jumps` the mark
// comes under the pointer at once; without, it keeps its distance to it.
export function point(element, { name, at, from = at, where, edges, set, text, jumps, decimals = 1 }) {
	let now, origin, grip;
	const move = (to, by) => set(to.map((x, k) => {
		const next = Number((x + by[k]).toFixed(decimals));
		return Math.min(Math.max(next, -edges[k]), edges[k]);
	}));
	const is = { role: "slider", tabindex: 0, class: "handle", "aria-label": name };
	for (const [key, own] of Object.entries(is)) element.setAttribute(key, own);
	element.addEventListener("pointerdown", (event) => {
		element.setPointerCapture(event.pointerId);
		grip = where(event).map((x, k) => (jumps ? 0 : now[k] - x));
		if (jumps) move(where(event), grip);
	});
	element.addEventListener("pointermove", (event) => grip && move(where(event), grip));
	for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => (grip = undefined));
	element.addEventListener("keydown", (event) => {
		const way = KEYS[event.key];
		if (!way) return;
		event.preventDefault();
		move(origin, way);
	});
	return {
		draw(state) {
			now = at(state);
			origin = now ?? from(state);
			const values = { now: origin[0].toFixed(2), min: -edges[0], max: edges[0], text: text(now) };
			for (const [key, own] of Object.entries(values)) element.setAttribute(`aria-value${key}`, own);
		},
	};
}
