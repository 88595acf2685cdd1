"""The figures of the chapter on softmax show the numbers that they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from strategies import arrays

from bpnet.graph import Variable, backward
from bpnet.losses import softmax, softmax_cross_entropy_gradient
from bpnet.plotting import softmax as figures
from bpnet.plotting import softmax_graph
from bpnet.plotting.softmax_graph import Nodes
from bpnet.widgets import Steps

SCORES, TARGET = np.log([1.0, 2.0, 5.0]), np.array([0.0, 1.0, 0.0])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def nodes(z, y) -> Nodes:
    z = [Variable(score) for score in z]
    e = [score.exp() for score in z]
    S = e[0] + e[1] + e[2]
    u = 1 / S
    p = [each * u for each in e]
    logs = [each.log() for each in p]
    terms = [each * t for each, t in zip(logs, y, strict=True)]
    return Nodes(z, e, S, u, p, logs, terms, -(terms[0] + terms[1] + terms[2]))


def words(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def in_step(figure, step: int) -> list[str]:
    (axes,) = figure.axes
    name = f"step-{step}-"
    return [t.get_text() for t in axes.texts if (t.get_gid() or "").startswith(name)]


@given(arrays((3,), -5, 5), arrays((3,), 0, 1))
def test_the_graph_of_the_figure_has_the_packages_slopes(z, y):
    graph = nodes(z, y)
    adjoint = backward(graph.C)
    found = [adjoint[score] for score in graph.z]
    np.testing.assert_allclose(found, softmax_cross_entropy_gradient(z, y), atol=1e-13)


def test_the_walk_shows_each_number_in_its_step():
    figure, captions = softmax_graph.walk(nodes(SCORES, TARGET), TARGET)
    assert len(captions) == 15
    assert in_step(figure, 1) == ["0", "0.6931", "1.609"]
    assert in_step(figure, 2) == ["1", "2", "5"]
    assert in_step(figure, 3) == ["8"]
    assert in_step(figure, 4) == ["0.125"]
    assert in_step(figure, 5) == ["0.125", "0.25", "0.625"]
    assert in_step(figure, 8) == ["1.386"]
    assert in_step(figure, 9) == ["← 1", *["← −1"] * 3]
    assert in_step(figure, 10) == ["← 0", "← −1", "← 0"]
    assert in_step(figure, 11) == ["← 0", "← −4", "← 0"]
    assert sorted(in_step(figure, 12)) == sorted(["← 0", "← −0.5", "← 0", "← −8"])
    assert in_step(figure, 13) == ["← 0.125"]
    assert "−0.5 + 0.125 = −0.375" in in_step(figure, 14)
    assert in_step(figure, 15) == ["← 0.125", "← −0.75", "← 0.625"]


def test_the_captions_say_the_same_numbers():
    _, captions = softmax_graph.walk(nodes(SCORES, TARGET), TARGET)
    assert "1, 2, 5" in captions[1]
    assert "S = 8" in captions[2]
    assert "0.125, 0.25, 0.625" in captions[4]
    assert "0, −4, 0" in captions[10]
    assert "0.125, −0.75, 0.625" in captions[14]


def test_the_walk_can_be_stepped_through():
    figure, captions = softmax_graph.walk(nodes(SCORES, TARGET), TARGET)
    assert Steps(figure, captions).captions == captions


def test_one_row_in_letters_names_both_branches():
    found = words(softmax_graph.letters())
    assert {"$z_k$", "$e_k$", "$S$", "$u$", r"$\hat{y}_k$"} <= set(found)
    assert {"← $-y_k/e_k$", r"← $-y_k\, S$", r"← $\delta_k$"} <= set(found)
    assert found.count(r"← $\bar S$") == 2


def test_bars_are_prediction_target_and_difference():
    above, below = figures.push_and_pull(SCORES, TARGET).axes
    heights = [bar.get_height() for bar in above.patches]
    np.testing.assert_allclose(heights, [*softmax(SCORES), *TARGET])
    pushes = {round(bar.get_height(), 6) for bar in below.patches}
    assert pushes == {0.125, -0.75, 0.625}
    assert [t.get_text() for t in below.texts] == [
        "0.1250: step down",
        "−0.7500: step up",
        "0.6250: step down",
    ]


def test_only_a_push_up_is_hatched():
    _, below = figures.push_and_pull(SCORES, TARGET).axes
    hatched = [bar.get_height() < 0 for bar in below.patches if bar.get_hatch()]
    assert hatched == [True]


def test_the_collapse_shows_the_jacobian_and_marks_one_column():
    figure = figures.collapse(SCORES, TARGET)
    found = words(figure)
    for entry in ("0.1094", "0.1875", "0.2344", "−4.0000", "−0.0313"):
        assert entry in found
    assert found.count("−0.7500") == 2
    (axes,) = figure.axes
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert len(dashed) == 4  # three entries of the column, and the one it is multiplied by


def test_between_the_layers_travels_target_over_prediction():
    found = words(figures.two_layers())
    for k in (1, 2, 3):
        assert rf"← $-y_{k}/\hat{{y}}_{k}$" in found
        assert rf"← $\hat{{y}}_{k} - y_{k}$" in found


def test_a_rate_at_the_limit_is_a_cross():
    medians = {"quadratic": {1: 400.0, 2: 200.0}, "cross-entropy": {1: 100.0, 2: 1000.0}}
    figure = figures.steps_by_rate({"one": medians, "two": medians}, 1000)
    crosses = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[], [2]]


def test_both_rules_are_drawn_for_each_task():
    curves = {"right": [1.0, 0.5], "wrong": [1.0, 0.9]}
    figure = figures.wrong_beside_right({"a": curves, "b": curves})
    assert [axes.get_title("left") or axes.get_title() for axes in figure.axes] == ["a", "b"]
    assert [list(line.get_ydata()) for line in figure.axes[1].lines] == [[1.0, 0.5], [1.0, 0.9]]
