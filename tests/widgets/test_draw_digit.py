"""DrawDigit: traits in Python, mathematics in Node, behaviour in a real browser."""

import base64
import json
import re
import subprocess
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import traitlets
from explorables import WIDGETS, open_explorers, run_node
from playwright.sync_api import expect

from bpnet import Momentum, Network, fit
from bpnet.datasets import centred, mnist
from bpnet.plotting import digits as figures
from bpnet.widgets import DrawDigit
from bpnet.widgets.bundle import bundle
from bpnet.widgets.draw_digit import rounded

FIXED = ("sizes", "scales", "biases")


@pytest.fixture(scope="module")
def digits():
    return mnist(np.float64)


@pytest.fixture(scope="module")
def network(digits):
    """A network of the chapter's kind after a short training."""
    network = Network.dense([784, 100, 10], np.random.default_rng(0), dtype=np.float32)
    rows = slice(20_000)
    fit(
        network,
        digits.x_train[rows].astype(np.float32),
        digits.y_train[rows],
        epochs=1,
        batch_size=64,
        optimizer=Momentum(0.1),
        rng=np.random.default_rng(0),
    )
    return network


def small(sizes=(784, 12, 10), **options) -> Network:
    return Network.dense(list(sizes), np.random.default_rng(0), **options)


# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("picture", "0f", 'picture must be "" or 784 digits from 0 to f'),
        ("picture", "g" * 784, 'picture must be "" or 784 digits from 0 to f'),
        ("example", 2, "example is 2, but there are 2 examples, counted from 0"),
        ("example", -2, "not be less than -1, but a value of -2 was"),
        ("wish", 10, "not be greater than 9, but a value of 10 was"),
        ("steps", 21, "not be greater than 20, but a value of 21 was"),
        ("guess", "middle", "expected any of .*, not the str 'middle'"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    x, y = np.zeros((2, 784)), [3, 5]
    widget = DrawDigit(small(), x, y)
    before = getattr(widget, name)
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(widget, name, value)
    assert getattr(widget, name) == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        DrawDigit(small(), x, y, **{name: value})


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (Network.sigmoid([784, 9, 10], np.random.default_rng(0)), "got sizes .*Sigmoid.*Quadratic"),
        (small([784, 12, 9]), r"from 784 pixels to 10 digits.* got sizes \[784, 12, 9\]"),
        (small([12, 10]), r"got sizes \[12, 10\], layers Affine and SoftmaxWithLoss"),
        (small([784, 256, 10]), "at most 90,000 weights, but sizes .* need 203,264"),
    ],
)
def test_a_network_that_the_page_cannot_compute_is_refused(network, sentence):
    with pytest.raises(ValueError, match=sentence):
        DrawDigit(network)


def test_examples_must_fit():
    with pytest.raises(ValueError, match="differ in the number of samples"):
        DrawDigit(small(), np.zeros((2, 784)), [1])
    with pytest.raises(ValueError, match="one sample a row"):
        DrawDigit(small(), np.zeros((2, 28)), [1, 2])
    with pytest.raises(ValueError, match=r"x must hold probabilities in \[0, 1\], got 255"):
        DrawDigit(small(), np.full((1, 784), 255.0), [1])


def test_each_weight_takes_one_byte_and_the_page_stays_light(network, digits):
    widget = DrawDigit(network, digits.x_test[:10], digits.y_test[:10])
    assert len(widget.weights) == 784 * 100 + 100 * 10
    assert len(base64.b64encode(widget.weights)) <= 120_000
    scales = np.split(np.array(widget.scales), [100])
    wholes = np.split(np.frombuffer(widget.weights, np.int8), [784 * 100])
    for name, scale, whole in zip(("W1", "W2"), scales, wholes, strict=True):
        shown = whole.reshape(len(scale), -1) * scale[:, None]
        assert np.array_equal(shown, widget.network.parameters[name])
        exact = network.parameters[name]
        assert np.all(abs(shown - exact) <= scale[:, None] * 0.500001)
    assert widget.network.dtype == float
    assert network.dtype == np.float32


def test_rounding_is_harmless_and_leaves_the_network_alone(network, digits):
    before = network.parameters["W1"].copy()
    answers = rounded(network).classify(digits.x_test)
    assert np.mean(answers == network.classify(digits.x_test)) > 0.998
    assert np.array_equal(network.parameters["W1"], before)


