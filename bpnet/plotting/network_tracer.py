"""A drawing that traces every path from one parameter to the loss, step by step."""

import itertools
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from bpnet.examples import Example
from bpnet.gradcheck import numerical_gradient
from bpnet.paths import Edge, NetworkMap, Route, entries, routes, slopes
from bpnet.plotting.diagram import Span, bar, note
from bpnet.plotting.network_map import Drawing

Film = tuple[Figure, list[str]]


def tracer(chart: NetworkMap, start: str, beside: Mapping[str, float]) -> Film:
    """Draw every path from `start` to the loss, its product, and the sum beside other values."""
    found = list(routes(chart, start))
    total = sum(route.product for route in found)
    rows = len(found) + 1 + len(beside)
    drawing, ends = Drawing(chart, below=0.5 * rows + 0.4), len(found) + 2
    drawing.parameter(start)
    stack = Stack(drawing, found, 0.5 * rows)
    for place, route in enumerate(found, start=2):
        stack.add(f"path {place - 1}:  {product(route)}", route.product, (place, None))
    _light_in_turn(drawing, found)
    stack.row(f"sum of the paths:  {_plain(total)}", total, "path", (ends, None))
    for name, value in beside.items():
        stack.row(f"{name}:  {_plain(value)}", value, "backward", (ends + 1, None))
    drawing.plain(ends + 1)
    return drawing.figure, _captions(drawing, start, found, beside)


def traced(sample: Example, start: str, factored: bool = False) -> Figure:
    """Draw the end of a `PathTracer` at a parameter, for where no script runs.

    All its paths, their sum, backprop's value and the measured one; or, `factored`, the delta
    of every neuron on these paths, with the edges that they share.
    """
    network, x, y = sample
    chart = NetworkMap(network, x, y)
    if factored:
        return _merged(chart, start)
    measured = numerical_gradient(
        lambda moved: network.replace(moved).cost(x, y), network.parameters, "central"
    )
    beside = {"backprop": slopes(chart)[start], "measured": entries(measured)[start]}
    return tracer(chart, start, beside)[0]


def _merged(chart: NetworkMap, start: str) -> Figure:
    """Draw the shared endings of all paths from `start` with the delta of every neuron."""
    drawing, delta = Drawing(chart, below=0.6), slopes(chart)
    drawing.parameter(start, "backward")
    first, *shared = dict.fromkeys(one for route in routes(chart, start) for one in route.edges)
    for one in (first, *shared):
        role, at = "backward" if one is first else "delta", _share(drawing, one)
        drawing.light([one], role, lambda e: _short(e.factor), at)
    drawing.plain()
    for name in dict.fromkeys(one.start for one in shared if one.start[0] == "z"):
        x, y = drawing.point(name)
        note(drawing.axes, x, y + 0.66, rf"$\delta$ = {_short(delta[name])}", "delta")
    product = f"{_plain(delta[first.end])} · {_plain(first.factor)} = {_plain(delta[start])}"
    note(drawing.axes, 0.2, 0.4, rf"$\delta$ times the first factor:  {product}", align="left")
    return drawing.figure


def _light_in_turn(drawing: Drawing, found: Sequence[Route]) -> None:
    """Write the slope on every edge of the paths; mark one path a step, then all together."""
    for one in dict.fromkeys(one for route in found for one in route.edges):
        marked = [False, *(one in route.edges for route in found), True, True]
        at = _share(drawing, one)
        for on, run in itertools.groupby(enumerate(marked, start=1), key=lambda pair: pair[1]):
            steps = [step for step, _ in run]
            last = None if steps[-1] == len(marked) else steps[-1]
            role = "path" if on else "forward"
            drawing.light([one], role, lambda e: _short(e.factor), at, (steps[0], last))


def _share(drawing: Drawing, one: Edge) -> float:
    """Return at which share of an edge its slope stands: before such edges cross."""
    level = drawing.point(one.start)[1] == drawing.point(one.end)[1]
    return 0.5 if level or one.start[0] != "a" else 0.3


class Stack:
    """Rows under a map: words at the left, bars on one scale at the right."""

    def __init__(self, drawing: Drawing, found: Sequence[Route], height: float):
        self.axes, self.height, self.sum, sums = drawing.axes, height, 0.0, [0.0]
        for route in found:
            sums.append(sums[-1] + route.product)
        room = 0.18 * drawing.width
        self.scale = room / ((max(sums) - min(sums)) or 1.0)
        self.zero = drawing.width - 0.3 - room - self.scale * min(sums)
        bar(self.axes, (self.zero, 0.5 * height + 0.25), 0.01, height, steps=(2, None))

    def add(self, words: str, value: float, steps: Span) -> None:
        """Add a row whose bar starts where the sum of the rows above has ended."""
        self.row(words, value, "path", steps, self.sum)
        self.sum += value

    def row(self, words: str, value: float, role: str, steps: Span, start: float = 0.0) -> None:
        """Add a row whose bar goes from `start` to `start + value`."""
        note(self.axes, 0.2, self.height, words, role, steps, align="left")
        left = self.zero + self.scale * start
        bar(self.axes, (left, self.height), self.scale * value, 0.22, role, steps)
        self.height -= 0.5


def product(route: Route) -> str:
    """Return the factors of a path and their product as a line of text."""
    factors = " · ".join(f"({t})" if t[0] == "−" else t for t in map(_plain, route.factors))
    return f"{factors} = {_plain(route.product)}"


def _captions(
    drawing: Drawing, start: str, found: Sequence[Route], beside: Mapping[str, float]
) -> list[str]:
    columns = ", ".join(f"{len(names)} {drawing.spoken(c)}" for c, names in drawing.columns.items())
    captions = [
        f"The map, from left to right: {columns}. Which paths lead from {drawing.spoken(start)} "
        f"(in code {start}) to C, and what is the product along each?"
    ]
    for count, route in enumerate(found, start=1):
        nodes = ", ".join(map(drawing.spoken, route.nodes[1:]))
        captions.append(f"Path {count}: {nodes}. The factors multiply: {product(route)}.")
    total = _plain(sum(route.product for route in found))
    together = {1: "No other path", 2: "Both together"}.get(len(found), f"All {len(found)}")
    captions.append(f"{together}: the products add up to {total}.")
    others = "; ".join(f"{name} {_plain(value)}" for name, value in beside.items())
    captions.append(f"The same number, found in other ways: {others}.")
    return captions


def _plain(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
