// The text of an SVG: the graph of a situation, from names and numbers only.
import { layout } from "./graph_layout.js";
import { differs } from "./graph_maths.js";
import { caption, glyph, mark, product, short, sum } from "./graph_words.js";

const HALF = 32; // of a node's width
const TURN = 0.45; // of a barb

const text = (x, y, words, kind) => (words ? `<text x="${x}" y="${y}" class="${kind}">${words}</text>` : "");

// A line with a barb, and words above and below it at a share of its first part.
function line(points, [value, back, fresh], kind = "", share = 0.5) {
	const [from, next] = points;
	const [before, to] = points.slice(-2);
	const angle = Math.atan2(to.y - before.y, to.x - before.x);
	const barb = (turn) => `M${to.x} ${to.y}l${-9 * Math.cos(angle + turn)} ${-9 * Math.sin(angle + turn)}`;
	const [x, y] = [from.x + share * (next.x - from.x), from.y + share * (next.y - from.y)];
	const words = text(x, y - 6, value, "value") + text(x, y + 16, back, "back") + text(x, y + 31, fresh, "back");
	const course = points.map((point) => `${point.x} ${point.y}`).join("L");
	return `<g class="${kind}"><path d="M${course}${barb(TURN)}${barb(-TURN)}"/>${words}</g>`;
}

function edges(now, { spots, ways }) {
	const { graph: { nodes, edges: all, output }, known, computed, sent = [], right, walk, started } = now;
	const value = (n) => n < known && short(computed[n]);
	const border = ({ x, y }, side) => ({ x: x + side * (HALF + 1), y });
	const drawn = all.map(({ from, to, place }, n) => {
		const one = sent[n];
		const wrong = one && differs(one.arrived, right.adjoint[to]);
		const fresh = one && to === walk.at(-1);
		const back = one && `${wrong ? "✗ " : ""}← ${short(one.product)}`;
		const { x, y } = spots[from];
		const twice = nodes[to].args.filter(({ node }) => node === from).length > 1 && ways[n].length === 2;
		const between = twice ? [{ x: (x + spots[to].x) / 2, y: y + 80 * place - 40 }] : ways[n].slice(1, -1);
		const points = [border(spots[from], 1), ...between, border(spots[to], -1)];
		const kind = `${fresh ? "sends" : ""} ${wrong ? "wrong" : ""}`;
		return line(points, [value(from), back, fresh && product(one)], kind, between.length ? 1 : 0.5);
	});
	const { x, y } = spots[output];
	return drawn.join("") + line([border({ x, y }, 1), { x: x + 120, y }], [value(output), started && "← 1"]);
}

function node(now, n, { x, y }) {
	const { graph: { nodes, inputs, output, uses }, choosing, walk = [], started, known, came } = now;
	const { name, op } = nodes[n];
	const [total, fault] = [sum(now, n), mark(now, n)];
	const here = n === (walk.at(-1) ?? (started ? output : known > inputs && known - 1)) ? "here" : "";
	const arrivals = uses[n] ? `${came?.[n]?.length ?? 0} of ${uses[n]} arrivals. ${total}` : "the result.";
	const button =
		`role="button" tabindex="0" aria-label="Send from ${name}. ${glyph(nodes[n])}, ${arrivals} ${fault}" ` +
		`data-pick="${n - inputs + 1}" aria-pressed="${walk.includes(n)}"`;
	return (
		`<g class="${here}" ${choosing && started && op ? button : ""}>` +
		`<rect x="${x - HALF}" y="${y - 18}" width="${2 * HALF}" height="36" rx="${op ? 5 : 18}"/>` +
		`${text(x, y + 5, glyph(nodes[n]), "glyph")}${text(x, y - 24, op && name, "name")}</g>` +
		text(x, y - 41, total, "back") + text(x, y - (total ? 57 : 41), fault, "mark")
	);
}

export function picture(now) {
	const places = layout(now.graph);
	const [width, height] = ["x", "y"].map((side) => Math.max(...places.spots.map((spot) => spot[side])) + 200);
	const look = `min-width: ${width}px; max-width: ${1.2 * width}px`;
	return (
		`<svg viewBox="-70 -72 ${width} ${height - 85}" style="${look}" ` +
		`role="${now.choosing ? "group" : "img"}" aria-label="${caption(now)}">` +
		`${edges(now, places)}${places.spots.map((spot, n) => node(now, n, spot)).join("")}</svg>`
	);
}
