"""Batch normalisation: each feature of a batch gets mean 0 and variance 1, then its own scale."""

import numpy as np
from numpy.typing import DTypeLike

from bpnet.checks import (
    require_count,
    require_forward,
    require_fraction,
    require_positive,
    require_rows,
    require_same_shape,
)
from bpnet.layers import Layer


class BatchNorm(Layer):
    """y = gamma xhat + beta with xhat = (x - mu) / sqrt(v + epsilon), for every feature alone.

    While `training`, mu and v are those of the batch (v divides by m), and running averages of
    both are kept; otherwise mu and v are the running averages, and rows do not depend on each
    other. Raises ValueError unless width >= 1, epsilon > 0 and 0 <= memory < 1.
    """

    parameters = ("gamma", "beta")
    statistics = ("mean", "variance")

    def __init__(
        self, width: int, memory: float = 0.9, epsilon: float = 1e-5, dtype: DTypeLike = float
    ):
        require_count("width", width)
        self.memory = require_fraction("memory", memory)
        self.epsilon = require_positive("epsilon", epsilon)
        self.gamma, self.beta = np.ones(width, dtype), np.zeros(width, dtype)
        self.mean, self.variance = np.zeros(width, dtype), np.ones(width, dtype)
        self.dgamma: np.ndarray | None = None
        self.dbeta: np.ndarray | None = None
        self.xhat: np.ndarray | None = None
        self.of_batch = False

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return gamma xhat + beta; (m, n) -> (m, n). Equation: eq-batchnorm."""
        require_rows("the input of BatchNorm", inputs, len(self.gamma))
        self.of_batch, mean, variance = self.training, self.mean, self.variance
        if self.training:
            mean = inputs.mean(axis=0)
            variance = ((inputs - mean) ** 2).mean(axis=0)
            self._remember(mean, variance)
        self.deviation = np.sqrt(variance + self.epsilon)
        self.xhat = (inputs - mean) / self.deviation
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Store dgamma and dbeta, return dJ/dx; (m, n) -> (m, n). Equation: eq-batchnorm-backward.

        If mu and v came from the batch, the two means take off what went through them.
        """
        xhat = require_forward(self, self.xhat)
        came, output = "the gradient into BatchNorm.backward", "the output of BatchNorm"
        require_same_shape(came, np.shape(upstream), output, xhat.shape)
        self.dbeta = upstream.sum(axis=0)
        self.dgamma = (upstream * xhat).sum(axis=0)
        if self.of_batch:
            upstream = upstream - (self.dbeta + xhat * self.dgamma) / len(xhat)
        return self.gamma / self.deviation * upstream

    def _remember(self, mean: np.ndarray, variance: np.ndarray) -> None:
        """Move the running averages towards the batch (eq-running-statistics); new arrays."""
        self.mean = self.memory * self.mean + (1 - self.memory) * mean
        self.variance = self.memory * self.variance + (1 - self.memory) * variance
