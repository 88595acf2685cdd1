"""The data that chapters use: MNIST from files beside this module, and small toy sets."""

import gzip
import hashlib
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bpnet.checks import require_count, require_generator

MNIST_FOLDER = Path(__file__).parent / "data" / "mnist"
MNIST_SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "2ce76402208db033b8fb8adf154377f167e6ad5549666edae1721ad0044d194e"
    ),
    "train-labels-idx1-ubyte.gz": (
        "36f77cc2d42f377eb7437ec8c889c94c9e9ff5db70e744e8b83ece6ba3479d64"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "cd0584269ee376ff86e8473f5a760b60cfd49a36916034774e6fbb1c1c576020"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "91a75534ce85d6a4821a26557e350ce38b671390b8342b5605dbdb301272d31e"
    ),
}


class Mnist(NamedTuple):
    """The official split: images as rows of 784 pixels in [0, 1], labels as integers 0 .. 9."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def mnist(dtype: type = np.float32, folder: str | os.PathLike = MNIST_FOLDER) -> Mnist:
    """Return the 60,000 training and 10,000 test digits of MNIST; nothing is downloaded.

    Shapes: (60000, 784), (60000,), (10000, 784), (10000,). Raises FileNotFoundError if a file
    is missing, ValueError (with both hashes) if one is truncated or altered.
    Source: LeCun, Bottou, Bengio and Haffner, 1998; the licence stands beside the files.
    """
    parts = [read_idx(_checked(Path(folder) / name)) for name in MNIST_SHA256]
    x_train, y_train, x_test, y_test = parts
    return Mnist(
        _pixels(x_train, dtype), y_train.astype(int), _pixels(x_test, dtype), y_test.astype(int)
    )


def read_idx(content: bytes) -> np.ndarray:
    """Return the array of unsigned bytes that a gzip-compressed IDX file holds."""
    raw = gzip.decompress(content)
    axes = raw[3]
    shape = np.frombuffer(raw, ">i4", axes, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)


def shifted(images: np.ndarray, rng: "np.random.Generator") -> np.ndarray:
    """Return a batch of digits, all moved by the same random step of one pixel or none.

    Shape (m, 784) in and out; what leaves at one edge comes back at the other.
    """
    step = tuple(int(pixels) for pixels in rng.integers(-1, 2, size=2))
    moved = np.roll(images.reshape(-1, 28, 28), step, axis=(1, 2))
    return moved.reshape(images.shape)


def centred(drawing: np.ndarray) -> np.ndarray:
    """Return a drawing, ink from 0 to 1, as MNIST's makers brought theirs to (28, 28) pixels.

    Scaled so that the longer side of the ink's box is 20 pixels, each pixel the mean of what it
    covers; then moved by whole pixels until the centre of mass lies in pixel [14, 14]. What would
    leave the picture is lost. A drawing without ink gives an empty picture.
    """
    rows, columns = (np.flatnonzero(drawing.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((28, 28))
    box = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(box.shape)
    small = _means(box.shape[0], scale) @ box @ _means(box.shape[1], scale).T
    middle = np.arange(20) + 0.5
    top, left = (14 + int(middle @ small.sum(axis=axis) / small.sum() + 1e-9) for axis in (1, 0))
    return np.pad(small, 28)[top : top + 28, left : left + 28]


def xor() -> tuple[np.ndarray, np.ndarray]:
    """Return the four points of exclusive or, x of shape (4, 2), and their answers, y (4, 1)."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([[0.0], [1.0], [1.0], [0.0]])


def two_moons(
    samples: int, noise: float, rng: "np.random.Generator"
) -> tuple[np.ndarray, np.ndarray]:
    """Return points on two half circles, x (samples, 2), and their class, y (samples, 1).

    Each coordinate is moved by Gaussian noise of standard deviation `noise`. Raises TypeError
    if `rng` is not a generator, ValueError if there is no sample.
    """
    require_count("samples", samples)
    rng = require_generator(rng)
    upper = np.arange(samples) % 2 == 0
    angle = rng.uniform(0, np.pi, samples)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle))
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
    points = np.column_stack([x, y]) + noise * rng.standard_normal((samples, 2))
    return points, (~upper).astype(float)[:, None]


def _means(cells: int, scale: float) -> np.ndarray:
    """Return the matrix (20, cells) from cells to 20 pixels, each of 1/scale cells."""
    pixel, cell = np.arange(20)[:, None], np.arange(cells)
    covered = np.minimum((pixel + 1) / scale, cell + 1) - np.maximum(pixel / scale, cell)
    return scale * np.maximum(covered, 0)


def _checked(path: Path) -> bytes:
    """Return the bytes of one of MNIST's files; raise unless they are the official ones."""
    if not path.is_file():
        raise FileNotFoundError(f"MNIST's file {path.name} is missing from {path.parent}")
    content = path.read_bytes()
    found, expected = hashlib.sha256(content).hexdigest(), MNIST_SHA256[path.name]
    if found != expected:
        raise ValueError(
            f"MNIST's file {path.name} is truncated or altered: "
            f"its SHA-256 is {found}, expected {expected}"
        )
    return content


def _pixels(images: np.ndarray, dtype: type) -> np.ndarray:
    """Return images of unsigned bytes as rows of ink between 0 (paper) and 1."""
    return np.divide(images.reshape(len(images), -1), dtype(255), dtype=dtype)
