// What a step shows and how long it stays. A part is named step-FIRST-LAST-NUMBER; no LAST: to the end.

export function shown(name, step) {
	const [first, last] = name.split("-").slice(1, 3);
	return {
		visible: Number(first) <= step && (last === "" || step <= Number(last)),
		fresh: Number(first) === step,
	};
}

// ms to look at a step and to read its caption, while playing
export const pause = (caption) => 1500 + 50 * caption.length;
