// Run by tests/widgets/test_words.py, which writes the module to BPNET_WIDGETS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = `${pathToFileURL(process.env.BPNET_WIDGETS)}/`;
const { capital, count, equals, number, setting, term } = await import(`${folder}words.mjs`);

test("numbers are written as in the book", () => {
  assert.equal(number(0), "0");
  assert.equal(number(0.99966), "0.9997");
  assert.equal(number(0.99966, 2), "1.00");
  assert.equal(number(-3), "−3.0000");
  assert.equal(number(-1.1246e-7), "−1.12\u00a0×\u00a010⁻⁷");
  assert.equal(number(2.5e9), "2.50\u00a0×\u00a010⁹");
});

test("settings are as short as they are exact", () => {
  assert.equal(setting(4), "4.0");
  assert.equal(setting(-2.5), "−2.5");
  assert.equal(setting(0.25), "0.25");
});

test("a negative term stands in brackets", () => {
  assert.equal(term(setting(-2.5)), "(−2.5)");
  assert.equal(term(setting(2.5)), "2.5");
});

test("words fit their numbers", () => {
  assert.equal(count(1, "step"), "1 step");
  assert.equal(count(0, "step"), "0 steps");
  assert.equal(count(2, "loss", "losses"), "2 losses");
  assert.equal(equals("z", "1"), "z\u00a0=\u00a01");
  assert.equal(capital("wrong"), "Wrong");
});
