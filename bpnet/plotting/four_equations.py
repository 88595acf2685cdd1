"""Figures of the chapter on the four equations: the network of widths 2, 3, 2, 2."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.layers import Affine
from bpnet.network import Network
from bpnet.plotting.diagram import Point, Span, canvas, edge, node, note

COLUMNS = (0.7, 2.5, 4.3, 6.1)
LOSS: Point = (7.5, 2.65)


def drawn_network() -> Figure:
    """Draw the network of widths 2, 3, 2, 2 with the names of its neurons, matrices and layers."""
    figure, axes = canvas(6.8, 5.6, inches=6.0)
    _edges(axes)
    for layer, places in enumerate(_places()):
        for j, (x, y) in enumerate(places, start=1):
            name = f"x_{j}" if layer == 0 else rf"\hat y_{j}" if layer == 3 else f"a_{j}^{{({layer})}}"
            node(axes, x, y, f"${name}$")
        words = ("input", "hidden", "hidden", "output")[layer]
        note(axes, places[0][0], 0.3, f"layer {layer}\n{words}", role="held")
    for layer, (left, right) in enumerate(pairwise(COLUMNS), start=1):
        name = rf"$W^{{({layer})}},\ b^{{({layer})}}$"
        note(axes, (left + right) / 2, 5.2, f"{name}\n{('3 × 2', '2 × 3', '2 × 2')[layer - 1]}")
    edge(axes, _places()[1][2], _places()[2][0], role="path")
    note(axes, 2.86, 1.86, r"$W^{(2)}_{13}$", role="path")
    return figure


def one_entry() -> Figure:
    """Draw what one weight and one weighted input act on: one neuron; all neurons that follow."""
    figure, axes = canvas(8.0, 3.7, inches=6.8)
    start, end, bias = (0.7, 2.3), (2.7, 1.7), (1.5, 0.5)
    node(axes, *start, r"$a_k$")
    node(axes, *end, r"$z_j$", role="delta")
    node(axes, *bias, r"$b_j$", kind="parameter")
    edge(axes, start, end, above=r"$W_{jk}$", role="path")
    edge(axes, bias, end)
    note(axes, 1.7, 3.35, "A weight moves\none neuron.")
    z, a = (4.2, 1.7), (5.4, 1.7)
    node(axes, *z, r"$z_j$", role="delta")
    node(axes, *a, r"$a_j$")
    edge(axes, z, a, above=r"$\sigma'$", role="backward")
    for height, name in ((2.6, "1"), (1.7, "i"), (0.8, "n")):
        node(axes, 7.4, height, rf"$z_{name}$", role="delta")
        edge(axes, a, (7.4, height), above=rf"$W_{{{name}j}}$", role="backward", at=0.6)
    note(axes, 5.9, 3.35, "A weighted input moves\nevery neuron of the next layer.")
    return figure


def four_routes() -> Figure:
    """Draw the four routes from one weight of the first layer to the loss."""
    figure, axes = canvas(8.2, 4.9, inches=6.8)
    places = _places()
    _edges(axes, role="held")
    for j, i in product(range(2), range(2)):
        edge(axes, places[2][i], places[3][j], role="path")
    for i in range(2):
        edge(axes, places[1][2], places[2][i], role="path")
        edge(axes, places[3][i], LOSS, role="path")
    edge(axes, places[0][0], places[1][2], role="path")
    note(axes, 1.0, 2.65, r"$W^{(1)}_{31}$", role="path")
    for layer, column in enumerate(places):
        for j, (x, y) in enumerate(column, start=1):
            marked = (layer, j) in {(0, 1), (1, 3)} or layer > 1
            name = f"x_{j}" if layer == 0 else f"{j}"
            node(axes, x, y, f"${name}$", role="forward" if marked else "held")
    node(axes, *places[1][2], "$3$", role="delta")
    note(axes, 2.5, 0.36, r"$\delta^{(1)}_3$: all that follows", role="delta")
    node(axes, *LOSS, "$C$", kind="loss")
    return figure


def delta_travels(net: Network, x: np.ndarray, y: np.ndarray) -> tuple[Figure, list[str]]:
    """Return a drawing and its captions: delta goes back layer by layer through one sample.

    `net` has the widths 2, 3, 2, 2; `x` and `y` hold one row.
    """
    cost, values, deltas = net.cost(x, y), _activations(net, x), net.deltas()
    figure, axes = canvas(8.2, 4.9, inches=6.8)
    places = _places()
    _edges(axes)
    for column, row in zip(places, values, strict=True):
        for place, value in zip(column, row, strict=True):
            node(axes, *place, f"{value:.2f}")
    for place in places[3]:
        edge(axes, place, LOSS)
    node(axes, *LOSS, f"{cost:.2f}", kind="loss")
    _arrows_back(axes, [LOSS], places[3], (2, 2))
    _write_deltas(axes, places[3], deltas[2], (2, None))
    _arrows_back(axes, places[3], places[2][:1], (3, 3))
    _write_deltas(axes, places[2][:1], deltas[1], (3, None))
    _arrows_back(axes, places[3], places[2][1:], (4, 4))
    _write_deltas(axes, places[2][1:], deltas[1][:, 1:], (4, None))
    _arrows_back(axes, places[2], places[1], (5, 5))
    _write_deltas(axes, places[1], deltas[0], (5, None))
    edge(axes, places[0][0], places[1][2], role="path", steps=(6, None))
    slope = deltas[0][0, 2] * values[0][0]
    note(axes, 0.85, 2.65, f"slope {slope:+.4f}", role="path", steps=(6, None))
    return figure, _captions(net, cost, values, deltas)


def _captions(
    net: Network, cost: float, values: Sequence[np.ndarray], deltas: Sequence[np.ndarray]
) -> list[str]:
    first, second, third = (delta[0] for delta in deltas)
    W3, slope = net.parameters["W3"], first[2] * values[0][0]
    sums = [
        f"{W3[0, i]:g}·({third[0]:.4f}) + {W3[1, i]:g}·({third[1]:.4f}) "
        f"= {W3[:, i] @ third:.4f}, times σ' = {values[2][i] * (1 - values[2][i]):.4f}, "
        f"is δ = {second[i]:.4f}"
        for i in range(2)
    ]
    return [
        f"Forward: every neuron shows its activation. The loss is {cost:.4f}.",
        "The loss tells each output how much it matters: (prediction − target) times σ'. "
        f"These are the first two errors, δ = {third[0]:.4f} and {third[1]:.4f}.",
        f"The first neuron of layer 2 feeds both outputs. It collects both errors: {sums[0]}.",
        f"The second neuron of layer 2 does the same with its own two weights: {sums[1]}.",
        "Layer 1 collects from layer 2 in the same way. Nothing of layer 3 is needed any more: "
        f"δ = {first[0]:.4f}, {first[1]:.4f}, {first[2]:.4f}.",
        f"A weight's slope is the δ it leads to times the activation it comes from: "
        f"{first[2]:.4f} · {values[0][0]:g} = {slope:.4f}.",
        "Seven errors, and every one of the 23 slopes is such a product, or an error itself.",
    ]


def _activations(net: Network, x: np.ndarray) -> list[np.ndarray]:
    """Return the activations of layers 0 to L of the only sample."""
    found, a = [x[0]], x
    for layer in net.layers:
        a = layer.forward(a)
        if not isinstance(layer, Affine):
            found.append(a[0])
    return found


def _places() -> list[list[Point]]:
    rows = {2: (3.75, 1.55), 3: (4.3, 2.65, 1.0)}
    return [[(x, y) for y in rows[n]] for x, n in zip(COLUMNS, (2, 3, 2, 2), strict=True)]


def _edges(axes: Axes, role: str = "forward") -> None:
    for left, right in pairwise(_places()):
        for start, end in product(left, right):
            edge(axes, start, end, role=role)


def _arrows_back(
    axes: Axes, sources: Sequence[Point], targets: Sequence[Point], steps: Span
) -> None:
    for start, end in product(sources, targets):
        edge(axes, start, end, role="delta", bend=0.12, steps=steps)


def _write_deltas(axes: Axes, places: Sequence[Point], delta: np.ndarray, steps: Span) -> None:
    for (x, y), value in zip(places, delta[0], strict=False):
        note(axes, x, y - 0.5, f"δ {value:+.4f}", role="delta", steps=steps)
