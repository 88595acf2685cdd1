// The map of a network: a box for every number, and edges between them.
import { fill, html, svg } from "./dom.js";
import { handle } from "./handle.js";
import { LIMITS, place } from "./path_maths.js";
import { label, short } from "./path_words.js";
import { setting } from "./words.js";

const [WIDTH, HEIGHT] = [52, 40]; // of a box
const [NARROW, WIDE, ROOM] = [72, 98, 146]; // between columns: plain, with weights, with a box
const [ROW, TOP, SIDE] = [100, 66, 34];
const LEAST = 0.84; // px for a unit, legible on a phone

// Where everything is, and the names of the layers.
function layout(nodes, { parameter, y }) {
	const { layer, j, k } = place(parameter);
	const columns = {};
	for (const name of nodes) (columns[name.split("_")[0]] ??= []).push(name);
	const most = Math.max(...Object.values(columns).map(({ length }) => length));
	const [at, heads] = [{}, []];
	let x = SIDE;
	for (const [head, names] of Object.entries(columns)) {
		const sums = head[0] === "z";
		const weights = k >= 0 && head === `z${layer}` ? ROOM : WIDE;
		if (head !== "a0") x += sums ? weights : NARROW;
		names.forEach((name, n) => (at[name] = [x, TOP + ROW * (n + (most - names.length) / 2)]));
		if (sums) heads.push([`layer ${head[1]}`, x + NARROW / 2]);
	}
	y.forEach((_, n) => (at[`y_${n + 1}`] = at[`e_${n + 1}`].map((c, axis) => c + axis * (HEIGHT + 4))));
	const [endX, endY] = at[`z${layer}_${j + 1}`];
	const [startX, startY] = at[`a${layer - 1}_${k + 1}`] ?? [];
	const share = (WIDTH / 2 + 10) / (ROOM - WIDTH);
	at[parameter] = k < 0
		? [endX - WIDTH - 18, endY + 48] : [startX + WIDTH + 10, startY + share * (endY - startY)];
	return { at, heads, width: x + SIDE, height: Math.max(...Object.values(at).map(([, y]) => y)) + 40 };
}

// An arrow from one box to another; a lit one says its slope.
function arrow(at, { start, end, factor, role = "" }, fresh) {
	const [[x1, y1], [x2, y2]] = [at[start], at[end]].map(([x, y], n) => [x + (1 - 2 * n) * (WIDTH / 2), y]);
	const [dx, dy] = [x2 - x1, y2 - y1];
	const length = Math.hypot(dx, dy);
	const turn = `translate(${x1} ${y1}) rotate(${(Math.atan2(dy, dx) * 180) / Math.PI})`;
	const part = (name, d) => svg("path", { class: name, d, transform: turn });
	const parts = [part("line", `M0 0H${length - 6}`), part("tip", `M${length - 1} 0l-8 -4v8z`)];
	if (role) {
		const wide = end[0] === "z" && start[0] === "a";
		const share = wide && dy ? 0.34 : 0.5; // before such edges cross
		const lift = dy ? 0 : wide ? 9 : 28;
		const where = { x: x1 + share * dx, y: y1 + share * dy - lift, dy: "0.35em" };
		parts.push(svg("text", { class: "slope", ...where }, short(factor)));
	}
	return svg("g", { class: `edge ${role} ${fresh ? "fresh" : ""}` }, ...parts);
}

function box(kind) {
	const [name, value] = [-5, 13].map((y) => svg("text", { y }));
	const frame = { class: "box", x: -WIDTH / 2, y: -HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 12 };
	const element = svg("g", {}, svg("rect", frame), name, value);
	return {
		element,
		draw([x, y], words, number, role = "") {
			fill(element, { transform: `translate(${x} ${y})`, class: `node ${kind} ${role}` });
			[name.textContent, value.textContent] = [words, number];
		},
	};
}

function node(at, name, { values, last, ending }, role) {
	const { element, draw } = box(name[0]);
	draw(at[name], label(name, last), short(values[name]), role);
	if (name[0] === "z" && role === "delta") {
		const under = { class: "slope", x: -26, y: 34, "text-anchor": "start" };
		element.append(svg("text", under, `δ = ${short(ending(name))}`));
	}
	return element;
}

// A box that is a slider: an input, a target, or the chosen parameter.
function dragged({ change, read }, list, index, name) {
	const { element, draw } = box("own handle");
	const grip = (sign, n) => svg("text", { class: "grip", x: 66 * n - 33, y: 5 }, sign);
	element.append(...["‹", "›"].map(grip));
	const value = (state) => state[list][index(state)];
	const set = (to) => change({ [list]: read()[list].with(index(read()), to) });
	const range = [...LIMITS[list], list === "y" ? 0.05 : 0.1];
	const control = handle(element, { name: "", range, text: setting, set, value });
	return {
		element,
		draw(state, at, roles) {
			const node = name(state);
			control.draw(state);
			element.setAttribute("aria-label", label(node));
			draw(at[node], label(node), setting(value(state)), roles[node]);
		},
	};
}

export function map({ change, read }) {
	const own = (...which) => dragged({ change, read }, ...which);
	const handles = [
		...[0, 1].map((n) => own("x", () => n, () => `a0_${n + 1}`)),
		...[0, 1].map((n) => own("y", () => n, () => `y_${n + 1}`)),
		own("weights", ({ names, parameter }) => names.indexOf(parameter), ({ parameter }) => parameter),
	];
	const marks = svg("g", { "aria-hidden": true });
	const grips = handles.map(({ element }) => element);
	const image = svg("svg", { role: "group", "text-anchor": "middle" }, marks, ...grips);
	const frame = html("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": "The map" }, image);
	let before;

	function draw(state) {
		const nodes = Object.keys(state.values);
		const { at, heads, width, height } = layout(nodes, state);
		const roles = {};
		for (const { start, end, role } of state.lit) Object.assign(roles, { [end]: role, [start]: role });
		const { network, parameter, step, factored } = state;
		const key = [network, parameter, step, factored].join();
		fill(image, {
			viewBox: `0 0 ${width} ${height}`, style: `min-width: ${LEAST * width}px`,
			"aria-label": `The network ${network}, ${label(parameter)} marked`,
		});
		marks.replaceChildren(
			...heads.map(([words, x]) => svg("text", { class: "head", x, y: 16 }, words)),
			...nodes.flatMap((name) => state.leaving[name] ?? []).map((one) => arrow(at, one)),
			...nodes.filter((name) => !name.startsWith("a0")).map((name) => node(at, name, state, roles[name])),
			...state.lit.map((one) => arrow(at, one, key !== before)),
		);
		for (const one of handles) one.draw(state, at, roles);
		if (before && key !== before) { // where the map is wider than its frame
			const left = Math.min(width, ...state.lit.map(({ start }) => at[start][0]));
			frame.scrollLeft = (left / width) * frame.scrollWidth - 60;
		}
		before = key;
	}
	return { element: frame, draw };
}
