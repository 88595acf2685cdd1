"""The figures of recurrent networks show what they are given."""

import re

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from bpnet.plotting import recurrent


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(figure):
    return [text.get_text() for axis in figure.axes for text in axis.texts]


def steps_of(figure):
    names = [a.get_gid() for axis in figure.axes for a in axis.get_children() if a.get_gid()]
    return {int(re.match(r"step-(\d+)-", name)[1]) for name in names}


@pytest.mark.parametrize(("w", "total"), [(2, 12), (3, 27)])
def test_three_uses_shows_every_share_and_the_sum(w, total):
    figure, captions = recurrent.three_uses(w, 1)
    words = " ".join(texts(figure))
    assert f"add up to {total}; the last one alone is {total // 3}." in captions[4]
    assert f"all paths: ${total}$, one path: ${total // 3}$" in words
    assert words.count(f"= {total // 3}$") == 2
    assert steps_of(figure) == {2, 3, 4, 5}


@pytest.mark.parametrize("draw", [recurrent.two_branches, recurrent.lstm_cell])
def test_drawings_have_a_caption_for_each_step(draw):
    figure, captions = draw()
    assert {1, *steps_of(figure)} == set(range(1, len(captions) + 1))


def test_the_cell_has_its_four_gates():
    figure, _ = recurrent.lstm_cell()
    assert {"$f_t$", "$i_t$", "$o_t$", "$g_t$"} <= set(texts(figure))


def test_spans_and_truncation_draw_their_numbers():
    norms = {name: np.array([1.0, 0.5]) * k for k, name in enumerate("abcd", start=1)}
    (axis,) = recurrent.spans(norms).axes
    assert [list(line.get_ydata()) for line in axis.lines[:4]] == [list(v) for v in norms.values()]
    assert list(axis.lines[0].get_xdata()) == [1, 2]
    (axis,) = recurrent.truncation({"a": np.array([0.5, 0.1])}, [0, 3]).axes
    assert axis.lines[0].get_xydata().tolist() == [[0, 0.5], [3, 0.1]]


def test_recall_marks_every_seed_and_crosses_those_that_never_learned():
    found = {("plain", 5): [10, 20], ("plain", 80): [None, 30], ("gated", 5): [7, 8]}
    plain, gated = recurrent.recall(found, 300).axes
    learned = [c.get_offsets()[:, 0].tolist() for c in plain.collections[::2]]
    never = [len(c.get_offsets()) for c in plain.collections[1::2]]
    assert learned == [[10, 20], [30]]
    assert never == [0, 1]
    assert (plain.collections[3].get_offsets()[:, 0] > 300).all()
    assert [label.get_text() for label in plain.get_yticklabels()] == ["5", "80"]
    assert gated.get_title() == "gated"


def test_surprise_has_a_bar_for_each_character():
    upper, lower = recurrent.surprise(["a b", "cd"], [np.array([1, 2, 3]), np.array([4, 5])]).axes
    assert [bar.get_height() for bar in upper.patches] == [1, 2, 3]
    assert [label.get_text() for label in upper.get_xticklabels()] == ["a", "␣", "b"]
    assert [bar.get_height() for bar in lower.patches] == [4, 5]
