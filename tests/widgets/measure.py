"""Print how long each explorable takes to draw a new state: a benchmark, no test.

Run it on the built book: .venv/bin/python tests/widgets/measure.py
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = Path(__file__).parents[2] / "_build/html"
# Milliseconds from the input to the finished layout, for each of 30 moves of a figure's sliders.
MOVES = """async (figure) => {
  const ranges = [...figure.querySelectorAll("input[type=range]")];
  const sliders = ranges.filter((one) => one.checkVisibility());
  const times = [];
  for (let n = 0; n < 30; n++) {
    const slider = sliders[n % sliders.length];
    const start = performance.now();
    n % 2 ? slider.stepDown(2) : slider.stepUp(1);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await Promise.resolve();
    figure.getBoundingClientRect();
    times.push(performance.now() - start);
    await new Promise((next) => requestAnimationFrame(next));
  }
  return times.sort((a, b) => a - b);
}"""


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for path in sorted(SITE.glob("chapters/*.html")):
            page.goto(path.as_uri())
            page.wait_for_load_state("networkidle")
            for figure in page.locator(".bpnet-explorable:not(.steps)").all():
                times = figure.evaluate(MOVES)
                name = figure.get_attribute("aria-label")
                print(f"{path.stem:26} {name:46} median {times[15]:5.1f}  most {times[-1]:5.1f} ms")
        browser.close()


if __name__ == "__main__":
    main()
