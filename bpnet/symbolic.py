"""The book's networks in SymPy symbols, and a quick proof that an expression is zero.

Shapes and names are the package's own: W1 has shape (n_1, n_0), and its entry W1_jk leads to
neuron j from neuron k. One sample is a column.
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from bpnet.activations import sigmoid

LARGE = 400  # operations that expanding is sure to end with
SIMPLE = 100  # and simplifying
Parameters = dict[str, sp.Matrix]
Activation = Callable[[sp.Expr], sp.Expr]


class Opaque(sp.Function):  # type: ignore[misc]  # SymPy is untyped
    """A function of which SymPy knows its derivative and nothing else."""


class Sigma(Opaque):
    """The sigmoid, of which SymPy knows only that sigma' = sigma (1 - sigma)."""

    _imp_ = staticmethod(sigmoid)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return self * (1 - self)


class Tanh(Opaque):
    """The hyperbolic tangent, of which SymPy knows only that tanh' = 1 - tanh^2."""

    _imp_ = staticmethod(np.tanh)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return 1 - self**2


class Root(Opaque):
    """The square root, of which SymPy knows only that root' = 1 / (2 root)."""

    _imp_ = staticmethod(np.sqrt)

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        return 1 / (2 * self)


def opaque(
    name: str,
    function: Callable = lambda z: np.sin(z + 1),
    derivative: Callable = lambda z: np.cos(z + 1),
) -> type[Opaque]:
    """Return a function of which SymPy knows only that its derivative is called name'.

    `function` and `derivative` give the numbers; unless given they are without any symmetry.
    """
    printed = {"_sympystr": lambda self, printer: f"{name}'({printer.doprint(self.args[0])})"}
    prime = type(f"{name}_prime", (Opaque,), {"_imp_": staticmethod(derivative), **printed})
    body = {"_imp_": staticmethod(function), "fdiff": lambda self, argindex=1: prime(*self.args)}
    return type(name, (Opaque,), {**body, "prime": prime})


def coupled(name: str, count: int, shift: float = 1.0) -> type[Opaque]:
    """Return a function of `count` variables of which SymPy knows its slopes' names and no more.

    The slopes are `partials`, called name_1, name_2, ...; `slopes(*u)` gives their numbers, those
    of sin(shift + u_1 + 2 u_2 + ...) + u_1 u_2 ..., which is without any symmetry.
    """

    def angle(u: tuple) -> np.ndarray:
        return shift + sum(k * value for k, value in enumerate(u, start=1))

    def slope(k: int) -> Callable:
        return lambda *u: k * np.cos(angle(u)) + np.prod([*u[: k - 1], *u[k:], 1.0 + 0 * u[0]], 0)

    numbers = [slope(k) for k in range(1, count + 1)]
    partials = [
        type(f"{name}_{k}", (Opaque,), {"_imp_": staticmethod(number)})
        for k, number in enumerate(numbers, start=1)
    ]
    body = {
        "_imp_": staticmethod(lambda *u: np.sin(angle(u)) + np.prod(u, axis=0)),
        "fdiff": lambda self, argindex=1: partials[argindex - 1](*self.args),
        "partials": partials,
        "slopes": staticmethod(lambda *u: np.array([number(*u) for number in numbers])),
    }
    return type(name, (Opaque,), body)


def matrix(name: str, rows: int, columns: int) -> sp.ImmutableMatrix:
    """Return the symbols name_jk, shape (rows, columns).

    Raises ValueError for more than nine of either, which the names could not tell apart.
    """
    if not (1 <= rows <= 9 and 1 <= columns <= 9):
        raise ValueError(f"{name} has shape ({rows}, {columns}), expected 1 to 9 rows and columns")
    names = [[f"{name}_{j + 1}{k + 1}" for k in range(columns)] for j in range(rows)]
    return sp.ImmutableMatrix([sp.symbols(row, real=True) for row in names])


def column(name: str, rows: int) -> sp.ImmutableMatrix:
    """Return the symbols name_j, shape (rows, 1)."""
    return sp.ImmutableMatrix(sp.symbols(f"{name}_1:{rows + 1}", real=True))


def parameters(sizes: Sequence[int]) -> Parameters:
    """Return the symbols W1, b1, W2, ... of a dense network, Wl of shape (n_l, n_(l-1))."""
    found = {}
    for number, (n_in, n_out) in enumerate(itertools.pairwise(sizes), start=1):
        found[f"W{number}"] = matrix(f"W{number}", n_out, n_in)
        found[f"b{number}"] = column(f"b{number}", n_out)
    return found


def arrays(parameters: Parameters, values: dict[str, float]) -> dict[str, np.ndarray]:
    """Return the values of the symbols by name as `Network.replace` takes them, b as (n_out,)."""
    found = {}
    for name, symbols in parameters.items():
        array = np.array([values[symbol.name] for symbol in symbols])
        found[name] = array.reshape(symbols.shape) if name.startswith("W") else array
    return found


