"""A scalar computational graph: numbers go forward, slopes come back, one rule an operation."""

import math
from collections.abc import Callable, Sequence

# What an operation returns: its value, then its slope along each input, the others held fixed.
RULES: dict[str, Callable[..., tuple[float, ...]]] = {
    "add": lambda x, y: (x + y, 1, 1),
    "subtract": lambda x, y: (x - y, 1, -1),
    "multiply": lambda x, y: (x * y, y, x),
    "divide": lambda x, y: (x / y, 1 / y, -x / y / y),
    "power": lambda x, n: (math.pow(x, n), n and n * math.pow(x, n - 1), 0),  # n stays fixed
    "negate": lambda x: (-x, -1),
    "exp": lambda x: (math.exp(x), math.exp(x)),
    "log": lambda x: (math.log(x), 1 / x),
    "tanh": lambda x: (math.tanh(x), 1 - math.tanh(x) ** 2),
    "maximum": lambda x, y: (max(x, y), float(x > y), float(x <= y)),  # at a tie, a choice
}


def apply(operation: str, *inputs: "Variable | float") -> "Variable":
    """Return the result as a new node; ValueError if unknown, or without a value or slope here."""
    if operation not in RULES:
        raise ValueError(f"unknown operation {operation!r}, expected one of {', '.join(RULES)}")
    nodes = tuple(v if isinstance(v, Variable) else Variable(v) for v in inputs)
    numbers = [node.value for node in nodes]
    try:
        value, *slopes = RULES[operation](*numbers)
        return Variable(value, nodes, tuple(slopes))
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"{operation} has no value or slope at {numbers}: {error}") from error


def _method(operation: str, swapped: bool = False) -> Callable[..., "Variable"]:
    return lambda *inputs: apply(operation, *(inputs[::-1] if swapped else inputs))


class Variable:
    """A number that knows the inputs it was computed from, and its slope along each of them."""

    def __init__(self, value: float, inputs: "Nodes" = (), slopes: tuple[float, ...] = ()):
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


Nodes = tuple[Variable, ...]


def topological_order(output: Variable) -> list[Variable]:
    """Return all variables that `output` is computed from, each after its inputs; no recursion."""
    order: dict[Variable, None] = {}
    waiting = [output]
    while waiting:
        missing = [v for v in waiting[-1].inputs[::-1] if v not in order]
        if missing:
            waiting += missing
        else:
            order[waiting.pop()] = None
    return list(order)


def backward(output: Variable, order: Sequence[Variable] | None = None) -> dict[Variable, float]:
    """Return d(output)/dv for every variable v that `output` is computed from (reverse mode).

    Variables are visited in reverse topological order; ValueError if an `order` is given that
    does not hold each of them once. Equation: eq-graph-uses.
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


def tangents(output: Variable, variable: Variable) -> dict[Variable, float]:
    """Return dv/d(variable) for every v that `output` is computed from (forward mode).

    Equation: eq-graph-tangent.
    """
    tangent: dict[Variable, float] = {}
    for v in topological_order(output):
        tangent[v] = float(v is variable)
        for source, slope in zip(v.inputs, v.slopes, strict=True):
            tangent[v] += slope * tangent[source]
    return tangent
