"""Update rules: each moves the parameters in place, given their gradients."""

import math

import numpy as np

from bpnet.checks import require_fraction, require_positive, require_same_shape

Arrays = dict[str, np.ndarray]


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
