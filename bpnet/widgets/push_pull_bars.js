// Signed bars, a column for each class, with numbers in rows below.
import { level } from "./chart.js";
import { fill, svg } from "./dom.js";
import { handle } from "./handle.js";
import { MOST } from "./push_pull_maths.js";
import { nameOf } from "./push_pull_words.js";

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

export function signed(values) {
	const most = [1, 2, 5, 10, 20, 50].find((limit) => values.every((each) => Math.abs(each) <= limit));
	return [-most, most];
}

// Where a bar stands: `side` -1, 0, 1 is the left half of the column, its middle, its right half.
const place = ({ X, column }, k, side) => ({
	middle: X(k) + side * column * 0.2, width: column * (side ? 0.32 : 0.46),
});

export const drawn = (values, look, side = 0) => (scale) =>
	values.map((value, k) => {
		const { middle, width } = place(scale, k, side);
		const [zero, end] = [scale.Y(0), scale.Y(value)];
		const name = typeof look === "string" ? look : look(value);
		const [y, height] = [Math.min(zero, end), Math.abs(zero - end)];
		return svg("rect", { class: `bar ${name}`, x: middle - width / 2, width, y, height });
	});

const row = ({ X }) => ([name, ...cells], n) => {
	const y = TOP + PLOT + 4 + (n + 1) * ROW;
	const cell = (words, k) => svg("text", { class: "cell", x: X(k), y, "text-anchor": "middle" }, words);
	return [svg("text", { x: LEFT - 5, y, "text-anchor": "end", class: "name" }, name), ...cells.map(cell)];
};

// The ends of bars; `own(k)` is what a handle needs for class k.
export const grips = (side, look, own) =>
	Array.from({ length: MOST }, (_, k) => {
		const element = svg("rect", { class: `knob ${look}`, height: KNOB, rx: 3 });
		const options = own(k);
		const reach = () => PLOT * element.getScreenCTM().d;
		const dragged = handle(element, { ...options, upward: true, reach });
		return {
			element,
			draw(state, scale) {
				element.style.display = k < state.z.length ? "" : "none";
				if (k >= state.z.length) return;
				const { middle, width } = place(scale, k, side);
				const y = scale.Y(options.value(state)) - KNOB / 2;
				fill(element, { x: middle - width / 2 - 3, width: width + 6, y });
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
			const height = TOP + PLOT + 30 + high * ROW;
			fill(element, { viewBox: `0 0 ${scale.width} ${height}`, "aria-label": label });
			picture.replaceChildren(
				...[range[0], (range[0] + range[1]) / 2, range[1]].flatMap((value) =>
					level(scale.Y(value), value, LEFT, scale.width)),
				...marks.flatMap((mark) => mark(scale)),
				...[names, ...rows].flatMap(row(scale)),
			);
			for (const one of handles) one.draw(state, scale);
		},
	};
}
