"""Losses: exact values by hand, safety at the ends, slopes measured on the function."""

import re
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import FLOATS, STRICT, arrays, frozen, sizes

from bpnet.losses import (
    LOSSES,
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    log_softmax,
    one_hot,
    quadratic,
    quadratic_gradient,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_gradient,
    smoothed,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_gradient,
)

ROUNDING = 4e-16
FUSED = (sigmoid_cross_entropy, softmax_cross_entropy)


def test_quadratic_by_hand():
    # 1/2 (1^2 + 2^2) = 5/2 and 1/2 (0^2 + 3^2) = 9/2.
    yhat, y = [[2, 0], [1, 1]], [[1, 2], [1, -2]]
    np.testing.assert_array_equal(quadratic(yhat, y), [5 / 2, 9 / 2])
    np.testing.assert_array_equal(quadratic_gradient(yhat, y), [[1, -2], [0, 3]])


def test_binary_cross_entropy_by_hand():
    # -log 1/4 = log 4; -log (1 - 3/4) = log 4; for y = 1/2 the mean of -log 1/4 and -log 3/4.
    losses = binary_cross_entropy([[0.25], [0.75], [0.25]], [[1], [0], [0.5]])
    soft = (log(4) + log(4 / 3)) / 2
    np.testing.assert_allclose(losses, [log(4), log(4), soft], rtol=ROUNDING)


def test_binary_cross_entropy_gradient_by_hand():
    # -1 / (1/4) = -4; 1 / (1 - 3/4) = 4; (1/2) / (3/4) - (1/2) / (1/4) = -4/3.
    slopes = binary_cross_entropy_gradient([[0.25], [0.75], [0.25]], [[1], [0], [0.5]])
    np.testing.assert_allclose(slopes, [[-4], [4], [-4 / 3]], rtol=ROUNDING)


def test_a_certain_answer_costs_nothing_or_everything():
    with np.errstate(**STRICT):
        losses = binary_cross_entropy([[1.0], [0.0], [0.0], [1.0]], [[1], [0], [1], [0]])
        slopes = binary_cross_entropy_gradient([[1.0], [0.0], [0.0]], [[1], [0], [1]])
    np.testing.assert_array_equal(losses, [0, 0, np.inf, np.inf])
    np.testing.assert_array_equal(slopes, [[-1], [1], [-np.inf]])


@pytest.mark.parametrize("function", [binary_cross_entropy, binary_cross_entropy_gradient])
@pytest.mark.parametrize("bad", [-0.1, 1.5, np.nan])
def test_binary_cross_entropy_wants_probabilities(function, bad):
    with pytest.raises(ValueError, match=r"yhat must hold probabilities in \[0, 1\], got"):
        function([0.5, bad], [0, 1])


def test_sigmoid_cross_entropy_by_hand():
    # sigma(ln 3) = 3/4: -log 3/4 = log 4/3 for y = 1, -log 1/4 = log 4 for y = 0.
    z, y = [[log(3)], [log(3)]], [[1], [0]]
    np.testing.assert_allclose(sigmoid_cross_entropy(z, y), [log(4 / 3), log(4)], rtol=1e-15)
    np.testing.assert_allclose(
        sigmoid_cross_entropy_gradient(z, y), [[-1 / 4], [3 / 4]], rtol=ROUNDING
    )


def test_softmax_by_hand():
    # e^0 : e^ln 2 = 1 : 2, and e^0 : e^ln 2 : e^ln 5 = 1 : 2 : 5.
    np.testing.assert_allclose(softmax([0, log(2)]), [1 / 3, 2 / 3], rtol=ROUNDING)
    np.testing.assert_allclose(softmax([0, log(2), log(5)]), [1 / 8, 2 / 8, 5 / 8], rtol=ROUNDING)
    np.testing.assert_allclose(log_softmax([0, log(2)]), [log(1 / 3), log(2 / 3)], rtol=ROUNDING)


def test_softmax_cross_entropy_by_hand():
    # Class 1 of 1 : 2 costs -log 2/3; the half-and-half target the mean of log 3 and log 3/2.
    z, y = [[0, log(2)], [0, log(2)]], [[0, 1], [0.5, 0.5]]
    expected = [log(3 / 2), (log(3) + log(3 / 2)) / 2]
    np.testing.assert_allclose(softmax_cross_entropy(z, y), expected, rtol=1e-15)
    slopes = softmax_cross_entropy_gradient(z, y)
    np.testing.assert_allclose(slopes, [[1 / 3, -1 / 3], [-1 / 6, 1 / 6]], rtol=1e-15)


@pytest.mark.parametrize("dtype", FLOATS)
def test_nothing_overflows_at_ten_thousand(dtype):
    z = np.array([[1e4, -1e4], [-1e4, 1e4], [1e4, 1e4], [-1e4, -1e4]], dtype)
    y = np.array([[0, 1], [0, 1], [0, 1], [1, 0]], dtype)
    with np.errstate(**STRICT):
        found = {name: (loss.function(z, y), loss.gradient(z, y)) for name, loss in named_fused()}
        np.testing.assert_array_equal(softmax(z), [[1, 0], [0, 1], [0.5, 0.5], [0.5, 0.5]])
        np.testing.assert_array_equal(log_softmax(z[:2]), [[0, -2e4], [-2e4, 0]])
        assert np.isfinite(quadratic(z, y)).all()
    two = np.log(dtype(2))
    np.testing.assert_allclose(found["softmax with cross-entropy"][0], [2e4, 0, two, two])
    np.testing.assert_allclose(found["sigmoid with cross-entropy"][0], [2e4, 0, 1e4, 1e4])
    for losses, slopes in found.values():
        assert losses.dtype == slopes.dtype == dtype
        assert np.isfinite(slopes).all()


