"""Explorables: small interactive figures that run in Jupyter and in the built page."""

from importlib import import_module

_HOMES = {
    "DescentStepper": "bpnet.widgets.descent_stepper",
    "DrawDigit": "bpnet.widgets.draw_digit",
    "GraphStepper": "bpnet.widgets.graph_stepper",
    "LossExplorer": "bpnet.widgets.loss_explorer",
    "PathTracer": "bpnet.widgets.path_tracer",
    "PushPull": "bpnet.widgets.push_pull",
    "Steps": "bpnet.widgets.steps",
}

__all__ = [
    "DescentStepper",
    "DrawDigit",
    "GraphStepper",
    "LossExplorer",
    "PathTracer",
    "PushPull",
    "Steps",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
