"""Figures of the chapter on recurrent networks."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bpnet.plotting.diagram import canvas, edge, node, note
from bpnet.plotting.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE

Drawing: TypeAlias = tuple[Figure, list[str]]  # and the caption of each of its steps

LINES = (
    (ORANGE, "o", "-"),
    (BLUE, "s", (0, (6, 2))),
    (GREEN, "^", (0, (2, 1.5))),
    (PURPLE, "D", (0, (7, 2, 1.5, 2))),
)


def three_uses(w: float, start: float) -> Drawing:
    """Draw h_3 = w w w h_0, and step by step the path from each of the three uses of w."""
    h = start * w ** np.arange(4)
    figure, axes = canvas(8.6, 4.0)
    places = [0.8, 3.1, 5.4, 7.7]
    for t, x in enumerate(places):
        node(axes, x, 2.5, f"$h_{t}$")
        note(axes, x, 3.0, f"{h[t]:g}")
    for t in (1, 2, 3):
        node(axes, places[t], 1.3, "$w$", "parameter")
        edge(axes, (places[t - 1], 2.5), (places[t], 2.5))
        edge(axes, (places[t], 1.3), (places[t], 2.5))
    note(axes, 4.3, 3.7, rf"$h_t = w\,h_{{t-1}}$ with $w = {w:g}$ in all three places")
    for step, t in zip((2, 3, 4), (3, 2, 1), strict=True):
        only = (step, step)
        edge(axes, (places[t], 1.3), (places[t], 2.5), role="path", steps=only)
        note(axes, places[t] - 0.45, 1.85, f"${h[t - 1]:g}$", "path", steps=only)
        for later in range(t + 1, 4):
            start_, end = (places[later - 1], 2.5), (places[later], 2.5)
            edge(axes, start_, end, above=f"${w:g}$", role="path", steps=only)
        factors = r" \cdot ".join([f"{h[t - 1]:g}", *[f"{w:g}"] * (3 - t)])
        product = f"${factors}$" if t == 3 else f"${factors} = {h[t - 1] * w ** (3 - t):g}$"
        note(axes, places[t], 0.65, product, "path", steps=(step, None))
    share = w**2 * start
    note(axes, 4.3, 0.15, f"all paths: ${3 * share:g}$, one path: ${share:g}$", steps=(5, None))
    return figure, [
        "Forward. The three boxes are one and the same number w; each h is w times the h before.",
        f"The use at the last step. Hold h₂ fixed: a nudge of w moves h₃ by h₂ = {h[2]:g} times as "
        "much.",
        f"The use at the second step. It moves h₂ by h₁ = {h[1]:g} times as much, and h₃ by w = "
        f"{w:g} times that: {share:g}.",
        f"The use at the first step. It moves h₁ by h₀ = {h[0]:g} times as much. On the way to h₃ "
        f"there are two factors w: {share:g}.",
        f"Every path counts. They add up to {3 * share:g}; the last one alone is {share:g}.",
    ]


def two_branches() -> Drawing:
    """Draw three steps of a recurrent network, and how its errors come back through them."""
    figure, axes = canvas(8.6, 5.6)
    places = {0: 0.7, 1: 2.9, 2: 5.3, 3: 7.7}
    node(axes, places[0], 2.6, "$h_0$")
    for t in (1, 2, 3):
        x = places[t]
        node(axes, x, 2.6, f"$h_{t}$")
        node(axes, x, 1.0, f"$x_{t}$")
        node(axes, x, 4.4, f"$C_{t}$", "loss")
        edge(axes, (places[t - 1], 2.6), (x, 2.6), above="$W_h$", at=0.42)
        edge(axes, (x, 1.0), (x, 2.6), above="$W_x$", at=0.4)
        edge(axes, (x, 2.6), (x, 4.4), above="$W_y$", at=0.55)
    note(axes, 4.3, 5.3, "the same $W_x$, $W_h$, $W_y$ at every step; $L = C_1 + C_2 + C_3$")
    for step, t in zip((2, 3, 4), (3, 2, 1), strict=True):
        x, shown = places[t], (step, None)
        edge(axes, (x, 4.4), (x, 2.6), role="backward", bend=0.35, steps=shown)
        if t < 3:
            edge(axes, (places[t + 1], 2.6), (x, 2.6), role="delta", bend=-0.3, steps=shown)
        note(axes, x + 0.52, 2.95, rf"$\delta_{t}$", "delta", steps=shown)
    for t in (1, 2, 3):
        name = rf"$\delta_{t}\,h_{t - 1}^{{\mathsf{{T}}}}$"
        note(axes, (places[t - 1] + places[t]) / 2, 0.35, name, "backward", steps=(5, None))
    for x in (3.0, 5.3):
        note(axes, x, 0.35, "$+$", "backward", steps=(5, None))
    return figure, [
        "Forward: three time steps, unrolled. Each state feeds its own loss and the next state.",
        "The last state feeds only its own loss C₃. One branch comes back to it; times the slope "
        "of tanh it is δ₃.",
        "h₂ feeds C₂ and h₃. Two branches come back and add; times the slope of tanh they are δ₂.",
        "The same again one step earlier: C₁ now, and all later losses through δ₂.",
        "The weights between states were used three times. Each use has an error and an input of "
        "its own; the slopes add.",
    ]


def lstm_cell() -> Drawing:
    """Draw the memory and the gates of an LSTM cell, and how the errors come back."""
    figure, axes = canvas(8.8, 4.9)
    past, forget, add, memory, after = ((x, 4.0) for x in (0.6, 2.4, 4.4, 6.2, 8.2))
    write, squash, show, h = (4.4, 2.7), (6.2, 2.7), (6.2, 1.4), (8.2, 1.4)
    for (x, y), text, kind in (
        (past, "$c_{t-1}$", "value"),
        (forget, "×", "operation"),
        (add, "+", "operation"),
        (memory, "$c_t$", "value"),
        (after, "$c_{t+1}$", "value"),
        (write, "×", "operation"),
        (squash, "tanh", "operation"),
        (show, "×", "operation"),
        (h, "$h_t$", "value"),
    ):
        node(axes, x, y, text, kind)
    gates = {
        "f": ((2.4, 2.7), forget),
        "i": ((3.3, 1.4), write),
        "g": ((4.4, 1.4), write),
        "o": ((5.3, 0.5), show),
    }
    for name, (place, target) in gates.items():
        node(axes, *place, f"${name}_t$")
        edge(axes, place, target)
    along = ((past, forget), (forget, add), (add, memory), (memory, after))
    for start, end in (*along, (write, add), (memory, squash), (squash, show), (show, h)):
        edge(axes, start, end)
    note(axes, 1.5, 0.9, "every gate sees\n$x_t$ and $h_{t-1}$")
    _lstm_backward(axes, gates)
    return figure, [
        "Forward. The memory runs along the top: times the forget gate, plus what is written. "
        "Below, tanh and the output gate make the state h.",
        "The slope of h goes back through the product with the output gate and through tanh, to "
        "the memory.",
        "The memory also feeds the next memory, whose slope comes back times the next forget "
        "gate. The two branches add.",
        "From the memory the slope goes through the sum to both products, and there to the forget "
        "gate, the input gate and the candidate; from h it goes to the output gate.",
        "The path along the memory alone: no weight matrix and no tanh, only forget gates.",
    ]


def _lstm_backward(axes: Axes, gates: Mapping[str, tuple]) -> None:
    """Draw the steps back: from h, along the memory, to the gates, and the path of the memory."""
    for a, b, words, step in (
        ((8.2, 1.4), (6.2, 1.4), r"$\bar h_t$", 2),
        ((6.2, 1.4), (6.2, 2.7), "", 2),
        ((6.2, 2.7), (6.2, 4), "", 2),
    ):
        edge(axes, a, b, above=words, role="backward", bend=0.25, steps=(step, 4))
    later = r"$f_{t+1}\,\bar c_{t+1}$"
    edge(axes, (8.2, 4), (6.2, 4), below=later, role="delta", bend=-0.3, steps=(3, 4))
    note(axes, 5.75, 3.55, r"$\bar c_t$", "delta", steps=(3, 4))
    memory, add, forget, write = (6.2, 4), (4.4, 4), (2.4, 4), (4.4, 2.7)
    for a, b in ((memory, add), (add, forget), (add, write)):
        edge(axes, a, b, role="backward", bend=0.3, steps=(4, 4))
    for name, (place, target) in gates.items():
        edge(axes, target, place, role="backward", bend=0.3, steps=(4, 4))
        note(axes, place[0] - 0.5, place[1], rf"$\delta_{name}$", "backward", steps=(4, 4))
    for a, b, words in (
        ((8.2, 4), memory, r"$f_{t+1}$"),
        (memory, add, "$1$"),
        (add, forget, "$1$"),
        (forget, (0.6, 4), "$f_t$"),
    ):
        edge(axes, a, b, above=words, role="path", bend=0.3, steps=(5, None))


def spans(norms: Mapping[str, np.ndarray]) -> Figure:
    """Draw how much of a nudge is left after so many steps, one line a start."""
    figure, axis = plt.subplots(figsize=(6.4, 3.8))
    for (name, values), (color, marker, dash) in zip(norms.items(), LINES, strict=True):
        steps = np.arange(1, len(values) + 1)
        (line,) = axis.plot(steps, values, color=color, linestyle=dash, label=name, linewidth=1.6)
        line.set(marker=marker, markersize=5, markevery=(4, 12))
    axis.axhline(1, color=INK, linewidth=0.6)
    axis.set(yscale="log", xlabel="steps between", ylabel="size of the Jacobian")
    axis.legend(loc="lower left")
    return figure


def truncation(errors: Mapping[str, np.ndarray], windows: Sequence[int]) -> Figure:
    """Draw the relative error of the truncated gradient against the window, one line a start."""
    figure, axis = plt.subplots(figsize=(6.4, 3.6))
    for (name, values), (color, marker, dash) in zip(errors.items(), LINES, strict=False):
        axis.plot(windows, values, color=color, linestyle=dash, marker=marker, label=name)
    axis.axhline(1, color=INK, linewidth=0.6)
    axis.set(yscale="log", xlabel="steps back (the window K)", ylabel="relative error")
    axis.set_xticks(windows)
    axis.legend(loc="lower left")
    return figure


def recall(found: Mapping[tuple[str, int], Sequence[int | None]], limit: int) -> Figure:
    """Draw, for every network and delay, the steps each seed took; crosses never learned."""
    names = list(dict.fromkeys(name for name, _ in found))
    figure, axes = plt.subplots(len(names), 1, figsize=(6.4, 1.9 * len(names)), sharex=True)
    for axis, name, (color, marker, _) in zip(axes, names, LINES, strict=False):
        delays = [delay for other, delay in found if other == name]
        for row, delay in enumerate(delays):
            steps = found[name, delay]
            learned = [count for count in steps if count is not None]
            never = limit * 1.12 + 0.05 * limit * np.arange(len(steps) - len(learned))
            spread = 0.12 * (np.arange(len(learned)) - (len(learned) - 1) / 2)
            axis.scatter(learned, row + spread, marker=marker, s=22, color=color)
            axis.scatter(never, [row] * len(never), marker="x", s=26, color=INK)
        axis.axvline(1.06 * limit, color=GREY, linewidth=0.6)
        axis.set_xticks(np.linspace(0, limit, 7))
        axis.set_yticks(range(len(delays)), delays)
        axis.set(title=name, ylabel="delay", ylim=(len(delays) - 0.5, -0.5), xlim=(0, 1.38 * limit))
    axes[-1].set_xlabel(f"training steps until learned (crosses: not in {limit})")
    return figure


def surprise(lines: Sequence[str], costs: Sequence[np.ndarray]) -> Figure:
    """Draw the cost of every character of some lines, the character below its bar."""
    figure, axes = plt.subplots(len(lines), 1, figsize=(7.2, 1.5 * len(lines)), sharey=True)
    for axis, line, values in zip(axes, lines, costs, strict=True):
        axis.bar(range(len(line)), values, width=0.8, color=BLUE)
        axis.set_xticks(range(len(line)), line.replace(" ", "␣"), fontsize=9)
        axis.tick_params(axis="x", length=0)
        axis.set(xlim=(-0.7, max(map(len, lines)) - 0.3), ylabel="cost")
    return figure
