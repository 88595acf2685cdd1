"""Every kind of planted mistake, on every kind of equation, is planted and caught."""

import numpy as np
import pytest
import sympy as sp

from bpnet.mutants import EXCHANGES, KINDS, explicit, mutants, shape
from bpnet.proof import Disagreement, define, prove
from bpnet.symbolic import Sigma, column

A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
W, d = sp.MatrixSymbol("W", 3, 2), sp.MatrixSymbol("d", 3, 1)
u, v = sp.MatrixSymbol("u", 2, 1), sp.MatrixSymbol("v", 2, 1)
a, y, z = sp.symbols("a y z", real=True)
j, k = sp.symbols("j k", integer=True)
a2, y2 = column("a", 2), column("y", 2)

VECTOR = np.array([[0.3], [1.7]])
SQUARE = np.array([[0.4, 2.1], [1.6, 0.7]])
TALL = np.array([[0.4, 2.1], [1.6, 0.7], [0.2, 3.1]])

# name: (page, package, kinds of mistakes that can be made in it); a letter that a mistake
# removes from the page takes its default in the package.
EQUATIONS = {
    "scalar": (
        (a - y) * a * (1 - a),
        lambda a=0.3, y=0.3: (a - y) * a * (1 - a),
        {"sign", "factor", "term", "exchange"},
    ),
    "column": (
        (a2 - y2).multiply_elementwise(a2),
        lambda a_1=0.3, a_2=0.3, y_1=0.3, y_2=0.3: np.array(
            [[(a_1 - y_1) * a_1], [(a_2 - y_2) * a_2]]
        ),
        {"sign", "factor", "term", "exchange"},
    ),
    "matrix product": (
        A * B.T + A,
        lambda A=SQUARE, B=SQUARE: A @ B.T + A,
        {"sign", "factor", "term", "sum", "transpose", "exchange"},
    ),
    "outer product": (
        u * v.T,
        lambda u=VECTOR, v=VECTOR: u @ v.T,
        {"sign", "factor", "transpose", "exchange"},
    ),
    "Hadamard product": (
        sp.HadamardProduct(W.T * d, u),
        lambda W=TALL, d=TALL[:, :1], u=VECTOR: (W.T @ d) * u,
        {"sign", "factor", "term", "sum", "exchange", "Hadamard product"},
    ),
    "sum": (
        sp.Sum(A[1, k] * u[k, 0], (k, 0, 1)) + v[1, 0],
        lambda A=SQUARE, u=VECTOR, v=VECTOR: (A @ u + v)[1],
        {"sign", "factor", "term", "sum", "transpose", "exchange"},
    ),
    "double sum": (
        sp.Sum(u[j, 0] * A[j, k] * v[k, 0], (k, 0, 1), (j, 0, 1)),
        lambda u=VECTOR, A=SQUARE, v=VECTOR: u.T @ A @ v,
        {"sign", "factor", "term", "sum", "transpose", "exchange"},
    ),
}
PLANTED = [(name, kind) for name, (_, _, kinds) in EQUATIONS.items() for kind in sorted(kinds)]


@pytest.mark.parametrize("name", EQUATIONS)
def test_the_right_formula_passes_and_its_mistakes_are_counted_by_kind(name):
    page, package, kinds = EQUATIONS[name]
    planted = mutants(page)
    assert {kind for kind, _ in planted} == kinds
    verdict = define("eq-x", page, package)
    assert verdict.rejected == len(planted)
    for kind in kinds:
        assert f"{kind} {sum(kind == other for other, _ in planted)}" in str(verdict)


@pytest.mark.parametrize(("name", "kind"), PLANTED)
def test_each_mistake_is_caught_against_the_code_and_against_sympy(name, kind):
    page, package, _ = EQUATIONS[name]
    for wrong in [wrong for other, wrong in mutants(page) if other == kind]:
        with pytest.raises(Disagreement, match="eq-x"):
            define("eq-x", wrong, package)
        with pytest.raises(Disagreement, match="SymPy finds"):
            prove("eq-x", truth=page, page=wrong)


def test_together_the_equations_show_every_kind():
    assert set.union(*(kinds for _, _, kinds in EQUATIONS.values())) == set(KINDS)


def wrong_formulas(page, kind):
    return [wrong for other, wrong in mutants(page) if other == kind]


