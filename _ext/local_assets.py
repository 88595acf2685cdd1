"""Serve MathJax from the site itself; drop what the theme loads and no page needs."""

import shutil
from importlib.util import find_spec
from pathlib import Path

FONTS = "output/chtml/fonts/woff-v2"
EXTENSIONS = "input/tex/extensions"  # loaded when a formula asks for one, such as boldsymbol


def finish(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    source = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static/mathjax"
    for folder in (FONTS, EXTENSIONS):
        shutil.copytree(source / folder, static / "mathjax" / folder, dirs_exist_ok=True)
    shutil.copy(source / "tex-chtml.js", static / "mathjax/tex-chtml.js")
    # The theme's web font draws every icon; this script (1.5 MB) would draw them once more.
    (static / "scripts/fontawesome.js").write_text("")
    for source_map in static.rglob("*.map"):
        source_map.unlink()


def setup(app):
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
