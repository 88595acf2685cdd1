"""Checks for a reader's answers: kind, exact, and never satisfied by a blank."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

TOLERANCE = 1e-7


@dataclass(frozen=True)
class Feedback:
    """Whether an answer is right, and one sentence about it; true if right."""

    right: bool
    sentence: str

    def __bool__(self) -> bool:
        return self.right

    def __str__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        kind = "right" if self.right else "not-yet"
        word, _, rest = str(self).partition(": ")
        return f'<p class="bp-feedback bp-{kind}"><strong>{word}:</strong> {escape(rest)}</p>'


class Exercise:
    """What a reader is asked for: a value, or a function that is tried on the given cases.

    Calling it with an answer returns `Feedback`. A blank (None, ... or a function that returns
    one), NaN, a wrong shape, a wrong sign, a wrong transpose and any other difference are each
    named; nothing is raised for a wrong answer. Raises ValueError for a function without cases.
    """

    def __init__(self, expected: Any, *cases: tuple):
        if callable(expected) and not cases:
            raise ValueError("an exercise that asks for a function needs at least one case")
        self.expected, self.cases = expected, cases

    def __call__(self, answer: Any) -> Feedback:
        """Return the feedback on one answer."""
        if not callable(self.expected):
            return _compare(answer, self.expected, "")
        if not callable(answer):
            return Feedback(False, f"expected a function, got {type(answer).__name__}")
        for case in self.cases:
            feedback = _try(answer, self.expected, case)
            if not feedback:
                return feedback
        return Feedback(True, f"agrees in all {len(self.cases)} cases tried")


def _try(answer: Callable, expected: Callable, case: tuple) -> Feedback:
    """Return the feedback on one case; the answer gets copies, so it cannot change the case."""
    where = " for " + ", ".join(_short(value) for value in case)
    try:
        given = answer(*(np.copy(value) for value in case))
    except Exception as error:
        return Feedback(False, f"your function raises {type(error).__name__}{where}: {error}")
    return _compare(given, expected(*case), where)


def _compare(given: Any, expected: Any, where: str) -> Feedback:
    """Return the feedback on one value."""
    if _blank(given):
        return Feedback(False, "this is still blank")
    if np.iscomplexobj(given):
        return Feedback(False, f"expected real numbers, got complex ones{where}")
    try:
        given, expected = np.asarray(given, float), np.asarray(expected, float)
    except (TypeError, ValueError):
        return Feedback(False, f"expected numbers, got {type(given).__name__}{where}")
    if not np.all(np.isfinite(given)):
        return Feedback(False, f"there is a NaN or an infinity in your answer{where}")
    if given.shape == expected.shape and _close(given, expected):
        return Feedback(True, "agrees")
    return Feedback(False, _difference(given, expected) + where)


def _difference(given: np.ndarray, expected: np.ndarray) -> str:
    if given.shape == expected.shape and _close(given, -expected):
        return "the size is right, the sign is not"
    if given.ndim == 2 and given.T.shape == expected.shape and _close(given.T, expected):
        return f"this is the transpose of the answer (shape {given.shape})"
    if given.shape != expected.shape:
        return f"your answer has shape {given.shape}, expected {expected.shape}"
    worst = np.unravel_index(np.argmax(np.abs(given - expected)), given.shape)
    place = f" at {[int(i) for i in worst]}" if worst else ""
    return f"you have {given[worst]:.6g}{place}, expected {expected[worst]:.6g}"


def _blank(value: Any) -> bool:
    return value is None or value is ...


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.all(np.abs(a - b) <= TOLERANCE * np.maximum(1e-3, np.abs(b))))


def _short(value: Any) -> str:
    return np.array2string(np.asarray(value), precision=4, threshold=8, separator=", ")
