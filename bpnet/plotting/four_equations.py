"""Figures of the chapter on the four equations: the network of widths 2, 3, 2, 2."""

from collections.abc import Collection, Sequence
from itertools import pairwise, product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.layers import Affine
from bpnet.network import Network
from bpnet.plotting.diagram import Point, Span, canvas, edge, node, note

WIDTHS, COLUMNS = (2, 3, 2, 2), (0.7, 2.5, 4.3, 6.1)
HEIGHTS = {2: (3.75, 1.55), 3: (4.3, 2.65, 1.0)}
LOSS: Point = (7.5, 2.65)
NAMES = ("x_j", "a^{(1)}_j", "a^{(2)}_j", r"\hat y_j")
KINDS = ("input", "hidden", "hidden", "output")


def drawn_network() -> Figure:
    """Draw the network of widths 2, 3, 2, 2 with the names of its neurons, matrices and layers."""
    figure, axes = canvas(6.8, 5.6, inches=6.0)
    places = _places()
    _edges(axes, but=[(places[1][2], places[2][0])])
    for layer, column in enumerate(places):
        for j, (x, y) in enumerate(column, start=1):
            node(axes, x, y, f"${NAMES[layer]}$".replace("j", str(j)))
        note(axes, column[0][0], 0.3, f"layer {layer}\n{KINDS[layer]}", role="held")
    for layer, (left, right) in enumerate(pairwise(COLUMNS), start=1):
        shape = f"{WIDTHS[layer]} × {WIDTHS[layer - 1]}"
        name = rf"$W^{{({layer})}},\ b^{{({layer})}}$"
        note(axes, (left + right) / 2, 5.2, f"{name}\n{shape}")
    edge(axes, places[1][2], places[2][0], role="path")
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


def four_paths() -> Figure:
    """Draw the four paths from one weight of the first layer to the loss."""
    figure, axes = canvas(8.2, 4.9, inches=6.8)
    places = _places()
    neuron = places[1][2]
    marked = [(places[0][0], neuron), *((neuron, end) for end in places[2])]
    marked += [*product(places[2], places[3]), *((start, LOSS) for start in places[3])]
    _edges(axes, "held", marked)
    for start, end in marked:
        edge(axes, start, end, role="path")
    note(axes, 1.0, 2.65, r"$W^{(1)}_{31}$", role="path")
    for layer, column in enumerate(places):
        for j, (x, y) in enumerate(column, start=1):
            on_a_path = (layer, j) == (0, 1) or layer > 1
            name = f"x_{j}" if layer == 0 else f"{j}"
            role = "delta" if (layer, j) == (1, 3) else "forward" if on_a_path else "held"
            node(axes, x, y, f"${name}$", role=role)
    note(axes, 2.5, 0.36, r"$\delta^{(1)}_3$: all that follows", role="delta")
    node(axes, *LOSS, "$C$", kind="loss")
    return figure


def delta_travels(net: Network, x: np.ndarray, y: np.ndarray) -> tuple[Figure, list[str]]:
    """Return a drawing and its captions: delta goes back layer by layer through one sample.

    `net` has the widths 2, 3, 2, 2; `x` and `y` hold one row.
    """
    cost, values, deltas = net.cost(x, y), _activations(net, x), net.deltas()
    figure, axes = canvas(8.2, 5.2, inches=6.8)
    places, W2, W3 = _places(), net.parameters["W2"], net.parameters["W3"]
    weight = places[0][0], places[1][2]
    _edges(axes, but=[weight])
    edge(axes, *weight, steps=(1, 5))
    for layer, column in enumerate(places):
        note(axes, column[0][0], 4.95, f"layer {layer}", role="held")
    for column, row in zip(places, values, strict=True):
        for place, value in zip(column, row, strict=True):
            node(axes, *place, _plain(value, form=".2f"))
    for place in places[3]:
        edge(axes, place, LOSS)
    node(axes, *LOSS, f"{cost:.2f}", kind="loss")
    for place in places[3]:
        edge(axes, LOSS, place, role="delta", bend=0.12, steps=(2, 2))
    _write_deltas(axes, places[3], deltas[2], (2, None))
    _arrows_back(axes, places[3], places[2][:1], W3[:, :1], (3, 3))
    _write_deltas(axes, places[2][:1], deltas[1], (3, None))
    _arrows_back(axes, places[3], places[2][1:], W3[:, 1:], (4, 4))
    _write_deltas(axes, places[2][1:], deltas[1][:, 1:], (4, None))
    _arrows_back(axes, places[2], places[1], W2, (5, 5))
    _write_deltas(axes, places[1], deltas[0], (5, None))
    edge(axes, *weight, role="path", steps=(6, None))
    slope = deltas[0][0, 2] * values[0][0]
    note(axes, 0.85, 2.65, f"slope {_plain(slope, '+')}", role="path", steps=(6, None))
    return figure, _captions(net, cost, values, deltas)


