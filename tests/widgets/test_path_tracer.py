"""PathTracer: traits in Python, mathematics in Node, behaviour in a real browser."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorables import WIDGETS, cell, open_explorers, run_node
from playwright.sync_api import expect

from bpnet.examples import example
from bpnet.gradcheck import central_slope
from bpnet.paths import NetworkMap, count_edges, count_factors, entries, routes, slopes
from bpnet.plotting.network_map import Drawing
from bpnet.widgets import PathTracer
from bpnet.widgets.bundle import bundle
from bpnet.widgets.path_tracer import EXAMPLES, LIMITS, NETWORKS, short_name

# --- Python ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("network", "2-4-2", "expected any of .*, not the str '2-4-2'"),
        ("parameter", "W3_11", "the network 2-2-2 has no parameter 'W3_11', only W1_11, "),
        ("step", 0, "not be less than 1, but a value of 0 was"),
        ("x", [0.5], "x must have 2 numbers for the network 2-2-2, or none .* not 1"),
        ("x", [0.5, 5.1], "not be greater than 5, but a value of 5.1 was"),
        ("y", [0.5, float("nan")], "must be a finite number"),
        ("weights", [0.5] * 23, "weights must have 12 numbers .* not 23"),
        ("guess", 3, "expected any of .*, not the int 3"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(name, value, sentence):
    tracer = PathTracer()
    before = getattr(tracer, name)
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(tracer, name, value)
    assert getattr(tracer, name) == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        PathTracer(**{name: value})


def test_another_network_drops_what_does_not_fit_it():
    tracer = PathTracer(network="2-3-3-2", parameter="W3_12", weights=[0.1] * 29, x=[1.0, 2.0])
    tracer.network = "2-2-2"
    assert (tracer.parameter, tracer.weights, tracer.x) == ("W1_11", [], [1.0, 2.0])
    tracer.weights = [0.1] * 12
    assert PathTracer(network="2-3-2-2", weights=[0.5] * 23).weights == [0.5] * 23


def test_the_weights_are_listed_as_the_chapter_names_them():
    assert EXAMPLES["2-2-2"]["names"][:6] == ["W1_11", "W1_12", "W1_21", "W1_22", "b1_1", "b1_2"]
    network = example("2-2-2").network
    assert EXAMPLES["2-2-2"]["weights"][1] == network.parameters["W1"][0, 1]


# --- Mathematics in Node -----------------------------------------------------------------------


def name_on_the_page(node: str) -> str:
    """Return the name that the page gives a node of the package's map."""
    return "C" if node == "C" else short_name(node.replace("x[", "a0["))


def renamed(values: dict[str, float]) -> dict[str, float]:
    return {name_on_the_page(name): value for name, value in values.items()}


def random_case(rng: np.random.Generator, name: str, wide: bool) -> dict:
    """A state of the figure, and all that the package computes at it."""
    network = example(name).network
    size = 10.0 if wide else 2.0
    parameters = {key: rng.uniform(-size, size, v.shape) for key, v in network.parameters.items()}
    network = network.replace(parameters)
    x, y = rng.uniform(-size / 2, size / 2, (1, 2)), rng.uniform(0, 1, (1, 2))
    drawn, weights = NetworkMap(network, x, y), entries(parameters)
    chosen = str(rng.choice(list(weights)))
    array, index = chosen.split("[")[0], tuple(json.loads(f"[{chosen.split('[')[1]}"))
    return {
        "state": {
            "network": name,
            "parameter": short_name(chosen),
            "x": x[0].tolist(),
            "y": y[0].tolist(),
            "weights": list(weights.values()),
            "names": EXAMPLES[name]["names"],
        },
        "values": {key: v for key, v in renamed(drawn.values).items() if key[0] not in "Wb"},
        "routes": [
            {
                "nodes": [name_on_the_page(node) for node in route.nodes],
                "factors": route.factors,
                "product": route.product,
            }
            for route in routes(drawn, chosen)
        ],
        "gradients": renamed(entries(network.cost_and_gradients(x, y)[1])),
        "deltas": {k: v for k, v in renamed(slopes(drawn)).items() if k[0] == "z"},
        "nudged": central_slope(
            lambda moved: network.replace(moved).cost(x, y), parameters, array, index
        ),
        # a(1 - a) of the package loses digits of 1 - a where a is near 1
        "floor": 2e-13 if wide else 1e-15,
    }


def counts(name: str) -> dict:
    network, x, y = example(name)
    drawn, sizes = NetworkMap(network, x, y), [int(size) for size in name.split("-")]
    found = {key: list(routes(drawn, key)) for key in entries(network.parameters)}
    return {
        "network": name,
        "names": [short_name(key) for key in found],
        "parameters": {
            short_name(key): {
                "paths": sum(len(route.edges) for route in ways),
                "factored": len({edge for route in ways for edge in route.edges}),
            }
            for key, ways in found.items()
        },
        "all": {"paths": count_factors(sizes), "factored": count_edges(sizes)},
    }


