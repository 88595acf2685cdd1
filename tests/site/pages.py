"""The pages of the book, from its table of contents."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [entry["file"] for part in TOC["parts"] for entry in part["chapters"]]
NOTEBOOKS = [c for c in CHAPTERS if "kernelspec:" in (ROOT / f"{c}.md").read_text("utf-8")]
PAGES = [TOC["root"], *CHAPTERS, "search", "genindex"]
