"""Every page of the built site in the dark scheme: the same text in other colours."""

import checkers
import pytest
from pages import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_fault(visit, site, name):
    assert (
        checkers.faults(visit(f"{site}/{name}.html", scheme="dark"), rules=["color-contrast"]) == {}
    )