def test_a_sign_is_turned_inside_and_outside():
    assert set(wrong_formulas(Sigma(-z) - y, "sign")) == {
        y - Sigma(-z),
        Sigma(-z) + y,
        Sigma(z) - y,
    }


def test_a_factor_of_a_product_and_of_a_power_is_dropped():
    assert set(wrong_formulas(y * a**3 / 2, "factor")) == {a**3 / 2, y * a**3, y / 2, y * a**2 / 2}


def test_a_term_is_dropped():
    assert set(wrong_formulas(a + y - z, "term")) == {a + y, a - z, y - z}


def test_a_sum_keeps_its_first_summand_only():
    page = sp.Sum(A[0, k] * u[k, 0], (k, 0, 1))
    assert A[0, 0] * u[0, 0] in wrong_formulas(page, "sum")
    product = explicit(A[:, :1] * B[:1, :])
    assert product in wrong_formulas(A * B, "sum")


def test_a_double_sum_loses_one_sum_at_a_time():
    page = EQUATIONS["double sum"][0]
    over_j = sp.Sum(u[j, 0] * A[j, 0] * v[0, 0], (j, 0, 1)).doit()
    over_k = sp.Sum(u[0, 0] * A[0, k] * v[k, 0], (k, 0, 1)).doit()
    assert {over_j, over_k} == set(wrong_formulas(page, "sum"))


def test_the_whole_and_each_factor_are_transposed_where_the_shapes_fit():
    found = wrong_formulas(A * B, "transpose")
    assert {explicit(f) for f in (A.T * B, A * B.T, B.T * A.T)} <= set(found)
    assert wrong_formulas(W * u, "transpose") == []


def test_symbols_and_indices_are_exchanged():
    assert wrong_formulas(a - a * y, "exchange") == [y - a * y]
    assert A[1, 0] + a in wrong_formulas(A[0, 1] + a, "exchange")
    assert wrong_formulas(W[2, 1] * a, "exchange") == []


def test_the_pairs_to_exchange_are_limited_and_spread_over_all_symbols():
    many = column("a", 9).T * sp.Matrix(range(1, 10))
    exchanged = wrong_formulas(many[0], "exchange")
    assert len(exchanged) == EXCHANGES
    more = sum(n * s for n, s in enumerate(sp.symbols("b_1:31"), start=1))
    assert EXCHANGES / 2 < len(wrong_formulas(more, "exchange")) <= EXCHANGES


def test_an_entrywise_product_is_lost():
    page = sp.HadamardProduct(u, v)
    assert set(wrong_formulas(page, "Hadamard product")) == {explicit(u), explicit(v)}


@pytest.mark.parametrize("page", [A + A.T, u * u.T, sp.Matrix([[a, y], [y, z]])])
def test_a_symmetric_matrix_transposed_is_no_mistake(page):
    whole = explicit(page).T
    assert all(sp.expand(whole - wrong) != sp.zeros(2, 2) for _, wrong in mutants(page))


def test_factors_exchanged_are_no_mistake():
    assert wrong_formulas(a * y, "exchange") == []


def test_a_mistake_that_only_expanding_shows_to_be_none_is_not_counted():
    page = a * (a + y) - a * y  # without y it is still a^2: neither printed y matters alone
    same = [wrong for _, wrong in mutants(page) if sp.expand(wrong - page) == 0]
    verdict = define("eq-x", page, lambda a, y: a**2)
    assert verdict.rejected == len(mutants(page)) - len(same)
    equal_on_paper = sp.Add(a * y, sp.Mul(a + y, a - y), evaluate=False)
    assert define("eq-y", equal_on_paper, lambda a, y: a * y + a**2 - y**2).rejected > 0


@pytest.mark.parametrize("page", [W * u, a, sp.Matrix([[a, y]]), EQUATIONS["sum"][0]])
def test_mistakes_keep_the_shape_and_stay_finite(page):
    for _, wrong in mutants(page):
        assert shape(wrong) == shape(page)
        assert not wrong.has(sp.zoo, sp.nan, sp.oo)


def test_nothing_is_planted_twice():
    found = [wrong for _, wrong in mutants(A * A)]
    assert len(found) == len(set(found))
    assert explicit(A * A) not in found
