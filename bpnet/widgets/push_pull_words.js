// What the figure says about an evaluated state.
import { balance, collapse, hardest, quadratic, rightClass } from "./push_pull_maths.js";
import { capital, equals, lowered, minus, number, setting, term } from "./words.js";

export const sub = (k) => lowered(`${k + 1}`);
export const nameOf = (k) => `class ${k + 1}`;

// Four decimals, always; 0 for a zero but for rounding.
export const four = (x) => (Math.abs(x) < 1e-12 ? "0" : minus(x.toFixed(4)));

// As short as it is exact: 1.2, 0.6931
export const short = (x) => (Math.abs(x - Number(x.toFixed(3))) < 1e-9 ? setting(x) : four(x));

// Pushes: class 1 0.1250, class 2 −0.7500.
export const listed = (name, values) =>
	`${name}: ${values.map((each, k) => `${nameOf(k)} ${four(each)}`).join(", ")}.`;

export function way(delta) {
	if (Math.abs(delta) < 5e-5) return "alone"; // 0.0000
	return delta > 0 ? "down" : "up";
}

export const arrow = (delta) => ({ alone: "alone", down: "↓ down", up: "↑ up" })[way(delta)];

export function pushed(delta) {
	const size = four(Math.abs(delta));
	return { alone: "left alone", down: `pushed down by ${size}`, up: `pulled up by ${size}` }[way(delta)];
}

const isOne = (total) => Math.abs(total - 1) < 1e-9;

// The push: ŷ − y, 1.2 ŷ − y, 0.5 (ŷ − y) / 2.0
export function formula({ total, upstream: g, temperature: T }, index = "") {
	const bare = `${isOne(total) ? "" : `${short(total)} `}ŷ${index} − y${index}`;
	const inner = g === 1 && T === 1 ? bare : `(${bare})`;
	return `${g === 1 ? "" : `${setting(g)} `}${inner}${T === 1 ? "" : ` / ${setting(T)}`}`;
}

export function question({ target, yhat }) {
	const k = rightClass(target) - 1;
	const has = () => equals(`ŷ${sub(k)}`, four(yhat[k]));
	const said = k < 0 ? "The target is soft" : `Class ${k + 1} is right and has ${has()}`;
	return `${said}. Which class gets the longest push?`;
}

export function cancels({ delta }) {
	const { down, up } = balance(delta);
	return `${four(down)} down − ${four(up)} up = ${four(down - up)}`;
}

export function feedback({ guess, delta }) {
	if (!guess) return "";
	if (delta.every((each) => way(each) === "alone")) return "No class is pushed here.";
	const longest = hardest(delta);
	const right = longest.includes(guess);
	const k = (right ? guess : longest[0]) - 1;
	const against = delta.every((each, j) => j === k || each * delta[k] <= 0);
	const why = against ? ", as far as all the others together the other way." : ".";
	return `${right ? "Yes" : "No"}: ${nameOf(k)} is ${pushed(delta[k])}${why}`;
}

function pushes(state) {
	const { delta, total, temperature: T, upstream: g } = state;
	const all = delta.map((each, k) => `${nameOf(k)} is ${pushed(each)}`).join(", ");
	const odd = isOne(total) ? "" : ` The target adds up to ${short(total)}, so the push is ${formula(state)}.`;
	const heated = T === 1 ? "" : ` The scores are divided by ${setting(T)}, and so is every push.`;
	const above = g === 1 ? "" : ` The slope from above multiplies every push by ${setting(g)}.`;
	return `${capital(all)}.${odd}${heated}${above}`;
}

function path(state) {
	const { i, j, partial, complete, D, arrives, products } = collapse(state);
	const product = `${number(arrives[i])} · ${term(number(D[i][j]))} = ${four(products[j][i])}`;
	const sum = products[j].slice(0, i + 1).map((each) => term(four(each))).join(" + ");
	const end = complete ? ` = ${four(partial)} = ${formula(state, sub(j))}.` : " + …";
	return `Score z${sub(j)}, path through ŷ${sub(i)}: ${product}. Together δ${sub(j)} = ${sum}${end}`;
}

function missing(state) {
	const { slope, full, delta } = quadratic(state);
	const k = hardest(full)[0] - 1;
	return (
		`Sigmoid, ${nameOf(k)}: with cross-entropy the push is ${four(full[k])}. The quadratic loss ` +
		`multiplies it by a(1 − a) = ${four(slope[k])}: ${four(delta[k])} is left.`
	);
}

// Before the guess it keeps the pushes to itself.
export const summary = (state) =>
	state.guess ? { pushes, jacobian: path, quadratic: missing }[state.view](state) : question(state);
