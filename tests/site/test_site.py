"""The built site as a whole: its links, its search, its notebooks to take away."""

import os
import subprocess
import sys

import checkers
import nbformat
import pytest
from bs4 import BeautifulSoup
from pages import CONFIG, NOTEBOOKS, ROOT


def test_links_lead_somewhere(built_site):
    assert checkers.broken_links(built_site) == []


@pytest.mark.parametrize("where", ["http", "disk"])
def test_search_finds_a_word(visit, site, built_site, where):
    base = site if where == "http" else built_site.as_uri()
    page = visit(f"{base}/search.html?q=sigmoid").page
    page.wait_for_selector("#search-results ul.search li a", timeout=10_000)
    assert "01-loss" in page.locator("#search-results ul.search").inner_html()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_chapter_can_be_taken_away_and_run(built_site, name):
    page = BeautifulSoup((built_site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    hrefs = [link["href"] for link in page.select(".article-header-buttons a")]
    organisation, repository = CONFIG["repository"]["url"].split("/")[-2:]
    home = f"{organisation}/{repository}"
    assert f"https://mybinder.org/v2/gh/{home}/main?urlpath=lab/tree/{name}.md" in hrefs
    colab = f"https://colab.research.google.com/github/{home}/blob/gh-pages/_sources/{name}.ipynb"
    assert colab in hrefs
    assert f"../_sources/{name}.ipynb" in hrefs

    notebook = nbformat.read(built_site / f"_sources/{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    first, *others = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert f'%pip install -q "bpnet @ git+{CONFIG["repository"]["url"]}"' in first.source
    assert '"google.colab" in sys.modules' in first.source
    assert not any("%pip" in cell.source for cell in others)
    assert any(cell.outputs for cell in others), "the notebook was not run"


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("1", "1 error")])
def test_without_chromium_skipped_but_failed_on_ci(ci, outcome):
    test = f"{__file__}::test_search_finds_a_word[http]"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", test],
        cwd=ROOT,
        env=os.environ | {"PATH": "", "CI": ci},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert outcome in run.stdout, run.stdout
    assert "no Chromium is installed" in run.stdout
