"""Colours, dashes and settings of every figure: each meaning has one colour and one dash."""

from typing import Any

INK = "#1f2933"
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0b5fa5", "#b34700", "#1b7a43", "#7b3294", "#6b7280"

QUADRATIC: dict[str, Any] = {"color": BLUE, "linestyle": "-"}
CROSS_ENTROPY: dict[str, Any] = {"color": ORANGE, "linestyle": (0, (6, 2))}
TRAINING: dict[str, Any] = {"color": GREY, "linestyle": (0, (2, 1.5))}
HELD_OUT: dict[str, Any] = {"color": GREEN, "linestyle": "-"}
GRADIENT: dict[str, Any] = {"color": BLUE}
STEP: dict[str, Any] = {"color": ORANGE}

# Arrows of the diagrams.
FORWARD: dict[str, Any] = {"color": INK, "linestyle": "-", "linewidth": 1.1}
BACKWARD: dict[str, Any] = {"color": BLUE, "linestyle": "-", "linewidth": 1.8}
PATH: dict[str, Any] = {"color": ORANGE, "linestyle": (0, (4, 1.2)), "linewidth": 2.6}
DELTA: dict[str, Any] = {"color": PURPLE, "linestyle": (0, (6, 1.5, 1, 1.5)), "linewidth": 2.2}
HELD: dict[str, Any] = {"color": GREY, "linestyle": (0, (1, 1.6)), "linewidth": 1.1}

BOOK_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "bpnet",
    "svg.fonttype": "path",
    "figure.figsize": (6.4, 3.4),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "image.cmap": "gray_r",
}
