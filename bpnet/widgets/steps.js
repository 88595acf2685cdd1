// The view of Steps: one drawing, whose parts say in their ids when they are shown.
import { html } from "./dom.js";
import { legal, pause, shown } from "./steps_maths.js";

const SPEAK_AFTER = 250; // ms of rest, so that a moving slider does not chatter
const SIGNS = { First: "«", Back: "‹", Next: "›", Last: "»" };
const LEAST = 1.1; // px on the screen for a point of the drawing, so that a phone shows it legibly

// A page may hold several drawings: each gets ids of its own.
function drawing(svg, title) {
  const own = `steps-${Math.random().toString(36).slice(2)}-`;
  const frame = html("div", { class: "drawing", tabindex: 0, role: "group", "aria-label": `Drawing: ${title}` });
  frame.innerHTML = svg
    .replaceAll(' id="', ` id="${own}`)
    .replaceAll('href="#', `href="#${own}`)
    .replaceAll("url(#", `url(#${own}`);
  const image = frame.querySelector("svg");
  image.setAttribute("role", "img");
  image.style.minWidth = `${LEAST * image.viewBox.baseVal.width}px`;
  const parts = [...frame.querySelectorAll(`[id^="${own}step-"]`)].map((element) => ({
    element,
    name: element.id.slice(own.length),
  }));
  // Scrolls the frame, where the drawing is wider, to the middle of what is new, or to its left end.
  const reveal = (elements) => {
    const boxes = elements.map((element) => element.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left));
    const spare = frame.clientWidth - (Math.max(...boxes.map((box) => box.right)) - left);
    frame.scrollLeft += left - frame.getBoundingClientRect().left - Math.max(spare / 2, 0);
  };
  return {
    element: frame,
    draw(step, words) {
      image.setAttribute("aria-label", words);
      for (const { element, name } of parts) {
        const { visible, fresh } = shown(name, step);
        element.classList.toggle("away", !visible);
        element.classList.toggle("fresh", fresh);
      }
      const fresh = parts.filter(({ name }) => shown(name, step).fresh);
      if (fresh.length) reveal(fresh.map(({ element }) => element));
    },
  };
}

function controls(go, captions) {
  const count = captions.length;
  let playing = false;
  let timer;
  const button = (name, to) =>
    html("button", { type: "button", "aria-label": name, title: name, onclick: () => move(to) }, SIGNS[name]);
  const backward = [button("First", () => 1), button("Back", (step) => step - 1)];
  const forward = [button("Next", (step) => step + 1), button("Last", () => count)];
  const play = html("button", { type: "button", onclick: () => (playing ? stop() : start()) });
  const slider = html("input", {
    type: "range", min: 1, max: count, step: 1, "aria-label": "Step",
    oninput: () => move(() => Number(slider.value)),
  });
  const stop = () => {
    playing = false;
    clearTimeout(timer);
    play.textContent = "Play";
  };
  const start = () => {
    playing = true;
    play.textContent = "Pause";
    go((step) => (step === count ? 1 : step + 1));
  };
  const move = (to) => {
    stop();
    go(to);
  };
  // A disabled button would lose the focus, and with it the keys.
  const disable = (one, off) => one.setAttribute("aria-disabled", off);
  stop();
  play.disabled = count === 1;
  return {
    element: html("div", { class: "actions" }, ...backward, play, ...forward, slider),
    move,
    stop,
    playing: () => playing,
    draw(step) {
      slider.value = step;
      slider.setAttribute("aria-valuetext", `${step} of ${count}`);
      for (const one of backward) disable(one, step === 1);
      for (const one of forward) disable(one, step === count);
      if (step === count) stop();
      clearTimeout(timer);
      if (playing) timer = setTimeout(() => go((now) => now + 1), pause(captions[step - 1]));
    },
  };
}

// What is spoken follows what is seen after a rest, and not at all while playing: it would lag behind.
// All texts lie in one place, which fits the longest.
function caption(texts) {
  const words = html("p", { "aria-hidden": true });
  const spoken = html("p", { class: "spoken", role: "status", "aria-live": "polite" });
  const room = texts.map((text) => html("p", { class: "room", "aria-hidden": true }, text));
  let timer;
  const speak = (text) => (spoken.textContent = text);
  return {
    element: html("div", { class: "summary" }, words, spoken, ...room),
    stop: () => clearTimeout(timer),
    draw(step, playing) {
      words.textContent = texts[step - 1];
      spoken.setAttribute("aria-live", playing ? "off" : "polite");
      clearTimeout(timer);
      if (playing || !spoken.textContent) speak(texts[step - 1]);
      else timer = setTimeout(speak, SPEAK_AFTER, texts[step - 1]);
    },
  };
}

function render({ model, el }) {
  const [title, captions] = [model.get("title"), model.get("captions")];
  const count = captions.length;
  const texts = captions.map((text, n) => `Step ${n + 1} of ${count}. ${text}`);
  const step = () => legal(model.get("step"), count);
  const go = (to) => {
    model.set("step", legal(to(step()), count));
    model.save_changes();
  };
  const picture = drawing(model.get("svg"), title);
  const panel = controls(go, captions);
  const words = caption(texts);
  const list = html("ol", {}, ...captions.map((text) => html("li", {}, text)));
  const root = html("div", {
    class: "bpnet-explorable steps", role: "group", "aria-label": title,
    onkeydown: (event) => event.key === "Escape" && panel.move(() => 1),
  },
    html("p", { class: "title" }, title),
    panel.element,
    words.element,
    picture.element,
    html("details", {}, html("summary", {}, "All steps in words"), list),
  );
  for (const control of root.querySelectorAll("button, input")) {
    control.dataset.lmSuppressShortcuts = true; // JupyterLab leaves the keys to the controls
  }
  el.append(root);
  const draw = () => {
    const now = step();
    panel.draw(now);
    picture.draw(now, texts[now - 1]);
    words.draw(now, panel.playing());
  };
  model.on("change:step", draw);
  draw();
  return () => {
    panel.stop();
    words.stop();
    model.off("change:step", draw);
  };
}

export default { render };
