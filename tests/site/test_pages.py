"""Every page of the built site, as most people open it, then in the dark scheme."""

import checkers
import pytest
from pages import CHAPTERS, PAGES

HEAVY = ["chapters/10-training-digits"]
MEGABYTE = 1_000_000


@pytest.fixture(scope="module", params=PAGES)
def visited(request, browser, site):
    """A page, opened once for all that is to be seen of it."""
    visited = checkers.visit(browser, f"{site}/{request.param}.html")
    visited.name = request.param
    yield visited
    visited.page.context.close()


def test_page_has_no_fault(visited):
    assert checkers.faults(visited) == {}


def test_explorables_answer_and_go_back(visited):
    checkers.work_explorables(visited.page)


def test_page_has_no_fault_in_the_dark(visited):
    checkers.darken(visited)
    assert checkers.faults(visited, rules=["color-contrast"]) == {}


def test_page_is_light(visited):
    assert visited.name in HEAVY or checkers.weight(visited) <= MEGABYTE


def test_page_describes_itself(visited):
    words = visited.page.evaluate("document.querySelector('meta[name=description]')?.content ?? ''")
    assert visited.name not in CHAPTERS or len(words) > 40
