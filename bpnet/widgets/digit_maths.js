// A drawing, a network that reads it, and the way back to the pixels.
import { clamp, sum, whole } from "./functions.js";

export const SIDE = 28;
export const ETA = 0.05;
export const MAX_STEPS = 20;
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
export const QUARTERS = ["top left", "top right", "bottom left", "bottom right"];

const PIXELS = SIDE * SIDE;
const INSIDE = 20;
const LEVELS = 15;
const BRUSH = 1.6; // cells from the middle of a stroke to paper

const dot = (shares, value) => sum(shares.map((share, k) => share * value(k)));
const range = (n) => Array.from({ length: n }, (_, k) => k);

// The drawing: 784 levels of ink from 0 to 15, as digits 0 to f in the state.

export const levels = (picture) => Uint8Array.from(picture.padEnd(PIXELS, "0"), (digit) => parseInt(digit, 16));

export const written = (drawing) =>
	drawing.some(Boolean) ? Array.from(drawing, (level) => level.toString(16)).join("") : "";

const away = (k, { x, y }) => Math.hypot((k % SIDE) + 0.5 - x, Math.floor(k / SIDE) + 0.5 - y);

// A soft round brush moved on a line; places are in cells from the corner.
export function stroke(drawing, from, to) {
	const inked = Uint8Array.from(drawing);
	const count = Math.max(1, Math.ceil(4 * Math.hypot(to.x - from.x, to.y - from.y)));
	for (let n = 0; n <= count; n++) {
		const along = (axis) => from[axis] + (to[axis] - from[axis]) * (n / count);
		const at = { x: along("x"), y: along("y") };
		for (let k = 0; k < PIXELS; k++) {
			inked[k] = Math.max(inked[k], Math.round(LEVELS * clamp(BRUSH - away(k, at), 0, 1)));
		}
	}
	return inked;
}

export const erased = (drawing, at) => drawing.map((level, k) => (away(k, at) < BRUSH ? 0 : level));

// From a row of cells to 20 pixels, each the mean of the 1/scale cells it covers.
const means = (cells, scale) =>
	range(INSIDE).map((i) =>
		range(cells).map((k) => {
			const covered = Math.min((i + 1) / scale, k + 1) - Math.max(i / scale, k);
			return scale * Math.max(covered, 0);
		}),
	);

// The 784 pixels as MNIST's makers made theirs, the ink's `box` [row, column, rows, columns] in the
// drawing and where it came to lie; undefined for both on blank paper.
export function centred(drawing) {
	const at = (row, column) => drawing[row * SIDE + column] / LEVELS;
	const pixels = new Float64Array(PIXELS);
	const inked = range(PIXELS).filter((k) => drawing[k]);
	if (!inked.length) return { pixels };
	const extent = (places) => [Math.min(...places), Math.max(...places) - Math.min(...places) + 1];
	const [top, rows] = extent(inked.map((k) => Math.floor(k / SIDE)));
	const [left, columns] = extent(inked.map((k) => k % SIDE));
	const scale = INSIDE / Math.max(rows, columns);
	const across = means(columns, scale);
	const ink = range(rows).map((r) => across.map((shares) => dot(shares, (c) => at(top + r, left + c))));
	const small = means(rows, scale).map((shares) => range(INSIDE).map((j) => dot(shares, (r) => ink[r][j])));
	const mass = sum(small.flat());
	const mean = (along) => sum(small.flatMap((row, i) => row.map((ink, j) => ink * along(i, j)))) / mass;
	const down = 14 - Math.floor(mean((i) => i + 0.5) + 1e-9);
	const right = 14 - Math.floor(mean((i, j) => j + 0.5) + 1e-9);
	pixels.forEach((_, k) => (pixels[k] = small[Math.floor(k / SIDE) - down]?.[(k % SIDE) - right] ?? 0));
	const placed = [down, right, rows * scale, columns * scale];
	return { pixels, scale, box: [top, left, rows, columns], placed };
}

// Layers { W, b, inputs, outputs }, W row by row, out of one byte a weight and one scale a neuron.
export function unpack({ sizes, weights, scales, biases }) {
	let [place, neuron] = [0, 0];
	return sizes.slice(1).map((outputs, l) => {
		const inputs = sizes[l];
		const W = new Float64Array(outputs * inputs);
		for (let n = 0; n < W.length; n++) W[n] = weights[place + n] * scales[neuron + Math.floor(n / inputs)];
		const b = biases.slice(neuron, neuron + outputs);
		place += W.length;
		neuron += outputs;
		return { W, b, inputs, outputs };
	});
}

