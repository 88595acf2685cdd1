"""Figures of the chapter on losses."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.activations import sigmoid, sigmoid_derivative
from bpnet.losses import (
    quadratic,
    sigmoid_cross_entropy,
    sigmoid_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
)
from bpnet.plotting.style import CROSS_ENTROPY, HELD_OUT, INK, QUADRATIC, TRAINING
from bpnet.training import History


def losses_and_errors(y: float, z_marked: float) -> Figure:
    """Draw both losses and both output errors of one sigmoid neuron against z, for target `y`."""
    z = np.linspace(-8, 8, 321)
    losses, errors = (_losses(z, y), _errors(z, y))
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.2))
    for axis, curves, title in zip(
        axes, (losses, errors), ("the loss C", "the output error dC/dz"), strict=True
    ):
        looks = ((QUADRATIC, "o"), (CROSS_ENTROPY, "s"))
        for curve, (look, marker) in zip(curves, looks, strict=True):
            axis.plot(z, curve, **look)
            axis.plot(z_marked, np.interp(z_marked, z, curve), marker, color=look["color"])
        axis.axvline(z_marked, color=INK, linewidth=0.6)
        axis.set(title=f"{title}, target y = {y:g}", xlabel="weighted input z")
    _name_curves(axes[0], losses)
    return figure


def pushes_of_outputs(z: Sequence[float], y: Sequence[float]) -> Figure:
    """Draw the push on each score: softmax with its loss; one sigmoid each, with two losses."""
    scores, places = np.asarray(z), np.arange(1, len(z) + 1)
    errors = sigmoid_cross_entropy_gradient(scores, y)
    panels = (
        ("softmax", ((softmax_cross_entropy_gradient(scores, y), 0.0, CROSS_ENTROPY, ""),)),
        (
            "one sigmoid each",
            (
                (errors, -0.2, CROSS_ENTROPY, ""),
                (errors * sigmoid_derivative(scores), 0.2, QUADRATIC, "////"),
            ),
        ),
    )
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.4), sharey=True, width_ratios=(2, 3))
    for axis, (title, kinds) in zip(axes, panels, strict=True):
        for values, shift, look, hatch in kinds:
            color, name = look["color"], "quadratic" if hatch else "cross-entropy"
            bars = axis.bar(places + shift, values, 0.36, fc="white", ec=color, hatch=hatch)
            bars.set_label(name)
            axis.bar_label(bars, [_signed(value) for value in values], padding=2, fontsize=9)
        axis.axhline(0, color=INK, linewidth=0.8)
        axis.set(title=title, ylim=(-1.3, 1.3), xticks=places)
        axis.set_xticklabels([f"class {k}" for k in places])
    axes[0].set_ylabel("push δ")
    axes[1].legend(loc="lower right", ncols=2)
    return figure


def learning_neuron(outputs: Mapping[str, Sequence[float]]) -> Figure:
    """Draw how the output of one neuron falls, step by step, under each of the two losses."""
    figure, axis = plt.subplots()
    for (name, values), look in zip(outputs.items(), (QUADRATIC, CROSS_ENTROPY), strict=True):
        axis.plot(values, label=name, **look)
        middle = len(values) // 3
        axis.annotate(
            name, (middle, values[middle]), (6, 8), textcoords="offset points", color=look["color"]
        )
    axis.axhline(0.2, color=INK, linewidth=0.6)
    axis.set(xlabel="steps", ylabel="output of the neuron", ylim=(0, 1))
    return figure


def steps_until_learned(steps: Mapping[tuple[float, str], Sequence[int | None]]) -> Figure:
    """Draw, for every learning rate and loss, the steps each seed took; crosses never learned."""
    figure, axis = plt.subplots(figsize=(6.4, 3.6))
    looks = {"quadratic": ("o", QUADRATIC["color"]), "cross-entropy": ("s", CROSS_ENTROPY["color"])}
    failed_at = 6000
    for row, ((_rate, loss), found) in enumerate(steps.items()):
        marker, color = looks[loss]
        learned = [count for count in found if count is not None]
        failures = len(found) - len(learned)
        axis.scatter(learned, row + _spread(len(learned)), marker=marker, s=20, color=color)
        axis.scatter(
            failed_at * 1.06 ** np.arange(failures), [row] * failures, marker="x", s=24, color=color
        )
    axis.axvline(failed_at * 0.85, color=INK, linewidth=0.6)
    axis.set(xscale="log", xlabel="steps until all four answers are right (crosses: never)")
    axis.set_yticks(range(len(steps)), [f"{loss}, η = {rate:g}" for rate, loss in steps])
    axis.invert_yaxis()
    return figure


def overfitting(history: History) -> Figure:
    """Draw the cost on the training points and on fresh points, epoch by epoch."""
    figure, axis = plt.subplots()
    for values, look, name in (
        (history.cost, TRAINING, "training points"),
        (history.held_out_cost, HELD_OUT, "points never trained on"),
    ):
        axis.plot(history.epochs, values, **look)
        axis.annotate(
            name,
            (history.epochs[-1], values[-1]),
            (-4, 7),
            textcoords="offset points",
            ha="right",
            color=look["color"],
        )
    axis.set(xlabel="epoch", ylabel="mean cost J", ylim=(0, None))
    return figure


def _signed(value: float) -> str:
    return f"{value:.4f}".replace("-", "\N{MINUS SIGN}")


def _losses(z: np.ndarray, y: float) -> tuple[np.ndarray, np.ndarray]:
    column = z[:, None]
    return quadratic(sigmoid(column), y), sigmoid_cross_entropy(column, y)


def _errors(z: np.ndarray, y: float) -> tuple[np.ndarray, np.ndarray]:
    a = sigmoid(z)
    return (a - y) * a * (1 - a), a - y


def _name_curves(axis: Axes, curves: tuple[np.ndarray, np.ndarray]) -> None:
    for name, look, curve, share in zip(
        ("quadratic", "cross-entropy"),
        (QUADRATIC, CROSS_ENTROPY),
        curves,
        (0.86, 0.68),
        strict=True,
    ):
        index = int(share * (curve.size - 1))
        position = (-8 + 16 * share, float(curve[index]))
        axis.annotate(
            name, position, (-4, 6), textcoords="offset points", ha="right", color=look["color"]
        )


def _spread(count: int) -> np.ndarray:
    """Return small vertical offsets, so that equal counts stay visible."""
    return 0.24 * np.sin(2.4 * np.arange(count))
