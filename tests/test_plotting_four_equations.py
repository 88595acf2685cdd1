"""The figures of the four equations show the numbers of the network they are given."""

import re

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyArrowPatch

from bpnet.examples import example
from bpnet.plotting import four_equations
from bpnet.plotting.style import DELTA, HELD, PATH


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def arrows(figure, look=None):
    found = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    return [a for a in found if look is None or a.get_edgecolor() == to_rgba(look["color"])]


def number(text):
    return float(text.replace("−", "-"))


def test_the_network_has_nine_neurons_and_sixteen_weights_and_one_is_marked():
    figure = four_equations.drawn_network()
    assert sum(isinstance(patch, Circle) for patch in figure.axes[0].patches) == 9
    assert len(arrows(figure)) == 6 + 6 + 4
    assert len(arrows(figure, PATH)) == 1
    assert any("2 × 3" in text and "W^{(2)}" in text for text in words(figure))


def test_the_paths_are_one_weight_then_two_then_four_then_two():
    figure = four_equations.four_paths()
    assert len(arrows(figure, PATH)) == 1 + 2 + 4 + 2
    assert len(arrows(figure, HELD)) == 6 + 6 + 4 - (1 + 2 + 4)


def test_one_entry_names_one_weight_and_every_weight_that_follows():
    text = " ".join(words(four_equations.one_entry()))
    assert all(name in text for name in ("W_{jk}", "W_{1j}", "W_{ij}", "W_{nj}"))


def test_delta_travels_with_the_numbers_of_the_network():
    net, x, y = example("2-3-2-2")
    figure, captions = four_equations.delta_travels(net, x, y)
    net.cost(x, y)
    written = [number(text[1:]) for text in words(figure) if text.startswith("δ")]
    wanted = np.concatenate([delta[0] for delta in net.deltas()[::-1]])
    np.testing.assert_allclose(written, wanted, atol=5e-5)
    assert len(captions) == 7
    assert f"{net.cost(x, y):.4f}" in captions[0]
    slope = net.cost_and_gradients(x, y)[1]["W1"][2, 0]
    assert f"slope {slope:+.4f}".replace("-", "−") in words(figure)
    assert captions[5].endswith(f"{slope:.4f}.".replace("-", "−"))
    drawn = [t for t in figure.axes[0].texts if t.get_gid() and t.get_text()[0] not in "δs"]
    weights = [net.parameters[name].T.ravel() for name in ("W3", "W2")]
    assert sorted(number(t.get_text()) for t in drawn) == sorted(np.concatenate(weights))


def test_each_arrow_back_is_shown_in_one_step_and_no_step_lacks_a_caption():
    figure, captions = four_equations.delta_travels(*example("2-3-2-2"))
    steps = [re.match(r"step-(\d+)-(\d*)", a.get_gid()).groups() for a in arrows(figure, DELTA)]
    assert len(steps) == 2 + 4 + 6
    assert all(first == last for first, last in steps)
    assert {int(first) for first, _ in steps} == {2, 3, 4, 5}
    assert max(int(first) for first, _ in steps) <= len(captions)


def test_the_captions_add_up():
    _, captions = four_equations.delta_travels(*example("2-3-2-2"))
    for caption in captions[2:5]:
        w1, d1, w2, d2, total, slope, delta, *_ = map(number, re.findall(r"−?\d+\.\d+", caption))
        assert w1 * d1 + w2 * d2 == pytest.approx(total, abs=2e-4)
        assert total * slope == pytest.approx(delta, abs=1e-4)
