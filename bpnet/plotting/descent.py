"""Figures of the chapter on gradient descent."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure

from bpnet.plotting.style import BLUE, GRADIENT, GREEN, GREY, INK, ORANGE, PURPLE, STEP

Loss = Callable[[np.ndarray, np.ndarray], np.ndarray]
Box = tuple[float, float, float, float]

LINES = ((ORANGE, "-"), (BLUE, (0, (6, 2))), (GREEN, (0, (2, 1.5))), (PURPLE, (0, (7, 2, 1.5, 2))))


def guess(loss: Loss, box: Box, path: np.ndarray, candidates: Mapping[str, np.ndarray]) -> Figure:
    """Draw a path so far, and lettered points of which one may be the next."""
    figure, axis = plt.subplots(figsize=(6.4, 3.6))
    _contours(axis, loss, box)
    _path(axis, path)
    for letter, (v1, v2) in candidates.items():
        axis.plot(v1, v2, "D", color=PURPLE, markerfacecolor="white")
        axis.annotate(letter, (v1, v2), (7, 3), textcoords="offset points", color=PURPLE, size=14)
    return figure


def surface(loss: Loss, box: Box) -> Figure:
    """Draw a loss of two parameters twice: as a surface above the plane, and by its contours."""
    figure = plt.figure(figsize=(5.0, 7.4))
    relief = figure.add_subplot(2, 1, 1, projection="3d")
    v1, v2 = _grid(box, 17)
    relief.plot_surface(v1, v2, loss(v1, v2), cmap="Blues", edgecolor=GREY, linewidth=0.3)
    relief.set(xlabel="$v_1$", ylabel="$v_2$", zlabel="C")
    relief.view_init(elev=38, azim=-62)
    plane = figure.add_subplot(2, 1, 2)
    plane.clabel(_contours(plane, loss, box), fontsize=9)
    return figure


def arrows(loss: Loss, box: Box, start: np.ndarray, gradient: np.ndarray, eta: float) -> Figure:
    """Draw the gradient at `start`, uphill, and the step -eta * gradient, exactly opposite."""
    figure, axis = plt.subplots(figsize=(5.2, 4.6))
    _contours(axis, loss, box)
    v1, v2 = _grid(box, 121)
    axis.contour(v1, v2, loss(v1, v2), [loss(*start)], colors=INK, linewidths=1.6)
    for move, look, name in (
        (gradient, GRADIENT, r"gradient $\nabla C$"),
        (-eta * gradient, STEP, rf"step, $\eta$ = {eta:g}"),
    ):
        end, tail = tuple(start + move), (start[0], start[1])
        axis.annotate("", end, tail, arrowprops={"arrowstyle": "-|>", "lw": 2.2, **look})
        axis.annotate(name, end, (8, -4), textcoords="offset points", backgroundcolor="w", **look)
    axis.plot(*start, "o", color=INK)
    return figure


def change_along_step(
    ratio: np.ndarray, panels: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray, float]]
) -> Figure:
    """Draw the change of the loss against the step size eta = ratio * 2/Lambda.

    Each panel holds (true change, first-order change, bound, 2/Lambda).
    """
    figure, axes = plt.subplots(len(panels), 1, figsize=(5.4, 3.1 * len(panels)))
    for axis, (title, (change, first, bound, limit)) in zip(axes, panels.items(), strict=True):
        eta, lowest = ratio * limit, min(change.min(), bound.min())
        axis.axhline(0, color=INK, linewidth=0.6)
        axis.axvline(limit, color=INK, linewidth=0.6)
        axis.plot(eta, change, color=ORANGE, linewidth=3, label="true change")
        axis.plot(eta, bound, color=INK, linestyle=(0, (2, 1.5)), label="bound")
        axis.plot(eta, first, color=BLUE, linestyle=(0, (6, 2)), label="first order")
        axis.set(title=title, ylabel=r"$\Delta C$", ylim=(2.2 * lowest, -1.2 * lowest))
        axis.annotate(r"$2/\Lambda$", (limit, 2.1 * lowest), (4, 2), textcoords="offset points")
    axes[0].legend(loc="upper left")
    axes[-1].set_xlabel(r"step size $\eta$")
    return figure


def paths(loss: Loss, box: Box, walks: Mapping[float, np.ndarray]) -> Figure:
    """Draw walks over the same contours one below the other, each under its rate."""
    figure, axes = plt.subplots(len(walks), 1, figsize=(4.8, 2.9 * len(walks)), sharex=True)
    for axis, (eta, path) in zip(axes, walks.items(), strict=True):
        _contours(axis, loss, box)
        _path(axis, path)
        axis.set_title(f"η = {eta:g}")
        axis.label_outer()
    return figure


def race(losses: Mapping[str, Sequence[float]], goal: float) -> Figure:
    """Draw the loss of several update rules against the step, with the goal as a line."""
    figure, axis = plt.subplots(figsize=(6.0, 3.8))
    for (name, values), (color, dash) in zip(losses.items(), LINES, strict=True):
        axis.plot(values, color=color, linestyle=dash, linewidth=1.6, label=name)
    axis.axhline(goal, color=INK, linewidth=0.6)
    axis.set(yscale="log", xlabel="step", ylabel="loss C", ylim=(goal / 100, None))
    axis.legend(loc="upper right")
    return figure


def rising_costs(costs: Mapping[float, np.ndarray], shares: Mapping[float, np.ndarray]) -> Figure:
    """Draw a cost curve for each rate, and the share of steps that raise the cost for all seeds."""
    figure, (curves, seeds) = plt.subplots(2, 1, figsize=(5.4, 5.8), height_ratios=(3, 2))
    for row, ((rate, curve), (color, dash)) in enumerate(zip(costs.items(), LINES, strict=False)):
        curves.plot(curve, color=color, linestyle=dash, linewidth=1.4, label=f"η = {rate:g}")
        share = 100 * shares[rate]
        seeds.scatter(share, row + np.linspace(-0.25, 0.25, len(share)), s=18, color=color)
        seeds.plot([share.mean()] * 2, [row - 0.34, row + 0.34], color=INK)
    curves.set(xlabel="step", ylabel="cost J", ylim=(0, None))
    curves.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(costs))
    seeds.set_yticks(range(len(costs)), [f"η = {rate:g}" for rate in costs])
    seeds.set(xlabel="steps with a rising cost, %", xlim=(-2, None))
    seeds.invert_yaxis()
    return figure


def loss_and_slope(losses: Sequence[float], slopes: Sequence[float]) -> Figure:
    """Draw how a loss falls, step by step, while the size of its slope first grows."""
    figure, axis = plt.subplots(figsize=(6.0, 3.2))
    for values, (color, dash), name in (
        (losses, LINES[0], "loss C"),
        (slopes, LINES[1], "size of the slope |C'|"),
    ):
        axis.plot(values, color=color, linestyle=dash, marker="o", markersize=3.5)
        place = (13, values[13])
        axis.annotate(name, place, (8, 2), textcoords="offset points", color=color)
    axis.axhline(0, color=INK, linewidth=0.6)
    axis.set(xlabel="step", xticks=range(0, len(losses), 5))
    return figure


def _grid(box: Box, points: int) -> tuple[np.ndarray, np.ndarray]:
    left, right, bottom, top = box
    v1, v2 = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
    return v1, v2


def _contours(axis: Axes, loss: Loss, box: Box) -> QuadContourSet:
    """Draw contours, denser near the bottom, with equal scales on both axes."""
    v1, v2 = _grid(box, 121)
    values = loss(v1, v2)
    levels = values.max() * np.linspace(0, 1, 11)[1:-1] ** 2
    axis.set(xlabel="$v_1$", ylabel="$v_2$", aspect="equal")
    return axis.contour(v1, v2, values, levels, colors=GREY, linewidths=0.8)


def _path(axis: Axes, path: np.ndarray) -> None:
    axis.plot(*path.T, "o-", color=ORANGE, linewidth=1.4, markersize=4)
    axis.plot(*path[0], "o", color=INK)
