"""Networks: a net by hand, measured slopes of random ones, batches, purity, refusals."""

from fractions import Fraction
from math import log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from slopes import BARS, flat, relative_error
from strategies import FLOATS, frozen, problems, seeds, snapshot

from bpnet import (
    Affine,
    Network,
    QuadraticLoss,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
)

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def net_2_2_1() -> Network:
    first = Affine([[log(3), 0], [0, log(3)]], [0, 0])
    return Network([first, Sigmoid(), Affine([[2, -2]], [-1]), Sigmoid()], QuadraticLoss())


def test_a_2_2_1_net_by_hand():
    # x = (1, -1) gives z1 = (ln 3, -ln 3), a1 = (3/4, 1/4), z2 = 3/2 - 1/2 - 1 = 0, yhat = 1/2.
    a1, yhat, y = (3 * QUARTER, QUARTER), HALF, 1
    delta2 = (yhat - y) * yhat * (1 - yhat)
    assert delta2 == Fraction(-1, 8)
    delta1 = [w * delta2 * a * (1 - a) for w, a in zip((2, -2), a1, strict=True)]
    assert delta1 == [Fraction(-3, 64), Fraction(3, 64)]
    expected = {
        "W1": [[delta1[0], -delta1[0]], [delta1[1], -delta1[1]]],
        "b1": delta1,
        "W2": [[delta2 * a for a in a1]],
        "b2": [delta2],
    }
    network = net_2_2_1()
    cost, gradients = network.cost_and_gradients([[1, -1]], [[1]])
    np.testing.assert_allclose(network.predict([[1, -1]]), [[1 / 2]], rtol=1e-15)
    np.testing.assert_allclose(cost, 1 / 8, rtol=1e-15)
    assert list(gradients) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(gradients[name], np.array(values, float), rtol=2e-15)
    # dJ/dx = delta1 W1 = ln 3 delta1.
    found = network.input_gradient([[1, -1]], [[1]])
    np.testing.assert_allclose(found, [[-3 / 64 * log(3), 3 / 64 * log(3)]], rtol=2e-15)


def test_a_relu_softmax_net_by_hand():
    # x = (1, 2): z1 = (3, -1), a1 = (3, 0), z2 = (ln 2, 0), yhat = (2/3, 1/3), label 1.
    layers = [Affine([[1, 1], [1, -1]], [0, 0]), ReLU(), Affine([[log(2) / 3, 1], [0, 1]], [0, 0])]
    network = Network(layers, SoftmaxWithLoss())
    cost, gradients = network.cost_and_gradients([[1, 2]], [1])
    np.testing.assert_allclose(cost, log(3), rtol=1e-15)
    # delta2 = yhat - y = (2/3, -2/3); dW2 = delta2 a1^T; delta1 = (ln 2 / 3 * 2/3, off).
    np.testing.assert_allclose(gradients["W2"], [[2, 0], [-2, 0]], rtol=1e-15)
    slope = log(2) * 2 / 9
    np.testing.assert_allclose(gradients["W1"], [[slope, 2 * slope], [0, 0]], rtol=1e-15)
    np.testing.assert_allclose(gradients["b1"], [slope, 0], rtol=1e-15)


@pytest.mark.parametrize(("measure", "bar"), BARS)
@given(problems())
def test_all_gradients_are_the_measured_slopes(measure, bar, problem):
    network, x, y = problem
    point = {**network.parameters, "x": x}

    def f(name, v):
        moved = network.replace({**network.parameters, **({} if name == "x" else {name: v})})
        return moved.loss.forward(moved.forward(v if name == "x" else x), y)

    _, gradients = network.cost_and_gradients(x, y)
    found = {**gradients, "x": network.input_gradient(x, y)}
    assume(np.linalg.norm(flat(found)) > 0.05)
    measured = {name: measure(lambda v, n=name: f(n, v), point[name]) for name in found}
    assert relative_error(found, measured) <= bar


@given(problems())
def test_gradients_have_the_shapes_of_their_parameters(problem):
    network, x, y = problem
    _, gradients = network.cost_and_gradients(x, y)
    assert {n: g.shape for n, g in gradients.items()} == {
        n: p.shape for n, p in network.parameters.items()
    }
    assert network.input_gradient(x, y).shape == x.shape


