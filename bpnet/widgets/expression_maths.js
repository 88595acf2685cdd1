// Reads an expression. What is wrong with it is thrown as { at, words }.

const LONGEST = 200;
const ARGUMENTS = { __proto__: null, exp: 1, log: 1, tanh: 1, relu: 1, max: 2 };
// The operation of a sign, and how strongly it binds; a minus before a number does with MINUS.
const BINARY = {
	__proto__: null, "+": ["add", 1], "-": ["subtract", 1], "*": ["multiply", 2], "/": ["divide", 2],
	"^": ["power", 4], "**": ["power", 4],
};
const MINUS = 3;
const TOKEN = /((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(\p{L}[\p{L}\p{Nd}_]*)|\*\*|\S/gu;

export const slip = (at, words) => ({ at, words });

function tokens(text) {
	if (text.length > LONGEST) throw slip(LONGEST, `At most ${LONGEST} characters.`);
	const token = ({ 0: own, 1: number, 2: name, index: at }) => ({ text: own, number, name, at });
	return [...Array.from(text.matchAll(TOKEN), token), { text: "", at: text.length }];
}

// The parts "name = tree" of a text; a tree is { constant, at }, { name, at } or { op, args, at }.
export function parse(text) {
	const all = tokens(text);
	let n = 0;
	const take = (sign) => all[n].text === sign && all[n++];
	function stray() {
		const { text: own, at, number, name } = all[n];
		if (own === ")") throw slip(at, "This bracket was never opened.");
		if (!number && !name && own !== "(") throw slip(at, `${own} has no meaning here.`);
		const [left, right] = [all[n - 1].text.replace(")", "(…)"), own.replace("(", "(…)")];
		throw slip(at, `Between ${left} and ${right} an operation is missing. A product is ${left} * ${right}.`);
	}
	// What binds at least as strongly as `level`.
	function tree(level = 1) {
		const sign = take("-");
		let left = sign ? { op: "negate", args: [tree(MINUS)], at: sign.at } : atom();
		for (;;) {
			const [op, own = 0] = BINARY[all[n].text] ?? [];
			if (own < level) return left;
			const { at } = all[n++];
			left = { op, args: [left, tree(op === "power" ? MINUS : own + 1)], at };
		}
	}
	function close(opened) {
		if (take(")")) return;
		if (all[n].text && all[n].text !== ";") stray();
		throw slip(all[n].at, `The bracket at character ${opened.at + 1} is not closed.`);
	}
	function atom() {
		const token = all[n++];
		const { number, name, at } = token;
		if (number) return { constant: Number(number), at };
		if (name) return all[n].text === "(" || name in ARGUMENTS ? call(name, at) : { name, at };
		if (token.text !== "(") throw slip(at, "Here a number or a name is missing.");
		const inner = tree();
		close(token);
		return inner;
	}
	function call(op, at) {
		const wanted = ARGUMENTS[op];
		const known = Object.keys(ARGUMENTS).join(", ");
		if (!wanted) throw slip(at, `${op} is none of ${known}. A product is ${op} * (…).`);
		const opened = take("(");
		if (!opened) throw slip(all[n].at, `After ${op} comes a bracket.`);
		const args = [tree()];
		while (take(",")) args.push(tree());
		close(opened);
		if (args.length === wanted) return { op, args, at };
		throw slip(at, `${op} takes ${wanted > 1 ? "two numbers" : "one number"}, not ${args.length}.`);
	}
	const parts = [];
	do {
		const { name, at } = all[n];
		const defined = name && all[n + 1].text === "=";
		if (defined) n += 2;
		parts.push({ name: defined && name, at, tree: tree() });
	} while (take(";"));
	if (all[n].text) stray();
	return parts;
}
