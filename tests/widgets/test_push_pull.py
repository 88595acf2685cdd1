"""PushPull: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorables import WIDGETS, accessibility_faults, open_explorers, run_node, sideways
from playwright.sync_api import expect

from bpnet.activations import sigmoid, sigmoid_derivative
from bpnet.layers import Sigmoid
from bpnet.loss_layers import QuadraticLoss, SigmoidWithLoss, SoftmaxWithLoss
from bpnet.losses import smoothed, softmax, softmax_cross_entropy_gradient
from bpnet.widgets import PushPull
from bpnet.widgets.bundle import bundle

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"z": [1, 2, 6.1]}, r"z must hold numbers from -6 to 6: \[1, 2, 6.1\]"),
        ({"z": [1, 2, float("nan")]}, "z must hold numbers from -6 to 6"),
        ({"z": [1, 2, "3"]}, "z must hold numbers from -6 to 6"),
        ({"z": [1, 2]}, "must be of length 3 <= L <= 5"),
        ({"z": [1, 2, 3, 4]}, "of one length; z has 4, the other 3"),
        ({"target": [0, 1, -0.1]}, "target must hold numbers from 0 to 1"),
        ({"epsilon": 1}, "not be greater than 0.9"),
        ({"temperature": 0}, "not be less than 0.2"),
        ({"upstream": float("inf")}, "not be greater than 2"),
        ({"view": "both"}, "expected any of .*, not the str 'both'"),
        ({"step": 26}, "not be greater than 25"),
        ({"guess": -1}, "not be less than 0"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(values, sentence):
    widget = PushPull()
    before = widget.state
    ((name, value),) = values.items()
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(widget, name, value)
    assert widget.state == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        PushPull(**values)


def test_scores_and_target_change_their_number_together():
    widget = PushPull(z=list(np.log([1.0, 2.0, 5.0])))
    assert [type(score) for score in widget.z] == [float] * 3
    with widget.hold_trait_notifications():
        widget.z, widget.target = [1, 2, 3, 4], [0, 0, 0, 1]
    assert (widget.z, widget.target) == ([1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 1.0])


# --- Mathematics in Node -----------------------------------------------------------------------


def state_of(rng: np.random.Generator, number: int) -> dict:
    n = 3 + number % 3
    targets = [np.eye(n)[rng.integers(n)], rng.dirichlet(np.ones(n)), rng.uniform(size=n)]
    return {
        "z": rng.uniform(-6, 6, n) if number % 2 else rng.standard_normal(n),
        "target": targets[number // 3 % 3],
        "epsilon": rng.uniform(0, 0.9) if number % 4 == 0 else 0.0,
        "temperature": rng.uniform(0.2, 5) if number % 5 < 2 else 1.0,
        "upstream": rng.uniform(-2, 2) if number % 5 > 2 else 1.0,
    }


def through(loss, z: np.ndarray, y: np.ndarray, upstream: float, *layers) -> np.ndarray:
    """The slopes along the scores by the package's own layers, for a batch of one."""
    row = z[None, :]
    for layer in layers:
        row = layer.forward(row)
    loss.forward(row, y[None, :])
    slopes = loss.backward(upstream)
    for layer in layers[::-1]:
        slopes = layer.backward(slopes)
    return slopes[0]


def by_bpnet(state: dict) -> dict:
    y, T, g = smoothed(state["target"], state["epsilon"]), state["temperature"], state["upstream"]
    heated = state["z"] / T
    jacobian = softmax(heated + 1e-20j * np.eye(len(y)) / T).imag.T / 1e-20
    arrives = -g * y / softmax(heated)
    products = jacobian.T * arrives
    if np.isclose(y.sum(), 1, atol=1e-9):
        delta = through(SoftmaxWithLoss(), heated, y, g) / T
    else:
        delta = g * softmax_cross_entropy_gradient(heated, y) / T
    return {
        "y": y,
        "total": y.sum(),
        "yhat": softmax(heated),
        "delta": delta,
        "jacobian": jacobian,
        "arrives": arrives,
        "products": products,
        "partial": products.cumsum(axis=1),
        "a": sigmoid(heated),
        "slope": sigmoid_derivative(heated),
        "full": through(SigmoidWithLoss(), heated, y, g) / T,
        "quadratic": through(QuadraticLoss(), heated, y, g, Sigmoid()) / T,
    }


