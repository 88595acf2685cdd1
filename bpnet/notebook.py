"""What a chapter's notebook needs besides mathematics: figure style, and numbers for the prose."""

from typing import Any


def use_book_style() -> None:
    """Draw figures as SVG in the book's style, the same bytes at every run."""
    import matplotlib as mpl
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    from bpnet.plotting.style import BOOK_STYLE

    set_matplotlib_formats("svg", metadata={"Date": None})
    mpl.rcParams.update(BOOK_STYLE)


def glue(name: str, value: Any) -> None:
    """Keep `value` under `name`, so that the prose can print it with the role `glue:text`."""
    from IPython.display import display

    plain = value.item() if hasattr(value, "item") else value
    text = plain if isinstance(plain, str) else repr(plain)
    prefix = "application/papermill.record/"
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    display({f"{prefix}text/plain": text}, raw=True, metadata=metadata)
