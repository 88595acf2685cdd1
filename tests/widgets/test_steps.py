"""Steps: the Python side, its module in Node, and stepping through drawings in a real browser."""

import re

import matplotlib.pyplot as plt
import pytest
import traitlets
from explorables import WIDGETS, accessibility_faults, open_explorers, run_node, sideways
from playwright.sync_api import Page, expect

from bpnet.plotting.diagram import canvas, node, note
from bpnet.plotting.style import BOOK_STYLE
from bpnet.widgets import Steps
from bpnet.widgets.bundle import bundle

CAPTIONS = ["First.", "Then.", "At last."]

# --- Python ------------------------------------------------------------------------------------


@pytest.fixture
def figure():
    figure, axes = canvas(4, 2)
    node(axes, 1, 1, "$x$")
    node(axes, 3, 1, "$C$", kind="loss", steps=(3, None))
    yield figure
    plt.close(figure)


@pytest.mark.parametrize("step", [0, 4, -1])
def test_a_step_that_does_not_exist_is_refused_and_changes_nothing(figure, step):
    sentence = f"step must be a whole number from 1 to 3, not {step}"
    drawing = Steps(figure, CAPTIONS, step=2)
    with pytest.raises(traitlets.TraitError, match=sentence):
        drawing.step = step
    assert drawing.step == 2
    with pytest.raises(traitlets.TraitError, match=sentence):
        Steps(figure, CAPTIONS, step=step)


def test_a_step_is_a_whole_number(figure):
    with pytest.raises(traitlets.TraitError, match="expected an int"):
        Steps(figure, CAPTIONS).step = 1.5


def test_a_drawing_needs_captions(figure):
    with pytest.raises(ValueError, match="needs at least one caption"):
        Steps(figure, [])


@pytest.mark.parametrize("steps", [(3, None), (3, 3), (1, 3)])
def test_a_part_beyond_the_captions_is_refused(steps):
    figure, axes = canvas(4, 2)
    note(axes, 1, 1, "late", steps=steps)
    with pytest.raises(ValueError, match=r"belongs to step 3, but there are only 2 captions"):
        Steps(figure, CAPTIONS[:2])


def test_the_figure_is_closed(figure):
    assert plt.fignum_exists(figure.number)
    Steps(figure, CAPTIONS)
    assert not plt.fignum_exists(figure.number)


def test_the_drawing_has_nothing_that_reaches_beyond_it(figure):
    svg = Steps(figure, CAPTIONS).svg
    assert svg.startswith("<svg")
    assert re.findall(r"<style|<script|<metadata|<!--|<!DOCTYPE|<\?xml", svg) == []


def test_python_shares_the_step(figure):
    drawing, seen = Steps(figure, CAPTIONS), []
    drawing.observe(lambda change: seen.append(change["new"]), names="step")
    drawing.step = 3
    assert seen == [3]
    assert drawing.get_state("step") == {"step": 3}


def test_the_text_form_is_the_captions_in_order(figure):
    assert repr(Steps(figure, CAPTIONS, title="A toy")) == (
        "A toy (interactive: needs a browser with scripts)\n1. First.\n2. Then.\n3. At last."
    )


# --- What a step shows, in Node ----------------------------------------------------------------


