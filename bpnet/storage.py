"""Arrays by name in one .npz file, written whole or not at all, read without pickle."""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write `arrays` to `path`; a file already there is replaced only once the new one is whole."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".saving-", delete=False) as file:
        try:
            np.savez(file, **arrays)
        except BaseException:
            os.unlink(file.name)
            raise
    os.replace(file.name, path)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an .npz file by name.

    Raises FileNotFoundError if it is missing, ValueError if it is damaged or holds objects.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("it holds a single array")
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except (ValueError, EOFError, OSError, KeyError, zipfile.BadZipFile) as error:
        pickled = "pickle" in str(error).lower()
        reason = (
            "holds pickled objects, which are never loaded"
            if pickled
            else "is truncated or damaged"
        )
        raise ValueError(f"{path.name} is not a saved network: it {reason}") from error
