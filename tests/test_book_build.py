"""`make book` on a tiny book with the project's own settings: what it re-runs, what it refuses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = r"""---
jupytext:
  text_representation: {extension: .md, format_name: myst, format_version: 0.13}
kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
---
# A tiny book

See {eq}`dollars` and {eq}`directive`.

$$
a = \sigma(z)
$$ (dollars)

```{math}
:label: directive
z = w x + b
```

```{code-cell} ipython3
import sympy as sp
from bpnet.activations import sigmoid
from bpnet.proof import define

z = sp.symbols("z", real=True)
define("dollars", 1 / (1 + sp.exp(-z)), sigmoid, sources="S001-E1")
```

```{code-cell} ipython3
w, x, b = sp.symbols("w x b", real=True)
define("directive", w * x + b, lambda w, x, b: w * x + b)
```

```{code-cell} ipython3
import os
from bpnet.planted import answer
print("answer", answer, os.environ["OPENBLAS_NUM_THREADS"], os.environ["TQDM_DISABLE"])
```
"""


MEET = """
```{{code-cell}} ipython3
from pathlib import Path
from time import monotonic, sleep

Path("{here}.txt").touch()
late = monotonic() + 20
while not Path("{there}.txt").exists():
    assert monotonic() < late, "{there} does not come"
    sleep(0.1)
```
"""


class Book:
    def __init__(self, root: Path):
        self.root = root

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def make(self) -> subprocess.CompletedProcess:
        threads = {"OPENBLAS_NUM_THREADS", "TQDM_DISABLE"}
        return subprocess.run(
            ["make", "book", f"BIN={Path(sys.prefix, 'bin')}"],
            cwd=self.root,
            env={k: v for k, v in os.environ.items() if k not in threads}
            | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
        )

    def shows(self, text: str) -> bool:
        """Whether the page shows the text, and the notebook to download too."""
        built = ["_build/html/index.html", "_build/html/_sources/index.ipynb"]
        return all(text in (self.root / name).read_text("utf-8") for name in built)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    root = tmp_path_factory.mktemp("book")
    for name in [
        "_config.yml",
        "requirements.txt",
        "pyproject.toml",
        "references.bib",
        "Makefile",
        "sources.tsv",
    ]:
        shutil.copy(ROOT / name, root)
    for name in ["_ext", "assets", "bpnet"]:
        shutil.copytree(
            ROOT / name, root / name, ignore=shutil.ignore_patterns("mnist", "__pycache__")
        )
    (root / ".venv").mkdir()
    tiny = Book(root)
    tiny.write("_toc.yml", "format: jb-book\nroot: index\n")
    tiny.write("index.md", PAGE)
    tiny.write("bpnet/planted.py", "answer = 41\n")
    tiny.write(".venv/.installed", "")
    return tiny


def test_outputs_are_cached_but_never_stale(book):
    first = book.make()
    assert first.returncode == 0, first.stderr
    assert "Executed notebook" in first.stdout + first.stderr
    assert book.shows("answer 41 1 1")
    assert f"file://{book.root}/_build/html/index.html" in first.stdout

    again = book.make()
    assert again.returncode == 0
    assert "Executed notebook" not in again.stdout + again.stderr
    assert book.shows("answer 41 1 1")

    book.write("bpnet/planted.py", "answer = 42\n")
    changed = book.make()
    assert "Executed notebook" in changed.stdout + changed.stderr
    assert book.shows("answer 42 1 1")
    assert len(list((book.root / "_build/.jupyter_cache").iterdir())) == 1


def test_chapters_run_side_by_side_and_one_that_fails_is_named(book):
    header = PAGE[: PAGE.index("# A tiny book")]
    second = f"{header}# A second page\n" + MEET.format(here="second", there="first")
    book.write("_toc.yml", "format: jb-book\nroot: index\nchapters: [file: second]\n")
    book.write("index.md", PAGE + MEET.format(here="first", there="second"))
    book.write("second.md", second)
    together = book.make()
    book.write("index.md", PAGE + "\n")
    book.write("second.md", second.replace("late =", "late = 0 *"))
    (book.root / "first.txt").unlink()
    alone = book.make()
    book.write("_toc.yml", "format: jb-book\nroot: index\n")
    book.write("index.md", PAGE)
    assert together.returncode == 0, together.stderr
    assert "Executed notebook" not in together.stdout + together.stderr  # one after the other
    assert alone.returncode != 0
    assert "second.md" in alone.stdout + alone.stderr
    assert "first does not come" in alone.stdout + alone.stderr


@pytest.mark.parametrize(
    ("sound", "broken"),
    [("{eq}`dollars`", "{eq}`gone`"), ("import os\n", "import os, sys\nsys.stderr.write('!')\n")],
    ids=["dangling reference", "output on stderr"],
)
def test_warning_fails_every_run_until_mended(book, sound, broken):
    book.write("index.md", PAGE.replace(sound, broken))
    assert book.make().returncode != 0
    assert book.make().returncode != 0
    book.write("index.md", PAGE)
    assert book.make().returncode == 0


def test_failing_cell_fails_the_build(book):
    book.write("index.md", PAGE.replace("import os\n", "assert False\nimport os\n"))
    failed = book.make()
    book.write("index.md", PAGE)
    assert failed.returncode != 0
    assert "AssertionError" in failed.stdout + failed.stderr


@pytest.mark.parametrize(
    ("sound", "broken", "words"),
    [
        (
            "1 / (1 + sp.exp(-z)), sigmoid",
            "1 / (1 + sp.exp(z)), sigmoid",
            ["dollars", "difference"],
        ),
        ('define("directive"', 'define("elsewhere"', ["the equation directive has no check"]),
        ('define("directive"', 'define("elsewhere"', ["check elsewhere belongs to no equation"]),
        ('sources="S001-E1"', 'sources="S009-E1"', ["there is no source row S009-E1"]),
        ("# A tiny book", "% treats: S000-X99\n\n# A tiny book", ["no source row S000-X99"]),
    ],
    ids=["formula", "no check", "no equation", "unknown source", "unknown passage"],
)
def test_a_broken_tie_between_equation_check_and_source_fails_the_build(book, sound, broken, words):
    book.write("index.md", PAGE.replace(sound, broken, 1))
    failed = book.make()
    book.write("index.md", PAGE)
    said = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert "index.md" in said
    for word in words:
        assert word in said


def test_a_wrong_line_in_the_package_fails_the_build(book):
    module = book.root / "bpnet/activations.py"
    sound = module.read_text("utf-8")
    broken = sound.replace("return 1 / (1 + np.exp(-", "return 1 / (1 + np.exp(")
    assert broken != sound
    module.write_text(broken, "utf-8")
    failed = book.make()
    module.write_text(sound, "utf-8")
    said = failed.stdout + failed.stderr
    assert failed.returncode != 0
    assert "index.md" in said
    assert "dollars: at z = " in said
    assert "difference" in said


def test_old_python_gets_a_sentence(book, tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    run = subprocess.run(
        ["make", "-B", ".venv/.installed", f"PYTHON={old}"],
        cwd=book.root,
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "needs Python 3.11 or newer" in run.stdout
