// What the figure says of an evaluated state.
import { capital, count, equals, number } from "./words.js";

export const article = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
export const percent = (p) => `${(100 * p).toFixed(1)}\u00a0%`;
export const place = ({ row, column }) => `row ${row}, column ${column}`;
export const ink = (level) => (level ? `ink ${(level / 15).toFixed(2)}` : "paper");

export function answer({ example, picture, steps, probabilities, ranking: [first, second] }) {
	const best = `${article(first)}, ${percent(probabilities[first])}`;
	const blank = example < 0 && !picture && !steps;
	if (blank) return `The paper is blank. The network answers all the same: ${best}.`;
	const reads = `it reads ${best}; next ${article(second)}, ${percent(probabilities[second])}.`;
	return steps ? `After ${count(steps, "step")} on the picture ${reads}` : capital(reads);
}

export function slopes({ helps, hurts }) {
	const parts = [
		helps && `new ink helps most in ${place(helps)} (slope ${number(helps.slope)})`,
		hurts && `the ink that hurts most is in ${place(hurts)} (slope ${number(hurts.slope)})`,
	].filter(Boolean);
	return capital(parts.join("; ") || "the slope is 0 everywhere") + ".";
}

// Before the reader has guessed or stepped, the slopes are kept back.
export function summary(state) {
	const { wish, steps, cost, first, shown } = state;
	if (wish < 0) return answer(state);
	const before = steps ? `, before the first step ${number(first.cost)}` : "";
	const costs = `The wish for ${article(wish)} costs ${number(cost)}${before}.`;
	return [answer(state), costs, shown ? slopes(state) : "Where would new ink help most?"].join(" ");
}

export const question = ({ wish }) =>
	`Predict: to make it ${article(wish)}, in which quarter does new ink help most?`;

// The question was asked of the picture before its steps.
export function feedback({ guess, first: { helps } }) {
	if (!guess || !helps) return "";
	return `${guess === helps.quarter ? "Yes" : "No"}: in ${place(helps)}, at the ${helps.quarter}.`;
}

export function origin({ example, picture }, labels) {
	if (example >= 0) return `Official test digit ${example + 1} of ${labels.length}, ${article(labels[example])}.`;
	return picture ? "Your drawing." : "Blank. Draw here.";
}

export function treatment({ example, steps, box, scale, placed }) {
	const after = steps ? ` Then ${count(steps, "step")}.` : "";
	if (example >= 0) return `Official digits are used as they are.${after}`;
	if (!box) return `Nothing to scale.${after}`;
	const [rows, columns] = placed.slice(2).map((side) => side.toFixed(1));
	return (
		`The ink’s box of ${box[2]} × ${box[3]} cells is scaled by ${scale.toFixed(2)} ` +
		`to ${rows} × ${columns} pixels. Its centre of mass is moved into row 15, column 15.${after}`
	);
}

export function deltas({ delta, off }) {
	const sizes = delta.map(Math.abs);
	const j = sizes.indexOf(Math.max(...sizes));
	return (
		`${off} of ${count(delta.length, "neuron")} are off: their δ is exactly 0. ` +
		`The longest bar is neuron ${j + 1}, ${equals("δ", number(delta[j]))}.`
	);
}