def spoken_names(name: str) -> list:
    network, x, y = example(name)
    drawn = NetworkMap(network, x, y)
    drawing, last = Drawing(drawn), name.count("-")
    nodes = [node for node in drawn.values if node[0] != "x"]
    return [(name_on_the_page(node), last, drawing.spoken(node)) for node in nodes]


@pytest.fixture(scope="module")
def numbers_from_python():
    rng = np.random.default_rng(0)
    return {
        "cases": [random_case(rng, name, wide=n % 4 == 3) for name in NETWORKS for n in range(110)],
        "counts": [counts(name) for name in NETWORKS],
        "spoken": [entry for name in NETWORKS for entry in spoken_names(name)],
        "examples": EXAMPLES,
        "limits": LIMITS,
    }


def run_tests(folder: Path, numbers: dict, change=lambda text: text) -> subprocess.CompletedProcess:
    (folder / "python.json").write_text(json.dumps(numbers, default=float))
    return run_node(folder, "path_maths", "path_words", change=change)


def test_mathematics_and_words_agree_with_python(tmp_path, numbers_from_python):
    result = run_tests(tmp_path, numbers_from_python)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("join(start, node, W[j][k])", "join(start, node, W[j][0])"),
        ("sigmoidSlope(z[j])", "sigmoidSlope(a[j])"),
        ("yhat - y[j]", "y[j] - yhat"),
        ("factor * ending(end)", "factor + ending(end)"),
        ("/ (2 * NUDGE)", "/ NUDGE"),
        ("[one.start + one.end, one]", "[one.end, one]"),
        ("!(start[1] < from)", "start[1] < from"),
        ("label(`W${end[1]}_${to}${from}`)", "label(`W${end[1]}_${from}${to}`)"),
    ],
)
def test_a_mistake_in_the_modules_is_found(tmp_path, numbers_from_python, right, wrong):
    assert right in bundle(WIDGETS / "path_words.js")
    result = run_tests(tmp_path, numbers_from_python, lambda text: text.replace(right, wrong))
    assert result.returncode != 0


# --- In a real browser, without a kernel -------------------------------------------------------

CELLS = {
    "plain": "from bpnet.widgets import PathTracer\nfirst = PathTracer(); first",
    "again": "first",
    "deep": "PathTracer(network='2-3-3-2', weights=[0.1] * 29)",
}


@pytest.fixture
def tracer(page, write_page):
    """One tracer, opened from the disk."""
    return open_explorers(page, write_page("plain"))


def button(tracer, name: str):
    return tracer.get_by_role("button", name=name, exact=True)


def box(tracer, name: str):
    """A number of the map that can be dragged."""
    return tracer.get_by_role("slider", name=name, exact=True)


def caption(tracer):
    return tracer.get_by_role("status")


def drag(page, mark, right: int):
    place = mark.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y)
    page.mouse.move(x + right, y)
    page.mouse.up()


def written(value: float, decimals: int = 6) -> str:
    return f"{value:.{decimals}f}".replace("-", "−")


def at_the_end(name: str, parameter: str, change=lambda network, x, y: None):
    """The products along all paths of a parameter of an example, and its gradient by backprop."""
    network, x, y = example(name)
    change(network, x, y)
    found = [route.product for route in routes(NetworkMap(network, x, y), parameter)]
    return found, entries(network.cost_and_gradients(x, y)[1])[parameter]


def shows(tracer, found: list[float], slope: float):
    for n, product in enumerate(found, start=1):
        expect(cell(tracer, f"Path {n}", 0)).to_have_text(written(product))
    for row in ("Sum", "Backprop", "Measured"):
        expect(cell(tracer, row, 0)).to_have_text(written(slope))


def test_the_paths_light_up_one_after_another_and_add_up(page, tracer):
    lit = tracer.locator(".edge.path")
    expect(lit).to_have_count(0)
    expect(cell(tracer, "Backprop", 0)).to_have_text("?")
    found, slope = at_the_end("2-2-2", "W1[0, 0]")
    for n, product in enumerate(found, start=1):
        button(tracer, "Next").click()
        expect(lit).to_have_count(6)
        expect(caption(tracer)).to_contain_text(f"Path {n}: through z⁽¹⁾₁, a⁽¹⁾₁, z⁽²⁾")
        expect(cell(tracer, f"Path {n}", 0)).to_have_text(written(product))
        expect(tracer.locator(".factor i").first).to_have_text("x₁")
        expect(tracer.get_by_text(f"Multiplications so far: {6 * n}")).to_be_visible()
    button(tracer, "Next").click()
    expect(lit).to_have_count(10)
    shows(tracer, found, slope)
    button(tracer, "Back").click()
    expect(lit).to_have_count(6)
    assert page.complaints == []


