"""Figures of the chapter on depth."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.depth import Parts
from bpnet.plotting.diagram import canvas, edge, node, note
from bpnet.plotting.style import BLUE, DELTA, GREEN, GREY, INK, ORANGE, PURPLE

Look: TypeAlias = tuple[str, str, Any]

# A marker, a colour and a dash for each curve of a figure.
LOOKS: tuple[Look, ...] = (
    ("o", BLUE, "-"),
    ("s", ORANGE, (0, (5, 1.5))),
    ("^", GREEN, (0, (2, 1.2))),
    ("D", PURPLE, (0, (6, 1.5, 1, 1.5))),
    ("v", INK, "-"),
    ("x", GREY, (0, (1, 1))),
)


def by_layer(curves: Mapping[str, np.ndarray], what: str, height: float = 3.6) -> Figure:
    """Draw lengths by layer, l = 1 to L, on a logarithmic axis, one marked line a network."""
    figure, axis = plt.subplots(figsize=(6.4, height))
    _curves(axis, curves, LOOKS)
    axis.set(ylabel=what)
    axis.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
    return figure


def by_layer_panels(panels: Mapping[str, Mapping[str, np.ndarray]], what: str) -> Figure:
    """Draw `by_layer` in panels below each other; a name has the same look in all of them."""
    figure, axes = _stacked(len(panels), 3.3, sharex=False)
    names = dict.fromkeys(name for curves in panels.values() for name in curves)
    looks = dict(zip(names, LOOKS, strict=False))
    for axis, (title, curves) in zip(axes, panels.items(), strict=True):
        _curves(axis, curves, [looks[name] for name in curves])
        axis.set(title=title, ylabel=what)
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    return figure


def two_parts(panels: Mapping[str, Parts]) -> Figure:
    """Draw the running products of both parts, from the last layer down, and of both together."""
    figure, axes = _stacked(len(panels), 2.7)
    for axis, (title, parts) in zip(axes, panels.items(), strict=True):
        both = parts.weights * parts.slopes
        for values, (marker, color, dash), name, lift in (
            (parts.weights, ("s", ORANGE, "-"), "weights", 0),
            (parts.slopes, ("^", GREEN, (0, (2, 1.2))), "slopes σ'", -5),
            (both, ("o", DELTA["color"], DELTA["linestyle"]), "both: δ", 6),
        ):
            product = np.append(np.cumprod(values[::-1])[::-1], 1.0)
            layers = np.arange(1, len(product) + 1)
            axis.semilogy(layers, product, marker, color=color, linestyle=dash, markersize=4)
            _name_at_left(axis, name, product[0], color, lift)
        axis.hlines(1, 1, len(product), color=INK, linewidth=0.6)
        axis.margins(y=0.1)
        axis.set(title=title, xlim=(-4.5, len(product) + 0.5), xticks=range(1, len(product), 3))
    axes[-1].set_xlabel("layer l (the loss is at the right)")
    return figure


def singular_values(panels: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Draw all singular values of dz^(L)/dz^(l) by layer, the largest and the smallest joined."""
    figure, axes = _stacked(len(panels), 2.7)
    for axis, (title, jacobians) in zip(axes, panels.items(), strict=True):
        values = np.array([np.linalg.svd(J, compute_uv=False) for J in jacobians[:-1]])
        layers = np.arange(1, len(values) + 1)
        axis.semilogy(layers, values, ".", color=GREY, markersize=4)
        axis.semilogy(layers, values[:, 0], "s-", color=ORANGE, markersize=4)
        axis.semilogy(layers, values[:, -1], "^", color=BLUE, linestyle=(0, (2, 1.2)), markersize=4)
        axis.hlines(1, 1, len(values), color=INK, linewidth=0.6)
        for column, name, color in ((0, "largest", ORANGE), (-1, "smallest", BLUE)):
            _name_at_left(axis, name, values[0, column], color)
        axis.set(title=title, xlim=(-3.5, len(values) + 1), xticks=range(1, len(values) + 1, 3))
    axes[-1].set_xlabel("layer l (the loss is at the right)")
    return figure


def while_training(
    steps: Sequence[int], panels: Mapping[str, np.ndarray], layers: Sequence[int]
) -> Figure:
    """Draw the length of delta of some layers against the training step; (steps, L) a panel."""
    figure, axes = _stacked(len(panels), 2.7)
    for axis, (title, lengths) in zip(axes, panels.items(), strict=True):
        for layer, (marker, color, dash) in zip(layers, LOOKS, strict=False):
            look = {"color": color, "linestyle": dash, "marker": marker, "markersize": 3.5}
            axis.semilogy(steps, lengths[:, layer - 1], label=f"l = {layer}", **look)
        axis.set(title=title, ylabel="length of δ")
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    axes[-1].set_xlabel("training step")
    return figure


