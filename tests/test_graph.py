"""The computational graph: slopes against measurement, SymPy and forward mode; orders; errors."""

import itertools
import math
import sys
from unittest import mock

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from bpnet import graph
from bpnet.examples import example
from bpnet.gradcheck import central_slope
from bpnet.graph import RULES, Variable, apply, backward, tangents, topological_order

SYMPY = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "power": lambda x, n: x**n,
    "negate": lambda x: -x,
    "exp": sp.exp,
    "log": sp.log,
    "tanh": sp.tanh,
    "maximum": sp.Max,
}
UNARY = ("negate", "exp", "log", "tanh")
numbers = st.floats(-2, 2).filter(lambda x: abs(x) > 0.05)
lines = st.tuples(st.sampled_from(sorted(RULES)), st.integers(0, 50), st.integers(0, 50))
programs = st.lists(lines, min_size=1, max_size=8)
leaves = st.lists(numbers, min_size=1, max_size=3)


def run(program, inputs, call):
    """Run a program whose lines name an operation and two of the results before it."""
    results = list(inputs)
    for operation, first, second in program:
        x, y = results[first % len(results)], results[second % len(results)]
        if operation == "power":
            results.append(call(operation, x, second % 4))
        else:
            results.append(call(operation, *([x] if operation in UNARY else [x, y])))
    return results[-1]


def computed(program, values):
    """Return the inputs and the output of a program that stays away from kinks and extremes."""
    inputs = [Variable(value) for value in values]
    try:
        output = run(program, inputs, apply)
    except ValueError:
        assume(False)
    nodes = topological_order(output)
    assume(all(abs(v.value) < 20 and all(abs(s) < 50 for s in v.slopes) for v in nodes))
    ties = [v for v in nodes if len(v.inputs) == 2 and v.slopes in ((1.0, 0.0), (0.0, 1.0))]
    assume(all(abs(v.inputs[0].value - v.inputs[1].value) > 1e-3 for v in ties))
    return inputs, output


@given(programs, leaves)
def test_slopes_agree_with_measured_ones(program, values):
    inputs, output = computed(program, values)
    adjoint = backward(output)

    def cost(point):
        return run(program, map(Variable, point["x"]), apply).value

    for k, variable in enumerate(inputs):
        try:
            measured = central_slope(cost, {"x": np.array(values)}, "x", (k,))
        except ValueError:  # log or division beside the edge of its domain
            assume(False)
        assert adjoint.get(variable, 0.0) == pytest.approx(measured, rel=1e-4, abs=1e-5)


@given(programs, leaves)
def test_slopes_agree_with_sympy(program, values):
    inputs, output = computed(program, values)
    symbols = sp.symbols(f"x:{len(values)}", real=True)
    formula = run(program, symbols, lambda operation, *v: SYMPY[operation](*v))
    adjoint, point = backward(output), dict(zip(symbols, values, strict=True))
    for variable, symbol in zip(inputs, symbols, strict=True):
        truth = float(sp.diff(formula, symbol).subs(point).doit())
        assert adjoint.get(variable, 0.0) == pytest.approx(truth, rel=1e-6, abs=1e-6)


@given(programs, leaves)
def test_forward_and_reverse_mode_agree_from_every_variable(program, values):
    _, output = computed(program, values)
    adjoint = backward(output)
    for variable in topological_order(output):
        forward = tangents(output, variable)[output]
        assert forward == pytest.approx(adjoint[variable], rel=1e-9, abs=1e-9)