def test_merging_the_endings_drops_the_counter(tracer):
    tracer.get_by_label("2-3-3-2").check()
    button(tracer, "Last").click()
    expect(tracer.get_by_text("Multiplications so far: 48")).to_be_visible()
    expect(cell(tracer, "all 29 slopes", 0)).to_have_text(str(count_factors([2, 3, 3, 2])))
    tracer.get_by_label("Factor").check()
    expect(tracer.get_by_text("Multiplications so far: 20")).to_be_visible()
    expect(cell(tracer, "all 29 slopes", 1)).to_have_text(str(count_edges([2, 3, 3, 2])))
    expect(tracer.locator(".edge.path")).to_have_count(0)
    expect(tracer.locator(".edge.delta")).to_have_count(19)
    expect(tracer.locator(".edge.gradient")).to_have_count(1)
    found, slope = at_the_end("2-3-3-2", "W1[0, 0]")
    expect(cell(tracer, "Backprop", 0)).to_have_text(written(slope))
    expect(cell(tracer, "The sum of the paths", 0)).to_have_text(written(sum(found)))


def test_the_endings_appear_from_right_to_left(tracer):
    tracer.get_by_label("Factor").check()
    network, x, y = example("2-2-2")
    known = slopes(NetworkMap(network, x, y))
    lines = tracer.locator(".workings p")
    for nodes in (["z2[0]", "z2[1]"], ["z1[0]"]):
        button(tracer, "Next").click()
        expect(lines).to_have_count(len(nodes))
        for line, node in zip(lines.all(), nodes, strict=True):
            expect(line).to_contain_text(f"= {written(known[node])}")
    button(tracer, "Next").click()
    expect(lines).to_have_text([r"∂C/∂W⁽¹⁾₁₁ =δ⁽¹⁾₁ (−0.0290) ·x₁ 0.6000= −0.017371"])


def test_inputs_targets_and_weights_are_dragged(page, tracer):
    button(tracer, "Last").click()
    drag(page, box(tracer, "x₁"), 20)
    expect(box(tracer, "x₁")).to_have_attribute("aria-valuetext", "1.6")
    drag(page, box(tracer, "y₂"), 100)
    expect(box(tracer, "y₂")).to_have_attribute("aria-valuetext", "0.5")
    drag(page, box(tracer, "W⁽¹⁾₁₁"), -30)
    expect(box(tracer, "W⁽¹⁾₁₁")).to_have_attribute("aria-valuetext", "−2.5")

    def change(network, x, y):
        x[0, 0], y[0, 1], network.parameters["W1"][0, 0] = 1.6, 0.5, -2.5

    shows(tracer, *at_the_end("2-2-2", "W1[0, 0]", change))
    tracer.get_by_label("Weight or bias").select_option(label="W⁽²⁾₂₁")
    drag(page, box(tracer, "W⁽²⁾₂₁"), 10)

    def change_both(network, x, y):
        change(network, x, y)
        network.parameters["W2"][1, 0] = 0.6

    shows(tracer, *at_the_end("2-2-2", "W2[1, 0]", change_both))
    assert page.complaints == []


