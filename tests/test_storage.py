"""Saved networks: whole or not at all, no pickle, nothing half-changed."""

import contextlib
import pickle

import numpy as np
import pytest
from hypothesis import given
from strategies import problems, snapshot

from bpnet import Network


def network(sizes=(2, 3, 2), seed=0, dtype=float) -> Network:
    return Network.dense(sizes, np.random.default_rng(seed), dtype=dtype)


@pytest.fixture
def path(tmp_path):
    """A saved network of sizes 2, 3, 2."""
    network().save(tmp_path / "digits.npz")
    return tmp_path / "digits.npz"


def refused(path, words: str, target: Network | None = None) -> None:
    """Loading must raise ValueError with `words`, in one line, and change nothing."""
    target = target or network(seed=1)
    before = snapshot(target)
    with pytest.raises(ValueError, match=words) as error:
        target.load(path)
    assert "\n" not in str(error.value)
    assert snapshot(target) == before


@given(problems())
def test_what_is_saved_comes_back_bit_for_bit(tmp_path_factory, problem):
    trained, x, _ = problem
    path = tmp_path_factory.mktemp("saved") / "trained"
    trained.save(path)
    fresh = trained.replace({n: np.zeros_like(v) for n, v in trained.parameters.items()})
    fresh.load(str(path))
    assert snapshot(fresh) == snapshot(trained)
    assert fresh.predict(x).tobytes() == trained.predict(x).tobytes()
    assert list(path.parent.iterdir()) == [path]


def test_a_network_keeps_its_float_type_when_it_loads(path):
    small = network(dtype=np.float32, seed=1)
    small.load(path)
    expected = {n: v.astype(np.float32).tobytes() for n, v in network().parameters.items()}
    assert small.dtype == np.float32
    assert snapshot(small) == expected


def test_a_file_truncated_anywhere_is_refused(path):
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        refused(path, "digits.npz is not a saved network: it ")


def test_an_altered_file_is_refused_or_harmless(path):
    whole = path.read_bytes()
    saved = snapshot(network())
    for position in range(0, len(whole), 3):
        altered = bytearray(whole)
        altered[position] ^= 0xFF
        path.write_bytes(altered)
        target = network(seed=1)
        before = snapshot(target)
        with contextlib.suppress(ValueError):
            target.load(path)
            before = saved
        assert snapshot(target) == before


@pytest.mark.parametrize("content", [b"", b"PK", b"no network at all", b"\x93NUMPY"])
def test_a_file_of_another_kind_is_refused(path, content):
    path.write_bytes(content)
    refused(path, "digits.npz is not a saved network: it ")


def test_a_single_array_is_refused(path):
    with open(path, "wb") as file:
        np.save(file, np.ones(3))
    refused(path, "digits.npz is not a saved network")


def test_another_architecture_is_refused_with_both(path):
    refused(path, r"parameters of digits.npz are W1, W2, b1, b2, .* \[2, 2\]", network((2, 2)))
    words = r"W1 of digits.npz has shape \(3, 2\), but W1 of this network has shape \(4, 2\)"
    refused(path, words, network((2, 4, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["W1", "b2"])
def test_a_number_that_is_not_finite_is_named(path, name, bad):
    broken = network()
    broken.parameters[name].flat[-1] = bad
    broken.save(path)
    refused(path, rf"{name} must be finite, .* {name}\[.*\] is {bad}")


@pytest.mark.filterwarnings("error")
def test_a_number_too_large_for_float32_is_named(path):
    large = network()
    large.parameters["W2"][1, 0] = 1e300
    large.save(path)
    words = r"W2 must be finite, .* W2\[1, 0\] is inf"
    refused(path, words, network(dtype=np.float32, seed=1))


@pytest.mark.parametrize("kind", [complex, int, str])
def test_anything_but_floats_is_refused(path, kind):
    arrays = {**network().parameters, "b1": np.ones(3).astype(kind)}
    np.savez(path, **arrays)
    refused(path, "digits.npz is not a saved network: b1 holds .*, not floats")


class Trap:
    """Unpickling this writes a file."""

    def __init__(self, sprung):
        self.sprung = sprung

    def __reduce__(self):
        return open, (str(self.sprung), "w")


@pytest.mark.parametrize("wrapped", [True, False])
def test_pickled_objects_are_refused_and_never_run(path, tmp_path, wrapped):
    sprung = tmp_path / "sprung"
    if wrapped:
        arrays = {**network().parameters, "b1": np.array([Trap(sprung)] * 3)}
        np.savez(path, allow_pickle=True, **arrays)
    else:
        path.write_bytes(pickle.dumps(Trap(sprung)))
    refused(path, "digits.npz is not a saved network: it holds pickled objects")
    assert not sprung.exists()


def test_a_missing_file_is_called_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npz"):
        network().load(tmp_path / "nowhere.npz")


def test_a_save_that_fails_leaves_the_old_file_and_no_other(path, monkeypatch):
    whole = path.read_bytes()

    def full_disk(file, **arrays):
        file.write(b"PK")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="no space left"):
        network(seed=1).save(path)
    assert path.read_bytes() == whole
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_is_no_place_to_save(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        network().save(tmp_path / "folder")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]
