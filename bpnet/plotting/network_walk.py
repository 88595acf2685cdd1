"""The derivation of source 002 on the map of a 2-2-2 network: one drawing, one scene a step."""

from typing import NamedTuple

from matplotlib.figure import Figure

from bpnet.paths import Edge, NetworkMap, routes
from bpnet.plotting.diagram import Span, note
from bpnet.plotting.network_map import Drawing

LAST = ("W2[0, 0]", "W2[0, 1]", "W2[1, 0]", "W2[1, 1]")
FIRST = ("W1[0, 0]", "W1[0, 1]", "W1[1, 0]", "W1[1, 1]")
DELTA = r"\delta^{(2)}_j = (\hat{y}_j - y_j)\,\sigma'(z^{(2)}_j)"
LAST_WEIGHT = r"\dfrac{\partial C}{\partial W^{(2)}_{jk}} ="
FIRST_WEIGHT = r"\dfrac{\partial C}{\partial W^{(1)}_{jk}} ="
LAST_MATRIX = r"\dfrac{\partial C}{\partial W^{(2)}} = \delta^{(2)}\,(a^{(1)})^{\mathsf{T}}"
FIRST_MATRIX = (
    r"\delta^{(1)} = \left((W^{(2)})^{\mathsf{T}}\,\delta^{(2)}\right) \odot \sigma'(z^{(1)}), "
    r"\qquad \dfrac{\partial C}{\partial W^{(1)}} = \delta^{(1)}\, x^{\mathsf{T}}"
)
BACK = r"\left(\delta^{(2)}_1 W^{(2)}_{1j} + \delta^{(2)}_2 W^{(2)}_{2j}\right)"


class Scene(NamedTuple):
    """One step: a caption, formulas, and what lights up on the map.

    Either the paths from `starts` (the one numbered `only`, unless it is None), or the edges
    between two kinds of node. `words` names what is written on the edges: "factor" or "weight".
    With `merged`, all that follows a z of the last layer is marked as delta.
    """

    figures: tuple[int, ...]  # of the source
    caption: str
    formulas: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    only: int | None = None
    between: tuple[tuple[str, str], ...] = ()
    words: str = ""
    merged: bool = False


SCENES = (
    Scene(
        (1,),
        "The map: inputs x, then z and a of the hidden layer, z and ŷ "
        "of the last, the two terms of the loss, and the loss C. Every edge is an influence.",
    ),
    Scene(
        (2,),
        "The names: each weight lies on its edge. The upper number is the layer, the "
        "lower two say: to neuron j, from neuron k.",
        (r"z^{(l)}_j = \sum_k W^{(l)}_{jk}\,a^{(l-1)}_k + b^{(l)}_j",),
        between=(("x", "z1"), ("a1", "z2")),
        words="weight",
    ),
    Scene(
        (3,),
        "One weight of the last layer: one path, one factor for each edge. Read the "
        "product from the loss back to the weight.",
        (
            r"\dfrac{\partial C}{\partial W^{(2)}_{11}} = "
            r"1 \cdot (\hat{y}_1 - y_1) \cdot \sigma'(z^{(2)}_1) \cdot a^{(1)}_1",
        ),
        starts=LAST[:1],
        words="factor",
    ),
    Scene(
        (4,),
        "The other three weights of the last layer: one path each.",
        (LAST_WEIGHT + r" (\hat{y}_j - y_j)\,\sigma'(z^{(2)}_j)\,a^{(1)}_k",),
        starts=LAST[1:],
    ),
    Scene(
        (5, 6),
        "Sorted: all paths end alike. The shared ending is called delta, and "
        "the four slopes fill a matrix: row j has delta j, column k has activation k.",
        (DELTA, LAST_WEIGHT + r" \delta^{(2)}_j\,a^{(1)}_k, \qquad " + LAST_MATRIX),
        starts=LAST,
        merged=True,
    ),
    Scene(
        (7,),
        "One weight of the first layer: a first path, through the first term of the loss.",
        starts=FIRST[:1],
        only=0,
        words="factor",
    ),
    Scene(
        (7,),
        "The second path, through the second term. Both begin alike; their products are added.",
        (
            r"\dfrac{\partial C}{\partial W^{(1)}_{11}} = \left((\hat{y}_1 - y_1)\,"
            r"\sigma'(z^{(2)}_1)\,W^{(2)}_{11} + (\hat{y}_2 - y_2)\,\sigma'(z^{(2)}_2)\,"
            r"W^{(2)}_{21}\right) \sigma'(z^{(1)}_1)\,x_1",
        ),
        starts=FIRST[:1],
        only=1,
        words="factor",
    ),
    Scene(
        (8,),
        "Known endings: both paths end with a delta that the last layer has already computed.",
        (
            r"\dfrac{\partial C}{\partial W^{(1)}_{11}} = \left(\delta^{(2)}_1 W^{(2)}_{11} + "
            r"\delta^{(2)}_2 W^{(2)}_{21}\right) \sigma'(z^{(1)}_1)\,x_1",
        ),
        starts=FIRST[:1],
        merged=True,
    ),
    Scene(
        (9,),
        "The other three weights of the first layer: two paths each, the same two deltas.",
        (FIRST_WEIGHT + BACK + r"\,\sigma'(z^{(1)}_j)\,x_k",),
        starts=FIRST[1:],
        merged=True,
    ),
    Scene(
        (10, 11, 12),
        "Sorted: the brackets form a column, the transposed weights times "
        "delta. Entry by entry times the slopes, then the outer product with x.",
        (
            r"\left[\substack{\delta^{(2)}_1 W^{(2)}_{11} + \delta^{(2)}_2 W^{(2)}_{21} \\ "
            r"\delta^{(2)}_1 W^{(2)}_{12} + \delta^{(2)}_2 W^{(2)}_{22}}\right] = "
            r"(W^{(2)})^{\mathsf{T}}\,\delta^{(2)}",
            FIRST_MATRIX,
        ),
        starts=FIRST,
        merged=True,
    ),
    Scene(
        (13,),
        "Why the weights appear: an activation reaches a z through one edge only, and "
        "the slope is the weight on it.",
        (r"\dfrac{\partial z^{(2)}_j}{\partial a^{(1)}_k} = W^{(2)}_{jk}",),
        between=(("a1", "z2"),),
        words="weight",
    ),
    Scene(
        (14,),
        "Why the inputs appear: the slope of z by a weight is the number where its edge starts.",
        (r"\dfrac{\partial z^{(1)}_j}{\partial W^{(1)}_{jk}} = x_k",),
        between=(("x", "z1"),),
        words="input",
    ),
    Scene(
        (15,),
        "The pair of results, with the transpose in its place.",
        (
            DELTA.replace("_j", "").replace(r")\,", r") \odot ") + r", \qquad " + LAST_MATRIX,
            FIRST_MATRIX,
        ),
        starts=(*LAST, *FIRST),
        merged=True,
    ),
    Scene(
        (17,),
        "A bias: the same path as for a weight of its neuron, and the last factor is 1.",
        (r"\dfrac{\partial C}{\partial b^{(2)}_1} = \delta^{(2)}_1 \cdot 1",),
        starts=("b2[0]",),
        words="factor",
    ),
)