def _captions(
    net: Network, cost: float, values: Sequence[np.ndarray], deltas: Sequence[np.ndarray]
) -> list[str]:
    first, second, third = (delta[0] for delta in deltas)
    W2, W3 = net.parameters["W2"], net.parameters["W3"]
    slope, plain = first[2] * values[0][0], _plain
    return [
        f"Forward: every neuron shows its activation. The loss is {plain(cost)}.",
        "The loss tells each output how much it matters: (prediction − target) times σ'. "
        f"These are the first two errors, δ = {plain(third[0])} and {plain(third[1])}.",
        "The first neuron of layer 2 feeds both outputs, over the weights on the arrows. It "
        f"collects both errors: {_collected(W3[:, 0], third, values[2][0])}.",
        "The second neuron of layer 2 does the same with its own two weights: "
        f"{_collected(W3[:, 1], third, values[2][1])}.",
        "Layer 1 collects from layer 2 in the same way. Nothing of layer 3 is needed any more. "
        f"The first neuron: {_collected(W2[:, 0], second, values[1][0])}. "
        f"The others: δ = {plain(first[1])} and {plain(first[2])}.",
        "A weight's slope is the δ it leads to times the activation it comes from: "
        f"{plain(first[2])} · {values[0][0]:g} = {plain(slope)}.",
        "All is written down: two errors at the outputs, two in layer 2, three in layer 1. Every "
        "one of the 23 slopes is an error times an activation, or an error itself.",
    ]


def _collected(weights: np.ndarray, deltas: np.ndarray, a: float) -> str:
    """Write out how a sigmoid neuron collects errors: a sum of products, times its slope."""
    terms = (f"{_factor(w, 'g')}·{_factor(d, '.4f')}" for w, d in zip(weights, deltas, strict=True))
    total, slope = weights @ deltas, a * (1 - a)
    return (
        f"{' + '.join(terms)} = {_plain(total)}, times σ' = {_plain(slope)}, "
        f"is δ = {_plain(total * slope)}"
    )


def _plain(value: float, sign: str = "", form: str = ".4f") -> str:
    return f"{value:{sign}{form}}".replace("-", "−")


def _factor(value: float, form: str) -> str:
    return f"({_plain(value, form=form)})" if value < 0 else _plain(value, form=form)


def _activations(net: Network, x: np.ndarray) -> list[np.ndarray]:
    """Return the activations of layers 0 to L of the only sample."""
    found, a = [x[0]], x
    for layer in net.layers:
        a = layer.forward(a)
        if not isinstance(layer, Affine):
            found.append(a[0])
    return found


def _places() -> list[list[Point]]:
    return [[(x, y) for y in HEIGHTS[n]] for x, n in zip(COLUMNS, WIDTHS, strict=True)]


def _edges(axes: Axes, role: str = "forward", but: Collection[tuple[Point, Point]] = ()) -> None:
    for left, right in pairwise(_places()):
        for start, end in product(left, right):
            if (start, end) not in but:
                edge(axes, start, end, role=role)


def _arrows_back(
    axes: Axes, sources: Sequence[Point], targets: Sequence[Point], W: np.ndarray, steps: Span
) -> None:
    """Draw arrows against the edges, each with its weight W[source, target]."""
    for (i, start), (j, end) in product(enumerate(sources), enumerate(targets)):
        words, bend = _plain(W[i, j], form="g"), 0.12
        edge(axes, start, end, words, role="delta", bend=bend, at=0.35, steps=steps)


def _write_deltas(axes: Axes, places: Sequence[Point], delta: np.ndarray, steps: Span) -> None:
    for (x, y), value in zip(places, delta[0], strict=False):
        note(axes, x, y - 0.5, f"δ {_plain(value, '+')}", role="delta", steps=steps)
