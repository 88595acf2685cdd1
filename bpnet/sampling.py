"""The numbers of formulas at random points, computed once for each part that they share."""

import functools
from collections.abc import Callable, Mapping

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from bpnet.mutants import Formula, explicit, shape

POINTS = 20
Domain = Mapping[sp.Symbol, range | tuple[float, float]]
Values = dict[sp.Expr, np.ndarray]


class Sample:
    """POINTS random values for each symbol of `formulas`, from its domain or from (-2, 2).

    `points` holds them by symbol, the points along the last axis of each array.
    """

    def __init__(self, domain: Domain | None, *formulas: Formula):
        rng = np.random.default_rng(0)
        domain = domain or {}
        symbols = set().union(*(sp.sympify(formula).free_symbols for formula in formulas))
        self.points: Values = {
            s: _draw(rng, domain.get(s, (-2.0, 2.0)), (*map(int, shape(s)), POINTS))
            for s in sorted(symbols, key=str)
        }
        self._known = dict(self.points)

    def numbers(self, formula: Formula) -> np.ndarray:
        """Return the numbers of a scalar or of a matrix, the points along the last axis."""
        formula = explicit(formula)
        with np.errstate(all="ignore"):
            if not shape(formula):
                return self._of(formula)
            return np.array([self._of(entry) for entry in formula]).reshape(*formula.shape, -1)

    def rows(self, formula: Formula) -> list[dict[str, np.ndarray]]:
        """Return, point by point, the values of the formula's symbols by name."""
        symbols = sorted(sp.sympify(formula).free_symbols, key=str)
        return [{s.name: self.points[s][..., i][()] for s in symbols} for i in range(POINTS)]

    def _of(self, node: sp.Expr) -> np.ndarray:
        if node not in self._known:
            self._known[node] = self._computed(node)
        return self._known[node]

    def _computed(self, node: sp.Expr) -> np.ndarray:
        if not node.args:
            return np.full(POINTS, float(node))
        if isinstance(node, MatrixElement):
            whole, j, k = node.args
            values = self._known[whole] if whole in self._known else self.numbers(whole)
            return values[int(j), int(k)]
        if isinstance(node, sp.Piecewise):
            symbols = list(node.free_symbols)
            return sp.lambdify(symbols, node)(*map(self._of, symbols))
        parts = [self._of(argument) for argument in node.args]
        if node.is_Add:
            return np.sum(parts, axis=0)
        if node.is_Mul:
            return np.prod(parts, axis=0)
        return _in_numpy(node.func, len(parts))(*parts)


def _draw(
    rng: "np.random.Generator", allowed: range | tuple[float, float], size: tuple[int, ...]
) -> np.ndarray:
    """Return whole numbers from a range, or real ones between the two of a pair."""
    return rng.choice(allowed, size) if isinstance(allowed, range) else rng.uniform(*allowed, size)


@functools.cache
def _in_numpy(function: type[sp.Expr], count: int) -> Callable:
    arguments = sp.symbols(f"x:{count}")
    return sp.lambdify(arguments, function(*arguments), "numpy")
