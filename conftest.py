"""Run the chapters (MyST Markdown notebooks) cell by cell: pytest --nbval-lax chapters"""

from unittest import mock

from jupytext.myst import matches_mystnb, myst_to_notebook
from nbval.plugin import IPyNbCell, IPyNbFile


class MystCell(IPyNbCell):
    """One code cell, named by the line of its fence."""

    def reportinfo(self):
        line = int(self.name.removeprefix("line "))
        return self.path, line - 1, f"{self.path.name}, {self.name}"


class MystNotebook(IPyNbFile):
    def collect(self):
        notebook = myst_to_notebook(self.path.read_text(encoding="utf-8"), add_source_map=True)
        starts = zip(notebook.metadata.pop("source_map"), notebook.cells, strict=True)
        lines = [line for line, cell in starts if cell.cell_type == "code"]
        with mock.patch("nbval.plugin.nbformat.read", return_value=notebook):
            cells = list(super().collect())
        for line, cell in zip(lines, cells, strict=True):
            yield MystCell.from_parent(
                self,
                name=f"line {line}",
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
            )


def pytest_collect_file(file_path, parent):
    option = parent.config.option
    if (
        file_path.suffix == ".md"
        and (option.nbval or option.nbval_lax)
        and matches_mystnb(file_path.read_text(encoding="utf-8"))
    ):
        return MystNotebook.from_parent(parent, path=file_path)
    return None
