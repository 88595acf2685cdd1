"""The built site, page by page, in a real browser."""

import os
import subprocess
import sys
from pathlib import Path

import checkers
import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [entry["file"] for part in TOC["parts"] for entry in part["chapters"]]
NOTEBOOKS = [c for c in CHAPTERS if "kernelspec:" in (ROOT / f"{c}.md").read_text("utf-8")]
PAGES = [TOC["root"], *CHAPTERS, "search", "genindex"]
HEAVY = "chapters/10-training-digits"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def site(serve, built_site):
    return serve(built_site)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "way",
    [
        pytest.param({"scheme": "light"}, id="light"),
        pytest.param({"scheme": "dark"}, id="dark"),
        pytest.param({"width": 360}, id="phone"),
    ],
)
def test_page_has_no_fault(visit, site, name, way):
    assert checkers.faults(visit(f"{site}/{name}.html", **way)) == {}


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk(visit, built_site, name):
    address = (built_site / f"{name}.html").as_uri()
    assert checkers.faults(visit(address)) == {}


@pytest.mark.parametrize("name", [page for page in PAGES if page != HEAVY])
def test_page_is_light(visit, site, name):
    visited = visit(f"{site}/{name}.html")
    assert checkers.weight(visited) <= MEGABYTE


def test_links_lead_somewhere(built_site):
    assert checkers.broken_links(built_site) == []


@pytest.mark.parametrize("where", ["http", "disk"])
def test_search_finds_a_word(visit, site, built_site, where):
    base = site if where == "http" else built_site.as_uri()
    page = visit(f"{base}/search.html?q=sigmoid").page
    page.wait_for_selector("#search-results ul.search li a", timeout=10_000)
    assert "01-loss" in page.locator("#search-results ul.search").inner_html()


@pytest.mark.parametrize("name", CHAPTERS)
def test_page_describes_itself(visit, site, name):
    page = visit(f"{site}/{name}.html").page
    words = page.evaluate("document.querySelector('meta[name=description]')?.content ?? ''")
    assert len(words) > 40


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_chapter_can_be_taken_away_and_run(visit, site, built_site, name):
    page = visit(f"{site}/{name}.html").page
    links = page.locator(".article-header-buttons a")
    hrefs = [link.get_attribute("href") for link in links.all()]
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
