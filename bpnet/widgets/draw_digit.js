// The view of DrawDigit: a pad, what the network sees of it, its answer, and the way back.
import { beside, button, picker, prediction, slider, table } from "./controls.js";
import {
	DIGITS, ETA, MAX_STEPS, QUARTERS, SIDE, erased, legal, reader, stroke, unpack, written,
} from "./digit_maths.js";
import {
	article, deltas, feedback, ink, origin, percent, place, question, slopes, summary, treatment,
} from "./digit_words.js";
import { html, svg } from "./dom.js";
import { explorable, spoken } from "./explorable.js";
import { clamp } from "./functions.js";

const FRAME = { title: "Draw a digit", kind: "draw-digit" };
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

// A picture of view(state): 28 x 28 values, their colour, words, and marks in units of a pixel.
function raster(view) {
	const canvas = html("canvas", { width: SIDE, height: SIDE, role: "img" });
	const marks = svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": true });
	const context = canvas.getContext("2d");
	const image = context.createImageData(SIDE, SIDE);
	return {
		element: html("div", { class: "raster" }, canvas, marks),
		draw(state) {
			const [values, colour, words, ...above] = view(state);
			values.forEach((value, k) => image.data.set([...colour(value), 255], 4 * k));
			context.putImageData(image, 0, 0);
			canvas.setAttribute("aria-label", words);
			marks.replaceChildren(...above.filter(Boolean));
		},
	};
}

function panel(title, { element, draw }, words) {
	const note = html("p", { class: "note" });
	return {
		element: html("figure", {}, html("figcaption", {}, title), element, note),
		draw(state) {
			draw(state);
			note.replaceChildren(...[words(state)].flat());
		},
	};
}

// For a pointer, and with a cursor for the keys.
function pad(change, read) {
	let cursor = { row: 14, column: 14 };
	let byKeys = false;
	let from;
	const picture = raster(({ drawn, box }) => [
		drawn, (own) => black(own / 15), "Your drawing.", box && frame(box, "box"), byKeys && cell(cursor, "cursor"),
	]);
	const here = html("p", { class: "note", "aria-live": "polite" });
	const element = html("div", {
		class: "pad", role: "application", tabindex: 0, "aria-description": KEYS,
		"aria-label": "Drawing pad, 28 rows and 28 columns",
	}, picture.element);
	const use = (tool, ...places) =>
		change({ picture: written(tool(read().drawn, ...places)), example: -1, steps: 0 });
	const middle = () => ({ x: cursor.column - 0.5, y: cursor.row - 0.5 });
	function at({ clientX, clientY }) {
		const { left, top, width } = picture.element.getBoundingClientRect();
		return { x: ((clientX - left) / width) * SIDE, y: ((clientY - top) / width) * SIDE };
	}
	function draw(state) {
		const level = state.drawn[(cursor.row - 1) * SIDE + cursor.column - 1];
		here.textContent = byKeys ? `${place(cursor)}: ${ink(level)}` : "";
		picture.draw(state);
	}
	function line(event) {
		const to = at(event);
		use(stroke, from ?? to, to);
		from = to;
	}
	const listen = (names, f) => names.split(" ").forEach((name) => element.addEventListener(name, f));
	listen("pointerdown", (event) => {
		element.setPointerCapture(event.pointerId);
		byKeys = false;
		line(event);
	});
	listen("pointermove", (event) => from && line(event));
	listen("pointerup pointercancel", () => (from = undefined));
	listen("focus blur", () => {
		byKeys = element.matches(":focus-visible");
		draw(read());
	});
	listen("keydown", (event) => {
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
		draw(read());
	});
	return { element: html("div", {}, element, here), draw };
}

const seen = () =>
	raster((state) => {
		const marks = state.placed ? [frame(state.placed, "box"), cell({ row: 15, column: 15 }, "middle")] : [];
		return [state.x, black, `What the network sees. ${treatment(state)}`, ...marks];
	});

function answers({ probabilities, wish }) {
	const bar = (p) => html("span", { class: "bar", style: `width: ${100 * p}%` });
	return DIGITS.map((k) => [k === wish ? `${k} (wish)` : k, percent(probabilities[k]), bar(probabilities[k])]);
}