def test_the_module_is_right(tmp_path):
    result = run_node(tmp_path, "steps_maths")
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Number(first) <= step", "Number(first) < step"),
        ("Number(first) <= step", "first <= String(step)"),
        ("step <= Number(last)", "step < Number(last)"),
        ('last === "" || ', ""),
        ("Number(first) === step", "Number(first) <= step"),
        ("Math.max(Number(value) || 0, low)", "Math.max(Number(value) || 0, 0)"),
        ("Math.round(clamp(value, low, high))", "clamp(value, low, high)"),
        ("caption.length", "1"),
    ],
)
def test_a_mistake_in_the_module_is_found(tmp_path, right, wrong):
    assert right in bundle(WIDGETS / "steps.js")
    result = run_node(tmp_path, "steps_maths", change=lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "drawing": """
from bpnet.plotting.diagram import canvas, edge, node, note
from bpnet.widgets import Steps

CAPTIONS = [
    "The input.",
    "The weighted input, where the other weight is held fixed while this one moves a little.",
    "The loss.",
]

def chain(title, step=1):
    figure, axes = canvas(8, 2.4)
    node(axes, 1, 1.2, "$x$")
    node(axes, 4, 1.2, "$z$", kind="operation", steps=(2, None))
    edge(axes, (1, 1.2), (4, 1.2), above="$w$", steps=(2, None))
    note(axes, 4, 2.1, "fixed", role="held", steps=(2, 2))
    node(axes, 7, 1.2, "$C$", kind="loss", steps=(3, None))
    edge(axes, (4, 1.2), (7, 1.2), role="path", steps=(3, None))
    return Steps(figure, CAPTIONS, title=title, step=step)

first = chain("A chain"); first""",
    "again": "first",
    "other": 'chain("Another chain", step=3)',
    "clipped": """
figure, axes = canvas(2, 2)
axes.plot([0, 4], [0, 4], clip_on=True)
note(axes, 1, 1.5, "$x$")
Steps(figure, ["One step."], title="A line that leaves its frame")""",
}


@pytest.fixture
def drawing(page, write_page):
    """One drawing, opened from the disk."""
    return open_explorers(page, write_page("drawing"))


def button(drawing, name: str):
    return drawing.get_by_role("button", name=name, exact=True)


def at_step(drawing, step: int, count: int = 3):
    """Expect every place that shows the step to show this one."""
    slider = drawing.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", f"{step} of {count}")
    expect(slider).to_have_value(str(step))
    expect(drawing.get_by_role("status")).to_contain_text(f"Step {step} of {count}. ")
    expect(drawing.get_by_role("img")).to_have_accessible_name(re.compile(f"^Step {step} of "))


def parts(drawing, name: str):
    """The parts of the drawing that belong to steps, as in "2-2" or "3-"."""
    return drawing.locator(f'[id*="-step-{name}-"]')


def test_the_mouse_goes_through_the_steps(page, drawing):
    at_step(drawing, 1)
    button(drawing, "Next").click()
    at_step(drawing, 2)
    expect(drawing.get_by_role("status")).to_contain_text("held fixed while this one")
    button(drawing, "Last").click()
    at_step(drawing, 3)
    button(drawing, "Back").click()
    at_step(drawing, 2)
    button(drawing, "First").click()
    at_step(drawing, 1)
    box = drawing.get_by_role("slider").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    at_step(drawing, 3)
    assert page.complaints == []


def test_each_step_shows_its_own_parts(drawing):
    assert {name: parts(drawing, name).count() for name in ("2-", "2-2", "3-")} == {
        "2-": 4,
        "2-2": 1,
        "3-": 3,
    }
    for step, seen in {1: set(), 2: {"2-", "2-2"}, 3: {"2-", "3-"}}.items():
        drawing.get_by_role("slider").fill(str(step))
        at_step(drawing, step)
        for name in ("2-", "2-2", "3-"):
            visible = parts(drawing, name).evaluate_all(
                "parts => parts.map(part => part.getBoundingClientRect().width > 0)"
            )
            assert set(visible) == {name in seen}, (step, name)


COUNT_ANIMATIONS = """drawing => {
  drawing.begun = 0;
  drawing.addEventListener("animationstart", () => { drawing.begun += 1; });
}"""


def test_only_what_is_new_appears_softly(drawing):
    drawing.evaluate(COUNT_ANIMATIONS)
    begun = 0
    for step, names in {2: ["2-", "2-2"], 3: ["3-"]}.items():
        button(drawing, "Next").click()
        fresh = sum(parts(drawing, name).count() for name in names)
        expect(drawing.locator(".fresh")).to_have_count(fresh)
        begun += fresh
        expect(drawing).to_have_js_property("begun", begun)
        at_step(drawing, step)


