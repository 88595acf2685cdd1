// The functions of a neuron, safe far out.

export function sigmoid(z) {
	const t = Math.exp(-Math.abs(z));
	return (z >= 0 ? 1 : t) / (1 + t);
}

export const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

// σ'(z) = a (1 - a)
export const sigmoidSlope = (z) => sigmoid(z) * sigmoid(-z);

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const clamp = (value, low, high) => Math.min(Math.max(Number(value) || 0, low), high);
export const whole = (value, low, high) => Math.round(clamp(value, low, high));
