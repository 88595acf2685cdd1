"""The figures of computational graphs show the numbers of the graph that they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet.graph import Variable, backward
from bpnet.plotting import graph as figures
from bpnet.plotting.graph import Spot
from bpnet.widgets import Steps


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def forked():
    """C = u * v with v = u * x and u = x + y: u is used directly and through v."""
    x, y = Variable(2), Variable(1)
    u = x + y
    v = u * x
    output = u * v
    spots = {
        x: Spot(0.6, 2.6, "x", "x"),
        y: Spot(0.6, 0.8, "y", "y"),
        u: Spot(2.6, 1.2, "+", "u"),
        v: Spot(4.4, 2.6, "×", "v"),
        output: Spot(6.0, 1.2, "×", "C"),
    }
    return output, spots, [output, u, v, x, y]


def words(figure):
    (axes,) = figure.axes
    return [text.get_text() for text in axes.texts]


def test_values_slopes_and_sums_are_written(forked):
    output, spots, _ = forked
    found = words(figures.graph(output, spots))
    assert sorted(w for w in found if "←" in w) == sorted(
        ["← 1", "← 6", "← 3", "← 6", "← 9", "← 12", "← 12"]
    )
    assert {"6 + 6 = 12", "9 + 12 = 21"} <= set(found)
    assert {"2", "1", "3", "6", "18"} <= set(found)


def test_a_wrong_order_shows_its_wrong_numbers(forked):
    output, spots, order = forked
    found = words(figures.graph(output, spots, order))
    assert "6 + 9 = 15" in found
    assert "← 12" not in found


def test_a_label_is_written_and_the_first_caption_names_every_input():
    price = Variable(100)
    twice = price * 2
    spots = {
        price: Spot(0.6, 0.6, "$p$", "the price", "apples"),
        twice: Spot(2.6, 0.6, "× 2", "the cost"),
    }
    assert "apples" in words(figures.graph(twice, spots))
    first, forward, *_ = figures.captions(twice, spots)
    assert first == "Only the inputs are known: the price is 100."
    assert forward == "Forward: the cost takes 100 from the price and 2, and gives 200."


def test_without_slopes_only_values_are_written(forked):
    output, spots, _ = forked
    assert not any("←" in w or "=" in w for w in words(figures.graph(output, spots, slopes=False)))


def test_a_variable_without_a_spot_is_left_out():
    price = Variable(100)
    twice = price * 2
    spots = {price: Spot(0.6, 0.6, "price", "price"), twice: Spot(2.6, 0.6, "× 2", "twice")}
    found = words(figures.graph(twice, spots))
    assert "← 2" in found
    assert "← 100" not in found


def test_visits_send_what_the_backward_pass_sends(forked):
    output, spots, _ = forked
    total = dict.fromkeys(spots, 0.0)
    for _, sent in figures.visits(output):
        for one in sent:
            total[one.source] += one.product
    adjoint = backward(output)
    assert {v: total[v] for v in spots if v is not output} == {
        v: slope for v, slope in adjoint.items() if v is not output
    }


@pytest.mark.parametrize("wrong", [False, True])
def test_each_step_has_a_caption_and_both_arrivals_are_told(forked, wrong):
    output, spots, order = forked
    order = order if wrong else None
    said = figures.captions(output, spots, order)
    steps = Steps(figures.graph(output, spots, order, steps=True), said)
    assert len(steps.captions) == 1 + 3 + 1 + 3
    assert f"step-{len(said)}-" in steps.svg
    assert f"step-{len(said) + 1}-" not in steps.svg
    assert ("6 + 9 = 15" if wrong else "9 + 12 = 21") in said[-1]
    assert "18" in said[3]


def test_two_arrows_from_one_source_are_drawn_apart():
    t = Variable(3)
    square = t * t
    spots = {t: Spot(0.6, 0.6, "t", "t"), square: Spot(3.6, 0.6, "×", "z")}
    (axes,) = figures.graph(square, spots).axes
    places = {text.get_position() for text in axes.texts if text.get_text() == "← 3"}
    assert len(places) == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.2000000000000002, "2.2"), (-0.5, "−0.5"), (-1e-15, "0"), (0.19661, "0.1966")],
)
def test_numbers_are_short(value, text):
    assert figures.number(value) == text


def test_gates_name_what_each_input_receives():
    found = words(figures.gates())
    assert found.count(r"← $\bar z$") == 4
    assert {r"← $\bar z\, y$", r"← $\bar z\, x$"} <= set(found)


def test_error_curves_draw_every_scheme_and_the_best_step():
    h = np.array([1e-1, 1e-2])
    errors = {"one": np.array([1e-2, 0.0]), "two": h, "three": h**2}
    (axes,) = figures.error_curves(h, errors, 3e-2).axes
    curves = {line.get_label(): line for line in axes.lines}
    assert curves["two"].get_ydata() == pytest.approx(h)
    assert curves["one"].get_ydata()[1] > 0
    assert 3e-2 in [line.get_xdata()[0] for line in axes.lines]