def test_a_neuron_without_weights_is_no_division_by_zero():
    network = small()
    network.parameters["W1"][3] = 0
    assert np.isfinite(DrawDigit(network).network.parameters["W1"]).all()


def test_official_digits_are_already_scaled_and_centred(digits):
    """The reason to trust `centred`: it changes what MNIST's makers made in no pixel."""
    pictures = digits.x_test.reshape(-1, 28, 28)
    unchanged = [np.allclose(centred(picture), picture, atol=1e-12) for picture in pictures]
    assert np.mean(unchanged) > 0.999


def test_a_drawing_elsewhere_and_of_another_size_comes_to_the_same_place():
    drawing = np.zeros((28, 28))
    drawing[2:12, 3:5] = 1
    drawing[10:12, 3:9] = 1
    twice = np.kron(drawing[:14, :14], np.ones((2, 2)))
    moved = np.roll(drawing, (9, 15), (0, 1))
    assert np.allclose(centred(moved), centred(drawing))
    assert np.allclose(centred(twice), centred(drawing))
    rows, columns = np.nonzero(centred(drawing))
    assert np.ptp(rows) + 1 == 20
    assert np.ptp(columns) + 1 == 12
    assert not centred(np.zeros((28, 28))).any()


def test_the_text_form_has_no_long_lists():
    widget = DrawDigit(small(), np.zeros((2, 784)), [3, 5], example=1, wish=7)
    assert repr(widget) == (
        "DrawDigit at example = 1, wish = 7, steps = 0 (interactive: needs a browser with scripts)"
    )


def test_the_still_picture_shows_the_same_numbers():
    widget = DrawDigit(small([784, 40, 10]), np.eye(784)[[400]], [1], example=0, wish=7)
    figure = figures.wish(widget.network, widget.seen, 7)
    digit, answers, slope, delta = figure.axes[:4]
    chances = widget.network.predict(widget.seen[None])[0]
    gradient = widget.network.input_gradient(widget.seen[None], [7])[0]
    own = widget.network.deltas()[0][0]
    assert np.array_equal(digit.images[0].get_array().ravel(), widget.seen)
    assert np.array_equal([bar.get_width() for bar in answers.patches], chances)
    assert np.array_equal(slope.images[0].get_array().ravel(), gradient)
    assert np.array_equal([bar.get_height() for bar in delta.patches], own)
    assert np.array_equal(delta.lines[0].get_xdata(), np.flatnonzero(own == 0) + 1)
    plt.close(figure)


# --- Mathematics in Node -----------------------------------------------------------------------


def held(widget: DrawDigit) -> dict:
    """What the page receives of a network."""
    text = base64.b64encode(widget.weights).decode()
    return {"weights": text, **{name: getattr(widget, name) for name in FIXED}}


def backward_in_python(network: Network, x: np.ndarray, wish: int) -> dict:
    gradient = network.input_gradient(x[None], [wish])[0]
    delta = network.deltas()[0][0]
    return {"cost": network.cost(x[None], [wish]), "delta": delta, "gradient": gradient}


def drawings(rng) -> list[str]:
    """Pictures of a few random boxes of ink, large and small, anywhere; and one of a dot."""
    made = [np.eye(784, dtype=int)[400] * 7]
    for _ in range(220):
        picture = np.zeros((28, 28), int)
        for _ in range(rng.integers(1, 4)):
            top, left = rng.integers(0, 28, 2)
            picture[top : top + rng.integers(1, 20), left : left + rng.integers(1, 12)] = (
                rng.integers(1, 16)
            )
        made.append(picture.ravel())
    return ["".join(f"{level:x}" for level in picture) for picture in made]


def pixels(drawing: str) -> np.ndarray:
    return centred(np.reshape([int(level, 16) for level in drawing], (28, 28)) / 15).ravel()


def situations(network, digits, sketches) -> list[dict]:
    states = [{"example": n, "wish": (n + 3) % 10, "steps": n} for n in range(8)]
    states += [{"picture": text, "wish": n, "steps": 2 * n} for n, text in enumerate(sketches)]
    states += [{"wish": 7, "steps": 6}]
    widgets = [DrawDigit(network, digits.x_test[:8], digits.y_test[:8], **s) for s in states]
    return [
        {"state": s, "seen": w.seen, "cost": w.network.cost(w.seen[None], [w.wish])}
        for s, w in zip(states, widgets, strict=True)
    ]


