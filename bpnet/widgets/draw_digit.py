"""A digit to draw: what a trained network reads, and the slope of its cost in every pixel."""

import re
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpnet.checks import require_probabilities, require_rows, require_same_length
from bpnet.datasets import centred
from bpnet.layers import Affine, ReLU
from bpnet.loss_layers import SoftmaxWithLoss
from bpnet.network import Network
from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable

PIXELS, DIGITS = 784, 10
MAX_WEIGHTS = 90_000  # one byte each: 120 kB as the text that a page holds
MAX_STEPS = 20
ETA = 0.05
QUARTERS = ("top left", "top right", "bottom left", "bottom right")


class DrawDigit(Explorable):
    """Draw a digit for a trained `network`, and follow its cost back to the pixels.

    `x` (m, 784) and `y` (m,) are official digits and their labels to begin with. The state:
    `picture`, the drawing as 784 digits 0 to f ("": blank); `example`, the row of `x` that is
    shown instead (-1: the drawing); `wish`, the digit that it should be (-1: none); `steps`, 0 to
    20 gradient steps on the picture towards the wish; `guess`, the reader's prediction ("" until
    given). `network` is the one in the page: yours, each weight rounded to one byte.

    Raises ValueError for a network without 784 inputs, ReLU, ten outputs and softmax, or with
    more than 90,000 weights; TraitError for a value outside the above.
    """

    _esm = bundle(HERE / "draw_digit.js")

    sizes = traitlets.List(traitlets.Int()).tag(sync=True, fixed=True)
    weights = traitlets.Bytes().tag(sync=True, fixed=True)
    scales = traitlets.List(traitlets.Float()).tag(sync=True, fixed=True)
    biases = traitlets.List(traitlets.Float()).tag(sync=True, fixed=True)
    examples = traitlets.Bytes().tag(sync=True, fixed=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True, fixed=True)

    picture = traitlets.Unicode("").tag(sync=True)
    example = traitlets.Int(-1, min=-1).tag(sync=True)
    wish = traitlets.Int(-1, min=-1, max=DIGITS - 1).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=MAX_STEPS).tag(sync=True)
    guess = traitlets.Enum(["", *QUARTERS], "").tag(sync=True, address=False)

    def __init__(
        self, network: Network, x: ArrayLike | None = None, y: ArrayLike | None = None, **state: Any
    ):
        _require_reader(network)
        x = np.zeros((0, PIXELS)) if x is None else np.asarray(x)
        y = np.zeros(0, int) if y is None else np.asarray(y)
        require_same_length(x, y)
        if len(x):
            require_rows("x", x, PIXELS)
        self.network = rounded(network)
        parameters = network.parameters
        steps = {name: _step(W) for name, W in parameters.items() if name[0] == "W"}
        wholes = [np.rint(parameters[name] / step) for name, step in steps.items()]
        super().__init__(
            sizes=network.sizes,
            weights=b"".join(whole.astype(np.int8).tobytes() for whole in wholes),
            scales=np.concatenate([*steps.values()])[:, 0].tolist(),
            biases=[float(b) for name in parameters if name[0] == "b" for b in parameters[name]],
            examples=np.rint(255 * require_probabilities("x", x)).astype(np.uint8).tobytes(),
            labels=[int(label) for label in y],
            **state,
        )

    @traitlets.validate("picture")
    def _is_a_picture(self, proposal: Any) -> str:
        if not re.fullmatch(f"|[0-9a-f]{{{PIXELS}}}", proposal["value"]):
            raise traitlets.TraitError(f'picture must be "" or {PIXELS} digits from 0 to f')
        return proposal["value"]

    @traitlets.validate("example")
    def _is_an_example(self, proposal: Any) -> int:
        if proposal["value"] >= len(self.labels):
            raise traitlets.TraitError(
                f"example is {proposal['value']}, but there are {len(self.labels)} examples, "
                "counted from 0"
            )
        return proposal["value"]

    @property
    def seen(self) -> np.ndarray:
        """The picture that the network sees, of shape (784,): centred, and after the steps."""
        if self.example >= 0:
            x = np.frombuffer(self.examples, np.uint8).reshape(-1, PIXELS)[self.example] / 255
        else:
            levels = [int(level, 16) for level in self.picture or PIXELS * "0"]
            x = centred(np.reshape(levels, (28, 28)) / 15).ravel()
        for _ in range(self.steps if self.wish >= 0 else 0):
            x = np.clip(x - ETA * self.network.input_gradient(x[None], [self.wish])[0], 0, 1)
        return x


def rounded(network: Network) -> Network:
    """Return a copy in float64 with 255 values a weight: -127 to 127 steps of its own neuron."""
    parameters = {name: values.astype(float) for name, values in network.parameters.items()}
    for name, values in parameters.items():
        if name[0] == "W":
            step = _step(values)
            parameters[name] = np.rint(values / step) * step
    return network.replace(parameters)


def _step(W: np.ndarray) -> np.ndarray:
    """Return for each neuron, as a column, the step that 127 times is its largest weight."""
    largest = np.abs(W).max(axis=1, keepdims=True).astype(float)
    return np.where(largest > 0, largest, 1) / 127


def _require_reader(network: Network) -> None:
    """Raise ValueError unless the page can compute the network and hold it."""
    kinds = [type(layer) for layer in network.layers]
    dense = [Affine, *(len(network.affine_layers) - 1) * [ReLU, Affine]]
    ends = [network.sizes[0], network.sizes[-1]]
    loss = type(network.loss)
    if (kinds, ends, loss) != (dense, [PIXELS, DIGITS], SoftmaxWithLoss):
        raise ValueError(
            "DrawDigit needs a network from 784 pixels to 10 digits with ReLU and softmax, such as "
            f"Network.dense([784, 100, 10], rng), got sizes {network.sizes}, layers "
            f"{', '.join(kind.__name__ for kind in kinds)} and {loss.__name__}"
        )
    weights = sum(layer.W.size for layer in network.affine_layers)
    if weights > MAX_WEIGHTS:
        raise ValueError(
            f"a page holds at most {MAX_WEIGHTS:,} weights, but sizes {network.sizes} need "
            f"{weights:,}"
        )