def walk(chart: NetworkMap) -> tuple[Figure, list[str]]:
    """Draw all scenes on the map of a 2-2-2 network; return the figure and the captions."""
    drawing = Drawing(chart, below=2.0)
    for number, scene in enumerate(SCENES, start=1):
        _draw(drawing, scene, (number, number))
    drawing.plain(len(SCENES))
    return drawing.figure, [scene.caption for scene in SCENES]


def _draw(drawing: Drawing, scene: Scene, steps: Span) -> None:
    late, early = _edges(drawing.chart, scene)
    words = {
        "": lambda one: "",
        "factor": lambda one: "1" if one.start[0] == "b" else f"${drawing.fraction(one)}$",
        "weight": lambda one: f"${_weight(drawing, one)}$",
        "input": lambda one: f"${drawing.tex(one.start)}$",
    }[scene.words]
    for start in scene.starts:
        drawing.parameter(start, steps=steps)
    drawing.light(early, "path", words if scene.starts else lambda one: "", steps=steps)
    for one in early if scene.between else ():  # on the edges, before they cross
        (x0, y0), (x, y) = drawing.point(one.start), drawing.point(one.end)
        place = x0 + 0.31 * (x - x0), y0 + 0.31 * (y - y0)
        note(drawing.axes, *place, words(one), "path", steps)
    drawing.light(late, "delta", steps=steps)
    for name in sorted({one.end for one in early if one.end[0] == "z" and late}):
        x, y = drawing.at[name]
        delta = rf"$\delta^{{({name[1]})}}_{int(name[3]) + 1}$"
        note(drawing.axes, x, y + 0.45, delta, "delta", steps)
    for row, formula in enumerate(scene.formulas):
        note(drawing.axes, 0.2, 1.55 - row, f"${formula}$", steps=steps, align="left")


def _edges(chart: NetworkMap, scene: Scene) -> tuple[list[Edge], list[Edge]]:
    """Return the edges to mark as delta and the other ones of a scene, each once."""
    found = [
        e for e in chart.edges if (e.start.split("[")[0], e.end.split("[")[0]) in scene.between
    ]
    for start in scene.starts:
        for number, route in enumerate(routes(chart, start)):
            if scene.only in (None, number):
                found += route.edges
    shared = [e for e in dict.fromkeys(found) if scene.merged and e.start[:2] in ("z2", "a2", "e[")]
    return shared, [e for e in dict.fromkeys(found) if e not in shared]


def _weight(drawing: Drawing, one: Edge) -> str:
    """Return the name of the weight on an edge between two layers."""
    j, k = one.end.split("[")[1][:-1], one.start.split("[")[1]
    return drawing.tex(f"W{one.end[1]}[{j}, {k}")