@pytest.fixture(scope="module")
def numbers(network, digits):
    """What Python computes, as the text of a file."""
    rng = np.random.default_rng(0)
    widget = DrawDigit(network)
    x = digits.x_test[:1000]
    predictions = widget.network.predict(x)
    wishes = [(n, int(wish)) for n, wish in enumerate(rng.integers(0, 10, 250))]
    deep = DrawDigit(small([784, 20, 15, 10]))
    rows, deep_wishes = x[:5], rng.integers(0, 10, 5)
    backs = [
        backward_in_python(deep.network, row, wish)
        for row, wish in zip(rows, deep_wishes, strict=True)
    ]
    sketches = drawings(rng)
    numbers = {
        "network": held(widget),
        "pictures": base64.b64encode(np.rint(255 * x).astype(np.uint8).tobytes()).decode(),
        "answers": [{"digit": p.argmax(), "probabilities": p} for p in predictions],
        "backward": [
            {"picture": n, "wish": wish, **backward_in_python(widget.network, x[n], wish)}
            for n, wish in wishes
        ],
        "deep": {
            "network": held(deep),
            "pictures": rows,
            "predictions": deep.network.predict(rows),
            "wish": deep_wishes,
            "delta": [back["delta"] for back in backs],
            "gradient": [back["gradient"] for back in backs],
        },
        "drawings": [{"drawing": text, "pixels": pixels(text)} for text in sketches],
        "situations": situations(network, digits, sketches[1:8]),
    }
    return json.dumps(numbers, default=lambda value: value.tolist())


def run_tests(folder: Path, numbers: str, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "digits.json").write_text(numbers)
    return run_node(folder, "digit_maths", "digit_words", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path, numbers):
    result = run_tests(tmp_path, numbers)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("scales[neuron + Math.floor(n / inputs)]", "scales[neuron]"),
        ("Math.max(z, 0)", "Math.abs(z)"),
        ("- (z - top)", "- z"),
        ("(k === wish ? 1 : 0)", "(k === wish ? 0 : 1)"),
        ("(zs[l - 1][k] > 0 ? slope : 0)", "slope"),
        ("ink - ETA * gradient[k]", "ink + ETA * gradient[k]"),
        ("x[k] < 1 ? -slope", "x[k] < 2 ? -slope"),
        ("x[k] > 0 ? slope", "x[k] >= 0 ? slope"),
        ("14 - Math.floor", "13 - Math.floor"),
        ("INSIDE / Math.max(rows, columns)", "INSIDE / rows"),
        ("replace(/[^0-9a-f]/g", "replace(/[^0-9]/g"),
        ("digit === 8", "digit === 1"),
        ("guess === helps.quarter", "guess !== helps.quarter"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, numbers, right, wrong):
    assert right in bundle(WIDGETS / "draw_digit.js")
    assert run_tests(tmp_path, numbers, lambda text: text.replace(right, wrong)).returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

SETUP = """import numpy as np
from bpnet import Network
from bpnet.datasets import mnist
from bpnet.widgets import DrawDigit
digits = mnist()
network = Network.dense([784, 30, 10], np.random.default_rng(0))
"""
CELLS = {
    "official": f"{SETUP}x, y = digits.x_test[:3], digits.y_test[:3]\n"
    "DrawDigit(network, x, y, example=0, wish=8)",
    "blank": "DrawDigit(network)",
}


@pytest.fixture(scope="module")
def twin(digits):
    """A widget in Python with the network and the examples of the pages."""

    def make(**state) -> DrawDigit:
        network = Network.dense([784, 30, 10], np.random.default_rng(0))
        return DrawDigit(network, digits.x_test[:3], digits.y_test[:3], **state)

    return make


def button(explorer, name: str):
    return explorer.get_by_role("button", name=name)


def answers(explorer) -> list[str]:
    rows = explorer.locator("table.numbers tbody tr").all()
    return [row.get_by_role("cell").first.inner_text() for row in rows]


def expected_answers(widget: DrawDigit) -> list[str]:
    return [f"{100 * p:.1f}\u00a0%" for p in widget.network.predict(widget.seen[None])[0]]


