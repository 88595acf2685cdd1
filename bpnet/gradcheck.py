"""Is a gradient right? Compare it, entry by entry, with slopes measured on the cost itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpnet.checks import require_finite, require_generator, require_same_shape
from bpnet.network import Network

Arrays = dict[str, np.ndarray]
CostFunction = Callable[[Arrays], complex]

EPS = np.finfo(float).eps
STEP = {"central": 1e-5, "complex": 1e-20}
RELATIVE = {"central": 1e-6, "complex": 1e-11}


@dataclass(frozen=True)
class Entry:
    """One entry of a gradient: its name (such as W2[0, 1]), the value given, the slope measured."""

    name: str
    given: float
    measured: float

    @property
    def difference(self) -> float:
        """The distance between the two."""
        return abs(self.given - self.measured)


@dataclass(frozen=True)
class GradientReport:
    """The verdict of a gradient check.

    `error` is |given - measured| / (|given| + |measured|) of the whole gradient, kinks left out;
    `wrong` lists entries that disagree, worst first; `kinks` those with a kink within a step.
    """

    method: str
    entries: int
    error: float
    worst: Entry
    wrong: tuple[Entry, ...]
    kinks: tuple[Entry, ...]

    @property
    def ok(self) -> bool:
        """Whether every entry that has a slope agrees with it."""
        return not self.wrong

    def __str__(self) -> str:
        entry = self.worst
        text = f"{self.entries} entries, {self.method}, relative error {self.error:.1e}; "
        text += f"worst {entry.name}: given {entry.given:.6g}, measured {entry.measured:.6g}"
        if self.kinks:
            text += f"; {len(self.kinks)} at a kink, first {self.kinks[0].name}"
        verdict = "agrees" if self.ok else f"DISAGREES at {len(self.wrong)}"
        return f"{verdict}: {text}"


def gradcheck(network: Network, x: ArrayLike, y: ArrayLike, method: str = "auto") -> GradientReport:
    """Check the network's own backward pass on (x, y), for all parameters and the input.

    `method` is "complex" (smooth networks: exact to rounding), "central", or "auto", which
    takes complex steps where every layer is smooth. The network is left as it was. Raises
    ValueError for a method it does not know, complex steps through a kink, or float32 weights.
    """
    _require_float64(network)
    if method == "auto":
        method = "complex" if network.smooth else "central"
    if method == "complex" and not network.smooth:
        raise ValueError('complex steps cannot see the kink of ReLU; use method="central"')
    x = network.checked_input(x)
    twin = network.replace(network.parameters)
    _, gradients = twin.cost_and_gradients(x, y)
    given = {**gradients, "x": twin.input_gradient(x, y)}

    def cost(point: Arrays) -> complex:
        moved = network.replace({name: point[name] for name in network.parameters})
        return moved.loss.forward(moved.forward(point["x"]), y)

    return compare(cost, {**network.parameters, "x": x}, given, method)


def compare(
    cost: CostFunction, point: Arrays, given: Arrays, method: str = "complex"
) -> GradientReport:
    """Compare the gradient `given` of `cost` at `point` with slopes measured entry by entry.

    `cost` takes arrays by name and returns a scalar; it must not change them. An entry agrees if
    |given - measured| <= floor + r max(|given|, |measured|), where the floor is what rounding
    in the cost can do to a slope. An entry that disagrees where the cost has a kink within a
    step counts as a kink: no difference can tell right from wrong there. Raises ValueError for an
    unknown method, names or shapes that differ, NaN or infinity.
    """
    _require_comparable(point, given, method)
    measured = numerical_gradient(cost, point, method)
    for name, values in given.items():
        require_finite(f"the given gradient of {name}", values)
        require_finite(f"the measured slope of {name}", measured[name])
    entries = [
        Entry(_label(name, index), float(given[name][index]), float(measured[name][index]))
        for name, index in _places(point)
    ]
    floor = _floor(cost, point, method)
    doubtful = [
        (e, place)
        for e, place in zip(entries, _places(point), strict=True)
        if not _agrees(e, floor, RELATIVE[method])
    ]
    kinks = [e for e, place in doubtful if method == "central" and _is_kink(cost, point, place)]
    wrong = [e for e, _ in doubtful if e not in kinks]
    smooth = [e for e in entries if e not in kinks] if kinks else entries
    worst = max(wrong or smooth or entries, key=lambda e: e.difference)
    ranked = tuple(sorted(wrong, key=lambda e: -e.difference))
    return GradientReport(
        method, len(entries), _relative_error(smooth), worst, ranked, tuple(kinks)
    )


def numerical_gradient(cost: CostFunction, point: Arrays, method: str = "complex") -> Arrays:
    """Return the slope of `cost` along every entry of `point`; same names and shapes.

    central: (f(v + h) - f(v - h)) / 2h with h = 1e-5; complex: Im f(v + ih) / h with h = 1e-20,
    which subtracts nothing and so loses no digits, but wants a function of complex numbers.
    """
    slope = {"central": central_slope, "complex": complex_slope}[method]
    slopes = {name: np.zeros(np.shape(values)) for name, values in point.items()}
    for name, index in _places(point):
        slopes[name][index] = slope(cost, point, name, index)
    return slopes


def central_slope(cost: CostFunction, point: Arrays, name: str, index: tuple) -> float:
    """Return (f(v + h) - f(v - h)) / 2h for one entry v. Equation: eq-central-difference."""
    h = STEP["central"]
    above, below = _moved(point, name, index, h), _moved(point, name, index, -h)
    return float((cost(above) - cost(below)).real) / (2 * h)


def complex_slope(cost: CostFunction, point: Arrays, name: str, index: tuple) -> float:
    """Return Im f(v + ih) / h for one entry v. Equation: eq-complex-step."""
    h = STEP["complex"]
    return float(np.imag(cost(_moved(point, name, index, 1j * h)))) / h


def random_direction_error(
    network: Network, x: ArrayLike, y: ArrayLike, rng: "np.random.Generator"
) -> float:
    """Return the relative error of the gradient along one random direction, by central differences.

    Two forward passes whatever the size: quick for large networks, but it can miss an entry.
    Raises ValueError for float32 weights, TypeError if `rng` is not a generator.
    """
    _require_float64(network)
    require_generator(rng)
    parameters = network.parameters
    _, gradients = network.replace(parameters).cost_and_gradients(x, y)
    direction = {name: rng.standard_normal(values.shape) for name, values in parameters.items()}
    h = STEP["central"] / np.sqrt(sum(d.size for d in direction.values()))
    above, below = (
        network.replace({n: v + s * direction[n] for n, v in parameters.items()}).cost(x, y)
        for s in (h, -h)
    )
    measured = (above - below) / (2 * h)
    given = sum(float(np.sum(gradients[n] * direction[n])) for n in parameters)
    total = abs(given) + abs(measured)
    return float(abs(given - measured) / total) if total else 0.0


def _places(point: Arrays) -> list[tuple[str, tuple]]:
    return [
        (name, index) for name, values in point.items() for index in np.ndindex(np.shape(values))
    ]


def _label(name: str, index: tuple) -> str:
    return f"{name}{list(index)}" if index else name


def _moved(point: Arrays, name: str, index: tuple, by: complex) -> Arrays:
    """Return the point with one entry moved; the original arrays stay untouched."""
    values = np.array(point[name], dtype=np.result_type(point[name], type(by)))
    values[index] += by
    return {**point, name: values}


def _agrees(entry: Entry, floor: float, relative: float) -> bool:
    scale = max(abs(entry.given), abs(entry.measured))
    return entry.difference <= floor + relative * scale


def _floor(cost: CostFunction, point: Arrays, method: str) -> float:
    """Return the slope that rounding alone can fake: 32 roundings of the cost over one step."""
    size = max(1.0, abs(cost(point)))
    return 32 * EPS * size / (STEP["central"] if method == "central" else 1.0)


def _is_kink(cost: CostFunction, point: Arrays, place: tuple[str, tuple]) -> bool:
    """Whether a kink lies within a step: where f is smooth, the gap shrinks in step with h."""
    h, noise = STEP["central"], _floor(cost, point, "central")
    gap = _gap(cost, point, place, h)
    shrinks = all(abs(_gap(cost, point, place, h / k) - gap / k) < gap / (2 * k) for k in (3, 8))
    return gap > 128 * noise and not shrinks


def _gap(cost: CostFunction, point: Arrays, place: tuple[str, tuple], h: float) -> float:
    """Return by how much the one-sided slopes differ: |f(v + h) - 2 f(v) + f(v - h)| / h."""
    here = cost(point).real
    above, below = (cost(_moved(point, *place, step)).real for step in (h, -h))
    return abs((above - here) - (here - below)) / h


def _relative_error(entries: list[Entry]) -> float:
    given, measured = (np.array([getattr(e, k) for e in entries]) for k in ("given", "measured"))
    total = np.linalg.norm(given) + np.linalg.norm(measured)
    return float(np.linalg.norm(given - measured) / total) if total else 0.0


def _require_float64(network: Network) -> None:
    if network.dtype != np.float64:
        raise ValueError(
            f"a gradient check needs float64 weights, got {network.dtype}: "
            "rounding would hide what it looks for"
        )


def _require_comparable(point: Arrays, given: Arrays, method: str) -> None:
    if method not in STEP:
        raise ValueError(f"method must be one of {', '.join(STEP)}, got {method!r}")
    if set(point) != set(given):
        raise ValueError(f"the point has {sorted(point)}, but the gradient has {sorted(given)}")
    for name, values in point.items():
        shape = np.shape(given[name])
        require_same_shape(f"the gradient of {name}", shape, name, np.shape(values))
