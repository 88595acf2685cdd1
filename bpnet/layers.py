"""Layers: `forward` keeps what `backward` needs, and stands right above it.

A batch holds one sample a row. `backward` takes dJ/d(output) and returns dJ/d(input), with J the
mean cost; dW and db are overwritten each time, never accumulated. A `Layer` has one input, so that
layers form a chain; `Multiply` and `Add` have two, and stand where paths meet.
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from bpnet.activations import sigmoid
from bpnet.checks import (
    as_float,
    require_count,
    require_finite,
    require_forward,
    require_generator,
    require_rows,
    require_same_shape,
)


class Multiply:
    """z = x y entry by entry: two inputs, so two gradients go back."""

    inputs: tuple[np.ndarray, np.ndarray] | None = None

    def forward(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """Return x y, of the shape that both must have; ValueError if theirs differ."""
        self.inputs = _of_one_shape(x, y)
        return self.inputs[0] * self.inputs[1]

    def backward(self, upstream: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return upstream * y for x, upstream * x for y. Equation: eq-layer-multiply."""
        x, y = require_forward(self, self.inputs)
        upstream = as_float(upstream)
        _require_upstream(self, upstream, x.shape)
        return upstream * y, upstream * x


class Add:
    """z = x + y entry by entry; its backward pass needs nothing that went forward."""

    def forward(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """Return x + y, of the shape that both must have; ValueError if theirs differ."""
        x, y = _of_one_shape(x, y)
        return x + y

    def backward(self, upstream: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Return the upstream gradient twice: the same array for x and for y (eq-layer-add)."""
        upstream = as_float(upstream)
        return upstream, upstream


class Layer:
    """One input, one output, and a way back; `parameters` names the arrays that training moves."""

    parameters: tuple[str, ...] = ()
    smooth = True

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def parameter_gradients(self, upstream: np.ndarray) -> None:
        """Store the parameter gradients only: the first layer of a network needs no more."""


class Affine(Layer):
    """z = W a + b for every row a: Z = A W^T + b, with W of shape (n_out, n_in) and b (n_out,).

    Raises ValueError if the shapes disagree or an entry is not finite.
    """

    parameters = ("W", "b")

    def __init__(self, W: ArrayLike, b: ArrayLike):
        W, b = np.array(as_float(W)), np.array(as_float(b))
        if W.ndim != 2:
            raise ValueError(f"W has shape {W.shape}, expected (n_out, n_in)")
        require_same_shape("b", b.shape, "a column of W", W.shape[:1])
        require_finite("W", W)
        require_finite("b", b)
        self.W, self.b = W, b.astype(W.dtype, casting="same_kind")
        self.a: np.ndarray | None = None
        self.dW: np.ndarray | None = None
        self.db: np.ndarray | None = None

    @classmethod
    def random(
        cls,
        n_in: int,
        n_out: int,
        rng: "np.random.Generator",
        init: str = "xavier",
        dtype: DTypeLike = float,
    ) -> "Affine":
        """Return a layer with Gaussian weights, scaled by the row `init` of `INITIAL_SCALES`.

        Raises ValueError for an unknown `init`, TypeError if `rng` is not a generator.
        """
        require_count("n_in", n_in)
        require_count("n_out", n_out)
        if init not in INITIAL_SCALES:
            raise ValueError(f"init must be one of {', '.join(INITIAL_SCALES)}, got {init!r}")
        weight_scale, bias_scale = INITIAL_SCALES[init](n_in, n_out)
        rng = require_generator(rng)
        W = weight_scale * rng.standard_normal((n_out, n_in))
        b = bias_scale * rng.standard_normal(n_out)
        return cls(W.astype(dtype), b.astype(dtype))

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return Z = A W^T + b; (m, n_in) -> (m, n_out). Equation: eq-affine-batch."""
        require_rows("the input of Affine", inputs, self.W.shape[1])
        self.a = inputs
        return inputs @ self.W.T + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Store dW and db, return dJ/dA = Delta W; (m, n_out) -> (m, n_in)."""
        self.parameter_gradients(upstream)
        return upstream @ self.W

    def parameter_gradients(self, upstream: np.ndarray) -> None:
        """Store dW = Delta^T A, of the shape of W, and db = Delta^T 1, of the shape of b."""
        a = require_forward(self, self.a)
        _require_upstream(self, upstream, (a.shape[0], self.W.shape[0]))
        self.dW = upstream.T @ a
        self.db = upstream.sum(axis=0)


INITIAL_SCALES = {
    "standard": lambda n_in, n_out: (1.0, 1.0),
    "xavier": lambda n_in, n_out: ((2 / (n_in + n_out)) ** 0.5, 0.0),
    "he": lambda n_in, n_out: ((2 / n_in) ** 0.5, 0.0),
}


class Sigmoid(Layer):
    """a = sigma(z) entry by entry; its backward pass needs only the output."""

    output: np.ndarray | None = None

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return sigma(z), of the shape of `inputs`."""
        self.output = sigmoid(inputs)
        return self.output

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return upstream * a * (1 - a); the shape of the input. Equation: eq-layer-sigmoid."""
        a = require_forward(self, self.output)
        _require_upstream(self, upstream, a.shape)
        return upstream * a * (1 - a)


class Tanh(Layer):
    """a = tanh(z) entry by entry; its backward pass needs only the output."""

    output: np.ndarray | None = None

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return tanh(z), of the shape of `inputs`."""
        self.output = np.tanh(inputs)
        return self.output

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return upstream * (1 - a^2), of the shape of the input."""
        a = require_forward(self, self.output)
        _require_upstream(self, upstream, a.shape)
        return upstream * (1 - a * a)


class ReLU(Layer):
    """a = max(0, z) entry by entry; at the kink z = 0 the derivative is taken as 0."""

    smooth = False
    on: np.ndarray | None = None

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return max(0, z), of the shape of `inputs`."""
        self.on = inputs.real > 0
        return inputs * self.on

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return upstream where z > 0, else 0; the shape of the input. Equation: eq-layer-relu."""
        on = require_forward(self, self.on)
        _require_upstream(self, upstream, on.shape)
        return upstream * on


def _of_one_shape(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return both as floats; raise ValueError, naming both shapes, if they differ."""
    x, y = as_float(x), as_float(y)
    require_same_shape("x", x.shape, "y", y.shape)
    return x, y


def _require_upstream(layer: object, upstream: np.ndarray, expected: tuple) -> None:
    if np.shape(upstream) != expected:
        name = type(layer).__name__
        came, output = f"the gradient into {name}.backward", f"the output of {name}"
        require_same_shape(came, np.shape(upstream), output, expected)
