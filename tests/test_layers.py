"""Layers: backward by hand and against measured slopes, safety, purity, refusals."""

import re
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import FLOATS, STRICT, arrays, away_from_zero, frozen, seeds, sizes, targets

from bpnet import (
    Affine,
    QuadraticLoss,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
)
from bpnet.layers import INITIAL_SCALES, Layer, Loss

ELEMENTWISE = (Sigmoid, Tanh, ReLU)
LOSSES = (QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss)
ROUNDING = 4e-16


# -- by hand ---------------------------------------------------------------------------------


def test_affine_by_hand():
    layer = Affine([[1, 0, 2], [-1, 3, 0]], [10, 20])
    # Row (1, 2, 3): 1 + 6 + 10 = 17 and -1 + 6 + 20 = 25; row (0, 1, 1): 2 + 10, 3 + 20.
    z = layer.forward(np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 1.0]]))
    np.testing.assert_array_equal(z, [[17, 25], [12, 23]])
    delta_a = layer.backward(np.array([[1.0, -1.0], [2.0, 0.0]]))
    # Row 1: 1 (1, 0, 2) - 1 (-1, 3, 0); row 2: 2 (1, 0, 2).
    np.testing.assert_array_equal(delta_a, [[2, -3, 2], [2, 0, 4]])
    # dW: 1 (1, 2, 3) + 2 (0, 1, 1) and -1 (1, 2, 3) + 0; db: 1 + 2 and -1 + 0.
    np.testing.assert_array_equal(layer.dW, [[1, 4, 5], [-1, -2, -3]])
    np.testing.assert_array_equal(layer.db, [3, -1])


@pytest.mark.parametrize(
    ("kind", "z", "output", "slope"),
    [
        (Sigmoid, [0, log(3), -log(3)], [1 / 2, 3 / 4, 1 / 4], [1 / 4, 3 / 16, 3 / 16]),
        (Tanh, [0, log(2), -log(2)], [0, 3 / 5, -3 / 5], [1, 16 / 25, 16 / 25]),
        (ReLU, [0, 2, -2], [0, 2, 0], [0, 1, 0]),
    ],
)
def test_elementwise_by_hand(kind, z, output, slope):
    layer = kind()
    np.testing.assert_allclose(layer.forward(np.array([z], float)), [output], rtol=ROUNDING)
    upstream = np.array([[2.0, -4.0, 8.0]])
    expected = np.multiply(upstream, slope)
    np.testing.assert_allclose(layer.backward(upstream), expected, rtol=1e-15)


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


# -- against measured slopes -----------------------------------------------------------------


@pytest.mark.parametrize(("measure", "bar"), BARS)
@given(st.data(), sizes, sizes, sizes)
def test_affine_gradients_are_the_measured_slopes(measure, bar, data, m, n_in, n_out):
    point = {
        "W": data.draw(arrays((n_out, n_in)), "W"),
        "b": data.draw(arrays(n_out), "b"),
        "x": data.draw(arrays((m, n_in)), "x"),
    }
    upstream = data.draw(away_from_zero((m, n_out)), "upstream")

    def f(**moved):
        v = {**point, **moved}
        moved_layer = Affine(point["W"], point["b"])
        moved_layer.W, moved_layer.b = v["W"], v["b"]
        return (upstream * moved_layer.forward(v["x"])).sum()

    layer = Affine(point["W"], point["b"])
    layer.forward(point["x"])
    found = {"x": layer.backward(upstream), "W": layer.dW, "b": layer.db}
    measured = {name: measure(lambda v, n=name: f(**{n: v}), point[name]) for name in found}
    assume(sum(np.linalg.norm(values) for values in found.values()) > 0.1)
    assert relative_error(found, measured) <= bar


@pytest.mark.parametrize(("measure", "bar"), BARS)
@pytest.mark.parametrize("kind", ELEMENTWISE)
@given(st.data(), sizes, sizes)
def test_elementwise_gradient_is_the_measured_slope(kind, measure, bar, data, m, n):
    z = data.draw(away_from_zero((m, n), 0.01), "z")
    upstream = data.draw(away_from_zero((m, n)), "upstream")
    layer = kind()
    layer.forward(z)
    found = layer.backward(upstream)
    assume(found.any())
    measured = measure(lambda v: (upstream * kind().forward(v)).sum(), z)
    assert relative_error(found, measured) <= bar


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


# -- what holds for every layer --------------------------------------------------------------


def every_layer(rng, dtype=float) -> list[Layer]:
    return [Affine.random(3, 3, rng, "standard", dtype), *(kind() for kind in ELEMENTWISE)]


@given(seeds, sizes)
def test_two_backward_passes_give_the_same_bits(seed, m):
    rng = np.random.default_rng(seed)
    x, upstream = rng.standard_normal((2, m, 3))
    for layer in every_layer(rng):
        layer.forward(x)
        once = [layer.backward(upstream), *(getattr(layer, "d" + p) for p in layer.parameters)]
        again = [layer.backward(upstream), *(getattr(layer, "d" + p) for p in layer.parameters)]
        assert [a.tobytes() for a in once] == [b.tobytes() for b in again]


@given(seeds, st.floats(-4, 4), st.floats(-4, 4))
def test_backward_is_linear_in_the_upstream_gradient(seed, s, t):
    rng = np.random.default_rng(seed)
    x, u, v = rng.standard_normal((3, 2, 3))
    for layer in every_layer(rng):
        layer.forward(x)
        mixed = layer.backward(s * u + t * v)
        parts = s * layer.backward(u) + t * layer.backward(v)
        np.testing.assert_allclose(mixed, parts, rtol=1e-12, atol=1e-13)


