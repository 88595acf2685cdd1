"""The checks under the equations accept what is right and reject what is wrong."""

import numpy as np
import pytest
import sympy as sp

from bpnet.losses import quadratic_gradient, sigmoid_cross_entropy_gradient
from bpnet.mutants import mutants
from bpnet.proof import Disagreement, approximate, define, prove, refute
from bpnet.symbolic import Sigma, column, forward, parameters, quadratic

a, y, z = sp.symbols("a y z", real=True)
SIGMOID = 1 / (1 + sp.exp(-z))


def slope_in_code(a, y):
    return quadratic_gradient([a], [y])[0]


def test_a_true_equation_is_proved_and_counts_its_planted_mistakes():
    verdict = prove("eq-x", sp.diff((a - y) ** 2 / 2, a), a - y, slope_in_code)
    assert str(verdict).startswith("[prove] eq-x: SymPy's result")
    assert f"{len(mutants(a - y))} planted mistakes, all rejected" in str(verdict)


def test_a_wrong_page_is_rejected_with_both_sides():
    with pytest.raises(Disagreement, match="SymPy finds a - y, the page says a \\+ y"):
        prove("eq-x", sp.diff((a - y) ** 2 / 2, a), a + y, slope_in_code)


@pytest.mark.parametrize(
    "faulty",
    [
        lambda a, y: -slope_in_code(a, y),
        lambda a, y: 2 * slope_in_code(a, y),
        lambda a, y: slope_in_code(a, y) + 1e-6,
        lambda a, y: float("nan"),
    ],
)
def test_faulty_code_is_rejected_at_a_named_point(faulty):
    with pytest.raises(Disagreement, match=r"eq-x: at a = .*, y = .* the page gives"):
        prove("eq-x", sp.diff((a - y) ** 2 / 2, a), a - y, faulty)


def test_a_wrong_definition_is_rejected():
    with pytest.raises(Disagreement, match="difference"):
        define("eq-x", (a - y) ** 2, lambda a, y: (a - y) ** 2 / 2)


def test_a_definition_in_which_no_mistake_can_be_planted_is_no_check():
    with pytest.raises(Disagreement, match="no mistake could be planted"):
        define("eq-x", sp.Integer(0), lambda: 0.0)


def outer_in_code(a_1, a_2, y_1, y_2):
    return np.outer([a_1, a_2], [y_1, y_2])


A, Y = column("a", 2), column("y", 2)
OUTER = A * Y.T


def test_a_matrix_is_defined_and_proved_entry_by_entry():
    assert define("eq-x", OUTER, outer_in_code).rejected == len(mutants(OUTER))
    loss = (A.T * sp.Matrix([[2, 1], [0, 3]]) * Y)[0]
    truth = sp.Matrix([loss.diff(symbol) for symbol in A])
    page = sp.MatMul(sp.Matrix([[2, 1], [0, 3]]), Y)
    verdict = prove("eq-x", truth, page, lambda y_1, y_2: [[2 * y_1 + y_2], [3 * y_2]])
    assert verdict.symbolic
    assert "transpose 1" in str(verdict)


def test_a_matrix_symbol_reaches_the_code_as_an_array():
    W, x = sp.MatrixSymbol("W", 2, 3), sp.MatrixSymbol("x", 3, 1)
    assert define("eq-x", W * x, lambda W, x: W @ x).error == 0
    with pytest.raises(Disagreement, match=r"row \d, column 1: at W = \[\["):
        define("eq-x", W * x, lambda W, x: W @ abs(x))


def test_a_wrong_entry_is_named_with_both_sides_and_the_difference():
    wrong = OUTER + sp.Matrix([[0, 0], [1, 0]])
    sides = r"SymPy finds a_2\*y_1, the page says a_2\*y_1 \+ 1"
    numbers = r"at a_2 = \S+, y_1 = \S+ SymPy gives \S+, the page \S+, difference -1$"
    with pytest.raises(Disagreement, match=rf"eq-x, row 2, column 1: {sides}; {numbers}"):
        prove("eq-x", OUTER, wrong, outer_in_code)
    with pytest.raises(Disagreement, match=r"eq-x, row 2, column 1: at a_1 = .* difference 1$"):
        define("eq-x", wrong, outer_in_code)