def forward(
    parameters: Parameters, x: sp.Matrix, activation: Activation
) -> tuple[list[sp.Matrix], list[sp.Matrix]]:
    """Return the columns z and a of every layer: z^l = W^l a^(l-1) + b^l, a^l = activation(z^l).

    a[0] is x, and z[0], which does not exist, is None: z[l] and a[l] belong to layer l.
    """
    z: list[sp.Matrix] = [None]
    a = [x]
    for number in range(1, len(parameters) // 2 + 1):
        z.append(parameters[f"W{number}"] * a[-1] + parameters[f"b{number}"])
        a.append(z[-1].applyfunc(activation))
    return z, a


def quadratic(yhat: sp.Matrix, y: sp.Matrix) -> sp.Expr:
    """Return C = 1/2 sum_j (yhat_j - y_j)^2. Equation: eq-quadratic."""
    return sum((p - t) ** 2 for p, t in zip(yhat, y, strict=True)) / 2


def binary_cross_entropy(yhat: sp.Matrix, y: sp.Matrix) -> sp.Expr:
    """Return -sum_j [y_j log yhat_j + (1 - y_j) log(1 - yhat_j)] (eq-binary-cross-entropy)."""
    pairs = zip(yhat, y, strict=True)
    return -sum(t * sp.log(p) + (1 - t) * sp.log(1 - p) for p, t in pairs)


def softmax(z: sp.Matrix) -> sp.Matrix:
    """Return e^z_j / sum_k e^z_k, of the shape of z."""
    return z.applyfunc(sp.exp) / sum(map(sp.exp, z))


def softmax_cross_entropy(z: sp.Matrix, y: sp.Matrix) -> sp.Expr:
    """Return C = -sum_j y_j log softmax(z)_j, written as sum_j y_j (log sum_k e^z_k - z_j)."""
    log_sum = sp.log(sum(map(sp.exp, z)))
    return sum(t * (log_sum - entry) for t, entry in zip(y, z, strict=True))


def recurrent_parameters(n_in: int, n_hidden: int, gates: str = "") -> Parameters:
    """Return the symbols Wx, Wh and b of a recurrent cell; with gates "fiog" Wxf, Whf, bf, ..."""
    found = {}
    for gate in gates or [""]:
        found[f"Wx{gate}"] = matrix(f"Wx{gate}", n_hidden, n_in)
        found[f"Wh{gate}"] = matrix(f"Wh{gate}", n_hidden, n_hidden)
        found[f"b{gate}"] = column(f"b{gate}", n_hidden)
    return found


def rnn_step(parameters: Parameters, x: sp.Matrix, h: sp.Matrix) -> sp.Matrix:
    """Return the next state, tanh(Wx x + Wh h + b)."""
    return _weighted(parameters, "", x, h).applyfunc(Tanh)


def lstm_step(
    parameters: Parameters, x: sp.Matrix, h: sp.Matrix, c: sp.Matrix
) -> tuple[sp.Matrix, sp.Matrix]:
    """Return the next state and memory: c' = f * c + i * g and h' = o * tanh(c').

    The gates f, i, o are sigmoids and g a tanh of their own Wx x + Wh h + b.
    """
    f, i, o = (_weighted(parameters, gate, x, h).applyfunc(Sigma) for gate in "fio")
    g = _weighted(parameters, "g", x, h).applyfunc(Tanh)
    c = f.multiply_elementwise(c) + i.multiply_elementwise(g)
    return o.multiply_elementwise(c.applyfunc(Tanh)), c


def _weighted(parameters: Parameters, gate: str, x: sp.Matrix, h: sp.Matrix) -> sp.Matrix:
    Wx, Wh, b = (parameters[f"{name}{gate}"] for name in ("Wx", "Wh", "b"))
    return Wx * x + Wh * h + b


def vanishes(expression: sp.Expr) -> bool:
    """Return whether SymPy can show that `expression` is identically zero.

    A large one is shown to be zero at five points of random integers, in exact arithmetic.
    """
    names: dict[sp.Expr, sp.Expr] = {}
    fraction = _with_names(expression, names)
    if fraction.count_ops() > LARGE:
        return _is_zero_at_random_integers(fraction)
    if sp.expand(sp.fraction(sp.together(fraction))[0]) == 0:
        return True
    unknown = all(isinstance(name, Opaque | MatrixElement) for name in names)
    if unknown or expression.count_ops() > SIMPLE:
        return False
    return bool(sp.simplify(sp.expand(expression.rewrite(sp.exp))) == 0)


def _with_names(expression: sp.Expr, names: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    """Return `expression` as a quotient of polynomials: a symbol for each outermost function.

    Functions whose arguments expand to the same share a symbol, and e^(a + 2b) = e^a (e^b)^2.
    """
    rule = {}
    walk = sp.preorder_traversal(expression)
    for node in walk:
        arithmetic = node.is_Add or node.is_Mul or (node.is_Pow and node.exp.is_Integer)
        if isinstance(node, sp.exp):
            terms = sp.Add.make_args(sp.expand(node.args[0]))
            rule[node] = sp.Mul(*(_power(term, names) for term in terms))
        elif not (arithmetic or node.is_Rational or node.is_Symbol):
            rule[node] = names.setdefault(sp.expand(node), sp.Dummy())
        if node in rule:
            walk.skip()
    return expression.xreplace(rule)


def _power(term: sp.Expr, names: dict[sp.Expr, sp.Expr]) -> sp.Expr:
    """Return e^term as an integer power of a symbol."""
    factor, rest = term.as_coeff_Mul()
    if not factor.is_Integer:
        factor, rest = sp.Integer(1), term
    return names.setdefault(sp.exp(rest), sp.Dummy()) ** factor


def _is_zero_at_random_integers(fraction: sp.Expr) -> bool:
    rng, symbols = np.random.default_rng(0), sorted(fraction.free_symbols, key=str)
    points = [{s: sp.Integer(int(rng.integers(2, 10**6))) for s in symbols} for _ in range(5)]
    return all(fraction.xreplace(point) == 0 for point in points)
