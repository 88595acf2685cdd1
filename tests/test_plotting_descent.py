"""The figures of gradient descent show what they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet.plotting import descent

BOX = (-1.0, 1.0, -1.0, 1.0)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def bowl(v1, v2):
    return v1**2 + 2 * v2**2


def drawn(axis, marker):
    return [line for line in axis.lines if line.get_marker() == marker]


def test_arrows_point_uphill_and_exactly_against():
    start, gradient = np.array([0.5, 0.25]), np.array([1.0, 1.0])
    (axis,) = descent.arrows(bowl, BOX, start, gradient, eta=0.5).axes
    uphill, step = (text for text in axis.texts if text.get_text() == "")
    assert uphill.xy == tuple(start + gradient)
    assert step.xy == tuple(start - 0.5 * gradient)


def test_guess_draws_the_path_and_every_candidate():
    path = np.array([[1.0, 0.5], [0.5, -0.25]])
    points = {"A": np.array([0.1, 0.2]), "B": np.array([0.3, -0.4])}
    (axis,) = descent.guess(bowl, BOX, path, points).axes
    walk, *_ = drawn(axis, "o")
    assert np.array_equal(walk.get_xydata(), path)
    diamonds = [line.get_xydata()[0] for line in drawn(axis, "D")]
    assert np.array_equal(diamonds, list(points.values()))
    assert [text.get_text() for text in axis.texts] == ["A", "B"]


def test_surface_rises_to_the_largest_loss_and_contours_fill_the_box():
    relief, plane = descent.surface(bowl, BOX).axes
    assert relief.zz_dataLim.intervalx == pytest.approx([0, bowl(1, 1)])
    assert plane.get_xlim() + plane.get_ylim() == BOX


def test_change_is_drawn_against_eta_with_its_limit():
    ratio = np.array([0.0, 0.5, 1.0])
    change, first, bound = np.array([[0, -1, 0], [0, -2, -4], [0, -0.5, 1]], float)
    panels = {str(limit): (change, first, bound, limit) for limit in (0.2, 3.0)}
    figure = descent.change_along_step(ratio, panels)
    for axis, limit in zip(figure.axes, (0.2, 3.0), strict=True):
        curves = {line.get_label(): line.get_xydata() for line in axis.lines}
        assert np.array_equal(curves["true change"], np.column_stack([ratio * limit, change]))
        assert np.array_equal(curves["first order"][:, 1], first)
        assert np.array_equal(curves["bound"][:, 1], bound)
        assert {limit} in [set(line.get_xdata()) for line in axis.lines]


def test_mean_share_is_marked_in_percent():
    shares = {1: np.array([0.0, 0.0]), 80: np.array([0.25, 0.75])}
    costs = {1: np.array([2.0, 1.0]), 80: np.array([2.0, 3.0])}
    curves, seeds = descent.rising_costs(costs, shares).axes
    assert [list(line.get_ydata()) for line in curves.lines] == [[2, 1], [2, 3]]
    assert [line.get_xdata()[0] for line in seeds.lines] == [0, 50]
