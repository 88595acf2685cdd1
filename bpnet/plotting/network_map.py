"""The map of a network, drawn: its nodes in columns, with edges that light up."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from bpnet.paths import Edge, NetworkMap, count_edges, count_factors, routes
from bpnet.plotting.diagram import Point, Span, canvas, edge, node, note
from bpnet.plotting.style import BLUE, ORANGE

UNIT, WIDEST = 0.64, 8.1  # inches: of one unit, and of a page's column at most
MARGIN = 0.95  # above and below the nodes
NARROW, WIDE = 1.5, 2.3  # between two columns; wide where the weights are
NAME = re.compile(r"([A-Za-z])(\d*)(?:\[(.*)\])?")
KINDS = {"x": "value", "z": "operation", "a": "value", "e": "loss", "C": "loss"}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Drawing:
    """A canvas with the map of a network in its upper part, `below` units above its foot.

    `light` marks edges; `plain` comes last and draws every edge where no mark lies on it.
    """

    def __init__(self, chart: NetworkMap, below: float = 0.0):
        self.chart = chart
        columns = self.columns = defaultdict[str, list[str]](list)
        self.covered = defaultdict[tuple[str, str], list[Span]](list)
        for name in chart.values:
            if name[0] not in "Wb":
                columns[name.split("[")[0]].append(name)
        tallest = max(map(len, columns.values()))
        apart, middle = 2.0 if tallest < 3 else 1.6, (tallest - 1) / 2
        self.at: dict[str, Point] = {}
        x = 0.5 - NARROW
        for letter, names in columns.items():
            x += WIDE if letter[0] == "z" else NARROW
            for row, name in enumerate(names):
                up = apart * (middle + (len(names) - 1) / 2 - row)
                self.at[name] = (x, below + MARGIN + up)
        self.width, self.last = x + 0.5, f"a{max(layer(name) for name in self.at)}"
        size = (self.width, below + 2 * MARGIN + 2 * middle * apart)
        self.figure, self.axes = canvas(*size, min(UNIT * self.width, WIDEST))
        for name, place in self.at.items():
            node(self.axes, *place, f"${self.tex(name)}$", KINDS[name[0]])

    def tex(self, name: str) -> str:
        """Return a node's name as the chapter prints it: W1[0, 1] becomes W^(1)_12."""
        letter, upper, lower = _parts(name)
        if name.startswith(self.last):
            letter, upper = r"\hat{y}", ""
        return letter + (f"^{{({upper})}}" if upper else "") + (f"_{{{lower}}}" if lower else "")

    def spoken(self, name: str) -> str:
        """Return a node's name in plain text: W1[0, 1] becomes W⁽¹⁾₁₂."""
        letter, upper, lower = _parts(name)
        if name.startswith(self.last):
            letter, upper = "ŷ", ""
        upper = f"⁽{upper.translate(RAISED)}⁾" if upper else ""
        return letter + upper + lower.translate(LOWERED)

    def fraction(self, one: Edge) -> str:
        """Return the factor of an edge as a fraction of partials."""
        return rf"\dfrac{{\partial {self.tex(one.end)}}}{{\partial {self.tex(one.start)}}}"

    def point(self, name: str) -> Point:
        """Return where a node is; a weight lies on the edge that it multiplies."""
        if name in self.at:
            return self.at[name]
        if name[0] == "b":
            x, y = self.at[self.chart.leaving[name][0].end]
            return x - 0.85, y - 0.75
        (x0, y0), (x, y) = (self.at[end] for end in self.carries(name))
        return x0 + 0.31 * (x - x0), y0 + 0.31 * (y - y0)

    def carries(self, weight: str) -> tuple[str, str]:
        """Return start and end of the edge on which a weight lies."""
        (target,) = self.chart.leaving[weight]
        below = [e.start for e in self.chart.edges if e.end == target.end and e.start in self.at]
        return below[int(re.findall(r"\d+", weight)[-1])], target.end

    def parameter(self, name: str, role: str = "path", steps: Span = None) -> None:
        """Draw a weight or a bias as a small box; other nodes are there already."""
        if name not in self.at:
            place = self.point(name)
            node(self.axes, *place, f"${self.tex(name)}$", "parameter", role, steps)
            if name[0] == "W":
                pair = self.carries(name)
                edge(self.axes, self.at[pair[0]], place, steps=steps)
                self.covered[pair].append(steps)

    def light(
        self,
        edges: Iterable[Edge],
        role: str = "forward",
        words: Callable[[Edge], str] = lambda one: "",
        at: float = 0.5,
        steps: Span = None,
    ) -> None:
        """Draw edges, with words above them at the share `at` of each."""
        for one in edges:
            start, end = self.point(one.start), self.point(one.end)
            edge(self.axes, start, end, words(one), role=role, at=at, steps=steps)
            self.covered[one.start, one.end].append(steps)

    def plain(self, count: int = 1) -> None:
        """Draw the edges plainly, each in those of `count` steps in which no mark lies on it."""
        for one in self.chart.edges:
            if one.start in self.at:
                spans = self.covered.get((one.start, one.end), [])
                free = [n for n in range(1, count + 1) if not any(_within(n, s) for s in spans)]
                for first, last in _runs(free):
                    whole = (first, last) == (1, count)
                    steps = None if whole else (first, None if last == count else last)
                    edge(self.axes, self.at[one.start], self.at[one.end], steps=steps)


