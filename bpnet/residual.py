"""Residual blocks: a few layers with a path past them."""

import copy

import numpy as np

from bpnet.checks import require_same_shape
from bpnet.layers import Affine, Layer


class Residual(Layer):
    """y = x + F(x), F being `layers` in a row; the output has the width of the input.

    Raises ValueError if there is no layer, or if F puts out another width than it takes.
    """

    def __init__(self, *layers: Layer):
        if not layers:
            raise ValueError("a residual block needs at least one layer")
        self.layers = layers
        self.smooth = all(layer.smooth for layer in layers)
        affine = [layer for layer in self.all_layers if isinstance(layer, Affine)]
        if affine and affine[0].W.shape[1] != affine[-1].W.shape[0]:
            raise ValueError(
                f"the layers of a residual block take {affine[0].W.shape[1]} values and put out "
                f"{affine[-1].W.shape[0]}; x + F(x) needs equally many"
            )

    @property
    def all_layers(self) -> list[Layer]:
        """The layers of F in order, those of blocks inside it too."""
        return [inner for layer in self.layers for inner in layer.all_layers]

    def forward(self, inputs: np.ndarray) -> np.ndarray:
        """Return x + F(x); (m, n) -> (m, n). Equation: eq-residual."""
        f = inputs
        for layer in self.layers:
            f = layer.forward(f)
        require_same_shape("F(x) in Residual", f.shape, "x", inputs.shape)
        return inputs + f

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return upstream + upstream D_F; (m, n) -> (m, n). Equation: eq-residual-jacobian."""
        through = upstream
        for layer in reversed(self.layers):
            through = layer.backward(through)
        return upstream + through

    def __copy__(self) -> "Residual":
        return Residual(*(copy.copy(layer) for layer in self.layers))
