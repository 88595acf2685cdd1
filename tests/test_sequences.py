"""The task of recall, and the rhyme character by character."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import seeds

from bpnet.sequences import RHYME, SYMBOLS, characters, delayed_recall, rhyme


@given(st.integers(1, 6), st.integers(1, 5), seeds)
def test_the_answer_is_the_first_symbol_and_asked_at_the_end_only(delay, samples, seed):
    x, y = delayed_recall(delay, samples, np.random.default_rng(seed))
    assert x.shape == (delay + 2, samples, 2 * SYMBOLS + 1)
    assert y.shape == (delay + 2, samples, SYMBOLS)
    np.testing.assert_array_equal(x.sum(axis=2), 1)
    np.testing.assert_array_equal(y[-1], x[0, :, :SYMBOLS])
    assert not y[:-1].any()
    assert not x[1:, :, :SYMBOLS].any()
    assert (x[-1, :, -1] == 1).all()
    assert (x[1:-1, :, SYMBOLS:-1].sum(axis=2) == 1).all()


def test_every_symbol_and_every_distractor_occurs():
    x, _ = delayed_recall(5, 200, np.random.default_rng(0))
    assert (x.sum(axis=(0, 1)) > 0).all()


def test_recall_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="delay must be at least 1"):
        delayed_recall(0, 1, np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng"):
        delayed_recall(1, 1, 0)


def test_the_rhyme_has_twelve_verses_each_on_top_of_the_one_before():
    verses = rhyme().strip().split("\n\n")
    assert len(verses) == 12
    assert verses[0] == "This is the house that Jack built."
    for number, (before, verse) in enumerate(itertools.pairwise(verses), start=1):
        lines = verse.split("\n")
        assert len(lines) == number + 1
        assert lines[-1].endswith("the house that Jack built.")
        assert lines[2:] == before.split("\n")[1:]
    assert "public domain" in (RHYME.parent / "NOTICE.md").read_text("utf-8")


@given(st.text("abc ", max_size=20))
def test_characters_can_be_read_back(text):
    rows = characters(text, "abc ")
    assert rows.shape == (len(text), 4)
    assert "".join("abc "[k] for k in rows.argmax(axis=1)) == text


def test_a_strange_character_is_named():
    with pytest.raises(ValueError, match="the alphabet lacks 'x', 'z'"):
        characters("axzx", "abc")
