// Softmax with cross-entropy, and its full Jacobian.
//
// With ŷ = softmax(z / T), target y and the slope g from above: δ_j = g (Σy ŷ_j - y_j) / T.
import { clamp, sigmoid, sigmoidSlope, sum, whole } from "./functions.js";

export const LIMIT = 6;
export const MOST = 5;
const FEWEST = 3;
export const RANGES = { temperature: [0.2, 5, 0.1], upstream: [-2, 2, 0.1], epsilon: [0, 0.9, 0.05] };
export const VIEWS = ["pushes", "jacobian", "quadratic"];

export function softmax(z) {
	const top = Math.max(...z);
	const e = z.map((score) => Math.exp(score - top));
	const S = sum(e);
	return e.map((each) => each / S);
}

export const smoothed = (y, epsilon) => y.map((each) => (1 - epsilon) * each + epsilon / y.length);

// A state with everything that follows from it.
export function evaluate(state) {
	const { z, target, epsilon, temperature: T, upstream: g } = state;
	const y = smoothed(target, epsilon);
	const total = sum(y);
	const heated = z.map((score) => score / T);
	const yhat = softmax(heated);
	return { ...state, y, total, heated, yhat, delta: yhat.map((p, j) => (g * (total * p - y[j])) / T) };
}

// Sigmoid with either loss at the same scores: with cross-entropy δ_j = g (a_j - y_j) / T, with the
// quadratic loss a_j (1 - a_j) times that.
export function quadratic({ y, heated, temperature: T, upstream: g }) {
	const a = heated.map(sigmoid);
	const slope = heated.map(sigmoidSlope);
	const full = a.map((each, j) => (g * (each - y[j])) / T);
	return { a, slope, full, delta: full.map((each, j) => each * slope[j]) };
}

// The collapse up to a step: score j, its paths through predictions 1 to i, and their sum.
// D_ij = ∂ŷ_i/∂z_j; in a product with what arrives, -g y_i / ŷ_i, each ŷ_i meets its twin.
export function collapse({ y, yhat, temperature: T, upstream: g, step }) {
	const n = y.length;
	const [j, i] = [Math.floor((step - 1) / n), (step - 1) % n];
	const rest = yhat.map((p, row) => y.map((_, column) => (Number(column === row) - p) / T));
	const products = rest.map((row) => row.map((each, column) => -g * y[column] * each));
	return {
		j, i, n, products,
		complete: i === n - 1,
		partial: sum(products[j].slice(0, i + 1)),
		sums: products.map(sum),
		arrives: y.map((each, column) => each && (-g * each) / yhat[column]),
		D: yhat.map((p, column) => rest.map((row) => p * row[column])),
	};
}

// How much is pushed down and how much up, all classes together.
export const balance = (delta) => ({
	down: sum(delta.filter((each) => each > 0)),
	up: -sum(delta.filter((each) => each < 0)),
});

// The classes, counted from 1, with the longest push.
export function hardest(delta) {
	const sizes = delta.map(Math.abs);
	const most = Math.max(...sizes);
	return sizes.flatMap((size, k) => (most - size <= 1e-9 * most ? [k + 1] : []));
}

// The one class that is right, counted from 1; 0 for a soft target.
export const rightClass = (target) => (sum(target) === 1 ? target.indexOf(1) + 1 : 0);

export const oneHot = (n, right) => Array.from({ length: n }, (_, k) => Number(k === right - 1));
export const shifted = (z, by) => z.map((score) => score + by);
export const canShift = (z, by) => shifted(z, by).every((score) => Math.abs(score) <= LIMIT);

export function legal({ z, target, view, step, guess, ...state }) {
	const n = clamp(z.length, FEWEST, MOST);
	const filled = (list, low, high) => Array.from({ length: n }, (_, k) => clamp(list[k], low, high));
	const within = ([name, limits]) => [name, clamp(state[name], ...limits)];
	return {
		z: filled(z, -LIMIT, LIMIT),
		target: filled(target, 0, 1),
		...Object.fromEntries(Object.entries(RANGES).map(within)),
		view: VIEWS.includes(view) ? view : VIEWS[0],
		step: whole(step, 1, n * n),
		guess: whole(guess, 0, n),
	};
}
