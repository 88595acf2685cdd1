"""Write the reference of `bpnet` from its own source: signatures, docstrings, equations.

The page `a4-api` names the floors and the rooms that stand on them. A room that it does not name
goes to the floor of the highest room that it imports, so a new one is never left out. Everything
is read from the source, nothing is imported.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from sphinx.util.docutils import SphinxDirective

PACKAGE = "bpnet"
WIDTH = 80
FOLD = ":class-container: bp-api\n"
SPECIAL = re.compile(r"([\\*_<>$|#\[\]{}~^])")  # signs that Markdown would take as its own
EQUATION = re.compile(r"\((eq-[a-z0-9-]+)\)|\b(eq-[a-z0-9-]+)")


class Entry(NamedTuple):
    """A public name: how it is called, what its docstring says, what it holds."""

    name: str
    signature: str
    doc: str
    members: tuple["Entry", ...] = ()

    @property
    def equations(self) -> set[str]:
        own = {a or b for a, b in EQUATION.findall(self.doc)}
        return own.union(*(member.equations for member in self.members))


class Module(NamedTuple):
    """A file of the package: its dotted name, docstring, entries and plain values."""

    name: str
    doc: str
    entries: tuple[Entry, ...]
    values: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        return {entry.name for entry in self.entries} | {v.split(" = ")[0] for v in self.values}


def read_rooms(package: Path) -> dict[str, list[Path]]:
    """Return the files of each room: one module, or a folder's `__init__` and its modules."""
    rooms: dict[str, list[Path]] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts != ("__init__",):
            rooms.setdefault(parts[0], []).append(path)
    return rooms


def read_module(path: Path, package: Path) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    parts = path.relative_to(package).with_suffix("").parts
    dotted = ".".join((PACKAGE, *parts)).removesuffix(".__init__")
    entries, values = [], []
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and public(node.name):
            entries.append(read_entry(node))
        kept = [] if "TypeVar(" in ast.unparse(node) else assigned(node)
        for name in filter(public, kept):
            values.append(f"{name}{short_value(node)}")
    return Module(dotted, ast.get_docstring(tree) or "", tuple(entries), tuple(values))


def public(name: str) -> bool:
    return not name.startswith("_")


def assigned(node: ast.stmt) -> list[str]:
    """Return the names that a statement gives a value to, or a type."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    flat = [name for t in targets for name in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [name.id for name in flat if isinstance(name, ast.Name)]


def short_value(node: ast.Assign | ast.AnnAssign) -> str:
    text = ast.unparse(node.value) if node.value else ""
    return f" = {text}" if text and len(text) <= WIDTH // 2 else ""


def read_entry(node: ast.ClassDef | ast.FunctionDef) -> Entry:
    doc = ast.get_docstring(node) or ""
    if isinstance(node, ast.FunctionDef):
        return Entry(node.name, signature(node), doc)
    functions = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    start = next((f for f in functions if f.name == "__init__"), None)
    fields = [ast.unparse(item) for item in node.body if isinstance(item, ast.AnnAssign)]
    members = [Entry(text.split(":")[0], text, "") for text in fields if public(text)]
    for item in node.body:
        names = filter(public, assigned(item) if isinstance(item, ast.Assign) else [])
        members += [Entry(name, f"{name}{short_value(item)}", "") for name in names]
    members += [read_entry(f) for f in functions if public(f.name)]
    if start:
        call = signature(start).replace("__init__", node.name, 1).removesuffix(" -> None")
    else:
        record = any(ast.unparse(base) == "NamedTuple" for base in node.bases)
        record |= any("dataclass" in ast.unparse(mark) for mark in node.decorator_list)
        call = f"{node.name}({', '.join(fields if record else [])})"
    return Entry(node.name, call, doc, tuple(members))


def signature(node: ast.FunctionDef) -> str:
    """Return the signature as its author wrote it, without `self`; of a property its type."""
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    returns = ast.unparse(node.returns) if node.returns else ""
    arguments = re.sub(r"^(self|cls)(, |$)", "", ast.unparse(node.args))
    call = f"{node.name}: {returns}"
    if not marks & {"property", "cached_property", "functools.cached_property"}:
        call = f"{node.name}({arguments})" + (f" -> {returns}" if returns else "")
    return re.sub(r"(: |-> )'([\w.]+)'", r"\1\2", call)


def imported(path: Path) -> set[str]:
    """Return the rooms that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names]
    for n in nodes:
        if isinstance(n, ast.ImportFrom) and n.module:
            names += [n.module, *(f"{n.module}.{alias.name}" for alias in n.names)]
    return {name.split(".")[1] for name in names if name.startswith(f"{PACKAGE}.")}


def settle(floors: list[list[str]], rooms: dict[str, list[Path]]) -> list[list[str]]:
    """Return the floors with every room on one; ValueError for a room that does not exist."""
    named = [room for floor in floors for room in floor]
    if strangers := set(named) - set(rooms):
        raise ValueError(f"{PACKAGE} has no room {', '.join(sorted(strangers))}")
    level = {room: number for number, floor in enumerate(floors) for room in floor}
    below = {room: set().union(*map(imported, files)) & set(rooms) for room, files in rooms.items()}

    def height(room: str) -> int:
        if room not in level:
            level[room] = max(map(height, below[room] - {room}), default=0)
        return level[room]

    placed = [list(floor) for floor in floors]
    for room in sorted(set(rooms) - set(named)):
        placed[height(room)].append(room)
    return placed


