"""Checks of what comes in say, in one sentence, what came and what was expected."""

import math
import re

import numpy as np
import pytest
import strategies  # noqa: F401  (loads the settings of hypothesis)
from hypothesis import given
from hypothesis import strategies as st

from bpnet import checks


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_floats_keep_their_type(dtype):
    values = np.ones(2, dtype)
    assert checks.as_float(values) is values


@pytest.mark.parametrize("values", [[1, 2], [True, False], np.arange(3, dtype=np.uint8)])
def test_whole_numbers_become_float64(values):
    assert checks.as_float(values).dtype == np.float64


@given(st.integers(0, 5), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_the_first_entry_that_is_not_finite_is_named(place, bad):
    values = np.zeros((2, 3))
    values.flat[place:] = bad
    row, column = divmod(place, 3)
    expected = f"{6 - place} of its 6 entries are not: W[{row}, {column}] is {bad}"
    with pytest.raises(ValueError, match=re.escape(expected) + "$"):
        checks.require_finite("W", values)


def test_finite_values_pass():
    assert checks.require_finite("W", np.array([1e308, -1e308, 0.0])) is None


@pytest.mark.parametrize("values", [np.array(["1"]), np.array([None]), np.array([{}])])
def test_what_is_no_number_is_refused(values):
    with pytest.raises(TypeError, match="x must hold numbers, got an array of type"):
        checks.require_finite("x", values)


def test_unequal_shapes_are_both_named():
    with pytest.raises(ValueError, match=r"b has shape \(3,\), but a row has shape \(2,\)"):
        checks.require_same_shape("b", (3,), "a row", (2,))


@pytest.mark.parametrize("shape", [(), (3,), (2, 4), (2, 3, 1)])
def test_a_batch_of_another_shape_is_refused_with_both_shapes(shape):
    words = re.escape(f"x has shape {shape}, expected (m, 3)")
    with pytest.raises(ValueError, match=words) as error:
        checks.require_rows("x", np.zeros(shape), 3)
    assert ("x[None, :]" in str(error.value)) == (shape == (3,))


def test_a_batch_of_any_width_is_still_a_batch():
    checks.require_rows("x", np.zeros((2, 5)))
    with pytest.raises(ValueError, match=r"x has shape \(5,\), expected \(m, 5\)"):
        checks.require_rows("x", np.zeros(5))
    with pytest.raises(ValueError, match=r"x has shape \(\), expected \(m, 1\)"):
        checks.require_rows("x", np.zeros(()))


def test_an_empty_batch_is_refused():
    with pytest.raises(ValueError, match=r"x has shape \(0, 3\): an empty batch"):
        checks.require_rows("x", np.zeros((0, 3)), 3)


@pytest.mark.parametrize("bad", [-1e-9, 1.001, np.nan])
def test_a_probability_lies_between_0_and_1(bad):
    with pytest.raises(ValueError, match=r"p must hold probabilities in \[0, 1\], got"):
        checks.require_probabilities("p", np.array([0.5, bad]))
    ends = np.array([0.0, 1.0])
    assert checks.require_probabilities("p", ends) is ends


@pytest.mark.parametrize(
    "bad", [0, 0.0, -1, -0.1, math.nan, math.inf, -math.inf, np.float32("nan")]
)
def test_a_rate_is_positive_and_finite(bad):
    with pytest.raises(ValueError, match="the rate must be positive and finite, got"):
        checks.require_positive("the rate", bad)


@pytest.mark.parametrize("bad", ["0.1", True, None, [0.1], 1j, np.bool_(True)])
def test_a_rate_is_a_number(bad):
    with pytest.raises(TypeError, match="the rate must be a number, got"):
        checks.require_positive("the rate", bad)


@pytest.mark.parametrize("good", [1, 0.5, np.float32(0.5), np.int64(2), 5e-324])
def test_a_good_rate_comes_back_as_a_float(good):
    value = checks.require_positive("the rate", good)
    assert type(value) is float
    assert value == good


@pytest.mark.parametrize("bad", [-0.1, 1, 1.0, math.nan, math.inf])
def test_a_fraction_is_below_one(bad):
    with pytest.raises(ValueError, match="beta must be at least 0 and below 1, got"):
        checks.require_fraction("beta", bad)
    assert checks.require_fraction("beta", 0) == 0.0


@pytest.mark.parametrize(
    ("bad", "kind"), [(0, ValueError), (-3, ValueError), (2.0, TypeError), (True, TypeError)]
)
def test_a_count_is_a_whole_number_of_at_least_one(bad, kind):
    with pytest.raises(kind, match=f"epochs must be .*, got {bad!r}"):
        checks.require_count("epochs", bad)
    assert checks.require_count("epochs", np.int32(1)) == 1


@pytest.mark.parametrize("bad", [0, None, np.random, np.random.RandomState(0)])
def test_a_generator_is_not_a_seed(bad):
    with pytest.raises(TypeError, match=rf"rng must be .*, got {type(bad).__name__}"):
        checks.require_generator(bad)
    rng = np.random.default_rng(0)
    assert checks.require_generator(rng) is rng
