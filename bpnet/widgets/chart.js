// A small line chart in SVG. Marks are functions of the chart's scales, drawn in the order given.
import { svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 232;
const BOX = { left: 36, right: 346, top: 10, bottom: 206 };

const linear = ([from, to], [start, end]) => (value) =>
	start + ((value - from) / (to - from)) * (end - start);
const tick = (value) => String(value).replace("-", "−");

function axes({ X, Y }, { xTicks, yTicks, xName }) {
	const horizontal = yTicks.flatMap((y) => [
		svg("line", { class: y === 0 ? "zero" : "grid", x1: BOX.left, x2: BOX.right, y1: Y(y), y2: Y(y) }),
		svg("text", { x: BOX.left - 6, y: Y(y), dy: "0.35em", "text-anchor": "end" }, tick(y)),
	]);
	const under = (x, words, className) =>
		svg("text", { class: className, x, y: BOX.bottom + 20, "text-anchor": "middle" }, words);
	return [
		...horizontal, ...xTicks.map((x) => under(X(x), tick(x), "")), under(BOX.right + 6, xName, "name"),
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

// Returns the chart's element and draw(its ranges and ticks, marks, what a screen reader says).
export function chart() {
	const element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
	return {
		element,
		draw(frame, marks, spoken) {
			const scales = {
				X: linear(frame.x, [BOX.left, BOX.right]),
				Y: linear(frame.y, [BOX.bottom, BOX.top]),
			};
			element.setAttribute("aria-label", spoken);
			element.replaceChildren(...axes(scales, frame), ...marks.map((mark) => mark(scales)));
		},
	};
}
