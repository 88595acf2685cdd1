"""Figures of the chapter on the chain rule: a nudge under the lens, a fork, and counted work."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from bpnet.plotting.diagram import canvas, edge, node, note
from bpnet.plotting.style import BLUE, GREY, INK, ORANGE, PURPLE

LEFT, ORIGIN, UNIT, RIGHT = 1.5, 2.6, 2.1, 7.8  # of the microscope's lines
MOVE: dict[str, Any] = {
    **{"arrowstyle": "-|>", "mutation_scale": 14, "shrinkA": 0, "shrinkB": 0},
    **{"color": ORANGE, "lw": 2.6},
}
COUNTS = ((GREY, (0, (2, 1.5)), "^"), (ORANGE, (0, (6, 2)), "s"), (BLUE, "-", "o"))


def microscope(moves: Mapping[str, Sequence[float]], slopes: Sequence[float]) -> Figure:
    """Draw a nudge followed down a chain, once for each step, under a lens that grows with it.

    `moves` holds for every value, the nudged one first, how far it moved at each step. All lines
    have one scale, on which the nudge always has the same length; `slopes` say where the moves
    would end if every ratio were already a derivative.
    """
    figure, axes = canvas(8.2, len(moves) + 0.7)
    nudges = next(iter(moves.values()))
    axes.plot([ORIGIN] * 2, [0.55, len(moves) + 0.55], color=INK, lw=0.8)
    for row, (name, values) in enumerate(moves.items()):
        y, tick = len(moves) - row + 0.1, ORIGIN + slopes[row] * UNIT
        axes.plot([LEFT, RIGHT], [y, y], color=GREY, lw=0.8)
        axes.plot([tick, tick], [y - 0.22, y + 0.22], color=PURPLE, lw=2.2)
        note(axes, 0.75, y, name)
        for step, (value, nudge) in enumerate(zip(values, nudges, strict=True), start=1):
            span = (step, None if step == len(nudges) else step)
            tip = (ORIGIN + value / nudge * UNIT, y)
            arrow = FancyArrowPatch(
                (ORIGIN, y), tip, gid=f"step-{step}-{span[1] or ''}-{row}", **MOVE
            )
            axes.add_patch(arrow)
            words = f"moved {value:+.5f}: {value / nudge:+.4f} times the nudge"
            note(axes, 5.6, y - 0.4, words.replace("-", "\N{MINUS SIGN}"), "path", span)
    for step, nudge in enumerate(nudges, start=1):
        lens = (step, None if step == len(nudges) else step)
        note(axes, 0.75, 0.35, f"lens ×{nudges[0] / nudge:.0f}", "path", lens)
    note(axes, ORIGIN, 0.35, "before the nudge")
    note(axes, 5.6, 0.35, "purple tick: what the slopes say", "delta")
    return figure


def fork(branches: Mapping[str, tuple[str, str]]) -> Figure:
    """Draw how a reaches C by several branches: name of the middle -> slopes before and after."""
    figure, axes = canvas(6.4, 3.2)
    start, end = (0.6, 1.6), (5.8, 1.6)
    node(axes, *start, "$a$")
    node(axes, *end, "$C$", "loss")
    for row, (name, (before, after)) in enumerate(branches.items()):
        middle = (3.2, 2.7 - 2.2 * row)
        node(axes, *middle, name)
        edge(axes, start, middle, before, role="path")
        edge(axes, middle, end, after, role="path")
    return figure


def work(stages: Sequence[int], counts: Mapping[str, Sequence[float]]) -> Figure:
    """Draw, on a logarithmic scale, how the number of multiplications grows with the stages."""
    figure, axis = plt.subplots(figsize=(6.0, 3.6))
    for (name, values), (color, dash, marker) in zip(counts.items(), COUNTS, strict=True):
        axis.plot(stages, values, color=color, linestyle=dash, marker=marker, markersize=5)
        place = (stages[-1], values[-1])
        axis.annotate(name, place, (0, 8), textcoords="offset points", ha="right", color=color)
    axis.set(yscale="log", xlabel="stages", ylabel="multiplications", xticks=stages)
    return figure
