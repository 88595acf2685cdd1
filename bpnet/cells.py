"""Cells of recurrent networks: one step through time, and the way back through it.

A state is a tuple of arrays (m, n_hidden), one sequence a row; its first array is h, what the
network shows of itself. `backward` stands right below `forward` and takes what it kept.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from bpnet.activations import sigmoid
from bpnet.checks import (
    as_float,
    require_count,
    require_finite,
    require_generator,
    require_same_shape,
)
from bpnet.layers import INITIAL_SCALES

Arrays: TypeAlias = dict[str, np.ndarray]
State: TypeAlias = tuple[np.ndarray, ...]


class Cell:
    """One step through time; Wx, Wh and b hold a block of n_hidden rows for each of its `gates`.

    Wx has shape (blocks * n_hidden, n_in), Wh (blocks * n_hidden, n_hidden) and b
    (blocks * n_hidden,). Raises ValueError if they do not fit or an entry is not finite.
    """

    gates: tuple[str, ...] = ("",)
    states = 1

    def __init__(self, Wx: ArrayLike, Wh: ArrayLike, b: ArrayLike):
        Wx, Wh, b = (np.array(as_float(values)) for values in (Wx, Wh, b))
        rows, blocks = np.shape(Wh)[0] if Wh.ndim else 0, len(self.gates)
        require_same_shape("Wh", Wh.shape, "this cell", (rows, rows // blocks))
        require_same_shape("Wx", Wx.shape[:1] * (Wx.ndim - 1), "a column of Wh", (rows,))
        require_same_shape("b", b.shape, "a column of Wh", (rows,))
        for name, values in (("Wx", Wx), ("Wh", Wh), ("b", b)):
            require_finite(name, values)
        self.Wx, self.Wh, self.b = Wx, Wh, b

    @classmethod
    def random(cls, n_in: int, n_hidden: int, rng: "np.random.Generator") -> "Cell":
        """Return a cell with Gaussian weights on Xavier's scale and biases of zero."""
        require_count("n_in", n_in)
        require_count("n_hidden", n_hidden)
        rng, rows = require_generator(rng), len(cls.gates) * n_hidden
        Wx, Wh = (xavier(n, n_hidden) * rng.standard_normal((rows, n)) for n in (n_in, n_hidden))
        return cls(Wx, Wh, np.zeros(rows))

    @property
    def n_hidden(self) -> int:
        """The number of neurons in the state."""
        return self.Wh.shape[1]

    @property
    def parameters(self) -> Arrays:
        """Wx, Wh and b of every gate by name; changing one in place changes the cell."""
        return self.by_gate(self.Wx, self.Wh, self.b)

    def by_gate(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> Arrays:
        """Return the blocks of rows of three stacked arrays by name: Wxf, Whf, bf, Wxi, ..."""
        blocks = len(self.gates)
        return {
            f"{name}{gate}": block
            for name, stacked in (("Wx", Wx), ("Wh", Wh), ("b", b))
            for gate, block in zip(self.gates, np.split(stacked, blocks), strict=True)
        }

    def weighted(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        """Return Z = X Wx^T + H Wh^T + b; (m, n_in), (m, n_hidden) -> (m, blocks * n_hidden)."""
        return x @ self.Wx.T + h @ self.Wh.T + self.b

    def forward(self, x: np.ndarray, state: State) -> tuple[State, State]:
        """Return the next state, and what `backward` needs to come back from it."""
        raise NotImplementedError

    def backward(self, upstream: State, kept: State) -> tuple[np.ndarray, State]:
        """Return delta = dJ/dz of this step and dJ/d(previous state), given dJ/d(next state)."""
        raise NotImplementedError


class RNNCell(Cell):
    """h_t = tanh(Wx x_t + Wh h_(t-1) + b). Equation: eq-rnn-state."""

    def forward(self, x: np.ndarray, state: State) -> tuple[State, State]:
        (h,) = state
        h = np.tanh(self.weighted(x, h))
        return (h,), (h,)

    def backward(self, upstream: State, kept: State) -> tuple[np.ndarray, State]:
        (dh,), (h,) = upstream, kept
        delta = dh * (1 - h * h)
        return delta, (delta @ self.Wh,)


class LSTMCell(Cell):
    """c_t = f * c_(t-1) + i * g and h_t = o * tanh(c_t), with an affine map for each gate.

    Equations: eq-lstm-gates, eq-lstm-state, eq-lstm-memory, eq-lstm-delta.
    """

    gates = ("f", "i", "o", "g")
    states = 2

    def forward(self, x: np.ndarray, state: State) -> tuple[State, State]:
        h, before = state
        *gates, candidate = np.split(self.weighted(x, h), 4, axis=1)
        f, i, o = map(sigmoid, gates)
        g = np.tanh(candidate)
        c = f * before + i * g
        squashed = np.tanh(c)
        return (o * squashed, c), (f, i, o, g, before, squashed)

    def backward(self, upstream: State, kept: State) -> tuple[np.ndarray, State]:
        dh, dc = upstream
        f, i, o, g, before, squashed = kept
        dc = dc + dh * o * (1 - squashed * squashed)
        gates = (
            dc * before * f * (1 - f),
            dc * g * i * (1 - i),
            dh * squashed * o * (1 - o),
            dc * i * (1 - g * g),
        )
        delta = np.concatenate(gates, axis=1)
        return delta, (delta @ self.Wh, dc * f)


def xavier(n_in: int, n_out: int) -> float:
    """Return the standard deviation of Xavier's start for a matrix of shape (n_out, n_in)."""
    scale, _ = INITIAL_SCALES["xavier"](n_in, n_out)
    return float(scale)
