"""Tie every labelled equation to its check, and every check and passage to the sources.

While the pages are read, the labels of the equations, the facts of the executed checks and the
comments `% treats: ...` are gathered. A label without a check, a check without a label, a label
used twice and a source row that does not exist are warnings, so they fail the build. The pages
`a3-proof-ledger` and `a2-errata` are filled from the same facts.
"""

import csv
import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

LEDGER, ERRATA = "chapters/a3-proof-ledger", "chapters/a2-errata"
FACTS = re.compile(r'<p class="bp-check [^>]*data-check="([^"]*)"')
logger = logging.getLogger(__name__)


class Page(NamedTuple):
    """What one page holds: its equations by label, its checks' facts, the rows it treats."""

    equations: list[tuple[str, str]]
    checks: list[dict]
    treated: list[str]


class LedgerNode(nodes.General, nodes.Element):
    """The place that the proof ledger fills."""


class RowNode(nodes.General, nodes.Element):
    """One source row of the errata; `row` is its id."""


def read_rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


class LedgerDirective(SphinxDirective):
    def run(self):
        return [LedgerNode()]


class SummaryDirective(SphinxDirective):
    """How many statements of each source are correct, imprecise, incomplete or wrong."""

    def run(self):
        verdicts = ["correct", "imprecise", "incomplete", "wrong"]
        counts = Counter((r["source"], r["verdict"]) for r in self.env.source_rows.values())
        sources = sorted({source for source, _ in counts})
        table = [[source, *(counts[source, v] for v in verdicts)] for source in sources]
        table.append(["all five", *(sum(row[i] for row in table) for i in range(1, 5))])
        lines = [["source", *verdicts, "statements"], ["---"] + ["--:"] * 5]
        lines += [[*row, sum(row[1:])] for row in table]
        return self.parse_text_to_nodes(
            "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
        )


class ErrataDirective(SphinxDirective):
    """The rows of one source that are not correct; their places are known once all is read."""

    required_arguments = 1

    def run(self):
        source = self.arguments[0]
        rows = self.env.source_rows.values()
        return [self.row(r) for r in rows if r["source"] == source and r["verdict"] != "correct"]

    def row(self, row):
        node = RowNode(row=row["id"])
        text = f"**{row['id']}** ({row['where']}; {row['verdict']}). {row['statement']}\n"
        if row["correction"]:
            text += f"\n*Fuller statement.* {row['correction']}\n"
        node += self.parse_text_to_nodes(text)
        return node


def start(app):
    app.env.source_rows = read_rows(Path(app.srcdir, "sources.tsv"))
    app.env.proof_pages = getattr(app.env, "proof_pages", {})


def gather(app, doctree):
    equations = [
        (n["label"], n.astext()) for n in doctree.findall(nodes.math_block) if n.get("label")
    ]
    comments = (n.astext() for n in doctree.findall(nodes.comment))
    treated = [
        row
        for text in comments
        if text.startswith("treats:")
        for row in re.findall(r"S\d{3}-\w+", text)
    ]
    checks = [facts for raw in doctree.findall(nodes.raw) for facts in take_facts(raw)]
    app.env.proof_pages[app.env.docname] = Page(equations, checks, treated)
    if any(doctree.findall(LedgerNode)):  # its formulas come later, MathJax is chosen now
        app.env.get_domain("math").data["has_equations"][app.env.docname] = True


def take_facts(raw):
    """Return the facts of the checks in a raw node, and give each check an address."""
    found = [json.loads(html.unescape(text)) for text in FACTS.findall(raw.astext())]
    if found:
        text = FACTS.sub(
            lambda m: m[0].replace("<p ", f'<p id="{address(m[1])}" ', 1), raw.astext()
        )
        raw.children = [nodes.Text(text)]
    return found


def address(escaped):
    return "check-" + json.loads(html.unescape(escaped))["label"]


def forget(app, env, docname):
    env.proof_pages.pop(docname, None)


def faults(pages, rows):
    """Yield (page, sentence) for everything that breaks the tie."""
    labels = Counter(label for page in pages.values() for label, _ in page.equations)
    for docname, page in pages.items():
        checked = Counter(c["label"] for c in page.checks if c["kind"] != "refute")
        here = {label for label, _ in page.equations}
        for label in here:
            if labels[label] > 1:
                yield docname, f"the label {label} is used {labels[label]} times"
            if not checked[label]:
                yield docname, f"the equation {label} has no check"
        for label, count in checked.items():
            if label not in here:
                yield docname, f"the check {label} belongs to no equation of this page"
            if count > 1:
                yield docname, f"the equation {label} has {count} checks"
        named = [row for check in page.checks for row in check["sources"]] + page.treated
        for row in sorted(set(named) - set(rows)):
            yield docname, f"there is no source row {row}"


