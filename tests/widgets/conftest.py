"""Pages that show explorables as the book does: in a real browser, without a kernel."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from explorables import ROOT
from nbclient import NotebookClient

HOST = ROOT / "assets/anywidget-static.js"
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def cells(request):
    """The real outputs of the module's CELLS: each cell's view, and the state of all widgets."""
    sources = request.module.CELLS
    code = [nbformat.v4.new_code_cell(source) for source in sources.values()]
    notebook = nbformat.v4.new_notebook(cells=code)
    NotebookClient(notebook, kernel_name="python3").execute()
    views = [cell.outputs[0]["data"][VIEW] for cell in notebook.cells]
    return dict(zip(sources, views, strict=True)), notebook.metadata.widgets[STATE]


@pytest.fixture
def write_page(cells, tmp_path):
    """Write a page that shows some cells as the book does, and return its path."""
    views, state = cells
    shutil.copy(HOST, tmp_path)

    def write(*names: str, change=lambda text: text) -> Path:
        def script(kind, value):
            return f'<script type="{kind}">{json.dumps(value)}</script>'

        shown = "".join(f"<div>{script(VIEW, views[name])}</div>" for name in names)
        held = json.loads(json.dumps(state))
        for model in held["state"].values():
            if esm := model["state"].get("_esm"):
                model["state"]["_esm"] = change(esm)
        (tmp_path / "page.html").write_text(
            '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>Explorables</title>'
            '<link rel="icon" href="data:,"><script defer src="anywidget-static.js"></script>'
            "</head><body><main><h1>Explorables</h1>"
            f'{shown}<h2 id="below" style="margin-top: 200vh">Below</h2></main>'
            f"{script(STATE, held)}</body></html>",
            encoding="utf-8",
        )
        return tmp_path / "page.html"

    return write


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.complaints = []
    page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()
