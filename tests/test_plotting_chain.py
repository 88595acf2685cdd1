"""The figures of the chain rule show the slopes, products and sums that they are given."""

import re

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpnet.examples import example
from bpnet.plotting import chain, routes
from bpnet.widgets import Steps

EDGES = [("x", "u1"), ("x", "u2"), ("u1", "v1"), ("u1", "v2"), ("u2", "v1"), ("u2", "v2")]
EDGES += [("v1", "C"), ("v2", "C")]
slopes_of_stages = st.lists(
    st.integers(-5, 5).filter(bool), min_size=len(EDGES), max_size=len(EDGES)
).map(lambda values: dict(zip(EDGES, values, strict=True)))
weights = st.lists(st.floats(-3, 3), min_size=8, max_size=8)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_text()]


def steps_of(figure):
    """Return (first, last) of every part of a drawing that belongs to a step."""
    names = [artist.get_gid() for artist in figure.findobj() if artist.get_gid()]
    parts = [re.fullmatch(r"step-(\d+)-(\d*)-.+", name) for name in names]
    return [(int(part[1]), int(part[2]) if part[2] else None) for part in parts]


@given(weights, st.floats(0, 1))
def test_products_along_both_paths_add_up_to_the_backward_pass(values, target):
    sample = example("2-2-2")
    for layer, number in zip(sample.network.affine_layers, (0, 4), strict=True):
        layer.W[...] = np.reshape(values[number : number + 4], (2, 2))
    sample.y[0, 0] = target
    slopes = routes.weight_slopes(sample)
    _, gradients = sample.network.cost_and_gradients(sample.x, sample.y)
    total = sum(routes.product(slopes, route) for route in routes.WEIGHT_ROUTES)
    assert total == pytest.approx(gradients["W1"][0, 0], rel=1e-9, abs=1e-15)
    shared = total / slopes["W", "z1"]
    for name, k in (("V", 1), ("W", 0)):
        assert slopes[name, "z1"] * shared == pytest.approx(gradients["W1"][0, k], abs=1e-12)
    assert shared == pytest.approx(gradients["b1"][0], abs=1e-12)


def test_the_drawing_and_its_captions_hold_the_numbers_of_the_example():
    sample = example("2-2-2")
    figure, captions = routes.routes_of_weight(sample)
    _, gradients = sample.network.cost_and_gradients(sample.x, sample.y)
    total, shared = gradients["W1"][0, 0], gradients["b1"][0]
    shown = " ".join(words(figure))
    for words_of_step, value in ((captions[3], total), (captions[4], shared)):
        written = f"{value:.4g}".replace("-", "−")
        assert written in shown
        assert written in words_of_step


@settings(max_examples=5, deadline=None)
@given(slopes_of_stages)
def test_the_last_caption_of_the_stages_tells_the_product_of_the_matrices(slopes):
    A = np.array([[slopes["x", "u1"]], [slopes["x", "u2"]]])
    B = np.array([[slopes[f"u{k}", f"v{j}"] for k in (1, 2)] for j in (1, 2)])
    c = np.array([[slopes["v1", "C"], slopes["v2", "C"]]])
    figure, captions = routes.routes_through_stages(slopes)
    total = f"{(c @ B @ A).item():g}".replace("-", "−")
    assert f"= {total}." in captions[-1]
    assert f"slope {total}" in words(figure)
    assert captions[4].endswith(f"Sum so far: {total}.")
    for shared in (c @ B)[0]:
        assert f"slope {shared:g}".replace("-", "−") in words(figure)
    plt.close(figure)


@pytest.mark.parametrize("name", ["weight", "stages"])
def test_a_still_has_no_steps_and_shows_each_edge_once(name):
    slopes = dict.fromkeys(EDGES, 2.0)
    draw = {
        "weight": lambda still: routes.routes_of_weight(example("2-2-2"), still),
        "stages": lambda still: routes.routes_through_stages(slopes, still),
    }[name]
    still, captions = draw(True)
    assert steps_of(still) == []
    arrows = {"weight": 13, "stages": len(EDGES)}[name]
    heads = [p for p in still.axes[0].patches if type(p).__name__ == "FancyArrowPatch"]
    assert len(heads) == arrows
    moving, _ = draw(False)
    assert max(first for first, _ in steps_of(moving)) == len(captions)
    Steps(moving, captions)


def test_every_edge_is_shown_in_every_step_exactly_once():
    slopes = dict.fromkeys(EDGES, 2.0)
    figure, captions = routes.routes_through_stages(slopes)
    heads = [p for p in figure.axes[0].patches if type(p).__name__ == "FancyArrowPatch"]
    spans = [re.match(r"step-(\d+)-(\d*)", head.get_gid()).groups() for head in heads]
    last = len(captions)
    for step in range(1, last + 1):
        shown = [1 for a, b in spans if int(a) <= step <= int(b or last)]
        assert len(shown) == len(EDGES)


def test_the_microscope_shows_one_arrow_a_line_in_each_step():
    moves = {"w": [0.5, 0.05], "C": [-0.2, -0.0249]}
    figure = chain.microscope(moves, [1, -0.5])
    assert {(1, 1), (2, None)} == set(steps_of(figure))
    arrows = [p for p in figure.axes[0].patches if p.get_gid()]
    assert sorted(p.get_gid() for p in arrows) == [
        "step-1-1-0",
        "step-1-1-1",
        "step-2--0",
        "step-2--1",
    ]
    assert "moved −0.02490: −0.4980 times the nudge" in words(figure)
    assert {"lens ×1", "lens ×10"} <= set(words(figure))
    ends = [p._posA_posB[1][0] for p in arrows]
    assert np.subtract(ends, chain.ORIGIN) / chain.UNIT == pytest.approx([1, 1, -0.4, -0.498])


def test_a_fork_names_its_branches_and_slopes():
    figure = chain.fork({"$z_1$": ("p", "q"), "$z_2$": ("r", "s")})
    assert set(words(figure)) == {"$a$", "$C$", "$z_1$", "$z_2$", "p", "q", "r", "s"}


def test_work_is_drawn_as_counted():
    counts = {"slow": [10, 1000, 10000], "middle": [1, 2, 4], "fast": [1, 2, 3]}
    (axis,) = chain.work([1, 2, 3], counts).axes
    assert [list(line.get_ydata()) for line in axis.lines] == list(counts.values())
    assert words(axis.figure) == list(counts)
