"""Cells and networks through time: by hand, against measured slopes, truncated, refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slopes import BARS, flat, relative_error
from strategies import frozen, seeds, sizes

from bpnet.activations import sigmoid
from bpnet.cells import LSTMCell, RNNCell
from bpnet.losses import softmax
from bpnet.recurrent import Recurrent, over_uses, spectral_radius

CELLS = [RNNCell, LSTMCell]


@st.composite
def problems(draw, kinds=CELLS):
    """A network, a batch of sequences and targets; some steps are asked nothing."""
    rng = np.random.default_rng(draw(seeds))
    n_in, n_hidden, m, steps = (draw(sizes) for _ in range(4))
    n_out = draw(st.integers(2, 4))
    network = Recurrent.random(draw(st.sampled_from(kinds)), n_in, n_hidden, n_out, rng)
    for values in network.parameters.values():
        values += 0.5 * rng.standard_normal(values.shape)
    x = rng.standard_normal((steps, m, n_in))
    y = rng.dirichlet(np.ones(n_out), (steps, m)) * rng.integers(0, 2, (steps, m, 1))
    return network, x, y


def cost_of(network, x, y):
    """J as a function of one vector of all parameters."""

    def cost(v):
        moved, place = {}, 0
        for name, values in network.parameters.items():
            moved[name] = v[place : place + values.size].reshape(values.shape)
            place += values.size
        return network.replace(moved).cost(x, y)

    return cost


# -- by hand -----------------------------------------------------------------------------------


def test_a_state_by_hand():
    cell = RNNCell([[1.0], [0.0]], [[0.0, 2.0], [0.5, 0.0]], [0.0, -1.0])
    (h,), _ = cell.forward(np.array([[3.0]]), (np.array([[4.0, 0.25]]),))
    # z_1 = 3 + 2 * 0.25, z_2 = 0.5 * 4 - 1.
    np.testing.assert_array_equal(h, np.tanh([[3.5, 1.0]]))


def test_an_lstm_step_by_hand():
    bias = [np.log(3), 0.0, -np.log(3), np.arctanh(0.5)]  # f = 3/4, i = 1/2, o = 1/4, g = 1/2
    zero = np.zeros((1, 1))
    cell = LSTMCell(np.zeros((4, 1)), np.zeros((4, 1)), bias)
    (h, c), _ = cell.forward(zero, (zero, np.array([[2.0]])))
    assert c == pytest.approx(0.75 * 2 + 0.5 * 0.5, rel=1e-15)
    assert h == pytest.approx(0.25 * np.tanh(1.75), rel=1e-15)


def test_three_uses_of_a_weight_add_up():
    """Without tanh's bend (tiny states) h_3 = w^3 h_0, and dh_3/dw = 3 w^2 h_0."""
    network = Recurrent(RNNCell([[0.0]], [[2.0]], [0.0]), [[1.0]], [0.0])
    network.forward(np.zeros((3, 1, 1)), (np.array([[1e-9]]),))
    network.score_errors = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)
    assert network.backward()["Wh"].item() == pytest.approx(12e-9, rel=1e-12)
    assert network.backward(window=0)["Wh"].item() == pytest.approx(4e-9, rel=1e-12)
    assert network.start_gradient[0] == pytest.approx(8.0, rel=1e-12)


def test_an_asymmetric_weight_goes_back_transposed():
    cell = RNNCell(np.zeros((2, 1)), [[0.0, 5.0], [0.0, 0.0]], [0.0, 0.0])
    delta, (back,) = cell.backward((np.array([[1.0, 10.0]]),), (np.zeros((1, 2)),))
    np.testing.assert_array_equal(delta, [[1, 10]])
    np.testing.assert_array_equal(back, [[0, 5]])  # neuron 1 hears neuron 2, so 2 is told


def test_over_uses_sums_outer_products():
    deltas = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    inputs = np.array([[[10.0]], [[100.0]]])
    np.testing.assert_array_equal(over_uses(deltas, inputs), [[310], [420]])


# -- against measured slopes -------------------------------------------------------------------


@given(problems())
def test_gradients_are_the_measured_slopes(problem):
    network, x, y = problem
    network.cost(x, y)
    given_, cost = flat(network.backward()), cost_of(network, x, y)
    for measure, bar in BARS:
        measured = measure(cost, flat(network.parameters))
        assert np.linalg.norm(given_ - measured) <= bar * (1 + np.linalg.norm(measured))


