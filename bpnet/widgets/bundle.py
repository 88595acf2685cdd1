"""One ES module out of several, because a widget hands the browser a single one."""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|(?:async )?function\*?) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import\b|export [*{]).*", re.MULTILINE)


def bundle(module: Path) -> str:
    """Return the text of an ES module with its relative imports written in, each once.

    Raises ValueError for an import in another form than `import { a, b } from "./c.js";`.
    """
    imported: dict[str, str] = {}

    def linked(path: Path) -> str:
        """Return the text of a module that takes its imports from the modules already read."""
        text = path.read_text(encoding="utf-8")
        if stray := LEFT_OVER.search(IMPORT.sub("", text)):
            raise ValueError(f"{path.name}: cannot bundle the line '{stray[0]}'")
        for _, name in IMPORT.findall(text):
            if name not in imported:
                imported[name] = scope(name, linked(path.with_name(f"{name}.js")))
        return IMPORT.sub(r"const {\1} = \2_js;", text)

    body = linked(module)
    return "".join(imported.values()) + body


def scope(name: str, text: str) -> str:
    """Return a module as a constant that holds its exports; the rest stays its own."""
    exports = ", ".join(EXPORT.findall(text))
    return f"const {name}_js = (() => {{\n{EXPORT.sub('', text)}return {{ {exports} }};\n}})();\n"
