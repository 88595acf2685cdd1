"""Backpropagation in NumPy, as the book derives it: layers, networks, training and checks."""

from bpnet.cells import LSTMCell, RNNCell
from bpnet.gradcheck import gradcheck
from bpnet.graph import Variable
from bpnet.layercheck import layercheck
from bpnet.layers import Add, Affine, Multiply, ReLU, Sigmoid, Tanh
from bpnet.loss_layers import QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss
from bpnet.network import Network
from bpnet.normalization import BatchNorm
from bpnet.optimizers import SGD, Adam, Clipped, Momentum, WeightDecay, clip_by_norm, clip_by_value
from bpnet.recurrent import Recurrent
from bpnet.residual import Residual
from bpnet.training import DivergenceError, accuracy, fit

__all__ = [
    "SGD",
    "Adam",
    "Add",
    "Affine",
    "BatchNorm",
    "Clipped",
    "DivergenceError",
    "LSTMCell",
    "Momentum",
    "Multiply",
    "Network",
    "QuadraticLoss",
    "RNNCell",
    "ReLU",
    "Recurrent",
    "Residual",
    "Sigmoid",
    "SigmoidWithLoss",
    "SoftmaxWithLoss",
    "Tanh",
    "Variable",
    "WeightDecay",
    "accuracy",
    "clip_by_norm",
    "clip_by_value",
    "fit",
    "gradcheck",
    "layercheck",
]
