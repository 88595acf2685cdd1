// Signed bars, a column for each class, with numbers in rows below.
import { svg } from "./dom.js";
import { handle } from "./handle.js";
import { MOST } from "./push_pull_maths.js";
import { nameOf } from "./push_pull_words.js";
import { minus } from "./words.js";

const [LEFT, TOP, PLOT, ROW] = [32, 10, 130, 20];
const KNOB = 7;

function scales(n, [low, high]) {
	const width = n > 3 ? 326 : 218;
	const column = (width - LEFT) / n;
	return {
		width, column,
		X: (k) => LEFT + column * (k + 0.5),
		Y: (value) => TOP + (PLOT * (high - value)) / (high - low),
	};
}

// The range of signed bars: the least of a few that holds all values.
export function signed(values) {
	const most = [1, 2, 5, 10, 20, 50].find((limit) => values.every((each) => Math.abs(each) <= limit));
	return [-most, most];
}

const level = ({ Y, width }) => (value) => [
	svg("line", { class: value ? "grid" : "zero", x1: LEFT, x2: width, y1: Y(value), y2: Y(value) }),
	svg("text", { x: LEFT - 5, y: Y(value), dy: "0.35em", "text-anchor": "end" }, minus(String(value))),
];

// Where a bar stands: `side` -1, 0, 1 is the left half of the column, its middle, its right half.
const place = ({ X, column }, k, side) => ({
	middle: X(k) + side * column * 0.2, width: column * (side ? 0.32 : 0.46),
});

// A list of values as bars.
export const drawn = (values, look, side = 0) => (scale) =>
	values.map((value, k) => {
		const { middle, width } = place(scale, k, side);
		const [zero, end] = [scale.Y(0), scale.Y(value)];
		const name = typeof look === "string" ? look : look(value);
		const box = { x: middle - width / 2, width, y: Math.min(zero, end), height: Math.abs(zero - end) };
		return svg("rect", { class: `bar ${name}`, ...box });
	});

const row = ({ X }) => ([name, ...cells], n) => {
	const y = TOP + PLOT + 4 + (n + 1) * ROW;
	const cell = (words, k) => svg("text", { class: "cell", x: X(k), y, "text-anchor": "middle" }, words);
	return [svg("text", { x: LEFT - 5, y, "text-anchor": "end", class: "name" }, name), ...cells.map(cell)];
};

// The ends of bars, to be dragged: `own(k)` is what a handle needs for class k.
export const grips = (side, look, own) =>
	Array.from({ length: MOST }, (_, k) => {
		const element = svg("rect", { class: `knob ${look}`, height: KNOB, rx: 3 });
		const reach = () => PLOT * element.getScreenCTM().d;
		const options = { ...own(k), upward: true, reach };
		const dragged = handle(element, options);
		return {
			element,
			draw(state, scale) {
				element.style.display = k < state.z.length ? "" : "none";
				if (k >= state.z.length) return;
				const { middle, width } = place(scale, k, side);
				element.setAttribute("x", middle - width / 2 - 3);
				element.setAttribute("width", width + 6);
				element.setAttribute("y", scale.Y(options.value(state)) - KNOB / 2);
				dragged.draw(state);
			},
		};
	});

// `shows(state)` returns { range, marks, rows, label }; room for `high` rows and the names.
export function bars(shows, handles = [], high = 2) {
	const picture = svg("g", { "aria-hidden": true });
	const role = handles.length ? "group" : "img";
	const element = svg("svg", { class: "bars", role }, picture, ...handles.map((one) => one.element));
	return {
		element,
		draw(state) {
			const { range, marks, rows, label } = shows(state);
			const scale = scales(state.z.length, range);
			const names = ["", ...state.z.map((_, k) => nameOf(k))];
			element.setAttribute("viewBox", `0 0 ${scale.width} ${TOP + PLOT + 30 + high * ROW}`);
			element.setAttribute("aria-label", label);
			const numbers = [names, ...rows].flatMap(row(scale));
			const drawn = marks.flatMap((mark) => mark(scale));
			const levels = [range[0], (range[0] + range[1]) / 2, range[1]].flatMap(level(scale));
			picture.replaceChildren(...levels, ...drawn, ...numbers);
			for (const one of handles) one.draw(state, scale);
		},
	};
}
