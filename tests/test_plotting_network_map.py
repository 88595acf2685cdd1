"""Drawings of the map show its nodes, its paths, and sums that are right."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bpnet
from bpnet.examples import example
from bpnet.gradcheck import numerical_gradient
from bpnet.paths import NetworkMap, count_edges, count_factors, entries, routes, slopes
from bpnet.plotting import network_map
from bpnet.plotting.network_tracer import product, traced, tracer
from bpnet.plotting.network_walk import SCENES, walk
from bpnet.plotting.style import ORANGE, PURPLE
from bpnet.widgets import Steps

SMALL, LARGE = NetworkMap(*example("2-2-2")), NetworkMap(*example("2-3-3-2"))


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def parts(figure, kind=object):
    """The artists of each step by the step that shows them first."""
    found = {}
    for artist in figure.axes[0].get_children():
        if (artist.get_gid() or "").startswith("step-") and isinstance(artist, kind):
            found.setdefault(int(artist.get_gid().split("-")[1]), []).append(artist)
    return found


def arrows(figure, color=ORANGE):
    """The arrows of a colour by each step that shows them."""
    found, rgb = {}, matplotlib.colors.to_rgba(color)
    for patch in figure.axes[0].patches:
        if isinstance(patch, matplotlib.patches.FancyArrowPatch) and patch.get_gid():
            _, first, last, _ = patch.get_gid().split("-")
            if patch.get_edgecolor() == rgb:
                for step in range(int(first), int(last or 99) + 1):
                    found.setdefault(step, []).append(patch)
    return found


def rgb(color):
    return matplotlib.colors.to_rgb(color)


def bars(figure):
    """Left end and signed width of every bar that belongs to a step, in drawing order."""
    boxes = [p for p in figure.axes[0].patches if isinstance(p, matplotlib.patches.FancyBboxPatch)]
    found = [p for p in boxes if p.get_gid() and p.get_height() == pytest.approx(0.22)]
    return [(p.get_x(), p.get_width()) for p in found]


@pytest.mark.parametrize(
    ("name", "tex", "plain"),
    [
        ("W1[0, 1]", "W^{(1)}_{12}", "W⁽¹⁾₁₂"),
        ("W2[9, 1]", "W^{(2)}_{10,2}", "W⁽²⁾₁₀,₂"),
        ("b1[0]", "b^{(1)}_{1}", "b⁽¹⁾₁"),
        ("x[1]", "x_{2}", "x₂"),
        ("a2[0]", r"\hat{y}_{1}", "ŷ₁"),
        ("C", "C", "C"),
    ],
)
def test_names_are_printed_from_one_as_in_the_book(name, tex, plain):
    assert network_map.Drawing(SMALL).tex(name) == tex
    assert network_map.Drawing(SMALL).spoken(name) == plain


def test_a_hidden_activation_is_not_called_prediction():
    assert network_map.Drawing(LARGE).tex("a2[0]") == "a^{(2)}_{1}"


@pytest.mark.parametrize("chart", [SMALL, LARGE])
def test_nodes_do_not_overlap_and_edges_lead_to_the_right(chart):
    at = network_map.Drawing(chart).at
    places = np.array(list(at.values()))
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert gaps[~np.eye(len(at), dtype=bool)].min() > 1
    for edge in chart.edges:
        if edge.start in at:
            assert at[edge.start][0] < at[edge.end][0]


@pytest.mark.parametrize("chart", [SMALL, LARGE])
def test_a_weight_lies_on_the_edge_that_it_multiplies(chart):
    drawing = network_map.Drawing(chart)
    start, end = (np.array(drawing.at[name]) for name in ("a1[1]", "z2[0]"))
    along, off = end - start, np.array(drawing.point("W2[0, 1]")) - start
    assert 0 < off @ along / (along @ along) < 0.5
    assert along[0] * off[1] - along[1] * off[0] == pytest.approx(0)


@pytest.mark.parametrize(("chart", "count"), [(SMALL, 2), (LARGE, 6)])
def test_tracer_shows_one_path_a_step_then_all_then_what_it_is_compared_with(chart, count):
    figure, captions = tracer(chart, "W1[0, 0]", {"backprop": 0.5})
    found = list(routes(chart, "W1[0, 0]"))
    assert len(found) == count
    assert len(captions) == count + 3
    lit = arrows(figure)
    for place, route in enumerate(found, start=2):
        assert len(lit[place]) == len(route.edges)
        assert product(route) in captions[place - 1]
    assert len(lit[count + 2]) == len({edge for route in found for edge in route.edges})
    assert "backprop 0.5" in captions[-1]


def test_bars_are_stacked_to_the_sum():
    total = sum(route.product for route in routes(LARGE, "W1[0, 0]"))
    figure, _ = tracer(LARGE, "W1[0, 0]", {"backprop": total})
    *stack, whole, other = bars(figure)
    assert whole == other
    products = np.array([route.product for route in routes(LARGE, "W1[0, 0]")])
    scale = whole[1] / abs(total)
    assert [width for _, width in stack] == pytest.approx(scale * np.abs(products))
    zero = whole[0] + (whole[1] if total < 0 else 0)
    ends = zero + scale * np.concatenate([[0], np.cumsum(products)])
    lefts = np.minimum(ends[:-1], ends[1:])
    assert [left for left, _ in stack] == pytest.approx(lefts)


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_traced_shows_the_paths_of_an_example_beside_backprop_and_a_measured_slope():
    network, x, y = example("2-2-2")
    slope = network.cost_and_gradients(x, y)[1]["W1"][0, 1]
    measured = entries(
        numerical_gradient(lambda v: network.replace(v).cost(x, y), network.parameters, "central")
    )["W1[0, 1]"]
    said = words(traced(example("2-2-2"), "W1[0, 1]"))
    for name, value in (("sum of the paths", slope), ("backprop", slope), ("measured", measured)):
        assert f"{name}:  {value:.4g}" in said


def test_traced_can_merge_the_shared_endings_into_delta():
    chart = NetworkMap(*example("2-3-2-2"))
    figure = traced(example("2-3-2-2"), "W1[2, 0]", factored=True)
    said, delta = "\n".join(words(figure)).replace("−", "-"), slopes(chart)
    for node in ("z1[2]", "z2[0]", "z2[1]", "z3[0]", "z3[1]"):
        assert rf"$\delta$ = {delta[node]:.3g}" in said
    assert rf"$\delta$ = {delta['z1[0]']:.3g}" not in said
    assert f"= {delta['W1[2, 0]']:.4g}" in said
    purple = [p for p in figure.axes[0].patches if p.get_edgecolor()[:3] == rgb(PURPLE)]
    shared = {edge for route in routes(chart, "W1[2, 0]") for edge in route.edges[1:]}
    assert len(purple) == len(shared)


@pytest.mark.parametrize("start", ["W2[1, 0]", "b1[1]", "a1[0]", "x[0]"])
def test_tracer_draws_any_start(start):
    figure, captions = tracer(SMALL, start, {})
    assert Steps(figure, captions).captions == captions


def test_tracer_draws_a_weight_whose_slope_is_zero():
    layers = [bpnet.Affine([[1.0]], [-5.0]), bpnet.ReLU(), bpnet.Affine([[1.0]], [0.0])]
    chart = NetworkMap(bpnet.Network(layers, bpnet.QuadraticLoss()), [[1.0]], [[1.0]])
    figure, _ = tracer(chart, "W1[0, 0]", {"backprop": 0.0})
    assert {width for _, width in bars(figure)} == {0.0}


def test_walk_has_a_scene_for_each_figure_of_the_source_that_this_chapter_treats():
    figure, captions = walk(SMALL)
    assert captions == [scene.caption for scene in SCENES]
    assert {n for scene in SCENES for n in scene.figures} == {*range(1, 16), 17}
    assert set(parts(figure)) == set(range(1, len(captions) + 1))


def test_merged_scenes_mark_the_shared_endings():
    figure, _ = walk(SMALL)
    for step, scene in enumerate(SCENES, start=1):
        assert len(arrows(figure, PURPLE).get(step, [])) == (6 if scene.merged else 0)


@pytest.mark.parametrize(("chart", "count"), [(SMALL, 5), (LARGE, 9)])
def test_every_edge_is_drawn_once_in_every_step(chart, count):
    figure, _ = tracer(chart, "W1[0, 0]", {"backprop": 0.5})
    ends = {}
    for patch in figure.axes[0].patches:
        if isinstance(patch, matplotlib.patches.FancyArrowPatch):
            _, first, last, _ = (patch.get_gid() or "step-1--").split("-")
            for step in range(int(first), int(last or count) + 1):
                ends.setdefault(step, []).append(tuple(map(tuple, patch._posA_posB)))
    edges = [edge for edge in chart.edges if edge.start[0] not in "Wb"]
    assert set(ends) == set(range(1, count + 1))
    for drawn in ends.values():
        assert len(drawn) == len(set(drawn)) == len(edges) + 1  # the weight's edge has two parts


def test_whole_lights_every_edge_of_the_paths_once():
    (axes,) = network_map.whole(LARGE, "W1[0, 0]").axes
    lit = [a for a in axes.patches if isinstance(a, matplotlib.patches.FancyArrowPatch)]
    on_routes = {edge for route in routes(LARGE, "W1[0, 0]") for edge in route.edges}
    plain = [edge for edge in LARGE.edges if edge.start[0] not in "Wb"]
    assert len(lit) == len(plain) + 1  # the weight's edge has two parts
    rgb = matplotlib.colors.to_rgba(ORANGE)
    assert sum(patch.get_edgecolor() == rgb for patch in lit) == len(on_routes)


def test_growth_draws_both_counts():
    (axis,) = network_map.growth(range(1, 4), 30).axes
    sizes = [[784, *[30] * depth, 10] for depth in range(1, 4)]
    drawn = {line.get_label(): list(line.get_ydata()) for line in axis.lines}
    assert drawn["path by path"] == [count_factors(each) for each in sizes]
    assert drawn["one sweep back"] == [count_edges(each) for each in sizes]
    assert axis.get_yscale() == "log"


def test_close_ups_leave_no_other_figure_open():
    network_map.close_ups(SMALL)
    assert len(plt.get_fignums()) == 1
