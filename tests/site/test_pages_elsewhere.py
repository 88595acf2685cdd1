"""Every page of the built site on a phone, and from a folder on the disk."""

import checkers
import pytest
from pages import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_fault_on_a_phone(visit, site, name):
    visited = visit(f"{site}/{name}.html", width=360)
    rules = ["scrollable-region-focusable", "target-size"]  # of axe's, those that know the width
    assert checkers.faults(visited, rules=rules) == {}


@pytest.mark.parametrize("name", PAGES)
def test_page_opens_from_disk(visit, built_site, name):
    visited = visit((built_site / f"{name}.html").as_uri())
    assert checkers.faults(visited, axe=False) == {}  # what axe reads is the same text
