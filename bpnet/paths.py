"""The map of a network at one sample: a node for every number, and the routes to the loss.

The nodes are called as in a gradient check: W1[0, 1], b1[0], z1[0], a1[0], the inputs x[0], the
terms of the loss e[0] and the loss C. Every edge carries a local partial as its factor.
"""

import copy
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpnet.layers import Affine
from bpnet.loss_layers import Loss, SoftmaxWithLoss
from bpnet.losses import log_softmax, softmax
from bpnet.network import Network


class Edge(NamedTuple):
    """An arrow of the map; its factor is d(end)/d(start), all else that enters `end` held fixed."""

    start: str
    end: str
    factor: float


class Route(NamedTuple):
    """Edges that follow each other, the last of them into the loss."""

    edges: tuple[Edge, ...]

    @property
    def nodes(self) -> list[str]:
        """The names of the nodes, from the start to the loss."""
        return [self.edges[0].start, *(edge.end for edge in self.edges)]

    @property
    def factors(self) -> list[float]:
        """The factor of each edge, in the order of the edges."""
        return [edge.factor for edge in self.edges]

    @property
    def product(self) -> float:
        """All factors multiplied: what this route contributes to dC/d(start)."""
        return math.prod(self.factors)


class NetworkMap:
    """The map of `network` at one sample, x of shape (1, n_0) and y as its loss takes it.

    `values` holds the number at each node, inputs first and the loss last; `leaving` the edges
    that leave each node. Raises ValueError for more than one sample, or as `Network.cost` does.
    """

    def __init__(self, network: Network, x: ArrayLike, y: ArrayLike):
        network = network.replace(network.parameters)
        cost = network.cost(x, y)
        a = network.checked_input(x)
        if len(a) != 1:
            raise ValueError(f"x has shape {a.shape}, expected (1, n_0): a map shows one sample")
        self.values: dict[str, float] = {}
        self.leaving: dict[str, list[Edge]] = {}
        here, number = self._nodes({"x": a[0]}), 0
        for layer in network.layers:
            below, a = a, layer.forward(a)
            if isinstance(layer, Affine):
                number += 1
                here = self._affine(layer, number, here, below[0], a[0])
            else:
                start, here = here, self._nodes({f"a{number}": a[0]})
                self._connect(start, here, layer.backward(np.ones_like(a))[0])
        terms, slopes = _terms(network.loss, a, np.asarray(y))
        e = self._nodes({"e": terms})
        self._connect(here, e, slopes)
        self._connect(e, self._nodes({"C": np.array(cost)}), np.ones((1, len(e))))

    @property
    def edges(self) -> list[Edge]:
        """All edges, from the inputs and parameters to the loss."""
        return list(itertools.chain(*self.leaving.values()))

    def _affine(
        self, layer: Affine, number: int, here: list[str], a: np.ndarray, z: np.ndarray
    ) -> list[str]:
        """Add W, b and z = W a + b; the factors are a, 1 and W. Equation: eq-map-local."""
        W = self._nodes({f"W{number}": layer.W})
        b = self._nodes({f"b{number}": layer.b})
        sums = self._nodes({f"z{number}": z})
        for row, end in zip(np.reshape(W, layer.W.shape).tolist(), sums, strict=True):
            self._connect(row, [end], a[None, :])
        self._connect(b, sums, np.ones(len(b)))
        self._connect(here, sums, layer.W)
        return sums

    def _nodes(self, arrays: Mapping[str, np.ndarray]) -> list[str]:
        """Add a node for every entry and return their names."""
        added = entries(arrays)
        if known := added.keys() & self.values.keys():
            raise ValueError(f"two layers in a row would both be {min(known)} on the map")
        self.values |= added
        self.leaving |= {name: [] for name in added}
        return list(added)

    def _connect(self, starts: Sequence[str], ends: Sequence[str], factors: np.ndarray) -> None:
        """Join start j to end j by factors[j], or every start k to every end j by factors[j, k]."""
        triples: Iterable[tuple[str, str, float]]
        if factors.ndim == 1:
            triples = zip(starts, ends, factors, strict=True)
        else:
            triples = ((starts[k], ends[j], factor) for (j, k), factor in np.ndenumerate(factors))
        for start, end, factor in triples:
            self.leaving[start].append(Edge(start, end, float(factor)))


def entries(arrays: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return every entry by its name: {"W1": [[2.0, 3.0]]} gives {"W1[0, 0]": 2.0, ...}."""
    return {
        f"{name}{list(index)}" if index else name: float(values[index])
        for name, values in arrays.items()
        for index in np.ndindex(values.shape)
    }


def routes(chart: NetworkMap, start: str) -> Iterator[Route]:
    """Yield every route from the node `start` to the loss, depth first.

    Raises ValueError if the map has no such node.
    """
    if start not in chart.values:
        raise ValueError(f"there is no node {start!r} on this map, only W1[0, 0] and the like")
    waiting: list[tuple[str, tuple[Edge, ...]]] = [(start, ())]
    while waiting:
        node, way = waiting.pop()
        if node == "C":
            yield Route(way)
        waiting += [(edge.end, (*way, edge)) for edge in reversed(chart.leaving[node])]


def slopes(chart: NetworkMap) -> dict[str, float]:
    """Return dC/d(node) for every node: one sweep back that uses each edge once.

    Equation: eq-map-sweep.
    """
    found = {"C": 1.0}
    for node in reversed(chart.values):
        if node != "C":
            found[node] = sum(edge.factor * found[edge.end] for edge in chart.leaving[node])
    return found


def count_routes(sizes: Sequence[int], layer: int) -> int:
    """Return how many routes lead from a weight of `layer` to the loss.

    All widths above the layer are multiplied: n_(layer + 1) ... n_L.
    Equation: eq-map-count. Raises ValueError for a layer that is not between 1 and L.
    """
    if not 1 <= layer < len(sizes):
        raise ValueError(f"layer must be in 1 .. {len(sizes) - 1}, got {layer}")
    return math.prod(sizes[layer + 1 :])


def count_edges(sizes: Sequence[int]) -> int:
    """Return how many edges lie on the routes of all parameters: backprop uses each once.

    Equation: eq-map-edges.
    """
    pairs = list(itertools.pairwise(sizes))
    between = sum(n_in * n_out for n_in, n_out in pairs[1:])
    return sum((n_in + 2) * n_out for n_in, n_out in pairs) + between + 2 * sizes[-1]


def count_factors(sizes: Sequence[int]) -> int:
    """Return how many factors stand on all routes of all parameters, one by one.

    Equation: eq-map-factors.
    """
    last = len(sizes) - 1
    return sum(
        (sizes[layer - 1] + 1)
        * sizes[layer]
        * count_routes(sizes, layer)
        * (2 * (last - layer) + 4)
        for layer in range(1, last + 1)
    )


def _terms(loss: Loss, inputs: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the terms e of the loss, C = sum_j e_j, and their slopes in its inputs.

    The slopes have shape (n_L,) where each input enters a term of its own, and (n_L, n_L) for
    softmax, where every input enters every term.
    """
    if isinstance(loss, SoftmaxWithLoss):
        target, yhat = loss.encode(y, inputs)[0], softmax(inputs[0])
        return -target * log_softmax(inputs[0]), target[:, None] * (yhat - np.eye(len(yhat)))
    single = copy.copy(loss)  # sees every output as a sample of its own
    single.forward(inputs.T, y.T)
    return single.losses(inputs.T), single.backward(len(y.T))[:, 0]
