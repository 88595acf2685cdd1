"""What must hold on every page: each checker returns the faults it finds, in words."""

import gzip
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, Response, TimeoutError, expect

# Text that MathJax should have replaced, outside code; and formulas it could not read.
RAW_FORMULAS = r"""() => {
  const raw = /\$[^$\s][^$]*\$|\\\(|\\\[|\\begin\{/;
  const skipped = "script, style, pre, code, textarea, mjx-container";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (raw.test(data) && !parentElement.closest(skipped)) found.push(data.trim().slice(0, 80));
  }
  const errors = document.querySelectorAll("mjx-merror, [data-mjx-error]");
  return found.concat([...errors].map((e) => `MathJax: ${e.textContent}`));
}"""

BAD_ALTS = r"""() => [...document.images]
  .filter((image) => image.src.includes("/_images/"))
  .filter(({ alt }) => !alt.trim() || alt.includes("/") || /\.(svg|png|jpe?g|gif)$/.test(alt))
  .map((image) => `${image.src} has the text alternative "${image.alt}"`)"""

# Axe reads every element. Of the spans that colour code one of each kind stays, and of the
# formulas one of each kind; the text of the others stays, or the room they take.
SAMPLE = """() => {
  const known = new Set();
  const isKnown = (kind) => known.has(kind) || !known.add(kind);
  for (const span of document.querySelectorAll(".highlight pre span")) {
    const place = span.closest(".highlight").parentElement.className;
    if (isKnown(`${span.className} in ${place}`)) span.replaceWith(...span.childNodes);
  }
  const formulas = [...document.querySelectorAll("mjx-container")]
    .filter(({ attributes, parentElement }) =>
      isKnown(`${attributes.display?.value} formula in ${parentElement.tagName}`))
    .map((formula) => [formula, formula.getBoundingClientRect()]);
  for (const [formula, { width, height }] of formulas) {
    const room = document.createElement("span");
    room.style = `display: inline-block; width: ${width}px; height: ${height}px`;
    room.textContent = "xx";  // axe passes over single letters
    formula.replaceChildren(room);
  }
}"""

CUT_OFF = """() => {
  const wholes = [...document.querySelectorAll("mjx-math, img, svg, table, pre")];
  return wholes.filter(isCut).map(({ tagName, textContent, parentElement }) =>
    `${tagName} ${(textContent || parentElement.textContent).trim().slice(0, 80)}`);
  function isCut(whole) {
    const { right } = whole.getBoundingClientRect();
    for (let box = whole.parentElement; box; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      if (["auto", "scroll"].includes(overflowX)) return false;
      if (overflowX !== "visible" && right > box.getBoundingClientRect().right + 1) return true;
    }
    return false;
  }
}"""

UNFOLD = """() => {
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  document.querySelectorAll("button.toggle-button-hidden").forEach((button) => button.click());
}"""

SETTLE = """() => {
  for (const animation of document.getAnimations()) {
    if (Number.isFinite(animation.effect.getComputedTiming().endTime)) animation.finish();
  }
}"""


@dataclass
class Visit:
    """One page, opened for the first time, with all that happened on the way."""

    page: Page
    address: str
    name: str = ""
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)


