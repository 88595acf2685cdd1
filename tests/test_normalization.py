"""Batch normalisation: by hand, against measured slopes in both modes, its laws, its state."""

import copy

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import FLOATS, arrays, away_from_zero, frozen, seeds, sizes

from bpnet import (
    SGD,
    Affine,
    BatchNorm,
    Network,
    Residual,
    Sigmoid,
    SoftmaxWithLoss,
    fit,
    gradcheck,
)
from bpnet.gradcheck import random_direction_error

MODES = st.booleans()


def trained_layer(width: int, seed: int, training: bool = True) -> BatchNorm:
    rng = np.random.default_rng(seed)
    layer = BatchNorm(width)
    layer.training = training
    layer.gamma[:], layer.beta[:] = rng.uniform(0.5, 2, width), rng.standard_normal(width)
    layer.mean, layer.variance = rng.standard_normal(width), rng.uniform(0.5, 2, width)
    return layer


def normalised_network(seed: int = 0, dtype: type = float) -> Network:
    rng = np.random.default_rng(seed)
    inner = Affine.random(4, 4, rng, dtype=dtype), BatchNorm(4, dtype=dtype), Sigmoid()
    first = [Affine.random(3, 4, rng, dtype=dtype), BatchNorm(4, dtype=dtype), Sigmoid()]
    last = Affine.random(4, 2, rng, dtype=dtype)
    return Network([*first, Residual(*inner), last], SoftmaxWithLoss())


def data(m: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(9)
    return rng.standard_normal((m, 3)), rng.integers(0, 2, m)


def test_a_batch_by_hand():
    # x = 1, 3, 8: mu = 4, v = (9 + 1 + 16) / 3 = 26/3; epsilon 1/3 makes s = 3.
    layer = BatchNorm(1, memory=0.5, epsilon=1 / 3)
    layer.training = True
    layer.gamma[:], layer.beta[:] = 6, 1
    y = layer.forward(np.array([[1.0], [3.0], [8.0]]))
    np.testing.assert_allclose(y[:, 0], [-5, -1, 9], rtol=1e-14)
    # Upstream (1, 0, 0): dbeta = 1, dgamma = xhat_1 = -1, dx = 6/3 (u - 1/3 + xhat / 3).
    dx = layer.backward(np.array([[1.0], [0.0], [0.0]]))
    expected = [2 * (1 - 1 / 3 - 1 / 3), 2 * (-1 / 3 - 1 / 9), 2 * (-1 / 3 + 4 / 9)]
    np.testing.assert_allclose(dx[:, 0], expected, rtol=1e-13)
    np.testing.assert_allclose([layer.dbeta[0], layer.dgamma[0]], [1, -1], rtol=1e-14)
    # Running: from 0 and 1 half way to 4 and 26/3.
    np.testing.assert_allclose([layer.mean[0], layer.variance[0]], [2, 29 / 6], rtol=1e-14)


def test_in_use_by_hand():
    layer = BatchNorm(1, epsilon=0.25)
    layer.gamma[:], layer.beta[:] = 3, 1
    layer.mean, layer.variance = np.array([2.0]), np.array([2.0])
    # s = 3/2: (5 - 2) / 1.5 * 3 + 1 = 7, and backward 3 / 1.5 = 2.
    assert layer.forward(np.array([[5.0]])) == 7
    assert layer.backward(np.array([[10.0]])) == 20
    assert (layer.mean[0], layer.variance[0]) == (2, 2)


@pytest.mark.parametrize(("measure", "bar"), BARS)
@given(st.data(), MODES, st.integers(2, 5), sizes, seeds)
def test_gradients_are_the_measured_slopes(measure, bar, data, training, m, n, seed):
    layer = trained_layer(n, seed, training)
    x = data.draw(arrays((m, n)), "x")
    assume((x.std(axis=0) > 0.3).all())
    upstream = data.draw(away_from_zero((m, n)), "upstream")
    point = {"x": x, "gamma": layer.gamma, "beta": layer.beta}

    def f(name, v):
        moved = copy.copy(layer)
        moved.gamma, moved.beta = layer.gamma, layer.beta
        if name != "x":
            setattr(moved, name, v)
        return (upstream * moved.forward(v if name == "x" else x)).sum()

    kept = copy.copy(layer)
    kept.forward(x)
    found = {"x": kept.backward(upstream), "gamma": kept.dgamma, "beta": kept.dbeta}
    measured = {name: measure(lambda v, n=name: f(n, v), point[name]) for name in found}
    assert relative_error(found, measured) <= 100 * bar


@given(st.data(), st.integers(2, 6), sizes, seeds)
def test_while_training_every_feature_has_mean_beta_and_spread_gamma(data, m, n, seed):
    layer = trained_layer(n, seed)
    x = data.draw(arrays((m, n)), "x")
    assume((x.std(axis=0) > 0.3).all())
    y = layer.forward(x)
    np.testing.assert_allclose(y.mean(axis=0), layer.beta, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), layer.gamma, rtol=1e-3)
    shifted = layer.forward(3 * x + 5)
    np.testing.assert_allclose(shifted, y, rtol=1e-3, atol=1e-3)


@given(st.data(), st.integers(2, 6), sizes, seeds)
def test_a_common_shift_gets_no_gradient(data, m, n, seed):
    layer = trained_layer(n, seed)
    layer.forward(data.draw(arrays((m, n)), "x"))
    dx = layer.backward(data.draw(arrays((m, n)), "upstream"))
    np.testing.assert_allclose(dx.sum(axis=0), 0, atol=1e-9 * (1 + abs(dx).max()))


