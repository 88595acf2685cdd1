"""Figures of the chapter on computational graphs, drawn from the variables themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.graph import Variable, backward, topological_order
from bpnet.plotting.diagram import RADIUS, Point, Span, canvas, edge, node, note
from bpnet.plotting.style import BLUE, GREY, INK, ORANGE


class Spot(NamedTuple):
    """Where a variable is drawn, what stands in its node, and what the captions call it.

    A `label` is written above the node.
    """

    x: float
    y: float
    text: str
    words: str
    label: str = ""


class Sent(NamedTuple):
    """What goes back along one arrow of a graph: received by `source`, a product of two numbers."""

    source: Variable
    arrived: float
    slope: float

    @property
    def product(self) -> float:
        """The number that the source receives."""
        return self.arrived * self.slope


Spots: TypeAlias = Mapping[Variable, Spot]
Order: TypeAlias = Sequence[Variable] | None
LINES = ((GREY, (0, (2, 1.5)), "^"), (BLUE, "-", "o"), (ORANGE, (0, (6, 2)), "s"))
OUT = 1.3  # length of the arrow that leaves the last node


def visits(output: Variable, order: Order = None) -> Iterator[tuple[Variable, list[Sent]]]:
    """Yield each node of a backward pass with what it sends; leaves, which send nothing, not."""
    adjoint = dict.fromkeys(backward(output, order), 0.0)
    adjoint[output] = 1.0
    for variable in topological_order(output)[::-1] if order is None else order:
        pairs = zip(variable.inputs, variable.slopes, strict=True)
        sent = [Sent(source, adjoint[variable], slope) for source, slope in pairs]
        if sent:
            yield variable, sent
        for one in sent:
            adjoint[one.source] += one.product


def graph(
    output: Variable,
    spots: Spots,
    order: Order = None,
    slopes: bool = True,
    steps: bool = False,
    size: tuple[float, float] = (7.2, 3.2),
) -> Figure:
    """Draw a graph: values above its arrows, slopes below (after an arrow back), sums at forks.

    With `steps` the numbers appear in the steps that `captions` describes. Variables that are
    not in `spots` are left out, with their arrows.
    """
    figure, axes = canvas(*size)
    for variable, (x, y, text, _, label) in spots.items():
        kind = "loss" if variable is output else "operation" if variable.inputs else "value"
        node(axes, x, y, text, kind)
        if label:
            note(axes, x, y + 1.15 * RADIUS, label, anchor="bottom")
    operations = _operations(output)
    for variable in operations:
        for source, start, end, at in _arrows(variable, spots):
            first = 2 + operations.index(source) if source.inputs else 1
            edge(axes, start, end)
            _label(axes, start, end, number(source.value), "above", _from(first, steps), at)
    x, y, *_ = spots[output]
    edge(axes, (x, y), (x + OUT, y))
    last = 1 + len(operations)
    _label(axes, (x, y), (x + OUT, y), number(output.value), "above", _from(last, steps))
    if slopes:
        _label(axes, (x, y), (x + OUT, y), "← 1", "below", _from(last + 1, steps))
        for step, (variable, sent) in enumerate(visits(output, order), start=last + 2):
            _send(axes, variable, sent, spots, _from(step, steps))
        _sums(axes, output, spots, order, last + 2 if steps else None)
    return figure


def captions(output: Variable, spots: Spots, order: Order = None) -> list[str]:
    """Return what happens in each step of `graph(..., steps=True)`."""
    known = [f"{spot.words} is {number(v.value)}" for v, spot in spots.items() if not v.inputs]
    said = [f"Only the inputs are known: {', '.join(known)}."]
    for variable in _operations(output):
        came = " and ".join(
            number(source.value) + (f" from {spots[source].words}" if source in spots else "")
            for source in variable.inputs
        )
        said.append(
            f"Forward: {spots[variable].words} takes {came}, and gives {number(variable.value)}."
        )
    said.append("Backward: the last number moves exactly as much as itself. Its slope is 1.")
    total: dict[Variable, float] = {}
    for variable, sent in visits(output, order):
        name = spots[variable].words
        phrases = [_phrase(one, total, spots) for one in sent if one.source in spots]
        said.append(f"Backward: {name} sends arrived × local. {'; '.join(phrases)}.")
    return said


def number(value: float) -> str:
    """Return a number as it is written in the drawings: at most four digits."""
    return f"{round(value, 10) + 0:.4g}".replace("-", "\N{MINUS SIGN}")


def gates() -> Figure:
    """Draw what the node of a sum and the node of a product send back, in letters."""
    figure, axes = canvas(6.6, 2.0)
    for left, sign, to_x, to_y in (
        (0.1, "+", r"$\bar z$", r"$\bar z$"),
        (3.5, "×", r"$\bar z\, y$", r"$\bar z\, x$"),
    ):
        middle = (left + 1.7, 1.0)
        node(axes, *middle, sign, "operation")
        for name, height, back in (("x", 1.8, to_x), ("y", 0.2, to_y)):
            edge(axes, (left, height), middle)
            _label(axes, (left, height), middle, f"${name}$", "above")
            _label(axes, (left, height), middle, f"← {back}", "below")
        end = (left + 1.7 + OUT, 1.0)
        edge(axes, middle, end)
        _label(axes, middle, end, "$z$", "above")
        _label(axes, middle, end, r"← $\bar z$", "below")
    return figure


def error_curves(h: np.ndarray, errors: Mapping[str, np.ndarray], best: float) -> Figure:
    """Draw the error of each way to measure a slope against its step h, and the computed best h.

    An error of exactly zero is drawn at the lower edge.
    """
    figure, axis = plt.subplots(figsize=(6.4, 4.4))
    floor = 1e-18
    for (name, values), (color, dash, marker) in zip(errors.items(), LINES, strict=True):
        axis.plot(h, np.maximum(values, floor), marker, color=color, linestyle=dash, label=name)
    axis.axvline(best, color=INK, linewidth=0.8)
    axis.annotate("computed best h", (best, 3), (5, 0), textcoords="offset points")
    axis.set(xscale="log", yscale="log", xlabel="step h", ylabel="error of the slope")
    axis.set_ylim(floor / 3, 30)
    for line in axis.lines:
        line.set(linewidth=1.2, markersize=3.5)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)
    return figure


def _operations(output: Variable) -> list[Variable]:
    return [variable for variable in topological_order(output) if variable.inputs]


def _from(first: int, steps: bool) -> Span:
    return (first, None) if steps else None


def _arrows(variable: Variable, spots: Spots) -> Iterator[tuple[Variable, Point, Point, float]]:
    """Yield source, ends and place of the numbers of the arrows into a node.

    Two arrows that come from the same source are kept apart.
    """
    twice = len(set(variable.inputs)) < len(variable.inputs)
    x1, y1, *_ = spots[variable]
    for place, source in enumerate(variable.inputs):
        shift = (0.16 - 0.32 * place) if twice else 0.0
        if source in spots:
            x0, y0, *_ = spots[source]
            yield source, (x0, y0 + shift), (x1, y1 + shift), 0.5 - 1.2 * shift


def _label(
    axes: Axes, start: Point, end: Point, text: str, side: str, span: Span = None, at: float = 0.5
) -> None:
    """Write a value above an arrow, or a slope below it, at the share `at` of it."""
    x, y = (1 - at) * np.array(start) + at * np.array(end)
    if side == "above":
        note(axes, x, y + 0.06, text, "forward", span, "bottom")
    else:
        note(axes, x, y - 0.06, text, "backward", span, "top")


def _send(axes: Axes, variable: Variable, sent: list[Sent], spots: Spots, span: Span) -> None:
    drawn = [one for one in sent if one.source in spots]
    for one, (_, start, end, at) in zip(drawn, _arrows(variable, spots), strict=True):
        _label(axes, start, end, f"← {number(one.product)}", "below", span, at)


def _sums(axes: Axes, output: Variable, spots: Spots, order: Order, first: int | None) -> None:
    """Write the sum under each node at which more than one number arrives, when it is complete."""
    arrived: dict[Variable, list[Sent]] = {}
    step: dict[Variable, int] = {}
    for count, (_, sent) in enumerate(visits(output, order)):
        for one in sent:
            arrived.setdefault(one.source, []).append(one)
            step[one.source] = count
    for source, several in arrived.items():
        if len(several) > 1 and source in spots:
            words = " + ".join(number(one.product) for one in several)
            words += f" = {number(sum(one.product for one in several))}"
            x, y, *_ = spots[source]
            span = None if first is None else (first + step[source], None)
            note(axes, x, y - 1.25 * RADIUS, words, "backward", span, "top")


def _phrase(one: Sent, total: dict[Variable, float], spots: Spots) -> str:
    """Describe what one arrow carries, and what it is added to; keep the total."""
    phrase = f"{number(one.arrived)} × {number(one.slope)} = {number(one.product)} goes to "
    phrase += spots[one.source].words
    if one.source in total:
        whole = total[one.source] + one.product
        phrase += f", to be added: {number(total[one.source])} + {number(one.product)}"
        phrase += f" = {number(whole)}"
    total[one.source] = total.get(one.source, 0.0) + one.product
    return phrase
