"""One ES module out of several, and the room that loads explorables only when they are used."""

import subprocess
import sys
from pathlib import Path

import pytest
from explorables import node

from bpnet.widgets.bundle import bundle


def test_importing_the_room_does_not_load_anywidget():
    code = "import sys, bpnet.widgets; print('anywidget' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "False\n"


def test_an_unknown_explorable_is_an_attribute_error():
    import bpnet.widgets

    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = bpnet.widgets.Nothing


def test_bundled_modules_keep_their_own_scope(tmp_path):
    (tmp_path / "deep.js").write_text("export const one = 1;\n")
    (tmp_path / "maths.js").write_text(
        'import { one } from "./deep.js";\nconst own = one;\nexport function two() {\n'
        "  return own + 1;\n}\n"
    )
    (tmp_path / "view.js").write_text(
        'import {\n  two,\n} from "./maths.js";\nconst own = 5;\nexport default two() * own;\n'
    )
    text = bundle(tmp_path / "view.js")
    assert "import" not in text
    assert run_module(tmp_path, text) == "10"


def test_a_module_that_several_import_is_written_in_once(tmp_path):
    (tmp_path / "shared.js").write_text("export const one = 1;\nexport function own() {}\n")
    (tmp_path / "left.js").write_text(
        'import { one } from "./shared.js";\nexport const left = () => one;\n'
    )
    (tmp_path / "view.js").write_text(
        'import { left } from "./left.js";\nimport { one } from "./shared.js";\n'
        "export default left() + one;\n"
    )
    text = bundle(tmp_path / "view.js")
    assert text.count("const one = 1") == 1
    assert run_module(tmp_path, text) == "2"


@pytest.mark.parametrize(
    "line",
    ['import x from "./maths.js";', 'import * as m from "./maths.js";', 'export * from "./a.js";'],
)
def test_a_form_that_cannot_be_bundled_is_named(tmp_path, line):
    module = tmp_path / "view.js"
    module.write_text(line + "\n")
    with pytest.raises(ValueError, match="cannot bundle the line") as caught:
        bundle(module)
    assert line in str(caught.value)


def run_module(folder: Path, text: str) -> str:
    (folder / "bundled.mjs").write_text(text, encoding="utf-8")
    show = "import('./bundled.mjs').then((module) => console.log(module.default))"
    command = [node(), "--input-type=module", "-e", show]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout.strip()
