"""Training: what an epoch visits, what is recorded, what is refused, what diverges."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slopes import relative_error
from strategies import frozen, problems, seeds, snapshot

from bpnet import (
    SGD,
    Adam,
    Affine,
    DivergenceError,
    Momentum,
    Network,
    QuadraticLoss,
    Sigmoid,
    SigmoidWithLoss,
    Tanh,
    accuracy,
    fit,
)
from bpnet.datasets import two_moons, xor
from bpnet.training import batches

RULES = (SGD, Momentum, Adam)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def plan(**changes) -> dict:
    """The keywords of a short, quiet training."""
    plan = {"epochs": 2, "batch_size": 3, "optimizer": SGD(0.1), "rng": rng(), "progress": False}
    return {**plan, **changes}


class Recorder:
    """An optimizer that moves nothing and keeps what it was told."""

    def __init__(self):
        self.scales, self.gradients = [], []

    def step(self, parameters, gradients, scale=1.0):
        self.scales.append(scale)
        self.gradients.append({name: values.copy() for name, values in gradients.items()})


# -- learning --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_exclusive_or_is_learned(seed):
    network = Network.dense([2, 4, 1], rng(seed), Tanh, loss=SigmoidWithLoss())
    x, y = xor()
    history = fit(network, x, y, **plan(epochs=300, batch_size=4, optimizer=Adam(0.05)))
    assert history.cost[-1] < 0.05 < 0.5 < history.cost[0]
    assert accuracy(network, x, y) == 1
    np.testing.assert_array_equal(network.predict(x) > 0.5, y > 0.5)


@pytest.mark.parametrize(("kind", "rate"), [(SGD, 0.5), (Momentum, 0.1), (Adam, 0.02)])
def test_every_rule_tells_the_moons_apart(kind, rate):
    x, y = two_moons(200, 0.1, rng(1))
    network = Network.dense([2, 16, 2], rng(2))
    settings = plan(epochs=60, batch_size=20, optimizer=kind(rate))
    history = fit(network, x, y[:, 0], **settings)
    assert accuracy(network, x, y[:, 0]) >= 0.97
    assert history.cost[-1] < 0.3 * history.cost[0]


def test_training_a_line_by_hand():
    # yhat = w x + b from w = b = 0, one batch (1, 2), (3, 2): dJ/dw = -(2 + 6)/2, dJ/db = -2.
    network = Network([Affine([[0.0]], [0.0])], QuadraticLoss())
    history = fit(network, [[1], [3]], [[2], [2]], **plan(epochs=1, optimizer=SGD(0.5)))
    assert history.cost == [2.0]
    assert network.parameters["W1"].tolist() == [[2.0]]
    assert network.parameters["b1"].tolist() == [1.0]


# -- what an epoch visits --------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 40), seeds)
def test_batches_visit_every_sample_once(samples, batch_size, seed):
    found = list(batches(samples, batch_size, rng(seed)))
    assert sorted(np.concatenate(found)) == list(range(samples))
    assert all(len(rows) == batch_size for rows in found[:-1])
    assert 1 <= len(found[-1]) <= batch_size


def test_every_epoch_visits_every_sample_once_with_its_own_target():
    seen = []

    def watch(inputs, _):
        seen.append(inputs[:, 0].copy())
        return inputs

    # A net that computes yhat = x has no cost if every x keeps its own y.
    network = Network([Affine([[1.0]], [0.0])], QuadraticLoss())
    x = np.arange(10.0)[:, None]
    history = fit(network, x, x, **plan(epochs=3, batch_size=4, augment=watch))
    assert [len(rows) for rows in seen] == [4, 4, 2] * 3
    epochs = [np.concatenate(seen[i : i + 3]) for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert history.cost == [0, 0, 0]


@given(problems())
def test_one_large_batch_gives_the_gradient_of_the_whole_set(problem):
    network, x, y = problem
    recorder = Recorder()
    history = fit(network, x, y, **plan(epochs=1, batch_size=100, optimizer=recorder))
    cost, gradients = network.cost_and_gradients(x, y)
    assert history.cost == pytest.approx([cost], rel=1e-13)
    assert relative_error(recorder.gradients[0], gradients) <= 1e-12


def test_the_cost_of_an_epoch_is_the_mean_over_samples_not_over_batches():
    network = Network([Affine([[0.0]], [0.0])], QuadraticLoss())
    y = np.array([[1.0], [2.0], [3.0]])
    history = fit(network, y, y, **plan(epochs=2, batch_size=2, optimizer=Recorder()))
    assert history.cost == pytest.approx([(1 + 4 + 9) / 6] * 2, rel=1e-15)


def test_the_schedule_is_asked_at_every_step_and_scales_it():
    asked, recorder = [], Recorder()

    def half(progress):
        asked.append(progress)
        return progress / 2

    network = Network.dense([1, 2], rng())
    x, y = np.ones((5, 1)), np.zeros(5, int)
    fit(network, x, y, **plan(batch_size=2, optimizer=recorder, schedule=half))
    assert asked == pytest.approx([i / 6 for i in range(6)])
    assert recorder.scales == [progress / 2 for progress in asked]


def test_augment_gets_a_copy_and_the_generator_and_its_answer_is_used():
    generators = []

    def blank(inputs, generator):
        generators.append(generator)
        inputs[...] = 0
        return inputs

    network = Network([Affine([[1.0]], [0.0])], QuadraticLoss())
    x, y = np.ones((4, 1)), np.ones((4, 1))
    settings = plan(optimizer=Recorder(), augment=blank)
    history = fit(network, x, y, **settings)
    assert history.cost == [0.5, 0.5]
    assert all(generator is settings["rng"] for generator in generators)
    assert (x == 1).all()


# -- what is recorded ------------------------------------------------------------------------


def test_the_history_has_one_entry_an_epoch():
    x, y = two_moons(20, 0.1, rng())
    network = Network.dense([2, 3, 2], rng())
    held_out = (x[:7], y[:7, 0])
    history = fit(network, x, y[:, 0], **plan(epochs=3, held_out=held_out))
    assert list(history.epochs) == [1, 2, 3]
    assert len(history.cost) == len(history.held_out_cost) == len(history.held_out_accuracy) == 3
    assert history.held_out_cost[-1] == network.cost(*held_out)
    assert history.held_out_accuracy[-1] == accuracy(network, *held_out)


def test_without_held_out_data_there_is_nothing_to_record_of_it():
    x, y = xor()
    network = Network.dense([2, 1], rng(), loss=SigmoidWithLoss())
    history = fit(network, x, y, **plan())
    assert len(history.cost) == 2
    assert history.held_out_cost == history.held_out_accuracy == []


@pytest.mark.parametrize("y", [[0, 1, 2, 0], np.eye(3)[[0, 1, 2, 0]]])
def test_accuracy_by_hand(y):
    network = Network([Affine(np.eye(3), np.zeros(3))], QuadraticLoss())
    x = np.eye(3)[[0, 1, 1, 2]]
    assert accuracy(network, x, y) == 1 / 2


@pytest.mark.parametrize("y", [[0, 1, 1, 1], [[0], [1], [1], [1]]])
def test_accuracy_of_a_single_output_by_hand(y):
    network = Network([Affine([[1.0]], [0.0])], SigmoidWithLoss())
    assert accuracy(network, [[-1], [1], [2], [-3]], y) == 3 / 4


@pytest.mark.parametrize(
    ("y", "words"),
    [
        ([0], r"shape \(2, 3\) and y has shape \(1,\): they differ in the number of samples"),
        (np.ones((2, 1)), r"y has shape \(2, 1\), but the prediction has shape \(2, 3\)"),
        ([0, np.nan], r"y must be finite, .* y\[1\] is nan"),
    ],
)
def test_accuracy_refuses_targets_that_do_not_fit(y, words):
    network = Network([Affine(np.eye(3), np.zeros(3))], QuadraticLoss())
    with pytest.raises(ValueError, match=words):
        accuracy(network, np.eye(3)[:2], y)


# -- what stays the same ---------------------------------------------------------------------


@pytest.mark.parametrize("kind", RULES)
@given(problems(), seeds)
def test_a_generator_decides_everything_bit_for_bit(kind, problem, seed):
    network, x, y = problem
    runs = []
    for _ in range(2):
        twin = network.replace({n: v.copy() for n, v in network.parameters.items()})
        history = fit(twin, x, y, **plan(optimizer=kind(0.01), rng=rng(seed), held_out=(x, y)))
        runs.append((snapshot(twin), history))
    assert runs[0] == runs[1]


@pytest.mark.parametrize("kind", RULES)
@given(problems(dtype=np.float32))
def test_a_float32_network_stays_float32(kind, problem):
    network, x, y = problem
    fit(network, x.astype(float), y.astype(float), **plan(optimizer=kind(0.01)))
    found = {values.dtype for values in (network.parameters | network.gradients).values()}
    assert found == {np.dtype(np.float32)}


@given(problems())
def test_the_callers_data_stay_as_they_were(problem):
    network, x, y = problem
    x, y = frozen(x, y)
    before = x.tobytes(), y.tobytes()
    fit(network, x, y, **plan(held_out=(x, y)))
    assert (x.tobytes(), y.tobytes()) == before


# -- what is refused -------------------------------------------------------------------------

ONES = np.ones((4, 2))
LABELS = np.zeros(4, int)
BAD = {
    "no epochs": (ValueError, "epochs must be at least 1, got 0", {"epochs": 0}),
    "half an epoch": (TypeError, "epochs must be a whole number, got 0.5", {"epochs": 0.5}),
    "no batch": (ValueError, "batch_size must be at least 1, got 0", {"batch_size": 0}),
    "a seed": (TypeError, "rng must be a numpy.random.Generator .* got int", {"rng": 0}),
    "no rule": (TypeError, "optimizer must have a step, .* got None", {"optimizer": None}),
    "a class": (TypeError, "optimizer must have a step, .* got <class", {"optimizer": SGD}),
    "a number": (TypeError, "optimizer must have a step, .* got 0.1", {"optimizer": 0.1}),
    "wide x": (ValueError, r"x has shape \(4, 3\), expected \(m, 2\)", {"x": np.ones((4, 3))}),
    "one sample": (ValueError, r"x has shape \(2,\), expected \(m, 2\)", {"x": np.ones(2)}),
    "no sample": (ValueError, "an empty batch", {"x": ONES[:0], "y": LABELS[:0]}),
    "nan": (ValueError, r"x\[3, 1\] is nan", {"x": np.where(np.arange(8) < 7, 1, np.nan)}),
    "words": (TypeError, "x must hold numbers", {"x": np.full((4, 2), "a")}),
    "few labels": (ValueError, r"\(4, 2\) and y has shape \(3,\): they", {"y": LABELS[:3]}),
    "label 3": (ValueError, "labels must be in 0 .. 2, got 3 at position 1", {"y": [0, 3, 0, 0]}),
    "label -1": (ValueError, "labels must be in 0 .. 2, got -1", {"y": [0, 0, -1, 0]}),
    "label 0.5": (ValueError, "labels must be whole numbers, got 0.5", {"y": [0, 0.5, 0, 0]}),
    "label nan": (ValueError, r"y must be finite, .* y\[1\] is nan", {"y": [0, np.nan, 0, 0]}),
    "wide y": (ValueError, r"target has shape \(4, 2\), .* \(4, 3\)", {"y": ONES / 2}),
    "rows": (ValueError, "row of the target must sum to 1, row 0", {"y": np.ones((4, 3)) / 2}),
    "held out": (ValueError, r"x has shape \(4, 3\)", {"held_out": (np.ones((4, 3)), LABELS)}),
    "held labels": (ValueError, "labels must be in 0 .. 2", {"held_out": (ONES, LABELS + 3)}),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_changes(case):
    kind, words, changes = BAD[case]
    settings = {"x": ONES, "y": LABELS, **plan(), **changes}
    if case == "nan":
        settings["x"] = settings["x"].reshape(4, 2)
    network = Network.dense([2, 4, 3], rng())
    before = snapshot(network)
    with pytest.raises(kind, match=words) as error:
        fit(network, **settings)
    assert "\n" not in str(error.value)
    assert snapshot(network) == before
    if isinstance(settings["rng"], np.random.Generator):
        assert settings["rng"].bit_generator.state == rng().bit_generator.state


def test_weights_that_are_not_finite_are_refused():
    network = Network.dense([2, 3], rng())
    network.parameters["b1"][2] = np.nan
    with pytest.raises(ValueError, match=r"b1 must be finite, .* b1\[2\] is nan"):
        fit(network, ONES, LABELS, **plan())


# -- what diverges ---------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [SGD, Momentum])
def test_a_run_that_diverges_says_so_without_a_warning(kind, dtype):
    network = Network.dense([2, 3, 1], rng(), Tanh, loss=QuadraticLoss(), dtype=dtype)
    x, y = xor()
    words = r"training diverged: after \d+ steps .*; try a smaller learning rate"
    with pytest.raises(DivergenceError, match=words) as error:
        fit(network, x, y, **plan(epochs=1000, batch_size=4, optimizer=kind(1e6)))
    assert "\n" not in str(error.value)


def test_a_run_that_diverges_stops_at_once_and_not_at_the_end_of_the_epoch():
    # yhat = w + b for x = 1, eta = 10: each step multiplies the error by 1 - 2 * 10 = -19.
    # The cost overflows once 19^(2 k) / 2 passes 1.8e308: after k = 121 steps.
    steps = []

    def watch(inputs, _):
        steps.append(inputs)
        return inputs

    network = Network([Affine([[2.0]], [0.0])], QuadraticLoss())
    settings = plan(epochs=1, batch_size=1, optimizer=SGD(10), augment=watch)
    with pytest.raises(DivergenceError, match=r"after \d+ steps of an epoch the cost is inf; try"):
        fit(network, np.ones((1000, 1)), np.ones((1000, 1)), **settings)
    assert len(steps) == 122


@pytest.mark.filterwarnings("error")
def test_a_last_step_that_overflows_is_noticed():
    network = Network([Affine([[0.0]], [0.0])], QuadraticLoss())
    words = "training diverged: after 1 steps W1 is no longer finite"
    with pytest.raises(DivergenceError, match=words):
        fit(network, [[2.0]], [[4.0]], **plan(epochs=1, optimizer=SGD(1e308)))


def test_divergence_is_an_arithmetic_error():
    assert issubclass(DivergenceError, ArithmeticError)


# -- the progress bar ------------------------------------------------------------------------

RUN = """
import numpy as np
import bpnet
from bpnet.datasets import xor

