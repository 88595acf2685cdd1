// First, Back, Play, Next, Last and a slider over numbered steps, counted from 1.
import { beside, button } from "./controls.js";
import { fill, html } from "./dom.js";

// `total(state)` steps, `step(state)` the present one, `go(n)` moves, `rest(state)` ms while playing.
export function player({
	read, change, total, step = (state) => state.step, go = (n) => change({ step: n }), rest,
	text = (state) => `${step(state)} of ${total(state)}`,
}) {
	let playing = false;
	let timer;
	const now = () => step(read());
	const play = (on) => {
		playing = on;
		clearTimeout(timer);
		toggle.element.textContent = on ? "Pause" : "Play";
	};
	const stop = () => play(false);
	const move = (n) => {
		stop();
		go(n);
	};
	const start = () => {
		play(true);
		go(now() === total(read()) ? 1 : now() + 1);
	};
	const before = { enabled: (state) => step(state) > 1 };
	const after = { enabled: (state) => step(state) < total(state) };
	const toggle = button("Play", () => (playing ? stop() : start()), { enabled: (state) => total(state) > 1 });
	const slider = html("input", {
		type: "range", min: 1, "aria-label": "Step", oninput: () => move(Number(slider.value)),
	});
	const buttons = [
		button("«", () => move(1), { name: "First", ...before }),
		button("‹", () => move(now() - 1), { name: "Back", ...before }),
		toggle,
		button("›", () => move(now() + 1), { name: "Next", ...after }),
		button("»", () => move(total(read())), { name: "Last", ...after }),
	];
	const panel = beside("actions", ...buttons, { element: slider });
	return {
		element: panel.element,
		stop,
		playing: () => playing,
		draw(state) {
			panel.draw(state);
			fill(slider, { max: total(state), "aria-valuetext": text(state) });
			slider.value = step(state);
			if (!after.enabled(state)) stop();
			clearTimeout(timer);
			if (playing) timer = setTimeout(() => go(now() + 1), rest(state));
		},
	};
}
