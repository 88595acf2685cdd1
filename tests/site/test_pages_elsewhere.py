"""Every page of the built site on a phone, from a folder on its disk, then without scripts."""

import checkers
import pytest
from pages import NOTEBOOKS, PAGES
from playwright.sync_api import expect

RULES = ["scrollable-region-focusable", "target-size"]  # of axe's, those that know the width


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_fault_and_its_explorables_answer(visit, built_site, name):
    visited = visit((built_site / f"{name}.html").as_uri(), width=360)
    assert checkers.faults(visited, rules=RULES) == {}
    checkers.work_explorables(visited.page)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_without_scripts_every_still_picture_stands(browser, built_site, name):
    page = browser.new_page(java_script_enabled=False)
    page.goto((built_site / f"{name}.html").as_uri())
    for still in page.locator(".tag_still").all():
        expect(still.locator("img")).to_be_visible()
    page.close()
