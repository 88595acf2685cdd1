"""Quadratic loss against cross-entropy as the prediction of one sigmoid neuron moves."""

import math
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from bpnet.widgets.bundle import bundle

HERE = Path(__file__).parent
LIMIT = 8
MAX_STEPS = 1000
GUESSES = ("", "quadratic", "cross-entropy", "same")


class LossExplorer(anywidget.AnyWidget):
    """Explore both losses and both output errors of one sigmoid neuron at weighted input `z`.

    `z` in [-8, 8], target `y` 0 or 1, `steps` gradient steps (eta = 1) taken from `z`, and
    `guess`, the reader's prediction ("" until given). All four are shared with Python and can be
    linked. Raises TraitError for a value outside these.
    """

    _esm = bundle(HERE / "loss_explorer.js")
    _css = (HERE / "explorable.css").read_text(encoding="utf-8")
    _address = traitlets.Unicode("loss-explorer:z,y,steps").tag(sync=True)
    _start = traitlets.Dict().tag(sync=True)

    z = traitlets.Float(4.0).tag(sync=True)
    y = traitlets.Int(0).tag(sync=True)
    steps = traitlets.Int(0).tag(sync=True)
    guess = traitlets.Unicode("").tag(sync=True)

    @traitlets.default("_start")
    def _values_at_construction(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("z", "y", "steps", "guess")}

    @traitlets.validate("z")
    def _check_z(self, proposal: Any) -> float:
        z = float(proposal["value"])
        if not math.isfinite(z) or abs(z) > LIMIT:
            raise traitlets.TraitError(f"z must be a number from -{LIMIT} to {LIMIT}, not {z}.")
        return z

    @traitlets.validate("y")
    def _check_y(self, proposal: Any) -> int:
        y = proposal["value"]
        if y not in (0, 1):
            raise traitlets.TraitError(f"y must be 0 or 1, not {y}.")
        return int(y)

    @traitlets.validate("steps")
    def _check_steps(self, proposal: Any) -> int:
        steps = proposal["value"]
        if not 0 <= steps <= MAX_STEPS:
            raise traitlets.TraitError(
                f"steps must be a whole number from 0 to {MAX_STEPS}, not {steps}."
            )
        return int(steps)

    @traitlets.validate("guess")
    def _check_guess(self, proposal: Any) -> str:
        guess = str(proposal["value"])
        if guess not in GUESSES:
            raise traitlets.TraitError(f"guess must be one of {GUESSES}, not {guess!r}.")
        return guess

    def __repr__(self) -> str:
        return (
            f"LossExplorer at z = {self.z}, y = {self.y}: quadratic loss against cross-entropy "
            "(interactive: needs a browser with scripts)"
        )
