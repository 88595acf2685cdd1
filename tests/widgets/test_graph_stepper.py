"""GraphStepper: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from explorables import WIDGETS, accessibility_faults, expect_refusal, open_explorers, run_node
from playwright.sync_api import expect

from bpnet.graph import Variable, apply, backward, topological_order
from bpnet.plotting.graph import Spot, captions, visits
from bpnet.widgets import GraphStepper
from bpnet.widgets.bundle import bundle
from bpnet.widgets.graph_stepper import EXAMPLES

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("example", "pears", "expected any of .*, not the str 'pears'"),
        ("values", [1, float("nan")], "values must be numbers from -1000 to 1000, not nan"),
        ("values", [1e9], "values must be numbers from -1000 to 1000, not 1000000000.0"),
        ("step", 0, "not be less than 1, but a value of 0 was"),
        ("step", 51, "not be greater than 50, but a value of 51 was"),
        ("order", [0], "order must hold numbers of operations from 1, each once, not .0."),
        ("order", [2, 2], "each once, not .2, 2."),
        ("choosing", 3, "expected a boolean"),
        ("expression", 3, "expected a unicode string"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    expect_refusal(GraphStepper, name, value, sentence)


def test_the_state_is_flat_and_the_guess_stays_out_of_the_address():
    widget = GraphStepper(example="own", expression="x^2", values=[3], step=4)
    assert widget.state == {
        "example": "own",
        "expression": "x^2",
        "values": [3.0],
        "step": 4,
        "choosing": False,
        "order": [],
        "guess": "",
    }
    traits = "example,expression,values,step,choosing,order"
    assert widget.get_state()["_address"] == f"graph-stepper:{traits}"
    assert repr(GraphStepper()).startswith("GraphStepper at example = apples, expression = x * y")


# --- Mathematics in Node -----------------------------------------------------------------------

FUNCTIONS = {
    "exp": lambda x: apply("exp", x),
    "log": lambda x: apply("log", x),
    "tanh": lambda x: apply("tanh", x),
    "relu": lambda x: apply("maximum", x, 0.0),
    "max": lambda x, y: apply("maximum", x, y),
}


def evaluated(text: str, inputs: list[float]) -> tuple[list[str], list[Variable], Variable]:
    """Let Python's own parser read a text: names of inputs, the inputs, the end."""
    parts = [part.strip() for part in text.replace("^", "**").split(";")]
    made = [part.split("=")[0].strip() for part in parts if "=" in part]
    words = re.findall(r"(?<![\w.])[a-z]\w*", text)
    names = [name for name in dict.fromkeys(words) if name not in {*made, *FUNCTIONS}]
    leaves = [Variable(value) for _, value in zip(names, inputs, strict=False)]
    known = FUNCTIONS | dict(zip(names, leaves, strict=True))
    for part in parts:
        name, _, expression = part.rpartition("=")
        known[name.strip()] = eval(expression, {}, known)
    return names, leaves, known[name.strip()]


def random_expression(rng, names: list[str], depth: int) -> str:
    """Return an expression that holds a name, so that no function meets a constant only."""
    if depth == 0 or rng.random() < 0.1:
        return str(rng.choice(names))
    kind = rng.integers(10)
    inner = random_expression(rng, names, depth - 1)
    if kind < 6:
        other = random_expression(rng, names, depth - 1)
        if rng.random() < 0.3:
            other = str(rng.choice(["2", "0.5", "1e-1", "3.25", "(1/4)", "2^-1"]))
        first, last = (other, inner) if rng.random() < 0.3 else (inner, other)
        sign = rng.choice(["+", "-", " * ", "/"])
        text = f"{first}{sign}{last}"
        return text if rng.random() < 0.4 else f"({text})"
    if kind == 6:
        power = rng.choice(["2", "3", "-1", "0.5", "-2^2", "1", "0"])
        return f"({inner})^{power}"
    if kind == 7:
        return f"-{inner}"
    if kind == 8:
        return f"max({inner}, {random_expression(rng, names, depth - 1)})"
    return f"{rng.choice(['exp', 'log', 'tanh', 'relu'])}({inner})"


def random_text(rng) -> str:
    names, parts = ["x", "y", "z"][: rng.integers(1, 4)], []
    for name in ["u", "v"][: rng.integers(3)]:
        parts.append(f"{name} = {random_expression(rng, names, 2)} + {rng.choice(names)}")
        names = [*names, name]
    made = "".join(f" * {part[0]}" for part in parts)
    return "; ".join([*parts, f"({random_expression(rng, names, 3)}){made} + x"])


