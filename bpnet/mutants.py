"""Planted mistakes: a formula made wrong in one place, for every kind of slip that people make.

Each kind yields (node, function, arguments): the mistake puts function(*arguments) for the node.
"""

import itertools
import operator
from collections.abc import Callable, Iterator, KeysView
from typing import TypeAlias

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

EXCHANGES = 36
INFINITE = {sp.zoo, sp.nan, sp.oo, -sp.oo}
Formula: TypeAlias = sp.Expr | sp.ImmutableMatrix
Mistake: TypeAlias = tuple[sp.Basic, Callable, list]


def signs(page: Formula) -> Iterator[Mistake]:
    """Turn the sign of the whole, and each minus sign inside."""
    yield page, operator.neg, [page]
    for node in _nodes(page, sp.Mul):
        if node.as_coeff_Mul()[0].is_negative:
            yield node, operator.neg, [node]


def lost_factors(page: Formula) -> Iterator[Mistake]:
    """Drop each factor of each product, and one factor of each power."""
    for node in _nodes(page, sp.Mul | sp.MatMul):
        yield from _without_each_argument(node)
    for node in _nodes(page, sp.Pow):
        if node.exp.is_Integer and node.exp > 1:
            yield node, sp.Pow, [node.base, node.exp - 1]


def lost_terms(page: Formula) -> Iterator[Mistake]:
    """Drop each term of each sum."""
    for node in _nodes(page, sp.Add | sp.MatAdd):
        yield from _without_each_argument(node)


def lost_sums(page: Formula) -> Iterator[Mistake]:
    """Keep the first summand only: of each sum over an index, and of each matrix product."""
    for node in _nodes(page, sp.Sum):
        for index, first, _ in node.limits:
            others = [limits for limits in node.limits if limits[0] != index]
            summand = node.function.subs(index, first)
            yield node, sp.Sum if others else sp.Add, [summand, *others]
    for node in _nodes(page, sp.MatMul):
        for place, (left, right) in enumerate(itertools.pairwise(node.args)):
            if getattr(left, "is_Matrix", False) and left.shape[1] > 1:
                one = [sp.MatMul(left[:, :1], right[:1, :])]
                yield node, sp.MatMul, [*node.args[:place], *one, *node.args[place + 2 :]]


def transposes(page: Formula) -> Iterator[Mistake]:
    """Transpose the whole and each matrix in it, where the shapes still fit."""
    for node in _nodes(page, sp.MatrixExpr | sp.ImmutableMatrix):
        yield node, sp.transpose, [node]


def exchanges(page: Formula) -> Iterator[Mistake]:
    """Exchange the indices of each entry, and up to EXCHANGES pairs of letters or entries."""
    letters = set(page.free_symbols)
    for node in _nodes(page, MatrixElement):
        parent, j, k = node.args
        yield node, operator.getitem, [parent, (k, j)]
        letters |= {node} if node.free_symbols <= page.free_symbols else set()
    pairs = [
        (first, second)
        for first, second in itertools.combinations(sorted(letters, key=str), 2)
        if shape(first) == shape(second)
    ]
    for first, second in pairs[:: -(-len(pairs) // EXCHANGES) or 1]:
        yield page, _replaced, [page, {first: second, second: first}]


def lost_hadamards(page: Formula) -> Iterator[Mistake]:
    """Drop each factor of each entrywise product."""
    for node in _nodes(page, sp.HadamardProduct):
        yield from _without_each_argument(node)


KINDS = {
    "sign": signs,
    "factor": lost_factors,
    "term": lost_terms,
    "sum": lost_sums,
    "transpose": transposes,
    "exchange": exchanges,
    "Hadamard product": lost_hadamards,
}


def mutants(page: Formula) -> list[tuple[str, Formula]]:
    """Return (kind, wrong formula) for every planted mistake that has the shape of `page`.

    They are planted as the page is written, and entry by entry. A mistake that leaves the
    formula as it was, or repeats another, is left out.
    """
    page = sp.sympify(page)
    right = explicit(page)
    found: dict[Formula, str] = {}
    for form, (kind, plant) in itertools.product(dict.fromkeys([page, right]), KINDS.items()):
        for node, function, arguments in plant(form):
            try:
                wrong = explicit(_replaced(form, {node: function(*arguments)}))
            except (sp.matrices.exceptions.ShapeError, IndexError):
                continue
            if shape(wrong) == shape(right) and _parts(wrong).isdisjoint(INFINITE):
                found.setdefault(wrong, kind)
    found.pop(right, None)
    return [(kind, wrong) for wrong, kind in found.items()]


def explicit(formula: Formula) -> Formula:
    """Return `formula` with its sums and matrix products carried out, entry by entry."""
    formula = sp.sympify(formula)
    if isinstance(formula, sp.MatrixExpr):
        formula = sp.ImmutableMatrix(formula.doit().as_explicit())
    return formula.doit() if any(_nodes(formula, sp.Sum)) else formula


def shape(formula: Formula) -> tuple[int, ...]:
    """Return the shape of a matrix, () of a scalar."""
    return tuple(getattr(formula, "shape", ()))


def _nodes(page: Formula, kind: type) -> Iterator[sp.Basic]:
    return (node for node in _parts(page) if isinstance(node, kind))


def _parts(page: Formula) -> KeysView[sp.Basic]:
    """Return the nodes of `page`, each once only, however often it occurs."""
    found: dict[sp.Basic, None] = {}
    waiting = [page]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting.extend(node.args)
    return found.keys()


def _replaced(node: sp.Basic, done: dict[sp.Basic, sp.Basic]) -> sp.Basic:
    """Return `node` with the parts in `done` replaced, as xreplace does, each part once only."""
    if node not in done:
        arguments = [_replaced(argument, done) for argument in node.args]
        same = all(map(operator.is_, arguments, node.args))
        done[node] = node if same else node.func(*arguments)
    return done[node]


def _without_each_argument(node: sp.Basic) -> Iterator[Mistake]:
    for place in range(len(node.args)):
        rest = [*node.args[:place], *node.args[place + 1 :]]
        if node.args[place] != -1:
            yield node, node.func, rest