def test_nothing_moves_for_readers_who_want_it_so(browser, write_page):
    page = browser.new_page(reduced_motion="reduce")
    drawing = open_explorers(page, write_page("drawing"))
    button(drawing, "Next").click()
    expect(drawing.locator(".fresh")).not_to_have_count(0)
    assert page.evaluate("document.getAnimations().length") == 0
    page.close()


def test_the_keyboard_does_everything(page, drawing):
    for name in ("Reset", "First", "Back", "Play", "Next"):
        page.keyboard.press("Tab")
        expect(button(drawing, name)).to_be_focused()
    page.keyboard.press("Enter")
    at_step(drawing, 2)
    page.keyboard.press("Space")
    at_step(drawing, 3)
    expect(button(drawing, "Next")).to_be_disabled()
    expect(button(drawing, "Next")).to_be_focused()
    page.keyboard.press("Enter")
    at_step(drawing, 3)
    page.keyboard.press("Escape")
    at_step(drawing, 1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(drawing.get_by_role("slider")).to_be_focused()
    page.keyboard.press("ArrowRight")
    at_step(drawing, 2)
    page.keyboard.press("End")
    at_step(drawing, 3)
    page.keyboard.press("Tab")
    expect(drawing.locator(".drawing")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(drawing.get_by_role("listitem")).to_have_text(
        [re.compile("^The input"), re.compile("^The weighted input"), "The loss."]
    )


@pytest.mark.parametrize("name", ["First", "Play", "Next", "slider", "drawing", "summary"])
def test_the_focus_is_seen(drawing, name):
    places = {
        "slider": drawing.get_by_role("slider"),
        "drawing": drawing.locator(".drawing"),
        "summary": drawing.locator("summary"),
    }
    place = places.get(name) or button(drawing, name)
    place.focus()
    place.press("Shift")  # a key: the focus is one of the keyboard
    expect(place).to_have_css("outline-style", "solid")
    expect(place).to_have_css("outline-width", "3px")


# --- Playing -----------------------------------------------------------------------------------


@pytest.fixture
def clock(page):
    """The page's time, moved by the test alone."""
    page.clock.install()
    return page.clock


def test_play_goes_on_at_the_pace_of_the_captions_and_ends_at_the_end(page, clock, write_page):
    drawing = open_explorers(page, write_page("drawing"))
    button(drawing, "Play").click()
    at_step(drawing, 2)
    expect(button(drawing, "Pause")).to_be_visible()
    clock.run_for(5000)
    at_step(drawing, 2)
    clock.run_for(1000)
    expect(button(drawing, "Play")).to_be_visible()
    clock.run_for(250)
    at_step(drawing, 3)
    clock.run_for(60_000)
    at_step(drawing, 3)
    button(drawing, "Play").click()
    at_step(drawing, 1)


@pytest.mark.parametrize("name", ["Pause", "Back", "slider", "Escape"])
def test_the_reader_s_hand_stops_it(page, clock, write_page, name):
    drawing = open_explorers(page, write_page("drawing"))
    button(drawing, "Play").click()
    at_step(drawing, 2)
    if name == "slider":
        drawing.get_by_role("slider").fill("1")
    elif name == "Escape":
        page.keyboard.press("Escape")
    else:
        button(drawing, name).click()
    expect(button(drawing, "Play")).to_be_visible()
    clock.run_for(60_000)
    at_step(drawing, 2 if name == "Pause" else 1)


def test_speech_waits_for_rest_and_is_silent_while_playing(page, clock, write_page):
    drawing = open_explorers(page, write_page("drawing"))
    status = drawing.get_by_role("status")
    page.evaluate("""() => {
        window.said = [];
        const status = document.querySelector("[role=status]");
        const say = () => status.ariaLive === "polite" && said.push(status.textContent.slice(0, 6));
        new MutationObserver(say).observe(status, { childList: true });
    }""")
    for step in (2, 3, 2):
        drawing.get_by_role("slider").fill(str(step))
    expect(status).to_contain_text("Step 1")
    clock.run_for(250)
    expect(status).to_contain_text("Step 2")
    assert page.evaluate("said") == ["Step 2"]
    button(drawing, "First").click()
    clock.run_for(250)
    button(drawing, "Play").click()
    expect(status).to_have_attribute("aria-live", "off")
    at_step(drawing, 2)
    assert page.evaluate("said") == ["Step 2", "Step 1"]
    clock.run_for(10_000)
    at_step(drawing, 3)
    expect(status).to_have_attribute("aria-live", "polite")
    assert page.evaluate("said") == ["Step 2", "Step 1", "Step 3"]


def test_a_single_step_cannot_be_played(page, write_page):
    drawing = open_explorers(page, write_page("clipped"))
    expect(button(drawing, "Play")).to_be_disabled()
    at_step(drawing, 1, count=1)


# --- Several on a page, and the address --------------------------------------------------------


def test_two_drawings_are_independent_and_two_views_of_one_agree(page, write_page):
    open_explorers(page, write_page("drawing", "again", "other"), count=3)
    first, again, other = page.locator(".steps").all()
    button(first, "Next").click()
    at_step(again, 2)
    at_step(other, 3)
    button(other, "First").click()
    at_step(other, 1)
    at_step(first, 2)
    assert page.complaints == []


def dangling(page: Page) -> list[str]:
    """Ids that occur twice, and references of drawings to ids that are not in the same drawing."""
    return page.evaluate("""() => {
        const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
        const lost = [...document.querySelectorAll(".drawing")].flatMap((drawing) => {
            const links = [...drawing.querySelectorAll("use")].map((use) => use.href.baseVal);
            const urls = [...drawing.innerHTML.matchAll(/url\\([^)#]*#([^)"&]+)/g)];
            const names = [...links.map((link) => link.slice(1)), ...urls.map((url) => url[1])];
            return names.filter((name) => !drawing.querySelector(`[id="${name}"]`));
        });
        return [...ids.filter((id, n) => ids.indexOf(id) !== n), ...lost];
    }""")


def test_clip_paths_and_glyphs_belong_to_one_drawing(page, write_page):
    open_explorers(page, write_page("clipped", "clipped", "drawing", "other"), count=4)
    clipped = page.locator(".drawing").first.inner_html()
    assert "clip-path" in clipped
    assert "<use" in clipped
    assert dangling(page) == []


@pytest.mark.parametrize("lost", [".replaceAll(' id=\"', ` id=\"${own}`)"])
def test_shared_ids_are_found(page, write_page, lost):
    assert lost in bundle(WIDGETS / "steps.js")
    path = write_page("clipped", "clipped", change=lambda text: text.replace(lost, ""))
    open_explorers(page, path, count=2)
    assert dangling(page) != []


def test_the_address_holds_the_step(page, write_page):
    path = write_page("drawing", "other")
    drawing = open_explorers(page, path, count=2, address="#steps:step=2")
    at_step(drawing, 2)
    button(drawing, "Next").click()
    page.wait_for_url("**/page.html#steps:step=3")
    button(page.locator(".steps").last, "Back").click()
    page.wait_for_url("**/page.html#steps:step=3;steps-2:step=2")
    page.reload()
    at_step(page.locator(".steps").first, 3)
    at_step(page.locator(".steps").last, 2)


@pytest.mark.parametrize(("written", "step"), [("99", 3), ("-4", 1), ("1.6", 2), ("two", 1)])
def test_a_hand_written_address_is_brought_to_a_step(page, write_page, written, step):
    drawing = open_explorers(page, write_page("drawing"), address=f"#steps:step={written}")
    at_step(drawing, step)
    drawing.get_by_role("slider").fill("2")
    at_step(drawing, 2)
    assert page.complaints == []


# --- Fit for everyone --------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(page, write_page, theme):
    page.set_viewport_size({"width": 360, "height": 800})
    drawing = open_explorers(page, write_page("drawing", "other", "clipped"), count=3)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    button(drawing, "Next").click()
    drawing.locator("summary").click()
    page.wait_for_function("document.getAnimations().length === 0")
    assert accessibility_faults(page) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('"aria-label": "Step",', "", "label"),
        ("tabindex: 0, ", "", "scrollable-region-focusable"),
    ],
)
def test_an_accessibility_fault_is_found(page, write_page, right, wrong, fault):
    assert right in bundle(WIDGETS / "steps.js")
    page.set_viewport_size({"width": 360, "height": 800})
    path = write_page("drawing", change=lambda text: text.replace(right, wrong))
    open_explorers(page, path)
    assert fault in accessibility_faults(page)


