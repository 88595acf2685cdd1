"""Update rules: each moves the parameters in place, given their gradients.

`Clipped` and `WeightDecay` go around another rule and change the gradients that reach it.
"""

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from bpnet.checks import require_fraction, require_positive, require_same_shape

Arrays = dict[str, np.ndarray]


class Rule(Protocol):
    """What every update rule offers: one in-place step for all parameters."""

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None: ...


class SGD:
    """Gradient descent: v <- v - eta dJ/dv. Equation: eq-update.

    Raises ValueError if the learning rate is not positive and finite.
    """

    def __init__(self, learning_rate: float):
        self.learning_rate = require_positive("the learning rate", learning_rate)

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None:
        """Move every parameter by -scale * eta * gradient; all gradients are taken before."""
        _require_fit(parameters, gradients)
        for name, values in parameters.items():
            values -= (scale * self.learning_rate) * gradients[name]


class Momentum:
    """Velocity u <- beta u - eta dJ/dv, then v <- v + u. Equation: eq-momentum.

    Raises ValueError if the learning rate is not positive and finite, or not 0 <= beta < 1.
    """

    def __init__(self, learning_rate: float, beta: float = 0.9):
        self.learning_rate = require_positive("the learning rate", learning_rate)
        self.beta = require_fraction("beta", beta)
        self.velocity: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None:
        """Move every parameter by its new velocity."""
        _require_fit(parameters, gradients)
        _start_at_zero(self.velocity, parameters)
        for name, values in parameters.items():
            velocity = self.velocity[name]
            velocity *= self.beta
            velocity -= (scale * self.learning_rate) * gradients[name]
            values += velocity


class Adam:
    """Momentum with a step size of its own for every entry (Kingma and Ba, 2015).

    m <- beta1 m + (1 - beta1) g, s <- beta2 s + (1 - beta2) g^2, both divided by
    1 - beta^t, then v <- v - eta m / (sqrt(s) + epsilon). Equation: eq-adam. Raises ValueError
    if the learning rate or epsilon is not positive and finite, or not 0 <= beta < 1.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ):
        self.learning_rate = require_positive("the learning rate", learning_rate)
        self.beta1 = require_fraction("beta1", beta1)
        self.beta2 = require_fraction("beta2", beta2)
        self.epsilon = require_positive("epsilon", epsilon)
        self.steps = 0
        self.means: Arrays = {}
        self.squares: Arrays = {}

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None:
        """Move every parameter against its running mean gradient, over its running root square."""
        _require_fit(parameters, gradients)
        _start_at_zero(self.means, parameters)
        _start_at_zero(self.squares, parameters)
        self.steps += 1
        grown = math.sqrt(1 - self.beta2**self.steps)
        rate = scale * self.learning_rate * grown / (1 - self.beta1**self.steps)
        for name, values in parameters.items():
            mean, square, gradient = self.means[name], self.squares[name], gradients[name]
            mean *= self.beta1
            mean += (1 - self.beta1) * gradient
            square *= self.beta2
            square += (1 - self.beta2) * (gradient * gradient)
            values -= rate * mean / (np.sqrt(square) + self.epsilon * grown)


class Clipped:
    """Clip the gradients, then let `rule` step: `Clipped(SGD(0.1), clip_by_norm, 1.0)`.

    Raises ValueError if the limit is not positive and finite.
    """

    def __init__(self, rule: Rule, clip: Callable[[Arrays, float], Arrays], limit: float):
        self.rule, self.clip, self.limit = rule, clip, require_positive("the limit", limit)

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None:
        """Step with the clipped gradients."""
        self.rule.step(parameters, self.clip(gradients, self.limit), scale)


class WeightDecay:
    """Add lambda W to the gradient of every weight matrix W, then let `rule` step.

    That is the slope of the penalty lambda/2 |W|^2 (eq-penalty); vectors (biases, gamma, beta)
    stay free. Raises ValueError if the strength lambda is not positive and finite.
    """

    def __init__(self, rule: Rule, strength: float):
        self.rule, self.strength = rule, require_positive("the strength", strength)

    def step(self, parameters: Arrays, gradients: Arrays, scale: float = 1.0) -> None:
        """Step with the slopes of J + penalty. With SGD: eq-weight-decay."""
        _require_fit(parameters, gradients)
        decayed = {
            name: slope + self.strength * parameters[name] if slope.ndim == 2 else slope
            for name, slope in gradients.items()
        }
        self.rule.step(parameters, decayed, scale)


def weight_penalty(parameters: Arrays, strength: float) -> float:
    """Return lambda/2 times the sum of the squares of all weight matrices. Equation: eq-penalty."""
    return strength / 2 * sum(np.sum(v * v) for v in parameters.values() if v.ndim == 2)


def clip_by_value(gradients: Arrays, limit: float) -> Arrays:
    """Return the gradients with every entry cut to [-limit, limit]. Equation: eq-clip-value."""
    return {name: np.clip(slope, -limit, limit) for name, slope in gradients.items()}


def clip_by_norm(gradients: Arrays, limit: float) -> Arrays:
    """Return all gradients times min(1, limit / global norm). Equation: eq-clip-norm."""
    norm = global_norm(gradients)
    factor = limit / norm if norm > limit else 1.0
    return {name: factor * slope for name, slope in gradients.items()}


def global_norm(gradients: Arrays) -> float:
    """Return the length of all gradients together, as one long vector.

    The largest entry is taken out before squaring, so that nothing overflows.
    """
    largest = max((float(np.max(np.abs(slope))) for slope in gradients.values()), default=0.0)
    if not 0 < largest < math.inf:
        return largest
    squares = (float(np.sum((slope / largest) ** 2)) for slope in gradients.values())
    return largest * math.sqrt(sum(squares))


def constant(progress: float) -> float:
    """Schedule: keep the learning rate; `progress` runs from 0 to 1 through the training."""
    return 1.0


def cosine(progress: float) -> float:
    """Schedule: lower the learning rate to zero along half a cosine wave."""
    return 0.5 * (1 + math.cos(math.pi * progress))


def _require_fit(parameters: Arrays, gradients: Arrays) -> None:
    if parameters.keys() != gradients.keys():
        raise ValueError(
            f"the parameters are {', '.join(sorted(parameters))}, "
            f"but the gradients are of {', '.join(sorted(gradients))}"
        )
    for name, values in parameters.items():
        shape = gradients[name].shape
        require_same_shape(f"the gradient of {name}", shape, name, values.shape)


def _start_at_zero(state: Arrays, parameters: Arrays) -> None:
    """Give every parameter a state of zeros at its first step."""
    for name, values in parameters.items():
        if name not in state:
            state[name] = np.zeros_like(values)
        kept = state[name].shape
        require_same_shape(f"{name} in earlier steps", kept, f"{name} in this one", values.shape)
