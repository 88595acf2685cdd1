"""Paths to the loss, drawn on a graph whose edges carry their slopes.

A path from a parameter to the loss is called a route here.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.examples import Example
from bpnet.plotting.diagram import Point, canvas, edge, node, note

Edge: TypeAlias = tuple[str, str]
Slopes: TypeAlias = Mapping[Edge, float]

MINUS = "\N{MINUS SIGN}"
WEIGHT_ROUTES = (["W", "z1", "a1", "u1", "o1", "C"], ["W", "z1", "a1", "u2", "o2", "C"])
PLACES: dict[str, Point] = {
    **{"W": (0.7, 5.0), "V": (0.7, 3.9), "b": (0.7, 2.8), "z1": (2.6, 3.9), "z2": (2.6, 1.7)},
    **{"a1": (4.2, 3.9), "a2": (4.2, 1.7), "u1": (6.0, 3.9), "u2": (6.0, 1.7)},
    **{"o1": (7.6, 3.9), "o2": (7.6, 1.7), "C": (9.2, 2.8)},
}
NAMES = {
    **{"W": "W^{(1)}_{11}", "V": "W^{(1)}_{12}", "b": "b^{(1)}_1", "C": "C"},
    **{f"{letter}{j}": f"{letter}^{{(1)}}_{j}" for letter in "za" for j in (1, 2)},
    **{f"u{k}": f"z^{{(2)}}_{k}" for k in (1, 2)},
    **{f"o{k}": f"a^{{(2)}}_{k}" for k in (1, 2)},
}
STAGES: dict[str, Point] = {
    **{"x": (0.6, 2.2), "u1": (2.8, 3.4), "u2": (2.8, 1.0)},
    **{"v1": (5.4, 3.4), "v2": (5.4, 1.0), "C": (7.6, 2.2)},
}


def product(slopes: Slopes, route: Sequence[str]) -> float:
    """Return the product of the slopes along a route."""
    return math.prod(slopes[pair] for pair in itertools.pairwise(route))


def weight_slopes(example: Example) -> dict[Edge, float]:
    """Return the slope of every edge on a path through the first neuron of a 2-2-2 network."""
    network, x, y = example
    affine, sigmoid = network.layers[:2]
    hidden, output = sigmoid.forward(affine.forward(x)), network.forward(x)
    W = network.affine_layers[1].W
    slopes: dict[Edge, float] = {("W", "z1"): x[0, 0], ("V", "z1"): x[0, 1], ("b", "z1"): 1.0}
    slopes["z1", "a1"] = hidden[0, 0] * (1 - hidden[0, 0])
    for k, yhat in enumerate(output[0]):
        slopes["a1", f"u{k + 1}"] = W[k, 0]
        slopes[f"u{k + 1}", f"o{k + 1}"] = yhat * (1 - yhat)
        slopes[f"o{k + 1}", "C"] = yhat - y[0, k]
    return {pair: float(slope) for pair, slope in slopes.items()}


def routes_of_weight(example: Example, still: bool = False) -> tuple[Figure, list[str]]:
    """Draw both paths from a weight of a 2-2-2 network to the loss, and caption each step.

    `still` draws the last step alone.
    """
    slopes = weight_slopes(example)
    products = [product(slopes, route) for route in WEIGHT_ROUTES]
    shared = sum(products) / slopes["W", "z1"]
    first, second = (_marked(route) for route in WEIGHT_ROUTES)
    figure, axes = canvas(9.9, 5.6, inches=8.0)
    for start, end in (("z2", "a2"), ("a2", "u1"), ("a2", "u2")):
        edge(axes, PLACES[start], PLACES[end], role="held")
    marks = [{}, first, second, {**first, **second}, _factored(slopes, "z1")]
    _graph(axes, PLACES, NAMES, slopes, marks, still)
    results: list[tuple[Point, str, int, str]] = [
        ((0.3, 0.75), f"product along path 1: {_written(products[0])}", 2, "path"),
        ((0.3, 0.3), f"product along path 2: {_written(products[1])}", 3, "path"),
        ((5.6, 0.75), f"sum over both paths: {_written(sum(products))}", 4, "forward"),
        ((5.6, 0.3), rf"shared factor $\delta^{{(1)}}_1$ = {_written(shared)}", 5, "delta"),
    ]
    for place, words, step, role in results:
        note(axes, *place, words, role, None if still else (step, None), align="left")
    return figure, _weight_captions(slopes, products, shared)


def routes_through_stages(slopes: Slopes, still: bool = False) -> tuple[Figure, list[str]]:
    """Draw the four paths x -> u -> v -> C one by one, then with shared endings; caption each.

    `still` draws the last step alone.
    """
    routes = [["x", u, v, "C"] for u in ("u1", "u2") for v in ("v1", "v2")]
    products = [product(slopes, route) for route in routes]
    shared = {
        "u1": sum(products[:2]) / slopes["x", "u1"],
        "u2": sum(products[2:]) / slopes["x", "u2"],
    }
    factored = _factored(slopes, "u1", "u2")
    endings = {pair: role for pair, role in factored.items() if role == "delta"}
    marks = [{}, *map(_marked, routes), endings, factored]
    figure, axes = canvas(8.2, 4.4)
    names = {name: f"{name[0]}_{name[1]}" if name[1:] else name for name in STAGES}
    _graph(axes, STAGES, names, slopes, marks, still)
    results = [("u1", 0.55, shared["u1"], 6, "delta"), ("u2", -0.55, shared["u2"], 6, "delta")]
    for name, lift, value, step, role in [*results, ("x", 0.55, sum(products), 7, "backward")]:
        x, y = STAGES[name]
        note(axes, x, y + lift, f"slope {_written(value)}", role, None if still else (step, None))
    return figure, _stage_captions(slopes, routes, products, shared)


def _marked(route: Sequence[str]) -> dict[Edge, str]:
    return dict.fromkeys(itertools.pairwise(route), "path")


def _factored(slopes: Slopes, *shared: str) -> dict[Edge, str]:
    """Mark the edges into the shared nodes as backward, and all others as the shared factor."""
    return {pair: "backward" if pair[1] in shared else "delta" for pair in slopes}


def _graph(
    axes: Axes,
    places: Mapping[str, Point],
    names: Mapping[str, str],
    slopes: Slopes,
    marks: Sequence[Mapping[Edge, str]],
    still: bool,
) -> None:
    """Draw all nodes, and every edge with its slope, in the role that each step marks it with."""
    for name, place in places.items():
        kind = {"C": "loss", "W": "parameter", "V": "parameter", "b": "parameter"}
        node(axes, *place, f"${names[name]}$", kind.get(name, "value"))
    for (start, end), slope in slopes.items():
        crossing = places[start][1] != places[end][1] and len(start) == len(end) == 2
        roles = enumerate((mark.get((start, end), "forward") for mark in marks), start=1)
        for role, run in itertools.groupby(roles, key=lambda pair: pair[1]):
            shown = [step for step, _ in run]
            to_the_end = shown[-1] == len(marks)
            if to_the_end or not still:
                steps = None if still else (shown[0], None if to_the_end else shown[-1])
                at, words = 0.3 if crossing else 0.5, _written(slope)
                edge(axes, places[start], places[end], words, role=role, at=at, steps=steps)


def _written(value: float) -> str:
    """Return a number as it is written in the drawings: at most four digits."""
    return f"{value:.4g}".replace("-", MINUS)


def _along(slopes: Slopes, route: Sequence[str]) -> str:
    return _times(slopes[pair] for pair in itertools.pairwise(route))


def _times(factors: Iterable[float]) -> str:
    return " · ".join(f"({f})" if f.startswith(MINUS) else f for f in map(_written, factors))


def _weight_captions(slopes: Slopes, products: Sequence[float], shared: float) -> list[str]:
    first, second = (
        f"{_along(slopes, route)} = {_written(value)}"
        for route, value in zip(WEIGHT_ROUTES, products, strict=True)
    )
    x1, x2 = (_written(slopes[name, "z1"]) for name in "WV")
    return [
        "Two weights and a bias enter the first hidden neuron. From its activation the paths fork "
        "to both outputs, and end at the loss. Every edge carries its slope: how many times as "
        "much the next value moves. Dotted edges lie on no path from this neuron.",
        f"Path 1 leaves the hidden neuron for the first output: {first}.",
        f"Path 2 leaves it for the second output: {second}. "
        "The first two factors are the same as before.",
        f"The loss hears of the nudge on both paths. The products add: {_written(sum(products))}.",
        "Whatever enters the hidden neuron goes on along the same paths. That shared factor, "
        f"{_written(shared)}, is computed once. One more product each gives three slopes: times "
        f"{x1} for the first weight, {x2} for the second, 1 for the bias.",
    ]


def _stage_captions(
    slopes: Slopes,
    routes: Sequence[Sequence[str]],
    products: Sequence[float],
    shared: Mapping[str, float],
) -> list[str]:
    captions = [
        "From x an edge leads to u1 and u2, from each of these to v1 and v2, and from those to C: "
        "four paths. Every edge carries its slope."
    ]
    for count, (route, value) in enumerate(zip(routes, products, strict=True), start=1):
        names, written = ", ".join(route), f"{_along(slopes, route)} = {_written(value)}"
        total = _written(sum(products[:count]))
        captions.append(f"Path {names}: {written}. Sum so far: {total}.")
    first = [_times((slopes["x", name], value)) for name, value in shared.items()]
    each = " and ".join(f"{_written(value)} from {name}" for name, value in shared.items())
    return [
        *captions,
        f"Two paths run through each u. What lies between it and C is added up once: {each}.",
        f"One product is left for each u: {' + '.join(first)} = {_written(sum(products))}. "
        "The same sum, with fewer multiplications.",
    ]
