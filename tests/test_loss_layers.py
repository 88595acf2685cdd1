"""Losses: the mean cost and its gradient by hand and against measured slopes, refusals."""

from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import FLOATS, STRICT, arrays, frozen, seeds, sizes, targets

from bpnet import QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss
from bpnet.loss_layers import Loss

LOSSES = (QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss)


def test_quadratic_loss_by_hand():
    loss = QuadraticLoss()
    # C = 1/2 (1 + 4) = 5/2 and 1/2 (0 + 9) = 9/2, so J = 7/2; each difference over m = 2.
    cost = loss.forward(np.array([[2.0, 0.0], [1.0, 1.0]]), [[1, 2], [1, -2]])
    assert cost == 7 / 2
    np.testing.assert_array_equal(loss.backward(), [[1 / 2, -1], [0, 3 / 2]])


def test_sigmoid_with_loss_by_hand():
    loss = SigmoidWithLoss()
    # yhat = 3/4 for y = 1 costs log 4/3, yhat = 1/2 for y = 0 costs log 2.
    cost = loss.forward(np.array([[log(3)], [0.0]]), [[1], [0]])
    np.testing.assert_allclose(cost, (log(4 / 3) + log(2)) / 2, rtol=1e-15)
    np.testing.assert_allclose(loss.backward(), [[-1 / 8], [1 / 4]], rtol=1e-15)


def test_softmax_with_loss_by_hand():
    loss = SoftmaxWithLoss()
    # yhat = (1/3, 2/3) for class 1 costs log 3/2, (1/2, 1/2) for class 0 costs log 2.
    cost = loss.forward(np.array([[0.0, log(2)], [5.0, 5.0]]), [1, 0])
    np.testing.assert_allclose(cost, (log(3 / 2) + log(2)) / 2, rtol=1e-15)
    np.testing.assert_allclose(loss.backward(), [[1 / 6, -1 / 6], [-1 / 4, 1 / 4]], rtol=1e-15)


@pytest.mark.parametrize(("measure", "bar"), BARS)
@pytest.mark.parametrize("kind", LOSSES)
@given(st.data(), sizes, st.integers(2, 4), st.sampled_from([1.0, -2.5, 0.125]))
def test_loss_gradient_is_the_measured_slope(kind, measure, bar, data, m, n, upstream):
    z = data.draw(arrays((m, n)), "z")
    y = targets(np.random.default_rng(data.draw(seeds)), kind, (m, n))
    loss = kind()
    loss.forward(z, y)
    found = loss.backward(upstream)
    assume(np.linalg.norm(found) > 0.02 * abs(upstream))
    measured = measure(lambda v: upstream * kind().forward(v, y), z)
    assert relative_error(found, measured) <= bar


@pytest.mark.parametrize("kind", LOSSES)
@given(seeds, sizes)
def test_the_cost_of_a_batch_is_the_mean_of_its_samples(kind, seed, m):
    rng = np.random.default_rng(seed)
    z, y = rng.standard_normal((m, 3)), targets(rng, kind, (m, 3))
    loss = kind()
    singles = [(loss.forward(z[i : i + 1], y[i : i + 1]), loss.backward()) for i in range(m)]
    np.testing.assert_allclose(loss.forward(z, y), sum(c for c, _ in singles) / m, rtol=1e-14)
    rows = np.concatenate([delta for _, delta in singles]) / m
    np.testing.assert_allclose(loss.backward(), rows, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("kind", LOSSES)
def test_losses_survive_ten_thousand_and_keep_the_float_type(kind, dtype):
    z = np.array([[1e4, -1e4], [-1e4, 1e4], [0, 0]], dtype)
    y = np.array([[0, 1], [0, 1], [0.5, 0.5]], dtype)
    loss = kind()
    with np.errstate(**STRICT):
        cost = loss.forward(z, y)
        delta = loss.backward(np.float64(2))
    assert np.isfinite(cost)
    assert np.isfinite(delta).all()
    assert cost.dtype == delta.dtype == dtype


@given(seeds, st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_a_label_means_its_one_hot_row(seed, labels):
    z = np.random.default_rng(seed).standard_normal((len(labels), 3))
    short, long = SoftmaxWithLoss(), SoftmaxWithLoss()
    assert short.forward(z, labels) == long.forward(z, np.eye(3)[labels])
    assert short.backward().tobytes() == long.backward().tobytes()


@pytest.mark.parametrize("kind", LOSSES)
@given(seeds)
def test_losses_change_no_array_of_their_caller(kind, seed):
    rng = np.random.default_rng(seed)
    z, y = frozen(rng.standard_normal((2, 3)), targets(rng, kind, (2, 3)))
    loss = kind()
    loss.forward(z, y)
    assert loss.backward().tobytes() == loss.backward().tobytes()


@pytest.mark.parametrize(
    ("loss", "z", "y", "words"),
    [
        (QuadraticLoss(), (2, 3), np.ones((2, 2)), r"target has shape \(2, 2\), .* \(2, 3\)"),
        (QuadraticLoss(), (2, 1), np.ones(2), r"target has shape \(2,\), .* \(2, 1\)"),
        (QuadraticLoss(), (3,), np.ones(3), r"shape \(3,\), expected \(m, 3\): one sample a row"),
        (QuadraticLoss(), (0, 3), np.ones((0, 3)), r"shape \(0, 3\): an empty batch"),
        (SigmoidWithLoss(), (1, 1), [[7]], r"target must hold probabilities in \[0, 1\], got 7"),
        (SigmoidWithLoss(), (1, 1), [[np.nan]], r"target must hold probabilities .* got nan"),
        (SoftmaxWithLoss(), (1, 3), [3], "labels must be in 0 .. 2, got 3 at position 0"),
        (SoftmaxWithLoss(), (1, 3), [0.5], "labels must be whole numbers, got 0.5"),
        (SoftmaxWithLoss(), (2, 3), [0], r"target has shape \(1, 3\), .* \(2, 3\)"),
        (SoftmaxWithLoss(), (1, 2), [[2, -1]], r"target must hold probabilities .* got 2"),
        (SoftmaxWithLoss(), (2, 2), [[1, 0], [1, 1]], "must sum to 1, row 1 sums to 2"),
    ],
)
def test_losses_refuse_targets_that_do_not_fit_and_stay_as_they_were(loss, z, y, words):
    good = np.zeros((1, 2))
    loss.forward(good, [[1, 0]])
    before = loss.backward().tobytes()
    with pytest.raises(ValueError, match=words):
        loss.forward(np.zeros(z), y)
    assert loss.backward().tobytes() == before


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_has_no_gradient_before_a_forward_pass(kind):
    with pytest.raises(RuntimeError, match=rf"{kind.__name__}\.backward needs a forward pass"):
        kind().backward()


def test_the_base_class_leaves_the_work_to_others():
    with pytest.raises(NotImplementedError):
        Loss().losses(None)