@given(programs, leaves)
def test_every_variable_comes_once_and_after_its_inputs(program, values):
    _, output = computed(program, values)
    order = topological_order(output)
    place = {v: k for k, v in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is output
    assert all(place[source] < place[v] for v in order for source in v.inputs)


@given(programs, leaves)
def test_two_backward_passes_give_the_same(program, values):
    _, output = computed(program, values)
    assert backward(output) == backward(output)


@pytest.mark.parametrize("operation", sorted(RULES))
def test_every_rule_states_its_own_slopes(operation):
    inputs = (1.3,) if operation in UNARY else (1.3, 3)
    symbols = sp.symbols("x y")[: len(inputs)]
    value, *slopes = RULES[operation](*inputs)
    formula = SYMPY[operation](*symbols)
    point = dict(zip(symbols, inputs, strict=True))
    truth = [float(sp.diff(formula, s).subs(point)) for s in symbols]
    assert value == pytest.approx(float(formula.subs(point)))
    if operation == "power":
        truth[1] = 0.0  # the exponent is held fixed
    assert slopes == pytest.approx(truth)


@pytest.mark.parametrize("operation", sorted(set(RULES) - {"maximum"}))
def test_a_planted_wrong_rule_is_noticed(operation):
    inputs = [Variable(1.3)] if operation in UNARY else [Variable(1.3), Variable(0.7)]
    right = backward(apply(operation, inputs[0], *(v.value for v in inputs[1:])))[inputs[0]]
    rule = RULES[operation]

    def wrong(*numbers):
        value, *slopes = rule(*numbers)
        return value, *(-slope for slope in slopes)

    with mock.patch.dict(RULES, {operation: wrong}):
        found = backward(apply(operation, inputs[0], *(v.value for v in inputs[1:])))[inputs[0]]
    assert found == -right != 0


def test_operators_compute_what_python_computes():
    x, y = Variable(3.0), Variable(2.0)
    for found, expected in (
        (x + y, 5), (x + 1, 4), (1 + x, 4), (x - y, 1), (x - 1, 2), (1 - x, -2),
        (x * y, 6), (2 * x, 6), (x / y, 1.5), (x / 2, 1.5), (6 / x, 2), (-x, -3),
        (x**2, 9), (x.exp(), math.exp(3)), (x.log(), math.log(3)), (y.tanh(), math.tanh(2)),
        (x.maximum(y), 3), (y.maximum(2.5), 2.5),
    ):  # fmt: skip
        assert found.value == expected


def test_the_apple_shop():
    price, count, tax = Variable(100), Variable(2), Variable(1.1)
    total = price * count * tax
    adjoint = backward(total)
    assert total.value == pytest.approx(220)
    assert [adjoint[v] for v in (price, count, tax)] == pytest.approx([2.2, 110, 200])


def test_contributions_add_where_a_value_is_used_twice():
    x = Variable(3.0)
    assert backward(x * x)[x] == 6
    assert backward(x + x)[x] == 2
    assert backward(x - x)[x] == 0


def test_only_orders_that_visit_consumers_first_are_right():
    x, y = Variable(2.0), Variable(1.0)
    u = x + y
    v = u * x
    output = u * v
    right = backward(output)
    good = 0
    for order in itertools.permutations([x, y, u, v, output]):
        reverse_topological = order.index(output) < order.index(v) < order.index(u)
        assert (backward(output, order) == right) == reverse_topological
        good += reverse_topological
    assert good == 20


def test_a_chain_of_100_000_operations_needs_no_recursion():
    assert sys.getrecursionlimit() < 100_000
    x = Variable(1.0)
    output = x
    for _ in range(100_000):
        output = output + 1e-6
    assert backward(output)[x] == tangents(output, x)[output] == 1.0


def test_a_ladder_with_2_to_the_200_paths_is_quick():
    x = Variable(1.0)
    output = x
    for _ in range(200):
        output = (output + output) * 0.5
    assert len(topological_order(output)) == 601
    assert backward(output)[x] == 1.0


def test_a_network_of_variables_has_the_slopes_of_the_network():
    network, x, y = example("2-3-2-2")
    parameters = {
        name: np.vectorize(Variable, otypes=[object])(values)
        for name, values in network.parameters.items()
    }
    a = x[0]
    for number in (1, 2, 3):
        a = 1 / (1 + np.exp(-(parameters[f"W{number}"] @ a + parameters[f"b{number}"])))
    cost = ((a - y[0]) ** 2).sum() / 2
    expected, gradients = network.cost_and_gradients(x, y)
    adjoint = backward(cost)
    assert cost.value == pytest.approx(expected, rel=1e-14)
    for name, nodes in parameters.items():
        found = np.vectorize(adjoint.__getitem__)(nodes)
        np.testing.assert_allclose(found, gradients[name], rtol=1e-12, atol=1e-16)


def test_slope_at_a_tie_is_that_of_relu_at_its_kink():
    x = Variable(0.0)
    assert backward(x.maximum(0.0))[x] == 0.0


@pytest.mark.parametrize(
    ("compute", "words"),
    [
        (lambda: Variable(-1.0).log(), r"log has no value or slope at \[-1.0\]"),
        (lambda: Variable(0.0).log(), "log has no value or slope"),
        (lambda: 1 / Variable(0.0), r"divide has no value or slope at \[1.0, 0.0\]: .*zero"),
        (lambda: Variable(1000.0).exp(), r"exp has no value or slope at \[1000.0\]: .*range"),
        (lambda: Variable(-8.0) ** 0.5, "power has no value or slope"),
        (lambda: Variable(0.0) ** 0.5, "power has no value or slope"),
        (lambda: Variable(1e200) * 1e200, "multiply .* expected finite numbers"),
        (lambda: Variable(math.nan), "expected finite numbers, got .nan"),
        (lambda: apply("sin", 1.0), "unknown operation 'sin', expected one of add, subtract"),
        (lambda: backward(Variable(1.0), []), "order must hold each of the 1 variables once"),
        (lambda: backward(*[Variable(1.0)] * 1, [Variable(2.0)]), "order must hold"),
    ],
)
def test_bad_input_gets_a_clear_sentence(compute, words):
    with pytest.raises(ValueError, match=words):
        compute()


@pytest.mark.parametrize("wrong", ["1", None, 1j])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(TypeError):
        Variable(wrong)
    with pytest.raises(TypeError):
        Variable(1.0) + wrong


def test_an_exponent_is_a_plain_number():
    with pytest.raises(TypeError):
        Variable(2.0) ** Variable(3.0)
    assert (Variable(0.0) ** 0).value == 1


def test_a_variable_shows_its_number():
    assert repr(Variable(2.5)) == "Variable(2.5)"
    assert graph.__doc__