def ink(explorer, raster: int) -> np.ndarray:
    """The 784 pixels of one of the pictures as they stand on the screen, 0 paper to 1."""
    pixels = (
        explorer.locator("canvas")
        .nth(raster)
        .evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
    )
    return 1 - np.array(pixels).reshape(784, 4)[:, 0] / 255


def pad_point(explorer, column: float, row: float) -> tuple[float, float]:
    box = explorer.get_by_role("application").bounding_box()
    return box["x"] + column / 28 * box["width"], box["y"] + row / 28 * box["height"]


def drawn_in(page) -> str:
    page.wait_for_url(re.compile("picture=[0-9a-f]"))
    return page.url.split("picture=")[1].split(",")[0]


def test_an_official_digit_is_read_as_in_python(page, write_page, twin):
    explorer = open_explorers(page, write_page("official"))
    widget = twin(example=0, wish=8)
    assert answers(explorer) == expected_answers(widget)
    assert np.allclose(ink(explorer, 1), widget.seen, atol=0.003)
    expect(explorer.get_by_text("Official test digit 1 of 3, a 7.")).to_be_visible()
    cost = widget.network.cost(widget.seen[None], [8])
    expect(explorer.get_by_role("status")).to_contain_text(f"The wish for an 8 costs {cost:.4f}.")
    button(explorer, "An example").click()
    assert answers(explorer) == expected_answers(twin(example=1))
    expect(explorer.get_by_text("Official test digit 2 of 3, a 2.")).to_be_visible()


def test_the_slopes_appear_after_the_prediction(page, write_page, twin):
    explorer = open_explorers(page, write_page("official"))
    slopes = explorer.get_by_role("img", name="Slope of the cost")
    expect(slopes).to_be_hidden()
    expect(explorer.locator(".cover").first).to_be_visible()
    widget = twin(example=0, wish=8)
    gradient = widget.network.input_gradient(widget.seen[None], [8])[0]
    delta = widget.network.deltas()[0][0]
    best = int(np.where(widget.seen < 1, gradient, 0).argmin())
    place = f"row {best // 28 + 1}, column {best % 28 + 1}"
    quarter = f"{'top' if best < 392 else 'bottom'} {'left' if best % 28 < 14 else 'right'}"
    button(explorer, quarter).click()
    expect(explorer.locator(".feedback")).to_have_text(f"Yes: in {place}, at the {quarter}.")
    lowest = f"{gradient[best]:.4f}".replace("-", "−")
    expect(explorer.get_by_role("status")).to_contain_text(f"{place} (slope {lowest})")
    expect(slopes).to_be_visible()
    expect(explorer.locator(".cover").first).to_be_hidden()
    off = int(np.sum(delta == 0))
    expect(explorer.get_by_text(f"{off} of 30 neurons are off").first).to_be_visible()
    longest = int(abs(delta).argmax())
    bar = explorer.get_by_role("img", name="δ of the first layer")
    expect(bar).to_have_accessible_name(re.compile(f"The longest bar is neuron {longest + 1},"))
    assert bar.locator(".zeros").get_attribute("d").count("M") == off
    explorer.get_by_role("combobox").select_option("a 3")
    expect(slopes).to_be_hidden()
    expect(explorer.locator(".feedback")).to_be_empty()


def test_a_step_changes_the_picture_as_in_python(page, write_page, twin):
    explorer = open_explorers(page, write_page("official"))
    for _ in range(3):
        button(explorer, "Take a step").click()
    widget = twin(example=0, wish=8, steps=3)
    assert answers(explorer) == expected_answers(widget)
    assert np.allclose(ink(explorer, 1), widget.seen, atol=0.003)
    assert np.allclose(ink(explorer, 0), twin(example=0).seen, atol=0.04)
    expect(explorer.get_by_role("status")).to_contain_text("After 3 steps on the picture it reads")
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "3")
    explorer.get_by_role("slider").fill("20")
    assert answers(explorer) == expected_answers(twin(example=0, wish=8, steps=20))
    expect(button(explorer, "Take a step")).to_be_disabled()
    button(explorer, "Reset").click()
    assert answers(explorer) == expected_answers(twin(example=0, wish=8))


