"""Mini-batch training, with a progress bar and a history."""

import math
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from bpnet.checks import (
    require_count,
    require_finite,
    require_generator,
    require_same_length,
    require_same_shape,
)
from bpnet.network import Network
from bpnet.optimizers import constant


class Optimizer(Protocol):
    """What `fit` asks of an optimizer: one in-place step for all parameters."""

    def step(self, parameters: dict, gradients: dict, scale: float = 1.0) -> None: ...


class DivergenceError(ArithmeticError):
    """Training left the range of finite numbers."""


@dataclass
class History:
    """What happened, epoch by epoch: mean training cost, and cost and accuracy on held-out data."""

    cost: list[float] = field(default_factory=list)
    held_out_cost: list[float] = field(default_factory=list)
    held_out_accuracy: list[float] = field(default_factory=list)

    @property
    def epochs(self) -> range:
        """The epochs, counted from 1."""
        return range(1, len(self.cost) + 1)


def fit(
    network: Network,
    x: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int,
    batch_size: int,
    optimizer: Optimizer,
    rng: "np.random.Generator",
    held_out: tuple[ArrayLike, ArrayLike] | None = None,
    schedule: Callable[[float], float] = constant,
    augment: Callable[[np.ndarray, "np.random.Generator"], np.ndarray] | None = None,
    progress: bool = True,
) -> History:
    """Train `network` in place on (x, y) and return the history.

    x has shape (m, n_0); y is what the network's loss takes. Each epoch visits every sample
    once, in an order drawn from `rng`, `batch_size` rows at a time (the last batch may be
    smaller). `schedule` scales the learning rate, `augment` may return changed copies of a
    batch's inputs. Bad input raises ValueError or TypeError before anything is changed; a cost
    that is not finite raises DivergenceError.
    """
    require_count("epochs", epochs)
    require_count("batch_size", batch_size)
    require_generator(rng)
    _require_optimizer(optimizer)
    x, y = _training_data(network, x, y)
    if held_out is not None:
        held_out = _training_data(network, *held_out)
    changed = (lambda inputs: augment(inputs, rng)) if augment else np.asarray
    history, steps, total = History(), 0, epochs * math.ceil(len(x) / batch_size)
    with _progress_bar(total, progress) as bar, np.errstate(over="ignore", invalid="ignore"):
        for _ in range(epochs):
            plan = [
                (rows, schedule((steps + k) / total))
                for k, rows in enumerate(batches(len(x), batch_size, rng))
            ]
            history.cost.append(train_epoch(network, x, y, _counted(plan, bar), optimizer, changed))
            steps += len(plan)
            _require_finite_weights(network, steps)
            if held_out is not None:
                inputs, target = network.forward(held_out[0]), held_out[1]
                history.held_out_cost.append(float(network.loss.mean(inputs, target)))
                history.held_out_accuracy.append(_share(network.loss.predict(inputs), target))
                bar.set_postfix(accuracy=history.held_out_accuracy[-1])
    return history


def train_epoch(
    network: Network,
    x: np.ndarray,
    y: np.ndarray,
    plan: Iterable[tuple[np.ndarray, float]],
    optimizer: Optimizer,
    changed: Callable[[np.ndarray], np.ndarray] = np.asarray,
) -> float:
    """Take one step for each (rows, scale) of `plan` and return the mean cost on the way.

    x and y must be checked and encoded, as `fit` does; `changed` may augment the inputs.
    """
    parameters, total = network.parameters, 0.0
    network.training = True
    try:
        for steps, (rows, scale) in enumerate(plan):
            cost = network.loss.mean(network.forward(changed(x[rows])), y[rows])
            _require_finite_cost(cost, steps)
            optimizer.step(parameters, network.backward(), scale)
            total += float(cost) * len(rows)
    finally:
        network.training = False
    return total / len(x)


def accuracy(network: Network, x: ArrayLike, y: ArrayLike) -> float:
    """Return the share of rows whose largest prediction is the target's class.

    `y` holds labels (m,) or rows (m, n) whose largest entry marks the class; with a single
    output, the prediction counts as class 1 above one half. Raises ValueError as `predict` does.
    """
    predictions, y = network.predict(x), np.asarray(y)
    require_same_length(predictions, y)
    require_finite("y", y)
    if y.ndim > 1:
        require_same_shape("y", y.shape, "the prediction", predictions.shape)
    return _share(predictions, y)


def batches(samples: int, batch_size: int, rng: "np.random.Generator") -> Iterator[np.ndarray]:
    """Yield the row numbers of one epoch's batches, every sample once, in a random order."""
    order = rng.permutation(samples)
    for start in range(0, samples, batch_size):
        yield order[start : start + batch_size]


def _counted(plan: list[tuple[np.ndarray, float]], bar: Any) -> Iterator[tuple[np.ndarray, float]]:
    for item in plan:
        yield item
        bar.update()


def _training_data(network: Network, x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return x in the network's float type and y as the loss wants it, both checked."""
    x = network.checked_input(x)
    y = np.asarray(y)
    require_same_length(x, y)
    require_finite("y", y)
    outputs = np.broadcast_to(np.zeros(1, network.dtype), (len(x), network.sizes[-1]))
    return x, network.loss.encode(y, outputs)


def _share(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the share of predictions whose class is that of the target."""
    if predictions.shape[1] == 1:
        return float(np.mean((predictions > 0.5) == (y.reshape(-1, 1) > 0.5)))
    return float(np.mean(predictions.argmax(axis=1) == (y.argmax(axis=1) if y.ndim == 2 else y)))


def _require_optimizer(optimizer: object) -> None:
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "step", None)):
        raise TypeError(f"optimizer must have a step, such as bpnet.SGD(0.1), got {optimizer!r}")


def _require_finite_cost(cost: float, steps: int) -> None:
    if not math.isfinite(cost):
        raise DivergenceError(
            f"training diverged: after {steps} steps of an epoch the cost is {cost}; "
            "try a smaller learning rate, or look for a wrong gradient with bpnet.gradcheck"
        )


def _require_finite_weights(network: Network, steps: int) -> None:
    for name, values in network.parameters.items():
        if not np.isfinite(values).all():
            raise DivergenceError(
                f"training diverged: after {steps} steps {name} is no longer finite; "
                "try a smaller learning rate"
            )


def _progress_bar(total: int, show: bool) -> Any:
    from tqdm.auto import tqdm

    silenced = os.environ.get("TQDM_DISABLE", "0") not in ("", "0")
    return tqdm(total=total, unit="step", leave=False, disable=silenced or not show)