def run_tests(folder: Path, change=lambda text: text) -> subprocess.CompletedProcess:
    rng = np.random.default_rng(8)
    states = [state_of(rng, number) for number in range(360)]
    numbers = [{"state": state, **by_bpnet(state)} for state in states]
    text = json.dumps(numbers, default=lambda value: value.tolist())
    (folder / "python.json").write_text(text)
    return run_node(folder, "push_pull_maths", "push_pull_words", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path):
    result = run_tests(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(g * (total * p - y[j])) / T", "(g * (p - y[j])) / T"),
        ("Math.exp(score - top)", "Math.exp(score)"),
        ("(Number(column === row) - p)", "(Number(column === row) + p)"),
        ("epsilon / y.length", "epsilon"),
        ("full.map((each, j) => each * slope[j])", "[...full]"),
        ("-g * y[column] * each", "-g * y[column] * each * yhat[column]"),
        ("slice(0, i + 1))", "slice(0, i))"),
        ("each * delta[k] <= 0", "each * delta[k] >= 0"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, right, wrong):
    assert right in bundle(WIDGETS / "push_pull_words.js")
    result = run_tests(tmp_path, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "plain": "import numpy as np\nfrom bpnet.widgets import PushPull\n"
    "PushPull(z=list(np.log([1.0, 2.0, 5.0])))",
    "five": "PushPull(z=[0, 1, 2, -3, 4.5], target=[0, 0, 0, 0, 1])",
}
START = {"z": np.log([1.0, 2.0, 5.0]), "target": np.eye(3)[1], "epsilon": 0.0}
START |= {"temperature": 1.0, "upstream": 1.0}


@pytest.fixture
def explorer(page, write_page):
    """One explorer, opened from the disk."""
    return open_explorers(page, write_page("plain"))


def slider(explorer, name: str):
    return explorer.get_by_role("slider", name=name)


def numbers_below(explorer, panel: int) -> list[str]:
    """What stands below the bars of a drawing, its three rows one after another."""
    return explorer.locator("svg.bars").nth(panel).locator(".cell").all_text_contents()


def four(values) -> list[str]:
    return [f"{value:.4f}".replace("-", "\u2212") if value else "0" for value in values]


def drag(page, knob, up: float) -> None:
    box = knob.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - up / 2)
    page.mouse.move(x, y - up)
    page.mouse.up()


def test_the_pushes_show_after_the_prediction_and_are_bpnet_s(page, explorer):
    cover = explorer.locator(".cover")
    expect(cover).to_be_visible()
    expect(explorer.get_by_role("img")).to_have_accessible_name("Pushes: after your answer.")
    expect(explorer.get_by_text("Sum: ?")).to_be_visible()
    explorer.get_by_role("button", name="class 3").click()
    expect(explorer.get_by_text("No: class 2 is pulled up by 0.7500")).to_be_visible()
    expect(cover).to_be_hidden()
    right = by_bpnet(START)
    assert numbers_below(explorer, 1)[3:6] == four(right["yhat"])
    assert numbers_below(explorer, 2)[3:] == [*four(right["delta"]), "↓ down", "↑ up", "↓ down"]
    expect(explorer.get_by_role("status")).to_have_text(
        "Class 1 is pushed down by 0.1250, class 2 is pulled up by 0.7500, "
        "class 3 is pushed down by 0.6250."
    )
    expect(explorer.get_by_text("0.7500 down − 0.7500 up = 0")).to_be_visible()
    assert page.complaints == []


def test_the_mouse_drags_a_score_and_the_bar_stays_under_it(page, explorer):
    knob = slider(explorer, "Score of class 1")
    before = knob.bounding_box()
    drag(page, knob, 30)
    after = knob.bounding_box()
    assert abs(before["y"] - after["y"] - 30) < 2
    value = float(knob.get_attribute("aria-valuenow"))
    state = START | {"z": np.array([value, *START["z"][1:]])}
    assert value > 1
    assert numbers_below(explorer, 1)[3:6] == four(by_bpnet(state)["yhat"])


