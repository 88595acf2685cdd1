// Where the nodes of a graph stand, and the points that its edges pass.

const COLUMN = 150;
const ROW = 112;
const LANE = 64; // from an edge that only passes by to its neighbours
const ROUNDS = 40;

const middle = ({ near }) => near.reduce((sum, { y }) => sum + y, 0) / near.length;

// Moves a column to the middle of its neighbours, as far as the distances allow.
function settle(stack) {
	stack.sort((a, b) => middle(a) - middle(b));
	const gap = (n) => (stack[n].lane || stack[n + 1].lane ? LANE : ROW);
	const [down, up] = [stack.map(middle), stack.map(middle)];
	for (let n = 1; n < stack.length; n++) down[n] = Math.max(down[n], down[n - 1] + gap(n - 1));
	for (let n = stack.length - 2; n >= 0; n--) up[n] = Math.min(up[n], up[n + 1] - gap(n));
	stack.forEach((spot, n) => (spot.y = (down[n] + up[n]) / 2));
}

// The `spots` of the nodes, in columns by the longest path, and the `ways` of the edges.
export function layout({ nodes, edges }) {
	const spots = [];
	for (const { args } of nodes) {
		spots.push({ x: Math.max(0, ...args.map(({ node }) => spots[node]?.x + COLUMN || 0)), near: [] });
	}
	const ways = edges.map(({ from, to }) => {
		const way = [spots[from]];
		for (let x = way[0].x + COLUMN; x < spots[to].x; x += COLUMN) way.push({ x, lane: true, near: [] });
		way.push(spots[to]);
		way.slice(1).forEach((spot, n) => {
			spot.near.push(way[n]);
			way[n].near.push(spot);
		});
		return way;
	});
	const all = [...new Set(ways.flat())];
	const stacks = spots.map((_, n) => all.filter(({ x }) => x === n * COLUMN));
	for (const stack of stacks) stack.forEach((spot, n) => (spot.y = n * ROW));
	for (let round = 0; round < ROUNDS; round++) stacks.forEach(settle);
	const top = Math.min(...all.map(({ y }) => y));
	for (const spot of all) spot.y = Math.round(spot.y - top);
	return { spots, ways };
}
