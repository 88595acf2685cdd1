"""The sources, row by row: well formed, treated in its chapter, none left out."""

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from proof_ledger import Page, faults, places, read_rows, unique  # noqa: E402

ROWS = read_rows(ROOT / "sources.tsv")
VERDICTS = {"correct", "imprecise", "incomplete", "wrong"}
ERRATA = ROOT / "chapters" / "a2-errata.md"


def named_in(text: str) -> set[str]:
    """Return the rows that a chapter names in `% treats:`, in `sources=` and in refutations."""
    passages = re.findall(r"^% treats: (.*)$", text, re.M)
    passages += re.findall(r'sources="([^"]*)"', text) + re.findall(r'refute\("(S\d[^"]*)"', text)
    return {row for passage in passages for row in re.findall(r"S\d{3}-\w+", passage)}


def treated() -> set[str]:
    pages = [*(ROOT / "chapters").glob("[0-9]*.md"), ERRATA]
    texts = (path.read_text("utf-8") for path in pages)
    return set().union(*(named_in(text) for text in texts))


def test_there_are_320_rows_each_with_an_id_of_its_own():
    lines = (ROOT / "sources.tsv").read_text("utf-8").splitlines()[1:]
    assert len(lines) == len(ROWS) == 320
    assert all(len(line.split("\t")) == 9 for line in lines)


def test_every_row_has_a_verdict_and_a_correction_unless_it_is_correct():
    for row in ROWS.values():
        assert row["verdict"] in VERDICTS, row["id"]
        assert row["correction"] or row["verdict"] == "correct", row["id"]


def test_rows_named_in_the_chapters_exist():
    assert treated() <= set(ROWS)


def test_every_row_of_a_finished_chapter_is_treated():
    finished = {path.stem.split("-", 1)[1] for path in (ROOT / "chapters").glob("[0-9]*.md")}
    rows = {row["id"] for row in ROWS.values() if row["chapter"] in finished}
    assert rows
    assert rows <= treated()


def test_slips_that_belong_to_no_chapter_are_treated_among_the_errata():
    rows = {row["id"] for row in ROWS.values() if row["chapter"] == "errata"}
    assert rows
    assert rows == named_in(ERRATA.read_text("utf-8"))


def test_no_row_is_left_untreated():
    assert set(ROWS) - treated() == set()


def test_a_row_is_found_wherever_a_chapter_names_it():
    text = '% treats: S000-E1, S001-T1\ndefine("x", sources="S002-E1 S003-C2")\n'
    text += 'refute("S004-C4", 1, 2)'
    assert named_in(text) == {"S000-E1", "S001-T1", "S002-E1", "S003-C2", "S004-C4"}


CHECK = {"kind": "define", "label": "eq-a", "findings": [], "sources": ["S000-E1"]}
SOUND = {"one": Page([("eq-a", "a")], [CHECK], ["S000-E1"])}


def sentences(pages: dict) -> list[str]:
    return [sentence for _, sentence in faults(pages, {"S000-E1": {}})]


def test_a_sound_book_has_no_fault():
    assert sentences(SOUND) == []


def test_each_kind_of_fault_is_named():
    page = SOUND["one"]
    assert sentences({"one": page._replace(checks=[])}) == ["the equation eq-a has no check"]
    stray = "the check eq-a belongs to no equation of this page"
    assert sentences({"one": page._replace(equations=[])}) == [stray]
    assert Counter(sentences({**SOUND, "two": page})) == {"the label eq-a is used 2 times": 2}
    assert sentences({"one": page._replace(checks=[CHECK, CHECK])}) == [
        "the equation eq-a has 2 checks"
    ]
    assert sentences({"one": page._replace(treated=["S9"])}) == ["there is no source row S9"]
    unknown = page._replace(checks=[{**CHECK, "sources": ["S9"]}])
    assert sentences({"one": unknown}) == ["there is no source row S9"]


def test_a_refutation_needs_no_equation():
    refutation = {**CHECK, "kind": "refute", "label": "S000-E1"}
    assert sentences({"one": Page([], [refutation], [])}) == []


def test_the_refutation_is_the_first_place_of_a_row():
    refutation = {**CHECK, "kind": "refute", "label": "S000-E1"}
    pages = {"one": Page([("eq-a", "a")], [CHECK, refutation], ["S000-E1"])}
    assert dict(unique(places(pages)["S000-E1"])) == {"one": refutation}
