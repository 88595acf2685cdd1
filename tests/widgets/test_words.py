"""How explorables write numbers, in Node."""

import pytest
from explorables import WIDGETS, run_node


def test_words_agree_with_the_book(tmp_path):
    result = run_node(tmp_path, "words")
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("x.toFixed(decimals)", "x.toFixed(3)"), ("n === 1 ? one", "n <= 1 ? one"), ("(${text})", "")],
)
def test_a_mistake_is_found(tmp_path, right, wrong):
    assert right in (WIDGETS / "words.js").read_text(encoding="utf-8")
    result = run_node(tmp_path, "words", change=lambda text: text.replace(right, wrong))
    assert result.returncode != 0
