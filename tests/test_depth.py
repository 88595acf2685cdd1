"""Measures of depth: by hand, and their products agree with the passes themselves."""

import numpy as np
import pytest
from hypothesis import given
from slopes import complex_step
from strategies import problems, seeds

from bpnet import Affine, BatchNorm, Network, QuadraticLoss, Residual, Sigmoid, Tanh
from bpnet.depth import delta_norms, parts, running_jacobians, weight_gradient_norms


def linear_chain() -> Network:
    """Weights 1, 2, 3; at x = 1 the output is 6, and with target 5 the error is 1."""
    layers = [Affine([[w]], [0.0]) for w in (1.0, 2.0, 3.0)]
    return Network(layers, QuadraticLoss())


def test_a_linear_chain_by_hand():
    network, x, y = linear_chain(), [[1.0]], [[5.0]]
    np.testing.assert_array_equal(delta_norms(network, x, y), [6, 3, 1])
    # dW = delta a with a = 1, 1, 2.
    np.testing.assert_array_equal(weight_gradient_norms(network, x, y), [6, 3, 2])
    found = parts(network, x, y)
    np.testing.assert_array_equal(found.weights, [2, 3])
    np.testing.assert_array_equal(found.slopes, [1, 1])
    assert [J.item() for J in running_jacobians(network, x)] == [6, 3, 1]


def test_the_slopes_part_by_hand():
    layers = [Affine([[1.0]], [0.0]), Sigmoid(), Affine([[8.0]], [0.0])]
    found = parts(Network(layers, QuadraticLoss()), [[0.0]], [[0.0]])
    assert (found.weights, found.slopes) == (8, 0.25)


@given(problems(hidden=(Sigmoid, Tanh)))
def test_parts_multiply_to_the_whole_change_of_length(problem):
    network, x, y = problem
    lengths = delta_norms(network, x, y)
    found = parts(network, x, y)
    product = np.prod(found.weights) * np.prod(found.slopes)
    np.testing.assert_allclose(product, lengths[0] / lengths[-1], rtol=1e-9)
    assert (found.slopes <= 1 + 1e-12).all()


@given(seeds)
def test_jacobians_are_measured_slopes_with_blocks_and_norms_in_use(seed):
    rng = np.random.default_rng(seed)
    norm = BatchNorm(3)
    norm.mean, norm.variance = rng.standard_normal(3), rng.uniform(0.5, 2, 3)
    first = Affine(np.eye(3), np.zeros(3))
    rest = [norm, Residual(Affine.random(3, 3, rng), Tanh()), Affine.random(3, 2, rng)]
    network, x = Network([first, *rest], QuadraticLoss()), rng.standard_normal((1, 3))
    J = running_jacobians(network, x)[0]
    for output in range(2):
        slopes = complex_step(lambda v, k=output: network.forward(v)[0, k], x)
        np.testing.assert_allclose(J[[output]], slopes, rtol=1e-11, atol=1e-13)


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="expected"):
        running_jacobians(linear_chain(), [[1.0, 2.0]])
    with pytest.raises(ValueError, match="differ in the number of samples"):
        delta_norms(linear_chain(), [[1.0]], [[1.0], [2.0]])
