"""The explorables: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import traitlets
from axe_playwright_python.sync_playwright import Axe
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

from bpnet.activations import sigmoid, sigmoid_derivative
from bpnet.losses import quadratic, sigmoid_cross_entropy, sigmoid_cross_entropy_gradient
from bpnet.plotting.style import CROSS_ENTROPY, QUADRATIC
from bpnet.widgets import LossExplorer
from bpnet.widgets.bundle import bundle

ROOT = Path(__file__).parents[1]
WIDGETS = ROOT / "bpnet/widgets"
HOST = ROOT / "assets/anywidget-static.js"
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


# --- Python ------------------------------------------------------------------------------------


def test_importing_the_room_does_not_load_anywidget():
    code = "import sys, bpnet.widgets; print('anywidget' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "False\n"


def test_an_unknown_explorable_is_an_attribute_error():
    import bpnet.widgets

    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = bpnet.widgets.Nothing


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("z", 8.1, "z must be a number from -8 to 8, not 8.1"),
        ("z", float("nan"), "z must be a number from -8 to 8, not nan"),
        ("z", "high", "expected a float"),
        ("y", 2, "y must be 0 or 1, not 2"),
        ("y", 0.5, "expected an int"),
        ("steps", -1, "steps must be a whole number from 0 to 1000, not -1"),
        ("steps", 1001, "steps must be a whole number from 0 to 1000, not 1001"),
        ("guess", "both", "guess must be one of .*, not 'both'"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    widget = LossExplorer()
    before = getattr(widget, name)
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(widget, name, value)
    assert getattr(widget, name) == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        LossExplorer(**{name: value})


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
        "LossExplorer at z = 1.5, y = 1: quadratic loss against cross-entropy "
        "(interactive: needs a browser with scripts)"
    )


def test_each_loss_has_the_colour_and_dash_of_the_book_s_figures():
    style = (WIDGETS / "explorable.css").read_text(encoding="utf-8")
    assert f"--quadratic: light-dark({QUADRATIC['color']}," in style
    assert f"--cross-entropy: light-dark({CROSS_ENTROPY['color']}," in style
    dashed = re.findall(r"\.curve\.(\w+) \{\s+stroke-dasharray", style)
    looks = {"quadratic": QUADRATIC, "crossEntropy": CROSS_ENTROPY}
    assert dashed == [name for name, look in looks.items() if look["linestyle"] != "-"]


# --- The bundle --------------------------------------------------------------------------------


def test_bundled_modules_keep_their_own_scope(tmp_path):
    (tmp_path / "deep.js").write_text("export const one = 1;\n")
    (tmp_path / "maths.js").write_text(
        'import { one } from "./deep.js";\nconst own = one;\nexport function two() {\n'
        "  return own + 1;\n}\n"
    )
    (tmp_path / "view.js").write_text(
        'import {\n  two,\n} from "./maths.js";\nconst own = 5;\nexport default two() * own;\n'
    )
    text = bundle(tmp_path / "view.js")
    assert "import" not in text
    assert run_module(tmp_path, text) == "10"


@pytest.mark.parametrize(
    "line",
    ['import x from "./maths.js";', 'import * as m from "./maths.js";', 'export * from "./a.js";'],
)
def test_a_form_that_cannot_be_bundled_is_named(tmp_path, line):
    module = tmp_path / "view.js"
    module.write_text(line + "\n")
    with pytest.raises(ValueError, match="cannot bundle the line") as caught:
        bundle(module)
    assert line in str(caught.value)


def run_module(folder: Path, text: str) -> str:
    (folder / "bundled.mjs").write_text(text, encoding="utf-8")
    show = "import('./bundled.mjs').then((module) => console.log(module.default))"
    command = [node(), "--input-type=module", "-e", show]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout.strip()


# --- Mathematics in Node -----------------------------------------------------------------------


def node() -> str:
    program = shutil.which("node")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("node is not installed")
    return program


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


def run_node(folder: Path, change=lambda text: text) -> subprocess.CompletedProcess:
    """Run the Node tests on the modules, each changed by `change` first."""
    for name in ("loss_maths", "loss_words"):
        text = change(bundle(WIDGETS / f"{name}.js"))
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    (folder / "python.json").write_text(json.dumps(numbers_from_python(), default=float))
    tests = sorted((ROOT / "tests/widgets").glob("*.test.mjs"))
    environment = os.environ | {"BPNET_WIDGETS": str(folder)}
    command = [node(), "--test", "--test-reporter=tap", *tests]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_mathematics_and_words_agree_with_python(tmp_path):
    result = run_node(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("const sign = (y) => 1 - 2 * y", "const sign = (y) => 2 * y - 1"),
        ("* slope(z),", ","),
        ("z -= ETA", "z += ETA"),
        ("** 2 / 2", "** 2"),
        ("Math.exp(-Math.abs(z))", "Math.exp(-z)"),
        ("if (miss > 0.9)", "if (miss > 0.99)"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, right, wrong):
    assert right in bundle(WIDGETS / "loss_words.js")
    result = run_node(tmp_path, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "plain": "from bpnet.widgets import LossExplorer\nfirst = LossExplorer(); first",
    "again": "first",
    "other": "LossExplorer(z=-2.0, y=1)",
    "throws": (
        "import anywidget, traitlets\nclass Broken(anywidget.AnyWidget):\n"
        "    _esm = 'export default { render() { throw new Error(\"planted\") } }'\nBroken()"
    ),
    "bytes": (
        "class Bytes(anywidget.AnyWidget):\n"
        "    data = traitlets.Bytes(bytes([7, 42])).tag(sync=True)\n"
        "    _css = '.held { color: rgb(1, 2, 3) }'\n"
        "    _esm = '''let started = 0;\n"
        "    export default async () => ({\n"
        "      initialize() { started++; },\n"
        "      render({ model, el }) {\n"
        "        el.className = 'held';\n"
        "        el.textContent = `byte ${model.get('data').getUint8(1)}, started ${started}`;\n"
        "      } })'''\n"
        "held = Bytes(); held"
    ),
    "bytes again": "held",
    "kernel": "import ipywidgets\nipywidgets.IntSlider()",
}


@pytest.fixture(scope="module")
def cells():
    """The notebook's real outputs: each cell's view, and the state of all widgets."""
    code = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=code)
    NotebookClient(notebook, kernel_name="python3").execute()
    views = [cell.outputs[0]["data"][VIEW] for cell in notebook.cells]
    return dict(zip(CELLS, views, strict=True)), notebook.metadata.widgets[STATE]


@pytest.fixture
def write_page(cells, tmp_path):
    """Write a page that shows some cells as the book does, and return its path."""
    views, state = cells
    shutil.copy(HOST, tmp_path)

    def write(*names: str, change=lambda text: text) -> Path:
        def script(kind, value):
            return f'<script type="{kind}">{json.dumps(value)}</script>'

        shown = "".join(f"<div>{script(VIEW, views[name])}</div>" for name in names)
        held = json.loads(json.dumps(state))
        for model in held["state"].values():
            if esm := model["state"].get("_esm"):
                model["state"]["_esm"] = change(esm)
        (tmp_path / "page.html").write_text(
            '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Explorables</title>'
            '<link rel="icon" href="data:,"><script defer src="anywidget-static.js"></script>'
            "</head><body><main><h1>Explorables</h1>"
            f'{shown}<h2 id="below" style="margin-top: 200vh">Below</h2></main>'
            f"{script(STATE, held)}</body></html>",
            encoding="utf-8",
        )
        return tmp_path / "page.html"

    return write


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.complaints = []
    page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


@pytest.fixture
def explorer(page, write_page):
    """One explorer, opened from the disk."""
    return open_explorers(page, write_page("plain"))


def open_explorers(page: Page, path: Path, count: int = 1, address: str = ""):
    page.goto(path.as_uri() + address)
    explorers = page.locator(".bpnet-explorable")
    expect(explorers).to_have_count(count)
    expect(explorers.last.get_by_role("status")).not_to_be_empty()
    return explorers.first


def cell(explorer, row: str, column: int):
    return explorer.get_by_role("row", name=row).get_by_role("cell").nth(column)


def button(explorer, name: str):
    return explorer.get_by_role("button", name=name, exact=name != "Take a step")


def accessibility_faults(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page).response["violations"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


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
    expect(slider).to_be_focused()
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


def test_one_that_throws_says_so_and_stops_no_other(page, write_page):
    explorer = open_explorers(page, write_page("throws", "kernel", "plain"))
    explorer.get_by_role("slider").fill("3")
    expect(cell(explorer, "z", 0)).to_have_text("3.0")
    alerts = page.get_by_role("alert")
    expect(alerts.nth(0)).to_contain_text("could not start (planted)")
    expect(alerts.nth(1)).to_contain_text("needs a running kernel")
    assert len(page.complaints) == 1
    assert "planted" in page.complaints[0]


def test_bytes_styles_and_factories_work_and_a_model_starts_once(page, write_page):
    page.goto(write_page("bytes", "bytes again").as_uri())
    held = page.locator(".held")
    expect(held).to_have_text(["byte 42, started 1"] * 2)
    expect(held.first).to_have_css("color", "rgb(1, 2, 3)")


def test_works_from_a_file_server(page, write_page, serve):
    page.goto(serve(write_page("plain").parent) + "/page.html")
    expect(page.get_by_role("slider")).to_be_visible()
    assert page.complaints == []


# --- The address -------------------------------------------------------------------------------


def test_the_address_holds_the_state_and_a_reload_restores_it(page, write_page):
    explorer = open_explorers(page, write_page("plain", "other"), count=2)
    assert "#" not in page.url
    explorer.get_by_role("slider").fill("2.5")
    page.get_by_label("0", exact=True).nth(1).check()
    page.wait_for_url("**/page.html#loss-explorer:z=2.5,y=0,steps=0;loss-explorer-2:z=-2,y=0,*")
    page.reload()
    sliders = page.get_by_role("slider")
    expect(sliders.nth(0)).to_have_attribute("aria-valuetext", "2.5")
    expect(page.get_by_label("0", exact=True).nth(1)).to_be_checked()
    for n in (0, 1):
        page.get_by_role("button", name="Reset").nth(n).click()
    page.wait_for_url("**/page.html")
    expect(sliders.nth(0)).to_have_attribute("aria-valuetext", "4.0")


def test_a_hand_written_address_is_brought_into_range(page, write_page):
    address = "#loss-explorer:z=99,y=1,steps=2,guess=same,_esm=0"
    explorer = open_explorers(page, write_page("plain"), address=address)
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "8.0")
    expect(explorer.get_by_label("1", exact=True)).to_be_checked()
    expect(cell(explorer, "push", 0)).to_have_text("?")
    page.evaluate("location.hash = 'loss-explorer:z=-1,y=what'")
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "−1.0")
    expect(explorer.get_by_label("1", exact=True)).to_be_checked()
    assert page.complaints == []


def test_a_page_anchor_is_left_alone(page, write_page):
    explorer = open_explorers(page, write_page("plain"), address="#below")
    expect(page.locator("#below")).to_be_in_viewport()
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "4.0")
    explorer.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(500)
    assert page.url.endswith("#below")
    page.evaluate("location.hash = 'loss-explorer:z=1'")
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.0")
    page.evaluate("location.hash = 'below'")
    expect(page.locator("#below")).to_be_in_viewport()
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.0")


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
        ('html("label", {}, name, input)', 'html("div", {}, name, input)', "label"),
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
    right, wrong = '{ class: "panels" }', '{ style: "width: 30rem" }'
    open_explorers(page, write_page("plain", change=lambda text: text.replace(right, wrong)))
    assert sideways(page) > 0


def test_a_complaint_in_the_console_is_found(page, write_page):
    right, wrong = "function render(", 'console.error("planted"); function render('
    open_explorers(page, write_page("plain", change=lambda text: text.replace(right, wrong)))
    assert page.complaints == ["planted"]
