"""The notation page names what chapters and code use; the bibliography lists what is cited."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from symbols import Formula, first, pattern, plain  # noqa: E402

PAGE = (ROOT / "chapters/a1-notation.md").read_text("utf-8")
CHAPTERS = {p.stem: p.read_text("utf-8") for p in sorted((ROOT / "chapters").glob("[0-9]*.md"))}
CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "bpnet").rglob("*.py"))
SYMBOLS = re.findall(r"{first}`([^`]+)`", PAGE)
complete = pytest.mark.skipif(len(CHAPTERS) < 12, reason="needs all twelve chapters")


def formulas(text: str) -> list[Formula]:
    text = re.sub(r"```{code-cell}.*?```", "", text, flags=re.S)
    found = re.findall(r"\$\$(.*?)\$\$|\$([^$\n]+)\$", text, re.S)
    return [Formula(plain(block or inline), "", "", "") for block, inline in found]


def identifiers() -> set[str]:
    """Return the words of the tables' column `in the code`."""
    rows = [line.split(" | ") for line in PAGE.splitlines() if "{first}" in line]
    codes = [code for row in rows for code in re.findall(r"`([^`]+)`", row[2])]
    return {word for code in codes for word in re.findall(r"[A-Za-z_]\w+", code)}


def test_symbols_are_found_in_the_chapters():
    pages = {name: formulas(text) for name, text in CHAPTERS.items()}
    found = [symbol for symbol in SYMBOLS if first(symbol, pages)]
    assert len(found) > 40


@complete
def test_every_symbol_is_found_in_the_chapters():
    pages = {name: formulas(text) for name, text in CHAPTERS.items()}
    assert [symbol for symbol in SYMBOLS if not first(symbol, pages)] == []


@complete
def test_every_name_in_the_code_column_is_used_in_the_code():
    words = set(re.findall(r"\w+", CODE + "".join(CHAPTERS.values())))
    assert identifiers() - words == set()


@pytest.mark.parametrize(
    ("symbol", "tex", "found"),
    [
        (r"\eta", r"v - \eta\,\nabla C", True),
        (r"\eta", r"\beta\,\etas", False),
        ("C", r"\nabla C", True),
        ("C", r"C_n", True),
        ("m", r"\max(z)", False),
        ("m", r"\frac1m", True),
        (r"\hat y", r"\lVert \hat y - y\rVert", True),
        (r"\hat y", r"\hat{y}", False),
        (r"\gamma \hat x", r"\gamma\,\hat x_n + \beta", True),
        (r"^{(l)}", r"W^{(l)}_{jk}", True),
        ("2h", r"\frac{f}{2\,h}", True),
    ],
)
def test_a_letter_counts_only_where_it_stands_alone(symbol, tex, found):
    assert bool(pattern(symbol).search(plain(tex))) == found


def test_the_first_chapter_that_holds_a_symbol_is_named():
    pages = {
        "chapters/10-b": [Formula("z", "eq-z", "s", "Late")],
        "chapters/02-a": [Formula("y", "", "s", "Early"), Formula("z+y", "eq-y", "s", "Early")],
    }
    assert first("z", pages) == ("chapters/02-a", pages["chapters/02-a"][1])
    assert first("q", pages) is None


def test_every_work_is_cited_and_every_citation_is_listed():
    works = re.findall(r"^@\w+{(\w+),", (ROOT / "references.bib").read_text("utf-8"), re.M)
    pages = [path.read_text("utf-8") for path in [*(ROOT / "chapters").glob("*.md")]]
    cited = {
        k.strip() for t in pages for g in re.findall(r"{cite\w*}`([^`]+)`", t) for k in g.split(",")
    }
    assert len(works) == len(set(works))
    assert cited == set(works)
