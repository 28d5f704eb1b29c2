"""Write the generated pages (`python -m docs`), or check that they are current (`python -m docs --check`)."""

from __future__ import annotations

import sys
from pathlib import Path

from dialogs.diagram import mermaid
from docs.rules import rules
from guideline import guideline
from guideline.dmn_file import export

FOLDER = Path(__file__).parent


def pages() -> dict[str, str]:
    """The generated pages by file name."""
    chart = f"# The talk\n\nDrawn by `make docs` from `dialogs/machine.py`.\n\n```mermaid\n{mermaid()}\n```\n"
    return {"dialogue.md": chart, "rules.md": rules(), "rules.dmn": export(guideline()).decode()}


def main(arguments: list[str]) -> int:
    """Write the pages; with --check write nothing, and return 1 when one is stale."""
    stale = [name for name, text in pages().items() if _read(FOLDER / name) != text]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/{name} is stale: run `make docs`")
        return 1 if stale else 0
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
