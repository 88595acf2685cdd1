"""Backpropagation in NumPy, as the book derives it: layers, networks, training and checks."""

from bpnet.cells import LSTMCell, RNNCell
from bpnet.gradcheck import gradcheck
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
from bpnet.recurrent import Recurrent
from bpnet.training import DivergenceError, accuracy, fit

__all__ = [
    "SGD",
    "Adam",
    "Affine",
    "DivergenceError",
    "LSTMCell",
    "Momentum",
    "Network",
    "QuadraticLoss",
    "RNNCell",
    "ReLU",
    "Recurrent",
    "Sigmoid",
    "SigmoidWithLoss",
    "SoftmaxWithLoss",
    "Tanh",
    "accuracy",
    "fit",
    "gradcheck",
]