def check_consistency(app, env):
    for docname, sentence in faults(env.proof_pages, env.source_rows):
        logger.warning(sentence, location=docname, type="proof", subtype="ledger")


def resolve(app, doctree, docname):
    mark_equations(app, doctree, docname)
    for node in list(doctree.findall(LedgerNode)):
        node.replace_self(list(ledger(app, docname)))
    treatments = places(app.env.proof_pages)
    for node in list(doctree.findall(RowNode)):
        node.replace_self(errata_row(app, docname, node, treatments.get(node["row"], [])))


def mark_equations(app, doctree, docname):
    """Put a small link to its line of the ledger behind every checked equation."""
    page = app.env.proof_pages.get(docname, Page([], [], []))
    checked = {c["label"] for c in page.checks if c["kind"] != "refute"}
    for equation in list(doctree.findall(nodes.math_block)):
        label = equation.get("label")
        if label in checked and LEDGER in app.env.found_docs:
            target = app.builder.get_relative_uri(docname, LEDGER) + f"#ledger-{label}"
            words = f"checked: the line of {label} in the proof ledger"
            link = nodes.reference("", "✓ checked", refuri=target, internal=True, reftitle=words)
            equation.parent.insert(
                equation.parent.index(equation) + 1,
                nodes.paragraph("", "", link, classes=["bp-mark"]),
            )


def ledger(app, docname):
    """Yield a section for every page with checked equations, an entry for every equation."""
    for page_name, page in sorted(app.env.proof_pages.items()):
        facts = {c["label"]: c for c in page.checks if c["kind"] != "refute"}
        if not page.equations:
            continue
        title = app.env.titles[page_name].astext()
        section = nodes.section("", nodes.title("", title), ids=[f"ledger-{Path(page_name).name}"])
        for label, latex in page.equations:
            if label in facts:
                section += entry(app, docname, page_name, label, latex, facts[label])
        yield section


def entry(app, docname, page_name, label, latex, facts):
    uri = app.builder.get_relative_uri(docname, page_name)
    numbers = app.env.toc_fignumbers.get(page_name, {}).get("displaymath", {})
    number = ".".join(map(str, numbers.get(f"equation-{label}", ())))
    where = nodes.reference(
        "", f"Equation ({number})", refuri=f"{uri}#equation-{label}", internal=True
    )
    check = nodes.reference("", "its check", refuri=f"{uri}#check-{label}", internal=True)
    head = nodes.paragraph(
        "", "", where, nodes.Text(" · "), nodes.literal("", label), nodes.Text(" · "), check
    )
    said = nodes.paragraph("", f"{KINDS[facts['kind']]}. {'; '.join(facts['findings'])}.")
    formula = nodes.math_block(latex, latex, nowrap=False, number=None, label=None)
    body = [head, formula, said]
    if facts["sources"]:
        body.append(nodes.paragraph("", f"Sources: {', '.join(facts['sources'])}."))
    return nodes.container("", *body, ids=[f"ledger-{label}"], classes=["bp-entry"])


KINDS = {
    "define": "Definition, tied to code",
    "prove": "Proof",
    "approximate": "Approximation",
}


def places(pages):
    """Return for each source row the pages that treat it, with the facts of its check if any."""
    found = {}
    for docname, page in sorted(pages.items()):
        for check in page.checks:
            for row in check["sources"]:
                found.setdefault(row, []).append((docname, check))
        for row in page.treated:
            found.setdefault(row, []).append((docname, None))
    return found


def errata_row(app, docname, node, treatments):
    """Return the row with its places in the book."""
    line = nodes.paragraph("", "In the book: ", classes=["bp-places"])
    for count, (page, check) in enumerate(unique(treatments)):
        uri = app.builder.get_relative_uri(docname, page)
        anchor = f"#check-{check['label']}" if check else ""
        words = "on this page" if page == docname else app.env.titles[page].astext()
        line += [nodes.Text("; ")] if count else []
        line += nodes.reference("", words, refuri=uri + anchor, internal=True)
        if check and check["kind"] == "refute":
            line += nodes.Text(f" ({'; '.join(check['findings'])})")
    return [nodes.container("", *node.children, line, ids=[node["row"]], classes=["bp-entry"])]


def unique(treatments):
    """Keep one place a page: the refutation if there is one, else any check, else the passage."""
    order = sorted(
        treatments, key=lambda place: 0 if not place[1] else 1 + (place[1]["kind"] == "refute")
    )
    return dict(order).items()


def setup(app):
    app.add_node(LedgerNode)
    app.add_node(RowNode)
    app.add_directive("proof-ledger", LedgerDirective)
    app.add_directive("errata-summary", SummaryDirective)
    app.add_directive("errata", ErrataDirective)
    app.connect("builder-inited", start)
    app.connect("doctree-read", gather)
    app.connect("env-purge-doc", forget)
    app.connect("env-check-consistency", check_consistency)
    app.connect("doctree-resolved", resolve)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