function covered({ element, draw }) {
	const cover = html("p", { class: "cover" });
	return {
		element: html("div", { class: "frame" }, element, cover),
		draw(state) {
			cover.hidden = state.shown;
			cover.textContent = state.wish < 0 ? "Choose a wish." : "Predict first: it appears after your answer.";
			element.style.visibility = state.shown ? "" : "hidden";
			if (state.shown) draw(state);
		},
	};
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

function signs(gradient, largest) {
	let d = "";
	gradient.forEach((slope, k) => {
		if (Math.abs(slope) < STRONG * largest) return;
		d += `M${(k % SIDE) + 0.2} ${Math.floor(k / SIDE) + 0.5}h.6${slope > 0 ? "m-.3-.3v.6" : ""}`;
	});
	return svg("path", { d });
}

const pixelSlopes = () =>
	raster((state) => {
		const { gradient, x, helps, hurts } = state;
		const largest = Math.max(...gradient.map(Math.abs)) || 1;
		const colour = (slope) => tint(slope < 0 ? HELPS : HURTS, Math.abs(slope) / largest);
		const marks = [helps, hurts].map((pixel) => pixel && cell(pixel, "steepest"));
		const words = `Slope of the cost in every pixel. ${slopes(state)}`;
		return [gradient, colour, words, outline(x), signs(gradient, largest), ...marks];
	});

// One bar a neuron; a dash where delta is exactly 0.
function neuronSlopes() {
	const [bars, zeros] = [svg("path", { class: "bars" }), svg("path", { class: "zeros" })];
	const element = svg("svg", { class: "deltas", role: "img", preserveAspectRatio: "none" }, bars, zeros);
	return {
		element,
		draw(state) {
			const largest = Math.max(...state.delta.map(Math.abs)) || 1;
			let [on, off] = ["", ""];
			state.delta.forEach((slope, j) => {
				if (slope) on += `M${j + 0.1} 50h.8v${(-48 * slope) / largest}h-.8z`;
				else off += `M${j + 0.1} 48h.8v4h-.8z`;
			});
			element.setAttribute("viewBox", `0 0 ${state.delta.length} 100`);
			bars.setAttribute("d", on);
			zeros.setAttribute("d", off);
			element.setAttribute("aria-label", `δ of the first layer. ${deltas(state)}`);
		},
	};
}

function asked(change) {
	const part = prediction({
		question, answers: QUARTERS.map((quarter) => [quarter, quarter]),
		value: ({ guess }) => guess, set: (guess) => change({ guess }), reply: feedback,
	});
	const hide = ({ wish }) => (part.element.hidden = wish < 0);
	return beside("", part, { element: "", draw: hide });
}

const key = (sign, words) => html("span", { class: "key" }, html("b", {}, sign), ` ${words}`);

const parts = (labels) => ({ change, read }) => {
	const fresh = { picture: "", steps: 0, guess: "" };
	const wishes = [[-1, "nothing else"], ...DIGITS.map((digit) => [digit, article(digit)])];
	return [
		beside("actions",
			button("An example", () => change({ ...fresh, example: (read().example + 1) % labels.length }),
				{ enabled: () => labels.length > 0 }),
			button("Clear", () => change({ ...fresh, example: -1 })),
		),
		beside("panels",
			panel("The pad", pad(change, read), (state) => origin(state, labels)),
			panel("What the network sees", seen(), treatment),
			panel("What it answers", table({ columns: ["", "probability", ""], rows: answers }), () => ""),
		),
		beside("controls",
			picker({
				label: "Make it", options: () => wishes, value: ({ wish }) => wish,
				set: (wish) => change({ wish, steps: 0, guess: "" }),
			}),
			button(`Take a step on the picture (η = ${ETA})`, () => change({ steps: read().steps + 1 }),
				{ enabled: ({ wish, steps }) => wish >= 0 && steps < MAX_STEPS }),
			slider({
				label: "Steps", range: [0, MAX_STEPS, 1], text: String,
				value: ({ steps }) => steps, set: (steps) => change({ steps }),
			}),
		),
		asked(change),
		beside("panels",
			panel("Slope of the cost", covered(pixelSlopes()),
				() => [key("−", "more ink lowers the cost"), key("+", "more ink raises the cost")]),
			panel("The first layer’s δ", covered(neuronSlopes()), (state) => (state.shown ? deltas(state) : "")),
		),
		spoken(summary),
	];
};

export default {
	render(context) {
		const get = (name) => context.model.get(name);
		const labels = get("labels");
		const weights = bytes(get("weights"), Int8Array);
		const layers = unpack({ sizes: get("sizes"), scales: get("scales"), biases: get("biases"), weights });
		const evaluate = reader(layers, bytes(get("examples"), Uint8Array));
		const complete = (state) => evaluate(legal(state, labels.length)); // with all that follows from it
		return explorable(context, { ...FRAME, legal: complete, build: parts(labels) });
	},
};
