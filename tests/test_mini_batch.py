"""A batch is its samples: one gradient, however the samples are grouped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpnet import SGD, Affine, Network, QuadraticLoss, ReLU, Sigmoid, SoftmaxWithLoss, Tanh
from bpnet.layers import Layer

HIDDEN = st.sampled_from([Sigmoid, Tanh, ReLU])
CUTS = st.lists(st.integers(1, 5), min_size=1, max_size=4)
SEEDS = st.integers(0, 10**6)


class Centred(Layer):
    """A layer in which the samples meet."""

    def forward(self, inputs):
        return inputs - inputs.mean(axis=0)

    def backward(self, upstream):
        return upstream - upstream.mean(axis=0)


def task(hidden, samples, seed):
    """A network with softmax, x (samples, 3) and labels (samples,)."""
    rng = np.random.default_rng(seed)
    network = Network.dense([3, 4, 2], rng, hidden, loss=SoftmaxWithLoss())
    return network, rng.standard_normal((samples, 3)), rng.integers(0, 2, samples)


def in_shards(network, x, y, sizes, weigh=lambda size, total: size / total):
    """The gradients of the shards, each times its weight, added."""
    parts, first = [], 0
    for size in sizes:
        machine = network.replace(network.parameters)
        machine.cost(x[first : first + size], y[first : first + size])
        parts.append(machine.backward(weigh(size, len(x))))
        first += size
    return {name: sum(part[name] for part in parts) for name in network.parameters}


def close(first, second):
    return all(np.allclose(first[p], second[p], rtol=1e-10, atol=1e-13) for p in first)


@given(HIDDEN, CUTS, SEEDS)
def test_shards_weighted_by_their_size_add_up_to_the_batch(hidden, sizes, seed):
    network, x, y = task(hidden, sum(sizes), seed)
    _, whole = network.cost_and_gradients(x, y)
    assert close(in_shards(network, x, y, sizes), whole)


@given(HIDDEN, st.integers(1, 8), SEEDS)
def test_the_loop_over_samples_gives_the_batch(hidden, samples, seed):
    network, x, y = task(hidden, samples, seed)
    _, whole = network.cost_and_gradients(x, y)
    assert close(in_shards(network, x, y, [1] * samples), whole)


@given(HIDDEN, SEEDS, st.permutations(range(6)))
def test_the_order_of_the_samples_does_not_matter(hidden, seed, order):
    network, x, y = task(hidden, 6, seed)
    _, whole = network.cost_and_gradients(x, y)
    assert close(network.cost_and_gradients(x[order], y[order])[1], whole)


@given(HIDDEN, st.integers(1, 5), SEEDS)
def test_writing_every_sample_twice_changes_nothing(hidden, samples, seed):
    network, x, y = task(hidden, samples, seed)
    cost, whole = network.cost_and_gradients(x, y)
    twice, doubled = network.cost_and_gradients(np.tile(x, (2, 1)), np.tile(y, 2))
    assert cost == pytest.approx(twice)
    assert close(doubled, whole)


@given(HIDDEN, SEEDS, st.integers(0, 4))
def test_another_sample_changes_one_row_of_the_errors(hidden, seed, n):
    network, x, y = task(hidden, 5, seed)
    network.cost(x, y)
    before = network.deltas()
    x[n] += 1.0
    network.cost(x, y)
    for old, new in zip(before, network.deltas(), strict=True):
        rows = np.flatnonzero(np.any(~np.isclose(old, new, rtol=1e-12, atol=1e-15), axis=1))
        assert set(rows) <= {n}


@given(SEEDS)
def test_upstream_m_turns_the_mean_into_the_sum(seed):
    network, x, y = task(Tanh, 5, seed)
    network.cost(x, y)
    total = network.backward(upstream=5.0)
    each = [network.cost_and_gradients(x[[n]], y[[n]])[1] for n in range(5)]
    assert close(total, {p: sum(slopes[p] for slopes in each) for p in total})


def test_whole_numbers_agree_to_the_last_bit():
    rng = np.random.default_rng(4)
    W1, W2, x, y = (
        rng.integers(-3, 4, shape).astype(float) for shape in ((3, 2), (2, 3), (4, 2), (4, 2))
    )
    network = Network([Affine(W1, [1, 0, -1]), ReLU(), Affine(W2, [2, 1])], QuadraticLoss())
    _, whole = network.cost_and_gradients(x, y)
    found = in_shards(network, x, y, [1, 1, 1, 1])
    assert all(np.array_equal(found[p], whole[p]) for p in whole)


def test_equal_weights_for_unequal_shards_are_noticed():
    network, x, y = task(Sigmoid, 10, 0)
    _, whole = network.cost_and_gradients(x, y)
    assert not close(in_shards(network, x, y, [9, 1], lambda size, total: 0.5), whole)


def test_a_layer_in_which_samples_meet_breaks_the_sum():
    rng = np.random.default_rng(0)
    network = Network([Affine.random(2, 2, rng), Centred(), Sigmoid()], QuadraticLoss())
    x, y = rng.standard_normal((4, 2)), rng.uniform(size=(4, 2))
    _, whole = network.cost_and_gradients(x, y)
    assert not close(in_shards(network, x, y, [2, 2]), whole)


def test_twenty_steps_in_shards_train_the_same_network():
    alone, x, y = task(Sigmoid, 10, 1)
    together = task(Sigmoid, 10, 1)[0]
    for _ in range(20):
        SGD(0.5).step(alone.parameters, alone.cost_and_gradients(x, y)[1])
        SGD(0.5).step(together.parameters, in_shards(together, x, y, [5, 3, 2]))
    assert close(together.parameters, alone.parameters)