@given(st.data(), sizes, sizes, seeds)
def test_in_use_rows_stand_alone(data, m, n, seed):
    layer = trained_layer(n, seed, training=False)
    x = data.draw(arrays((m, n)), "x")
    together = layer.forward(x)
    alone = [layer.forward(x[[row]])[0] for row in range(m)]
    np.testing.assert_array_equal(together, alone)


def test_running_averages_approach_the_data():
    rng, layer = np.random.default_rng(0), BatchNorm(2)
    layer.training = True
    for _ in range(400):
        layer.forward(rng.normal([3, -1], [2, 0.5], size=(200, 2)))
    np.testing.assert_allclose(layer.mean, [3, -1], atol=0.1)
    np.testing.assert_allclose(layer.variance, [4, 0.25], rtol=0.1)


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_float_type_is_kept_and_inputs_stay(dtype):
    layer = BatchNorm(2, dtype=dtype)
    layer.training = True
    x, upstream = frozen(np.arange(6, dtype=dtype).reshape(3, 2), np.ones((3, 2), dtype))
    assert layer.forward(x).dtype == layer.backward(upstream).dtype == dtype
    assert layer.mean.dtype == layer.variance.dtype == layer.dgamma.dtype == dtype


def test_one_sample_is_answered_with_beta_while_training():
    layer = BatchNorm(2)
    layer.training = True
    layer.beta[:] = 7
    np.testing.assert_array_equal(layer.forward(np.array([[3.0, -4.0]])), [[7, 7]])
    np.testing.assert_array_equal(layer.backward(np.ones((1, 2))), [[0, 0]])


@pytest.mark.parametrize("training", [True, False])
def test_a_network_with_it_passes_the_gradient_check(training):
    network = normalised_network()
    network.training = training
    before = {name: values.copy() for name, values in network.parameters.items()}
    report = gradcheck(network, *data())
    assert report.ok
    assert report.error < 1e-13
    assert random_direction_error(network, *data(), np.random.default_rng(0)) < 1e-7
    assert all(np.array_equal(before[n], v) for n, v in network.parameters.items())


def test_a_planted_fault_is_found(monkeypatch):
    def without_the_means(self, upstream):
        self.dbeta, self.dgamma = upstream.sum(axis=0), (upstream * self.xhat).sum(axis=0)
        return self.gamma / self.deviation * upstream

    monkeypatch.setattr(BatchNorm, "backward", without_the_means)
    network = normalised_network()
    network.training = True
    assert not gradcheck(network, *data()).ok


def test_fit_trains_with_batches_and_answers_with_averages():
    network, (x, y) = normalised_network(), data(40)
    fit(network, x, y, epochs=3, batch_size=10, optimizer=SGD(0.1), rng=np.random.default_rng(0))
    assert not network.training
    assert network.layers[1].mean.any()
    together = network.predict(x)
    np.testing.assert_allclose(network.predict(x[:1]), together[:1], rtol=1e-12)


def test_training_mode_ends_even_if_training_fails():
    class Broken:
        def step(self, parameters, gradients, scale=1.0):
            raise KeyError("planted")

    network = normalised_network()
    with pytest.raises(KeyError):
        fit(
            network,
            *data(),
            epochs=1,
            batch_size=4,
            optimizer=Broken(),
            rng=np.random.default_rng(0),
        )
    assert not network.training


def test_parameters_and_averages_are_named_saved_and_loaded(tmp_path):
    network, (x, y) = normalised_network(), data(40)
    names = {"W1", "b1", "gamma1", "beta1", "W2", "b2", "gamma2", "beta2", "W3", "b3"}
    assert set(network.parameters) == names
    fit(network, x, y, epochs=2, batch_size=10, optimizer=SGD(0.1), rng=np.random.default_rng(0))
    network.save(tmp_path / "normalised")
    fresh = normalised_network(seed=1)
    fresh.load(tmp_path / "normalised")
    assert fresh.predict(x).tobytes() == network.predict(x).tobytes()
    plain = Network.dense([3, 4, 2], np.random.default_rng(0))
    with pytest.raises(ValueError, match="gamma1"):
        plain.load(tmp_path / "normalised")


def test_float32_networks_train():
    network, (x, y) = normalised_network(dtype=np.float32), data(40)
    fit(network, x, y, epochs=1, batch_size=10, optimizer=SGD(0.1), rng=np.random.default_rng(0))
    assert all(values.dtype == np.float32 for values in network.parameters.values())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"width": 0}, "width must be at least 1, got 0"),
        ({"width": 2, "memory": 1.0}, "memory must be at least 0 and below 1"),
        ({"width": 2, "epsilon": 0}, "epsilon must be positive"),
    ],
)
def test_settings_are_checked(settings, words):
    with pytest.raises(ValueError, match=words):
        BatchNorm(**settings)


def test_wrong_shapes_and_orders_are_refused():
    layer = BatchNorm(2)
    with pytest.raises(RuntimeError, match="needs a forward pass first"):
        layer.backward(np.ones((1, 2)))
    with pytest.raises(ValueError, match=r"input of BatchNorm has shape \(3, 1\)"):
        layer.forward(np.ones((3, 1)))
    layer.forward(np.ones((3, 2)))
    with pytest.raises(ValueError, match="the gradient into BatchNorm"):
        layer.backward(np.ones((2, 2)))
