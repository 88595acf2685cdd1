"""Diagrams: parts named by their steps, arrows from border to border, clear errors."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.transforms import Bbox

from bpnet.plotting import diagram
from bpnet.plotting.diagram import FILLS, RADIUS, ROLES, canvas, edge, node, note

SIDE, HEIGHT, CORNER = RADIUS, 0.75 * RADIUS, 0.08  # half of a box, and its rounding


@pytest.fixture
def axes():
    figure, axes = canvas(8, 6)
    yield axes
    plt.close(figure)


def svg(axes) -> str:
    file = io.StringIO()
    axes.figure.savefig(file, format="svg")
    return file.getvalue()


def names(axes) -> list[str]:
    """The ids of all parts, in the order of drawing."""
    return re.findall(r'id="(step-[^"]*)"', svg(axes))


def ends(axes) -> list[np.ndarray]:
    """Where the arrow of step 99 starts, and where its tip is, in units of the canvas."""
    group = re.search(r'<g id="step-99-.*?</g>', svg(axes), re.DOTALL)[0]
    stem, head = (
        np.array(re.findall(r"[\d.]+ [\d.]+", path))
        for path in re.findall(r' d="(.*?)"', group, re.S)
    )
    unit = 72 * axes.figure.get_figwidth() / np.ptp(axes.get_xlim())
    points = [np.array(pair.split(), dtype=float) / unit for pair in (stem[0], head[1])]
    return [np.array([x, axes.get_ylim()[1] - y]) for x, y in points]


def test_a_canvas_has_the_units_asked_for():
    figure, axes = canvas(8, 6)
    assert (*axes.get_xlim(), *axes.get_ylim()) == (0, 8, 0, 6)
    assert figure.get_size_inches() == pytest.approx((7.2, 5.4))
    assert axes.get_position().bounds == (0, 0, 1, 1)
    plt.close(figure)
    figure, _ = canvas(8, 6, inches=4)
    assert figure.get_size_inches() == pytest.approx((4, 3))
    plt.close(figure)


def test_parts_are_named_by_their_steps(axes):
    node(axes, 1, 1, "x", steps=(1, None))
    node(axes, 4, 1, "z", kind="operation", steps=(2, 3))
    edge(axes, (1, 1), (4, 1), above="w", below="fixed", steps=(12, 15))
    note(axes, 2, 2, "words", steps=(4, 4))
    kinds = [name.rpartition("-")[0] for name in sorted(names(axes), key=number)]
    assert kinds == ["step-1-"] * 2 + ["step-2-3"] * 2 + ["step-12-15"] * 3 + ["step-4-4"]


def number(name: str) -> int:
    return int(name.rpartition("-")[2])


def test_every_part_has_a_name_of_its_own(axes):
    for _ in range(3):
        node(axes, 1, 1, "x", steps=(1, None))
        edge(axes, (1, 1), (4, 1), above="w", steps=(1, None))
    assert len(names(axes)) == len(set(names(axes))) == 12


def test_a_part_without_steps_has_no_name(axes):
    node(axes, 1, 1, "x")
    edge(axes, (1, 1), (4, 1), above="w", below="b")
    note(axes, 2, 2, "words")
    assert names(axes) == []


# --- Arrows ------------------------------------------------------------------------------------


def gap(point, centre, kind: str, role: str = "forward") -> float:
    """White units between the ink of an arrow's end and that of a node (circle or rounded box)."""
    ink = (ROLES[role]["linewidth"] + ROLES["forward"]["linewidth"]) / 2 / (0.9 * 72)
    place = np.abs(np.subtract(point, centre))
    if kind == "value":
        return np.hypot(*place) - RADIUS - ink
    x, y = place - (SIDE - CORNER, HEIGHT - CORNER)
    return np.hypot(max(x, 0), max(y, 0)) + min(max(x, y), 0) - CORNER - ink


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    angle=st.floats(0, 2 * np.pi),
    bend=st.floats(-0.4, 0.4),
    kinds=st.tuples(*[st.sampled_from(sorted(FILLS))] * 2),
    role=st.sampled_from(sorted(ROLES)),
)
def test_arrows_start_and_end_at_the_nodes_borders(angle, bend, kinds, role):
    plt.close("all")
    _, axes = canvas(8, 6)
    start, end = (4.0, 3.0), (4 + 2 * np.cos(angle), 3 + 2 * np.sin(angle))
    for point, kind in zip((start, end), kinds, strict=True):
        node(axes, *point, "x", kind=kind)
    edge(axes, start, end, bend=bend, role=role, steps=(99, None))
    for tip, point, kind in zip(ends(axes), (start, end), kinds, strict=True):
        assert 0 < gap(tip, point, kind, role) < 0.2 * RADIUS
    plt.close("all")


