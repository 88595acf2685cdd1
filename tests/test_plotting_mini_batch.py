"""The figures of the chapter on mini-batches show what they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet import Affine, Network, QuadraticLoss
from bpnet.plotting import mini_batch
from bpnet.widgets import Steps

X = np.array([[1.0, 2.0], [2.0, 0.0], [0.0, 1.0], [3.0, 0.0]])
Y = np.array([[0.0, 1.0], [1.0, 5.0], [-7.0, 9.0], [2.0, 5.0]])


def layer() -> Affine:
    return Affine([[1.0, -1.0], [2.0, 0.0]], [0.0, 1.0])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def numbers(figure, step):
    """The numbers of a step, in the order in which they are drawn."""
    texts = [
        text.get_text().replace("−", "-")
        for text in figure.axes[0].texts
        if (text.get_gid() or "").startswith(f"step-{step}-")
    ]
    return [float(text) for text in texts if text.lstrip("-").replace(".", "").isdigit()]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_the_machines_hold_the_sums_and_the_last_table_the_packages_slopes(first):
    figure, captions = mini_batch.shard_steps(layer(), X, Y, first)
    assert Steps(figure, captions).captions == captions
    _, slopes = Network([layer()], QuadraticLoss()).cost_and_gradients(X, Y)
    each = np.array(numbers(figure, 3)).reshape(4, 2, 2)
    assert numbers(figure, 1) == X.ravel().tolist()
    assert np.array_equal(each.mean(axis=0), slopes["W1"])
    machines = np.array(numbers(figure, 4)).reshape(2, 2, 2)
    assert np.array_equal(machines[0], each[:first].sum(axis=0))
    assert np.array_equal(machines[1], each[first:].sum(axis=0))
    assert np.array_equal(np.reshape(numbers(figure, 5), (2, 2)), slopes["W1"])


def test_the_captions_name_the_first_entries():
    _, captions = mini_batch.shard_steps(layer(), X, Y, first=2)
    assert "(−1, 2)" in captions[1]
    assert "−1 times 1 is −1." in captions[2]
    assert "First entries: 1 and 3." in captions[3]
    assert "First entry: 1." in captions[4]


def test_the_marked_sample_is_the_same_standing_and_lying():
    figure = mini_batch.columns_to_rows(layer().W, X[:3])
    marked = [
        text.get_text().replace("−", "-")
        for text in figure.axes[0].texts
        if text.get_color() == mini_batch.ORANGE
    ]
    assert marked == ["1", "2", "-1", "2"] * 3


def test_the_graph_in_rows_names_shapes_and_slopes():
    words = [text.get_text() for text in mini_batch.rows_graph().axes[0].texts]
    assert sum("(N, M)" in text for text in words) == 2
    assert {"$(N, D)$", "$(D, M)$"} <= set(words)
    assert any(r"\sum_n \bar{Y}_n" in text for text in words)


def test_clouds_draw_every_batch_and_the_exact_slopes():
    drawn = {size: np.arange(2.0 * size).reshape(size, 2) for size in (1, 3)}
    figure = mini_batch.clouds(np.array([0.5, 0.25]), drawn)
    for axis, points in zip(figure.axes, drawn.values(), strict=True):
        found = {line.get_marker(): line.get_xydata() for line in axis.lines}
        assert np.array_equal(found["."], points)
        assert found["D"].tolist() == [[0.5, 0.25]]


def test_noise_draws_the_formula_and_the_measured_points():
    sizes, exact = np.array([1, 10, 100]), np.array([4.0, 1.2, 0.3])
    (axis,) = mini_batch.noise(sizes, exact, {1: 3.9, 100: 0.31}).axes
    curves = {line.get_label(): line.get_xydata() for line in axis.lines}
    assert np.array_equal(curves["the formula"], np.column_stack([sizes, exact]))
    assert curves["measured"].tolist() == [[1, 3.9], [100, 0.31]]
    assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")


def test_each_batch_size_has_a_line_with_its_own_mark():
    costs = {10: [2.0, 1.0], 1000: [2.0, 1.9]}
    (axis,) = mini_batch.passes(costs).axes
    assert [list(line.get_ydata()) for line in axis.lines] == list(costs.values())
    assert [line.get_label() for line in axis.lines] == ["B = 10", "B = 1,000"]
    assert len({line.get_marker() for line in axis.lines}) == 2
