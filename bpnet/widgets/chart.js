// A line chart. Marks are functions of the chart's scales.
import { fill, svg } from "./dom.js";
import { minus } from "./words.js";

const BOX = { left: 36, right: 346, top: 10, bottom: 206 };

const linear = ([from, to], [start, end]) => (value) =>
	start + ((value - from) / (to - from)) * (end - start);
// The line of a value, and the value before it.
export const level = (y, value, left, right) => [
	svg("line", { class: value ? "grid" : "zero", x1: left, x2: right, y1: y, y2: y }),
	svg("text", { x: left - 5, y, dy: "0.35em", "text-anchor": "end" }, minus(`${value}`)),
];

function axes({ X, Y }, { xTicks, yTicks, xName }) {
	const under = (x, words, className = "") =>
		svg("text", { class: className, x, y: BOX.bottom + 20, "text-anchor": "middle" }, words);
	return [
		...yTicks.flatMap((y) => level(Y(y), y, BOX.left, BOX.right)),
		...xTicks.map((x) => under(X(x), minus(`${x}`))), under(BOX.right + 6, xName, "name"),
	];
}

// f drawn from one x to another.
export const curve = (f, [from, to], className) => ({ X, Y }) => {
	const points = Array.from({ length: 121 }, (_, n) => from + ((to - from) * n) / 120);
	const path = points.map((x) => `${X(x).toFixed(2)},${Y(f(x)).toFixed(2)}`).join(" ");
	return svg("polyline", { class: className, points: path });
};

export const guide = (x) => ({ X }) =>
	svg("line", { class: "guide", x1: X(x), x2: X(x), y1: BOX.top, y2: BOX.bottom });

export const text = (words, [x, y], anchor, className) => ({ X, Y }) =>
	svg("text", { class: `label ${className}`, x: X(x), y: Y(y), dy: "0.35em", "text-anchor": anchor }, words);

export const circle = (x, y, className) => ({ X, Y }) =>
	svg("circle", { class: `marker ${className}`, cx: X(x), cy: Y(y), r: 5.5 });

export const square = (x, y, className) => ({ X, Y }) =>
	svg("rect", { class: `marker ${className}`, x: X(x) - 7, y: Y(y) - 7, width: 14, height: 14 });

// `view(state)` is { x, y, xTicks, yTicks, xName, marks, label }, x and y the ranges.
export function chart(view) {
	const element = svg("svg", { viewBox: "0 0 360 232", role: "img" });
	return {
		element,
		draw(state) {
			const { marks, label, ...frame } = view(state);
			const X = linear(frame.x, [BOX.left, BOX.right]);
			const Y = linear(frame.y, [BOX.bottom, BOX.top]);
			fill(element, { "aria-label": label });
			element.replaceChildren(...axes({ X, Y }, frame), ...marks.map((mark) => mark({ X, Y })));
		},
	};
}