def test_the_drawing_stays_a_white_card_in_the_dark(page, drawing):
    expect(drawing).to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(drawing).to_have_css("background-color", "rgb(23, 27, 33)")
    expect(drawing.locator(".drawing")).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_page_never_scrolls_sideways(page, write_page, width):
    page.set_viewport_size({"width": width, "height": 800})
    drawing = open_explorers(page, write_page("drawing", "other"), count=2)
    button(drawing, "Last").click()
    at_step(drawing, 3)
    assert sideways(page) <= 0


def test_too_wide_a_drawing_is_found(page, write_page):
    page.set_viewport_size({"width": 360, "height": 800})
    right, wrong = '{ class: "drawing", ', "{ "
    assert right in bundle(WIDGETS / "steps.js")
    open_explorers(page, write_page("drawing", change=lambda text: text.replace(right, wrong)))
    assert sideways(page) > 0


def test_a_phone_shows_the_buttons_on_one_line_and_the_drawing_legibly(page, drawing):
    page.set_viewport_size({"width": 360, "height": 800})
    names = ("First", "Back", "Play", "Next", "Last")
    boxes = [button(drawing, name).bounding_box() for name in names]
    assert len({box["y"] for box in boxes}) == 1
    assert all(box["width"] >= 24 and box["height"] >= 24 for box in boxes)
    image = drawing.locator("svg")
    scale = image.evaluate("image => image.clientWidth / image.viewBox.baseVal.width")
    assert scale * BOOK_STYLE["font.size"] >= 11


