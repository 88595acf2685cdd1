"""Equations checked three ways: by SymPy, as written for the page, and as `bpnet` computes them.

`define` and `prove` also plant mistakes in the formula and show that they reject each of them.
"""

import itertools
from collections.abc import Callable, Mapping

import numpy as np
import sympy as sp

from bpnet.verdict import Verdict

POINTS = 20
TOLERANCE = 1e-9
Domain = Mapping[sp.Symbol, range | tuple[float, float]]


class Disagreement(AssertionError):
    """Two sides of an equation that should agree do not."""


def define(
    label: str,
    page: sp.Expr,
    package: Callable,
    domain: Domain | None = None,
    sources: str = "",
) -> Verdict:
    """Tie the definition `page` to the code that implements it.

    `package` takes the free symbols of `page` by name and returns a number; `sources` names the
    rows of sources.tsv that the equation treats. Raises Disagreement, with both sides and the
    point, if they differ by more than rounding or no mistake is caught.
    """
    points = _points(page, domain)
    error, values = _against_package(label, page, package, points)
    rejected = _rejected(label, page, values, points)
    return Verdict(
        kind="define",
        label=label,
        findings=(_package_finding(error), _rejected_finding(rejected)),
        sources=tuple(sources.split()),
        error=error,
        rejected=rejected,
    )


def prove(
    label: str,
    truth: sp.Expr,
    page: sp.Expr,
    package: Callable | None = None,
    domain: Domain | None = None,
    sources: str = "",
) -> Verdict:
    """Show that `truth` (SymPy's own derivative) = `page` (as printed) = `package` (as computed).

    `package` takes the free symbols of `page` by name and returns a number; None if the equation
    has no code of its own. Raises Disagreement, with both sides, if any two of the three differ
    or if a planted mistake passes.
    """
    if not vanishes(truth - page):
        raise Disagreement(f"{label}: SymPy finds {sp.simplify(truth)}, the page says {page}")
    findings = ["SymPy's result and the formula on the page are identical"]
    points = _points(page, domain)
    error, values = None, _evaluate(truth, points)
    if package is not None:
        error, values = _against_package(label, page, package, points)
        findings.append(_package_finding(error))
    rejected = _rejected(label, page, values, points)
    return Verdict(
        kind="prove",
        label=label,
        findings=(*findings, _rejected_finding(rejected)),
        sources=tuple(sources.split()),
        symbolic=True,
        error=error,
        rejected=rejected,
    )


def approximate(
    label: str, exact: sp.Expr, page: sp.Expr, small: sp.Symbol, order: int, sources: str = ""
) -> Verdict:
    """Show that exact = page + O(small^order), and not of a higher order.

    Raises Disagreement if the remainder starts with another power of `small`.
    """
    remainder = sp.series(exact - page, small, 0, order + 1).removeO()
    coefficients = [sp.simplify(remainder.coeff(small, k)) for k in range(order + 1)]
    found = next((k for k, c in enumerate(coefficients) if not vanishes(c)), None)
    if found != order:
        raise Disagreement(
            f"{label}: the remainder starts with {small}^{found}, not {small}^{order}"
        )
    finding = f"the remainder is of order {small}^{order}: a tenth of {small} leaves 1/{10**order}"
    return Verdict(
        kind="approximate",
        label=label,
        findings=(finding,),
        sources=tuple(sources.split()),
        symbolic=True,
    )


def refute(label: str, printed: float, right: float, slip: str) -> Verdict:
    """Show by number that a published formula is a slip: what it gives, and what is right.

    `label` is the row of sources.tsv. Raises Disagreement if the two agree, for then nothing is
    refuted.
    """
    printed, right = float(printed), float(right)
    if abs(printed - right) <= TOLERANCE * max(1.0, abs(right)):
        raise Disagreement(f"{label}: both give {right:.6g}, so nothing is refuted")
    return Verdict(
        kind="refute",
        label=label,
        findings=(slip, f"printed {printed:.6g}, right {right:.6g}"),
        sources=(label,),
    )


