"""What the tests of explorables share: opening them, judging their page, running their modules."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from traitlets import TraitError

from bpnet.widgets.bundle import bundle

ROOT = Path(__file__).parents[2]
WIDGETS = ROOT / "bpnet/widgets"


def expect_refusal(kind: type, name: str, value: object, sentence: str) -> None:
    """A value that a trait refuses changes nothing, and makes no explorable."""
    widget = kind()
    before = getattr(widget, name)
    with pytest.raises(TraitError, match=sentence):
        setattr(widget, name, value)
    assert getattr(widget, name) == before
    with pytest.raises(TraitError, match=sentence):
        kind(**{name: value})


def open_explorers(page: Page, path: Path, count: int = 1, address: str = ""):
    page.goto(path.as_uri() + address)
    explorers = page.locator(".bpnet-explorable")
    expect(explorers).to_have_count(count)
    expect(explorers.last.get_by_role("status")).not_to_be_empty()
    return explorers.first


def cell(explorer, row: str, column: int):
    return explorer.get_by_role("row", name=row).get_by_role("cell").nth(column)


def accessibility_faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def node() -> str:
    program = shutil.which("node")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("node is not installed")
    return program


def run_node(folder: Path, *modules: str, change=lambda text: text) -> subprocess.CompletedProcess:
    """Run the Node tests of some modules, all of them changed by `change` first."""
    for module in WIDGETS.glob("*.js"):
        text = change(bundle(module))
        (folder / f"{module.stem}.mjs").write_text(text, encoding="utf-8")
    tests = [ROOT / f"tests/widgets/{name}.test.mjs" for name in modules]
    environment = os.environ | {"BPNET_WIDGETS": str(folder)}
    command = [node(), "--test", "--test-reporter=tap", *tests]
    return subprocess.run(command, env=environment, capture_output=True, text=True)
