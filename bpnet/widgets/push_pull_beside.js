// What PushPull shows below the pushes.
import { beside, figure, table } from "./controls.js";
import { html } from "./dom.js";
import { bars, drawn, signed } from "./push_pull_bars.js";
import { collapse, quadratic } from "./push_pull_maths.js";
import { four, listed, sub } from "./push_pull_words.js";
import { number } from "./words.js";

const head = (scope, words) => html("th", { scope }, words);
const cell = (here, look, ...words) => html("td", { class: `${look} ${here ? "here" : ""}` }, ...words);

// An entry of the transposed Jacobian, and its product.
function tile({ n, D, products, ...now }, j, i, most) {
	const ahead = (j - now.j) * n + i - now.i;
	const entry = D[i][j];
	const product = html("b", {}, ahead > 0 ? "" : four(products[j][i]));
	const one = cell(ahead === 0, entry < 0 ? "tile below" : "tile", number(entry), product);
	one.style.setProperty("--share", `${Math.round((45 * Math.abs(entry)) / most)}%`);
	return one;
}

function rows(state) {
	const now = collapse(state);
	const most = Math.max(...now.D.flat().map(Math.abs)) || 1;
	const sum = (j) => (j > now.j ? "" : four(j < now.j ? now.sums[j] : now.partial));
	const line = (name, cells, end) => html("tr", {}, head("row", name), ...cells, html("td", {}, end));
	const tiles = (j) => now.D.map((_, i) => tile(now, j, i, most));
	return [
		line("arrives", now.arrives.map((each, i) => cell(i === now.i, "", number(each))), ""),
		...now.D.map((_, j) => line(`z${sub(j)}`, tiles(j), sum(j))),
	];
}

export function tiles() {
	const [top, body] = [html("tr"), html("tbody")];
	const grid = html("table", { class: "numbers" }, html("thead", {}, top), body);
	const label = "Each tile ∂ŷ/∂z, times what arrives above it (in bold), added along the row";
	const box = html("div", { class: "drawing tiles", tabindex: 0, role: "region", "aria-label": label }, grid);
	const draw = (state) => {
		const through = state.z.map((_, i) => head("col", `ŷ${sub(i)}`));
		top.replaceChildren(html("td"), ...through, head("col", "sum"));
		body.replaceChildren(...rows(state));
		box.scrollLeft = body.querySelector(".tile.here").offsetLeft - box.clientWidth / 2;
	};
	return figure(label, { element: box, draw });
}

function shows(state) {
	const { full, delta } = quadratic(state);
	const marks = [drawn(full, "crossEntropy", -1), drawn(delta, "quadratic", 1)];
	const label = `${listed("Cross-entropy", full)} ${listed("Quadratic", delta)}`;
	return { range: signed(full), rows: [], marks, label };
}

export function factor() {
	const name = (look, words) => html("span", { class: look }, words);
	const numbers = table({
		columns: ["class", "a", name("crossEntropy", "cross-entropy"), "a(1 − a)", name("quadratic", "quadratic")],
		rows: (state) => {
			const { a, full, slope, delta } = quadratic(state);
			return a.map((each, k) => [k + 1, ...[each, full[k], slope[k], delta[k]].map(four)]);
		},
	});
	const title = "Through sigmoids: cross-entropy (left), quadratic (right)";
	return beside("panels", figure(title, bars(shows, [], 0)), numbers);
}
