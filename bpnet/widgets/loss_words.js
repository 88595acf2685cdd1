// What the figure says about a state, in numbers and in sentences. Pure; knows no page.
import { evaluate, slope } from "./loss_maths.js";

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

// 0.9997, −3.0000, 1.13 × 10⁻⁷
export function number(x) {
  if (x === 0) return "0";
  if (Math.abs(x) >= 1e-4) return x.toFixed(4).replace("-", "−");
  const [digits, exponent] = x.toExponential(2).replace("e", " ").split(" ");
  return `${digits.replace("-", "−")} × 10${[...exponent].map((c) => SUPERSCRIPTS[c]).join("")}`;
}

// A setting of the slider: 4.0, −2.5, 0.25
export function setting(z) {
  const text = Number.isInteger(z * 10) ? z.toFixed(1) : String(Number(z.toFixed(3)));
  return text.replace("-", "−");
}

// How far the prediction is from its target.
export function verdict(a, y) {
  const miss = Math.abs(a - y);
  if (miss > 0.9) return "wrong and certain";
  if (miss > 0.5) return "wrong, but unsure";
  if (miss === 0.5) return "undecided";
  return miss < 0.1 ? "right and certain" : "right, but unsure";
}

const equals = (name, value) => `${name}\u00a0=\u00a0${value}`;
const capital = (text) => text[0].toUpperCase() + text.slice(1);

function pushes({ delta }) {
  const strength = Math.abs(delta);
  if (strength < 0.01) return "hardly pushes";
  return strength < 0.1 ? "pushes weakly" : "pushes";
}

function comparison({ quadratic, crossEntropy }) {
  const size = ({ delta }) => number(Math.abs(delta));
  if (pushes(quadratic) === "hardly pushes" && pushes(crossEntropy) === "hardly pushes") {
    return `neither loss pushes much (quadratic ${size(quadratic)}, cross-entropy ${size(crossEntropy)}).`;
  }
  return (
    `the quadratic loss ${pushes(quadratic)} (${size(quadratic)}), ` +
    `cross-entropy ${pushes(crossEntropy)} with ${size(crossEntropy)}.`
  );
}

// The spoken summary. Before the reader has guessed it keeps the two pushes to itself.
export function summary(state) {
  const { y, steps, guess } = state;
  const { quadratic, crossEntropy } = evaluate(state);
  if (steps > 0) {
    return (
      `After ${steps} ${steps === 1 ? "step" : "steps"}: with the quadratic loss ${equals("a", number(quadratic.a))}, ` +
      `${verdict(quadratic.a, y)}; with cross-entropy ${equals("a", number(crossEntropy.a))}, ${verdict(crossEntropy.a, y)}.`
    );
  }
  const opening = capital(verdict(quadratic.a, y));
  if (guess) return `${opening}: ${comparison({ quadratic, crossEntropy })}`;
  return `${opening}: ${equals("a", number(quadratic.a))} for the target ${y}. Which loss pushes harder?`;
}

// The answer to the reader's prediction.
export function feedback({ z, guess }) {
  if (!guess) return "";
  const times = 1 / slope(z);
  const ratio = times < 1000 ? times.toFixed(1) : Math.round(times).toLocaleString("en");
  return (
    `${guess === "cross-entropy" ? "Yes" : "No"}: at ${equals("z", setting(z))} cross-entropy pushes ${ratio} times as hard. ` +
    "It is never less than 4 times, because a(1 − a) is at most 1/4."
  );
}