def test_the_mouse_draws_and_the_drawing_can_be_sent(page, write_page, twin):
    explorer = open_explorers(page, write_page("blank"))
    expect(explorer.get_by_role("status")).to_contain_text("The paper is blank.")
    page.mouse.move(*pad_point(explorer, 4, 5))
    page.mouse.down()
    page.mouse.move(*pad_point(explorer, 14, 5), steps=4)
    page.mouse.move(*pad_point(explorer, 9, 20), steps=4)
    page.mouse.up()
    page.mouse.move(*pad_point(explorer, 25, 25))
    widget = twin(picture=drawn_in(page))
    assert answers(explorer) == expected_answers(widget)
    assert np.allclose(ink(explorer, 1), widget.seen, atol=0.003)
    assert ink(explorer, 0).reshape(28, 28)[5, 4:14].min() > 0.5
    assert not ink(explorer, 0).reshape(28, 28)[:, 17:].any()
    expect(explorer.get_by_text("scaled by 1.11")).to_be_visible()
    before = answers(explorer)
    page.reload()
    expect(explorer.get_by_role("status")).to_contain_text("It reads")
    assert answers(explorer) == before
    button(explorer, "Clear").click()
    assert not ink(explorer, 0).any()
    assert page.complaints == []


def test_a_finger_draws_and_does_not_scroll(browser, write_page):
    page = browser.new_page(has_touch=True, viewport={"width": 360, "height": 800})
    explorer = open_explorers(page, write_page("blank"))
    page.touchscreen.tap(*pad_point(explorer, 10.5, 12.5))
    expect(explorer.get_by_text("Your drawing.", exact=True)).to_be_visible()
    assert ink(explorer, 0).argmax() == 12 * 28 + 10
    session = page.context.new_cdp_session(page)
    spots = [pad_point(explorer, 10.5, 12.5 + n) for n in range(8)]
    for kind, (x, y) in zip(["touchStart", *7 * ["touchMove"]], spots, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert ink(explorer, 0).reshape(28, 28)[12:20, 10].min() > 0.9
    assert page.evaluate("scrollY") == 0
    page.close()


def test_the_keyboard_draws_and_is_told_where_it_is(page, write_page):
    explorer = open_explorers(page, write_page("blank"))
    pad = explorer.get_by_role("application", name="Drawing pad")
    explorer.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Tab")
    expect(pad).to_be_focused()
    expect(explorer.get_by_text("row 14, column 14: paper")).to_be_visible()
    for key in ["ArrowUp", "ArrowRight", "ArrowRight", "Space"]:
        page.keyboard.press(key)
    expect(explorer.get_by_text("row 13, column 16: ink 1.00")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowDown")
    expect(explorer.get_by_text("row 17, column 16: ink 1.00")).to_be_visible()
    picture = ink(explorer, 0).reshape(28, 28)
    assert picture[12:17, 15].min() > 0.99
    assert picture[:, :14].max() == 0
    page.keyboard.press("Delete")
    expect(explorer.get_by_text("row 17, column 16: paper")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(explorer.get_by_text("row 17, column 28: paper")).to_be_visible()
    page.keyboard.press("Escape")
    assert ink(explorer, 0).any(), "a key throws the drawing away"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    assert not ink(explorer, 0).any()


def test_drawing_on_an_official_digit_starts_from_it(page, write_page, twin):
    explorer = open_explorers(page, write_page("official"))
    before = ink(explorer, 0)
    page.mouse.click(*pad_point(explorer, 3.5, 24.5))
    after = ink(explorer, 0)
    assert np.all(after >= before - 1e-9)
    assert after[24 * 28 + 3] == 1
    widget = twin(picture=drawn_in(page), wish=8)
    assert answers(explorer) == expected_answers(widget)


def test_a_broken_address_gives_the_nearest_situation(page, write_page, twin):
    path = write_page("official")
    address = "#draw-digit:picture=zzF,example=-5,wish=77,steps=nine"
    explorer = open_explorers(page, path, address=address)
    widget = twin(picture=f"00f{781 * '0'}", wish=9)
    assert answers(explorer) == expected_answers(widget)
    page.goto("about:blank")
    explorer = open_explorers(page, path, address="#draw-digit:example=99,wish=-1,steps=4")
    assert answers(explorer) == expected_answers(twin(example=2))
    expect(explorer.get_by_text("Predict:")).to_be_hidden()
    assert page.complaints == []
