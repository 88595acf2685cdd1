"""A network: layers in a row with a loss at the end."""

import copy
import itertools
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from bpnet.checks import require_finite, require_rows, require_same_shape
from bpnet.layers import Affine, Layer, ReLU, Sigmoid
from bpnet.loss_layers import Loss, QuadraticLoss, SoftmaxWithLoss
from bpnet.storage import read_arrays, write_arrays


class Network:
    """Layers applied one after the other, and the loss that judges the result.

    The parameters of the l-th affine layer are called Wl and bl, counted from 1 as in the book:
    W1, b1, W2, ... Raises ValueError if the first layer is not affine, if neighbours do not fit
    together, or if one layer stands in two places.
    """

    def __init__(self, layers: Sequence[Layer], loss: Loss):
        self.layers, self.loss = list(layers), loss
        affine = self.affine_layers
        if not affine or self.layers[0] is not affine[0]:
            raise ValueError("a network needs an Affine layer, and starts with one")
        if len(set(map(id, self.layers))) < len(self.layers):
            raise ValueError(
                "one layer stands in two places: its second forward pass would overwrite what the "
                "first one keeps for backward; make a layer for each place"
            )
        for below, above in itertools.pairwise(affine):
            if below.W.shape[0] != above.W.shape[1]:
                raise ValueError(
                    f"a layer with W of shape {below.W.shape} puts out {below.W.shape[0]} values, "
                    f"but the next one, with W of shape {above.W.shape}, takes {above.W.shape[1]}"
                )

    @classmethod
    def dense(
        cls,
        sizes: Sequence[int],
        rng: "np.random.Generator",
        hidden: type[Layer] = ReLU,
        output: type[Layer] | None = None,
        loss: Loss | None = None,
        init: str = "he",
        dtype: DTypeLike = float,
    ) -> "Network":
        """Return a fully connected network, e.g. `Network.dense([784, 30, 10], rng)`.

        `hidden` follows every layer but the last, `output` the last (None: softmax or sigmoid
        is part of `loss`, which is `SoftmaxWithLoss()` unless given). Raises ValueError for
        fewer than two sizes.
        """
        if len(sizes) < 2:
            raise ValueError(f"sizes must name at least input and output, got {list(sizes)}")
        layers: list[Layer] = []
        for n_in, n_out in itertools.pairwise(sizes):
            layers += [Affine.random(n_in, n_out, rng, init, dtype), hidden()]
        layers[-1:] = [] if output is None else [output()]
        return cls(layers, SoftmaxWithLoss() if loss is None else loss)

    @classmethod
    def sigmoid(
        cls,
        sizes: Sequence[int],
        rng: "np.random.Generator",
        init: str = "standard",
        dtype: DTypeLike = float,
    ) -> "Network":
        """Return the network of the sources: sigmoid everywhere, quadratic loss, N(0, 1) start."""
        return cls.dense(sizes, rng, Sigmoid, Sigmoid, QuadraticLoss(), init, dtype)

    @property
    def affine_layers(self) -> list[Affine]:
        """The layers that have parameters, in order."""
        return [layer for layer in self.layers if isinstance(layer, Affine)]

    @property
    def sizes(self) -> list[int]:
        """The number of neurons of every layer, input first."""
        affine = self.affine_layers
        return [affine[0].W.shape[1], *(layer.W.shape[0] for layer in affine)]

    @property
    def dtype(self) -> np.dtype:
        """The float type in which the network computes."""
        return self.affine_layers[0].W.dtype

    @property
    def smooth(self) -> bool:
        """Whether every layer is differentiable everywhere (ReLU is not)."""
        return all(layer.smooth for layer in self.layers)

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The arrays that training moves, by name; changing one in place changes the network."""
        return self._by_name("")

    @property
    def gradients(self) -> dict[str, np.ndarray]:
        """dJ/d(parameter) of the latest backward pass, by name; RuntimeError if there was none."""
        gradients = self._by_name("d")
        if any(values is None for values in gradients.values()):
            raise RuntimeError("there are no gradients before a forward and a backward pass")
        return gradients

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return what the last layer puts out; (m, n_0) -> (m, n_L)."""
        a = x
        for layer in self.layers:
            a = layer.forward(a)
        return a

    def backward(self, upstream: float = 1.0) -> dict[str, np.ndarray]:
        """Return dJ/d(parameter) by name, after a forward pass.

        The gradient of the input is left out: training has no use for it.
        """
        delta = self.loss.backward(upstream)
        for layer in reversed(self.layers[1:]):
            delta = layer.backward(delta)
        self.layers[0].parameter_gradients(delta)
        return self.gradients

    def predict(self, x: ArrayLike) -> np.ndarray:
        """Return the predictions yhat (probabilities if the loss says so); (m, n_0) -> (m, n_L).

        Raises ValueError for a wrong shape, an empty batch, NaN or infinity.
        """
        return self.loss.predict(self.forward(self.checked_input(x)))

    def classify(self, x: ArrayLike) -> np.ndarray:
        """Return the class of the largest prediction of each row; (m, n_0) -> (m,)."""
        return self.predict(x).argmax(axis=1)

    def cost(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean cost J of the batch (x, y). Raises ValueError as `predict` does."""
        x, y = self.checked_input(x), np.asarray(y)
        require_same_length(x, y)
        require_finite("y", y)
        return self.loss.forward(self.forward(x), y)

    def cost_and_gradients(self, x: ArrayLike, y: ArrayLike) -> tuple[float, dict[str, np.ndarray]]:
        """Return J and dJ/d(parameter) by name, each of its parameter's shape."""
        return self.cost(x, y), self.backward()

    def input_gradient(self, x: ArrayLike, y: ArrayLike) -> np.ndarray:
        """Return dJ/dx, of the shape of `x`: how each input entry moves the mean cost."""
        self.cost(x, y)
        delta = self.loss.backward()
        for layer in reversed(self.layers):
            delta = layer.backward(delta)
        return delta

    def replace(self, parameters: dict[str, np.ndarray]) -> "Network":
        """Return a network of the same architecture that holds `parameters`, uncopied."""
        twin = copy.copy(self)
        twin.layers, twin.loss = [copy.copy(layer) for layer in self.layers], copy.copy(self.loss)
        for layer, W, b in twin._layer_parameters(parameters):
            layer.W, layer.b = W, b
        return twin

    def save(self, path: str | os.PathLike) -> None:
        """Write the parameters to `path` as .npz, whole or not at all."""
        write_arrays(Path(path), self.parameters)

    def load(self, path: str | os.PathLike) -> None:
        """Read the parameters that `save` wrote into this network.

        Raises ValueError, and changes nothing, if the file is truncated, holds anything but
        plain arrays of floats, comes from another architecture, or holds NaN or infinity.
        """
        with np.errstate(over="ignore"):
            parameters = {
                name: values.astype(self.dtype) for name, values in read_arrays(Path(path)).items()
            }
        fitting = self._layer_parameters(parameters, f" of {Path(path).name}")
        for name, values in parameters.items():
            require_finite(name, values)
        for layer, W, b in fitting:
            layer.W[...], layer.b[...] = W, b

    def _by_name(self, prefix: str) -> dict[str, np.ndarray]:
        return {
            f"{name}{number}": getattr(layer, prefix + name)
            for number, layer in enumerate(self.affine_layers, start=1)
            for name in layer.parameters
        }

    def _layer_parameters(self, parameters: dict[str, np.ndarray], source: str = "") -> list[tuple]:
        """Pair each affine layer with its new W and b; raise ValueError if any does not fit."""
        own = self.parameters
        if set(parameters) != set(own):
            raise ValueError(
                f"the parameters{source} are {', '.join(sorted(parameters))}, "
                f"but this network of sizes {self.sizes} has {', '.join(sorted(own))}"
            )
        for name, values in own.items():
            came = np.shape(parameters[name])
            require_same_shape(name + source, came, f"{name} of this network", values.shape)
        return [
            (layer, parameters[f"W{number}"], parameters[f"b{number}"])
            for number, layer in enumerate(self.affine_layers, start=1)
        ]

    def checked_input(self, x: ArrayLike) -> np.ndarray:
        """Return x in the network's float type; raise ValueError as `predict` does."""
        x = np.asarray(x)
        require_rows("x", x, self.sizes[0])
        require_finite("x", x)
        for name, values in self.parameters.items():
            require_finite(name, values)
        dtype = np.result_type(self.dtype, 1j) if x.dtype.kind == "c" else self.dtype
        return x.astype(dtype, copy=False)


def require_same_length(x: np.ndarray, y: np.ndarray) -> None:
    """Raise ValueError, naming both shapes, unless x and y hold the same number of samples."""
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(
            f"x has shape {x.shape} and y has shape {y.shape}: they differ in the number of samples"
        )
