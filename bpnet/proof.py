"""Equations checked three ways: by SymPy, as written for the page, and as `bpnet` computes them.

`define` and `prove` also plant mistakes in the formula and show that they reject each of them.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np
import sympy as sp

from bpnet.mutants import KINDS, Formula, explicit, mutants, shape
from bpnet.sampling import POINTS, Domain, Sample
from bpnet.symbolic import vanishes
from bpnet.verdict import Verdict

TOLERANCE = 1e-9
SMALL = 100  # operations that `simplify` is sure to end with


class Disagreement(AssertionError):
    """Two sides of an equation that should agree do not."""


def define(
    label: str,
    page: Formula,
    package: Callable,
    domain: Domain | None = None,
    sources: str = "",
) -> Verdict:
    """Tie the definition `page`, a scalar or a matrix, to the code that implements it.

    `package` takes the free symbols of `page` by name and returns a number, or an array of
    exactly the matrix's shape; `sources` names the rows of sources.tsv that the equation treats.
    Raises Disagreement, with both sides, the point and the difference, if they differ by more
    than rounding or a planted mistake passes.
    """
    sample = Sample(domain, page)
    error, computed = _against_package(label, page, package, sample)
    rejected = _rejected(label, page, computed, sample)
    return Verdict(
        kind="define",
        label=label,
        findings=(_package_finding(error), _rejected_finding(rejected)),
        sources=tuple(sources.split()),
        error=error,
        rejected=rejected.total(),
    )


def prove(
    label: str,
    truth: Formula,
    page: Formula,
    package: Callable | None = None,
    domain: Domain | None = None,
    sources: str = "",
) -> Verdict:
    """Show that `truth` (SymPy's own derivative) = `page` (as printed) = `package` (as computed).

    `package` takes the free symbols of `page` by name and returns a number, or an array of
    exactly the matrix's shape; None if the equation has no code of its own. Raises Disagreement,
    with both sides, the point and the difference, if any two of the three differ or if a planted
    mistake passes.
    """
    sample = Sample(domain, truth, page)
    _against_truth(label, truth, page, sample)
    findings = ["SymPy's result and the formula on the page are identical"]
    error, right = None, sample.numbers(truth)
    if package is not None:
        error, right = _against_package(label, page, package, sample)
        findings.append(_package_finding(error))
    rejected = _rejected(label, page, right, sample)
    return Verdict(
        kind="prove",
        label=label,
        findings=(*findings, _rejected_finding(rejected)),
        sources=tuple(sources.split()),
        symbolic=True,
        error=error,
        rejected=rejected.total(),
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


def _against_truth(label: str, truth: Formula, page: Formula, sample: Sample) -> None:
    """Raise Disagreement unless SymPy shows that truth and page are equal, entry by entry."""
    truth, page = explicit(truth), explicit(page)
    if shape(truth) != shape(page):
        raise Disagreement(
            f"{label}: SymPy finds the shape {shape(truth)}, the page says {shape(page)}"
        )
    for entry in np.ndindex(shape(page)):
        found, printed = (side[entry] if entry else side for side in (truth, page))
        if not vanishes(found - printed):
            short = sp.simplify(found) if found.count_ops() < SMALL else found
            sides = f"SymPy finds {_clipped(short)}, the page says {_clipped(printed)}"
            a, b = sample.numbers(found), sample.numbers(printed)
            (worst,) = _worst(a, b)
            row = sample.rows(sp.Tuple(found, printed))[worst]
            at = _difference(row, a[worst], b[worst], "SymPy", "the page")
            raise Disagreement(f"{label}{_place(entry)}: {sides}; {at}")


def _against_package(
    label: str, page: Formula, package: Callable, sample: Sample
) -> tuple[float, np.ndarray]:
    """Return the largest difference between page and package, and the package's numbers."""
    printed, rows = sample.numbers(page), sample.rows(page)
    answers = [np.asarray(package(**row)) for row in rows]
    if not shape(page):
        answers = [np.squeeze(answer) for answer in answers]
    for answer in answers:
        if answer.shape != shape(page):
            raise Disagreement(
                f"{label}: the page has the shape {shape(page)}, bpnet gives {answer.shape}"
            )
    computed = np.stack(answers, axis=-1).astype(float)
    if not _same(printed, computed):
        *entry, worst = _worst(printed, computed)
        a, b = printed[*entry, worst], computed[*entry, worst]
        at = _difference(rows[worst], a, b, "the page", "bpnet")
        raise Disagreement(f"{label}{_place(entry)}: {at}")
    return float(np.max(np.abs(printed - computed))), computed


def _rejected(label: str, page: Formula, right: np.ndarray, sample: Sample) -> Counter[str]:
    """Count the planted mistakes of each kind that differ from the numbers `right`.

    Raises Disagreement if one passes that is not the same formula, or if there are none.
    """
    rejected: Counter[str] = Counter()
    for kind, wrong in mutants(page):
        if not _same(sample.numbers(wrong), right):
            rejected[kind] += 1
        elif not _equal(wrong, explicit(page)):
            raise Disagreement(f"{label}: the check accepts {_clipped(wrong)} ({kind}) for {page}")
    if not rejected:
        raise Disagreement(f"{label}: no mistake could be planted in {page}, so nothing is checked")
    return rejected


def _equal(a: Formula, b: Formula) -> bool:
    return all(map(vanishes, a - b)) if shape(a) else vanishes(a - b)


def _rejected_finding(rejected: Counter[str]) -> str:
    kinds = ", ".join(f"{kind} {rejected[kind]}" for kind in KINDS if rejected[kind])
    total = rejected.total()
    words = "planted mistake, rejected" if total == 1 else "planted mistakes, all rejected"
    return f"{total} {words} ({kinds})"


def _package_finding(error: float) -> str:
    size = f"largest error {error:.0e}" if error else "not a bit of difference"
    return f"bpnet computes the same: {size} at {POINTS} random points"


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.abs(a - b) <= TOLERANCE * np.maximum(1, np.abs(b))))


def _worst(a: np.ndarray, b: np.ndarray) -> tuple[int, ...]:
    """Return where a and b differ most; the last index is the point's."""
    gap = np.nan_to_num(np.abs(a - b), nan=np.inf)
    return tuple(map(int, np.unravel_index(np.argmax(gap), gap.shape)))


def _difference(row: dict[str, np.ndarray], a: float, b: float, first: str, second: str) -> str:
    at = ", ".join(f"{name} = {_number(value)}" for name, value in row.items())
    return f"at {at} {first} gives {a:.6g}, {second} {b:.6g}, difference {a - b:.3g}"


def _number(value: np.ndarray) -> str:
    return np.array2string(value, precision=6) if value.ndim else f"{value:.6g}"


def _place(entry: tuple[int, ...] | list[int]) -> str:
    return f", row {entry[0] + 1}, column {entry[1] + 1}" if entry else ""


def _clipped(expression: sp.Basic) -> str:
    text = str(expression)
    return text if len(text) <= 200 else text[:197] + "..."
