"""Softmax with cross-entropy: scores by hand, and the push on each that follows."""

from typing import Any

import traitlets

from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable, Finite

LIMIT = 6
FEWEST, MOST = 3, 5


class PushPull(Explorable):
    """Explore the pushes `delta` on the scores of softmax with cross-entropy.

    `z` holds 3 to 5 scores in [-6, 6] and `target` as many numbers in [0, 1], which `epsilon` in
    [0, 0.9] smooths; the scores are divided by `temperature` in [0.2, 5], and `upstream` in
    [-2, 2] is the slope from above. `view` says what stands below the pushes: nothing more, the
    Jacobian at tile `step` of n * n, or sigmoid with the quadratic loss. `guess` is the class
    that the reader predicts, counted from 1 (0 until given). Raises TraitError for a value
    outside these, and unless there are as many targets as scores.
    """

    _esm = bundle(HERE / "push_pull.js")

    z = traitlets.List([0.0, 1.0, 2.0], minlen=FEWEST, maxlen=MOST).tag(sync=True)
    target = traitlets.List([0.0, 1.0, 0.0], minlen=FEWEST, maxlen=MOST).tag(sync=True)
    epsilon = Finite(0.0, min=0, max=0.9).tag(sync=True)
    temperature = Finite(1.0, min=0.2, max=5).tag(sync=True)
    upstream = Finite(1.0, min=-2, max=2).tag(sync=True)
    view = traitlets.Enum(["pushes", "jacobian", "quadratic"], "pushes").tag(sync=True)
    step = traitlets.Int(1, min=1, max=MOST**2).tag(sync=True)
    guess = traitlets.Int(0, min=0, max=MOST).tag(sync=True, address=False)

    @traitlets.validate("z")
    def _check_scores(self, proposal: Any) -> list[float]:
        return self._numbers(proposal, -LIMIT, LIMIT, len(self.target))

    @traitlets.validate("target")
    def _check_target(self, proposal: Any) -> list[float]:
        return self._numbers(proposal, 0, 1, len(self.z))

    def _numbers(self, proposal: Any, low: float, high: float, count: int) -> list[float]:
        """Return the proposed list as floats."""
        name, values = proposal["trait"].name, proposal["value"]
        if not all(isinstance(value, int | float) and low <= value <= high for value in values):
            raise traitlets.TraitError(f"{name} must hold numbers from {low} to {high}: {values}.")
        if len(values) != count:
            raise traitlets.TraitError(
                f"z and target must be of one length; {name} has {len(values)}, the other {count}."
            )
        return [float(value) for value in values]
