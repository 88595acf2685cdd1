"""Matrices drawn as tables of boxes, and how their numbers are written."""

from collections.abc import Collection

import numpy as np
from matplotlib.axes import Axes

from bpnet.plotting.diagram import Span, node, note

COLUMN, ROW = 0.68, 0.52


def table(
    axes: Axes,
    title: str,
    x: float,
    y: float,
    values: np.ndarray,
    kind: str = "operation",
    role: str = "forward",
    steps: Span = None,
    marked: Collection[tuple[int, int]] = (),
) -> None:
    """Write a matrix as boxes, the first entry at (x, y), its title above; mark some entries."""
    note(axes, x + COLUMN * (values.shape[1] - 1) / 2, y + 0.52, title, role, steps)
    for (row, column), value in np.ndenumerate(values):
        look = "path" if (row, column) in marked else role
        node(axes, x + COLUMN * column, y - ROW * row, signed(value), kind, look, steps)


def signed(value: float) -> str:
    """Return the number with a true minus sign, and never a negative zero."""
    return f"{value + 0.0:g}".replace("-", "−")
