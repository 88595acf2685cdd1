"""The book's small networks, with numbers short enough to follow by hand."""

from typing import NamedTuple

import numpy as np

from bpnet.layers import Affine, Sigmoid
from bpnet.loss_layers import QuadraticLoss
from bpnet.network import Network

Table = list[list[float]]


class Example(NamedTuple):
    """A network of sigmoid layers with quadratic loss, and one sample: x (1, n_0), y (1, n_L)."""

    network: Network
    x: np.ndarray
    y: np.ndarray


# For each layer W, of shape (n_out, n_in), and b.
WEIGHTS: dict[str, list[tuple[Table, list[float]]]] = {
    "2-2-2": [
        ([[0.5, -1.0], [1.5, 0.8]], [0.2, -0.3]),
        ([[1.2, -0.7], [-0.4, 0.9]], [0.1, -0.6]),
    ],
    "2-3-2-2": [
        ([[0.5, -1.0], [1.5, 0.8], [-0.9, 0.4]], [0.2, -0.3, 0.6]),
        ([[1.2, -0.7, 0.3], [-0.4, 0.9, 1.6]], [0.1, -0.6]),
        ([[0.7, -1.3], [1.1, 0.4]], [-0.2, 0.5]),
    ],
    "2-3-3-2": [
        ([[0.5, -1.0], [1.5, 0.8], [-0.9, 0.4]], [0.2, -0.3, 0.6]),
        ([[1.2, -0.7, 0.3], [-0.4, 0.9, 1.6], [0.8, -1.1, 0.6]], [0.1, -0.6, 0.4]),
        ([[0.7, -1.3, 0.9], [1.1, 0.4, -0.8]], [-0.2, 0.5]),
    ],
}
X, Y = [[0.6, -0.4]], [[1.0, 0.0]]


def example(name: str) -> Example:
    """Return a new copy of the example "2-2-2", "2-3-2-2" or "2-3-3-2" (the layers' widths).

    Raises ValueError for another name.
    """
    if name not in WEIGHTS:
        raise ValueError(f"there is no example {name!r}, expected one of {', '.join(WEIGHTS)}")
    layers = [layer for W, b in WEIGHTS[name] for layer in (Affine(W, b), Sigmoid())]
    return Example(Network(layers, QuadraticLoss()), np.array(X), np.array(Y))
