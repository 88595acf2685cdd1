"""The sum over all routes is the gradient, for every parameter of every network."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import problems, sizes

import bpnet
from bpnet import paths
from bpnet.examples import example
from bpnet.gradcheck import numerical_gradient
from bpnet.paths import NetworkMap, count_edges, count_factors, count_routes, entries, routes

SMALL = 1e-12
widths = st.lists(sizes, min_size=2, max_size=4)


def one_sample(problem):
    network, x, y = problem
    return network, x[:1], y[:1]


def sums(chart, names):
    return {name: sum(route.product for route in routes(chart, name)) for name in names}


def assert_same(found, wanted):
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=SMALL), name


@given(problems())
def test_sum_over_routes_is_the_gradient_of_every_parameter(problem):
    network, x, y = one_sample(problem)
    _, gradients = network.cost_and_gradients(x, y)
    found = sums(NetworkMap(network, x, y), entries(network.parameters))
    assert_same(found, entries(gradients))


@given(problems(hidden=(bpnet.Sigmoid, bpnet.Tanh)))
def test_sum_over_routes_is_the_slope_measured_on_the_cost(problem):
    network, x, y = one_sample(problem)
    measured = numerical_gradient(lambda v: network.replace(v).cost(x, y), network.parameters)
    found = sums(NetworkMap(network, x, y), entries(network.parameters))
    assert_same(found, entries(measured))


@given(problems())
def test_the_sweep_finds_the_sum_over_routes_at_every_node(problem):
    chart = NetworkMap(*one_sample(problem))
    assert_same(sums(chart, chart.values), dict(reversed(paths.slopes(chart).items())))


@given(problems())
def test_the_sweep_finds_the_gradient_of_the_input(problem):
    network, x, y = one_sample(problem)
    found = paths.slopes(NetworkMap(network, x, y))
    wanted = entries({"x": network.input_gradient(x, y)[0]})
    assert_same({name: found[name] for name in wanted}, wanted)


@given(problems())
def test_the_terms_of_the_loss_add_up_to_it(problem):
    network, x, y = one_sample(problem)
    values = NetworkMap(network, x, y).values
    terms = [value for name, value in values.items() if name.startswith("e")]
    assert len(terms) == network.sizes[-1]
    assert sum(terms) == pytest.approx(values["C"], rel=1e-12)
    assert values["C"] == network.cost(x, y)


@given(problems(), st.data())
def test_each_factor_is_a_slope_between_the_two_nodes_of_its_edge(problem, data):
    """W and b move z alone: the change of z over the change of the parameter."""
    network, x, y = one_sample(problem)
    chart = NetworkMap(network, x, y)
    name = data.draw(st.sampled_from(sorted(entries(network.parameters))))
    array, index = name.split("[")
    place = tuple(int(i) for i in index.rstrip("]").split(","))
    moved = {n: v.copy() for n, v in network.parameters.items()}
    moved[array][place] += 1.0
    (edge,) = chart.leaving[name]
    after = NetworkMap(network.replace(moved), x, y).values[edge.end]
    assert after - chart.values[edge.end] == pytest.approx(edge.factor, rel=1e-9, abs=1e-9)


@given(widths)
def test_counts_are_those_of_a_listed_map(widths):
    network = bpnet.Network.sigmoid(widths, np.random.default_rng(0))
    chart = NetworkMap(network, np.ones((1, widths[0])), np.zeros((1, widths[-1])))
    listed = {name: list(routes(chart, name)) for name in entries(network.parameters)}
    for layer in range(1, len(widths)):
        for name in (f"W{layer}[0, 0]", f"b{layer}[0]"):
            assert len(listed[name]) == count_routes(widths, layer)
    found = [route for each in listed.values() for route in each]
    assert sum(len(route.edges) for route in found) == count_factors(widths)
    assert len({edge for route in found for edge in route.edges}) == count_edges(widths)


@given(problems())
def test_a_route_is_an_unbroken_chain_to_the_loss_and_comes_once(problem):
    network, x, y = one_sample(problem)
    chart = NetworkMap(network, x, y)
    found = list(routes(chart, "W1[0, 0]"))
    assert len({tuple(route.nodes) for route in found}) == len(found)
    for route in found:
        assert (route.nodes[0], route.nodes[-1]) == ("W1[0, 0]", "C")
        for before, after in itertools.pairwise(route.edges):
            assert before.end == after.start


def test_softmax_has_a_route_through_every_term_of_the_loss():
    network = bpnet.Network.dense([2, 2], np.random.default_rng(0))
    chart = NetworkMap(network, [[0.6, -0.4]], [[0.7, 0.3]])
    assert [route.nodes[2] for route in routes(chart, "W1[0, 0]")] == ["e[0]", "e[1]"]
    labelled = NetworkMap(network, [[0.6, -0.4]], [1])
    assert [labelled.values[name] for name in ("e[0]", "e[1]")] == [0, labelled.values["C"]]


def test_map_of_the_book_s_example():
    chart = NetworkMap(*example("2-2-2"))
    nodes = [name for name in chart.values if name[0] not in "Wb"]
    assert len(nodes) == 2 + 2 * 4 + 2 + 1
    first, second = routes(chart, "W1[0, 0]")
    assert first.nodes == ["W1[0, 0]", "z1[0]", "a1[0]", "z2[0]", "a2[0]", "e[0]", "C"]
    assert second.nodes == ["W1[0, 0]", "z1[0]", "a1[0]", "z2[1]", "a2[1]", "e[1]", "C"]
    assert first.factors[0] == 0.6
    assert first.factors[2] == 1.2
    assert first.factors[-1] == 1


def test_counts_of_the_chapter():
    assert count_routes([784, 50, 10], 1) == 10
    assert count_routes([784, 100, 50, 10], 1) == 500
    assert count_routes([784, 30, 30, 30, 30, 10], 1) == 270_000


def test_the_network_is_left_as_it_was():
    network, x, y = example("2-2-2")
    network.cost_and_gradients(x, -y)
    before = {name: values.copy() for name, values in network.gradients.items()}
    NetworkMap(network, x, y)
    network.backward()
    for name, values in network.gradients.items():
        assert np.array_equal(values, before[name])


def test_a_map_shows_one_sample():
    network, x, y = example("2-2-2")
    with pytest.raises(ValueError, match=r"x has shape \(2, 2\), expected \(1, n_0\)"):
        NetworkMap(network, np.vstack([x, x]), np.vstack([y, y]))


def test_two_activations_in_a_row_are_refused():
    layers = [bpnet.Affine([[1.0]], [0.0]), bpnet.Sigmoid(), bpnet.Tanh()]
    network = bpnet.Network(layers, bpnet.QuadraticLoss())
    with pytest.raises(ValueError, match="two layers in a row would both be a1"):
        NetworkMap(network, [[1.0]], [[0.0]])


def test_an_unknown_node_is_named():
    with pytest.raises(ValueError, match=r"no node 'W3\[0, 0\]' on this map"):
        list(routes(NetworkMap(*example("2-2-2")), "W3[0, 0]"))


@pytest.mark.parametrize("layer", [0, 3])
def test_a_layer_without_weights_has_no_routes_to_count(layer):
    with pytest.raises(ValueError, match=f"layer must be in 1 .. 2, got {layer}"):
        count_routes([2, 2, 2], layer)
