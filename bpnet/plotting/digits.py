"""Figures of the chapter that trains on handwritten digits."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from bpnet.network import Network
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


def wish(network: Network, image: np.ndarray, digit: int) -> Figure:
    """Draw what a network answers to one image, and the way back if it should be `digit`.

    The image, its ten probabilities, the slope of the cost in each pixel with the image's
    outline, and the first layer's delta, one bar a neuron.
    """
    figure, axes = plt.subplot_mosaic("ABC;DDD", figsize=(7.0, 5.0), height_ratios=[3, 2])
    x = image.reshape(1, -1)
    chances = network.predict(x)[0]
    gradient = network.input_gradient(x, [digit])[0]
    delta = network.deltas()[0][0]
    axes["A"].imshow(x.reshape(28, 28), vmin=0, vmax=1)
    axes["A"].set_title("the digit", fontsize=10)
    bars = axes["B"].barh(range(10), chances, color=INK)
    axes["B"].bar_label(
        bars, [f"{100 * chance:.1f} %" for chance in chances], padding=3, fontsize=8
    )
    names = [f"{k} (wish)" if k == digit else f"{k}" for k in range(10)]
    axes["B"].set(xlim=(0, 1.4), xticks=[], yticks=range(10), yticklabels=names)
    axes["B"].invert_yaxis()
    axes["B"].spines["bottom"].set_visible(False)
    axes["B"].set_title("the answer", fontsize=10)
    limit = np.abs(gradient).max()
    colours = LinearSegmentedColormap.from_list("helps or hurts", [BLUE, "white", ORANGE])
    slope = axes["C"].imshow(gradient.reshape(28, 28), cmap=colours, vmin=-limit, vmax=limit)
    axes["C"].contour(x.reshape(28, 28), [0.5], colors=INK, linewidths=1)
    axes["C"].set_title("slope of the cost", fontsize=10)
    scale = figure.colorbar(slope, ax=axes["C"], location="bottom", ticks=[-limit, 0, limit])
    scale.ax.set_xticklabels(["− ink helps", "0", "+ ink hurts"], fontsize=8)
    for name in "AC":
        axes[name].set(xticks=[], yticks=[], anchor="N")
    neurons = np.arange(1, len(delta) + 1)
    axes["D"].bar(neurons, delta, color=PURPLE)
    axes["D"].plot(neurons[delta == 0], delta[delta == 0], "s", color=GREY, markersize=2.5)
    axes["D"].set(xlabel="neuron of the first layer", xlim=(0, len(delta) + 1), ylabel="δ")
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
