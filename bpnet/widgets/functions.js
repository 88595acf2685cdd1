// The functions of a neuron, safe far out. Pure; knows no page.

export function sigmoid(z) {
	const t = Math.exp(-Math.abs(z));
	return (z >= 0 ? 1 : t) / (1 + t);
}

export const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

// σ'(z) = a (1 - a)
export const sigmoidSlope = (z) => sigmoid(z) * sigmoid(-z);

export const clamp = (value, low, high) => Math.min(Math.max(Number(value) || 0, low), high);