def fair(output: Variable) -> bool:
    """Whether rounding stays small: no large numbers, no differences of nearly equal ones."""
    arrived: dict[Variable, list[float]] = {}
    for _, sent in visits(output):
        for one in sent:
            arrived.setdefault(one.source, []).append(one.product)
    sums = [[v.value, *(u.value for u in v.inputs)] for v in topological_order(output)]
    sums += [[sum(all_), *all_] for all_ in arrived.values()]
    large = max(abs(number) for numbers in sums for number in numbers)
    lost = any(0 < abs(total) < 1e-3 * max(map(abs, rest), default=0) for total, *rest in sums)
    steep = any(abs(slope) > 1e3 for v in topological_order(output) for slope in v.slopes)
    return large < 1e3 and not lost and not steep


def case(text: str, values: list[float], rng) -> dict | None:
    try:
        names, leaves, output = evaluated(text, values)
    except ValueError:
        return None
    behind = topological_order(output)
    operations = [v for v in behind if v.inputs]
    nodes = leaves + operations
    rest = [v for v in behind if not v.inputs]
    if len(nodes) > 24 or set(leaves) - set(behind) or not operations or not fair(output):
        return None
    orders = [rng.permutation(len(operations)) for _ in range(3)]
    walked = [backward(output, [operations[n] for n in order] + rest) for order in orders]
    right = backward(output)
    return {
        "text": text,
        "names": names,
        "inputs": values[: len(names)],
        "values": [v.value for v in nodes],
        "adjoint": [right[v] for v in nodes],
        "orders": [
            {"order": [len(leaves) + n for n in order], "adjoint": [adjoint[v] for v in nodes]}
            for order, adjoint in zip(orders, walked, strict=True)
        ],
    }


KINKS = [
    ("max(x, y)", [1.5, 1.5]),
    ("max(x, x)", [-2.0]),
    ("max(x, 2)", [2.0]),
    ("max(2, x)", [2.0]),
    ("relu(x) + x", [0.0]),
    ("relu(x) * x", [-1.0]),
    ("x^1 + x^0", [0.0]),
    ("t * t", [3.0]),
]
STOPS = [
    ("log(x)", [0.0]),
    ("log(x) + y", [-1.0, 2.0]),
    ("1/x", [0.0]),
    ("x/(y - y)", [1.0, 2.0]),
    ("exp(x)", [800.0]),
    ("exp(exp(x))", [10.0]),
    ("x^0.5", [0.0]),
    ("x^0.5", [-2.0]),
    ("(x - 3)^-1", [3.0]),
    ("x^300", [500.0]),
    ("1e305 * x * x", [1000.0]),
    ("u = log(x); u * u", [-3.0]),
]


def shop_walks() -> list[dict]:
    """The sentences that the book's figures write for the same graphs."""
    price, count, tax = Variable(100), Variable(2), Variable(1.1)
    subtotal = price * count
    shop = [price, count, tax, subtotal, subtotal * tax]
    x = Variable(0.5)
    m = -x
    e = m.exp()
    w = 1 + e
    row = [x, m, e, w, 1 / w]
    p, q = Variable(2), Variable(1)
    t = p + q
    return [
        {"text": text, "values": [v.value for v in nodes if not v.inputs], "captions": said}
        for text, nodes, said in (
            (EXAMPLES[name]["text"], nodes, captions(nodes[-1], spots(nodes, names)))
            for name, nodes, names in (
                ("apples", shop, "price count tax subtotal bill"),
                ("sigmoid", row, "x m e w y"),
                ("square", [p, q, t, t * t], "x y t z"),
            )
        )
    ]


def spots(nodes: list[Variable], names: str) -> dict[Variable, Spot]:
    return {v: Spot(0, 0, "", name) for v, name in zip(nodes, names.split(), strict=True)}


def wrong_walk() -> dict:
    x, y = Variable(2), Variable(1)
    u = x + y
    v = u * x
    output = u * v
    said = captions(output, spots([x, y, u, v, output], "x y u v C"), [output, u, v, x, y])
    return {"order": [3, 1, 2], "captions": said[-3:]}


def numbers_from_python() -> dict:
    rng = np.random.default_rng(0)
    cases = [made for text, values in KINKS if (made := case(text, values, rng))]
    while len(cases) < 400:
        values = [float(value) for value in rng.uniform(-2, 2, 3).round(4)]
        if made := case(random_text(rng), values, rng):
            cases.append(made)
    for text, values in STOPS:
        with pytest.raises(ValueError, match="no value or slope"):
            evaluated(text, values)
    return {
        "cases": cases,
        "stops": [{"text": text, "inputs": values} for text, values in STOPS],
        "walks": shop_walks(),
        "wrong": wrong_walk(),
        "examples": EXAMPLES,
    }


