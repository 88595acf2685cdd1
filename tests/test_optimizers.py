"""Update rules: steps by hand on quadratics, the textbook formulas, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slopes import complex_step
from strategies import FLOATS, arrays, away_from_zero, frozen

from bpnet import SGD, Adam, Clipped, Momentum, WeightDecay, clip_by_norm, clip_by_value
from bpnet.optimizers import constant, cosine, global_norm, weight_penalty

RULES = (SGD, Momentum, Adam)
STEPS = st.lists(arrays((2, 2)), min_size=1, max_size=6)


def walk(rule, gradient, start: float, steps: int) -> list[float]:
    """The places that `rule` visits from `start`, following `gradient`."""
    v = {"v": np.array([start])}
    places = []
    for _ in range(steps):
        rule.step(v, {"v": gradient(v["v"])})
        places.append(float(v["v"][0]))
    return places


def follow(rule, gradients, dtype=float) -> np.ndarray:
    """Where `rule` ends, from zeros, given its gradients one after the other."""
    v = {"v": np.zeros((2, 2), dtype)}
    for gradient in gradients:
        rule.step(v, {"v": gradient.astype(dtype)})
    return v["v"]


def test_sgd_by_hand():
    # J = v^2, g = 2 v, eta = 1/4: v <- v - v/2.
    assert walk(SGD(0.25), lambda v: 2 * v, 8.0, 4) == [4, 2, 1, 0.5]


def test_momentum_by_hand():
    # J = v^2 / 2, g = v, eta = 1/2, beta = 1/2, from v = 4: u = -2; -1 - 1; -1 - 0; -1/2 + 1/2.
    assert walk(Momentum(0.5, 0.5), lambda v: v, 4.0, 4) == [2, 0, -1, -1]


def test_adam_by_hand():
    # beta1 = beta2 = 1/2, eta = 1, g = 3 then -1. m/(1 - 1/2) = 3, s/(1 - 1/2) = 9: step 3/3.
    # Then m = 3/4 - 1/2 = 1/4 over 3/4 is 1/3, s = 9/4 + 1/2 = 11/4 over 3/4 is 11/3.
    gradients = iter([np.array([3.0]), np.array([-1.0])])
    places = walk(Adam(1.0, 0.5, 0.5, 1e-300), lambda v: next(gradients), 0.0, 2)
    np.testing.assert_allclose(places, [-1, -1 - (1 / 3) / math.sqrt(11 / 3)], rtol=1e-15)


@given(STEPS)
def test_momentum_without_memory_is_sgd_bit_for_bit(gradients):
    assert follow(Momentum(0.3, 0.0), gradients).tobytes() == follow(SGD(0.3), gradients).tobytes()


@given(STEPS, st.floats(0, 0.99))
def test_momentum_follows_its_formula(gradients, beta):
    v, u = 0.0, 0.0
    for g in gradients:
        u = beta * u - 0.1 * g
        v = v + u
    np.testing.assert_allclose(follow(Momentum(0.1, beta), gradients), v, rtol=1e-13, atol=1e-15)


@given(STEPS, st.floats(0, 0.99), st.floats(0, 0.999))
def test_adam_follows_the_published_algorithm(gradients, beta1, beta2):
    v = m = s = np.zeros((2, 2))
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        v = v - 0.1 * (m / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + 1e-3)
    found = follow(Adam(0.1, beta1, beta2, 1e-3), gradients)
    np.testing.assert_allclose(found, v, rtol=1e-10, atol=1e-12)


@given(st.floats(0.01, 100), st.sampled_from([-1, 1]))
def test_adams_first_step_is_the_learning_rate_against_the_sign(size, sign):
    (place,) = walk(Adam(0.01), lambda v: np.full(1, sign * size), 0.0, 1)
    assert place == pytest.approx(-0.01 * sign, rel=2e-6)


@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1, 0.5), Adam(0.1)])
def test_every_rule_finds_the_bottom_of_a_bowl(rule):
    # J = (v - 3)^2 / 2 + 2 (w + 1)^2.
    v = {"v": np.array([0.0]), "w": np.array([[0.0]])}
    for _ in range(1000):
        rule.step(v, {"v": v["v"] - 3, "w": 4 * (v["w"] + 1)})
    np.testing.assert_allclose([v["v"][0], v["w"][0, 0]], [3, -1], rtol=1e-6)


@pytest.mark.parametrize("kind", RULES)
@given(away_from_zero((2, 2), 1e-3, 2), st.sampled_from([0.0, 0.5, 2.0]))
def test_scale_multiplies_the_learning_rate(kind, gradient, scale):
    scaled, plain = {"v": np.zeros((2, 2))}, {"v": np.zeros((2, 2))}
    kind(0.25).step(scaled, {"v": gradient}, scale)
    kind(0.25).step(plain, {"v": gradient})
    np.testing.assert_allclose(scaled["v"], scale * plain["v"], rtol=1e-15)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("kind", RULES)
@given(STEPS)
def test_parameters_move_in_place_keep_their_type_and_gradients_stay(kind, dtype, gradients):
    rule, v = kind(0.1), {"v": np.zeros((2, 2), dtype)}
    moved = v["v"]
    for gradient in gradients:
        (gradient,) = frozen(gradient)
        rule.step(v, {"v": gradient}, np.float64(0.5))
    assert v["v"] is moved
    assert moved.dtype == dtype


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("kind", RULES)
def test_a_learning_rate_is_positive_and_finite(kind, bad):
    with pytest.raises(ValueError, match=f"the learning rate must be .* finite, got {bad!r}"):
        kind(bad)


@pytest.mark.parametrize("bad", ["0.1", True, None])
@pytest.mark.parametrize("kind", RULES)
def test_a_learning_rate_is_a_number(kind, bad):
    with pytest.raises(TypeError, match=f"the learning rate must be a number, got {bad!r}"):
        kind(bad)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Momentum(0.1, 1.0), "beta must be at least 0 and below 1, got 1.0"),
        (lambda: Adam(0.1, -0.1), "beta1 must be at least 0 and below 1, got -0.1"),
        (lambda: Adam(0.1, 0.9, math.nan), "beta2 must be at least 0 and below 1, got nan"),
        (lambda: Adam(0.1, epsilon=0), "epsilon must be positive and finite, got 0"),
    ],
)
def test_other_settings_are_checked_too(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ({"a": np.ones(2)}, "the parameters are a, b, but the gradients are of a"),
        (
            {"a": np.ones(2), "b": np.ones(1)},
            r"the gradient of b has shape \(1,\), but b has shape \(3,\)",
        ),
    ],
)
@pytest.mark.parametrize("kind", RULES)
def test_gradients_that_do_not_fit_move_nothing(kind, gradients, words):
    parameters = {"a": np.zeros(2), "b": np.zeros(3)}
    with pytest.raises(ValueError, match=words):
        kind(0.1).step(parameters, gradients)
    assert not parameters["a"].any()


@pytest.mark.parametrize("kind", [Momentum, Adam])
def test_a_rule_with_memory_is_not_for_another_network(kind):
    rule = kind(0.1)
    rule.step({"v": np.zeros(2)}, {"v": np.ones(2)})
    other = {"v": np.zeros(1)}
    words = r"v in earlier steps has shape \(2,\), but v in this one has shape \(1,\)"
    with pytest.raises(ValueError, match=words):
        rule.step(other, {"v": np.ones(1)})
    assert not other["v"].any()


def test_schedules_by_hand():
    assert [constant(p) for p in (0, 0.5, 1)] == [1, 1, 1]
    np.testing.assert_allclose(
        [cosine(p) for p in (0, 1 / 3, 1 / 2, 1)], [1, 3 / 4, 1 / 2, 0], atol=1e-15
    )


# -- clipping and decay ----------------------------------------------------------------------

GRADIENTS = st.builds(lambda W, b: {"W1": W, "b1": b}, arrays((2, 3), -5, 5), arrays((2,), -5, 5))
LIMITS = st.floats(0.01, 10)


def together(gradients) -> np.ndarray:
    return np.concatenate([g.ravel() for g in gradients.values()])


def test_clipping_by_hand():
    gradients = {"W1": np.array([[3.0, -0.5]]), "b1": np.array([-4.0])}
    cut = clip_by_value(gradients, 1.0)
    assert (cut["W1"].tolist(), cut["b1"].tolist()) == ([[1, -0.5]], [-1])
    five = {"W1": np.array([[3.0]]), "b1": np.array([-4.0])}
    short = clip_by_norm(five, 2.5)
    assert (short["W1"].tolist(), short["b1"].tolist()) == ([[1.5]], [-2])
    assert global_norm(five) == 5


@given(GRADIENTS, LIMITS)
def test_clipping_by_norm_keeps_the_direction_and_obeys_the_limit(gradients, limit):
    g, short = together(gradients), together(clip_by_norm(gradients, limit))
    length = np.linalg.norm(g)
    assert np.linalg.norm(short) <= limit * (1 + 1e-12)
    np.testing.assert_allclose(short * length, g * min(limit, length), rtol=1e-10, atol=1e-12)


@given(GRADIENTS, LIMITS)
def test_clipping_by_value_keeps_every_sign_and_goes_downhill(gradients, limit):
    g, cut = together(gradients), together(clip_by_value(gradients, limit))
    assert np.abs(cut).max() <= limit
    np.testing.assert_array_equal(np.sign(cut), np.sign(g))
    assert cut @ g >= cut @ cut - 1e-12


@given(GRADIENTS, st.floats(20, 100))
def test_what_is_short_enough_stays_bit_for_bit(gradients, limit):
    for clip in (clip_by_value, clip_by_norm):
        kept = clip(gradients, limit)
        assert {n: g.tobytes() for n, g in kept.items()} == {
            n: g.tobytes() for n, g in gradients.items()
        }


def test_a_norm_beyond_the_square_root_of_the_largest_float_is_found():
    huge = {"W1": np.array([[3e200]]), "b1": np.array([4e200])}
    assert global_norm(huge) == pytest.approx(5e200, rel=1e-15)
    np.testing.assert_allclose(clip_by_norm(huge, 5.0)["b1"], [4.0], rtol=1e-14)
    assert global_norm({"W1": np.zeros((2, 2))}) == 0
    assert global_norm({}) == 0


@given(GRADIENTS, LIMITS)
def test_a_clipped_rule_steps_with_the_clipped_gradient(gradients, limit):
    given_, expected = {n: np.ones_like(g) for n, g in gradients.items()}, {}
    for name, slope in clip_by_norm(gradients, limit).items():
        expected[name] = 1 - 0.5 * 0.1 * slope
    Clipped(SGD(0.1), clip_by_norm, limit).step(given_, gradients, 0.5)
    for name, values in expected.items():
        np.testing.assert_allclose(given_[name], values, rtol=1e-13)


@given(GRADIENTS, st.floats(0.01, 1), st.floats(0.01, 1))
def test_weight_decay_is_the_slope_of_the_penalty_and_leaves_biases(gradients, eta, strength):
    rng = np.random.default_rng(0)
    start = {"W1": rng.standard_normal((2, 3)), "b1": rng.standard_normal(2)}
    moved = {name: values.copy() for name, values in start.items()}
    WeightDecay(SGD(eta), strength).step(moved, gradients)
    slope = complex_step(lambda W: weight_penalty({**start, "W1": W}, strength), start["W1"])
    expected = start["W1"] - eta * (gradients["W1"] + slope)
    np.testing.assert_allclose(moved["W1"], expected, rtol=1e-12, atol=1e-12)
    shrunk = (1 - eta * strength) * start["W1"] - eta * gradients["W1"]
    np.testing.assert_allclose(moved["W1"], shrunk, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(moved["b1"], start["b1"] - eta * gradients["b1"], rtol=1e-13)


def test_the_penalty_by_hand():
    # 1/2 * 0.5 * (1 + 4 + 9); the bias does not count.
    assert weight_penalty({"W1": np.array([[1.0, 2.0], [0.0, 3.0]]), "b1": np.ones(2)}, 0.5) == 3.5


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf])
def test_limits_and_strengths_are_positive(bad):
    with pytest.raises(ValueError, match="the limit must be positive and finite"):
        Clipped(SGD(0.1), clip_by_norm, bad)
    with pytest.raises(ValueError, match="the strength must be positive and finite"):
        WeightDecay(SGD(0.1), bad)


def test_decay_refuses_gradients_that_do_not_fit():
    parameters = {"W1": np.ones((2, 2))}
    with pytest.raises(ValueError, match="gradient of W1 has shape"):
        WeightDecay(SGD(0.1), 0.1).step(parameters, {"W1": np.ones((1, 2))})
    assert (parameters["W1"] == 1).all()
