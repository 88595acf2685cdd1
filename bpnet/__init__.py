"""Backpropagation in NumPy, as the book derives it: layers, networks, training and checks."""

from bpnet.gradcheck import gradcheck
from bpnet.graph import Variable
from bpnet.layers import (
    Affine,
    QuadraticLoss,
    ReLU,
    Sigmoid,
    SigmoidWithLoss,
    SoftmaxWithLoss,
    Tanh,
)
from bpnet.network import Network
from bpnet.optimizers import SGD, Adam, Momentum
from bpnet.training import DivergenceError, accuracy, fit

__all__ = [
    "SGD",
    "Adam",
    "Affine",
    "DivergenceError",
    "Momentum",
    "Network",
    "QuadraticLoss",
    "ReLU",
    "Sigmoid",
    "SigmoidWithLoss",
    "SoftmaxWithLoss",
    "Tanh",
    "Variable",
    "accuracy",
    "fit",
    "gradcheck",
]
