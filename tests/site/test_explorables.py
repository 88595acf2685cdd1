"""The explorables on the built pages, worked by the keys with no other host in reach."""

from urllib.parse import urlsplit

import pytest
from pages import NOTEBOOKS, ROOT
from playwright.sync_api import expect

PLACES = [c for c in NOTEBOOKS if "bpnet.widgets" in (ROOT / f"{c}.md").read_text("utf-8")]


@pytest.fixture
def open_alone(browser, site, built_site):
    """Open a page of the built site, served or from the disk; other hosts are cut off."""
    homes = {"http": site, "disk": built_site.as_uri()}
    contexts = []

    def open_page(name: str, where: str = "http", **options):
        contexts.append(browser.new_context(**options))
        own = urlsplit(homes[where]).netloc
        contexts[-1].route(lambda url: urlsplit(url).netloc != own, lambda route: route.abort())
        page = contexts[-1].new_page()
        page.goto(f"{homes[where]}/{name}.html")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("where", ["http", "disk"])
def test_every_figure_answers_and_goes_back(open_alone, name, where):
    page = open_alone(name, where)
    figures = page.locator(".bpnet-explorable")
    expect(figures).to_have_count(page.locator("script[type$='widget-view+json']").count())
    plain = page.locator(".bpnet-explorable:not(.steps)")  # Steps print their own drawing
    assert page.locator(".tag_still.replaced").count() == plain.count()
    for figure in figures.all():
        before = figure.text_content()
        for control in figure.locator("input[type=range], [role=slider]").all():
            control.focus()
            page.keyboard.press("ArrowRight")
        expect(figure).not_to_have_text(before)
        figure.get_by_role("button", name="Reset").press("Enter")
        expect(figure).to_have_text(before)


@pytest.mark.parametrize("name", PLACES)
def test_without_scripts_every_still_picture_stands(open_alone, name):
    page = open_alone(name, java_script_enabled=False)
    for still in page.locator(".tag_still").all():
        expect(still.locator("img")).to_be_visible()