def clipped(
    gradient: np.ndarray, by_value: np.ndarray, by_norm: np.ndarray, limit: float
) -> Figure:
    """Draw a gradient of two entries, clipped in both ways, with the square and the circle."""
    figure, axis = plt.subplots(figsize=(6.2, 3.4))
    angle = np.linspace(0, 2 * np.pi, 181)
    circle = limit * np.array([np.cos(angle), np.sin(angle)])
    square = limit * np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1]])
    axis.plot(*circle, color=PURPLE, linewidth=1, linestyle=(0, (6, 1.5, 1, 1.5)))
    axis.plot(*square, color=ORANGE, linewidth=1, linestyle=(0, (4, 1.2)))
    for end, color, name, shift in (
        (gradient, BLUE, "gradient", (-10, 8)),
        (by_value, ORANGE, "by value", (5, 4)),
        (by_norm, PURPLE, "by norm", (5, -14)),
    ):
        arrow = {"arrowstyle": "-|>", "color": color, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        axis.annotate("", tuple(end), (0, 0), arrowprops=arrow)
        axis.annotate(name, tuple(end), shift, textcoords="offset points", color=color)
    reach = 1.25 * max(limit, float(np.abs(gradient).max()))
    axis.set(xlabel="$g_1$", ylabel="$g_2$", aspect="equal")
    axis.set(xlim=(-1.2 * limit, reach), ylim=(-1.2 * limit, 1.2 * limit))
    return figure


def normalisation_paths() -> Figure:
    """Draw the paths from one input of a batch to all outputs, for `Steps` (5 steps)."""
    figure, axes = canvas(7.4, 4.2)
    x, mean, spread, xhat, y = (0.5, 2.6), (2.9, 1.75), (2.9, 0.5), (5.3, 2.6), (6.8, 2.6)
    for place, name, kind in (
        (x, "$x_i$", "value"),
        (mean, r"$\mu$", "operation"),
        (spread, "$s$", "operation"),
        (xhat, r"$\hat x_n$", "value"),
        (y, "$y_n$", "value"),
    ):
        node(axes, *place, name, kind)
    for start, end in ((x, xhat), (x, mean), (mean, xhat), (x, spread), (spread, xhat), (xhat, y)):
        edge(axes, start, end, steps=(1, None))
    edge(axes, x, xhat, above=r"direct: $1/s$, only if $n = i$", role="path", steps=(2, None))
    edge(axes, x, mean, role="delta", below=r"$1/m$", steps=(3, None), at=0.55)
    edge(axes, mean, xhat, role="delta", above=r"$-1/s$", steps=(3, None), at=0.5)
    edge(axes, x, spread, role="backward", below=r"$\hat x_i / m$", steps=(4, None), at=0.55)
    edge(axes, mean, spread, role="held", above="0", steps=(4, None))
    edge(axes, spread, xhat, role="backward", below=r"$-\hat x_n / s$", steps=(4, None), at=0.5)
    total = r"$\frac{1}{s}\,([n = i] - \frac{1}{m} - \frac{1}{m}\,\hat x_n \hat x_i)$"
    note(axes, 3.7, 3.7, "their sum: " + total, steps=(5, None))
    edge(axes, xhat, y, above=r"$\gamma$", steps=(5, None))
    return figure


def residual_paths(blocks: int = 3) -> Figure:
    """Draw residual blocks in a row: at each plus sign the path past the block comes back."""
    figure, axes = canvas(2.4 * blocks + 1.0, 2.5)
    for k in range(blocks):
        start, block, plus = 0.45 + 2.4 * k, 1.65 + 2.4 * k, 2.85 + 2.4 * k
        node(axes, start, 0.6, rf"$a^{{({k})}}$" if k == 0 else "+", kind="value")
        node(axes, block, 1.75, f"$F_{k + 1}$", kind="operation")
        edge(axes, (start, 0.6), (block, 1.75), role="backward")
        edge(axes, (block, 1.75), (plus, 0.6), role="backward")
        edge(axes, (start, 0.6), (plus, 0.6), below="unchanged", role="path")
    node(axes, 0.45 + 2.4 * blocks, 0.6, "+", kind="value")
    return figure


def healed(shares: Mapping[str, Sequence[float | str]], patients: Sequence[str]) -> Figure:
    """Draw a table, remedies by patients: per cent of test digits read, or why there is none."""
    figure, axis = plt.subplots(figsize=(6.6, 0.42 * len(shares) + 0.9))
    numbers = np.array(
        [[v if isinstance(v, float) else np.nan for v in r] for r in shares.values()]
    )
    axis.imshow(numbers, cmap="Greens", vmin=0, vmax=160, aspect="auto")
    for row, column in np.ndindex(numbers.shape):
        value = list(shares.values())[row][column]
        text = f"{value:.0f} %" if isinstance(value, float) else value
        weight = "bold" if isinstance(value, float) and value >= 40 else "normal"
        axis.text(column, row, text, ha="center", va="center", color=INK, fontweight=weight)
    axis.set_xticks(range(len(patients)), patients)
    axis.set_yticks(range(len(shares)), list(shares))
    axis.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axis.spines[:].set_visible(False)
    return figure


def _name_at_left(axis: Axes, name: str, height: float, color: str, lift: float = 0) -> None:
    look: dict[str, Any] = {"color": color, "ha": "right", "va": "center"}
    axis.annotate(name, (1, height), (-9, lift), textcoords="offset points", **look)


def _stacked(count: int, height: float, sharex: bool = True) -> tuple[Figure, Sequence[Axes]]:
    """Return a figure of panels below each other, each `height` inches high."""
    size = (6.2, height * count)
    figure, axes = plt.subplots(count, 1, figsize=size, sharex=sharex, squeeze=False)
    return figure, list(axes[:, 0])


def _curves(axis: Axes, curves: Mapping[str, np.ndarray], looks: Sequence[Look]) -> None:
    for (name, values), (marker, color, dash) in zip(curves.items(), looks, strict=False):
        look = {"color": color, "linestyle": dash, "linewidth": 1.5, "markersize": 4}
        axis.semilogy(np.arange(1, len(values) + 1), values, marker=marker, label=name, **look)
    axis.set(xlabel="layer l (the loss is at the right)", xticks=range(1, len(values) + 1, 3))
