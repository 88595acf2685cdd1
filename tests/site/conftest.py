"""Each visit to a page starts with an empty cache and ends with its test."""

from functools import partial

import checkers
import pytest


@pytest.fixture
def visit(browser):
    yield partial(checkers.visit, browser)
    for context in browser.contexts:
        context.close()