def test_the_keyboard_does_everything(page, tracer):
    box(tracer, "x₂").focus()
    page.keyboard.press("ArrowRight")
    expect(box(tracer, "x₂")).to_have_attribute("aria-valuetext", "−0.3")
    page.keyboard.press("End")
    expect(box(tracer, "x₂")).to_have_attribute("aria-valuetext", "5.0")
    expect(box(tracer, "x₂")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(box(tracer, "y₁")).to_have_attribute("aria-valuetext", "0.95")
    tracer.get_by_label("Weight or bias").focus()
    page.keyboard.press("ArrowDown")
    expect(box(tracer, "W⁽¹⁾₁₂")).to_be_visible()
    button(tracer, "Last").focus()
    page.keyboard.press("Enter")

    def change(network, x, y):
        x[0, 1], y[0, 0] = 5.0, 0.95

    shows(tracer, *at_the_end("2-2-2", "W1[0, 1]", change))
    page.keyboard.press("Escape")
    expect(box(tracer, "x₂")).to_have_attribute("aria-valuetext", "−0.4")
    expect(caption(tracer)).to_contain_text("Which paths lead from W⁽¹⁾₁₁ to C?")


def test_a_finger_taps_and_drags(browser, write_page):
    page = browser.new_page(has_touch=True, viewport={"width": 360, "height": 800})
    tracer = open_explorers(page, write_page("plain"))
    button(tracer, "2").tap()
    expect(tracer.get_by_text("Yes, 2 paths.")).to_be_visible()
    button(tracer, "Next").tap()
    expect(tracer.locator(".edge.path")).to_have_count(6)
    mark = box(tracer, "W⁽¹⁾₁₁")
    mark.scroll_into_view_if_needed()
    place = mark.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    touch = page.context.new_cdp_session(page)
    for kind, right in (("touchStart", 0), ("touchMove", 20), ("touchEnd", None)):
        points = [] if right is None else [{"x": x + right, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(mark).to_have_attribute("aria-valuetext", "2.5")
    page.close()


def test_the_prediction_comes_before_the_numbers(tracer):
    expect(cell(tracer, "all 12 slopes", 0)).to_have_text("?")
    button(tracer, "4").click()
    expect(button(tracer, "4")).to_have_attribute("aria-pressed", "true")
    expect(tracer.get_by_text("No, 2 paths. A path chooses one neuron")).to_be_visible()
    expect(cell(tracer, "all 12 slopes", 0)).to_have_text(str(count_factors([2, 2, 2])))
    tracer.get_by_label("Weight or bias").select_option(label="b⁽²⁾₂")
    expect(button(tracer, "4")).to_have_attribute("aria-pressed", "false")
    button(tracer, "1").click()
    expect(tracer.get_by_text("Yes, 1 path. No later layer is left.")).to_be_visible()


def test_play_goes_to_the_end_and_the_hand_stops_it(page, write_page):
    page.clock.install()
    tracer = open_explorers(page, write_page("plain"))
    button(tracer, "Play").click()
    expect(tracer.locator(".edge.path")).to_have_count(6)
    button(tracer, "Pause").click()
    page.clock.run_for(60_000)
    expect(tracer.locator(".edge.path")).to_have_count(6)
    button(tracer, "Play").click()
    page.clock.run_for(60_000)
    expect(tracer.locator(".edge.path")).to_have_count(10)
    expect(button(tracer, "Play")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("network=2-3-2-2,parameter=W1_32,step=99,factored=1", "Shared endings merged: ∂C/∂W⁽¹⁾₃₂"),
        ("network=9-9,parameter=W3_11,step=-7,x=1_2_3,weights=8", "network 2-2-2 computes C"),
        ("step=three,y=9_-9", "network 2-2-2 computes C"),
        ("parameter=,x=,factored=5", "Which paths lead from W⁽¹⁾₁₁ to C?"),
    ],
)
def test_an_address_is_brought_to_a_legal_state(page, write_page, address, sentence):
    tracer = open_explorers(page, write_page("plain"), address=f"#path-tracer:{address}")
    expect(caption(tracer)).to_contain_text(sentence)
    box(tracer, "y₁").focus()
    page.keyboard.press("ArrowRight")
    expect(box(tracer, "y₁")).to_have_attribute("aria-valuetext", "1.0")
    assert page.complaints == []


def test_two_views_of_one_agree_and_another_network_is_its_own(page, write_page):
    open_explorers(page, write_page("plain", "again", "deep"), count=3)
    first, again, deep = page.locator(".bpnet-explorable").all()
    button(first, "Last").click()
    shows(again, *at_the_end("2-2-2", "W1[0, 0]"))
    expect(caption(deep)).to_contain_text("network 2-3-3-2 computes C")
    expect(box(deep, "W⁽¹⁾₁₁")).to_have_attribute("aria-valuetext", "0.1")
    assert page.complaints == []


def test_a_phone_shows_the_map_legibly_and_what_is_lit(page, write_page):
    page.set_viewport_size({"width": 360, "height": 800})
    tracer = open_explorers(page, write_page("deep"))
    sizes = tracer.locator(".drawing text").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getCTM().a)"
    )
    assert min(sizes) >= 11
    tracer.get_by_label("Factor").check()
    button(tracer, "Next").click()
    frame = tracer.locator(".drawing").bounding_box()
    first = tracer.locator(".edge.delta").first.bounding_box()
    assert frame["x"] <= first["x"] < frame["x"] + frame["width"] / 2


@pytest.mark.parametrize("parameter", ["W1_11", "W3_23"])
def test_the_whole_map_fits_a_column_of_the_book(page, write_page, parameter):
    page.set_viewport_size({"width": 704, "height": 800})
    address = f"#path-tracer:network=2-3-3-2,parameter={parameter}"
    tracer = open_explorers(page, write_page("plain"), address=address)
    expect(tracer.locator(".node")).to_have_count(24)
    frame = tracer.locator(".drawing")
    assert frame.evaluate("frame => frame.scrollWidth - frame.clientWidth") == 0
