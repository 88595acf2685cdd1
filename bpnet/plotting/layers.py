"""Figures of the chapter on layers."""

from collections.abc import Iterable

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from bpnet.layers import Affine
from bpnet.plotting.diagram import Point, canvas, edge, node, note
from bpnet.plotting.style import BLUE, GREY, INK, ORANGE, PATH
from bpnet.plotting.tables import COLUMN, ROW, signed, table

TRANSPOSED = r"\Delta^{\mathsf{T}}"


def affine_steps(layer: Affine, A: np.ndarray, Delta: np.ndarray) -> tuple[Figure, list[str]]:
    """Run a batch through the layer and back; return the drawing and a caption for each step."""
    Z, dA = layer.forward(A), layer.backward(Delta)
    dW, db = np.asarray(layer.dW), np.asarray(layer.db)
    figure, axes = canvas(8.4, 5.5, 7.4)
    _room(axes, 2.1, 0.1, 4.2, 5.3)
    note(axes, 4.2, 5.15, "the layer", "held")
    W_at, b_at, A_at, Z_at, kept_at = (2.6, 4.4), (5.5, 4.4), (0.4, 4.4), (7.3, 4.4), (3.86, 3.3)
    Delta_at, dW_at, db_at, dA_at = (7.3, 1.6), (2.6, 1.1), (5.5, 1.1), (0.4, 1.6)
    table(axes, "$W$", *W_at, layer.W, "parameter")
    table(axes, "$b$", *b_at, layer.b[:, None], "parameter")
    table(axes, "$A$", *A_at, A, steps=(1, None))
    edge(axes, (1.2, 3.88), (2.3, 3.88), steps=(1, None))
    table(axes, "$Z$", *Z_at, Z, steps=(2, None))
    edge(axes, (6.1, 3.88), (7.2, 3.88), steps=(2, None))
    table(axes, "$A$, kept", *kept_at, A, steps=(3, None))
    table(axes, r"$\Delta$", *Delta_at, Delta, role="delta", steps=(4, None))
    edge(axes, (7.2, 1.08), (6.1, 1.08), role="delta", steps=(4, None))
    table(axes, f"${TRANSPOSED} A$", *dW_at, dW, role="backward", steps=(5, None))
    table(
        axes,
        f"${TRANSPOSED} \\mathbf{{1}}$",
        *db_at,
        db[:, None],
        role="backward",
        steps=(6, None),
    )
    table(axes, r"$\Delta\, W$", *dA_at, dA, role="backward", steps=(7, None))
    edge(axes, (2.3, 1.08), (1.2, 1.08), role="backward", steps=(7, None))
    m, (n_out, n_in) = len(A), layer.W.shape
    _mark(axes, (2, 2), (W_at, 1, n_in), (A_at, 1, n_in), (b_at, 1, 1), (Z_at, 1, 1))
    _mark(axes, (5, 5), (Delta_at, m, 1), (kept_at, m, 1), (dW_at, 1, 1))
    _mark(axes, (6, 6), (Delta_at, m, 1), (db_at, 1, 1))
    _mark(axes, (7, 7), (Delta_at, 1, n_out), (W_at, n_out, 1), (dA_at, 1, 1))
    return figure, [
        f"A batch A arrives: {len(A)} samples, one a row. The layer holds its own W and b.",
        f"Forward: Z leaves. Its first entry (marked): {_products(layer.W[0], A[0])} + "
        f"{_factor(layer.b[0])} = {signed(Z[0, 0])}. All rows: {_rows(Z)}.",
        "The layer keeps A. It does not keep Z, which it will not need.",
        "Backward: Delta arrives, the slope of J in every entry of Z. It has the shape of Z.",
        "The slopes of W: Delta, transposed, times the kept A. First entry (marked): "
        f"{_products(Delta[:, 0], A[:, 0])} = {signed(dW[0, 0])}, a term for each sample. "
        f"All rows: {_rows(dW)}.",
        "The slopes of b: each column of Delta, added up. The first: "
        f"{_added(Delta[:, 0])} = {signed(db[0])}. All: {_rows(db[None])}.",
        "Delta W leaves for the layer before, in the shape of A. First entry (marked): "
        f"{_products(Delta[0], layer.W[:, 0])} = {signed(dA[0, 0])}, a term for each neuron. "
        f"All rows: {_rows(dA)}.",
    ]


def affine_graph() -> Figure:
    """Draw the affine layer as a product and a sum, with the shapes on the arrows."""
    figure, axes = canvas(8.0, 3.1, 6.0)
    wide = "n_{\\mathrm{in}}"
    out = "n_{\\mathrm{out}}"
    node(axes, 0.5, 1.0, "$A$")
    node(axes, 2.9, 1.0, "·", kind="operation")
    node(axes, 5.3, 1.0, "+", kind="operation")
    node(axes, 7.5, 1.0, "$Z$")
    node(axes, 2.9, 2.6, "$W$", kind="parameter")
    node(axes, 5.3, 2.6, "$b$", kind="parameter")
    edge(axes, (0.5, 1.0), (2.9, 1.0), f"$({wide},)$", f"$(m, {wide})$")
    edge(axes, (2.9, 1.0), (5.3, 1.0), f"$({out},)$", f"$(m, {out})$")
    edge(axes, (5.3, 1.0), (7.5, 1.0), f"$({out},)$", f"$(m, {out})$")
    edge(axes, (2.9, 2.6), (2.9, 1.0))
    edge(axes, (5.3, 2.6), (5.3, 1.0))
    note(axes, 2.75, 1.85, f"$({out}, {wide})$", align="right")
    note(axes, 5.45, 1.85, f"$({out},)$", align="left")
    note(axes, 0.1, 0.2, "above the arrows: one sample; below: a batch", "held", align="left")
    return figure