def test_an_arrow_to_a_bare_point_keeps_a_node_s_distance(axes):
    edge(axes, (1, 1), (4, 1), steps=(99, None))
    start, tip = ends(axes)
    assert start == pytest.approx((1 + 1.08 * RADIUS, 1), abs=0.02)
    assert tip == pytest.approx((4 - 1.08 * RADIUS, 1), abs=0.02)


def test_an_arrow_that_ends_in_a_node_is_found(axes, monkeypatch):
    """The gap of a circle is too small for the corner of a box."""
    monkeypatch.setattr(diagram, "_node_at", lambda axes, point: None)
    start, end = (1, 1), (1 + 10 * SIDE, 1 + 10 * HEIGHT)
    node(axes, *end, "x", kind="loss")
    edge(axes, start, end, steps=(99, None))
    assert gap(ends(axes)[1], end, "loss") < 0


@pytest.mark.parametrize("bend", [-0.5, 0.0, 0.5])
def test_words_stand_above_and_below_the_middle_of_the_arrow(axes, bend):
    edge(axes, (1, 3), (7, 3), above="up", below="down", bend=bend)
    up, down = (box.transformed(axes.transData.inverted()) for box in boxes(axes))
    middle = 3 - 6 * bend / 2
    assert up.y0 == pytest.approx(middle, abs=0.12)
    assert up.y0 > middle > down.y1
    assert (up.x0 + up.x1) / 2 == pytest.approx(4, abs=0.02)


def boxes(axes) -> list[Bbox]:
    return [text.get_window_extent() for text in axes.texts]


# --- Errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: node(axes, 1, 1, "x", role="front"),
        lambda axes: edge(axes, (1, 1), (2, 1), role="front"),
        lambda axes: note(axes, 1, 1, "x", role="front"),
    ],
    ids=["node", "edge", "note"],
)
def test_an_unknown_role_names_the_roles_and_draws_nothing(axes, draw):
    sentence = "no role 'front', expected one of forward, backward, path, delta, held"
    with pytest.raises(ValueError, match=sentence):
        draw(axes)
    assert (len(axes.patches), len(axes.texts)) == (0, 0)


def test_an_unknown_kind_names_the_kinds_and_draws_nothing(axes):
    sentence = "no kind 'box', expected one of value, operation, parameter, loss"
    with pytest.raises(ValueError, match=sentence):
        node(axes, 1, 1, "x", kind="box")
    assert (len(axes.patches), len(axes.texts)) == (0, 0)


@pytest.mark.parametrize("steps", [(0, None), (3, 2), (1, 0), (-1, 1)])
def test_steps_in_which_nothing_is_shown_are_refused(axes, steps):
    with pytest.raises(ValueError, match=re.escape(f"1 <= first <= last, not {steps}")):
        note(axes, 1, 1, "x", steps=steps)


def test_each_role_differs_by_more_than_its_colour():
    looks = [(str(role["linestyle"]), role["linewidth"]) for role in ROLES.values()]
    assert len(set(looks)) == len({role["color"] for role in ROLES.values()}) == len(ROLES)
