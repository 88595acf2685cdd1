// First, Back, Play, Next, Last and a slider over numbered steps, counted from 1.
import { html } from "./dom.js";

const SIGNS = { First: "«", Back: "‹", Next: "›", Last: "»" };

// `total(state)` steps, `step(state)` the present one, `go(n)` moves, `rest(state)` ms while playing.
export function player({ read, total, step, go, rest, text = (state) => `${step(state)} of ${total(state)}` }) {
	let playing = false;
	let timer;
	const to = (n) => go(Math.min(Math.max(n, 1), total(read())));
	const move = (n) => {
		stop();
		to(n);
	};
	const button = (name, target) =>
		html("button", { type: "button", "aria-label": name, title: name, onclick: () => move(target()) }, SIGNS[name]);
	const now = () => step(read());
	const backward = [button("First", () => 1), button("Back", () => now() - 1)];
	const forward = [button("Next", () => now() + 1), button("Last", () => total(read()))];
	const play = html("button", { type: "button", onclick: () => (playing ? stop() : start()) });
	const slider = html("input", {
		type: "range", min: 1, step: 1, "aria-label": "Step", oninput: () => move(Number(slider.value)),
	});
	const label = () => (play.textContent = playing ? "Pause" : "Play");
	function stop() {
		playing = false;
		clearTimeout(timer);
		label();
	}
	function start() {
		playing = true;
		label();
		to(now() === total(read()) ? 1 : now() + 1);
	}
	label();
	return {
		element: html("div", { class: "actions" }, ...backward, play, ...forward, slider),
		stop,
		playing: () => playing,
		draw(state) {
			const [here, end] = [step(state), total(state)];
			slider.max = end;
			slider.value = here;
			slider.setAttribute("aria-valuetext", text(state));
			play.disabled = end === 1;
			// A disabled button would lose the focus, and with it the keys.
			for (const one of backward) one.setAttribute("aria-disabled", here === 1);
			for (const one of forward) one.setAttribute("aria-disabled", here === end);
			if (here === end) stop();
			clearTimeout(timer);
			if (playing) timer = setTimeout(() => to(now() + 1), rest(state));
		},
	};
}
