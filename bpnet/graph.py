"""A scalar computational graph: numbers go forward, slopes come back."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

Numbers: TypeAlias = tuple[float, ...]

# For each operation its value, then its slope along each input, others held fixed.
RULES: dict[str, Callable[..., Numbers]] = {
    "add": lambda x, y: (x + y, 1, 1),
    "subtract": lambda x, y: (x - y, 1, -1),
    "multiply": lambda x, y: (x * y, y, x),
    "divide": lambda x, y: (x / y, 1 / y, -x / y / y),
    # in a power n is a constant, in a maximum the slopes at a tie are a choice
    "power": lambda x, n: (math.pow(x, n), n and n * math.pow(x, n - 1), 0),
    "negate": lambda x: (-x, -1),
    "exp": lambda x: (math.exp(x), math.exp(x)),
    "log": lambda x: (math.log(x), 1 / x),
    "tanh": lambda x: (math.tanh(x), 1 - math.tanh(x) ** 2),
    "maximum": lambda x, y: (max(x, y), float(x > y), float(x <= y)),
}


def apply(operation: str, *inputs: "Variable | float") -> "Variable":
    """Return a new node; ValueError if it has no value or slope at these inputs."""
    if operation not in RULES:
        known = ", ".join(RULES)
        raise ValueError(f"operation {operation!r} is not one of {known}")
    nodes = tuple(v if isinstance(v, Variable) else Variable(v) for v in inputs)
    numbers = [node.value for node in nodes]
    try:
        value, *slopes = RULES[operation](*numbers)
        return Variable(value, nodes, tuple(slopes))
    except (ArithmeticError, ValueError) as error:
        where = f"{operation} has no value or slope at {numbers}"
        raise ValueError(f"{where}: {error}") from error


def _method(operation: str, swapped: bool = False) -> Callable[..., "Variable"]:
    return lambda *inputs: apply(operation, *(inputs[::-1] if swapped else inputs))


class Variable:
    """A number that knows the inputs it came from, and its slope along each."""

    def __init__(self, value: float, inputs: "Nodes" = (), slopes: Numbers = ()):
        if not all(map(math.isfinite, (value, *slopes))):
            raise ValueError(f"expected finite numbers, got {[value, *slopes]}")
        self.value, self.inputs, self.slopes = float(value), inputs, slopes

    __add__, __radd__ = _method("add"), _method("add", swapped=True)
    __sub__, __rsub__ = _method("subtract"), _method("subtract", swapped=True)
    __mul__, __rmul__ = _method("multiply"), _method("multiply", swapped=True)
    __truediv__, __rtruediv__ = _method("divide"), _method("divide", swapped=True)
    __neg__, maximum = _method("negate"), _method("maximum")
    exp, log, tanh = _method("exp"), _method("log"), _method("tanh")

    def __pow__(self, n: float) -> "Variable":
        return apply("power", self, float(n))

    def __repr__(self) -> str:
        return f"Variable({self.value:g})"


Nodes: TypeAlias = tuple[Variable, ...]
Slopes: TypeAlias = dict[Variable, float]


def topological_order(output: Variable) -> list[Variable]:
    """Return all variables behind `output`, each after its inputs; no recursion."""
    order: dict[Variable, None] = {}
    waiting = [output]
    while waiting:
        missing = [v for v in waiting[-1].inputs[::-1] if v not in order]
        if missing:
            waiting += missing
        else:
            order[waiting.pop()] = None
    return list(order)


def backward(output: Variable, order: Sequence[Variable] | None = None) -> Slopes:
    """Return d(output)/dv for all variables v behind `output` (reverse mode).

    Visits them in reverse topological order, or in the `order` given; ValueError
    unless that holds each of them once. Equation: eq-graph-uses.
    """
    right = topological_order(output)[::-1]
    order = right if order is None else order
    if len(order) != len(right) or set(order) != set(right):
        raise ValueError(f"order must hold each of the {len(right)} variables once")
    adjoint = dict.fromkeys(right, 0.0)
    adjoint[output] = 1.0
    for variable in order:
        for source, slope in zip(variable.inputs, variable.slopes, strict=True):
            adjoint[source] += adjoint[variable] * slope
    return adjoint


def tangents(output: Variable, variable: Variable) -> Slopes:
    """Return dv/d(variable) for all variables v behind `output` (forward mode).

    Equation: eq-graph-tangent.
    """
    tangent: Slopes = {}
    for v in topological_order(output):
        tangent[v] = float(v is variable)
        for source, slope in zip(v.inputs, v.slopes, strict=True):
            tangent[v] += slope * tangent[source]
    return tangent
