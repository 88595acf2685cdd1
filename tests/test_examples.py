"""The small networks with numbers: chosen so that a slip changes the answer."""

import numpy as np
import pytest

from bpnet.examples import WEIGHTS, Example, X, Y, example
from bpnet.layers import Affine, QuadraticLoss, Sigmoid

NAMES = sorted(WEIGHTS)


def weights(name: str) -> list[np.ndarray]:
    return [np.array(W) for W, _ in WEIGHTS[name]]


def test_the_names_are_those_of_the_book():
    assert NAMES == ["2-2-2", "2-3-2-2", "2-3-3-2"]


def test_an_unknown_name_is_refused_with_those_there_are():
    sentence = "there is no example '2-2', expected one of 2-2-2, 2-3-2-2, 2-3-3-2"
    with pytest.raises(ValueError, match=sentence):
        example("2-2")


@pytest.mark.parametrize("name", NAMES)
def test_the_name_gives_the_widths(name):
    widths = [int(width) for width in name.split("-")]
    network, x, y = example(name)
    layers = network.affine_layers
    assert [layer.W.shape for layer in layers] == list(zip(widths[1:], widths, strict=False))
    assert [layer.b.shape for layer in layers] == [(width,) for width in widths[1:]]
    assert (x.shape, y.shape) == ((1, widths[0]), (1, widths[-1]))
    assert network.predict(x).shape == y.shape


@pytest.mark.parametrize("name", NAMES)
def test_sigmoid_layers_with_quadratic_loss(name):
    network = example(name).network
    assert [type(layer) for layer in network.layers] == [Affine, Sigmoid] * len(WEIGHTS[name])
    assert isinstance(network.loss, QuadraticLoss)


@pytest.mark.parametrize("name", NAMES)
def test_every_call_gives_copies_of_its_own(name):
    changed, untouched = example(name), example(name)
    for array in (changed.x, changed.y, *changed.network.parameters.values()):
        array += 1.0
    for fresh in (example(name), untouched):
        assert fresh.x.tolist() == X
        assert fresh.y.tolist() == Y
        for layer, (W, b) in zip(fresh.network.affine_layers, WEIGHTS[name], strict=True):
            assert np.array_equal(layer.W, W)
            assert np.array_equal(layer.b, b)


# --- Numbers in which a slip shows -------------------------------------------------------------


def repeats(values: np.ndarray) -> bool:
    return len(np.unique(values)) < values.size


def one_decimal(values) -> bool:
    return np.array_equal(np.round(values, 1), values)


@pytest.mark.parametrize("name", NAMES)
def test_no_weight_is_zero_or_occurs_twice_in_its_matrix(name):
    for W in weights(name):
        assert np.all(W != 0)
        assert not repeats(W)


@pytest.mark.parametrize("name", NAMES)
def test_no_bias_is_zero_or_occurs_twice_in_its_layer(name):
    for _, b in WEIGHTS[name]:
        assert 0 not in b
        assert not repeats(np.array(b))


def test_a_repeated_number_is_found():
    assert repeats(np.array([[1.0, 2.0], [2.0, 3.0]]))


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_at_most_one_decimal(name):
    _, x, y = example(name)
    for values in (x, y, *(np.array(table) for layer in WEIGHTS[name] for table in layer)):
        assert one_decimal(values)
    assert not one_decimal(np.array([0.25]))


def gradients(case: Example) -> list[np.ndarray]:
    return list(case.network.cost_and_gradients(case.x, case.y)[1].values())


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_of_the_gradient_counts(name):
    """No entry vanishes and no two in a matrix agree, so that no slip stays hidden."""
    for gradient in gradients(example(name)):
        assert np.all(np.abs(gradient) > 1e-4)
        assert not repeats(np.round(gradient, 6))


def test_an_entry_that_vanishes_is_found():
    case = example("2-2-2")
    case.x[0, 1] = 0.0
    assert any(np.any(gradient == 0) for gradient in gradients(case))


@pytest.mark.parametrize("name", NAMES)
def test_a_transposed_square_matrix_changes_the_prediction(name):
    network, x, _ = example(name)
    right = network.predict(x)
    for n, W in enumerate(weights(name)):
        if W.shape[0] != W.shape[1]:
            continue
        slip = example(name).network
        slip.affine_layers[n].W[:] = W.T
        assert np.max(np.abs(slip.predict(x) - right)) > 1e-3
