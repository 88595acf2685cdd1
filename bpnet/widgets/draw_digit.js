// The view of DrawDigit.
import {
	LATER, beside, button, figure, only, picker, prediction, slider, table, trait, words,
} from "./controls.js";
import {
	DIGITS, ETA, MAX_STEPS, QUARTERS, SIDE, erased, legal, reader, stroke, unpack, written,
} from "./digit_maths.js";
import {
	article, deltas, feedback, ink, origin, percent, place, question, slopes, summary, treatment,
} from "./digit_words.js";
import { fill, html, svg } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { clamp } from "./functions.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = "Arrow keys move, Space inks, Shift with an arrow draws a line, Delete erases.";
const HELPS = [11, 95, 165]; // blue and orange of the book, on white paper in both schemes
const HURTS = [179, 71, 0];
const STRONG = 0.6; // of the largest slope: such pixels carry their sign

const bytes = (view, Kind) => new Kind(view.buffer, view.byteOffset, view.byteLength);
const tint = (colour, share) => colour.map((part) => 255 + share * (part - 255));
const black = (value) => tint([0, 0, 0], value);
const frame = ([y, x, height, width], className) => svg("rect", { class: className, x, y, width, height });
const cell = ({ row, column }, className) => frame([row - 1, column - 1, 1, 1], className);
const largest = (values) => Math.max(...values.map(Math.abs)) || 1;
const panel = (title, part, text) => figure(title, part, words(text, { class: "note" }));

// A picture of view(state): 784 values, their colour, words, and marks in units of a pixel.
function raster(view) {
	const canvas = html("canvas", { width: SIDE, height: SIDE, role: "img" });
	const marks = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": true });
	const context = canvas.getContext("2d");
	const image = context.createImageData(SIDE, SIDE);
	return {
		element: html("div", { class: "raster" }, canvas, marks),
		draw(state) {
			const [values, colour, label, ...above] = view(state);
			values.forEach((value, k) => image.data.set([...colour(value), 255], 4 * k));
			context.putImageData(image, 0, 0);
			fill(canvas, { "aria-label": label });
			marks.replaceChildren(...above.filter(Boolean));
		},
	};
}

// For a pointer, and with a cursor for the keys.
function pad(change, read) {
	let cursor = { row: 14, column: 14 };
	let byKeys = false;
	let from;
	const picture = raster(({ drawn, box }) => [
		drawn, (own) => black(own / 15), "The pad.", box && frame(box, "box"), byKeys && cell(cursor, "cursor"),
	]);
	const level = ({ drawn }) => drawn[(cursor.row - 1) * SIDE + cursor.column - 1];
	const here = words((state) => (byKeys ? `${place(cursor)}: ${ink(level(state))}` : ""),
		{ class: "note", "aria-live": "polite" });
	const element = html("div", {
		class: "pad", role: "application", tabindex: 0, "aria-description": KEYS,
		"aria-label": "Drawing pad, 28 rows and 28 columns",
	}, picture.element);
	const part = beside("", { element, draw: picture.draw }, here);
	const use = (tool, ...places) =>
		change({ picture: written(tool(read().drawn, ...places)), example: -1, steps: 0 });
	const middle = () => ({ x: cursor.column - 0.5, y: cursor.row - 0.5 });
	function line({ clientX, clientY }) {
		const { left, top, width } = element.getBoundingClientRect();
		const to = { x: ((clientX - left) / width) * SIDE, y: ((clientY - top) / width) * SIDE };
		use(stroke, from ?? to, to);
		from = to;
	}
	const lift = () => (from = undefined);
	const look = () => {
		byKeys = element.matches(":focus-visible");
		part.draw(read());
	};
	fill(element, {
		onpointerdown(event) {
			element.setPointerCapture(event.pointerId);
			byKeys = false;
			line(event);
		},
		onpointermove: (event) => from && line(event),
		onpointerup: lift, onpointercancel: lift, onfocus: look, onblur: look,
		onkeydown(event) {
			const moves = ARROWS[event.key];
			const inks = [" ", "Enter"].includes(event.key) || (moves && event.shiftKey);
			const erases = ["Delete", "Backspace"].includes(event.key);
			if (!inks && !erases && !moves) return;
			event.preventDefault();
			byKeys = true;
			const before = middle();
			const [right, down] = moves ?? [0, 0];
			cursor = { row: clamp(cursor.row + down, 1, SIDE), column: clamp(cursor.column + right, 1, SIDE) };
			if (inks) use(stroke, before, middle());
			if (erases) use(erased, middle());
			part.draw(read());
		},
	});
	return part;
}

const seen = () =>
	raster((state) => [
		state.x, black, `What the network sees. ${treatment(state)}`,
		state.placed && frame(state.placed, "box"), state.placed && cell({ row: 15, column: 15 }, "middle"),
	]);

function answers({ probabilities, wish }) {
	const bar = (p) => html("span", { class: "bar", style: `width: ${100 * p}%` });
	return DIGITS.map((k) => [k === wish ? `${k} (wish)` : k, percent(probabilities[k]), bar(probabilities[k])]);
}

