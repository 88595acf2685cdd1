// What the figure says about a state.
import { sigmoidSlope } from "./functions.js";
import { evaluate } from "./loss_maths.js";
import { capital, count, equals, number, setting } from "./words.js";

// How far the prediction is from its target.
export function verdict(a, y) {
	const miss = Math.abs(a - y);
	if (miss > 0.9) return "wrong and certain";
	if (miss > 0.5) return "wrong, but unsure";
	if (miss === 0.5) return "undecided";
	return miss < 0.1 ? "right and certain" : "right, but unsure";
}

function pushes({ delta }) {
	const strength = Math.abs(delta);
	if (strength < 0.01) return "hardly pushes";
	return strength < 0.1 ? "pushes weakly" : "pushes";
}

function comparison({ quadratic, crossEntropy }) {
	const size = ({ delta }) => number(Math.abs(delta));
	if (pushes(quadratic) === "hardly pushes" && pushes(crossEntropy) === "hardly pushes") {
		return `neither loss pushes much (quadratic ${size(quadratic)}, cross-entropy ${size(crossEntropy)}).`;
	}
	return `the quadratic loss ${pushes(quadratic)} (${size(quadratic)}), ` +
		`cross-entropy ${pushes(crossEntropy)} with ${size(crossEntropy)}.`;
}

// Before the reader has guessed it keeps the two pushes to itself.
export function summary(state) {
	const { y, steps, guess } = state;
	const { quadratic, crossEntropy } = evaluate(state);
	if (steps > 0) {
		const now = ({ a }) => `${equals("a", number(a))}, ${verdict(a, y)}`;
		return `After ${count(steps, "step")}: with the quadratic loss ${now(quadratic)}; ` +
			`with cross-entropy ${now(crossEntropy)}.`;
	}
	const opening = capital(verdict(quadratic.a, y));
	if (guess) return `${opening}: ${comparison({ quadratic, crossEntropy })}`;
	return `${opening}: ${equals("a", number(quadratic.a))} for the target ${y}. Which loss pushes harder?`;
}

export function feedback({ z, guess }) {
	if (!guess) return "";
	const times = 1 / sigmoidSlope(z);
	const ratio = times < 1000 ? times.toFixed(1) : Math.round(times).toLocaleString("en");
	const judged = guess === "cross-entropy" ? "Yes" : "No";
	return `${judged}: at ${equals("z", setting(z))} cross-entropy pushes ${ratio} times as hard. ` +
		"It is never less than 4 times, because a(1 − a) is at most 1/4.";
}
