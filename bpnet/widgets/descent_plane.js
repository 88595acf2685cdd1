// The plane: contours, the walk, and two points that the reader moves.
import { figure } from "./controls.js";
import { EDGES, contour, grid, levels, surfaceOf, walk } from "./descent_maths.js";
import { formula, letters, pair } from "./descent_words.js";
import { fill, svg, unique } from "./dom.js";
import { point } from "./handle.js";
import { minus } from "./words.js";

const UNIT = 34;
const [LEFT, TOP] = [28, 8];
const TRAY = [4.5, -2.5]; // where the diamond waits

const place = ([v1, v2]) => [LEFT + (v1 + EDGES[0]) * UNIT, TOP + (EDGES[1] - v2) * UNIT];
const at = (v) => place(v).map((x) => x.toFixed(1)).join(" ");
const line = (pieces) => pieces.map(([from, to]) => `M${at(from)}L${at(to)}`).join("");
const move = (element, v) => fill(element, { transform: `translate(${at(v)})` });
const rounded = (v, decimals) => v.map((x) => Number(x.toFixed(decimals)));

const text = (words, v, dx, dy, anchor, name = "") => {
	const [x, y] = place(v);
	return svg("text", { class: name, x, y, dx, dy, "text-anchor": anchor }, words);
};

const axes = () => [
	...[-4, -2, 0, 2, 4].map((x) => text(minus(String(x)), [x, -3], 0, 17, "middle")),
	...[-2, 0, 2].map((y) => text(minus(String(y)), [-5, y], -6, 5, "end")),
];

export function plane({ change, read }) {
	const clip = unique("plane");
	const [width, height] = EDGES.map((edge) => 2 * edge * UNIT);
	const frame = { x: LEFT, y: TOP, width, height };
	const guess = (v) => change({ guess: [read().step + 1, ...rounded(v, 2)] });
	const ground = svg("rect", { class: "ground", ...frame, onclick: (event) => guess(where(event)) });
	const contours = svg("g", { class: "contours" });
	const paths = ["standing", "miss", "walked", "dots"].map((name) => svg("path", { class: name }));
	const [standing, miss, walked, dots] = paths;
	const here = svg("circle", { class: "here", r: 6 });
	const names = [text("", [5, -3], 0, 17, "end", "name"), text("", [-5, 3], 6, 16, "", "name")];
	const start = svg("g", {}, svg("circle", { class: "hit", r: 13 }), svg("circle", { r: 5 }));
	const mark = svg("path", { class: "guess", d: "M0-8L8 0L0 8L-8 0Z" });
	const diamond = svg("g", {}, svg("circle", { class: "hit", r: 18 }), mark);
	const image = svg("svg", { viewBox: `0 0 ${LEFT + width + 8} ${TOP + height + 22}`, role: "group" },
		svg("clipPath", { id: clip }, svg("rect", frame)),
		svg("g", { "aria-hidden": true },
			ground, svg("g", { "clip-path": `url(#${clip})`, "pointer-events": "none" }, contours, ...paths, here),
			...axes(), ...names),
		start, diamond,
	);
	function where({ clientX, clientY }) {
		const { left, top, width: seen } = ground.getBoundingClientRect();
		const unit = (seen / width) * UNIT;
		return [(clientX - left) / unit - EDGES[0], EDGES[1] - (clientY - top) / unit];
	}
	const guessed = ({ guess: [n, ...v], step }) => (n === step + 1 || n === step ? v : undefined);
	const handles = [
		point(start, {
			name: "Start point, up and down v₂", at: (state) => state.start, where, edges: EDGES, text: pair,
			set: (v) => change({ start: rounded(v, 1), guess: [] }),
		}),
		point(diamond, {
			name: "Your guess of the next point, up and down v₂", at: guessed, from: (state) => walk(state).at(-1).v,
			where, edges: EDGES, text: (v) => (v ? pair(v) : "not placed"), set: guess,
		}),
	];

	let drawn, values;
	function drawContours(state) {
		const key = [state.surface, state.own].join();
		if (key === drawn) return;
		drawn = key;
		values = grid(surfaceOf(state));
		const lines = levels(values).map((level) => line(contour(values, level)));
		contours.replaceChildren(...lines.map((d) => svg("path", { d })));
		letters(state).forEach((letter, n) => (names[n].textContent = letter));
	}

	return figure(formula, {
		element: image,
		draw(state) {
			drawContours(state);
			const points = walk(state);
			const { v, loss } = points.at(-1);
			const ways = points.map((one) => at(one.v));
			const own = guessed(state);
			const level = contour(values, loss);
			fill(standing, { d: level.length > 12 ? line(level) : "" }); // shorter ones have gaps
			fill(walked, { d: `M${ways.join("L")}` });
			fill(dots, { d: ways.map((way) => `M${way}h0`).join("") });
			fill(miss, { d: own && state.guess[0] === state.step ? line([[own, v]]) : "" });
			move(here, v);
			move(start, state.start);
			move(diamond, own ?? TRAY);
			handles.forEach((handle) => handle.draw(state));
			fill(image, { "aria-label": `Contours of ${formula(state)}` });
		},
	});
}
