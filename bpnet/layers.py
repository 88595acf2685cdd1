"""Layers: `forward` keeps what `backward` needs, and stands right above it.

A batch holds one sample a row. `backward` takes dJ/d(output) and returns dJ/d(input), with J the
mean cost; dW and db are overwritten each time, never accumulated.
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from bpnet.activations import sigmoid
from bpnet.checks import (
    as_float,
    require_count,
    require_finite,
    require_generator,
    require_probabilities,
    require_rows,
    require_same_shape,
)
from bpnet.losses import log_softmax, one_hot, quadratic, sigmoid_cross_entropy, softmax


class Layer:
    """A function with a backward pass; `parameters` names the arrays that training moves."""

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
        a = _kept(self, self.a)
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
        """Return upstream * a * (1 - a), of the shape of the input."""
        a = _kept(self, self.output)
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
        a = _kept(self, self.output)
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
        """Return upstream where z > 0 and 0 elsewhere, of the shape of the input."""
        on = _kept(self, self.on)
        _require_upstream(self, upstream, on.shape)
        return upstream * on


class Loss:
    """The mean cost J = (1/m) sum_n C_n of a batch: the one place where 1/m enters."""

    prediction: np.ndarray | None = None
    target: np.ndarray

    def forward(self, inputs: np.ndarray, target: ArrayLike) -> float:
        """Return J, a scalar; raise ValueError if the target does not fit the inputs."""
        require_rows("the input of the loss", inputs)
        return self.mean(inputs, self.encode(target, inputs))

    def mean(self, inputs: np.ndarray, target: np.ndarray) -> float:
        """Return J for a target that `encode` has already checked. Equation: eq-mean-cost."""
        self.target, self.prediction = target, self.predict(inputs)
        return self.losses(inputs).sum() / len(inputs)

    def backward(self, upstream: float = 1.0) -> np.ndarray:
        """Return `upstream` times dJ/d(inputs) = (prediction - y) / m, of the shape of `inputs`.

        One line serves all three losses: eq-quadratic-gradient, eq-delta-cross-entropy.
        """
        prediction = _kept(self, self.prediction)
        return (prediction - self.target) * (float(upstream) / len(prediction))

    def losses(self, inputs: np.ndarray) -> np.ndarray:
        """Return the loss C_n of each sample, of shape (m,)."""
        raise NotImplementedError

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return yhat, the prediction that the loss judges, of the shape of `inputs`."""
        return inputs

    def encode(self, target: ArrayLike, inputs: np.ndarray) -> np.ndarray:
        """Return the target as floats of the shape of `inputs`."""
        target = np.asarray(target)
        require_same_shape("the target", target.shape, "the prediction", inputs.shape)
        return target.astype(inputs.dtype, copy=False)


class QuadraticLoss(Loss):
    """C = 1/2 |yhat - y|^2."""

    def losses(self, inputs: np.ndarray) -> np.ndarray:
        return quadratic(inputs, self.target)


class SigmoidWithLoss(Loss):
    """Sigmoid outputs yhat = sigma(z) with binary cross-entropy, one question an output."""

    def losses(self, inputs: np.ndarray) -> np.ndarray:
        return sigmoid_cross_entropy(inputs, self.target)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        return sigmoid(inputs)

    def encode(self, target: ArrayLike, inputs: np.ndarray) -> np.ndarray:
        return require_probabilities("the target", super().encode(target, inputs))


class SoftmaxWithLoss(Loss):
    """Softmax with cross-entropy; the target is a label a sample, or a row that sums to 1."""

    def losses(self, inputs: np.ndarray) -> np.ndarray:
        return -np.sum(self.target * log_softmax(inputs), axis=-1)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        return softmax(inputs)

    def encode(self, target: ArrayLike, inputs: np.ndarray) -> np.ndarray:
        target = np.asarray(target)
        if target.ndim == 1:
            target = one_hot(target, inputs.shape[1], inputs.real.dtype.type)
        target = require_probabilities("the target", super().encode(target, inputs))
        sums = target.real.sum(axis=1)
        if np.any(abs(sums - 1) > 1e-5):
            row = int(np.argmax(abs(sums - 1)))
            raise ValueError(f"each row of the target must sum to 1, row {row} sums to {sums[row]}")
        return target


def _kept(layer: object, value: np.ndarray | None) -> np.ndarray:
    if value is None:
        raise RuntimeError(f"{type(layer).__name__}.backward needs a forward pass first")
    return value


def _require_upstream(layer: object, upstream: np.ndarray, expected: tuple) -> None:
    if np.shape(upstream) != expected:
        name = type(layer).__name__
        came, output = f"the gradient into {name}.backward", f"the output of {name}"
        require_same_shape(came, np.shape(upstream), output, expected)
