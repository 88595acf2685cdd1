"""LossExplorer: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorables import (
    WIDGETS,
    accessibility_faults,
    cell,
    expect_refusal,
    open_explorers,
    run_node,
    sideways,
)
from playwright.sync_api import expect

from bpnet.activations import sigmoid, sigmoid_derivative
from bpnet.losses import quadratic, sigmoid_cross_entropy, sigmoid_cross_entropy_gradient
from bpnet.plotting.style import CROSS_ENTROPY, QUADRATIC
from bpnet.widgets import LossExplorer
from bpnet.widgets.bundle import bundle

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("z", 8.1, "not be greater than 8, but a value of 8.1 was"),
        ("z", float("nan"), "z must be a finite number, not nan"),
        ("z", "high", "expected a float"),
        ("y", 2, "expected any of .0, 1., not the int 2"),
        ("y", 0.5, "expected any of .0, 1., not the float 0.5"),
        ("steps", -1, "not be less than 0, but a value of -1 was"),
        ("steps", 1001, "not be greater than 1000, but a value of 1001 was"),
        ("guess", "both", "expected any of .*, not the str 'both'"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    expect_refusal(LossExplorer, name, value, sentence)


def test_traits_link_and_notify():
    left, right, seen = LossExplorer(), LossExplorer(), []
    traitlets.link((left, "z"), (right, "z"))
    right.observe(lambda change: seen.append(change["new"]), names="z")
    left.z = -3
    assert right.z == -3.0
    assert seen == [-3.0]


def test_the_start_is_remembered_and_shared_with_the_page():
    widget = LossExplorer(z=-2, y=1)
    widget.z = 5
    assert widget.get_state()["_start"] == {"z": -2.0, "y": 1, "steps": 0, "guess": ""}


def test_the_text_form_names_the_figure_without_an_address():
    assert repr(LossExplorer(z=1.5, y=1)) == (
        "LossExplorer at z = 1.5, y = 1, steps = 0 (interactive: needs a browser with scripts)"
    )


def test_each_loss_has_the_colour_and_dash_of_the_book_s_figures():
    style = (WIDGETS / "explorable.css").read_text(encoding="utf-8")
    assert f"--quadratic: light-dark({QUADRATIC['color']}," in style
    assert f"--cross-entropy: light-dark({CROSS_ENTROPY['color']}," in style
    dashed = re.findall(r"\.curve\.(\w+) \{\s+stroke-dasharray", style)
    looks = {"quadratic": QUADRATIC, "crossEntropy": CROSS_ENTROPY}
    assert dashed == [name for name, look in looks.items() if look["linestyle"] != "-"]


# --- Mathematics in Node -----------------------------------------------------------------------


def losses_at(z: float, y: int) -> dict:
    a, slope = sigmoid(z), sigmoid_derivative(z)
    delta = sigmoid_cross_entropy_gradient(z, y)
    return {
        "quadratic": {"loss": quadratic([a], [y]), "delta": delta * slope},
        "crossEntropy": {"loss": sigmoid_cross_entropy([z], [y]), "delta": delta},
    }


def descent(name: str, z: float, y: int, steps: int) -> float:
    for _ in range(steps):
        z = z - losses_at(z, y)[name]["delta"]
    return z


def numbers_from_python() -> dict:
    rng = np.random.default_rng(0)
    points = [(z, y) for z in [*np.linspace(-8, 8, 33), *rng.uniform(-30, 30, 60)] for y in (0, 1)]
    descents = [(z, y, steps) for z in (-8, -1.5, 0, 4, 8) for y in (0, 1) for steps in (0, 1, 40)]
    names = ("quadratic", "crossEntropy")
    return {
        "points": [
            {"z": z, "y": y, "a": sigmoid(z), "slope": sigmoid_derivative(z), **losses_at(z, y)}
            for z, y in points
        ],
        "descents": [
            {"z": z, "y": y, "steps": s, **{name: descent(name, z, y, s) for name in names}}
            for z, y, s in descents
        ],
    }


def run_tests(folder: Path, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "python.json").write_text(json.dumps(numbers_from_python(), default=float))
    return run_node(folder, "loss_maths", "loss_words", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path):
    result = run_tests(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("const sign = (y) => 1 - 2 * y", "const sign = (y) => 2 * y - 1"),
        ("* sigmoidSlope(z),", ","),
        ("z -= ETA", "z += ETA"),
        ("** 2 / 2", "** 2"),
        ("Math.exp(-Math.abs(z))", "Math.exp(-z)"),
        ("if (miss > 0.9)", "if (miss > 0.99)"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, right, wrong):
    assert right in bundle(WIDGETS / "loss_words.js")
    result = run_tests(tmp_path, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "plain": "from bpnet.widgets import LossExplorer\nfirst = LossExplorer(); first",
    "again": "first",
    "other": "LossExplorer(z=-2.0, y=1)",
    "throws": (
        "import anywidget\nclass Broken(anywidget.AnyWidget):\n"
        "    _esm = 'export default { render() { throw new Error(\"planted\") } }'\nBroken()"
    ),
    "kernel": "import ipywidgets\nipywidgets.IntSlider()",
}


@pytest.fixture
def explorer(page, write_page):
    """One explorer, opened from the disk."""
    return open_explorers(page, write_page("plain"))


def button(explorer, name: str):
    return explorer.get_by_role("button", name=name, exact=name != "Take a step")


def test_the_mouse_moves_the_prediction(page, explorer):
    slider = explorer.get_by_role("slider")
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(slider).to_have_attribute("aria-valuetext", "8.0")
    expect(cell(explorer, "loss C", 1)).to_have_text("8.0003")
    expect(explorer.get_by_role("status")).to_contain_text("Wrong and certain")
    explorer.get_by_label("1", exact=True).check()
    expect(cell(explorer, "loss C", 1)).to_have_text("0.0003")
    expect(explorer.get_by_role("status")).to_contain_text("Right and certain")
    assert page.complaints == []


def test_the_pushes_show_after_the_prediction_and_stay(page, explorer):
    push, cover = cell(explorer, "push", 1), explorer.locator(".cover").last
    image = explorer.get_by_role("img").nth(1)
    expect(push).to_have_text("?")
    expect(cover).to_be_visible()
    expect(image).to_have_accessible_name("Push δ = dC/dz against z: hidden until you answer.")
    expect(button(explorer, "Take a step")).to_be_disabled()
    button(explorer, "the same").click()
    expect(button(explorer, "the same")).to_have_attribute("aria-pressed", "true")
    expect(push).to_have_text("0.9820")
    expect(cell(explorer, "ratio", 0)).to_have_text("0.0177")
    expect(cover).to_be_hidden()
    expect(image).to_have_accessible_name(
        "Push δ = dC/dz against z: quadratic 0.0173, cross-entropy 0.9820."
    )
    expect(explorer.get_by_text("No: at z")).to_contain_text("56.6 times as hard")
    explorer.get_by_role("slider").fill("2")
    expect(push).to_have_text("0.8808")


def test_steps_part_the_markers_and_reset_returns_to_the_start(page, explorer):
    button(explorer, "cross-entropy").click()
    for _ in range(3):
        button(explorer, "Take a step").click()
    expect(explorer.get_by_text("3 steps", exact=True)).to_be_visible()
    expect(explorer.get_by_role("status")).to_contain_text("After 3 steps")
    expect(cell(explorer, "z", 0)).to_have_text(f"{descent('quadratic', 4, 0, 3):.4f}")
    expect(cell(explorer, "z", 1)).to_have_text(f"{descent('crossEntropy', 4, 0, 3):.4f}")
    places = "marks => marks.map(mark => mark.getBoundingClientRect().x)"
    left, right = sorted(explorer.locator("svg").first.locator(".marker").evaluate_all(places))
    assert right - left > 20
    button(explorer, "Reset").click()
    expect(explorer.get_by_text("3 steps", exact=True)).to_be_hidden()
    expect(cell(explorer, "z", 1)).to_have_text("4.0")
    expect(cell(explorer, "push", 1)).to_have_text("?")


def test_the_keyboard_does_everything(page, explorer):
    slider = explorer.get_by_role("slider")
    page.keyboard.press("Tab")
    expect(button(explorer, "Reset")).to_be_focused()
    page.keyboard.press("Tab")
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "4.1")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(explorer.get_by_label("1", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(button(explorer, "quadratic")).to_have_attribute("aria-pressed", "true")
    expect(button(explorer, "quadratic")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(explorer.get_by_text("1 step", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(button(explorer, "Take a step")).to_be_focused()
    expect(slider).to_have_attribute("aria-valuetext", "4.0")
    expect(explorer.get_by_label("0", exact=True)).to_be_checked()
    expect(cell(explorer, "push", 0)).to_have_text("?")


def test_two_explorers_are_independent_and_two_views_of_one_agree(page, write_page):
    open_explorers(page, write_page("plain", "again", "other"), count=3)
    sliders = page.get_by_role("slider")
    sliders.nth(0).fill("1.5")
    expect(sliders.nth(1)).to_have_attribute("aria-valuetext", "1.5")
    expect(sliders.nth(2)).to_have_attribute("aria-valuetext", "−2.0")
    page.get_by_label("0", exact=True).nth(2).check()
    expect(page.get_by_label("0", exact=True).nth(0)).to_be_checked()
    page.get_by_role("button", name="Reset").nth(2).click()
    expect(page.get_by_label("1", exact=True).nth(2)).to_be_checked()
    expect(sliders.nth(0)).to_have_attribute("aria-valuetext", "1.5")
    assert page.complaints == []


# --- Fit for everyone --------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(page, write_page, theme):
    explorer = open_explorers(page, write_page("plain", "other", "throws", "kernel"), count=2)
    colour = "getComputedStyle(document.querySelector('.bpnet-explorable')).backgroundColor"
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    assert (
        page.evaluate(colour) == {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 27, 33)"}[theme]
    )
    button(explorer, "quadratic").click()
    button(explorer, "Take a step").click()
    page.evaluate(
        "document.querySelectorAll('[role=alert]').forEach(note => note.remove())"
        if theme == "dark"  # the page around, which colours the notes, is light in this test
        else "0"
    )
    assert accessibility_faults(page) == []


def test_jupyter_s_dark_scheme_is_followed(page, explorer):
    page.evaluate("delete document.documentElement.dataset.theme")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(explorer).to_have_css("background-color", "rgb(23, 27, 33)")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_sideways_scrolling(page, write_page, width):
    page.set_viewport_size({"width": width, "height": 800})
    explorer = open_explorers(page, write_page("plain"))
    explorer.get_by_role("slider").fill("-8")
    button(explorer, "cross-entropy").click()
    button(explorer, "Take a step").click()
    assert sideways(page) <= 0


def test_panels_stand_side_by_side_only_where_there_is_room(page, explorer):
    def stacked():
        first, second = (explorer.get_by_role("img").nth(n).bounding_box() for n in (0, 1))
        return second["y"] > first["y"] + first["height"]

    assert not stacked()
    page.set_viewport_size({"width": 360, "height": 800})
    assert stacked()


def test_nothing_moves_by_itself(page, explorer):
    button(explorer, "cross-entropy").click()
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('html("label", {}, html("span"', 'html("div", {}, html("span"', "label"),
        ('role: "img"', 'role: "picture"', "aria-roles"),
    ],
)
def test_an_accessibility_fault_is_found(page, write_page, right, wrong, fault):
    assert right in bundle(WIDGETS / "loss_explorer.js")
    path = write_page("plain", change=lambda text: text.replace(right, wrong))
    open_explorers(page, path)
    assert fault in accessibility_faults(page)


def test_too_wide_a_figure_is_found(page, write_page):
    page.set_viewport_size({"width": 320, "height": 800})
    right, wrong = "{ class: kind }", '{ style: "width: 30rem" }'
    open_explorers(page, write_page("plain", change=lambda text: text.replace(right, wrong)))
    assert sideways(page) > 0
