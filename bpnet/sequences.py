"""Sequences to learn from: a symbol to recall after a delay, and the characters of a rhyme.

A batch of sequences has the shape (T, m, n): time first, then one sequence a row.
"""

from pathlib import Path

import numpy as np

from bpnet.checks import require_count, require_generator
from bpnet.losses import one_hot

RHYME = Path(__file__).parent / "data" / "rhyme" / "jack.txt"
SYMBOLS = 4


def delayed_recall(
    delay: int, samples: int, rng: "np.random.Generator"
) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences that begin with one of SYMBOLS symbols and end with the wish to hear it.

    Between lie `delay` random distractors. x has shape (delay + 2, samples, 2 SYMBOLS + 1): the
    symbols, the distractors, the wish; y (delay + 2, samples, SYMBOLS) is zero until the last
    step. Raises ValueError if there is no sample or no delay, TypeError without a generator.
    """
    require_count("delay", delay)
    require_count("samples", samples)
    rng = require_generator(rng)
    symbols = rng.integers(SYMBOLS, size=samples)
    steps = np.full((delay + 2, samples), 2 * SYMBOLS)
    steps[0] = symbols
    steps[1:-1] = rng.integers(SYMBOLS, 2 * SYMBOLS, size=(delay, samples))
    y = np.zeros((delay + 2, samples, SYMBOLS))
    y[-1] = one_hot(symbols, SYMBOLS)
    return one_hot(steps.ravel(), 2 * SYMBOLS + 1).reshape(*steps.shape, -1), y


def rhyme() -> str:
    """Return "This is the house that Jack built", in full; nothing is downloaded."""
    return RHYME.read_text(encoding="utf-8")


def characters(text: str, alphabet: str) -> np.ndarray:
    """Return one row a character, with a 1 at its place in the alphabet; (len(text), letters).

    Raises ValueError for a character that the alphabet lacks.
    """
    strange = sorted(set(text) - set(alphabet))
    if strange:
        raise ValueError(f"the alphabet lacks {', '.join(map(repr, strange))}")
    return one_hot(np.array([alphabet.index(c) for c in text], int), len(alphabet))
