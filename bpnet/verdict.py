"""The outcome of a check: a line to read, and the same facts for the proof ledger."""

import json
from dataclasses import dataclass
from html import escape

WORDS = {
    "define": "Defined",
    "prove": "Proved",
    "approximate": "Order found",
    "refute": "Refuted",
}


@dataclass(frozen=True)
class Verdict:
    """What one check found about the equation, or the source's row, named `label`.

    `findings` are its clauses; `sources` the rows of sources.tsv that it treats; `symbolic`
    whether SymPy proved an identity (None: not asked); `error` the largest difference from
    `bpnet` (None: the equation has no code); `rejected` the number of planted mistakes caught.
    """

    kind: str
    label: str
    findings: tuple[str, ...]
    sources: tuple[str, ...] = ()
    symbolic: bool | None = None
    error: float | None = None
    rejected: int = 0

    def __str__(self) -> str:
        return f"[{self.kind}] {self.label}: " + "; ".join(self.findings)

    __repr__ = __str__

    @property
    def facts(self) -> dict:
        """The verdict as plain data, for machines."""
        return {
            "kind": self.kind,
            "label": self.label,
            "findings": list(self.findings),
            "sources": list(self.sources),
            "symbolic": self.symbolic,
            "error": self.error,
            "rejected": self.rejected,
        }

    def _repr_html_(self) -> str:
        findings = "; ".join(escape(finding) for finding in self.findings)
        head = f"<strong>{WORDS[self.kind]}</strong> <code>{escape(self.label)}</code>"
        facts = escape(json.dumps(self.facts), quote=True)
        return f'<p class="bp-check bp-{self.kind}" data-check="{facts}">{head}: {findings}.</p>'