def layer(name: str) -> int:
    """Return the layer in a node's name, 0 if it has none."""
    return int(_parts(name)[1] or 0)


def _within(step: int, span: Span) -> bool:
    return span is None or (span[0] <= step and (span[1] is None or step <= span[1]))


def _runs(steps: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of consecutive numbers."""
    starts = [n for n in steps if n - 1 not in steps]
    return list(zip(starts, [n for n in steps if n + 1 not in steps], strict=True))


def _parts(name: str) -> tuple[str, str, str]:
    """Return the letter, the layer and the place, counted from 1."""
    letter, upper, index = NAME.fullmatch(name).groups("")  # type: ignore[union-attr]
    places = [str(int(place) + 1) for place in index.split(", ") if place]
    return letter, upper, ("," if max(map(len, places), default=0) > 1 else "").join(places)


def whole(chart: NetworkMap, start: str) -> Figure:
    """Draw the map with all edges that lie on a path from `start`."""
    drawing = Drawing(chart)
    found = dict.fromkeys(e for route in routes(chart, start) for e in route.edges)
    drawing.parameter(start)
    drawing.light(found, "path")
    drawing.plain()
    return drawing.figure


def close_ups(chart: NetworkMap) -> Figure:
    """Draw three parts of the map of a 2-2-2 network, each with the factors on its edges."""
    names = Drawing(chart)
    plt.close(names.figure)
    figure, axes = canvas(8.6, 6.0, 6.2)
    z, a = "z1[0]", "a1[0]"
    at = {z: (4.0, 4.95), a: (4.0, 3.0), "C": (7.8, 0.85)}
    joints = [(z, a, (1.0, 3.0), at[a], r"$\sigma'(z^{(1)}_1)$")]
    for row in (0, 1):
        j, low = row + 1, 1.4 - 1.1 * row
        x, yhat, e = f"x[{row}]", f"a2[{row}]", f"e[{row}]"
        joints += [
            (x, z, (1.0, 5.5 - 1.1 * row), at[z], f"$W^{{(1)}}_{{1{j}}}$"),
            (f"z2[{row}]", yhat, (1.0, low), (3.4, low), rf"$\sigma'(z^{{(2)}}_{j})$"),
            (yhat, e, (3.4, low), (5.8, low), rf"$\hat{{y}}_{j} - y_{j}$"),
            (e, "C", (5.8, low), at["C"], "1"),
        ]
    ends = [(start, here) for start, _, here, _, _ in joints]
    ends += [(end, there) for _, end, _, there, _ in joints]
    for name, place in dict.fromkeys(ends):
        node(axes, *place, f"${names.tex(name)}$", KINDS[name[0]])
    for _, _, here, there, words in joints:
        edge(axes, here, there, words)
    slope = r"$\partial z^{(1)}_1 / \partial W^{(1)}_{1k} = x_k$,"
    note(axes, 4.6, 4.95, f"{slope}\nthe number where\nthe edge starts", align="left")
    down, up = r"$\partial C/\partial z^{(1)}_1 =$", r"$(\partial C/\partial a^{(1)}_1)$"
    note(axes, 4.6, 3.0, f"{down} {up}" + r" $\sigma'(z^{(1)}_1)$", align="left")
    return figure


def growth(depths: Sequence[int], width: int) -> Figure:
    """Draw how many factors all paths have, and how many edges a sweep uses, against depth."""
    sizes = [[784, *[width] * depth, 10] for depth in depths]
    figure, axis = plt.subplots(figsize=(6.0, 3.6))
    for count, name, color, dash, mark in (
        (count_factors, "path by path", ORANGE, (0, (6, 2)), "s"),
        (count_edges, "one sweep back", BLUE, "-", "o"),
    ):
        values = [count(each) for each in sizes]
        axis.plot(depths, values, color=color, linestyle=dash, marker=mark, label=name)
    axis.set(yscale="log", xlabel=f"hidden layers of {width} neurons", ylabel="multiplications")
    axis.set_xticks(list(depths))
    axis.legend(loc="upper left")
    return figure