@given(seeds, sizes)
def test_layers_change_no_array_of_their_caller(seed, m):
    rng = np.random.default_rng(seed)
    x, upstream = frozen(*rng.standard_normal((2, m, 3)))
    for layer in every_layer(rng):
        assert layer.forward(x).shape == layer.backward(upstream).shape == (m, 3)


@pytest.mark.parametrize("dtype", FLOATS)
def test_layers_keep_the_float_type(dtype):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 3)).astype(dtype)
    for layer in every_layer(rng, dtype):
        assert layer.forward(x).dtype == layer.backward(x).dtype == dtype
        assert all(getattr(layer, "d" + name).dtype == dtype for name in layer.parameters)


@given(seeds)
def test_parameter_gradients_alone_are_those_of_backward(seed):
    rng = np.random.default_rng(seed)
    layer = Affine.random(3, 2, rng)
    layer.forward(rng.standard_normal((4, 3)))
    upstream = rng.standard_normal((4, 2))
    layer.parameter_gradients(upstream)
    alone = layer.dW.tobytes(), layer.db.tobytes()
    layer.backward(upstream)
    assert alone == (layer.dW.tobytes(), layer.db.tobytes())


@pytest.mark.parametrize("layer", [Affine([[1.0]], [0.0]), Sigmoid(), Tanh(), ReLU()])
def test_backward_needs_a_forward_pass(layer):
    with pytest.raises(RuntimeError, match=rf"{type(layer).__name__}\.backward needs a forward"):
        layer.backward(np.ones((1, 1)))


@pytest.mark.parametrize("layer", [Affine([[1.0]] * 3, [0.0] * 3), Sigmoid(), Tanh(), ReLU()])
def test_an_upstream_gradient_of_another_shape_is_refused_with_both(layer):
    output = layer.forward(np.ones((2, 1)))
    name = type(layer).__name__
    sentence = (
        f"the gradient into {name}.backward has shape (3, 2), "
        f"but the output of {name} has shape {output.shape}; the two must be equal"
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        layer.backward(np.ones((3, 2)))


# -- Affine ----------------------------------------------------------------------------------


def test_affine_copies_what_it_is_given():
    W, b = np.ones((2, 2)), np.ones(2)
    layer = Affine(W, b)
    layer.W += 1
    layer.b += 1
    assert (W == 1).all()
    assert (b == 1).all()


@pytest.mark.parametrize(
    ("W", "b", "words"),
    [
        ([1.0], [1.0], r"W has shape \(1,\), expected \(n_out, n_in\)"),
        ([[1.0, 2.0]], [1.0, 2.0], r"b has shape \(2,\), but a column of W has shape \(1,\)"),
        ([[1.0, np.nan]], [1.0], r"W must be finite, .* W\[0, 1\] is nan"),
        ([[1.0]], [np.inf], r"b must be finite, .* b\[0\] is inf"),
    ],
)
def test_affine_refuses_weights_that_do_not_fit(W, b, words):
    with pytest.raises(ValueError, match=words):
        Affine(W, b)


@pytest.mark.parametrize("shape", [(3,), (2, 4), (0, 3)])
def test_affine_refuses_a_batch_that_does_not_fit(shape):
    layer = Affine(np.ones((2, 3)), np.zeros(2))
    with pytest.raises(ValueError, match=re.escape(f"the input of Affine has shape {shape}")):
        layer.forward(np.ones(shape))
    assert layer.a is None


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("init", INITIAL_SCALES)
def test_random_weights_have_the_scale_of_their_row(init, dtype):
    layer = Affine.random(300, 200, np.random.default_rng(0), init, dtype)
    assert layer.W.shape == (200, 300)
    assert layer.W.dtype == layer.b.dtype == dtype
    by_hand = {"standard": (1, 1), "xavier": ((2 / 500) ** 0.5, 0), "he": ((2 / 300) ** 0.5, 0)}
    weight_scale, bias_scale = by_hand[init]
    # The deviation of 60,000 draws is known to 0.3 %, that of 200 to 5 %.
    np.testing.assert_allclose(layer.W.std(), weight_scale, rtol=0.015)
    np.testing.assert_allclose(layer.b.std(), bias_scale, rtol=0.25)


def test_random_weights_depend_on_the_generator_alone():
    one, two, other = (Affine.random(3, 2, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.W.tobytes() == two.W.tobytes() != other.W.tobytes()


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ((0, 2, np.random.default_rng(0)), ValueError, "n_in must be at least 1, got 0"),
        ((2, 1.5, np.random.default_rng(0)), TypeError, "n_out must be a whole number, got 1.5"),
        ((2, 2, 7), TypeError, "rng must be a numpy.random.Generator .* got int"),
        ((2, 2, np.random.default_rng(0), "zeros"), ValueError, "init must be one of .* 'zeros'"),
    ],
)
def test_random_refuses_what_it_cannot_use(arguments, kind, words):
    with pytest.raises(kind, match=words):
        Affine.random(*arguments)


# -- losses ----------------------------------------------------------------------------------


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


def test_the_base_classes_leave_the_work_to_others():
    for call in (lambda: Layer().forward(None), lambda: Layer().backward(None)):
        with pytest.raises(NotImplementedError):
            call()
    with pytest.raises(NotImplementedError):
        Loss().losses(None)
