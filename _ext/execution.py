"""Run the chapters with one BLAS thread and no progress bars; cache what they show.

The cache's path holds a fingerprint of the code that the chapters call, so a changed
package or requirement can never leave a stale output behind.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path


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


def setup(app):
    app.connect("config-inited", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