def test_shifting_all_scores_changes_no_prediction(page, explorer):
    predictions = numbers_below(explorer, 1)
    up = explorer.get_by_role("button", name="Shift all scores by +1")
    for _ in range(4):
        up.click()
    assert numbers_below(explorer, 0)[3:6] == ["4.0", "4.6931", "5.6094"]
    assert numbers_below(explorer, 1) == predictions
    expect(up).to_be_disabled()
    up.click(force=True)
    assert numbers_below(explorer, 0)[5] == "5.6094"
    for _ in range(9):
        explorer.get_by_role("button", name="Shift all scores by −1").click()
    assert numbers_below(explorer, 0)[3:6] == ["−5.0", "−4.3069", "−3.3906"]
    assert numbers_below(explorer, 1) == predictions


def test_the_keyboard_makes_a_soft_target_smooths_it_and_comes_back(page, explorer):
    explorer.get_by_role("button", name="class 2").click()
    slider(explorer, "Target of class 2").focus()
    page.keyboard.press("PageDown")
    expect(slider(explorer, "Target of class 2")).to_have_attribute("aria-valuetext", "0.5")
    expect(explorer.get_by_text("Push δ = 0.5 ŷ − y")).to_be_visible()
    expect(explorer.get_by_text("The target is soft.")).to_be_visible()
    expect(explorer.get_by_role("status")).to_contain_text("adds up to 0.5")
    right = explorer.get_by_role("combobox", name="Right")
    expect(right).to_have_value("none: soft")
    right.select_option("class 3")
    slider(explorer, "Smoothing").fill("0.3")
    assert numbers_below(explorer, 1)[6:] == ["0.1", "0.1", "0.8"]
    expect(explorer.get_by_text("Push δ = ŷ − y")).to_be_visible()
    state = START | {"target": np.eye(3)[2], "epsilon": 0.3}
    assert numbers_below(explorer, 2)[3:6] == four(by_bpnet(state)["delta"])
    page.keyboard.press("Escape")
    expect(slider(explorer, "Target of class 2")).to_have_attribute("aria-valuetext", "1.0")
    expect(explorer.locator(".cover")).to_be_visible()


def test_temperature_and_what_comes_from_above_stand_in_the_formula(page, explorer):
    explorer.get_by_role("button", name="class 2").click()
    slider(explorer, "Temperature").fill("2")
    slider(explorer, "From above").fill("-1.5")
    expect(explorer.get_by_text("Push δ = −1.5 (ŷ − y) / 2.0")).to_be_visible()
    state = START | {"temperature": 2.0, "upstream": -1.5}
    assert numbers_below(explorer, 2)[3:6] == four(by_bpnet(state)["delta"])
    expect(explorer.get_by_role("status")).to_contain_text("multiplies every push by −1.5")


def test_the_jacobian_collapses_tile_by_tile_for_a_soft_target(page, write_page):
    address = "#push-pull:z=0.3_1.2_-0.5,target=0.2_0.7_0.1"
    explorer = open_explorers(page, write_page("plain"), address=address)
    explorer.get_by_label("the Jacobian, tile by tile").check()
    grid = explorer.locator(".tiles")
    expect(grid).to_be_hidden()
    explorer.get_by_role("button", name="class 2").click()
    expect(grid).to_be_visible()
    state = {"z": np.array([0.3, 1.2, -0.5]), "target": np.array([0.2, 0.7, 0.1])}
    right = by_bpnet(START | state)
    tiles, products = four(right["jacobian"].T.ravel()), four(right["products"].ravel())
    assert grid.locator(".tile b").all_text_contents() == [products[0], *[""] * 8]
    explorer.get_by_role("button", name="Last", exact=True).click()
    expect(grid.locator(".tile b").last).not_to_be_empty()
    both = [entry + product for entry, product in zip(tiles, products, strict=True)]
    expect(grid.locator(".tile")).to_have_text(both)
    expect(grid.locator("td:last-child")).to_have_text(["", *four(right["delta"])])
    arrives = four(right["arrives"])
    terms = [f"({each})" if each[0] == "\u2212" else each for each in products[6:]]
    expect(explorer.get_by_role("status")).to_have_text(
        f"Score z₃, path through ŷ₃: {arrives[2]} · {tiles[8]} = {products[8]}. "
        f"Together δ₃ = {' + '.join(terms)} = {four(right['delta'])[2]} = ŷ₃ − y₃."
    )
    explorer.get_by_label("nothing more").check()
    expect(grid).to_be_hidden()


