"""The checks under the equations accept what is right and reject what is wrong."""

import pytest
import sympy as sp

from bpnet.losses import quadratic_gradient, sigmoid_cross_entropy_gradient
from bpnet.mutants import mutants
from bpnet.proof import Disagreement, approximate, define, prove, refute

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
