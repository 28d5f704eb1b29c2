"""The house: imports go one way, and every file has its line in ARCHITECTURE."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "guideline": {"dialogs", "bot", "phone", "telegram", "transitions", "jinja2"},
    "dialogs": {"bot", "phone", "telegram"},
    "phone": {"guideline", "dialogs", "telegram"},
}
FILES = [
    path for package in ("guideline", "dialogs", "bot", "phone") for path in sorted((ROOT / package).rglob("*.py"))
]


def imported(path: Path) -> set[str]:
    """The top-level names a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]

    assert not imported(path) & FORBIDDEN.get(package, set())


def test_the_decision_needs_the_standard_library_only_and_the_search_two_libraries_more() -> None:
    core = [path for path in FILES if path.relative_to(ROOT).parts[0] == "guideline"]
    beyond = {path.stem: imported(path) - {*sys.stdlib_module_names, "guideline"} for path in core}

    assert {name: more for name, more in beyond.items() if more} == {
        "content": {"tomli"},
        "words": {"rapidfuzz", "Stemmer"},
    }


def test_only_the_bot_knows_telegram() -> None:
    knowing = {path.relative_to(ROOT).parts[0] for path in FILES if "telegram" in imported(path)}

    assert knowing == {"bot"}


def test_only_the_start_of_the_bot_knows_the_phone() -> None:
    knowing = {str(path.relative_to(ROOT)) for path in FILES if "phone" in imported(path)}

    assert {name for name in knowing if not name.startswith("phone/")} == {"bot/__main__.py"}


def test_architecture_names_every_file_of_the_core_and_the_talk() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = [*(ROOT / "guideline").glob("*.py"), *(ROOT / "dialogs").glob("*.py"), *(ROOT / "bot").glob("*.py")]

    missing = [path.stem for path in rooms if path.stem != "__init__" and f"`{path.stem}`" not in page]

    assert [name for name in missing if name != "__main__"] == []
