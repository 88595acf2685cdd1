"""A drawing that traces every route from one parameter to the loss, step by step."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from bpnet.paths import NetworkMap, Route, routes
from bpnet.plotting.diagram import Span, bar, note
from bpnet.plotting.network_map import Drawing, spoken

Film = tuple[Figure, list[str]]


def tracer(chart: NetworkMap, start: str, beside: Mapping[str, float]) -> Film:
    """Draw every route from `start` to the loss, its product, and the sum beside other values."""
    found = list(routes(chart, start))
    total = sum(route.product for route in found)
    rows = len(found) + 1 + len(beside)
    drawing, ends = Drawing(chart, below=0.5 * rows + 0.4), len(found) + 2
    drawing.parameter(start)
    stack = Stack(drawing, found, 0.5 * rows)
    for place, route in enumerate(found, start=2):
        drawing.light(route.edges, "path", lambda one: _short(one.factor), steps=(place, place))
        stack.add(f"route {place - 1}:  {product(route)}", route.product, (place, None))
    together = dict.fromkeys(one for route in found for one in route.edges)
    drawing.light(together, "path", steps=(ends, None))
    stack.row(f"sum of the routes:  {_plain(total)}", total, "path", (ends, None))
    for name, value in beside.items():
        stack.row(f"{name}:  {_plain(value)}", value, "backward", (ends + 1, None))
    return drawing.figure, _captions(start, found, beside)


class Stack:
    """Rows under a map: words at the left, bars on one scale at the right."""

    def __init__(self, drawing: Drawing, found: Sequence[Route], height: float):
        self.axes, self.height, self.sum, sums = drawing.axes, height, 0.0, [0.0]
        for route in found:
            sums.append(sums[-1] + route.product)
        room = 0.21 * drawing.width
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
    """Return the factors of a route and their product as a line of text."""
    factors = " · ".join(f"({t})" if t[0] == "−" else t for t in map(_plain, route.factors))
    return f"{factors} = {_plain(route.product)}"


def _captions(start: str, found: Sequence[Route], beside: Mapping[str, float]) -> list[str]:
    captions = [
        f"The map, and {spoken(start)} on it (in code {start}). Which routes lead to the loss C?"
    ]
    for count, route in enumerate(found, start=1):
        way = ", ".join(map(spoken, route.nodes[1:]))
        captions.append(f"Route {count}: {way}. The factors multiply: {product(route)}.")
    total = _plain(sum(route.product for route in found))
    captions.append(f"All {len(found)} together: the products add up to {total}.")
    others = "; ".join(f"{name} {_plain(value)}" for name, value in beside.items())
    captions.append(f"The same number, found in other ways: {others}.")
    return captions


def _plain(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
