"""Quadratic loss against cross-entropy as the prediction of one sigmoid neuron moves."""

import traitlets

from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable, Finite

LIMIT = 8
MAX_STEPS = 1000


class LossExplorer(Explorable):
    """Explore both losses and both output errors of one sigmoid neuron at weighted input `z`.

    `z` in [-8, 8], target `y` 0 or 1, `steps` gradient steps (eta = 1) taken from `z`, and
    `guess`, the reader's prediction ("" until given). All four are shared with Python and can be
    linked. Raises TraitError for a value outside these.
    """

    _esm = bundle(HERE / "loss_explorer.js")

    z = Finite(4.0, min=-LIMIT, max=LIMIT).tag(sync=True)
    y = traitlets.Enum([0, 1], 0).tag(sync=True)
    steps = traitlets.Int(0, min=0, max=MAX_STEPS).tag(sync=True)
    guess = traitlets.Enum(["", "quadratic", "cross-entropy", "same"], "").tag(
        sync=True, address=False
    )
