"""The page of the package's names: nothing public is missing, and its links lead to equations."""

import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import TypeVar

import pytest
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

import api  # noqa: E402

PACKAGE = ROOT / "bpnet"
ROOMS = api.read_rooms(PACKAGE)
FILES = [path for files in ROOMS.values() for path in files]
CHAPTERS = [path.read_text("utf-8") for path in (ROOT / "chapters").glob("[0-9]*.md")]
LABELS = {label for text in CHAPTERS for label in re.findall(r"\((eq-[a-z0-9-]+)\)", text)}


def floors() -> list[dict]:
    text = (ROOT / "chapters/a4-api.md").read_text("utf-8")
    return yaml.safe_load(re.search(r"```{api}\n(.*?)```", text, re.S)[1])


def public_names(module) -> set[str]:
    """Return what is defined in a module under a public name, as Python itself sees it."""
    made_here = {
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__
        and (inspect.isclass(value) or inspect.isfunction(value))
    }
    assigned = set(re.findall(r"^([A-Z][A-Z_]*)\b.*? = ", inspect.getsource(module), re.M))
    return {name for name in made_here | assigned if not name.startswith("_")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_public_name_is_read_from_the_source(path):
    read = api.read_module(path, PACKAGE)
    module = importlib.import_module(read.name)
    hidden = {n for n in public_names(module) if isinstance(getattr(module, n), TypeVar)}
    assert public_names(module) - hidden <= read.names
    assert all(hasattr(module, name) for name in read.names)


def test_every_room_and_every_name_stands_on_the_page():
    page = "\n".join(api.write(floors(), PACKAGE))
    for room, files in ROOMS.items():
        assert f"### `bpnet.{room}`" in page
        for path in files:
            module = api.read_module(path, PACKAGE)
            for entry in module.entries:
                assert f"({api.address(module.name, entry.name)})=" in page
            for name in module.names:
                assert f"`{name}" in page or f"\n{name}(" in page, name


def test_no_two_names_share_an_address():
    page = "\n".join(api.write(floors(), PACKAGE))
    addresses = [a.lower() for a in re.findall(r"^\((\S+)\)=$", page, re.M)]
    assert addresses
    assert len(addresses) == len(set(addresses))


def test_every_public_function_and_class_says_what_it_does():
    for path in FILES:
        module = api.read_module(path, PACKAGE)
        assert module.doc or path.name == "__init__.py"
        assert [entry.name for entry in module.entries if not entry.doc] == [], module.name


def test_every_equation_that_a_docstring_names_is_in_the_book():
    modules = [api.read_module(path, PACKAGE) for path in FILES]
    named = set().union(*(entry.equations for module in modules for entry in module.entries))
    assert len(named) > 20
    assert named - LABELS == set()


def test_names_that_the_package_offers_have_an_address():
    for name, module in api.exported(PACKAGE).items():
        path = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
        assert name in api.read_module(path, PACKAGE).names


@pytest.fixture
def small(tmp_path):
    files = {
        "low.py": "def f(x: int = 1) -> 'np.ndarray':\n    '''Return x^2. (eq-square)'''\n",
        "high.py": "from bpnet.low import f\n",
        "new.py": "'''A new room.'''\nfrom bpnet.high import f\nBIG = 3\n_HIDDEN = 4\n",
        "many/__init__.py": "'Several.'\n",
        "many/one.py": "from bpnet import new\n\nclass A:\n    '''Say a; or b.'''\n\n"
        "    def go(self, w: float) -> None:\n        '''Go. Equation: eq-go.'''\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_new_room_stands_on_the_floor_of_the_highest_room_that_it_imports(small):
    rooms = api.read_rooms(small)
    assert api.settle([["low"], ["high"]], rooms) == [["low"], ["high", "many", "new"]]
    assert api.settle([["low", "many"], ["high"]], rooms) == [["low", "many"], ["high", "new"]]


def test_a_room_that_does_not_exist_is_named(small):
    with pytest.raises(ValueError, match="bpnet has no room gone"):
        api.settle([["low", "gone"]], api.read_rooms(small))


def test_an_entry_holds_signature_members_and_equations(small):
    low = api.read_module(small / "low.py", small)
    assert low.entries[0].signature == "f(x: int=1) -> np.ndarray"
    one = api.read_module(small / "many/one.py", small)
    assert one.name == "bpnet.many.one"
    assert one.entries[0].members[0].signature == "go(w: float) -> None"
    assert one.entries[0].equations == {"eq-go"}
    assert api.read_module(small / "new.py", small).values == ("BIG = 3",)


def test_a_docstring_becomes_markdown():
    assert api.markdown("W^T * a (eq-go), `a*b`") == r"W\^T \* a {eq}`eq-go`, `a*b`"


def test_a_fold_is_named_by_one_sentence_without_links():
    say = api.first_sentence
    assert say("Return a; (..., n) -> (m,).\n\nMore.") == "Return a; (..., n) -> (m,)"
    assert say("Return both (eq-go). Equation: eq-back.") == "Return both"
    assert say(f"Return it; {'and so on ' * 9}.") == "Return it"


def test_a_long_signature_takes_a_line_an_argument():
    call = f"f(first: tuple[int, int], {'x' * 80}: float=1.0) -> dict[str, int]"
    lines = api.laid_out(call).splitlines()
    assert lines[0] == "f("
    assert lines[1] == "    first: tuple[int, int],"
    assert lines[-1] == ") -> dict[str, int]"