@given(problems())
def test_a_batch_is_the_mean_of_its_samples(problem):
    network, x, y = problem
    m = len(x)
    singles = [network.cost_and_gradients(x[i : i + 1], y[i : i + 1]) for i in range(m)]
    cost, gradients = network.cost_and_gradients(x, y)
    assume(np.linalg.norm(flat(gradients)) > 1e-3)
    np.testing.assert_allclose(cost, sum(c for c, _ in singles) / m, rtol=1e-13)
    mean = {name: sum(g[name] for _, g in singles) / m for name in gradients}
    assert relative_error(gradients, mean) <= 1e-13
    rows = [network.input_gradient(x[i : i + 1], y[i : i + 1]) / m for i in range(m)]
    assert relative_error(network.input_gradient(x, y), np.concatenate(rows)) <= 1e-13


@given(problems(), seeds)
def test_the_order_of_samples_changes_nothing(problem, seed):
    network, x, y = problem
    order = np.random.default_rng(seed).permutation(len(x))
    cost, gradients = network.cost_and_gradients(x, y)
    assume(np.linalg.norm(flat(gradients)) > 1e-3)
    other_cost, other_gradients = network.cost_and_gradients(x[order], y[order])
    np.testing.assert_allclose(other_cost, cost, rtol=1e-13)
    assert relative_error(other_gradients, gradients) <= 1e-13


@given(problems(), st.sampled_from([0.0, -1.0, 2.0, 0.3, -1e6]))
def test_gradients_scale_with_the_incoming_gradient(problem, upstream):
    network, x, y = problem
    network.cost(x, y)
    once, scaled = network.backward(), network.backward(upstream)
    assert relative_error(scaled, {n: upstream * g for n, g in once.items()}) <= 1e-14


@given(problems())
def test_two_backward_passes_give_the_same_bits(problem):
    network, x, y = problem
    network.cost(x, y)
    once, again = network.backward(), network.backward()
    assert [g.tobytes() for g in once.values()] == [g.tobytes() for g in again.values()]


@given(problems())
def test_nothing_but_training_changes_parameters_or_data(problem):
    network, x, y = problem
    x, y = frozen(x, y)
    before = snapshot(network)
    network.cost_and_gradients(x, y)
    network.input_gradient(x, y)
    network.predict(x)
    network.classify(x)
    assert snapshot(network) == before


@given(problems(dtype=np.float32))
def test_a_float32_network_computes_in_float32(problem):
    network, x, y = problem
    cost, gradients = network.cost_and_gradients(x.astype(float), y.astype(float))
    arrays = [*gradients.values(), network.predict(x), network.input_gradient(x, y)]
    assert network.dtype == np.float32
    assert {array.dtype for array in arrays} | {cost.dtype} == {np.dtype(np.float32)}


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_network_is_decided_by_its_generator(dtype):
    one, two, other = (
        snapshot(Network.dense([3, 4, 2], np.random.default_rng(seed), dtype=dtype))
        for seed in (1, 1, 2)
    )
    assert one == two != other


def test_the_network_of_the_sources_is_sigmoid_throughout():
    network = Network.sigmoid([784, 30, 10], np.random.default_rng(0))
    assert [type(layer) for layer in network.layers] == [Affine, Sigmoid, Affine, Sigmoid]
    assert isinstance(network.loss, QuadraticLoss)
    assert network.sizes == [784, 30, 10]
    assert 0.99 < network.parameters["W1"].std() < 1.01  # known to 0.5 %


def test_hidden_layers_are_smooth_or_not():
    rng = np.random.default_rng(0)
    assert Network.dense([2, 2, 2], rng, Tanh).smooth
    assert not Network.dense([2, 2, 2], rng, ReLU).smooth


def test_classify_takes_the_largest_prediction():
    network = Network([Affine(np.eye(3), np.zeros(3))], SoftmaxWithLoss())
    assert network.classify([[0, 2, 1], [3, 1, 2]]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [(SigmoidWithLoss, [3 / 4, 1 / 2]), (SoftmaxWithLoss, [3 / 4, 1 / 4])],
)
def test_predictions_are_probabilities_where_the_loss_says_so(loss, expected):
    network = Network([Affine(np.eye(2), np.zeros(2))], loss())
    np.testing.assert_allclose(network.predict([[log(3), 0]]), [expected], rtol=1e-15)