@pytest.fixture(scope="module")
def python_numbers():
    return json.dumps(numbers_from_python(), default=float)


def run_tests(folder: Path, numbers: str, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "python.json").write_text(numbers)
    return run_node(folder, "graph_maths", "expression_maths", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path, python_numbers):
    held = json.loads(python_numbers)
    assert len(held["cases"]) == 400
    signs = "".join(one["text"] for one in held["cases"])
    assert all(sign in signs for sign in ["^", "max", "relu", "tanh", "log", "exp", ";", "/"])
    result = run_tests(tmp_path, python_numbers)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("-x / y / y]", "x / y / y]"),
        ("Number(x <= y)", "Number(x < y)"),
        ("adjoint[from] += sent", "adjoint[from] = sent"),
        ("MINUS = 3", "MINUS = 5"),
        ("own + 1)", "own)"),
        ("uses[node] - came[node].length", "uses[node] - 1"),
        ("for (const one of node.args) if", "for (const one of [...node.args].reverse()) if"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, python_numbers, right, wrong):
    assert right in bundle(WIDGETS / "graph_picture.js")
    result = run_tests(tmp_path, python_numbers, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "shop": "from bpnet.widgets import GraphStepper\nGraphStepper()",
    "twice": "GraphStepper(example='twice', choosing=True)",
    "softmax": "GraphStepper(example='softmax')",
    "own": "GraphStepper(example='own', expression='x * y', values=[7, 8])",
}


@pytest.fixture
def stepper(page, write_page):
    return open_explorers(page, write_page("shop"))


def words(stepper, kind: str) -> list[str]:
    return stepper.locator(f"svg .{kind}").all_text_contents()


def pick(stepper, name: str):
    return stepper.get_by_role("button", name=re.compile(f"^Send from {name}\\."))


def said(stepper, text: str):
    expect(stepper.get_by_role("status")).to_contain_text(text)


def test_the_mouse_walks_to_bpnet_s_numbers(page, stepper):
    slider = stepper.get_by_role("slider", name="count")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuetext", "10")
    assert words(stepper, "back") == []
    said(stepper, "Only the inputs are known: price is 100, count is 10, tax is 1.1.")
    stepper.get_by_role("button", name="Last").click()
    price, count, tax = Variable(100), Variable(10), Variable(1.1)
    slopes = backward(price * count * tax)
    sent = {text.removeprefix("← ") for text in words(stepper, "back") if "←" in text}
    assert sent == {f"{slopes[v]:.4g}" for v in (price, count, tax)} | {"1.1", "1"}
    assert {"1.1 × 10", "1.1 × 100"} <= set(words(stepper, "back"))
    said(stepper, "1.1 × 10 = 11 goes to price; 1.1 × 100 = 110 goes to count.")
    assert page.complaints == []


def test_a_prediction_is_answered_at_the_end(page, stepper):
    reply = stepper.locator(".feedback")
    stepper.get_by_role("button", name="2", exact=True).click()
    expect(reply).to_have_text("Walk back to the end to compare.")
    stepper.get_by_role("button", name="Last").click()
    expect(reply).to_have_text("Not 2: 1.1 × 2 = 2.2.")
    stepper.get_by_role("button", name="2.2", exact=True).click()
    expect(reply).to_have_text("Yes: 1.1 × 2 = 2.2.")


def test_the_reader_s_order_goes_wrong_and_says_so(page, write_page):
    stepper = open_explorers(page, write_page("twice"))
    expect(stepper.get_by_role("button", name="Next")).to_be_hidden()
    for name in ("C", "u"):
        pick(stepper, name).click()
    said(stepper, "Too early: 1 arrival had not come yet.")
    assert words(stepper, "mark") == ["✗ sent too early"]
    assert "✗ ← 6" in words(stepper, "back")
    pick(stepper, "u").click()
    pick(stepper, "v").click()
    said(stepper, "Wrong now: x, y.")
    assert words(stepper, "mark") == [
        "✗ wrong, right: 21",
        "✗ wrong, right: 12",
        "✗ sent too early",
    ]
    page.wait_for_url("**order=3_1_2*")
    page.reload()
    said(stepper, "Wrong now: x, y.")
    for _ in range(2):
        stepper.get_by_role("button", name="Take back").click()
    for name in ("v", "u"):
        pick(stepper, name).click()
    said(stepper, "All slopes are right.")
    assert words(stepper, "mark") == []
    assert page.complaints == []


