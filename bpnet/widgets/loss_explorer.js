// The view of LossExplorer. Each part has an element and draws a state into it.
import { chart, circle, curve, guide, square, text } from "./chart.js";
import { html } from "./dom.js";
import { ETA, LIMIT, LOSSES, MAX_STEPS, evaluate, legal, slope } from "./loss_maths.js";
import { feedback, number, setting, summary } from "./loss_words.js";

const EDGE = LIMIT + 0.5;
const SPEAK_AFTER = 250; // ms of rest, so that a moving slider does not chatter
const NAMES = { quadratic: "quadratic", crossEntropy: "cross-entropy" };
const MARKERS = { quadratic: circle, crossEntropy: square };
// Where the curves' names stand for y = 0; y = 1 is the mirror image.
const LABELS = {
  loss: { quadratic: [EDGE, 1.15], crossEntropy: [4.2, 5.4] },
  delta: { quadratic: [EDGE, 0.09], crossEntropy: [EDGE, 0.88] },
};

const LOSS_FRAME = { y: [0, 9], yTicks: [0, 2, 4, 6, 8] };
// One frame for each target: the sign of δ depends on it.
const FRAMES = {
  loss: [LOSS_FRAME, LOSS_FRAME],
  delta: [
    { y: [-0.05, 1.05], yTicks: [0, 0.25, 0.5, 0.75, 1] },
    { y: [-1.05, 0.05], yTicks: [-1, -0.75, -0.5, -0.25, 0] },
  ],
};

function slider(change) {
  const input = html("input", {
    type: "range", min: -LIMIT, max: LIMIT, step: 0.1,
    oninput: () => change({ z: Number(input.value), steps: 0 }),
  });
  const shown = html("span", { class: "value" });
  const name = html("span", {}, "Weighted input ", html("var", {}, "z"));
  return {
    element: html("div", { class: "slider" }, html("label", {}, name, input), shown),
    focus: () => input.focus(),
    draw({ z }) {
      input.value = z;
      input.setAttribute("aria-valuetext", setting(z));
      shown.textContent = `= ${setting(z)}`;
    },
  };
}

function target(change) {
  const group = `target-${Math.random().toString(36).slice(2)}`;
  const radios = [0, 1].map((y) =>
    html("input", { type: "radio", name: group, value: y, onchange: () => change({ y, steps: 0 }) }),
  );
  const labels = radios.map((radio, y) => html("label", {}, radio, ` ${y}`));
  const legend = html("legend", {}, "Target ", html("var", {}, "y"));
  return {
    element: html("fieldset", {}, legend, ...labels),
    draw: ({ y }) => radios.forEach((radio, value) => (radio.checked = value === y)),
  };
}

function prediction(change) {
  const question = "Predict: which loss pushes harder here?";
  const buttons = ["quadratic", "cross-entropy", "same"].map((guess) =>
    html("button", { type: "button", "data-guess": guess, onclick: () => change({ guess }) },
      guess === "same" ? "the same" : guess),
  );
  const reply = html("p", { class: "feedback" });
  const choices = html("div", { role: "group", "aria-label": question }, ...buttons);
  return {
    element: html("div", { class: "prediction" }, html("p", {}, question), choices, reply),
    draw(state) {
      for (const button of buttons) {
        button.setAttribute("aria-pressed", button.dataset.guess === state.guess);
      }
      reply.textContent = feedback(state);
    },
  };
}

function marks(quantity, { z, y, steps }, now) {
  const side = y ? -1 : 1;
  const f = (name) => (at) => LOSSES[name][quantity](at, y);
  const each = (draw) => Object.keys(NAMES).map(draw);
  const label = (name) => {
    const [x, height] = LABELS[quantity][name];
    const at = [side * x, quantity === "delta" ? side * height : height];
    return text(NAMES[name], at, y ? "start" : "end", name);
  };
  const trail = (name) => curve(f(name), [z, now[name].z], `trail ${name}`);
  return [
    guide(z),
    ...(steps ? each(trail) : []),
    ...each((name) => curve(f(name), [-EDGE, EDGE], `curve ${name}`)),
    ...each(label),
    ...each((name) => MARKERS[name](now[name].z, now[name][quantity], name)),
  ];
}

