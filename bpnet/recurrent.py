"""Recurrent networks: a cell repeated through time, and the way back through all of its steps.

A batch of sequences has the shape (T, m, n): time first, then one sequence a row.
"""

import copy

import numpy as np
from numpy.typing import ArrayLike

from bpnet.cells import Arrays, Cell, State, xavier
from bpnet.checks import (
    as_float,
    require_count,
    require_finite,
    require_probabilities,
    require_same_shape,
)
from bpnet.losses import softmax, softmax_cross_entropy, softmax_cross_entropy_gradient


class Recurrent:
    """A cell through time; at every step its h goes through Wy, by and softmax cross-entropy.

    Raises ValueError if Wy (n_out, n_hidden) and by (n_out,) do not fit the cell.
    """

    def __init__(self, cell: Cell, Wy: ArrayLike, by: ArrayLike):
        Wy, by = np.array(as_float(Wy)), np.array(as_float(by))
        require_same_shape("a row of Wy", Wy.shape[1:], "the state of the cell", (cell.n_hidden,))
        require_same_shape("by", by.shape, "a column of Wy", Wy.shape[:1])
        self.cell, self.Wy, self.by = cell, Wy, by
        self.score_errors: np.ndarray | None = None  # dJ/d(scores), of the latest cost

    @classmethod
    def random(
        cls, kind: type[Cell], n_in: int, n_hidden: int, n_out: int, rng: "np.random.Generator"
    ) -> "Recurrent":
        """Return a network with a random cell of that kind, Gaussian Wy (Xavier) and by = 0."""
        cell = kind.random(n_in, n_hidden, rng)
        Wy = xavier(n_hidden, n_out) * rng.standard_normal(
            (require_count("n_out", n_out), n_hidden)
        )
        return cls(cell, Wy, np.zeros(n_out))

    @property
    def parameters(self) -> Arrays:
        """The arrays that training moves, by name; changing one in place changes the network."""
        return {**self.cell.parameters, "Wy": self.Wy, "by": self.by}

    def replace(self, parameters: Arrays) -> "Recurrent":
        """Return a network of the same architecture with these parameters, of any float type."""
        twin, own = copy.copy(self), self.parameters
        twin.cell = copy.copy(self.cell)
        for name, values in own.items():
            require_same_shape(name, np.shape(parameters[name]), f"the own {name}", values.shape)
        for name in ("Wx", "Wh", "b"):
            stacked = np.concatenate([parameters[name + gate] for gate in self.cell.gates])
            setattr(twin.cell, name, stacked)
        twin.Wy, twin.by = parameters["Wy"], parameters["by"]
        return twin

    def start(self, sequences: int) -> State:
        """Return the state of zeros in which a batch of so many sequences begins."""
        return (np.zeros((sequences, self.cell.n_hidden)),) * self.cell.states

    def forward(self, x: ArrayLike, state: State | None = None) -> np.ndarray:
        """Return the scores S_t = H_t Wy^T + by; (T, m, n_in) -> (T, m, n_out).

        `state` is where to begin, zeros unless given; afterwards `self.state` is where it ended.
        Raises ValueError for a wrong shape, no step, no sequence, NaN or infinity.
        """
        self.x = self._checked(x)
        self.state = self.start(self.x.shape[1]) if state is None else state
        states, self.kept = [self.state[0]], []
        for inputs in self.x:
            self.state, kept = self.cell.forward(inputs, self.state)
            states.append(self.state[0])
            self.kept.append(kept)
        self.h, self.score_errors = np.stack(states), None
        return self.h[1:] @ self.Wy.T + self.by

    def predict(self, x: ArrayLike, state: State | None = None) -> np.ndarray:
        """Return the probabilities softmax(S_t) of every step; (T, m, n_in) -> (T, m, n_out)."""
        return softmax(self.forward(x, state))

    def cost(self, x: ArrayLike, y: ArrayLike, state: State | None = None) -> float:
        """Return J: -sum_t y_t log p_t, its mean over the sequences. Equation: eq-rnn-loss.

        y has shape (T, m, n_out); a row sums to 1, or is zero where nothing is asked. Raises
        ValueError for anything else, or as `forward` does.
        """
        scores, y = self.forward(x, state), as_float(y)
        require_same_shape("y", y.shape, "the scores", scores.shape)
        require_finite("y", y)
        sums = require_probabilities("y", y).sum(axis=-1)
        if not np.all(np.isclose(sums, 1) | (sums == 0)):
            raise ValueError("each row of y must sum to 1, or be zero where nothing is asked")
        self.score_errors = softmax_cross_entropy_gradient(scores, y) / y.shape[1]
        return softmax_cross_entropy(scores, y).sum() / y.shape[1]

    def errors(self, window: int | None = None) -> np.ndarray:
        """Return delta_t = dJ/dz_t of every step, (T, m, blocks * n_hidden).

        With a `window`, each output is felt at most that many steps back. Without,
        `self.start_gradient` is then dJ/d(state at the start). Raises RuntimeError before a
        cost, ValueError for a negative window. Equations: eq-rnn-delta, eq-truncated.
        """
        outputs = self._output_errors() @ self.Wy
        if window is None:
            deltas, self.start_gradient = self._back(outputs, self.kept)
            return deltas
        if window < 0:
            raise ValueError(f"window must not be negative, got {window}")
        total = np.zeros((*self.x.shape[:2], self.cell.b.size))
        for last in range(len(outputs)):
            span = slice(max(0, last - window), last + 1)
            alone = np.zeros_like(outputs[span])
            alone[-1] = outputs[last]
            total[span] += self._back(alone, self.kept[span])[0]
        return total

    def backward(self, window: int | None = None) -> Arrays:
        """Return dJ/d(parameter) by name, after a cost: sums over all uses. eq-rnn-gradients."""
        deltas, scores = self.errors(window), self._output_errors()
        before, after = self.h[:-1], self.h[1:]
        Wx, Wh, b = over_uses(deltas, self.x), over_uses(deltas, before), deltas.sum(axis=(0, 1))
        outputs = {"Wy": over_uses(scores, after), "by": scores.sum(axis=(0, 1))}
        return {**self.cell.by_gate(Wx, Wh, b), **outputs}

    def _output_errors(self) -> np.ndarray:
        if self.score_errors is None:
            raise RuntimeError("there are no errors before a cost, or after another forward pass")
        return self.score_errors

    def _back(self, outputs: np.ndarray, kept: list[State]) -> tuple[np.ndarray, State]:
        """Return the errors of the steps in `kept`, and dJ/d(state before them)."""
        upstream, deltas = self.start(outputs.shape[1]), []
        for from_output, step in zip(outputs[::-1], kept[::-1], strict=True):
            from_later, *memory = upstream
            upstream = (from_output + from_later, *memory)
            delta, upstream = self.cell.backward(upstream, step)
            deltas.append(delta)
        return np.stack(deltas[::-1]), upstream

    def _checked(self, x: ArrayLike) -> np.ndarray:
        x, n_in = as_float(x), self.cell.Wx.shape[1]
        if x.ndim != 3 or x.shape[2] != n_in or x.size == 0:
            raise ValueError(f"x has shape {x.shape}, expected (T, m, {n_in}), T and m at least 1")
        require_finite("x", x)
        for name, values in self.parameters.items():
            require_finite(name, values)
        return x


def over_uses(deltas: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Return sum_t delta_t input_t^T over all steps and sequences: a weight's slope.

    (T, m, n_out), (T, m, n_in) -> (n_out, n_in). Equation: eq-rnn-gradients.
    """
    return _rows(deltas).T @ _rows(inputs)


def spectral_radius(W: np.ndarray) -> float:
    """Return the largest absolute value of an eigenvalue of the square matrix W."""
    return float(np.abs(np.linalg.eigvals(W)).max())


def _rows(values: np.ndarray) -> np.ndarray:
    """Return the sequences of all steps below each other; (T, m, n) -> (T m, n)."""
    return values.reshape(-1, values.shape[-1])