def batch_entry(A: np.ndarray, Delta: np.ndarray, j: int, k: int) -> Figure:
    """Draw which column of Delta and which of A make entry (j, k) of the slopes of W."""
    figure, axes = canvas(8.2, 2.6, 6.0)
    samples = range(len(A))
    top, delta_x, a_x = 1.7, 1.7, 3.7
    table(axes, r"$\Delta$", delta_x, top, Delta, marked=[(n, j) for n in samples])
    table(axes, "$A$", a_x, top, A, marked=[(n, k) for n in samples])
    table(axes, f"${TRANSPOSED} A$", 5.7, top, Delta.T @ A, marked=[(j, k)])
    table(
        axes, f"${TRANSPOSED} \\mathbf{{1}}$", 7.7, top, Delta.sum(axis=0)[:, None], marked=[(j, 0)]
    )
    for n in samples:
        note(axes, 0.6, top - ROW * n, f"sample {n + 1}", "held")
        note(axes, (delta_x + COLUMN + a_x) / 2, top - ROW * n, "×", "path")
    note(axes, (a_x + COLUMN + 5.7) / 2, top - ROW / 2, "→", "path")
    return figure


def switch() -> Figure:
    """Draw ReLU with lines through its kink that stay below it, and its slope, 0 chosen at 0."""
    figure, (graph, slope) = plt.subplots(2, 1, figsize=(5.4, 5.4), sharex=True)
    z = np.array([-2.0, 0.0, 2.0])
    for s, dash in ((0.2, (0, (1, 1.6))), (0.5, (0, (4, 2))), (0.8, (0, (7, 2, 1.5, 2)))):
        graph.plot(z, s * z, color=ORANGE, linestyle=dash, linewidth=1.3)
        graph.annotate(f"slope {s}", (2.05, 2 * s), color=ORANGE, va="center")
    graph.plot(z, np.maximum(z, 0), color=INK, linewidth=2.6)
    graph.annotate("max(0, z)", (1.1, 1.1), (-8, 8), textcoords="offset points", ha="right")
    slope.plot([0, 0], [0, 1], color=GREY, linestyle=(0, (1, 1.6)))
    slope.plot([-2, 0], [0, 0], color=BLUE)
    slope.plot([0, 2], [1, 1], color=BLUE)
    slope.plot(0, 0, "o", color=BLUE, markersize=8)
    slope.plot(0, 1, "o", color=BLUE, markerfacecolor="white", markersize=8)
    for words, x, y in (("off: 0", -1.2, 0.08), ("0, by choice", 0.12, 0.08), ("on: 1", 1.2, 0.84)):
        slope.annotate(words, (x, y), color=BLUE)
    graph.set(ylim=(-1.7, 2.1), ylabel="output a")
    slope.set(ylim=(-0.2, 1.2), ylabel="slope da/dz", xlabel="weighted input z")
    return figure


def _mark(axes: Axes, span: tuple[int, int], *blocks: tuple[Point, int, int]) -> None:
    """Frame parts of matrices: each from its first entry on, so many rows, so many columns."""
    for (x, y), rows, columns in blocks:
        corner = (x - COLUMN / 2, y - ROW * (rows - 0.5))
        frame = FancyBboxPatch(
            corner, COLUMN * columns, ROW * rows, boxstyle="round,pad=0", fill=False, zorder=6
        )
        frame.set(edgecolor=PATH["color"], linestyle=PATH["linestyle"], linewidth=2.2)
        frame.set_gid(f"step-{span[0]}-{span[1]}-{len(axes.get_children())}")
        axes.add_patch(frame)


def _room(axes: Axes, x: float, y: float, width: float, height: float) -> None:
    """Draw the walls of a layer."""
    wall = FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0", fill=False, edgecolor=GREY)
    axes.add_patch(wall)


def _rows(values: np.ndarray) -> str:
    return "; ".join(", ".join(map(signed, row)) for row in values)


def _products(first: Iterable[float], second: Iterable[float]) -> str:
    """Write the sum of products, a minus inside parentheses: 2·1 + (−1)·2."""
    pairs = zip(first, second, strict=True)
    return " + ".join(f"{_factor(a)}·{_factor(b)}" for a, b in pairs)


def _added(values: Iterable[float]) -> str:
    return " + ".join(map(_factor, values))


def _factor(value: float) -> str:
    return f"({signed(value)})" if value < 0 else signed(value)
