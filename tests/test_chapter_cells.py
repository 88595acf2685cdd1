"""The collector that runs the chapters cell by cell, proved on a chapter that fails."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHAPTER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
---

# A chapter

```{code-cell} ipython3
number = 41
```

Words.

```{code-cell} ipython3
:tags: [hide-input]

assert number == 42, "planted"
```

```{code-cell} ipython3
assert number == 41
```
"""


@pytest.fixture
def run_cells(tmp_path):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-v", "--nbval-lax", "--nbval-current-env"]

    def run(text):
        (tmp_path / "planted.md").write_text(text)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, re.sub(r"\x1b\[[\d;]*m", "", done.stdout)

    return run


def test_each_cell_is_a_test_named_by_its_line(run_cells):
    code, output = run_cells(CHAPTER)
    assert code == 1
    assert "planted.md::line 9 PASSED" in output
    assert "planted.md::line 15 FAILED" in output
    assert "planted.md::line 21 PASSED" in output
    assert "planted.md, line 15" in output
    assert "AssertionError: planted" in output


def test_sound_chapter_passes(run_cells):
    code, output = run_cells(CHAPTER.replace("== 42", "== 41"))
    assert code == 0, output


def test_cells_see_only_what_ran_before_them(run_cells):
    first = "```{code-cell} ipython3\nnumber = 41\n```\n"
    _, output = run_cells(CHAPTER.replace(first, "") + "\n" + first)
    assert "planted.md::line 12 FAILED" in output
    assert "name 'number' is not defined" in output


def test_page_without_notebook_header_is_no_test(run_cells):
    code, _ = run_cells("# Only words\n")
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
