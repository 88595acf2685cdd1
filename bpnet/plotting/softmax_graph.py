"""Softmax with cross-entropy as a graph: its nodes, its drawing in steps, one row in letters."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.graph import Variable, backward
from bpnet.plotting.diagram import Point, Span, canvas, edge, node, note
from bpnet.plotting.graph import number

COLUMNS = {"z": 0.45, "e": 2.3, "S": 3.4, "u": 4.6, "p": 5.85, "logs": 7.65, "terms": 9.45}
END, BOTTOM = 11.2, 0.6
ROWS = (5.2, 3.7, 2.2)
Adjoint: TypeAlias = Mapping[Variable, float]


class Nodes(NamedTuple):
    """The variables of softmax with cross-entropy: three classes, so lists of three."""

    z: list[Variable]
    e: list[Variable]
    S: Variable
    u: Variable
    p: list[Variable]
    logs: list[Variable]
    terms: list[Variable]
    C: Variable


def walk(nodes: Nodes, y: Sequence[float]) -> tuple[Figure, list[str]]:
    """Return the graph of softmax with cross-entropy, drawn for `Steps`, and its captions."""
    figure, axes = canvas(13.2, 6.0, 8.1)
    adjoint = backward(nodes.C)
    _nodes(axes, y)
    _forward(axes, nodes)
    _backward(axes, nodes, adjoint)
    return figure, _captions(nodes, adjoint, y)


def letters() -> Figure:
    """Draw row k of the graph in letters: values above the arrows, slopes below."""
    figure, axes = canvas(12.6, 3.9, 7.8)
    row, low = 3.2, 0.75
    z, e, p, log, term, end = ((x, row) for x in (0.4, 2.4, 6.7, 8.8, 10.5, 12.4))
    S, u = (3.9, low), (5.6, low)
    names = {e: "exp", p: "×", log: "log", term: "$\\times y_k$", S: "+", u: "$1/\\cdot$"}
    for (x, y), name in names.items():
        node(axes, x, y, name, "operation")
    for start, stop, above, below in (
        (z, e, "$z_k$", "$\\delta_k$"),
        (e, p, "$e_k$", "$-y_k/e_k$"),
        (p, log, "$\\hat{y}_k$", "$-y_k/\\hat{y}_k$"),
        (log, term, "$\\ell_k$", "$-y_k$"),
        (term, end, "$y_k \\ell_k$", "$-1$"),
        (S, u, "$S$", "$\\bar S$"),
    ):
        edge(axes, start, stop, above=above)
        _below(axes, start, stop, below)
    edge(axes, e, S)
    edge(axes, u, p)
    note(axes, 3.0, 1.95, "← $\\bar S$", "backward", align="right")
    note(axes, 6.4, 1.95, "$u$", align="left")
    note(axes, 6.8, 1.95, "← $-y_k\\, S$", "backward", align="left")
    for height in (0.2, 1.0):
        edge(axes, (2.1, height), S)
        edge(axes, u, (7.6, height))
    note(axes, 1.9, 0.6, "from the\nother rows", align="right")
    note(axes, 7.8, 0.6, "to the\nother rows", align="left")
    return figure


def _nodes(axes: Axes, y: Sequence[float]) -> None:
    """Draw the nodes in their columns, the shared sum and its reciprocal below."""
    for row, (height, target) in enumerate(zip(ROWS, y, strict=True), start=1):
        node(axes, COLUMNS["z"], height, f"$z_{row}$")
        names = {"e": "exp", "p": "×", "logs": "log", "terms": f"×{number(target)}"}
        for column, text in names.items():
            node(axes, COLUMNS[column], height, text, "operation")
    node(axes, COLUMNS["S"], BOTTOM, "+", "operation")
    node(axes, COLUMNS["u"], BOTTOM, "1/·", "operation")
    node(axes, END, ROWS[1], "−Σ", "loss")


def _forward(axes: Axes, nodes: Nodes) -> None:
    """Draw the arrows, with the values of the forward pass above them."""
    shared = (COLUMNS["S"], BOTTOM), (COLUMNS["u"], BOTTOM)
    for row, y in enumerate(ROWS):
        chain = [(COLUMNS[name], y) for name in ("z", "e", "p", "logs", "terms")]
        values = (nodes.z, nodes.e, nodes.p, nodes.logs)
        for step, (start, end, value) in enumerate(zip(chain, chain[1:], values, strict=False), 1):
            edge(axes, start, end)
            first = step + 2 * (step > 2)
            _above(axes, start, end, number(value[row].value), (first, None))
        edge(axes, chain[-1], (END, ROWS[1]))
        _above(axes, chain[-1], (END, ROWS[1]), number(nodes.terms[row].value), (7, None))
        edge(axes, chain[1], shared[0])
        edge(axes, shared[1], chain[2])
    edge(axes, *shared)
    _above(axes, *shared, number(nodes.S.value), (3, None))
    note(axes, COLUMNS["u"] + 0.45, BOTTOM, number(nodes.u.value), steps=(4, None), align="left")
    edge(axes, (END, ROWS[1]), (END + 1.7, ROWS[1]))
    _above(axes, (END, ROWS[1]), (END + 1.9, ROWS[1]), number(nodes.C.value), (8, None))


def _backward(axes: Axes, nodes: Nodes, adjoint: Adjoint) -> None:
    """Write the slopes below the arrows, in the steps 9 to 15."""

    def below(start: Point, end: Point, value: float, step: int, at: float = 0.5) -> None:
        x, y = (1 - at) * np.array(start) + at * np.array(end)
        note(axes, x, y - 0.06, f"← {number(value)}", "backward", (step, None), "top")

    below((END, ROWS[1]), (END + 1.9, ROWS[1]), 1.0, 9)
    for row, y in enumerate(ROWS):
        x = COLUMNS
        direct = adjoint[nodes.p[row]] * nodes.u.value
        below((x["terms"], y), (END, ROWS[1]), adjoint[nodes.terms[row]], 9)
        below((x["logs"], y), (x["terms"], y), adjoint[nodes.logs[row]], 10)
        below((x["p"], y), (x["logs"], y), adjoint[nodes.p[row]], 11)
        below((x["e"], y), (x["p"], y), direct, 12)
        below((x["e"], y), (x["S"], BOTTOM), adjoint[nodes.S], 14, at=0.55 / (y - BOTTOM))
        words = f"{number(direct)} + {number(adjoint[nodes.S])} = {number(adjoint[nodes.e[row]])}"
        note(axes, x["e"], y + 0.36, words, "backward", (14, None), "bottom")
        below((x["z"], y), (x["e"], y), adjoint[nodes.z[row]], 15)
    below((COLUMNS["S"], BOTTOM - 0.2), (COLUMNS["u"], BOTTOM - 0.2), adjoint[nodes.S], 13)
    words = f"← {number(adjoint[nodes.u])}"
    note(axes, COLUMNS["u"] + 0.45, BOTTOM - 0.3, words, "backward", (12, None), align="left")


def _captions(nodes: Nodes, adjoint: Adjoint, y: Sequence[float]) -> list[str]:
    def said(variables: Sequence[Variable]) -> str:
        return ", ".join(number(v.value) for v in variables)

    def slopes(variables: Sequence[Variable]) -> str:
        return ", ".join(number(adjoint[v]) for v in variables)

    S, u = number(nodes.S.value), number(nodes.u.value)
    return [
        f"Three scores arrive: {said(nodes.z)}.",
        f"Forward: each exponential. {said(nodes.e)}.",
        f"Forward: their sum S = {S}. Every exponential is used twice: here, and in its own row.",
        f"Forward: the reciprocal u = {u}. It goes to all three rows.",
        f"Forward: each exponential times u is a prediction. {said(nodes.p)}; they add up to 1.",
        f"Forward: the logarithms, {said(nodes.logs)}.",
        f"Forward: times the targets {', '.join(map(number, y))}.",
        f"Forward: the sum with its sign turned is the loss, {number(nodes.C.value)}.",
        "Backward: the slope of the loss in itself is 1. The sum copies it to all rows, "
        "with its sign turned: −1.",
        f"Backward: times the targets. To the logarithms come {slopes(nodes.logs)}.",
        f"Backward: a logarithm divides by its input. To the predictions come {slopes(nodes.p)}.",
        "Backward, the products: each row sends arrived × u along its own row, the direct branch. "
        f"To u, which all rows use, arrived × exponential, added up: {number(adjoint[nodes.u])}.",
        f"Backward, the common branch: the reciprocal has slope −u². To S comes "
        f"{number(adjoint[nodes.S])}.",
        "Backward: the sum copies this to every exponential. There two numbers meet and are added.",
        "Backward: an exponential multiplies by its own value. "
        f"To the scores come {slopes(nodes.z)}: prediction minus target.",
    ]


def _above(axes: Axes, start: Point, end: Point, text: str, steps: Span) -> None:
    x, y = (np.array(start) + end) / 2
    note(axes, x, y + 0.06, text, "forward", steps, "bottom")


def _below(axes: Axes, start: Point, end: Point, text: str, steps: Span = None) -> None:
    x, y = (np.array(start) + end) / 2
    note(axes, x, y - 0.06, f"← {text}", "backward", steps, "top")
