"""The figures of the chapter on layers show what the layers compute."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet import Affine
from bpnet.plotting import layers
from bpnet.widgets import Steps

A = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])
DELTA = np.array([[1.0, 0.0], [2.0, -1.0], [-1.0, 2.0]])


def layer() -> Affine:
    return Affine([[2.0, -1.0], [1.0, 3.0]], [1.0, -2.0])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_way_there_and_back_shows_every_number_in_its_step():
    figure, captions = layers.affine_steps(layer(), A, DELTA)
    assert len(captions) == 7
    shown = {text.get_text() for text in figure.axes[0].texts if text.get_gid() is None}
    assert {"2", "−1", "1", "3", "−2", "$W$", "$b$", "the layer"} == shown  # W and b only
    by_step = [
        sum(1 for t in figure.axes[0].texts if (t.get_gid() or "").startswith(f"step-{n}-"))
        for n in range(1, 8)
    ]
    assert by_step == [7, 7, 7, 7, 5, 3, 7]  # entries and a title
    # Z[0, 0] = 2 1 - 1 2 + 1; dW[0, 0] = 1 1 + 2 0 - 1 3; db[0] = 1 + 2 - 1; dA[0, 0] = 1 2 + 0 1.
    assert "2·1 + (−1)·2 + 1 = 1. All rows: 1, 5; 0, 1; 8, −2." in captions[1]
    assert "1·1 + 2·0 + (−1)·3 = −2," in captions[4]
    assert captions[5].endswith("1 + 2 + (−1) = 2. All: 2, 1.")
    assert "1·2 + 0·1 = 2," in captions[6]


def test_the_way_there_and_back_can_be_stepped_through():
    figure, captions = layers.affine_steps(layer(), A, DELTA)
    assert Steps(figure, captions).captions == captions


def test_batch_entry_marks_one_column_of_each_factor_and_the_result():
    figure = layers.batch_entry(A, DELTA, j=1, k=0)
    marked = [
        text.get_text()
        for text in figure.axes[0].texts
        if text.get_color() == layers.ORANGE and text.get_text() not in ("×", "→")
    ]
    # Column 2 of Delta, column 1 of A, 0 1 - 1 0 + 2 3 = 6, and 0 - 1 + 2 = 1.
    assert marked == ["0", "−1", "2", "1", "0", "3", "6", "1"]


def test_the_switch_keeps_zero_at_the_kink():
    _, slope = layers.switch().axes
    filled = [
        line.get_xydata()[0].tolist()
        for line in slope.lines
        if line.get_marker() == "o" and line.get_markerfacecolor() != "white"
    ]
    assert filled == [[0.0, 0.0]]


def test_the_graph_names_both_shapes():
    found = words(layers.affine_graph())
    assert {"$A$", "$W$", "$b$", "$Z$"} <= set(found)
    assert sum("(m," in text for text in found) == 3
