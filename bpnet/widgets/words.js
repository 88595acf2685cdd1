// How numbers are written and spoken.

export const raised = (text) => [...text].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
export const lowered = (text) => [...text].map((c) => "₀₁₂₃₄₅₆₇₈₉"[c]).join("");
export const minus = (text) => text.replaceAll("-", "−");

// 0.9997, −3.0000, 1.13 × 10⁻⁷
export function number(x, decimals = 4) {
	if (x === 0) return "0";
	const size = Math.abs(x);
	if (size >= 10 ** -decimals && size < 1e7) return minus(x.toFixed(decimals));
	const [digits, exponent] = x.toExponential(2).replace("e+", "e").split("e");
	return `${minus(digits)}\u00a0×\u00a010${raised(exponent)}`;
}

// As short as it is exact to three decimals: 4.0, −2.5, 0.25
export function setting(x) {
	const text = Number.isInteger(x * 10) ? x.toFixed(1) : String(Number(x.toFixed(3)));
	return minus(text);
}

// A term of a sum or a factor of a product: negative numbers stand in brackets.
export const term = (text) => (text.startsWith("−") ? `(${text})` : text);

export const equals = (name, value) => `${name}\u00a0=\u00a0${value}`;
export const capital = (text) => text[0].toUpperCase() + text.slice(1);
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
