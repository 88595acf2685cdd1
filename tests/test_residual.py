"""Residual blocks: by hand, against measured slopes, inside networks, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slopes import BARS, relative_error
from strategies import arrays, away_from_zero, seeds, sizes, snapshot

from bpnet import (
    Affine,
    BatchNorm,
    Network,
    QuadraticLoss,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    gradcheck,
)


def network(seed: int = 0, hidden: type = Tanh) -> Network:
    rng = np.random.default_rng(seed)
    wide = Affine.random(2, 3, rng), hidden(), Affine.random(3, 2, rng)
    nested = Residual(Residual(Affine.random(2, 2, rng), hidden()), *wide)
    layers = [Affine.random(3, 2, rng), nested, Affine.random(2, 2, rng)]
    return Network(layers, QuadraticLoss())


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.standard_normal((4, 3)), rng.standard_normal((4, 2))


def test_a_block_by_hand():
    block = Residual(Affine([[1, 2], [0, -1]], [1, 0]), ReLU())
    # (1, 1): z = (4, -1), F = (4, 0), y = (5, 1).
    np.testing.assert_array_equal(block.forward(np.array([[1.0, 1.0]])), [[5, 1]])
    # Upstream (1, 10): the second is off, so 1 * (1, 2) comes through, (1, 10) past.
    np.testing.assert_array_equal(block.backward(np.array([[1.0, 10.0]])), [[2, 12]])


@pytest.mark.parametrize(("measure", "bar"), BARS)
@given(st.data(), sizes, sizes, seeds)
def test_the_gradient_is_the_measured_slope(measure, bar, data, m, n, seed):
    block = Residual(Affine.random(n, n, np.random.default_rng(seed)), Tanh())
    x, upstream = data.draw(arrays((m, n)), "x"), data.draw(away_from_zero((m, n)), "upstream")
    measured = measure(lambda v: (upstream * block.forward(v)).sum(), x)
    block.forward(x)
    assert relative_error(block.backward(upstream), measured) <= 10 * bar


@given(st.data(), sizes, sizes)
def test_blocks_without_weights_pass_everything_twice(data, m, n):
    block = Residual(ReLU())
    x = data.draw(arrays((m, n), 0.5, 2), "x")
    np.testing.assert_array_equal(block.forward(x), 2 * x)
    np.testing.assert_array_equal(block.backward(x), 2 * x)


@pytest.mark.parametrize("hidden", [Tanh, ReLU, Sigmoid])
def test_a_network_with_blocks_in_blocks_passes_the_gradient_check(hidden):
    report = gradcheck(network(1, hidden), *data())
    assert report.ok
    assert report.method == ("central" if hidden is ReLU else "complex")


def test_a_planted_fault_is_found(monkeypatch):
    def without_the_path(self, upstream):
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream

    monkeypatch.setattr(Residual, "backward", without_the_path)
    assert not gradcheck(network(), *data()).ok


def test_weights_inside_are_named_in_order_and_found_by_replace():
    whole = network()
    assert list(whole.parameters) == [f"{k}{n}" for n in range(1, 6) for k in "Wb"]
    before = snapshot(whole)
    other = whole.replace({n: v + 1 for n, v in whole.parameters.items()})
    other.cost(*data())
    other.backward()
    assert snapshot(whole) == before
    assert not np.array_equal(other.predict(data()[0]), whole.predict(data()[0]))


def test_deltas_of_layers_inside_are_the_bias_gradients_summed():
    whole = network()
    _, gradients = whole.cost_and_gradients(*data())
    for number, delta in enumerate(whole.deltas(), start=1):
        np.testing.assert_allclose(delta.sum(axis=0), gradients[f"b{number}"], rtol=1e-12)


def test_what_is_saved_comes_back(tmp_path):
    whole, fresh = network(0), network(1)
    whole.save(tmp_path / "blocks")
    fresh.load(tmp_path / "blocks")
    assert snapshot(fresh) == snapshot(whole)


def test_training_mode_reaches_the_layers_inside():
    rng = np.random.default_rng(0)
    block = Residual(Affine.random(2, 2, rng), BatchNorm(2))
    whole = Network([Affine.random(2, 2, rng), block], QuadraticLoss())
    whole.training = True
    assert block.layers[1].training
    assert whole.training
    whole.training = False
    assert not whole.training


def test_blocks_that_cannot_be_added_are_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        Residual()
    with pytest.raises(ValueError, match="take 2 values and put out 3"):
        Residual(Affine(np.ones((3, 2)), np.ones(3)), Tanh())
    with pytest.raises(ValueError, match="starts with one"):
        Network([Residual(Affine(np.eye(2), np.zeros(2)))], QuadraticLoss())


def test_layers_derived_from_affine_count_with_it():
    class Special(Affine):
        pass

    layers = [Affine(np.eye(2), np.zeros(2)), Special(np.eye(2), np.zeros(2))]
    assert list(Network(layers, QuadraticLoss()).parameters) == ["W1", "b1", "W2", "b2"]
