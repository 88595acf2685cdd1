"""The layout that keeps the book easy to read: rooms, headers, pins, one address."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jupytext.myst import myst_to_notebook

ROOT = Path(__file__).parents[1]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *(e["file"] for part in TOC["parts"] for e in part["chapters"])]
CHAPTERS = sorted((ROOT / "chapters").glob("*.md"))
MODULES = sorted((ROOT / "bpnet").rglob("*.py"))
# From the ground floor up: a room imports only from rooms before it.
ROOMS = [
    "checks",
    "activations",
    "losses",
    "datasets",
    "graph",
    "layers",
    "loss_layers",
    "storage",
    "network",
    "examples",
    "optimizers",
    "training",
    "gradcheck",
    "layercheck",
    "symbolic",
    "mutants",
    "sampling",
    "verdict",
    "proof",
    "exercises",
    "plotting",
    "widgets",
    "notebook",
]


def own_texts() -> dict[str, str]:
    """Every text file of the project; what tools leave behind is not the project's."""
    kept = {".binder", ".ci", ".github"}
    left_behind = re.compile(r"\..*|_build|__pycache__|node_modules|dist|.*\.egg-info")
    texts, folders = {}, [ROOT]
    while folders:
        for path in folders.pop().iterdir():
            if path.is_dir():
                if path.name in kept or not left_behind.fullmatch(path.name):
                    folders.append(path)
            elif path.suffix != ".gz":
                texts[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    return texts


def room(path: Path) -> str:
    return path.relative_to(ROOT / "bpnet").parts[0].removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    names = [a.name for node in nodes if isinstance(node, ast.Import) for a in node.names]
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    found = {name.split(".")[1] for name in names if name.startswith("bpnet.")}
    return found & set(ROOMS)


def imports_upward(name: str, source: str) -> set[str]:
    return {other for other in imported_rooms(source) if ROOMS.index(other) > ROOMS.index(name)}


def long_cells(text: str) -> list[str]:
    cells = myst_to_notebook(text).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return [source for source in code if len(source.splitlines()) > 20]


def header_gaps(text: str) -> set[str]:
    header = yaml.safe_load(text.split("---")[1]) if text.startswith("---\n") else {}
    wanted = {
        "jupytext": ["text_representation", "format_name"],
        "kernelspec": ["language"],
        "myst": ["html_meta", "description"],
    }
    gaps = set()
    for key, path in wanted.items():
        value = header.get(key)
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if not value:
            gaps.add(key)
    return gaps


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_is_short_and_imports_only_downward(path):
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 250
    if path != ROOT / "bpnet/__init__.py":
        assert imports_upward(room(path), source) == set()


@pytest.mark.parametrize(
    "source",
    ["from bpnet.network import Network", "import bpnet.network", "from bpnet import network"],
)
def test_import_from_above_is_found(source):
    assert imports_upward("layers", source) == {"network"}
    assert imports_upward("training", source) == set()


def test_import_loads_numpy_only():
    heavy = "{'sympy', 'matplotlib', 'anywidget', 'ipywidgets', 'tqdm', 'IPython'}"
    code = f"import sys, bpnet; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_contents_name_existing_pages_and_every_chapter():
    assert [page for page in PAGES if not (ROOT / f"{page}.md").is_file()] == []
    assert [c.name for c in CHAPTERS if f"chapters/{c.stem}" not in PAGES] == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.name)
def test_chapter_source(path):
    text = path.read_text("utf-8")
    assert long_cells(text) == []
    if "{code-cell}" in text:
        assert header_gaps(text) == set()
    assert not re.search(r"\b(TODO|FIXME|TBD)\b", text)


def test_faults_in_a_chapter_are_found():
    header = (
        "---\n"
        "jupytext:\n"
        "  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python, name: python3, language: python}\n"
        "myst: {html_meta: {description: A page.}}\n"
        "---\n"
    )
    cell = "```{code-cell} ipython3\n" + "x = 1\n" * 20 + "```\n"
    assert header_gaps(header) == set()
    assert header_gaps(header.replace(", language: python", "")) == {"kernelspec"}
    assert header_gaps("# No header\n") == {"jupytext", "kernelspec", "myst"}
    assert long_cells(header + cell) == []
    assert len(long_cells(header + cell.replace("```\n", "x = 1\n```\n"))) == 1


def test_no_outputs_are_stored():
    assert [name for name in own_texts() if name.endswith(".ipynb")] == []


def test_repository_address_stands_in_one_place():
    """Everything else reads it from _config.yml, so one line changes when the address does."""
    home = "/".join(CONFIG["repository"]["url"].split("/")[-2:])
    assert [name for name, text in own_texts().items() if home in text] == ["_config.yml"]


def test_project_depends_on_nothing_beside_it():
    beside = re.compile(r"\.\./shar" + "ed")
    assert [name for name, text in own_texts().items() if beside.search(text)] == []


def test_requirements_pin_everything():
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    first, *pins = [line for line in lines if not line.startswith("#")]
    assert first == "-e ."
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+]+", pin)] == []


def test_requirements_hold_what_is_installed_here():
    """Nothing in this environment came from anywhere but requirements.txt."""
    run = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable"],
        capture_output=True,
        text=True,
        check=True,
    )
    pins = set((ROOT / "requirements.txt").read_text("utf-8").splitlines())
    assert set(run.stdout.split()) - pins == set()
