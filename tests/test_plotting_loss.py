"""The figures of the chapter on losses show the numbers that they are given."""

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from bpnet.losses import sigmoid_cross_entropy_gradient, softmax_cross_entropy_gradient
from bpnet.plotting import loss as figures

SCORES, TARGET = [4, 0, -1], [0, 1, 0]


def test_each_output_has_its_push_with_each_loss():
    softmax, sigmoids = figures.pushes_of_outputs(SCORES, TARGET).axes
    heights = [bar.get_height() for bar in softmax.patches]
    np.testing.assert_allclose(heights, softmax_cross_entropy_gradient(SCORES, TARGET))
    errors = sigmoid_cross_entropy_gradient(SCORES, TARGET)
    a = errors + TARGET
    heights = [bar.get_height() for bar in sigmoids.patches]
    np.testing.assert_allclose(heights, [*errors, *(errors * a * (1 - a))])
    assert [bool(bar.get_hatch()) for bar in sigmoids.patches] == [False] * 3 + [True] * 3
    words = [text.get_text() for text in sigmoids.texts]
    assert words == ["0.9820", "−0.5000", "0.2689", "0.0173", "−0.1250", "0.0529"]
    plt.close("all")
