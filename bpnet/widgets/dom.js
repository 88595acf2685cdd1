// Elements in one call: html("p", { class: "note" }, "text", child, [more]); "onclick" and such are heard.

export function fill(element, attributes, ...children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else element.setAttribute(name, value);
	}
	element.append(...children.flat());
	return element;
}

export const html = (tag, attributes = {}, ...children) =>
	fill(document.createElement(tag), attributes, ...children);

export const svg = (tag, attributes = {}, ...children) =>
	fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, ...children);

// A name that nothing else on the page has.
export const unique = (name) => `${name}-${Math.random().toString(36).slice(2)}`;
