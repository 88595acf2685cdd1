"""A drawing that the reader steps through."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import traitlets
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from bpnet.widgets.bundle import bundle
from bpnet.widgets.explorable import HERE, Explorable

# Weight without use; and a style sheet that would apply to the whole page.
NEEDLESS = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", re.DOTALL)
PART = re.compile(r'id="step-(\d+)-(\d*)-\d+"')


class Steps(Explorable):
    """Show a figure of `bpnet.plotting.diagram` step by step, one caption for each step.

    `step` counts from 1 and is shared with Python. The figure is closed, so that it is not
    shown a second time. Raises ValueError if there is no caption, or if a part of the drawing
    belongs to a step without one; TraitError for a step that does not exist.
    """

    _esm = bundle(HERE / "steps.js")

    title = traitlets.Unicode().tag(sync=True, fixed=True)
    svg = traitlets.Unicode().tag(sync=True, fixed=True)
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True, fixed=True)
    step = traitlets.Int(1).tag(sync=True)

    def __init__(
        self,
        figure: Figure,
        captions: Sequence[str],
        title: str = "A drawing in steps",
        step: int = 1,
    ):
        if not captions:
            raise ValueError("a drawing to step through needs at least one caption")
        svg = _svg(figure)
        last = max(_steps(svg), default=1)
        if last > len(captions):
            raise ValueError(
                f"a part of the drawing belongs to step {last}, but there are only "
                f"{len(captions)} captions"
            )
        super().__init__(svg=svg, captions=list(captions), title=title, step=step)

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        step = proposal["value"]
        if not 1 <= step <= len(self.captions):
            raise traitlets.TraitError(
                f"step must be a whole number from 1 to {len(self.captions)}, not {step}."
            )
        return int(step)

    def __repr__(self) -> str:
        lines = [f"{n}. {caption}" for n, caption in enumerate(self.captions, start=1)]
        return "\n".join([f"{self.title} (interactive: needs a browser with scripts)", *lines])


def _svg(figure: Figure) -> str:
    """Return the figure as an SVG element, and close it."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)
    text = file.getvalue()
    return NEEDLESS.sub("", text[text.index("<svg") :])


def _steps(svg: str) -> Iterator[int]:
    """Yield the numbers of all steps that the parts of the drawing name."""
    return (int(number) for part in PART.findall(svg) for number in part if number)