def vanishes(expression: sp.Expr) -> bool:
    """Return whether SymPy can show that `expression` is identically zero."""
    if sp.expand(expression) == 0:
        return True
    return bool(sp.simplify(sp.expand(expression.rewrite(sp.exp))) == 0)


def mutants(page: sp.Expr) -> set[sp.Expr]:
    """Return `page` with one planted mistake each: a sign, a lost term or factor, an exchange."""
    found = {-page}
    for node in sp.preorder_traversal(page):
        if isinstance(node, sp.Add | sp.Mul):
            for argument in node.args:
                rest = node.func(*(other for other in node.args if other is not argument))
                found.add(page.xreplace({node: rest}))
    for first, second in itertools.combinations(sorted(page.free_symbols, key=str), 2):
        found.add(page.xreplace({first: second, second: first}))
    return {wrong for wrong in found if not wrong.has(sp.zoo, sp.nan, sp.oo)} - {page}


def _rejected(label: str, page: sp.Expr, values: np.ndarray, points: dict) -> int:
    """Return how many planted mistakes the check rejects; raise unless it rejects them all."""
    rejected = 0
    for wrong in mutants(page):
        if not _same(_evaluate(wrong, points), values):
            rejected += 1
        elif not vanishes(wrong - page):
            raise Disagreement(f"{label}: the check accepts {wrong} in place of {page}")
    if not rejected:
        raise Disagreement(f"{label}: no mistake could be planted in {page}, so nothing is checked")
    return rejected


def _rejected_finding(rejected: int) -> str:
    return f"{rejected} planted mistakes, all rejected"


def _against_package(
    label: str, page: sp.Expr, package: Callable, points: dict
) -> tuple[float, np.ndarray]:
    """Return the largest error between page and package, and the package's values."""
    rows = [{symbol.name: v[i] for symbol, v in points.items()} for i in range(POINTS)]
    computed = np.array([float(np.squeeze(package(**row))) for row in rows])
    printed = _evaluate(page, points)
    if not _same(printed, computed):
        worst = int(np.argmax(np.abs(np.nan_to_num(printed - computed, nan=np.inf))))
        at = ", ".join(f"{name} = {value:.6g}" for name, value in rows[worst].items())
        raise Disagreement(
            f"{label}: at {at} the page gives {printed[worst]:.6g}, bpnet {computed[worst]:.6g}, "
            f"difference {printed[worst] - computed[worst]:.3g}"
        )
    return float(np.max(np.abs(printed - computed))), computed


def _package_finding(error: float) -> str:
    size = f"largest error {error:.0e}" if error else "not a bit of difference"
    return f"bpnet computes the same: {size} at {POINTS} random points"


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.abs(a - b) <= TOLERANCE * np.maximum(1, np.abs(b))))


def _points(page: sp.Expr, domain: Domain | None) -> dict[sp.Symbol, np.ndarray]:
    """Return POINTS random values for every free symbol, from its domain or from (-2, 2)."""
    rng = np.random.default_rng(0)
    domain = domain or {}
    symbols = sorted(page.free_symbols, key=str)
    return {s: _draw(rng, domain.get(s, (-2.0, 2.0))) for s in symbols}


def _draw(rng: np.random.Generator, allowed: range | tuple[float, float]) -> np.ndarray:
    """Return POINTS values: whole numbers from a range, real ones from a pair (low, high)."""
    if isinstance(allowed, range):
        return rng.choice(allowed, POINTS)
    return rng.uniform(*allowed, POINTS)


def _evaluate(expression: sp.Expr, points: dict[sp.Symbol, np.ndarray]) -> np.ndarray:
    function = sp.lambdify(list(points), expression, "numpy")
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(function(*points.values()), float), (POINTS,))
