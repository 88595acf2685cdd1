"""Arrays by name in one .npz file, written whole or not at all, read without pickle."""

import os
import zipfile
import zlib
from pathlib import Path

import numpy as np

# What NumPy and zipfile raise for a file that is not whole.
DAMAGE = (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write `arrays` to `path`; a file already there is replaced only once the new one is whole."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(partial, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file by name.

    Raises FileNotFoundError if it is missing, ValueError if it is damaged or holds anything but
    floats.
    """
    try:
        file = np.load(path, allow_pickle=False)
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("it holds a single array")
        with file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except DAMAGE as error:
        pickled = "pickle" in str(error).lower()
        reason = (
            "holds pickled objects, which are never loaded"
            if pickled
            else "is truncated or damaged"
        )
        raise ValueError(f"{path.name} is not a saved network: it {reason}") from error
    for name, values in arrays.items():
        if values.dtype.kind != "f":
            raise ValueError(
                f"{path.name} is not a saved network: {name} holds {values.dtype}, not floats"
            )
    return arrays
