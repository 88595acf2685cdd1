"""The check of one layer accepts every layer of the package and names planted faults."""

import numpy as np
import pytest
from hypothesis import given
from strategies import away_from_zero, seeds

from bpnet import Add, Affine, Multiply, ReLU, Sigmoid, Tanh
from bpnet.layercheck import layercheck

X, Y = np.array([[0.5, -1.5], [2.0, 0.25], [-0.75, 1.0]]), np.full((3, 2), 0.5)
W, B = [[2.0, -1.0], [1.0, 3.0]], [1.0, -2.0]


@pytest.mark.parametrize("kind", [Sigmoid, Tanh, ReLU])
@given(away_from_zero((2, 3), 0.01))
def test_right_layers_of_one_input_agree(kind, x):
    assert layercheck(kind(), x).ok


@pytest.mark.parametrize("kind", [Multiply, Add])
@given(away_from_zero((2, 3)), away_from_zero((2, 3)))
def test_right_layers_of_two_inputs_agree(kind, x, y):
    report = layercheck(kind(), x, y)
    assert report.ok
    assert report.entries == 12


@given(seeds)
def test_affine_agrees_in_inputs_and_parameters_and_keeps_its_own(seed):
    rng = np.random.default_rng(seed)
    layer = Affine.random(3, 2, rng)
    before = layer.W.tobytes(), layer.b.tobytes()
    report = layercheck(layer, rng.standard_normal((4, 3)))
    assert report.ok
    assert report.entries == 12 + 6 + 2
    assert (layer.W.tobytes(), layer.b.tobytes()) == before


class WrongTranspose(Affine):
    def backward(self, upstream):
        return super().backward(upstream) @ np.linalg.inv(self.W) @ self.W.T


class FirstSampleOnly(Affine):
    def parameter_gradients(self, upstream):
        super().parameter_gradients(upstream)
        self.db = upstream[0]


class OtherWeights(Affine):
    def parameter_gradients(self, upstream):
        super().parameter_gradients(upstream)
        self.dW = self.dW.T


class LostSlope(Sigmoid):
    def backward(self, upstream):
        super().backward(upstream)
        return upstream


class NotExchanged(Multiply):
    def backward(self, upstream):
        return super().backward(upstream)[::-1]


@pytest.mark.parametrize(
    ("layer", "inputs", "where"),
    [
        (WrongTranspose(W, B), (X,), {"x"}),
        (FirstSampleOnly(W, B), (X,), {"b"}),
        (OtherWeights(W, B), (X,), {"W"}),
        (LostSlope(), (X,), {"x"}),
        (NotExchanged(), (X, Y), {"x", "y"}),
    ],
)
def test_a_planted_fault_is_found_by_name(layer, inputs, where):
    report = layercheck(layer, *inputs)
    assert not report.ok
    assert {entry.name[0] for entry in report.wrong} == where


def test_a_kink_is_named_and_is_no_fault():
    report = layercheck(ReLU(), [[1.5, 0.0, -2.0]])
    assert report.ok
    assert [entry.name for entry in report.kinks] == ["x[0, 1]"]


def test_what_the_layer_refuses_is_refused():
    with pytest.raises(ValueError, match=r"input of Affine has shape \(3,\), expected \(m, 2\)"):
        layercheck(Affine(W, B), np.ones(3))
