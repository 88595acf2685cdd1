"""What depth does to slopes: sizes of the deltas, the two parts of each step back, Jacobians."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpnet.network import Network


class Parts(NamedTuple):
    """The factors by which one layer changes the length of delta, last layer left out; (L-1,)."""

    weights: np.ndarray
    slopes: np.ndarray


def delta_norms(network: Network, x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return the length |Delta^(l)| of all entries together, for the layers l = 1 to L; (L,)."""
    network.cost(x, y)
    return np.array([np.linalg.norm(delta) for delta in network.deltas()])


def weight_gradient_norms(network: Network, x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Return the length |dJ/dW^(l)| for the layers l = 1 to L; (L,)."""
    _, gradients = network.cost_and_gradients(x, y)
    weights = [name for name in gradients if name.startswith("W")]
    return np.array([np.linalg.norm(gradients[name]) for name in weights])


def parts(network: Network, x: ArrayLike, y: ArrayLike) -> Parts:
    """Return |Delta W| / |Delta| and |Delta W * sigma'| / |Delta W| of each step back.

    For a plain network, in which one activation stands between two affine layers. Their product
    over the layers is |Delta^(1)| / |Delta^(L)|. Equation: eq-two-parts.
    """
    network.cost(x, y)
    deltas = network.deltas()
    lengths = np.array([np.linalg.norm(delta) for delta in deltas])
    above = zip(deltas[1:], network.affine_layers[1:], strict=True)
    between = np.array([np.linalg.norm(delta @ layer.W) for delta, layer in above])
    return Parts(between / lengths[1:], lengths[:-1] / between)


def running_jacobians(network: Network, x: ArrayLike) -> list[np.ndarray]:
    """Return dz^(L)/dz^(l) at one sample x of shape (1, n_0), for l = 1 to L; each (n_L, n_l).

    A batch of n_L copies of the sample goes forward, the identity comes back: row i of what
    arrives is the gradient of output i. Equation: eq-running-jacobian.
    """
    outputs = network.sizes[-1]
    network.forward(network.checked_input(np.repeat(np.asarray(x), outputs, axis=0)))
    back = np.eye(outputs)
    for layer in reversed(network.layers):
        back = layer.backward(back)
    return [layer.delta for layer in network.affine_layers if layer.delta is not None]
