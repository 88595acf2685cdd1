// Run by tests/widgets/test_graph_stepper.py, which writes the modules to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { parse } = await import(`${folder}expression_maths.mjs`);
const { graph } = await import(`${folder}graph_maths.mjs`);

const SHORT = { add: "+", subtract: "-", multiply: "*", divide: "/", power: "^", negate: "neg" };

// A tree in Polish notation, which needs no brackets.
function polish({ op, name, constant, args }) {
  return op ? [SHORT[op] ?? op, ...args.map(polish)].join(" ") : String(name ?? constant);
}

const read = (text) => parse(text).map(({ name, tree }) => (name ? `${name}=${polish(tree)}` : polish(tree))).join("; ");

for (const [text, tree] of [
  ["x + y * z", "+ x * y z"],
  ["x - y - z", "- - x y z"],
  ["x / y / z", "/ / x y z"],
  ["x - y * z + w", "+ - x * y z w"],
  ["(x + y) * z", "* + x y z"],
  ["x ^ y ^ z", "^ x ^ y z"],
  ["x ** 2", "^ x 2"],
  ["-x ^ 2", "neg ^ x 2"],
  ["x ^ -2", "^ x neg 2"],
  ["x ^ -y ^ z", "^ x neg ^ y z"],
  ["-x * y", "* neg x y"],
  ["x * -y + z", "+ * x neg y z"],
  ["--x", "neg neg x"],
  ["x--y", "- x neg y"],
  ["1e-3*x + .5 - 2.E+2", "- + * 0.001 x 0.5 200"],
  ["max(x, -y)*exp(x + 1)", "* max x neg y exp + x 1"],
  ["tanh(log(relu(x)))", "tanh log relu x"],
  ["u = x + y; u * u", "u=+ x y; * u u"],
  ["\u03c3_1 = x*x;C=\u03c3_1", "\u03c3_1=* x x; C=\u03c3_1"],
  ["constructor * toString", "* constructor toString"],
]) {
  test(`reads ${text}`, () => assert.equal(read(text), tree));
}

for (const [text, at, words] of [
  ["", 0, /number or a name is missing/],
  ["   ", 3, /number or a name is missing/],
  ["x +", 3, /number or a name is missing/],
  ["x + * y", 4, /number or a name is missing/],
  ["x*()", 3, /number or a name is missing/],
  ["x*y;", 4, /number or a name is missing/],
  ["(x + y", 6, /bracket at character 1 is not closed/],
  ["x*(y; z)", 4, /bracket at character 3 is not closed/],
  ["log(x", 5, /bracket at character 4 is not closed/],
  ["x)", 1, /never opened/],
  ["2x", 1, /A product is 2 \* x\./],
  ["x y", 2, /A product is x \* y\./],
  ["2(x+1)", 1, /A product is 2 \* \(…\)\./],
  ["(x) (y)", 4, /A product is \(…\) \* \(…\)\./],
  ["(x y)", 3, /A product is x \* y\./],
  ["x constructor", 2, /A product is x \* constructor\./],
  ["1.2.3*x", 3, /Between 1\.2 and \.3/],
  ["sin(x)", 0, /sin is none of exp, log, tanh, relu, max\. A product is sin \* \(…\)\./],
  ["x + x(y)", 4, /A product is x \* \(…\)\./],
  ["toString(x)", 0, /toString is none of/],
  ["exp x", 4, /After exp comes a bracket/],
  ["x + exp", 7, /After exp comes a bracket/],
  ["max(x)", 0, /max takes two numbers, not 1\./],
  ["x*exp(x, y)", 2, /exp takes one number, not 2\./],
  ["x, y", 1, /, has no meaning here/],
  ["x = y = z", 6, /= has no meaning here/],
  ["2 = x", 2, /= has no meaning here/],
  ["x & y", 2, /& has no meaning here/],
  [`${"x+".repeat(100)}x`, 200, /At most 200 characters/],
  ["x ^ y", 4, /exponent must be a fixed number/],
  ["u = x*y; u = 3*x; u*u", 9, /u has a meaning already/],
  ["x = x + 1", 0, /x has a meaning already/],
  ["u = x*x; x*y", 0, /u is not used afterwards/],
  ["x*y; z*z", 0, /This part is not used afterwards/],
  ["x*y; z*z; w*w", 5, /This part is not used afterwards/],
  ["x * (1/0)", 6, /This has no value/],
  ["log(-1) + x", 0, /This has no value/],
  ["x", 0, /nothing to compute/],
  ["2 * 3", 0, /nothing to compute/],
  ["u = 2", 0, /nothing to compute/],
  [Array(25).fill("x").join("*"), 47, /More than 24 nodes/],
]) {
  test(`finds the slip of '${text.slice(0, 20)}' at ${at}`, () => {
    const { slip } = graph(text);
    assert.equal(slip?.at, at);
    assert.match(slip.words, words);
  });
}

test("any text is read or has a slip inside it", () => {
  const signs = ["x", "y", "2", "1e", "+", "-", "*", "/", "^", "(", ")", ",", ";", "=", "max", "exp", " ", "&", "."];
  for (let n = 0, seed = 1; n < 5000; n++) {
    let text = "";
    for (let length = n % 12; length >= 0; length--) {
      seed = (seed * 1664525 + 1013904223) % 2 ** 32;
      text += signs[Math.floor((seed / 2 ** 32) * signs.length)];
    }
    const { slip, nodes } = graph(text);
    if (!slip) assert.ok(nodes.length > 1, text);
    else assert.ok(slip.at >= 0 && slip.at <= text.length && slip.words, text);
  }
});
