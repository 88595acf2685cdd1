"""The figures of depth show what they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet.depth import Parts
from bpnet.plotting import depth


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_curves_are_drawn_by_layer_each_with_its_own_marker_and_dash():
    curves = {"a": np.array([1e-3, 0.1, 1.0]), "b": np.array([1.0, 2.0, 4.0])}
    (axis,) = depth.by_layer(curves, "length").axes
    assert [list(line.get_ydata()) for line in axis.lines] == [list(c) for c in curves.values()]
    assert all(list(line.get_xdata()) == [1, 2, 3] for line in axis.lines)
    assert len({line.get_marker() for line in axis.lines}) == 2
    assert axis.get_yscale() == "log"


def test_a_name_looks_the_same_in_every_panel():
    line = np.array([1.0, 2.0])
    panels = {"one": {"a": line, "b": line}, "two": {"b": line, "c": line}}
    one, two = depth.by_layer_panels(panels, "length").axes
    assert [one.get_title(), two.get_title()] == ["one", "two"]
    looks = [(line.get_label(), line.get_marker()) for line in (*one.lines, *two.lines)]
    assert looks[1] == looks[2]
    assert len(set(looks)) == len({marker for _, marker in looks}) == 3


def test_running_products_start_at_one_at_the_loss():
    found = Parts(np.array([2.0, 3.0]), np.array([0.5, 0.1]))
    (axis,) = depth.two_parts({"net": found}).axes
    weights, slopes, both = (line.get_ydata() for line in axis.lines)
    np.testing.assert_allclose(weights, [6, 3, 1])
    np.testing.assert_allclose(slopes, [0.05, 0.1, 1])
    np.testing.assert_allclose(both, [0.3, 0.3, 1])


def test_largest_and_smallest_singular_values_are_joined():
    jacobians = [np.diag([5.0, 2.0, 0.1]), np.diag([4.0, 3.0, 1.0]), np.eye(3)]
    (axis,) = depth.singular_values({"net": jacobians}).axes
    joined = [list(line.get_ydata()) for line in axis.lines if line.get_marker() in "s^"]
    np.testing.assert_allclose(joined, [[5, 4], [0.1, 1]])


def test_chosen_layers_are_drawn_against_the_step():
    lengths = np.arange(1.0, 7.0).reshape(2, 3)
    (axis,) = depth.while_training([0, 10], {"net": lengths}, layers=(1, 3)).axes
    assert [list(line.get_ydata()) for line in axis.lines] == [[1, 4], [3, 6]]
    assert [line.get_label() for line in axis.lines] == ["l = 1", "l = 3"]


def test_both_clipped_arrows_and_the_gradient_fit_in_the_picture():
    ends = [np.array([3.0, 0.5]), np.array([1.0, 0.5]), np.array([0.98, 0.16])]
    (axis,) = depth.clipped(*ends, limit=1.0).axes
    arrows = [text.xy for text in axis.texts if text.get_text() == ""]
    assert arrows == [tuple(end) for end in ends]
    assert axis.get_xlim()[1] > 3


def test_a_table_says_every_value_in_words():
    shares = {"none": [9.9, "diverges"], "clip": [9.9, 70.2]}
    (axis,) = depth.healed(shares, ["A", "B"]).axes
    assert [text.get_text() for text in axis.texts] == ["10 %", "diverges", "10 %", "70 %"]
    bold = [text.get_text() for text in axis.texts if text.get_fontweight() == "bold"]
    assert bold == ["70 %"]


def test_drawings_of_paths():
    paths = depth.normalisation_paths()
    steps = {str(a.get_gid()) for a in paths.axes[0].get_children() if a.get_gid()}
    assert {gid.split("-")[1] for gid in steps} == {"1", "2", "3", "4", "5"}
    words = [text.get_text() for text in depth.residual_paths(4).axes[0].texts]
    assert words.count("unchanged") == words.count("+") == 4
