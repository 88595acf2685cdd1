"""Figures of the chapter that trains on handwritten digits."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from bpnet.plotting.style import BLUE, CROSS_ENTROPY, GREEN, GREY, INK, ORANGE, PURPLE
from bpnet.training import History

MARKS = (("o", BLUE), ("s", ORANGE), ("^", GREEN), ("D", PURPLE), ("v", GREY))


def digit_grid(images: np.ndarray, titles: Sequence[str], columns: int = 6) -> Figure:
    """Draw rows of 784 pixels as images, each under its title."""
    rows = -(-len(images) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(7.0, 1.45 * rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, image, title in zip(axes.flat, images, titles, strict=False):
        axis.imshow(image.reshape(28, 28), vmin=0, vmax=1)
        axis.set_title(title, loc="center", fontsize=9)
    return figure


def learning_curves(histories: Mapping[str, History], bottom: float) -> Figure:
    """Draw the accuracy on the test digits after every epoch, one marked line a run."""
    figure, axis = plt.subplots()
    for (name, history), (marker, color) in zip(histories.items(), MARKS, strict=False):
        percent = 100 * np.array(history.held_out_accuracy)
        axis.plot(history.epochs, percent, marker=marker, markersize=4, color=color, label=name)
    axis.set(xlabel="epoch", ylabel="test digits read correctly, %", ylim=(bottom, 100))
    axis.legend(loc="lower right")
    return figure


def confusion(matrix: np.ndarray) -> Figure:
    """Draw a confusion matrix: rows are the truth, columns the answer, mistakes shaded."""
    figure, axis = plt.subplots(figsize=(5.6, 5.2))
    mistakes = matrix - np.diag(np.diag(matrix))
    axis.imshow(mistakes, cmap="Oranges", vmax=max(2 * mistakes.max(), 1))
    for row, column in np.ndindex(matrix.shape):
        count = matrix[row, column]
        weight = "bold" if row == column else "normal"
        axis.text(
            column,
            row,
            f"{count}" if count else "·",
            ha="center",
            va="center",
            fontsize=8.5,
            color=INK,
            fontweight=weight,
        )
    axis.set(xlabel="answer", ylabel="truth", xticks=range(10), yticks=range(10))
    return figure


def first_layer_weights(weights: np.ndarray, columns: int = 8) -> Figure:
    """Draw each row of the first weight matrix as an image: orange wants ink, purple none."""
    rows = -(-len(weights) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(7.0, 0.95 * rows), squeeze=False)
    limit = np.quantile(np.abs(weights), 0.995)
    for axis, row in zip(axes.flat, weights, strict=False):
        axis.imshow(row.reshape(28, 28), cmap="PuOr_r", vmin=-limit, vmax=limit)
    for axis in axes.flat:
        axis.axis("off")
    return figure


def gradient_over_digit(image: np.ndarray, gradients: Mapping[str, np.ndarray]) -> Figure:
    """Draw a digit, then its outline over each gradient of the cost in its pixels."""
    figure, axes = plt.subplots(1, 1 + len(gradients), figsize=(7.0, 2.7))
    axes[0].imshow(image.reshape(28, 28), vmin=0, vmax=1)
    axes[0].set_title("the digit", fontsize=10)
    for axis, (name, gradient) in zip(axes[1:], gradients.items(), strict=True):
        limit = np.abs(gradient).max()
        picture = axis.imshow(gradient.reshape(28, 28), cmap="PuOr_r", vmin=-limit, vmax=limit)
        axis.contour(image.reshape(28, 28), [0.5], colors=INK, linewidths=1)
        axis.set_title(name, fontsize=10)
        bar = figure.colorbar(picture, ax=axis, shrink=0.7, ticks=[-limit, 0, limit])
        bar.ax.set_yticklabels(["ink helps", "0", "ink hurts"], fontsize=8)
    for axis in axes:
        axis.set(xticks=[], yticks=[])
    return figure


def probabilities(before: np.ndarray, after: np.ndarray) -> Figure:
    """Draw the ten probabilities of an image before and after a step on its pixels."""
    figure, axis = plt.subplots(figsize=(6.4, 2.8))
    places = np.arange(10)
    axis.bar(places - 0.2, before, 0.4, color=GREY, label="before")
    axis.bar(places + 0.2, after, 0.4, color=CROSS_ENTROPY["color"], hatch="//", label="after")
    axis.set(xlabel="digit", ylabel="probability", xticks=places, ylim=(0, 1))
    axis.legend(loc="upper right")
    return figure
