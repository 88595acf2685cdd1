"""Slopes measured without bpnet's own checker, to judge bpnet by."""

import numpy as np


def complex_step(f, v: np.ndarray, h: float = 1e-20) -> np.ndarray:
    """Im f(v + ih) / h for every entry of v."""
    slopes = np.empty(v.shape)
    for index in np.ndindex(v.shape):
        moved = v.astype(complex)
        moved[index] += 1j * h
        slopes[index] = np.imag(f(moved)) / h
    return slopes


def central(f, v: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """(f(v + h) - f(v - h)) / 2h for every entry of v."""
    slopes = np.empty(v.shape)
    for index in np.ndindex(v.shape):
        step = np.zeros(v.shape)
        step[index] = h
        slopes[index] = (f(v + step) - f(v - step)) / (2 * h)
    return slopes


BARS = [(complex_step, 1e-13), (central, 1e-8)]


def relative_error(given, measured) -> float:
    """|given - measured| / (|given| + |measured|) of whole gradients; 0 if both vanish."""
    given, measured = flat(given), flat(measured)
    total = np.linalg.norm(given) + np.linalg.norm(measured)
    return float(np.linalg.norm(given - measured) / total) if total else 0.0


def flat(gradient) -> np.ndarray:
    """One vector of an array or of arrays by name."""
    parts = gradient.values() if isinstance(gradient, dict) else [gradient]
    return np.concatenate([np.ravel(part) for part in parts]).astype(float)
