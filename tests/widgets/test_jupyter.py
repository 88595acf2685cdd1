"""Explorables in JupyterLab with a kernel: keys reach it, and Python shares its traits."""

import os
import socket
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import Page, expect

CELLS = [
    """import ipywidgets
from bpnet.widgets import LossExplorer
explorer, slider = LossExplorer(z=2.0), ipywidgets.FloatSlider(min=-8, max=8)
link = ipywidgets.jslink((explorer, "z"), (slider, "value"))
ipywidgets.VBox([explorer, slider])""",
    "print('Python sees', explorer.z, explorer.y, explorer.steps, explorer.guess)",
    "explorer.z = -5.0",
    """from bpnet.plotting.diagram import canvas, node
from bpnet.widgets import Steps
figure, axes = canvas(4, 2)
node(axes, 3, 1, "$C$", kind="loss", steps=(2, None))
drawing = Steps(figure, ["The input.", "The loss.", "The end."]); drawing""",
    "print('Python sees step', drawing.step); drawing.step = 1",
    """import numpy as np
from bpnet import Network
from bpnet.widgets import DrawDigit
pad = DrawDigit(Network.dense([784, 12, 10], np.random.default_rng(0)), wish=7); pad""",
    """probability = pad.network.predict(pad.seen[None])[0, 7]
print(f'Python sees {probability:.1%}, {pad.steps} step, ink {bool(pad.picture)}')""",
    "from bpnet.widgets import DescentStepper\nstepper = DescentStepper(); stepper",
    "print('Python sees', stepper.start, stepper.guess, len(stepper.walk())); stepper.eta = 0.2",
]
OTHERS = ["GraphStepper", "PathTracer", "PushPull"]
for name in OTHERS:
    CELLS += [
        f"from bpnet.widgets import {name}\nfigure = {name}(); start = figure.state; figure",
        f"print('{name}', 'moved' if figure.state != start else 'stands')\n"
        "for trait, value in start.items(): setattr(figure, trait, value)",
    ]


@pytest.fixture
def notebook(tmp_path):
    """The address of a notebook in a JupyterLab of its own."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "try.ipynb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    folders = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{name}": str(tmp_path / name) for name in folders}
    own["JUPYTERLAB_SETTINGS_DIR"] = own["JUPYTERLAB_WORKSPACES_DIR"] = str(tmp_path / "lab")
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options += ["--port-retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}"]
    with open(tmp_path / "log.txt", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_up(address, server)
            yield f"{address}/lab/tree/try.ipynb"
        finally:
            server.terminate()
            server.wait(30)


def wait_until_up(address: str, server: subprocess.Popen) -> None:
    while server.poll() is None:
        try:
            urlopen(f"{address}/api", timeout=60).close()
            return
        except URLError:
            continue
    pytest.fail(f"JupyterLab ended with code {server.returncode}")


def run_cell(page: Page, number: int):
    page.locator(".jp-Notebook .jp-Cell .cm-content").nth(number).click()
    page.keyboard.press("Shift+Enter")
    prompt = page.locator(".jp-Notebook .jp-InputPrompt").nth(number)
    expect(prompt).to_have_text(f"[{number + 1}]:", timeout=60_000)


def test_keys_links_and_python_share_one_state(browser, notebook):
    page = browser.new_page(viewport={"width": 1300, "height": 1400})
    page.goto(notebook)
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=60_000)
    run_cell(page, 0)
    slider = page.locator(".bpnet-explorable").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "2.1")
    expect(page.locator(".widget-readout")).to_have_text("2.10")
    for key in ["Tab", "ArrowRight", "Tab", "Enter", "Tab", "Tab", "Tab", "Enter"]:
        page.keyboard.press(key)
    run_cell(page, 1)
    expect(page.get_by_text("Python sees 2.1 1 1 quadratic", exact=True)).to_be_visible()
    run_cell(page, 2)
    expect(slider).to_have_attribute("aria-valuetext", "−5.0")
    slider.focus()
    page.keyboard.press("Escape")
    expect(slider).to_have_attribute("aria-valuetext", "2.0")
    expect(slider).to_be_focused()
    run_cell(page, 3)
    drawing = page.locator(".bpnet-explorable.steps")
    drawing.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(drawing.get_by_role("status")).to_have_text("Step 3 of 3. The end.")
    run_cell(page, 4)
    expect(page.get_by_text("Python sees step 3", exact=True)).to_be_visible()
    expect(drawing.get_by_role("status")).to_have_text("Step 1 of 3. The input.")
    run_cell(page, 5)
    pad = page.locator(".bpnet-explorable.draw-digit")
    pad.get_by_role("application").focus()
    page.keyboard.press("Shift+ArrowUp")
    pad.get_by_role("button", name="Take a step").focus()
    page.keyboard.press("Enter")
    expect(pad.get_by_role("status")).to_contain_text("After 1 step")
    seven = pad.get_by_role("row", name="7 (wish)").get_by_role("cell").first.inner_text()
    run_cell(page, 6)
    percent = seven.replace("\u00a0", "")
    expect(page.get_by_text(f"Python sees {percent}, 1 step, ink True", exact=True)).to_be_visible()
    run_cell(page, 7)
    stepper = page.locator(".bpnet-explorable.descent")
    stepper.get_by_role("slider", name="Start point").press("ArrowLeft")
    stepper.get_by_role("slider", name="Your guess").press("ArrowDown")
    stepper.get_by_role("button", name="Take the step").press("Enter")
    run_cell(page, 8)
    sees = "Python sees [3.9, 1.2] [1.0, 3.9, 1.1] 2"
    expect(page.get_by_text(sees, exact=True)).to_be_visible()
    expect(stepper.get_by_role("slider", name="Rate")).to_have_attribute("aria-valuetext", "0.2")
    for number, name in enumerate(OTHERS):
        python_and_the_page_answer_each_other(page, name, 9 + 2 * number)
    page.close()


def python_and_the_page_answer_each_other(page: Page, name: str, number: int):
    run_cell(page, number)
    cell = page.locator(".jp-Notebook .jp-Cell").nth(number)
    mark = cell.locator(".bpnet-explorable :is(input[type=range], [role=slider])").first
    before = mark.get_attribute("aria-valuetext")
    mark.press("ArrowRight")
    expect(mark).not_to_have_attribute("aria-valuetext", before)
    run_cell(page, number + 1)
    expect(page.get_by_text(f"{name} moved", exact=True)).to_be_visible()
    expect(mark).to_have_attribute("aria-valuetext", before)