function covered({ element, draw }) {
	const why = ({ shown, wish }) => (shown ? "" : wish < 0 ? "Choose a wish." : LATER);
	const part = {
		element,
		draw(state) {
			element.style.visibility = state.shown ? "" : "hidden";
			if (state.shown) draw(state);
		},
	};
	return beside("frame", part, words(why, { class: "cover" }));
}

// The edges between ink and paper.
function outline(x) {
	const dark = (r, c) => c >= 0 && c < SIDE && x[r * SIDE + c] >= 0.5;
	let d = "";
	for (let r = 0; r <= SIDE; r++) {
		for (let c = 0; c <= SIDE; c++) {
			if (dark(r, c) !== dark(r, c - 1)) d += `M${c} ${r}v1`;
			if (dark(r, c) !== dark(r - 1, c)) d += `M${c} ${r}h1`;
		}
	}
	return svg("path", { d });
}

function signs(gradient, most) {
	const sign = (slope, k) => Math.abs(slope) < STRONG * most ? ""
		: `M${(k % SIDE) + 0.2} ${Math.floor(k / SIDE) + 0.5}h.6${slope > 0 ? "m-.3-.3v.6" : ""}`;
	return svg("path", { d: Array.from(gradient, sign).join("") });
}

const pixelSlopes = () =>
	raster((state) => {
		const { gradient, x, helps, hurts } = state;
		const most = largest(gradient);
		const colour = (slope) => tint(slope < 0 ? HELPS : HURTS, Math.abs(slope) / most);
		const marks = [helps, hurts].map((pixel) => pixel && cell(pixel, "steepest"));
		const label = `Slope of the cost in every pixel. ${slopes(state)}`;
		return [gradient, colour, label, outline(x), signs(gradient, most), ...marks];
	});

// One bar a neuron; a dash where delta is exactly 0.
function neuronSlopes() {
	const element = svg("svg", { class: "deltas", role: "img", preserveAspectRatio: "none" });
	return {
		element,
		draw(state) {
			const delta = Array.from(state.delta);
			const most = largest(delta);
			const bar = (slope, j) => (slope ? `M${j + 0.1} 50h.8v${(-48 * slope) / most}h-.8z` : "");
			const zero = (slope, j) => (slope ? "" : `M${j + 0.1} 48h.8v4h-.8z`);
			const label = `δ of the first layer. ${deltas(state)}`;
			fill(element, { viewBox: `0 0 ${delta.length} 100`, "aria-label": label });
			element.replaceChildren(
				svg("path", { class: "bars", d: delta.map(bar).join("") }),
				svg("path", { class: "zeros", d: delta.map(zero).join("") }),
			);
		},
	};
}

const key = (sign, meaning) => html("span", { class: "key" }, html("b", {}, sign), ` ${meaning}`);

const parts = (labels) => ({ change, read }) => {
	const fresh = { picture: "", steps: 0, guess: "" };
	const wishes = [[-1, "nothing else"], ...DIGITS.map((digit) => [digit, article(digit)])];
	const next = () => change({ ...fresh, example: (read().example + 1) % labels.length });
	const step = () => change({ steps: read().steps + 1 });
	return [
		beside("actions",
			button("An example", next, { enabled: () => labels.length > 0 }),
			button("Clear", () => change({ ...fresh, example: -1 })),
		),
		beside("panels",
			panel("The pad", pad(change, read), (state) => origin(state, labels)),
			panel("What the network sees", seen(), treatment),
			figure("What it answers", table({ columns: ["", "probability", ""], rows: answers })),
		),
		beside("controls",
			picker({
				label: "Make it", options: () => wishes, ...trait(change, "wish", { steps: 0, guess: "" }),
			}),
			button(`Take a step on the picture (η = ${ETA})`, step,
				{ enabled: ({ wish, steps }) => wish >= 0 && steps < MAX_STEPS }),
			slider({ label: "Steps", range: [0, MAX_STEPS, 1], text: String, ...trait(change, "steps") }),
		),
		only(({ wish }) => wish >= 0, prediction({
			question, answers: QUARTERS.map((quarter) => [quarter, quarter]),
			...trait(change, "guess"), reply: feedback,
		})),
		beside("panels",
			panel("Slope of the cost", covered(pixelSlopes()),
				() => [key("−", "more ink lowers the cost"), key("+", "more ink raises the cost")]),
			panel("The first layer’s δ", covered(neuronSlopes()), (state) => (state.shown ? deltas(state) : "")),
		),
		spoken(summary, () => document.activeElement?.matches(".pad")),
	];
};

export default {
	render(context) {
		const get = (name) => context.model.get(name);
		const labels = get("labels");
		const weights = bytes(get("weights"), Int8Array);
		const layers = unpack({ sizes: get("sizes"), scales: get("scales"), biases: get("biases"), weights });
		const evaluate = reader(layers, bytes(get("examples"), Uint8Array));
		return explorable(context, {
			title: "Draw a digit", kind: "draw-digit", build: parts(labels),
			legal: (state) => evaluate(legal(state, labels.length)),
		});
	},
};