function panel(quantity, ...caption) {
  const figure = chart();
  const heading = html("figcaption", {}, ...caption);
  const cover = html("p", { class: "cover" }, "Predict first: the pushes appear after your answer.");
  const frame = html("div", { class: "frame" }, figure.element, cover);
  return {
    element: html("figure", {}, heading, frame),
    draw(state) {
      const now = evaluate(state);
      const covered = quantity === "delta" && !state.guess;
      const values = Object.keys(NAMES).map((name) => `${NAMES[name]} ${number(now[name][quantity])}`);
      cover.hidden = !covered;
      figure.draw(
        { x: [-EDGE, EDGE], xTicks: [-8, -4, 0, 4, 8], xName: "z", ...FRAMES[quantity][state.y] },
        covered ? [] : marks(quantity, state, now),
        `${heading.textContent} against z: ${covered ? "hidden until you answer" : values.join(", ")}.`,
      );
    },
  };
}

function actions(change, start) {
  const counter = html("span", { class: "value" });
  let next = 0;
  const step = html("button", { type: "button", onclick: () => change({ steps: next }) },
    `Take a step (η = ${ETA})`);
  const reset = html("button", { type: "button", onclick: () => change(start) }, "Reset");
  return {
    element: html("div", { class: "actions" }, step, reset, counter),
    draw({ steps, guess }) {
      next = Math.min(steps + 1, MAX_STEPS);
      step.disabled = !guess;
      counter.textContent = guess ? `${steps} ${steps === 1 ? "step" : "steps"}` : "after your answer";
    },
  };
}

function numbers() {
  const body = html("tbody");
  const row = (name, ...cells) =>
    html("tr", {}, html("th", { scope: "row" }, name), ...cells.map((cell) => html("td", {}, cell)));
  const column = (name) => html("th", { scope: "col", class: name }, NAMES[name]);
  const head = html("tr", {}, html("td"), ...Object.keys(NAMES).map(column));
  return {
    element: html("table", { class: "numbers" }, html("thead", {}, head), body),
    draw(state) {
      const values = Object.values(evaluate(state));
      const hide = (value) => (state.guess ? number(value) : "?");
      const ratio = row(`ratio a(1 − a) at z = ${setting(state.z)}`, hide(slope(state.z)));
      ratio.lastChild.colSpan = 2;
      body.replaceChildren(
        row("z", ...values.map(({ z }) => (state.steps ? number(z) : setting(z)))),
        row("prediction a = σ(z)", ...values.map(({ a }) => number(a))),
        row("loss C", ...values.map(({ loss }) => number(loss))),
        row("push δ = dC/dz", ...values.map(({ delta }) => hide(delta))),
        ratio,
      );
    },
  };
}

function spoken() {
  const element = html("p", { class: "summary", role: "status", "aria-live": "polite" });
  let timer;
  return {
    element,
    draw(state) {
      clearTimeout(timer);
      timer = setTimeout(() => (element.textContent = summary(state)), element.textContent ? SPEAK_AFTER : 0);
    },
  };
}

function render({ model, el }) {
  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const start = model.get("_start");
  const controls = [slider(change), target(change)];
  const panels = [
    panel("loss", "Loss ", html("var", {}, "C")),
    panel("delta", "Push δ = d", html("var", {}, "C"), "/d", html("var", {}, "z")),
  ];
  const rest = [prediction(change), actions(change, start), spoken(), numbers()];
  const elements = (parts) => parts.map(({ element }) => element);
  const onkeydown = (event) => {
    if (event.key !== "Escape") return;
    change(start);
    controls[0].focus();
  };
  const title = "Quadratic loss against cross-entropy";
  const root = html("div", { class: "bpnet-explorable", role: "group", "aria-label": title, onkeydown },
    html("p", { class: "title" }, title),
    html("div", { class: "controls" }, ...elements(controls)),
    html("div", { class: "panels" }, ...elements(panels)),
    ...elements(rest),
  );
  for (const control of root.querySelectorAll("button, input")) {
    control.dataset.lmSuppressShortcuts = true; // JupyterLab leaves the keys to the controls
  }
  el.append(root);
  const draw = () => {
    const state = legal({
      z: model.get("z"), y: model.get("y"), steps: model.get("steps"), guess: model.get("guess"),
    });
    for (const part of [...controls, ...panels, ...rest]) part.draw(state);
  };
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
