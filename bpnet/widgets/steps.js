// The view of Steps: one drawing, whose parts say in their ids when they are shown.
import { html } from "./dom.js";
import { shown } from "./steps_maths.js";

const PAUSE = 2500; // ms between the steps while playing
const SIGNS = { First: "«", Back: "‹", Next: "›", Last: "»" };

// A page may hold several drawings: each gets ids of its own.
function drawing(svg) {
  const own = `steps-${Math.random().toString(36).slice(2)}-`;
  const picture = html("div", { role: "img" });
  picture.innerHTML = svg
    .replaceAll(' id="', ` id="${own}`)
    .replaceAll('href="#', `href="#${own}`)
    .replaceAll("url(#", `url(#${own}`);
  const parts = [...picture.querySelectorAll(`[id^="${own}step-"]`)].map((element) => ({
    element,
    name: element.id.slice(own.length),
  }));
  return {
    element: html("div", { class: "drawing", tabindex: 0, role: "region", "aria-label": "Drawing" }, picture),
    draw(step, caption) {
      picture.setAttribute("aria-label", caption);
      for (const { element, name } of parts) {
        const { visible, fresh } = shown(name, step);
        element.style.display = visible ? "" : "none";
        element.classList.toggle("fresh", fresh);
      }
    },
  };
}

function controls(go, count) {
  const button = (name, to) =>
    html("button", { type: "button", "aria-label": name, title: name, onclick: () => go(to) }, SIGNS[name]);
  const backward = [button("First", () => 1), button("Back", (step) => step - 1)];
  const forward = [button("Next", (step) => step + 1), button("Last", () => count)];
  const play = html("button", { type: "button", onclick: () => (timer ? stop() : start()) });
  const slider = html("input", {
    type: "range", min: 1, max: count, step: 1, "aria-label": "Step",
    oninput: () => go(() => Number(slider.value)),
  });
  let timer;
  const stop = () => {
    timer = clearInterval(timer);
    play.textContent = "Play";
  };
  const start = () => {
    go((step) => (step === count ? 1 : step));
    timer = setInterval(() => go((step) => step + 1), PAUSE);
    play.textContent = "Pause";
  };
  stop();
  return {
    element: html("div", { class: "actions" }, ...backward, play, ...forward, slider),
    stop,
    draw(step) {
      slider.value = step;
      slider.setAttribute("aria-valuetext", `${step} of ${count}`);
      for (const one of backward) one.disabled = step === 1;
      for (const one of forward) one.disabled = step === count;
      if (step === count && timer) stop();
    },
  };
}

function render({ model, el }) {
  const [title, captions] = [model.get("title"), model.get("captions")];
  const go = (to) => {
    model.set("step", Math.min(Math.max(to(model.get("step")), 1), captions.length));
    model.save_changes();
  };
  const picture = drawing(model.get("svg"));
  const panel = controls(go, captions.length);
  const words = html("p", { class: "summary", role: "status", "aria-live": "polite" });
  const list = html("ol", {}, ...captions.map((caption) => html("li", {}, caption)));
  const root = html("div", {
    class: "bpnet-explorable steps", role: "group", "aria-label": title,
    onkeydown: (event) => event.key === "Escape" && go(() => 1),
  },
    html("p", { class: "title" }, title),
    panel.element,
    words,
    picture.element,
    html("details", {}, html("summary", {}, "All steps in words"), list),
  );
  for (const control of root.querySelectorAll("button, input")) {
    control.dataset.lmSuppressShortcuts = true; // JupyterLab leaves the keys to the controls
  }
  el.append(root);
  const draw = () => {
    const step = model.get("step");
    words.textContent = `Step ${step} of ${captions.length}. ${captions[step - 1]}`;
    picture.draw(step, words.textContent);
    panel.draw(step);
  };
  model.on("change:step", draw);
  draw();
  return () => {
    panel.stop();
    model.off("change:step", draw);
  };
}

export default { render };
