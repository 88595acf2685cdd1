"""DescentStepper: traits in Python, mathematics in Node, behaviour in a real browser."""

import ast
import functools
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from explorables import WIDGETS, expect_refusal, open_explorers, run_node
from playwright.sync_api import expect

from bpnet.widgets import DescentStepper
from bpnet.widgets.bundle import bundle
from bpnet.widgets.descent_stepper import (
    BATCHES,
    QUADRATICS,
    SURFACES,
    batches,
    curvatures,
    surface_gradient,
    surface_loss,
)

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("surface", "moon", "expected any of .*, not the str 'moon'"),
        ("start", [4.0], "start"),
        ("start", [6.0, 1.0], r"start must have .v1. <= 5 and .v2. <= 3, not \[6.0, 1.0\]"),
        ("start", [1.0, float("nan")], "must be a finite number, not nan"),
        ("eta", 0.0, "not be less than 0.001, but a value of 0.0 was"),
        ("beta", 1.0, "not be greater than 0.99, but a value of 1.0 was"),
        ("batch", 3, "expected any of .*, not the int 3"),
        ("seed", 21, "not be greater than 20, but a value of 21 was"),
        ("own", [1.0, 2.0, 11.0], "not be greater than 10, but a value of 11.0 was"),
        ("step", 61, "not be greater than 60, but a value of 61 was"),
        ("guess", [1.0, 2.0], r"guess must be \[\] or \[n, v1, v2\], not \[1.0, 2.0\]"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    expect_refusal(DescentStepper, name, value, sentence)


def test_the_walk_of_the_valley_is_the_chapter_s():
    widget = DescentStepper(eta=0.18, step=4)
    factors = np.array([1 - 0.18, 1 - 9 * 0.18]) ** np.arange(5)[:, None]
    np.testing.assert_allclose(widget.walk(), [4.0, 1.2] * factors, rtol=1e-12)
    assert len(DescentStepper(surface="two-neurons", start=[5.0, 3.0], eta=10, step=60).walk()) < 9


@pytest.mark.parametrize("size", BATCHES)
def test_every_epoch_deals_out_all_samples_once(size):
    dealt = [n for batch in batches(size, seed=5, steps=3 * 8 // size) for n in batch]
    for epoch in np.reshape(dealt, (3, 8)):
        assert sorted(epoch) == list(range(8))
    assert list(batches(size, 5, 9)) == list(batches(size, 5, 9))
    assert list(batches(1, 5, 9)) != list(batches(1, 6, 9))


def hessian(surface: str, own: list[float], v: np.ndarray) -> np.ndarray:
    """The second derivatives, each by a complex step of `bpnet`'s own gradient."""
    nudges = 1e-20j * np.eye(2)
    return np.array([surface_gradient(surface, own, v + nudge).imag for nudge in nudges]) / 1e-20


def random_point(rng, surface: str) -> dict:
    own, v = rng.uniform(-10, 10, 3).round(1).tolist(), rng.uniform(-1, 1, 2) * [5, 3]
    return {"surface": surface, "own": own, "v": v.tolist()}


def test_gradients_are_the_complex_steps_of_the_losses():
    rng = np.random.default_rng(1)
    for surface in SURFACES:
        own, v = [2.0, -3.0, 1.5], rng.uniform(-2, 2, 2)
        steps = [surface_loss(surface, own, v + 1e-20j * e).imag / 1e-20 for e in np.eye(2)]
        np.testing.assert_allclose(surface_gradient(surface, own, v), steps, rtol=1e-13)
        if surface in [*QUADRATICS, "own"]:
            np.testing.assert_allclose(hessian(surface, own, v), curvatures(surface, own))


# --- Mathematics in Node -----------------------------------------------------------------------


def point_from_python(rng, surface: str) -> dict:
    point = random_point(rng, surface)
    own, v = point["own"], np.array(point["v"])
    both = np.linalg.eigvalsh(hessian(surface, own, v))
    return point | {
        "loss": surface_loss(surface, own, v),
        "gradient": surface_gradient(surface, own, v).tolist(),
        "eigenvalues": both.tolist(),
        "curvature": np.abs(both).max(),
    }


RATES = {"bowl": 2.5, "valley": 0.3, "pass": 2.5, "two-neurons": 0.2, "neuron": 5.0, "own": 0.3}


def walk_from_python(rng, surface: str) -> dict:
    widget = DescentStepper(
        surface=surface,
        own=rng.uniform(-10, 10, 3).round(1).tolist(),
        start=(rng.uniform(-1, 1, 2) * ([2, 2] if surface == "two-neurons" else [5, 3])).tolist(),
        eta=rng.uniform(0.01, RATES[surface]),
        beta=float(rng.choice([0, rng.uniform(0, 0.95)])),
        batch=int(rng.choice(BATCHES)) if surface == "neuron" else 8,
        seed=int(rng.integers(1, 21)),
        step=int(rng.integers(0, 13)),
    )
    points, own = widget.walk(), widget.own
    losses = [surface_loss(surface, own, v) for v in points]
    gradients = [surface_gradient(surface, own, v) for v in points]
    changes = []
    for n in range(len(points) - 1):
        squared = gradients[n] @ gradients[n]
        lam = np.abs(np.linalg.eigvalsh(curvatures(surface, own))).max()
        changes.append(
            {
                "first": gradients[n] @ (points[n + 1] - points[n]),
                "bound": -widget.eta * (1 - lam * widget.eta / 2) * squared,
                "actual": losses[n + 1] - losses[n],
            }
        )
    return {
        "state": widget.state,
        "points": points.tolist(),
        "losses": losses,
        "gradients": [g.tolist() for g in gradients],
        "changes": changes,
    }


@functools.cache
def numbers_from_python() -> str:
    rng = np.random.default_rng(0)
    found = {
        "points": [point_from_python(rng, surface) for surface in SURFACES for _ in range(60)],
        "walks": [walk_from_python(rng, surface) for surface in SURFACES for _ in range(60)],
    }
    return json.dumps(found, default=float)


def run_tests(folder: Path, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "python.json").write_text(numbers_from_python())
    return run_node(folder, "descent_maths", "descent_words", change=change)


def test_mathematics_and_words_agree_with_bpnet(tmp_path):
    result = run_tests(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("state.beta * own - state.eta", "state.beta * own + state.eta"),
        ("(v1 * v2 - 1) * v2, (v1 * v2 - 1) * v1", "(v1 * v2 - 1) * v1, (v1 * v2 - 1) * v2"),
        ("r * v1 + q * v2", "q * v2"),
        ("(p - q) / 2, r)", "(p - q) / 2, r / 2)"),
        ("last > 0; last--", "last > 1; last--"),
        ("const t = (level - from) / (to - from)", "const t = 0.5"),
        ("* state.eta) / 2;", "* state.eta);"),
        ("Math.max(...v.map(Math.abs)) > FAR", "false"),
        ('eta < limit ? "below" : "beyond"', 'eta < limit ? "beyond" : "below"'),
    ],
)
def test_a_mistake_in_the_module_is_found(tmp_path, right, wrong):
    assert right in bundle(WIDGETS / "descent_words.js")
    result = run_tests(tmp_path, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {"plain": "from bpnet.widgets import DescentStepper\nDescentStepper()"}
REAL_MINUS = str.maketrans("-", "\N{MINUS SIGN}")


@pytest.fixture
def stepper(page, write_page):
    return open_explorers(page, write_page("plain"))


def situation(page, write_page, **state):
    """The page at a state that its address holds, and the same state in Python."""
    held = DescentStepper(**state).state

    def written(value):
        return "_".join(map(str, value)) if isinstance(value, list) else str(value)

    parts = ",".join(f"{name}={written(value)}" for name, value in held.items() if value != [])
    address = f"#descent-stepper:{parts}"
    return open_explorers(page, write_page("plain"), address=address), DescentStepper(**state)


def shown(x: float, decimals: int = 4, plus: str = "") -> str:
    return f"{x:{plus}.{decimals}f}".translate(REAL_MINUS)


def button(stepper, name: str):
    return stepper.get_by_role("button", name=name, exact=True)


def handle(stepper, name: str):
    return stepper.get_by_role("slider", name=name)


def on_the_plane(stepper, v1: float, v2: float) -> dict:
    """Where a point of the plane lies on the screen."""
    box = stepper.locator(".ground").bounding_box()
    unit = box["width"] / 10
    return {"x": box["x"] + (v1 + 5) * unit, "y": box["y"] + (3 - v2) * unit}


def row(stepper, table: int, name: str) -> list[str]:
    line = stepper.get_by_role("table").nth(table).get_by_role("row", name=name).first
    return line.get_by_role("cell").all_inner_texts()


def place_of(stepper, mark: str) -> tuple[float, float]:
    """The coordinates at which a mark is drawn."""
    box = stepper.locator(mark).bounding_box()
    plane = stepper.locator(".ground").bounding_box()
    unit = plane["width"] / 10
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return (x - plane["x"]) / unit - 5, 3 - (y - plane["y"]) / unit


def test_the_mouse_guesses_the_next_point_and_hears_why(page, stepper):
    ask = stepper.locator(".ask")
    expect(ask).to_contain_text("Predict: where is point 1?")
    page.mouse.click(**on_the_plane(stepper, 3, 0.9))  # a quarter of the way to the lowest point
    expect(ask).to_contain_text("Now take the step.")
    place = handle(stepper, "guess").get_attribute("aria-valuetext")
    expect(ask).to_contain_text(f"Your point 1 is {place}.")
    guess = np.array(ast.literal_eval(place))
    np.testing.assert_allclose(guess, [3, 0.9], atol=0.04)
    button(stepper, "Take the step").click()
    (start, step) = DescentStepper(step=1).walk()
    off, own, length = (np.hypot(*v) for v in (step - guess, guess - start, step - start))
    expect(ask).to_contain_text(f"Your point is {off:.2f} off.")
    angle = np.degrees(np.arccos((guess - start) @ (step - start) / own / length))
    expect(ask).to_contain_text(f"{length:.2f} long, yours {own:.2f}, {angle:.0f}° to the right.")
    expect(ask).to_contain_text("You aimed at the lowest point.")
    np.testing.assert_allclose(place_of(stepper, ".here"), step, atol=0.05)
    page.mouse.click(**on_the_plane(stepper, *DescentStepper(step=2).walk()[2]))
    button(stepper, "Take the step").click()
    expect(ask).to_contain_text("Well guessed: your point is 0")
    assert page.complaints == []


def test_the_start_is_dragged_and_the_walk_follows(page, stepper):
    button(stepper, "Take the step").click()
    start = handle(stepper, "Start point")
    page.mouse.move(**on_the_plane(stepper, 4, 1.2))
    page.mouse.down()
    page.mouse.move(**on_the_plane(stepper, 1, 0))
    page.mouse.move(**on_the_plane(stepper, -3, 2))
    page.mouse.up()
    expect(start).to_have_attribute("aria-valuetext", f"({shown(-3, 2)}, 2.00)")
    walk = DescentStepper(start=[-3.0, 2.0], step=1).walk()
    np.testing.assert_allclose(place_of(stepper, ".here"), walk[1], atol=0.05)
    page.mouse.move(**on_the_plane(stepper, -3, 2))
    page.mouse.down()
    page.mouse.move(**on_the_plane(stepper, -9, 9))
    page.mouse.up()
    expect(start).to_have_attribute("aria-valuetext", f"({shown(-5, 2)}, 3.00)")


def test_the_keyboard_does_everything(page, stepper):
    guess = handle(stepper, "guess")
    expect(guess).to_have_attribute("aria-valuetext", "not placed")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(guess).to_be_focused()
    for key in ["ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp"]:
        page.keyboard.press(key)
    expect(guess).to_have_attribute("aria-valuetext", "(3.90, 1.10)")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(stepper.get_by_role("status")).to_contain_text("Step 1 leads to")
    handle(stepper, "Start point").press("ArrowRight")
    expect(handle(stepper, "Start point")).to_have_attribute("aria-valuetext", "(4.10, 1.20)")
    expect(guess).to_have_attribute("aria-valuetext", "not placed")
    page.keyboard.press("Escape")
    expect(stepper.get_by_role("status")).to_contain_text("At the start (4.00, 1.20)")


def test_a_finger_guesses_and_drags(browser, write_page):
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    stepper = open_explorers(page, write_page("plain"))
    page.touchscreen.tap(**on_the_plane(stepper, 3, -1))
    expect(stepper.locator(".ask")).to_contain_text("Your point 1 is (3.0")
    assert stepper.locator(".handle").first.evaluate("e => getComputedStyle(e).touchAction") == (
        "none"
    )
    button(stepper, "Take the step").tap()
    expect(stepper.get_by_role("status")).to_contain_text("Step 1 leads to")
    context.close()


@pytest.mark.parametrize(
    "state",
    [
        {"eta": 0.18, "step": 3},
        {"surface": "two-neurons", "start": [1.5, -0.5], "eta": 0.25, "beta": 0.5, "step": 2},
        {"surface": "neuron", "start": [-3.0, 2.0], "eta": 1.0, "batch": 2, "seed": 4, "step": 5},
        {"surface": "own", "own": [2.0, -3.0, 1.5], "start": [1.0, 1.0], "eta": 0.1, "step": 2},
    ],
)
def test_every_number_is_bpnet_s(page, write_page, state):
    stepper, held = situation(page, write_page, **state)
    walk, own, last = held.walk(), held.own, held.step
    losses = [surface_loss(held.surface, own, v) for v in walk]
    gradient = surface_gradient(held.surface, own, walk[-2])
    first, actual = gradient @ (walk[-1] - walk[-2]), losses[-1] - losses[-2]
    *_, samples = batches(held.batch, held.seed, last + 1)
    slopes = surface_gradient(held.surface, own, walk[-1], samples)
    letters = ["w", "b"] if held.surface == "neuron" else ["v₁", "v₂"]
    for k, letter in enumerate(letters):
        numbers = walk[-1][k], slopes[k], walk[-1][k] - walk[-2][k]
        assert row(stepper, 0, letter) == [shown(x) for x in numbers]
    cells = row(stepper, 1, str(last))
    assert cells[0] == shown(first, plus="+")
    assert cells[2] == ("▲ " if actual > 0 else "") + shown(actual, plus="+")
    if held.surface in ("valley", "own"):
        lam = np.abs(np.linalg.eigvalsh(curvatures(held.surface, own))).max()
        bound = -held.eta * (1 - lam * held.eta / 2) * gradient @ gradient
        assert cells[1] == shown(bound, plus="+" if bound > 0 else "")
    else:
        assert cells[1] == "–"


def test_the_border_is_marked_and_named(page, stepper):
    note, rate = stepper.locator(".note"), handle(stepper, "Rate")
    expect(note).to_contain_text("The rate η = 0.18 is below the border 2/Λ = 0.222. Λ = 9.0")
    expect(note).to_contain_text("v₂ by −0.620; and v₁ by 0.820.")
    mark, box = stepper.locator(".limit span").bounding_box(), rate.bounding_box()
    share = (mark["x"] + mark["width"] / 2 - box["x"] - 8) / (box["width"] - 16)
    assert share == pytest.approx((2 / 9 - 0.005) / (0.3 - 0.005), abs=0.01)
    rate.fill("0.23")
    expect(note).to_contain_text("beyond the border 2/Λ = 0.222.")
    expect(note).to_contain_text("v₂ by −1.070, so it grows; and v₁ by 0.770.")
    handle(stepper, "Momentum").fill("0.5")
    expect(note).to_contain_text("The border is proved for β = 0.")


def test_a_rising_loss_is_marked_and_said(page, write_page):
    stepper, _ = situation(page, write_page, eta=0.25, start=[0.1, 1.0], step=1)
    assert row(stepper, 1, "1")[2].startswith("▲ +")
    expect(stepper.get_by_role("status")).to_contain_text(": the loss rises.")


def test_a_walk_that_runs_away_is_said_so(page, write_page):
    stepper, held = situation(page, write_page, eta=3.0, step=60)
    steps = len(held.walk()) - 1
    assert steps < 10
    expect(stepper.get_by_role("status")).to_contain_text("outside the picture. The walk has run")
    expect(handle(stepper, "Step")).to_have_attribute("aria-valuetext", f"step {steps}")
    expect(button(stepper, "Take the step")).to_be_disabled()
    assert re.findall("NaN|Infinity|undefined", stepper.inner_html()) == []


def test_the_reader_s_own_quadratic_redraws_the_contours(page, stepper):
    stepper.get_by_label("Loss").select_option("Your own quadratic")
    lines = stepper.locator(".contours")
    before = lines.inner_html()
    stepper.get_by_role("slider", name="r", exact=True).fill("-3")
    expect(stepper.get_by_text("C = ½ (2 v₁² + 6 v₂²) + (−3) v₁ v₂")).to_be_visible()
    assert lines.inner_html() != before
    expect(stepper.get_by_text("Mini-batch of")).to_be_hidden()
    for letter in "pqr":
        stepper.get_by_role("slider", name=letter, exact=True).fill("0")
    expect(stepper.locator(".note")).to_have_text("There is no curvature here, and so no border.")
    assert page.complaints == []


def test_a_broken_address_is_brought_to_a_legal_state(page, write_page):
    address = "#descent-stepper:surface=moon,start=99,eta=-1,beta=7,batch=3,seed=0,step=1e9,own=1_x"
    stepper = open_explorers(page, write_page("plain"), address=address)
    expect(handle(stepper, "Start point")).to_have_attribute("aria-valuetext", "(5.00, 1.20)")
    expect(handle(stepper, "Rate")).to_have_attribute("aria-valuetext", "0.001")
    expect(stepper.get_by_label("Loss")).to_have_value("Valley: ½ (v₁² + 9 v₂²)")
    assert page.complaints == []
