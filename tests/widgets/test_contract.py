"""What every explorable promises, whatever it shows: in a real browser, without a kernel."""

import pytest
from explorables import WIDGETS, accessibility_faults, open_explorers, sideways
from playwright.sync_api import Page, expect

from bpnet import widgets
from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import Explorable

CELLS = {
    "DrawDigit": (
        "import numpy as np\nfrom bpnet import Network\nfrom bpnet.widgets import DrawDigit\n"
        "network = Network.dense([784, 12, 10], np.random.default_rng(0))\n"
        "DrawDigit(network, np.eye(784)[[300, 400]], [3, 5], example=0, wish=7)"
    ),
    "DescentStepper": "from bpnet.widgets import DescentStepper\nDescentStepper()",
    "GraphStepper": "from bpnet.widgets import GraphStepper\nGraphStepper()",
    "LossExplorer": "from bpnet.widgets import LossExplorer\nLossExplorer()",
    "PushPull": "from bpnet.widgets import PushPull\nPushPull()",
    "PathTracer": "from bpnet.widgets import PathTracer\nPathTracer()",
}
BYTES = 150_000

every = pytest.mark.parametrize("name", CELLS)


def operate(page: Page, explorer) -> None:
    """Work every control once, from the keyboard alone."""
    for control in explorer.locator("button, input, select, [role=slider]").all():
        if not control.is_visible() or control.text_content() == "Reset":
            continue
        control.focus()
        kind = control.get_attribute("type") or "slider"
        page.keyboard.press({"button": "Enter", "checkbox": "Space"}.get(kind, "ArrowRight"))
    page.wait_for_timeout(300)


def test_every_explorable_of_the_room_is_here():
    assert {*CELLS, "Steps"} == set(widgets.__all__)


def test_all_code_together_is_light():
    code = [*WIDGETS.glob("*.js"), *WIDGETS.glob("*.css")]
    sizes = {path.name: path.stat().st_size for path in code}
    assert sum(sizes.values()) <= BYTES, sizes


@pytest.mark.parametrize("module", sorted(WIDGETS.glob("*_maths.js")), ids=lambda path: path.stem)
def test_the_mathematics_knows_no_page(module):
    words = ["document", "window", "html(", "svg(", "setTimeout", "location"]
    assert [word for word in words if word in bundle(module)] == []


@every
def test_python_has_one_state_and_a_short_text_form(name):
    kind = getattr(widgets, name)
    assert issubclass(kind, Explorable)
    assert kind.__doc__
    assert kind.state_names()


@every
def test_reset_undoes_whatever_was_operated(page, write_page, name):
    explorer = open_explorers(page, write_page(name))
    before = explorer.inner_text()
    operate(page, explorer)
    assert explorer.inner_text() != before
    explorer.get_by_role("button", name="Reset").click()
    expect(explorer.get_by_role("button", name="Reset")).to_be_in_viewport()
    page.wait_for_timeout(400)
    assert explorer.inner_text() == before
    assert page.complaints == []


@every
def test_a_change_is_spoken(page, write_page, name):
    explorer = open_explorers(page, write_page(name))
    said = explorer.get_by_role("status").inner_text()
    operate(page, explorer)
    expect(explorer.get_by_role("status")).not_to_have_text(said)


@every
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault_on_a_phone(page, write_page, name, theme):
    page.set_viewport_size({"width": 360, "height": 800})
    explorer = open_explorers(page, write_page(name))
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    assert accessibility_faults(page) == []
    operate(page, explorer)
    page.wait_for_function("document.getAnimations().length === 0")
    assert accessibility_faults(page) == []


@every
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_never_scrolls_sideways(page, write_page, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    explorer = open_explorers(page, write_page(name))
    assert sideways(page) <= 0
    operate(page, explorer)
    assert sideways(page) <= 0


VALUES = "all => all.map(one => one.getAttribute('aria-valuetext'))"


@every
def test_a_situation_can_be_sent(page, write_page, name):
    explorer = open_explorers(page, write_page(name))
    sliders = explorer.locator("input[type=range], [role=slider]")
    built = sliders.evaluate_all(VALUES)
    sliders.first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/page.html#*")
    sent = sliders.evaluate_all(VALUES)
    assert sent != built
    page.reload()
    expect(explorer.get_by_role("status")).not_to_be_empty()
    assert sliders.evaluate_all(VALUES) == sent


@every
def test_nothing_moves_for_readers_who_want_it_so(browser, write_page, name):
    page = browser.new_page(reduced_motion="reduce")
    explorer = open_explorers(page, write_page(name))
    operate(page, explorer)
    assert page.evaluate("document.getAnimations().length") == 0
    page.close()
