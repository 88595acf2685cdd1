"""Figures of the chapter that goes from one sample to a matrix."""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from bpnet.layers import Affine
from bpnet.plotting.diagram import canvas, edge, node, note
from bpnet.plotting.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE
from bpnet.plotting.tables import ROW, signed, table

HEIGHT = 1.55  # of one sample in the drawing of the shards
RUNS: tuple[tuple[str, Any, str], ...] = (
    (ORANGE, "-", "o"),
    (BLUE, (0, (6, 2)), "s"),
    (GREEN, (0, (2, 1.5)), "^"),
    (PURPLE, (0, (7, 2, 1.5, 2)), "D"),
)


def shard_steps(
    layer: Affine, x: np.ndarray, y: np.ndarray, first: int
) -> tuple[Figure, list[str]]:
    """Add the slopes of W sample by sample, on two machines; return drawing and captions.

    The layer is a linear network with quadratic loss; machine 1 holds the `first` samples.
    """
    m = len(x)
    errors = layer.forward(x) - y
    slopes = errors[:, :, None] * x[:, None, :]
    shards = [slopes[:first].sum(axis=0), slopes[first:].sum(axis=0)]
    figure, axes = canvas(9.1, HEIGHT * m + 0.3, 7.4)
    tops = HEIGHT * (m - np.arange(m)) - 0.5
    for n, top in enumerate(tops):
        name, middle = str(n + 1), top - ROW / 2
        table(axes, f"$x_{name}$", 0.45, middle, x[[n]], steps=(1, None))
        table(axes, rf"$\delta_{name}$", 2.3, middle, errors[[n]], role="delta", steps=(2, None))
        edge(axes, (1.13, middle), (2.3, middle), steps=(2, None))
        edge(axes, (2.98, middle), (4.1, middle), role="backward", steps=(3, None))
        table(axes, f"sample {name}", 4.15, top, slopes[n], role="backward", steps=(3, None))
    places = [np.mean(tops[:first]), np.mean(tops[first:])]
    for machine, (total, top) in enumerate(zip(shards, places, strict=True)):
        table(axes, f"machine {machine + 1}", 6.2, top, total, role="backward", steps=(4, None))
        for tail in tops[:first] if machine == 0 else tops[first:]:
            ends = (4.9, tail - ROW / 2), (6.2, top - ROW / 2)
            edge(axes, *ends, role="backward", steps=(4, None))
    middle = float(np.mean(tops))
    table(
        axes,
        f"sum / {m}",
        8.05,
        middle,
        (shards[0] + shards[1]) / m,
        role="backward",
        steps=(5, None),
    )
    for top in places:
        ends = (6.95, top - ROW / 2), (7.95, middle - ROW / 2 + (top - middle) / 12)
        edge(axes, *ends, role="backward", steps=(5, None))
    return figure, _shard_captions(x, errors, slopes, shards, first)


def _shard_captions(
    x: np.ndarray,
    errors: np.ndarray,
    slopes: np.ndarray,
    shards: Sequence[np.ndarray],
    first: int,
) -> list[str]:
    m = len(x)
    mean = (shards[0] + shards[1])[0, 0] / m
    return [
        f"{m} samples, one a row. Each will go through the same layer, by itself.",
        "Each sample goes forward and gets its own error, prediction minus target. "
        f"That of sample 1: {_row(errors[0])}.",
        "Each sample makes its own slopes of W: entry (j, k) is error j times input k. First entry "
        f"of sample 1: {signed(errors[0, 0])} times {signed(x[0, 0])} is "
        f"{signed(slopes[0, 0, 0])}.",
        f"Each machine adds the slopes of its samples, {first} and {m - first} of them, entry by "
        "entry. First entries: "
        f"{signed(shards[0][0, 0])} and {signed(shards[1][0, 0])}.",
        f"The two sums are added and divided by {m}: the slopes of the mean cost. "
        f"First entry: {signed(mean)}. Nobody had to see all samples.",
    ]


def columns_to_rows(W: np.ndarray, A: np.ndarray) -> Figure:
    """Draw one sample as a column, the same sample lying down, and a batch; sample 1 is marked."""
    figure, axes = canvas(8.2, 6.6, 6.0)
    one, turned = A[:1], r"$W^{\mathsf{T}}$"
    lying = [(0, k) for k in range(W.shape[1])]
    out = [(0, j) for j in range(len(W))]
    standing, standing_out = [(k, j) for j, k in lying], [(k, j) for j, k in out]
    for words, y in (("one sample,\na column", 5.4), ("lying down", 3.45), ("a batch", 1.3)):
        note(axes, 0.1, y, words, "held", align="left")
    table(axes, "$W$", 2.6, 5.7, W, "parameter")
    table(axes, "$a$", 5.0, 5.7, one.T, marked=standing)
    table(axes, "$W a$", 7.0, 5.7, W @ one.T, marked=standing_out)
    for top, rows, name in ((3.7, one, r"a^{\mathsf{T}}"), (1.6, A, "A")):
        table(axes, f"${name}$", 2.3, top, rows, marked=lying)
        table(axes, turned, 4.6, top, W.T, "parameter")
        table(axes, f"${name}\\, W^{{\\mathsf{{T}}}}$", 6.8, top, rows @ W.T, marked=out)
    for x, y, sign in (
        (4.1, 5.45, "·"),
        (6.0, 5.45, "="),
        (3.8, 3.45, "·"),
        (6.05, 3.45, "="),
        (3.8, 1.3, "·"),
        (6.05, 1.3, "="),
    ):
        note(axes, x, y, sign)
    return figure


