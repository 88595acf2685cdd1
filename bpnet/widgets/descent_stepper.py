"""Gradient descent on a loss of two parameters, one step at a time."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import traitlets

from bpnet.layers import Affine
from bpnet.loss_layers import QuadraticLoss, SigmoidWithLoss
from bpnet.network import Network
from bpnet.optimizers import SGD, Momentum
from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable, Finite

EDGES = (5.0, 3.0)  # the plane shows |v1| <= 5 and |v2| <= 3
MAX_ETA = 10.0
MAX_BETA = 0.99
MAX_STEPS = 60
MAX_SEED = 20
FAR = 1e5  # a walk ends where it has run away

QUADRATICS = {"bowl": (1.0, 1.0, 0.0), "valley": (1.0, 9.0, 0.0), "pass": (1.0, -1.0, 0.0)}
SURFACES = [*QUADRATICS, "two-neurons", "neuron", "own"]

INPUTS = np.array([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0])[:, None]
TARGETS = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])[:, None]
SAMPLES = len(INPUTS)
BATCHES = [8, 4, 2, 1]


class DescentStepper(Explorable):
    """Step down a loss of two parameters, and guess each next point before it is drawn.

    `surface` is one of SURFACES: the bowl (v1^2 + v2^2)/2, the valley (v1^2 + 9 v2^2)/2, the
    pass (v1^2 - v2^2)/2, two neurons in a row (v1 v2 - 1)^2/2, one sigmoid neuron (weight,
    bias) with cross-entropy on eight samples, or the reader's own (p v1^2 + q v2^2)/2 + r v1 v2
    with `own` = [p, q, r]. The walk leaves `start` = [v1, v2] and has made `step` steps with
    rate `eta` and momentum `beta`. The neuron may take mini-batches of `batch` of its samples,
    drawn with `seed`. `guess` = [n, v1, v2] is where the reader expects the n-th point, []
    until given. Raises TraitError for a value outside the ranges of this module.
    """

    _esm = bundle(HERE / "descent_stepper.js")

    surface = traitlets.Enum(SURFACES, "valley").tag(sync=True)
    start = traitlets.List(Finite(), [4.0, 1.2], minlen=2, maxlen=2).tag(sync=True)
    eta = Finite(0.18, min=0.001, max=MAX_ETA).tag(sync=True)
    beta = Finite(0.0, min=0, max=MAX_BETA).tag(sync=True)
    batch = traitlets.Enum(BATCHES, SAMPLES).tag(sync=True)
    seed = traitlets.Int(1, min=1, max=MAX_SEED).tag(sync=True)
    own = traitlets.List(Finite(min=-10, max=10), [2.0, 6.0, 1.5], minlen=3, maxlen=3).tag(
        sync=True
    )
    step = traitlets.Int(0, min=0, max=MAX_STEPS).tag(sync=True)
    guess = traitlets.List(Finite(), maxlen=3).tag(sync=True, address=False)

    @traitlets.validate("start")
    def _in_the_plane(self, proposal: dict) -> list[float]:
        start: list[float] = proposal["value"]
        if any(abs(v) > edge for v, edge in zip(start, EDGES, strict=True)):
            raise traitlets.TraitError(f"start must have |v1| <= 5 and |v2| <= 3, not {start}.")
        return start

    @traitlets.validate("guess")
    def _empty_or_a_numbered_point(self, proposal: dict) -> list[float]:
        guess: list[float] = proposal["value"]
        if len(guess) not in (0, 3):
            raise traitlets.TraitError(f"guess must be [] or [n, v1, v2], not {guess}.")
        return guess

    def walk(self) -> np.ndarray:
        """Return the points of the walk, the start first; shape (step + 1, 2).

        They are moved by `bpnet.SGD`, or by `bpnet.Momentum` for beta > 0. A walk ends before
        its last step where a parameter has grown beyond a hundred thousand.
        """
        update = Momentum(self.eta, self.beta) if self.beta else SGD(self.eta)
        gradient = partial(surface_gradient, self.surface, self.own)
        v, points = {"v": np.array(self.start)}, [np.array(self.start)]
        for samples in batches(self.batch, self.seed, self.step):
            if np.abs(v["v"]).max() > FAR:
                break
            update.step(v, {"v": gradient(v["v"], samples)})
            points.append(v["v"].copy())
        return np.array(points)


def surface_loss(surface: str, own: list[float], v: np.ndarray) -> float:
    """Return the loss of a surface at the two parameters `v`; complex ones are welcome."""
    if surface == "neuron":
        return neuron(v).cost(INPUTS, TARGETS)
    if surface == "two-neurons":
        return two_neurons(v).cost([[1.0]], [[1.0]])
    return v @ curvatures(surface, own) @ v / 2


def surface_gradient(
    surface: str, own: list[float], v: np.ndarray, samples: list[int] | None = None
) -> np.ndarray:
    """Return the gradient of a surface at `v`; the neuron's over some of its samples only."""
    if surface == "neuron":
        chosen = slice(None) if samples is None else samples
        _, slopes = neuron(v).cost_and_gradients(INPUTS[chosen], TARGETS[chosen])
        return np.array([slopes["W1"].item(), slopes["b1"].item()])
    if surface == "two-neurons":
        _, slopes = two_neurons(v).cost_and_gradients([[1.0]], [[1.0]])
        return np.array([slopes["W1"].item(), slopes["W2"].item()])
    return curvatures(surface, own) @ v


def neuron(v: np.ndarray) -> Network:
    """Return one sigmoid neuron with weight v1, bias v2 and cross-entropy."""
    return Network([Affine([[v[0]]], [v[1]])], SigmoidWithLoss())


def two_neurons(v: np.ndarray) -> Network:
    """Return two neurons in a row with weights v1 and v2. Equation: eq-two-neurons."""
    return Network([Affine([[v[0]]], [0.0]), Affine([[v[1]]], [0.0])], QuadraticLoss())


def curvatures(surface: str, own: list[float]) -> np.ndarray:
    """Return the second derivatives of a quadratic surface, of shape (2, 2)."""
    p, q, r = QUADRATICS.get(surface, own)
    return np.array([[p, r], [r, q]])


def batches(size: int, seed: int, steps: int) -> Iterator[list[int]]:
    """Yield the samples of each step: every epoch shuffles all eight and deals them out.

    The shuffle draws from a linear congruential generator, so that the page draws the same.
    """
    state = seed
    deck: list[int] = []
    for _ in range(steps):
        if not deck:
            deck = list(range(SAMPLES))
            for last in range(SAMPLES - 1, 0, -1):
                state = (state * 1664525 + 1013904223) % 2**32
                other = state * (last + 1) // 2**32
                deck[last], deck[other] = deck[other], deck[last]
        yield deck[:size]
        deck = deck[size:]
