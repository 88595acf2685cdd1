"""Run the chapters side by side, each with one BLAS thread; cache what they show.

The cache's path holds a fingerprint of the code that the chapters call, so a changed
package or requirement can never leave a stale output behind.
"""

import hashlib
import logging
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.core.execute import ExecutionError, create_client
from myst_nb.core.read import create_nb_reader
from sphinx.util.display import status_iterator

SILENT = logging.Logger(__name__, level=logging.CRITICAL)


def fingerprint(root: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted([root / "requirements.txt", *(root / "bpnet").rglob("*")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def prepare(app, config):
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    caches = Path(app.outdir).parent / ".jupyter_cache"
    current = caches / fingerprint(Path(app.srcdir))
    for cache in caches.glob("*"):
        if cache != current:
            shutil.rmtree(cache)
    config.nb_execution_cache_path = str(current)


def run(env, name):
    """Run one chapter, if its outputs are not in the cache."""
    path = Path(env.doc2path(name))
    text = path.read_text(encoding="utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    if reader is None:
        return
    notebook = reader.read(text)
    # A chapter that fails is run again, and reported, when its page is read.
    with (
        suppress(ExecutionError),
        create_client(notebook, str(path), env.mystnb_config, SILENT, reader.read_fmt),
    ):
        pass


def run_side_by_side(app, env, names):
    """Fill the cache before the pages are read, as many chapters at a time as there are cores."""
    if len(names) < 2:
        return
    get_cache(app.config.nb_execution_cache_path).list_cache_records()  # the first use makes it
    pool = ThreadPoolExecutor(max(2, os.cpu_count() or 1))
    try:
        runs = {pool.submit(run, env, name): name for name in names}
        show = {"length": len(runs), "stringify_func": runs.get}
        for ended in status_iterator(as_completed(runs), "running chapters... ", **show):
            ended.result()
    finally:
        pool.shutdown(cancel_futures=True)


def setup(app):
    app.connect("config-inited", prepare)
    app.connect("env-before-read-docs", run_side_by_side)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