@pytest.mark.parametrize(
    "misshapen",
    [
        lambda **v: outer_in_code(**v)[0],
        lambda **v: outer_in_code(**v)[None],
        lambda **v: outer_in_code(**v).ravel(),
        lambda **v: 0.0,
    ],
)
def test_code_of_another_shape_is_rejected(misshapen):
    with pytest.raises(Disagreement, match=r"the page has the shape \(2, 2\), bpnet gives \("):
        define("eq-x", OUTER, misshapen)


def test_a_column_is_no_row_and_a_matrix_is_no_number():
    with pytest.raises(Disagreement, match=r"page has the shape \(2, 1\), bpnet gives \(1, 2\)"):
        define("eq-x", A, lambda a_1, a_2: [[a_1, a_2]])
    with pytest.raises(Disagreement, match=r"page has the shape \(\), bpnet gives \(2,\)"):
        define("eq-x", a, lambda a: [a, a])
    with pytest.raises(Disagreement, match=r"finds the shape \(2, 1\), the page says \(1, 2\)"):
        prove("eq-x", A, A.T)


def test_a_transposed_answer_is_rejected_also_where_the_shapes_fit():
    with pytest.raises(Disagreement, match=r"row \d, column \d: at"):
        define("eq-x", OUTER, lambda **v: outer_in_code(**v).T)


def test_a_large_disagreement_is_told_without_simplifying_it():
    parameters_, x = parameters([2, 3, 2, 2]), column("x", 2)
    _, layers = forward(parameters_, x, Sigma)
    cost = quadratic(layers[-1], Y)
    truth = cost.diff(parameters_["W1"][0, 0])
    with pytest.raises(Disagreement, match=r"SymPy finds .*\.\.\., the page says .* difference"):
        prove("eq-x", truth, 2 * truth)


def test_an_equivalent_mistake_is_not_counted():
    verdict = define("eq-x", a * y, lambda a, y: a * y)  # a and y exchanged are the same
    assert "3 planted mistakes, all rejected (sign 1, factor 2)" in str(verdict)


def test_a_code_that_ignores_a_symbol_lets_a_mistake_pass_and_is_rejected():
    tiny = sp.Float(1e-14)
    with pytest.raises(Disagreement, match="the check accepts"):
        define("eq-x", a + tiny * y, lambda a, y: a)


def test_cross_entropy_through_a_sigmoid_is_proved():
    loss = -(y * sp.log(SIGMOID) + (1 - y) * sp.log(1 - SIGMOID))
    code = lambda z, y: sigmoid_cross_entropy_gradient([z], [y])[0]  # noqa: E731
    assert "bpnet computes the same" in str(prove("eq-x", sp.diff(loss, z), SIGMOID - y, code))


def test_the_order_of_a_remainder_is_measured():
    assert "order z^2" in str(approximate("eq-x", sp.exp(z), 1 + z, z, 2))


@pytest.mark.parametrize(("page", "claimed"), [(1 + z, 3), (1 + z, 1), (1 + z + z**2 / 2, 2)])
def test_a_wrong_order_is_rejected(page, claimed):
    with pytest.raises(Disagreement, match="the remainder starts with"):
        approximate("eq-x", sp.exp(z), page, z, claimed)


def test_a_refutation_needs_two_different_numbers():
    assert "printed 3, right 9" in str(refute("S000-E2", 3.0, 9.0, slip="one sample N times"))
    with pytest.raises(Disagreement, match="nothing is refuted"):
        refute("S000-E2", 9.0, 9.0, slip="one sample N times")


def test_the_verdict_is_marked_up_and_escaped():
    html = refute("S<1>", 1.0, 2.0, slip="a < b")._repr_html_()
    assert "S&lt;1&gt;" in html
    assert "a &lt; b" in html