def test_the_quadratic_loss_keeps_the_factor(page, explorer):
    explorer.get_by_role("button", name="class 2").click()
    explorer.get_by_label("sigmoid with quadratic loss").check()
    right = by_bpnet(START)
    columns = [right[name] for name in ("a", "full", "slope", "quadratic")]
    for k, row in enumerate(explorer.locator("tbody tr:visible").all()):
        assert row.get_by_role("cell").all_inner_texts() == four(column[k] for column in columns)
    assert k == 2


def test_the_largest_pushes_stay_inside_their_drawing(page, write_page):
    address = "#push-pull:target=1_1_1_1_1,temperature=0.2,upstream=2,z=6_-6_-6_-6_-6"
    explorer = open_explorers(page, write_page("plain"), address=address)
    explorer.get_by_role("button", name="class 5").click()
    drawing = explorer.locator("svg.bars").nth(2)
    expect(drawing.locator(".bar")).to_have_count(5)
    inside = drawing.bounding_box()
    for bar in drawing.locator(".bar").all():
        box = bar.bounding_box()
        assert box["y"] >= inside["y"]
        assert box["y"] + box["height"] <= inside["y"] + inside["height"]
    assert page.complaints == []


def test_a_broken_address_leads_to_the_nearest_state(page, write_page):
    address = "#push-pull:z=99_-99,target=7,temperature=0,upstream=x,view=all,step=1e9,epsilon=2"
    explorer = open_explorers(page, write_page("plain"), address=address)
    assert numbers_below(explorer, 0)[3:6] == ["6.0", "−6.0", "0.0"]
    expect(slider(explorer, "Temperature")).to_have_attribute("aria-valuetext", "0.2")
    expect(slider(explorer, "Smoothing")).to_have_attribute("aria-valuetext", "0.9")
    expect(slider(explorer, "From above")).to_have_attribute("aria-valuetext", "1.0")
    expect(explorer.get_by_label("nothing more")).to_be_checked()
    assert page.complaints == []


def test_a_finger_drags_a_score_on_a_phone(browser, write_page):
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    explorer = open_explorers(page, write_page("five"))
    assert sideways(page) <= 0
    knob = slider(explorer, "Score of class 5")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = context.new_cdp_session(page)
    for kind, down in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", None)):
        points = [] if down is None else [{"x": at["x"], "y": at["y"] + down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(knob).not_to_have_attribute("aria-valuetext", "4.5")
    assert abs(knob.bounding_box()["y"] - box["y"] - 40) < 3
    page.wait_for_timeout(500)  # a browser takes no tap right after a drag
    explorer.get_by_role("button", name="class 5").tap()
    expect(explorer.locator(".feedback")).not_to_be_empty()
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault_in_what_stands_below(page, write_page, theme):
    page.set_viewport_size({"width": 360, "height": 800})
    explorer = open_explorers(page, write_page("five"), address="#push-pull:step=13,view=jacobian")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    explorer.get_by_role("button", name="class 5").click()
    expect(explorer.locator(".tiles")).to_be_visible()
    assert sideways(page) <= 0
    assert accessibility_faults(page) == []
    explorer.get_by_label("sigmoid with quadratic loss").check()
    expect(explorer.locator("svg.bars").nth(3)).to_be_visible()
    assert sideways(page) <= 0
    assert accessibility_faults(page) == []


def test_playing_adds_path_after_path_and_stops_out_of_sight(page, write_page):
    page.clock.install()
    explorer = open_explorers(page, write_page("plain"), address="#push-pull:view=jacobian")
    page.clock.run_for(500)
    explorer.get_by_role("button", name="class 1").click()
    step = explorer.get_by_role("slider", name="Step")
    explorer.get_by_role("button", name="Play").click()
    expect(step).to_have_attribute("aria-valuetext", "2 of 9")
    page.clock.run_for(1500)
    expect(step).to_have_attribute("aria-valuetext", "3 of 9")
    explorer.get_by_label("nothing more").check()
    page.clock.run_for(5000)
    explorer.get_by_label("the Jacobian, tile by tile").check()
    expect(step).to_have_attribute("aria-valuetext", "3 of 9")
    expect(explorer.get_by_role("button", name="Play")).to_be_visible()
