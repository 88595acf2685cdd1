"""The networks in symbols are the package's networks, and their derivatives are backprop's."""

import itertools

import numpy as np
import pytest
import sympy as sp

from bpnet import losses
from bpnet.activations import ACTIVATIONS
from bpnet.layers import Sigmoid
from bpnet.layers import Tanh as TanhLayer
from bpnet.loss_layers import QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss
from bpnet.network import Network
from bpnet.symbolic import (
    LARGE,
    Sigma,
    Tanh,
    arrays,
    binary_cross_entropy,
    column,
    forward,
    lstm_step,
    matrix,
    opaque,
    parameters,
    quadratic,
    recurrent_parameters,
    rnn_step,
    softmax,
    softmax_cross_entropy,
    vanishes,
)

a, b, x, y, z = sp.symbols("a b x y z", real=True)
LOGISTIC = 1 / (1 + sp.exp(-z))
SIZES = [2, 3, 2, 2]
W = parameters(SIZES)
X, Y = column("x", 2), column("y", 2)


def numbers(expression, values):
    """Put the numbers into a scalar or a matrix."""
    symbols = sorted(expression.free_symbols, key=str)
    return sp.lambdify(symbols, expression, "numpy")(*(values[s.name] for s in symbols))


def random_values(*matrices, low=-1.0, high=1.0):
    rng = np.random.default_rng(0)
    return {symbol.name: rng.uniform(low, high) for whole in matrices for symbol in whole}


def backprop(weights, z, a, delta):
    """The book's formulas: delta^l = (W^(l+1)^T delta^(l+1)) * sigma', dC/dW = delta a^T."""
    gradients = {}
    for number in range(len(z) - 1, 0, -1):
        gradients[f"W{number}"], gradients[f"b{number}"] = delta * a[number - 1].T, delta
        slope = a[number - 1].applyfunc(lambda value: value * (1 - value))
        delta = (weights[f"W{number}"].T * delta).multiply_elementwise(slope)
    return gradients


def test_symbols_have_the_packages_names_and_shapes():
    package = Network.sigmoid(SIZES, np.random.default_rng(0)).parameters
    assert list(W) == list(package)
    for name, values in package.items():
        assert W[name].shape == (values.shape if values.ndim == 2 else (values.size, 1))
    assert (W["W1"][2, 0].name, W["b3"][1].name) == ("W1_31", "b3_2")


def test_names_that_could_be_confused_are_refused():
    with pytest.raises(ValueError, match=r"W1 has shape \(3, 12\)"):
        matrix("W1", 3, 12)


def test_all_23_derivatives_of_the_book_network_are_backprops():
    z, a = forward(W, X, Sigma)
    cost = quadratic(a[-1], Y)
    delta = (a[-1] - Y).multiply_elementwise(a[-1].applyfunc(lambda value: value * (1 - value)))
    gradients = backprop(W, z, a, delta)
    pairs = [pair for name in W for pair in zip(W[name], gradients[name], strict=True)]
    assert len(pairs) == 23
    assert all(vanishes(cost.diff(symbol) - formula) for symbol, formula in pairs)


def test_a_slip_in_backprop_is_found_in_each_of_the_affected_derivatives():
    z, a = forward(W, X, Sigma)
    cost = quadratic(a[-1], Y)
    without_slope = backprop(W, z, a, a[-1] - Y)
    for name in W:
        for symbol, formula in zip(W[name], without_slope[name], strict=True):
            assert not vanishes(cost.diff(symbol) - formula)


@pytest.mark.parametrize(
    ("cost_of", "hidden", "output", "loss"),
    [
        (lambda z, a: quadratic(a, Y), Sigma, Sigmoid, QuadraticLoss),
        (lambda z, a: binary_cross_entropy(a, Y), Sigma, None, SigmoidWithLoss),
        (lambda z, a: softmax_cross_entropy(z, Y), Tanh, None, SoftmaxWithLoss),
    ],
)
def test_derivatives_are_the_gradients_of_the_package(cost_of, hidden, output, loss):
    z, a = forward(W, X, hidden)
    cost = cost_of(z[-1], a[-1])
    values = random_values(*W.values(), X) | {"y_1": 0.3, "y_2": 0.7}
    layer = {Sigma: Sigmoid, Tanh: TanhLayer}[hidden]
    package = Network.dense(SIZES, np.random.default_rng(0), layer, output, loss())
    inputs = [[values["x_1"], values["x_2"]]]
    net = package.replace(arrays(W, values))
    J, gradients = net.cost_and_gradients(inputs, [[0.3, 0.7]])
    assert numbers(cost, values) == pytest.approx(J, rel=1e-14)
    for name, symbols in W.items():
        found = np.array([numbers(cost.diff(symbol), values) for symbol in symbols])
        assert found == pytest.approx(gradients[name].ravel(), rel=1e-12, abs=1e-16)


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        (quadratic, losses.quadratic),
        (binary_cross_entropy, losses.binary_cross_entropy),
        (softmax_cross_entropy, losses.softmax_cross_entropy),
    ],
)
def test_losses_are_the_packages(formula, function):
    yhat, target = column("yhat", 3), column("y", 3)
    values = random_values(yhat, target, low=0.1, high=0.9)
    vectors = [[values[s.name] for s in symbols] for symbols in (yhat, target)]
    assert numbers(formula(yhat, target), values) == pytest.approx(function(*vectors), rel=1e-14)


