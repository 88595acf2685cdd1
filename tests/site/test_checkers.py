"""Every checker of the site is proved by a fault planted in a sound page."""

import os

import checkers
import pytest

SOUND = """<!doctype html>
<html lang="en"><head><title>Sound</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Sound</h1><p>It costs $5, and <code>$x$</code> is code.</p>{}</main></body></html>
"""

VIEW = "application/vnd.jupyter.widget-view+json"
FIGURE = (
    "<div><div class='bpnet-explorable'><p role='status'>Moved.</p></div></div>"
    f"<script type='{VIEW}'>{{}}</script>"
)

PLANTED = [
    ("console_errors", "<script>console.error('planted')</script>"),
    ("console_errors", "<script>undefinedFunction()</script>"),
    ("failed_requests", "<img src='missing.png' alt='A planted picture'>"),
    ("foreign_requests", "<img src='http://elsewhere.invalid/a.png' alt='A planted picture'>"),
    ("unrendered_formulas", "<p>The slope $x^2$ is raw.</p>"),
    ("unrendered_formulas", r"<p>The slope \(x\) is raw.</p>"),
    ("unrendered_formulas", "<details><p>$$x$$</p></details>"),
    ("unrendered_formulas", "<mjx-merror>Undefined control sequence</mjx-merror>"),
    ("inaccessible", "<button></button>"),
    ("inaccessible", "<p style='color: #aaa; background: #fff'>Pale words</p>"),
    (
        "inaccessible",
        "<div class='highlight'><pre><span class='k' style='color: #aaa'>if</span></pre></div>",
    ),
    (
        "inaccessible",
        "<p><mjx-container>y</mjx-container></p>"
        "<p style='color: #aaa; background: #fff'><mjx-container>z</mjx-container></p>",
    ),
    ("inaccessible", "<details><summary>More</summary><button></button></details>"),
    ("overflow", "<div style='width: 900px'>Wide</div>"),
    ("cut_off", "<div style='overflow: hidden'><pre style='width: 900px'>x</pre></div>"),
    ("images_without_words", "<img src='_images/a.svg' alt='../_images/a.svg'>"),
    ("images_without_words", "<img src='_images/a.svg' alt=' '>"),
    ("dead_explorables", f"<script type='{VIEW}'>{{}}</script>"),
    ("dead_explorables", f"<p></p><script type='{VIEW}'>{{}}</script>"),
    ("dead_explorables", f"<div class='cell'>{FIGURE}</div><div class='tag_still'>still</div>"),
]


@pytest.fixture
def visit_page(visit, serve, tmp_path):
    (tmp_path / "_images").mkdir()
    (tmp_path / "_images/a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    address = serve(tmp_path)

    def visit_fragment(fragment):
        (tmp_path / "page.html").write_text(SOUND.format(fragment))
        return visit(f"{address}/page.html", width=360)

    return visit_fragment


def test_sound_page_has_no_fault(visit_page):
    assert checkers.faults(visit_page("<img src='_images/a.svg' alt='A parabola'>")) == {}


@pytest.mark.parametrize(("checker", "fragment"), PLANTED)
def test_planted_fault_is_found(visit_page, checker, fragment):
    assert checker in checkers.faults(visit_page(fragment))


DARK = """<style>[data-theme=dark] p { color: #333; background: #222; transition: all 9s }</style>
<script>
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.onchange = () => { document.documentElement.dataset.theme = "dark"; };
</script>"""


def test_a_fault_in_the_dark_is_found(visit_page):
    visited = visit_page(DARK)
    assert checkers.faults(visited) == {}
    checkers.darken(visited)
    assert list(checkers.faults(visited, rules=["color-contrast"])) == ["inaccessible"]


def test_an_explorable_that_lives_is_no_fault(visit_page):
    hidden = "<div class='tag_still' hidden>still</div>"
    assert checkers.faults(visit_page(f"<div class='cell'>{FIGURE}</div>{hidden}")) == {}


OPERATED = """<div class="bpnet-explorable">
  <label>Input <input type="range" value="3" oninput="this.form.said.value = this.value"
    form="figure"></label>
  <form id="figure"><output name="said">3</output> <button type="reset">Reset</button></form>
</div>"""


def test_an_explorable_that_answers_is_no_fault(visit_page):
    checkers.work_explorables(visit_page(OPERATED).page)


@pytest.mark.parametrize("planted", [("oninput", "data-lost"), ("reset", "button")])
def test_an_explorable_that_does_not_answer_is_found(visit_page, planted):
    page = visit_page(OPERATED.replace(*planted)).page
    with pytest.raises(AssertionError, match="3 Reset"):
        checkers.work_explorables(page)


def test_weight_counts_what_a_page_loads(visit_page, tmp_path):
    light = checkers.weight(visit_page(""))
    (tmp_path / "noise.js").write_bytes(b"//" + os.urandom(50_000).hex().encode())
    assert checkers.weight(visit_page("<script src='noise.js'></script>")) > light + 50_000
    (tmp_path / "zeros.js").write_bytes(b"//" + b"0" * 1_000_000)
    assert checkers.weight(visit_page("<script src='zeros.js'></script>")) < light + 10_000


@pytest.mark.parametrize(
    "fragment",
    [
        "<a href='gone.html'>x</a>",
        "<a href='#gone'>x</a>",
        "<img src='gone.png'>",
    ],
)
def test_broken_links_are_found(tmp_path, fragment):
    (tmp_path / "other.html").write_text("<p id='here'></p>")
    good = "<p id='p'></p><a href='#p'>p</a><a href='other.html#here'>x</a>"
    (tmp_path / "page.html").write_text(good)
    (tmp_path / "page.html").write_text(good + fragment)
    assert len(checkers.broken_links(tmp_path)) == 1


@pytest.mark.parametrize("lost", ["figure-2:z=1", "figure:z=1,gone=2", "figure:z", "figure"])
def test_a_link_to_a_situation_must_fit_an_explorable(tmp_path, lost):
    state = '{"state": {"1": {"state": {"_address": "figure:z,y"}}, "2": {"state": {}}}}'
    kind = "application/vnd.jupyter.widget-state+json"
    link = "<p id='p'><a href='#p' data-situation='{}'>x</a></p>"
    good = f"<script type='{kind}'>{state}</script>" + link.format("figure:z=-1.5,y=1_2")
    (tmp_path / "page.html").write_text(good)
    assert checkers.broken_links(tmp_path) == []
    (tmp_path / "page.html").write_text(good + link.format(lost))
    assert len(checkers.broken_links(tmp_path)) == 1
