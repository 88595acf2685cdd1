"""Make each chapter's built notebook open in Colab, from the branch that holds the built site.

Colab reads notebooks, not Markdown, and has no bpnet: the button leads to the built notebook,
whose first cell installs the package. A notebook whose outputs came from the cache is written
without them, so they are put in here.
"""

from pathlib import Path

import nbformat
from jupyter_cache import get_cache

SITE_BRANCH = "gh-pages"
INSTALL = """\
import sys

if "google.colab" in sys.modules:
    %pip install -q "bpnet @ git+{repository}"
"""


def complete(path: Path, cache: str, repository: str) -> None:
    _, notebook = get_cache(cache).merge_match_into_notebook(nbformat.read(path, as_version=4))
    cell = nbformat.v4.new_code_cell(INSTALL.format(repository=repository).rstrip())
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    notebook.cells.insert(0, cell)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def adapt(app, pagename, templatename, context, doctree):
    built = context.get("ipynb_source")  # set when the theme has just copied the notebook
    if not built:
        return
    options = app.config.html_theme_options
    notebook = Path(app.outdir, "_sources", built)
    complete(notebook, app.config.nb_execution_cache_path, options["repository_url"])
    source = f"/blob/{options['repository_branch']}/{context['sourcename']}"
    for group in context["header_buttons"]:
        for button in group.get("buttons", []):
            if button["text"] == "Colab":
                target = f"/blob/{SITE_BRANCH}/_sources/{built}"
                button["url"] = button["url"].replace(source, target)


def setup(app):
    app.connect("html-page-context", adapt, priority=502)  # right after the theme's buttons
    return {"parallel_read_safe": True, "parallel_write_safe": True}