def test_the_keyboard_chooses_and_keeps_the_focus(page, write_page):
    stepper = open_explorers(page, write_page("twice"))
    for name, key in (("C", "Enter"), ("v", "Space"), ("u", "Enter")):
        pick(stepper, name).focus()
        page.keyboard.press(key)
        expect(pick(stepper, name)).to_be_focused()
        expect(pick(stepper, name)).to_have_attribute("aria-pressed", "true")
    said(stepper, "All slopes are right.")
    page.keyboard.press("Escape")
    said(stepper, "Choose the node that sends next.")


def test_a_finger_taps_a_node_and_steps(browser, write_page):
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    stepper = open_explorers(page, write_page("twice"))
    pick(stepper, "u").tap()
    said(stepper, "Too early: 2 arrivals had not come yet.")
    stepper.get_by_label("I choose").tap()
    stepper.get_by_role("button", name="Next").tap()
    said(stepper, "Step 2 of 8. Forward: u takes 2 from x and 1 from y, and gives 3.")
    assert pick(stepper, "u").count() == 0
    context.close()


def test_an_expression_is_typed_and_its_slip_is_shown_at_its_place(page, stepper):
    field = stepper.get_by_role("textbox")
    field.fill("x + * y")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Here a number or a name is missing.")
    expect(stepper.locator("pre")).to_have_text("x + * y\n    ^", use_inner_text=True)
    said(stepper, "No graph: a slip at character 5.")
    assert accessibility_faults(page) == []
    expect(stepper.get_by_role("button", name="Next")).to_be_hidden()
    field.fill("max(x, y)^2 / 3")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(stepper.locator("pre")).to_be_hidden()
    expect(stepper.get_by_role("slider")).to_have_count(3)
    stepper.get_by_role("button", name="Last").click()
    x, y = Variable(2), Variable(1)
    slope = backward(apply("maximum", x, y) ** 2 / 3)[x]
    assert f"← {slope:.4g}" in words(stepper, "back")
    assert stepper.get_by_role("combobox").input_value() == "Your own"
    page.wait_for_url("**expression=max*")
    page.reload()
    expect(field).to_have_value("max(x, y)^2 / 3")
    assert page.complaints == []


def test_a_missing_value_is_one_clear_sentence(page, stepper):
    field = stepper.get_by_role("textbox")
    field.fill("log(x) / y")
    field.press("Enter")
    stepper.get_by_role("slider", name="x").fill("0")
    stepper.get_by_role("button", name="Last").click()
    said(stepper, "Step 2 of 2. Forward: node 1 stops. log needs a number above 0, not 0.")
    stepper.get_by_role("slider", name="x").fill("1")
    stepper.get_by_role("button", name="Last").click()
    said(stepper, "Step 6 of 6. Backward: node 1 sends")
    assert not re.search("NaN|undefined|Infinity", stepper.inner_html())


def test_a_broken_address_is_brought_to_a_legal_state(page, write_page):
    address = (
        "#graph-stepper:example=pears,expression=x%5E2,values=1e9_7,step=99,order=9_9,choosing=0"
    )
    stepper = open_explorers(page, write_page("shop"), address=address)
    expect(stepper.get_by_role("textbox")).to_have_value("x^2")
    said(stepper, "Step 4 of 4. Backward: the result sends arrived × local. 1 × 2000 = 2000")
    stepper.get_by_role("button", name="Reset").click()
    expect(stepper.get_by_role("textbox")).to_have_value(EXAMPLES["apples"]["text"])
    assert page.complaints == []


def test_another_example_brings_its_own_numbers_also_by_a_link(page, write_page):
    stepper = open_explorers(page, write_page("own"))
    expect(stepper.get_by_role("slider", name="x")).to_have_attribute("aria-valuetext", "7")
    stepper.get_by_role("combobox").select_option("Apples and oranges")
    page.wait_for_url("**values=100_2_1.1_150_3*")
    page.reload()
    said(stepper, "Only the inputs are known: p1 is 100, n1 is 2, t is 1.1, p2 is 150, n2 is 3.")
    stepper.get_by_role("combobox").select_option("Your own")
    expect(stepper.get_by_role("textbox")).to_have_value(EXAMPLES["fruit"]["text"])


def test_what_is_new_is_in_view_on_a_phone(page, write_page):
    page.set_viewport_size({"width": 360, "height": 800})
    stepper = open_explorers(page, write_page("softmax"))
    drawing = stepper.locator(".drawing")
    for _ in range(9):
        stepper.get_by_role("button", name="Next").click()
        box, here = drawing.bounding_box(), stepper.locator(".here").bounding_box()
        assert box["x"] <= here["x"] <= box["x"] + box["width"] - here["width"]
