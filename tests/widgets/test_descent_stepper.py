"""DescentStepper: traits in Python, mathematics in Node, behaviour in a real browser."""

import functools
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import traitlets
from explorables import WIDGETS, open_explorers, run_node
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
    widget = DescentStepper()
    before = getattr(widget, name)
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(widget, name, value)
    assert getattr(widget, name) == before
    with pytest.raises(traitlets.TraitError, match=sentence):
        DescentStepper(**{name: value})


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
    return run_node(folder, "descent_maths", change=change)


def test_the_mathematics_agrees_with_bpnet(tmp_path):
    result = run_tests(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "# fail 0" in result.stdout
