"""Losses of one sample with their derivatives, one row of `LOSSES` each.

The last axis holds the components of a sample, so a batch of shape (m, n) gives m losses. The
mean over a batch, J = (1/m) sum_n C_n, is taken in one place only: `bpnet.loss_layers`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpnet.activations import sigmoid
from bpnet.checks import as_float, require_count, require_fraction, require_probabilities


def quadratic(yhat: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return C = 1/2 sum_j (yhat_j - y_j)^2; (..., n) -> (...). Equation: eq-quadratic."""
    return 0.5 * np.sum((as_float(yhat) - y) ** 2, axis=-1)


def quadratic_gradient(yhat: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return dC/dyhat = yhat - y, of the shape of `yhat`. Equation: eq-quadratic-gradient."""
    return as_float(yhat) - y


def binary_cross_entropy(yhat: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return C = -sum_j [y_j log yhat_j + (1 - y_j) log(1 - yhat_j)]; (..., n) -> (...).

    `yhat` holds probabilities; 0 log 0 counts as 0, and a certain wrong answer costs infinity.
    Raises ValueError if a probability is outside [0, 1]. Equation: eq-binary-cross-entropy.
    """
    yhat, y = require_probabilities("yhat", as_float(yhat)), np.asarray(y)
    return -np.sum(_times_log(y, yhat) + _times_log(1 - y, 1 - yhat), axis=-1)


def binary_cross_entropy_gradient(yhat: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return dC/dyhat = (1 - y) / (1 - yhat) - y / yhat, of the shape of `yhat`.

    Raises ValueError if a probability is outside [0, 1].
    Equation: eq-binary-cross-entropy-gradient.
    """
    yhat, y = require_probabilities("yhat", as_float(yhat)), np.asarray(y)
    return _divide(1 - y, 1 - yhat) - _divide(y, yhat)


def sigmoid_cross_entropy(z: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return binary cross-entropy of yhat = sigma(z), computed from z; (..., n) -> (...).

    Formula: C = sum_j [log(1 + e^z_j) - y_j z_j], with no power of e above 1.
    Equation: eq-sigmoid-cross-entropy.
    """
    z = as_float(z)
    positive = z.real > 0
    linear = np.where(positive, z, 0) - y * z
    return np.sum(linear + np.log1p(np.exp(np.where(positive, -z, z))), axis=-1)


def sigmoid_cross_entropy_gradient(z: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return dC/dz = sigma(z) - y, of the shape of `z`. Equation: eq-delta-cross-entropy."""
    return sigmoid(z) - y


def softmax(z: ArrayLike) -> np.ndarray:
    """Return e^z_j / sum_k e^z_k along the last axis; same shape; never overflows.

    Equation: eq-softmax.
    """
    z = as_float(z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z: ArrayLike) -> np.ndarray:
    """Return z_j - log sum_k e^z_k along the last axis; same shape; never overflows.

    Equation: eq-log-softmax.
    """
    z = as_float(z)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def softmax_cross_entropy(z: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return C = -sum_j y_j log softmax(z)_j; (..., n) -> (...); soft targets are welcome.

    Equation: eq-cross-entropy.
    """
    return -np.sum(np.asarray(y) * log_softmax(z), axis=-1)


def softmax_cross_entropy_gradient(z: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return dC/dz = softmax(z) (sum_j y_j) - y, of the shape of `z`; the sum is 1 for a target.

    Equation: eq-softmax-delta.
    """
    y = np.asarray(y)
    return softmax(z) * y.sum(axis=-1, keepdims=True) - y


class Loss(NamedTuple):
    """One row of the table: the loss of one sample and its derivative in the first argument."""

    function: Callable[[ArrayLike, ArrayLike], np.ndarray]
    gradient: Callable[[ArrayLike, ArrayLike], np.ndarray]


LOSSES = {
    "quadratic": Loss(quadratic, quadratic_gradient),
    "binary cross-entropy": Loss(binary_cross_entropy, binary_cross_entropy_gradient),
    "sigmoid with cross-entropy": Loss(sigmoid_cross_entropy, sigmoid_cross_entropy_gradient),
    "softmax with cross-entropy": Loss(softmax_cross_entropy, softmax_cross_entropy_gradient),
}


def one_hot(labels: ArrayLike, classes: int, dtype: type = float) -> np.ndarray:
    """Return one row a label with a 1 at the label's place; (m,) -> (m, classes).

    Raises ValueError if a label is fractional or outside 0 .. classes - 1.
    """
    require_count("classes", classes)
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"labels have shape {labels.shape}, expected (m,): one label a sample")
    numeric = labels.dtype.kind in "iuf"
    if not numeric or not np.all(labels == np.floor(labels)):
        raise ValueError(f"labels must be whole numbers, got {_first_bad(labels, numeric)!r}")
    outside = (labels < 0) | (labels >= classes)
    if outside.any():
        raise ValueError(
            f"labels must be in 0 .. {classes - 1}, got {labels[outside][0].item()} "
            f"at position {int(np.argmax(outside))}"
        )
    rows: np.ndarray = np.zeros((labels.size, classes), dtype)
    rows[np.arange(labels.size), labels.astype(int)] = 1
    return rows


def smoothed(y: ArrayLike, epsilon: float) -> np.ndarray:
    """Return (1 - epsilon) y + epsilon / n along the last axis: targets that are never certain.

    Raises ValueError unless 0 <= epsilon < 1. Equation: eq-label-smoothing.
    """
    y, epsilon = as_float(y), require_fraction("epsilon", epsilon)
    return (1 - epsilon) * y + epsilon / y.shape[-1]


def _first_bad(labels: np.ndarray, numeric: bool) -> object:
    bad = labels[labels != np.floor(labels)] if numeric else labels
    return bad.tolist()[0]


def _times_log(weight: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return weight * log p, with 0 log 0 = 0."""
    with np.errstate(divide="ignore"):
        return np.where(weight == 0, 0, weight * np.log(np.where(weight == 0, 1, p)))


def _divide(weight: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Return weight / p, with 0 / 0 = 0."""
    with np.errstate(divide="ignore"):
        return np.where(weight == 0, 0, weight / np.where(weight == 0, 1, p))