def test_there_are_no_gradients_before_a_backward_pass():
    network = net_2_2_1()
    with pytest.raises(RuntimeError, match="no gradients before a forward and a backward pass"):
        _ = network.gradients


@given(problems())
def test_a_replaced_network_leaves_the_first_one_alone(problem):
    network, x, y = problem
    network.cost_and_gradients(x, y)
    before, gradients = snapshot(network), flat(network.gradients).tobytes()
    zeros = {name: np.zeros_like(values) for name, values in network.parameters.items()}
    twin = network.replace(zeros)
    twin.cost_and_gradients(x, y)
    assert snapshot(network) == before
    assert flat(network.gradients).tobytes() == gradients
    assert not flat(twin.parameters).any()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"W2": np.ones((2, 1))}, r"W2 has shape \(2, 1\), but W2 of this network .* \(1, 2\)"),
        ({"W3": np.ones((1, 1))}, r"the parameters are W1, W2, W3, b1, b2, but this network"),
    ],
)
def test_replace_refuses_parameters_that_do_not_fit(changes, words):
    network = net_2_2_1()
    with pytest.raises(ValueError, match=words):
        network.replace({**network.parameters, **changes})


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([], "needs an Affine layer, and starts with one"),
        ([Sigmoid(), Affine([[1.0]], [0.0])], "needs an Affine layer, and starts with one"),
        (
            [Affine(np.ones((3, 2)), np.zeros(3)), Affine(np.ones((1, 2)), np.zeros(1))],
            r"W of shape \(3, 2\) puts out 3 values, .* W of shape \(1, 2\), takes 2",
        ),
        ([Affine([[1.0]], [0.0])] * 2, "one layer stands in two places"),
    ],
)
def test_layers_that_do_not_fit_together_are_refused(layers, words):
    with pytest.raises(ValueError, match=words):
        Network(layers, QuadraticLoss())


@pytest.mark.parametrize(
    ("sizes", "kind", "words"),
    [
        ([3], ValueError, r"sizes must name at least input and output, got \[3\]"),
        ([3, 0], ValueError, "n_out must be at least 1, got 0"),
        ([3, 2.5], TypeError, "n_out must be a whole number, got 2.5"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes, kind, words):
    with pytest.raises(kind, match=words):
        Network.dense(sizes, np.random.default_rng(0))


BAD_DATA = [
    (np.ones(2), [[1]], ValueError, r"x has shape \(2,\), expected \(m, 2\).*x\[None, :\]"),
    (np.ones((1, 3)), [[1]], ValueError, r"x has shape \(1, 3\), expected \(m, 2\)"),
    (np.ones((0, 2)), np.ones((0, 1)), ValueError, r"x has shape \(0, 2\): an empty batch"),
    ([[1, np.nan]], [[1]], ValueError, r"x must be finite, .* x\[0, 1\] is nan"),
    ([["a", "b"]], [[1]], TypeError, "x must hold numbers, got an array of type <U1"),
    ([[1, 2]], [[np.inf]], ValueError, r"y must be finite, .* y\[0, 0\] is inf"),
    ([[1, 2]], [[1], [2]], ValueError, r"x has shape \(1, 2\) and y has shape \(2, 1\): they"),
    ([[1, 2]], 1, ValueError, r"x has shape \(1, 2\) and y has shape \(\): they differ"),
    ([[1, 2]], [[1, 2]], ValueError, r"target has shape \(1, 2\), .* prediction has .* \(1, 1\)"),
]


@pytest.mark.parametrize(("x", "y", "kind", "words"), BAD_DATA)
@pytest.mark.parametrize("method", ["cost", "cost_and_gradients", "input_gradient"])
def test_bad_data_gets_one_sentence(method, x, y, kind, words):
    network = net_2_2_1()
    before = snapshot(network)
    with pytest.raises(kind, match=words) as error:
        getattr(network, method)(x, y)
    assert "\n" not in str(error.value)
    assert snapshot(network) == before


def test_weights_that_are_not_finite_are_named():
    network = net_2_2_1()
    network.parameters["W2"][0, 1] = np.inf
    with pytest.raises(ValueError, match=r"W2 must be finite, .* W2\[0, 1\] is inf"):
        network.predict([[1, 1]])
