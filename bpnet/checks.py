"""Checks of what comes in: each raises one sentence that names what came and what was expected."""

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

Kept = TypeVar("Kept")


def as_float(values: ArrayLike) -> np.ndarray:
    """Return `values` as an array of real or complex floats (integers become float64)."""
    values = np.asarray(values)
    return values if values.dtype.kind in "fc" else values.astype(float)


def require_finite(name: str, values: np.ndarray) -> None:
    """Raise ValueError, naming the first such entry, if `values` holds NaN or infinity.

    Raises TypeError if it does not hold numbers.
    """
    if values.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers, got an array of type {values.dtype}")
    bad = ~np.isfinite(values)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must be finite, but {int(bad.sum())} of its {bad.size} entries are not: "
            f"{name}{list(index)} is {values[index]}"
        )


def require_same_shape(name: str, shape: tuple, other: str, expected: tuple) -> None:
    """Raise ValueError, naming both shapes, unless `shape` equals `expected`."""
    if tuple(shape) != tuple(expected):
        raise ValueError(
            f"{name} has shape {tuple(shape)}, but {other} has shape {tuple(expected)}; "
            "the two must be equal"
        )


def require_rows(name: str, values: np.ndarray, width: int | None = None) -> None:
    """Raise ValueError unless `values` is a non-empty batch (m, width), one sample a row.

    Without a `width` any number of columns will do.
    """
    if width is None:
        width = values.shape[-1] if values.ndim else 1
    if values.ndim != 2 or values.shape[1] != width:
        hint = "; for a single sample pass x[None, :]" if values.shape == (width,) else ""
        raise ValueError(
            f"{name} has shape {values.shape}, expected (m, {width}): one sample a row{hint}"
        )
    if values.shape[0] == 0:
        raise ValueError(f"{name} has shape {values.shape}: an empty batch has no mean cost")


def require_forward(layer: object, kept: Kept | None) -> Kept:
    """Return what the forward pass of `layer` has kept; raise RuntimeError if there was none."""
    if kept is None:
        raise RuntimeError(f"{type(layer).__name__}.backward needs a forward pass first")
    return kept


def require_probabilities(name: str, values: np.ndarray) -> np.ndarray:
    """Return `values`; raise ValueError unless every entry (its real part) lies in [0, 1]."""
    inside = (values.real >= 0) & (values.real <= 1)
    if not inside.all():
        raise ValueError(f"{name} must hold probabilities in [0, 1], got {values[~inside][0]}")
    return values


def require_positive(name: str, value: Any) -> float:
    """Return `value` as a float; raise unless it is a positive, finite number."""
    number = _number(name, value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"{name} must be positive and finite, got {value!r}")
    return number


def require_fraction(name: str, value: Any) -> float:
    """Return `value` as a float; raise unless it is a number with 0 <= value < 1."""
    number = _number(name, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, got {value!r}")
    return number


def require_count(name: str, value: Any) -> int:
    """Return `value` as an int; raise unless it is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value!r}")
    return int(value)


def require_generator(rng: Any) -> "np.random.Generator":
    """Return `rng`; raise TypeError unless it is a numpy.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator such as numpy.random.default_rng(0), "
            f"got {type(rng).__name__}"
        )
    return rng


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, got {value!r}")
    return float(value)
