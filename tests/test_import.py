"""What `import bpnet` loads, and what it must not load until it is used."""

import json
import subprocess
import sys

import pytest

import bpnet

HEAVY = ["sympy", "matplotlib", "tqdm", "anywidget", "ipywidgets", "IPython", "scipy"]


def loaded_after(code: str) -> set[str]:
    """The names of all modules that are loaded once `code` has run in a fresh interpreter."""
    report = f"{code}\nimport json, sys; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout))


def test_import_loads_numpy_and_nothing_heavy():
    loaded = loaded_after("import bpnet")
    assert "numpy" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_import_loads_no_other_package_than_numpy():
    beyond = loaded_after("import bpnet") - loaded_after("import numpy, numpy.typing")
    assert {name.split(".")[0] for name in beyond} - sys.stdlib_module_names == {"bpnet"}


def test_import_leaves_numpys_random_numbers_until_they_are_used():
    assert "numpy.random" not in loaded_after("import bpnet")


def test_the_data_load_nothing_heavy_either():
    assert loaded_after("import bpnet.datasets").isdisjoint(HEAVY)


def test_training_loads_the_progress_bar_when_it_is_used():
    run = "from bpnet.training import _progress_bar; _progress_bar(1, False)"
    assert "tqdm" in loaded_after(run)


@pytest.mark.parametrize("name", bpnet.__all__)
def test_every_public_name_is_there_and_says_what_it_does(name):
    assert getattr(bpnet, name).__doc__


def test_public_names_are_sorted_as_they_are_printed():
    assert sorted(bpnet.__all__, key=str.casefold) == sorted(set(bpnet.__all__), key=str.casefold)
