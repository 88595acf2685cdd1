"""Every path from a parameter of a small network to the loss, one after another."""

import re
from typing import Any

import traitlets

from bpnet.examples import example
from bpnet.paths import entries
from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable, Finite

NETWORKS = ("2-2-2", "2-3-2-2", "2-3-3-2")
LIMITS = {"x": (-5, 5), "y": (0, 1), "weights": (-10, 10)}


def short_name(name: str) -> str:
    """Return the name of an entry with its places counted from 1: W1[0, 1] becomes W1_12."""
    places = re.findall(r"\d+", name.partition("[")[2])
    return f"{name.partition('[')[0]}_{''.join(str(int(place) + 1) for place in places)}"


def _lists(name: str) -> dict[str, Any]:
    """Return the numbers of an example as flat lists, and the names of its parameters."""
    network, x, y = example(name)
    values = entries(network.parameters)
    return {
        "x": x[0].tolist(),
        "y": y[0].tolist(),
        "weights": list(values.values()),
        "names": [short_name(name) for name in values],
    }


EXAMPLES = {name: _lists(name) for name in NETWORKS}


def _numbers(name: str) -> traitlets.List:
    low, high = LIMITS[name]
    return traitlets.List(Finite(min=low, max=high)).tag(sync=True)


class PathTracer(Explorable):
    """Trace the paths from one parameter to the loss in a network of `bpnet.examples`.

    `network` is its name, `parameter` a name such as "W1_12" (to neuron 1 from 2) or "b1_1".
    `step` counts from 1: the forward pass, one step for each path, their sum; `factored` merges
    shared endings into delta instead. `x`, `y` and `weights` (W1 row by row, b1, W2, ...) are
    lists of numbers, empty for those of the example; `guess` is the reader's number of paths, 0
    until given. Another network drops what does not fit it. Raises TraitError for bad values.
    """

    _esm = bundle(HERE / "path_tracer.js")
    examples = traitlets.Dict(EXAMPLES).tag(sync=True, fixed=True)

    network = traitlets.Enum(NETWORKS, NETWORKS[0]).tag(sync=True)
    parameter = traitlets.Unicode("W1_11").tag(sync=True)
    step = traitlets.Int(1, min=1).tag(sync=True)
    factored = traitlets.Bool(False).tag(sync=True)
    x = _numbers("x")
    y = _numbers("y")
    weights = _numbers("weights")
    guess = traitlets.Enum([0, 1, 2, 4, 5, 6], 0).tag(sync=True, address=False)

    @traitlets.validate("parameter")
    def _check_parameter(self, proposal: Any) -> str:
        if proposal["value"] not in EXAMPLES[self.network]["names"]:
            raise traitlets.TraitError(
                f"the network {self.network} has no parameter {proposal['value']!r}, only "
                f"{', '.join(EXAMPLES[self.network]['names'])}."
            )
        return str(proposal["value"])

    @traitlets.validate("x", "y", "weights")
    def _check_length(self, proposal: Any) -> list[float]:
        name, values = proposal["trait"].name, proposal["value"]
        expected = len(EXAMPLES[self.network][name])
        if len(values) not in (0, expected):
            raise traitlets.TraitError(
                f"{name} must have {expected} numbers for the network {self.network}, or none "
                f"for those of the example, not {len(values)}."
            )
        return list(values)

    @traitlets.observe("network")
    def _drop_what_does_not_fit(self, change: Any) -> None:
        own = EXAMPLES[self.network]
        if self.parameter not in own["names"]:
            self.parameter = own["names"][0]
        if len(self.weights) not in (0, len(own["weights"])):
            self.weights = []
