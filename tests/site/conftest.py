"""The site on a server of this machine; each visit starts with an empty cache."""

from functools import partial

import checkers
import pytest


@pytest.fixture
def visit(browser):
    yield partial(checkers.visit, browser)
    for context in browser.contexts:
        context.close()


@pytest.fixture(scope="module")
def site(serve, built_site):
    return serve(built_site)
