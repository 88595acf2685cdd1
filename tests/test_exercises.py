"""Feedback on a reader's answers names what is wrong, and every exercise rejects wrong answers."""

from pathlib import Path

import numpy as np
import pytest
from jupytext.myst import myst_to_notebook

import bpnet.notebook
from bpnet.exercises import Exercise

CHAPTERS = sorted(Path("chapters").glob("[0-9]*.md"))
MATRIX = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (..., "still blank"),
        (None, "still blank"),
        (-MATRIX, "the sign is not"),
        (MATRIX.T, "the transpose"),
        (MATRIX * np.nan, "NaN"),
        (MATRIX[0], "shape"),
        (MATRIX + np.diag([0, 1]), r"you have 5 at \[1, 1\], expected 4"),
        ("four", "expected numbers"),
        (MATRIX + 1j, "expected real numbers"),
    ],
)
def test_a_wrong_value_is_named(answer, reason):
    feedback = Exercise(MATRIX)(answer)
    assert not feedback
    assert str(feedback).startswith("Not yet: ")
    import re

    assert re.search(reason, str(feedback))


def test_a_right_value_and_a_right_function_are_accepted():
    assert Exercise(0.1 + 0.2)(0.3)
    assert Exercise(np.square, (2.0,), (MATRIX,))(lambda x: x * x)


def test_a_function_that_raises_is_told_so():
    assert "raises ZeroDivisionError" in str(Exercise(np.square, (2.0,))(lambda x: 1 / 0))


def test_an_answer_cannot_change_the_case():
    case = MATRIX.copy()

    def greedy(x):
        x *= 0
        return x

    Exercise(np.square, (case,))(greedy)
    assert np.array_equal(case, MATRIX)


def test_a_function_without_cases_is_refused():
    with pytest.raises(ValueError, match="at least one case"):
        Exercise(np.square)


def exercises_of(chapter: Path, monkeypatch) -> dict[str, Exercise]:
    """Run a chapter's first cell and the cells that define its exercises."""
    monkeypatch.setattr(bpnet.notebook, "use_book_style", lambda: None)
    cells = [c for c in myst_to_notebook(chapter.read_text("utf-8")).cells if c.cell_type == "code"]
    names: dict = {}
    for cell in cells:
        if cell is cells[0] or "exercises" in cell.metadata.get("tags", []):
            exec(cell.source, names)
    return {name: value for name, value in names.items() if isinstance(value, Exercise)}


def wrong_answers(exercise: Exercise) -> dict:
    """Return what each kind of mistake would answer; a transpose only where it shows."""
    expected = exercise.expected
    if not callable(expected):
        return {"blank": ..., "none": None, "nan": np.nan, "sign": -np.asarray(expected)}
    wrong = {
        "blank": lambda *case: ...,
        "not a function": ...,
        "nan": lambda *case: np.nan * np.asarray(expected(*case)),
        "sign": lambda *case: -np.asarray(expected(*case)),
    }
    if np.ndim(expected(*exercise.cases[0])) == 2:
        wrong["transpose"] = lambda *case: np.asarray(expected(*case)).T
    return wrong


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_of_a_chapter_accepts_its_answer_and_rejects_mistakes(chapter, monkeypatch):
    exercises = exercises_of(chapter, monkeypatch)
    assert len(exercises) >= 3
    for name, exercise in exercises.items():
        assert exercise(exercise.expected), name
        for mistake, answer in wrong_answers(exercise).items():
            assert not exercise(answer), f"{name} accepts a wrong answer: {mistake}"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_has_an_answer_that_a_wrong_transpose_fails(chapter, monkeypatch):
    exercises = exercises_of(chapter, monkeypatch).values()
    assert any("transpose" in wrong_answers(exercise) for exercise in exercises)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_has_a_folded_solution_that_is_checked(chapter, monkeypatch):
    cells = myst_to_notebook(chapter.read_text("utf-8")).cells
    solutions = [c.source for c in cells if "solution" in c.metadata.get("tags", [])]
    for name in exercises_of(chapter, monkeypatch):
        assert any(f"assert {name}(" in source for source in solutions), name
