// Losses of two parameters and the walk down them.
import { clamp, sigmoid, softplus } from "./functions.js";

export const EDGES = [5, 3]; // the plane shows |v1| <= 5 and |v2| <= 3
export const MAX_STEPS = 60;
export const MAX_SEED = 20;
export const BATCHES = [8, 4, 2, 1];
const FAR = 1e5; // a walk ends where it has run away

const INPUTS = [-4, -3, -2, -1, 1, 2, 3, 4];
const SIGNS = [1, 1, 1, -1, 1, -1, -1, -1]; // 1 - 2y
const ALL = INPUTS.map((_, n) => n);

// C = (p v1² + q v2²)/2 + r v1 v2; second derivatives stand as [11, 22, 12].
function quadratic(p, q, r) {
	const gradient = ([v1, v2]) => [p * v1 + r * v2, r * v1 + q * v2];
	const loss = (v) => dot(v, gradient(v)) / 2;
	return { quadratic: [p, q, r], loss, gradient, hessian: () => [p, q, r] };
}

const twoNeurons = {
	loss: ([v1, v2]) => (v1 * v2 - 1) ** 2 / 2,
	gradient: ([v1, v2]) => [(v1 * v2 - 1) * v2, (v1 * v2 - 1) * v1],
	hessian: ([v1, v2]) => [v2 * v2, v1 * v1, 2 * v1 * v2 - 1],
};

const mean = (samples, f) => samples.reduce((sum, n) => sum + f(INPUTS[n], SIGNS[n]), 0) / samples.length;

// With s = 1 - 2y the cross-entropy is log(1 + exp(s z)) and its slope a - y is s σ(s z).
const neuron = {
	loss: ([w, b]) => mean(ALL, (x, s) => softplus(s * (w * x + b))),
	gradient([w, b], samples = ALL) {
		const delta = (x, s) => s * sigmoid(s * (w * x + b));
		return [mean(samples, (x, s) => delta(x, s) * x), mean(samples, delta)];
	},
	hessian([w, b]) {
		const bend = (power) => (x) => sigmoid(w * x + b) * sigmoid(-w * x - b) * x ** power;
		return [2, 0, 1].map((power) => mean(ALL, bend(power)));
	},
};

// `etas`: step and end of the slider of η.
export const SURFACES = {
	bowl: { ...quadratic(1, 1, 0), etas: [0.05, 2.5], start: [4, 2], eta: 0.5 },
	valley: { ...quadratic(1, 9, 0), etas: [0.005, 0.3], start: [4, 1.2], eta: 0.18 },
	pass: { ...quadratic(1, -1, 0), etas: [0.05, 2.5], start: [4, 0.1], eta: 0.3 },
	"two-neurons": { ...twoNeurons, etas: [0.01, 1], start: [1.5, -0.5], eta: 0.25 },
	neuron: { ...neuron, etas: [0.05, 5], start: [-3, 2], eta: 1 },
	own: { etas: [0.01, 1], start: [4, -1.5], eta: 0.2 },
};

export const surfaceOf = ({ surface, own }) => (surface === "own" ? quadratic(...own) : SURFACES[surface]);

export const dot = ([a1, a2], [b1, b2]) => a1 * b1 + a2 * b2;
const minus = ([a1, a2], [b1, b2]) => [a1 - b1, a2 - b2];

// Of a symmetric matrix [11, 22, 12]; the larger in size comes first.
export function eigenvalues([p, q, r]) {
	const middle = (p + q) / 2;
	const spread = Math.hypot((p - q) / 2, r) * (middle < 0 ? -1 : 1);
	return [middle + spread, middle - spread];
}

// A direction of length 1 that the matrix stretches by its eigenvalue.
export function eigenvector([p, q, r], value) {
	if (r === 0) return value === p ? [1, 0] : [0, 1];
	const size = Math.hypot(r, value - p);
	return [r / size, (value - p) / size];
}

export const largestCurvature = (surface, v) => Math.abs(eigenvalues(surface.hessian(v))[0]);

// The samples of each step: every epoch shuffles all of them and deals them out.
function* batches(size, seed) {
	for (let deck = []; ; deck = deck.slice(size)) {
		if (!deck.length) {
			deck = [...ALL];
			for (let last = deck.length - 1; last > 0; last--) {
				seed = (seed * 1664525 + 1013904223) % 2 ** 32;
				const other = Math.floor((seed * (last + 1)) / 2 ** 32);
				[deck[last], deck[other]] = [deck[other], deck[last]];
			}
		}
		yield deck.slice(0, size);
	}
}