def markdown(doc: str) -> str:
    """Return a docstring as Markdown: code stays code, a label becomes a link to its equation."""
    pieces = re.split(r"(`[^`]*`)", doc)
    for place in range(0, len(pieces), 2):
        plain = SPECIAL.sub(r"\\\1", pieces[place])
        pieces[place] = EQUATION.sub(lambda found: f"{{eq}}`{found[1] or found[2]}`", plain)
    return "".join(pieces)


def first_sentence(doc: str) -> str:
    """Return the first sentence without its stop; of a long one, what stands before a semicolon."""
    words = re.sub(rf"\s*(?:{EQUATION.pattern})", "", " ".join(doc.split()))  # a fold is no link
    sentence = re.split(r"(?<=[^.]\.)\s(?=[A-Z])", words, maxsplit=1)[0]
    if len(sentence) > WIDTH:
        sentence = sentence.split("; ")[0]
    return sentence.removesuffix(".")


def write(floors: list[dict], package: Path) -> Iterator[str]:
    """Yield the page in Markdown, a line or a block at a time."""
    rooms = read_rooms(package)
    placed = settle([floor["rooms"].split() for floor in floors], rooms)
    for floor, here in zip(floors, placed, strict=True):
        yield f"## {floor['title']}\n\n{floor['words']}\n"
        for room in here:
            own, *files = [read_module(path, package) for path in rooms[room]]
            yield f"### `{own.name}`\n"
            yield from write_module(own)
            for module in files:
                yield from write_folded(module)


def write_module(module: Module) -> Iterator[str]:
    """Yield a fold for every name of a room's own file."""
    yield markdown(module.doc) + "\n"
    for entry in module.entries:
        yield f":::{{dropdown}} `{entry.name}`: {markdown(first_sentence(entry.doc))}"
        yield FOLD
        yield from write_entry(module, entry)
        yield ":::\n"
    yield from write_values(module)


def write_folded(module: Module) -> Iterator[str]:
    """Yield one fold for a file within a room that is a folder."""
    short = module.name.removeprefix(f"{PACKAGE}.")
    yield f":::{{dropdown}} `{short}`: {markdown(first_sentence(module.doc))}"
    yield FOLD
    for entry in module.entries:
        yield from write_entry(module, entry)
    yield from write_values(module)
    yield ":::\n"


def write_entry(module: Module, entry: Entry) -> Iterator[str]:
    yield f"({address(module.name, entry.name)})="
    yield f"```python\n{laid_out(entry.signature)}\n```\n\n{markdown(entry.doc)}\n"
    for member in entry.members:
        words = f": {' '.join(markdown(member.doc).split())}" if member.doc else ""
        yield f"- `{member.signature}`{words}"
    yield ""


def write_values(module: Module) -> Iterator[str]:
    if module.values:
        yield "Values: " + ", ".join(f"`{value}`" for value in module.values) + ".\n"


def address(module: str, name: str) -> str:
    """Return the name under which an entry can be linked to; links do not tell A from a."""
    kind = "class" if name[0].isupper() else "function"
    return f"{kind}-{module}.{name}"


def laid_out(signature: str) -> str:
    """Return a signature of at most WIDTH columns a line, one argument a line if need be."""
    if len(signature) <= WIDTH:
        return signature
    function = ast.parse(f"def {signature}: ...").body[0]
    name, returns = function.name, function.returns
    arguments = split_arguments(ast.unparse(function.args))
    end = f") -> {ast.unparse(returns)}" if returns else ")"
    return "\n".join([f"{name}(", *(f"    {a}," for a in arguments), end])


def split_arguments(text: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth = [""], 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def exported(package: Path) -> dict[str, str]:
    """Return the module of each name that `import bpnet` offers."""
    tree = ast.parse((package / "__init__.py").read_text("utf-8"))
    return {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


class ApiDirective(SphinxDirective):
    """All floors of the package, from the list (title, words, rooms) in the directive's body."""

    has_content = True

    def run(self):
        package = Path(self.env.srcdir, PACKAGE)
        for path in package.rglob("*.py"):
            self.env.note_dependency(str(path))
        text = "\n".join(write(yaml.safe_load("\n".join(self.content)), package))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


class ExportsDirective(SphinxDirective):
    """The names that `import bpnet` offers, each with a link to its entry."""

    def run(self):
        package = Path(self.env.srcdir, PACKAGE)
        self.env.note_dependency(str(package / "__init__.py"))
        names = sorted(exported(package).items(), key=lambda item: item[0].casefold())
        links = [f"{{ref}}`{name} <{address(module, name)}>`" for name, module in names]
        return self.parse_text_to_nodes(", ".join(links) + ".")


def setup(app):
    app.add_directive("api", ApiDirective)
    app.add_directive("api-exports", ExportsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
