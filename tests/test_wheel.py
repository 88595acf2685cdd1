"""The wheel holds the data and the explorables, and reads MNIST far from the repository."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bpnet.datasets import MNIST_SHA256

ROOT = Path(__file__).parents[1]


def run(*command: str, **options) -> str:
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # The build back end is fetched only where it is not installed.
    known = importlib.util.find_spec("flit_core") is not None
    options = ["--no-isolation"] if known else []
    run("-m", "build", "--wheel", *options, "--outdir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_package(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / "bpnet").rglob("*.*") if path.is_file()]
    expected = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    assert expected <= held
    assert {f"bpnet/data/mnist/{name}" for name in [*MNIST_SHA256, "NOTICE.md"]} <= held
    assert any(name.endswith(".js") for name in held)


def test_an_installed_wheel_reads_mnist_far_from_the_repository(wheel, tmp_path):
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(site), str(wheel))
    program = (
        "import bpnet, bpnet.datasets as data; digits = data.mnist();"
        "print(bpnet.__file__, digits.x_train.shape, digits.y_test[:3].tolist())"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    found = run("-c", program, cwd=elsewhere, env=environment)
    assert found.split(" ", 1)[0] == str(site / "bpnet/__init__.py")
    assert found.strip().endswith("(60000, 784) [7, 2, 1]")
