"""Figures of the chapter on gradient descent."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from bpnet.plotting.style import BLUE, GRADIENT, GREEN, GREY, INK, ORANGE, PURPLE, STEP

Loss = Callable[[np.ndarray, np.ndarray], np.ndarray]
Box = tuple[float, float, float, float]

LINES = ((ORANGE, "-"), (BLUE, (0, (6, 2))), (GREEN, (0, (2, 1.5))), (PURPLE, (0, (7, 2, 1.5, 2))))


def surface(loss: Loss, box: Box) -> Figure:
    """Draw a loss of two parameters twice: as a surface above the plane, and by its contours."""
    figure = plt.figure(figsize=(7.2, 3.4))
    relief = figure.add_subplot(1, 2, 1, projection="3d")
    v1, v2 = _grid(box, 25)
    relief.plot_surface(v1, v2, loss(v1, v2), cmap="Blues", edgecolor=GREY, linewidth=0.2)
    relief.set(xlabel="$v_1$", ylabel="$v_2$", zlabel="C")
    relief.view_init(elev=38, azim=-62)
    plane = figure.add_subplot(1, 2, 2)
    plane.clabel(_contours(plane, loss, box), fontsize=8)
    return figure


def arrows(loss: Loss, box: Box, start: np.ndarray, gradient: np.ndarray, eta: float) -> Figure:
    """Draw the gradient at `start`, uphill, and the step -eta * gradient, exactly opposite."""
    figure, axis = plt.subplots(figsize=(5.2, 4.4))
    _contours(axis, loss, box)
    for move, look, name in (
        (gradient, GRADIENT, r"gradient $\nabla C$"),
        (-eta * gradient, STEP, rf"step, $\eta$ = {eta:g}"),
    ):
        axis.annotate(
            "", start + move, start, arrowprops={"arrowstyle": "-|>", "lw": 2.2, **look}
        )
        axis.annotate(
            name, start + move, (6, -3), textcoords="offset points", color=look["color"]
        )
    axis.plot(*start, "o", color=INK)
    return figure


def guess(loss: Loss, box: Box, path: np.ndarray, candidates: Mapping[str, np.ndarray]) -> Figure:
    """Draw a path so far, and lettered points of which one may be the next."""
    figure, axis = plt.subplots(figsize=(7.0, 3.4))
    _contours(axis, loss, box)
    _path(axis, path)
    for letter, point in candidates.items():
        axis.plot(*point, "D", color=PURPLE, markerfacecolor="white")
        axis.annotate(letter, point, (7, 3), textcoords="offset points", color=PURPLE, size=12)
    return figure


def paths(loss: Loss, box: Box, walks: Mapping[str, np.ndarray]) -> Figure:
    """Draw walks over the same contours side by side, each under its title."""
    figure, axes = plt.subplots(len(walks), 1, figsize=(6.4, 2.1 * len(walks)), sharex=True)
    for axis, (title, path) in zip(axes, walks.items(), strict=True):
        _contours(axis, loss, box)
        _path(axis, path)
        axis.set_title(title)
        axis.label_outer()
    return figure


def change_along_step(
    eta: np.ndarray, panels: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray, float]]
) -> Figure:
    """Draw the change of the loss against the step size: true, first order, bound, and 2/Lambda.

    Each panel holds (change, first-order change, bound, 2/Lambda).
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(7.2, 3.3))
    for axis, (title, (change, first, bound, limit)) in zip(axes, panels.items(), strict=True):
        ratio = eta * limit
        axis.axhline(0, color=INK, linewidth=0.6)
        axis.axvline(limit, color=INK, linewidth=0.6)
        axis.plot(ratio, first, color=BLUE, linestyle=(0, (6, 2)), label="first order")
        axis.plot(ratio, bound, color=GREY, linestyle=(0, (2, 1.5)), label="bound")
        axis.plot(ratio, change, color=ORANGE, label="true change")
        lowest = min(change.min(), bound.min())
        axis.set(title=title, xlabel=r"step size $\eta$", ylim=(2.2 * lowest, -1.2 * lowest))
        axis.annotate(r"$2/\Lambda$", (limit, 2.1 * lowest), (4, 2), textcoords="offset points")
    axes[0].set_ylabel(r"$\Delta C$")
    axes[0].legend(loc="upper left")
    return figure


def rising_costs(costs: Mapping[float, np.ndarray], shares: Mapping[float, np.ndarray]) -> Figure:
    """Draw one cost curve for each rate, and for all seeds the share of steps with a rising cost."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.3))
    for row, ((rate, curve), (color, dash)) in enumerate(zip(costs.items(), LINES, strict=False)):
        left.plot(curve, color=color, linestyle=dash, linewidth=1.4, label=f"η = {rate:g}")
        share = 100 * shares[rate]
        right.scatter(share, row + _spread(len(share)), s=18, color=color)
        right.plot([share.mean()] * 2, [row - 0.32, row + 0.32], color=INK)
    left.set(xlabel="step", ylabel="cost J", ylim=(0, None))
    left.legend(loc="upper right")
    right.set_yticks(range(len(costs)), [f"η = {rate:g}" for rate in costs])
    right.set(xlabel="steps with a rising cost, %", xlim=(-2, None))
    right.invert_yaxis()
    return figure


def loss_and_slope(losses: Sequence[float], slopes: Sequence[float]) -> Figure:
    """Draw how a loss falls, step by step, while the size of its slope first grows."""
    figure, axis = plt.subplots(figsize=(6.4, 3.0))
    for values, (color, dash), name, place in (
        (losses, LINES[0], "loss C", 6),
        (slopes, LINES[1], "size of the slope |C'|", 5),
    ):
        axis.plot(values, color=color, linestyle=dash, marker="o", markersize=3.5)
        axis.annotate(name, (place, values[place]), (6, 8), textcoords="offset points", color=color)
    axis.axhline(0, color=INK, linewidth=0.6)
    axis.set(xlabel="step")
    return figure


def race(losses: Mapping[str, Sequence[float]], goal: float) -> Figure:
    """Draw the loss of several update rules against the step, with the goal as a line."""
    figure, axis = plt.subplots()
    for (name, values), (color, dash) in zip(losses.items(), LINES, strict=True):
        axis.plot(values, color=color, linestyle=dash, linewidth=1.6, label=name)
    axis.axhline(goal, color=INK, linewidth=0.6)
    axis.set(yscale="log", xlabel="step", ylabel="loss C", ylim=(goal / 100, None))
    axis.legend(loc="upper right")
    return figure


def _grid(box: Box, points: int) -> tuple[np.ndarray, np.ndarray]:
    left, right, bottom, top = box
    return tuple(np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points)))


def _contours(axis: plt.Axes, loss: Loss, box: Box):
    """Draw contours whose levels lie closer together near the bottom; equal scales on both axes."""
    v1, v2 = _grid(box, 121)
    values = loss(v1, v2)
    levels = values.max() * np.linspace(0, 1, 11)[1:-1] ** 2
    axis.set(xlabel="$v_1$", ylabel="$v_2$", aspect="equal")
    return axis.contour(v1, v2, values, levels, colors=GREY, linewidths=0.8)


def _path(axis: plt.Axes, path: np.ndarray) -> None:
    axis.plot(*path.T, "o-", color=ORANGE, linewidth=1.4, markersize=4)
    axis.plot(*path[0], "o", color=INK)


def _spread(count: int) -> np.ndarray:
    """Return small vertical offsets, so that equal shares stay visible."""
    return 0.24 * np.sin(2.4 * np.arange(count))
