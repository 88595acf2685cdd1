"""A calculation as a graph, whose values go forward and whose slopes come back step by step."""

import math
from typing import Any

import traitlets

from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable

LIMIT = 1000
MAX_STEPS = 50
PRICE, COUNT, TAX = [0, 200, 1], [0, 10, 1], [1, 2, 0.01]

# In words, as a text, and of the inputs: where they start, and the range and step of their sliders.
EXAMPLES: dict[str, dict[str, Any]] = {
    "apples": {
        "words": "Apples and a tax",
        "text": "subtotal = price * count; bill = subtotal * tax",
        "starts": [100, 2, 1.1],
        "ranges": [PRICE, COUNT, TAX],
    },
    "fruit": {
        "words": "Apples and oranges",
        "text": "apples = p1 * n1 * t; oranges = p2 * n2 * t; bill = apples + oranges",
        "starts": [100, 2, 1.1, 150, 3],
        "ranges": [PRICE, COUNT, TAX, PRICE, COUNT],
    },
    "square": {"words": "The square of a sum", "text": "t = x + y; z = t * t"},
    "sigmoid": {
        "words": "The sigmoid",
        "text": "m = -x; e = exp(m); w = 1 + e; y = 1 / w",
        "starts": [1],
    },
    "twice": {"words": "A value used twice", "text": "u = x + y; v = u * x; C = u * v"},
    "softmax": {
        "words": "Softmax with its loss",
        "text": "e1 = exp(z1); e2 = exp(z2); e3 = exp(z3); S = e1 + e2 + e3; "
        "u = 1 / S; p2 = e2 * u; C = -log(p2)",
        "starts": [0, math.log(2), math.log(5)],
    },
}


class GraphStepper(Explorable):
    """Walk through a graph forward and back; `example` "own" takes the reader's `expression`.

    An expression has numbers, names, + - * / ^ ( ), exp, log, tanh, relu and max; parts before the
    last define a name: "u = x + y; u * u". `values` are those of the inputs in the order of their
    first appearance, from -1000 to 1000; missing ones start as the example does. `step` counts from
    1, through the values and then the slopes. With `choosing` the reader sets the `order` in which
    the operations send their slopes back, numbered from 1 as the forward pass computes them.
    `guess` is the reader's prediction. Raises TraitError for a value outside these.
    """

    _esm = bundle(HERE / "graph_stepper.js")

    examples = traitlets.Dict(EXAMPLES).tag(sync=True, fixed=True)
    example = traitlets.Enum([*EXAMPLES, "own"], "apples").tag(sync=True)
    expression = traitlets.Unicode("x * y").tag(sync=True)
    values = traitlets.List(traitlets.Float()).tag(sync=True)
    step = traitlets.Int(1, min=1, max=MAX_STEPS).tag(sync=True)
    choosing = traitlets.Bool(False).tag(sync=True)
    order = traitlets.List(traitlets.Int()).tag(sync=True)
    guess = traitlets.Unicode("").tag(sync=True, address=False)

    @traitlets.validate("values")
    def _check_values(self, proposal: Any) -> list[float]:
        for value in proposal["value"]:
            if not -LIMIT <= value <= LIMIT:
                raise traitlets.TraitError(
                    f"values must be numbers from -{LIMIT} to {LIMIT}, not {value}."
                )
        return list(proposal["value"])

    @traitlets.validate("order")
    def _check_order(self, proposal: Any) -> list[int]:
        order = proposal["value"]
        if len(set(order)) < len(order) or min(order, default=1) < 1:
            raise traitlets.TraitError(
                f"order must hold numbers of operations from 1, each once, not {order}."
            )
        return list(order)