function affine({ W, b, inputs }, a) {
	return Float64Array.from(b, (bias, j) => {
		let z = bias;
		for (let k = 0; k < inputs; k++) z += W[j * inputs + k] * a[k];
		return z;
	});
}

export function forward(layers, x) {
	const zs = [];
	for (const layer of layers) {
		zs.push(affine(layer, zs.length ? zs.at(-1).map((z) => Math.max(z, 0)) : x));
	}
	const scores = zs.at(-1);
	const top = Math.max(...scores);
	const powers = scores.map((z) => Math.exp(z - top));
	const total = sum(powers);
	const costs = scores.map((z) => Math.log(total) - (z - top));
	return { zs, probabilities: powers.map((e) => e / total), costs };
}

// δ⁽¹⁾ and ∂C/∂x for the wish.
export function backward(layers, { zs, probabilities }, wish) {
	let delta = probabilities.map((p, k) => p - (k === wish ? 1 : 0));
	for (let l = layers.length - 1; ; l--) {
		const { W, inputs, outputs } = layers[l];
		const below = new Float64Array(inputs);
		for (let j = 0; j < outputs; j++) {
			if (delta[j] === 0) continue;
			for (let k = 0; k < inputs; k++) below[k] += delta[j] * W[j * inputs + k];
		}
		if (l === 0) return { delta, gradient: below };
		delta = below.map((slope, k) => (zs[l - 1][k] > 0 ? slope : 0));
	}
}

const move = (x, gradient) => x.map((ink, k) => clamp(ink - ETA * gradient[k], 0, 1));

// The pixel with the largest height, or undefined if none is above zero.
function steepest(gradient, heights) {
	const k = heights.indexOf(Math.max(...heights));
	if (heights[k] <= 0) return undefined;
	const [row, column] = [Math.floor(k / SIDE), k % SIDE];
	const quarter = QUARTERS[2 * (row >= 14) + (column >= 14)];
	return { row: row + 1, column: column + 1, slope: gradient[k], quarter };
}

function judged(layers, x, wish) {
	const pass = forward(layers, x);
	const { probabilities, costs } = pass;
	const ranking = [...DIGITS].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
	if (wish < 0) return { x, probabilities, ranking };
	const { delta, gradient } = backward(layers, pass, wish);
	const helps = gradient.map((slope, k) => (x[k] < 1 ? -slope : 0)); // there is room for ink
	const hurts = gradient.map((slope, k) => (x[k] > 0 ? slope : 0)); // there is ink to take
	return {
		x, probabilities, ranking, cost: costs[wish], delta, gradient,
		off: delta.filter((slope) => slope === 0).length,
		helps: steepest(gradient, helps), hurts: steepest(gradient, hurts),
	};
}

// evaluate(state) for a network and official digits of 784 bytes: the state and all that follows
// from it. Remembers the way of the steps.
export function reader(layers, examples) {
	let [key, start, way] = [];
	const begin = ({ picture, example }) => {
		if (example < 0) return { drawn: levels(picture), ...centred(levels(picture)) };
		const bytes = examples.slice(example * PIXELS, (example + 1) * PIXELS);
		const drawn = bytes.map((byte) => Math.round(byte / 17)); // 255 = 15 * 17
		return { drawn, pixels: Float64Array.from(bytes, (byte) => byte / 255) };
	};
	return (state) => {
		const { picture, example, wish, steps } = state;
		const now = [picture, example, wish].join();
		if (now !== key) {
			[key, start] = [now, begin(state)];
			way = [judged(layers, start.pixels, wish)];
		}
		while (way.length <= steps) way.push(judged(layers, move(way.at(-1).x, way.at(-1).gradient), wish));
		const shown = wish >= 0 && (state.guess !== "" || steps > 0); // the slopes, after a prediction
		return { ...state, ...start, ...way[steps], first: way[0], shown };
	};
}

// `count` is the number of official digits.
export function legal({ picture, example, wish, steps, guess }, count) {
	const shown = whole(example, -1, count - 1);
	const digits = picture.toLowerCase().replace(/[^0-9a-f]/g, "0").slice(0, PIXELS);
	const wanted = whole(wish, -1, 9);
	return {
		picture: shown < 0 ? written(levels(digits)) : "",
		example: shown,
		wish: wanted,
		steps: wanted < 0 ? 0 : whole(steps, 0, MAX_STEPS),
		guess: QUARTERS.includes(guess) ? guess : "",
	};
}
