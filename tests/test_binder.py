"""Binder's view of the repository, without Docker: the steps it would run, and those steps run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupytext.myst import myst_to_notebook

ROOT = Path(__file__).parents[1]
CHAPTER = "chapters/01-loss.md"
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv*", "_build", "__pycache__", ".*_cache", "*.egg-info", ".hypothesis"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The repository as Binder has it: the reader's home folder, without what tools left behind."""
    home = tmp_path_factory.mktemp("binder") / "home"
    shutil.copytree(ROOT, home, ignore=NOT_IN_A_CLONE)
    return home


@pytest.fixture(scope="module")
def dockerfile(clone):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    reader = ["--user-id=1000", "--user-name=jovyan"]
    run = subprocess.run([*command, *reader, clone], capture_output=True, text=True, check=True)
    return run.stdout + run.stderr


def test_build_steps_name_our_files(dockerfile):
    assert "python=3.12" in dockerfile
    copy = dockerfile.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    install = dockerfile.index('-r ".binder/requirements.txt"', copy)
    assert install < dockerfile.index("RUN ./.binder/postBuild")
    # A second, plain installation would take the place of the reader's editable bpnet.
    assert not re.search(r"pip install --no-cache-dir \.$", dockerfile, re.M)


@pytest.fixture(scope="module")
def lab(clone, tmp_path_factory):
    """JupyterLab from a fresh environment that holds what Binder installs and nothing else."""
    venv = tmp_path_factory.mktemp("environment")
    path = {"HOME": str(clone), "PATH": f"{venv}/bin:{os.environ['PATH']}"}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTHON"))}
    place = {"cwd": clone, "env": kept | path | {"OPENBLAS_NUM_THREADS": "1"}}
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    install = [
        f"{venv}/bin/pip",
        "install",
        "--quiet",
        "--no-compile",
        "-r",
        ".binder/requirements.txt",
    ]
    subprocess.run(install, check=True, **place)
    subprocess.run([clone / ".binder/postBuild"], check=True, **place)

    command = [f"{venv}/bin/jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    options = ["--port=0", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    log = clone.parent / "lab.log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            command + options, stderr=stream, stdout=stream, start_new_session=True, **place
        )
    address = None
    while address is None and server.poll() is None:
        time.sleep(0.2)
        address = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
    yield address.group()
    os.killpg(server.pid, signal.SIGTERM)
    server.wait()


RUN_ALL = """async () => {
  const { content, context, sessionContext } = jupyterapp.shell.currentWidget;
  await context.ready;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
  const late = new Promise((_, fail) => setTimeout(() => fail("not run in 180 s"), 180_000));
  await Promise.race([jupyterapp.commands.execute("notebook:run-all-cells"), late]);
  const cells = [...content.model.cells];
  return cells.filter((cell) => cell.type === "code").map((cell) => ({
    count: cell.executionCount,
    errors: cell.outputs.toJSON().filter((output) => output.output_type === "error"),
  }));
}"""


def run_all(browser, lab, chapter):
    """Open a chapter by Binder's address and run every cell, as a reader would."""
    page = browser.new_page()
    page.goto(f"{lab}/lab/tree/{chapter}?reset")  # no tabs of an earlier visit
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    return page.evaluate(RUN_ALL)


def test_chapter_opens_as_a_notebook_and_runs(browser, lab):
    cells = myst_to_notebook((ROOT / CHAPTER).read_text("utf-8")).cells
    expected = sum(cell.cell_type == "code" for cell in cells)
    ran = run_all(browser, lab, CHAPTER)
    assert [cell["count"] for cell in ran] == list(range(1, expected + 1))
    assert [cell["errors"] for cell in ran if cell["errors"]] == []


def test_failing_cell_is_seen(browser, lab, clone):
    header = (ROOT / CHAPTER).read_text("utf-8").split("---\n")[1]
    cell = "```{code-cell} ipython3\nassert False\n```\n"
    (clone / "chapters/planted.md").write_text(f"---\n{header}---\n\n{cell}")
    [ran] = run_all(browser, lab, "chapters/planted.md")
    assert ran["errors"][0]["ename"] == "AssertionError"