@pytest.mark.parametrize("kind", CELLS)
def test_gradients_through_a_hundred_steps(kind):
    rng = np.random.default_rng(1)
    network = Recurrent.random(kind, 2, 3, 2, rng)
    x, y = rng.standard_normal((100, 2, 2)), rng.dirichlet([1, 1], (100, 2))
    network.cost(x, y)
    measured = BARS[0][0](cost_of(network, x, y), flat(network.parameters))
    assert relative_error(network.backward(), measured) < BARS[0][1]


@given(problems())
def test_the_start_has_its_measured_slope(problem):
    network, x, y = problem
    shape = (network.cell.states, x.shape[1], network.cell.n_hidden)
    start = np.full(shape, 0.3)
    network.cost(x, y, tuple(start))
    network.errors()
    for number, found in enumerate(network.start_gradient):
        measured = BARS[0][0](
            lambda v, n=number: network.replace(network.parameters).cost(
                x, y, (*start[:n], v, *start[n + 1 :])
            ),
            start[number],
        )
        np.testing.assert_allclose(found, measured, rtol=0, atol=1e-13)


class Transposed(RNNCell):
    def backward(self, upstream, kept):
        delta, _ = super().backward(upstream, kept)
        return delta, (delta @ self.Wh.T,)


class Overwriting(Recurrent):
    def _back(self, outputs, kept):
        steps = [super(Overwriting, self)._back(outputs[t : t + 1], kept[t : t + 1])
                 for t in range(len(kept))]  # fmt: skip
        return np.concatenate([deltas for deltas, _ in steps]), steps[0][1]


class Forgetful(LSTMCell):
    def backward(self, upstream, kept):
        delta, (dh, _) = super().backward(upstream, kept)
        return delta, (dh, upstream[1] * kept[0])  # the branch through h is lost


@pytest.mark.parametrize(
    ("kind", "network"),
    [(Transposed, Recurrent), (RNNCell, Overwriting), (Forgetful, Recurrent)],
)
def test_a_planted_fault_is_seen(kind, network):
    rng = np.random.default_rng(0)
    faulty = network.random(kind, 2, 3, 2, rng)
    x, y = rng.standard_normal((5, 2, 2)), rng.dirichlet([1, 1], (5, 2))
    faulty.cost(x, y)
    measured = BARS[0][0](cost_of(faulty, x, y), flat(faulty.parameters))
    assert relative_error(faulty.backward(), measured) > 1e-4


# -- truncation --------------------------------------------------------------------------------


@given(problems())
def test_a_window_as_long_as_the_sequence_cuts_nothing(problem):
    network, x, y = problem
    network.cost(x, y)
    full = network.errors()
    np.testing.assert_allclose(network.errors(window=len(x) - 1), full, rtol=0, atol=1e-14)


@given(problems(), st.integers(0, 4))
def test_a_window_leaves_out_exactly_what_lies_farther_back(problem, window):
    """The error at t within a window is the full one of the sequence cut off after t + window."""
    network, x, y = problem
    network.cost(x, y)
    cut = network.errors(window)
    for t in range(len(x)):
        near = y.copy()
        near[t + window + 1 :] = 0
        network.cost(x, near)
        np.testing.assert_allclose(cut[t], network.errors()[t], rtol=0, atol=1e-14)


# -- what a batch and a state mean -------------------------------------------------------------


@given(problems())
def test_a_batch_is_the_mean_of_its_sequences(problem):
    network, x, y = problem
    J = network.cost(x, y)
    whole = network.backward()
    costs, each = [], []
    for n in range(x.shape[1]):
        costs.append(network.cost(x[:, [n]], y[:, [n]]))
        each.append(flat(network.backward()))
    assert pytest.approx(np.mean(costs), rel=1e-13, abs=1e-15) == J
    np.testing.assert_allclose(flat(whole), np.mean(each, axis=0), rtol=0, atol=1e-13)


@given(problems(), st.integers(1, 3))
def test_a_carried_state_continues_the_sequence(problem, first):
    network, x, _ = problem
    whole = network.predict(x)
    if first < len(x):
        parts = [network.predict(x[:first]), network.predict(x[first:], network.state)]
        np.testing.assert_allclose(np.concatenate(parts), whole, rtol=0, atol=1e-14)


@given(problems())
def test_nothing_that_comes_in_is_changed(problem):
    network, *data = problem
    x, y = frozen(*data)
    before = flat(network.parameters).copy()
    network.cost(x, y)
    network.backward(window=1)
    np.testing.assert_array_equal(flat(network.parameters), before)


@given(problems())
def test_probabilities_are_the_softmax_of_the_scores(problem):
    network, x, _ = problem
    np.testing.assert_array_equal(network.predict(x), softmax(network.forward(x)))


