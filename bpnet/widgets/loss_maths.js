// One sigmoid output neuron and its two losses.
//
// Both targets are one case: with s = 1 - 2y the error a - y is s σ(s z) and the cross-entropy is
// log(1 + exp(s z)). Neither form subtracts nearly equal numbers nor overflows.
import { clamp, sigmoid, sigmoidSlope, softplus, whole } from "./functions.js";

export const LIMIT = 8;
export const MAX_STEPS = 1000;
export const ETA = 1;

const sign = (y) => 1 - 2 * y;

// For each loss: C(z, y) and δ(z, y) = dC/dz.
export const LOSSES = {
	quadratic: {
		loss: (z, y) => sigmoid(sign(y) * z) ** 2 / 2,
		delta: (z, y) => sign(y) * sigmoid(sign(y) * z) * sigmoidSlope(z),
	},
	crossEntropy: {
		loss: (z, y) => softplus(sign(y) * z),
		delta: (z, y) => sign(y) * sigmoid(sign(y) * z),
	},
};

// Where `steps` gradient steps z ← z - ηδ lead.
export function descend({ delta }, z, y, steps) {
	for (let n = 0; n < steps; n++) z -= ETA * delta(z, y);
	return z;
}

// Everything the figure shows, for each loss at its own z after the steps.
export function evaluate({ z, y, steps }) {
	return Object.fromEntries(
		Object.entries(LOSSES).map(([name, rule]) => {
			const now = descend(rule, z, y, steps);
			return [name, { z: now, a: sigmoid(now), loss: rule.loss(now, y), delta: rule.delta(now, y) }];
		}),
	);
}

export function legal({ z, y, steps, guess }) {
	return {
		z: clamp(z, -LIMIT, LIMIT),
		y: whole(y, 0, 1),
		steps: whole(steps, 0, MAX_STEPS),
		guess,
	};
}
