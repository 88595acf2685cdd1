"""Is the backward pass of one layer right? Ask before it stands in a network."""

import copy

import numpy as np
from numpy.typing import ArrayLike

from bpnet.checks import as_float
from bpnet.gradcheck import Arrays, GradientReport, compare
from bpnet.layers import Add, Layer, Multiply

INPUTS = "xy"


def layercheck(layer: Layer | Multiply | Add, *inputs: ArrayLike) -> GradientReport:
    """Compare a layer's backward pass with measured slopes, for its inputs and parameters.

    A layer puts out many numbers. Their sum, each times a fixed random factor G, is one number J,
    and backward(G) is its gradient. The steps are complex where the layer is smooth, else central
    differences. The report calls the inputs x and y, the parameters by their own names, which are
    left as they were. Raises what the layer and `compare` raise.
    """
    x = dict(zip(INPUTS[: len(inputs)], map(as_float, inputs), strict=True))
    own = {name: getattr(layer, name) for name in getattr(layer, "parameters", ())}
    G = np.random.default_rng(0).standard_normal(np.shape(layer.forward(*x.values())))
    back = layer.backward(G)
    given = dict(zip(x, back if isinstance(back, tuple) else (back,), strict=True))
    given |= {name: getattr(layer, "d" + name) for name in own}

    def J(point: Arrays) -> complex:
        twin = copy.copy(layer)
        vars(twin).update({name: point[name] for name in own})
        return np.sum(G * twin.forward(*(point[name] for name in x)))

    return compare(J, x | own, given, "complex" if getattr(layer, "smooth", True) else "central")