def visit(browser: Browser, address: str, width: int = 1280) -> Visit:
    """Open a page with an empty cache and no other host in reach, and unfold what it folds."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.route(partial(is_foreign, address), lambda route: route.abort())
    visited = Visit(context.new_page(), address)
    page = visited.page
    page.on("console", lambda m: m.type == "error" and visited.console.append(m.text))
    page.on("pageerror", lambda error: visited.console.append(str(error)))
    page.on("request", lambda request: visited.requests.append(request.url))
    page.on("requestfailed", lambda request: visited.failed.append(request.url))
    page.on("response", lambda response: visited.responses.append(response))
    page.goto(address, wait_until="networkidle")
    page.evaluate("() => window.MathJax?.startup?.promise?.then(() => null)")
    page.evaluate(UNFOLD)
    page.evaluate(SETTLE)
    page.wait_for_load_state("networkidle")
    return visited


def darken(visited: Visit) -> None:
    """Switch the system to its dark scheme; the page, left to itself, follows."""
    visited.page.emulate_media(color_scheme="dark")
    visited.page.wait_for_selector("html[data-theme=dark]", state="attached", timeout=5_000)
    visited.page.evaluate(SETTLE)


def console_errors(visited: Visit) -> list[str]:
    return visited.console


def failed_requests(visited: Visit) -> list[str]:
    refused = [f"{r.status} {r.url}" for r in visited.responses if r.status >= 400]
    return visited.failed + refused


def is_foreign(address: str, url: str) -> bool:
    """Whether a page at the address asks another host for the url."""
    here, there = urlsplit(address), urlsplit(url)
    own = {(here.scheme, here.netloc), ("data", ""), ("blob", "")}
    return (there.scheme, there.netloc) not in own


def foreign_requests(visited: Visit) -> list[str]:
    return [url for url in visited.requests if is_foreign(visited.address, url)]


def unrendered_formulas(visited: Visit) -> list[str]:
    return visited.page.evaluate(RAW_FORMULAS)


def inaccessible(visited: Visit, rules: Sequence[str] = ()) -> list[str]:
    """Axe's serious and critical violations of all rules, or of some.

    Axe may not reload style sheets for them.
    """
    visited.page.evaluate(SAMPLE)
    options = {"preload": False, "resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    violations = Axe().run(visited.page, options=options).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])} places)"
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]


def overflow(visited: Visit) -> list[str]:
    wide, window = visited.page.evaluate(
        "() => [Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),"
        " document.documentElement.clientWidth]"
    )
    return [f"the page is {wide} px wide in a window of {window} px"] if wide > window else []


def cut_off(visited: Visit) -> list[str]:
    """Formulas and figures of which a box that does not scroll hides a part."""
    return visited.page.evaluate(CUT_OFF)


def images_without_words(visited: Visit) -> list[str]:
    return visited.page.evaluate(BAD_ALTS)


DEAD = r"""() => [...document.querySelectorAll('script[type$="widget-view+json"]')]
  .map((script) => [script, script.previousElementSibling?.querySelector(".bpnet-explorable")])
  .flatMap(([script, figure], n) => {
    const said = figure?.querySelector("[role=status]")?.textContent;
    if (!said) return [`figure ${n + 1} has not started`];
    const still = script.closest(".cell")?.nextElementSibling;
    const shown = still?.matches(".tag_still") && still.checkVisibility();
    return shown ? [`the still picture of ${figure.ariaLabel} stands beside it`] : [];
  })"""


def dead_explorables(visited: Visit) -> list[str]:
    with suppress(TimeoutError):
        visited.page.wait_for_function(f"({DEAD})().length === 0", timeout=3_000)
    return visited.page.evaluate(DEAD)


CHECKERS = [
    console_errors,
    failed_requests,
    foreign_requests,
    unrendered_formulas,
    overflow,
    cut_off,
    images_without_words,
    dead_explorables,
]


def faults(visited: Visit, rules: Sequence[str] = ()) -> dict[str, list[str]]:
    """The faults of a page by the name of their checker; `rules` are axe's, all if empty."""
    found = {check.__name__: check(visited) for check in CHECKERS}
    found["inaccessible"] = inaccessible(visited, rules)
    return {name: texts for name, texts in found.items() if texts}


def work_explorables(page: Page) -> None:
    """Every figure answers its keys, and Reset brings it back."""
    for figure in page.locator(".bpnet-explorable").all():
        before = figure.text_content()
        for control in figure.locator("input[type=range], [role=slider]").all():
            control.press("ArrowRight")
        expect(figure).not_to_have_text(before)
        figure.get_by_role("button", name="Reset").press("Enter")
        expect(figure).to_have_text(before)


def weight(visited: Visit) -> int:
    """Bytes over the wire, all assets counted, as a server that compresses would send them."""
    sent = [r for r in visited.responses if r.ok and not r.url.startswith("blob:")]
    bodies = [response.body() for response in sent]
    return sum(min(len(body), len(gzip.compress(body, 6))) for body in bodies)


def explorables(soup: BeautifulSoup) -> dict[str, set[str]]:
    """The explorables of a page by name, with the traits that an address may hold."""
    found = {}
    for script in soup.select('script[type="application/vnd.jupyter.widget-state+json"]'):
        for model in json.loads(script.string)["state"].values():
            name, _, traits = model["state"].get("_address", "").partition(":")
            found[name] = set(traits.split(","))
    return found


def is_possible(situation: str, names: dict[str, set[str]]) -> bool:
    """Whether a text such as `loss-explorer:z=1,y=0` fits an explorable of the page."""
    name, _, settings = situation.partition(":")
    traits = set(re.findall(r"(?:^|,)(\w+)=[^,=]+", settings))
    return name in names and bool(traits) and traits <= names[name]


def broken_links(site: Path) -> list[str]:
    """Links and sources between the site's own files that lead to no file, anchor or situation."""
    pages = {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    anchors = {path: {tag["id"] for tag in soup.select("[id]")} for path, soup in pages.items()}
    broken = []
    for path, soup in pages.items():
        for tag in soup.select("[href], [src]"):
            link = tag.get("href") or tag.get("src") or ""
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            lost = anchor and target in anchors and anchor not in anchors[target]
            situation = tag.get("data-situation")
            strange = situation is not None and not is_possible(situation, explorables(soup))
            if not target.is_file() or lost or strange:
                broken.append(f"{path.relative_to(site)}: {link}")
    return broken