def named_fused():
    return [(name, loss) for name, loss in LOSSES.items() if loss.function in FUSED]


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", FLOATS)
def test_float_types_are_kept(name, dtype):
    yhat, y = np.full((2, 3), 0.25, dtype), np.full((2, 3), 0.5, dtype)
    loss = LOSSES[name]
    assert loss.function(yhat, y).dtype == loss.gradient(yhat, y).dtype == dtype


@pytest.mark.parametrize(("measure", "bar"), BARS)
@pytest.mark.parametrize("name", LOSSES)
@given(st.data(), sizes, sizes)
def test_gradient_is_the_measured_slope(name, measure, bar, data, m, n):
    inside = name == "binary cross-entropy"
    yhat = data.draw(arrays((m, n), 0.1, 0.9) if inside else arrays((m, n)), "yhat")
    y = data.draw(arrays((m, n), 0, 1), "y")
    loss = LOSSES[name]
    slopes = loss.gradient(yhat, y)
    assume(np.linalg.norm(slopes) > 0.05)
    assert relative_error(slopes, measure(lambda v: loss.function(v, y).sum(), yhat)) <= bar


@given(arrays((2, 3), -50, 50), st.floats(-100, 100))
def test_softmax_is_a_distribution_that_no_shift_changes(z, shift):
    p = softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_allclose(softmax(z + shift), p, rtol=1e-12, atol=1e-300)


@given(arrays((2, 3), -50, 50), arrays((2, 3), 0, 1))
def test_the_slopes_along_the_scores_balance(z, y):
    sums = softmax_cross_entropy_gradient(z, y).sum(axis=1)
    np.testing.assert_allclose(sums, 0, atol=2e-15)


@given(arrays((2, 4), -20, 20), arrays((2, 4), 0.01, 1))
def test_cross_entropy_is_least_where_the_prediction_is_the_target(z, y):
    y = y / y.sum(axis=1, keepdims=True)
    least = softmax_cross_entropy(np.log(y), y)
    np.testing.assert_allclose(least, -np.sum(y * np.log(y), axis=1), rtol=1e-13)
    assert (softmax_cross_entropy(z, y) >= least - 1e-13).all()


@given(st.integers(2, 6), st.floats(0, 0.99), st.data())
def test_smoothed_targets_are_a_mixture_with_the_uniform_one(n, epsilon, data):
    y = one_hot(data.draw(st.lists(st.integers(0, n - 1), min_size=1)), n)
    soft = smoothed(y, epsilon)
    np.testing.assert_allclose(soft.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(soft[y == 0], epsilon / n, rtol=1e-14)
    np.testing.assert_allclose(soft[y == 1], 1 - epsilon + epsilon / n, rtol=1e-14)


def test_no_smoothing_leaves_the_target_as_it_is():
    np.testing.assert_array_equal(smoothed([[0, 1, 0]], 0), [[0, 1, 0]])


@pytest.mark.parametrize("epsilon", [-0.1, 1, 1.5, float("nan")])
def test_a_share_outside_0_to_1_is_refused(epsilon):
    with pytest.raises(ValueError, match="epsilon must be at least 0 and below 1"):
        smoothed([1.0, 0.0], epsilon)


@given(arrays((2, 3), -5, 5), arrays((2, 3), 0, 1))
def test_the_fused_loss_equals_the_two_parts(z, y):
    apart = binary_cross_entropy(1 / (1 + np.exp(-z)), y)
    np.testing.assert_allclose(sigmoid_cross_entropy(z, y), apart, rtol=1e-13)


@pytest.mark.parametrize("name", LOSSES)
@given(arrays((2, 3), 0.1, 0.9), arrays((2, 3), 0, 1))
def test_callers_arrays_stay_as_they_were(name, yhat, y):
    yhat, y = frozen(yhat, y)
    loss = LOSSES[name]
    assert loss.function(yhat, y).shape == (2,)
    assert loss.gradient(yhat, y).shape == (2, 3)


@given(st.lists(st.integers(0, 4), max_size=6), st.sampled_from([int, float, np.uint8]))
def test_one_hot_has_a_single_one_at_the_label(labels, dtype):
    rows = one_hot(np.array(labels, dtype), 5, np.float32)
    assert rows.shape == (len(labels), 5)
    assert rows.dtype == np.float32
    assert rows.argmax(axis=1).tolist() == labels
    assert (np.sort(rows, axis=1) == [0, 0, 0, 0, 1]).all()


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([0, 5, 1], "labels must be in 0 .. 4, got 5 at position 1"),
        ([0, 1, -1], "labels must be in 0 .. 4, got -1 at position 2"),
        ([0, np.inf], "labels must be in 0 .. 4, got inf at position 1"),
        ([0, 1.5], "labels must be whole numbers, got 1.5"),
        ([0, np.nan], "labels must be whole numbers, got nan"),
        (["a"], "labels must be whole numbers, got 'a'"),
        ([None, 1], "labels must be whole numbers, got None"),
        ([True], "labels must be whole numbers, got True"),
        ([[0, 1]], "labels have shape (1, 2), expected (m,): one label a sample"),
    ],
)
def test_labels_that_name_no_class_are_refused(labels, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        one_hot(labels, 5)


def test_there_is_at_least_one_class():
    with pytest.raises(ValueError, match="classes must be at least 1, got 0"):
        one_hot([], 0)
