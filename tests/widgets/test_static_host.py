"""The host that plays explorables in the built pages, and keeps their state in the address."""

from explorables import cell, open_explorers
from playwright.sync_api import expect

CELLS = {
    "plain": "from bpnet.widgets import LossExplorer\nfirst = LossExplorer(); first",
    "other": "LossExplorer(z=-2.0, y=1)",
    "throws": (
        "import anywidget, traitlets\nclass Broken(anywidget.AnyWidget):\n"
        "    _esm = 'export default { render() { throw new Error(\"planted\") } }'\nBroken()"
    ),
    "bytes": (
        "class Bytes(anywidget.AnyWidget):\n"
        "    data = traitlets.Bytes(bytes([7, 42])).tag(sync=True)\n"
        "    _css = '.held { color: rgb(1, 2, 3) }'\n"
        "    _esm = '''let started = 0;\n"
        "    export default async () => ({\n"
        "      initialize() { started++; },\n"
        "      render({ model, el }) {\n"
        "        el.className = 'held';\n"
        "        el.textContent = `byte ${model.get('data').getUint8(1)}, started ${started}`;\n"
        "      } })'''\n"
        "held = Bytes(); held"
    ),
    "bytes again": "held",
    "kinds": """
from bpnet.widgets.explorable import Explorable
class AllKinds(Explorable):
    _esm = '''export default { render({ model, el }) {
      const show = () => { el.textContent = JSON.stringify(Object.keys(model.get("_start"))
        .map((name) => model.get(name))); };
      model.on("change", show); show();
      el.className = "kinds";
      el.onclick = () => {
        for (const [name, value] of Object.entries({ text: "a+b, c=1", on: true, many: [0.5, -1] }))
          model.set(name, value);
      };
    } }'''
    text = traitlets.Unicode("x").tag(sync=True)
    on = traitlets.Bool(False).tag(sync=True)
    many = traitlets.List([1, 2]).tag(sync=True)
    answer = traitlets.Int(0).tag(sync=True, address=False)
    weights = traitlets.Int(7).tag(sync=True, fixed=True)
AllKinds()""",
    "kernel": "import ipywidgets\nipywidgets.IntSlider()",
}


def test_one_that_throws_says_so_and_stops_no_other(page, write_page):
    explorer = open_explorers(page, write_page("throws", "kernel", "plain"))
    explorer.get_by_role("slider").fill("3")
    expect(cell(explorer, "z", 0)).to_have_text("3.0")
    alerts = page.get_by_role("alert")
    expect(alerts.nth(0)).to_contain_text("could not start (planted)")
    expect(alerts.nth(1)).to_contain_text("needs a running kernel")
    assert len(page.complaints) == 1
    assert "planted" in page.complaints[0]


def test_bytes_styles_and_factories_work_and_a_model_starts_once(page, write_page):
    page.goto(write_page("bytes", "bytes again").as_uri())
    held = page.locator(".held")
    expect(held).to_have_text(["byte 42, started 1"] * 2)
    expect(held.first).to_have_css("color", "rgb(1, 2, 3)")


def test_works_from_a_file_server(page, write_page, serve):
    page.goto(serve(write_page("plain").parent) + "/page.html")
    expect(page.get_by_role("slider")).to_be_visible()
    assert page.complaints == []


# --- The address -------------------------------------------------------------------------------


def test_the_address_holds_the_state_and_a_reload_restores_it(page, write_page):
    explorer = open_explorers(page, write_page("plain", "other"), count=2)
    assert "#" not in page.url
    explorer.get_by_role("slider").fill("2.5")
    page.get_by_label("0", exact=True).nth(1).check()
    page.wait_for_url("**/page.html#loss-explorer:z=2.5,y=0,steps=0;loss-explorer-2:z=-2,y=0,*")
    page.reload()
    sliders = page.get_by_role("slider")
    expect(sliders.nth(0)).to_have_attribute("aria-valuetext", "2.5")
    expect(page.get_by_label("0", exact=True).nth(1)).to_be_checked()
    for n in (0, 1):
        page.get_by_role("button", name="Reset").nth(n).click()
    page.wait_for_url("**/page.html")
    expect(sliders.nth(0)).to_have_attribute("aria-valuetext", "4.0")


def test_a_hand_written_address_is_brought_into_range(page, write_page):
    address = "#loss-explorer:z=99,y=1,steps=2,guess=same,_esm=0"
    explorer = open_explorers(page, write_page("plain"), address=address)
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "8.0")
    expect(explorer.get_by_label("1", exact=True)).to_be_checked()
    expect(cell(explorer, "push", 0)).to_have_text("?")
    page.evaluate("location.hash = 'loss-explorer:z=-1,y=what'")
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "−1.0")
    expect(explorer.get_by_label("1", exact=True)).to_be_checked()
    assert page.complaints == []


def test_the_address_holds_words_choices_and_lists(page, write_page):
    page.goto(write_page("throws", "kinds").as_uri())
    shown = page.locator(".kinds")
    expect(shown).to_have_text('["x",false,[1,2],0]')
    shown.click()
    page.wait_for_url("**/page.html#all-kinds:text=a%2Bb%2C%20c%3D1,on=1,many=0.5_-1")
    page.reload()
    expect(shown).to_have_text('["a+b, c=1",true,[0.5,-1],0]')


def test_a_mistyped_address_changes_nothing(page, write_page):
    address = "#all-kinds:text=%E0%A4%A,on=maybe,many=1__2,answer=3,weights=8,other=1"
    page.goto(write_page("throws", "kinds").as_uri() + address)
    expect(page.locator(".kinds")).to_have_text('["x",false,[1,2],0]')


def test_a_still_gives_way_to_a_figure_that_started_not_to_one_that_failed(page, write_page):
    path = write_page("plain", "throws")
    text = path.read_text(encoding="utf-8")
    cell, still = (
        '<div class="cell">',
        '<div class="cell tag_still"><p id="still-{}">Still</p></div>',
    )
    first, second, *rest = text.split("<div>")
    text = first + cell + second + still.format(1) + cell + "<div>".join(rest)
    text = text.replace("<h2", still.format(2) + "<h2")
    path.write_text(text, encoding="utf-8")
    open_explorers(page, path)
    expect(page.locator(".replaced")).to_have_count(1)
    assert page.locator(".replaced #still-1").count() == 1


def test_a_page_anchor_is_left_alone(page, write_page):
    explorer = open_explorers(page, write_page("plain"), address="#below")
    expect(page.locator("#below")).to_be_in_viewport()
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "4.0")
    explorer.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(500)
    assert page.url.endswith("#below")
    page.evaluate("location.hash = 'loss-explorer:z=1'")
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.0")
    page.evaluate("location.hash = 'below'")
    expect(page.locator("#below")).to_be_in_viewport()
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.0")


def test_a_link_to_a_situation_sets_it_up_and_leads_there(page, write_page):
    explorer = open_explorers(page, write_page("plain"), address="#below")
    expect(page.locator("#below")).to_be_in_viewport()
    link = "<a href='#below' data-situation='loss-explorer:z=1.5,y=1'>z = 1.5</a>"
    page.evaluate(f'document.querySelector("#below").innerHTML = "{link}"')
    page.get_by_role("link").click()
    expect(explorer.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.5")
    expect(explorer.get_by_role("slider")).to_be_in_viewport()


def test_a_complaint_in_the_console_is_found(page, write_page):
    right, wrong = "render: (context) =>", 'render: (context) => console.error("planted") ||'
    open_explorers(page, write_page("plain", change=lambda text: text.replace(right, wrong)))
    assert page.complaints == ["planted"]
