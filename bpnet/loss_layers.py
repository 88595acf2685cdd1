"""The last layer of a network: a loss, and the one place where the 1/m of the mean enters.

`forward` takes a batch, one sample a row, and its target, and returns the mean cost J;
`backward` returns dJ/d(inputs).
"""

import numpy as np
from numpy.typing import ArrayLike

from bpnet.activations import sigmoid
from bpnet.checks import (
    require_forward,
    require_probabilities,
    require_rows,
    require_same_shape,
)
from bpnet.losses import log_softmax, one_hot, quadratic, sigmoid_cross_entropy, softmax


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

        One line serves all three losses: eq-quadratic-gradient, eq-delta-cross-entropy,
        eq-softmax-batch.
        """
        prediction = require_forward(self, self.prediction)
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