x, y = xor()
rng = np.random.default_rng(0)
network = bpnet.Network.dense([2, 1], rng, loss=bpnet.SigmoidWithLoss())
bpnet.fit(network, x, y, epochs=2, batch_size=2, optimizer=bpnet.SGD(0.1), rng=rng,
          held_out=(x, y), progress={progress})
"""


@pytest.mark.parametrize(
    ("progress", "disable", "shown"),
    [
        (True, {}, True),
        (True, {"TQDM_DISABLE": "0"}, True),
        (True, {"TQDM_DISABLE": "1"}, False),
        (False, {}, False),
    ],
)
def test_the_bar_is_shown_unless_somebody_turned_it_off(progress, disable, shown):
    environment = {k: v for k, v in os.environ.items() if k != "TQDM_DISABLE"} | disable
    run = subprocess.run(
        [sys.executable, "-c", RUN.format(progress=progress)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ("4/4" in run.stderr) == shown
    assert bool(run.stderr.strip()) == shown
    assert run.stdout == ""


def test_a_layer_without_parameters_trains_along():
    layers = [Affine([[0.5]], [0.0]), Sigmoid(), Sigmoid(), Affine([[1.0]], [0.0])]
    network = Network(layers, QuadraticLoss())
    history = fit(network, [[1.0]], [[0.0]], **plan(epochs=50, optimizer=SGD(0.5)))
    assert history.cost[-1] < 1e-3 < history.cost[0]
