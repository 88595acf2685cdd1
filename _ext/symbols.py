r"""Find where a symbol first appears: {first}`\hat y` becomes a link to that place.

The formulas of every numbered chapter are gathered while the pages are read. A symbol is looked
for in reading order; a letter counts only where it stands alone, not within a longer word. The
link names a numbered equation, or else the section. A symbol that no page of this build holds
becomes a dash.
"""

import re
from pathlib import PurePosixPath
from typing import NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxRole

CHAPTER = re.compile(r"chapters/\d\d-")
SPACING = re.compile(r"\\[,;:!]|\\[bB]igg?[lr]?(?![a-zA-Z])|\s+")


class Formula(NamedTuple):
    """One formula of a page: its TeX, its label if it has one, and the section around it."""

    tex: str
    label: str
    section: str
    title: str


class FirstNode(nodes.Inline, nodes.Element):
    """A place to be filled with the link; `tex` is the symbol."""


class FirstRole(SphinxRole):
    def run(self):
        return [FirstNode(tex=self.text)], []


def pattern(tex: str) -> re.Pattern:
    """Return what finds a symbol in TeX from which the spacing was taken."""
    tex = plain(tex)
    before = r"(?<![a-zA-Z\\])" if tex[0].isalpha() else ""
    after = r"(?![a-zA-Z])" if tex[-1].isalpha() else ""
    return re.compile(before + re.escape(tex) + after)


def plain(tex: str) -> str:
    r"""Return TeX without spacing; a space that ends a command, as in \hat y, stays."""
    kept = re.sub(r"(\\[a-zA-Z]+)\s+(?=[a-zA-Z])", r"\1~", tex)
    return SPACING.sub("", kept)


def gather(app, doctree):
    docname = app.env.docname
    if CHAPTER.match(docname):
        formulas = doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block))
        app.env.formulas[docname] = [located(n) for n in formulas if not in_preamble(n)]


def in_preamble(node) -> bool:
    """Whether a formula stands in the box that says what the chapter is about."""
    parent = node.parent
    while parent is not None and not isinstance(parent, nodes.Admonition):
        parent = parent.parent
    return parent is not None and "tip" in parent.get("classes", [])


def located(node) -> Formula:
    section = node.parent
    while section.parent is not None and not isinstance(section, nodes.section):
        section = section.parent
    title = section.next_node(nodes.title)
    ids = section.get("ids") or [""]
    return Formula(
        plain(node.astext()), node.get("label") or "", ids[0], title.astext() if title else ""
    )


def first(tex: str, pages: dict[str, list[Formula]]) -> tuple[str, Formula] | None:
    """Return the page and the formula in which a symbol first appears."""
    found = pattern(tex)
    for docname in sorted(pages, key=lambda name: PurePosixPath(name).name):
        for formula in pages[docname]:
            if found.search(formula.tex):
                return docname, formula
    return None


def start(app):
    app.env.formulas = getattr(app.env, "formulas", {})


def forget(app, env, docname):
    env.formulas.pop(docname, None)


def resolve(app, doctree, docname):
    for node in list(doctree.findall(FirstNode)):
        place = first(node["tex"], app.env.formulas)
        node.replace_self(link(app, docname, *place) if place else nodes.Text("–"))


def link(app, docname: str, page: str, formula: Formula):
    uri = app.builder.get_relative_uri(docname, page)
    numbers = app.env.toc_fignumbers.get(page, {}).get("displaymath", {})
    number = numbers.get(f"equation-{formula.label}")
    if number:
        words, target = f"({'.'.join(map(str, number))})", f"equation-{formula.label}"
    else:
        chapter = app.env.toc_secnumbers.get(page, {}).get("", ())
        words = ", ".join(filter(None, [".".join(map(str, chapter)), formula.title]))
        target = formula.section
    return nodes.reference("", words, refuri=f"{uri}#{target}", internal=True)


def setup(app):
    app.add_node(FirstNode)
    app.add_role("first", FirstRole())
    app.connect("builder-inited", start)
    app.connect("doctree-read", gather)
    app.connect("env-purge-doc", forget)
    app.connect("doctree-resolved", resolve)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
