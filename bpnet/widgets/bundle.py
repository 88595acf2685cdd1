"""One ES module out of several, because a widget hands the browser a single one."""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "\./([\w.]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=const |function )", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import\b|export [*{]).*", re.MULTILINE)


def bundle(module: Path) -> str:
    """Return the text of an ES module with its relative imports written in, each in its own scope.

    Raises ValueError for an import in another form than `import { a, b } from "./c.js";`.
    """

    def written_in(match: re.Match[str]) -> str:
        names = " ".join(match[1].split())
        body = EXPORT.sub("", bundle(module.with_name(match[2])))
        return f"const {{ {names} }} = (() => {{\n{body}return {{ {names} }};\n}})();"

    text = module.read_text(encoding="utf-8")
    if stray := LEFT_OVER.search(IMPORT.sub("", text)):
        raise ValueError(f"{module.name}: cannot bundle the line '{stray[0]}'")
    return IMPORT.sub(written_in, text)