def test_softmax_is_the_packages_and_its_jacobian_is_the_books():
    scores = column("z", 3)
    values = random_values(scores)
    p = softmax(scores)
    expected = losses.softmax([values[s.name] for s in scores])
    assert numbers(p, values)[:, 0] == pytest.approx(expected, rel=1e-14)
    for j in range(3):
        for k in range(3):
            assert vanishes(p[j].diff(scores[k]) - p[j] * (int(j == k) - p[k]))
            assert not vanishes(p[j].diff(scores[k]) - p[j] * (1 - p[k])) or j == k


def test_an_opaque_function_has_a_derivative_of_that_name_and_nothing_else_is_known():
    f = opaque("f")
    assert str(f(a * x).diff(x)) == "a*f'(a*x)"
    assert vanishes(f(f(x)).diff(x) - f.prime(f(x)) * f.prime(x))
    assert not vanishes(f.prime(x) - f(x) * (1 - f(x)))
    assert not vanishes(f(-x) + f(x))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_opaque_function_computes_the_packages_numbers(name):
    f = opaque(name, *ACTIVATIONS[name][:2])
    values = np.array([-1.5, 0.4, 2.0])
    derivative = sp.lambdify(x, f(2 * x).diff(x), "numpy")(values)
    assert derivative == pytest.approx(2 * ACTIVATIONS[name].derivative(2 * values), rel=1e-15)


def test_the_numbers_of_an_opaque_function_fit_its_derivative():
    f, h = opaque("f"), 1e-6
    value, slope = sp.lambdify(x, f(x), "numpy"), sp.lambdify(x, f(x).diff(x), "numpy")
    assert (value(0.3 + h) - value(0.3 - h)) / (2 * h) == pytest.approx(slope(0.3), rel=1e-8)


def test_recurrent_steps_in_numbers():
    cell, gates = recurrent_parameters(2, 2), recurrent_parameters(2, 2, "fiog")
    h, c = column("h", 2), column("c", 2)
    v = random_values(*cell.values(), *gates.values(), X, h, c)
    x_, h_, c_ = (np.array([[v[s.name]] for s in symbols]) for symbols in (X, h, c))

    def gate(which, function):
        p = arrays({name: s for name, s in {**cell, **gates}.items() if name[0] in "Wb"}, v)
        return function(p[f"Wx{which}"] @ x_ + p[f"Wh{which}"] @ h_ + p[f"b{which}"][:, None])

    f, i, o = (gate(which, ACTIVATIONS["sigmoid"].function) for which in "fio")
    memory = f * c_ + i * gate("g", np.tanh)
    new_h, new_c = lstm_step(gates, X, h, c)
    assert numbers(rnn_step(cell, X, h), v) == pytest.approx(gate("", np.tanh), rel=1e-14)
    assert numbers(new_c, v) == pytest.approx(memory, rel=1e-14)
    assert numbers(new_h, v) == pytest.approx(o * np.tanh(memory), rel=1e-14)


def test_backprop_through_four_steps_of_two_units_is_large_and_still_proved():
    cell = recurrent_parameters(1, 2)
    inputs = [column(f"x{t}", 1) for t in range(1, 5)]
    states = [column("h", 2)]
    for step in inputs:
        states.append(rnn_step(cell, step, states[-1]))
    truth = sum(states[-1]).diff(cell["Wh"][0, 1])
    formula, upstream = 0, sp.ones(2, 1)
    for before, after in reversed(list(itertools.pairwise(states))):
        delta = upstream.multiply_elementwise(after.applyfunc(lambda value: 1 - value**2))
        formula += (delta * before.T)[0, 1]
        upstream = cell["Wh"].T * delta
    assert (truth - formula).count_ops() > LARGE
    assert vanishes(truth - formula)
    assert not vanishes(truth - formula - delta[0] * cell["Wx"][0] ** 9 / 10**6)


@pytest.mark.parametrize(
    "identity",
    [
        sp.diff(LOGISTIC, z) - LOGISTIC * (1 - LOGISTIC),
        sp.exp(2 * x + y) - sp.exp(x) ** 2 * sp.exp(y),
        Sigma(x * (a + b)) - Sigma(a * x + b * x),
        (x**2 - y**2) / (x - y) - x - y,
        sp.log(sp.exp(x)) - x,
        sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
        sp.exp(x / 2) ** 2 - sp.exp(x),
        sp.diff(sp.tanh(x), x) - 1 + sp.tanh(x) ** 2,
        sp.sqrt(x**2) - sp.Abs(x),
        sp.Integer(0),
    ],
)
def test_identities_vanish(identity):
    assert vanishes(identity)


@pytest.mark.parametrize(
    "expression",
    [
        sp.diff(LOGISTIC, z) - LOGISTIC,
        sp.exp(2 * x) - sp.exp(x),
        Sigma(x) + Sigma(-x),
        sp.sqrt(x**2) - x,
        sp.Abs(x) - x,
        sp.log(x) - sp.log(y),
        x * (x - 1) * (x - 2),
        sp.Float(1e-14) * x,
        sp.Integer(1),
    ],
)
def test_near_misses_do_not_vanish(expression):
    assert not vanishes(expression)


def test_a_large_near_miss_does_not_vanish():
    large = sum((x + n) ** 2 * (y - n) for n in range(LARGE // 4))
    assert large.count_ops() > LARGE
    assert vanishes(sp.expand(large) - large)
    assert not vanishes(sp.expand(large) - large + sp.Rational(1, 10**12))
    kinked = sp.expand(large) - large + sp.Abs(x) - x
    assert not vanishes(kinked)
