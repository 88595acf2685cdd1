"""PathTracer: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorables import WIDGETS, cell, open_explorers, run_node
from playwright.sync_api import expect

from bpnet.examples import example
from bpnet.gradcheck import central_slope
from bpnet.paths import NetworkMap, count_edges, count_factors, entries, routes, slopes
from bpnet.plotting.network_map import Drawing
from bpnet.widgets import PathTracer
from bpnet.widgets.bundle import bundle
from bpnet.widgets.path_tracer import EXAMPLES, LIMITS, NETWORKS, short_name

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("network", "2-4-2", "expected any of .*, not the str '2-4-2'"),
        ("parameter", "W3_11", "the network 2-2-2 has no parameter 'W3_11', only W1_11, "),
        ("step", 0, "not be less than 1, but a value of 0 was"),
        ("x", [0.5], "x must have 2 numbers for the network 2-2-2, or none .* not 1"),
        ("x", [0.5, 5.1], "not be greater than 5, but a value of 5.1 was"),
        ("y", [0.5, float("nan")], "must be a finite number"),
        ("weights", [0.5] * 23, "weights must have 12 numbers .* not 23"),
        ("guess", 3, "expected any of .*, not the int 3"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    tracer = PathTracer()
    before = getattr(tracer, name)
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(tracer, name, value)
    assert getattr(tracer, name) == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        PathTracer(**{name: value})


def test_another_network_drops_what_does_not_fit_it():
    tracer = PathTracer(network="2-3-3-2", parameter="W3_12", weights=[0.1] * 29, x=[1.0, 2.0])
    tracer.network = "2-2-2"
    assert (tracer.parameter, tracer.weights, tracer.x) == ("W1_11", [], [1.0, 2.0])
    tracer.weights = [0.1] * 12
    assert PathTracer(network="2-3-2-2", weights=[0.5] * 23).weights == [0.5] * 23


def test_the_weights_are_listed_as_the_chapter_names_them():
    assert EXAMPLES["2-2-2"]["names"][:6] == ["W1_11", "W1_12", "W1_21", "W1_22", "b1_1", "b1_2"]
    network = example("2-2-2").network
    assert EXAMPLES["2-2-2"]["weights"][1] == network.parameters["W1"][0, 1]


# --- Mathematics in Node -----------------------------------------------------------------------


def name_on_the_page(node: str) -> str:
    """Return the name that the page gives a node of the package's map."""
    return "C" if node == "C" else short_name(node.replace("x[", "a0["))


def renamed(values: dict[str, float]) -> dict[str, float]:
    return {name_on_the_page(name): value for name, value in values.items()}


def random_case(rng: np.random.Generator, name: str, wide: bool) -> dict:
    """A state of the figure, and all that the package computes at it."""
    network = example(name).network
    size = 10.0 if wide else 2.0
    parameters = {key: rng.uniform(-size, size, v.shape) for key, v in network.parameters.items()}
    network = network.replace(parameters)
    x, y = rng.uniform(-size / 2, size / 2, (1, 2)), rng.uniform(0, 1, (1, 2))
    drawn, weights = NetworkMap(network, x, y), entries(parameters)
    chosen = str(rng.choice(list(weights)))
    array, index = chosen.split("[")[0], tuple(json.loads(f"[{chosen.split('[')[1]}"))
    return {
        "state": {
            "network": name,
            "parameter": short_name(chosen),
            "x": x[0].tolist(),
            "y": y[0].tolist(),
            "weights": list(weights.values()),
            "names": EXAMPLES[name]["names"],
        },
        "values": {key: v for key, v in renamed(drawn.values).items() if key[0] not in "Wb"},
        "routes": [
            {
                "nodes": [name_on_the_page(node) for node in route.nodes],
                "factors": route.factors,
                "product": route.product,
            }
            for route in routes(drawn, chosen)
        ],
        "gradients": renamed(entries(network.cost_and_gradients(x, y)[1])),
        "deltas": {k: v for k, v in renamed(slopes(drawn)).items() if k[0] == "z"},
        "nudged": central_slope(
            lambda moved: network.replace(moved).cost(x, y), parameters, array, index
        ),
        # a(1 - a) of the package loses digits of 1 - a where a is near 1
        "floor": 2e-13 if wide else 1e-15,
    }


def counts(name: str) -> dict:
    network, x, y = example(name)
    drawn, sizes = NetworkMap(network, x, y), [int(size) for size in name.split("-")]
    found = {key: list(routes(drawn, key)) for key in entries(network.parameters)}
    return {
        "network": name,
        "names": [short_name(key) for key in found],
        "parameters": {
            short_name(key): {
                "paths": sum(len(route.edges) for route in ways),
                "factored": len({edge for route in ways for edge in route.edges}),
            }
            for key, ways in found.items()
        },
        "all": {"paths": count_factors(sizes), "factored": count_edges(sizes)},
    }


def spoken_names(name: str) -> list:
    network, x, y = example(name)
    drawn = NetworkMap(network, x, y)
    drawing, last = Drawing(drawn), name.count("-")
    nodes = [node for node in drawn.values if node[0] != "x"]
    return [(name_on_the_page(node), last, drawing.spoken(node)) for node in nodes]


@pytest.fixture(scope="module")
def numbers_from_python():
    rng = np.random.default_rng(0)
    return {
        "cases": [random_case(rng, name, wide=n % 4 == 3) for name in NETWORKS for n in range(110)],
        "counts": [counts(name) for name in NETWORKS],
        "spoken": [entry for name in NETWORKS for entry in spoken_names(name)],
        "examples": EXAMPLES,
        "limits": LIMITS,
    }


def run_tests(folder: Path, numbers: dict, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "python.json").write_text(json.dumps(numbers, default=float))
    return run_node(folder, "path_maths", "path_words", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path, numbers_from_python):
    result = run_tests(tmp_path, numbers_from_python)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("join(start, node, W[l][j][k])", "join(start, node, W[l][k][j])"),
        ("sigmoidSlope(z[l][j])", "sigmoidSlope(a[l][j])"),
        ("yhat - y[j]", "y[j] - yhat"),
        ("delta[i] * row[n]", "delta[n] * row[i]"),
        ("/ (2 * NUDGE)", "/ NUDGE"),
        ("[one.start + one.end, one]", "[one.end, one]"),
        ("1 + 2 * (from", "2 * (from"),
        ("label(`W${end[1]}_${to}${from}`)", "label(`W${end[1]}_${from}${to}`)"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, numbers_from_python, right, wrong):
    assert right in bundle(WIDGETS / "path_words.js")
    result = run_tests(tmp_path, numbers_from_python, lambda text: text.replace(right, wrong))
    assert result.returncode != 0
