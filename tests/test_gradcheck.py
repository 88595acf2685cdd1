"""The gradient check: agrees with right gradients, names every planted mistake, spots kinks."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from slopes import flat
from strategies import ENDS, frozen, problems, seeds, snapshot

from bpnet import Affine, Network, QuadraticLoss, ReLU, Sigmoid, SoftmaxWithLoss, Tanh, gradcheck
from bpnet.gradcheck import compare, numerical_gradient, random_direction_error

METHODS = ("complex", "central")
SMOOTH = problems(hidden=(Sigmoid, Tanh))


@pytest.mark.parametrize("method", ["auto", *METHODS])
@given(SMOOTH)
def test_right_gradients_of_smooth_networks_agree(method, problem):
    network, x, y = problem
    report = gradcheck(network, x, y, method)
    assert report.ok
    assert report.wrong == report.kinks == ()
    assert report.method == ("complex" if method == "auto" else method)
    assert report.entries == x.size + sum(v.size for v in network.parameters.values())
    _, gradients = network.cost_and_gradients(x, y)
    assume(np.linalg.norm(flat(gradients)) > 0.05)
    assert report.error <= {"central": 1e-8}.get(method, 1e-13)


@given(problems(hidden=(ReLU,)))
def test_right_gradients_of_relu_networks_agree(problem):
    network, x, y = problem
    report = gradcheck(network, x, y)
    assert report.ok
    assert report.method == ("complex" if network.smooth else "central")
    assert report.kinks == ()


@pytest.mark.parametrize("method", METHODS)
def test_measured_slopes_by_hand(method):
    # f = v^3 + u has the slopes 3 v^2 = 12 and 1 at v = 2.
    point = {"v": np.array([2.0]), "u": np.array(5.0)}
    slopes = numerical_gradient(lambda p: p["v"][0] ** 3 + p["u"], point, method)
    np.testing.assert_allclose([slopes["v"][0], slopes["u"]], [12, 1], rtol=1e-9)


# -- planted mistakes ------------------------------------------------------------------------


def entries(network: Network) -> list[tuple[str, tuple]]:
    """Every parameter entry by name and index."""
    return [(n, i) for n, v in network.parameters.items() for i in np.ndindex(v.shape)]


def report_on(network, x, y, gradients, method):
    """The verdict on `gradients`, given for the parameters of `network`."""

    def cost(point):
        moved = network.replace(point)
        return moved.loss.forward(moved.forward(x), y)

    return compare(cost, network.parameters, gradients, method)


SLIPS = {
    "negated": lambda g: -g,
    "halved": lambda g: g / 2,
    "doubled": lambda g: 2 * g,
    "forgotten": lambda g: 0.0,
    "5 % off": lambda g: 1.05 * g,
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("slip", SLIPS)
@given(st.data(), SMOOTH)
def test_a_slip_in_one_entry_is_found_and_named(slip, method, data, problem):
    network, x, y = problem
    _, gradients = network.cost_and_gradients(x, y)
    assert report_on(network, x, y, gradients, method).ok
    name, index = data.draw(st.sampled_from(entries(network)))
    assume(abs(gradients[name][index]) > 1e-6)
    gradients[name][index] = SLIPS[slip](gradients[name][index])
    report = report_on(network, x, y, gradients, method)
    assert not report.ok
    assert [entry.name for entry in report.wrong] == [f"{name}{list(index)}"]
    assert report.worst == report.wrong[0]
    assert report.worst.given == gradients[name][index]


class Transposed(Affine):
    def parameter_gradients(self, upstream):
        super().parameter_gradients(upstream)
        self.dW = self.dW.T


class Unsummed(Affine):
    def parameter_gradients(self, upstream):
        super().parameter_gradients(upstream)
        self.db = upstream[0]


class Untransposed(Affine):
    def backward(self, upstream):
        self.parameter_gradients(upstream)
        return upstream @ self.W.T


class Negated(Tanh):
    def backward(self, upstream):
        return -super().backward(upstream)


class Straight(Sigmoid):
    def backward(self, upstream):
        return upstream


class Unaveraged(SoftmaxWithLoss):
    def backward(self, upstream=1.0):
        return super().backward(upstream) * len(self.prediction)


def square_network(seed, affine=Affine, activation=Tanh, loss=SoftmaxWithLoss) -> Network:
    rng = np.random.default_rng(seed)
    layers = [affine(rng.standard_normal((3, 3)), rng.standard_normal(3)) for _ in range(2)]
    return Network([layers[0], activation(), layers[1]], loss())


@pytest.mark.parametrize(
    ("plan", "touched"),
    [
        ({"affine": Transposed}, {"W1", "W2"}),
        ({"affine": Unsummed}, {"b1", "b2"}),
        ({"affine": Untransposed}, {"W1", "b1", "x"}),
        ({"activation": Negated}, {"W1", "b1", "x"}),
        ({"activation": Straight}, {"W1", "b1", "x"}),
        ({"loss": Unaveraged}, {"W1", "b1", "W2", "b2", "x"}),
    ],
)
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(seed=seeds)
def test_a_slip_in_a_layer_is_found_where_it_shows(method, plan, touched, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((4, 3)), rng.integers(0, 3, 4)
    assert gradcheck(square_network(seed), x, y, method).ok
    report = gradcheck(square_network(seed, **plan), x, y, method)
    assert {entry.name.split("[")[0] for entry in report.wrong} == touched
    differences = [entry.difference for entry in report.wrong]
    assert differences == sorted(differences, reverse=True)
    assert report.worst == report.wrong[0]
    assert report.error > 1e-4


@pytest.mark.parametrize("method", METHODS)
@given(st.data(), seeds)
def test_a_tiny_entry_of_the_wrong_sign_is_found_where_a_mean_difference_misses_it(
    method, data, seed
):
    # One input is a millionth of the others, and so are the gradients of its weights.
    rng = np.random.default_rng(seed)
    network = Network.dense([8, 5, 3], rng, Tanh)
    x, y = rng.standard_normal((4, 8)), rng.integers(0, 3, 4)
    x[:, 7] *= 1e-6
    row = data.draw(st.integers(0, 4))
    _, gradients = network.cost_and_gradients(x, y)
    assume(abs(gradients["W1"][row, 7]) > 1e-8)
    gradients["W1"][row, 7] *= -1
    report = report_on(network, x, y, gradients, method)
    assert [entry.name for entry in report.wrong] == [f"W1[{row}, 7]"]
    assert not report.ok
    # The usual measure, a mean over all entries, sees one part in a million.
    measured = numerical_gradient_of(network, x, y, method)
    assert np.mean(abs(flat(gradients) - flat(measured))) < 1e-7
    assert report.error < 1e-5


def numerical_gradient_of(network, x, y, method):
    def cost(point):
        moved = network.replace(point)
        return moved.loss.forward(moved.forward(x), y)

    return numerical_gradient(cost, network.parameters, method)


@pytest.mark.parametrize("curvature", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95, -1.0])
def test_a_wrong_slope_of_a_curved_cost_is_not_excused_as_a_kink(curvature, share):
    point = {"v": np.array([1.0])}
    given_gradient = {"v": np.array([curvature * share])}
    report = compare(
        lambda p: curvature * p["v"][0] ** 2 / 2, point, given_gradient, method="central"
    )
    assert [entry.name for entry in report.wrong] == ["v[0]"]
    assert report.kinks == ()


# -- kinks -----------------------------------------------------------------------------------


def near_a_kink(distance: float) -> tuple[Network, list, list]:
    """A network whose only hidden z is `distance` at the sample returned with it."""
    layers = [Affine([[1.0, 0.5]], [distance - 1.5]), ReLU(), Affine([[2.0]], [0.3])]
    return Network(layers, QuadraticLoss()), [[1.0, 1.0]], [[1.0]]


def test_relu_at_zero_is_a_kink_and_not_wrong():
    network, x, y = near_a_kink(0.0)
    report = gradcheck(network, x, y)
    assert report.ok
    assert [e.name for e in report.kinks] == ["W1[0, 0]", "W1[0, 1]", "b1[0]", "x[0, 0]", "x[0, 1]"]
    # Backward takes 0, the difference sees half of the slope on the right, and says so.
    at_b1 = report.kinks[2]
    assert at_b1.given == 0
    assert at_b1.measured == pytest.approx(2 * (0.3 - 1) / 2, rel=1e-4)
    assert report.error < 1e-8


@given(st.floats(-1.2e-5, 1.2e-5))
def test_a_kink_within_a_step_makes_no_gradient_wrong(distance):
    network, x, y = near_a_kink(distance)
    assert gradcheck(network, x, y).ok


@pytest.mark.parametrize("distance", [0.0, 1e-6, -4e-6])
@pytest.mark.parametrize("slip", [0.5, 0.95, -1])
def test_beside_a_kink_a_mistake_is_still_found(distance, slip):
    class Slipped(Affine):
        def parameter_gradients(self, upstream):
            super().parameter_gradients(upstream)
            self.db = self.db * slip

    network, x, y = near_a_kink(distance)
    last = network.layers[-1]
    network.layers[-1] = Slipped(last.W, last.b)
    report = gradcheck(network, x, y)
    assert [entry.name for entry in report.wrong] == ["b2[0]"]
    assert report.kinks


@given(st.floats(1e-4, 1), st.sampled_from([-1, 1]))
def test_away_from_the_kink_there_is_none(distance, side):
    network, x, y = near_a_kink(side * distance)
    report = gradcheck(network, x, y)
    assert report.ok
    assert report.kinks == ()


# -- what it says and leaves alone -----------------------------------------------------------


def test_the_report_reads_as_a_sentence():
    network, x, y = near_a_kink(1.0)
    assert str(gradcheck(network, x, y)).startswith("agrees: 7 entries, central, relative error ")
    at_kink, x, y = near_a_kink(0.0)
    assert str(gradcheck(at_kink, x, y)).endswith("; 5 at a kink, first W1[0, 0]")
    broken = square_network(0, activation=Negated)
    report = str(gradcheck(broken, np.eye(3), [0, 1, 2]))
    assert report.startswith("DISAGREES at 21: 33 entries, complex, relative error ")
    assert "; worst b1[0]: given 0.673867, measured -0.673867" in report


@given(SMOOTH)
def test_the_network_its_gradients_and_the_data_stay_as_they_were(problem):
    network, x, y = problem
    network.cost_and_gradients(x, y)
    x, y = frozen(x, y)
    before = snapshot(network), flat(network.gradients).tobytes()
    gradcheck(network, x, y)
    random_direction_error(network, x, y, np.random.default_rng(0))
    assert (snapshot(network), flat(network.gradients).tobytes()) == before
    assert flat(network.backward()).tobytes() == before[1]


@given(SMOOTH, seeds)
def test_a_random_direction_tells_right_from_wrong(problem, seed):
    network, x, y = problem
    _, gradients = network.cost_and_gradients(x, y)
    assume(np.linalg.norm(flat(gradients)) > 0.05)
    assert random_direction_error(network, x, y, np.random.default_rng(seed)) <= 1e-6


def test_a_random_direction_finds_a_lost_mean():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((4, 3)), rng.integers(0, 3, 4)
    assert random_direction_error(square_network(0), x, y, rng) < 1e-8
    lost = square_network(0, loss=Unaveraged)
    # 4 g against g: |4 - 1| / (4 + 1).
    assert random_direction_error(lost, x, y, rng) == pytest.approx(3 / 5, rel=1e-6)


def test_a_gradient_of_zero_is_right_in_every_direction():
    network = Network([Affine([[0.0]], [0.0])], QuadraticLoss())
    assert random_direction_error(network, [[0.0]], [[0.0]], np.random.default_rng(0)) == 0
    assert gradcheck(network, [[0.0]], [[0.0]]).error == 0


# -- what is refused -------------------------------------------------------------------------


def test_float32_is_refused():
    network = Network.dense([2, 2], np.random.default_rng(0), dtype=np.float32)
    with pytest.raises(ValueError, match="a gradient check needs float64 weights, got float32"):
        gradcheck(network, np.ones((1, 2)), [0])
    with pytest.raises(ValueError, match="a gradient check needs float64 weights, got float32"):
        random_direction_error(network, np.ones((1, 2)), [0], np.random.default_rng(0))


def test_complex_steps_through_a_kink_are_refused():
    network, x, y = near_a_kink(1.0)
    with pytest.raises(
        ValueError, match='complex steps cannot see the kink of ReLU; use method="c'
    ):
        gradcheck(network, x, y, "complex")


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="method must be one of central, complex, got 'onesided'"):
        gradcheck(square_network(0), np.eye(3), [0, 1, 2], "onesided")


def test_a_random_direction_wants_a_generator():
    with pytest.raises(TypeError, match=r"rng must be a .*Generator such as"):
        random_direction_error(square_network(0), np.eye(3), [0, 1, 2], 0)


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        ({"u": np.ones(2)}, r"the point has \['v'\], but the gradient has \['u'\]"),
        ({"v": np.ones(3)}, r"the gradient of v has shape \(3,\), but v has shape \(2,\)"),
        ({"v": np.array([1, np.nan])}, r"the given gradient of v must be finite, .*\[1\] is nan"),
    ],
)
def test_gradients_that_cannot_be_compared_are_refused(gradient, words):
    with pytest.raises(ValueError, match=words):
        compare(lambda p: p["v"].sum(), {"v": np.zeros(2)}, gradient)


def test_a_cost_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="the measured slope of v must be finite"):
        compare(lambda p: np.nan * p["v"].sum(), {"v": np.zeros(2)}, {"v": np.zeros(2)}, "central")


@pytest.mark.parametrize("end", ENDS)
def test_bad_data_gets_the_sentence_of_the_network(end):
    output, loss = end
    network = Network.dense([2, 2], np.random.default_rng(0), output=output, loss=loss())
    with pytest.raises(ValueError, match=r"x has shape \(1, 3\), expected \(m, 2\)"):
        gradcheck(network, np.ones((1, 3)), [[0, 1]])