def test_a_phone_shows_what_is_new(page, write_page):
    page.set_viewport_size({"width": 360, "height": 800})
    drawing = open_explorers(page, write_page("drawing"))
    loss = parts(drawing, "3-").first
    button(drawing, "Last").click()
    at_step(drawing, 3)
    frame, box = drawing.locator(".drawing").bounding_box(), loss.bounding_box()
    assert frame["x"] < box["x"]
    assert box["x"] + box["width"] < frame["x"] + frame["width"]


def test_the_drawing_stays_put_under_captions_of_any_length(page, write_page):
    page.set_viewport_size({"width": 360, "height": 800})
    drawing = open_explorers(page, write_page("drawing"))
    heights = set()
    for step in (1, 2, 3):
        drawing.get_by_role("slider").fill(str(step))
        at_step(drawing, step)
        heights.add(drawing.locator(".drawing").bounding_box()["y"])
    assert len(heights) == 1


def test_paper_shows_the_complete_drawing_and_all_captions(page, drawing):
    page.emulate_media(media="print")
    expect(drawing.locator(".away")).to_have_count(8)
    assert all(part.bounding_box() for part in drawing.locator(".away").all())
    expect(drawing.get_by_text("The loss.", exact=True)).to_be_visible()
    expect(button(drawing, "Play")).to_be_hidden()