def test_parameters_are_views_by_gate():
    network = Recurrent.random(LSTMCell, 2, 3, 2, np.random.default_rng(0))
    network.parameters["bf"][...] = 5.0
    assert network.cell.b.tolist() == [5.0] * 3 + [0.0] * 9
    names = [f"{n}{g}" for n in ("Wx", "Wh", "b") for g in "fiog"]
    assert list(network.parameters) == [*names, "Wy", "by"]


def test_along_the_memory_the_slope_is_the_product_of_the_forget_gates():
    zero, forget = np.zeros((1, 1)), [0.9, -1.0, 2.0]
    bars = (zero, np.ones((1, 1)))
    for bias in forget:
        cell = LSTMCell(np.zeros((4, 1)), np.zeros((4, 1)), [bias, 0.3, 0.2, 0.1])
        _, kept = cell.forward(zero, (zero, zero))
        _, bars = cell.backward(bars, kept)
    assert bars[1] == pytest.approx(np.prod(sigmoid(forget)), rel=1e-14)


def test_spectral_radius():
    assert spectral_radius(np.array([[0.0, -3.0], [3.0, 0.0]])) == pytest.approx(3)
    assert spectral_radius(np.array([[0.5, 10.0], [0.0, 0.5]])) == pytest.approx(0.5)


# -- refusals ----------------------------------------------------------------------------------


@pytest.fixture
def network():
    return Recurrent.random(RNNCell, 2, 3, 2, np.random.default_rng(0))


def test_a_way_back_needs_a_cost(network):
    with pytest.raises(RuntimeError, match="no errors before a cost"):
        network.backward()
    network.cost(np.zeros((1, 1, 2)), [[[0, 1]]])
    network.predict(np.zeros((1, 1, 2)))
    with pytest.raises(RuntimeError, match="after another forward pass"):
        network.errors()


@pytest.mark.parametrize("shape", [(2, 2), (3, 1, 4), (0, 1, 2), (1, 0, 2)])
def test_a_wrong_shape_of_x_is_named(network, shape):
    with pytest.raises(ValueError, match=r"x has shape .*, expected \(T, m, 2\)"):
        network.forward(np.zeros(shape))


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        ([[[1, 0, 0]]], "y has shape"),
        ([[[0.5, 0.2]]], "each row of y must sum to 1, or be zero"),
        ([[[2.0, -1.0]]], "probabilities"),
        ([[[np.nan, 0]]], "y must be finite"),
    ],
)
def test_a_wrong_target_is_named(network, y, reason):
    with pytest.raises(ValueError, match=reason):
        network.cost(np.zeros((1, 1, 2)), y)


def test_nan_and_negative_windows_are_refused(network):
    x = np.zeros((1, 1, 2))
    with pytest.raises(ValueError, match="x must be finite"):
        network.forward(x * np.nan)
    network.cost(x, [[[0, 1]]])
    with pytest.raises(ValueError, match="window must not be negative, got -1"):
        network.errors(window=-1)
    network.cell.Wh[0, 1] = np.inf
    with pytest.raises(ValueError, match="Wh must be finite"):
        network.forward(x)


@pytest.mark.parametrize(
    ("kind", "Wx", "Wh", "b", "reason"),
    [
        (RNNCell, (2, 1), (2, 3), (2,), "Wh has shape"),
        (RNNCell, (3, 1), (2, 2), (2,), "Wx has shape"),
        (RNNCell, (2,), (2, 2), (2,), "Wx"),
        (RNNCell, (2, 1), (2, 2), (3,), "b has shape"),
        (LSTMCell, (4, 1), (6, 2), (4,), "Wh has shape"),
        (LSTMCell, (2, 1), (2, 2), (2,), "Wh has shape"),
    ],
)
def test_weights_that_do_not_fit_are_named(kind, Wx, Wh, b, reason):
    with pytest.raises(ValueError, match=reason):
        kind(np.zeros(Wx), np.zeros(Wh), np.zeros(b))


def test_outputs_that_do_not_fit_are_named(network):
    with pytest.raises(ValueError, match="a row of Wy"):
        Recurrent(network.cell, np.zeros((2, 4)), np.zeros(2))
    with pytest.raises(ValueError, match="by has shape"):
        Recurrent(network.cell, np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="Wh has shape"):
        network.replace({**network.parameters, "Wh": np.zeros((2, 2))})
    with pytest.raises(TypeError, match="rng"):
        Recurrent.random(RNNCell, 1, 1, 2, 0)
