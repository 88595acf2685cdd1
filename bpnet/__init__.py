"""Backpropagation in NumPy, as the book derives it: layers, networks, training and checks."""

from bpnet.gradcheck import gradcheck
from bpnet.graph import Variable
from bpnet.layercheck import layercheck
from bpnet.layers import Add, Affine, Multiply, ReLU, Sigmoid, Tanh
from bpnet.loss_layers import QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss
from bpnet.network import Network
from bpnet.optimizers import SGD, Adam, Momentum
from bpnet.training import DivergenceError, accuracy, fit

__all__ = [
    "SGD",
    "Adam",
    "Add",
    "Affine",
    "DivergenceError",
    "Momentum",
    "Multiply",
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
    "layercheck",
]
