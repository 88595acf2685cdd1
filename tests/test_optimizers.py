"""Update rules: steps by hand on quadratics, the textbook formulas, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import FLOATS, arrays, away_from_zero, frozen

from bpnet import SGD, Adam, Momentum
from bpnet.optimizers import constant, cosine

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
