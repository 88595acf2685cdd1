"""What the property tests share: settings, arrays, and networks with data that fit them."""

import os

import numpy as np
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st

import bpnet

settings.register_profile(
    "ci",
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "quick", settings.get_profile("ci"), max_examples=8, phases=[Phase.generate]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

FLOATS = (np.float32, np.float64)
STRICT = {"over": "raise", "invalid": "raise", "divide": "raise"}
HIDDEN = (bpnet.Sigmoid, bpnet.Tanh, bpnet.ReLU)
ENDS = (
    (None, bpnet.QuadraticLoss),
    (bpnet.Sigmoid, bpnet.QuadraticLoss),
    (bpnet.Tanh, bpnet.QuadraticLoss),
    (None, bpnet.SigmoidWithLoss),
    (None, bpnet.SoftmaxWithLoss),
)

sizes = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)


def arrays(shape, low: float = -2, high: float = 2, dtype=float) -> st.SearchStrategy[np.ndarray]:
    """Arrays with entries between `low` and `high`."""
    width = np.finfo(dtype).bits
    elements = st.floats(low, high, width=width, allow_subnormal=False)
    return numpy_st.arrays(dtype, shape, elements=elements)


def away_from_zero(shape, low: float = 0.5, high: float = 1.5) -> st.SearchStrategy[np.ndarray]:
    """Arrays of both signs with no entry between -low and low."""
    signs = numpy_st.arrays(float, shape, elements=st.sampled_from([-1.0, 1.0]))
    return st.builds(np.multiply, signs, arrays(shape, low, high))


@st.composite
def problems(draw, hidden=HIDDEN, ends=ENDS, dtype=float):
    """A network, a batch x and targets y that its loss takes, x away from every kink."""
    widths = draw(st.lists(sizes, min_size=1, max_size=3))
    output, loss = draw(st.sampled_from(ends))
    widths.append(draw(st.integers(2, 4)))
    rng = np.random.default_rng(draw(seeds))
    network = bpnet.Network.dense(
        widths, rng, draw(st.sampled_from(hidden)), output, loss(), init="standard", dtype=dtype
    )
    x = rng.standard_normal((draw(sizes), widths[0])).astype(dtype)
    assume(kink_distance(network, x) > 1e-3)
    return network, x, targets(rng, loss, (len(x), widths[-1])).astype(dtype)


def targets(rng: np.random.Generator, loss: type, shape: tuple[int, int]) -> np.ndarray:
    """Soft targets that `loss` takes."""
    if loss is bpnet.SoftmaxWithLoss:
        return rng.dirichlet(np.ones(shape[1]), shape[0])
    return rng.uniform(size=shape)


def kink_distance(network: bpnet.Network, x: np.ndarray) -> float:
    """The smallest |z| that enters a ReLU of the network."""
    distance = np.inf
    for layer in network.layers:
        if isinstance(layer, bpnet.ReLU):
            distance = min(distance, abs(x).min())
        x = layer.forward(x)
    return distance


def frozen(*values) -> list[np.ndarray]:
    """Read-only copies: whoever writes into one of them raises."""
    copies = [np.array(value) for value in values]
    for copy in copies:
        copy.flags.writeable = False
    return copies


def snapshot(network: bpnet.Network) -> dict[str, bytes]:
    """The parameters bit for bit."""
    return {name: values.tobytes() for name, values in network.parameters.items()}
