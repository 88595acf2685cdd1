"""MNIST from its official files, refused when altered; the toy sets."""

import hashlib
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import frozen, seeds

from bpnet.datasets import MNIST_FOLDER, MNIST_SHA256, mnist, shifted, two_moons, xor

# Counted from the label files once, and published with the data.
TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.fixture(scope="module")
def digits():
    return mnist(np.float64)


def test_the_official_split(digits):
    assert digits.x_train.shape == (60000, 784)
    assert digits.x_test.shape == (10000, 784)
    assert np.bincount(digits.y_train).tolist() == TRAIN_COUNTS
    assert np.bincount(digits.y_test).tolist() == TEST_COUNTS
    assert digits.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert digits.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_pixels_run_from_paper_to_ink(digits):
    assert digits.x_train.min() == digits.x_test.min() == 0
    assert digits.x_train.max() == digits.x_test.max() == 1
    assert digits.x_train.mean() == pytest.approx(33.318421449829934 / 255, rel=1e-12)


def test_float32_is_the_rule_and_holds_the_same_digits(digits):
    small = mnist()
    assert small.x_train.dtype == small.x_test.dtype == np.float32
    assert digits.x_train.dtype == np.float64
    np.testing.assert_array_equal(small.y_train, digits.y_train)
    np.testing.assert_array_equal(small.x_test, digits.x_test.astype(np.float32))


@pytest.mark.parametrize("name", MNIST_SHA256)
def test_the_files_are_the_official_ones(name):
    found = hashlib.sha256((MNIST_FOLDER / name).read_bytes()).hexdigest()
    assert found == MNIST_SHA256[name]


def test_the_notice_stands_beside_the_files():
    notice = (MNIST_FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    assert all(name in notice for name in ("LeCun", "Cortes", "Burges"))


@pytest.fixture
def copy(tmp_path):
    """A copy of MNIST's folder that may be harmed."""
    return shutil.copytree(MNIST_FOLDER, tmp_path / "mnist")


@pytest.mark.parametrize("name", MNIST_SHA256)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"MNIST's file {name} is missing from .*mnist"):
        mnist(folder=copy)


def harm(content: bytes, how: str) -> bytes:
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    return {"empty": b"", "truncated": content[:-1], "longer": content + b"\0", "altered": flipped}[
        how
    ]


@pytest.mark.parametrize("how", ["empty", "truncated", "longer", "altered"])
@pytest.mark.parametrize("name", MNIST_SHA256)
def test_a_harmed_file_is_named_with_both_hashes(copy, name, how):
    content = harm((copy / name).read_bytes(), how)
    (copy / name).write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    sentence = (
        f"MNIST's file {name} is truncated or altered: "
        f"its SHA-256 is {found}, expected {MNIST_SHA256[name]}"
    )
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        mnist(folder=copy)


def test_exclusive_or():
    x, y = xor()
    assert [(*map(int, point), int(answer)) for point, (answer,) in zip(x, y, strict=True)] == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]


@given(st.integers(1, 50), seeds)
def test_moons_without_noise_lie_on_their_half_circles(samples, seed):
    x, y = two_moons(samples, 0.0, np.random.default_rng(seed))
    assert x.shape == (samples, 2)
    assert y.shape == (samples, 1)
    upper, lower = x[y[:, 0] == 0], x[y[:, 0] == 1]
    assert 0 <= len(upper) - len(lower) <= 1
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-14)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-14)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_moons_depend_on_the_generator_alone_and_noise_moves_them():
    one, two, other = (two_moons(20, 0.1, np.random.default_rng(s))[0] for s in (1, 1, 2))
    assert one.tobytes() == two.tobytes() != other.tobytes()
    exact = two_moons(5000, 0.0, np.random.default_rng(0))[0]
    moved = two_moons(5000, 0.3, np.random.default_rng(0))[0] - exact
    assert moved.std() == pytest.approx(0.3, rel=0.02)


def test_moons_refuse_what_they_cannot_use():
    with pytest.raises(ValueError, match="samples must be at least 1, got 0"):
        two_moons(0, 0.1, np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"rng must be a .* got int"):
        two_moons(5, 0.1, 0)


@given(seeds)
def test_shifted_moves_the_whole_batch_by_at_most_one_pixel(seed):
    images = np.zeros((3, 28, 28))
    images[:, 10, 20] = [1, 2, 3]
    (rows,) = frozen(images.reshape(3, 784))
    moved = shifted(rows, np.random.default_rng(seed)).reshape(3, 28, 28)
    ((_, row, column),) = np.argwhere(moved == 1)
    assert abs(row - 10) <= 1
    assert abs(column - 20) <= 1
    assert moved[:, row, column].tolist() == [1, 2, 3]
    assert moved.sum() == 6


def test_shifted_goes_every_way():
    images = np.zeros((1, 784))
    images[0, 0] = 1
    rng = np.random.default_rng(0)
    assert len({int(shifted(images, rng).argmax()) for _ in range(100)}) == 9
