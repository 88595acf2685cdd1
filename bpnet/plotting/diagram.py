"""Diagrams of nodes and arrows, whose parts know in which step of `Steps` they are shown.

Positions are in units of the canvas; `steps` is (first, last), counted from 1, last None for
"to the end"; a part without `steps` is always shown. ValueError if no step would show the part.
A role has the same look everywhere: forward (value), backward (gradient), path (marked),
delta (shared factor), held (fixed).
"""

from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import BoxStyle, Circle, FancyArrowPatch, FancyBboxPatch, Patch

from bpnet.plotting.style import BACKWARD, DELTA, FORWARD, HELD, PATH

Point: TypeAlias = tuple[float, float]
Span: TypeAlias = tuple[int, int | None] | None

ROLES = {"forward": FORWARD, "backward": BACKWARD, "path": PATH, "delta": DELTA, "held": HELD}
RADIUS = 0.3
NODE = "node at {:.6g}, {:.6g}"
FILLS = {"value": "white", "operation": "#e8eef4", "parameter": "#fff6e0", "loss": "#f3e8f5"}


def canvas(width: float, height: float, inches: float | None = None) -> tuple[Figure, Axes]:
    """Return an empty figure of width x height units, `inches` wide (unless given 0.9 a unit)."""
    inches = 0.9 * width if inches is None else inches
    figure = plt.figure(figsize=(inches, inches * height / width), layout="none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes


def node(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    kind: str = "value",
    role: str = "forward",
    steps: Span = None,
) -> None:
    """Draw a node with its name: a circle for a value, a box for any other kind.

    Raises ValueError for an unknown kind or role.
    """
    label = NODE.format(x, y)
    look = {**_line(role), "facecolor": _known(FILLS, "kind", kind), "zorder": 3, "label": label}
    box = BoxStyle("round", pad=0, rounding_size=0.08)
    corner, side = (x - RADIUS, y - 0.75 * RADIUS), 2 * RADIUS
    shape = (
        Circle((x, y), RADIUS, **look)
        if kind == "value"
        else FancyBboxPatch(corner, side, 0.75 * side, boxstyle=box, **look)
    )
    _shown(axes, axes.add_patch(shape), steps)
    name = axes.text(x, y, text, ha="center", va="center", zorder=4, color=ROLES[role]["color"])
    _shown(axes, name, steps)


def edge(
    axes: Axes,
    start: Point,
    end: Point,
    above: str = "",
    below: str = "",
    role: str = "forward",
    bend: float = 0.0,
    at: float = 0.5,
    steps: Span = None,
) -> None:
    """Draw an arrow between two nodes, with words above and below it at the share `at` of it.

    It ends at the borders of the nodes drawn before it, and as far from a point without one.
    Raises ValueError for an unknown role.
    """
    look = _line(role)
    nodes = [_node_at(axes, point) for point in (start, end)]
    unit = axes.bbox.width * 72 / axes.figure.dpi / np.ptp(axes.get_xlim())  # in points
    gaps = [(0.08 if found else 1.08) * RADIUS * unit for found in nodes]
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=9 + 2 * look["linewidth"],
        connectionstyle=f"arc3,rad={bend}",
        patchA=nodes[0],
        patchB=nodes[1],
        shrinkA=gaps[0] + look["linewidth"] / 2,
        shrinkB=gaps[1],
        zorder=2,
        facecolor=look["edgecolor"],
        **look,
    )
    _shown(axes, axes.add_patch(arrow), steps)
    along = np.subtract(end, start)
    sideways = np.array([along[1], -along[0]]) * bend * 2 * at * (1 - at)
    x, y = np.array(start) + at * along + sideways
    for words, lift, anchor in ((above, 0.06, "bottom"), (below, -0.06, "top")):
        if words:
            note(axes, x, y + lift, words, role, steps, anchor)


def note(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    role: str = "forward",
    steps: Span = None,
    anchor: str = "center",
    align: str = "center",
) -> None:
    """Write words with their middle at (x, y), unless `anchor` or `align` say otherwise.

    Raises ValueError for an unknown role.
    """
    color = _line(role)["edgecolor"]
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    words = axes.text(x, y, text, ha=align, va=anchor, zorder=5, bbox=ground, color=color)
    _shown(axes, words, steps)


def _known(looks: dict, what: str, name: str) -> Any:
    if name not in looks:
        raise ValueError(f"there is no {what} {name!r}, expected one of {', '.join(looks)}")
    return looks[name]


def _node_at(axes: Axes, point: Point) -> Patch | None:
    """Return the node drawn at a point, if there is one."""
    label = NODE.format(*point)
    return next((patch for patch in axes.patches if patch.get_label() == label), None)


def _line(role: str) -> dict:
    look = _known(ROLES, "role", role)
    return {**{k: look[k] for k in ("linestyle", "linewidth")}, "edgecolor": look["color"]}


def _shown(axes: Axes, artist: Artist, steps: Span) -> None:
    """Name the artist in the SVG by the steps in which it is shown: step-FIRST-LAST-NUMBER."""
    if steps is not None:
        first, last = steps
        if first < 1 or (last is not None and last < first):
            raise ValueError(f"steps must be (first, last) with 1 <= first <= last, not {steps}")
        number = len(axes.get_children())
        artist.set_gid(f"step-{first}-{last or ''}-{number}")
