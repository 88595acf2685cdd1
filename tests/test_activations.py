"""Activations: exact values by hand, safety at the ends, slopes measured on the function."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import FLOATS, STRICT, arrays, away_from_zero, frozen, sizes

from bpnet.activations import (
    ACTIVATIONS,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

ROUNDING = 4e-16


def test_sigmoid_by_hand():
    # e^-ln 3 = 1/3, so 1 / (1 + 1/3) = 3/4; e^ln 3 = 3, so 1 / (1 + 3) = 1/4.
    values = sigmoid([0, log(3), -log(3)])
    np.testing.assert_allclose(values, [1 / 2, 3 / 4, 1 / 4], rtol=ROUNDING)


def test_sigmoid_derivative_by_hand():
    # sigma (1 - sigma): 1/2 1/2 at 0, 3/4 1/4 at +-ln 3.
    values = sigmoid_derivative([0, log(3), -log(3)])
    np.testing.assert_allclose(values, [1 / 4, 3 / 16, 3 / 16], rtol=ROUNDING)


def test_tanh_and_its_derivative_by_hand():
    # (2 - 1/2) / (2 + 1/2) = 3/5 at ln 2, and 1 - (3/5)^2 = 16/25.
    np.testing.assert_allclose(tanh([0, log(2), -log(2)]), [0, 3 / 5, -3 / 5], rtol=ROUNDING)
    np.testing.assert_allclose(tanh_derivative([0, log(2)]), [1, 16 / 25], rtol=ROUNDING)


def test_relu_and_its_derivative_by_hand():
    np.testing.assert_array_equal(relu([-2, -0.0, 0, 3]), [0, 0, 0, 3])
    np.testing.assert_array_equal(relu_derivative([-2, -0.0, 0, 3]), [0, 0, 0, 1])


def test_relu_prints_no_negative_zero_and_keeps_nan():
    values = relu([-1.0, -np.inf, np.inf, np.nan])
    assert not np.signbit(values[:3]).any()
    np.testing.assert_array_equal(values, [0, 0, np.inf, np.nan])


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nothing_overflows_at_ten_thousand(name, dtype):
    function, derivative, _ = ACTIVATIONS[name]
    z = np.array([-1e4, -700, -88, 0, 88, 700, 1e4], dtype)
    with np.errstate(**STRICT):
        values, slopes = function(z), derivative(z)
    assert np.isfinite(values).all()
    assert np.isfinite(slopes).all()
    assert values.dtype == slopes.dtype == dtype


@pytest.mark.parametrize("dtype", FLOATS)
def test_sigmoid_saturates(dtype):
    low, high = sigmoid(np.array([-1e4, 1e4], dtype))
    assert 0 <= low <= np.finfo(dtype).tiny
    assert high == 1


@pytest.mark.parametrize("z", [-30.0, -100.0, -600.0])
def test_sigmoid_keeps_its_digits_where_it_is_small(z):
    # For such z, 1 + e^z rounds to 1 or next to it, and sigma(z) = e^z / (1 + e^z).
    np.testing.assert_allclose(sigmoid(z), np.exp(z) / (1 + np.exp(z)), rtol=ROUNDING)
    np.testing.assert_allclose(sigmoid_derivative(-z), np.exp(z), rtol=1e-12)


@given(arrays((3,), -30, 30))
def test_sigmoid_is_symmetric_about_one_half(z):
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=ROUNDING)


@given(arrays((3,), -15, 15))
def test_tanh_is_a_stretched_sigmoid(z):
    np.testing.assert_allclose(tanh(z), 2 * sigmoid(2 * z) - 1, atol=ROUNDING)


@pytest.mark.parametrize(("measure", "bar"), BARS)
@pytest.mark.parametrize("name", ACTIVATIONS)
@given(st.tuples(sizes, sizes).flatmap(lambda shape: away_from_zero(shape, 0.01)))
def test_derivative_is_the_measured_slope(name, measure, bar, z):
    function, derivative, _ = ACTIVATIONS[name]
    assert relative_error(derivative(z), measure(lambda v: function(v).sum(), z)) <= bar


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(arrays((2, 3), -5, 5))
def test_callers_arrays_stay_as_they_were(name, z):
    (z,) = frozen(z)
    function, derivative, _ = ACTIVATIONS[name]
    assert function(z).shape == derivative(z).shape == z.shape


def test_lists_and_integers_are_welcome():
    assert sigmoid([[0, 0]]).tolist() == [[0.5, 0.5]]
    assert relu(3) == 3
