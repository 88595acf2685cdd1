"""Figures of the chapter on softmax with cross-entropy, drawn from the numbers they are given."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from bpnet.losses import softmax
from bpnet.plotting.diagram import Point, canvas, edge, note
from bpnet.plotting.graph import number
from bpnet.plotting.style import BLUE, CROSS_ENTROPY, GREEN, GREY, INK, ORANGE, PURPLE, QUADRATIC


def push_and_pull(z: Sequence[float], y: Sequence[float]) -> Figure:
    """Draw prediction and target as bars, and their difference as a push on each score."""
    p, classes = softmax(z), np.arange(1, len(z) + 1)
    figure, (above, below) = plt.subplots(2, 1, figsize=(6.4, 5.0), sharex=True)
    bars = ((p, -0.19, "white", BLUE, "prediction ŷ"), (np.asarray(y), 0.19, GREY, GREY, "target"))
    for values, shift, face, line, name in bars:
        drawn = above.bar(classes + shift, values, 0.36, color=face, edgecolor=line, label=name)
        above.bar_label(drawn, [_rounded(value) for value in values], padding=2)
    delta = p - y
    lower = delta > 0
    for sign, hatch, color in ((lower, "", PURPLE), (~lower, "////", ORANGE)):
        below.bar(classes[sign], delta[sign], 0.5, facecolor="white", edgecolor=color, hatch=hatch)
    for place, value in zip(classes, delta, strict=True):
        words = f"{_rounded(value)}: step {'down' if value > 0 else 'up'}"
        side = {"ha": "center", "va": "bottom" if value > 0 else "top"}
        below.annotate(
            words, (place, value), (0, 4 if value > 0 else -4), textcoords="offset points", **side
        )
    below.axhline(0, color=INK, linewidth=0.8)
    above.set(ylim=(0, 1.4), ylabel="probability")
    below.set(ylim=(-1.2, 1.2), ylabel="δ = ŷ − target", xticks=classes)
    below.set_xticklabels([f"class {k}, z = {number(v)}" for k, v in zip(classes, z, strict=True)])
    above.legend(loc="upper right", ncols=2)
    return figure


def two_layers() -> Figure:
    """Draw softmax and cross-entropy as two layers, with what passes between them."""
    figure, axes = canvas(9.6, 4.0, 6.8)
    for left, name in ((1.9, "Softmax"), (5.6, "Cross-\nentropy")):
        wall = FancyBboxPatch(
            (left, 0.9), 1.7, 2.9, boxstyle="round,pad=0", facecolor="#e8eef4", edgecolor=INK
        )
        axes.add_patch(wall)
        note(axes, left + 0.85, 2.35, name)
    for k, y in enumerate((3.4, 2.35, 1.3), start=1):
        _wire(axes, (0.1, y), (2.2, y), f"$z_{k}$", rf"← $\hat{{y}}_{k} - y_{k}$", 0.41)
        _wire(axes, (3.3, y), (5.9, y), rf"$\hat{{y}}_{k}$", rf"← $-y_{k}/\hat{{y}}_{k}$", 0.5)
    _wire(axes, (7.0, 2.35), (9.5, 2.35), "$C$", "← 1", 0.55)
    edge(axes, (6.45, -0.1), (6.45, 1.2))
    note(axes, 6.65, 0.35, "targets $y_1, y_2, y_3$", align="left")
    return figure


def collapse(z: Sequence[float], y: Sequence[float]) -> Figure:
    """Draw the transposed Jacobian of softmax times what arrives, entry by entry."""
    p, target = softmax(z), np.asarray(y)
    jacobian, slopes = np.diag(p) - np.outer(p, p), -target / p
    figure, axes = canvas(9.6, 3.0, 6.6)
    used = {(i, j) for i in range(3) for j in range(3) if target[j]}
    transposed = r"$D^{\mathsf{T}} = \mathrm{diag}(\hat y) - \hat y\, \hat y^{\mathsf{T}}$"
    _tile(axes, 0.3, jacobian.T, transposed, used)
    _tile(axes, 4.4, slopes[:, None], r"$-y/\hat y$", {(j, 0) for j in range(3) if target[j]})
    _tile(axes, 6.2, (jacobian.T @ slopes)[:, None], r"$\delta$", set(), "delta")
    _tile(axes, 8.0, (p - target)[:, None], r"$\hat y - y$", set(), "delta")
    for x, sign in ((4.15, "·"), (5.9, "="), (7.7, "=")):
        note(axes, x, 1.25, sign)
    return figure


def wrong_beside_right(costs: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Draw the cost against steps for the right and the wrong delta, one panel for each task."""
    figure, axes = plt.subplots(1, len(costs), figsize=(7.2, 3.4), sharey=True)
    looks: tuple[dict, dict] = (
        {"color": GREEN, "linestyle": "-"},
        {"color": ORANGE, "linestyle": (0, (6, 2))},
    )
    for axis, (task, curves) in zip(axes, costs.items(), strict=True):
        for (name, values), look in zip(curves.items(), looks, strict=True):
            axis.plot(values, label=name, **look)
        axis.set(title=task, xlabel="steps", ylim=(0, None))
    axes[0].set_ylabel("mean cost J")
    axes[0].legend()
    return figure