def rows_graph() -> Figure:
    """Draw the affine layer in rows, Y = X W + B: shapes forward above, slopes backward below."""
    figure, axes = canvas(8.6, 4.5, 6.4)
    node(axes, 0.5, 1.4, "$X$")
    node(axes, 3.4, 1.4, "·", kind="operation")
    node(axes, 6.0, 1.4, "+", kind="operation")
    node(axes, 8.1, 1.4, "$Y$")
    node(axes, 3.4, 3.4, "$W$", kind="parameter")
    node(axes, 6.0, 3.4, "$B$", kind="parameter")
    shapes = ((0.5, 3.4, "$(N, D)$"), (3.4, 6.0, "$(N, M)$"), (6.0, 8.1, "$(N, M)$"))
    for left, right, shape in shapes:
        edge(axes, (left, 1.4), (right, 1.4), above=shape)
    edge(axes, (3.4, 3.4), (3.4, 1.4))
    for bend in (-0.25, 0.0, 0.25):
        edge(axes, (6.0, 3.4), (6.0, 1.4), bend=bend)
    note(axes, 3.25, 2.6, "$(D, M)$", align="right")
    note(axes, 5.6, 2.75, "$(M,)$, to each\nof the $N$ rows", align="right")
    edge(axes, (7.9, 0.85), (6.3, 0.85), role="backward")
    edge(axes, (5.7, 0.85), (3.7, 0.85), role="backward")
    edge(axes, (3.1, 0.85), (0.7, 0.85), role="backward")
    note(axes, 7.1, 0.55, r"$\bar{Y}$", role="backward")
    note(axes, 4.7, 0.55, r"$\bar{Y}$", role="backward")
    note(axes, 1.9, 0.55, r"$\bar{X} = \bar{Y}\, W^{\mathsf{T}}$", role="backward")
    note(axes, 3.4, 3.95, r"$\bar{W} = X^{\mathsf{T}}\, \bar{Y}$", role="backward")
    note(axes, 6.0, 4.0, r"$\bar{B} = \sum_n \bar{Y}_n$", role="backward")
    return figure


def clouds(full: np.ndarray, drawn: Mapping[int, np.ndarray]) -> Figure:
    """Draw, for each batch size, two slopes of many mini-batches around those of the whole."""
    figure, axes = plt.subplots(1, len(drawn), figsize=(7.2, 2.9), sharex=True, sharey=True)
    for axis, (size, points) in zip(axes, drawn.items(), strict=True):
        axis.axhline(0, color=GREY, linewidth=0.6)
        axis.axvline(0, color=GREY, linewidth=0.6)
        axis.plot(*points.T, ".", color=BLUE, markersize=3)
        axis.plot(*full, "D", color=ORANGE, markeredgecolor="white", markersize=8)
        axis.set_title(f"batches of {size:,}" if size > 1 else "single samples")
    axes[0].set_ylabel("slope of another")
    axes[len(axes) // 2].set_xlabel("slope of one hidden bias")
    return figure


def noise(sizes: np.ndarray, exact: np.ndarray, measured: Mapping[int, float]) -> Figure:
    """Draw by how much a mini-batch's gradient misses, against its size, on log scales."""
    figure, axis = plt.subplots(figsize=(6.0, 3.8))
    axis.plot(sizes, exact, color=BLUE, label="the formula")
    axis.plot(sizes, exact[0] / np.sqrt(sizes), color=GREY, linestyle=(0, (2, 1.5)), zorder=1)
    places, values = list(measured), list(measured.values())
    axis.plot(places, values, "o", color=ORANGE, markersize=7, label="measured")
    axis.axhline(1, color=INK, linewidth=0.6)
    axis.annotate("as long as the gradient", (60, 1), (0, 4), textcoords="offset points")
    end = sizes[-1], exact[0] / np.sqrt(sizes[-1])
    axis.annotate(r"$1/\sqrt{B}$", end, (-14, 14), textcoords="offset points", color=GREY)
    axis.set(xscale="log", yscale="log", xlabel="samples in the batch, B")
    axis.set_ylabel("miss / length of the gradient")
    axis.legend(loc="upper right")
    return figure


def passes(costs: Mapping[int, Sequence[float]]) -> Figure:
    """Draw the cost after each pass over the data, a marked line for each of up to four sizes."""
    figure, axis = plt.subplots(figsize=(6.0, 3.6))
    for (size, values), (color, dash, marker) in zip(
        costs.items(), RUNS[: len(costs)], strict=True
    ):
        (line,) = axis.plot(values, color=color, linestyle=dash, marker=marker, markersize=5)
        name = f"B = {size:,}"
        line.set_label(name)
        end = len(values) - 1, values[-1]
        axis.annotate(name, end, (8, -4), textcoords="offset points", color=color)
    last = len(next(iter(costs.values()))) - 1
    axis.set(xlabel="passes over the data", ylabel="cost of all samples", ylim=(0, None))
    axis.set(xticks=range(last + 1), xlim=(-0.08, 1.25 * last))
    return figure


def _row(values: np.ndarray) -> str:
    return "(" + ", ".join(map(signed, values)) + ")"
