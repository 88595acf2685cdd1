"""Activation functions with their derivatives, one row of `ACTIVATIONS` each.

All of them act entry by entry, keep shape and float type, and accept complex numbers, so that
a complex step can differentiate them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpnet.checks import as_float

LOWEST = {
    np.dtype(kind).char: -np.log(np.finfo(kind).max).astype(kind) + 1
    for kind in (np.float16, np.float32, np.float64, np.longdouble)
}


def sigmoid(z: ArrayLike) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) entry by entry; same shape as `z`; never overflows.

    Formula: sigma(z) = 1 / (1 + e^-z), with z kept above the point where e^-z overflows.
    Equation: eq-sigmoid.
    """
    z = as_float(z)
    return 1 / (1 + np.exp(-np.maximum(z, LOWEST[z.real.dtype.char])))


def sigmoid_derivative(z: ArrayLike) -> np.ndarray:
    """Return sigma'(z) = sigma(z) (1 - sigma(z)); same shape as `z`.

    Equation: eq-sigmoid-derivative.
    """
    return sigmoid(z) * sigmoid(-as_float(z))


def tanh(z: ArrayLike) -> np.ndarray:
    """Return the hyperbolic tangent entry by entry; same shape as `z`."""
    return np.tanh(as_float(z))


def tanh_derivative(z: ArrayLike) -> np.ndarray:
    """Return tanh'(z) = 1 - tanh(z)^2; same shape as `z`."""
    return 1 - np.tanh(as_float(z)) ** 2


def relu(z: ArrayLike) -> np.ndarray:
    """Return max(0, z) entry by entry; same shape as `z`; NaN stays NaN."""
    z = as_float(z)
    return np.where(z.real <= 0, 0, z)


def relu_derivative(z: ArrayLike) -> np.ndarray:
    """Return 1 where z > 0 and 0 elsewhere; at the kink z = 0 the value 0 is a choice."""
    z = as_float(z)
    return (z.real > 0).astype(z.dtype)


class Activation(NamedTuple):
    """One row of the table: the function, its derivative, and whether it is smooth everywhere."""

    function: Callable[[ArrayLike], np.ndarray]
    derivative: Callable[[ArrayLike], np.ndarray]
    smooth: bool


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_derivative, smooth=True),
    "tanh": Activation(tanh, tanh_derivative, smooth=True),
    "relu": Activation(relu, relu_derivative, smooth=False),
}