def steps_by_rate(found: Mapping[str, Mapping[str, Mapping[float, float]]], limit: int) -> Figure:
    """Draw the median steps until learned against the rate; a cross at the top is `limit`."""
    figure, axes = plt.subplots(1, len(found), figsize=(7.2, 3.5), sharey=True)
    looks = ((QUADRATIC, "o"), (CROSS_ENTROPY, "s"))
    for axis, (start, medians) in zip(axes, found.items(), strict=True):
        for (name, by_rate), (look, marker) in zip(medians.items(), looks, strict=True):
            rates, steps = np.array(list(by_rate)), np.array(list(by_rate.values()))
            axis.plot(rates, steps, linewidth=1.2, **look)
            learned = steps < limit
            axis.plot(rates[learned], steps[learned], marker, color=look["color"], label=name)
            axis.plot(rates[~learned], steps[~learned], "x", color=look["color"], markersize=9)
        axis.axhline(limit, color=INK, linewidth=0.6)
        axis.set(title=start, xscale="log", yscale="log", xlabel="learning rate η")
        axis.set_xticks(rates, [f"{rate:g}" for rate in rates])
        axis.minorticks_off()
    marks = [50, 100, 200, 400, limit]
    axes[0].set_yticks(marks, [*map(str, marks[:-1]), f"> {limit}"])
    axes[0].set(ylabel="median steps until learned", ylim=(45, 1.2 * limit))
    axes[0].legend()
    return figure


def _wire(axes: Axes, start: Point, end: Point, above: str, below: str, at: float) -> None:
    edge(axes, start, end, above=above, at=at)
    x, y = (1 - at) * np.array(start) + at * np.array(end)
    note(axes, x, y - 0.06, below, "backward", anchor="top")


def _tile(
    axes: Axes,
    left: float,
    values: np.ndarray,
    title: str,
    marked: set[tuple[int, int]],
    role: str = "forward",
) -> None:
    """Write a matrix between brackets, its title above, some entries marked as the path."""
    width, step = 1.2, 0.6
    right, top = left + width * values.shape[1], 2.1
    for side, inward in ((left, 0.12), (right, -0.12)):
        x = (side + inward, side, side, side + inward)
        axes.plot(x, (top + 0.1, top + 0.1, 0.35, 0.35), color=INK, linewidth=1)
    for (i, j), value in np.ndenumerate(values):
        look = "path" if (i, j) in marked else role
        note(axes, left + width * (j + 0.5), top - 0.25 - step * i, _rounded(value), look)
        if look == "path":
            x, y = left + width * (j + np.array([0.12, 0.88])), top - 0.5 - step * i
            axes.plot(x, (y, y), color=ORANGE, linestyle=(0, (4, 1.2)), linewidth=1.6)
    note(axes, (left + right) / 2, top + 0.45, title, role)


def _rounded(value: float) -> str:
    """Return a number with four decimals, a tie away from zero as in browsers; a zero as 0."""
    return f"{value * (1 + 1e-12):.4f}".replace("-", "\N{MINUS SIGN}") if value else "0"