// The points of the walk, the start first; fewer than asked for if it runs away.
export function walk(state, steps = state.step) {
	const { loss, gradient } = surfaceOf(state);
	const draws = batches(state.batch, state.seed);
	const points = [];
	for (let v = state.start, u = [0, 0]; ; ) {
		const samples = draws.next().value;
		const push = gradient(v, samples);
		points.push({ v, u, push, samples, loss: loss(v), gradient: gradient(v) });
		if (points.length > steps || Math.max(...v.map(Math.abs)) > FAR) return points;
		u = u.map((own, k) => state.beta * own - state.eta * push[k]);
		v = v.map((own, k) => own + u[k]);
	}
}

// What each step changed and what was predicted, the bound only where it is proved.
export function changes(state) {
	const surface = surfaceOf(state);
	const points = walk(state);
	return points.slice(1).map((to, n) => {
		const { v, loss, gradient } = points[n];
		const share = 1 - (largestCurvature(surface, v) * state.eta) / 2;
		const bound = surface.quadratic && !state.beta ? -state.eta * share * dot(gradient, gradient) : undefined;
		return { first: dot(gradient, to.u), bound, actual: to.loss - loss };
	});
}

// How far a guess is from the next point, in length and in degrees to the left.
export function judge(guess, from, to) {
	const [own, move] = [minus(guess, from), minus(to, from)];
	const turned = Math.atan2(dot(own, [-move[1], move[0]]), dot(own, move)) * (180 / Math.PI);
	const size = (v) => Math.hypot(...v);
	return { off: size(minus(guess, to)), own: size(own), length: size(move), turned };
}

const CELLS = 10; // for each unit of the plane
const onGrid = (v) => v.map((n, k) => n / CELLS - EDGES[k]);

// values[row][column] from the lower left
export function grid({ loss }) {
	const [columns, rows] = EDGES.map((edge) => [...Array(2 * edge * CELLS + 1).keys()]);
	return rows.map((j) => columns.map((i) => loss(onGrid([i, j]))));
}

// Nine levels, denser near the bottom if there is one.
export function levels(values) {
	const all = values.flat();
	const [low, high] = [Math.min(...all), Math.max(...all)];
	const power = low < -1e-9 ? 1 : 3;
	return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => low + (high - low) * (n / 10) ** power);
}

// Marching squares: the pieces of a contour, as pairs of points.
export function contour(values, level) {
	const pieces = [];
	for (let j = 1; j < values.length; j++) {
		for (let i = 1; i < values[j].length; i++) {
			const ring = [[i - 1, j - 1], [i, j - 1], [i, j], [i - 1, j]];
			const above = values[j][i] > level;
			if (ring.every(([k, l]) => values[l][k] > level === above)) continue;
			const ends = ring.flatMap(([k, l], n) => {
				const [m, o] = ring[(n + 1) % 4];
				const [from, to] = [values[l][k], values[o][m]];
				const t = (level - from) / (to - from);
				return from > level === to > level ? [] : [onGrid([k + t * (m - k), l + t * (o - l)])];
			});
			while (ends.length) pieces.push(ends.splice(0, 2));
		}
	}
	return pieces;
}

// The nearest legal state.
export function legal({ surface, start, eta, beta, batch, seed, own, step, guess }) {
	const known = Object.hasOwn(SURFACES, surface) ? surface : "valley";
	const filled = (list, built) => built.map((c, n) => (Number.isFinite(list?.[n]) ? list[n] : c));
	const state = {
		surface: known,
		start: filled(start, SURFACES[known].start).map((v, k) => clamp(v, -EDGES[k], EDGES[k])),
		eta: clamp(eta, 0.001, 10),
		beta: clamp(beta, 0, 0.99),
		batch: BATCHES.find((size) => size <= batch) ?? 8,
		seed: Math.round(clamp(seed, 1, MAX_SEED)),
		own: filled(own, [2, 6, 1.5]).map((c) => clamp(c, -10, 10)),
		step: Math.round(clamp(step, 0, MAX_STEPS)),
		guess: guess?.length === 3 && guess.every(Number.isFinite) ? guess : [],
	};
	return { ...state, step: walk(state).length - 1 };
}
